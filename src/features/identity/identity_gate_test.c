/* identity_gate_test.c - few password hashings at once, few waiting; alone in its process, as the gate is. */
#include <pthread.h>
#include <stdatomic.h>

#include "features/identity/identity_test_world.h"

enum { THREADS = 12 };

static pthread_barrier_t together;
static atomic_int done, busy, other;

static void *check(void *user) {
    Ctx *ctx = user;
    bool is_right = true;

    pthread_barrier_wait(&together);
    Err err = identity_gate_verify(ctx, STR_EMPTY, S("some password"), &is_right);
    atomic_fetch_add(err.code == ERR_OK && !is_right ? &done
                     : err.code == ERR_BUSY          ? &busy
                                                     : &other,
                     1);
    return NULL;
}

/* One runs, one waits: the rest is told to come back, and nobody waits for ever. */
static void who_finds_the_gate_full_is_told_to_come_back(void **state) {
    World w = start();
    Config *config;
    Ctx *workers[THREADS];
    pthread_t threads[THREADS];
    const ConfigFlag flags[] = { { S("signin.parallel"), S("1"), S("") },
                                 { S("signin.queue"), S("1"), S("") } };

    (void)state;
    OK_(config_load(w.ctx->arena, STR_EMPTY, S("none"), NULL, flags, COUNT_OF(flags), &config));
    w.ctx->config = config;
    pthread_barrier_init(&together, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        workers[i] = world_worker(&w);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, check, workers[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        world_worker_free(workers[i]);
    pthread_barrier_destroy(&together);
    assert_int_equal(atomic_load(&other), 0);
    assert_int_equal(atomic_load(&done) + atomic_load(&busy), THREADS);
    assert_true(atomic_load(&done) >= 2 && atomic_load(&busy) >= 1);
    assert_int_equal(identity_gate_count(), atomic_load(&done));
    printf("%d threads at once: %d hashed, %d told to come back\n", THREADS, atomic_load(&done),
           atomic_load(&busy));
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_finds_the_gate_full_is_told_to_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
