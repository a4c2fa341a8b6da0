/*
 * db/search_postgres.c - the index as tsvectors, cut into chunks.
 *
 * A tsvector keeps positions up to 16383, at most 255 places of one term, and 1 MiB in all, and drops what is
 * beyond without a word. So the body is cut into chunks below all three bounds. Two neighbours overlap by
 * SEARCH_PHRASE_MAX - 1 positions: whatever phrase may be asked for lies whole in one of them. The title has
 * chunks of its own, so that no phrase reaches from it into the body.
 */
#include "base/buf.h"
#include "base/map.h"
#include "db/search_driver.h"
#include "text/bigrams.h"

enum {
    CHUNK_POSITIONS_MAX = 16000,
    CHUNK_PLACES_MAX = 250, /* of one term */
    CHUNK_BYTES_MAX = 600000,
    CHUNK_OVERLAP = SEARCH_PHRASE_MAX - 1,
    REBUILD_PAGE = 50
};

/* 'term' with the quotes and backslashes that tsvector and tsquery want. */
static void add_quoted(Buf *text, Str term) {
    buf_add_char(text, '\'');
    for (size_t i = 0; i < term.len; i++) {
        if (term.ptr[i] == '\'' || term.ptr[i] == '\\')
            buf_add_char(text, term.ptr[i]);
        buf_add_char(text, term.ptr[i]);
    }
    buf_add_char(text, '\'');
}

/* Counts one more place of the term; false when it has as many as a tsvector keeps. */
static bool count_place(Arena *arena, Map *places, Str term) {
    int *count = map_get(places, term);

    if (!count) {
        count = arena_alloc(arena, sizeof *count);
        map_set(places, term, count);
    }
    return ++*count <= CHUNK_PLACES_MAX;
}

/*
 * Writes one chunk that starts with terms.items[from]; gives the index of the first term that had no room
 * (terms.len at the end). A position is in it with all its terms or not at all.
 */
static size_t write_chunk(Arena *arena, BigramsTerms terms, size_t from, Buf *text) {
    Map places = map_new(arena);
    size_t first = from < terms.len ? terms.items[from].position : 0;
    size_t start = from, kept_bytes = 0; /* of the newest position */

    for (size_t i = from; i < terms.len; i++) {
        const BigramsTerm *term = &terms.items[i];
        size_t position = term->position - first + 1;

        if (!term->is_colocated) {
            start = i;
            kept_bytes = text->len;
        }
        if (position > CHUNK_POSITIONS_MAX || text->len > CHUNK_BYTES_MAX ||
            !count_place(arena, &places, term->term)) {
            buf_truncate(text, kept_bytes);
            return start;
        }
        add_quoted(text, term->term);
        buf_add_format(text, ":%zu ", position);
    }
    return terms.len;
}

/* The first term of the position that lies CHUNK_OVERLAP positions before term `end`. */
static size_t step_back(BigramsTerms terms, size_t end) {
    size_t position = terms.items[end].position - CHUNK_OVERLAP;

    while (end > 0 && (terms.items[end - 1].position >= position))
        end--;
    return end;
}

/* Adds the chunks of one text; *number, of the next chunk, moves on. */
static Err put_text(Ctx *ctx, int64_t subject_id, Str plain, int64_t *number) {
    CLEANUP(arena_close) Arena *scratch = arena_new(0);
    BigramsTerms terms;
    size_t from = 0;

    TRY(bigrams_terms(scratch, plain, BIGRAMS_INDEX, &terms));
    while (from < terms.len) {
        Buf text = buf_new(scratch, 2 * CHUNK_BYTES_MAX);
        size_t end = write_chunk(scratch, terms, from, &text);

        TRY(buf_check(&text));
        TRY(db_exec_derived(ctx,
                            "INSERT INTO search_chunk (subject_id, number, terms)"
                            " VALUES ($1, $2, CAST($3 AS tsvector))",
                            ARGS(INT(subject_id), INT((*number)++), TXT(buf_str(&text)))));
        from = end < terms.len ? step_back(terms, end) : end;
    }
    return OK;
}

static Err take_out(Ctx *ctx, const SearchRow *old) {
    return db_exec_derived(ctx, "DELETE FROM search_chunk WHERE subject_id = $1",
                           ARGS(INT(old->subject_id)));
}

static Err put(Ctx *ctx, const SearchRow *row, const SearchRow *old) {
    int64_t number = 0;

    if (old)
        TRY(take_out(ctx, old));
    TRY(put_text(ctx, row->subject_id, row->title, &number));
    return put_text(ctx, row->subject_id, row->body, &number);
}

static Err clear(Ctx *ctx) {
    return db_exec_derived(ctx, "DELETE FROM search_chunk", NO_ARGS);
}

/* One page of rows after *after, whose terms are made anew; *after is 0 at the end. */
static Err rebuild_page(Ctx *ctx, int64_t *after) {
    CLEANUP(arena_close) Arena *scratch = arena_new(0);
    Ctx page = *ctx;
    DB_ROWS(rows);
    int64_t last = 0;

    page.arena = scratch;
    TRY(db_query_derived(&page, &rows,
                         "SELECT subject_id, title, body FROM search_row WHERE subject_id > $1"
                         " ORDER BY subject_id LIMIT $2",
                         ARGS(INT(*after), INT(REBUILD_PAGE))));
    while (db_next(&rows)) {
        SearchRow row = { .subject_id = db_int(&rows, 0),
                          .title = db_text(&rows, 1),
                          .body = db_text(&rows, 2) };
        TRY(put(&page, &row, &row));
        last = row.subject_id;
    }
    TRY(db_end(&rows));
    *after = last;
    return OK;
}

static Err rebuild(Ctx *ctx) {
    int64_t after = -1; /* ids are positive */

    do
        TRY(rebuild_page(ctx, &after));
    while (after > 0);
    return OK;
}

static Err purge(Ctx *ctx) {
    return OK;
}

/* ---- finding ---- */

/* 'a' <-> 'b' <-> 'c' */
static Str phrase_text(Ctx *ctx, const SearchPhrase *phrase) {
    Buf text = buf_new(ctx->arena, 0);

    for (size_t i = 0; i < phrase->len; i++) {
        buf_add(&text, i > 0 ? S(" <-> ") : STR_EMPTY);
        add_quoted(&text, phrase->terms[i]);
    }
    return buf_str(&text);
}

/* The words may stand in different chunks of an article: each asks for itself. */
#define WORD(n)                                                                                    \
    " AND r.subject_id IN (SELECT c.subject_id FROM search_chunk AS c"                             \
    " WHERE c.terms @@ CAST($" #n " AS tsquery))"
#define WORDS_1 WORD(5)
#define WORDS_2 WORDS_1 WORD(6)
#define WORDS_3 WORDS_2 WORD(7)
#define WORDS_4 WORDS_3 WORD(8)
#define WORDS_5 WORDS_4 WORD(9)
#define WORDS_6 WORDS_5 WORD(10)
#define WORDS_7 WORDS_6 WORD(11)
#define WORDS_8 WORDS_7 WORD(12)

/* Both take the same parameters (one that the text does not use is allowed), so that one list serves both. */
#define FIND(words)                                                                                \
    "SELECT r.subject_id, r.at_ms FROM search_row AS r WHERE ($1 = 0 OR r.outlet_id = $1)"         \
    " AND ($2 = 0 AND $3 = 0 OR r.at_ms < $2 OR r.at_ms = $2 AND r.subject_id < $3)" words         \
    " ORDER BY r.at_ms DESC, r.subject_id DESC LIMIT $4"
#define COUNT(words) "SELECT COUNT(*) FROM search_row AS r WHERE ($1 = 0 OR r.outlet_id = $1)" words

static const char *const find_sql[] = {
    FIND(WORDS_1), FIND(WORDS_2), FIND(WORDS_3), FIND(WORDS_4),
    FIND(WORDS_5), FIND(WORDS_6), FIND(WORDS_7), FIND(WORDS_8)
};
static const char *const count_sql[] = { COUNT(WORDS_1), COUNT(WORDS_2), COUNT(WORDS_3),
                                         COUNT(WORDS_4), COUNT(WORDS_5), COUNT(WORDS_6),
                                         COUNT(WORDS_7), COUNT(WORDS_8) };

static Err ask(Ctx *ctx, const char *const *sql, const SearchQuery *query, DbRows *rows) {
    DbArg args[4 + SEARCH_WORDS_MAX] = { INT(query->outlet_id), INT(query->after_at_ms),
                                         INT(query->after_id), INT(query->limit) };

    for (size_t i = 0; i < query->len; i++)
        args[4 + i] = TXT(phrase_text(ctx, &query->words[i]));
    return db_query_derived_(ctx, rows, sql[query->len - 1], args, 4 + query->len);
}

static Err find(Ctx *ctx, const SearchQuery *query, DbRows *rows) {
    return ask(ctx, find_sql, query, rows);
}

static Err count(Ctx *ctx, const SearchQuery *query, DbRows *rows) {
    return ask(ctx, count_sql, query, rows);
}

const SearchDriver search_postgres_driver = {
    .put = put,
    .remove = take_out,
    .clear = clear,
    .rebuild = rebuild,
    .purge = purge,
    .find = find,
    .count = count,
};
