/* identity_routes_factor.c - turning the second step on and off, and its recovery codes. */
#include "features/identity/identity_service.h"
#include "view/catalogue.h"
#include "view/qr.h"

static const Field code_fields[] = {
    { "code", FIELD_SECRET, IN_BODY, .is_required = true, .max_chars = 40, .label = N_("Code") },
    { 0 },
};

static const Model factor_model = {
    "identity/factor", KEYS(title is_on is_begun secret uri qr[path side] codes_left)
};
static const Model codes_model = { "identity/codes", KEYS(title codes[code]) };
static const Model state_model = { NULL, KEYS(is_on) };

static Json *words(Ctx *ctx, const char *msgid) {
    return json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid)));
}

/* The address as a square to be scanned; its side holds the quiet zone. */
static Err picture(Ctx *ctx, Str uri, Json *model) {
    Json *qr = json_obj(ctx->arena);
    QrCode code;

    json_set(model, "qr", json_null(ctx->arena));
    if (uri.len == 0 ||
        uri.len > QR_BYTES_MAX) /* of an alliance with a very long name: typed by hand */
        return OK;
    TRY(qr_draw(ctx->arena, uri, &code));
    json_set(qr, "path", json_str(ctx->arena, code.path));
    json_set(qr, "side", json_int(ctx->arena, code.side + 2 * QR_QUIET));
    json_set(model, "qr", qr);
    return OK;
}

/* The secret is on the page from its making until a code of it is confirmed, and never again. */
static Err show(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);
    Str secret = STR_EMPTY, uri = STR_EMPTY;
    Factor factor;

    TRY(identity_require_session(ctx));
    TRY(factor_get(ctx, ctx->person_id, &factor));
    if (factor.is_begun)
        TRY(factor_secret(ctx, &secret, &uri));
    json_set(model, "title", words(ctx, N_("The second step")));
    json_set(model, "is_on", json_bool(ctx->arena, factor.is_on));
    json_set(model, "is_begun", json_bool(ctx->arena, factor.is_begun));
    json_set(model, "secret", json_str(ctx->arena, secret));
    json_set(model, "uri", json_str(ctx->arena, uri));
    json_set(model, "codes_left", json_int(ctx->arena, factor.codes_left));
    TRY(picture(ctx, uri, model));
    return res_view(ctx, req, res, model);
}

static Err done(Ctx *ctx, const Request *req, Response *res, Str path, bool is_on) {
    Json *model = json_obj(ctx->arena);

    json_set(model, "is_on", json_bool(ctx->arena, is_on));
    return res_done(ctx, req, res, path, model);
}

static Err begin(Ctx *ctx, const Request *req, Response *res) {
    TRY(factor_begin(ctx));
    return done(ctx, req, res, S("/account/factor"), false);
}

/* They are on this one answer and nowhere again. */
static Err show_codes(Ctx *ctx, const Request *req, Response *res, StrList codes) {
    Json *model = json_obj(ctx->arena), *list = json_arr(ctx->arena);

    for (size_t i = 0; i < codes.len; i++) {
        Json *item = json_obj(ctx->arena);
        json_set(item, "code", json_str(ctx->arena, codes.items[i]));
        json_push(list, item);
    }
    json_set(model, "title", words(ctx, N_("Recovery codes")));
    json_set(model, "codes", list);
    return res_view(ctx, req, res, model);
}

static Err confirm(Ctx *ctx, const Request *req, Response *res) {
    StrList codes;

    TRY(factor_confirm(ctx, req_text(req, "code"), &codes));
    return show_codes(ctx, req, res, codes);
}

static Err renew(Ctx *ctx, const Request *req, Response *res) {
    StrList codes;

    TRY(factor_codes_renew(ctx, &codes));
    return show_codes(ctx, req, res, codes);
}

static Err end(Ctx *ctx, const Request *req, Response *res) {
    TRY(factor_end(ctx));
    return done(ctx, req, res, S("/account"), false);
}

const Route identity_factor_routes[] = {
    { "GET", "/account/factor", CAP_SIGNED_IN, NULL, show, &factor_model, ROUTE_STEP_UP,
      .summary = N_("The second step of one's own sign-in.") },
    { "POST", "/account/factor", CAP_SIGNED_IN, NULL, begin, &state_model, ROUTE_STEP_UP,
      .summary =
          N_("Makes a secret for one-time codes; it counts once a code of it is confirmed.") },
    { "POST", "/account/factor/confirm", CAP_SIGNED_IN, code_fields, confirm, &codes_model,
      ROUTE_STEP_UP | ROUTE_NO_KEY, .form_handler = show,
      .summary = N_("Turns the second step on; the recovery codes are shown once.") },
    { "POST", "/account/factor/codes", CAP_SIGNED_IN, NULL, renew, &codes_model,
      ROUTE_STEP_UP | ROUTE_NO_KEY, .summary = N_("Makes new recovery codes; the old ones end.") },
    { "POST", "/account/factor/end", CAP_SIGNED_IN, NULL, end, &state_model, ROUTE_STEP_UP,
      .summary = N_("Turns the second step off.") },
    { 0 },
};
