/* features/register/register_model.c - an outlet as pages and programs see it. */
#include "features/register/register.h"

#include "features/register/register_states.h"
#include "text/zone.h"
#include "view/catalogue.h"

static Json *date_of(Ctx *ctx, Str zone, int64_t at_ms) {
    Str text;

    if (!at_ms || zone_format(ctx->arena, zone, ctx->lang, ZONE_SHORT_DATE, at_ms, &text).code)
        return json_str(ctx->arena, STR_EMPTY);
    return json_str(ctx->arena, text);
}

static Json *address(Ctx *ctx, Str url) {
    return url.len ? json_str(ctx->arena, url) : json_null(ctx->arena);
}

static void put_card(Ctx *ctx, const Outlet *o, Json *out) {
    const struct {
        const char *name;
        Str value;
    } texts[] = {
        { "no", o->no },
        { "name", o->name },
        { "platform", o->platform },
        { "platform_account", o->platform_account },
        { "tier", o->tier },
        { "unit", o->unit_name },
        { "supervisor", o->supervisor },
        { "verified_as", o->verified_as },
        { "purpose", o->purpose },
        { "opened_on", o->opened_on },
        { "first_responsible", o->first_responsible },
        { "direct_lead", o->direct_lead },
        { "teacher", o->teacher },
        { "operators", o->operators },
        { "reviewers", o->reviewers },
        { "followers_as_of", o->followers_as_of },
        { "state", o->state },
        { "state_reason", o->state_reason },
        { "review_state", o->review_state },
        { "struck_reason", str_eq(o->state, S("struck")) ? o->state_reason : STR_EMPTY },
    };

    json_set(out, "id", json_id(ctx->arena, o->id));
    json_set(out, "unit_id", json_id(ctx->arena, o->unit_id));
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        json_set(out, texts[i].name, json_str(ctx->arena, texts[i].value));
    json_set(out, "url", address(ctx, o->url));
    json_set(out, "feed_url", address(ctx, o->feed_url));
    json_set(out, "promised_per_week", json_int(ctx->arena, o->promised_per_week));
    json_set(out, "followers", json_int(ctx->arena, o->followers));
}

Json *outlet_model(Ctx *ctx, Str zone, const Outlet *o) {
    Json *out = json_obj(ctx->arena);
    const OutletState *state = outlet_state_of(o->state),
                      *review = outlet_state_of(o->review_state);
    const Catalogue *words = catalogue_of(ctx->lang);
    bool is_struck = str_eq(o->state, S("struck"));

    put_card(ctx, o, out);
    json_set(
        out, "state_text",
        json_str(ctx->arena, state ? catalogue_text(words, str_from_c(state->label)) : o->state));
    json_set(out, "state_class", json_str(ctx->arena, str_from_c(state ? state->css : "off")));
    json_set(out, "state_on", date_of(ctx, zone, o->state_ms));
    json_set(out, "is_publishing", json_bool(ctx->arena, state && state->is_publishing));
    json_set(out, "review_text",
             json_str(ctx->arena,
                      review ? catalogue_text(words, str_from_c(review->label)) : STR_EMPTY));
    json_set(out, "review_year",
             o->review_year ? json_int(ctx->arena, o->review_year) : json_null(ctx->arena));
    json_set(out, "is_struck", json_bool(ctx->arena, is_struck));
    json_set(out, "struck_on",
             is_struck ? date_of(ctx, zone, o->state_ms) : json_str(ctx->arena, STR_EMPTY));
    json_set(out, "filed_on", date_of(ctx, zone, o->filed_ms));
    json_set(out, "changed_on", date_of(ctx, zone, o->changed_ms));
    json_set(out, "last_published_on", date_of(ctx, zone, o->last_published_ms));
    return out;
}

Json *outlet_flags_model(Ctx *ctx, const OutletFlags *flags) {
    const struct {
        bool is_up;
        const char *name, *text, *look;
    } all[] = {
        { flags->has_no_teacher, "no_teacher", N_("no teacher"), "bad" },
        { flags->is_silent, "silent", N_("silent"), "warn" },
        { flags->has_left, "left", N_("someone left"), "warn" },
    };
    Json *out = json_arr(ctx->arena);

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        if (!all[i].is_up)
            continue;
        Json *flag = json_obj(ctx->arena);
        json_set(flag, "name", json_str(ctx->arena, str_from_c(all[i].name)));
        json_set(
            flag, "text",
            json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(all[i].text))));
        json_set(flag, "look", json_str(ctx->arena, str_from_c(all[i].look)));
        json_push(out, flag);
    }
    return out;
}
