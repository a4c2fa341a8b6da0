/* features/manuscript/manuscript_pages.h - what the route files share: private to manuscript/. */
#ifndef FEATURES_MANUSCRIPT_MANUSCRIPT_PAGES_H
#define FEATURES_MANUSCRIPT_MANUSCRIPT_PAGES_H

#include "features/manuscript/manuscript.h"
#include "features/manuscript/manuscript_review.h"
#include "features/site/site.h"

/* A sentence in the reader's language, as JSON. */
Json *manuscript_words(Ctx *ctx, const char *msgid);
/* The short local form of a time; empty text for 0. */
CHECKED Err manuscript_time(Ctx *ctx, const Site *site, int64_t at_ms, Json **ret);

/* Why and from whom it came back to its author; JSON null when it did not since the last release. */
CHECKED Err manuscript_returned(Ctx *ctx, const Site *site, const Manuscript *m, Json **ret);

#define PLAN_KEYS                                                                                  \
    "plan?{ at local zone text state is_waiting is_held is_ended is_overdue note person role set"  \
    " ended_by ended ended_text why }"
/* Sets "plan": what is planned, held, or came to nothing; null. One statement, and one for the names. */
CHECKED Err manuscript_put_plan(Ctx *ctx, const Site *site, int64_t id, Json *model);
/* Sets "embargo" {at local zone text note} or null, and what a form gives back of it. */
CHECKED Err manuscript_put_embargo_model(Ctx *ctx, int64_t id, Json *model);
/* Sets "planned" (the local time and its zone) and "is_overdue" of a row in a list; plan NULL: null and false. */
void manuscript_put_planned(Ctx *ctx, const Plan *plan, Json *row);
/* What is looked at in a step, [{name text}], by the names of the fields below; empty for STEP_COUNT. */
Json *manuscript_checks(Ctx *ctx, ReviewStep step);
/* The fields of a form that decides a step, and what they say but for the step. */
#define DECIDE_FIELDS                                                                              \
    { "outcome",                                                                                   \
      FIELD_ENUM,                                                                                  \
      IN_BODY,                                                                                     \
      .is_required = true,                                                                         \
      .words = "pass return reserve reject",                                                       \
      .label = N_("Decision") },                                                                   \
        { "reason", FIELD_TEXT, IN_BODY, .max_chars = REASON_CHARS_MAX, .label = N_("Reason") },   \
        { "check1", FIELD_BOOL, IN_BODY, .label = N_("First point of the list") },                 \
        { "check2", FIELD_BOOL, IN_BODY, .label = N_("Second point of the list") },                \
        { "check3", FIELD_BOOL, IN_BODY, .label = N_("Third point of the list") }, {               \
        "check4", FIELD_BOOL, IN_BODY, .label = N_("Fourth point of the list")                     \
    }
Deciding manuscript_read_deciding(const Request *req);
/* What people call a way of checking, untranslated. */
const char *manuscript_flow_text(const Flow *flow);
#define DECIDE_KEYS                                                                                \
    "decide?{ step title is_proof may_reserve may_reject checks[name text] } step_refusal "        \
    "link_step "                                                                                   \
    "comments[id quote body person at is_open closed_by closed url] comment_count "
/*
 * Sets "decide": the step at hand where it is the reader's, else null and why not; "link_step": for what a one-time link could be
 * made now, or empty; "comments"; and "review". Notes that the text
 * is before a person who may decide it (manuscript_open).
 */
CHECKED Err manuscript_put_decide(Ctx *ctx, const Site *site, const Manuscript *m,
                                  const ManuscriptVersion *v, Json *model);
/* The handler of GET /desk/articles/{id}, to which refused forms return. */
Err manuscript_show_desk(Ctx *ctx, const Request *req, Response *res);

/* Whose outlet: by its number "outlet", without which there is no address (R1). */
CHECKED Err manuscript_outlet_of_no(Ctx *ctx, const Request *req, int64_t *ret);

/* What an act answers. */
extern const Model manuscript_act_model;
CHECKED Err manuscript_answer(Ctx *ctx, const Request *req, Response *res, const Manuscript *m,
                              bool is_created);

#endif
