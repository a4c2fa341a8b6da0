/* http/pending.h - a form that a step-up interrupted: kept in the page that asks for the password, and finished. */
#ifndef HTTP_PENDING_H
#define HTTP_PENDING_H

#include "http/core.h"

/* Whether the form of a request that needs a fresh password can be kept (route.h, req_pending). */
bool pending_is_kept(Ctx *ctx, const Request *req);
/* The page that asks for the password, holding the form; status 403. */
CHECKED Err pending_show(Ctx *ctx, const Request *req, Outgoing *out);

#endif
