/* features/planning/planning_store.c - the only file that knows the tables of pitches. */
#include "features/planning/planning_store.h"

#include <assert.h>

#include "db/db.h"

#define COLUMNS                                                                                    \
    "id, outlet_id, title, why, kind, wished_on, state, proposed_by, proposed_ms, changed_ms,"     \
    " version" /* the order read_row() expects */

static Pitch read_row(DbRows *row) {
    return (Pitch){ .id = db_int(row, 0),
                    .outlet_id = db_int(row, 1),
                    .title = db_text(row, 2),
                    .why = db_text(row, 3),
                    .kind = db_text(row, 4),
                    .wished_on = db_text(row, 5),
                    .state = db_text(row, 6),
                    .proposed_by = db_int(row, 7),
                    .proposed_ms = db_int(row, 8),
                    .changed_ms = db_int(row, 9),
                    .version = db_int(row, 10) };
}

Err pitch_store_insert(Ctx *ctx, const Pitch *p) {
    return db_exec(ctx,
                   "INSERT INTO pitch (" COLUMNS
                   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                   ARGS(INT(p->id), INT(p->outlet_id), TXT(p->title), TXT(p->why), TXT(p->kind),
                        TXT(p->wished_on), TXT(p->state), INT(p->proposed_by), INT(p->proposed_ms),
                        INT(p->changed_ms), INT(p->version)));
}

Err pitch_store_get(Ctx *ctx, int64_t id, Pitch *ret) {
    Pitch p = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " COLUMNS " FROM pitch WHERE id = $1", ARGS(INT(id))));
    if (db_next(&rows))
        p = read_row(&rows);
    TRY(db_end(&rows));
    *ret = p;
    return OK;
}

Err pitch_store_move(Ctx *ctx, const Pitch *p, int64_t *ret_changed) {
    return db_exec_count(
        ctx,
        "UPDATE pitch SET state = $3, wished_on = $4, changed_ms = $5, version = version + 1"
        " WHERE id = $1 AND version = $2",
        ARGS(INT(p->id), INT(p->version), TXT(p->state), TXT(p->wished_on), INT(p->changed_ms)),
        ret_changed);
}

Err pitch_store_touch(Ctx *ctx, int64_t id, int64_t at_ms) {
    return db_exec(ctx, "UPDATE pitch SET changed_ms = $2 WHERE id = $1",
                   ARGS(INT(id), INT(at_ms)));
}

Err pitch_store_list(Ctx *ctx, int64_t outlet_id, Str state, int64_t below_id, int limit,
                     PitchList *ret) {
    PitchList list = { .items = arena_array(ctx->arena, (size_t)limit, sizeof(Pitch)) };
    DB_ROWS(rows);

    assert(limit >= 1 && limit <= PITCH_LIST_MAX + 1);
    if (state.len > 0)
        TRY(db_query(ctx, &rows,
                     "SELECT " COLUMNS " FROM pitch WHERE outlet_id = $1 AND state = $2"
                     " AND id < $3 ORDER BY id DESC LIMIT $4",
                     ARGS(INT(outlet_id), TXT(state), INT(below_id), INT(limit))));
    else
        TRY(db_query(ctx, &rows,
                     "SELECT " COLUMNS " FROM pitch WHERE outlet_id = $1 AND id < $2"
                     " ORDER BY id DESC LIMIT $3",
                     ARGS(INT(outlet_id), INT(below_id), INT(limit))));
    while (db_next(&rows))
        list.items[list.len++] = read_row(&rows);
    TRY(db_end(&rows));
    *ret = list;
    return OK;
}

Err pitch_store_between(Ctx *ctx, int64_t outlet_id, Str from_day, Str until_day, int limit,
                        PitchList *ret) {
    PitchList list = { .items = arena_array(ctx->arena, (size_t)limit, sizeof(Pitch)) };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM pitch WHERE outlet_id = $1 AND wished_on >= $2"
                 " AND wished_on < $3 AND state IN ('proposed', 'accepted', 'assigned')"
                 " ORDER BY wished_on, id LIMIT $4",
                 ARGS(INT(outlet_id), TXT(from_day), TXT(until_day), INT(limit))));
    while (db_next(&rows))
        list.items[list.len++] = read_row(&rows);
    TRY(db_end(&rows));
    *ret = list;
    return OK;
}

Err pitch_store_step_count(Ctx *ctx, int64_t pitch_id, int64_t *ret) {
    int64_t count = 0;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT COUNT(*) FROM pitch_step WHERE pitch_id = $1",
                 ARGS(INT(pitch_id))));
    if (db_next(&rows))
        count = db_int(&rows, 0);
    TRY(db_end(&rows));
    *ret = count;
    return OK;
}

#define STEP_COLUMNS "id, pitch_id, act, person_id, made_ms, body"

Err pitch_store_add_step(Ctx *ctx, const PitchStep *step) {
    return db_exec(ctx, "INSERT INTO pitch_step (" STEP_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6)",
                   ARGS(INT(step->id), INT(step->pitch_id), TXT(step->act), INT(step->person_id),
                        INT(step->made_ms), TXT(step->text)));
}

Err pitch_store_steps(Ctx *ctx, int64_t pitch_id, PitchSteps *ret) {
    PitchSteps list = { .items = arena_array(ctx->arena, PITCH_STEPS_MAX, sizeof(PitchStep)) };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " STEP_COLUMNS " FROM pitch_step WHERE pitch_id = $1 ORDER BY id LIMIT $2",
                 ARGS(INT(pitch_id), INT(PITCH_STEPS_MAX))));
    while (db_next(&rows))
        list.items[list.len++] = (PitchStep){ .id = db_int(&rows, 0),
                                              .pitch_id = db_int(&rows, 1),
                                              .act = db_text(&rows, 2),
                                              .person_id = db_int(&rows, 3),
                                              .made_ms = db_int(&rows, 4),
                                              .text = db_text(&rows, 5) };
    TRY(db_end(&rows));
    *ret = list;
    return OK;
}
