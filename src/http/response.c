/* http/response.c - the functions by which a handler answers. */
#include "http/response.h"

#include "http/path.h"
#include "http/request.h"

Response response_new(Arena *arena) {
    return (Response){ .arena = arena };
}

static Err answered_twice(void) {
    return FAIL(ERR_BUG, NULL, N_("A handler answered twice."));
}

Err res_view_as(Ctx *ctx, const Request *req, Response *res, int status, const Model *model,
                Json *value) {
    (void)ctx;
    (void)req;
    if (res->kind != RESPONSE_NONE)
        return answered_twice();
    res->kind = RESPONSE_MODEL;
    res->status = status;
    res->model = model;
    res->value = value;
    return OK;
}

Err res_view(Ctx *ctx, const Request *req, Response *res, Json *model) {
    return res_view_as(ctx, req, res, 200, req->row->route->model, model);
}

Err res_redirect(Ctx *ctx, Response *res, int status, Str path) {
    (void)ctx;
    if (res->kind != RESPONSE_NONE)
        return answered_twice();
    if (!path_is_safe(path))
        return FAIL(ERR_BUG, NULL, N_("A redirect would leave this site."));
    res->kind = RESPONSE_REDIRECT;
    res->status = status;
    res->location = path;
    return OK;
}

static Err done(Ctx *ctx, const Request *req, Response *res, int status, Str location,
                Json *model) {
    if (req->form != FORM_JSON)
        return res_redirect(ctx, res, 303, location);
    if (!path_is_safe(location))
        return FAIL(ERR_BUG, NULL, N_("A redirect would leave this site."));
    TRY(res_view_as(ctx, req, res, status, req->row->route->model,
                    model ? model : json_obj(ctx->arena)));
    res->location = location;
    return OK;
}

Err res_created(Ctx *ctx, const Request *req, Response *res, Str location, Json *model) {
    return done(ctx, req, res, 201, location, model);
}

Err res_done(Ctx *ctx, const Request *req, Response *res, Str location, Json *model) {
    return done(ctx, req, res, 200, location, model);
}

Err res_bytes(Response *res, int status, const char *content_type, Str body) {
    if (res->kind != RESPONSE_NONE)
        return answered_twice();
    res->kind = RESPONSE_BYTES;
    res->status = status;
    res->content_type = content_type;
    res->body = body;
    return OK;
}

Err res_header(Response *res, const char *name, Str value) {
    bool is_list = str_eq_nocase(str_from_c(name), S("link"));

    if (res->headers.len == RESPONSE_HEADERS_MAX)
        return FAIL(ERR_BUG, NULL, N_("A handler set too many headers."));
    return headers_put(res->arena, &res->headers, str_from_c(name), str_dup(res->arena, value),
                       !is_list);
}

void res_version(Response *res, int64_t version) {
    res->version = version;
}

void res_tag(Response *res, Str tag) {
    for (size_t i = 0; i < res->tag_count; i++)
        if (str_eq(res->tags[i], tag))
            return;
    if (res->tag_count == RESPONSE_TAGS_MAX)
        res->has_many_tags = true;
    else
        res->tags[res->tag_count++] = str_dup(res->arena, tag);
}

void res_session(Response *res, Str token) {
    res->session = str_dup(res->arena, token);
    res->is_session_over = false;
}

void res_session_end(Response *res) {
    res->session = STR_EMPTY;
    res->is_session_over = true;
}

void res_session_csrf(Response *res, Str csrf) {
    res->session_csrf = str_dup(res->arena, csrf);
}

void res_keep_rate(Response *res) {
    res->keeps_rate = true;
}

/* ---- cursors ---- */

Str list_cursor(Arena *arena, int64_t a, int64_t b) {
    return str_format(arena, "%llx-%llx", (unsigned long long)a, (unsigned long long)b);
}

/* The query without `name` and lang's place kept: links carry the reader's language on. */
static Str query_without(Arena *arena, Str query, Str name) {
    Str kept = STR_EMPTY, pair;

    while (str_cut(&query, '&', &pair)) {
        if (pair.len == 0 || str_eq(str_slice(pair, 0, str_find_char(pair, '=', 0)), name))
            continue;
        kept = kept.len ? str_format(arena, "%.*s&%.*s", STR_ARG(kept), STR_ARG(pair)) : pair;
    }
    return kept;
}

void res_next(Ctx *ctx, const Request *req, Response *res, Str cursor) {
    Str name = req->next_field.len ? req->next_field : S("after");
    Str query = query_without(ctx->arena, req->in->query, name);

    if (cursor.len == 0)
        return;
    Str link = str_format(ctx->arena, "<%.*s?%.*s%s%.*s=%.*s>; rel=\"next\"", STR_ARG(req->path),
                          STR_ARG(query), query.len ? "&" : "", STR_ARG(name), STR_ARG(cursor));
    headers_add(ctx->arena, &res->headers, S("Link"),
                link); /* the guard let only printable ASCII in */
}
