/* http/request.c - what a handler reads: the row's fields, checked, and who asks in which form. */
#include "http/request.h"

#include <assert.h>

#include "base/utf8.h"
#include "http/core.h"
#include "text/json_read.h"

/* ---- what handlers ask ---- */

/* NULL where the row names no such field. */
static const FieldValue *find_value(const Request *req, const char *name) {
    const Field *fields = req->row->route->fields;

    for (size_t i = 0; fields && fields[i].name; i++)
        if (strcmp(fields[i].name, name) == 0)
            return &req->values[i];
    return NULL;
}

static const FieldValue *value_of(const Request *req, const char *name) {
    const FieldValue *value = find_value(req, name);

    assert(value && "a handler asks for a field that its row does not name");
    return value;
}

int64_t req_id(const Request *req, const char *field) {
    return value_of(req, field)->integer;
}

int64_t req_int(const Request *req, const char *field) {
    const FieldValue *value = value_of(req, field);

    if (value->is_present)
        return value->integer;
    for (const Field *at = req->row->route->fields; at->name; at++)
        if (strcmp(at->name, field) == 0)
            return at->min;
    return 0;
}

bool req_bool(const Request *req, const char *field) {
    return value_of(req, field)->integer != 0;
}

Str req_text(const Request *req, const char *field) {
    return value_of(req, field)->text;
}

bool req_has(const Request *req, const char *field) {
    const FieldValue *value = find_value(req, field);

    return value && value->is_present;
}

StrList req_list(const Request *req, const char *field) {
    return value_of(req, field)->list;
}

bool req_file(const Request *req, const char *field, Upload *ret) {
    const FieldValue *value = value_of(req, field);

    if (value->is_present)
        *ret = value->upload;
    return value->is_present;
}

void req_cursor(const Request *req, const char *field, int64_t *ret_a, int64_t *ret_b) {
    const FieldValue *value = value_of(req, field);

    *ret_a = value->integer;
    *ret_b = value->second;
}

Str req_header(const Request *req, const char *name) {
    return headers_get(&req->in->headers, str_from_c(name));
}

Str req_path(const Request *req) {
    return req->path;
}

Str req_body(const Request *req) {
    return req->in->body;
}

Str req_content_type(const Request *req) {
    Str type = headers_get(&req->in->headers, S("content-type"));

    return str_trim(str_slice(type, 0, str_find_char(type, ';', 0)));
}

Str req_origin(const Request *req) {
    return req->origin;
}

bool req_wants_json(const Request *req) {
    return req->form == FORM_JSON;
}

Str req_session(const Request *req) {
    return req->session;
}

bool req_is_fragment(const Request *req) {
    return req->form == FORM_FRAGMENT;
}

int64_t req_version(const Request *req) {
    return req->version > 0 ? req->version : 0;
}

/* ---- preconditions ---- */

int64_t request_if_match(Str header) {
    Str tag = str_trim(header);
    int64_t version;

    if (str_eq(tag, S("*")))
        return IF_MATCH_ANY;
    if (str_starts(tag, S("W/")))
        tag = str_slice(tag, 2, tag.len);
    if (tag.len < 3 || tag.ptr[0] != '"' || tag.ptr[tag.len - 1] != '"')
        return 0;
    tag = str_slice(tag, 1, tag.len - 1);
    Str digits = str_slice(tag, 0, str_find_char(tag, '-', 0));
    return str_parse_int(digits, &version) && version > 0 ? version : 0;
}

bool request_none_match(Str header, Str etag) {
    Str item;

    if (etag.len == 0)
        return false;
    while (str_cut(&header, ',', &item)) {
        item = str_trim(item);
        if (str_starts(item, S("W/")))
            item = str_slice(item, 2, item.len);
        if (str_eq(item, S("*")) || str_eq(item, etag))
            return true;
    }
    return false;
}

/* ---- filling the fields ---- */

typedef struct Filling {
    Arena *arena;
    Request *req;
    Err first;   /* what goes to *ret_at_fault */
    Err refused; /* by design: what request_read itself fails with */
    bool ignores_unknown;
} Filling;

static void note(Filling *fill, Err err) {
    if (err.code != ERR_OK && fill->first.code == ERR_OK)
        fill->first = err;
}

static const Field *find_field(const Route *route, FieldPlace place, Str name, size_t *ret_index) {
    for (size_t i = 0; route->fields && route->fields[i].name; i++) {
        if (route->fields[i].place == place && str_eq(str_from_c(route->fields[i].name), name)) {
            *ret_index = i;
            return &route->fields[i];
        }
    }
    return NULL;
}

/* The first of two hidden fields of one name counts as a mistake like any other. */
static Err take_once(Str *slot, const char *name, Str value) {
    if (slot->ptr)
        return FAIL(ERR_INVALID, name, N_("This field was given twice."));
    if (value.len > FIELD_LINE_CHARS || !utf8_is_valid(value) || utf8_has_control(value))
        return FAIL(ERR_INVALID, name, N_("This value is not of the form that is asked for."));
    *slot = value.ptr ? value : S("");
    return OK;
}

/* csrf, version and idempotency_key of a form, lang of a query. True when name is one of them. */
static bool take_common(Filling *fill, FieldPlace place, const Param *param) {
    Request *req = fill->req;
    int64_t version = 0;

    if (place == IN_QUERY)
        return str_eq(param->name, S("lang"));
    if (str_eq(param->name, S("csrf"))) {
        note(fill, take_once(&req->csrf, "csrf", param->value));
        return true;
    }
    if (str_eq(param->name, S("idempotency_key"))) {
        note(fill, take_once(&req->idempotency_key, "idempotency_key", param->value));
        return true;
    }
    if (!str_eq(param->name, S("version")))
        return false;
    if (param->value.len > 0 && (!str_parse_int(param->value, &version) || version < 0))
        note(fill, FAIL(ERR_INVALID, "version", N_("Write a whole number.")));
    if (!req->has_if_match)
        req->version = version;
    return true;
}

/* A field that there is not, by decision: told to everybody, before it is asked who they are. */
static bool refuse_name(Filling *fill, Str name) {
    const HttpHooks *hooks = &fill->req->core->app->hooks;
    int rule = hooks->refused_name ? hooks->refused_name(name) : 0;

    if (rule && fill->refused.code == ERR_OK)
        fill->refused =
            REFUSE(rule, N_("There is no such field, by decision: read what is refused."));
    return rule != 0;
}

static void fill_param(Filling *fill, FieldPlace place, const Param *param) {
    Request *req = fill->req;
    size_t index;
    const Field *field = find_field(req->row->route, place, param->name, &index);

    if (!field) {
        if (take_common(fill, place, param) || refuse_name(fill, param->name) ||
            (place == IN_QUERY && fill->ignores_unknown))
            return;
        char *name = str_to_c(fill->arena, utf8_clean(fill->arena, str_slice(param->name, 0, 100)));
        note(fill, FAIL(ERR_INVALID, name, N_("This field is not known here.")));
        return;
    }
    bool is_shown = field->type != FIELD_SECRET && field->type != FIELD_FILE && !param->is_file;
    if (is_shown && req->typed[index].len == 0)
        req->typed[index] = utf8_clean(fill->arena, param->value);
    note(fill, field_add(fill->arena, field, param, &req->values[index]));
}

static void fill_path(Filling *fill, const RouteMatch *match) {
    const Row *row = fill->req->row;

    for (size_t i = 0; i < row->name_count; i++) {
        Param param = { .name = row->names[i], .value = match->values[i] };
        size_t index = 0;
        const Field *field = find_field(row->route, IN_PATH, row->names[i], &index);
        Err err = field_add(fill->arena, field, &param, &fill->req->values[index]);
        if (err.code != ERR_OK || !fill->req->values[index].is_present)
            note(fill, FAIL(ERR_NOT_FOUND, NULL, N_("There is no such page.")));
    }
}

static bool has_body_fields(const Route *route) {
    for (const Field *field = route->fields; field && field->name; field++)
        if (field->place == IN_BODY)
            return true;
    return false;
}

static bool is_json_type(Str type) {
    return str_eq(type, S("application/json")) ||
           (str_starts(type, S("application/")) && str_ends(type, S("+json")));
}

static Err read_body(Filling *fill, ParamList *params) {
    const Incoming *in = fill->req->in;
    const Route *route = fill->req->row->route;
    Str whole = headers_get(&in->headers, S("content-type"));
    Str type = media_type(fill->arena, whole);
    Json *value;

    if (in->body.len == 0 || ((route->flags & ROUTE_RAW) && !has_body_fields(route)))
        return OK;
    if (str_eq(type, S("application/x-www-form-urlencoded")))
        return form_read_urlencoded(fill->arena, in->body, params);
    if (str_eq(type, S("multipart/form-data")))
        return form_read_multipart(fill->arena, whole, in->body, params);
    if (!is_json_type(type))
        return FAIL(ERR_INVALID, "@type",
                    N_("Send the body as a form, as multipart/form-data or as application/json."));
    TRY(json_read(fill->arena, in->body, JSON_READ_DEPTH, &value));
    return form_read_json(fill->arena, value, params);
}

static void start_values(Arena *arena, Request *req) {
    size_t count = 0;

    while (req->row->route->fields && req->row->route->fields[count].name)
        count++;
    req->values = arena_array(arena, count + 1, sizeof *req->values);
    req->typed = arena_array(arena, count + 1, sizeof *req->typed);
    for (size_t i = 0; i < count; i++)
        if (req->row->route->fields[i].type == FIELD_CURSOR)
            req->next_field = str_from_c(req->row->route->fields[i].name);
}

Err request_read(Arena *arena, Request *req, const RouteMatch *match, Err *ret_at_fault) {
    bool is_read = req->row->method == METHOD_GET;
    Filling fill = { .arena = arena,
                     .req = req,
                     .ignores_unknown = is_read && (req->form != FORM_JSON ||
                                                    (req->row->route->flags & ROUTE_RAW)) };
    ParamList query = { 0 }, body = { 0 };

    start_values(arena, req);
    Str if_match = headers_get(&req->in->headers, S("if-match"));
    req->has_if_match = if_match.len > 0;
    req->version = request_if_match(if_match);
    fill_path(&fill, match);
    TRY(form_read_urlencoded(arena, req->in->query, &query));
    for (size_t i = 0; i < query.len; i++)
        fill_param(&fill, IN_QUERY, &query.items[i]);
    if (!is_read)
        TRY(read_body(&fill, &body));
    for (size_t i = 0; i < body.len; i++)
        fill_param(&fill, IN_BODY, &body.items[i]);
    TRY(fill.refused);
    for (size_t i = 0; req->row->route->fields && req->row->route->fields[i].name; i++)
        if (fill.first.code == ERR_OK)
            note(&fill, field_require(&req->row->route->fields[i], &req->values[i]));
    *ret_at_fault = fill.first;
    return OK;
}

Err request_from_form(Arena *arena, Request *req, const Request *form) {
    const Field *fields = req->row->route->fields;
    Filling fill = { .arena = arena, .req = req };

    start_values(arena, req);
    for (size_t i = 0; fields && fields[i].name; i++) {
        Str name = str_from_c(fields[i].name);
        size_t from = 0;
        bool is_path = fields[i].place == IN_PATH;
        if (!find_field(form->row->route, is_path ? IN_PATH : IN_BODY, name, &from)) {
            if (is_path)
                return FAIL(ERR_BUG, NULL,
                            N_("The page of a form has a path its form does not know."));
            continue;
        }
        Param param = { .name = name, .value = form->values[from].text };
        if (form->values[from].is_present)
            note(&fill, field_add(arena, &fields[i], &param, &req->values[i]));
    }
    return fill.first;
}
