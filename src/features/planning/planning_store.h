/* features/planning/planning_store.h - rows of planning's tables: private to planning/. */
#ifndef FEATURES_PLANNING_PLANNING_STORE_H
#define FEATURES_PLANNING_PLANNING_STORE_H

#include "features/planning/planning.h"

CHECKED Err pitch_store_insert(Ctx *ctx, const Pitch *p);
/* id 0 when there is none. */
CHECKED Err pitch_store_get(Ctx *ctx, int64_t id, Pitch *ret);
/* Moves it to p->state, from the version p->version to the next; *ret_changed 0: it has another version by now. */
CHECKED Err pitch_store_move(Ctx *ctx, const Pitch *p, int64_t *ret_changed);
/* Says that something was added to it; the version stays. */
CHECKED Err pitch_store_touch(Ctx *ctx, int64_t id, int64_t at_ms);
CHECKED Err pitch_store_list(Ctx *ctx, int64_t outlet_id, Str state, int64_t below_id, int limit,
                             PitchList *ret);
CHECKED Err pitch_store_add_step(Ctx *ctx, const PitchStep *step);
/* Oldest first, at most PITCH_STEPS_MAX. */
CHECKED Err pitch_store_steps(Ctx *ctx, int64_t pitch_id, PitchSteps *ret);

#endif
