/* migrate_test.c - migrations go forward, each whole, in order; what does not fit the program is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "testing/world.h"

#define ONE "-- store: system  file: record\nCREATE TABLE one (id {{PK}}, data {{BLOB}});\n"
#define TWO                                                                                        \
    "-- store: system  file: record\nCREATE TABLE two (id {{PK}}, one_id BIGINT REFERENCES one "   \
    "(id));\n"
#define SEEN "-- store: system  file: derived\nCREATE TABLE seen (id {{PK}});\n"

/* Given out of order on purpose: two needs one, and rank goes before number. */
static const Migration all[] = {
    { "feature", 2, 1, TWO },
    { "room", 0, 2, SEEN },
    { "room", 0, 1, ONE },
};

static MigrateState state_of(World *w, const Migration *list, size_t count) {
    Migration known[COUNT_OF(all) + 8];
    MigrateState state;
    size_t len = 0;

    for (size_t i = 0; i < db_migrations_count; i++) /* the world has applied those of db/ */
        known[len++] = db_migrations[i];
    for (size_t i = 0; i < count; i++)
        known[len++] = list[i];
    assert_int_equal(migrate_state(w->ctx, known, len, &state).code, ERR_OK);
    return state;
}

static Err apply(World *w, const Migration *list, size_t count) {
    Migration known[COUNT_OF(all) + 8];
    size_t len = 0;

    for (size_t i = 0; i < db_migrations_count; i++)
        known[len++] = db_migrations[i];
    for (size_t i = 0; i < count; i++)
        known[len++] = list[i];
    return migrate_apply(w->ctx, known, len);
}

static int64_t applied(World *w) {
    int64_t rows = world_count(w, "migration"), in_derived = 0;
    DB_ROWS(set);

    if (db_driver(w->ctx->db) == DB_SQLITE) {
        assert_int_equal(
            db_query_derived(w->ctx, &set, "SELECT COUNT(*) FROM migration", NO_ARGS).code, ERR_OK);
        assert_true(db_next(&set));
        in_derived = db_int(&set, 0);
    }
    return rows + in_derived - (int64_t)db_migrations_count;
}

static void what_is_owed_is_named_and_applied_in_order_once(void **state) {
    World w = world_new();

    (void)state;
    MigrateState before = state_of(&w, all, COUNT_OF(all));
    assert_int_equal(before.pending, 3);
    assert_int_equal(before.newer + before.changed, 0);
    assert_true(str_eq(before.first, S("room/0001")));
    assert_int_equal(apply(&w, all, COUNT_OF(all)).code, ERR_OK);
    assert_int_equal(world_count(&w, "one") + world_count(&w, "two") + world_count(&w, "seen"), 0);
    assert_int_equal(applied(&w), 3);
    assert_int_equal(state_of(&w, all, COUNT_OF(all)).pending, 0);
    assert_int_equal(apply(&w, all, COUNT_OF(all)).code, ERR_OK); /* repeating is safe */
    assert_int_equal(applied(&w), 3);
    world_free(&w);
}

static void a_newer_schema_is_refused_with_the_remedy_and_left_alone(void **state) {
    World w = world_new();

    (void)state;
    assert_int_equal(apply(&w, all, COUNT_OF(all)).code, ERR_OK);
    MigrateState seen = state_of(&w, all + 1, 2); /* this program lacks feature/0001 */
    assert_int_equal(seen.newer, 1);
    assert_true(str_eq(seen.first, S("feature/0001")));
    Err err = apply(&w, all + 1, 2);
    assert_int_equal(err.code, ERR_IO);
    assert_true(str_eq(err.args[0], S("feature/0001")));
    assert_true(str_contains(str_from_c(err.msgid), S("liandong upgrade")));
    assert_int_equal(applied(&w), 3);
    world_free(&w);
}

static void a_migration_of_another_text_is_refused_before_anything_is_applied(void **state) {
    World w = world_new();
    Migration other[] = { { "room", 0, 1, ONE "-- a word more\n" }, all[1], all[0] };

    (void)state;
    assert_int_equal(apply(&w, all + 2, 1).code, ERR_OK);
    MigrateState seen = state_of(&w, other, COUNT_OF(other));
    assert_int_equal(seen.changed, 1);
    assert_true(str_eq(seen.first, S("room/0001")));
    Err err = apply(&w, other, COUNT_OF(other));
    assert_int_equal(err.code, ERR_IO);
    assert_true(str_eq(err.args[0], S("room/0001")));
    assert_int_equal(applied(&w), 1);
    world_free(&w);
}

static void the_same_number_twice_is_our_mistake(void **state) {
    World w = world_new();
    const Migration twice[] = { all[2], { "room", 0, 1, SEEN } };

    (void)state;
    assert_int_equal(apply(&w, twice, COUNT_OF(twice)).code, ERR_BUG);
    assert_int_equal(applied(&w), 0);
    world_free(&w);
}

static void texts_that_break_the_rules_are_refused(void **state) {
    static const char *const wrong[] = {
        "CREATE TABLE t (id {{PK}});\n",                                      /* no first line */
        "-- store: system  file: nowhere\nCREATE TABLE t (id {{PK}});\n",     /* no such file */
        "-- store: system  file: record\nCREATE TABLE t (id {{PK}})\n",       /* no end */
        "-- store: system  file: record\nCREATE TABLE t (id {{PK}}, s 'x);\n" /* an open quote */
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        World w = world_new();
        const Migration one = { "room", 0, 1, wrong[i] };
        assert_int_equal(apply(&w, &one, 1).code, ERR_BUG);
        assert_int_equal(applied(&w), 0);
        world_free(&w);
    }
}

static void a_wrong_statement_leaves_those_before_it_and_itself_not_at_all(void **state) {
    World w = world_new();
    const Migration list[] = {
        all[2],
        { "room", 0, 2,
          "-- store: system  file: record\nCREATE TABLE half (id {{PK}});\n"
          "CREATE TABLE half (id {{PK}});\n" },
        { "room", 0, 3, SEEN },
    };
    const Migration mended = { "room", 0, 2,
                               "-- store: system  file: record\nCREATE TABLE half (id {{PK}});\n" };

    (void)state;
    assert_true(apply(&w, list, COUNT_OF(list)).code != ERR_OK);
    assert_int_equal(applied(&w), 1); /* forward-only, one transaction each */
    assert_int_equal(apply(&w, (const Migration[]){ all[2], mended, list[2] }, 3).code, ERR_OK);
    assert_int_equal(world_count(&w, "half"), 0);
    assert_int_equal(applied(&w), 3);
    world_free(&w);
}

static void parts_for_one_driver_reach_only_it(void **state) {
    World w = world_new();
    bool is_sqlite = db_driver(w.ctx->db) == DB_SQLITE;
    const Migration one = { "room", 0, 1,
                            "-- store: system  file: record\n"
                            "CREATE TABLE told (id {{PK}}, word TEXT NOT NULL); -- a; b\n"
                            "-- only sqlite\n"
                            "INSERT INTO told (id, word) VALUES (1, 'a;''b'), (2, '--');\n"
                            "-- only postgres\n"
                            "INSERT INTO told (id, word) VALUES (1, 'other');\n"
                            "-- both\n"
                            "INSERT INTO told (id, word) VALUES (9, 'both');\n" };
    DB_ROWS(rows);

    (void)state;
    assert_int_equal(apply(&w, &one, 1).code, ERR_OK);
    assert_int_equal(world_count(&w, "told"), is_sqlite ? 3 : 2);
    assert_int_equal(
        db_query(w.ctx, &rows, "SELECT word FROM told ORDER BY id LIMIT 1", NO_ARGS).code, ERR_OK);
    assert_true(db_next(&rows));
    assert_true(str_eq(db_text(&rows, 0), is_sqlite ? S("a;'b") : S("other")));
    world_free(&w);
}

/* Each migration stands whole or not at all, and the next run goes on from there. */
static void storage_failing_at_every_step_leaves_no_half_migration(void **state) {
    int step = 0;

    (void)state;
    for (bool is_done = false; !is_done; step++) {
        World w = world_new();

        db_fail_at(w.ctx->db, step);
        Err err = apply(&w, all, COUNT_OF(all));
        db_fail_at(w.ctx->db, -1);
        db_reset(w.ctx->db);
        is_done = err.code == ERR_OK;
        int64_t rows = applied(&w);
        assert_int_equal(state_of(&w, all, COUNT_OF(all)).pending, 3 - rows);
        assert_int_equal(apply(&w, all, COUNT_OF(all)).code, ERR_OK);
        assert_int_equal(applied(&w), 3);
        assert_int_equal(world_count(&w, "two"), 0);
        world_free(&w);
    }
    printf("migrate: %d cases passed, 0 failed, 0 skipped\n", step);
    assert_true(step > 9);
}

typedef struct Program {
    pthread_t thread;
    Ctx *ctx;
    Err err;
} Program;

static void *upgrade(void *user) {
    Program *program = user;

    program->err = migrate_apply_more(program->ctx, all, COUNT_OF(all));
    return NULL;
}

/* On SQLite the folder's lock keeps a second program out before it comes to this. */
static void programs_that_migrate_at_once_apply_each_step_once(void **state) {
    enum { PROGRAMS = 4 };
    World w = world_new();
    Program programs[PROGRAMS];

    (void)state;
    if (db_driver(w.ctx->db) != DB_POSTGRES) {
        world_free(&w);
        skip();
    }
    for (int i = 0; i < PROGRAMS; i++) {
        programs[i].ctx = world_worker(&w);
        assert_int_equal(pthread_create(&programs[i].thread, NULL, upgrade, &programs[i]), 0);
    }
    for (int i = 0; i < PROGRAMS; i++) {
        pthread_join(programs[i].thread, NULL);
        assert_int_equal(programs[i].err.code, ERR_OK);
        world_worker_free(programs[i].ctx);
    }
    assert_int_equal(applied(&w), 3);
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_owed_is_named_and_applied_in_order_once),
        cmocka_unit_test(a_newer_schema_is_refused_with_the_remedy_and_left_alone),
        cmocka_unit_test(a_migration_of_another_text_is_refused_before_anything_is_applied),
        cmocka_unit_test(the_same_number_twice_is_our_mistake),
        cmocka_unit_test(texts_that_break_the_rules_are_refused),
        cmocka_unit_test(a_wrong_statement_leaves_those_before_it_and_itself_not_at_all),
        cmocka_unit_test(parts_for_one_driver_reach_only_it),
        cmocka_unit_test(storage_failing_at_every_step_leaves_no_half_migration),
        cmocka_unit_test(programs_that_migrate_at_once_apply_each_step_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
