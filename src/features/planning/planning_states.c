/* features/planning/planning_states.c - which act leads from which state of a pitch to which. */
#include "features/planning/planning_states.h"

#define ROW(from, act, to, who)                                                                    \
    { S_INIT(from), act, S_INIT(to), who }

/* What was decided stays decided: who thinks otherwise proposes anew, so that each decision keeps its reason. */
const PitchTransition pitch_transitions[] = {
    ROW("proposed", PITCH_ACCEPT, "accepted", PITCH_BY_ANOTHER),
    ROW("proposed", PITCH_DECLINE, "declined", PITCH_BY_SECOND),
    ROW("proposed", PITCH_WITHDRAW, "withdrawn", PITCH_BY_PROPOSER),
    ROW("accepted", PITCH_ASSIGN, "assigned", PITCH_BY_ANY),
    ROW("assigned", PITCH_ASSIGN, "assigned", PITCH_BY_ANY),
    ROW("proposed", PITCH_MOVE, "proposed", PITCH_BY_ANY),
    ROW("accepted", PITCH_MOVE, "accepted", PITCH_BY_ANY),
    ROW("assigned", PITCH_MOVE, "assigned", PITCH_BY_ANY),
};
const size_t pitch_transition_count = COUNT_OF(pitch_transitions);

const PitchTransition *pitch_transition(Str state, PitchAct act) {
    for (size_t i = 0; i < pitch_transition_count; i++)
        if (pitch_transitions[i].act == act && str_eq(pitch_transitions[i].from, state))
            return &pitch_transitions[i];
    return NULL;
}
