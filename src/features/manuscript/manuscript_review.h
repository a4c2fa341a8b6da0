/* features/manuscript/manuscript_review.h - 三审三校: who checked which text, in which order, and what is still owed. */
#ifndef FEATURES_MANUSCRIPT_MANUSCRIPT_REVIEW_H
#define FEATURES_MANUSCRIPT_MANUSCRIPT_REVIEW_H

#include "features/manuscript/manuscript.h"

enum {
    DECISIONS_MAX = 100, /* of one version; then it is submitted as a new story */
    COMMENTS_MAX = 100,  /* of one story that are open */
    COMMENT_CHARS_MAX = 1000,
    QUOTE_CHARS_MAX = 200,
    CHECKS = 4,    /* of each step */
    FLOWS_MAX = 8, /* of one outlet: one a kind, and one for the others */
    OWED_MAX = 50,
    FLASH_VALID_MS = 24 * 3600 * 1000 /* 快审: the rest of the steps within this time */
};

/* In this order (product.md 3): 一审 初审, 二审 复审, 三审 终审, 一校 自校, 二校 互校, 三校 协校. 签发 is the release. */
typedef enum ReviewStep {
    STEP_REVIEW1,
    STEP_REVIEW2,
    STEP_REVIEW3,
    STEP_PROOF1,
    STEP_PROOF2,
    STEP_PROOF3,
    STEP_COUNT /* none: all are done */
} ReviewStep;

/*
 * How stories are checked: "two-person" (两人制: author and one who releases), "three-review" (all six steps before the
 * release), "flash" (快审: 初审 and 复审 before it, the others within FLASH_VALID_MS). Small outlets may do with one proof by
 * another than the author (proofs 1 instead of 3), never with fewer reviewers. A decision counts for the text that was
 * signed: any change re-opens every step, or, where keeps_early says so, all but 初审 and 复审.
 */
typedef struct Flow {
    Str kind; /* of story; empty: all that have no own */
    Str name;
    int64_t proofs;
    bool keeps_early;
    int64_t set_by, set_ms; /* 0: nobody chose; two-person */
} Flow;
typedef struct FlowList {
    Flow *items;
    size_t len;
} FlowList;

typedef struct Decision {
    int64_t id;
    int64_t n; /* version, and the hash of the text that was signed */
    Str hash;
    Str step;    /* review1 review2 review3 proof1 proof2 proof3 */
    Str outcome; /* pass return reject reserve */
    int64_t person_id;
    Str role;
    int64_t opened_ms, decided_ms; /* since when that text was before this person */
    Str reason;
    int64_t comments; /* of this person, on this text */
    int64_t link_by;  /* who made the one-time link by which it was decided; 0: signed in */
} Decision;

/* The check of one version. */
typedef struct Review {
    int64_t manuscript_id, n, outlet_id;
    Flow flow;
    int64_t submitted_ms;
    int64_t due_ms;      /* 快审: until when the rest must be done; 0: nothing was put off */
    int64_t done_ms;     /* 0: it is still owed */
    Decision *decisions; /* oldest first, also those that count no more */
    size_t len;
} Review;

/* The text at hand, against which decisions count. */
typedef struct ReviewText {
    int64_t n;
    Str hash;
    int64_t author_id, made_by;
} ReviewText;

typedef struct Comment {
    int64_t id, manuscript_id;
    int64_t n;
    Str hash;
    int64_t person_id;
    Str quote; /* words of the text or its title to which it is anchored; empty: of the whole */
    Str body;
    int64_t made_ms;
    int64_t closed_by, closed_ms;
} Comment;
typedef struct CommentList {
    Comment *items;
    size_t len;
} CommentList;

/* ---- the rules, without storage (manuscript_review_rules.c) ---- */

Str review_step_name(ReviewStep step); /* empty for STEP_COUNT */
/* STEP_COUNT when there is none of that name. */
ReviewStep review_step_of(Str name);
/* 初审 …, untranslated. */
const char *review_step_title(ReviewStep step);
/* What is looked at in that step: CHECKS sentences, untranslated. */
const char *const *review_checks(ReviewStep step);
bool review_has_step(const Flow *flow, ReviewStep step);
/* The pass that counts for that text; NULL: there is none. */
const Decision *review_pass(const Review *review, const ReviewText *text, ReviewStep step);
/* The first step of the flow that is not passed. */
ReviewStep review_at_hand(const Review *review, const ReviewText *text);
/* All that must be done before the release is. */
bool review_may_go_out(const Review *review, const ReviewText *text);
/*
 * May this person do this step of this text? Reviewers are three persons, none of them wrote it; 自校 may be the
 * author's, the other proofs may not, and proofs are by as many persons as there are. NULL: yes; else why not,
 * untranslated.
 */
const char *review_objection(const Review *review, const ReviewText *text, ReviewStep step,
                             int64_t person_id);

/* ---- how an outlet checks ---- */

/*
 * "manuscript.flow_set" {outlet, kind, flow, proofs, keeps_early, before}: for stories submitted from now on. kind empty: for
 * all that have no own; flow empty: the kind has no own any more. ERR_INVALID field "kind", "flow", "proofs". Repeating
 * it changes nothing and is not entered again. Not for an outlet that there is not (ERR_NOT_FOUND).
 */
CHECKED Err manuscript_flow_set(Ctx *ctx, int64_t outlet_id, const Flow *flow);
CHECKED Err manuscript_flows(Ctx *ctx, int64_t outlet_id, FlowList *ret);

/* ---- acts, as in manuscript.h ---- */

typedef struct Deciding {
    Str step; /* the one that the page showed: ERR_CONFLICT field "step" when another is at hand */
    Str outcome; /* pass return reject reserve: reserve by 终审 only, reject by reviews only */
    Str reason;  /* demanded but for pass */
    bool checks[CHECKS]; /* all demanded for pass: ERR_INVALID field "check1" */
} Deciding;
/*
 * "manuscript.reviewed" {number, n, title, hash, step, outcome, opened, decided, reason, comments[quote body], link_by?},
 * signed by who acts, in the role that gives the step. ERR_FORBIDDEN: not this person's step (review_objection, or no such
 * role). ERR_CONFLICT field "opened": this text was not before this person. After the publication of a 快审 story pass and
 * return only, and return changes no state: it is owed until a newer version is released.
 */
CHECKED Err manuscript_decide(Ctx *ctx, int64_t id, int64_t version, const Deciding *how,
                              Manuscript *ret);
/*
 * Notes that the text at hand is before ctx's person, once a text, where its step is this person's to decide; nothing
 * otherwise. Its own transaction. Safe to repeat.
 */
CHECKED Err manuscript_open(Ctx *ctx, const Manuscript *m, const Review *review,
                            const ReviewText *text);
/*
 * A remark on the text at hand, anchored by words of it (quote) or on the whole; it is entered in the log with the decision of
 * the person who made it. ERR_INVALID field "quote": the text has no such words; "body"; ERR_LIMIT. Not idempotent.
 */
CHECKED Err manuscript_comment(Ctx *ctx, int64_t id, Str quote, Str body, int64_t *ret_id);
/* Done with: it stays, with who closed it. ERR_NOT_FOUND; closing twice changes nothing. */
CHECKED Err manuscript_comment_close(Ctx *ctx, int64_t id, int64_t comment_id);

/* ---- one signature without a password ---- */

/*
 * A leader holds a role and has no password: a one-time link bound to the person, the step (review1 review2 review3, or
 * "release" for 签发) and the hash of the text signs once, within LINK_VALID_MS, and dies with any change of the text.
 */
enum { LINK_VALID_MS = 24 * 3600 * 1000 };
typedef struct SignLink {
    Str token_hash;
    int64_t manuscript_id, outlet_id, person_id;
    Str step, hash;
    int64_t made_by, made_ms, until_ms;
    int64_t used_ms; /* 0: not yet */
} SignLink;
typedef struct SignPage {
    SignLink link;
    Manuscript m;
    ManuscriptVersion v; /* exactly what is signed */
    Str person_name;
} SignPage;
/*
 * "manuscript.link_made" {number, n, title, hash, step, person, until}: by who did not write the text. ERR_INVALID field
 * "login": nobody, no role or right for that step, or a person who can sign in. ERR_CONFLICT field "step": not at hand.
 * The token is shown once and stored by its hash.
 */
CHECKED Err manuscript_link_make(Ctx *ctx, int64_t id, Str step, Str login, Str *ret_token);
/* Shows what the link signs, and notes that it was shown. ERR_NOT_FOUND; ERR_GONE: used, expired, or the text changed. */
CHECKED Err manuscript_link_open(Ctx *ctx, Str token, SignPage *ret);
/*
 * As manuscript_decide, or manuscript_release and manuscript_return for "release", in the name of the link's person, whose role
 * is asked again; the entry has link_by. how->step is not read. Any refusal leaves the link unused.
 */
CHECKED Err manuscript_link_decide(Ctx *ctx, Str token, const Deciding *how, Manuscript *ret);

/* ---- reading ---- */

/* *ret_found false: that version is checked by two persons. Two statements. */
CHECKED Err manuscript_review_get(Ctx *ctx, int64_t id, int64_t n, Review *ret, bool *ret_found);
ReviewText manuscript_review_text(const Manuscript *m, const ManuscriptVersion *v);
/* Of a story, newest first, open and closed; at most 2 * COMMENTS_MAX. */
CHECKED Err manuscript_comments(Ctx *ctx, int64_t id, CommentList *ret);
/* What waits for a step that ctx's person may do by role and rule, the longest waiting first; limit 1..100. */
CHECKED Err manuscript_list_my_steps(Ctx *ctx, int limit, ManuscriptList *ret);
/* Has ctx's person the role for that step at that outlet? Sets *ret_role. */
CHECKED Err manuscript_has_step_role(Ctx *ctx, int64_t outlet_id, ReviewStep step, bool *ret,
                                     Str *ret_role);
/* How many 快审 stories are shown although the rest of their steps is overdue. */
CHECKED Err manuscript_reviews_overdue(Ctx *ctx, int64_t *ret);

/*
 * Sets "review": how version v is or was checked, null where by two persons. steps are those of the flow, in its order; history has
 * every decision, also those that count no more. spent: from the first opening to the last decision that counts, for people;
 * is_hasty: more than one step within a minute. is_owed: shown, and the rest is still to be done until due.
 */
#define REVIEW_KEYS                                                                                \
    "review?{ flow flow_text is_complete is_owed is_overdue due step step_title counted people "   \
    "spent is_hasty steps[step title is_done is_now person role opened decided spent comments "    \
    "is_by_link is_earlier] history[title person role outcome_text reason decided counts] }"
CHECKED Err manuscript_put_review(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v,
                                  Json *model);

extern const Route manuscript_review_routes[], manuscript_link_routes[];

#endif
