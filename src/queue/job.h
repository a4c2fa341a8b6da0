/* queue/job.h - work still owed: lanes, leases with a fence, retries; each handler is safe to run twice. */
#ifndef QUEUE_JOB_H
#define QUEUE_JOB_H

#include "base/json.h"
#include "conf/conf.h"
#include "db/db.h"

/* Stored by their number. LANE_RELEASE holds what was promised for a minute: nothing long runs in it. */
typedef enum Lane {
    LANE_DELIVER,
    LANE_COMPUTE,
    LANE_MAIL,
    LANE_UPKEEP,
    LANE_RELEASE,
    LANE_COUNT
} Lane;

typedef struct Job {
    int64_t id;
    Lane lane;
    Str kind;
    Str dedupe;
    Str dest; /* whom it goes to, for fairness; may be empty */
    Json *payload;
    int64_t due_ms;
    int attempts; /* 1 in the first run */
    int64_t fence;
} Job;

/*
 * ERR_OK ends the job (its row goes). ERR_BUSY and ERR_IO come again with back-off and jitter until
 * queue.max_attempts, then `dead`, and so does a job during which its program ended so often. Another error ends it
 * as `dead` at once; a batch that fails so is run again job by job, so that only those at fault end. A handler
 * that must not be repeated blindly returns through job_unsure. Runs without an open transaction.
 */
typedef Err (*JobHandler)(Ctx *ctx, const Job *job);

typedef struct JobKind {
    const char *kind; /* "search.index" */
    Lane lane;
    JobHandler handler;
    /* Several jobs of this kind at once (search.index): NULL means one by one. */
    Err (*batch)(Ctx *ctx, const Job *jobs, size_t count);
    int batch_max;
} JobKind;

typedef struct Subscription {
    const char *event; /* "manuscript.published" */
    const char *kind;
} Subscription;

/* Process-wide tables, handed over by app/ once before any thread starts; they live for ever. */
void queue_use(const JobKind *kinds, size_t kind_count, const Subscription *subscriptions,
               size_t count);

/*
 * A job by hand, in the caller's transaction: ready, or waiting for a due_ms that is still to come. The same
 * dedupe while one is not dead: nothing is added.
 */
CHECKED Err job_add(Ctx *ctx, const char *kind, Str dedupe, Str dest, Json *payload,
                    int64_t due_ms);

/* It is owed no more, in the caller's transaction; a run that has begun goes on. Safe to repeat. */
CHECKED Err job_drop(Ctx *ctx, Str dedupe);

/* The handler does not know whether the receiver has it: the job becomes `unsure` until settled. */
Err job_unsure(Str why);
/* It was not yet time (a clock was put back): the job waits until due_ms, and this run counts as none. */
Err job_not_yet(Ctx *ctx, int64_t due_ms);

/* What is owed and why it waits. */
typedef struct JobRow {
    int64_t id;
    Str lane, kind, dest, state;
    Str last_error;   /* the sentence of the last failure, untranslated; empty: none */
    Str last_args[2]; /* what fills its {0} and {1} */
    int64_t due_ms;
    int attempts;
    bool is_overdue; /* ready or waiting, and due_ms + 60 s < now: computed */
} JobRow;
typedef struct JobList {
    JobRow *items;
    size_t len;
} JobList;
CHECKED Err job_list(Ctx *ctx, Str state_or_empty, int64_t after_id, int limit, JobList *ret);
typedef struct JobCounts {
    int64_t ready, waiting, leased, held, unsure, dead, overdue;
} JobCounts;
CHECKED Err job_counts(Ctx *ctx, JobCounts *ret);
/* Is anything due in this lane, beside what is being done? For a batch that waits and might make room. */
CHECKED Err job_is_due(Ctx *ctx, Lane lane, bool *ret);
CHECKED Err job_retry(
    Ctx *ctx, int64_t id); /* dead, held, waiting: ready now. ERR_CONFLICT when leased or unsure */
CHECKED Err job_hold(Ctx *ctx, int64_t id);                  /* ready, waiting: held */
CHECKED Err job_settle(Ctx *ctx, int64_t id, bool is_there); /* unsure: done, or ready again */

/* ---- running ---- */

typedef struct QueueRunner QueueRunner;
typedef struct QueueApp {
    const Config *config;
    DbStore *store;
    struct Ids *ids;
    Clock *clock;
    Chance *chance;
    /* After each job, whatever became of it: tags of the cached pages that its acts changed. NULL: nobody asks. */
    void (*changed)(void *user, const Str *tags, size_t count);
    void *user;
} QueueApp;
/* Starts threads for the lanes of the bit set (1 << LANE_COMPUTE | ...). */
CHECKED Err queue_start(const QueueApp *app, unsigned lanes, QueueRunner **ret);
/* Finishes running jobs (up to their lease) and stops. */
void queue_stop(QueueRunner *runner);
/* Wakes the threads: after a commit that added jobs. Safe from any thread. */
void queue_wake(void);
/* Claims and runs what is due in these lanes on the caller's connection until nothing is; for commands and
 * tests. *ret counts jobs run. */
CHECKED Err queue_run_due(Ctx *ctx, unsigned lanes, int64_t *ret);
/* The same, one batch only: *ret is 0 when nothing is due. */
CHECKED Err queue_run_one(Ctx *ctx, unsigned lanes, int64_t *ret);

#endif
