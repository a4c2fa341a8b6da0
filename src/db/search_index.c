/* db/search_index.c - the search index: queries into phrases, rows in and out, its version. */
#include "db/search_index.h"

#include <assert.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "db/search_driver.h"
#include "text/bigrams.h"

static const SearchDriver *driver_of(Ctx *ctx) {
    return db_driver(ctx->db) == DB_SQLITE ? &search_sqlite_driver : &search_postgres_driver;
}

/* ---- the query ---- */

static bool is_blank(uint32_t rune) {
    return rune <= 0x20 || rune == 0xA0 || rune == 0x3000;
}

/* The next word between blanks; false at the end. */
static bool next_word(Str query, size_t *at, Str *ret) {
    size_t from = *at, to = *at;

    while (to < query.len) {
        size_t before = to;
        uint32_t rune = utf8_next(query, &to);

        if (!is_blank(rune))
            continue;
        if (before > from) {
            *at = to;
            *ret = str_slice(query, from, before);
            return true;
        }
        from = to;
    }
    *at = to;
    *ret = str_slice(query, from, to);
    return to > from;
}

static Err add_word(Ctx *ctx, Str word, SearchQuery *query) {
    BigramsTerms terms;

    TRY(bigrams_terms(ctx->arena, word, BIGRAMS_QUERY, &terms));
    if (terms.len == 0)
        return OK; /* signs only: they are in no index */
    if (query->len == SEARCH_WORDS_MAX || terms.len > SEARCH_PHRASE_MAX)
        return FAIL(ERR_LIMIT, "q", N_("Please search for fewer or shorter words."));
    SearchPhrase *phrase = &query->words[query->len++];
    phrase->terms = arena_array(ctx->arena, terms.len, sizeof(Str));
    for (size_t i = 0; i < terms.len; i++)
        phrase->terms[phrase->len++] = terms.items[i].term;
    return OK;
}

static Err read_query(Ctx *ctx, Str text, SearchQuery *query) {
    size_t chars = 0, at = 0;
    Str word;

    if (!utf8_count(text, &chars))
        return FAIL(ERR_INVALID, "q", N_("The query is not valid UTF-8."));
    if (chars > SEARCH_QUERY_CHARS_MAX)
        return FAIL_ARGS(ERR_LIMIT, "q", N_("A query has at most {0} characters."),
                         str_from_int(ctx->arena, SEARCH_QUERY_CHARS_MAX));
    while (next_word(text, &at, &word))
        TRY(add_word(ctx, word, query));
    return OK;
}

Err search_index_find(Ctx *ctx, Str query, int64_t outlet_id, int64_t after_at_ms, int64_t after_id,
                      int limit, SearchHits *ret) {
    assert(limit >= 1 && limit <= 100);
    SearchQuery asked = {
        .outlet_id = outlet_id, .after_at_ms = after_at_ms, .after_id = after_id, .limit = limit
    };
    SearchHits hits = { .subject_ids = arena_array(ctx->arena, (size_t)limit, sizeof(int64_t)),
                        .at_ms = arena_array(ctx->arena, (size_t)limit, sizeof(int64_t)) };
    DB_ROWS(rows);

    TRY(read_query(ctx, query, &asked));
    if (asked.len > 0) {
        TRY(driver_of(ctx)->find(ctx, &asked, &rows));
        while (db_next(&rows)) {
            hits.subject_ids[hits.len] = db_int(&rows, 0);
            hits.at_ms[hits.len++] = db_int(&rows, 1);
        }
        TRY(db_end(&rows));
        TRY(driver_of(ctx)->count(ctx, &asked, &rows));
        if (db_next(&rows))
            hits.total = db_int(&rows, 0);
        TRY(db_end(&rows));
    }
    *ret = hits;
    return OK;
}

/* ---- the version ---- */

Err search_index_version(Ctx *ctx, int64_t *ret) {
    DB_ROWS(rows);

    TRY(db_query_derived(ctx, &rows, "SELECT version FROM search_state WHERE id = 1", NO_ARGS));
    int64_t version = db_next(&rows) ? db_int(&rows, 0) : 0;
    TRY(db_end(&rows));
    *ret = version;
    return OK;
}

static Err set_version(Ctx *ctx) {
    return db_exec_derived(ctx,
                           "INSERT INTO search_state (id, version) VALUES (1, $1)"
                           " ON CONFLICT (id) DO UPDATE SET version = $1",
                           ARGS(INT(BIGRAMS_VERSION)));
}

/* FTS5 takes a row out by reading its text again: with other terms than it was put in, it would not. */
static Err renew_if_old(Ctx *ctx) {
    int64_t version;

    TRY(search_index_version(ctx, &version));
    if (version != 0 && version != BIGRAMS_VERSION)
        TRY(driver_of(ctx)->rebuild(ctx));
    return version == BIGRAMS_VERSION ? OK : set_version(ctx);
}

/* ---- rows in and out ---- */

static Err read_old(Ctx *ctx, int64_t subject_id, SearchRow *row, bool *ret_is_there) {
    DB_ROWS(rows);

    TRY(db_query_derived(
        ctx, &rows,
        "SELECT subject_id, outlet_id, at_ms, title, body FROM search_row WHERE subject_id = $1",
        ARGS(INT(subject_id))));
    *ret_is_there = db_next(&rows);
    if (*ret_is_there)
        *row = (SearchRow){ db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2), db_text(&rows, 3),
                            db_text(&rows, 4) };
    return db_end(&rows);
}

static Err put_one(Ctx *ctx, const SearchRow *row) {
    SearchRow old;
    bool is_there = false;

    TRY(read_old(ctx, row->subject_id, &old, &is_there));
    TRY(db_exec_derived(ctx,
                        "INSERT INTO search_row (subject_id, outlet_id, at_ms, title, body)"
                        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (subject_id) DO UPDATE SET"
                        " outlet_id = $2, at_ms = $3, title = $4, body = $5",
                        ARGS(INT(row->subject_id), INT(row->outlet_id), INT(row->at_ms),
                             TXT(row->title), TXT(row->body))));
    return driver_of(ctx)->put(ctx, row, is_there ? &old : NULL);
}

static int compare_rows(const void *a, const void *b) {
    const SearchRow *one = *(const SearchRow *const *)a, *other = *(const SearchRow *const *)b;

    return one->subject_id < other->subject_id ? -1 : one->subject_id > other->subject_id;
}

/* FTS5 flushes a segment whenever the row number falls: so they rise. */
static const SearchRow **sort_rows(Ctx *ctx, const SearchRow *rows, size_t count) {
    const SearchRow **sorted = arena_array(ctx->arena, count + 1, sizeof *sorted);

    for (size_t i = 0; i < count; i++)
        sorted[i] = &rows[i];
    qsort(sorted, count, sizeof *sorted, compare_rows);
    return sorted;
}

static Err put_all(Ctx *ctx, const SearchRow **sorted, size_t count) {
    TRY(renew_if_old(ctx));
    for (size_t i = 0; i < count; i++)
        TRY(put_one(ctx, sorted[i]));
    return OK;
}

Err search_index_put(Ctx *ctx, const SearchRow *rows, size_t count) {
    const SearchRow **sorted = sort_rows(ctx, rows, count);
    DB_TX(tx);

    TRY(db_begin_derived_alone(ctx, &tx));
    TRY(put_all(ctx, sorted, count));
    return db_commit(&tx);
}

static Err remove_one(Ctx *ctx, int64_t subject_id) {
    SearchRow old;
    bool is_there = false;

    TRY(read_old(ctx, subject_id, &old, &is_there));
    if (!is_there)
        return OK;
    TRY(driver_of(ctx)->remove(ctx, &old));
    return db_exec_derived(ctx, "DELETE FROM search_row WHERE subject_id = $1",
                           ARGS(INT(subject_id)));
}

/* What stands in the range and not among the rows, which rise. */
static Err remove_others(Ctx *ctx, int64_t after_id, int64_t upto_id, const SearchRow **sorted,
                         size_t count, int64_t *gone) {
    size_t at = 0;
    DB_ROWS(rows);

    TRY(db_query_derived(ctx, &rows,
                         "SELECT subject_id FROM search_row WHERE subject_id > $1"
                         " AND subject_id <= $2 ORDER BY subject_id",
                         ARGS(INT(after_id), INT(upto_id))));
    while (db_next(&rows)) {
        int64_t id = db_int(&rows, 0);
        while (at < count && sorted[at]->subject_id < id)
            at++;
        if (at < count && sorted[at]->subject_id == id)
            continue;
        TRY(remove_one(ctx, id));
        (*gone)++;
    }
    return db_end(&rows);
}

Err search_index_replace(Ctx *ctx, int64_t after_id, int64_t upto_id, const SearchRow *rows,
                         size_t count, int64_t *ret_gone) {
    const SearchRow **sorted = sort_rows(ctx, rows, count);
    int64_t gone = 0;
    DB_TX(tx);

    TRY(db_begin_derived_alone(ctx, &tx));
    TRY(put_all(ctx, sorted, count));
    TRY(remove_others(ctx, after_id, upto_id, sorted, count, &gone));
    TRY(db_commit(&tx));
    *ret_gone = gone;
    return OK;
}

Err search_index_remove(Ctx *ctx, int64_t subject_id) {
    DB_TX(tx);

    TRY(db_begin_derived_alone(ctx, &tx));
    TRY(renew_if_old(ctx));
    TRY(remove_one(ctx, subject_id));
    return db_commit(&tx);
}

Err search_index_clear(Ctx *ctx) {
    DB_TX(tx);

    TRY(db_begin_derived_alone(ctx, &tx));
    TRY(driver_of(ctx)->clear(ctx));
    TRY(db_exec_derived(ctx, "DELETE FROM search_row", NO_ARGS));
    TRY(db_exec_derived(ctx, "DELETE FROM search_state", NO_ARGS));
    return db_commit(&tx);
}

Err search_index_rebuild(Ctx *ctx) {
    DB_TX(tx);

    TRY(db_begin_derived_alone(ctx, &tx));
    TRY(driver_of(ctx)->rebuild(ctx));
    TRY(set_version(ctx));
    return db_commit(&tx);
}

Err search_index_purge(Ctx *ctx) {
    DB_TX(tx);

    TRY(db_begin_derived_alone(ctx, &tx));
    TRY(driver_of(ctx)->purge(ctx));
    return db_commit(&tx);
}
