/* http/access.h - who asks, and may they: session, bearer, CSRF, capability, preconditions, rate. */
#ifndef HTTP_ACCESS_H
#define HTTP_ACCESS_H

#include "http/core.h"

/* Sets the actor of ctx: bearer token, local socket, session cookie; http_call's stays. */
CHECKED Err access_who(Ctx *ctx, Request *req);

/*
 * A request that changes something and comes from a browser comes from our own page (security-checklist 38): by
 * Sec-Fetch-Site or Origin, and with a session also by its token.
 */
CHECKED Err access_origin(const Request *req);

/*
 * The capability of the row: ERR_UNAUTHENTICATED, ERR_FORBIDDEN, ERR_NOT_FOUND (per outlet, not held there), or
 * ERR_FORBIDDEN with *ret_status 403 for want of a fresh password. Fields that do not fit (at_fault) are
 * told only to who may ask.
 */
CHECKED Err access_may(Ctx *ctx, const Request *req, Err at_fault, int *ret_status);

/* A browser that must sign in or confirm is sent there: true, and out is the answer. */
bool access_send_elsewhere(Ctx *ctx, const Request *req, int status, Outgoing *out);

/* ROUTE_IF_MATCH without a version: 428. */
CHECKED Err access_precondition(const Request *req, int *ret_status);

/* ROUTE_RATE_SIGNIN: ERR_LIMIT field "@rate", {1} the seconds to wait. Then, after the handler, its end. */
CHECKED Err access_rate(Ctx *ctx, const Request *req);
/* keeps: the handler did not fail, but the account's attempt stays counted. */
void access_rate_end(Ctx *ctx, const Request *req, Err err, bool keeps);

/* Where the browser comes back to, encoded for a query: the page itself, or after a form the page that holds it. */
Str access_way_back(Ctx *ctx, const Request *req);

enum { ACCESS_STEP_UP = 403, ACCESS_SIGN_IN = 401 };

#endif
