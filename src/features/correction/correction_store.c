/* features/correction/correction_store.c - the only file that knows the table `correction`. */
#include "features/correction/correction_store.h"

#include <assert.h>

#include "db/db.h"

#define COLUMNS                                                                                    \
    "id, outlet_id, manuscript_id, issued_ms, issued_by, body" /* the order read_row() expects */

static Correction read_row(DbRows *row) {
    return (Correction){
        .id = db_int(row, 0),
        .outlet_id = db_int(row, 1),
        .manuscript_id = db_int(row, 2),
        .issued_ms = db_int(row, 3),
        .issued_by = db_int(row, 4),
        .text = db_text(row, 5),
    };
}

static Err read_all(Ctx *ctx, DbRows *rows, int limit, CorrectionList *ret) {
    CorrectionList list = { .items = arena_array(ctx->arena, (size_t)limit, sizeof(Correction)) };

    while (db_next(rows))
        list.items[list.len++] = read_row(rows);
    TRY(db_end(rows)); /* an error half-way is an error, not a short list */
    *ret = list;
    return OK;
}

Err correction_store_insert(Ctx *ctx, const Correction *c) {
    return db_exec(ctx, "INSERT INTO correction (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6)",
                   ARGS(INT(c->id), INT(c->outlet_id), INT(c->manuscript_id), INT(c->issued_ms),
                        INT(c->issued_by), TXT(c->text)));
}

Err correction_store_of_story(Ctx *ctx, int64_t outlet_id, int64_t manuscript_id, int limit,
                              CorrectionList *ret) {
    DB_ROWS(rows);

    assert(limit >= 1 && limit <= 100);
    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM correction WHERE outlet_id = $1 AND manuscript_id = $2"
                 " ORDER BY issued_ms DESC, id DESC LIMIT $3",
                 ARGS(INT(outlet_id), INT(manuscript_id), INT(limit))));
    return read_all(ctx, &rows, limit, ret);
}

Err correction_store_of_stories(Ctx *ctx, const int64_t *ids, size_t count, CorrectionList *ret) {
    DbArg args[CORRECTION_STORIES_MAX + 1];
    DB_ROWS(rows);

    assert(count <= CORRECTION_STORIES_MAX);
    for (size_t i = 0; i < CORRECTION_STORIES_MAX; i++)
        args[i] = INT(i < count ? ids[i] : 0); /* no story has id 0 */
    args[CORRECTION_STORIES_MAX] = INT(CORRECTIONS_OF_MANY_MAX);
    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM correction WHERE manuscript_id IN ($1, $2, $3, $4, $5,"
                 " $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,"
                 " $22, $23, $24, $25, $26, $27, $28, $29, $30)"
                 " ORDER BY issued_ms DESC, id DESC LIMIT $31",
                 args, COUNT_OF(args)));
    return read_all(ctx, &rows, CORRECTIONS_OF_MANY_MAX, ret);
}

Err correction_store_newest(Ctx *ctx, int64_t outlet_id, int limit, CorrectionList *ret) {
    DB_ROWS(rows);

    assert(limit >= 1 && limit <= 100);
    if (outlet_id)
        TRY(db_query(ctx, &rows,
                     "SELECT " COLUMNS " FROM correction WHERE outlet_id = $1"
                     " ORDER BY issued_ms DESC, id DESC LIMIT $2",
                     ARGS(INT(outlet_id), INT(limit))));
    else
        TRY(db_query(ctx, &rows,
                     "SELECT " COLUMNS " FROM correction ORDER BY issued_ms DESC, id DESC LIMIT $1",
                     ARGS(INT(limit))));
    return read_all(ctx, &rows, limit, ret);
}
