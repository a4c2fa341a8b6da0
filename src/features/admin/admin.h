/* features/admin/admin.h - the pages of administration that gather several features: people and their grants. */
#ifndef FEATURES_ADMIN_ADMIN_H
#define FEATURES_ADMIN_ADMIN_H

#include "http/route.h"

extern const Route admin_routes[];

#endif
