/* features/portal/portal.h - the pages of readers. */
#ifndef FEATURES_PORTAL_PORTAL_H
#define FEATURES_PORTAL_PORTAL_H

#include "http/route.h"

/* For http/server.h: what stands in every page's frame, and its keys. */
CHECKED Err portal_frame(Ctx *ctx, const Request *req, Json *page);
extern const char portal_page_keys[];

extern const Route portal_routes[];

#endif
