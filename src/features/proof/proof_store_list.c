/* features/proof/proof_store_list.c - the only file that knows the table `proof_list`. */
#include "base/vec.h"
#include "db/db.h"
#include "features/proof/proof_store.h"

static ProofVersion read_row(DbRows *row) {
    return (ProofVersion){
        .id = db_int(row, 0),
        .n = db_int(row, 1),
        .note = db_text(row, 2),
        .by_id = db_int(row, 3),
        .at_ms = db_int(row, 4),
    };
}

Err proof_store_version(Ctx *ctx, Str kind, int64_t n, ProofVersion *ret) {
    ProofVersion found = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT id, n, note, by_id, at_ms, text FROM proof_list WHERE kind = $1"
                 " AND (n = $2 OR $2 = 0) ORDER BY n DESC LIMIT 1",
                 ARGS(TXT(kind), INT(n))));
    if (db_next(&rows)) {
        found = read_row(&rows);
        found.text = db_text(&rows, 5);
    }
    TRY(db_end(&rows));
    *ret = found;
    return OK;
}

Err proof_store_versions(Ctx *ctx, Str kind, int64_t before_n, ProofVersionList *ret) {
    VEC(ProofVersion) list = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT id, n, note, by_id, at_ms FROM proof_list WHERE kind = $1"
                 " AND (n < $2 OR $2 = 0) ORDER BY n DESC LIMIT $3",
                 ARGS(TXT(kind), INT(before_n), INT(PROOF_VERSIONS_MAX))));
    while (db_next(&rows))
        *VEC_PUSH(ctx->arena, &list) = read_row(&rows);
    TRY(db_end(&rows)); /* an error half-way is an error, not a short list */
    *ret = (ProofVersionList){ list.items, list.len };
    return OK;
}

Err proof_store_add(Ctx *ctx, Str kind, const ProofVersion *version) {
    return db_exec(ctx,
                   "INSERT INTO proof_list (id, kind, n, text, note, by_id, at_ms)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                   ARGS(INT(version->id), TXT(kind), INT(version->n), TXT(version->text),
                        TXT(version->note), INT(version->by_id), INT(version->at_ms)));
}
