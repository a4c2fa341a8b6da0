/*
 * queue/runner.c - threads that run what is owed.
 * Shared: `waker` (its lock guards the generation and the stop flags); no other lock is taken under it.
 */
#include <errno.h>
#include <pthread.h>

#include "base/id.h"
#include "base/log.h"
#include "base/vec.h"
#include "queue/claim.h"
#include "queue/kinds.h"
#include "queue/run.h"

enum { KEEP_BYTES = 1 << 18 };

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint64_t generation;
} waker = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 };

typedef struct Worker {
    QueueRunner *runner;
    Lane lane;
    pthread_t thread;
    Db *db;
} Worker;

struct QueueRunner {
    QueueApp app;
    Arena *arena; /* the runner itself; freed by queue_stop */
    Str owner;
    bool is_stopping; /* under waker.lock */
    VEC(Worker *) workers;
};

void queue_wake(void) {
    pthread_mutex_lock(&waker.lock);
    waker.generation++;
    pthread_cond_broadcast(&waker.changed);
    pthread_mutex_unlock(&waker.lock);
}

/* Waits for a wake after `seen`, queue.poll_ms, or the stop. Polling alone is enough to be correct. */
static bool wait_for_work(QueueRunner *runner, uint64_t *seen) {
    struct timespec until;

    int64_t poll_ms = config_int(runner->app.config, CONFIG_QUEUE_POLL_MS);

    clock_gettime(CLOCK_MONOTONIC, &until); /* a clock that is set must not stop the polling */
    until.tv_sec += poll_ms / 1000;
    until.tv_nsec += poll_ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&waker.lock);
    while (!runner->is_stopping && waker.generation == *seen)
        if (pthread_cond_clockwait(&waker.changed, &waker.lock, CLOCK_MONOTONIC, &until) ==
            ETIMEDOUT)
            break;
    *seen = waker.generation;
    bool goes_on = !runner->is_stopping;
    pthread_mutex_unlock(&waker.lock);
    return goes_on;
}

static bool is_stopping(QueueRunner *runner) {
    pthread_mutex_lock(&waker.lock);
    bool is = runner->is_stopping;
    pthread_mutex_unlock(&waker.lock);
    return is;
}

static Ctx make_ctx(const Worker *worker, Arena *arena) {
    const QueueApp *app = &worker->runner->app;

    return (Ctx){ .arena = arena,
                  .db = worker->db,
                  .config = app->config,
                  .clock = app->clock,
                  .chance = app->chance,
                  .ids = app->ids,
                  .now_ms = clock_now_ms(app->clock),
                  .actor = ACTOR_JOB,
                  .person_name = S("queue"),
                  .lang = S("zh") };
}

/* One batch; true when there was one. */
static bool run_once(const Worker *worker, Arena *arena) {
    const Config *config = worker->runner->app.config;
    Ctx ctx = make_ctx(worker, arena);
    JobBatch batch;

    Err err = claim_next(&ctx, worker->lane, worker->runner->owner,
                         config_int(config, CONFIG_QUEUE_LEASE_MS), &batch);
    if (err.code == ERR_OK && batch.len > 0)
        err = run_batch(&ctx, &batch, (int)config_int(config, CONFIG_QUEUE_MAX_ATTEMPTS));
    db_reset(worker->db);
    if (ctx.changed.len > 0 && worker->runner->app.changed)
        worker->runner->app.changed(worker->runner->app.user, ctx.changed.items, ctx.changed.len);
    if (err.code != ERR_OK)
        log_err(&ctx, "queue.storage", err); /* the lease runs out and the job comes again */
    return err.code == ERR_OK && batch.len > 0;
}

static void *work(void *argument) {
    Worker *worker = argument;
    Arena *arena =
        arena_new((size_t)config_int(worker->runner->app.config, CONFIG_ARENA_JOB_BYTES));
    uint64_t seen = 0;

    do {
        while (!is_stopping(worker->runner) && run_once(worker, arena))
            arena_reset(arena, KEEP_BYTES);
        arena_reset(arena, KEEP_BYTES);
    } while (wait_for_work(worker->runner, &seen));
    arena_free(arena);
    return NULL;
}

static Err start_worker(QueueRunner *runner, Lane lane) {
    Worker *worker = arena_alloc(runner->arena, sizeof *worker);

    *worker = (Worker){ .runner = runner, .lane = lane };
    TRY(db_open(runner->app.store, &worker->db));
    if (pthread_create(&worker->thread, NULL, work, worker) != 0) {
        db_close(worker->db);
        return FAIL(ERR_IO, NULL, N_("The system gives no more threads."));
    }
    *(Worker **)VEC_PUSH(runner->arena, &runner->workers) = worker;
    return OK;
}

static void close_runner(QueueRunner **runner) {
    if (*runner)
        queue_stop(*runner);
}

Err queue_start(const QueueApp *app, unsigned lanes, QueueRunner **ret) {
    static const ConfigId threads[LANE_COUNT] = {
        [LANE_DELIVER] = CONFIG_QUEUE_DELIVER_THREADS,
        [LANE_COMPUTE] = CONFIG_QUEUE_COMPUTE_THREADS,
        [LANE_MAIL] = CONFIG_QUEUE_MAIL_THREADS,
        [LANE_UPKEEP] = CONFIG_QUEUE_UPKEEP_THREADS,
        [LANE_RELEASE] = CONFIG_QUEUE_RELEASE_THREADS,
    };
    Arena *arena = arena_new(0);
    CLEANUP(close_runner) QueueRunner *runner = arena_alloc(arena, sizeof *runner);
    uint64_t owner;

    *runner = (QueueRunner){ .app = *app, .arena = arena };
    chance_fill(app->chance, &owner, sizeof owner);
    runner->owner = str_format(arena, "%016llx", (unsigned long long)owner);
    for (int lane = 0; lane < LANE_COUNT; lane++)
        for (int64_t i = 0; (lanes & 1u << lane) && i < config_int(app->config, threads[lane]); i++)
            TRY(start_worker(runner, (Lane)lane));
    *ret = runner;
    runner = NULL;
    return OK;
}

void queue_stop(QueueRunner *runner) {
    pthread_mutex_lock(&waker.lock);
    runner->is_stopping = true;
    pthread_cond_broadcast(&waker.changed);
    pthread_mutex_unlock(&waker.lock);
    for (size_t i = 0; i < runner->workers.len; i++) {
        pthread_join(runner->workers.items[i]->thread, NULL);
        db_close(runner->workers.items[i]->db);
    }
    arena_free(runner->arena);
}
