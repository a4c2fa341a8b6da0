/* http/openapi.c - the OpenAPI 3.1 document of the route tables. */
#include "http/core.h"

typedef struct Document {
    Arena *arena;
    const Router *router;
    const HttpHooks *hooks; /* NULL for none */
} Document;

static Json *text(const Document *doc, const char *s) {
    return json_str(doc->arena, str_from_c(s));
}

/* OpenAPI knows no {name*}. */
static Str path_of(const Document *doc, const Route *route) {
    return str_replace(doc->arena, str_from_c(route->pattern), S("*}"), S("}"));
}

static void put_enum(const Document *doc, const Field *field, Json *schema) {
    Str words = str_from_c(field->words), word;
    Json *list = json_arr(doc->arena);

    while (str_cut(&words, ' ', &word))
        if (word.len > 0)
            json_push(list, json_str(doc->arena, word));
    json_set(schema, "enum", list);
}

static void put_length(const Document *doc, const Field *field, Json *schema) {
    size_t most = field->max_chars;

    if (most == 0)
        most = field->type == FIELD_TEXT ? FIELD_TEXT_CHARS : FIELD_LINE_CHARS;
    json_set(schema, "maxLength", json_int(doc->arena, (int64_t)most));
    if (field->is_required)
        json_set(schema, "minLength", json_int(doc->arena, 1));
}

static Json *schema_of(const Document *doc, const Field *field) {
    Json *schema = json_obj(doc->arena);
    bool is_int = field->type == FIELD_INT, is_list = field->type == FIELD_LIST;

    json_set(schema, "type",
             text(doc, is_int                      ? "integer"
                       : is_list                   ? "array"
                       : field->type == FIELD_BOOL ? "boolean"
                                                   : "string"));
    switch (field->type) {
    case FIELD_ID:
        json_set(schema, "pattern", text(doc, "^[1-9][0-9]{0,18}$"));
        break;
    case FIELD_INT:
        if (field->min == 0 && field->max == 0)
            break;
        json_set(schema, "minimum", json_int(doc->arena, field->min));
        json_set(schema, "maximum", json_int(doc->arena, field->max));
        break;
    case FIELD_TEXT:
    case FIELD_LINE:
    case FIELD_SECRET:
        put_length(doc, field, schema);
        break;
    case FIELD_WORD:
        put_length(doc, field, schema);
        json_set(schema, "pattern", text(doc, "^[A-Za-z0-9._@-]*$"));
        break;
    case FIELD_ENUM:
        put_enum(doc, field, schema);
        break;
    case FIELD_DATE:
        json_set(schema, "format", text(doc, "date"));
        break;
    case FIELD_LIST: {
        Json *items = json_obj(doc->arena);
        json_set(items, "type", text(doc, "string"));
        json_set(schema, "items", items);
        break;
    }
    case FIELD_FILE:
        json_set(schema, "format", text(doc, "binary"));
        break;
    case FIELD_BOOL:
    case FIELD_CURSOR:
    case FIELD_END:
        break;
    }
    if (field->label)
        json_set(schema, "description", text(doc, field->label));
    return schema;
}

static Json *parameters_of(const Document *doc, const Route *route) {
    Json *list = json_arr(doc->arena);

    for (const Field *field = route->fields; field && field->name; field++) {
        if (field->place == IN_BODY)
            continue;
        Json *parameter = json_obj(doc->arena);
        json_set(parameter, "name", text(doc, field->name));
        json_set(parameter, "in", text(doc, field->place == IN_PATH ? "path" : "query"));
        json_set(parameter, "required",
                 json_bool(doc->arena, field->place == IN_PATH || field->is_required));
        json_set(parameter, "schema", schema_of(doc, field));
        json_push(list, parameter);
    }
    return list;
}

static Json *content_of(const Document *doc, const char *type, Json *schema) {
    Json *media = json_obj(doc->arena), *content = json_obj(doc->arena);

    json_set(media, "schema", schema);
    json_set(content, type, media);
    return content;
}

/* NULL when the row has no body fields. */
static Json *body_of(const Document *doc, const Route *route) {
    Json *properties = json_obj(doc->arena), *required = json_arr(doc->arena),
         *schema = json_obj(doc->arena);
    bool has_file = false;

    for (const Field *field = route->fields; field && field->name; field++) {
        if (field->place != IN_BODY)
            continue;
        json_set(properties, field->name, schema_of(doc, field));
        has_file = has_file || field->type == FIELD_FILE;
        if (field->is_required)
            json_push(required, text(doc, field->name));
    }
    if (properties->object.len == 0)
        return NULL;
    json_set(schema, "type", text(doc, "object"));
    json_set(schema, "properties", properties);
    json_set(schema, "additionalProperties", json_bool(doc->arena, false));
    if (required->array.len > 0)
        json_set(schema, "required", required);
    Json *body = json_obj(doc->arena);
    Json *content = content_of(doc, has_file ? "multipart/form-data" : "application/json", schema);
    if (!has_file) {
        Json *media = json_obj(doc->arena);
        json_set(media, "schema", schema);
        json_set(content, "application/x-www-form-urlencoded", media);
    }
    json_set(body, "content", content);
    return body;
}

/* The members at the top of a model, from its keys: names before [, { and ?. */
static Json *model_schema(const Document *doc, const Model *model) {
    Str keys = str_from_c(model->keys);
    Json *properties = json_obj(doc->arena), *schema = json_obj(doc->arena);
    int depth = 0;

    for (size_t i = 0; i < keys.len;) {
        char c = keys.ptr[i];
        size_t end = i;
        while (end < keys.len &&
               ((keys.ptr[end] >= 'a' && keys.ptr[end] <= 'z') || keys.ptr[end] == '_' ||
                (keys.ptr[end] >= '0' && keys.ptr[end] <= '9')))
            end++;
        depth += c == '[' || c == '{';
        depth -= c == ']' || c == '}';
        if (end > i && depth == 0)
            json_set_str(properties, str_slice(keys, i, end), json_obj(doc->arena));
        i = end > i ? end : i + 1;
    }
    json_set(schema, "type", text(doc, "object"));
    json_set(schema, "properties", properties);
    return schema;
}

static Json *responses_of(const Document *doc, const Route *route) {
    Json *responses = json_obj(doc->arena), *ok = json_obj(doc->arena),
         *problem = json_obj(doc->arena);
    Json *any = json_obj(doc->arena);

    json_set(ok, "description", text(doc, "The answer."));
    if (route->model)
        json_set(ok, "content",
                 content_of(doc, "application/json", model_schema(doc, route->model)));
    json_set(problem, "description", text(doc, "A problem document (RFC 9457)."));
    json_set(any, "type", text(doc, "object"));
    json_set(problem, "content", content_of(doc, "application/problem+json", any));
    json_set(responses, "200", ok);
    json_set(responses, "default", problem);
    return responses;
}

/* What a row demands and does besides its fields, for programs that read the table. */
static Json *flags_of(const Document *doc, const Route *route) {
    static const struct {
        unsigned flag;
        const char *name;
    } flags[] = { { ROUTE_CACHED, "cached" },   { ROUTE_IF_MATCH, "if-match" },
                  { ROUTE_UPLOAD, "upload" },   { ROUTE_NO_CSRF, "no-csrf" },
                  { ROUTE_STEP_UP, "step-up" }, { ROUTE_NO_KEY, "no-key" },
                  { ROUTE_RAW, "raw" },         { ROUTE_RATE_SIGNIN, "rate" },
                  { ROUTE_LONG, "long" } };
    Json *list = json_arr(doc->arena);

    for (size_t i = 0; i < COUNT_OF(flags); i++)
        if (route->flags & flags[i].flag)
            json_push(list, text(doc, flags[i].name));
    return list;
}

static Str cap_name(const Document *doc, int cap) {
    if (cap == CAP_READ)
        return S("read");
    if (cap == CAP_SIGNED_IN)
        return S("signed_in");
    return doc->hooks && doc->hooks->cap_name ? doc->hooks->cap_name(cap) : STR_EMPTY;
}

static Json *operation_of(const Document *doc, const Row *row) {
    const Route *route = row->route;
    Json *operation = json_obj(doc->arena), *body = body_of(doc, route);

    json_set(operation, "summary", text(doc, route->summary ? route->summary : ""));
    json_set(operation, "parameters", parameters_of(doc, route));
    if (body)
        json_set(operation, "requestBody", body);
    json_set(operation, "responses", responses_of(doc, route));
    json_set(operation, "x-capability",
             json_str(doc->arena, cap_name(doc, route->cap & ~CAP_PER_OUTLET)));
    json_set(operation, "x-per-outlet", json_bool(doc->arena, (route->cap & CAP_PER_OUTLET) != 0));
    json_set(operation, "x-flags", flags_of(doc, route));
    if ((route->cap & ~CAP_PER_OUTLET) != CAP_READ) {
        Json *list = json_arr(doc->arena), *scheme = json_obj(doc->arena);
        json_set(scheme, "bearer", json_arr(doc->arena));
        json_push(list, scheme);
        json_set(operation, "security", list);
    }
    return operation;
}

static Json *paths_of(const Document *doc) {
    Json *paths = json_obj(doc->arena);

    for (size_t i = 0; i < router_count(doc->router); i++) {
        const Row *row = router_row(doc->router, i);
        Str path = path_of(doc, row->route);
        Json *item = json_get_str(paths, path);
        if (!item) {
            item = json_obj(doc->arena);
            json_set_str(paths, path, item);
        }
        json_set_str(item, str_lower_ascii(doc->arena, str_from_c(row->route->method)),
                     operation_of(doc, row));
    }
    return paths;
}

Err openapi_write(Arena *arena, const Router *router, const HttpHooks *hooks, Buf *out) {
    Document doc = { arena, router, hooks };
    Json *root = json_obj(arena), *info = json_obj(arena), *components = json_obj(arena);
    Json *schemes = json_obj(arena), *bearer = json_obj(arena);

    json_set(info, "title", text(&doc, "Liandong"));
    json_set(info, "version", text(&doc, "1"));
    json_set(bearer, "type", text(&doc, "http"));
    json_set(bearer, "scheme", text(&doc, "bearer"));
    json_set(schemes, "bearer", bearer);
    json_set(components, "securitySchemes", schemes);
    json_set(root, "openapi", text(&doc, "3.1.0"));
    json_set(root, "info", info);
    json_set(root, "components", components);
    json_set(root, "paths", paths_of(&doc));
    json_write(out, root);
    buf_add_char(out, '\n');
    return buf_check(out);
}

Err http_openapi(Arena *arena, const HttpApp *app, Buf *out) {
    HttpCore *core;

    TRY(core_new(arena, app, &core));
    Err err = openapi_write(arena, core->router, &app->hooks, out);
    core_free(core);
    return err;
}
