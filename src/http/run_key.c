/* http/run_key.c - Idempotency-Key: an act repeated under its key gives its first answer again. */
#include "http/run_key.h"

#include "http/reply.h"
#include "sec/hash.h"

/* What a repetition must share: method, address and body; lengths keep the parts apart. */
static Str body_hash(Ctx *ctx, const Request *req) {
    HashStream stream;
    Str parts[] = { req->in->method, req->in->path, req->in->query, req->in->body };

    hash_start(&stream);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        Str length = str_format(ctx->arena, "%zu:", parts[i].len);
        hash_add(&stream, length);
        hash_add(&stream, parts[i]);
    }
    Hash hash = hash_end(&stream);
    return hex_encode(ctx->arena, hash_str(&hash));
}

static Err replay(Ctx *ctx, int status, Str type, Str location, Str body, Outgoing *out) {
    out->status = status;
    out->body = body;
    if (type.len > 0)
        TRY(headers_put(ctx->arena, &out->headers, S("Content-Type"), type, true));
    if (location.len > 0)
        TRY(headers_put(ctx->arena, &out->headers, S("Location"), location, true));
    TRY(headers_put(ctx->arena, &out->headers, S("Idempotency-Replayed"), S("true"), true));
    TRY(headers_put(ctx->arena, &out->headers, S("Cache-Control"), S("private, no-store"), true));
    reply_security(ctx->arena, str_starts(type, S("text/html")), &out->headers);
    return OK;
}

Err run_key_find(Ctx *ctx, const Request *req, RunKey *ret, Outgoing *out, bool *ret_is_answered) {
    const HttpHooks *hooks = &req->core->app->hooks;
    Str key = headers_get(&req->in->headers, S("idempotency-key"));
    int status = 0;
    Str type = STR_EMPTY, location = STR_EMPTY, body = STR_EMPTY;

    *ret = (RunKey){ 0 };
    if (key.len == 0)
        key = req->idempotency_key;
    if (key.len == 0 || req->row->method == METHOD_GET || ctx->actor == ACTOR_NOBODY ||
        !hooks->key_find || !hooks->key_store || (req->row->route->flags & ROUTE_NO_KEY))
        return OK;
    if (key.len > KEY_CHARS_MAX)
        return FAIL(ERR_INVALID, "idempotency_key",
                    N_("An Idempotency-Key has at most 200 characters."));
    *ret = (RunKey){ .is_used = true, .key = key, .body_hash = body_hash(ctx, req) };
    ret->route = str_format(ctx->arena, "%s %s", req->row->route->method, req->row->route->pattern);
    TRY(hooks->key_find(ctx, key, ret->route, ret->body_hash, ret_is_answered, &status, &type,
                        &location, &body));
    return *ret_is_answered ? replay(ctx, status, type, location, body, out) : OK;
}

Err run_key_store(Ctx *ctx, const Request *req, const RunKey *key, const Outgoing *out) {
    Str body = out->body.len <= KEY_BODY_MAX ? out->body : STR_EMPTY;

    return req->core->app->hooks.key_store(ctx, key->key, key->route, key->body_hash, out->status,
                                           headers_get(&out->headers, S("content-type")),
                                           headers_get(&out->headers, S("location")), body);
}
