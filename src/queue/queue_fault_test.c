/* queue_fault_test.c - each function of events and jobs with storage failing at every step: whole, or nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "queue/event.h"
#include "queue/run.h"
#include "queue/work.h"
#include "testing/faults.h"

extern const Migration queue_migrations[];
extern const size_t queue_migrations_count;

enum { LEASE_MS = 60000, ATTEMPTS_MAX = 20 };

static Err outcome;

static Err handle(Ctx *ctx, const Job *job) {
    return outcome;
}

static Err handle_many(Ctx *ctx, const Job *jobs, size_t count) {
    return outcome;
}

static Err step(Ctx *ctx, const Work *work) {
    bool is_mine;
    Str part;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(work_turn(ctx, work, &is_mine));
    if (!is_mine)
        return OK;
    TRY(work_part(ctx, work->id, work->cursor, &part));
    TRY(work_advance(ctx, work, 1, work->cursor + 1, work->cursor == 1));
    return db_commit(&tx);
}

static JobKind kinds[3] = { { "thing.one", LANE_COMPUTE, handle, NULL, 0 },
                            { "thing.many", LANE_DELIVER, NULL, handle_many, 10 } };
static const WorkKind works[] = { { "thing.long", "A thing", "{0} of {1}", 7, false, step } };
static const Subscription subscriptions[] = { { "thing.done", "thing.one" },
                                              { "thing.done", "thing.many" } };

static World start(void) {
    static Config *config;
    static Arena *settings;
    World w = world_new();

    if (!settings) {
        settings = arena_new(0);
        assert_int_equal(config_load(settings, STR_EMPTY, S("none"), NULL, NULL, 0, &config).code,
                         ERR_OK);
    }
    w.ctx->config = config;
    world_migrate(&w, queue_migrations, queue_migrations_count);
    kinds[2] = work_job_kind;
    queue_use(kinds, COUNT_OF(kinds), subscriptions, COUNT_OF(subscriptions));
    work_use(works, COUNT_OF(works));
    outcome = OK;
    return w;
}

static Err emit(Ctx *ctx) {
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(event_emit(ctx, "thing.done", 7, json_obj(ctx->arena), (StrList){ 0 }));
    return db_commit(&tx);
}

static JobBatch claimed(World *w, Lane lane) {
    JobBatch batch;

    assert_int_equal(claim_next(w->ctx, lane, S("me"), LEASE_MS, &batch).code, ERR_OK);
    assert_true(batch.len > 0);
    return batch;
}

/* The only job there is, brought into a state by its outcome. */
static int64_t job_that(World *w, Err ends_so) {
    JobBatch batch;

    assert_int_equal(emit(w->ctx).code, ERR_OK);
    batch = claimed(w, LANE_COMPUTE);
    assert_int_equal(claim_finish(w->ctx, &batch.items[0], ends_so, ATTEMPTS_MAX).code, ERR_OK);
    return batch.items[0].id;
}

static void telling_and_reading(void **state) {
    World w = start();
    Ctx *ctx = w.ctx;
    Str tag = S("article:7");
    JobList list;
    JobCounts counts;
    bool is_due;

    (void)state;
    WRITES_INSIDE(&w, NO_RET,
                  event_emit(ctx, "thing.done", 7, json_obj(ctx->arena), (StrList){ &tag, 1 }));
    WRITES_INSIDE(&w, NO_RET,
                  job_add(ctx, "thing.one", S("x"), STR_EMPTY, json_obj(ctx->arena), ctx->now_ms));
    READS(&w, list, job_list(ctx, STR_EMPTY, 0, 10, &list));
    READS(&w, counts, job_counts(ctx, &counts));
    READS(&w, is_due, job_is_due(ctx, LANE_COMPUTE, &is_due));
    assert_true(list.len == 3 && counts.ready == 3 && is_due);
    WRITES_INSIDE(&w, NO_RET, job_drop(ctx, S("x")));
    world_free(&w);
}

static void moving_by_hand(void **state) {
    World w = start();
    Ctx *ctx = w.ctx;
    int64_t dead = job_that(&w, FAIL(ERR_INVALID, NULL, N_("No."))),
            unsure = job_that(&w, job_unsure(S("timeout"))),
            other = job_that(&w, job_unsure(S("timeout")));

    (void)state;
    WRITES(&w, NO_RET, job_retry(ctx, dead));
    WRITES(&w, NO_RET, job_hold(ctx, dead));
    WRITES(&w, NO_RET, job_settle(ctx, unsure, false));
    WRITES(&w, NO_RET, job_settle(ctx, other, true));
    world_free(&w);
}

static void claiming_and_finishing(void **state) {
    World w = start();
    Ctx *ctx = w.ctx;
    JobBatch batch, none;

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(emit(ctx).code, ERR_OK);
    WRITES(&w, batch, claim_next(ctx, LANE_DELIVER, S("me"), LEASE_MS, &batch));
    assert_int_equal(batch.len, 3);
    READS(&w, none, claim_next(ctx, LANE_DELIVER, S("me"), LEASE_MS, &none));
    WRITES(&w, NO_RET, claim_finish(ctx, &batch.items[0], OK, ATTEMPTS_MAX));
    WRITES(&w, NO_RET,
           claim_finish(ctx, &batch.items[1], FAIL(ERR_IO, NULL, N_("No.")), ATTEMPTS_MAX));
    WRITES(&w, NO_RET,
           claim_finish(ctx, &batch.items[2], FAIL(ERR_BUG, NULL, N_("No.")), ATTEMPTS_MAX));
    batch = claimed(&w, LANE_COMPUTE);
    WRITES(&w, NO_RET, run_batch(ctx, &batch, ATTEMPTS_MAX));
    outcome = FAIL(ERR_INVALID, NULL, N_("No."));
    batch = claimed(&w, LANE_COMPUTE);
    WRITES(&w, NO_RET, run_batch(ctx, &batch, ATTEMPTS_MAX));
    world_free(&w);
}

/* A run that fails leaves the job under its lease, which runs out. */
static void a_failed_run_is_owed_still(void **state) {
    World w = start();
    Ctx *ctx = w.ctx;
    int64_t ran;

    (void)state;
    assert_int_equal(emit(ctx).code, ERR_OK);
    REPEATS(&w, ran, queue_run_due(ctx, 1u << LANE_COMPUTE, &ran));
    world_advance(&w, INT64_C(24) * 3600 * 1000);
    assert_int_equal(queue_run_due(ctx, 1u << LANE_COMPUTE, &ran).code, ERR_OK);
    assert_true(ran == 1 && world_count(&w, "job") == 1); /* that of the other lane */
    REPEATS(&w, ran, queue_run_one(ctx, 1u << LANE_DELIVER, &ran));
    world_free(&w);
}

static void long_work(void **state) {
    World w = start();
    Ctx *ctx = w.ctx;
    const Work how = { .kind = S("thing.long"), .subject = S("1"), .total = 2 };
    int64_t found;
    WorkList list;
    Work work;
    Str part;
    bool is;
    JobBatch batch;

    (void)state;
    WRITES_INSIDE(&w, is, work_begin(ctx, &how, &work, &is));
    int64_t id = work.id;
    for (int i = 0; i < 2; i++)
        WRITES_INSIDE(&w, NO_RET, work_part_put(ctx, id, i, S("part")));
    READS(&w, part, work_part(ctx, work.id, 0, &part));
    READS(&w, work, work_get(ctx, id, &work));
    READS(&w, found, work_find(ctx, S("thing.long"), S("1"), &found));
    assert_int_equal(found, id);
    READS(&w, list, work_list(ctx, -1, 0, 10, &list));
    WRITES(&w, NO_RET, work_stop(ctx, id));
    WRITES(&w, NO_RET, work_resume(ctx, id));
    READS(&w, work, work_get(ctx, id, &work));
    batch = claimed(&w, LANE_COMPUTE);
    world_advance(&w, 1000);
    WRITES(&w, NO_RET, work_job_kind.handler(ctx, &batch.items[0])); /* goes on at the cursor */
    READS(&w, work, work_get(ctx, id, &work));
    world_advance(&w, 1000);
    WRITES_INSIDE(&w, is, work_turn(ctx, &work, &is));
    WRITES_INSIDE(&w, NO_RET, work_advance(ctx, &work, 1, 2, false));
    WRITES(&w, NO_RET, work_drop(ctx, id));
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(telling_and_reading),
        cmocka_unit_test(moving_by_hand),
        cmocka_unit_test(claiming_and_finishing),
        cmocka_unit_test(a_failed_run_is_owed_still),
        cmocka_unit_test(long_work),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("queue");
    return failed;
}
