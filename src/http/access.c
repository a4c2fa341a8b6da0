/* http/access.c - who asks, and may they: session, bearer, CSRF, capability, preconditions, rate. */
#include "http/access.h"

#include "base/percent.h"
#include "http/cookie.h"
#include "http/lang.h"
#include "http/path.h"
#include "http/reply.h"
#include "sec/compare.h"

static bool is_change(const Request *req) {
    return req->row->method != METHOD_GET;
}

static bool has_flag(const Request *req, unsigned flag) {
    return (req->row->route->flags & flag) != 0;
}

/* ---- who ---- */

static Err who_by_bearer(Ctx *ctx, Request *req, Str header) {
    Str token = str_trim(str_slice(header, 7, header.len));

    if (!req->core->app->hooks.bearer || !http_is_token(token))
        return FAIL(ERR_UNAUTHENTICATED, NULL, N_("This token is not known or has ended."));
    TRY(req->core->app->hooks.bearer(ctx, token));
    req->is_trusted = true;
    return OK;
}

Err access_who(Ctx *ctx, Request *req) {
    const HttpHooks *hooks = &req->core->app->hooks;
    Str header = headers_get(&req->in->headers, S("authorization")), token;

    if (req->in->way == WAY_CALL) {
        req->is_trusted = true;
        return OK;
    }
    if (str_eq_nocase(str_slice(header, 0, 7), S("bearer ")))
        return who_by_bearer(ctx, req, header);
    if (req->in->way == WAY_LOCAL) {
        ctx->actor = ACTOR_OPERATOR;
        ctx->person_name = S("operator");
        req->is_trusted = true;
        return OK;
    }
    if ((req->row && has_flag(req, ROUTE_NO_CSRF)) || req->cookie_name.len == 0 ||
        !hooks->session ||
        !cookie_find(headers_get(&req->in->headers, S("cookie")), req->cookie_name, &token))
        return OK;
    TRY(hooks->session(ctx, token, &req->session_csrf));
    req->has_session = ctx->actor != ACTOR_NOBODY;
    if (req->has_session)
        req->session = token;
    return OK;
}

/* ---- whence ---- */

static Err foreign(void) {
    return FAIL(
        ERR_FORBIDDEN, NULL,
        N_("The form was not sent from a page of this site. Open the page again and repeat."));
}

Err access_origin(const Request *req) {
    Str site = headers_get(&req->in->headers, S("sec-fetch-site"));
    Str origin = headers_get(&req->in->headers, S("origin"));
    Str token = headers_get(&req->in->headers, S("x-csrf-token"));

    if (!is_change(req) || req->is_trusted || has_flag(req, ROUTE_NO_CSRF))
        return OK;
    if (site.len > 0 && !str_eq(site, S("same-origin")) && !str_eq(site, S("none")))
        return foreign();
    if (site.len == 0 && origin.len > 0 && !str_eq_nocase(origin, req->origin))
        return foreign();
    if (!req->has_session)
        return OK;
    if (token.len == 0)
        token = req->csrf;
    if (req->session_csrf.len == 0 || !compare_secret(token, req->session_csrf))
        return foreign();
    return OK;
}

/* ---- may ---- */

static Err not_found(void) {
    return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such page."));
}

static bool has_path_field(const Route *route) {
    for (const Field *field = route->fields; field && field->name; field++)
        if (field->place == IN_PATH)
            return true;
    return false;
}

static Err need_sign_in(int *ret_status) {
    *ret_status = ACCESS_SIGN_IN;
    return FAIL(ERR_UNAUTHENTICATED, NULL, N_("Please sign in first."));
}

/* The field stood in the request with something that could not be read. */
static bool is_misread(const Request *req, const char *name) {
    const Field *fields = req->row->route->fields;

    for (size_t i = 0; name && fields && fields[i].name; i++)
        if (strcmp(fields[i].name, name) == 0)
            return req->values[i].is_given && !req->values[i].is_present;
    return false;
}

static Err may_at_outlet(Ctx *ctx, const Request *req, int cap, Err at_fault) {
    const Route *route = req->row->route;
    int64_t outlet_id = 0;
    bool may = false;

    Err err = route->outlet_of(ctx, req, &outlet_id);
    /* Where the body names the outlet, a mistake there is told; a path names what may not even exist. */
    if (err.code == ERR_NOT_FOUND)
        return at_fault.code != ERR_OK && !has_path_field(route) ? at_fault : not_found();
    if (err.code == ERR_REFUSED && is_misread(req, at_fault.field))
        return at_fault; /* the outlet was named, in letters that no outlet has */
    TRY(err);
    ctx->outlet_id = outlet_id;
    TRY(req->core->app->hooks.may(ctx, cap, true, &may));
    return may ? OK : not_found();
}

static Err may_act(Ctx *ctx, const Request *req, int cap, Err at_fault, int *ret_status) {
    const HttpHooks *hooks = &req->core->app->hooks;
    bool may = false;

    if (cap == CAP_READ)
        return OK;
    if (ctx->actor == ACTOR_NOBODY)
        return need_sign_in(ret_status);
    if (cap == CAP_SIGNED_IN) {
        if (ctx->actor == ACTOR_PERSON)
            return OK;
        return FAIL(ERR_FORBIDDEN, NULL, N_("Only a person can do this: use a person's token."));
    }
    if (!hooks->may)
        return FAIL(ERR_BUG, NULL, N_("The server does not know who may do what."));
    if (req->row->route->cap & CAP_PER_OUTLET)
        return may_at_outlet(ctx, req, cap, at_fault);
    TRY(hooks->may(ctx, cap, false, &may));
    return may ? OK : FAIL(ERR_FORBIDDEN, NULL, N_("Your roles do not allow this."));
}

Err access_may(Ctx *ctx, const Request *req, Err at_fault, int *ret_status) {
    if (at_fault.code == ERR_NOT_FOUND)
        return at_fault;
    TRY(may_act(ctx, req, req->row->route->cap & ~CAP_PER_OUTLET, at_fault, ret_status));
    if (has_flag(req, ROUTE_STEP_UP) && ctx->actor == ACTOR_PERSON && !ctx->is_stepped_up) {
        if (ctx->token_id != 0)
            return FAIL(ERR_FORBIDDEN, NULL,
                        N_("A program's token cannot do this: sign in and do it yourself."));
        *ret_status = ACCESS_STEP_UP;
        return FAIL(ERR_FORBIDDEN, NULL, N_("This step needs your password once more."));
    }
    return OK;
}

Str access_way_back(Ctx *ctx, const Request *req) {
    Str referer = headers_get(&req->in->headers, S("referer")), path = req->path;

    if (!is_change(req) && req->in->query.len > 0)
        path = str_format(ctx->arena, "%.*s?%.*s", STR_ARG(path), STR_ARG(req->in->query));
    if (is_change(req))
        path = str_starts(referer, req->origin) ? str_slice(referer, req->origin.len, referer.len)
                                                : S("/");
    return percent_encode(ctx->arena, path_is_safe(path) ? path : S("/"));
}

bool access_send_elsewhere(Ctx *ctx, const Request *req, int status, Outgoing *out) {
    if ((status != ACCESS_SIGN_IN && status != ACCESS_STEP_UP) || req->form == FORM_JSON ||
        req->is_trusted)
        return false;
    Str next = access_way_back(ctx, req);
    Str path = status == ACCESS_SIGN_IN ? S("/signin") : S("/account/confirm");
    path = str_format(ctx->arena, "%.*s?next=%.*s", STR_ARG(path), STR_ARG(next));
    if (query_lang(req->in->query).len > 0)
        path = lang_keep_in_path(ctx->arena, path, ctx->lang);
    if (req->form == FORM_FRAGMENT) { /* htmx would put the page of the sign-in into its place */
        headers_add(ctx->arena, &out->headers, S("HX-Redirect"), path);
        headers_add(ctx->arena, &out->headers, S("Cache-Control"), S("no-store"));
        out->status = status;
        reply_security(ctx->arena, false, &out->headers);
        return true;
    }
    return reply_redirect(ctx->arena, 303, path, out).code == ERR_OK;
}

/* ---- preconditions and rate ---- */

Err access_precondition(const Request *req, int *ret_status) {
    if (!has_flag(req, ROUTE_IF_MATCH) || req->version > 0)
        return OK;
    *ret_status = 428;
    return FAIL(ERR_CONFLICT, NULL,
                N_("Say which version you change (If-Match, or `version` in the form)."));
}

/*
 * Whose attempts are counted: the account that a sign-in names, the first word or line of its form, whoever sends it; on
 * rows of who is signed in (confirming, changing the password) that person. No form can write the control character.
 */
static Str account_of(Ctx *ctx, const Request *req) {
    const Field *fields = req->row->route->fields;

    if (req->row->route->cap == CAP_SIGNED_IN)
        return str_format(ctx->arena, "\x01%lld", (long long)ctx->person_id);

    for (size_t i = 0; fields && fields[i].name; i++)
        if (fields[i].place == IN_BODY &&
            (fields[i].type == FIELD_WORD || fields[i].type == FIELD_LINE) &&
            strcmp(fields[i].name, "next") != 0)
            return str_lower_ascii(ctx->arena, req->values[i].text);
    return STR_EMPTY;
}

Err access_rate(Ctx *ctx, const Request *req) {
    if (!has_flag(req, ROUTE_RATE_SIGNIN) || req->in->way == WAY_CALL)
        return OK;
    Str account = account_of(ctx, req);
    Str client = guard_client(ctx->arena, &req->core->guard, req->in);
    int64_t wait_ms =
        rate_attempt(req->core->rate, account, client, clock_monotonic_ms(ctx->clock));
    if (wait_ms == 0)
        return OK;
    Str seconds = str_from_int(ctx->arena, (wait_ms + 999) / 1000);
    return FAIL_ARGS(ERR_LIMIT, "@rate", N_("Too many attempts. Try again in {0} seconds."),
                     seconds, seconds);
}

void access_rate_end(Ctx *ctx, const Request *req, Err err, bool keeps) {
    if (!has_flag(req, ROUTE_RATE_SIGNIN) || req->in->way == WAY_CALL)
        return;
    /* Busy storage or a full password queue was no failed attempt of theirs either. */
    if (err.code == ERR_OK || err.code == ERR_BUSY || err.code == ERR_IO || err.code == ERR_BUG)
        rate_succeeded(req->core->rate,
                       err.code == ERR_OK && !keeps ? account_of(ctx, req) : STR_EMPTY,
                       guard_client(ctx->arena, &req->core->guard, req->in));
}
