/* queue/threads_test.c - clients that owe work and the runner's threads that do it, all at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>

#include "queue/event.h"
#include "queue/job.h"
#include "testing/world.h"

enum { CLIENTS = 6, ACTS = 30, EVENTS = CLIENTS * ACTS, RETRIES_MAX = 20 };

extern const Migration queue_migrations[];
extern const size_t queue_migrations_count;

static _Atomic(int) one_runs[EVENTS], many_runs[EVENTS], all_runs;

/* cmocka's asserts belong to the first thread. */
static void must_be_ok(Err err) {
    if (err.code == ERR_OK)
        return;
    fprintf(stderr, "threads_test: %s (%s)\n", err.msgid, err.where);
    abort();
}

static void count_run(_Atomic(int) *runs, const Job *job) {
    int64_t number = -1;

    if (!str_parse_int(json_get_text(job->payload, "number"), &number) || number < 0 ||
        number >= EVENTS)
        abort();
    atomic_fetch_add(&runs[number], 1);
    atomic_fetch_add(&all_runs, 1);
}

static Err handle_one(Ctx *ctx, const Job *job) {
    (void)ctx;
    count_run(one_runs, job);
    return OK;
}

static Err handle_many(Ctx *ctx, const Job *jobs, size_t count) {
    (void)ctx;
    for (size_t i = 0; i < count; i++)
        count_run(many_runs, &jobs[i]);
    return OK;
}

static const JobKind kinds[] = { { "thing.one", LANE_COMPUTE, handle_one, NULL, 0 },
                                 { "thing.many", LANE_DELIVER, NULL, handle_many, 7 } };
static const Subscription subscriptions[] = { { "thing.done", "thing.one" },
                                              { "thing.done", "thing.many" } };

typedef struct Client {
    Ctx *ctx;
    pthread_t thread;
    int first; /* number of its first event */
} Client;

static Err act(Ctx *ctx, int number) {
    Json *facts = json_obj(ctx->arena);
    EventTags tags = { 0 };
    DB_TX(tx);

    json_set(facts, "number", json_str(ctx->arena, str_from_int(ctx->arena, number)));
    event_tag(ctx->arena, &tags, "article", number + 1);
    TRY(db_begin(ctx, &tx));
    TRY(event_emit(ctx, "thing.done", number + 1, facts, event_tag_list(&tags)));
    return db_commit(&tx);
}

static void *owe(void *user) {
    Client *client = user;

    for (int i = 0; i < ACTS; i++) {
        Err err = act(client->ctx, client->first + i);
        for (int again = 0; err.retry && again < RETRIES_MAX; again++) {
            db_reset(client->ctx->db);
            err = act(client->ctx, client->first + i);
        }
        must_be_ok(err);
        queue_wake();
    }
    return NULL;
}

static void every_job_of_every_client_runs_once(void **state) {
    World w = world_new();
    Client clients[CLIENTS];
    QueueRunner *runner;
    Config *config;

    (void)state;
    world_migrate(&w, queue_migrations, queue_migrations_count);
    must_be_ok(config_load(w.ctx->arena, STR_EMPTY, S("none"), NULL, NULL, 0, &config));
    queue_use(kinds, COUNT_OF(kinds), subscriptions, COUNT_OF(subscriptions));
    QueueApp app = { config, w.store, w.ctx->ids, clock_system(), chance_system() };
    must_be_ok(queue_start(&app, 1u << LANE_DELIVER | 1u << LANE_COMPUTE, &runner));
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (Client){ .ctx = world_worker(&w), .first = i * ACTS };
        clients[i].ctx->config = config;
        clients[i].ctx->ids = w.ctx->ids;
        assert_int_equal(pthread_create(&clients[i].thread, NULL, owe, &clients[i]), 0);
    }
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(pthread_join(clients[i].thread, NULL), 0);
    while (atomic_load(&all_runs) < 2 * EVENTS)
        sched_yield();
    queue_stop(runner); /* after the outcome of what runs was written */
    for (int i = 0; i < EVENTS; i++) {
        assert_int_equal(atomic_load(&one_runs[i]), 1);
        assert_int_equal(atomic_load(&many_runs[i]), 1);
    }
    assert_int_equal(world_count(&w, "event"), EVENTS);
    assert_int_equal(world_count(&w, "job"), 0);
    for (int i = 0; i < CLIENTS; i++)
        world_worker_free(clients[i].ctx);
    world_free(&w);
}

static void a_runner_starts_and_stops_with_nothing_to_do(void **state) {
    World w = world_new();
    QueueRunner *runner;
    Config *config;

    (void)state;
    world_migrate(&w, queue_migrations, queue_migrations_count);
    must_be_ok(config_load(w.ctx->arena, STR_EMPTY, S("none"), NULL, NULL, 0, &config));
    QueueApp app = { config, w.store, w.ctx->ids, clock_system(), chance_system() };
    for (int i = 0; i < 5; i++) {
        must_be_ok(queue_start(&app, 15, &runner));
        queue_wake();
        queue_stop(runner);
    }
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_job_of_every_client_runs_once),
        cmocka_unit_test(a_runner_starts_and_stops_with_nothing_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
