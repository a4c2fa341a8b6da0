/* manuscript_fault_test.c - each act with storage failing at every step: all of it is stored, or nothing. */
#include <pthread.h>

#include "features/manuscript/test_newsroom.h"

typedef struct Scene {
    Newsroom n;
    Manuscript m;
    Picture picture;
} Scene;

typedef Err (*Step)(Scene *s);

static Filing with_picture(Scene *s) {
    Filing filing = news_filing("带图", "词。");

    filing.pictures = &s->picture;
    filing.picture_count = 1;
    return filing;
}

static Err file_it(Scene *s) {
    Filing filing = with_picture(s);
    Manuscript m;
    return manuscript_file(s->n.ctx, &filing, &m);
}

static Err change_it(Scene *s) {
    Filing filing = with_picture(s);
    Manuscript m;
    return manuscript_change(s->n.ctx, s->m.id, s->m.version, &filing, &m);
}

static Err submit_it(Scene *s) {
    Manuscript m;
    return manuscript_submit(s->n.ctx, s->m.id, s->m.version, &m);
}

static Err return_it(Scene *s) {
    Manuscript m;
    return manuscript_return(s->n.ctx, s->m.id, s->m.version, S("请补来源。"), &m);
}

static Err release_it(Scene *s) {
    Manuscript m;
    return manuscript_release(s->n.ctx, s->m.id, s->m.version, &m);
}

static Err plan_it(Scene *s) {
    Manuscript m;
    return manuscript_plan(s->n.ctx, s->m.id, s->m.version, S("2026-11-23T15:00"), STR_EMPTY, &m);
}

static Err unplan_it(Scene *s) {
    Manuscript m;
    return manuscript_unplan(s->n.ctx, s->m.id, s->m.version, &m);
}

/* What the job does when the time has come. */
static Err publish_it(Scene *s) {
    Ctx *ctx = s->n.ctx;
    int64_t count = 0;

    as_operator(ctx);
    ctx->actor = ACTOR_JOB;
    return manuscript_publish_due(ctx, &count);
}

static Err rezone_it(Scene *s) {
    Ctx *ctx = s->n.ctx;
    int64_t count = 0;

    as_operator(ctx);
    ctx->actor = ACTOR_JOB;
    return manuscript_rezone(ctx, &count);
}

static Err withdraw_it(Scene *s) {
    Manuscript m;
    return manuscript_withdraw(s->n.ctx, s->m.id, s->m.version, S("内容有误。"), &m);
}

static Err import_it(Scene *s) {
    StoryImportReport report;
    return manuscript_import(s->n.ctx, s->n.paper.id,
                             S("{\"title\":\"旧一\",\"text\":\"一\",\"date\":\"2019-05-04\"}\n"
                               "{\"title\":\"旧二\",\"text\":\"二\",\"date\":\"2019-05-05\"}\n"),
                             false, &report);
}

/* How far: 0 a draft, 1 submitted, 2 published. */
enum { PLANNED = 3, PLANNED_ELSE, DUE, MISSED };

/* A draft with a picture, brought as far as the act needs it. */
static void set_up(Scene *s, int steps) {
    Filing filing;

    s->n = newsroom_new();
    queue_use(manuscript_job_kinds, manuscript_job_kind_count, NULL, 0);
    as(s->n.ctx, &s->n.ann, &s->n.paper);
    s->picture = (Picture){ news_picture(&s->n, &s->n.paper, "cover").id, S("一棵树"), S("安宁") };
    filing = with_picture(s);
    OK_(manuscript_file(s->n.ctx, &filing, &s->m));
    if (steps >= 1)
        OK_(manuscript_submit(s->n.ctx, s->m.id, s->m.version, &s->m));
    as(s->n.ctx, steps >= 1 ? &s->n.ben : &s->n.ann, &s->n.paper);
    if (steps == 2)
        OK_(manuscript_release(s->n.ctx, s->m.id, s->m.version, &s->m));
    if (steps >= PLANNED)
        OK_(manuscript_plan(s->n.ctx, s->m.id, s->m.version, S("2026-11-23T14:30"), STR_EMPTY,
                            &s->m));
    if (steps == PLANNED_ELSE)
        OK_(db_exec(s->n.ctx, "UPDATE manuscript_plan SET rules = '2020a', at_ms = at_ms + 3600000",
                    NO_ARGS));
    if (steps >= MISSED)
        OK_(site_hold_missed(s->n.ctx, true));
    world_advance(&s->n.w, steps == DUE ? 1700000 : steps == MISSED ? 7200000 : 1000);
}

/* Everything an act can change, as one text. */
static Str everything(Ctx *ctx) {
    Str out = STR_EMPTY;
    DB_ROWS(rows);

    OK_(db_query(ctx, &rows,
                 "SELECT (SELECT COUNT(*) FROM manuscript), (SELECT COUNT(*) FROM"
                 " manuscript_version), (SELECT COUNT(*) FROM manuscript_version WHERE"
                 " released_ms > 0), (SELECT CAST(COALESCE(SUM(used), 0) AS BIGINT) FROM"
                 " manuscript_number), (SELECT COUNT(*) FROM media_use), (SELECT COUNT(*) FROM"
                 " event), (SELECT COUNT(*) FROM ledger_pending), (SELECT"
                 " CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM manuscript), (SELECT"
                 " COALESCE(MAX(last_published_ms), 0) FROM outlet), (SELECT"
                 " COALESCE(MAX(changed_ms), 0) FROM manuscript), (SELECT COALESCE(MAX(state), '')"
                 " FROM manuscript), (SELECT COALESCE(MAX(hash), '') FROM manuscript_version),"
                 " (SELECT COUNT(*) FROM job), (SELECT COALESCE(MAX(at_ms), 0) FROM"
                 " manuscript_plan), (SELECT COALESCE(MAX(state), '') FROM manuscript_plan)",
                 NO_ARGS));
    assert_true(db_next(&rows));
    for (int i = 0; i < 10; i++)
        out = str_format(ctx->arena, "%.*s%lld ", STR_ARG(out), (long long)db_int(&rows, i));
    out = str_format(ctx->arena, "%.*s%.*s %.*s %lld %lld %.*s", STR_ARG(out),
                     STR_ARG(db_text(&rows, 10)), STR_ARG(db_text(&rows, 11)),
                     (long long)db_int(&rows, 12), (long long)db_int(&rows, 13),
                     STR_ARG(db_text(&rows, 14)));
    OK_(db_end(&rows));
    return out;
}

/*
 * Fails the 1st, 2nd, 3rd ... storage call until none is left; returns how many failures there were. A step that does
 * many things one by one may fail after the one was done, whole as ever.
 */
static int fail_each_step(Scene *s, Step step, int entries, int events, bool is_of_many) {
    Ctx *ctx = s->n.ctx;
    Str before = everything(ctx);
    int64_t logged = world_count(&s->n.w, "ledger_pending"), told = world_count(&s->n.w, "event");

    for (int n = 0;; n++) {
        db_fail_at(ctx->db, n);
        Err err = step(s);
        db_fail_at(ctx->db, -1);
        db_reset(ctx->db);

        bool is_done = !str_eq(before, everything(ctx));
        if (is_done != (err.code == ERR_OK) && !(is_done && is_of_many))
            fail_msg("call %d: %s, before \"%.*s\", after \"%.*s\"", n,
                     err.code == ERR_OK ? "done" : "failed", STR_ARG(before),
                     STR_ARG(everything(ctx)));
        assert_int_equal(world_count(&s->n.w, "ledger_pending") - logged, is_done ? entries : 0);
        assert_int_equal(world_count(&s->n.w, "event") - told, is_done ? events : 0);
        if (is_done)
            return n;
        assert_int_equal(err.code, ERR_IO);
    }
}

static const struct {
    const char *name;
    Step step;
    int set_up, entries, events;
    int least; /* storage calls that really failed */
    bool is_of_many;
} steps[] = {
    { "manuscript.filed", file_it, 0, 1, 0, 6 },
    { "manuscript.changed", change_it, 0, 1, 0, 6 },
    { "manuscript.submitted", submit_it, 0, 1, 0, 5 },
    { "manuscript.returned", return_it, 1, 1, 0, 5 },
    { "manuscript.released", release_it, 1, 1, 1, 10 },
    { "manuscript.withdrawn", withdraw_it, 2, 1, 1, 6 },
    { "manuscript.planned", plan_it, 1, 1, 0, 8 },
    { "a plan changed", plan_it, PLANNED, 1, 0, 8 },
    { "manuscript.unplanned", unplan_it, PLANNED, 1, 0, 5 },
    { "a planned story changed", change_it, PLANNED, 2, 0, 8 },
    { "a planned story returned", return_it, PLANNED, 2, 0, 6 },
    { "a planned story released", release_it, PLANNED, 1, 1, 12 },
    { "a planned story going out", publish_it, DUE, 1, 1, 14, true },
    { "manuscript.held", publish_it, MISSED, 1, 0, 8, true },
    { "manuscript.rezoned", rezone_it, PLANNED_ELSE, 1, 0, 7, true },
    { "manuscript.imported", import_it, 0, 2, 1, 12 },
};

static void each_act_is_stored_whole_with_its_entry_and_event_or_not_at_all(void **state) {
    int all = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        Scene s = { 0 };
        set_up(&s, steps[i].set_up);
        int failures = fail_each_step(&s, steps[i].step, steps[i].entries, steps[i].events,
                                      steps[i].is_of_many);
        printf("  %s: %d storage calls failed one by one\n", steps[i].name, failures);
        assert_true(failures >= steps[i].least);
        all += failures;
        newsroom_free(&s.n);
    }
    printf("manuscript faults: %d cases passed, 0 failed\n", all);
}

/* A lost batch: nothing is stored, and running the act again is right. */
static void a_lost_commit_leaves_nothing_and_the_second_run_does_it(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        Scene s = { 0 };
        set_up(&s, steps[i].set_up);
        Str before = everything(s.n.ctx);

        db_busy_at(s.n.ctx->db, 0);
        Err err = steps[i].step(&s);
        db_busy_at(s.n.ctx->db, -1);
        db_reset(s.n.ctx->db);
        if (steps[i].step == publish_it) { /* which tries again by itself */
            OK_(err);
            newsroom_free(&s.n);
            continue;
        }
        assert_true(err.code == ERR_BUSY && err.retry);
        assert_true(str_eq(before, everything(s.n.ctx)));
        OK_(steps[i].step(&s));
        newsroom_free(&s.n);
    }
}

/* ---- two at once ---- */

typedef struct Rival {
    Ctx *ctx;
    const Manuscript *m;
    pthread_barrier_t *start;
    bool is_return;
    Err err;
} Rival;

static void *decide(void *data) {
    Rival *r = data;
    Manuscript m;

    (void)pthread_barrier_wait(r->start);
    do {
        r->err = r->is_return
                     ? manuscript_return(r->ctx, r->m->id, r->m->version, S("请补来源。"), &m)
                     : manuscript_release(r->ctx, r->m->id, r->m->version, &m);
        r->err = db_settle(r->ctx, r->err);
        db_reset(r->ctx->db);
    } while (r->err.code == ERR_BUSY && r->err.retry); /* as the runner does */
    return NULL;
}

static void of_two_who_decide_at_once_one_wins_and_the_other_sees_who(void **state) {
    enum { ROUNDS = 20 };
    Newsroom n = newsroom_new();
    int64_t told = world_count(&n.w, "event");
    int returned = 0;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        Manuscript m = news_draft(&n, "两个人同时"), after;
        pthread_barrier_t start;
        pthread_t threads[2];
        Rival rivals[2];

        OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
        assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
        for (int i = 0; i < 2; i++) {
            rivals[i] =
                (Rival){ .ctx = world_worker(&n.w), .m = &m, .start = &start, .is_return = i == 0 };
            memset(&rivals[i].ctx->changed, 0, sizeof rivals[i].ctx->changed); /* not the other's */
            as(rivals[i].ctx, i == 0 ? &n.ben : &n.cai, &n.paper);
            assert_int_equal(pthread_create(&threads[i], NULL, decide, &rivals[i]), 0);
        }
        for (int i = 0; i < 2; i++)
            assert_int_equal(pthread_join(threads[i], NULL), 0);
        pthread_barrier_destroy(&start);

        int winner = rivals[0].err.code == ERR_OK ? 0 : 1;
        Err lost = rivals[1 - winner].err;
        OK_(rivals[winner].err);
        assert_true(lost.code == ERR_CONFLICT && strcmp(lost.field, "version") == 0);
        assert_true(str_eq(lost.args[0], winner == 0 ? n.ben.name : n.cai.name));
        OK_(manuscript_get(n.ctx, m.id, &after));
        assert_true(str_eq(after.state, winner == 0 ? S("returned") : S("published")));
        assert_int_equal(after.version, m.version + 1);
        returned += winner == 0;
        for (int i = 0; i < 2; i++)
            world_worker_free(rivals[i].ctx);
    }
    printf("  of %d rounds %d went to who returned, %d to who released\n", ROUNDS, returned,
           ROUNDS - returned);
    assert_int_equal(world_count(&n.w, "event") - told, ROUNDS - returned);
    newsroom_free(&n);
}

/* ---- the job and others at the same time ---- */

typedef struct Runner {
    Ctx *ctx;
    pthread_barrier_t *start;
    const Manuscript *m; /* who changes it; NULL: publishes what is due */
    Err err;
} Runner;

static void *run_at_once(void *data) {
    Runner *r = data;
    Filing filing = news_filing("临时改动", "别的词。");
    Manuscript m;
    int64_t count;

    (void)pthread_barrier_wait(r->start);
    do {
        r->err = r->m ? manuscript_change(r->ctx, r->m->id, r->m->version, &filing, &m)
                      : manuscript_publish_due(r->ctx, &count);
        r->err = db_settle(r->ctx, r->err);
        db_reset(r->ctx->db);
    } while (r->err.code == ERR_BUSY && r->err.retry); /* as the runners do */
    return NULL;
}

/* Two threads: the first changes m or, without one, publishes; the second publishes. Returns what the first got. */
static Err both_at_once(Newsroom *n, const Manuscript *m) {
    pthread_barrier_t start;
    pthread_t threads[2];
    Runner runners[2];

    assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
    for (int i = 0; i < 2; i++) {
        runners[i] =
            (Runner){ .ctx = world_worker(&n->w), .start = &start, .m = i == 0 ? m : NULL };
        memset(&runners[i].ctx->changed, 0, sizeof runners[i].ctx->changed);
        as_operator(runners[i].ctx);
        runners[i].ctx->actor = ACTOR_JOB;
        if (runners[i].m)
            as(runners[i].ctx, &n->ann, &n->paper);
        assert_int_equal(pthread_create(&threads[i], NULL, run_at_once, &runners[i]), 0);
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    pthread_barrier_destroy(&start);
    OK_(runners[1].err);
    for (int i = 0; i < 2; i++)
        world_worker_free(runners[i].ctx);
    return runners[0].err;
}

static Manuscript news_planned(Newsroom *n, const char *title) {
    Manuscript m = news_draft(n, title);

    OK_(manuscript_submit(n->ctx, m.id, m.version, &m));
    as(n->ctx, &n->ben, &n->paper);
    OK_(manuscript_plan(n->ctx, m.id, m.version, S("2026-11-23T14:02:01"), STR_EMPTY, &m));
    n->ctx->now_ms = WORLD_NOW_MS;
    return m;
}

static void who_changes_a_story_as_it_goes_out_comes_first_or_is_told(void **state) {
    enum { ROUNDS = 20 };
    int changed = 0;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        Newsroom n = newsroom_new();
        queue_use(manuscript_job_kinds, manuscript_job_kind_count, NULL, 0);
        Manuscript m = news_planned(&n, "正要发出"), after;
        int64_t told = world_count(&n.w, "event");

        world_advance(&n.w, 1000);
        Err err = both_at_once(&n, &m);
        OK_(manuscript_get(n.ctx, m.id, &after));
        assert_true(str_eq(after.state, err.code == ERR_OK ? S("draft") : S("published")));
        assert_true(err.code == ERR_OK ||
                    (err.code == ERR_CONFLICT && strcmp(err.field, "version") == 0));
        assert_int_equal(world_count(&n.w, "event") - told, err.code == ERR_OK ? 0 : 1);
        changed += err.code == ERR_OK;
        newsroom_free(&n);
    }
    printf("  of %d rounds %d went to who changed it\n", ROUNDS, changed);
}

static void of_two_programs_that_publish_at_once_each_story_leaves_by_one(void **state) {
    enum { STORIES = 12 };
    int64_t ids[STORIES];
    Newsroom n = newsroom_new();
    int64_t told;
    int count = 0;
    DB_ROWS(rows);

    (void)state;
    queue_use(manuscript_job_kinds, manuscript_job_kind_count, NULL, 0);
    for (int i = 0; i < STORIES; i++)
        ids[i] = news_planned(&n, "一起发出").id;
    told = world_count(&n.w, "event");
    world_advance(&n.w, 1000);
    OK_(both_at_once(&n, NULL));
    assert_int_equal(world_count(&n.w, "event") - told, STORIES);
    OK_(db_query(n.ctx, &rows,
                 "SELECT subject_id FROM event WHERE name = 'manuscript.published' ORDER BY id",
                 NO_ARGS));
    for (; db_next(&rows); count++)
        assert_int_equal(db_int(&rows, 0), ids[count]);
    OK_(db_end(&rows));
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_act_is_stored_whole_with_its_entry_and_event_or_not_at_all),
        cmocka_unit_test(a_lost_commit_leaves_nothing_and_the_second_run_does_it),
        cmocka_unit_test(of_two_who_decide_at_once_one_wins_and_the_other_sees_who),
        cmocka_unit_test(who_changes_a_story_as_it_goes_out_comes_first_or_is_told),
        cmocka_unit_test(of_two_programs_that_publish_at_once_each_story_leaves_by_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
