/* features/register/register_states.c - the states of an outlet and the moves between them, as tables. */
#include "features/register/register_states.h"

#include "base/attr.h"

const OutletState outlet_states[] = {
    { S_INIT("applied"), S_INIT("申请"), N_("applied"), "info", .is_application = true },
    { S_INIT("pending"), S_INIT("待审"), N_("awaiting approval"), "info", .is_application = true },
    { S_INIT("filed"), S_INIT("备案"), N_("filed"), "ok", .is_publishing = true },
    { S_INIT("active"), S_INIT("在用"), N_("active"), "ok", .is_publishing = true },
    { S_INIT("change_pending"), S_INIT("变更待审"), N_("change pending"), "info",
      .is_publishing = true },
    { S_INIT("in_review"), S_INIT("年审中"), N_("in review"), "info", .is_publishing = true },
    { S_INIT("passed"), S_INIT("通过"), N_("review passed"), "ok", .is_publishing = true },
    { S_INIT("rectify"), S_INIT("限期整改"), N_("to rectify"), "bad", .is_publishing = true },
    { S_INIT("suspended"), S_INIT("暂停"), N_("suspended"), "off" },
    { S_INIT("struck"), S_INIT("注销"), N_("struck off"), "off" },
};
const size_t outlet_states_count = COUNT_OF(outlet_states);

/* struck has no way out, and there is no state that hides: what was registered stays visible. */
const OutletMove outlet_moves[] = {
    { S_INIT("applied"), S_INIT("pending"), N_("Take up"), false, false },
    { S_INIT("applied"), S_INIT("struck"), N_("Turn down"), true, false },
    { S_INIT("pending"), S_INIT("filed"), N_("File in the register"), false, false },
    { S_INIT("pending"), S_INIT("applied"), N_("Give back"), true, false },
    { S_INIT("pending"), S_INIT("struck"), N_("Turn down"), true, false },
    { S_INIT("filed"), S_INIT("active"), N_("Put into service"), false, false },
    { S_INIT("filed"), S_INIT("suspended"), N_("Suspend"), true, false },
    { S_INIT("filed"), S_INIT("struck"), N_("Strike off"), true, false },
    { S_INIT("active"), S_INIT("change_pending"), N_("Note a pending change"), false, false },
    { S_INIT("active"), S_INIT("in_review"), N_("Open the annual review"), false, true },
    { S_INIT("active"), S_INIT("suspended"), N_("Suspend"), true, false },
    { S_INIT("active"), S_INIT("struck"), N_("Strike off"), true, false },
    { S_INIT("change_pending"), S_INIT("active"), N_("Put into service"), false, false },
    { S_INIT("change_pending"), S_INIT("suspended"), N_("Suspend"), true, false },
    { S_INIT("change_pending"), S_INIT("struck"), N_("Strike off"), true, false },
    { S_INIT("in_review"), S_INIT("passed"), N_("Pass the review"), false, true },
    { S_INIT("in_review"), S_INIT("rectify"), N_("Order to rectify"), true, true },
    { S_INIT("in_review"), S_INIT("suspended"), N_("Suspend"), true, true },
    { S_INIT("in_review"), S_INIT("struck"), N_("Strike off"), true, false },
    { S_INIT("passed"), S_INIT("active"), N_("Put into service"), false, false },
    { S_INIT("passed"), S_INIT("change_pending"), N_("Note a pending change"), false, false },
    { S_INIT("passed"), S_INIT("in_review"), N_("Open the annual review"), false, true },
    { S_INIT("passed"), S_INIT("rectify"), N_("Order to rectify"), true, true },
    { S_INIT("passed"), S_INIT("suspended"), N_("Suspend"), true, false },
    { S_INIT("passed"), S_INIT("struck"), N_("Strike off"), true, false },
    { S_INIT("rectify"), S_INIT("in_review"), N_("Open the annual review"), false, true },
    { S_INIT("rectify"), S_INIT("passed"), N_("Pass the review"), false, true },
    { S_INIT("rectify"), S_INIT("suspended"), N_("Suspend"), true, true },
    { S_INIT("rectify"), S_INIT("struck"), N_("Strike off"), true, false },
    { S_INIT("suspended"), S_INIT("active"), N_("Put into service"), true, false },
    { S_INIT("suspended"), S_INIT("in_review"), N_("Open the annual review"), false, true },
    { S_INIT("suspended"), S_INIT("passed"), N_("Pass the review"), true, true },
    { S_INIT("suspended"), S_INIT("rectify"), N_("Order to rectify"), true, true },
    { S_INIT("suspended"), S_INIT("struck"), N_("Strike off"), true, false },
};
const size_t outlet_moves_count = COUNT_OF(outlet_moves);

const OutletState *outlet_state_of(Str code) {
    for (size_t i = 0; i < outlet_states_count; i++)
        if (str_eq(outlet_states[i].code, code))
            return &outlet_states[i];
    return NULL;
}

const OutletState *outlet_state_named(Str text) {
    for (size_t i = 0; i < outlet_states_count; i++)
        if (str_eq(outlet_states[i].code, text) || str_eq(outlet_states[i].heading, text))
            return &outlet_states[i];
    return NULL;
}

const OutletMove *outlet_move_of(Str from, Str to) {
    for (size_t i = 0; i < outlet_moves_count; i++)
        if (str_eq(outlet_moves[i].from, from) && str_eq(outlet_moves[i].to, to))
            return &outlet_moves[i];
    return NULL;
}
