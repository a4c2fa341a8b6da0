/* features/manuscript/manuscript_states.h - the state machine as one table: private to manuscript/. */
#ifndef FEATURES_MANUSCRIPT_MANUSCRIPT_STATES_H
#define FEATURES_MANUSCRIPT_MANUSCRIPT_STATES_H

#include "base/str.h"

typedef enum Act {
    ACT_CHANGE,
    ACT_SUBMIT,
    ACT_RETURN,
    ACT_RELEASE,
    ACT_CORRECT,
    ACT_WITHDRAW,
    ACT_PLAN,    /* released for a later time */
    ACT_UNPLAN,  /* that release is taken back */
    ACT_PUBLISH, /* the time has come */
    ACT_HOLD,    /* the time has come, and a person must decide */
    ACT_DECIDE,  /* a step of the check is passed */
    ACT_RESERVE, /* 待用: good, and kept for another day */
    ACT_REJECT,  /* 退稿 */
    ACT_COUNT
} Act;

typedef enum Who {
    WHO_WRITER, /* may file for the outlet */
    WHO_SECOND, /* neither the author nor the maker of the version at hand */
    WHO_JOB,    /* no person: what a second person planned */
    WHO_READER  /* whose step it is, by role and rule (manuscript_review.h) */
} Who;

typedef struct Transition {
    Str from;
    Act act;
    Str to;
    Who who;
} Transition;

extern const Transition manuscript_transitions[];
extern const size_t manuscript_transition_count;

/* NULL when the act is not possible in that state. */
const Transition *manuscript_transition(Str state, Act act);

#endif
