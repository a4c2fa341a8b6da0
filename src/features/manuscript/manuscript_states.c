/* features/manuscript/manuscript_states.c - which act leads from which state to which (product.md 3). */
#include "features/manuscript/manuscript_states.h"

#define ROW(from, act, to, who)                                                                    \
    { S_INIT(from), act, S_INIT(to), who }

/*
 * 两人制: author and one releasing editor. 三审三校 puts its steps between "submitted" and "published": while one of them
 * is owed the story waits where it is, and manuscript_review.c refuses its release. What the job publishes was planned by a second person and not touched since: whoever changes it leads it out of its plan.
 */
const Transition manuscript_transitions[] = {
    ROW("draft", ACT_CHANGE, "draft", WHO_WRITER),
    ROW("draft", ACT_SUBMIT, "submitted", WHO_WRITER),
    ROW("returned", ACT_CHANGE, "draft", WHO_WRITER),
    ROW("returned", ACT_SUBMIT, "submitted", WHO_WRITER),
    ROW("submitted", ACT_CHANGE, "draft", WHO_WRITER),
    ROW("submitted", ACT_RETURN, "returned", WHO_SECOND),
    ROW("submitted", ACT_RELEASE, "published", WHO_SECOND),
    ROW("submitted", ACT_PLAN, "planned", WHO_SECOND),
    ROW("submitted", ACT_DECIDE, "submitted", WHO_READER),
    ROW("submitted", ACT_RESERVE, "reserved", WHO_READER),
    ROW("submitted", ACT_REJECT, "rejected", WHO_READER),
    ROW("reserved", ACT_CHANGE, "draft", WHO_WRITER),
    ROW("reserved", ACT_RETURN, "returned", WHO_SECOND),
    ROW("reserved", ACT_DECIDE, "submitted", WHO_READER),
    ROW("reserved", ACT_REJECT, "rejected", WHO_READER),
    ROW("planned", ACT_CHANGE, "draft", WHO_WRITER),
    ROW("planned", ACT_RETURN, "returned", WHO_SECOND),
    ROW("planned", ACT_RELEASE, "published", WHO_SECOND),
    ROW("planned", ACT_PLAN, "planned", WHO_SECOND),
    ROW("planned", ACT_UNPLAN, "submitted", WHO_WRITER),
    ROW("planned", ACT_PUBLISH, "published", WHO_JOB),
    ROW("planned", ACT_HOLD, "held", WHO_JOB),
    ROW("held", ACT_CHANGE, "draft", WHO_WRITER),
    ROW("held", ACT_RETURN, "returned", WHO_SECOND),
    ROW("held", ACT_RELEASE, "published", WHO_SECOND),
    ROW("held", ACT_PLAN, "planned", WHO_SECOND),
    ROW("held", ACT_UNPLAN, "submitted", WHO_WRITER),
    ROW("published", ACT_CHANGE, "revising", WHO_WRITER),
    ROW("published", ACT_CORRECT, "published", WHO_WRITER),
    ROW("published", ACT_WITHDRAW, "withdrawn", WHO_WRITER),
    ROW("published", ACT_DECIDE, "published", WHO_READER), /* 快审: what was put off */
    ROW("revising", ACT_CHANGE, "revising", WHO_WRITER),
    ROW("revising", ACT_SUBMIT, "revision_submitted", WHO_WRITER),
    ROW("revising", ACT_CORRECT, "revising", WHO_WRITER),
    ROW("revising", ACT_WITHDRAW, "withdrawn", WHO_WRITER),
    ROW("revision_submitted", ACT_CHANGE, "revising", WHO_WRITER),
    ROW("revision_submitted", ACT_RETURN, "revising", WHO_SECOND),
    ROW("revision_submitted", ACT_RELEASE, "published", WHO_SECOND),
    ROW("revision_submitted", ACT_DECIDE, "revision_submitted", WHO_READER),
    ROW("revision_submitted", ACT_CORRECT, "revision_submitted", WHO_WRITER),
    ROW("revision_submitted", ACT_WITHDRAW, "withdrawn", WHO_WRITER),
    ROW("revision_submitted", ACT_PLAN, "revision_planned", WHO_SECOND),
    ROW("revision_planned", ACT_CHANGE, "revising", WHO_WRITER),
    ROW("revision_planned", ACT_RETURN, "revising", WHO_SECOND),
    ROW("revision_planned", ACT_RELEASE, "published", WHO_SECOND),
    ROW("revision_planned", ACT_PLAN, "revision_planned", WHO_SECOND),
    ROW("revision_planned", ACT_UNPLAN, "revision_submitted", WHO_WRITER),
    ROW("revision_planned", ACT_PUBLISH, "published", WHO_JOB),
    ROW("revision_planned", ACT_HOLD, "revision_held", WHO_JOB),
    ROW("revision_planned", ACT_CORRECT, "revision_planned", WHO_WRITER),
    ROW("revision_planned", ACT_WITHDRAW, "withdrawn", WHO_WRITER),
    ROW("revision_held", ACT_CHANGE, "revising", WHO_WRITER),
    ROW("revision_held", ACT_RETURN, "revising", WHO_SECOND),
    ROW("revision_held", ACT_RELEASE, "published", WHO_SECOND),
    ROW("revision_held", ACT_PLAN, "revision_planned", WHO_SECOND),
    ROW("revision_held", ACT_UNPLAN, "revision_submitted", WHO_WRITER),
    ROW("revision_held", ACT_CORRECT, "revision_held", WHO_WRITER),
    ROW("revision_held", ACT_WITHDRAW, "withdrawn", WHO_WRITER),
};
const size_t manuscript_transition_count = COUNT_OF(manuscript_transitions);

const Transition *manuscript_transition(Str state, Act act) {
    for (size_t i = 0; i < manuscript_transition_count; i++)
        if (manuscript_transitions[i].act == act && str_eq(manuscript_transitions[i].from, state))
            return &manuscript_transitions[i];
    return NULL;
}
