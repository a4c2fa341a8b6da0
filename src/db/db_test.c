/* db/db_test.c - the promises of db.h on one connection: values, rows, transactions, failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "testing/world.h"

static const Migration tables[] = {
    { "test", 0, 1,
      "-- store: system  file: record\n"
      "CREATE TABLE parent (id {{PK}}, name TEXT NOT NULL UNIQUE);\n"
      "CREATE TABLE child (id {{PK}}, parent_id BIGINT NOT NULL REFERENCES parent (id),\n"
      "    data {{BLOB}}, note TEXT, size BIGINT CHECK (size >= 0));\n" },
    { "test", 0, 2,
      "-- store: system  file: derived\n"
      "CREATE TABLE counter (id {{PK}}, n BIGINT NOT NULL);\n" },
};

static World new_world(void) {
    World w = world_new();
    world_migrate(&w, tables, COUNT_OF(tables));
    return w;
}

static void assert_ok(Err err) {
    if (err.code != ERR_OK)
        print_error("%s (%s)\n", err.msgid, err.where);
    assert_int_equal(err.code, ERR_OK);
}

static Err add_parent(Ctx *ctx, int64_t id, Str name) {
    return db_exec(ctx, "INSERT INTO parent (id, name) VALUES ($1, $2)", ARGS(INT(id), TXT(name)));
}

static void a_value_comes_back_as_it_was_stored(void **state) {
    World w = new_world();
    Str bytes = S("\0\xff\x01'");
    DB_ROWS(rows);

    assert_ok(add_parent(w.ctx, INT64_MAX, S("联动 'x' \\ \xf0\x9f\x93\xb0")));
    assert_ok(db_exec(w.ctx,
                      "INSERT INTO child (id, parent_id, data, note) VALUES ($4, $1, $2, $3)",
                      ARGS(INT(INT64_MAX), BLOB(bytes), NUL, INT(-5))));
    assert_ok(db_query(w.ctx, &rows,
                       "SELECT c.id, c.data, c.note, p.name, p.id, c.size FROM child AS c"
                       " JOIN parent AS p ON p.id = c.parent_id WHERE c.id = $1",
                       ARGS(INT(-5))));
    assert_true(db_next(&rows));
    assert_int_equal(db_int(&rows, 0), -5);
    assert_true(str_eq(db_blob(&rows, 1), bytes));
    assert_true(db_is_null(&rows, 2));
    assert_true(str_eq(db_text(&rows, 2), STR_EMPTY));
    assert_true(str_eq(db_text(&rows, 3), S("联动 'x' \\ \xf0\x9f\x93\xb0")));
    assert_int_equal(db_int(&rows, 4), INT64_MAX);
    assert_true(db_is_null(&rows, 5));
    assert_false(db_next(&rows));
    assert_false(db_next(&rows));
    assert_ok(db_end(&rows));
    world_free(&w);
}

static void parameters_go_by_their_number_whatever_their_order(void **state) {
    World w = new_world();
    DB_ROWS(rows);

    assert_ok(db_query(w.ctx, &rows,
                       "SELECT $3 - $1, $2 || $2 FROM (SELECT 1 AS one) AS x WHERE $1 < $3",
                       ARGS(INT(10), TXT(S("ab")), INT(INT64_C(5000000000)))));
    assert_true(db_next(&rows));
    assert_int_equal(db_int(&rows, 0), INT64_C(4999999990));
    assert_true(str_eq(db_text(&rows, 1), S("abab")));
    world_free(&w);
}

static void an_empty_text_or_blob_is_not_null(void **state) {
    World w = new_world();
    DB_ROWS(rows);

    assert_ok(add_parent(w.ctx, 1, STR_EMPTY));
    assert_ok(db_exec(w.ctx, "INSERT INTO child (id, parent_id, data, note) VALUES (1, 1, $1, $2)",
                      ARGS(BLOB(STR_EMPTY), TXT_OR_NUL(STR_EMPTY))));
    assert_ok(db_query(w.ctx, &rows, "SELECT data, note FROM child", NO_ARGS));
    assert_true(db_next(&rows));
    assert_false(db_is_null(&rows, 0));
    assert_true(db_is_null(&rows, 1));
    world_free(&w);
}

static void a_change_tells_how_many_rows_it_changed(void **state) {
    World w = new_world();
    int64_t changed = -1;

    assert_ok(add_parent(w.ctx, 1, S("a")));
    assert_ok(add_parent(w.ctx, 2, S("b")));
    assert_ok(db_exec_count(w.ctx, "UPDATE parent SET name = name || 'x' WHERE id > $1",
                            ARGS(INT(0)), &changed));
    assert_int_equal(changed, 2);
    assert_ok(
        db_exec_count(w.ctx, "UPDATE parent SET name = 'y' WHERE id = $1", ARGS(INT(9)), &changed));
    assert_int_equal(changed, 0);
    assert_ok(db_exec_count(w.ctx,
                            "INSERT INTO parent (id, name) VALUES (1, 'z') ON CONFLICT DO NOTHING",
                            NO_ARGS, &changed));
    assert_int_equal(changed, 0);
    world_free(&w);
}

static void a_unique_or_foreign_key_says_conflict_and_other_mistakes_are_ours(void **state) {
    World w = new_world();
    Ctx *ctx = w.ctx;
    DB_ROWS(rows);

    assert_ok(add_parent(ctx, 1, S("a")));
    assert_int_equal(add_parent(ctx, 1, S("b")).code, ERR_CONFLICT);
    assert_int_equal(add_parent(ctx, 2, S("a")).code, ERR_CONFLICT);
    assert_int_equal(db_exec(ctx, "INSERT INTO child (id, parent_id) VALUES (1, 77)", NO_ARGS).code,
                     ERR_CONFLICT);
    assert_int_equal(
        db_exec(ctx, "INSERT INTO child (id, parent_id, size) VALUES (1, 1, -1)", NO_ARGS).code,
        ERR_BUG);
    assert_int_equal(db_exec(ctx, "INSERT INTO nowhere (id) VALUES (1)", NO_ARGS).code, ERR_BUG);
    assert_int_equal(db_query(ctx, &rows, "SELECT $1 || $2", ARGS(TXT(S("a")))).code, ERR_BUG);
    assert_int_equal(add_parent(ctx, 3, S("a\0b")).code, ERR_INVALID);
    assert_int_equal(world_count(&w, "parent"), 1);
    world_free(&w);
}

static void a_failure_tells_the_log_where_but_no_values(void **state) {
    World w = new_world();

    assert_ok(add_parent(w.ctx, 1, S("secret")));
    Err err = add_parent(w.ctx, 2, S("secret"));
    assert_true(str_contains(str_from_c(err.where), S("INSERT INTO parent")));
    assert_false(str_contains(str_from_c(err.where), S("secret")));
    world_free(&w);
}

static void a_query_outside_a_transaction_cannot_write(void **state) {
    World w = new_world();
    DB_ROWS(rows);

    Err err = db_query(w.ctx, &rows, "INSERT INTO parent (id, name) VALUES (1, 'a') RETURNING id",
                       NO_ARGS);
    assert_int_equal(err.code, ERR_BUG);
    assert_int_equal(world_count(&w, "parent"), 0);
    world_free(&w);
}

static void returning_works_inside_a_transaction(void **state) {
    World w = new_world();
    DB_TX(tx);
    DB_ROWS(rows);

    assert_ok(db_begin(w.ctx, &tx));
    assert_ok(db_query(w.ctx, &rows,
                       "INSERT INTO parent (id, name) VALUES (7, 'a'), (8, 'b') RETURNING id, name",
                       NO_ARGS));
    assert_true(db_next(&rows));
    assert_int_equal(db_int(&rows, 0), 7);
    assert_true(db_next(&rows));
    assert_true(str_eq(db_text(&rows, 1), S("b")));
    assert_ok(db_end(&rows));
    assert_ok(db_query(w.ctx, &rows,
                       "UPDATE parent SET name = 'c' WHERE id = (SELECT id FROM parent"
                       " ORDER BY id LIMIT 1 {{SKIP_LOCKED}}) RETURNING id",
                       NO_ARGS));
    assert_true(db_next(&rows));
    assert_int_equal(db_int(&rows, 0), 7);
    assert_ok(db_end(&rows));
    assert_ok(db_commit(&tx));
    assert_int_equal(world_count(&w, "parent"), 2);
    world_free(&w);
}

/* ---- transactions ---- */

static Err add_two(Ctx *ctx, bool is_refused) {
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(add_parent(ctx, 1, S("a")));
    TRY(add_parent(ctx, 2, S("b")));
    if (is_refused)
        return REFUSE(1, N_("No."));
    return db_commit(&tx);
}

static void an_act_is_stored_whole_or_not_at_all(void **state) {
    World w = new_world();

    assert_int_equal(add_two(w.ctx, true).code, ERR_REFUSED);
    assert_false(db_is_open(w.ctx));
    assert_int_equal(world_count(&w, "parent"), 0);
    assert_ok(add_two(w.ctx, false));
    assert_int_equal(world_count(&w, "parent"), 2);
    world_free(&w);
}

static void every_injected_failure_leaves_nothing_behind(void **state) {
    for (int step = 0;; step++) {
        World w = new_world();

        db_fail_at(w.ctx->db, step);
        Err err = add_two(w.ctx, false);
        db_fail_at(w.ctx->db, -1);
        assert_int_equal(world_count(&w, "parent"), err.code == ERR_OK ? 2 : 0);
        assert_false(db_is_open(w.ctx));
        if (err.code != ERR_OK)
            assert_int_equal(err.code, ERR_IO);
        assert_ok(add_parent(w.ctx, 9, S("after"))); /* the connection still works */
        world_free(&w);
        if (err.code == ERR_OK) {
            assert_int_equal(step, 4); /* begin, two rows, commit */
            return;
        }
    }
}

static void a_lost_group_stores_nothing_and_asks_to_run_again(void **state) {
    World w = new_world();

    db_busy_at(w.ctx->db, 0);
    Err err = add_two(w.ctx, false);
    assert_int_equal(err.code, ERR_BUSY);
    assert_true(err.retry);
    assert_int_equal(world_count(&w, "parent"), 0);
    world_run_again(&w);
    assert_ok(add_two(w.ctx, false));
    assert_int_equal(world_count(&w, "parent"), 2);
    world_free(&w);
}

static void an_act_sees_its_own_rows_and_others_do_not_before_its_commit(void **state) {
    World w = new_world();
    Ctx *other = world_worker(&w);
    DB_TX(tx);
    DB_ROWS(rows);

    assert_ok(db_begin(w.ctx, &tx));
    assert_ok(add_parent(w.ctx, 1, S("a")));
    assert_ok(db_query(w.ctx, &rows, "SELECT id FROM parent", NO_ARGS));
    assert_true(db_next(&rows));
    assert_ok(db_query(other, &rows, "SELECT id FROM parent", NO_ARGS));
    assert_false(db_next(&rows));
    assert_ok(db_commit(&tx));
    assert_ok(db_query(other, &rows, "SELECT id FROM parent", NO_ARGS));
    assert_true(db_next(&rows));
    world_worker_free(other);
    world_free(&w);
}

static void a_query_sees_the_newest_commit_also_while_another_is_being_read(void **state) {
    World w = new_world();
    DB_ROWS(outer);
    DB_ROWS(inner);

    assert_ok(add_parent(w.ctx, 1, S("a")));
    assert_ok(add_parent(w.ctx, 2, S("b")));
    assert_ok(db_query(w.ctx, &outer, "SELECT id FROM parent ORDER BY id", NO_ARGS));
    assert_true(db_next(&outer));
    assert_ok(add_parent(w.ctx, 3, S("c")));
    assert_ok(db_query(w.ctx, &inner, "SELECT COUNT(*) FROM parent", NO_ARGS));
    assert_true(db_next(&inner));
    assert_int_equal(db_int(&inner, 0), 3);
    assert_true(db_next(&outer));
    assert_false(db_next(&outer)); /* as it was when asked */
    world_free(&w);
}

static void an_inner_transaction_can_go_alone(void **state) {
    World w = new_world();
    DB_TX(outer);

    assert_ok(db_begin(w.ctx, &outer));
    assert_ok(add_parent(w.ctx, 1, S("a")));
    {
        DB_TX(inner);
        assert_ok(db_begin(w.ctx, &inner));
        assert_ok(add_parent(w.ctx, 2, S("b")));
    }
    {
        DB_TX(inner);
        assert_ok(db_begin(w.ctx, &inner));
        assert_ok(add_parent(w.ctx, 3, S("c")));
        assert_ok(db_commit(&inner));
    }
    assert_ok(db_commit(&outer));
    assert_int_equal(world_count(&w, "parent"), 2);
    world_free(&w);
}

static void after_a_conflict_only_rolling_back_is_left(void **state) {
    World w = new_world();

    assert_ok(add_parent(w.ctx, 1, S("a")));
    {
        DB_TX(tx);
        assert_ok(db_begin(w.ctx, &tx));
        assert_ok(add_parent(w.ctx, 2, S("b")));
        assert_int_equal(add_parent(w.ctx, 3, S("a")).code, ERR_CONFLICT);
        assert_int_equal(add_parent(w.ctx, 4, S("d")).code, ERR_BUG);
        assert_int_equal(db_commit(&tx).code, ERR_BUG);
    }
    assert_int_equal(world_count(&w, "parent"), 1);
    world_free(&w);
}

static void a_conflict_may_be_tried_in_a_transaction_of_its_own(void **state) {
    World w = new_world();
    DB_TX(tx);

    assert_ok(add_parent(w.ctx, 1, S("a")));
    assert_ok(db_begin(w.ctx, &tx));
    {
        DB_TX(attempt);
        assert_ok(db_begin(w.ctx, &attempt));
        assert_int_equal(add_parent(w.ctx, 2, S("a")).code, ERR_CONFLICT);
    }
    assert_ok(add_parent(w.ctx, 3, S("c")));
    assert_ok(db_commit(&tx));
    assert_int_equal(world_count(&w, "parent"), 2);
    world_free(&w);
}

static void transactions_end_in_order(void **state) {
    World w = new_world();

    {
        DB_TX(outer);
        DB_TX(inner);
        DB_TX(never);
        assert_ok(db_begin(w.ctx, &outer));
        assert_ok(db_begin(w.ctx, &inner));
        assert_ok(add_parent(w.ctx, 1, S("a")));
        assert_int_equal(db_commit(&outer).code, ERR_BUG);
        assert_false(db_is_open(w.ctx));
        assert_int_equal(db_commit(&never).code, ERR_BUG);
    }
    assert_int_equal(world_count(&w, "parent"), 0);
    world_free(&w);
}

static void nesting_has_a_bound(void **state) {
    World w = new_world();
    DbTx levels[17] = { 0 };

    for (int i = 0; i < 16; i++)
        assert_ok(db_begin(w.ctx, &levels[i]));
    assert_int_equal(db_begin(w.ctx, &levels[16]).code, ERR_BUG);
    world_run_again(&w);
    for (int i = 0; i < 16; i++)
        db_tx_close(&levels[i]); /* old ones: nothing happens */
    assert_ok(add_parent(w.ctx, 1, S("a")));
    world_free(&w);
}

static void the_two_files_are_never_in_one_transaction(void **state) {
    World w = new_world();

    {
        DB_TX(tx);
        DB_TX(derived);
        assert_ok(db_begin(w.ctx, &tx));
        assert_int_equal(
            db_exec_derived(w.ctx, "INSERT INTO counter (id, n) VALUES (1, 1)", NO_ARGS).code,
            ERR_BUG);
        assert_int_equal(db_begin_derived(w.ctx, &derived).code, ERR_BUG);
        assert_ok(db_commit(&tx)); /* asking wrongly spoils nothing */
    }
    {
        DB_TX(derived);
        DB_ROWS(rows);
        assert_ok(db_begin_derived(w.ctx, &derived));
        assert_true(derived.is_derived);
        assert_false(db_is_open(w.ctx));
        assert_ok(db_exec_derived(w.ctx, "INSERT INTO counter (id, n) VALUES (1, 1)", NO_ARGS));
        assert_int_equal(add_parent(w.ctx, 1, S("a")).code, ERR_BUG);
        assert_ok(db_query(w.ctx, &rows, "SELECT id FROM parent", NO_ARGS)); /* reading may */
        assert_ok(db_query_derived(w.ctx, &rows, "SELECT n FROM counter", NO_ARGS));
        assert_true(db_next(&rows));
        assert_ok(db_commit(&derived));
    }
    assert_ok(db_exec_derived(w.ctx, "UPDATE counter SET n = n + 1", NO_ARGS));
    assert_int_equal(world_count(&w, "counter"), 1);
    world_free(&w);
}

static void an_act_alone_is_an_act(void **state) {
    World w = new_world();
    DB_TX(tx);
    DB_TX(inner);

    assert_ok(db_begin_alone(w.ctx, &tx));
    assert_ok(db_begin_alone(w.ctx, &inner));
    assert_ok(add_parent(w.ctx, 1, S("a")));
    assert_ok(db_commit(&inner));
    assert_ok(db_commit(&tx));
    assert_int_equal(world_count(&w, "parent"), 1);
    world_free(&w);
}

static void what_an_act_left_open_ends_with_the_run(void **state) {
    World w = new_world();
    DbTx forgotten = { 0 };

    assert_ok(db_begin(w.ctx, &forgotten));
    assert_ok(add_parent(w.ctx, 1, S("a")));
    world_run_again(&w);
    assert_false(db_is_open(w.ctx));
    assert_ok(add_parent(w.ctx, 2, S("b")));
    assert_int_equal(world_count(&w, "parent"), 1);
    world_free(&w);
}

/* ---- holding, for the runner ---- */

static void a_held_act_is_stored_with_the_runners_row_or_not_at_all(void **state) {
    for (int is_commit = 0; is_commit <= 1; is_commit++) {
        World w = new_world();
        Ctx *other = world_worker(&w);
        DB_ROWS(rows);

        db_hold(w.ctx);
        assert_ok(add_two(w.ctx, false));
        assert_true(db_is_open(w.ctx));
        assert_ok(db_query(other, &rows, "SELECT id FROM parent", NO_ARGS));
        assert_false(db_next(&rows)); /* the handler's commit stored nothing yet */
        assert_ok(add_parent(w.ctx, 3, S("the runner's")));
        assert_ok(db_hold_end(w.ctx, is_commit));
        assert_false(db_is_open(w.ctx));
        assert_int_equal(world_count(&w, "parent"), is_commit ? 3 : 0);
        world_worker_free(other);
        world_free(&w);
    }
}

static void holding_what_never_begins_stores_nothing(void **state) {
    World w = new_world();

    db_hold(w.ctx);
    assert_false(db_is_open(w.ctx));
    assert_ok(db_hold_end(w.ctx, true));
    assert_ok(add_parent(w.ctx, 1, S("a"))); /* as ever */
    assert_false(db_is_open(w.ctx));
    world_free(&w);
}

static void a_single_statement_is_held_too(void **state) {
    World w = new_world();

    db_hold(w.ctx);
    assert_ok(add_parent(w.ctx, 1, S("a")));
    assert_int_equal(add_parent(w.ctx, 1, S("b")).code, ERR_CONFLICT);
    assert_ok(add_parent(w.ctx, 2, S("c"))); /* its own transaction inside the runner's */
    assert_ok(db_hold_end(w.ctx, true));
    assert_int_equal(world_count(&w, "parent"), 2);
    world_free(&w);
}

static void a_held_refusal_leaves_the_runner_free_to_keep_its_row(void **state) {
    World w = new_world();

    db_hold(w.ctx);
    assert_int_equal(add_two(w.ctx, true).code, ERR_REFUSED);
    assert_ok(add_parent(w.ctx, 3, S("the answer was no")));
    assert_ok(db_hold_end(w.ctx, true));
    assert_int_equal(world_count(&w, "parent"), 1);
    world_free(&w);
}

static void a_held_act_meets_its_lost_group_at_the_end(void **state) {
    World w = new_world();

    db_busy_at(w.ctx->db, 0);
    db_hold(w.ctx);
    assert_ok(add_two(w.ctx, false));
    Err err = db_hold_end(w.ctx, true);
    assert_int_equal(err.code, ERR_BUSY);
    assert_true(err.retry);
    assert_int_equal(world_count(&w, "parent"), 0);
    world_free(&w);
}

/* ---- bounds ---- */

static void cost_counts_statements_and_rows(void **state) {
    World w = new_world();
    DB_ROWS(rows);

    assert_ok(add_two(w.ctx, false));
    db_cost_reset(w.ctx->db);
    assert_ok(db_query(w.ctx, &rows, "SELECT id FROM parent", NO_ARGS));
    assert_ok(add_parent(w.ctx, 3, S("c")));
    DbCost cost = db_cost(w.ctx->db);
    assert_int_equal(cost.statements, 2);
    assert_int_equal(cost.rows, 2);
    world_free(&w);
}

static void rows_beyond_the_budget_are_refused(void **state) {
    World w = new_world();
    Arena *big = w.ctx->arena, *small = arena_new(100000);
    DB_ROWS(rows);

    w.ctx->arena = small;
    Err err =
        db_query(w.ctx, &rows,
                 "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
                 " SELECT i FROM n",
                 NO_ARGS);
    w.ctx->arena = big;
    assert_int_equal(err.code, ERR_LIMIT);
    assert_false(db_next(&rows));
    arena_free(small);
    world_free(&w);
}

static void statements_may_be_more_than_the_cache_holds(void **state) {
    enum { MANY = 700, TEXT = 40 };
    static char sqls[MANY][TEXT];
    World w = new_world();

    for (int i = 0; i < MANY; i++)
        snprintf(sqls[i], TEXT, "SELECT %d, id FROM parent", i);
    assert_ok(add_parent(w.ctx, 1, S("a")));
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < MANY; i++) {
            DB_ROWS(rows);
            assert_ok(db_query_(w.ctx, &rows, sqls[i], NO_ARGS));
            assert_true(db_next(&rows));
            assert_int_equal(db_int(&rows, 0), i);
        }
    }
    world_free(&w);
}

static void one_statement_takes_other_types_another_time(void **state) {
    World w = new_world();
    DbArg notes[] = { NUL, TXT(S("x")), NUL, TXT(S("")) };

    assert_ok(add_parent(w.ctx, 1, S("a")));
    for (int i = 0; i < 4; i++)
        assert_ok(db_exec(w.ctx, "INSERT INTO child (id, parent_id, note) VALUES ($1, 1, $2)",
                          ARGS(INT(i + 1), notes[i])));
    assert_int_equal(world_count(&w, "child"), 4);
    world_free(&w);
}

static void too_many_parameters_are_our_mistake(void **state) {
    World w = new_world();
    DbArg args[65];
    DB_ROWS(rows);

    for (int i = 0; i < 65; i++)
        args[i] = INT(i);
    assert_int_equal(db_query(w.ctx, &rows, "SELECT 1", args, 65).code, ERR_BUG);
    world_free(&w);
}

static void text_sorts_by_code_point(void **state) {
    static const char *const sorted[] = { "B", "a", "é", "一", "联", "\xf0\x9f\x93\xb0" };
    World w = new_world();
    DB_ROWS(rows);

    for (size_t i = COUNT_OF(sorted); i-- > 0;)
        assert_ok(add_parent(w.ctx, (int64_t)(10 - i), str_from_c(sorted[i])));
    assert_ok(db_query(w.ctx, &rows, "SELECT name FROM parent ORDER BY name", NO_ARGS));
    for (size_t i = 0; i < COUNT_OF(sorted); i++) {
        assert_true(db_next(&rows));
        assert_true(str_eq(db_text(&rows, 0), str_from_c(sorted[i])));
    }
    world_free(&w);
}

static void a_store_that_cannot_be_opened_says_what_to_do(void **state) {
    Arena *arena = arena_new(0);
    DbOpen nowhere = { .folder = S("/nowhere/at/all") };
    DbOpen silent = { .url = S("host=/nowhere dbname=x") };
    DbStore *store = NULL;

    assert_int_equal(db_store_open(arena, &nowhere, &store).code, ERR_IO);
    assert_int_equal(db_store_open(arena, &silent, &store).code, ERR_IO);
    assert_null(store);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_comes_back_as_it_was_stored),
        cmocka_unit_test(parameters_go_by_their_number_whatever_their_order),
        cmocka_unit_test(an_empty_text_or_blob_is_not_null),
        cmocka_unit_test(a_change_tells_how_many_rows_it_changed),
        cmocka_unit_test(a_unique_or_foreign_key_says_conflict_and_other_mistakes_are_ours),
        cmocka_unit_test(a_failure_tells_the_log_where_but_no_values),
        cmocka_unit_test(a_query_outside_a_transaction_cannot_write),
        cmocka_unit_test(returning_works_inside_a_transaction),
        cmocka_unit_test(an_act_is_stored_whole_or_not_at_all),
        cmocka_unit_test(every_injected_failure_leaves_nothing_behind),
        cmocka_unit_test(a_lost_group_stores_nothing_and_asks_to_run_again),
        cmocka_unit_test(an_act_sees_its_own_rows_and_others_do_not_before_its_commit),
        cmocka_unit_test(a_query_sees_the_newest_commit_also_while_another_is_being_read),
        cmocka_unit_test(an_inner_transaction_can_go_alone),
        cmocka_unit_test(after_a_conflict_only_rolling_back_is_left),
        cmocka_unit_test(a_conflict_may_be_tried_in_a_transaction_of_its_own),
        cmocka_unit_test(transactions_end_in_order),
        cmocka_unit_test(nesting_has_a_bound),
        cmocka_unit_test(the_two_files_are_never_in_one_transaction),
        cmocka_unit_test(an_act_alone_is_an_act),
        cmocka_unit_test(what_an_act_left_open_ends_with_the_run),
        cmocka_unit_test(a_held_act_is_stored_with_the_runners_row_or_not_at_all),
        cmocka_unit_test(holding_what_never_begins_stores_nothing),
        cmocka_unit_test(a_single_statement_is_held_too),
        cmocka_unit_test(a_held_refusal_leaves_the_runner_free_to_keep_its_row),
        cmocka_unit_test(a_held_act_meets_its_lost_group_at_the_end),
        cmocka_unit_test(cost_counts_statements_and_rows),
        cmocka_unit_test(rows_beyond_the_budget_are_refused),
        cmocka_unit_test(statements_may_be_more_than_the_cache_holds),
        cmocka_unit_test(one_statement_takes_other_types_another_time),
        cmocka_unit_test(too_many_parameters_are_our_mistake),
        cmocka_unit_test(text_sorts_by_code_point),
        cmocka_unit_test(a_store_that_cannot_be_opened_says_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
