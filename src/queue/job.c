/* queue/job.c - the table of owed work: adding, showing, and moving it by hand. */
#include "queue/job.h"

#include "base/id.h"
#include "queue/kinds.h"
#include "queue/why.h"

static const int64_t OVERDUE_MS = 60000;

Err job_add(Ctx *ctx, const char *kind, Str dedupe, Str dest, Json *payload, int64_t due_ms) {
    const JobKind *known = kind_find(str_from_c(kind));
    Buf text = buf_new(ctx->arena, 0);

    if (!known)
        return FAIL_ARGS(ERR_BUG, NULL, N_("There is no job kind \"{0}\"."), str_from_c(kind));
    json_write(&text, payload);
    return db_exec(
        ctx,
        "INSERT INTO job (id, lane, kind, dedupe, dest, payload, due_ms, attempts, state,"
        " fence, lease_owner, lease_until_ms, last_error)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, 0, '', 0, '')"
        " ON CONFLICT (dedupe) WHERE state <> 'dead' DO NOTHING",
        ARGS(INT(id_next(ctx)), INT(known->lane), TXT(str_from_c(kind)), TXT(dedupe), TXT(dest),
             TXT(buf_str(&text)), INT(due_ms),
             TXT(due_ms > ctx->now_ms ? S("waiting") : S("ready"))));
}

Err job_drop(Ctx *ctx, Str dedupe) {
    return db_exec(ctx, "DELETE FROM job WHERE dedupe = $1 AND state IN ('ready', 'waiting')",
                   ARGS(TXT(dedupe)));
}

static JobRow read_row(DbRows *row, int64_t now_ms) {
    JobRow job = {
        .id = db_int(row, 0),
        .lane = str_from_c(lane_name((Lane)db_int(row, 1))),
        .kind = db_text(row, 2),
        .dest = db_text(row, 3),
        .state = db_text(row, 4),
        .due_ms = db_int(row, 6),
        .attempts = (int)db_int(row, 7),
    };

    job.last_error = why_read(db_text(row, 5), job.last_args);
    job.is_overdue = (str_eq(job.state, S("ready")) || str_eq(job.state, S("waiting"))) &&
                     job.due_ms + OVERDUE_MS < now_ms;
    return job;
}

Err job_list(Ctx *ctx, Str state, int64_t after_id, int limit, JobList *ret) {
    JobList list = { .items = arena_array(ctx->arena, (size_t)limit, sizeof(JobRow)) };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT id, lane, kind, dest, state, last_error, due_ms, attempts FROM job"
                 " WHERE id > $1 AND ($2 = '' OR state = $2) ORDER BY id LIMIT $3",
                 ARGS(INT(after_id), TXT(state), INT(limit))));
    while (db_next(&rows))
        list.items[list.len++] = read_row(&rows, ctx->now_ms);
    TRY(db_end(&rows));
    *ret = list;
    return OK;
}

Err job_counts(Ctx *ctx, JobCounts *ret) {
    JobCounts counts = { 0 };
    DB_ROWS(rows);

    TRY(db_query(
        ctx, &rows,
        "SELECT state, COUNT(*), COUNT(CASE WHEN due_ms < $1 THEN 1 END) FROM job GROUP BY state"
        " ORDER BY state",
        ARGS(INT(ctx->now_ms - OVERDUE_MS))));
    while (db_next(&rows)) {
        Str state = db_text(&rows, 0);
        int64_t count = db_int(&rows, 1);
        if (str_eq(state, S("ready"))) {
            counts.ready = count;
            counts.overdue += db_int(&rows, 2);
        } else if (str_eq(state, S("waiting"))) {
            counts.waiting = count;
            counts.overdue += db_int(&rows, 2);
        } else if (str_eq(state, S("leased"))) {
            counts.leased = count;
        } else if (str_eq(state, S("held"))) {
            counts.held = count;
        } else if (str_eq(state, S("unsure"))) {
            counts.unsure = count;
        } else {
            counts.dead = count;
        }
    }
    TRY(db_end(&rows));
    *ret = counts;
    return OK;
}

/* Why a move by hand changed nothing: there is no such job, or its state does not allow it. */
static Err moved(Ctx *ctx, int64_t id, int64_t changed) {
    int64_t found = 0;
    DB_ROWS(rows);

    if (changed > 0)
        return OK;
    TRY(db_query(ctx, &rows, "SELECT id FROM job WHERE id = $1", ARGS(INT(id))));
    if (db_next(&rows))
        found = db_int(&rows, 0);
    TRY(db_end(&rows));
    if (!found)
        return FAIL(ERR_NOT_FOUND, "id", N_("There is no such job; it may be done."));
    return FAIL(ERR_CONFLICT, "id", N_("The job is in a state in which this cannot be done."));
}

Err job_retry(Ctx *ctx, int64_t id) {
    int64_t changed = 0;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    Err err =
        db_exec_count(ctx,
                      "UPDATE job SET state = 'ready', due_ms = $2, attempts = 0 WHERE id = $1"
                      " AND state IN ('dead', 'held', 'waiting')",
                      ARGS(INT(id), INT(ctx->now_ms)), &changed);
    if (err.code == ERR_CONFLICT) /* the same work is owed by a newer row */
        return FAIL(ERR_CONFLICT, "id", N_("The same work is already owed by another job."));
    TRY(err);
    TRY(moved(ctx, id, changed));
    return db_commit(&tx);
}

Err job_hold(Ctx *ctx, int64_t id) {
    int64_t changed = 0;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(db_exec_count(
        ctx, "UPDATE job SET state = 'held' WHERE id = $1 AND state IN ('ready', 'waiting')",
        ARGS(INT(id)), &changed));
    TRY(moved(ctx, id, changed));
    return db_commit(&tx);
}

Err job_settle(Ctx *ctx, int64_t id, bool is_there) {
    int64_t changed = 0;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    if (is_there)
        TRY(db_exec_count(ctx, "DELETE FROM job WHERE id = $1 AND state = 'unsure'", ARGS(INT(id)),
                          &changed));
    else
        TRY(db_exec_count(ctx,
                          "UPDATE job SET state = 'ready', due_ms = $2 WHERE id = $1"
                          " AND state = 'unsure'",
                          ARGS(INT(id), INT(ctx->now_ms)), &changed));
    TRY(moved(ctx, id, changed));
    return db_commit(&tx);
}
