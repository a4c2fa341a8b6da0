/* http/call.c - one request without a socket, for the command line in its own process and for tests. */
#include "http/run.h"

static void close_core(HttpCore **core) {
    core_free(*core);
}

Err http_call(const HttpApp *app, Ctx *ctx, const HttpCall *call, int *ret_status, Str *ret_body) {
    CLEANUP(close_core) HttpCore *core = NULL;
    CLEANUP(arena_close) Arena *work = arena_new(ARENA_REQUEST_BYTES);
    Ctx inner = *ctx;
    Incoming in = {
        .way = WAY_CALL, .method = call->method, .version = S("HTTP/1.1"), .body = call->body
    };
    Outgoing out;

    TRY(core_new(ctx->arena, app, &core));
    atomic_store(&core->is_ready, true);
    incoming_target(&in, call->path);
    if (call->body.len > 0)
        headers_add(ctx->arena, &in.headers, S("content-type"),
                    call->content_type.len ? call->content_type : S("application/json"));
    headers_add(ctx->arena, &in.headers, S("accept"), S("application/json"));
    inner.arena = work; /* reset when the act runs again; the caller's own is not */
    Wishes wishes = { .form = FORM_JSON, .lang = ctx->lang.len ? ctx->lang : S("zh") };
    inner.lang = wishes.lang;
    run_request(core, &inner, &in, wishes, &out);
    *ret_status = out.status;
    *ret_body = str_dup(ctx->arena, out.body);
    return OK;
}
