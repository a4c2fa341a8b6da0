/* queue/run.c - runs claimed jobs: handlers outside any transaction, outcomes under the fence. */
#include "queue/run.h"

#include "base/log.h"
#include "queue/claim.h"
#include "queue/kinds.h"

static Err run_handler(Ctx *ctx, const JobKind *kind, const JobBatch *batch) {
    if (!kind)
        return FAIL(ERR_BUG, NULL, N_("This program does not know how to do this job."));
    if (kind->batch)
        return kind->batch(ctx, batch->items, batch->len);
    return kind->handler(ctx, &batch->items[0]);
}

static Err finish(Ctx *ctx, const JobBatch *batch, Err outcome, int max_attempts) {
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    for (size_t i = 0; i < batch->len; i++)
        TRY(claim_finish(ctx, &batch->items[i], outcome, max_attempts));
    return db_commit(&tx);
}

static Err run_and_finish(Ctx *ctx, const JobKind *kind, const JobBatch *batch, int max_attempts) {
    Err outcome = run_handler(ctx, kind, batch);

    db_reset(ctx->db);
    ctx->now_ms = clock_now_ms(ctx->clock);
    bool is_early = outcome.field && strcmp(outcome.field, "@not_yet") == 0;
    if (outcome.code != ERR_OK && !is_early)
        log_err(ctx, "job.failed", outcome);
    bool comes_again = outcome.code == ERR_BUSY || outcome.code == ERR_IO;
    if (batch->len == 1 || outcome.code == ERR_OK || comes_again)
        return finish(ctx, batch, outcome, max_attempts);
    /* Somebody in it is at fault: each is tried alone, so that the others do not end with it. */
    for (size_t i = 0; i < batch->len; i++) {
        JobBatch one = { &batch->items[i], 1 };
        TRY(run_and_finish(ctx, kind, &one, max_attempts));
    }
    return OK;
}

Err run_batch(Ctx *ctx, const JobBatch *batch, int max_attempts) {
    const Job *first = &batch->items[0];

    ctx->actor = ACTOR_JOB;
    ctx->person_name = first->kind;
    if (first->attempts > max_attempts) /* then it is alone: see claim_next */
        return finish(ctx, batch,
                      FAIL(ERR_BUG, NULL,
                           N_("The program ended while it did this job, each time it was tried.")),
                      max_attempts);
    return run_and_finish(ctx, kind_find(first->kind), batch, max_attempts);
}

static Err run_one_of(Ctx *ctx, Lane lane, int64_t *ret) {
    JobBatch batch;

    *ret = 0;
    TRY(claim_next(ctx, lane, S("command"), config_int(ctx->config, CONFIG_QUEUE_LEASE_MS),
                   &batch));
    if (batch.len == 0)
        return OK;
    TRY(run_batch(ctx, &batch, (int)config_int(ctx->config, CONFIG_QUEUE_MAX_ATTEMPTS)));
    *ret = (int64_t)batch.len;
    return OK;
}

Err queue_run_one(Ctx *ctx, unsigned lanes, int64_t *ret) {
    int64_t done = 0;

    for (int lane = 0; done == 0 && lane < LANE_COUNT; lane++)
        if (lanes & 1u << lane)
            TRY(run_one_of(ctx, (Lane)lane, &done));
    *ret = done;
    return OK;
}

Err queue_run_due(Ctx *ctx, unsigned lanes, int64_t *ret) {
    int64_t done = 0, some;

    for (int lane = 0; lane < LANE_COUNT; lane++)
        if (lanes & 1u << lane)
            do {
                TRY(run_one_of(ctx, (Lane)lane, &some));
                done += some;
            } while (some > 0);
    *ret = done;
    return OK;
}
