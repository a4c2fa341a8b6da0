/*
 * ledger/runner.c - the thread that sequences every ledger.interval_ms.
 * Shared: is_stopping, under the runner's lock; no other lock is taken under it.
 */
#include <errno.h>
#include <pthread.h>

#include "base/log.h"
#include "conf/conf.h"
#include "ledger/ledger.h"

struct LedgerRunner {
    LedgerApp app;
    Arena *arena; /* the runner itself */
    Str owner;
    Db *db;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_stopping;
};

static bool pause_until_next(LedgerRunner *runner) {
    struct timespec until;
    int64_t ms = config_int(runner->app.config, CONFIG_LEDGER_INTERVAL_MS);

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += ms % 1000 * 1000000;
    until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&runner->lock);
    while (!runner->is_stopping)
        if (pthread_cond_timedwait(&runner->changed, &runner->lock, &until) == ETIMEDOUT)
            break;
    bool goes_on = !runner->is_stopping;
    pthread_mutex_unlock(&runner->lock);
    return goes_on;
}

/* Rounds until nothing waits. A busy lease or store is no fault: the next round comes in 200 ms. */
static void sequence_all(LedgerRunner *runner, Arena *arena) {
    const LedgerApp *app = &runner->app;
    int64_t placed;
    Err err;

    do {
        Ctx ctx = { .arena = arena,
                    .db = runner->db,
                    .config = app->config,
                    .clock = app->clock,
                    .chance = app->chance,
                    .ids = app->ids,
                    .now_ms = clock_now_ms(app->clock),
                    .actor = ACTOR_JOB,
                    .person_name = S("sequencer"),
                    .lang = S("zh") };
        err = ledger_sequence(&ctx, app->key, runner->owner,
                              (int)config_int(app->config, CONFIG_LEDGER_BATCH), app->tag, &placed);
        db_reset(runner->db);
        if (app->changed && ctx.changed.len > 0) /* also after a commit of which nothing is known */
            app->changed(app->user, ctx.changed.items, ctx.changed.len);
        if (err.code != ERR_OK && err.code != ERR_BUSY)
            log_err(&ctx, "ledger.sequence", err);
        arena_reset(arena, 1 << 16);
    } while (err.code == ERR_OK && placed > 0);
}

static void *run(void *argument) {
    LedgerRunner *runner = argument;
    Arena *arena = arena_new((size_t)config_int(runner->app.config, CONFIG_ARENA_JOB_BYTES));

    do
        sequence_all(runner, arena);
    while (pause_until_next(runner));
    sequence_all(runner, arena); /* what was acknowledged while stopping */
    arena_free(arena);
    return NULL;
}

Err ledger_start(const LedgerApp *app, LedgerRunner **ret) {
    Arena *arena = arena_new(0);
    LedgerRunner *runner = arena_alloc(arena, sizeof *runner);
    uint64_t owner;

    *runner = (LedgerRunner){ .app = *app,
                              .arena = arena,
                              .lock = PTHREAD_MUTEX_INITIALIZER,
                              .changed = PTHREAD_COND_INITIALIZER };
    chance_fill(app->chance, &owner, sizeof owner);
    runner->owner = str_format(arena, "%016llx", (unsigned long long)owner);
    Err err = db_open(app->store, &runner->db);
    if (err.code == ERR_OK && pthread_create(&runner->thread, NULL, run, runner) != 0) {
        db_close(runner->db);
        err = FAIL(ERR_IO, NULL, N_("The system gives no more threads."));
    }
    if (err.code != ERR_OK) {
        arena_free(arena);
        return err;
    }
    *ret = runner;
    return OK;
}

void ledger_stop(LedgerRunner *runner) {
    pthread_mutex_lock(&runner->lock);
    runner->is_stopping = true;
    pthread_cond_broadcast(&runner->changed);
    pthread_mutex_unlock(&runner->lock);
    pthread_join(runner->thread, NULL);
    db_close(runner->db);
    arena_free(runner->arena);
}
