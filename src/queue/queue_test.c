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
static int bad_thing; /* the job of a batch that is at fault; 0: none */

static Err handle(Ctx *ctx, const Job *job) {
    (void)ctx;
    assert_true(str_eq(json_get_text(job->payload, "thing"), S("7")));
    runs++;
    return outcome;
}

static Err handle_many(Ctx *ctx, const Job *jobs, size_t count) {
    (void)ctx;
    for (size_t i = 0; i < count; i++)
        if (bad_thing && str_eq(jobs[i].dedupe, S("bad")))
            return FAIL(ERR_INVALID, NULL, N_("No."));
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
    bad_thing = 0;
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

static void the_reason_is_kept_with_what_fills_it(void **state) {
    World w = start();
    int64_t done;

    (void)state;
    assert_int_equal(act(w.ctx).code, ERR_OK);
    outcome = FAIL_ARGS(ERR_IO, NULL, N_("{0} does not answer: {1}"), S("qq.example"),
                        S("503\nServer: secret"));
    assert_int_equal(queue_run_due(w.ctx, 1 << LANE_COMPUTE, &done).code, ERR_OK);
    JobRow job = first_job(&w, "waiting");
    assert_true(str_eq(job.last_error, S("{0} does not answer: {1}")));
    assert_true(str_eq(job.last_args[0], S("qq.example")));
    assert_true(str_eq(job.last_args[1], S("503")));
    world_free(&w);
}

static void one_at_fault_in_a_batch_ends_alone(void **state) {
    World w = start();
    Json *facts = json_obj(w.ctx->arena);
    int64_t done;

    (void)state;
    for (int i = 0; i < 9; i++) {
        Str dedupe = i == 4 ? S("bad") : str_from_int(w.ctx->arena, i);
        assert_int_equal(job_add(w.ctx, "thing.many", dedupe, STR_EMPTY, facts, 0).code, ERR_OK);
    }
    bad_thing = 1;
    assert_int_equal(queue_run_due(w.ctx, 15, &done).code, ERR_OK);
    assert_int_equal(runs, 8);
    assert_int_equal(world_count(&w, "job"), 1);
    (void)first_job(&w, "dead");
    world_free(&w);
}

static void a_job_that_takes_its_program_down_does_so_only_so_often(void **state) {
    World w = start();
    Json *facts = json_obj(w.ctx->arena);
    JobBatch batch;
    int64_t done;

    (void)state;
    for (int i = 0; i < 5; i++)
        assert_int_equal(
            job_add(w.ctx, "thing.many", str_from_int(w.ctx->arena, i), STR_EMPTY, facts, 0).code,
            ERR_OK);
    /* The first run takes all, and the program ends in the middle; from then on each is taken alone. */
    assert_int_equal(claim_next(w.ctx, LANE_DELIVER, S("a"), 1000, &batch).code, ERR_OK);
    assert_int_equal(batch.len, 5);
    int64_t poison = batch.items[0].id;
    for (int i = 2; i <= 12; i++) {
        world_advance(&w, 1000);
        assert_int_equal(claim_next(w.ctx, LANE_DELIVER, S("a"), 1000, &batch).code, ERR_OK);
        assert_int_equal(batch.len, 1);
        if (batch.items[0].id != poison) { /* the harmless ones are done meanwhile */
            assert_int_equal(claim_finish(w.ctx, &batch.items[0], OK, 12).code, ERR_OK);
            i--;
        }
    }
    world_advance(&w, 300 * 1000);
    assert_int_equal(queue_run_due(w.ctx, 1 << LANE_DELIVER, &done).code, ERR_OK);
    JobRow dead = first_job(&w, "dead");
    assert_int_equal(dead.id, poison);
    assert_true(str_contains(dead.last_error, S("The program ended")));
    world_free(&w);
}

/* ---- every state and everything that can be asked of a job in it ---- */

static Err do_retry(Ctx *ctx, int64_t id) {
    return job_retry(ctx, id);
}

static Err do_hold(Ctx *ctx, int64_t id) {
    return job_hold(ctx, id);
}

static Err do_there(Ctx *ctx, int64_t id) {
    return job_settle(ctx, id, true);
}

static Err do_gone(Ctx *ctx, int64_t id) {
    return job_settle(ctx, id, false);
}

/* A job in each state by the way that really leads there. */
static int64_t job_in(World *w, const char *state) {
    Json *facts = json_obj(w->ctx->arena);
    JobBatch batch;
    JobList list;

    assert_int_equal(job_add(w->ctx, "thing.one", S("x"), STR_EMPTY, facts, 0).code, ERR_OK);
    assert_int_equal(job_list(w->ctx, STR_EMPTY, 0, 10, &list).code, ERR_OK);
    assert_int_equal(list.len, 1);
    int64_t id = list.items[0].id;
    if (strcmp(state, "ready") == 0)
        return id;
    if (strcmp(state, "held") == 0) {
        assert_int_equal(job_hold(w->ctx, id).code, ERR_OK);
        return id;
    }
    assert_int_equal(claim_next(w->ctx, LANE_COMPUTE, S("a"), 60000, &batch).code, ERR_OK);
    Err end = strcmp(state, "unsure") == 0 ? job_unsure(S("timeout"))
              : strcmp(state, "dead") == 0 ? FAIL(ERR_INVALID, NULL, N_("No."))
                                           : FAIL(ERR_IO, NULL, N_("No."));
    if (strcmp(state, "leased") != 0)
        assert_int_equal(claim_finish(w->ctx, &batch.items[0], end, 12).code, ERR_OK);
    return id;
}

static void each_act_in_each_state_does_what_the_table_says(void **state) {
    static const struct {
        const char *state;
        const char
            *after[4]; /* retry, hold, it is there, it is not; NULL refused, "" the row goes */
    } table[] = {
        { "ready", { NULL, "held", NULL, NULL } }, { "waiting", { "ready", "held", NULL, NULL } },
        { "leased", { NULL, NULL, NULL, NULL } },  { "held", { "ready", NULL, NULL, NULL } },
        { "unsure", { NULL, NULL, "", "ready" } }, { "dead", { "ready", NULL, NULL, NULL } },
    };
    static Err (*const acts[])(Ctx *, int64_t) = { do_retry, do_hold, do_there, do_gone };
    int cases = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        for (size_t k = 0; k < COUNT_OF(acts); k++, cases++) {
            const char *after = table[i].after[k];
            World w = start();
            int64_t id = job_in(&w, table[i].state);
            Err err = acts[k](w.ctx, id);
            assert_int_equal(err.code, after ? ERR_OK : ERR_CONFLICT);
            if (after && !*after)
                assert_int_equal(world_count(&w, "job"), 0);
            else
                assert_int_equal(first_job(&w, after ? after : table[i].state).id, id);
            assert_int_equal(acts[k](w.ctx, id + 1).code, ERR_NOT_FOUND);
            world_free(&w);
        }
    }
    printf("queue states: %d cases passed, 0 failed, 0 skipped\n", cases);
}

static void storage_failing_at_every_step_moves_a_job_whole_or_not_at_all(void **state) {
    static const struct {
        const char *from, *to;
        Err (*act)(Ctx *, int64_t);
    } moves[] = {
        { "dead", "ready", do_retry },
        { "ready", "held", do_hold },
        { "unsure", "ready", do_gone },
        { "unsure", "", do_there },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(moves); i++) {
        int step = 0;
        for (bool is_done = false; !is_done; step++) {
            World w = start();
            int64_t id = job_in(&w, moves[i].from);
            db_fail_at(w.ctx->db, step);
            Err err = moves[i].act(w.ctx, id);
            db_fail_at(w.ctx->db, -1);
            db_reset(w.ctx->db);
            is_done = err.code == ERR_OK;
            if (!is_done)
                assert_int_equal(first_job(&w, moves[i].from).id, id);
            else if (*moves[i].to)
                assert_int_equal(first_job(&w, moves[i].to).id, id);
            else
                assert_int_equal(world_count(&w, "job"), 0);
            world_free(&w);
        }
        assert_true(step > 2);
    }
}

/* A worker whose storage fails anywhere: the job is still owed, or it was done. */
static void storage_failing_at_every_step_of_a_run_loses_no_job(void **state) {
    int step = 0;

    (void)state;
    for (bool is_done = false; !is_done; step++) {
        World w = start();
        int64_t done = 0;
        assert_int_equal(act(w.ctx).code, ERR_OK);
        db_fail_at(w.ctx->db, step);
        Err err = queue_run_due(w.ctx, 1 << LANE_COMPUTE, &done);
        db_fail_at(w.ctx->db, -1);
        db_reset(w.ctx->db);
        is_done = err.code == ERR_OK;
        int64_t owed = world_count(&w, "job"); /* one of the other lane stays in any case */
        assert_true(owed == 1 ? runs == 1 : owed == 2 && !is_done);
        world_advance(&w, 24 * 3600 * 1000);
        assert_int_equal(queue_run_due(w.ctx, 1 << LANE_COMPUTE, &done).code, ERR_OK);
        assert_int_equal(world_count(&w, "job"), 1);
        assert_true(runs == 1 || runs == 2);
        world_free(&w);
    }
    assert_true(step > 5);
}

/* ---- clocks that jump ---- */

static const int64_t jumps_ms[] = { INT64_C(3600000), INT64_C(-3600000), INT64_C(-86400000),
                                    INT64_C(315576000000), INT64_C(-315576000000) };

static void what_is_owed_is_done_whatever_the_clock_does_meanwhile(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(jumps_ms); i++) {
        World w = start();
        int64_t done;
        JobCounts counts;

        assert_int_equal(act(w.ctx).code, ERR_OK);
        world_advance(&w, jumps_ms[i]);
        assert_int_equal(job_counts(w.ctx, &counts).code, ERR_OK);
        assert_int_equal(counts.overdue, jumps_ms[i] > 0 ? 2 : 0);
        assert_int_equal(queue_run_due(w.ctx, 15, &done).code, ERR_OK);
        assert_int_equal(done, 2);
        assert_int_equal(runs, 2);
        assert_int_equal(world_count(&w, "job"), 0);
        world_free(&w);
    }
}

static void a_lease_or_a_pause_of_a_clock_that_ran_ahead_keeps_no_job(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(jumps_ms); i++) {
        World w = start();
        JobBatch old, new;
        int64_t done;

        /* Leased by a program that ended. */
        assert_int_equal(act(w.ctx).code, ERR_OK);
        assert_int_equal(claim_next(w.ctx, LANE_COMPUTE, S("a"), 60000, &old).code, ERR_OK);
        world_advance(&w, jumps_ms[i]);
        assert_int_equal(claim_next(w.ctx, LANE_COMPUTE, S("b"), 60000, &new).code, ERR_OK);
        assert_int_equal(new.len, 1);
        assert_true(new.items[0].fence > old.items[0].fence);
        assert_int_equal(claim_finish(w.ctx, &old.items[0], OK, 12).code, ERR_OK);
        assert_int_equal(world_count(&w, "job"), 2); /* the old holder writes nothing */

        /* Waiting after a failure: for an hour and a little at the most, whatever the clock said. */
        Err no = FAIL(ERR_IO, NULL, N_("No."));
        assert_int_equal(claim_finish(w.ctx, &new.items[0], no, 12).code, ERR_OK);
        world_advance(&w, jumps_ms[i]);
        int64_t before = w.ctx->now_ms;
        for (int hour = 0; hour < 2 && world_count(&w, "job") == 2; hour++) {
            assert_int_equal(queue_run_due(w.ctx, 1 << LANE_COMPUTE, &done).code, ERR_OK);
            world_advance(&w, 3600 * 1000);
        }
        assert_int_equal(world_count(&w, "job"), 1);
        assert_true(w.ctx->now_ms - before <= 2 * 3600 * 1000);
        world_free(&w);
    }
}

static void work_for_a_later_day_waits_for_that_day(void **state) {
    World w = start();
    Json *facts = json_obj(w.ctx->arena);
    int64_t done;

    (void)state;
    json_set(facts, "thing", json_str(w.ctx->arena, S("7")));
    assert_int_equal(
        job_add(w.ctx, "thing.one", S("later"), STR_EMPTY, facts, w.ctx->now_ms + 86400000).code,
        ERR_OK);
    assert_false(first_job(&w, "waiting").is_overdue);
    world_advance(&w, 86399999);
    assert_int_equal(queue_run_due(w.ctx, 15, &done).code, ERR_OK);
    assert_int_equal(done, 0);
    world_advance(&w, -86400000); /* back a day: not sooner for that */
    assert_int_equal(queue_run_due(w.ctx, 15, &done).code, ERR_OK);
    assert_int_equal(done, 0);
    world_advance(&w, 86400001);
    assert_int_equal(queue_run_due(w.ctx, 15, &done).code, ERR_OK);
    assert_int_equal(done, 1);
    world_free(&w);
}

static void ids_go_on_rising_when_the_clock_is_set_back(void **state) {
    World w = start();
    int64_t last = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(jumps_ms); i++) {
        for (int k = 0; k < 3; k++) {
            int64_t id = id_next(w.ctx);
            assert_true(id > last);
            last = id;
        }
        world_advance(&w, jumps_ms[i]);
        assert_int_equal(act(w.ctx).code, ERR_OK); /* no key is met twice */
    }
    assert_int_equal(world_count(&w, "event"), COUNT_OF(jumps_ms));
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

static void what_came_too_early_waits_for_its_time_as_if_never_tried(void **state) {
    World w = start();
    int64_t done, due_ms = w.ctx->now_ms + INT64_C(86400000);

    (void)state;
    assert_int_equal(act(w.ctx).code, ERR_OK);
    outcome = job_not_yet(w.ctx, due_ms);
    for (int i = 0; i < 20; i++) { /* more often than a failure may come */
        assert_int_equal(queue_run_due(w.ctx, 1 << LANE_COMPUTE, &done).code, ERR_OK);
        assert_int_equal(done, 1);
        JobRow job = first_job(&w, "waiting");
        assert_true(job.due_ms == due_ms && job.attempts == 0);
        assert_int_equal(queue_run_due(w.ctx, 1 << LANE_COMPUTE, &done).code, ERR_OK);
        assert_int_equal(done, 0);
        world_advance(&w, 86400000);
        due_ms += 86400000;
        outcome = job_not_yet(w.ctx, due_ms);
    }
    outcome = OK;
    assert_int_equal(queue_run_due(w.ctx, 1 << LANE_COMPUTE, &done).code, ERR_OK);
    assert_int_equal(done, 1);
    world_free(&w);
}

static void what_is_owed_no_more_goes_unless_it_runs(void **state) {
    World w = start();
    JobBatch batch;

    (void)state;
    for (int i = 0; i < 2; i++) { /* waiting; then ready, and taken */
        assert_int_equal(job_add(w.ctx, "thing.one", S("x"), STR_EMPTY, json_obj(w.ctx->arena),
                                 w.ctx->now_ms + (i ? 0 : 1000))
                             .code,
                         ERR_OK);
        if (i)
            assert_int_equal(claim_next(w.ctx, LANE_COMPUTE, S("a"), 1000, &batch).code, ERR_OK);
        assert_int_equal(job_drop(w.ctx, S("y")).code, ERR_OK);
        assert_int_equal(world_count(&w, "job"), 1);
        assert_int_equal(job_drop(w.ctx, S("x")).code, ERR_OK);
        assert_int_equal(world_count(&w, "job"), i);
    }
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
        cmocka_unit_test(the_reason_is_kept_with_what_fills_it),
        cmocka_unit_test(one_at_fault_in_a_batch_ends_alone),
        cmocka_unit_test(a_job_that_takes_its_program_down_does_so_only_so_often),
        cmocka_unit_test(each_act_in_each_state_does_what_the_table_says),
        cmocka_unit_test(storage_failing_at_every_step_moves_a_job_whole_or_not_at_all),
        cmocka_unit_test(storage_failing_at_every_step_of_a_run_loses_no_job),
        cmocka_unit_test(what_is_owed_is_done_whatever_the_clock_does_meanwhile),
        cmocka_unit_test(a_lease_or_a_pause_of_a_clock_that_ran_ahead_keeps_no_job),
        cmocka_unit_test(work_for_a_later_day_waits_for_that_day),
        cmocka_unit_test(ids_go_on_rising_when_the_clock_is_set_back),
        cmocka_unit_test(what_may_have_arrived_waits_for_a_decision),
        cmocka_unit_test(what_came_too_early_waits_for_its_time_as_if_never_tried),
        cmocka_unit_test(what_is_owed_no_more_goes_unless_it_runs),
        cmocka_unit_test(a_lost_lease_comes_again_and_its_old_holder_changes_nothing),
        cmocka_unit_test(overdue_is_computed),
        cmocka_unit_test(the_pause_grows_and_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
