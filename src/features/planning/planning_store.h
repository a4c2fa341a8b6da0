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
/* Open ones whose wished day lies in from..until, the end excluded. */
CHECKED Err pitch_store_between(Ctx *ctx, int64_t outlet_id, Str from_day, Str until_day, int limit,
                                PitchList *ret);
CHECKED Err pitch_store_step_count(Ctx *ctx, int64_t pitch_id, int64_t *ret);
CHECKED Err pitch_store_add_step(Ctx *ctx, const PitchStep *step);
/* Oldest first, at most PITCH_STEPS_MAX. */
CHECKED Err pitch_store_steps(Ctx *ctx, int64_t pitch_id, PitchSteps *ret);

/* ---- assignments ---- */

CHECKED Err assignment_store_insert(Ctx *ctx, const Assignment *a);
CHECKED Err assignment_store_add_person(Ctx *ctx, int64_t id, int64_t person_id);
/* id 0 when there is none. */
CHECKED Err assignment_store_get(Ctx *ctx, int64_t id, Assignment *ret);
/* What acts change, from the version a->version to the next; *ret_changed 0: it has another version by now. */
CHECKED Err assignment_store_update(Ctx *ctx, const Assignment *a, int64_t *ret_changed);
CHECKED Err assignment_store_of_pitch(Ctx *ctx, int64_t pitch_id, AssignmentList *ret);
CHECKED Err assignment_store_people(Ctx *ctx, int64_t pitch_id, AssignmentPeople *ret);
CHECKED Err assignment_store_is_of(Ctx *ctx, int64_t id, int64_t person_id, bool *ret);
CHECKED Err assignment_store_of_person(Ctx *ctx, int64_t person_id, int limit, AssignmentList *ret);
CHECKED Err assignment_store_overdue_by(Ctx *ctx, int64_t assigned_by, int64_t due_before_ms,
                                        int limit, AssignmentList *ret);
CHECKED Err assignment_store_of_stories(Ctx *ctx, const int64_t *ids, size_t count,
                                        AssignmentList *ret);
CHECKED Err assignment_store_of_person_between(Ctx *ctx, int64_t person_id, int64_t from_ms,
                                               int64_t until_ms, int limit, AssignmentList *ret);
CHECKED Err assignment_store_between(Ctx *ctx, int64_t outlet_id, int64_t from_ms, int64_t until_ms,
                                     int limit, AssignmentList *ret);

/* ---- addresses of calendars; id 0: there is none ---- */

/* In place of the one that there was. */
CHECKED Err calendar_store_put(Ctx *ctx, const CalendarAddress *address, Str hash);
CHECKED Err calendar_store_of(Ctx *ctx, int64_t person_id, int64_t outlet_id, CalendarAddress *ret);
CHECKED Err calendar_store_find(Ctx *ctx, Str hash, CalendarAddress *ret);
CHECKED Err calendar_store_end(Ctx *ctx, int64_t person_id, int64_t outlet_id,
                               int64_t *ret_changed);

#endif
