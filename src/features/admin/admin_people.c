/* features/admin/admin_people.c - people, their dated grants, and the links that let them in. */
#include "features/admin/admin.h"
#include "features/identity/identity.h"
#include "features/register/register.h"
#include "features/site/site.h"
#include "text/zone.h"
#include "view/catalogue.h"

enum { PER_PAGE = 100 };

static const Field list_fields[] = {
    { "login", FIELD_LINE, IN_QUERY, .max_chars = 100, .label = N_("Sign-in name") },
    { "after", FIELD_CURSOR, IN_QUERY },
    { 0 },
};
static const Field add_fields[] = {
    { "login", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = 100,
      .label = N_("Sign-in name") },
    { "name", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = NAME_CHARS_MAX,
      .label = N_("Full name") },
    { "unit", FIELD_LINE, IN_BODY, .max_chars = 60, .label = N_("Unit") },
    { 0 },
};
static const Field id_fields[] = { { "id", FIELD_ID, IN_PATH, .label = N_("Person") }, { 0 } };
static const Field grant_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Person") },
    { "role", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = 20, .label = N_("Role") },
    { "outlet", FIELD_WORD, IN_BODY, .label = N_("Number of the outlet") },
    { "from", FIELD_DATE, IN_BODY, .label = N_("First day") },
    { "until", FIELD_DATE, IN_BODY, .label = N_("Last day") },
    { 0 },
};

static const Model list_model = { "admin/people",
                                  KEYS(title people[id url login name is_ended] next) };
static const Model person_model = {
    "admin/person",
    KEYS(title id login name is_ended has_factor
             grants[id role outlet outlet_name from until is_later] roles[name]),
};
static const Model link_model = { "admin/link", KEYS(title id name url link) };
static const Model id_model = { NULL, KEYS(id) };

static Json *words(Ctx *ctx, const char *msgid) {
    return json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid)));
}

static Str person_url(Ctx *ctx, int64_t id) {
    return str_format(ctx->arena, "/admin/people/%lld", (long long)id);
}

static Json *person_row(Ctx *ctx, const Person *person) {
    Json *row = json_obj(ctx->arena);

    json_set(row, "id", json_id(ctx->arena, person->id));
    json_set(row, "url", json_str(ctx->arena, person_url(ctx, person->id)));
    json_set(row, "login", json_str(ctx->arena, person->login));
    json_set(row, "name", json_str(ctx->arena, person->name));
    json_set(row, "is_ended", json_bool(ctx->arena, person->ended_ms != 0));
    return row;
}

/* Everybody by name, or the one with that sign-in name. */
static Err read_people(Ctx *ctx, const Request *req, PersonList *ret) {
    int64_t after, unused;

    req_cursor(req, "after", &after, &unused);
    if (!req_text(req, "login").len)
        return person_list(ctx, after, PER_PAGE, ret);
    ret->items = arena_array(ctx->arena, 1, sizeof(Person));
    Err err = person_by_login(ctx, req_text(req, "login"), &ret->items[0]);
    ret->len = err.code == ERR_OK ? 1 : 0;
    return err.code == ERR_NOT_FOUND ? OK : err;
}

static Err show_people(Ctx *ctx, const Request *req, Response *res) {
    PersonList list = { 0 };
    Json *model = json_obj(ctx->arena), *people = json_arr(ctx->arena),
         *next = json_null(ctx->arena);

    TRY(read_people(ctx, req, &list));
    for (size_t i = 0; i < list.len; i++)
        json_push(people, person_row(ctx, &list.items[i]));
    if (list.len == PER_PAGE) {
        Str cursor = list_cursor(ctx->arena, list.items[PER_PAGE - 1].id, 1);
        res_next(ctx, req, res, cursor);
        next = json_str(ctx->arena, cursor);
    }
    json_set(model, "title", words(ctx, N_("People")));
    json_set(model, "people", people);
    json_set(model, "next", next);
    return res_view(ctx, req, res, model);
}

static Err add(Ctx *ctx, const Request *req, Response *res) {
    Person person;
    int64_t unit = 0;
    Json *model = json_obj(ctx->arena);
    DB_TX(tx);

    TRY(db_begin(ctx, &tx)); /* unit and person are one act of this page */
    if (req_text(req, "unit").len)
        TRY(unit_ensure(ctx, req_text(req, "unit"), S("部门"), 0, &unit));
    TRY(person_add(ctx, req_text(req, "login"), req_text(req, "name"), unit, &person));
    TRY(db_commit(&tx));
    json_set(model, "id", json_id(ctx->arena, person.id));
    return res_created(ctx, req, res, person_url(ctx, person.id), model);
}

/* ---- one person ---- */

static Err date_text(Ctx *ctx, const Site *site, int64_t at_ms, Json **ret) {
    Str text = STR_EMPTY;

    if (at_ms)
        TRY(zone_format(ctx->arena, site->zone, ctx->lang, ZONE_SHORT_DATE, at_ms, &text));
    *ret = json_str(ctx->arena, text);
    return OK;
}

static Err grants_model(Ctx *ctx, const Site *site, int64_t person_id, Json **ret) {
    GrantList grants;
    Json *out = json_arr(ctx->arena), *from, *until;

    TRY(grant_list_of_person(ctx, person_id, &grants)); /* also those to come */
    int64_t *ids = arena_array(ctx->arena, grants.len + 1, sizeof(int64_t));
    Outlet *outlets = arena_array(ctx->arena, grants.len + 1, sizeof(Outlet));
    for (size_t i = 0; i < grants.len; i++)
        ids[i] = grants.items[i].outlet_id;
    TRY(outlet_get_many(ctx, ids, grants.len, outlets));
    for (size_t i = 0; i < grants.len; i++) {
        Json *item = json_obj(ctx->arena);
        TRY(date_text(ctx, site, grants.items[i].from_ms, &from));
        TRY(date_text(ctx, site, grants.items[i].until_ms, &until));
        json_set(item, "id", json_id(ctx->arena, grants.items[i].id));
        json_set(item, "role", json_str(ctx->arena, grants.items[i].role));
        json_set(item, "outlet", json_str(ctx->arena, outlets[i].no));
        json_set(item, "outlet_name", json_str(ctx->arena, outlets[i].name));
        json_set(item, "from", from);
        json_set(item, "until", until);
        json_set(item, "is_later", json_bool(ctx->arena, grants.items[i].from_ms > ctx->now_ms));
        json_push(out, item);
    }
    *ret = out;
    return OK;
}

static Json *roles_model(Ctx *ctx) {
    static const char *const roles[] = { "记者", "责任编辑", "校对员", "部门主任", "分管领导",
                                         "总编", "指导教师", "登记员", "管理员" };
    Json *out = json_arr(ctx->arena);

    for (size_t i = 0; i < COUNT_OF(roles); i++) {
        Json *role = json_obj(ctx->arena);
        json_set(role, "name", json_str(ctx->arena, str_from_c(roles[i])));
        json_push(out, role);
    }
    return out;
}

static Err show_person(Ctx *ctx, const Request *req, Response *res) {
    int64_t id = req_id(req, "id");
    Site site;
    Person person;
    Factor factor;
    Json *model = json_obj(ctx->arena), *grants;

    TRY(site_get(ctx, &site));
    TRY(person_get(ctx, id, &person));
    TRY(grants_model(ctx, &site, id, &grants));
    TRY(factor_get(ctx, id, &factor));
    json_set(model, "title", json_str(ctx->arena, person.name));
    json_set(model, "id", json_id(ctx->arena, person.id));
    json_set(model, "login", json_str(ctx->arena, person.login));
    json_set(model, "name", json_str(ctx->arena, person.name));
    json_set(model, "is_ended", json_bool(ctx->arena, person.ended_ms != 0));
    json_set(model, "has_factor", json_bool(ctx->arena, factor.is_on));
    json_set(model, "grants", grants);
    json_set(model, "roles", roles_model(ctx));
    return res_view(ctx, req, res, model);
}

/* The link is shown on this one answer and nowhere again. */
static Err invite(Ctx *ctx, const Request *req, Response *res) {
    Person person;
    Json *model = json_obj(ctx->arena);
    Str token;

    TRY(person_get(ctx, req_id(req, "id"), &person));
    TRY(invitation_make(ctx, person.id, &token));
    json_set(model, "title", words(ctx, N_("One-time link")));
    json_set(model, "id", json_id(ctx->arena, person.id));
    json_set(model, "name", json_str(ctx->arena, person.name));
    json_set(model, "url", json_str(ctx->arena, person_url(ctx, person.id)));
    json_set(model, "link",
             json_str(ctx->arena, str_format(ctx->arena, "%.*s/invitations/%.*s",
                                             STR_ARG(req_origin(req)), STR_ARG(token))));
    return res_view(ctx, req, res, model);
}

static Err done(Ctx *ctx, const Request *req, Response *res, int64_t person_id) {
    Json *model = json_obj(ctx->arena);

    json_set(model, "id", json_id(ctx->arena, person_id));
    return res_done(ctx, req, res, person_id ? person_url(ctx, person_id) : S("/admin/people"),
                    model);
}

static Err leave(Ctx *ctx, const Request *req, Response *res) {
    TRY(person_end(ctx, req_id(req, "id")));
    return done(ctx, req, res, req_id(req, "id"));
}

/* For who lost telephone and codes: the password alone lets in again, until a new second step is set. */
static Err reset_factor(Ctx *ctx, const Request *req, Response *res) {
    TRY(factor_reset(ctx, req_id(req, "id")));
    return done(ctx, req, res, req_id(req, "id"));
}

/* ---- grants ---- */

/*
 * The first day begins with its first moment, today now; the last day counts whole, until the next one begins, both
 * in the alliance's zone. Empty: now, and open.
 */
static Err read_days(Ctx *ctx, Str first, Str last, int64_t *ret_from, int64_t *ret_until) {
    Site site;
    int64_t start, next;

    *ret_from = ctx->now_ms;
    *ret_until = 0;
    TRY(site_get(ctx, &site));
    if (first.len) {
        TRY(zone_parse(site.zone, first, &start, NULL));
        TRY(zone_day_start(site.zone, start, 1, &next));
        *ret_from = start <= ctx->now_ms && ctx->now_ms < next ? ctx->now_ms : start;
    }
    if (!last.len)
        return OK;
    TRY(zone_parse(site.zone, last, &start, NULL));
    return zone_day_start(site.zone, start, 1, ret_until);
}

/* A wrong number is a mistake in the form, not an address that does not exist. */
static Err read_outlet(Ctx *ctx, Str no, Outlet *ret) {
    Err err = OK;

    *ret = (Outlet){ 0 };
    if (no.len)
        err = outlet_by_no(ctx, no, ret);
    if (err.code == ERR_NOT_FOUND)
        return FAIL(ERR_INVALID, "outlet", N_("There is no such outlet."));
    return err;
}

static Err give(Ctx *ctx, const Request *req, Response *res) {
    Outlet outlet;
    int64_t from_ms, until_ms, grant_id;

    TRY(read_outlet(ctx, req_text(req, "outlet"), &outlet));
    TRY(read_days(ctx, req_text(req, "from"), req_text(req, "until"), &from_ms, &until_ms));
    TRY(grant_give(ctx, req_id(req, "id"), req_text(req, "role"), outlet.id, from_ms, until_ms,
                   &grant_id));
    return done(ctx, req, res, req_id(req, "id"));
}

static Err take(Ctx *ctx, const Request *req, Response *res) {
    TRY(grant_end(ctx, req_id(req, "id")));
    return done(ctx, req, res, 0);
}

const Route admin_routes[] = {
    { "GET", "/admin/people", CAP_PEOPLE, list_fields, show_people, &list_model,
      .summary = N_("Everybody who holds an account.") },
    { "POST", "/admin/people", CAP_PEOPLE, add_fields, add, &id_model, .form_handler = show_people,
      .summary = N_("Adds a person: one person, one account.") },
    { "GET", "/admin/people/{id}", CAP_PEOPLE, id_fields, show_person, &person_model,
      .summary = N_("A person and the dated grants.") },
    { "POST", "/admin/people/{id}/grants", CAP_PEOPLE, grant_fields, give, &id_model, ROUTE_STEP_UP,
      .form_handler = show_person, .summary = N_("Gives a role from a day on, or from now on.") },
    { "POST", "/admin/people/{id}/invitation", CAP_PEOPLE, id_fields, invite, &link_model,
      ROUTE_NO_KEY | ROUTE_STEP_UP,
      .summary = N_("Makes a one-time link that sets a password; shown once.") },
    { "POST", "/admin/people/{id}/factor", CAP_PEOPLE, id_fields, reset_factor, &id_model,
      ROUTE_STEP_UP, .summary = N_("Takes a person's second step away; all sessions end.") },
    { "POST", "/admin/people/{id}/end", CAP_PEOPLE, id_fields, leave, &id_model, ROUTE_STEP_UP,
      .summary = N_("A person leaves: all grants, sessions and links end.") },
    { "POST", "/admin/grants/{id}/end", CAP_PEOPLE, id_fields, take, &id_model, ROUTE_STEP_UP,
      .summary = N_("Ends a grant.") },
    { 0 },
};
