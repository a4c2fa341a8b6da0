/* features/manuscript/manuscript_import.c - stories from before (补录): all rows checked, all or nothing. */
#include "base/id.h"
#include "base/map.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "conf/conf.h"
#include "db/db.h"
#include "features/manuscript/manuscript_store.h"
#include "features/manuscript/manuscript_text.h"
#include "features/register/register.h"
#include "features/site/site.h"
#include "ledger/ledger.h"
#include "queue/event.h"
#include "sec/hash.h"
#include "text/json_read.h"
#include "text/zone.h"
#include "view/catalogue.h"

enum {
    IDS_PER_EVENT = 200,
    BYLINE_CHARS_MAX = 200,
    URL_CHARS_MAX = 1000,
    BOOK_PER_BYTE = 8 /* a parsed JSON Feed takes some times the bytes of its text */
};

/*
 * Three memories: `keep`, the caller's, for the report; `book`, for what is needed from the first row to the last;
 * and ctx->arena, emptied after each row, for a file holds more stories than a request may hold memory.
 */
typedef struct StoryImport {
    Ctx *ctx;
    Arena *keep, *book;
    const Catalogue *words;
    Site site;
    Outlet outlet;
    Str feed_byline; /* a JSON Feed's own authors, for items that name none */
    bool is_feed;
    Map seen; /* import keys of this file: key -> line as Str * */
    VEC(StoryImportRow) rows;
    VEC(Str) reasons; /* of the row at hand */
    VEC(int64_t) ids; /* written, not announced yet */
} StoryImport;

/* One row as the file gives it. */
typedef struct OldStory {
    Str title, summary, lang, source, format, url, byline;
    Str key;  /* the same story again? */
    Str hash; /* ... and with the same words? */
    int64_t date_ms;
    StrList tags;
} OldStory;

static void add_reason(StoryImport *im, const char *field, Err err) {
    Str text = catalogue_err(im->keep, im->words, err);

    *VEC_PUSH(im->keep, &im->reasons) = catalogue_format(im->keep, im->words, N_("{0}: {1}"),
                                                         (const Str[2]){ str_from_c(field), text });
}

/* A value of the wrong form counts as absent afterwards: one fault, not two. */
static bool is_at_fault(const StoryImport *im, const char *field) {
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
        add_reason(im, name,
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
        add_reason(im, name,
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
        add_reason(im, str_to_c(im->ctx->arena, name),
                   FAIL(ERR_INVALID, NULL, N_("This field is not known here.")));
    }
}

static void read_date(StoryImport *im, const Json *row, OldStory *story) {
    Str text = text_of(im, row, "date");

    if (!text.len && im->is_feed)
        text = text_of(im, row, "date_published");
    if (!text.len) {
        add_reason(im, "date", FAIL(ERR_INVALID, NULL, N_("This may not be empty.")));
        return;
    }
    Err err = zone_parse(im->site.zone, text, &story->date_ms, NULL);
    if (err.code != ERR_OK)
        add_reason(im, "date", err);
    else if (story->date_ms > im->ctx->now_ms)
        add_reason(im, "date", FAIL(ERR_INVALID, NULL, N_("This date lies in the future.")));
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

/* "authors", in JSON Feed 1.0 "author", or those of the whole feed. */
static Str byline_of(StoryImport *im, const Json *row) {
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
        add_reason(im, field, err);
}

static OldStory read_story(StoryImport *im, const Json *row) {
    OldStory story = { .title = str_trim(text_of(im, row, "title")),
                       .summary = str_trim(text_of(im, row, "summary")),
                       .url = str_trim(text_of(im, row, "url")),
                       .byline = byline_of(im, row),
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
        add_reason(im, "url",
                   FAIL(ERR_INVALID, NULL, N_("An address begins with http:// or https://.")));
    make_keys(im, row, &story);
    return story;
}

/* ---- writing ---- */

/* Another arena in ctx until the end of the block. */
typedef struct Lent {
    Ctx *ctx;
    Arena *own;
} Lent;

static void give_back(Lent *lent) {
    lent->ctx->arena = lent->own;
}

static Err announce(StoryImport *im) {
    Ctx *ctx = im->ctx;
    CLEANUP(give_back) Lent lent = { ctx, ctx->arena };
    EventTags tags = { 0 };

    if (im->ids.len == 0)
        return OK;
    ctx->arena = im->keep; /* the tags are read after the commit */
    Json *facts = json_obj(ctx->arena), *ids = json_arr(ctx->arena);
    for (size_t i = 0; i < im->ids.len; i++)
        json_push(ids, json_id(ctx->arena, im->ids.items[i]));
    json_set(facts, "ids", ids);
    json_set(facts, "outlet_id", json_id(ctx->arena, im->outlet.id));
    event_tag(ctx->arena, &tags, "outlet", im->outlet.id);
    event_tag(ctx->arena, &tags, "home", 0);
    event_tag(ctx->arena, &tags, "feed", 0);
    TRY(event_emit(ctx, "manuscript.imported", im->ids.items[0], facts, event_tag_list(&tags)));
    im->ids.len = 0;
    return OK;
}

static Err number_of(StoryImport *im, int64_t date_ms, Str *ret) {
    ZoneTime local;
    int64_t next = 0;

    TRY(zone_local(im->site.zone, date_ms, &local));
    TRY(manuscript_store_next_number(im->ctx, im->outlet.id, local.year, &next));
    *ret = str_format(im->ctx->arena, "%.*s-%d-%04lld", STR_ARG(im->outlet.no), local.year,
                      (long long)next);
    return OK;
}

static Err write_story(StoryImport *im, const OldStory *story, ManuscriptVersion *v) {
    Ctx *ctx = im->ctx;
    Json *sealed = json_obj(ctx->arena);
    Manuscript m = { .id = id_next(ctx),
                     .outlet_id = im->outlet.id,
                     .kind = S("消息"),
                     .state = S("published"),
                     .profile = S("imported"),
                     .lang = story->lang,
                     .byline = story->byline,
                     .published_n = 1,
                     .working_n = 1,
                     .created_ms = ctx->now_ms,
                     .changed_ms = ctx->now_ms,
                     .published_ms = story->date_ms,
                     .imported_ms = ctx->now_ms,
                     .original_url = story->url,
                     .version = 1,
                     .changed_by = ctx->person_id,
                     .title = v->title,
                     .summary = v->summary };

    TRY(number_of(im, story->date_ms, &m.number));
    TRY(manuscript_store_insert(ctx, &m, story->key, story->hash));
    v->manuscript_id = m.id;
    v->n = 1;
    v->released_ms = ctx->now_ms;
    TRY(manuscript_store_version_put(ctx, v));
    json_set(sealed, "number", json_str(ctx->arena, m.number));
    json_set(sealed, "title", json_str(ctx->arena, m.title));
    json_set(sealed, "hash", json_str(ctx->arena, v->hash));
    json_set(sealed, "date", json_int(ctx->arena, story->date_ms));
    TRY(ledger_append(ctx, "manuscript.imported", m.id, sealed));
    *VEC_PUSH(im->book, &im->ids) = m.id;
    return im->ids.len == IDS_PER_EVENT ? announce(im) : OK;
}

static bool is_failure_of_storage(Err err) {
    return err.code == ERR_BUSY || err.code == ERR_IO || err.code == ERR_BUG;
}

/* Every fault of the row has been gathered; what is left to find are those of its words. */
static Err import_story(StoryImport *im, const OldStory *story, Str *ret_outcome) {
    ManuscriptVersion v;
    Filing filing = { .kind = S("消息"),
                      .lang = story->lang,
                      .title = story->title,
                      .summary = story->summary,
                      .source = story->source,
                      .format = story->format,
                      .tags = story->tags };
    Str known;

    TRY(manuscript_store_import_hash(im->ctx, im->outlet.id, story->key, &known));
    if (known.len && !im->reasons.len) {
        *ret_outcome = S("same");
        if (!str_eq(known, story->hash))
            add_reason(im, "url",
                       FAIL(ERR_CONFLICT, NULL,
                            N_("This story was taken in before with other words: change it here "
                               "as a new version.")));
        return OK;
    }
    Err err = manuscript_make_old_version(im->ctx, im->outlet.id, &filing, &v);
    if (is_failure_of_storage(err))
        return err;
    const char *field = err.field ? err.field : "text";
    if (err.code != ERR_OK && !is_at_fault(im, field))
        add_reason(im, field, err);
    if (im->reasons.len)
        return OK;
    *ret_outcome = S("new");
    return write_story(im, story, &v);
}

static Err add_row(StoryImport *im, int64_t line, Str title, Str outcome) {
    *VEC_PUSH(im->keep, &im->rows) =
        (StoryImportRow){ .line = line,
                          .title = str_dup(im->keep, title),
                          .outcome = im->reasons.len ? S("refused") : outcome,
                          .reasons = { im->reasons.items, im->reasons.len } };
    if (im->rows.len > (size_t)config_int(im->ctx->config, CONFIG_IMPORT_ROWS) ||
        arena_is_over(im->keep))
        return FAIL(ERR_LIMIT, "file", N_("The file has too many rows."));
    return OK;
}

static void next_row(StoryImport *im) {
    arena_reset(im->ctx->arena, ARENA_REQUEST_BYTES);
    im->reasons.items = NULL;
    im->reasons.len = im->reasons.cap = 0;
}

static Err import_row(StoryImport *im, int64_t line, const Json *row) {
    Str outcome = S("refused");
    OldStory story = { 0 };

    if (row->type != JSON_OBJECT) {
        add_reason(im, "JSON", FAIL(ERR_INVALID, NULL, N_("A line holds one JSON object.")));
        return add_row(im, line, STR_EMPTY, outcome);
    }
    story = read_story(im, row);
    const Str *earlier = map_get(&im->seen, story.key);
    if (earlier) {
        add_reason(im, "url",
                   FAIL_ARGS(ERR_CONFLICT, NULL, N_("It stands in line {0} already."), *earlier));
    } else {
        Str *mine = arena_alloc(im->book, sizeof *mine);
        *mine = str_from_int(im->book, line);
        map_set(&im->seen, str_dup(im->book, story.key), mine);
    }
    TRY(import_story(im, &story, &outcome));
    return add_row(im, line, story.title, outcome);
}

/* ---- the two formats ---- */

static Err import_feed(StoryImport *im, const Json *feed) {
    const Json *items = json_get(feed, "items");

    im->is_feed = true;
    if (items->type != JSON_ARRAY)
        return FAIL(ERR_INVALID, "file", N_("In a JSON Feed \"items\" is a list."));
    im->feed_byline = str_dup(im->book, byline_of(im, feed));
    for (size_t i = 0; i < items->array.len; i++) {
        next_row(im);
        TRY(import_row(im, (int64_t)i + 1, items->array.items[i]));
    }
    return OK;
}

static Err import_lines(StoryImport *im, Str text) {
    int64_t line = 0;
    Str part;
    int depth = (int)config_int(im->ctx->config, CONFIG_JSON_DEPTH);

    while (str_cut(&text, '\n', &part)) {
        Json *row;
        line++;
        if (!str_trim(part).len)
            continue;
        next_row(im);
        Err err = json_read(im->ctx->arena, part, depth, &row);
        if (err.code == ERR_OK) {
            TRY(import_row(im, line, row));
            continue;
        }
        add_reason(im, "JSON", err);
        TRY(add_row(im, line, STR_EMPTY, S("refused")));
    }
    return OK;
}

static Err import_text(StoryImport *im, Str text) {
    Json *whole;
    int depth = (int)config_int(im->ctx->config, CONFIG_JSON_DEPTH);
    Err err = json_read(im->book, text, depth, &whole); /* of JSON Lines it reads the first */

    if (err.code == ERR_LIMIT)
        return err;
    if (err.code == ERR_OK && json_get(whole, "items"))
        return import_feed(im, whole);
    return import_lines(im, text);
}

static void count_rows(const StoryImport *im, StoryImportReport *report) {
    report->rows = im->rows.items;
    report->len = im->rows.len;
    for (size_t i = 0; i < im->rows.len; i++) {
        report->new_count += str_eq(im->rows.items[i].outcome, S("new"));
        report->same_count += str_eq(im->rows.items[i].outcome, S("same"));
        report->refused_count += str_eq(im->rows.items[i].outcome, S("refused"));
    }
}

/* An error's arguments outlive the memory of the row at which it came up. */
static Err outlive(Arena *keep, Err err) {
    for (size_t i = 0; i < COUNT_OF(err.args); i++)
        err.args[i] = str_dup(keep, err.args[i]);
    return err;
}

static Err import_all(StoryImport *im, Str bytes) {
    CLEANUP(arena_close) Arena *of_row = arena_new(ARENA_JOB_BYTES);
    CLEANUP(give_back) Lent lent = { im->ctx, im->ctx->arena };

    im->ctx->arena = of_row;
    return outlive(im->keep, import_text(im, bytes));
}

Err manuscript_import(Ctx *ctx, int64_t outlet_id, Str bytes, bool is_dry_run,
                      StoryImportReport *ret) {
    size_t most = (size_t)config_int(ctx->config, CONFIG_IMPORT_BYTES);
    CLEANUP(arena_close) Arena *book = arena_new(BOOK_PER_BYTE * most);
    StoryImport im = { .ctx = ctx,
                       .keep = ctx->arena,
                       .book = book,
                       .words = catalogue_of(ctx->lang),
                       .seen = map_new(book) };
    StoryImportReport report = { 0 };
    DB_TX(tx);

    if (bytes.len > most)
        return FAIL_ARGS(ERR_LIMIT, "file", N_("The file has more than {0} bytes."),
                         str_from_int(ctx->arena, (int64_t)most));
    if (!utf8_is_valid(bytes))
        return FAIL(ERR_INVALID, "file", N_("The file is not UTF-8."));
    TRY(site_get(ctx, &im.site));
    TRY(outlet_get(ctx, outlet_id, &im.outlet));
    TRY(db_begin_alone(ctx, &tx)); /* whole or not at all: its one transaction is the promise */
    TRY(import_all(&im, bytes));
    if (im.rows.len == 0)
        return FAIL(ERR_INVALID, "file", N_("The file holds no story."));
    TRY(announce(&im));
    count_rows(&im, &report);
    report.is_written = report.refused_count == 0 && !is_dry_run;
    if (report.is_written)
        TRY(db_commit(&tx));
    else
        ctx->changed.len = 0; /* rolled back: no page changes */
    *ret = report;
    return OK;
}
