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
/* The name comes first: by it attempts are counted. */
static const Field code_fields[] = {
    { "login", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = 100,
      .label = N_("Sign-in name") },
    { "ticket", FIELD_WORD, IN_BODY, .is_required = true, .max_chars = 64 },
    { "code", FIELD_SECRET, IN_BODY, .is_required = true, .max_chars = 40, .label = N_("Code") },
    { "next", FIELD_LINE, IN_BODY, .max_chars = 500 },
    { 0 },
};
static const Field session_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Session") },
    { 0 },
};
static const Field next_fields[] = {
    { "next", FIELD_LINE, IN_QUERY, .max_chars = 500 },
    { 0 },
};
static const Field confirm_fields[] = {
    { "password", FIELD_SECRET, IN_BODY, .max_chars = PASSWORD_CHARS_MAX, .label = N_("Password") },
    { "code", FIELD_SECRET, IN_BODY, .max_chars = 40, .label = N_("Code") },
    { "next", FIELD_LINE, IN_BODY, .max_chars = 500 },
    { "act", FIELD_LINE, IN_BODY, .max_chars = 2000 },
    { "form", FIELD_TEXT, IN_BODY, .max_chars = 3 * PENDING_BYTES_MAX }, /* encoded, %HH at worst */
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
static const Model code_model = { "identity/code", KEYS(title login ticket next) };
static const Model confirm_model = { "identity/confirm", KEYS(title next login has_factor) };
static const Model again_model = {
    "identity/again",
    KEYS(title next action what fields[name value] shown[label value]),
};
static const Model account_model = {
    "identity/account",
    KEYS(
        title name login roles[role is_alliance] sessions[id created seen is_current] others factor{
            is_on since codes_left reset }),
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

/* A program is told 401; a person sees the form again with what was typed, which 422 gives. */
static Err for_form(const Request *req, Err err) {
    if (err.code == ERR_UNAUTHENTICATED && !req_wants_json(req))
        err.code = ERR_INVALID;
    return err;
}

/*
 * The page of the second step is the answer to the first, not an address of its own: the ticket stands in its form and
 * in no address.
 */
static Err ask_for_code(Ctx *ctx, const Request *req, Response *res, const SignIn *got) {
    Json *model = next_model(ctx, req, N_("The second step")), *form = json_get(model, "form"),
         *values = json_get(form, "values"), *errors = json_obj(ctx->arena);

    json_set(model, "login", json_str(ctx->arena, got->login));
    json_set(model, "ticket", json_str(ctx->arena, got->ticket));
    json_set(values, "login", json_str(ctx->arena, got->login));
    json_set(values, "ticket", json_str(ctx->arena, got->ticket));
    json_set(errors, "code", json_null(ctx->arena));
    json_set(form, "errors", errors);
    json_set(form, "error", json_null(ctx->arena));
    res_keep_rate(res);
    return res_view_as(ctx, req, res, 200, &code_model, model);
}

static Err sign_in(Ctx *ctx, const Request *req, Response *res) {
    SignIn got;

    TRY(for_form(req,
                 identity_sign_in(ctx, req_text(req, "login"), req_text(req, "password"), &got)));
    if (got.ticket.len)
        return ask_for_code(ctx, req, res, &got);
    res_session(res, got.session_token);
    return res_done(ctx, req, res, safe_path(req_text(req, "next"), S("/desk")), named(ctx));
}

/* Without a ticket, which only the first step gives, the page says where to begin. */
static Err show_code(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);

    json_set(model, "title", words(ctx, N_("The second step")));
    json_set(model, "login", json_str(ctx->arena, STR_EMPTY));
    json_set(model, "ticket", json_str(ctx->arena, STR_EMPTY));
    json_set(model, "next", json_str(ctx->arena, STR_EMPTY));
    return res_view(ctx, req, res, model);
}

static Err sign_in_code(Ctx *ctx, const Request *req, Response *res) {
    Str token;

    TRY(for_form(req, identity_sign_in_code(ctx, req_text(req, "ticket"), req_text(req, "login"),
                                            req_text(req, "code"), &token)));
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
    Factor factor;

    TRY(person_get(ctx, ctx->person_id, &person));
    TRY(factor_get(ctx, ctx->person_id, &factor));
    json_set(model, "login", json_str(ctx->arena, person.login));
    json_set(model, "has_factor", json_bool(ctx->arena, factor.is_on));
    return res_view(ctx, req, res, model);
}

/* What was interrupted is shown with its fields and a button: the person finishes it, not we. */
static Err offer_again(Ctx *ctx, const Request *req, Response *res, Json *pending, Str token) {
    json_set(pending, "title", words(ctx, N_("Confirmed")));
    json_set(pending, "next", json_str(ctx->arena, safe_path(req_text(req, "next"), S("/desk"))));
    res_session_csrf(res, identity_csrf(ctx, token));
    return res_view_as(ctx, req, res, 200, &again_model, pending);
}

static Err confirm(Ctx *ctx, const Request *req, Response *res) {
    Str token;
    Json *pending;

    TRY(req_pending(ctx, req, &pending));
    TRY(identity_step_up(ctx, req_session(req), req_text(req, "password"), req_text(req, "code"),
                         &token));
    res_session(res, token);
    if (pending->type == JSON_OBJECT && !req_wants_json(req))
        return offer_again(ctx, req, res, pending, token);
    return res_done(ctx, req, res, safe_path(req_text(req, "next"), S("/desk")), named(ctx));
}

/* ---- one's own account ---- */

static Err sessions_model(Ctx *ctx, const Request *req, Str zone, Json **ret) {
    SessionList list;
    Json *out = json_arr(ctx->arena);
    Str created, seen;

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

static Err factor_model(Ctx *ctx, Str zone, Json **ret) {
    Json *out = json_obj(ctx->arena);
    Factor factor;
    Str since = STR_EMPTY, reset = STR_EMPTY;

    TRY(factor_get(ctx, ctx->person_id, &factor));
    if (factor.confirmed_ms)
        TRY(zone_format(ctx->arena, zone, ctx->lang, ZONE_SHORT_DATE, factor.confirmed_ms, &since));
    if (factor.reset_ms)
        TRY(zone_format(ctx->arena, zone, ctx->lang, ZONE_SHORT, factor.reset_ms, &reset));
    json_set(out, "is_on", json_bool(ctx->arena, factor.is_on));
    json_set(out, "since", json_str(ctx->arena, since));
    json_set(out, "codes_left", json_int(ctx->arena, factor.codes_left));
    json_set(out, "reset", json_str(ctx->arena, reset));
    *ret = out;
    return OK;
}

static Err show_account(Ctx *ctx, const Request *req, Response *res) {
    Person person;
    GrantList grants;
    Json *model = json_obj(ctx->arena), *roles = json_arr(ctx->arena), *sessions, *factor;
    Str zone;

    TRY(person_get(ctx, ctx->person_id, &person));
    TRY(grant_of_person(ctx, ctx->person_id, &grants));
    TRY(site_zone(ctx, &zone));
    TRY(sessions_model(ctx, req, zone, &sessions));
    TRY(factor_model(ctx, zone, &factor));
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
    json_set(model, "factor", factor);
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

static Err end_session(Ctx *ctx, const Request *req, Response *res) {
    TRY(identity_end_session(ctx, req_id(req, "id")));
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
      .summary = N_("Signs a person in, or asks for the code of the second step.") },
    { "GET", "/signin/code", CAP_READ, NULL, show_code, &code_model,
      .summary = N_("The form for the code of the second step.") },
    { "POST", "/signin/code", CAP_READ, code_fields, sign_in_code, &done_model,
      ROUTE_RATE_SIGNIN | ROUTE_NO_KEY, .form_handler = show_code,
      .summary = N_("Ends the sign-in with a code, or with a recovery code, once.") },
    { "POST", "/signout", CAP_SIGNED_IN, NULL, sign_out, &done_model,
      .summary = N_("Ends this session.") },
    { "GET", "/account", CAP_SIGNED_IN, NULL, show_account, &account_model,
      .summary = N_("Who I am here, and where I am signed in.") },
    { "POST", "/account/password", CAP_SIGNED_IN, password_fields, change_password, &done_model,
      ROUTE_RATE_SIGNIN | ROUTE_NO_KEY, .form_handler = show_account,
      .summary = N_("Changes one's own password; all other sessions end.") },
    { "POST", "/account/sessions", CAP_SIGNED_IN, NULL, end_others, &done_model,
      .summary = N_("Ends all sessions but this one.") },
    { "POST", "/account/sessions/{id}/end", CAP_SIGNED_IN, session_fields, end_session, &done_model,
      .summary = N_("Ends one of one's own sessions.") },
    { "GET", "/account/confirm", CAP_SIGNED_IN, next_fields, show_confirm, &confirm_model,
      .summary = N_("Asks for the password, or a code, before a step that needs it fresh.") },
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
