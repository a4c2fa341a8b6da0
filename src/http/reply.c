/* http/reply.c - from what a handler answered, or failed with, to bytes and headers. */
#include "http/reply.h"

#include "base/log.h"
#include "http/cookie.h"
#include "http/lang.h"
#include "http/page.h"
#include "sec/hash.h"

enum { ETAG_HEX = 24 };

static const char TYPE_HTML[] = "text/html; charset=utf-8";

/* ---- headers that every answer carries ---- */

static void put_default(Arena *arena, HttpHeaders *headers, Str name, Str value) {
    if (headers_count(headers, name) == 0)
        headers_add(arena, headers, name, value);
}

void reply_security(Arena *arena, bool is_html, HttpHeaders *headers) {
    put_default(
        arena, headers, S("Content-Security-Policy"),
        is_html
            ? S("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                "font-src 'self'; connect-src 'self'; media-src 'self'; manifest-src 'self'; "
                "form-action 'self'; base-uri 'none'; object-src 'none'; "
                "frame-ancestors 'none'")
            : S("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
                "object-src 'none'; form-action 'none'"));
    put_default(arena, headers, S("X-Content-Type-Options"), S("nosniff"));
    put_default(arena, headers, S("Referrer-Policy"), S("same-origin"));
    put_default(arena, headers, S("Cross-Origin-Opener-Policy"), S("same-origin"));
}

static Str version_and_hash(Arena *arena, int64_t version, Str body) {
    Hash hash = hash_sha256(body);
    Str hex = str_slice(hex_encode(arena, hash_str(&hash)), 0, ETAG_HEX);

    if (version > 0)
        return str_format(arena, "\"%lld-%.*s\"", (long long)version, STR_ARG(hex));
    return str_format(arena, "\"h%.*s\"", STR_ARG(hex));
}

/* Who may keep the answer, and how to ask whether it changed. */
static void put_caching(Ctx *ctx, const Request *req, const Response *res, Outgoing *out) {
    Arena *arena = ctx->arena;
    bool is_ok = out->status == 200 && req->row && req->row->method == METHOD_GET;
    bool is_public = ctx->actor == ACTOR_NOBODY;

    if (res && (res->version > 0 || (is_ok && is_public)))
        put_default(arena, &out->headers, S("ETag"),
                    version_and_hash(arena, res->version, out->body));
    if (is_ok && is_public)
        put_default(arena, &out->headers, S("Cache-Control"), S("no-cache"));
    else
        put_default(arena, &out->headers, S("Cache-Control"),
                    is_public ? S("no-store") : S("private, no-store"));
    put_default(arena, &out->headers, S("Vary"),
                S("Accept, Accept-Encoding, Accept-Language, Cookie, HX-Request"));
    if (!res || !is_ok || !is_public || !(req->row->route->flags & ROUTE_CACHED) ||
        res->has_many_tags || res->tag_count == 0)
        return;
    out->is_cacheable = true;
    out->tag_count = res->tag_count;
    for (size_t i = 0; i < res->tag_count; i++)
        out->tags[i] = res->tags[i];
}

static void put_type(Ctx *ctx, Outgoing *out, const char *type) {
    put_default(ctx->arena, &out->headers, S("Content-Type"), str_from_c(type));
}

/* ---- pages ---- */

static Err put_frame(Ctx *ctx, const Request *req, Json *page, Str fragment, Str *ret) {
    const ViewSet *views = req->core->app->views;
    Json *model = json_obj(ctx->arena);
    Buf buf = buf_new(ctx->arena, 0);

    if (!view_set_has(views, S("frame/page"))) {
        *ret = fragment;
        return OK;
    }
    json_set(model, "page", page);
    json_set(model, "body", json_clean(ctx->arena, fragment));
    TRY(view_render(ctx->arena, views, S("frame/page"), model, catalogue_of(ctx->lang), &buf));
    TRY(buf_check(&buf));
    *ret = buf_str(&buf);
    return OK;
}

static bool keeps_lang(const Request *req) {
    return req->form != FORM_JSON && query_lang(req->in->query).len > 0;
}

static Err render(Ctx *ctx, const Request *req, Str template, Json *model, Str *ret) {
    Json *page;
    Buf buf = buf_new(ctx->arena, 0);

    TRY(page_model(ctx, req, json_get_text(model, "title"), &page));
    json_set(model, "page", page);
    TRY(view_render(ctx->arena, req->core->app->views, template, model, catalogue_of(ctx->lang),
                    &buf));
    TRY(buf_check(&buf));
    *ret = buf_str(&buf);
    if (req->form != FORM_FRAGMENT)
        TRY(put_frame(ctx, req, page, *ret, ret));
    if (keeps_lang(req))
        *ret = lang_keep_in_page(ctx->arena, *ret, ctx->lang);
    return OK;
}

static Err write_json(Ctx *ctx, const Json *value, Str *ret) {
    Buf buf = buf_new(ctx->arena, 0);

    json_write(&buf, value);
    buf_add_char(&buf, '\n');
    TRY(buf_check(&buf));
    *ret = buf_str(&buf);
    return OK;
}

static Err reply_model(Ctx *ctx, const Request *req, Response *res, Outgoing *out) {
    if (!res->value)
        return FAIL(ERR_BUG, NULL, N_("A handler answered without a model."));
    if (req->form == FORM_JSON || !res->model || !req->core->app->views) {
        TRY(write_json(ctx, res->value, &out->body));
        put_type(ctx, out, "application/json");
        reply_security(ctx->arena, false, &out->headers);
        return OK;
    }
    if (!json_get(res->value, "form") || json_get(res->value, "form")->type != JSON_OBJECT ||
        !json_get(json_get(res->value, "form"), "error"))
        page_form(ctx, req, NULL, OK, res->value);
    TRY(render(ctx, req, str_from_c(res->model->name), res->value, &out->body));
    put_type(ctx, out, TYPE_HTML);
    reply_security(ctx->arena, true, &out->headers);
    return OK;
}

/* ---- the session's cookie ---- */

static Err put_session(Ctx *ctx, const Request *req, const Response *res, Outgoing *out) {
    if (res->session.len == 0 && !res->is_session_over)
        return OK;
    if (req->cookie_name.len == 0)
        return req->is_trusted
                   ? OK
                   : FAIL(ERR_FORBIDDEN, NULL,
                          N_("Signing in needs https. Ask the operator to put a proxy with "
                             "TLS in front, or to set site.insecure for a demo."));
    Str cookie = cookie_format(ctx->arena, req->cookie_name, res->session, req->is_secure,
                               res->is_session_over ? 0 : req->core->session_s);
    return headers_put(ctx->arena, &out->headers, S("Set-Cookie"), cookie, false);
}

Err reply_response(Ctx *ctx, const Request *req, Response *res, int status_or_0, Outgoing *out) {
    out->status = status_or_0 ? status_or_0 : res->status;
    out->headers = res->headers;
    out->keeps_rate = res->keeps_rate;
    Request shown = *req;
    if (res->session_csrf.len > 0)
        shown.session_csrf = res->session_csrf;
    switch (res->kind) {
    case RESPONSE_MODEL:
        TRY(reply_model(ctx, &shown, res, out));
        break;
    case RESPONSE_BYTES:
        out->body = res->body;
        put_type(ctx, out, res->content_type);
        reply_security(ctx->arena, str_starts(str_from_c(res->content_type), S("text/html")),
                       &out->headers);
        break;
    case RESPONSE_REDIRECT:
        reply_security(ctx->arena, false, &out->headers);
        break;
    case RESPONSE_NONE:
        return FAIL(ERR_BUG, NULL, N_("A handler gave no answer."));
    }
    if (keeps_lang(req))
        res->location = lang_keep_in_path(ctx->arena, res->location, ctx->lang);
    if (res->location.len > 0)
        TRY(headers_put(ctx->arena, &out->headers, S("Location"), res->location, true));
    TRY(put_session(ctx, req, res, out));
    put_caching(ctx, req, res, out);
    return OK;
}

Err reply_redirect(Arena *arena, int status, Str path, Outgoing *out) {
    out->status = status;
    TRY(headers_put(arena, &out->headers, S("Location"), path, true));
    put_default(arena, &out->headers, S("Cache-Control"), S("no-store"));
    reply_security(arena, false, &out->headers);
    return OK;
}

/* ---- errors ---- */

int reply_status(const Request *req, Err err) {
    if (err.code == ERR_CONFLICT && req->has_if_match)
        return 412;
    if (err.code == ERR_INVALID && err.field && strcmp(err.field, "@type") == 0)
        return 415;
    return err_http_status(err);
}

static const char *title_of(int status) {
    switch (status) {
    case 401:
        return N_("Please sign in");
    case 403:
        return N_("This is not allowed");
    case 404:
        return N_("Not found");
    case 410:
        return N_("No longer here");
    case 409:
    case 412:
        return N_("Something changed meanwhile");
    case 413:
    case 414:
    case 431:
        return N_("Too large");
    case 422:
        return N_("Something is missing or wrong");
    case 429:
        return N_("Please wait");
    case 503:
        return N_("The server is busy");
    default:
        return status >= 500 ? N_("Something went wrong") : N_("The request cannot be answered");
    }
}

/* What a person reads; what only we should know stays in the log. */
static Str detail_of(Arena *arena, const Catalogue *catalogue, Err err) {
    if (err.code == ERR_BUG)
        return catalogue_text(
            catalogue, S("This is a fault of ours. Tell the operator the number of the request."));
    return catalogue_err(arena, catalogue, err);
}

static Json *text_or_null(Arena *arena, const char *text) {
    return text ? json_str(arena, str_from_c(text)) : json_null(arena);
}

static Json *problem_model(Arena *arena, Str lang, uint64_t request_id, int status, Err err) {
    const Catalogue *catalogue = catalogue_of(lang);
    Json *model = json_obj(arena);

    json_set(model, "status", json_int(arena, status));
    json_set(model, "title",
             json_str(arena, catalogue_text(catalogue, str_from_c(title_of(status)))));
    json_set(model, "detail", json_str(arena, detail_of(arena, catalogue, err)));
    json_set(model, "field", text_or_null(arena, err.field));
    json_set(model, "rule", err.rule ? json_int(arena, err.rule) : json_null(arena));
    json_set(model, "request",
             json_str(arena, str_format(arena, "%016llx", (unsigned long long)request_id)));
    json_set(model, "refusal_url",
             err.rule > 0 && err.rule < 100
                 ? json_str(arena, str_format(arena, "/refusals/R%d", err.rule))
                 : json_null(arena));
    return model;
}

static void put_retry(Arena *arena, int status, Err err, Outgoing *out) {
    if (status == 429 && err.args[1].len > 0)
        put_default(arena, &out->headers, S("Retry-After"), err.args[1]);
    else if (status == 503 || status == 429)
        put_default(arena, &out->headers, S("Retry-After"), status == 503 ? S("1") : S("60"));
    if (status == 401)
        put_default(arena, &out->headers, S("WWW-Authenticate"), S("Bearer"));
}

void reply_problem(Arena *arena, Str lang, uint64_t request_id, int status, Err err,
                   Outgoing *out) {
    Buf buf = buf_new(arena, 0);
    Json *model = problem_model(arena, lang, request_id, status, err), *problem = json_obj(arena);

    json_set(problem, "type",
             json_str(arena, str_format(arena, "urn:liandong:problem:%s", err_name(err.code))));
    for (size_t i = 0; i < model->object.len; i++)
        if (model->object.items[i].value->type != JSON_NULL)
            json_set_str(problem, model->object.items[i].name, model->object.items[i].value);
    json_write(&buf, problem);
    buf_add_char(&buf, '\n');
    out->status = status;
    out->body = buf_str(&buf);
    put_retry(arena, status, err, out);
    put_default(arena, &out->headers, S("Content-Type"), S("application/problem+json"));
    put_default(arena, &out->headers, S("Cache-Control"), S("no-store"));
    reply_security(arena, false, &out->headers);
}

static Err error_page(Ctx *ctx, const Request *req, int status, Err err, Outgoing *out) {
    Json *model = problem_model(ctx->arena, ctx->lang, ctx->request_id, status, err);

    TRY(render(ctx, req, S("error/page"), model, &out->body));
    put_type(ctx, out, TYPE_HTML);
    return OK;
}

static void error_text(Ctx *ctx, int status, Err err, Outgoing *out) {
    const Catalogue *catalogue = catalogue_of(ctx->lang);
    Str title = catalogue_text(catalogue, str_from_c(title_of(status)));
    Str detail = detail_of(ctx->arena, catalogue, err);

    out->body = str_format(ctx->arena, "%d %.*s\n\n%.*s\n\n%016llx\n", status, STR_ARG(title),
                           STR_ARG(detail), (unsigned long long)ctx->request_id);
    put_type(ctx, out, "text/plain; charset=utf-8");
}

void reply_error(Ctx *ctx, const Request *req, int status, Err err, Outgoing *out) {
    const ViewSet *views = req->core->app->views;

    if (req->form == FORM_JSON) {
        reply_problem(ctx->arena, ctx->lang, ctx->request_id, status, err, out);
        put_caching(ctx, req, NULL, out);
        return;
    }
    out->status = status;
    put_retry(ctx->arena, status, err, out);
    Err failed = views && view_set_has(views, S("error/page"))
                     ? error_page(ctx, req, status, err, out)
                     : FAIL(ERR_BUG, NULL, N_("There is no template for errors."));
    if (failed.code != ERR_OK) {
        if (views)
            log_err(ctx, "http.error_page", failed);
        error_text(ctx, status, err, out);
    }
    reply_security(ctx->arena, true, &out->headers);
    put_caching(ctx, req, NULL, out);
}
