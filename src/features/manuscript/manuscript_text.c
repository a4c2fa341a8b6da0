/* features/manuscript/manuscript_text.c - checks a filing and makes its version: HTML, plain text, hash. */
#include "features/manuscript/manuscript_text.h"

#include "base/utf8.h"
#include "conf/conf.h"
#include "features/media/media.h"
#include "sec/hash.h"
#include "text/html_clean.h"
#include "text/html_text.h"
#include "text/markdown.h"
#include "text/unicode.h"

static const char *const kinds[] = { "消息", "通讯", "评论", "图片", "视频", "解释", "快讯" };

Err manuscript_check_line(Ctx *ctx, const char *field, Str text, size_t max_chars,
                          bool is_required) {
    size_t chars;

    if (!utf8_count(text, &chars) || utf8_has_control(text))
        return FAIL(ERR_INVALID, field,
                    N_("The text is not valid UTF-8, or holds control characters."));
    if (str_find_char(text, '\n', 0) != SIZE_MAX)
        return FAIL(ERR_INVALID, field, N_("Write this on one line."));
    if (is_required && str_trim(text).len == 0)
        return FAIL(ERR_INVALID, field, N_("This may not be empty."));
    if (chars > max_chars)
        return FAIL_ARGS(ERR_LIMIT, field, N_("At most {0} characters."),
                         str_from_int(ctx->arena, (int64_t)max_chars));
    return OK;
}

static Err check_list(Ctx *ctx, const char *field, StrList list, size_t max) {
    if (list.len > max)
        return FAIL_ARGS(ERR_LIMIT, field, N_("Give at most {0} of them."),
                         str_from_int(ctx->arena, (int64_t)max));
    for (size_t i = 0; i < list.len; i++)
        TRY(manuscript_check_line(ctx, field, list.items[i], SUMMARY_CHARS_MAX, true));
    return OK;
}

static Err check_words(const Filing *filing) {
    bool is_kind = false;

    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        is_kind = is_kind || str_eq(filing->kind, str_from_c(kinds[i]));
    if (!is_kind)
        return FAIL(ERR_INVALID, "kind", N_("Choose the kind of story."));
    if (!str_eq(filing->lang, S("zh")) && !str_eq(filing->lang, S("en")))
        return FAIL(ERR_INVALID, "lang", N_("The language is zh or en."));
    if (!str_eq(filing->format, S("markdown")) && !str_eq(filing->format, S("html")))
        return FAIL(ERR_INVALID, "format", N_("The format is markdown or html."));
    return OK;
}

static Err check_text(Ctx *ctx, Str source) {
    size_t most = (size_t)config_int(ctx->config, CONFIG_TEXT_ARTICLE_BYTES);

    if (!utf8_is_valid(source) || utf8_has_control(source))
        return FAIL(ERR_INVALID, "text",
                    N_("The text is not valid UTF-8, or holds control characters."));
    if (str_trim(source).len == 0)
        return FAIL(ERR_INVALID, "text", N_("Write the story before you file it."));
    if (source.len > most)
        return FAIL_ARGS(ERR_LIMIT, "text", N_("The text is longer than {0} bytes."),
                         str_from_int(ctx->arena, (int64_t)most));
    return OK;
}

/* Pictures of the outlet itself, each with words for those who do not see it. */
static Err check_pictures(Ctx *ctx, int64_t outlet_id, const Filing *filing, Media *media) {
    int64_t *ids = arena_array(ctx->arena, filing->picture_count + 1, sizeof(int64_t));

    if (filing->picture_count > PICTURES_MAX)
        return FAIL_ARGS(ERR_LIMIT, "pictures", N_("Give at most {0} of them."),
                         str_from_int(ctx->arena, PICTURES_MAX));
    for (size_t i = 0; i < filing->picture_count; i++) {
        const Picture *picture = &filing->pictures[i];
        ids[i] = picture->media_id;
        TRY(manuscript_check_line(ctx, "alt", picture->alt, ALT_CHARS_MAX, false));
        if (!str_trim(picture->alt).len)
            return FAIL(ERR_INVALID, "alt",
                        N_("Say in words what the picture shows, for those who do not see it."));
        TRY(manuscript_check_line(ctx, "credit", picture->credit, CREDIT_CHARS_MAX, false));
    }
    if (!filing->picture_count)
        return OK;
    TRY(media_get_many(ctx, ids, filing->picture_count, media));
    for (size_t i = 0; i < filing->picture_count; i++)
        if (!media[i].id || media[i].outlet_id != outlet_id)
            return FAIL(ERR_INVALID, "pictures",
                        N_("There is no such picture in this outlet's library."));
    return OK;
}

/* SHA-256 of the RFC 8785 form of what readers see. */
static Err hash_version(Ctx *ctx, const Media *media, ManuscriptVersion *v) {
    Arena *arena = ctx->arena;
    Json *out = json_obj(arena), *pictures = json_arr(arena), *sources = json_arr(arena);
    Buf buf = buf_new(arena, 0);

    for (size_t i = 0; i < v->picture_count; i++) {
        Json *picture = json_obj(arena);
        json_set(picture, "sha256", json_str(arena, media[i].hash));
        json_set(picture, "alt", json_str(arena, v->pictures[i].alt));
        json_set(picture, "credit", json_str(arena, v->pictures[i].credit));
        json_push(pictures, picture);
    }
    for (size_t i = 0; i < v->sources.len; i++)
        json_push(sources, json_str(arena, v->sources.items[i]));
    json_set(out, "title", json_str(arena, v->title));
    json_set(out, "summary", json_str(arena, v->summary));
    json_set(out, "html", json_str(arena, v->html));
    json_set(out, "pictures", pictures);
    json_set(out, "sources", sources);
    TRY(json_canonical(&buf, out));
    TRY(buf_check(&buf));
    Hash hash = hash_sha256(buf_str(&buf));
    v->hash = hex_encode(arena, hash_str(&hash));
    return OK;
}

static Err render(Ctx *ctx, const Filing *filing, ManuscriptVersion *v) {
    if (str_eq(filing->format, S("html")))
        TRY(html_clean(ctx->arena, filing->source, HTML_ARTICLE, STR_EMPTY, &v->html));
    else
        TRY(markdown_render(ctx->arena, filing->source, MARKDOWN_ARTICLE, &v->html));
    v->text = html_text(ctx->arena, v->html);
    if (!str_trim(v->text).len && !filing->picture_count)
        return FAIL(ERR_INVALID, "text", N_("Nothing is left of this text once it is cleaned."));
    return OK;
}

Err manuscript_make_version(Ctx *ctx, int64_t outlet_id, const Filing *filing,
                            ManuscriptVersion *ret) {
    ManuscriptVersion v = { .format = filing->format,
                            .source = filing->source,
                            .note = filing->note,
                            .sources = filing->sources,
                            .tags = filing->tags,
                            .picture_count = filing->picture_count,
                            .made_ms = ctx->now_ms,
                            .made_by = ctx->person_id };
    Media *media = arena_array(ctx->arena, filing->picture_count + 1, sizeof(Media));

    TRY(manuscript_check_line(ctx, "title", filing->title, TITLE_CHARS_MAX, true));
    TRY(manuscript_check_line(ctx, "summary", filing->summary, SUMMARY_CHARS_MAX, false));
    TRY(manuscript_check_line(ctx, "note", filing->note, SUMMARY_CHARS_MAX, false));
    TRY(check_words(filing));
    TRY(check_list(ctx, "sources", filing->sources, SOURCES_MAX));
    TRY(check_list(ctx, "tags", filing->tags, TAGS_MAX));
    TRY(check_text(ctx, filing->source));
    TRY(check_pictures(ctx, outlet_id, filing, media));
    TRY(unicode_nfc(ctx->arena, str_trim(filing->title), &v.title));
    TRY(unicode_nfc(ctx->arena, str_trim(filing->summary), &v.summary));
    v.pictures = arena_array(ctx->arena, v.picture_count + 1, sizeof(Picture));
    for (size_t i = 0; i < v.picture_count; i++)
        v.pictures[i] = filing->pictures[i];
    TRY(render(ctx, filing, &v));
    TRY(hash_version(ctx, media, &v));
    *ret = v;
    return OK;
}
