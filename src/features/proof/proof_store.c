/* features/proof/proof_store.c - the only file that knows the table `proof_ignored`. */
#include "features/proof/proof_store.h"

#include "base/vec.h"
#include "db/db.h"

#define COLUMNS                                                                                    \
    "id, outlet_id, manuscript_id, rule, word, by_id, at_ms" /* the order of read_row() */

static ProofIgnored read_row(DbRows *row) {
    return (ProofIgnored){
        .id = db_int(row, 0),
        .outlet_id = db_int(row, 1),
        .manuscript_id = db_int(row, 2),
        .rule = db_text(row, 3),
        .word = db_text(row, 4),
        .by_id = db_int(row, 5),
        .at_ms = db_int(row, 6),
    };
}

Err proof_store_insert(Ctx *ctx, const ProofIgnored *ignored, bool *ret_made) {
    int64_t count;

    TRY(db_exec_count(ctx,
                      "INSERT INTO proof_ignored (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7)"
                      " ON CONFLICT DO NOTHING",
                      ARGS(INT(ignored->id), INT(ignored->outlet_id), INT(ignored->manuscript_id),
                           TXT(ignored->rule), TXT(ignored->word), INT(ignored->by_id),
                           INT(ignored->at_ms)),
                      &count));
    *ret_made = count > 0;
    return OK;
}

Err proof_store_delete(Ctx *ctx, int64_t outlet_id, int64_t manuscript_id, Str rule, Str word,
                       bool *ret_gone) {
    int64_t count;

    TRY(db_exec_count(ctx,
                      "DELETE FROM proof_ignored WHERE outlet_id = $1 AND manuscript_id = $2"
                      " AND rule = $3 AND word = $4",
                      ARGS(INT(outlet_id), INT(manuscript_id), TXT(rule), TXT(word)), &count));
    *ret_gone = count > 0;
    return OK;
}

Err proof_store_count(Ctx *ctx, int64_t outlet_id, int64_t manuscript_id, int64_t *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT COUNT(*) FROM proof_ignored WHERE outlet_id = $1 AND manuscript_id = $2",
                 ARGS(INT(outlet_id), INT(manuscript_id))));
    int64_t count = db_next(&rows) ? db_int(&rows, 0) : 0;
    TRY(db_end(&rows));
    *ret = count;
    return OK;
}

Err proof_store_list(Ctx *ctx, int64_t outlet_id, int64_t manuscript_id, ProofIgnoredList *ret) {
    VEC(ProofIgnored) list = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM proof_ignored WHERE outlet_id = $1 AND manuscript_id = $2"
                 " ORDER BY at_ms DESC, id DESC LIMIT $3",
                 ARGS(INT(outlet_id), INT(manuscript_id), INT(PROOF_IGNORED_MAX))));
    while (db_next(&rows))
        *VEC_PUSH(ctx->arena, &list) = read_row(&rows);
    TRY(db_end(&rows)); /* an error half-way is an error, not a short list */
    *ret = (ProofIgnoredList){ list.items, list.len };
    return OK;
}
