/* http/reply.h - from what a handler answered, or failed with, to bytes and headers. */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include "http/core.h"

/*
 * Renders res as JSON, page or fragment. status_or_0 replaces the answer's own (a form shown again). ERR_BUG when
 * the handler said nothing or the template does not fit its model, ERR_LIMIT when the page does not fit the
 * arena. out lives in ctx->arena.
 */
CHECKED Err reply_response(Ctx *ctx, const Request *req, Response *res, int status_or_0,
                           Outgoing *out);

/* The one place where an Err becomes a status: err_http_status and what only the request knows. */
int reply_status(const Request *req, Err err);

/*
 * A problem document (RFC 9457) or the page "error/page". Always succeeds: when the page cannot be made, plain
 * text says the same. status is that of reply_status or one of http's own (405, 415, 421, 428, 501, ...).
 */
void reply_error(Ctx *ctx, const Request *req, int status, Err err, Outgoing *out);

/* The problem document alone, for what is refused before there is a request. lang as in Ctx. */
void reply_problem(Arena *arena, Str lang, uint64_t request_id, int status, Err err, Outgoing *out);

/* 303 or 308 to a path of ours. */
CHECKED Err reply_redirect(Arena *arena, int status, Str path, Outgoing *out);

/* Content-Security-Policy and the others that every answer carries, where the handler set none of its own. */
void reply_security(Arena *arena, bool is_html, HttpHeaders *headers);

#endif
