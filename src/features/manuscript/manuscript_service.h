/* features/manuscript/manuscript_service.h - what the acts on a story share: private to manuscript/. */
#ifndef FEATURES_MANUSCRIPT_MANUSCRIPT_SERVICE_H
#define FEATURES_MANUSCRIPT_MANUSCRIPT_SERVICE_H

#include "features/manuscript/manuscript.h"
#include "features/manuscript/manuscript_review.h"
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
 * The state is set by the caller. plan is NULL for a release by ctx's person; link_by as below.
 */
CHECKED Err manuscript_put_out(Ctx *ctx, Manuscript *m, const ManuscriptVersion *v,
                               const Plan *plan, int64_t link_by);
/* manuscript_release; link_by: who made the one-time link by which ctx's person does it, or 0. */
CHECKED Err manuscript_release_by_link(Ctx *ctx, int64_t id, int64_t version, int64_t link_by,
                                       Manuscript *ret);
/* The event of that name, with the tags of the pages that show the story. */
CHECKED Err manuscript_emit(Ctx *ctx, const Manuscript *m, const char *name, bool is_first);
/* ERR_INVALID or ERR_LIMIT, field "reason": 1..REASON_CHARS_MAX characters. */
CHECKED Err manuscript_check_reason(Ctx *ctx, Str reason);
/* What each entry says of a story: number, n, title and, with v, hash. */
Json *manuscript_sealed(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v);

/* ---- the check in steps, in the act's transaction ---- */

/* Of what is submitted: how this version is checked from now on; sets m's profile and step. */
CHECKED Err manuscript_begin_review(Ctx *ctx, Manuscript *m, const ManuscriptVersion *v);
/*
 * Of what is to be released: ERR_CONFLICT field "state" while a step is missing that must come before, ERR_FORBIDDEN for
 * a person who may not do its last review. *ret_found false: it is checked by two persons.
 */
CHECKED Err manuscript_check_reviewed(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v,
                                      Review *ret, bool *ret_found);
/* Of what is released now: m's profile and step, and until when the rest is owed. */
CHECKED Err manuscript_note_release(Ctx *ctx, Manuscript *m, const ManuscriptVersion *v,
                                    const Review *review);
/* {flow, proofs, keeps_early, steps[step id name role hash decided]} of an entry. */
CHECKED Err manuscript_review_model(Ctx *ctx, const Review *review, const ReviewText *text,
                                    Json **ret);
/* manuscript_decide inside the caller's transaction; link_by: who made the link, or 0. */
CHECKED Err manuscript_decide_case(Ctx *ctx, int64_t id, int64_t version, const Deciding *how,
                                   int64_t link_by, Manuscript *ret);

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
