/* http/run.h - one request from its route to its answer, on a worker's thread (architecture.md 4). */
#ifndef HTTP_RUN_H
#define HTTP_RUN_H

#include "http/core.h"

/* What the client would like, read once where the request enters. */
typedef struct Wishes {
    ReplyForm form;
    Str lang; /* "zh" or "en" */
} Wishes;
Wishes run_wishes(const Incoming *in);

/*
 * Runs a request and always answers. ctx brings arena, db, config, clock, chance, ids, lang, request id, and for
 * WAY_CALL the actor; its arena is reset when the act runs again, so that nothing of `in` may live in it.
 * out lives in ctx->arena.
 */
void run_request(HttpCore *core, Ctx *ctx, const Incoming *in, Wishes wishes, Outgoing *out);

/*
 * Tags dropped on this thread while a handler runs are dropped again before its answer leaves: the commit may
 * come after the drop. Nothing happens outside run_request.
 */
void run_note_tags(const Str *tags, size_t count);

#endif
