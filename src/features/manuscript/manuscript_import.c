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

enum { IDS_PER_EVENT = 200, BYLINE_CHARS_MAX = 200, URL_CHARS_MAX = 1000 };

typedef struct StoryImport {
    Ctx *ctx;
    const Catalogue *words;
    Site site;
    Outlet outlet;
    Map seen; /* import keys of this file: key -> line as Str * */
    VEC(StoryImportRow) rows;
    VEC(Str) reasons; /* of the row at hand */
    VEC(int64_t) ids; /* written, not announced yet */
} StoryImport;

/* One row as the file gives it. */
typedef struct OldStory {
    Str title, source, format, url, byline, key;
    int64_t date_ms;
    StrList tags;
} OldStory;

static void add_reason(StoryImport *im, const char *field, Err err) {
    Str text = catalogue_err(im->ctx->arena, im->words, err);

    *VEC_PUSH(im->ctx->arena, &im->reasons) = catalogue_format(
        im->ctx->arena, im->words, N_("{0}: {1}"), (const Str[2]){ str_from_c(field), text });
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

static void check_names(StoryImport *im, const Json *row) {
    static const char *const known[] = {
        "title",    "text",          "content_html", "content_text", "date", "date_published",
        "url",      "authors",       "author",       "tags",         "id",   "summary",
        "language", "date_modified", "image"
    };

    for (size_t i = 0; i < row->object.len; i++) {
        Str name = row->object.items[i].name;
        bool is_known = str_starts(name, S("_"));
        for (size_t k = 0; k < COUNT_OF(known); k++)
            is_known = is_known || str_eq(name, str_from_c(known[k]));
        if (!is_known)
            add_reason(im, str_to_c(im->ctx->arena, name),
                       FAIL(ERR_INVALID, NULL, N_("This field is not known here.")));
    }
}

static void read_date(StoryImport *im, const Json *row, OldStory *story) {
    Str text = text_of(im, row, "date");

    if (!text.len)
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

    if (!text.len)
        text = text_of(im, row, "content_text");
    story->format = html.len ? S("html") : S("markdown");
    story->source = html.len ? html : text;
    if (!html.len) /* plain lines, not Markdown: each one is a paragraph */
        story->source =
            str_replace(im->ctx->arena, str_replace(im->ctx->arena, text, S("\r\n"), S("\n")),
                        S("\n"), S("\n\n"));
}

/* Known again by its address, else by title, date and text. */
static Str key_of(Ctx *ctx, const OldStory *story) {
    Str text = story->url.len
                   ? str_concat(ctx->arena, S("url:"), story->url)
                   : str_format(ctx->arena, "text:%lld:%.*s:%.*s", (long long)story->date_ms,
                                STR_ARG(story->title), STR_ARG(story->source));
    Hash hash = hash_sha256(text);

    return hex_encode(ctx->arena, hash_str(&hash));
}

static OldStory read_story(StoryImport *im, const Json *row) {
    OldStory story = { .title = str_trim(text_of(im, row, "title")),
                       .url = text_of(im, row, "url") };
    StrList authors = list_of(im, row, "authors");

    check_names(im, row);
    story.byline = str_join(im->ctx->arena, authors, S("、"));
    story.tags = list_of(im, row, "tags");
    if (story.tags.len > TAGS_MAX)
        story.tags.len = TAGS_MAX;
    read_text(im, row, &story);
    read_date(im, row, &story);
    Err err = manuscript_check_line(im->ctx, "authors", story.byline, BYLINE_CHARS_MAX, false);
    if (err.code != ERR_OK)
        add_reason(im, "authors", err);
    err = manuscript_check_line(im->ctx, "url", story.url, URL_CHARS_MAX, false);
    if (err.code != ERR_OK)
        add_reason(im, "url", err);
    if (story.url.len && !str_starts(story.url, S("https://")) &&
        !str_starts(story.url, S("http://")))
        add_reason(im, "url",
                   FAIL(ERR_INVALID, NULL, N_("An address begins with http:// or https://.")));
    story.key = key_of(im->ctx, &story);
    return story;
}

/* ---- writing ---- */

static Err announce(StoryImport *im) {
    Ctx *ctx = im->ctx;
    Json *facts = json_obj(ctx->arena), *ids = json_arr(ctx->arena);
    EventTags tags = { 0 };

    if (im->ids.len == 0)
        return OK;
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
                     .lang = S("zh"),
                     .byline = story->byline,
                     .published_n = 1,
                     .working_n = 1,
                     .created_ms = ctx->now_ms,
                     .changed_ms = ctx->now_ms,
                     .published_ms = story->date_ms,
                     .imported_ms = ctx->now_ms,
                     .original_url = story->url,
                     .version = 1,
                     .title = v->title };

    TRY(number_of(im, story->date_ms, &m.number));
    TRY(manuscript_store_insert(ctx, &m, story->key));
    v->manuscript_id = m.id;
    v->n = 1;
    v->released_ms = ctx->now_ms;
    TRY(manuscript_store_version_put(ctx, v));
    json_set(sealed, "number", json_str(ctx->arena, m.number));
    json_set(sealed, "title", json_str(ctx->arena, m.title));
    json_set(sealed, "hash", json_str(ctx->arena, v->hash));
    json_set(sealed, "date", json_int(ctx->arena, story->date_ms));
    TRY(ledger_append(ctx, "manuscript.imported", m.id, sealed));
    *VEC_PUSH(ctx->arena, &im->ids) = m.id;
    return im->ids.len == IDS_PER_EVENT ? announce(im) : OK;
}

static bool is_failure_of_storage(Err err) {
    return err.code == ERR_BUSY || err.code == ERR_IO || err.code == ERR_BUG;
}

static Err import_checked(StoryImport *im, const OldStory *story, Str *ret_outcome) {
    ManuscriptVersion v;
    Filing filing = { .kind = S("消息"),
                      .lang = S("zh"),
                      .title = story->title,
                      .source = story->source,
                      .format = story->format,
                      .tags = story->tags };
    bool is_there;

    TRY(manuscript_store_has_key(im->ctx, im->outlet.id, story->key, &is_there));
    if (is_there) {
        *ret_outcome = S("same");
        return OK;
    }
    Err err = manuscript_make_version(im->ctx, im->outlet.id, &filing, &v);
    if (is_failure_of_storage(err))
        return err;
    if (err.code != ERR_OK) {
        add_reason(im, err.field ? err.field : "text", err);
        return OK;
    }
    *ret_outcome = S("new");
    return write_story(im, story, &v);
}

static Err import_row(StoryImport *im, int64_t line, const Json *row) {
    Str outcome = S("refused");
    OldStory story = { 0 };
    const Str *earlier;

    im->reasons.items = NULL;
    im->reasons.len = im->reasons.cap = 0;
    if (row->type != JSON_OBJECT)
        add_reason(im, "{}", FAIL(ERR_INVALID, NULL, N_("A line holds one JSON object.")));
    else
        story = read_story(im, row);
    earlier = story.key.len ? map_get(&im->seen, story.key) : NULL;
    if (earlier)
        add_reason(im, "url",
                   FAIL_ARGS(ERR_CONFLICT, NULL, N_("It stands in line {0} already."), *earlier));
    if (story.key.len && !earlier) {
        Str *mine = arena_alloc(im->ctx->arena, sizeof *mine);
        *mine = str_from_int(im->ctx->arena, line);
        map_set(&im->seen, story.key, mine);
    }
    if (im->reasons.len == 0)
        TRY(import_checked(im, &story, &outcome));
    *VEC_PUSH(im->ctx->arena, &im->rows) =
        (StoryImportRow){ .line = line,
                          .title = story.title,
                          .outcome = im->reasons.len ? S("refused") : outcome,
                          .reasons = { im->reasons.items, im->reasons.len } };
    return OK;
}

/* ---- the two formats ---- */

static Err import_feed(StoryImport *im, const Json *items) {
    if (items->type != JSON_ARRAY)
        return FAIL(ERR_INVALID, "file", N_("In a JSON Feed \"items\" is a list."));
    for (size_t i = 0; i < items->array.len; i++)
        TRY(import_row(im, (int64_t)i + 1, items->array.items[i]));
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
        Err err = json_read(im->ctx->arena, part, depth, &row);
        if (err.code == ERR_OK) {
            TRY(import_row(im, line, row));
            continue;
        }
        im->reasons.items = NULL;
        im->reasons.len = im->reasons.cap = 0;
        add_reason(im, "{}", err);
        *VEC_PUSH(im->ctx->arena, &im->rows) = (StoryImportRow){
            .line = line, .outcome = S("refused"), .reasons = { im->reasons.items, 1 }
        };
        if (im->rows.len > (size_t)config_int(im->ctx->config, CONFIG_IMPORT_ROWS))
            return FAIL(ERR_LIMIT, "file", N_("The file has too many rows."));
    }
    return OK;
}

static Err import_text(StoryImport *im, Str text) {
    Json *whole;
    bool is_one =
        json_read(im->ctx->arena, text, (int)config_int(im->ctx->config, CONFIG_JSON_DEPTH), &whole)
            .code == ERR_OK;

    if (is_one && json_get(whole, "items"))
        return import_feed(im, json_get(whole, "items"));
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

Err manuscript_import(Ctx *ctx, int64_t outlet_id, Str bytes, bool is_dry_run,
                      StoryImportReport *ret) {
    StoryImport im = { .ctx = ctx, .words = catalogue_of(ctx->lang), .seen = map_new(ctx->arena) };
    StoryImportReport report = { 0 };
    size_t most = (size_t)config_int(ctx->config, CONFIG_IMPORT_BYTES);
    DB_TX(tx);

    if (bytes.len > most)
        return FAIL_ARGS(ERR_LIMIT, "file", N_("The file has more than {0} bytes."),
                         str_from_int(ctx->arena, (int64_t)most));
    if (!utf8_is_valid(bytes))
        return FAIL(ERR_INVALID, "file", N_("The file is not UTF-8."));
    TRY(site_get(ctx, &im.site));
    TRY(outlet_get(ctx, outlet_id, &im.outlet));
    TRY(db_begin_alone(ctx, &tx)); /* whole or not at all: its one transaction is the promise */
    TRY(import_text(&im, bytes));
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
