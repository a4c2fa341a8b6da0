/* features/manuscript/manuscript_import.c - stories from before (补录): every row is looked at before one is written. */
#include "base/utf8.h"
#include "conf/conf.h"
#include "db/db.h"
#include "features/manuscript/manuscript_import.h"
#include "features/manuscript/manuscript_store.h"
#include "features/manuscript/manuscript_text.h"
#include "sec/hash.h"
#include "text/json_read.h"

enum { BOOK_PER_BYTE = 8 /* a parsed JSON Feed takes some times the bytes of its text */ };

static const char KIND[] = "stories.import";

/* ---- one row ---- */

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
            manuscript_import_fault(
                im, "url",
                FAIL(ERR_CONFLICT, NULL,
                     N_("This story was taken in before with other words: change it here "
                        "as a new version.")));
        return OK;
    }
    Err err = manuscript_make_old_version(im->ctx, im->outlet.id, &filing, &v);
    if (is_failure_of_storage(err))
        return err;
    const char *field = err.field ? err.field : "text";
    if (err.code != ERR_OK && !manuscript_import_is_at_fault(im, field))
        manuscript_import_fault(im, field, err);
    if (im->reasons.len)
        return OK;
    *ret_outcome = S("new");
    return im->is_writing ? manuscript_import_write(im, story, &v) : OK;
}

/* The parts are cut while the rows are looked at. */
static void add_to_part(StoryImport *im, int64_t line, bool is_fresh) {
    ImportPart *part = im->parts.len ? &im->parts.items[im->parts.len - 1] : NULL;

    if (!part || part->rows == IMPORT_PART_ROWS || part->bytes + im->bytes > IMPORT_PART_BYTES) {
        part = VEC_PUSH(im->book, &im->parts);
        *part = (ImportPart){ .line = line, .from = im->from };
    }
    part->rows++;
    part->fresh += is_fresh;
    part->bytes += im->bytes;
    part->to = im->to;
}

static Err add_row(StoryImport *im, int64_t line, Str title, Str outcome) {
    if (im->reasons.len)
        outcome = S("refused");
    *VEC_PUSH(im->keep, &im->rows) =
        (StoryImportRow){ .line = line,
                          .title = str_dup(im->keep, title),
                          .outcome = outcome,
                          .reasons = { im->reasons.items, im->reasons.len } };
    add_to_part(im, line, str_eq(outcome, S("new")));
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
        manuscript_import_fault(im, "JSON",
                                FAIL(ERR_INVALID, NULL, N_("A line holds one JSON object.")));
        return add_row(im, line, STR_EMPTY, outcome);
    }
    story = manuscript_import_read(im, row);
    const Str *earlier = map_get(&im->seen, story.key);
    if (earlier) {
        manuscript_import_fault(
            im, "url",
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

static size_t text_bytes(const Json *item) {
    size_t bytes = 0;

    if (item->type != JSON_OBJECT)
        return 0;
    for (size_t i = 0; i < item->object.len; i++)
        if (item->object.items[i].value->type == JSON_STRING)
            bytes += item->object.items[i].value->string.len;
    return bytes;
}

static Err import_feed(StoryImport *im, const Json *feed) {
    const Json *items = json_get(feed, "items");

    im->is_feed = true;
    im->feed = feed;
    if (items->type != JSON_ARRAY)
        return FAIL(ERR_INVALID, "file", N_("In a JSON Feed \"items\" is a list."));
    im->feed_byline = str_dup(im->book, manuscript_import_byline(im, feed));
    for (size_t i = 0; i < items->array.len; i++) {
        next_row(im);
        im->from = i;
        im->to = i + 1;
        im->bytes = text_bytes(items->array.items[i]);
        TRY(import_row(im, (int64_t)i + 1, items->array.items[i]));
    }
    return OK;
}

static Err import_lines(StoryImport *im, Str text, int64_t first_line) {
    int64_t line = first_line - 1;
    const char *start = text.ptr;
    Str part;
    int depth = (int)config_int(im->ctx->config, CONFIG_JSON_DEPTH);

    while (str_cut(&text, '\n', &part)) {
        Json *row;
        line++;
        if (!str_trim(part).len)
            continue;
        next_row(im);
        im->from = (size_t)(part.ptr - start);
        im->to = im->from + part.len;
        im->bytes = part.len;
        Err err = json_read(im->ctx->arena, part, depth, &row);
        if (err.code == ERR_OK) {
            TRY(import_row(im, line, row));
            continue;
        }
        manuscript_import_fault(im, "JSON", err);
        TRY(add_row(im, line, STR_EMPTY, S("refused")));
    }
    return OK;
}

static Err import_text(StoryImport *im, Str text, int64_t first_line) {
    Json *whole;
    int depth = (int)config_int(im->ctx->config, CONFIG_JSON_DEPTH);

    if (im->is_writing)
        return import_lines(im, text, first_line);
    Err err = json_read(im->book, text, depth, &whole); /* of JSON Lines it reads the first */
    if (err.code == ERR_LIMIT)
        return err;
    if (err.code == ERR_OK && json_get(whole, "items"))
        return import_feed(im, whole);
    return import_lines(im, text, first_line);
}

/* An error's arguments outlive the memory of the row at which it came up. */
static Err outlive(Arena *keep, Err err) {
    for (size_t i = 0; i < COUNT_OF(err.args); i++)
        err.args[i] = str_dup(keep, err.args[i]);
    return err;
}

Err manuscript_import_all(StoryImport *im, Str text, int64_t first_line) {
    CLEANUP(arena_close) Arena *of_row = arena_new(ARENA_JOB_BYTES);
    CLEANUP(give_back) Lent lent = { im->ctx, im->ctx->arena };

    im->ctx->arena = of_row;
    TRY(outlive(im->keep, import_text(im, text, first_line)));
    return outlive(im->keep, manuscript_import_announce(im));
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

/* ---- the file ---- */

static Err check_file(StoryImport *im, Str bytes) {
    size_t most = (size_t)config_int(im->ctx->config, CONFIG_IMPORT_BYTES);

    if (bytes.len > most)
        return FAIL_ARGS(ERR_LIMIT, "file", N_("The file has more than {0} bytes."),
                         str_from_int(im->ctx->arena, (int64_t)most));
    if (!utf8_is_valid(bytes))
        return FAIL(ERR_INVALID, "file", N_("The file is not UTF-8."));
    TRY(manuscript_import_all(im, bytes, 1));
    if (im->rows.len == 0)
        return FAIL(ERR_INVALID, "file", N_("The file holds no story."));
    return OK;
}

/* A part as JSON Lines, in ctx->arena where it is not the file's own bytes. */
static Err part_text(const StoryImport *im, Str bytes, const ImportPart *part, Str *ret) {
    Buf out = buf_new(im->ctx->arena, 0);

    if (!im->is_feed) {
        *ret = str_slice(bytes, part->from, part->to);
        return OK;
    }
    for (size_t i = part->from; i < part->to; i++) {
        json_write(&out, json_get(im->feed, "items")->array.items[i]);
        buf_add_char(&out, '\n');
    }
    TRY(buf_check(&out));
    *ret = buf_str(&out);
    return OK;
}

/* Rows that are here already need no part of their own. */
static size_t count_fresh_parts(const StoryImport *im, size_t *ret_rows_elsewhere) {
    size_t parts = 0;

    *ret_rows_elsewhere = 0;
    for (size_t i = 0; i < im->parts.len; i++)
        if (im->parts.items[i].fresh)
            parts++;
        else
            *ret_rows_elsewhere += im->parts.items[i].rows;
    return parts;
}

static Err write_at_once(StoryImport *im, Str bytes) {
    DB_TX(tx);
    Str text;

    TRY(db_begin_alone(im->ctx, &tx));
    for (size_t i = 0; i < im->parts.len; i++) {
        const ImportPart *part = &im->parts.items[i];
        if (!part->fresh)
            continue;
        TRY(part_text(im, bytes, part, &text));
        TRY(manuscript_import_take(im->ctx, &im->outlet, im->is_feed, im->feed_byline, part->line,
                                   text, NULL));
    }
    return db_commit(&tx);
}

/* The line of the first row, a line break, and the rows: so the step finds it. */
static Err keep_part(StoryImport *im, int64_t id, int64_t n, Str bytes, const ImportPart *part) {
    CLEANUP(arena_close) Arena *own = arena_new(ARENA_JOB_BYTES);
    CLEANUP(give_back) Lent lent = { im->ctx, im->ctx->arena };
    Str text;

    im->ctx->arena = own;
    Err err = part_text(im, bytes, part, &text);
    if (err.code == ERR_OK)
        err = work_part_put(im->ctx, id, n,
                            str_format(own, "%lld\n%.*s", (long long)part->line, STR_ARG(text)));
    return outlive(im->keep, err);
}

static Err begin_work(StoryImport *im, Str bytes, Str subject, size_t parts, size_t done,
                      int64_t *ret_id) {
    Json *facts = json_obj(im->ctx->arena);
    Work how = { .kind = str_from_c(KIND),
                 .subject = subject,
                 .outlet_id = im->outlet.id,
                 .done = (int64_t)done,
                 .total = (int64_t)im->rows.len,
                 .facts = facts };
    int64_t n = 0;
    bool is_new;
    Work work;
    DB_TX(tx);

    json_set(facts, "parts", json_int(im->ctx->arena, (int64_t)parts));
    json_set(facts, "is_feed", json_bool(im->ctx->arena, im->is_feed));
    json_set(facts, "byline", json_str(im->ctx->arena, im->feed_byline));
    TRY(db_begin_alone(im->ctx, &tx));
    TRY(work_begin(im->ctx, &how, &work, &is_new));
    for (size_t i = 0; is_new && i < im->parts.len; i++)
        if (im->parts.items[i].fresh)
            TRY(keep_part(im, work.id, n++, bytes, &im->parts.items[i]));
    TRY(db_commit(&tx));
    *ret_id = work.id;
    return OK;
}

/* What one transaction holds is written at once; more is long work, which the same file goes on with. */
static Err write_all(StoryImport *im, Str bytes, StoryImportReport *report) {
    Ctx *ctx = im->ctx;
    Hash hash = hash_sha256(bytes);
    Str subject = str_format(ctx->arena, "%lld:%.*s", (long long)im->outlet.id,
                             STR_ARG(hex_encode(ctx->arena, hash_str(&hash))));
    size_t done, parts = count_fresh_parts(im, &done);
    int64_t open;

    TRY(work_find(ctx, str_from_c(KIND), subject, &open));
    if (open || parts > 1)
        return begin_work(im, bytes, subject, parts, done, &report->work_id);
    if (parts == 1)
        TRY(write_at_once(im, bytes));
    report->is_written = true;
    return OK;
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

    TRY(site_get(ctx, &im.site));
    TRY(outlet_get(ctx, outlet_id, &im.outlet));
    TRY(check_file(&im, bytes));
    count_rows(&im, &report);
    if (report.refused_count == 0 && !is_dry_run)
        TRY(write_all(&im, bytes, &report));
    *ret = report;
    return OK;
}
