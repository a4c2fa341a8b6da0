/* queue/run.h - one claimed batch from start to outcome: private to queue/. */
#ifndef QUEUE_RUN_H
#define QUEUE_RUN_H

#include "queue/claim.h"

/* Runs the handler, then writes the outcome of every job of the batch. The error is the outcome's own. */
CHECKED Err run_batch(Ctx *ctx, const JobBatch *batch, int max_attempts);

#endif
