/* features/planning/planning_pages.h - what planning's pages share: words, times, addresses. Private to planning/. */
#ifndef FEATURES_PLANNING_PLANNING_PAGES_H
#define FEATURES_PLANNING_PLANNING_PAGES_H

#include "features/planning/planning.h"
#include "features/register/register.h"

typedef struct PlanningWord {
    Str value;
    const char *text, *look; /* look: a class of the sheet, or empty */
} PlanningWord;

enum { PITCH_STATES = 5 };
extern const PlanningWord pitch_states[PITCH_STATES];

/* The row of that value; one with empty words when there is none. */
PlanningWord planning_word(const PlanningWord *list, size_t count, Str value);
/* A sentence in the reader's language. */
Json *planning_words(Ctx *ctx, const char *msgid);
/* What people call a kind of story, untranslated; empty for none. */
const char *planning_kind_title(Str kind);
/* [{value, label, selected}] for a choice of the kind of story. */
Json *planning_kinds(Ctx *ctx, Str chosen);
/* {text, iso} by the clock of the alliance's zone. */
CHECKED Err planning_time(Ctx *ctx, Str zone, int64_t at_ms, Json **ret);
/* {no, name} */
Json *planning_outlet(Ctx *ctx, const Outlet *outlet);
Str planning_pitch_url(Ctx *ctx, int64_t id);
Str planning_assignment_url(Ctx *ctx, int64_t id);

/* A pitch's assignments, and the form that makes one, put into the model of its page: ASSIGN_KEYS. */
CHECKED Err planning_put_assignments(Ctx *ctx, Str zone, const Pitch *p, bool may_decide,
                                     Json *model);
#define ASSIGNMENT_KEYS                                                                            \
    "id url state state_text look kind kind_text due{at local zone text fit note} is_overdue"      \
    " people[id name] by made{text iso} reason story_id story_url version"
#define ASSIGN_KEYS                                                                                \
    "assignments[" ASSIGNMENT_KEYS "] may_assign colleagues[id name] kinds[value label selected]"

/* Handlers of pages whose forms others answer. */
Err planning_show_pitch(Ctx *ctx, const Request *req, Response *res);

/* A Route's outlet_of for addresses that name {pitch}. */
CHECKED Err planning_outlet_of_pitch(Ctx *ctx, const Request *req, int64_t *ret);

#endif
