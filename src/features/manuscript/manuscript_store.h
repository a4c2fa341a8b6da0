/* features/manuscript/manuscript_store.h - rows of manuscript's tables: private to manuscript/. */
#ifndef FEATURES_MANUSCRIPT_MANUSCRIPT_STORE_H
#define FEATURES_MANUSCRIPT_MANUSCRIPT_STORE_H

#include "features/manuscript/manuscript_review.h"

/* Writes are called inside the act's transaction. Errors: ERR_BUSY with retry, ERR_IO. */

/* import_key and import_hash are empty but for stories from before. */
CHECKED Err manuscript_store_insert(Ctx *ctx, const Manuscript *m, Str import_key, Str import_hash);
/* Every column that acts change, and version + 1, where the row still has m->version; *ret_changed counts. */
CHECKED Err manuscript_store_update(Ctx *ctx, const Manuscript *m, int64_t *ret_changed);
CHECKED Err manuscript_store_get(Ctx *ctx, int64_t id, Manuscript *ret, bool *ret_found);
CHECKED Err manuscript_store_count_correction(Ctx *ctx, int64_t id);
/* The next number of the outlet's year, from 1. */
CHECKED Err manuscript_store_next_number(Ctx *ctx, int64_t outlet_id, int64_t year, int64_t *ret);

CHECKED Err manuscript_store_version_put(Ctx *ctx, const ManuscriptVersion *v);
CHECKED Err manuscript_store_version_release(Ctx *ctx, int64_t id, int64_t n, int64_t released_by);
CHECKED Err manuscript_store_version_get(Ctx *ctx, int64_t id, int64_t n, ManuscriptVersion *ret,
                                         bool *ret_found);

/* Stored HTML as it may be shown; cleaner is the version of the sanitizer that made it. */
CHECKED Err manuscript_store_html(Ctx *ctx, Str html, int64_t cleaner, Str *ret);

/* ---- plans and embargoes ---- */

/* The story's one plan, in place of an earlier one. */
CHECKED Err manuscript_store_plan_put(Ctx *ctx, const Plan *plan);
CHECKED Err manuscript_store_plan_get(Ctx *ctx, int64_t manuscript_id, Plan *ret, bool *ret_found);
/* Its state becomes held, edited, returned or cancelled; by ctx's person, now. */
CHECKED Err manuscript_store_plan_end(Ctx *ctx, int64_t manuscript_id, Str state, Str why);
CHECKED Err manuscript_store_plan_delete(Ctx *ctx, int64_t manuscript_id);
CHECKED Err manuscript_store_plan_move(Ctx *ctx, int64_t manuscript_id, const WallTime *when);
/* The first that waits, is due and comes after (after_ms, after_id) in the order (at_ms, id). */
CHECKED Err manuscript_store_plan_due(Ctx *ctx, int64_t after_ms, int64_t after_id, Plan *ret,
                                      bool *ret_found);
/* The next that still waits or is held and was computed with other rules, after that story. */
CHECKED Err manuscript_store_plan_stale(Ctx *ctx, Str rules, int64_t after_id, Plan *ret,
                                        bool *ret_found);

CHECKED Err manuscript_store_embargo_put(Ctx *ctx, const Embargo *embargo);
CHECKED Err manuscript_store_embargo_get(Ctx *ctx, int64_t manuscript_id, Embargo *ret,
                                         bool *ret_found);
CHECKED Err manuscript_store_embargo_delete(Ctx *ctx, int64_t manuscript_id);
CHECKED Err manuscript_store_embargo_stale(Ctx *ctx, Str rules, int64_t after_id, Embargo *ret,
                                           bool *ret_found);

CHECKED Err manuscript_store_word_put(Ctx *ctx, int64_t manuscript_id, Str file_name, Str lost);
CHECKED Err manuscript_store_word_get(Ctx *ctx, int64_t manuscript_id, Str *ret_file_name,
                                      Str *ret_lost, bool *ret_found);

/* ---- the check in steps ---- */

CHECKED Err manuscript_store_flow_put(Ctx *ctx, int64_t outlet_id, const Flow *flow);
CHECKED Err manuscript_store_flow_delete(Ctx *ctx, int64_t outlet_id, Str kind);
/* By kind, the one for all others first. */
CHECKED Err manuscript_store_flows(Ctx *ctx, int64_t outlet_id, FlowList *ret);

/* Puts the check of a version in place of an earlier one of it; its decisions stay. */
CHECKED Err manuscript_store_review_put(Ctx *ctx, const Review *review);
CHECKED Err manuscript_store_review_delete(Ctx *ctx, int64_t id, int64_t n);
/* Without the decisions. */
CHECKED Err manuscript_store_review_get(Ctx *ctx, int64_t id, int64_t n, Review *ret,
                                        bool *ret_found);
CHECKED Err manuscript_store_review_due(Ctx *ctx, int64_t id, int64_t n, int64_t due_ms);
/* What was put off, of any version of the story, is done now. */
CHECKED Err manuscript_store_review_done(Ctx *ctx, int64_t id);
CHECKED Err manuscript_store_reviews_overdue(Ctx *ctx, int64_t *ret);

CHECKED Err manuscript_store_decision_put(Ctx *ctx, const Review *review, const Decision *d);
CHECKED Err manuscript_store_decisions(Ctx *ctx, Review *review);

CHECKED Err manuscript_store_opened_put(Ctx *ctx, int64_t id, Str hash);
/* 0: that text was not before ctx's person. */
CHECKED Err manuscript_store_opened_get(Ctx *ctx, int64_t id, Str hash, int64_t *ret);

CHECKED Err manuscript_store_comment_put(Ctx *ctx, int64_t outlet_id, const Comment *c);
CHECKED Err manuscript_store_comment_close(Ctx *ctx, int64_t id, int64_t comment_id,
                                           int64_t *ret_changed);
CHECKED Err manuscript_store_comments(Ctx *ctx, int64_t id, CommentList *ret);

CHECKED Err manuscript_store_link_put(Ctx *ctx, const SignLink *link);
CHECKED Err manuscript_store_link_get(Ctx *ctx, Str token_hash, SignLink *ret, bool *ret_found);
/* *ret_changed 0: it was used already. */
CHECKED Err manuscript_store_link_use(Ctx *ctx, Str token_hash, int64_t *ret_changed);

enum { WAITING_STEPS_MAX = 500 };
/*
 * Stories that wait for a step which ctx's person neither wrote nor did already, of all outlets, the longest waiting
 * first; at most WAITING_STEPS_MAX.
 */
CHECKED Err manuscript_store_waiting_steps(Ctx *ctx, ManuscriptList *ret);

/* The import_hash under that key; empty when there is no such story. */
CHECKED Err manuscript_store_import_hash(Ctx *ctx, int64_t outlet_id, Str import_key, Str *ret);

#endif
