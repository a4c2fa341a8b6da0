/* db/search_sqlite.c - the index as an FTS5 table beside search_row, which holds its texts. */
#include "base/buf.h"
#include "db/search_driver.h"

static Err take_out(Ctx *ctx, const SearchRow *old) {
    return db_exec_derived(ctx,
                           "INSERT INTO search_terms (search_terms, rowid, title, body)"
                           " VALUES ('delete', $1, $2, $3)",
                           ARGS(INT(old->subject_id), TXT(old->title), TXT(old->body)));
}

static Err put(Ctx *ctx, const SearchRow *row, const SearchRow *old) {
    if (old)
        TRY(take_out(ctx, old));
    return db_exec_derived(ctx, "INSERT INTO search_terms (rowid, title, body) VALUES ($1, $2, $3)",
                           ARGS(INT(row->subject_id), TXT(row->title), TXT(row->body)));
}

static Err clear(Ctx *ctx) {
    return db_exec_derived(ctx, "INSERT INTO search_terms (search_terms) VALUES ('delete-all')",
                           NO_ARGS);
}

static Err rebuild(Ctx *ctx) {
    return db_exec_derived(ctx, "INSERT INTO search_terms (search_terms) VALUES ('rebuild')",
                           NO_ARGS);
}

static Err purge(Ctx *ctx) {
    return db_exec_derived(ctx, "INSERT INTO search_terms (search_terms) VALUES ('optimize')",
                           NO_ARGS);
}

/* "a" + "b" AND "c": each term quoted, so that FTS5 reads no operator in it. */
static Str match_text(Ctx *ctx, const SearchQuery *query) {
    Buf text = buf_new(ctx->arena, 0);

    for (size_t i = 0; i < query->len; i++) {
        const SearchPhrase *phrase = &query->words[i];

        buf_add(&text, i > 0 ? S(" AND ") : STR_EMPTY);
        for (size_t k = 0; k < phrase->len; k++) {
            buf_add(&text, k > 0 ? S(" + \"") : S("\""));
            buf_add(&text, str_replace(ctx->arena, phrase->terms[k], S("\""), S("\"\"")));
            buf_add(&text, S("\""));
        }
    }
    return buf_str(&text);
}

#define MATCHING                                                                                   \
    " FROM search_terms JOIN search_row AS r ON r.subject_id = search_terms.rowid"                 \
    " WHERE search_terms MATCH $1 AND ($2 = 0 OR r.outlet_id = $2)"

static Err find(Ctx *ctx, const SearchQuery *query, DbRows *rows) {
    return db_query_derived(
        ctx, rows,
        "SELECT r.subject_id, r.at_ms" MATCHING
        " AND ($3 = 0 AND $4 = 0 OR r.at_ms < $3 OR r.at_ms = $3 AND r.subject_id < $4)"
        " ORDER BY r.at_ms DESC, r.subject_id DESC LIMIT $5",
        ARGS(TXT(match_text(ctx, query)), INT(query->outlet_id), INT(query->after_at_ms),
             INT(query->after_id), INT(query->limit)));
}

static Err count(Ctx *ctx, const SearchQuery *query, DbRows *rows) {
    Str match = match_text(ctx, query);

    if (query->outlet_id == 0)
        return db_query_derived(ctx, rows,
                                "SELECT COUNT(*) FROM search_terms WHERE search_terms MATCH $1",
                                ARGS(TXT(match)));
    return db_query_derived(ctx, rows, "SELECT COUNT(*)" MATCHING,
                            ARGS(TXT(match), INT(query->outlet_id)));
}

const SearchDriver search_sqlite_driver = {
    .put = put,
    .remove = take_out,
    .clear = clear,
    .rebuild = rebuild,
    .purge = purge,
    .find = find,
    .count = count,
};
