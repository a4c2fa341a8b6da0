/* crash_test.c - kill -9 of a program at work: what was acknowledged is there, and nothing is half there. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>

#include "db/driver.h"
#include "testing/world.h"

enum { THREADS = 4, CYCLES = 30, STEPS = 6 };

static const Migration tables[] = {
    { "test", 0, 1,
      "-- store: system  file: record\n"
      "CREATE TABLE act (id {{PK}}, note TEXT NOT NULL);\n"
      "CREATE TABLE entry (id {{PK}}, act_id BIGINT NOT NULL REFERENCES act (id));\n" },
};

/*
 * Where the children store. The parent never has the store open while a child runs: SQLite does not survive a
 * fork, and a killed program leaves nobody else behind either.
 */
typedef struct Place {
    Arena *arena;
    DbOpen how;
    char *folder;
    const char *schema;
} Place;

static void must(Err err) {
    if (err.code == ERR_OK)
        return;
    fprintf(stderr, "crash_test: %s (%s)\n", err.msgid, err.where ? err.where : "");
    abort(); /* also in children and other threads, where cmocka's asserts do not work */
}

/* ---- a store opened by hand ---- */

typedef struct Opened {
    Arena *arena;
    DbStore *store;
    Ctx ctx;
} Opened;

static Opened open_store(const DbOpen *how) {
    Opened o = { .arena = arena_new(0) };

    o.ctx = (Ctx){ .arena = o.arena, .now_ms = WORLD_NOW_MS };
    must(db_store_open(o.arena, how, &o.store));
    must(db_open(o.store, &o.ctx.db));
    return o;
}

static void close_store(Opened *o) {
    db_close(o->ctx.db);
    db_store_close(o->store);
    arena_free(o->arena);
}

static void run_on_server(Place *place, const char *word) {
    DbOpen how = { .url = str_from_c(getenv("LIANDONG_TEST_PG")) };
    Opened o = open_store(&how);
    DB_TX(tx);

    must(db_begin(&o.ctx, &tx));
    must(db_script(&o.ctx,
                   str_to_c(o.arena, str_format(o.arena, "%s SCHEMA %s%s", word, place->schema,
                                                word[0] == 'D' ? " CASCADE" : ""))));
    must(db_commit(&tx));
    close_store(&o);
}

static Place place_new(void) {
    Place place = { .arena = arena_new(0), .schema = "" };
    const char *kind = getenv("LIANDONG_TEST_DB");

    place.folder = world_folder_new(place.arena);
    place.how.folder = str_from_c(place.folder);
    if (kind && str_eq(str_from_c(kind), S("postgres"))) {
        place.schema = str_to_c(place.arena, str_format(place.arena, "crash_%d", (int)getpid()));
        run_on_server(&place, "CREATE");
        place.how.url = str_format(place.arena, "%s options='-csearch_path=%s'",
                                   getenv("LIANDONG_TEST_PG"), place.schema);
    }
    Opened o = open_store(&place.how);
    must(migrate_apply_more(&o.ctx, tables, COUNT_OF(tables)));
    close_store(&o);
    return place;
}

static void place_free(Place *place) {
    if (place->schema[0])
        run_on_server(place, "DROP");
    world_folder_remove(place->folder);
    arena_free(place->arena);
}

/* ---- the child ---- */

typedef struct Worker {
    Ctx ctx;
    int64_t first_id;
    int acknowledge; /* the pipe: ids whose commit was answered with OK */
    int die_at;      /* the step after which the process kills itself; -1: never */
} Worker;

static void step(const Worker *worker, int n) {
    if (worker->die_at == n)
        (void)kill(getpid(), SIGKILL);
}

static void one_act(Worker *worker, int64_t id) {
    Ctx *ctx = &worker->ctx;
    DB_TX(tx);

    step(worker, 0);
    must(db_begin(ctx, &tx));
    step(worker, 1);
    must(db_exec(ctx, "INSERT INTO act (id, note) VALUES ($1, $2)",
                 ARGS(INT(id), TXT(S("断电之前写下的一段话")))));
    step(worker, 2);
    must(db_exec(ctx, "INSERT INTO entry (id, act_id) VALUES ($1, $2)", ARGS(INT(id), INT(id))));
    step(worker, 3);
    must(db_commit(&tx));
    step(worker, 4);
    if (write(worker->acknowledge, &id, sizeof id) != sizeof id)
        _exit(0); /* the parent has gone */
    step(worker, 5);
}

static void *act_for_ever(void *user) {
    Worker *worker = user;

    for (int64_t id = worker->first_id;; id += THREADS)
        one_act(worker, id);
    return NULL;
}

static void run_child(const DbOpen *how, int64_t first_id, int acknowledge, int die_at) {
    Opened o = open_store(how);
    Worker workers[THREADS];
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++) {
        workers[i] = (Worker){ .ctx = o.ctx,
                               .first_id = first_id + i,
                               .acknowledge = acknowledge,
                               .die_at = i == 0 ? die_at : -1 };
        workers[i].ctx.arena = arena_new(0);
        must(db_open(o.store, &workers[i].ctx.db));
        if (pthread_create(&threads[i], NULL, act_for_ever, &workers[i]) != 0)
            abort();
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

static pid_t start_child(const Place *place, int64_t first_id, int die_at, int *ret_pipe) {
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        run_child(&place->how, first_id, ends[1], die_at);
        _exit(1);
    }
    close(ends[1]);
    *ret_pipe = ends[0];
    return child;
}

/* ---- the parent ---- */

typedef struct Acknowledged {
    int64_t ids[100000];
    size_t len;
} Acknowledged;

/* Kills the child after `wanted` acknowledgements, or waits until it ends by itself (0). */
static void watch(pid_t child, int pipe, size_t wanted, Acknowledged *all) {
    size_t seen = 0;
    int status;
    int64_t id;

    while (all->len < COUNT_OF(all->ids) && read(pipe, &id, sizeof id) == sizeof id) {
        all->ids[all->len++] = id;
        if (++seen == wanted)
            assert_int_equal(kill(child, SIGKILL), 0);
    }
    close(pipe);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static int64_t one_number(Ctx *ctx, DbRows *rows) {
    assert_true(db_next(rows));
    int64_t n = db_int(rows, 0);
    must(db_end(rows));
    arena_reset(ctx->arena, 0);
    return n;
}

/* Every acknowledged act is there whole; no act is there in part. Returns the next free id. */
static int64_t inspect(const Place *place, const Acknowledged *all) {
    Opened o = open_store(&place->how);
    Arena *scratch = arena_new(0);
    int64_t highest;

    o.ctx.arena = scratch;
    for (size_t i = 0; i < all->len; i++) {
        DB_ROWS(rows);
        must(db_query(&o.ctx, &rows,
                      "SELECT COUNT(*) FROM act AS a JOIN entry AS e ON e.act_id = a.id"
                      " WHERE a.id = $1",
                      ARGS(INT(all->ids[i]))));
        if (one_number(&o.ctx, &rows) != 1)
            fail_msg("act %lld was acknowledged and is lost", (long long)all->ids[i]);
    }
    {
        DB_ROWS(rows);
        must(db_query(&o.ctx, &rows,
                      "SELECT COUNT(*) FROM act AS a LEFT JOIN entry AS e ON e.act_id = a.id"
                      " WHERE e.id IS NULL",
                      NO_ARGS));
        assert_int_equal(one_number(&o.ctx, &rows), 0);
    }
    {
        DB_ROWS(rows);
        must(db_query(&o.ctx, &rows, "SELECT COALESCE(MAX(id), 0) FROM act", NO_ARGS));
        highest = one_number(&o.ctx, &rows);
    }
    arena_free(scratch);
    o.ctx.arena = o.arena;
    close_store(&o);
    return highest + 1;
}

static void a_program_killed_at_any_moment_loses_nothing_acknowledged(void **state) {
    static Acknowledged all;
    Place place = place_new();
    SeededChance chance;
    int64_t next = 1;

    (void)state;
    all.len = 0;
    chance_seeded(&chance, 20261127);
    for (int cycle = 0; cycle < CYCLES; cycle++) {
        int pipe;
        size_t wanted = 1 + (size_t)chance_below(&chance.chance, 60);
        pid_t child = start_child(&place, next, -1, &pipe);
        watch(child, pipe, wanted, &all);
        next = inspect(&place, &all);
    }
    printf("db crash: %d kills passed, 0 failed, 0 skipped; %zu acknowledged acts, all there\n",
           CYCLES, all.len);
    assert_true(all.len >= CYCLES);
    place_free(&place);
}

static void a_program_killed_between_any_two_steps_leaves_no_half_act(void **state) {
    static Acknowledged all;
    Place place = place_new();
    int64_t next = 1;

    (void)state;
    all.len = 0;
    for (int die_at = 0; die_at < STEPS; die_at++) {
        int pipe;
        pid_t child = start_child(&place, next, die_at, &pipe);
        watch(child, pipe, 0, &all);
        next = inspect(&place, &all);
    }
    place_free(&place);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_killed_at_any_moment_loses_nothing_acknowledged),
        cmocka_unit_test(a_program_killed_between_any_two_steps_leaves_no_half_act),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
