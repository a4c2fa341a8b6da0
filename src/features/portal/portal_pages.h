/* features/portal/portal_pages.h - the handlers behind portal_routes[]: private to portal/. */
#ifndef FEATURES_PORTAL_PORTAL_PAGES_H
#define FEATURES_PORTAL_PORTAL_PAGES_H

#include "http/route.h"

Err portal_home(Ctx *ctx, const Request *req, Response *res);
Err portal_outlet(Ctx *ctx, const Request *req, Response *res);
Err portal_article(Ctx *ctx, const Request *req, Response *res);
Err portal_corrections(Ctx *ctx, const Request *req, Response *res);
Err portal_search(Ctx *ctx, const Request *req, Response *res);
Err portal_refusals(Ctx *ctx, const Request *req, Response *res);
Err portal_refusal(Ctx *ctx, const Request *req, Response *res);
Err portal_log(Ctx *ctx, const Request *req, Response *res);
Err portal_log_key(Ctx *ctx, const Request *req, Response *res);
Err portal_log_checkpoint(Ctx *ctx, const Request *req, Response *res);
Err portal_log_tile(Ctx *ctx, const Request *req, Response *res);
Err portal_log_entries(Ctx *ctx, const Request *req, Response *res);

#endif
