/* features/portal/portal.h - the pages of readers. */
#ifndef FEATURES_PORTAL_PORTAL_H
#define FEATURES_PORTAL_PORTAL_H

#include "http/route.h"

extern const Route portal_routes[];

#endif
