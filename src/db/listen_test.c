/* listen_test.c - other processes hear which pages an act changed: after its commit, and only then. */
#include "db/listen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/vec.h"
#include "db/driver.h"
#include "testing/world.h"

enum { SOON_MS = 20, LONG_MS = 10000, QUIET_TIMES = 3 };

/* Another process on the same database, as far as notices go: a store of its own. */
typedef struct Other {
    World w;
    Arena *arena;
    DbStore *store;
    DbListener *listener;
    Str word; /* no other test that runs on this server says it */
} Other;

static Other other_new(void) {
    Other other = { .w = world_new(), .arena = arena_new(0) };
    uint64_t mine;

    assert_int_equal(db_store_open(other.arena, &other.w.store->how, &other.store).code, ERR_OK);
    assert_int_equal(db_listen(other.store, &other.listener).code, ERR_OK);
    chance_fill(chance_system(), &mine, sizeof mine);
    other.word = str_format(other.arena, "page:%llu", (unsigned long long)mine);
    return other;
}

static void other_free(Other *other) {
    db_listen_end(other->listener);
    db_store_close(other->store);
    arena_free(other->arena);
    world_free(&other->w);
}

static void act(Other *other, DbTx *tx, size_t tags) {
    Ctx *ctx = other->w.ctx;

    ctx->changed.items = NULL;
    ctx->changed.len = ctx->changed.cap = 0;
    assert_int_equal(db_begin(ctx, tx).code, ERR_OK);
    for (size_t i = 0; i < tags; i++)
        *(Str *)VEC_PUSH(ctx->arena, &ctx->changed) = other->word;
}

/*
 * How many of our tags the listener hears until it has heard nothing for some times wait_ms (input that is no
 * notice wakes it, too); a gap counts as 1000.
 */
static size_t heard(Other *other, int wait_ms) {
    size_t count = 0;
    StrList tags;

    for (int quiet = 0; quiet < QUIET_TIMES;) {
        DbHeard what =
            db_listen_next(other->listener, other->arena, count > 0 ? SOON_MS : wait_ms, &tags);

        quiet += what == HEARD_NOTHING;
        count += what == HEARD_GAP ? 1000 : 0;
        for (size_t i = 0; what == HEARD_TAGS && i < tags.len; i++)
            count += str_eq(tags.items[i], other->word);
    }
    return count;
}

static void an_act_is_heard_once_it_has_committed(void **state) {
    Other other = other_new();
    DB_TX(tx);

    (void)state;
    if (other.listener) { /* PostgreSQL */
        act(&other, &tx, 2);
        assert_int_equal(heard(&other, SOON_MS), 0);
        assert_int_equal(db_commit(&tx).code, ERR_OK);
        assert_int_equal(heard(&other, LONG_MS), 2);
        act(&other, &tx, 1);
        db_tx_close(&tx);
        assert_int_equal(heard(&other, SOON_MS), 0);
    } else {
        assert_int_equal(db_store_driver(other.store), DB_SQLITE);
    }
    other_free(&other);
}

static void what_does_not_fit_a_notice_is_a_gap(void **state) {
    Other other = other_new();
    DB_TX(tx);

    (void)state;
    if (other.listener) {
        act(&other, &tx, 1000);
        assert_int_equal(db_commit(&tx).code, ERR_OK);
        assert_true(heard(&other, LONG_MS) >= 1000);
    }
    other_free(&other);
}

static void a_process_does_not_hear_itself(void **state) {
    Other other = other_new();
    DbListener *own;
    DbHeard what;
    StrList tags;
    DB_TX(tx);

    (void)state;
    assert_int_equal(db_listen(other.w.store, &own).code, ERR_OK);
    if (own) {
        act(&other, &tx, 1);
        assert_int_equal(db_commit(&tx).code, ERR_OK);
        assert_int_equal(heard(&other, LONG_MS), 1); /* so it was told by now */
        while ((what = db_listen_next(own, other.arena, SOON_MS, &tags)) == HEARD_TAGS)
            assert_false(str_eq(tags.items[0], other.word));
        assert_int_equal(what, HEARD_NOTHING);
    }
    db_listen_end(own);
    other_free(&other);
}

/* A listener's connection is one that has said LISTEN last. */
static void end_listeners(Other *other) {
    Ctx *ctx = other->w.ctx;
    DB_ROWS(rows);

    assert_int_equal(db_query(ctx, &rows,
                              "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity"
                              " WHERE datname = current_database() AND query LIKE 'LISTEN%'",
                              NO_ARGS)
                         .code,
                     ERR_OK);
    assert_true(db_next(&rows) && db_int(&rows, 0) >= 1);
    assert_int_equal(db_end(&rows).code, ERR_OK);
}

static void a_lost_connection_is_a_gap_and_then_it_hears_again(void **state) {
    Other other = other_new();
    DB_TX(tx);

    (void)state;
    if (other.listener) {
        end_listeners(&other);
        assert_true(heard(&other, LONG_MS) >= 1000);
        act(&other, &tx, 1);
        assert_int_equal(db_commit(&tx).code, ERR_OK);
        assert_int_equal(heard(&other, LONG_MS) % 1000, 1);
    }
    other_free(&other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_act_is_heard_once_it_has_committed),
        cmocka_unit_test(what_does_not_fit_a_notice_is_a_gap),
        cmocka_unit_test(a_process_does_not_hear_itself),
        cmocka_unit_test(a_lost_connection_is_a_gap_and_then_it_hears_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
