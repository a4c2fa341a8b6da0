/* features/annual/annual_pages.h - a review as its pages show it: private to annual/. */
#ifndef FEATURES_ANNUAL_ANNUAL_PAGES_H
#define FEATURES_ANNUAL_ANNUAL_PAGES_H

#include "features/annual/annual.h"

#define ANNUAL_QUESTION_KEYS                                                                       \
    "no text fact{label message look} is_answered is_yes answer_text look remark"
/* Of the page of an outlet's review, for both sides. */
#define ANNUAL_PAGE_KEYS                                                                           \
    "title name no year version answer_by opened_on stand stand_text look has_review is_overdue "  \
    "answered{on person n} questions[" ANNUAL_QUESTION_KEYS "] "                                   \
    "decisions[" ANNUAL_PUBLIC_KEYS " findings] years[year url is_current] flags[name text look]"

/* Fills model with all of ANNUAL_PAGE_KEYS; review->id 0: there is none yet. base: the page's path. */
CHECKED Err annual_page(Ctx *ctx, Str base, const Outlet *outlet, const AnnualReview *review,
                        const AnnualCheck *check, Json *model);
/* A day as the reader's language writes it; empty for 0. */
CHECKED Err annual_day(Ctx *ctx, Str zone, int64_t at_ms, Str *ret);
Json *annual_words(Ctx *ctx, const char *msgid);

#endif
