/* features/annual/annual_store.h - rows of the tables annual_*: private to annual/. */
#ifndef FEATURES_ANNUAL_ANNUAL_STORE_H
#define FEATURES_ANNUAL_ANNUAL_STORE_H

#include "features/annual/annual.h"

/* *ret_made is false when there is a review of that outlet and year already. */
CHECKED Err annual_store_insert(Ctx *ctx, const AnnualReview *review, bool *ret_made);
/* id 0 in *ret when there is none. */
CHECKED Err annual_store_get(Ctx *ctx, int64_t id, AnnualReview *ret);
CHECKED Err annual_store_of_outlet(Ctx *ctx, int64_t outlet_id, int64_t year, AnnualReview *ret);
CHECKED Err annual_store_list_of_outlet(Ctx *ctx, int64_t outlet_id, AnnualReviewList *ret);
CHECKED Err annual_store_list(Ctx *ctx, int64_t year, int64_t after_id, int64_t limit,
                              AnnualReviewList *ret);
CHECKED Err annual_store_counts(Ctx *ctx, int64_t year, Str today, AnnualCounts *ret);
CHECKED Err annual_store_office(Ctx *ctx, Str today, int64_t limit, AnnualReviewList *ret);
CHECKED Err annual_store_outlets(Ctx *ctx, const int64_t *outlet_ids, size_t count, int64_t limit,
                                 AnnualReviewList *ret);

/* Counts, times and decision of *review, where the row still has its version, which rises. *ret_changed: 1, or 0. */
CHECKED Err annual_store_update(Ctx *ctx, const AnnualReview *review, int64_t *ret_changed);
CHECKED Err annual_store_insert_check(Ctx *ctx, int64_t review_id, const AnnualCheck *check);
CHECKED Err annual_store_insert_decision(Ctx *ctx, const AnnualDecision *decision);
/* The newest; id 0 when there is none. */
CHECKED Err annual_store_check(Ctx *ctx, int64_t review_id, AnnualCheck *ret);
/* Did this person send one of the review's self-checks? */
CHECKED Err annual_store_has_answered(Ctx *ctx, int64_t review_id, int64_t person_id, bool *ret);
CHECKED Err annual_store_decisions(Ctx *ctx, int64_t outlet_id, int64_t limit,
                                   AnnualDecisionList *ret);

#endif
