/* features/manuscript/manuscript_store_plan.c - rows of `manuscript_plan` and `manuscript_embargo`. */
#include <assert.h>

#include "features/manuscript/manuscript_rows.h"
#include "features/manuscript/manuscript_store.h"

/* The order read_plan() expects. */
#define PLAN_COLUMNS                                                                               \
    "p.manuscript_id, p.outlet_id, p.id, p.local_time, p.zone, p.at_ms, p.fit, p.rules, p.state,"  \
    " p.n, p.hash, p.by_id, p.by_role, p.set_ms, p.ended_by, p.ended_ms, p.why"
#define EMBARGO_COLUMNS "manuscript_id, outlet_id, local_time, zone, at_ms, fit, rules"

static Plan read_plan(DbRows *row, int at) {
    return (Plan){
        .manuscript_id = db_int(row, at),
        .outlet_id = db_int(row, at + 1),
        .id = db_int(row, at + 2),
        .when = { .local = db_text(row, at + 3),
                  .zone = db_text(row, at + 4),
                  .at_ms = db_int(row, at + 5),
                  .fit = db_text(row, at + 6),
                  .rules = db_text(row, at + 7) },
        .state = db_text(row, at + 8),
        .n = db_int(row, at + 9),
        .hash = db_text(row, at + 10),
        .by_id = db_int(row, at + 11),
        .by_role = db_text(row, at + 12),
        .set_ms = db_int(row, at + 13),
        .ended_by = db_int(row, at + 14),
        .ended_ms = db_int(row, at + 15),
        .why = db_text(row, at + 16),
    };
}

static Embargo read_embargo(DbRows *row) {
    return (Embargo){ .manuscript_id = db_int(row, 0),
                      .outlet_id = db_int(row, 1),
                      .when = { .local = db_text(row, 2),
                                .zone = db_text(row, 3),
                                .at_ms = db_int(row, 4),
                                .fit = db_text(row, 5),
                                .rules = db_text(row, 6) } };
}

static Err one_plan(DbRows *rows, Plan *ret, bool *ret_found) {
    *ret_found = db_next(rows);
    if (*ret_found)
        *ret = read_plan(rows, 0);
    return db_end(rows);
}

static Err one_embargo(DbRows *rows, Embargo *ret, bool *ret_found) {
    *ret_found = db_next(rows);
    if (*ret_found)
        *ret = read_embargo(rows);
    return db_end(rows);
}

Err manuscript_store_plan_put(Ctx *ctx, const Plan *p) {
    TRY(manuscript_store_plan_delete(ctx, p->manuscript_id));
    return db_exec(ctx,
                   "INSERT INTO manuscript_plan (manuscript_id, outlet_id, id, local_time, zone,"
                   " at_ms, fit, rules, state, n, hash, by_id, by_role, set_ms, ended_by, ended_ms,"
                   " why) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0,"
                   " 0, '')",
                   ARGS(INT(p->manuscript_id), INT(p->outlet_id), INT(p->id), TXT(p->when.local),
                        TXT(p->when.zone), INT(p->when.at_ms), TXT(p->when.fit), TXT(p->when.rules),
                        TXT(p->state), INT(p->n), TXT(p->hash), INT(p->by_id), TXT(p->by_role),
                        INT(p->set_ms)));
}

Err manuscript_store_plan_get(Ctx *ctx, int64_t manuscript_id, Plan *ret, bool *ret_found) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " PLAN_COLUMNS " FROM manuscript_plan p WHERE p.manuscript_id = $1",
                 ARGS(INT(manuscript_id))));
    return one_plan(&rows, ret, ret_found);
}

Err manuscript_store_plan_end(Ctx *ctx, int64_t manuscript_id, Str state, Str why) {
    return db_exec(
        ctx,
        "UPDATE manuscript_plan SET state = $2, why = $3, ended_by = $4, ended_ms = $5"
        " WHERE manuscript_id = $1",
        ARGS(INT(manuscript_id), TXT(state), TXT(why), INT(ctx->person_id), INT(ctx->now_ms)));
}

Err manuscript_store_plan_delete(Ctx *ctx, int64_t manuscript_id) {
    return db_exec(ctx, "DELETE FROM manuscript_plan WHERE manuscript_id = $1",
                   ARGS(INT(manuscript_id)));
}

Err manuscript_store_plan_move(Ctx *ctx, int64_t manuscript_id, const WallTime *when) {
    return db_exec(ctx,
                   "UPDATE manuscript_plan SET at_ms = $2, fit = $3, rules = $4"
                   " WHERE manuscript_id = $1",
                   ARGS(INT(manuscript_id), INT(when->at_ms), TXT(when->fit), TXT(when->rules)));
}

Err manuscript_store_plan_due(Ctx *ctx, int64_t after_ms, int64_t after_id, Plan *ret,
                              bool *ret_found) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " PLAN_COLUMNS " FROM manuscript_plan p WHERE p.state = 'waiting'"
                 " AND p.at_ms <= $1 AND (p.at_ms > $2 OR (p.at_ms = $2 AND p.id > $3))"
                 " ORDER BY p.at_ms, p.id LIMIT 1",
                 ARGS(INT(ctx->now_ms), INT(after_ms), INT(after_id))));
    return one_plan(&rows, ret, ret_found);
}

Err manuscript_store_plan_stale(Ctx *ctx, Str rules, int64_t after_id, Plan *ret, bool *ret_found) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " PLAN_COLUMNS " FROM manuscript_plan p WHERE p.manuscript_id > $2"
                 " AND p.state IN ('waiting', 'held') AND p.rules <> $1"
                 " ORDER BY p.manuscript_id LIMIT 1",
                 ARGS(TXT(rules), INT(after_id))));
    return one_plan(&rows, ret, ret_found);
}

/* ---- embargoes ---- */

Err manuscript_store_embargo_put(Ctx *ctx, const Embargo *e) {
    return db_exec(ctx,
                   "INSERT INTO manuscript_embargo (" EMBARGO_COLUMNS ")"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (manuscript_id) DO UPDATE SET"
                   " local_time = excluded.local_time, zone = excluded.zone,"
                   " at_ms = excluded.at_ms, fit = excluded.fit, rules = excluded.rules",
                   ARGS(INT(e->manuscript_id), INT(e->outlet_id), TXT(e->when.local),
                        TXT(e->when.zone), INT(e->when.at_ms), TXT(e->when.fit),
                        TXT(e->when.rules)));
}

Err manuscript_store_embargo_get(Ctx *ctx, int64_t manuscript_id, Embargo *ret, bool *ret_found) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " EMBARGO_COLUMNS " FROM manuscript_embargo WHERE manuscript_id = $1",
                 ARGS(INT(manuscript_id))));
    return one_embargo(&rows, ret, ret_found);
}

Err manuscript_store_embargo_delete(Ctx *ctx, int64_t manuscript_id) {
    return db_exec(ctx, "DELETE FROM manuscript_embargo WHERE manuscript_id = $1",
                   ARGS(INT(manuscript_id)));
}

Err manuscript_store_embargo_stale(Ctx *ctx, Str rules, int64_t after_id, Embargo *ret,
                                   bool *ret_found) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " EMBARGO_COLUMNS " FROM manuscript_embargo WHERE rules <> $1"
                 " AND manuscript_id > $2 ORDER BY manuscript_id LIMIT 1",
                 ARGS(TXT(rules), INT(after_id))));
    return one_embargo(&rows, ret, ret_found);
}

/* ---- lists ---- */

Err manuscript_plans_of_outlet(Ctx *ctx, int64_t outlet_id, int limit, PlanList *ret) {
    PlanList list = { .items = arena_array(ctx->arena, (size_t)limit + 1, sizeof(Plan)) };
    DB_ROWS(rows);

    assert(limit >= 1 && limit <= PLANS_MAX);
    TRY(db_query(ctx, &rows,
                 "SELECT " PLAN_COLUMNS " FROM manuscript_plan p WHERE p.outlet_id = $1"
                 " AND p.state IN ('waiting', 'held') ORDER BY p.at_ms, p.id LIMIT $2",
                 ARGS(INT(outlet_id), INT(limit))));
    while (db_next(&rows))
        list.items[list.len++] = read_plan(&rows, 0);
    TRY(db_end(&rows));
    *ret = list;
    return OK;
}

Err manuscript_list_planned(Ctx *ctx, int limit, ManuscriptList *ret, PlanList *ret_plans) {
    ManuscriptList list = { .items =
                                arena_array(ctx->arena, (size_t)limit + 1, sizeof(Manuscript)) };
    PlanList plans = { .items = arena_array(ctx->arena, (size_t)limit + 1, sizeof(Plan)) };
    DB_ROWS(rows);

    assert(limit >= 1 && limit <= PLANS_MAX);
    TRY(db_query(ctx, &rows,
                 "SELECT " MANUSCRIPT_COLUMNS_OF_M ", " PLAN_COLUMNS
                 " FROM manuscript_plan p JOIN manuscript m ON m.id = p.manuscript_id WHERE"
                 " (p.state IN ('waiting', 'edited') AND p.by_id = $1)"
                 " OR (p.state IN ('waiting', 'held', 'edited') AND m.author_id = $1)"
                 " ORDER BY p.at_ms, p.id LIMIT $2",
                 ARGS(INT(ctx->person_id), INT(limit))));
    while (db_next(&rows)) {
        list.items[list.len++] = manuscript_read_row(&rows);
        plans.items[plans.len++] = read_plan(&rows, MANUSCRIPT_COLUMN_COUNT);
    }
    TRY(db_end(&rows));
    *ret = list;
    *ret_plans = plans;
    return OK;
}

Err manuscript_plans_overdue(Ctx *ctx, int64_t *ret) {
    int64_t count = 0;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT COUNT(*) FROM manuscript_plan WHERE state = 'waiting' AND at_ms < $1",
                 ARGS(INT(ctx->now_ms - PLAN_OVERDUE_MS))));
    if (db_next(&rows))
        count = db_int(&rows, 0);
    TRY(db_end(&rows));
    *ret = count;
    return OK;
}
