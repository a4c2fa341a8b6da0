/* queue/queue_test.c - events and owed work: together with the act, leased with a fence, never lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "queue/claim.h"
#include "queue/event.h"
#include "testing/world.h"

extern const Migration queue_migrations[];
extern const size_t queue_migrations_count;

static int runs;
static Err outcome;

static Err handle(Ctx *ctx, const Job *job) {
    (void)ctx;
    assert_true(str_eq(json_get_text(job->payload, "thing"), S("7")));
    runs++;
    return outcome;
}

static Err handle_many(Ctx *ctx, const Job *jobs, size_t count) {
    (void)ctx;
    (void)jobs;
    runs += (int)count;
    return OK;
}

static const JobKind kinds[] = { { "thing.one", LANE_COMPUTE, handle, NULL, 0 },
                                 { "thing.many", LANE_DELIVER, NULL, handle_many, 10 } };
static const Subscription subscriptions[] = { { "thing.done", "thing.one" },
                                              { "thing.done", "thing.many" },
                                              { "other.done", "thing.one" } };

static World start(void) {
    World w = world_new();
    static Config *config;

    world_migrate(&w, queue_migrations, queue_migrations_count);
    assert_int_equal(config_load(w.ctx->arena, STR_EMPTY, S("none"), NULL, NULL, 0, &config).code,
                     ERR_OK);
    w.ctx->config = config;
    queue_use(kinds, COUNT_OF(kinds), subscriptions, COUNT_OF(subscriptions));
    runs = 0;
    outcome = OK;
    return w;
}

static Err act(Ctx *ctx) {
    Json *facts = json_obj(ctx->arena);
    EventTags tags = { 0 };
    DB_TX(tx);

    json_set(facts, "thing", json_str(ctx->arena, S("7")));
    event_tag(ctx->arena, &tags, "article", 7);
    event_tag(ctx->arena, &tags, "home", 0);
    TRY(db_begin(ctx, &tx));
    TRY(event_emit(ctx, "thing.done", 7, facts, event_tag_list(&tags)));
    return db_commit(&tx);
}

static JobRow first_job(World *w, const char *state) {
    JobList list;

    assert_int_equal(job_list(w->ctx, str_from_c(state), 0, 10, &list).code, ERR_OK);
    assert_true(list.len > 0);
    return list.items[0];
}

static void an_event_and_its_jobs_are_stored_together_or_not_at_all(void **state) {
    (void)state;
    for (int step = 0;; step++) {
        World w = start();
        db_fail_at(w.ctx->db, step);
        Err err = act(w.ctx);
        db_fail_at(w.ctx->db, -1);
        bool is_done = err.code == ERR_OK;
        assert_int_equal(world_count(&w, "event"), is_done ? 1 : 0);
        assert_int_equal(world_count(&w, "job"), is_done ? 2 : 0);
        world_free(&w);
        if (is_done) {
            assert_true(step > 2);
            return;
        }
    }
}

static void a_committed_act_names_the_pages_it_changed(void **state) {
    World w = start();

    (void)state;
    assert_int_equal(act(w.ctx).code, ERR_OK);
    assert_int_equal(w.ctx->changed.len, 2);
    assert_true(str_eq(w.ctx->changed.items[0], S("article:7")));
    world_free(&w);
}

static void an_event_outside_a_transaction_is_a_mistake(void **state) {
    World w = start();

    (void)state;
    assert_int_equal(
        event_emit(w.ctx, "thing.done", 7, json_obj(w.ctx->arena), (StrList){ 0 }).code, ERR_BUG);
    world_free(&w);
}

static void jobs_run_and_go(void **state) {
    World w = start();
    int64_t done;

    (void)state;
    assert_int_equal(act(w.ctx).code, ERR_OK);
    assert_int_equal(act(w.ctx).code, ERR_OK);
    assert_int_equal(queue_run_due(w.ctx, 15, &done).code, ERR_OK);
    assert_int_equal(done, 4);
    assert_int_equal(runs, 4);
    assert_int_equal(world_count(&w, "job"), 0);
    world_free(&w);
}

static void the_same_work_is_owed_once(void **state) {
    World w = start();
    Json *facts = json_obj(w.ctx->arena);

    (void)state;
    assert_int_equal(job_add(w.ctx, "thing.one", S("a"), STR_EMPTY, facts, 0).code, ERR_OK);
    assert_int_equal(job_add(w.ctx, "thing.one", S("a"), STR_EMPTY, facts, 0).code, ERR_OK);
    assert_int_equal(world_count(&w, "job"), 1);
    assert_int_equal(job_add(w.ctx, "nobody.knows", S("b"), STR_EMPTY, facts, 0).code, ERR_BUG);
    world_free(&w);
}

static void a_failure_comes_again_later_and_ends_dead_where_it_shows(void **state) {
    World w = start();
    int64_t done;

    (void)state;
    assert_int_equal(act(w.ctx).code, ERR_OK);
    outcome = FAIL(ERR_IO, NULL, N_("The other side does not answer."));
    assert_int_equal(queue_run_due(w.ctx, 1 << LANE_COMPUTE, &done).code, ERR_OK);
    JobRow waiting = first_job(&w, "waiting");
    assert_true(waiting.due_ms > w.ctx->now_ms);
    assert_true(str_eq(waiting.last_error, S("The other side does not answer.")));
    for (int i = 0; i < 20; i++) {
        world_advance(&w, 3600 * 1000);
        assert_int_equal(queue_run_due(w.ctx, 1 << LANE_COMPUTE, &done).code, ERR_OK);
    }
    assert_int_equal(runs, 12); /* queue.max_attempts */
    JobRow dead = first_job(&w, "dead");
    outcome = OK;
    assert_int_equal(job_retry(w.ctx, dead.id).code, ERR_OK);
    assert_int_equal(queue_run_due(w.ctx, 1 << LANE_COMPUTE, &done).code, ERR_OK);
    assert_int_equal(done, 1);
    world_free(&w);
}

static void a_wrong_answer_ends_dead_at_once(void **state) {
    World w = start();
    int64_t done;

    (void)state;
    assert_int_equal(act(w.ctx).code, ERR_OK);
    outcome = FAIL(ERR_INVALID, NULL, N_("No."));
    assert_int_equal(queue_run_due(w.ctx, 1 << LANE_COMPUTE, &done).code, ERR_OK);
    assert_int_equal(runs, 1);
    (void)first_job(&w, "dead");
    world_free(&w);
}

static void what_may_have_arrived_waits_for_a_decision(void **state) {
    World w = start();
    int64_t done;

    (void)state;
    assert_int_equal(act(w.ctx).code, ERR_OK);
    outcome = job_unsure(S("timeout"));
    assert_int_equal(queue_run_due(w.ctx, 1 << LANE_COMPUTE, &done).code, ERR_OK);
    JobRow unsure = first_job(&w, "unsure");
    assert_int_equal(job_retry(w.ctx, unsure.id).code, ERR_CONFLICT);
    assert_int_equal(job_settle(w.ctx, unsure.id, true).code, ERR_OK);
    assert_int_equal(job_settle(w.ctx, unsure.id, true).code, ERR_NOT_FOUND);
    world_free(&w);
}

static void a_lost_lease_comes_again_and_its_old_holder_changes_nothing(void **state) {
    World w = start();
    JobBatch old, new;

    (void)state;
    assert_int_equal(act(w.ctx).code, ERR_OK);
    assert_int_equal(claim_next(w.ctx, LANE_COMPUTE, S("a"), 1000, &old).code, ERR_OK);
    assert_int_equal(old.len, 1);
    assert_int_equal(claim_next(w.ctx, LANE_COMPUTE, S("b"), 1000, &new).code, ERR_OK);
    assert_int_equal(new.len, 0);
    world_advance(&w, 1000);
    assert_int_equal(claim_next(w.ctx, LANE_COMPUTE, S("b"), 1000, &new).code, ERR_OK);
    assert_int_equal(new.len, 1);
    assert_true(new.items[0].fence > old.items[0].fence);
    assert_int_equal(claim_finish(w.ctx, &old.items[0], OK, 12).code, ERR_OK);
    assert_int_equal(world_count(&w, "job"), 2);
    assert_int_equal(claim_finish(w.ctx, &new.items[0], OK, 12).code, ERR_OK);
    assert_int_equal(world_count(&w, "job"), 1);
    world_free(&w);
}

static void overdue_is_computed(void **state) {
    World w = start();
    JobCounts counts;

    (void)state;
    assert_int_equal(act(w.ctx).code, ERR_OK);
    world_advance(&w, 60000);
    assert_int_equal(job_counts(w.ctx, &counts).code, ERR_OK);
    assert_int_equal(counts.ready, 2);
    assert_int_equal(counts.overdue, 0);
    world_advance(&w, 1);
    assert_int_equal(job_counts(w.ctx, &counts).code, ERR_OK);
    assert_int_equal(counts.overdue, 2);
    assert_true(first_job(&w, "ready").is_overdue);
    world_free(&w);
}

static void the_pause_grows_and_is_bounded(void **state) {
    SeededChance chance;

    (void)state;
    chance_seeded(&chance, 1);
    for (int attempts = 1; attempts < 100; attempts++) {
        int64_t pause = claim_backoff_ms(&chance.chance, attempts);
        assert_true(pause >= 1000 && pause <= 3600000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_and_its_jobs_are_stored_together_or_not_at_all),
        cmocka_unit_test(a_committed_act_names_the_pages_it_changed),
        cmocka_unit_test(an_event_outside_a_transaction_is_a_mistake),
        cmocka_unit_test(jobs_run_and_go),
        cmocka_unit_test(the_same_work_is_owed_once),
        cmocka_unit_test(a_failure_comes_again_later_and_ends_dead_where_it_shows),
        cmocka_unit_test(a_wrong_answer_ends_dead_at_once),
        cmocka_unit_test(what_may_have_arrived_waits_for_a_decision),
        cmocka_unit_test(a_lost_lease_comes_again_and_its_old_holder_changes_nothing),
        cmocka_unit_test(overdue_is_computed),
        cmocka_unit_test(the_pause_grows_and_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
