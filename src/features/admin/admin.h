/* features/admin/admin.h - the pages of administration that gather several features: people and their grants, and the
 * alliance's settings. */
#ifndef FEATURES_ADMIN_ADMIN_H
#define FEATURES_ADMIN_ADMIN_H

#include "http/route.h"

/* A file of the folder look/ that is not used, and why. */
typedef struct LookFault {
    Str file; /* "portal/home.mustache" */
    Err err;
} LookFault;
typedef struct LookState {
    size_t used; /* files of the folder in use */
    const LookFault *faults;
    size_t fault_count;
} LookState;
/* What the settings page tells of the alliance's own look; set once at start, borrowed from then on. */
void admin_look_use(const LookState *state);

extern const Route admin_routes[], admin_settings_routes[];

#endif
