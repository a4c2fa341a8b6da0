/* features/register/register_states.h - the states of an outlet: private to register/. */
#ifndef FEATURES_REGISTER_REGISTER_STATES_H
#define FEATURES_REGISTER_REGISTER_STATES_H

#include "base/str.h"

typedef struct OutletState {
    Str code;            /* "active" */
    Str heading;         /* as rosters in Chinese write it: 在用 */
    const char *label;   /* N_() for people */
    const char *css;     /* its mark on pages: ok warn bad info off */
    bool is_publishing;  /* stories may go out */
    bool is_application; /* not in the register yet */
} OutletState;

typedef struct OutletMove {
    Str from, to;
    const char *label; /* N_() the verb on the button */
    bool needs_reason;
    bool is_review; /* a step of the annual review: outlet_review alone takes it */
} OutletMove;

extern const OutletState outlet_states[];
extern const size_t outlet_states_count;
extern const OutletMove outlet_moves[];
extern const size_t outlet_moves_count;

/* NULL when there is no such state. */
const OutletState *outlet_state_of(Str code);
/* By its code or its Chinese name. */
const OutletState *outlet_state_named(Str text);
/* NULL when the table has no such move. */
const OutletMove *outlet_move_of(Str from, Str to);

#endif
