/* manuscript_plan_fault_test.c - what plans and embargoes call, with storage failing at every step. */
#include "features/manuscript/manuscript_pages.h"
#include "features/manuscript/manuscript_service.h"
#include "features/manuscript/test_newsroom.h"
#include "testing/faults.h"

/* The clock of every world stands at 14:02 in Shanghai on 23 November 2026. */
#define EMBARGO_AT S("2026-11-23T14:03")
#define AT S("2026-11-23T14:05")
#define LATER S("2026-11-23T14:06")

enum { MINUTE_MS = 60000, HOUR_MS = 3600000 };

/* A story under an embargo that ben may plan, and does where `is_planned`. */
typedef struct Scene {
    Newsroom n;
    Filing filing;
    Manuscript m;
} Scene;

static Scene scene_new(bool is_planned) {
    Scene s = { .n = newsroom_new(), .filing = news_filing("定时", "词。") };
    Ctx *ctx = s.n.ctx;
    Picture picture = { news_picture(&s.n, &s.n.paper, "cover").id, S("一棵树"), S("安宁") };

    queue_use(manuscript_job_kinds, manuscript_job_kind_count, NULL, 0);
    s.filing.has_embargo = true;
    s.filing.embargo_at = EMBARGO_AT;
    s.filing.pictures = &picture;
    s.filing.picture_count = 1;
    as(ctx, &s.n.ann, &s.n.paper);
    OK_(manuscript_file(ctx, &s.filing, &s.m));
    s.filing.pictures = NULL;
    s.filing.picture_count = 0;
    OK_(manuscript_submit(ctx, s.m.id, s.m.version, &s.m));
    as(ctx, &s.n.ben, &s.n.paper);
    if (is_planned)
        OK_(manuscript_plan(ctx, s.m.id, s.m.version, AT, STR_EMPTY, &s.m));
    return s;
}

static void acts(void **state) {
    Scene s = scene_new(false);
    Newsroom *n = &s.n;
    Ctx *ctx = n->ctx;
    Manuscript m, next;

    (void)state;
    WRITES(&n->w, m, manuscript_plan(ctx, s.m.id, s.m.version, AT, STR_EMPTY, &m));
    WRITES(&n->w, next, manuscript_plan(ctx, m.id, m.version, LATER, S("Asia/Shanghai"), &next));
    WRITES(&n->w, m, manuscript_unplan(ctx, next.id, next.version, &m));
    OK_(manuscript_plan(ctx, m.id, m.version, AT, STR_EMPTY, &m));
    WRITES(&n->w, next, manuscript_return(ctx, m.id, m.version, S("请补来源。"), &next));
    as(ctx, &n->ann, &n->paper);
    OK_(manuscript_submit(ctx, next.id, next.version, &m));
    as(ctx, &n->ben, &n->paper);
    OK_(manuscript_plan(ctx, m.id, m.version, AT, STR_EMPTY, &m));
    as(ctx, &n->ann, &n->paper);
    WRITES(&n->w, next, manuscript_change(ctx, m.id, m.version, &s.filing, &next));
    OK_(manuscript_submit(ctx, next.id, next.version, &m));
    as(ctx, &n->ben, &n->paper);
    OK_(manuscript_plan(ctx, m.id, m.version, AT, STR_EMPTY, &m));
    world_advance(&n->w, 2 * MINUTE_MS);
    WRITES(&n->w, next, manuscript_release(ctx, m.id, m.version, &next));
    newsroom_free(n);
}

static void reading(void **state) {
    Scene s = scene_new(true);
    World *w = &s.n.w;
    Ctx *ctx = s.n.ctx;
    int64_t count;
    PlanList plans;
    Site site;
    struct {
        Plan plan;
        bool is_found;
    } plan;
    struct {
        Embargo embargo;
        bool is_found;
    } embargo;
    struct {
        ManuscriptList list;
        PlanList plans;
    } planned;

    (void)state;
    OK_(site_get(ctx, &site));
    READS(w, plan, manuscript_plan_get(ctx, s.m.id, &plan.plan, &plan.is_found));
    READS(w, embargo, manuscript_embargo_get(ctx, s.m.id, &embargo.embargo, &embargo.is_found));
    assert_true(plan.is_found && embargo.is_found);
    READS(w, plans, manuscript_plans_of_outlet(ctx, s.n.paper.id, 10, &plans));
    READS(w, planned, manuscript_list_planned(ctx, 10, &planned.list, &planned.plans));
    assert_true(plans.len == 1 && planned.list.len == 1);
    READS(w, NO_RET, manuscript_put_plan(ctx, &site, s.m.id, json_obj(ctx->arena)));
    READS(w, NO_RET, manuscript_put_embargo_model(ctx, s.m.id, json_obj(ctx->arena)));
    world_advance(w, HOUR_MS);
    READS(w, count, manuscript_plans_overdue(ctx, &count));
    assert_int_equal(count, 1);
    newsroom_free(&s.n);
}

/* A story that the call changes in place, as it was. */
static Manuscript *fresh(Manuscript *copy, const Manuscript *m) {
    *copy = *m;
    return copy;
}

static void what_the_acts_share(void **state) {
    Scene s = scene_new(true);
    World *w = &s.n.w;
    Ctx *ctx = s.n.ctx;
    Manuscript m, copy;
    ManuscriptVersion v;
    WallTime when;
    Str to;

    (void)state;
    READS(w, when, manuscript_read_embargo(ctx, &s.filing, &when));
    READS(w, m, manuscript_read_own(ctx, s.m.id, s.m.version, &m));
    READS(w, to, manuscript_check_act(ctx, &m, ACT_RELEASE, &to));
    READS(w, NO_RET, manuscript_check_embargo(ctx, m.id, when.at_ms, "plan_at"));
    when.at_ms++;
    WRITES_INSIDE(w, NO_RET,
                  manuscript_put_embargo(ctx, &m, &s.filing, &when, json_obj(ctx->arena)));
    WRITES_INSIDE(w, NO_RET, manuscript_save(ctx, fresh(&copy, &m)));
    m = copy;
    WRITES_INSIDE(w, NO_RET, manuscript_end_plan(ctx, &m, "edited"));
    OK_(manuscript_plan(ctx, m.id, m.version, LATER, STR_EMPTY, &m));
    WRITES_INSIDE(w, NO_RET, manuscript_owe_no_more(ctx, m.id));
    OK_(manuscript_version(ctx, m.id, m.working_n, &v));
    m.state = to;
    WRITES_INSIDE(w, NO_RET, manuscript_put_out(ctx, fresh(&copy, &m), &v, NULL, 0));
    newsroom_free(&s.n);
}

/* ---- what is due ---- */

static void become_job(Ctx *ctx) {
    as_operator(ctx);
    ctx->actor = ACTOR_JOB;
}

static void look(Scene *s, const char *expected) {
    OK_(manuscript_get(s->n.ctx, s->m.id, &s->m));
    assert_true(str_eq(s->m.state, str_from_c(expected)));
}

static void going_out_or_held(void **state) {
    (void)state;
    for (int is_missed = 0; is_missed < 2; is_missed++) {
        Scene s = scene_new(true);
        int64_t count;

        if (is_missed)
            OK_(site_hold_missed(s.n.ctx, true));
        world_advance(&s.n.w, is_missed ? HOUR_MS : 3 * MINUTE_MS);
        become_job(s.n.ctx);
        /* What others' stories came to is counted also when one failed. */
        REPEATS(&s.n.w, NO_RET, manuscript_publish_due(s.n.ctx, &count));
        look(&s, is_missed ? "held" : "published");
        newsroom_free(&s.n);
    }
}

/* As if both had been stored under rules by which the place's clocks were an hour behind. */
static void make_stale(Ctx *ctx) {
    OK_(db_exec(ctx, "UPDATE manuscript_plan SET rules = '2020a', at_ms = at_ms + 3600000",
                NO_ARGS));
    OK_(db_exec(ctx, "UPDATE manuscript_embargo SET rules = '2020a', at_ms = at_ms + 3600000",
                NO_ARGS));
}

static void other_rules(void **state) {
    Scene s = scene_new(true);
    Ctx *ctx = s.n.ctx;
    int64_t moved;

    (void)state;
    make_stale(ctx);
    become_job(ctx);
    REPEATS(&s.n.w, moved, manuscript_rezone(ctx, &moved));
    WRITES(&s.n.w, NO_RET, manuscript_plans_begin(ctx));
    newsroom_free(&s.n);
}

static void jobs(void **state) {
    Scene s = scene_new(true), other = scene_new(true);
    Ctx *ctx = s.n.ctx;
    Job job = { .kind = S("manuscript.publish"), .payload = json_obj(ctx->arena) };
    bool is_found;
    Plan plan;

    (void)state;
    OK_(manuscript_plan_get(ctx, s.m.id, &plan, &is_found));
    json_set(job.payload, "manuscript", json_id(ctx->arena, s.m.id));
    json_set(job.payload, "plan", json_id(ctx->arena, plan.id));
    world_advance(&s.n.w, 3 * MINUTE_MS);
    become_job(ctx);
    REPEATS(&s.n.w, NO_RET, manuscript_job_kinds[0].handler(ctx, &job));
    look(&s, "published");
    newsroom_free(&s.n);

    ctx = other.n.ctx;
    make_stale(ctx);
    world_advance(&other.n.w, 3 * MINUTE_MS);
    become_job(ctx);
    REPEATS(&other.n.w, NO_RET, manuscript_job_kinds[1].handler(ctx, &job));
    look(&other, "published");
    newsroom_free(&other.n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acts),
        cmocka_unit_test(reading),
        cmocka_unit_test(what_the_acts_share),
        cmocka_unit_test(going_out_or_held),
        cmocka_unit_test(other_rules),
        cmocka_unit_test(jobs),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("plan");
    return failed;
}
