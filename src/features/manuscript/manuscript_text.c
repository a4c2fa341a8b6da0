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

const StoryKind manuscript_kinds[STORY_KINDS] = {
    { S_INIT("消息"), N_("News") },    { S_INIT("通讯"), N_("Feature") },
    { S_INIT("评论"), N_("Comment") }, { S_INIT("图片"), N_("Pictures") },
    { S_INIT("视频"), N_("Video") },   { S_INIT("解释"), N_("Explainer") },
    { S_INIT("快讯"), N_("Flash") },
};

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

bool manuscript_is_kind(Str kind) {
    for (size_t i = 0; i < STORY_KINDS; i++)
        if (str_eq(kind, manuscript_kinds[i].kind))
            return true;
    return false;
}

static Err check_words(const Filing *filing) {
    if (!manuscript_is_kind(filing->kind))
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
        return FAIL_ARGS(ERR_LIMIT, "more_pictures", N_("Give at most {0} of them."),
                         str_from_int(ctx->arena, PICTURES_MAX));
    for (size_t i = 0; i < filing->picture_count; i++) {
        const Picture *picture = &filing->pictures[i];
        const char *alt = i == 0 ? "alt" : "more_pictures", *credit = i == 0 ? "credit" : alt;
        ids[i] = picture->media_id;
        TRY(manuscript_check_line(ctx, alt, picture->alt, ALT_CHARS_MAX, false));
        if (!str_trim(picture->alt).len)
            return FAIL(ERR_INVALID, alt,
                        N_("Say in words what the picture shows, for those who do not see it."));
        TRY(manuscript_check_line(ctx, credit, picture->credit, CREDIT_CHARS_MAX, false));
    }
    if (!filing->picture_count)
        return OK;
    TRY(media_get_many(ctx, ids, filing->picture_count, media));
    for (size_t i = 0; i < filing->picture_count; i++)
        if (!media[i].id || media[i].outlet_id != outlet_id)
            return FAIL(ERR_INVALID, i == 0 ? "picture" : "more_pictures",
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

/* ---- pictures in the text; cleaned HTML has one spelling, and "<" is never text ---- */

/* The next <img …> at or after *at, as its attributes; false at the end. */
static bool next_image(Str html, size_t *at, Str *ret) {
    size_t start = str_find(html, S("<img "), *at);

    if (start == SIZE_MAX)
        return false;
    size_t end = str_find_char(html, '>', start);
    *at = end == SIZE_MAX ? html.len : end;
    *ret = str_slice(html, start, *at);
    return true;
}

/* The value of one attribute; empty when it is not there. */
static Str attribute(Str tag, Str opening) {
    size_t start = str_find(tag, opening, 0);

    if (start == SIZE_MAX)
        return STR_EMPTY;
    start += opening.len;
    size_t end = str_find_char(tag, '"', start);
    return end == SIZE_MAX ? STR_EMPTY : str_slice(tag, start, end);
}

static Err find_image(Ctx *ctx, int64_t outlet_id, Str tag, Media *ret) {
    Str src = attribute(tag, S(" src=\""));
    Str hash = str_starts(src, S("/media/")) ? str_slice(src, 7, src.len) : STR_EMPTY;
    Err err = media_by_hash(ctx, outlet_id, hash, ret);

    if (err.code == ERR_NOT_FOUND)
        return FAIL_ARGS(ERR_INVALID, "text",
                         N_("A picture in the text is not of the outlet's own library: upload {0} "
                            "first and use its address there."),
                         src.len ? src : S("?"));
    return err;
}

static Err check_images(Ctx *ctx, int64_t outlet_id, Str html, bool may_lack_words) {
    size_t at = 0, count = 0;
    Media media;
    Str tag;

    while (next_image(html, &at, &tag)) {
        if (++count > PICTURES_MAX)
            return FAIL_ARGS(ERR_LIMIT, "text", N_("A text holds at most {0} pictures."),
                             str_from_int(ctx->arena, PICTURES_MAX));
        TRY(find_image(ctx, outlet_id, tag, &media));
        if (!may_lack_words && !str_trim(attribute(tag, S(" alt=\""))).len)
            return FAIL(ERR_INVALID, "text",
                        N_("Say in words what each picture in the text shows, for those who do not "
                           "see it."));
    }
    return OK;
}

void manuscript_inner_pictures(Ctx *ctx, Str html, InnerPicture **ret, size_t *ret_len) {
    InnerPicture *list = arena_array(ctx->arena, PICTURES_MAX, sizeof *list);
    size_t at = 0, len = 0;
    Str tag;

    while (len < PICTURES_MAX && next_image(html, &at, &tag)) {
        Str alt = attribute(tag, S(" alt=\""));
        size_t start = (size_t)(tag.ptr - html.ptr);
        size_t words = str_find(tag, S(" alt=\""), 0);

        list[len] = (InnerPicture){ .src = attribute(tag, S(" src=\"")),
                                    .alt = str_trim(html_text(ctx->arena, alt)) };
        list[len].alt_from = start + (words == SIZE_MAX ? S("<img").len : words + S(" alt=\"").len);
        list[len].alt_to = list[len].alt_from + alt.len;
        if (words == SIZE_MAX) /* it gets the attribute with its words */
            list[len].alt_to = SIZE_MAX;
        len++;
    }
    *ret = list;
    *ret_len = len;
}

Err manuscript_check_words(Ctx *ctx, Str html) {
    InnerPicture *list;
    size_t len;

    manuscript_inner_pictures(ctx, html, &list, &len);
    for (size_t i = 0; i < len; i++)
        if (!list[i].alt.len)
            return FAIL(ERR_INVALID, "alts",
                        N_("Say in words what each picture in the text shows, for those who do not "
                           "see it."));
    return OK;
}

Err manuscript_media(Ctx *ctx, int64_t outlet_id, const ManuscriptVersion *v, int64_t **ret_ids,
                     size_t *ret_len) {
    int64_t *ids = arena_array(ctx->arena, v->picture_count + PICTURES_MAX, sizeof(int64_t));
    size_t at = 0, len = 0;
    Media media;
    Str tag;

    for (size_t i = 0; i < v->picture_count; i++)
        ids[len++] = v->pictures[i].media_id;
    while (len < v->picture_count + PICTURES_MAX && next_image(v->html, &at, &tag)) {
        TRY(find_image(ctx, outlet_id, tag, &media));
        ids[len++] = media.id;
    }
    *ret_ids = ids;
    *ret_len = len;
    return OK;
}

Str manuscript_links_text(Ctx *ctx, Str html) {
    Buf out = buf_new(ctx->arena, 0);
    size_t at = 0;

    while ((at = str_find_char(html, '<', at)) != SIZE_MAX) {
        size_t end = str_find_char(html, '>', at);
        Str tag = str_slice(html, at, end == SIZE_MAX ? html.len : end);
        Str address = str_starts(tag, S("<img ")) ? attribute(tag, S(" src=\""))
                                                  : attribute(tag, S(" href=\""));
        if (address.len) {
            buf_add(&out, address);
            buf_add_char(&out, ' ');
            buf_add(&out, attribute(tag, S(" alt=\"")));
            buf_add_char(&out, '\n');
        }
        at++;
    }
    return buf_str(&out);
}

Err manuscript_pictures_lines(Ctx *ctx, const ManuscriptVersion *v, Str *ret) {
    int64_t *ids = arena_array(ctx->arena, v->picture_count + 1, sizeof(int64_t));
    Media *media = arena_array(ctx->arena, v->picture_count + 1, sizeof(Media));
    Buf out = buf_new(ctx->arena, 0);

    for (size_t i = 0; i < v->picture_count; i++)
        ids[i] = v->pictures[i].media_id;
    TRY(media_get_many(ctx, ids, v->picture_count, media));
    for (size_t i = 0; i < v->picture_count; i++)
        buf_add_format(&out, "%.*s %.*s /media/%.*s\n", STR_ARG(v->pictures[i].alt),
                       STR_ARG(v->pictures[i].credit), STR_ARG(media[i].hash));
    TRY(buf_check(&out));
    *ret = buf_str(&out);
    return OK;
}

static Err render(Ctx *ctx, const Filing *filing, ManuscriptVersion *v) {
    if (str_eq(filing->format, S("html")))
        TRY(html_clean(ctx->arena, filing->source, HTML_ARTICLE, STR_EMPTY, &v->html));
    else
        TRY(markdown_render(ctx->arena, filing->source, MARKDOWN_ARTICLE, &v->html));
    v->text = html_text(ctx->arena, v->html);
    bool has_picture = filing->picture_count || str_contains(v->html, S("<img "));
    if (!str_trim(v->text).len && !has_picture)
        return FAIL(ERR_INVALID, "text", N_("Nothing is left of this text once it is cleaned."));
    return OK;
}

/* All but the pictures in the text, which an old story may have from elsewhere. */
Err manuscript_make_old_version(Ctx *ctx, int64_t outlet_id, const Filing *filing,
                                ManuscriptVersion *ret) {
    ManuscriptVersion v = { .format = filing->format,
                            .source = filing->source,
                            .note = filing->note,
                            .kind = filing->kind,
                            .lang = filing->lang,
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

Err manuscript_make_version(Ctx *ctx, int64_t outlet_id, const Filing *filing,
                            ManuscriptVersion *ret) {
    ManuscriptVersion v;

    TRY(manuscript_make_old_version(ctx, outlet_id, filing, &v));
    TRY(check_images(ctx, outlet_id, v.html, filing->may_lack_words));
    *ret = v;
    return OK;
}
