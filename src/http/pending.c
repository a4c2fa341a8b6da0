/* http/pending.c - a form that a step-up interrupted: kept in the page that asks for the password, and finished. */
#include "http/pending.h"

#include "base/percent.h"
#include "base/utf8.h"
#include "http/access.h"
#include "http/path.h"
#include "http/reply.h"

#define CONFIRM_PATH S("/account/confirm")

/* What a form may carry beside the fields of its row, but its token, which the new session replaces. */
static bool is_common(Str name) {
    return str_eq(name, S("version")) || str_eq(name, S("idempotency_key"));
}

static const Field *body_field(const Route *route, Str name) {
    for (const Field *field = route->fields; field && field->name; field++)
        if (field->place == IN_BODY && str_eq(str_from_c(field->name), name))
            return field;
    return NULL;
}

/* A row that demands a step-up, and whose form holds nothing that may not be shown again. */
static bool is_row(const Row *row) {
    const Route *route = row->route;

    if (row->method != METHOD_POST || !(route->flags & ROUTE_STEP_UP) ||
        (route->flags & ROUTE_UPLOAD))
        return false;
    for (const Field *field = route->fields; field && field->name; field++)
        if (field->type == FIELD_SECRET || field->type == FIELD_FILE)
            return false;
    return true;
}

static const Row *find_confirm(Ctx *ctx, const Request *req) {
    RouteMatch match;

    return router_find(req->core->router, ctx->arena, METHOD_GET, CONFIRM_PATH, &match) ==
                   ROUTE_FOUND
               ? match.row
               : NULL;
}

bool pending_is_kept(Ctx *ctx, const Request *req) {
    Str type = req_content_type(req);

    return req->form == FORM_PAGE && !req->is_trusted && is_row(req->row) &&
           req->in->body.len <= PENDING_BYTES_MAX &&
           (req->in->body.len == 0 ||
            str_eq_nocase(type, S("application/x-www-form-urlencoded"))) &&
           find_confirm(ctx, req) != NULL;
}

/* The body without its token, in one spelling. */
static Err fields_of(Ctx *ctx, const Request *req, Str *ret) {
    ParamList params = { 0 };
    Buf out = buf_new(ctx->arena, 0);

    TRY(form_read_urlencoded(ctx->arena, req->in->body, &params));
    for (size_t i = 0; i < params.len; i++) {
        if (str_eq(params.items[i].name, S("csrf")))
            continue;
        buf_add_format(&out, "%s%.*s=%.*s", buf_str(&out).len ? "&" : "",
                       STR_ARG(percent_encode(ctx->arena, params.items[i].name)),
                       STR_ARG(percent_encode(ctx->arena, params.items[i].value)));
    }
    TRY(buf_check(&out));
    *ret = buf_str(&out);
    return OK;
}

static Json *child(Json *object, const char *name) {
    if (!json_get(object, name))
        json_set(object, name, json_obj(object->arena));
    return json_get(object, name);
}

static Err keep_in(Ctx *ctx, const Request *req, Json *model) {
    Json *values = child(child(model, "form"), "values");
    Str fields, path = req->path, next;

    TRY(fields_of(ctx, req, &fields));
    if (req->in->query.len > 0)
        path = str_format(ctx->arena, "%.*s?%.*s", STR_ARG(path), STR_ARG(req->in->query));
    if (percent_decode(ctx->arena, access_way_back(ctx, req), false, &next))
        json_set(values, "next", json_str(ctx->arena, next));
    json_set(values, "act", json_str(ctx->arena, path));
    json_set(values, "form", json_str(ctx->arena, fields));
    return OK;
}

Err pending_show(Ctx *ctx, const Request *req, Outgoing *out) {
    Request again = *req;
    Response res = response_new(ctx->arena);

    again.row = find_confirm(ctx, req);
    again.path = CONFIRM_PATH;
    TRY(request_from_form(ctx->arena, &again, req));
    TRY(again.row->route->handler(ctx, &again, &res));
    if (res.kind != RESPONSE_MODEL)
        return FAIL(ERR_BUG, NULL, N_("The page of a form answered without a model."));
    TRY(keep_in(ctx, req, res.value));
    return reply_response(ctx, &again, &res, ACCESS_STEP_UP, out);
}

/* ---- finishing it ---- */

static const Row *find_row(Ctx *ctx, const Request *req, Str act) {
    Str path = str_slice(act, 0, str_find_char(act, '?', 0));
    RouteMatch match;

    if (!path_is_safe(act) ||
        router_find(req->core->router, ctx->arena, METHOD_POST, path, &match) != ROUTE_FOUND ||
        !is_row(match.row))
        return NULL;
    return match.row;
}

/* A hidden field; and, where people have a word for it, a line that shows what is about to be sent. */
static void add_field(Ctx *ctx, const Route *route, const Param *param, Json *fields, Json *shown) {
    const Field *field = body_field(route, param->name);

    if ((!field && !is_common(param->name)) || !utf8_is_valid(param->value))
        return;
    Json *item = json_obj(ctx->arena);
    json_set(item, "name", json_str(ctx->arena, param->name));
    json_set(item, "value", json_str(ctx->arena, param->value));
    json_push(fields, item);
    if (!field || !field->label || str_trim(param->value).len == 0)
        return;
    Json *line = json_obj(ctx->arena);
    json_set(
        line, "label",
        json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(field->label))));
    json_set(line, "value", json_str(ctx->arena, param->value));
    json_push(shown, line);
}

Err req_pending(Ctx *ctx, const Request *req, Json **ret) {
    Str act = req_text(req, "act");
    Json *model = json_obj(ctx->arena), *fields = json_arr(ctx->arena),
         *shown = json_arr(ctx->arena);
    ParamList params = { 0 };
    const Row *row = act.len > 0 ? find_row(ctx, req, act) : NULL;

    if (!row) {
        *ret = json_null(ctx->arena);
        return OK;
    }
    TRY(form_read_urlencoded(ctx->arena, req_text(req, "form"), &params));
    for (size_t i = 0; i < params.len; i++)
        add_field(ctx, row->route, &params.items[i], fields, shown);
    Str what = catalogue_text(catalogue_of(ctx->lang), str_from_c(row->route->summary));
    json_set(model, "action", json_str(ctx->arena, act));
    json_set(model, "what", json_str(ctx->arena, what));
    json_set(model, "fields", fields);
    json_set(model, "shown", shown);
    *ret = model;
    return OK;
}
