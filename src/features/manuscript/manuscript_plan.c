/* features/manuscript/manuscript_plan.c - a release for a later time, and the time before which there is none. */
#include <string.h>

#include "base/id.h"
#include "features/manuscript/manuscript_service.h"
#include "features/manuscript/manuscript_store.h"
#include "features/register/register.h"
#include "features/site/site.h"
#include "ledger/ledger.h"
#include "text/zone.h"

/* ---- local times ---- */

Str manuscript_wall_text(Ctx *ctx, const WallTime *when) {
    Str date = str_slice(when->local, 0, 10), time = str_slice(when->local, 11, when->local.len);

    return str_format(ctx->arena, "%.*s %.*s %.*s", STR_ARG(date), STR_ARG(time),
                      STR_ARG(when->zone));
}

Json *manuscript_wall_model(Ctx *ctx, const WallTime *when) {
    Json *out = json_obj(ctx->arena);

    json_set(out, "local", json_str(ctx->arena, when->local));
    json_set(out, "zone", json_str(ctx->arena, when->zone));
    json_set(out, "at", json_int(ctx->arena, when->at_ms));
    json_set(out, "fit", json_str(ctx->arena, when->fit));
    json_set(out, "rules", json_str(ctx->arena, when->rules));
    return out;
}

/* when->at_ms, fit and rules from its local time and zone, by the rules in use. */
static Err compute(WallTime *when) {
    static const Str fits[] = { [ZONE_EXACT] = S_INIT("exact"),
                                [ZONE_GAP] = S_INIT("gap"),
                                [ZONE_REPEATED] = S_INIT("repeated") };
    ZoneTime local;
    ZoneFit fit;

    TRY(zone_parse_local(when->local, &local));
    TRY(zone_to_plan(when->zone, &local, &when->at_ms, &fit));
    when->fit = fits[fit];
    when->rules = zone_rules();
    return OK;
}

/* The fields that a form calls at and zone; an empty zone is the alliance's. */
static Err read_wall(Ctx *ctx, Str text, Str zone, const char *at_field, const char *zone_field,
                     WallTime *ret) {
    WallTime when = { .zone = str_trim(zone) };
    ZoneTime local;
    Site site;

    if (!when.zone.len) {
        TRY(site_get(ctx, &site));
        when.zone = site.zone;
    }
    if (zone_check(when.zone).code != ERR_OK)
        return FAIL(ERR_INVALID, zone_field,
                    N_("There is no such time zone; write one like Asia/Shanghai."));
    if (zone_parse_local(str_trim(text), &local).code != ERR_OK)
        return FAIL(ERR_INVALID, at_field,
                    N_("Write day and time of the place like 2026-12-01T08:00."));
    when.local = str_format(ctx->arena, "%04d-%02d-%02dT%02d:%02d", local.year, local.month,
                            local.day, local.hour, local.minute);
    if (local.second)
        when.local = str_format(ctx->arena, "%.*s:%02d", STR_ARG(when.local), local.second);
    Err err = compute(&when);
    if (err.code != ERR_OK)
        err.field = at_field;
    TRY(err);
    *ret = when;
    return OK;
}

/* ---- embargo ---- */

Err manuscript_read_embargo(Ctx *ctx, const Filing *filing, WallTime *ret) {
    if (!filing->has_embargo || !str_trim(filing->embargo_at).len) {
        *ret = (WallTime){ 0 };
        return OK;
    }
    return read_wall(ctx, filing->embargo_at, filing->embargo_zone, "embargo_at", "embargo_zone",
                     ret);
}

Err manuscript_put_embargo(Ctx *ctx, const Manuscript *m, const Filing *filing,
                           const WallTime *when, Json *sealed) {
    Embargo embargo = { .manuscript_id = m->id, .outlet_id = m->outlet_id, .when = *when };

    if (!filing->has_embargo)
        return OK;
    if (!when->local.len)
        return manuscript_store_embargo_delete(ctx, m->id);
    json_set(sealed, "embargo", manuscript_wall_model(ctx, when));
    return manuscript_store_embargo_put(ctx, &embargo);
}

Err manuscript_check_embargo(Ctx *ctx, int64_t id, int64_t at_ms, const char *field) {
    Embargo embargo;
    bool is_found;

    TRY(manuscript_store_embargo_get(ctx, id, &embargo, &is_found));
    if (!is_found || at_ms >= embargo.when.at_ms)
        return OK;
    return FAIL_ARGS(ERR_INVALID, field, N_("This story has an embargo: not before {0}."),
                     manuscript_wall_text(ctx, &embargo.when));
}

/* ---- acts ---- */

bool manuscript_has_plan(const Manuscript *m) {
    return manuscript_transition(m->state, ACT_UNPLAN) != NULL;
}

static Str dedupe_of(Ctx *ctx, const Plan *plan) {
    return str_format(ctx->arena, "manuscript.publish/%lld/%lld", (long long)plan->id,
                      (long long)plan->when.at_ms);
}

/* The job that the plan owes, in the transaction of the plan. */
static Err owe(Ctx *ctx, const Plan *plan) {
    Json *payload = json_obj(ctx->arena);

    json_set(payload, "manuscript", json_id(ctx->arena, plan->manuscript_id));
    json_set(payload, "plan", json_id(ctx->arena, plan->id));
    return job_add(ctx, "manuscript.publish", dedupe_of(ctx, plan), STR_EMPTY, payload,
                   plan->when.at_ms);
}

Err manuscript_owe_no_more(Ctx *ctx, int64_t id) {
    Plan plan;
    bool is_found;

    TRY(manuscript_store_plan_get(ctx, id, &plan, &is_found));
    return is_found ? job_drop(ctx, dedupe_of(ctx, &plan)) : OK;
}

Err manuscript_end_plan(Ctx *ctx, const Manuscript *m, const char *why) {
    Json *sealed = manuscript_sealed(ctx, m, NULL);
    Plan plan;
    bool is_found;

    TRY(manuscript_store_plan_get(ctx, m->id, &plan, &is_found));
    if (is_found) {
        json_set(sealed, "planned", manuscript_wall_model(ctx, &plan.when));
        TRY(job_drop(ctx, dedupe_of(ctx, &plan)));
    }
    json_set(sealed, "why", json_str(ctx->arena, str_from_c(why)));
    if (m->withdrawn_ms)
        TRY(manuscript_store_plan_delete(ctx, m->id));
    else
        TRY(manuscript_store_plan_end(ctx, m->id, str_from_c(why), STR_EMPTY));
    return ledger_append(ctx, "manuscript.unplanned", m->id, sealed);
}

static Err store_plan(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v, Plan *plan) {
    Json *sealed = manuscript_sealed(ctx, m, v);
    Plan before;
    bool is_found;

    TRY(manuscript_store_plan_get(ctx, m->id, &before, &is_found));
    if (is_found && (str_eq(before.state, S("waiting")) || str_eq(before.state, S("held")))) {
        json_set(sealed, "before", manuscript_wall_model(ctx, &before.when));
        TRY(job_drop(ctx, dedupe_of(ctx, &before)));
    }
    json_set(sealed, "planned", manuscript_wall_model(ctx, &plan->when));
    plan->id = id_next(ctx);
    plan->manuscript_id = m->id;
    plan->outlet_id = m->outlet_id;
    plan->state = S("waiting");
    plan->n = v->n;
    plan->hash = v->hash;
    plan->by_id = ctx->person_id;
    plan->by_role = ctx->role;
    plan->set_ms = ctx->now_ms;
    TRY(manuscript_store_plan_put(ctx, plan));
    TRY(ledger_append(ctx, "manuscript.planned", m->id, sealed));
    return owe(ctx, plan);
}

Err manuscript_plan(Ctx *ctx, int64_t id, int64_t version, Str local, Str zone, Manuscript *ret) {
    ManuscriptVersion v;
    Manuscript m;
    Plan plan = { 0 };
    Review review;
    bool is_found, is_reviewed;
    DB_TX(tx);

    TRY(manuscript_require_person(ctx));
    TRY(read_wall(ctx, local, zone, "plan_at", "plan_zone", &plan.when));
    TRY(db_begin(ctx, &tx));
    TRY(manuscript_read_own(ctx, id, version, &m));
    TRY(manuscript_check_act(ctx, &m, ACT_PLAN, &m.state));
    TRY(outlet_require_publishing(ctx, m.outlet_id));
    if (plan.when.at_ms <= ctx->now_ms)
        return FAIL(ERR_INVALID, "plan_at",
                    N_("This time is past: release the story now, or choose a later time."));
    TRY(manuscript_check_embargo(ctx, id, plan.when.at_ms, "plan_at"));
    TRY(manuscript_store_version_get(ctx, id, m.working_n, &v, &is_found));
    if (!is_found)
        return FAIL(ERR_IO, NULL, N_("The stored version is damaged; restore a backup."));
    TRY(manuscript_check_reviewed(ctx, &m, &v, &review, &is_reviewed));
    TRY(manuscript_save(ctx, &m));
    TRY(store_plan(ctx, &m, &v, &plan));
    TRY(db_commit(&tx));
    *ret = m;
    return OK;
}

Err manuscript_unplan(Ctx *ctx, int64_t id, int64_t version, Manuscript *ret) {
    Manuscript m;
    DB_TX(tx);

    TRY(manuscript_require_person(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(manuscript_read_own(ctx, id, version, &m));
    TRY(manuscript_check_act(ctx, &m, ACT_UNPLAN, &m.state));
    TRY(manuscript_save(ctx, &m));
    TRY(manuscript_end_plan(ctx, &m, "cancelled"));
    TRY(db_commit(&tx));
    *ret = m;
    return OK;
}

/* ---- other rules of zones ---- */

static Err note_move(Ctx *ctx, int64_t id, int64_t outlet_id, const char *what,
                     const WallTime *when, int64_t before_ms) {
    Json *sealed = json_obj(ctx->arena);
    Outlet outlet;

    TRY(outlet_get(ctx, outlet_id, &outlet));
    ctx->outlet_id = outlet_id;
    ctx->outlet_no = outlet.no;
    json_set(sealed, "what", json_str(ctx->arena, str_from_c(what)));
    json_set(sealed, "local", json_str(ctx->arena, when->local));
    json_set(sealed, "zone", json_str(ctx->arena, when->zone));
    json_set(sealed, "before", json_int(ctx->arena, before_ms));
    json_set(sealed, "after", json_int(ctx->arena, when->at_ms));
    json_set(sealed, "rules", json_str(ctx->arena, when->rules));
    return ledger_append(ctx, "manuscript.rezoned", id, sealed);
}

/* A zone that the rules in use no longer know keeps its instant. */
static bool compute_anew(WallTime *when) {
    int64_t before_ms = when->at_ms;

    if (compute(when).code != ERR_OK)
        when->rules = zone_rules();
    return when->at_ms != before_ms;
}

static Err rezone_plan(Ctx *ctx, int64_t id, int64_t *moved) {
    Plan plan;
    bool is_found;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(manuscript_store_plan_get(ctx, id, &plan, &is_found)); /* inside: it may have changed */
    int64_t before_ms = plan.when.at_ms;
    Str dedupe = is_found ? dedupe_of(ctx, &plan) : STR_EMPTY;
    if (is_found && !str_eq(plan.when.rules, zone_rules())) {
        bool has_moved = compute_anew(&plan.when);
        TRY(manuscript_store_plan_move(ctx, id, &plan.when));
        if (has_moved) {
            TRY(note_move(ctx, id, plan.outlet_id, "plan", &plan.when, before_ms));
            TRY(job_drop(ctx, dedupe));
            TRY(owe(ctx, &plan));
            (*moved)++;
        }
    }
    return db_commit(&tx);
}

static Err rezone_embargo(Ctx *ctx, int64_t id, int64_t *moved) {
    Embargo embargo;
    bool is_found;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(manuscript_store_embargo_get(ctx, id, &embargo, &is_found));
    int64_t before_ms = embargo.when.at_ms;
    if (is_found && !str_eq(embargo.when.rules, zone_rules())) {
        bool has_moved = compute_anew(&embargo.when);
        TRY(manuscript_store_embargo_put(ctx, &embargo));
        if (has_moved) {
            TRY(note_move(ctx, id, embargo.outlet_id, "embargo", &embargo.when, before_ms));
            (*moved)++;
        }
    }
    return db_commit(&tx);
}

Err manuscript_rezone(Ctx *ctx, int64_t *ret) {
    int64_t moved = 0, after = 0;
    Ctx part = *ctx; /* its outlet is that of each story */
    Embargo embargo;
    Plan plan;
    bool is_found;

    if (ctx->actor != ACTOR_JOB)
        return FAIL(ERR_FORBIDDEN, NULL, N_("What is planned goes out by itself."));
    for (;;) { /* embargoes first: a plan is held against them */
        TRY(manuscript_store_embargo_stale(&part, zone_rules(), after, &embargo, &is_found));
        if (!is_found)
            break;
        after = embargo.manuscript_id;
        TRY(rezone_embargo(&part, after, &moved));
    }
    for (after = 0;;) {
        TRY(manuscript_store_plan_stale(&part, zone_rules(), after, &plan, &is_found));
        if (!is_found)
            break;
        after = plan.manuscript_id;
        TRY(rezone_plan(&part, after, &moved));
    }
    *ret = moved;
    return OK;
}

/* ---- reading ---- */

Err manuscript_plan_get(Ctx *ctx, int64_t id, Plan *ret, bool *ret_found) {
    return manuscript_store_plan_get(ctx, id, ret, ret_found);
}

Err manuscript_embargo_get(Ctx *ctx, int64_t id, Embargo *ret, bool *ret_found) {
    return manuscript_store_embargo_get(ctx, id, ret, ret_found);
}

bool manuscript_plan_is_overdue(const Ctx *ctx, const Plan *plan) {
    return str_eq(plan->state, S("waiting")) && plan->when.at_ms + PLAN_OVERDUE_MS < ctx->now_ms;
}

bool manuscript_is_late(const Manuscript *m) {
    int64_t shown_ms = m->republished_ms ? m->republished_ms : m->published_ms;

    return m->planned_ms && shown_ms - m->planned_ms > PLAN_GRACE_MS;
}
