/* features/adoption/adoption_store.c - the only file that knows the table `adoption`. */
#include "features/adoption/adoption_store.h"

#include "base/vec.h"
#include "db/db.h"

/* The order read_row() expects. */
#define COLUMNS                                                                                    \
    "id, story_id, from_outlet, to_outlet, state, n, hash, corrections, copy_id, offered_by,"      \
    " offered_ms, decided_by, decided_role, decided_ms, reason"

static Adoption read_row(DbRows *row) {
    return (Adoption){
        .id = db_int(row, 0),
        .story_id = db_int(row, 1),
        .from_outlet = db_int(row, 2),
        .to_outlet = db_int(row, 3),
        .state = db_text(row, 4),
        .n = db_int(row, 5),
        .hash = db_text(row, 6),
        .corrections = db_int(row, 7),
        .copy_id = db_int(row, 8),
        .offered_by = db_int(row, 9),
        .offered_ms = db_int(row, 10),
        .decided_by = db_int(row, 11),
        .decided_role = db_text(row, 12),
        .decided_ms = db_int(row, 13),
        .reason = db_text(row, 14),
    };
}

static Err read_one(DbRows *rows, Adoption *ret, bool *ret_found) {
    Adoption a = { 0 };
    bool is_found = db_next(rows);

    if (is_found)
        a = read_row(rows);
    TRY(db_end(rows));
    *ret = a;
    *ret_found = is_found;
    return OK;
}

static Err read_all(Ctx *ctx, DbRows *rows, AdoptionList *ret) {
    struct {
        Adoption *items;
        size_t len, cap;
    } list = { 0 };

    while (db_next(rows))
        *(Adoption *)VEC_PUSH(ctx->arena, &list) = read_row(rows);
    TRY(db_end(rows));
    *ret = (AdoptionList){ list.items, list.len };
    return OK;
}

Err adoption_store_put(Ctx *ctx, const Adoption *a) {
    return db_exec(ctx,
                   "INSERT INTO adoption (" COLUMNS
                   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
                   " $12, $13, $14, $15) ON CONFLICT (story_id, to_outlet) DO UPDATE SET"
                   " state = excluded.state, n = excluded.n, hash = excluded.hash,"
                   " corrections = excluded.corrections, copy_id = excluded.copy_id,"
                   " offered_by = excluded.offered_by, offered_ms = excluded.offered_ms,"
                   " decided_by = excluded.decided_by, decided_role = excluded.decided_role,"
                   " decided_ms = excluded.decided_ms, reason = excluded.reason",
                   ARGS(INT(a->id), INT(a->story_id), INT(a->from_outlet), INT(a->to_outlet),
                        TXT(a->state), INT(a->n), TXT(a->hash), INT(a->corrections),
                        INT(a->copy_id), INT(a->offered_by), INT(a->offered_ms), INT(a->decided_by),
                        TXT(a->decided_role), INT(a->decided_ms), TXT(a->reason)));
}

Err adoption_store_get(Ctx *ctx, int64_t story_id, int64_t to_outlet, Adoption *ret,
                       bool *ret_found) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM adoption WHERE story_id = $1 AND to_outlet = $2",
                 ARGS(INT(story_id), INT(to_outlet))));
    return read_one(&rows, ret, ret_found);
}

Err adoption_store_of_copy(Ctx *ctx, int64_t copy_id, Adoption *ret, bool *ret_found) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " COLUMNS " FROM adoption WHERE copy_id = $1",
                 ARGS(INT(copy_id))));
    return read_one(&rows, ret, ret_found);
}

Err adoption_store_of_story(Ctx *ctx, int64_t story_id, AdoptionList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM adoption WHERE story_id = $1"
                 " ORDER BY CASE WHEN decided_ms = 0 THEN 1 ELSE 0 END, decided_ms, id LIMIT 200",
                 ARGS(INT(story_id))));
    return read_all(ctx, &rows, ret);
}

Err adoption_store_of_outlet(Ctx *ctx, int64_t outlet_id, Str state, AdoptionList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM adoption WHERE to_outlet = $1"
                 " AND (state = $2 OR ($2 = 'taken' AND state = 'adapted'))"
                 " ORDER BY decided_ms DESC, id DESC LIMIT 200",
                 ARGS(INT(outlet_id), TXT(state))));
    return read_all(ctx, &rows, ret);
}
