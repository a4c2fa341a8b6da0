/* features/manuscript/manuscript_import_row.c - a story from before as its row says it, with every fault of it. */
#include "features/manuscript/manuscript_import.h"
#include "features/manuscript/manuscript_text.h"
#include "sec/hash.h"
#include "text/zone.h"

enum { BYLINE_CHARS_MAX = 200, URL_CHARS_MAX = 1000 };

void manuscript_import_fault(StoryImport *im, const char *field, Err err) {
    Str text = catalogue_err(im->keep, im->words, err);

    *VEC_PUSH(im->keep, &im->reasons) = catalogue_format(im->keep, im->words, N_("{0}: {1}"),
                                                         (const Str[2]){ str_from_c(field), text });
}

/* A value of the wrong form counts as absent afterwards: one fault, not two. */
bool manuscript_import_is_at_fault(const StoryImport *im, const char *field) {
    for (size_t i = 0; i < im->reasons.len; i++)
        if (str_starts(im->reasons.items[i], str_from_c(field)))
            return true;
    return false;
}

static Str text_of(StoryImport *im, const Json *row, const char *name) {
    const Json *value = json_get(row, name);

    if (!value || value->type == JSON_NULL)
        return STR_EMPTY;
    if (value->type != JSON_STRING) {
        manuscript_import_fault(
            im, name,
            FAIL(ERR_INVALID, NULL, N_("This value is not of the form that is asked for.")));
        return STR_EMPTY;
    }
    return value->string;
}

/* ["a", "b"] or, in JSON Feed, [{"name": "a"}]. */
static StrList list_of(StoryImport *im, const Json *row, const char *name) {
    const Json *value = json_get(row, name);
    StrList list = { 0 };

    if (!value || value->type == JSON_NULL)
        return list;
    if (value->type != JSON_ARRAY) {
        manuscript_import_fault(
            im, name,
            FAIL(ERR_INVALID, NULL, N_("This value is not of the form that is asked for.")));
        return list;
    }
    list.items = arena_array(im->ctx->arena, value->array.len + 1, sizeof(Str));
    for (size_t i = 0; i < value->array.len; i++) {
        const Json *item = value->array.items[i];
        Str text = item->type == JSON_STRING ? item->string : json_get_text(item, "name");
        if (str_trim(text).len)
            list.items[list.len++] = str_trim(text);
    }
    return list;
}

static bool is_among(Str name, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, str_from_c(names[i])))
            return true;
    return false;
}

/* A misspelt name would lose what it holds. What JSON Feed 1.1 knows and we have no place for is passed over. */
static void check_names(StoryImport *im, const Json *row) {
    static const char *const ours[] = { "title",   "text", "content_html", "date",    "url",
                                        "authors", "tags", "id",           "summary", "language" };
    static const char *const of_feeds[] = { "content_text", "date_published", "date_modified",
                                            "external_url", "author",         "image",
                                            "banner_image", "attachments" };

    for (size_t i = 0; i < row->object.len; i++) {
        Str name = row->object.items[i].name;

        if (str_starts(name, S("_")) || is_among(name, ours, COUNT_OF(ours)) ||
            (im->is_feed && is_among(name, of_feeds, COUNT_OF(of_feeds))))
            continue;
        manuscript_import_fault(im, str_to_c(im->ctx->arena, name),
                                FAIL(ERR_INVALID, NULL, N_("This field is not known here.")));
    }
}

static void read_date(StoryImport *im, const Json *row, OldStory *story) {
    Str text = text_of(im, row, "date");

    if (!text.len && im->is_feed)
        text = text_of(im, row, "date_published");
    if (!text.len) {
        manuscript_import_fault(im, "date", FAIL(ERR_INVALID, NULL, N_("This may not be empty.")));
        return;
    }
    Err err = zone_parse(im->site.zone, text, &story->date_ms, NULL);
    if (err.code != ERR_OK)
        manuscript_import_fault(im, "date", err);
    else if (story->date_ms > im->ctx->now_ms)
        manuscript_import_fault(im, "date",
                                FAIL(ERR_INVALID, NULL, N_("This date lies in the future.")));
}

static void read_text(StoryImport *im, const Json *row, OldStory *story) {
    Str text = text_of(im, row, "text"), html = text_of(im, row, "content_html");

    if (!text.len && im->is_feed)
        text = text_of(im, row, "content_text");
    story->format = html.len ? S("html") : S("markdown");
    story->source = html.len ? html : text;
    if (!html.len) /* plain lines, not Markdown: each one is a paragraph */
        story->source =
            str_replace(im->ctx->arena, str_replace(im->ctx->arena, text, S("\r\n"), S("\n")),
                        S("\n"), S("\n\n"));
}

static Str hash_of(Ctx *ctx, Str text) {
    Hash hash = hash_sha256(text);

    return hex_encode(ctx->arena, hash_str(&hash));
}

/* Known again by its address, else by its id, else by title, date and text. */
static void make_keys(StoryImport *im, const Json *row, OldStory *story) {
    Ctx *ctx = im->ctx;
    Str id = str_trim(text_of(im, row, "id"));
    Str words = str_format(ctx->arena, "text:%lld:%.*s:%.*s", (long long)story->date_ms,
                           STR_ARG(story->title), STR_ARG(story->source));

    story->key = hash_of(ctx, story->url.len ? str_concat(ctx->arena, S("url:"), story->url)
                              : id.len       ? str_concat(ctx->arena, S("id:"), id)
                                             : words);
    story->hash = hash_of(ctx, str_format(ctx->arena, "%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(words),
                                          STR_ARG(story->summary), STR_ARG(story->byline),
                                          STR_ARG(str_join(ctx->arena, story->tags, S("\n")))));
}

Str manuscript_import_byline(StoryImport *im, const Json *row) {
    StrList authors = list_of(im, row, "authors");
    const Json *author = im->is_feed ? json_get(row, "author") : NULL;

    if (authors.len)
        return str_join(im->ctx->arena, authors, S("、"));
    if (author && author->type == JSON_OBJECT && str_trim(json_get_text(author, "name")).len)
        return str_trim(json_get_text(author, "name"));
    return im->feed_byline;
}

static void check_line(StoryImport *im, const char *field, Str text, size_t max_chars) {
    Err err = manuscript_check_line(im->ctx, field, text, max_chars, false);

    if (err.code != ERR_OK)
        manuscript_import_fault(im, field, err);
}

OldStory manuscript_import_read(StoryImport *im, const Json *row) {
    OldStory story = { .title = str_trim(text_of(im, row, "title")),
                       .summary = str_trim(text_of(im, row, "summary")),
                       .url = str_trim(text_of(im, row, "url")),
                       .byline = manuscript_import_byline(im, row),
                       .tags = list_of(im, row, "tags") };

    check_names(im, row);
    story.lang = str_starts(str_lower_ascii(im->ctx->arena, text_of(im, row, "language")), S("en"))
                     ? S("en")
                     : S("zh");
    read_text(im, row, &story);
    read_date(im, row, &story);
    check_line(im, "authors", story.byline, BYLINE_CHARS_MAX);
    check_line(im, "url", story.url, URL_CHARS_MAX);
    check_line(im, "id", text_of(im, row, "id"), URL_CHARS_MAX);
    if (story.url.len && !str_starts(story.url, S("https://")) &&
        !str_starts(story.url, S("http://")))
        manuscript_import_fault(
            im, "url", FAIL(ERR_INVALID, NULL, N_("An address begins with http:// or https://.")));
    make_keys(im, row, &story);
    return story;
}
