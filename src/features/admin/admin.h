/* features/admin/admin.h - the pages of administration that gather several features: people and their grants, and the
 * alliance's settings. */
#ifndef FEATURES_ADMIN_ADMIN_H
#define FEATURES_ADMIN_ADMIN_H

#include "http/route.h"

extern const Route admin_routes[], admin_settings_routes[];

#endif
