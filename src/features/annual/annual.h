/* features/annual/annual.h - the annual review (年审) of outlets: self-check, findings, decision (product.md 3). */
#ifndef FEATURES_ANNUAL_ANNUAL_H
#define FEATURES_ANNUAL_ANNUAL_H

#include "features/register/register.h"
#include "http/route.h"

enum {
    ANNUAL_OPEN_MAX = 500, /* outlets whose review one act opens */
    ANNUAL_QUESTIONS_MAX = 8,
    ANNUAL_ROUNDS_MAX = 20, /* self-checks, and decisions, of one review */
    ANNUAL_REMARK_CHARS_MAX = 300,
    ANNUAL_FINDINGS_CHARS_MAX = 1000,
    ANNUAL_MEASURE_CHARS_MAX = 500,
    ANNUAL_LIST_MAX = 200
};

/* A review of one outlet and year. Reviews, self-checks and decisions are never deleted. */
typedef struct AnnualReview {
    int64_t id, outlet_id;
    int64_t year;
    int64_t form;                 /* version of the questions that it asks */
    int64_t opened_ms, opened_by; /* by 0: the operator */
    Str answer_by;                /* YYYY-MM-DD, the last day of the self-check */
    int64_t checks, answered_ms;  /* how many were sent; when the newest: 0 never */
    Str decision;                 /* "" | passed | rectify | suspended: the newest holds */
    Str due_on;                   /* YYYY-MM-DD by when to rectify, else empty */
    int64_t decisions, decided_ms, decided_by;
    int64_t version;
} AnnualReview;
typedef struct AnnualReviewList {
    AnnualReview *items;
    size_t len;
} AnnualReviewList;

typedef struct AnnualAnswer {
    int64_t no; /* of the question, from 1 */
    bool is_yes;
    Str remark; /* 0..ANNUAL_REMARK_CHARS_MAX characters; needed where the answer is no */
} AnnualAnswer;

/* A self-check as it was sent. */
typedef struct AnnualCheck {
    int64_t id; /* 0: none was sent */
    int64_t n, by_id, at_ms;
    AnnualAnswer answers[ANNUAL_QUESTIONS_MAX];
    size_t len;
} AnnualCheck;

typedef struct AnnualDecision {
    int64_t id, review_id, outlet_id, year;
    int64_t n; /* of its review, from 1; the highest holds */
    Str decision;
    Str findings; /* for the outlet and the office, 1..ANNUAL_FINDINGS_CHARS_MAX characters */
    Str measure, due_on; /* only to rectify: what, 1..ANNUAL_MEASURE_CHARS_MAX, and by which day */
    Str reason;          /* public, 1..OUTLET_REASON_CHARS_MAX */
    int64_t by_id;
    Str role; /* the office in which it was made: 登记员, 管理员 */
    int64_t at_ms;
} AnnualDecision;
typedef struct AnnualDecisionList {
    AnnualDecision *items;
    size_t len;
} AnnualDecisionList;

/*
 * Acts, each one transaction with its log entry (subject: the outlet). Common failures: ERR_INVALID and ERR_LIMIT
 * with the field, ERR_CONFLICT, ERR_NOT_FOUND, ERR_FORBIDDEN, ERR_BUSY with retry, ERR_IO.
 */

typedef struct AnnualOpened {
    int64_t opened; /* by this call */
    int64_t left;   /* due and not opened: beyond ANNUAL_OPEN_MAX */
} AnnualOpened;
/*
 * Opens the review of a year (this one or the one before, in the alliance's zone) for one outlet, or with outlet_id
 * 0 for all that are due, by number. Each moves to in_review; entries "review.opened" and "outlet.state".
 * answer_by: YYYY-MM-DD, today or at most a year ahead. Repeating it for all opens what is left, maybe none; for one
 * that is not due: ERR_CONFLICT "outlet".
 */
CHECKED Err annual_open(Ctx *ctx, int64_t year, Str answer_by, int64_t outlet_id,
                        AnnualOpened *ret);
/*
 * The outlet's self-check: all questions of the review's form, in their order. May be sent again until the
 * decision; each stays. Entry and event "review.answered" {outlet_id, year}. A person only. ERR_CONFLICT
 * "version", or without a field when it is decided or the outlet is not in review any more.
 */
CHECKED Err annual_answer(Ctx *ctx, int64_t review_id, int64_t version, const AnnualAnswer *answers,
                          size_t count);
/*
 * The office's decision, which moves the outlet to that state; of *decision only decision, findings, measure, due_on
 * and reason are read. ctx->role is the office. Entry and event "review.decided" {outlet_id, year}, tags
 * outlet:{id}, outlets, home. Needs a self-check, unless its last day is past (ERR_CONFLICT). A person only, and none
 * that sent a self-check of it (ERR_FORBIDDEN). While the outlet stands where the newest decision put it, one
 * more corrects that. ERR_CONFLICT "version" names who decided meanwhile and what.
 */
CHECKED Err annual_decide(Ctx *ctx, int64_t review_id, int64_t version,
                          const AnnualDecision *decision);

/* ---- reading; ERR_IO, ERR_BUSY ---- */

/* Of that year; year 0: the newest. ERR_NOT_FOUND. */
CHECKED Err annual_of_outlet(Ctx *ctx, int64_t outlet_id, int64_t year, AnnualReview *ret);
/* All reviews of an outlet, newest year first; at most ANNUAL_LIST_MAX. */
CHECKED Err annual_list_of_outlet(Ctx *ctx, int64_t outlet_id, AnnualReviewList *ret);
/* The newest self-check; id 0 when none was sent. */
CHECKED Err annual_check(Ctx *ctx, int64_t review_id, AnnualCheck *ret);
/* Of an outlet, newest first; limit 1..ANNUAL_LIST_MAX. */
CHECKED Err annual_decisions(Ctx *ctx, int64_t outlet_id, int limit, AnnualDecisionList *ret);
/* Reviews of a year in the order of their opening, after the one with that id; limit 1..ANNUAL_LIST_MAX. */
CHECKED Err annual_list(Ctx *ctx, int64_t year, int64_t after_id, int limit, AnnualReviewList *ret);

typedef struct AnnualCounts {
    int64_t open, overdue, answered, passed, rectify, suspended;
} AnnualCounts;
/* Of a year: open waits for the self-check in time, overdue past its day, answered for the decision. */
CHECKED Err annual_counts(Ctx *ctx, int64_t year, AnnualCounts *ret);
/*
 * What waits, the longest first, of outlets that are not struck off; limit 1..ANNUAL_LIST_MAX. For the office: decisions,
 * self-checks and orders to rectify whose day is past. For an outlet's people: self-checks, orders to rectify; of
 * the first 60 ids, 0 is none.
 */
CHECKED Err annual_waits_for_office(Ctx *ctx, int limit, AnnualReviewList *ret);
CHECKED Err annual_waits_for_outlets(Ctx *ctx, const int64_t *outlet_ids, size_t count, int limit,
                                     AnnualReviewList *ret);

/* Today's date in the alliance's zone, YYYY-MM-DD. */
CHECKED Err annual_today(Ctx *ctx, Str *ret);

/* Where a review stands, computed when read: nobody sets an overdue mark or takes it away. */
typedef struct AnnualStand {
    const char *code; /* open overdue answered passed rectify rectify_overdue suspended */
    const char *text; /* N_() for people */
    const char *css;  /* ok warn bad info off */
    bool is_overdue;
} AnnualStand;
AnnualStand annual_stand(const AnnualReview *review, Str today);

/* An outlet's decisions for its public page, with names: two statements. */
CHECKED Err annual_public(Ctx *ctx, Str zone, int64_t outlet_id, Json **ret);
#define ANNUAL_PUBLIC_KEYS                                                                         \
    "year decision decision_text look reason measure due_on decided_on person role is_replaced"

extern const Route annual_routes[];

#endif
