/* features/manuscript/manuscript_service.h - what the acts on a story share: private to manuscript/. */
#ifndef FEATURES_MANUSCRIPT_MANUSCRIPT_SERVICE_H
#define FEATURES_MANUSCRIPT_MANUSCRIPT_SERVICE_H

#include "features/manuscript/manuscript.h"
#include "features/manuscript/manuscript_states.h"

/* Whoever writes is a person who signs for an outlet: ERR_FORBIDDEN, ERR_REFUSED rule 1. */
CHECKED Err manuscript_require_person(const Ctx *ctx);

/* In the act's transaction. A story of ctx's outlet at that row version: ERR_NOT_FOUND, ERR_CONFLICT. */
CHECKED Err manuscript_read_own(Ctx *ctx, int64_t id, int64_t version, Manuscript *ret);
/* The table's row for this act, checked against who acts; *ret_to may be m's own state. */
CHECKED Err manuscript_check_act(Ctx *ctx, const Manuscript *m, Act act, Str *ret_to);
/* The row as it is now in *m, changed by ctx's actor now; m->version rises. */
CHECKED Err manuscript_save(Ctx *ctx, Manuscript *m);
/*
 * m's working version becomes the one that readers see: row, version, pictures, entry "manuscript.released", event.
 * The state is set by the caller. plan is NULL for a release by ctx's person.
 */
CHECKED Err manuscript_put_out(Ctx *ctx, Manuscript *m, const ManuscriptVersion *v,
                               const Plan *plan);
/* What each entry says of a story: number, n, title and, with v, hash. */
Json *manuscript_sealed(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v);

/* {local, zone, at, fit, rules} of an entry. */
Json *manuscript_wall_model(Ctx *ctx, const WallTime *when);
/* True in the states that a plan leads to. */
bool manuscript_has_plan(const Manuscript *m);
/* The job of the story's plan, if there is one, goes. */
CHECKED Err manuscript_owe_no_more(Ctx *ctx, int64_t id);
/* The plan came to nothing: its state, and the entry "manuscript.unplanned" with why. */
CHECKED Err manuscript_end_plan(Ctx *ctx, const Manuscript *m, const char *why);

/* Outside the transaction: the instant that the filing's embargo means; local empty: none. */
CHECKED Err manuscript_read_embargo(Ctx *ctx, const Filing *filing, WallTime *ret);
/* Stores it where the filing says anything of it, and adds it to the entry. */
CHECKED Err manuscript_put_embargo(Ctx *ctx, const Manuscript *m, const Filing *filing,
                                   const WallTime *when, Json *sealed);
/* ERR_INVALID with that field before the story's embargo. */
CHECKED Err manuscript_check_embargo(Ctx *ctx, int64_t id, int64_t at_ms, const char *field);

#endif
