/* features/admin/admin_settings.c - the page of the alliance's settings. */
#include "features/admin/admin.h"
#include "features/identity/cap.h"
#include "features/site/site.h"
#include "view/catalogue.h"

static const Field change_fields[] = {
    { "name", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = SITE_NAME_CHARS_MAX,
      .label = N_("Name of the alliance") },
    { "tagline", FIELD_LINE, IN_BODY, .max_chars = SITE_TAGLINE_CHARS_MAX,
      .label = N_("Line under the name") },
    { "zone", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = 60, .label = N_("Time zone") },
    { "missed", FIELD_ENUM, IN_BODY, .words = "release hold",
      .label = N_("A planned story whose time was missed") },
    { 0 },
};
static const Model settings_model = {
    "admin/settings",
    KEYS("name tagline zone holds_missed origin vkey is_demo look{used faults[file why]}")
};

static const LookState *look; /* since the start */

void admin_look_use(const LookState *state) {
    look = state;
}

static Json *look_model(Ctx *ctx) {
    const Catalogue *words = catalogue_of(ctx->lang);
    Json *model = json_obj(ctx->arena), *faults = json_arr(ctx->arena);

    for (size_t i = 0; look && i < look->fault_count; i++) {
        const LookFault *fault = &look->faults[i];
        Json *one = json_obj(ctx->arena);
        Str why = catalogue_format(ctx->arena, words, fault->err.msgid, fault->err.args);
        json_set(one, "file", json_str(ctx->arena, fault->file));
        json_set(one, "why", json_str(ctx->arena, why));
        json_push(faults, one);
    }
    json_set(model, "used", json_int(ctx->arena, look ? (int64_t)look->used : 0));
    json_set(model, "faults", faults);
    return model;
}

static Json *to_model(Ctx *ctx, const Site *site) {
    Json *model = json_obj(ctx->arena), *form = json_obj(ctx->arena),
         *values = json_obj(ctx->arena);

    json_set(model, "name", json_str(ctx->arena, site->name));
    json_set(model, "tagline", json_str(ctx->arena, site->tagline));
    json_set(model, "zone", json_str(ctx->arena, site->zone));
    json_set(model, "holds_missed", json_bool(ctx->arena, site->holds_missed));
    json_set(model, "origin", json_str(ctx->arena, site->origin));
    json_set(model, "vkey", json_str(ctx->arena, site->vkey));
    json_set(model, "is_demo", json_bool(ctx->arena, site->is_demo));
    json_set(values, "name", json_str(ctx->arena, site->name));
    json_set(values, "tagline", json_str(ctx->arena, site->tagline));
    json_set(values, "zone", json_str(ctx->arena, site->zone));
    json_set(model, "look", look_model(ctx));
    json_set(form, "values", values);
    json_set(model, "form", form);
    return model;
}

static Err show(Ctx *ctx, const Request *req, Response *res) {
    Site site;

    TRY(site_get(ctx, &site));
    return res_view(ctx, req, res, to_model(ctx, &site));
}

static Err change(Ctx *ctx, const Request *req, Response *res) {
    Site site;

    TRY(site_change(ctx, req_text(req, "name"), req_text(req, "tagline"), req_text(req, "zone")));
    if (req_text(req, "missed").len)
        TRY(site_hold_missed(ctx, str_eq(req_text(req, "missed"), S("hold"))));
    TRY(site_get(ctx, &site));
    return res_done(ctx, req, res, S("/admin/settings"), to_model(ctx, &site));
}

const Route admin_settings_routes[] = {
    { "GET", "/admin/settings", CAP_SETTINGS, NULL, show, &settings_model,
      .summary = N_("The alliance's settings.") },
    { "POST", "/admin/settings", CAP_SETTINGS, change_fields, change, &settings_model,
      .form_handler = show, .summary = N_("Changes the alliance's settings.") },
    { 0 },
};
