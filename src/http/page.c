/* http/page.c - what every page's model holds beside the handler's own: "page" and "form". */
#include "http/page.h"

/* The same address in the other language. */
static Str other_lang_url(Arena *arena, const Request *req, Str lang) {
    Str rest = req->in->query, kept = STR_EMPTY, pair;

    while (str_cut(&rest, '&', &pair)) {
        if (pair.len == 0 || str_eq(str_slice(pair, 0, str_find_char(pair, '=', 0)), S("lang")))
            continue;
        kept = str_format(arena, "%.*s%.*s&", STR_ARG(kept), STR_ARG(pair));
    }
    return str_format(arena, "%.*s?%.*slang=%s", STR_ARG(req->path), STR_ARG(kept),
                      str_eq(lang, S("zh")) ? "en" : "zh");
}

Err page_model(Ctx *ctx, const Request *req, Str title, Json **ret) {
    Arena *arena = ctx->arena;
    const HttpCore *core = req->core;
    Json *page = json_obj(arena);

    json_set(page, "lang", json_str(arena, ctx->lang));
    json_set(page, "html_lang", json_str(arena, catalogue_html_lang(catalogue_of(ctx->lang))));
    json_set(page, "other_lang_url", json_str(arena, other_lang_url(arena, req, ctx->lang)));
    json_set(page, "csrf", json_str(arena, req->session_csrf));
    json_set(page, "path", json_str(arena, req->path));
    json_set(page, "request",
             json_str(arena, str_format(arena, "%016llx", (unsigned long long)ctx->request_id)));
    json_set(page, "title", title.len ? json_str(arena, title) : json_null(arena));
    json_set(page, "insecure", json_bool(arena, req->has_session && !req->is_secure));
    json_set(page, "assets", (Json *)(uintptr_t)core->assets); /* read only from here on */
    if (core->app->hooks.frame)
        TRY(core->app->hooks.frame(ctx, req, page));
    *ret = page;
    return OK;
}

static Json *child(Json *object, const char *name) {
    Json *found = json_get(object, name);

    if (!found || found->type != JSON_OBJECT) {
        found = json_obj(object->arena);
        json_set(object, name, found);
    }
    return found;
}

/* Empty values and no errors for every field of the row that the handler did not fill itself. */
static void complete(Ctx *ctx, const Row *row, Json *values, Json *errors) {
    for (const Field *field = row->route->fields; field && field->name; field++) {
        if (field->place != IN_BODY)
            continue;
        if (!json_get(values, field->name))
            json_set(values, field->name, json_str(ctx->arena, S("")));
        json_set(errors, field->name, json_null(ctx->arena));
    }
}

/* A list as its template would show stored ones; a switch as true or false. */
static Json *typed_value(Ctx *ctx, const Request *failed, const Field *field, size_t index) {
    if (field->type == FIELD_BOOL)
        return json_bool(ctx->arena, failed->values[index].integer != 0);
    if (field->type != FIELD_LIST)
        return json_str(ctx->arena, failed->typed[index]);
    Json *list = json_arr(ctx->arena);
    StrList given = failed->values[index].list;
    for (size_t i = 0; i < given.len; i++)
        json_push(list, json_str(ctx->arena, given.items[i]));
    return list;
}

static void put_typed(Ctx *ctx, const Request *failed, Json *values) {
    const Field *fields = failed->row->route->fields;

    for (size_t i = 0; fields && fields[i].name; i++)
        if (fields[i].place == IN_BODY && fields[i].type != FIELD_SECRET &&
            fields[i].type != FIELD_FILE)
            json_set(values, fields[i].name, typed_value(ctx, failed, &fields[i], i));
}

static Str typed_of(const Request *failed, Str name) {
    const Field *fields = failed->row->route->fields;

    for (size_t i = 0; fields && fields[i].name; i++)
        if (fields[i].place == IN_BODY && str_eq(str_from_c(fields[i].name), name))
            return failed->typed[i];
    return STR_EMPTY;
}

/* What a person calls the field that is wrong; null when nobody sees it. */
static Json *label_of(Ctx *ctx, const Request *failed, const char *name) {
    const Field *fields = failed->row->route->fields;

    for (size_t i = 0; name && fields && fields[i].name; i++)
        if (str_eq(str_from_c(fields[i].name), str_from_c(name)) && fields[i].label)
            return json_str(ctx->arena,
                            catalogue_text(catalogue_of(ctx->lang), str_from_c(fields[i].label)));
    return json_null(ctx->arena);
}

static bool is_chosen(Str value, Str typed, StrList several) {
    for (size_t i = 0; i < several.len; i++)
        if (str_eq(value, several.items[i]))
            return true;
    return several.len == 0 && str_eq(value, typed);
}

/*
 * A list of choices is named like its field with an s ("kinds" for "kind"); its items have value and selected. After
 * an error the choice that was sent is the selected one.
 */
static void select_typed(Ctx *ctx, const Request *failed, Json *model) {
    const Field *fields = failed->row->route->fields;

    for (size_t i = 0; fields && fields[i].name; i++) {
        const char *name = str_to_c(ctx->arena, str_format(ctx->arena, "%ss", fields[i].name));
        Json *list = fields[i].place == IN_BODY ? json_get(model, name) : NULL;
        if (!list || list->type != JSON_ARRAY || failed->typed[i].len == 0)
            continue;
        StrList several = failed->values[i].list; /* of a FIELD_LIST: boxes that were ticked */
        for (size_t k = 0; k < list->array.len; k++) {
            Json *item = list->array.items[k];
            if (json_get(item, "selected"))
                json_set(item, "selected",
                         json_bool(ctx->arena, is_chosen(json_get_text(item, "value"),
                                                         failed->typed[i], several)));
        }
    }
}

/* A form that its template writes from a list: "fields", whose items have name, value and error. */
static void fill_listed(Ctx *ctx, const Request *failed, Err err, Json *message, Json *model) {
    Json *list = json_get(model, "fields");

    for (size_t i = 0; list && list->type == JSON_ARRAY && i < list->array.len; i++) {
        Json *item = list->array.items[i];
        Str name = json_get_text(item, "name");
        if (!json_get(item, "error"))
            continue;
        json_set(item, "value", json_str(ctx->arena, typed_of(failed, name)));
        if (err.field && str_eq(str_from_c(err.field), name))
            json_set(item, "error", message);
    }
}

void page_form(Ctx *ctx, const Request *req, const Request *failed, Err err, Json *model) {
    Arena *arena = ctx->arena;
    Json *form = child(model, "form"), *values = child(form, "values"),
         *errors = child(form, "errors");

    for (size_t i = 0; i < router_count(req->core->router); i++) {
        const Row *row = router_row(req->core->router, i);
        if (row->form == req->row)
            complete(ctx, row, values, errors);
    }
    json_set(form, "error", json_null(arena));
    if (!failed)
        return;
    put_typed(ctx, failed, values);
    select_typed(ctx, failed, model);
    Json *error = json_obj(arena);
    Json *message = json_str(arena, catalogue_err(arena, catalogue_of(ctx->lang), err));
    json_set(error, "field", err.field ? json_str(arena, str_from_c(err.field)) : json_null(arena));
    json_set(error, "label", label_of(ctx, failed, err.field));
    json_set(error, "message", message);
    json_set(error, "rule", err.rule ? json_int(arena, err.rule) : json_null(arena));
    json_set(form, "error", error);
    if (err.field && json_get(errors, err.field))
        json_set(errors, err.field, message);
    fill_listed(ctx, failed, err, message, model);
}
