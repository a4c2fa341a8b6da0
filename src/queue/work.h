/* queue/work.h - long work in steps: how far it is, who began it, stopped and gone on with where it was. */
#ifndef QUEUE_WORK_H
#define QUEUE_WORK_H

#include "queue/job.h"

/*
 * A piece of work is a row with a cursor. Its kind's `step` does a bounded part in one transaction of the record file
 * and moves the cursor in the same transaction, so that what counts as done is stored and what is stored counts; one
 * job stands for the next step. A stop is exact: a step at hand commits first, none begins afterwards. Killed at any
 * moment, it goes on from the cursor when the lease of its job runs out.
 *
 * What a long work reads may be kept with it in parts, numbered as its cursor counts: a part goes with the step that
 * has done it, the rest when the work ends or is given up.
 */
typedef struct Work {
    int64_t id;
    Str kind;            /* "stories.import" */
    Str subject;         /* what it is done to; of one kind and subject at most one is not ended */
    int64_t outlet_id;   /* 0: the alliance */
    int64_t actor_id;    /* person; 0: the operator */
    Str state;           /* running stopped failed done dropped */
    int64_t done, total; /* in the kind's unit; done counts only what is stored */
    int64_t cursor;      /* where the next step begins; the kind says what it counts */
    int64_t run;         /* raised whenever it goes on: jobs of an earlier run do nothing */
    Json *facts;         /* what the steps need to know */
    Str last_error;      /* why it failed: an untranslated sentence, or empty */
    Str last_args[2];    /* what fills its {0} and {1} */
    int64_t started_ms, changed_ms;
    bool is_stalled; /* running, but no job is owed for it: it needs to be gone on with by hand */
} Work;

/* Does the part at work->cursor; runs without an open transaction, in memory of its own, and is safe to run twice. */
typedef Err (*WorkStep)(Ctx *ctx, const Work *work);

typedef struct WorkKind {
    const char *kind;
    const char *title; /* N_(), what people call it */
    const char *unit;  /* N_("{0} of {1} rows") */
    int cap;           /* who may begin it may stop it and go on with it */
    bool is_per_outlet;
    WorkStep step;
} WorkKind;

/* Process-wide table, handed over by app/ once before any thread starts; it lives for ever. */
void work_use(const WorkKind *kinds, size_t count);
/* NULL when this program knows no such kind. */
const WorkKind *work_kind(Str kind);
/* Job "work.step": app/ puts it among the kinds of queue_use. */
extern const JobKind work_job_kind;

/*
 * Begins a piece of work, in the caller's transaction: only kind, subject, outlet_id, total, done and facts of `how`
 * are read. Where one of the same kind and subject is not ended, that one goes on and *ret_is_new is false.
 */
CHECKED Err work_begin(Ctx *ctx, const Work *how, Work *ret, bool *ret_is_new);
/* The piece of that kind and subject that is not ended; 0: there is none. */
CHECKED Err work_find(Ctx *ctx, Str kind, Str subject, int64_t *ret_id);
/* Keeps the part of that number, in the caller's transaction. bytes is borrowed for the call. */
CHECKED Err work_part_put(Ctx *ctx, int64_t id, int64_t n, Str bytes);
/* ERR_BUG when it is not there. */
CHECKED Err work_part(Ctx *ctx, int64_t id, int64_t n, Str *ret);

/* ---- for a step, inside its transaction ---- */

/* First of all: takes the row until the end. False: it was stopped, or another was faster; then nothing is done. */
CHECKED Err work_turn(Ctx *ctx, const Work *work, bool *ret_is_mine);
/*
 * Last of all: `more` is done and the next step begins at cursor; is_end: there is none. Where there was more, or less,
 * to do than was thought at first, the total follows.
 */
CHECKED Err work_advance(Ctx *ctx, const Work *work, int64_t more, int64_t cursor, bool is_end);

/* ---- for people ---- */

/* ERR_NOT_FOUND. */
CHECKED Err work_get(Ctx *ctx, int64_t id, Work *ret);
typedef struct WorkList {
    Work *items;
    size_t len;
} WorkList;
/* Newest first; before_id 0: from the newest. actor_id -1: whoever began it. limit 1..100. */
CHECKED Err work_list(Ctx *ctx, int64_t actor_id, int64_t before_id, int limit, WorkList *ret);
/* No step begins any more; OK also when it is stopped already. ERR_NOT_FOUND, ERR_CONFLICT: it has ended. */
CHECKED Err work_stop(Ctx *ctx, int64_t id);
/* Goes on where it was; OK also when it runs. ERR_NOT_FOUND, ERR_CONFLICT: it has ended. */
CHECKED Err work_resume(Ctx *ctx, int64_t id);
/* Gives it up: what is done stays, what it kept goes. ERR_NOT_FOUND, ERR_CONFLICT: it has ended. */
CHECKED Err work_drop(Ctx *ctx, int64_t id);

#endif
