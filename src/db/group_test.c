/* db/group_test.c - many threads at one store: whole acts, one COMMIT for many, nothing acknowledged lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <unistd.h>

#include "db/sqlite_store.h"
#include "testing/world.h"

enum { THREADS = 32, ACTS = 40 };

static const Migration tables[] = {
    { "test", 0, 1,
      "-- store: system  file: record\n"
      "CREATE TABLE act (id {{PK}}, worker BIGINT NOT NULL, data {{BLOB}});\n"
      "CREATE TABLE tally (id {{PK}}, n BIGINT NOT NULL);\n" },
};

static World new_world_with(DbOpen how) {
    World w = world_new_with(how);
    world_migrate(&w, tables, COUNT_OF(tables));
    return w;
}

static World new_world(void) {
    return new_world_with((DbOpen){ .is_fsync_off = true });
}

static void must_be_ok(Err err) {
    if (err.code == ERR_OK)
        return;
    fprintf(stderr, "group_test: %s (%s)\n", err.msgid, err.where);
    abort(); /* cmocka's asserts belong to the first thread */
}

/* ---- threads that act, retry as a runner does, and note what was acknowledged ---- */

typedef struct Worker {
    Ctx *ctx;
    pthread_t thread;
    int number;
    size_t blob_bytes;
    int stored, busy, failed; /* answers */
    bool is_troubled;         /* its commits are lost now and then */
    bool is_refusing;         /* every second act ends in a conflict */
    bool is_running_again;
} Worker;

static Err one_act(Worker *worker, int64_t id) {
    static const char zeros[4096];
    Ctx *ctx = worker->ctx;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(db_exec(
        ctx, "INSERT INTO act (id, worker, data) VALUES ($1, $2, $3)",
        ARGS(INT(id * 2), INT(worker->number), BLOB(((Str){ zeros, worker->blob_bytes })))));
    if (worker->is_refusing && id % 2)
        TRY(db_exec(ctx, "INSERT INTO act (id, worker) VALUES ($1, 0)", ARGS(INT(id * 2))));
    TRY(db_exec(ctx, "INSERT INTO act (id, worker) VALUES ($1, $2)",
                ARGS(INT(id * 2 + 1), INT(worker->number))));
    return db_commit(&tx);
}

static void *act_often(void *user) {
    Worker *worker = user;

    for (int i = 0; i < ACTS; i++) {
        int64_t id = worker->number * 1000 + i;

        if (worker->is_troubled && i % 4 == 3)
            db_busy_at(worker->ctx->db, 0);
        Err err = one_act(worker, id);
        while (err.code == ERR_BUSY && worker->is_running_again) {
            worker->busy++;
            db_reset(worker->ctx->db);
            arena_reset(worker->ctx->arena, 0);
            err = one_act(worker, id);
        }
        worker->stored += err.code == ERR_OK;
        worker->failed += err.code != ERR_OK;
        db_reset(worker->ctx->db);
        arena_reset(worker->ctx->arena, 0);
    }
    return NULL;
}

static void start(World *w, Worker *worker, int number, void *(*run)(void *)) {
    worker->ctx = world_worker(w);
    worker->number = number;
    if (pthread_create(&worker->thread, NULL, run, worker) != 0)
        abort();
}

static void finish(Worker *worker) {
    pthread_join(worker->thread, NULL);
    world_worker_free(worker->ctx);
}

static void acts_of_many_threads_are_all_stored_and_share_commits(void **state) {
    World w = new_world();
    Worker workers[THREADS] = { 0 };

    for (int i = 0; i < THREADS; i++) {
        workers[i].is_running_again = true;
        start(&w, &workers[i], i + 1, act_often);
    }
    for (int i = 0; i < THREADS; i++) {
        finish(&workers[i]);
        assert_int_equal(workers[i].stored, ACTS);
    }
    assert_int_equal(world_count(&w, "act"), 2 * THREADS * ACTS);
    if (db_store_driver(w.store) == DB_SQLITE) {
        Writer *writer = &sqlite_store(w.store)->writers[DB_RECORD];
        print_message("%lld acts in %lld commits\n", (long long)writer->member_count,
                      (long long)writer->group_count);
        assert_true(writer->group_count < writer->member_count);
    }
    world_free(&w);
}

static void lost_groups_are_run_again_and_conflicts_harm_nobody_else(void **state) {
    World w = new_world();
    Worker workers[THREADS] = { 0 };
    int busy = 0;

    for (int i = 0; i < THREADS; i++) {
        workers[i].is_running_again = true;
        workers[i].is_troubled = i == 0;
        workers[i].is_refusing = i == 1;
        start(&w, &workers[i], i + 1, act_often);
    }
    for (int i = 0; i < THREADS; i++) {
        finish(&workers[i]);
        assert_int_equal(workers[i].stored, i == 1 ? ACTS / 2 : ACTS);
        busy += workers[i].busy;
    }
    assert_true(busy >= ACTS / 4);
    assert_int_equal(world_count(&w, "act"), 2 * (THREADS * ACTS - ACTS / 2));
    world_free(&w);
}

static void a_full_disk_loses_the_group_but_no_acknowledged_act(void **state) {
    World w = new_world();
    Worker workers[THREADS] = { 0 };
    int stored = 0, failed = 0;

    if (db_store_driver(w.store) != DB_SQLITE) {
        world_free(&w);
        skip();
    }
    Conn *conn = sqlite_store(w.store)->writers[DB_RECORD].conn;
    assert_int_equal(sqlite3_exec(conn->handle, "PRAGMA max_page_count=600", NULL, NULL, NULL), 0);
    for (int i = 0; i < THREADS; i++) {
        workers[i].blob_bytes = 4096;
        start(&w, &workers[i], i + 1, act_often);
    }
    for (int i = 0; i < THREADS; i++) {
        finish(&workers[i]);
        stored += workers[i].stored;
        failed += workers[i].failed;
    }
    assert_true(stored > 0 && failed > 0);
    assert_int_equal(world_count(&w, "act"), 2 * stored);

    /* Room again: the store works on. */
    assert_int_equal(sqlite3_exec(conn->handle, "PRAGMA max_page_count=100000", NULL, NULL, NULL),
                     0);
    must_be_ok(db_exec(w.ctx, "INSERT INTO act (id, worker) VALUES (1, 1)", NO_ARGS));
    world_free(&w);
}

static void *count_up(void *user) {
    Worker *worker = user;
    Ctx *ctx = worker->ctx;

    for (int i = 0; i < ACTS; i++) {
        Err err;
        do {
            DB_TX(tx);
            DB_ROWS(rows);
            err = db_begin(ctx, &tx);
            if (err.code == ERR_OK)
                err = db_query(ctx, &rows, "SELECT n FROM tally WHERE id = 1", NO_ARGS);
            if (err.code == ERR_OK && db_next(&rows))
                err = db_exec(ctx, "UPDATE tally SET n = $1 WHERE id = 1",
                              ARGS(INT(db_int(&rows, 0) + 1)));
            if (err.code == ERR_OK)
                err = db_commit(&tx);
            worker->busy += err.code == ERR_BUSY && err.retry;
        } while (err.code == ERR_BUSY && err.retry);
        must_be_ok(err);
    }
    return NULL;
}

static void what_was_read_in_an_act_is_still_so_at_its_commit(void **state) {
    enum { COUNTERS = 8 };
    World w = new_world();
    Worker workers[COUNTERS] = { 0 };
    DB_ROWS(rows);

    must_be_ok(db_exec(w.ctx, "INSERT INTO tally (id, n) VALUES (1, 0)", NO_ARGS));
    for (int i = 0; i < COUNTERS; i++)
        start(&w, &workers[i], i + 1, count_up);
    for (int i = 0; i < COUNTERS; i++)
        finish(&workers[i]);
    must_be_ok(db_query(w.ctx, &rows, "SELECT n FROM tally", NO_ARGS));
    assert_true(db_next(&rows));
    assert_int_equal(db_int(&rows, 0), COUNTERS * ACTS);
    world_free(&w);
}

/* ---- one group, member by member (SQLite only) ---- */

/* Waits until so many acts stand in the queue behind the one that has the turn. */
static void wait_for_queue(Writer *writer, int want) {
    int waiting = -1;

    while (waiting != want) {
        waiting = 0;
        pthread_mutex_lock(&writer->lock);
        for (Seat *seat = writer->requests.first; seat; seat = seat->next)
            waiting++;
        for (Seat *seat = writer->jobs.first; seat; seat = seat->next)
            waiting++;
        pthread_mutex_unlock(&writer->lock);
        sched_yield();
    }
}

typedef struct Member {
    Worker worker; /* first: its address is the member's */
    Err (*act)(Ctx *ctx, int64_t id);
    Err answer;
    int64_t groups_at_end; /* commits so far when it was answered */
    Writer *writer;
} Member;

static void *run_member(void *user) {
    Member *member = user;
    Ctx *ctx = member->worker.ctx;

    member->answer = db_settle(ctx, member->act(ctx, member->worker.number));
    pthread_mutex_lock(&member->writer->lock);
    member->groups_at_end = member->writer->group_count;
    pthread_mutex_unlock(&member->writer->lock);
    return NULL;
}

static Err put(Ctx *ctx, int64_t id) {
    return db_exec(ctx, "INSERT INTO act (id, worker) VALUES ($1, $1)", ARGS(INT(id)));
}

static Err put_alone(Ctx *ctx, int64_t id) {
    DB_TX(tx);
    TRY(db_begin_alone(ctx, &tx));
    TRY(put(ctx, id));
    return db_commit(&tx);
}

/* Refuses because of the row of the member before it. */
static Err refuse_if_taken(Ctx *ctx, int64_t id) {
    DB_TX(tx);
    DB_ROWS(rows);

    TRY(db_begin(ctx, &tx));
    TRY(db_query(ctx, &rows, "SELECT id FROM act WHERE id = $1", ARGS(INT(id - 1))));
    if (db_next(&rows))
        return REFUSE(1, N_("Taken."));
    TRY(put(ctx, id));
    return db_commit(&tx);
}

static Err lose(Ctx *ctx, int64_t id) {
    db_busy_at(ctx->db, 0);
    return put(ctx, id);
}

/*
 * The test's own act 1 has the turn while the others line up in order as acts 2, 3, ...; then it commits.
 * Gives its answer; fills those of the others.
 */
static Err run_group(World *w, Member *members, int count) {
    Writer *writer = &sqlite_store(w->store)->writers[DB_RECORD];
    DB_TX(tx);

    must_be_ok(db_begin(w->ctx, &tx));
    must_be_ok(put(w->ctx, 1));
    for (int i = 0; i < count; i++) {
        members[i].writer = writer;
        start(w, &members[i].worker, i + 2, run_member);
        wait_for_queue(writer, i + 1);
    }
    Err answer = db_commit(&tx);
    for (int i = 0; i < count; i++)
        finish(&members[i].worker);
    return answer;
}

static World group_world(int batch_members) {
    World w = new_world_with((DbOpen){
        .is_fsync_off = true, .batch_members = batch_members, .batch_us = INT64_C(60000000) });
    if (db_store_driver(w.store) == DB_SQLITE) {
        Writer *writer = &sqlite_store(w.store)->writers[DB_RECORD];
        writer->group_count = writer->member_count = 0;
        return w;
    }
    world_free(&w);
    skip();
    return w;
}

static void who_lines_up_shares_one_commit(void **state) {
    World w = group_world(128);
    Member members[3] = { { .act = put }, { .act = put }, { .act = put } };

    must_be_ok(run_group(&w, members, 3));
    assert_int_equal(sqlite_store(w.store)->writers[DB_RECORD].group_count, 1);
    assert_int_equal(world_count(&w, "act"), 4);
    world_free(&w);
}

static void a_group_has_at_most_so_many_members(void **state) {
    World w = group_world(2);
    Member members[3] = { { .act = put }, { .act = put }, { .act = put } };

    must_be_ok(run_group(&w, members, 3));
    assert_int_equal(sqlite_store(w.store)->writers[DB_RECORD].group_count, 2);
    assert_int_equal(members[0].groups_at_end >= 1, 1);
    world_free(&w);
}

static void who_wants_to_be_alone_waits_for_the_commit_before_and_is_waited_for(void **state) {
    World w = group_world(128);
    Member members[3] = { { .act = put }, { .act = put_alone }, { .act = put } };

    must_be_ok(run_group(&w, members, 3));
    assert_int_equal(sqlite_store(w.store)->writers[DB_RECORD].group_count, 3);
    assert_int_equal(world_count(&w, "act"), 4);
    world_free(&w);
}

static void a_lost_group_is_lost_for_all_its_members_and_for_nobody_else(void **state) {
    World w = group_world(128);
    Member members[4] = { { .act = put }, { .act = lose }, { .act = put_alone }, { .act = put } };

    Err first = run_group(&w, members, 4);
    assert_int_equal(first.code, ERR_BUSY);
    assert_true(first.retry);
    assert_int_equal(members[0].answer.code, ERR_BUSY);
    assert_true(members[0].answer.retry);
    assert_int_equal(members[1].answer.code, ERR_BUSY);
    must_be_ok(members[2].answer);
    must_be_ok(members[3].answer);
    assert_int_equal(world_count(&w, "act"), 2);
    world_free(&w);
}

static void a_refusal_decided_on_lost_rows_is_run_again(void **state) {
    World w = group_world(128);
    Member members[2] = { { .act = refuse_if_taken }, { .act = lose } };

    assert_int_equal(run_group(&w, members, 2).code, ERR_BUSY);
    assert_int_equal(members[0].answer.code, ERR_BUSY);
    assert_true(members[0].answer.retry);
    world_free(&w);
}

static void a_refusal_decided_on_rows_of_the_group_waits_for_its_commit(void **state) {
    World w = group_world(128);
    Member members[2] = { { .act = refuse_if_taken }, { .act = put } };

    must_be_ok(run_group(&w, members, 2));
    assert_int_equal(members[0].answer.code, ERR_REFUSED);
    assert_int_equal(members[0].groups_at_end, 1);
    assert_int_equal(world_count(&w, "act"), 2);
    world_free(&w);
}

static int64_t order[64];
static int order_len; /* both only with the turn */

static Err note_turn(Ctx *ctx, int64_t id) {
    DB_TX(tx);
    TRY(db_begin(ctx, &tx));
    order[order_len++] = id;
    TRY(put(ctx, id));
    return db_commit(&tx);
}

static Err note_turn_as_job(Ctx *ctx, int64_t id) {
    ctx->actor = ACTOR_JOB;
    return note_turn(ctx, id);
}

static void turns_go_in_order_requests_first_but_a_job_is_never_forgotten(void **state) {
    enum { COUNT = 24 };
    World w = group_world(128);
    Member members[COUNT] = { 0 };

    order_len = 0;
    for (int i = 0; i < COUNT; i++)
        members[i].act = i < 2 ? note_turn_as_job : note_turn;
    must_be_ok(run_group(&w, members, COUNT));
    assert_int_equal(order_len, COUNT);
    for (int i = 0; i < 16; i++)
        assert_int_equal(order[i], 4 + i); /* the requests, as they came */
    assert_int_equal(order[16], 2);        /* the first job */
    assert_int_equal(order[17], 20);
    assert_int_equal(order[COUNT - 1], 3);
    world_free(&w);
}

/* ---- what it is worth: printed, nothing is asserted ---- */

static void *act_for_a_while(void *user) {
    enum { TIMED_ACTS = 150 };
    Worker *worker = user;

    for (int i = 0; i < TIMED_ACTS; i++) {
        must_be_ok(put(worker->ctx, worker->number * 100000 + i));
        worker->stored++;
    }
    return NULL;
}

static void group_commit_is_measured(void **state) {
    static const int counts[] = { 1, 4, 16, 64 };

    for (size_t k = 0; k < COUNT_OF(counts); k++) {
        char *before = getenv("TMPDIR");
        Worker workers[64] = { 0 };
        struct timespec from, to;

        setenv("TMPDIR", before ? before : "/tmp", 1); /* a disk, not memory */
        World w = new_world_with((DbOpen){ 0 });
        if (!before)
            unsetenv("TMPDIR");
        clock_gettime(CLOCK_MONOTONIC, &from);
        for (int i = 0; i < counts[k]; i++)
            start(&w, &workers[i], i + 1, act_for_a_while);
        int stored = 0;
        for (int i = 0; i < counts[k]; i++) {
            finish(&workers[i]);
            stored += workers[i].stored;
        }
        clock_gettime(CLOCK_MONOTONIC, &to);
        double seconds =
            (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
        print_message("%2d threads: %.0f durable acts per second\n", counts[k], stored / seconds);
        world_free(&w);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acts_of_many_threads_are_all_stored_and_share_commits),
        cmocka_unit_test(lost_groups_are_run_again_and_conflicts_harm_nobody_else),
        cmocka_unit_test(a_full_disk_loses_the_group_but_no_acknowledged_act),
        cmocka_unit_test(what_was_read_in_an_act_is_still_so_at_its_commit),
        cmocka_unit_test(who_lines_up_shares_one_commit),
        cmocka_unit_test(a_group_has_at_most_so_many_members),
        cmocka_unit_test(who_wants_to_be_alone_waits_for_the_commit_before_and_is_waited_for),
        cmocka_unit_test(a_lost_group_is_lost_for_all_its_members_and_for_nobody_else),
        cmocka_unit_test(a_refusal_decided_on_lost_rows_is_run_again),
        cmocka_unit_test(a_refusal_decided_on_rows_of_the_group_waits_for_its_commit),
        cmocka_unit_test(turns_go_in_order_requests_first_but_a_job_is_never_forgotten),
        cmocka_unit_test(group_commit_is_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
