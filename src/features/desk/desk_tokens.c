/* features/desk/desk_tokens.c - tokens of programs: some of one's own rights at outlets, until a day. */
#include "features/desk/desk_pages.h"
#include "features/identity/identity.h"
#include "features/register/register.h"
#include "features/site/site.h"
#include "text/zone.h"
#include "view/catalogue.h"

enum { SUGGESTED_DAYS = 90 };
static const int64_t DAY_MS = INT64_C(24) * 3600 * 1000;

static Json *words(Ctx *ctx, const char *msgid) {
    return json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid)));
}

/* ---- rights as people and programs write them: "file@CC001", or "people" for the whole alliance ---- */

static Str right_value(Ctx *ctx, const Right *right, const Outlet *outlet) {
    if (right->outlet_id == 0)
        return right->capability;
    return str_format(ctx->arena, "%.*s@%.*s", STR_ARG(right->capability), STR_ARG(outlet->no));
}

static Str right_words(Ctx *ctx, const Right *right, const Outlet *outlet) {
    Str where = outlet->name;

    if (right->outlet_id == 0)
        where = catalogue_text(catalogue_of(ctx->lang), str_from_c(N_("whole alliance")));
    return str_format(ctx->arena, "%.*s · %.*s",
                      STR_ARG(identity_cap_words(ctx, right->capability)), STR_ARG(where));
}

static Err outlets_of(Ctx *ctx, const RightList *rights, Outlet **ret) {
    int64_t *ids = arena_array(ctx->arena, rights->len + 1, sizeof(int64_t));

    *ret = arena_array(ctx->arena, rights->len + 1, sizeof(Outlet));
    for (size_t i = 0; i < rights->len; i++)
        ids[i] = rights->items[i].outlet_id;
    return outlet_get_many(ctx, ids, rights->len, *ret);
}

static Err read_right(Ctx *ctx, Str text, Right *ret) {
    size_t at = str_find_char(text, '@', 0);
    Outlet outlet = { 0 };

    if (at != SIZE_MAX) {
        Err err = outlet_by_no(ctx, str_slice(text, at + 1, text.len), &outlet);
        if (err.code == ERR_NOT_FOUND)
            return FAIL(ERR_INVALID, "right", N_("There is no such outlet."));
        TRY(err);
    }
    *ret = (Right){ str_slice(text, 0, at), outlet.id };
    return OK;
}

/* ---- the page ---- */

/* One line per right; the one that publishes stands apart, for it is signed with the person's name. */
static Err choices_model(Ctx *ctx, Json **ret) {
    Json *out = json_arr(ctx->arena);
    RightList rights;
    Outlet *outlets;

    TRY(identity_rights(ctx, &rights));
    TRY(outlets_of(ctx, &rights, &outlets));
    for (size_t i = 0; i < rights.len; i++) {
        Json *item = json_obj(ctx->arena);
        json_set(item, "value",
                 json_str(ctx->arena, right_value(ctx, &rights.items[i], &outlets[i])));
        json_set(item, "label",
                 json_str(ctx->arena, right_words(ctx, &rights.items[i], &outlets[i])));
        json_set(item, "selected", json_bool(ctx->arena, false));
        json_set(item, "is_release",
                 json_bool(ctx->arena, str_eq(rights.items[i].capability, S("release"))));
        json_push(out, item);
    }
    *ret = out;
    return OK;
}

static Err rights_text(Ctx *ctx, const RightList *rights, Json **ret) {
    Json *out = json_arr(ctx->arena);
    Outlet *outlets;

    TRY(outlets_of(ctx, rights, &outlets));
    for (size_t i = 0; i < rights->len; i++) {
        Json *item = json_obj(ctx->arena);
        json_set(item, "value",
                 json_str(ctx->arena, right_value(ctx, &rights->items[i], &outlets[i])));
        json_set(item, "label",
                 json_str(ctx->arena, right_words(ctx, &rights->items[i], &outlets[i])));
        json_push(out, item);
    }
    *ret = out;
    return OK;
}

static Err date_text(Ctx *ctx, Str zone, int64_t at_ms, Json **ret) {
    Str text = STR_EMPTY;

    if (at_ms)
        TRY(zone_format(ctx->arena, zone, ctx->lang, ZONE_SHORT_DATE, at_ms, &text));
    *ret = json_str(ctx->arena, text);
    return OK;
}

static Err token_model(Ctx *ctx, Str zone, const ApiToken *token, Json **ret) {
    Json *out = json_obj(ctx->arena), *created, *until, *seen, *may;
    bool is_open = token->ended_ms == 0 && token->until_ms > ctx->now_ms;

    TRY(date_text(ctx, zone, token->created_ms, &created));
    TRY(date_text(ctx, zone, token->until_ms - 1, &until)); /* the last day itself */
    TRY(date_text(ctx, zone, token->seen_ms, &seen));
    TRY(rights_text(ctx, &token->rights, &may));
    json_set(out, "id", json_id(ctx->arena, token->id));
    json_set(out, "label", json_str(ctx->arena, token->label));
    json_set(out, "created", created);
    json_set(out, "until", until);
    json_set(out, "seen", seen);
    json_set(out, "may", may);
    json_set(out, "is_open", json_bool(ctx->arena, is_open));
    json_set(out, "is_revoked", json_bool(ctx->arena, token->ended_ms != 0));
    *ret = out;
    return OK;
}

Err desk_tokens(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *tokens = json_arr(ctx->arena),
         *form = json_obj(ctx->arena), *values = json_obj(ctx->arena), *item, *choices;
    ApiTokenList list;
    Str zone, day;

    TRY(site_zone(ctx, &zone));
    TRY(token_list(ctx, &list));
    for (size_t i = 0; i < list.len; i++) {
        TRY(token_model(ctx, zone, &list.items[i], &item));
        json_push(tokens, item);
    }
    TRY(choices_model(ctx, &choices));
    /* The Chinese short form is what a date field takes, in every language. */
    TRY(zone_format(ctx->arena, zone, S("zh"), ZONE_SHORT_DATE,
                    ctx->now_ms + SUGGESTED_DAYS * DAY_MS, &day));
    json_set(values, "until", json_str(ctx->arena, day));
    json_set(form, "values", values);
    json_set(model, "form", form);
    json_set(model, "title", words(ctx, N_("Tokens of programs")));
    json_set(model, "tokens", tokens);
    json_set(model, "rights", choices);
    return res_view(ctx, req, res, model);
}

/* ---- acts ---- */

static Err read_rights(Ctx *ctx, StrList texts, RightList *ret) {
    *ret = (RightList){ .items = arena_array(ctx->arena, texts.len + 1, sizeof(Right)) };
    for (; ret->len < texts.len; ret->len++)
        TRY(read_right(ctx, texts.items[ret->len], &ret->items[ret->len]));
    return OK;
}

/* The last day counts whole, until the next one begins in the alliance's zone. */
static Err read_until(Ctx *ctx, Str day, int64_t *ret_ms) {
    Str zone;
    int64_t start;

    TRY(site_zone(ctx, &zone));
    TRY(zone_parse(zone, day, &start, NULL));
    return zone_day_start(zone, start, 1, ret_ms);
}

/* The token is shown on this one answer and nowhere again. */
Err desk_token_make(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);
    RightList rights;
    int64_t until_ms;
    Str token;

    TRY(read_until(ctx, req_text(req, "until"), &until_ms));
    TRY(read_rights(ctx, req_list(req, "right"), &rights));
    TRY(token_make(ctx, req_text(req, "label"), rights.items, rights.len, until_ms, &token));
    json_set(model, "title", words(ctx, N_("A new token")));
    json_set(model, "label", json_str(ctx->arena, req_text(req, "label")));
    json_set(model, "token", json_str(ctx->arena, token));
    return res_view(ctx, req, res, model);
}

Err desk_token_end(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);

    TRY(token_end(ctx, req_id(req, "id")));
    json_set(model, "id", json_id(ctx->arena, req_id(req, "id")));
    return res_done(ctx, req, res, S("/account/tokens"), model);
}
