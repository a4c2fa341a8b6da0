/* features/handover/handover_store.c - the only file that knows the table `handover`. */
#include "features/handover/handover_store.h"

#include "base/vec.h"
#include "db/db.h"

/* The order read_row() expects. */
#define COLUMNS                                                                                    \
    "id, outlet_id, made_ms, made_by, made_role, before_responsible, before_teacher,"              \
    " before_operators, first_responsible, teacher, teacher_contact, operators, note, state,"      \
    " ended_ms, ended_by"

static Handover read_row(DbRows *row) {
    return (Handover){
        .id = db_int(row, 0),
        .outlet_id = db_int(row, 1),
        .made_ms = db_int(row, 2),
        .made_by = db_int(row, 3),
        .made_role = db_text(row, 4),
        .before = { .first_responsible = db_text(row, 5),
                    .teacher = db_text(row, 6),
                    .operators = db_text(row, 7) },
        .after = { .first_responsible = db_text(row, 8),
                   .teacher = db_text(row, 9),
                   .teacher_contact = db_text(row, 10),
                   .operators = db_text(row, 11) },
        .note = db_text(row, 12),
        .state = db_text(row, 13),
        .ended_ms = db_int(row, 14),
        .ended_by = db_int(row, 15),
    };
}

static Err read_all(Ctx *ctx, DbRows *rows, HandoverList *ret) {
    VEC(Handover) list = { 0 };

    while (db_next(rows))
        *VEC_PUSH(ctx->arena, &list) = read_row(rows);
    TRY(db_end(rows)); /* an error half-way is an error, not a short list */
    *ret = (HandoverList){ list.items, list.len };
    return OK;
}

Err handover_store_insert(Ctx *ctx, const Handover *h, bool *ret_made) {
    int64_t count;

    TRY(db_exec_count(ctx,
                      "INSERT INTO handover (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
                      " $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING",
                      ARGS(INT(h->id), INT(h->outlet_id), INT(h->made_ms), INT(h->made_by),
                           TXT(h->made_role), TXT(h->before.first_responsible),
                           TXT(h->before.teacher), TXT(h->before.operators),
                           TXT(h->after.first_responsible), TXT(h->after.teacher),
                           TXT(h->after.teacher_contact), TXT(h->after.operators), TXT(h->note),
                           TXT(h->state), INT(h->ended_ms), INT(h->ended_by)),
                      &count));
    *ret_made = count > 0;
    return OK;
}

Err handover_store_expire(Ctx *ctx, int64_t outlet_id, int64_t made_ms) {
    return db_exec(ctx,
                   "UPDATE handover SET state = 'expired' WHERE outlet_id = $1 AND state = 'open'"
                   " AND made_ms <= $2",
                   ARGS(INT(outlet_id), INT(made_ms)));
}

Err handover_store_get(Ctx *ctx, int64_t id, Handover *ret) {
    Handover handover = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " COLUMNS " FROM handover WHERE id = $1", ARGS(INT(id))));
    if (db_next(&rows))
        handover = read_row(&rows);
    TRY(db_end(&rows));
    *ret = handover;
    return OK;
}

Err handover_store_end(Ctx *ctx, const Handover *h, bool *ret_done) {
    int64_t count;

    TRY(db_exec_count(ctx,
                      "UPDATE handover SET state = $2, ended_ms = $3, ended_by = $4"
                      " WHERE id = $1 AND state = 'open'",
                      ARGS(INT(h->id), TXT(h->state), INT(h->ended_ms), INT(h->ended_by)), &count));
    *ret_done = count > 0;
    return OK;
}

Err handover_store_list(Ctx *ctx, int64_t outlet_id, int64_t limit, HandoverList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM handover WHERE outlet_id = $1"
                 " ORDER BY made_ms DESC, id DESC LIMIT $2",
                 ARGS(INT(outlet_id), INT(limit))));
    return read_all(ctx, &rows, ret);
}

#define WAITS                                                                                      \
    "SELECT " COLUMNS " FROM handover WHERE state = 'open' AND made_ms > $1 AND made_by <> $2"
#define OLDEST_FIRST " ORDER BY made_ms, id LIMIT $3"

Err handover_store_waits_anywhere(Ctx *ctx, int64_t made_ms, int64_t person_id, int64_t limit,
                                  HandoverList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, WAITS OLDEST_FIRST, ARGS(INT(made_ms), INT(person_id), INT(limit))));
    return read_all(ctx, &rows, ret);
}

enum { OUTLETS_AT_ONCE = 60 };

Err handover_store_waits(Ctx *ctx, const int64_t *outlet_ids, size_t count, int64_t made_ms,
                         int64_t person_id, int64_t limit, HandoverList *ret) {
    DbArg args[3 + OUTLETS_AT_ONCE] = { INT(made_ms), INT(person_id), INT(limit) };
    DB_ROWS(rows);

    for (size_t i = 0; i < OUTLETS_AT_ONCE; i++)
        args[3 + i] = INT(i < count ? outlet_ids[i] : 0); /* no outlet has id 0 */
    TRY(db_query(ctx, &rows,
                 WAITS " AND outlet_id IN ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
                       " $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29,"
                       " $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43,"
                       " $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57,"
                       " $58, $59, $60, $61, $62, $63)" OLDEST_FIRST,
                 args, COUNT_OF(args)));
    return read_all(ctx, &rows, ret);
}
