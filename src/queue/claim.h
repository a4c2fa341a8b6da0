/* queue/claim.h - taking a job under a lease with a fence, and writing its outcome: private to queue/. */
#ifndef QUEUE_CLAIM_H
#define QUEUE_CLAIM_H

#include "queue/job.h"

typedef struct JobBatch {
    Job *items;
    size_t len;
} JobBatch;

/*
 * Claims the oldest due job of a lane and, where its kind runs in batches, more of that kind. A lease that
 * ran out counts as due. ret->len is 0 when nothing is due. One transaction.
 */
CHECKED Err claim_next(Ctx *ctx, Lane lane, Str owner, int64_t lease_ms, JobBatch *ret);

/* Writes what became of a job; a lost lease (another fence) changes nothing and is no error. */
CHECKED Err claim_finish(Ctx *ctx, const Job *job, Err outcome, int max_attempts);

/* Milliseconds until the next attempt: 2 s doubled each time up to 1 h, half of it by chance. */
int64_t claim_backoff_ms(Chance *chance, int attempts);

#endif
