/* features/admin/admin.h - the pages of administration: people, grants, jobs, settings, log. */
#ifndef FEATURES_ADMIN_ADMIN_H
#define FEATURES_ADMIN_ADMIN_H

#include "http/route.h"

extern const Route admin_routes[];

#endif
