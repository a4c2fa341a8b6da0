/* queue/claim.c - leases with a fence: one conditional UPDATE takes a job, each outcome names the fence. */
#include "queue/claim.h"

#include "base/vec.h"
#include "queue/kinds.h"
#include "queue/why.h"
#include "text/json_read.h"

static const char UNSURE[] = N_("It is not known whether the receiver has it ({0}).");

enum { PAUSE_FIRST_MS = 2000, PAUSE_MAX_MS = 3600000 };

/*
 * $1 lane, $2 now, $3 the latest end of a pause that can begin now, $4 the latest end of a lease. What ends later
 * was written by a clock that ran ahead and was put right since: it is due, for waiting might take years. A job
 * whose holder still lives then runs twice, and the fence lets only one of them write its outcome.
 */
#define DUE                                                                                        \
    "(state = 'ready' OR (state = 'waiting' AND (due_ms <= $2 OR (attempts > 0 AND due_ms > $3)))" \
    " OR (state = 'leased' AND (lease_until_ms <= $2 OR lease_until_ms > $4)))"

#define DUE_ARGS(ctx, lane, lease_ms)                                                              \
    INT(lane), INT((ctx)->now_ms), INT((ctx)->now_ms + PAUSE_MAX_MS),                              \
        INT((ctx)->now_ms + 2 * (lease_ms))

#define COLUMNS "id, lane, kind, dedupe, dest, payload, due_ms, attempts, fence"

Err job_unsure(Str why) {
    Err err = FAIL(ERR_CONFLICT, "@unsure", UNSURE);

    err.args[0] = why;
    return err;
}

Err job_not_yet(Ctx *ctx, int64_t due_ms) {
    Err err = FAIL(ERR_CONFLICT, "@not_yet", N_("It was not yet time."));

    err.args[0] = str_from_int(ctx->arena, due_ms);
    return err;
}

static Err read_row(Ctx *ctx, DbRows *row, Job *ret) {
    *ret = (Job){ .id = db_int(row, 0),
                  .lane = (Lane)db_int(row, 1),
                  .kind = db_text(row, 2),
                  .dedupe = db_text(row, 3),
                  .dest = db_text(row, 4),
                  .due_ms = db_int(row, 6),
                  .attempts = (int)db_int(row, 7),
                  .fence = db_int(row, 8) };
    return json_read(ctx->arena, db_text(row, 5), 32, &ret->payload);
}

/* A cheap look on the reader, so that an idle lane opens no write transaction. */
static Err is_due(Ctx *ctx, Lane lane, int64_t lease_ms, bool *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT id FROM job WHERE lane = $1 AND " DUE " LIMIT 1",
                 ARGS(DUE_ARGS(ctx, lane, lease_ms))));
    bool is = db_next(&rows);
    TRY(db_end(&rows));
    *ret = is;
    return OK;
}

static Err claim_one(Ctx *ctx, Lane lane, Str owner, int64_t lease_ms, Job *ret) {
    DB_ROWS(rows);

    *ret = (Job){ 0 };
    TRY(db_query(
        ctx, &rows,
        "UPDATE job SET state = 'leased', fence = fence + 1, attempts = attempts + 1,"
        " lease_owner = $5, lease_until_ms = $6 WHERE id = (SELECT id FROM job WHERE lane = $1"
        " AND " DUE " ORDER BY due_ms, id LIMIT 1 {{SKIP_LOCKED}}) RETURNING " COLUMNS,
        ARGS(DUE_ARGS(ctx, lane, lease_ms), TXT(owner), INT(ctx->now_ms + lease_ms))));
    if (db_next(&rows))
        TRY(read_row(ctx, &rows, ret));
    return db_end(&rows);
}

/* Only what was never tried: a job that failed, or took its program down, comes again alone. */
static Err claim_more(Ctx *ctx, const JobKind *kind, Str owner, int64_t lease_ms, JobBatch *batch) {
    DB_ROWS(rows);

    TRY(db_query(
        ctx, &rows,
        "UPDATE job SET state = 'leased', fence = fence + 1, attempts = attempts + 1,"
        " lease_owner = $3, lease_until_ms = $4 WHERE id IN (SELECT id FROM job WHERE kind = $1"
        " AND attempts = 0 AND (state = 'ready' OR (state = 'waiting' AND due_ms <= $2))"
        " ORDER BY due_ms, id LIMIT $5"
        " {{SKIP_LOCKED}}) RETURNING " COLUMNS,
        ARGS(TXT(str_from_c(kind->kind)), INT(ctx->now_ms), TXT(owner), INT(ctx->now_ms + lease_ms),
             INT(kind->batch_max - 1))));
    while (db_next(&rows))
        TRY(read_row(ctx, &rows, &batch->items[batch->len++]));
    return db_end(&rows);
}

Err job_is_due(Ctx *ctx, Lane lane, bool *ret) {
    bool is;

    TRY(is_due(ctx, lane, config_int(ctx->config, CONFIG_QUEUE_LEASE_MS), &is));
    *ret = is;
    return OK;
}

Err claim_next(Ctx *ctx, Lane lane, Str owner, int64_t lease_ms, JobBatch *ret) {
    JobBatch batch = { 0 };
    Job first;
    bool is_any;
    DB_TX(tx);

    TRY(is_due(ctx, lane, lease_ms, &is_any));
    if (!is_any) {
        *ret = batch;
        return OK;
    }
    TRY(db_begin(ctx, &tx));
    TRY(claim_one(ctx, lane, owner, lease_ms, &first));
    if (first.id) {
        const JobKind *kind = kind_find(first.kind);
        bool is_alone = !kind || !kind->batch || first.attempts > 1;
        size_t max = is_alone ? 1 : (size_t)kind->batch_max;
        batch.items = arena_array(ctx->arena, max, sizeof(Job));
        batch.items[batch.len++] = first;
        if (max > 1)
            TRY(claim_more(ctx, kind, owner, lease_ms, &batch));
    }
    TRY(db_commit(&tx));
    *ret = batch;
    return OK;
}

int64_t claim_backoff_ms(Chance *chance, int attempts) {
    int64_t pause = PAUSE_FIRST_MS;

    for (int i = 1; i < attempts && pause < PAUSE_MAX_MS; i++)
        pause *= 2;
    if (pause > PAUSE_MAX_MS)
        pause = PAUSE_MAX_MS;
    return pause / 2 + (int64_t)chance_below(chance, (uint64_t)(pause / 2 + 1));
}

static Err put_state(Ctx *ctx, const Job *job, const char *state, int64_t due_ms, Err outcome) {
    Str why = why_write(ctx, outcome);

    return db_exec(
        ctx,
        "UPDATE job SET state = $3, due_ms = $4, last_error = $5, lease_until_ms = 0"
        " WHERE id = $1 AND fence = $2 AND state = 'leased'",
        ARGS(INT(job->id), INT(job->fence), TXT(str_from_c(state)), INT(due_ms), TXT(why)));
}

/* As if it had not been tried: what was never tried waits as long as it says (see DUE). */
static Err put_back(Ctx *ctx, const Job *job, int64_t due_ms) {
    return db_exec(ctx,
                   "UPDATE job SET state = 'waiting', due_ms = $3, attempts = 0, lease_until_ms = 0"
                   " WHERE id = $1 AND fence = $2 AND state = 'leased'",
                   ARGS(INT(job->id), INT(job->fence), INT(due_ms)));
}

Err claim_finish(Ctx *ctx, const Job *job, Err outcome, int max_attempts) {
    if (outcome.code == ERR_OK)
        return db_exec(ctx, "DELETE FROM job WHERE id = $1 AND fence = $2 AND state = 'leased'",
                       ARGS(INT(job->id), INT(job->fence)));
    if (outcome.field && strcmp(outcome.field, "@unsure") == 0)
        return put_state(ctx, job, "unsure", job->due_ms, outcome);
    int64_t due_ms;
    if (outcome.field && strcmp(outcome.field, "@not_yet") == 0 &&
        str_parse_int(outcome.args[0], &due_ms))
        return put_back(ctx, job, due_ms);
    bool comes_again = outcome.code == ERR_BUSY || outcome.code == ERR_IO;
    if (!comes_again || job->attempts >= max_attempts)
        return put_state(ctx, job, "dead", job->due_ms, outcome);
    return put_state(ctx, job, "waiting",
                     ctx->now_ms + claim_backoff_ms(ctx->chance, job->attempts), outcome);
}
