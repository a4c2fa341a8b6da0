/* features/identity/identity_routes.c - signing in and out, one's own account, links that set a password, units. */
#include "features/identity/identity_service.h"
#include "features/site/site.h"
#include "text/zone.h"
#include "view/catalogue.h"

enum { UNITS_PER_PAGE = 100 };

static const Field signin_fields[] = {
    { "login", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = 100,
      .label = N_("Sign-in name") },
    { "password", FIELD_SECRET, IN_BODY, .is_required = true, .max_chars = PASSWORD_CHARS_MAX,
      .label = N_("Password") },
    { "next", FIELD_LINE, IN_BODY, .max_chars = 500 },
    { 0 },
};
static const Field next_fields[] = {
    { "next", FIELD_LINE, IN_QUERY, .max_chars = 500 },
    { 0 },
};
static const Field confirm_fields[] = {
    { "password", FIELD_SECRET, IN_BODY, .is_required = true, .max_chars = PASSWORD_CHARS_MAX,
      .label = N_("Password") },
    { "next", FIELD_LINE, IN_BODY, .max_chars = 500 },
    { 0 },
};
static const Field password_fields[] = {
    { "old", FIELD_SECRET, IN_BODY, .is_required = true, .max_chars = PASSWORD_CHARS_MAX,
      .label = N_("Old password") },
    { "password", FIELD_SECRET, IN_BODY, .is_required = true, .max_chars = PASSWORD_CHARS_MAX,
      .label = N_("New password") },
    { 0 },
};
static const Field link_fields[] = {
    { "token", FIELD_WORD, IN_PATH },
    { 0 },
};
static const Field accept_fields[] = {
    { "token", FIELD_WORD, IN_PATH },
    { "password", FIELD_SECRET, IN_BODY, .is_required = true, .max_chars = PASSWORD_CHARS_MAX,
      .label = N_("New password") },
    { 0 },
};

static const Field list_fields[] = {
    { "after", FIELD_CURSOR, IN_QUERY },
    { 0 },
};
static const Field unit_fields[] = {
    { "name", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = UNIT_NAME_CHARS_MAX,
      .label = N_("Name") },
    { "kind", FIELD_ENUM, IN_BODY, .is_required = true, .words = "学院 部门 社团 外部",
      .label = N_("Kind") },
    { "parent", FIELD_LINE, IN_BODY, .max_chars = UNIT_NAME_CHARS_MAX, .label = N_("Belongs to") },
    { 0 },
};

static const Model signin_model = { "identity/signin", KEYS(title next) };
static const Model confirm_model = { "identity/confirm", KEYS(title next login) };
static const Model account_model = {
    "identity/account",
    KEYS(title name login roles[role is_alliance] sessions[id created seen is_current] others),
};
static const Model invitation_model = { "identity/invitation", KEYS(title name login token) };
static const Model done_model = { NULL, KEYS(name) };
static const Model units_model = { "identity/units",
                                   KEYS(title units[id name kind] kinds[name] next) };
static const Model unit_model = { NULL, KEYS(id) };

static Json *words(Ctx *ctx, const char *msgid) {
    return json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid)));
}

static Json *named(Ctx *ctx) {
    Json *model = json_obj(ctx->arena);

    json_set(model, "name", json_str(ctx->arena, ctx->person_name));
    return model;
}

/* A form's page whose only stored value is where to go next. */
static Json *next_model(Ctx *ctx, const Request *req, const char *title) {
    Json *model = json_obj(ctx->arena), *form = json_obj(ctx->arena),
         *values = json_obj(ctx->arena);
    Str next = safe_path(req_text(req, "next"), S("/desk"));

    json_set(model, "title", words(ctx, title));
    json_set(model, "next", json_str(ctx->arena, next));
    json_set(values, "next", json_str(ctx->arena, next));
    json_set(form, "values", values);
    json_set(model, "form", form);
    return model;
}

static Err show_signin(Ctx *ctx, const Request *req, Response *res) {
    return res_view(ctx, req, res, next_model(ctx, req, N_("Sign in")));
}

static Err sign_in(Ctx *ctx, const Request *req, Response *res) {
    Str token;
    Err err = identity_sign_in(ctx, req_text(req, "login"), req_text(req, "password"), &token);

    /* A program is told 401; a person sees the form again with what was typed, which 422 gives. */
    if (err.code == ERR_UNAUTHENTICATED && !req_wants_json(req))
        err.code = ERR_INVALID;
    TRY(err);
    res_session(res, token);
    return res_done(ctx, req, res, safe_path(req_text(req, "next"), S("/desk")), named(ctx));
}

static Err sign_out(Ctx *ctx, const Request *req, Response *res) {
    TRY(identity_sign_out(ctx, req_session(req)));
    res_session_end(res);
    return res_done(ctx, req, res, S("/"), named(ctx));
}

/* ---- step-up ---- */

/* The sign-in name is for password managers, which otherwise do not know whose password is asked for. */
static Err show_confirm(Ctx *ctx, const Request *req, Response *res) {
    Json *model = next_model(ctx, req, N_("Your password once more"));
    Person person;

    TRY(person_get(ctx, ctx->person_id, &person));
    json_set(model, "login", json_str(ctx->arena, person.login));
    return res_view(ctx, req, res, model);
}

static Err confirm(Ctx *ctx, const Request *req, Response *res) {
    Str token;

    TRY(identity_step_up(ctx, req_session(req), req_text(req, "password"), &token));
    res_session(res, token);
    return res_done(ctx, req, res, safe_path(req_text(req, "next"), S("/desk")), named(ctx));
}

/* ---- one's own account ---- */

static Err sessions_model(Ctx *ctx, const Request *req, Json **ret) {
    SessionList list;
    Json *out = json_arr(ctx->arena);
    Str zone, created, seen;

    TRY(site_zone(ctx, &zone));
    TRY(identity_sessions(ctx, req_session(req), &list));
    for (size_t i = 0; i < list.len; i++) {
        Json *item = json_obj(ctx->arena);
        TRY(zone_format(ctx->arena, zone, ctx->lang, ZONE_SHORT, list.items[i].created_ms,
                        &created));
        TRY(zone_format(ctx->arena, zone, ctx->lang, ZONE_SHORT, list.items[i].seen_ms, &seen));
        json_set(item, "id", json_id(ctx->arena, list.items[i].id));
        json_set(item, "created", json_str(ctx->arena, created));
        json_set(item, "seen", json_str(ctx->arena, seen));
        json_set(item, "is_current", json_bool(ctx->arena, list.items[i].is_current));
        json_push(out, item);
    }
    *ret = out;
    return OK;
}

static Err show_account(Ctx *ctx, const Request *req, Response *res) {
    Person person;
    GrantList grants;
    Json *model = json_obj(ctx->arena), *roles = json_arr(ctx->arena), *sessions;

    TRY(person_get(ctx, ctx->person_id, &person));
    TRY(grant_of_person(ctx, ctx->person_id, &grants));
    TRY(sessions_model(ctx, req, &sessions));
    for (size_t i = 0; i < grants.len; i++) {
        Json *role = json_obj(ctx->arena);
        json_set(role, "role", json_str(ctx->arena, grants.items[i].role));
        json_set(role, "is_alliance", json_bool(ctx->arena, grants.items[i].outlet_id == 0));
        json_push(roles, role);
    }
    json_set(model, "title", words(ctx, N_("My account")));
    json_set(model, "name", json_str(ctx->arena, person.name));
    json_set(model, "login", json_str(ctx->arena, person.login));
    json_set(model, "roles", roles);
    json_set(model, "sessions", sessions);
    json_set(model, "others", json_bool(ctx->arena, sessions->array.len > 1));
    return res_view(ctx, req, res, model);
}

static Err change_password(Ctx *ctx, const Request *req, Response *res) {
    Str token;

    TRY(identity_password_change(ctx, req_text(req, "old"), req_text(req, "password"), &token));
    res_session(res, token);
    return res_done(ctx, req, res, S("/account"), named(ctx));
}

static Err end_others(Ctx *ctx, const Request *req, Response *res) {
    TRY(identity_end_other_sessions(ctx, req_session(req)));
    return res_done(ctx, req, res, S("/account"), named(ctx));
}

/* ---- links ---- */

static Err show_invitation(Ctx *ctx, const Request *req, Response *res) {
    Person person;
    Json *model = json_obj(ctx->arena);

    TRY(invitation_get(ctx, req_text(req, "token"), &person));
    json_set(model, "title", words(ctx, N_("Set your password")));
    json_set(model, "name", json_str(ctx->arena, person.name));
    json_set(model, "login", json_str(ctx->arena, person.login));
    json_set(model, "token", json_str(ctx->arena, req_text(req, "token")));
    return res_view(ctx, req, res, model);
}

static Err accept(Ctx *ctx, const Request *req, Response *res) {
    int64_t person_id;

    TRY(invitation_accept(ctx, req_text(req, "token"), req_text(req, "password"), &person_id));
    return res_done(ctx, req, res, S("/signin"), named(ctx));
}

/* ---- units ---- */

static Json *kinds_model(Ctx *ctx) {
    static const char *const kinds[] = { "学院", "部门", "社团", "外部" };
    Json *out = json_arr(ctx->arena);

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        Json *kind = json_obj(ctx->arena);
        json_set(kind, "name", json_str(ctx->arena, str_from_c(kinds[i])));
        json_push(out, kind);
    }
    return out;
}

static Err show_units(Ctx *ctx, const Request *req, Response *res) {
    UnitList list;
    int64_t after, unused;
    Json *model = json_obj(ctx->arena), *units = json_arr(ctx->arena),
         *next = json_null(ctx->arena);

    req_cursor(req, "after", &after, &unused);
    TRY(unit_list(ctx, after, UNITS_PER_PAGE, &list));
    for (size_t i = 0; i < list.len; i++) {
        Json *unit = json_obj(ctx->arena);
        json_set(unit, "id", json_id(ctx->arena, list.items[i].id));
        json_set(unit, "name", json_str(ctx->arena, list.items[i].name));
        json_set(unit, "kind", json_str(ctx->arena, list.items[i].kind));
        json_push(units, unit);
    }
    if (list.len == UNITS_PER_PAGE) {
        Str cursor = list_cursor(ctx->arena, list.items[list.len - 1].id, 1);
        res_next(ctx, req, res, cursor);
        next = json_str(ctx->arena, cursor);
    }
    json_set(model, "title", words(ctx, N_("Units")));
    json_set(model, "units", units);
    json_set(model, "kinds", kinds_model(ctx));
    json_set(model, "next", next);
    return res_view(ctx, req, res, model);
}

static Err file_unit(Ctx *ctx, const Request *req, Response *res) {
    int64_t id;
    Json *model = json_obj(ctx->arena);

    TRY(unit_file(ctx, req_text(req, "name"), req_text(req, "kind"), req_text(req, "parent"), &id));
    json_set(model, "id", json_id(ctx->arena, id));
    return res_created(ctx, req, res, S("/admin/units"), model);
}

const Route identity_routes[] = {
    { "GET", "/signin", CAP_READ, next_fields, show_signin, &signin_model,
      .summary = N_("The form to sign in.") },
    { "POST", "/signin", CAP_READ, signin_fields, sign_in, &done_model,
      ROUTE_RATE_SIGNIN | ROUTE_NO_KEY, .form_handler = show_signin,
      .summary = N_("Signs a person in.") },
    { "POST", "/signout", CAP_SIGNED_IN, NULL, sign_out, &done_model,
      .summary = N_("Ends this session.") },
    { "GET", "/account", CAP_SIGNED_IN, NULL, show_account, &account_model,
      .summary = N_("Who I am here, and where I am signed in.") },
    { "POST", "/account/password", CAP_SIGNED_IN, password_fields, change_password, &done_model,
      ROUTE_RATE_SIGNIN | ROUTE_NO_KEY, .form_handler = show_account,
      .summary = N_("Changes one's own password; all other sessions end.") },
    { "POST", "/account/sessions", CAP_SIGNED_IN, NULL, end_others, &done_model,
      .summary = N_("Ends all sessions but this one.") },
    { "GET", "/account/confirm", CAP_SIGNED_IN, next_fields, show_confirm, &confirm_model,
      .summary = N_("Asks for the password before a step that needs it fresh.") },
    { "POST", "/account/confirm", CAP_SIGNED_IN, confirm_fields, confirm, &done_model,
      ROUTE_RATE_SIGNIN | ROUTE_NO_KEY, .form_handler = show_confirm,
      .summary = N_("Makes the session fresh for fifteen minutes.") },
    { "GET", "/invitations/{token}", CAP_READ, link_fields, show_invitation, &invitation_model,
      .summary = N_("The page of a one-time link.") },
    { "POST", "/invitations/{token}", CAP_READ, accept_fields, accept, &done_model, ROUTE_NO_KEY,
      .form_handler = show_invitation, .summary = N_("Sets the password by a one-time link.") },
    { "GET", "/admin/units", CAP_PEOPLE, list_fields, show_units, &units_model,
      .summary = N_("The units that persons and outlets belong to.") },
    { "POST", "/admin/units", CAP_PEOPLE, unit_fields, file_unit, &unit_model,
      .form_handler = show_units, .summary = N_("Files a unit, or finds the one of that name.") },
    { 0 },
};
