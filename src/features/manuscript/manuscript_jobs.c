/* features/manuscript/manuscript_jobs.c - what is planned goes out when its time has come. */
#include <string.h>

#include "base/vec.h"
#include "features/identity/identity.h"
#include "features/manuscript/manuscript_service.h"
#include "features/manuscript/manuscript_store.h"
#include "features/register/register.h"
#include "features/site/site.h"
#include "ledger/ledger.h"

enum { HOUR_MS = 3600000, BUSY_TRIES = 3 };

static bool comes_again(Err err) {
    return err.code == ERR_BUSY || err.code == ERR_IO;
}

/* The release was signed when it was planned; who has left or lost the role since does not release any more. */
static Err check_person(const Ctx *ctx, const Plan *plan) {
    Ctx person = *ctx;
    bool may;
    Str role;

    person.actor = ACTOR_PERSON;
    person.person_id = plan->by_id;
    TRY(identity_may(&person, CAP_RELEASE, plan->outlet_id, &may, &role));
    return may ? OK
               : FAIL(ERR_CONFLICT, NULL,
                      N_("Who released it may no longer release stories here."));
}

/* Why a person must decide, as a refusal; OK when it may go out. Everything was right when it was planned. */
static Err check_again(Ctx *ctx, const Manuscript *m, const Plan *plan, ManuscriptVersion *v) {
    Site site;
    bool is_found;

    TRY(manuscript_store_version_get(ctx, m->id, m->working_n, v, &is_found));
    if (!is_found || plan->n != m->working_n || !str_eq(plan->hash, v->hash))
        return FAIL(ERR_CONFLICT, NULL, N_("This is not the text that was released."));
    TRY(outlet_require_publishing(ctx, m->outlet_id));
    TRY(check_person(ctx, plan));
    TRY(manuscript_check_embargo(ctx, m->id, ctx->now_ms, "embargo_at"));
    TRY(site_get(ctx, &site));
    if (site.holds_missed && ctx->now_ms - plan->when.at_ms > PLAN_GRACE_MS)
        return FAIL(ERR_CONFLICT, NULL, N_("Its time was missed."));
    return OK;
}

/* The sentence, then what fills its {0}, each on a line: whoever reads it sees it in their own language. */
static Str why_text(Ctx *ctx, Err why) {
    Str arg = why.args[0];

    return str_format(ctx->arena, "%s\n%.*s", why.msgid, STR_ARG(arg));
}

static Err hold(Ctx *ctx, Manuscript *m, const Plan *plan, Err why) {
    Json *sealed = manuscript_sealed(ctx, m, NULL);
    Str sentence = why_text(ctx, why);

    TRY(manuscript_check_act(ctx, m, ACT_HOLD, &m->state));
    TRY(manuscript_save(ctx, m));
    json_set(sealed, "planned", manuscript_wall_model(ctx, &plan->when));
    json_set(sealed, "why", json_str(ctx->arena, sentence));
    TRY(manuscript_store_plan_end(ctx, m->id, S("held"), sentence));
    return ledger_append(ctx, "manuscript.held", m->id, sealed);
}

/* Inside the transaction: the plan as it is now, and its story; *ret_is_due false when there is nothing to do. */
static Err read_due(Ctx *ctx, int64_t id, int64_t plan_id, Plan *plan, Manuscript *m,
                    bool *ret_is_due) {
    Outlet outlet;
    bool is_found;

    *ret_is_due = false;
    TRY(manuscript_store_plan_get(ctx, id, plan, &is_found));
    if (!is_found || plan->id != plan_id || !str_eq(plan->state, S("waiting")) ||
        plan->when.at_ms > ctx->now_ms)
        return OK;
    TRY(manuscript_store_get(ctx, id, m, &is_found));
    TRY(outlet_get(ctx, plan->outlet_id, &outlet));
    ctx->outlet_id = outlet.id; /* as the router does for a person */
    ctx->outlet_no = outlet.no;
    *ret_is_due = is_found;
    return OK;
}

static Err put_out_or_hold(Ctx *ctx, int64_t id, int64_t plan_id, int64_t *count) {
    ManuscriptVersion v;
    Manuscript m;
    Plan plan;
    bool is_due;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(read_due(ctx, id, plan_id, &plan, &m, &is_due));
    if (!is_due)
        return db_commit(&tx);
    Err why = check_again(ctx, &m, &plan, &v);
    if (why.code != ERR_OK && comes_again(why))
        return why;
    if (why.code != ERR_OK) {
        TRY(hold(ctx, &m, &plan, why));
    } else {
        TRY(manuscript_check_act(ctx, &m, ACT_PUBLISH, &m.state));
        TRY(manuscript_put_out(ctx, &m, &v, &plan, 0));
    }
    TRY(db_commit(&tx));
    (*count)++;
    return OK;
}

/* What cannot go out, and not because storage failed, must not be tried for ever: a person decides. */
static Err hold_alone(Ctx *ctx, int64_t id, int64_t plan_id, Err why, int64_t *count) {
    Manuscript m;
    Plan plan;
    bool is_due;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(read_due(ctx, id, plan_id, &plan, &m, &is_due));
    if (is_due)
        TRY(hold(ctx, &m, &plan, why));
    TRY(db_commit(&tx));
    *count += is_due;
    return OK;
}

static Err publish_one(Ctx *ctx, int64_t id, int64_t plan_id, int64_t *count) {
    Err err = OK;

    for (int i = 0; i < BUSY_TRIES; i++) { /* a person may have been at the same story */
        err = put_out_or_hold(ctx, id, plan_id, count);
        if (err.code != ERR_BUSY || !err.retry || db_is_open(ctx))
            break;
        db_reset(ctx->db);
    }
    if (err.code == ERR_OK || comes_again(err))
        return err;
    return hold_alone(ctx, id, plan_id, err, count);
}

/* Tags and an error's words outlive the memory of one story. */
static void keep(Ctx *ctx, const Ctx *part, Err *err) {
    for (size_t i = 0; i < part->changed.len; i++)
        *(Str *)VEC_PUSH(ctx->arena, &ctx->changed) = str_dup(ctx->arena, part->changed.items[i]);
    for (size_t i = 0; i < COUNT_OF(err->args); i++)
        err->args[i] = str_dup(ctx->arena, err->args[i]);
    if (err->where)
        err->where = str_to_c(ctx->arena, str_from_c(err->where));
}

Err manuscript_publish_due(Ctx *ctx, int64_t *ret) {
    CLEANUP(arena_close) Arena *scratch = arena_new(ARENA_JOB_BYTES);
    int64_t count = 0, after_ms = INT64_MIN, after_id = 0, now_ms = ctx->now_ms;
    Err first = OK;

    if (ctx->actor != ACTOR_JOB)
        return FAIL(ERR_FORBIDDEN, NULL, N_("What is planned goes out by itself."));
    for (;; now_ms++) { /* each at a time of its own: lists by time keep the order of planning */
        Ctx part = *ctx;
        Plan plan;
        bool is_any;

        part.arena = scratch;
        part.now_ms = now_ms;
        memset(&part.changed, 0, sizeof part.changed);
        TRY(manuscript_store_plan_due(&part, after_ms, after_id, &plan, &is_any));
        if (!is_any)
            break;
        after_ms = plan.when.at_ms;
        after_id = plan.id;
        Err err = publish_one(&part, plan.manuscript_id, plan.id, &count);
        keep(ctx, &part, &err);
        if (first.code == ERR_OK)
            first = err;
        if (err.code == ERR_BUSY) /* in order: the others wait for it */
            break;
        arena_reset(scratch, ARENA_REQUEST_BYTES);
    }
    *ret = count;
    return first;
}

/* ---- jobs ---- */

static Err add_plans_job(Ctx *ctx, Str dedupe, int64_t due_ms) {
    return job_add(ctx, "manuscript.plans", dedupe, STR_EMPTY, json_obj(ctx->arena), due_ms);
}

/* One for each hour, whoever asks: what a clock that ran ahead planned for later years does not end the row. */
static Err add_next_hour(Ctx *ctx) {
    int64_t next_ms = (ctx->now_ms / HOUR_MS + 1) * HOUR_MS;

    return add_plans_job(ctx, str_format(ctx->arena, "manuscript.plans@%lld", (long long)next_ms),
                         next_ms);
}

/* All that is due, in order; this job's own plan, if it waits on because a clock was put back, keeps its job. */
static Err publish_job(Ctx *ctx, const Job *job) {
    int64_t id, plan_id, count;
    Plan plan;
    bool is_found;

    if (!str_parse_int(json_get_text(job->payload, "manuscript"), &id) ||
        !str_parse_int(json_get_text(job->payload, "plan"), &plan_id))
        return FAIL(ERR_BUG, NULL, N_("The job names no plan."));
    TRY(add_next_hour(ctx));
    TRY(manuscript_publish_due(ctx, &count));
    TRY(manuscript_store_plan_get(ctx, id, &plan, &is_found));
    if (!is_found || plan.id != plan_id || !str_eq(plan.state, S("waiting")))
        return OK;
    if (plan.when.at_ms <= ctx->now_ms)
        return FAIL(ERR_BUSY, NULL, N_("The story is being changed."));
    return job_not_yet(ctx, plan.when.at_ms);
}

Err manuscript_plans_begin(Ctx *ctx) {
    uint64_t
        start; /* by chance: of a program that was killed a job of the same name may still be leased */

    chance_fill(ctx->chance, &start, sizeof start);
    return add_plans_job(
        ctx, str_format(ctx->arena, "manuscript.plans/%016llx", (unsigned long long)start),
        ctx->now_ms);
}

static Err plans_job(Ctx *ctx, const Job *job) {
    int64_t moved, count;

    (void)job;
    TRY(add_next_hour(ctx));
    TRY(manuscript_rezone(ctx, &moved));
    return manuscript_publish_due(ctx, &count);
}

const JobKind manuscript_job_kinds[] = {
    { .kind = "manuscript.publish", .lane = LANE_RELEASE, .handler = publish_job },
    { .kind = "manuscript.plans", .lane = LANE_UPKEEP, .handler = plans_job },
};
const size_t manuscript_job_kind_count = COUNT_OF(manuscript_job_kinds);
