/* features/planning/planning_states.h - the states of pitches as one table: private to planning/. */
#ifndef FEATURES_PLANNING_PLANNING_STATES_H
#define FEATURES_PLANNING_PLANNING_STATES_H

#include "base/str.h"

typedef enum PitchAct {
    PITCH_ACCEPT,
    PITCH_DECLINE,
    PITCH_WITHDRAW,
    PITCH_ASSIGN,
    PITCH_MOVE, /* to another wished day */
    PITCH_ACT_COUNT
} PitchAct;

typedef enum PitchWho {
    PITCH_BY_SECOND,  /* not who proposed it */
    PITCH_BY_ANOTHER, /* not who proposed it, unless there is nobody else */
    PITCH_BY_PROPOSER,
    PITCH_BY_ANY /* who holds the route's right */
} PitchWho;

typedef struct PitchTransition {
    Str from;
    PitchAct act;
    Str to;
    PitchWho who;
} PitchTransition;

extern const PitchTransition pitch_transitions[];
extern const size_t pitch_transition_count;

/* NULL when the act is not possible in that state. */
const PitchTransition *pitch_transition(Str state, PitchAct act);

#endif
