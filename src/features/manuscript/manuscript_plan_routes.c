/* features/manuscript/manuscript_plan_routes.c - planning a release, and what pages say of plans and embargoes. */
#include "features/identity/identity.h"
#include "features/manuscript/manuscript_pages.h"
#include "text/zone.h"
#include "view/catalogue.h"

enum { TIME_CHARS_MAX = 30, ZONE_CHARS_MAX = 60 };

static const Field plan_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Story") },
    { "plan_at", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = TIME_CHARS_MAX,
      .label = N_("Day and time of the release") },
    { "plan_zone", FIELD_LINE, IN_BODY, .max_chars = ZONE_CHARS_MAX, .label = N_("Time zone") },
    { 0 },
};
static const Field id_fields[] = { { "id", FIELD_ID, IN_PATH, .label = N_("Story") }, { 0 } };
static const Model plan_model = { NULL, "id number state version url " PLAN_KEYS };

static Json *text(Ctx *ctx, Str value) {
    return json_str(ctx->arena, value);
}

static Json *instant(Ctx *ctx, int64_t at_ms) {
    char out[CLOCK_TEXT_MAX];

    clock_rfc3339(at_ms, out);
    return json_str(ctx->arena, str_dup(ctx->arena, str_from_c(out)));
}

static Json *sentence(Ctx *ctx, const char *msgid, Str a, Str b) {
    Str args[2] = { a, b };

    return text(ctx, catalogue_format(ctx->arena, catalogue_of(ctx->lang), msgid, args));
}

/* What clocks that are put forward or back make of it; empty for a time that they show once. */
static Err note_of(Ctx *ctx, const WallTime *when, Json **ret) {
    Str moment;

    TRY(zone_format(ctx->arena, when->zone, ctx->lang, ZONE_FULL, when->at_ms, &moment));
    *ret = text(ctx, STR_EMPTY);
    if (str_eq(when->fit, S("gap")))
        *ret = sentence(
            ctx,
            N_("The clocks of {0} skip this time: what counts is the first moment after it, {1}."),
            when->zone, moment);
    else if (str_eq(when->fit, S("repeated")))
        *ret = sentence(
            ctx, N_("The clocks of {0} show this time twice: what counts is the first, {1}."),
            when->zone, moment);
    return OK;
}

static const char *ended_text(Str state) {
    if (str_eq(state, S("edited")))
        return N_("The text was changed after it was planned: it needs a new release.");
    if (str_eq(state, S("returned")))
        return N_("It was returned to its author.");
    if (str_eq(state, S("cancelled")))
        return N_("The planned release was taken back.");
    return "";
}

/* The stored sentence, then a line for its {0}. */
static Json *why_of(Ctx *ctx, Str why) {
    size_t end = str_find_char(why, '\n', 0);
    Str first = str_slice(why, 0, end < why.len ? end : why.len);
    Str arg = end < why.len ? str_slice(why, end + 1, why.len) : STR_EMPTY;

    return first.len ? sentence(ctx, str_to_c(ctx->arena, first), arg, STR_EMPTY)
                     : text(ctx, STR_EMPTY);
}

static Err plan_of(Ctx *ctx, const Site *site, const Plan *plan, Json **ret) {
    Json *out = json_obj(ctx->arena), *note, *set, *ended;
    int64_t ids[2] = { plan->by_id, plan->ended_by };
    Str names[2] = { STR_EMPTY, STR_EMPTY };
    bool is_waiting = str_eq(plan->state, S("waiting")), is_held = str_eq(plan->state, S("held"));

    TRY(person_names(ctx, ids, plan->ended_by ? 2 : 1, names));
    TRY(note_of(ctx, &plan->when, &note));
    TRY(manuscript_time(ctx, site, plan->set_ms, &set));
    TRY(manuscript_time(ctx, site, plan->ended_ms, &ended));
    json_set(out, "at", instant(ctx, plan->when.at_ms));
    json_set(out, "local", text(ctx, plan->when.local));
    json_set(out, "zone", text(ctx, plan->when.zone));
    json_set(out, "text", text(ctx, manuscript_wall_text(ctx, &plan->when)));
    json_set(out, "state", text(ctx, plan->state));
    json_set(out, "is_waiting", json_bool(ctx->arena, is_waiting));
    json_set(out, "is_held", json_bool(ctx->arena, is_held));
    json_set(out, "is_ended", json_bool(ctx->arena, !is_waiting && !is_held));
    json_set(out, "is_overdue", json_bool(ctx->arena, manuscript_plan_is_overdue(ctx, plan)));
    json_set(out, "note", note);
    json_set(out, "person", text(ctx, names[0]));
    json_set(out, "role", text(ctx, plan->by_role));
    json_set(out, "set", set);
    json_set(out, "ended_by", text(ctx, names[1]));
    json_set(out, "ended", ended);
    json_set(out, "ended_text", manuscript_words(ctx, ended_text(plan->state)));
    json_set(out, "why", why_of(ctx, plan->why));
    *ret = out;
    return OK;
}

/* The form begins with what is planned now, or with the alliance's zone. */
static void put_plan_form(Ctx *ctx, const Site *site, const Plan *plan, Json *model) {
    Json *form = json_obj(ctx->arena), *values = json_obj(ctx->arena);
    bool is_set = plan && !plan->ended_ms;

    json_set(values, "plan_at", text(ctx, is_set ? plan->when.local : STR_EMPTY));
    json_set(values, "plan_zone", text(ctx, plan ? plan->when.zone : site->zone));
    json_set(form, "values", values);
    json_set(model, "form", form);
}

Err manuscript_put_plan(Ctx *ctx, const Site *site, int64_t id, Json *model) {
    Json *out = json_null(ctx->arena);
    bool is_found;
    Plan plan;

    TRY(manuscript_plan_get(ctx, id, &plan, &is_found));
    if (is_found)
        TRY(plan_of(ctx, site, &plan, &out));
    put_plan_form(ctx, site, is_found ? &plan : NULL, model);
    json_set(model, "plan", out);
    return OK;
}

Err manuscript_put_embargo_model(Ctx *ctx, int64_t id, Json *model) {
    Json *out = json_null(ctx->arena), *note;
    Embargo embargo;
    bool is_found;

    TRY(manuscript_embargo_get(ctx, id, &embargo, &is_found));
    if (is_found) {
        out = json_obj(ctx->arena);
        TRY(note_of(ctx, &embargo.when, &note));
        json_set(out, "at", instant(ctx, embargo.when.at_ms));
        json_set(out, "local", text(ctx, embargo.when.local));
        json_set(out, "zone", text(ctx, embargo.when.zone));
        json_set(out, "text", text(ctx, manuscript_wall_text(ctx, &embargo.when)));
        json_set(out, "note", note);
    }
    json_set(model, "embargo", out);
    return OK;
}

void manuscript_put_planned(Ctx *ctx, const Plan *plan, Json *row) {
    json_set(row, "planned",
             plan ? text(ctx, manuscript_wall_text(ctx, &plan->when)) : json_null(ctx->arena));
    json_set(row, "is_overdue",
             json_bool(ctx->arena, plan && manuscript_plan_is_overdue(ctx, plan)));
}

/* ---- acts ---- */

static Err answer(Ctx *ctx, const Request *req, Response *res, const Manuscript *m) {
    Json *model = json_obj(ctx->arena);
    Site site;

    TRY(site_get(ctx, &site));
    TRY(manuscript_put_plan(ctx, &site, m->id, model));
    json_set(model, "id", json_id(ctx->arena, m->id));
    json_set(model, "number", json_str(ctx->arena, m->number));
    json_set(model, "state", json_str(ctx->arena, m->state));
    json_set(model, "version", json_int(ctx->arena, m->version));
    json_set(model, "url",
             json_str(ctx->arena, str_format(ctx->arena, "/articles/%lld", (long long)m->id)));
    return res_done(ctx, req, res, str_format(ctx->arena, "/desk/articles/%lld", (long long)m->id),
                    model);
}

static Err plan_release(Ctx *ctx, const Request *req, Response *res) {
    Manuscript m;

    TRY(manuscript_plan(ctx, req_id(req, "id"), req_version(req), req_text(req, "plan_at"),
                        req_text(req, "plan_zone"), &m));
    return answer(ctx, req, res, &m);
}

static Err unplan_release(Ctx *ctx, const Request *req, Response *res) {
    Manuscript m;

    TRY(manuscript_unplan(ctx, req_id(req, "id"), req_version(req), &m));
    return answer(ctx, req, res, &m);
}

const Route manuscript_plan_routes[] = {
    { "POST", "/articles/{id}/plan", OUTLET(CAP_RELEASE), plan_fields, plan_release, &plan_model,
      ROUTE_IF_MATCH | ROUTE_STEP_UP, .outlet_of = manuscript_outlet_of_id,
      .form_handler = manuscript_show_desk,
      .summary = N_("Releases another person's story for a later time.") },
    { "POST", "/articles/{id}/unplan", OUTLET(CAP_RELEASE), id_fields, unplan_release, &plan_model,
      ROUTE_IF_MATCH, .outlet_of = manuscript_outlet_of_id,
      .summary = N_("Takes a planned release back.") },
    { 0 },
};
