/* features/manuscript/manuscript_states.c - which act leads from which state to which (product.md 3). */
#include "features/manuscript/manuscript_states.h"

#define ROW(from, act, to, who)                                                                    \
    { S_INIT(from), act, S_INIT(to), who }

/* 两人制: author and one releasing editor. 三审三校 puts its steps between "submitted" and "published". */
const Transition manuscript_transitions[] = {
    ROW("draft", ACT_CHANGE, "draft", WHO_WRITER),
    ROW("draft", ACT_SUBMIT, "submitted", WHO_WRITER),
    ROW("returned", ACT_CHANGE, "draft", WHO_WRITER),
    ROW("returned", ACT_SUBMIT, "submitted", WHO_WRITER),
    ROW("submitted", ACT_CHANGE, "draft", WHO_WRITER),
    ROW("submitted", ACT_RETURN, "returned", WHO_SECOND),
    ROW("submitted", ACT_RELEASE, "published", WHO_SECOND),
    ROW("published", ACT_CHANGE, "revising", WHO_WRITER),
    ROW("published", ACT_CORRECT, "published", WHO_WRITER),
    ROW("published", ACT_WITHDRAW, "withdrawn", WHO_WRITER),
    ROW("revising", ACT_CHANGE, "revising", WHO_WRITER),
    ROW("revising", ACT_SUBMIT, "revision_submitted", WHO_WRITER),
    ROW("revising", ACT_CORRECT, "revising", WHO_WRITER),
    ROW("revising", ACT_WITHDRAW, "withdrawn", WHO_WRITER),
    ROW("revision_submitted", ACT_CHANGE, "revising", WHO_WRITER),
    ROW("revision_submitted", ACT_RETURN, "revising", WHO_SECOND),
    ROW("revision_submitted", ACT_RELEASE, "published", WHO_SECOND),
    ROW("revision_submitted", ACT_CORRECT, "revision_submitted", WHO_WRITER),
    ROW("revision_submitted", ACT_WITHDRAW, "withdrawn", WHO_WRITER),
};
const size_t manuscript_transition_count = COUNT_OF(manuscript_transitions);

const Transition *manuscript_transition(Str state, Act act) {
    for (size_t i = 0; i < manuscript_transition_count; i++)
        if (manuscript_transitions[i].act == act && str_eq(manuscript_transitions[i].from, state))
            return &manuscript_transitions[i];
    return NULL;
}
