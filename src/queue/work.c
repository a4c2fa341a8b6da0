/* queue/work.c - the table of long work: one job for the next step, a cursor moved with what the step stored. */
#include "queue/work.h"

#include <assert.h>
#include <string.h>

#include "base/id.h"
#include "base/log.h"
#include "base/vec.h"
#include "queue/why.h"
#include "text/json_read.h"

enum { FACTS_DEPTH = 16 };

static const WorkKind *kinds;
static size_t kind_count;

/* is_stalled: no job that still runs or will run by itself. */
#define COLUMNS                                                                                    \
    "id, kind, subject, outlet_id, actor_id, state, done, total, at, run, facts, last_error,"      \
    " started_ms, changed_ms, (SELECT COUNT(*) FROM job WHERE job.kind = 'work.step'"              \
    " AND job.dest = CAST(work.id AS TEXT) AND job.state IN ('ready', 'waiting', 'leased'))"

#define OPEN "('running', 'stopped', 'failed')"

void work_use(const WorkKind *all, size_t count) {
    kinds = all;
    kind_count = count;
}

const WorkKind *work_kind(Str kind) {
    for (size_t i = 0; i < kind_count; i++)
        if (str_eq(kind, str_from_c(kinds[i].kind)))
            return &kinds[i];
    return NULL;
}

/* ---- rows ---- */

static Err read_row(Ctx *ctx, DbRows *row, Work *ret) {
    *ret = (Work){ .id = db_int(row, 0),
                   .kind = db_text(row, 1),
                   .subject = db_text(row, 2),
                   .outlet_id = db_int(row, 3),
                   .actor_id = db_int(row, 4),
                   .state = db_text(row, 5),
                   .done = db_int(row, 6),
                   .total = db_int(row, 7),
                   .cursor = db_int(row, 8),
                   .run = db_int(row, 9),
                   .started_ms = db_int(row, 12),
                   .changed_ms = db_int(row, 13) };
    ret->last_error = why_read(db_text(row, 11), ret->last_args);
    ret->is_stalled = str_eq(ret->state, S("running")) && db_int(row, 14) == 0;
    return json_read(ctx->arena, db_text(row, 10), FACTS_DEPTH, &ret->facts);
}

static Err not_there(void) {
    return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such piece of work."));
}

Err work_get(Ctx *ctx, int64_t id, Work *ret) {
    bool is_found = false;
    Work work;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " COLUMNS " FROM work WHERE id = $1", ARGS(INT(id))));
    if (db_next(&rows)) {
        TRY(read_row(ctx, &rows, &work));
        is_found = true;
    }
    TRY(db_end(&rows));
    if (!is_found)
        return not_there();
    *ret = work;
    return OK;
}

Err work_list(Ctx *ctx, int64_t actor_id, int64_t before_id, int limit, WorkList *ret) {
    assert(limit >= 1 && limit <= 100);
    WorkList list = { .items = arena_array(ctx->arena, (size_t)limit, sizeof(Work)) };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM work WHERE (actor_id = $1 OR $1 = -1)"
                 " AND (id < $2 OR $2 = 0) ORDER BY id DESC LIMIT $3",
                 ARGS(INT(actor_id), INT(before_id), INT(limit))));
    while (db_next(&rows))
        TRY(read_row(ctx, &rows, &list.items[list.len++]));
    TRY(db_end(&rows));
    *ret = list;
    return OK;
}

Err work_find(Ctx *ctx, Str kind, Str subject, int64_t *ret_id) {
    int64_t id = 0;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT id FROM work WHERE kind = $1 AND subject = $2 AND state IN " OPEN,
                 ARGS(TXT(kind), TXT(subject))));
    if (db_next(&rows))
        id = db_int(&rows, 0);
    TRY(db_end(&rows));
    *ret_id = id;
    return OK;
}

/* ---- the job of the next step ---- */

static Err add_job(Ctx *ctx, int64_t id, int64_t run, int64_t cursor) {
    Json *payload = json_obj(ctx->arena);
    Str dedupe = str_format(ctx->arena, "work/%lld/%lld/%lld", (long long)id, (long long)run,
                            (long long)cursor);

    json_set(payload, "work", json_id(ctx->arena, id));
    json_set(payload, "run", json_int(ctx->arena, run));
    return job_add(ctx, "work.step", dedupe, str_from_int(ctx->arena, id), payload, ctx->now_ms);
}

static Err drop_jobs(Ctx *ctx, int64_t id) {
    return db_exec(ctx,
                   "DELETE FROM job WHERE kind = 'work.step' AND dest = $1"
                   " AND state IN ('ready', 'waiting', 'held', 'dead')",
                   ARGS(TXT(str_from_int(ctx->arena, id))));
}

/* ---- beginning ---- */

static Err insert(Ctx *ctx, const Work *how, int64_t id) {
    Buf facts = buf_new(ctx->arena, 0);

    json_write(&facts, how->facts ? how->facts : json_obj(ctx->arena));
    return db_exec(
        ctx,
        "INSERT INTO work (id, kind, subject, outlet_id, actor_id, state, done, total, at, run,"
        " facts, last_error, started_ms, changed_ms)"
        " VALUES ($1, $2, $3, $4, $5, 'running', $6, $7, 0, 0, $8, '', $9, $9)",
        ARGS(INT(id), TXT(how->kind), TXT(how->subject), INT(how->outlet_id), INT(ctx->person_id),
             INT(how->done), INT(how->total), TXT(buf_str(&facts)), INT(ctx->now_ms)));
}

Err work_begin(Ctx *ctx, const Work *how, Work *ret, bool *ret_is_new) {
    int64_t id = 0;
    Work work;

    if (!db_is_open(ctx))
        return FAIL(ERR_BUG, NULL, N_("Long work needs an open transaction to begin."));
    if (!work_kind(how->kind))
        return FAIL_ARGS(ERR_BUG, NULL, N_("There is no kind of long work \"{0}\"."), how->kind);
    TRY(work_find(ctx, how->kind, how->subject, &id));
    bool is_new = id == 0;
    if (is_new) {
        id = id_next(ctx);
        TRY(insert(ctx, how, id));
        TRY(add_job(ctx, id, 0, 0));
    } else {
        TRY(work_resume(ctx, id));
    }
    TRY(work_get(ctx, id, &work));
    *ret = work;
    *ret_is_new = is_new;
    return OK;
}

Err work_part_put(Ctx *ctx, int64_t id, int64_t n, Str bytes) {
    return db_exec(ctx, "INSERT INTO work_part (work_id, n, body) VALUES ($1, $2, $3)",
                   ARGS(INT(id), INT(n), BLOB(bytes)));
}

Err work_part(Ctx *ctx, int64_t id, int64_t n, Str *ret) {
    bool is_found = false;
    Str bytes = STR_EMPTY;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT body FROM work_part WHERE work_id = $1 AND n = $2",
                 ARGS(INT(id), INT(n))));
    if (db_next(&rows)) {
        bytes = db_blob(&rows, 0);
        is_found = true;
    }
    TRY(db_end(&rows));
    if (!is_found)
        return FAIL(ERR_BUG, NULL, N_("A part of what this work reads is missing."));
    *ret = bytes;
    return OK;
}

/* ---- a step ---- */

Err work_turn(Ctx *ctx, const Work *work, bool *ret_is_mine) {
    int64_t changed = 0;

    TRY(db_exec_count(ctx,
                      "UPDATE work SET changed_ms = $4 WHERE id = $1 AND run = $2 AND at = $3"
                      " AND state = 'running'",
                      ARGS(INT(work->id), INT(work->run), INT(work->cursor), INT(ctx->now_ms)),
                      &changed));
    *ret_is_mine = changed > 0;
    return OK;
}

static Err drop_parts(Ctx *ctx, int64_t id, int64_t before_n) {
    return db_exec(ctx, "DELETE FROM work_part WHERE work_id = $1 AND n < $2",
                   ARGS(INT(id), INT(before_n)));
}

Err work_advance(Ctx *ctx, const Work *work, int64_t more, int64_t cursor, bool is_end) {
    TRY(db_exec(ctx,
                "UPDATE work SET done = done + $2, at = $3, state = $4, changed_ms = $5,"
                " total = CASE WHEN total < done + $2 OR $4 = 'done' THEN done + $2 ELSE total END"
                " WHERE id = $1",
                ARGS(INT(work->id), INT(more), INT(cursor), TXT(is_end ? S("done") : S("running")),
                     INT(ctx->now_ms))));
    TRY(drop_parts(ctx, work->id, is_end ? INT64_MAX : cursor));
    return is_end ? OK : add_job(ctx, work->id, work->run, cursor);
}

static Err fail(Ctx *ctx, const Work *work, Err why) {
    int64_t changed = 0;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(db_exec_count(
        ctx,
        "UPDATE work SET state = 'failed', last_error = $3, changed_ms = $4"
        " WHERE id = $1 AND run = $2 AND state = 'running'",
        ARGS(INT(work->id), INT(work->run), TXT(why_write(ctx, why)), INT(ctx->now_ms)), &changed));
    return db_commit(&tx);
}

/* In memory of its own: a command runs one step after the other in the same. */
static Err step_apart(Ctx *ctx, const WorkKind *kind, const Work *work) {
    CLEANUP(arena_close) Arena *own = arena_new(arena_budget(ctx->arena));
    Ctx part = *ctx;

    part.arena = own;
    memset(&part.changed, 0, sizeof part.changed);
    Err err = kind->step(&part, work);
    for (size_t i = 0; i < part.changed.len; i++) /* tags of a step that failed do no harm */
        *(Str *)VEC_PUSH(ctx->arena, &ctx->changed) = str_dup(ctx->arena, part.changed.items[i]);
    for (size_t i = 0; i < COUNT_OF(err.args); i++)
        err.args[i] = str_dup(ctx->arena, err.args[i]);
    return err;
}

static Err run_step(Ctx *ctx, const Job *job) {
    const Json *run = json_get(job->payload, "run");
    int64_t id;
    Work work;

    if (!str_parse_int(json_get_text(job->payload, "work"), &id) || !run || run->type != JSON_INT)
        return FAIL(ERR_BUG, NULL, N_("The job names no piece of work."));
    TRY(work_get(ctx, id, &work));
    if (!str_eq(work.state, S("running")) || work.run != run->integer)
        return OK; /* stopped, ended, or gone on with by another job */
    const WorkKind *kind = work_kind(work.kind);
    if (!kind)
        return FAIL(ERR_BUG, NULL, N_("This program does not know how to do this job."));
    Err err = step_apart(ctx, kind, &work);
    bool comes_again = err.code == ERR_BUSY || err.code == ERR_IO;
    if (err.code == ERR_OK ||
        (comes_again && job->attempts < config_int(ctx->config, CONFIG_QUEUE_MAX_ATTEMPTS)))
        return err;
    log_err(ctx, "work.failed", err); /* its page says why; the job is done */
    db_reset(ctx->db);
    return fail(ctx, &work, err);
}

const JobKind work_job_kind = { .kind = "work.step", .lane = LANE_COMPUTE, .handler = run_step };

/* ---- by hand ---- */

/* Why nothing was changed: it is as asked already, it has ended, or it is not there. */
static Err not_moved(Ctx *ctx, int64_t id, Str wanted) {
    Work work;

    TRY(work_get(ctx, id, &work));
    if (str_eq(work.state, wanted))
        return OK;
    return FAIL(ERR_CONFLICT, NULL, N_("This piece of work has ended."));
}

Err work_stop(Ctx *ctx, int64_t id) {
    int64_t changed = 0;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(db_exec_count(ctx,
                      "UPDATE work SET state = 'stopped', changed_ms = $2 WHERE id = $1"
                      " AND state = 'running'",
                      ARGS(INT(id), INT(ctx->now_ms)), &changed));
    if (!changed)
        TRY(not_moved(ctx, id, S("stopped")));
    TRY(drop_jobs(ctx, id));
    return db_commit(&tx);
}

Err work_resume(Ctx *ctx, int64_t id) {
    Work work;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(work_get(ctx, id, &work));
    if (str_eq(work.state, S("done")) || str_eq(work.state, S("dropped")))
        return FAIL(ERR_CONFLICT, NULL, N_("This piece of work has ended."));
    if (!str_eq(work.state, S("running")) || work.is_stalled) {
        TRY(drop_jobs(ctx, id));
        TRY(db_exec(ctx,
                    "UPDATE work SET state = 'running', run = $2, last_error = '', changed_ms = $3"
                    " WHERE id = $1",
                    ARGS(INT(id), INT(work.run + 1), INT(ctx->now_ms))));
        TRY(add_job(ctx, id, work.run + 1, work.cursor));
    }
    return db_commit(&tx);
}

Err work_drop(Ctx *ctx, int64_t id) {
    int64_t changed = 0;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(db_exec_count(ctx,
                      "UPDATE work SET state = 'dropped', changed_ms = $2 WHERE id = $1"
                      " AND state IN " OPEN,
                      ARGS(INT(id), INT(ctx->now_ms)), &changed));
    if (!changed)
        TRY(not_moved(ctx, id, S("dropped")));
    TRY(drop_jobs(ctx, id));
    TRY(drop_parts(ctx, id, INT64_MAX));
    return db_commit(&tx);
}
