/* lease_test.c - one holder at a time, a fence that only rises, and clocks that jump. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "db/lease.h"
#include "testing/world.h"

#define TASK S("sequencer")

enum { HOLD_MS = 15000, HOUR_MS = 3600 * 1000 };

static const int64_t DAY_MS = 24 * INT64_C(3600000);

static Err take(World *w, const char *owner, Lease *ret) {
    return lease_take(w->ctx, TASK, str_from_c(owner), HOLD_MS, ret);
}

static Lease must_take(World *w, const char *owner) {
    Lease lease = { 0 };

    assert_int_equal(take(w, owner, &lease).code, ERR_OK);
    assert_true(lease.fence > 0);
    assert_int_equal(lease.until_ms, w->ctx->now_ms + HOLD_MS);
    return lease;
}

/* As a holder does: in the transaction of what it writes. */
static Err check(World *w, const Lease *lease) {
    DB_TX(tx);

    TRY(db_begin(w->ctx, &tx));
    TRY(lease_check(w->ctx, lease));
    return db_commit(&tx);
}

static void a_free_lease_is_taken_and_renewed_under_the_same_fence(void **state) {
    World w = world_new();

    (void)state;
    Lease first = must_take(&w, "a");
    world_advance(&w, HOLD_MS / 2);
    Lease again = must_take(&w, "a");
    assert_int_equal(again.fence, first.fence);
    assert_true(again.until_ms > first.until_ms);
    assert_int_equal(check(&w, &first).code, ERR_OK);
    world_free(&w);
}

static void another_waits_to_the_last_millisecond_and_then_raises_the_fence(void **state) {
    World w = world_new();
    Lease other = { .fence = -1 };

    (void)state;
    Lease first = must_take(&w, "a");
    assert_int_equal(take(&w, "b", &other).code, ERR_BUSY);
    assert_int_equal(other.fence, -1); /* nothing is set on failure */
    world_advance(&w, HOLD_MS - 1);
    assert_int_equal(take(&w, "b", &other).code, ERR_BUSY);
    world_advance(&w, 1);
    other = must_take(&w, "b");
    assert_true(other.fence > first.fence);
    assert_int_equal(check(&w, &first).code, ERR_CONFLICT);
    assert_int_equal(check(&w, &other).code, ERR_OK);
    assert_int_equal(take(&w, "a", &first).code, ERR_BUSY);
    world_free(&w);
}

static void an_expired_lease_is_taken_anew_also_by_its_old_holder(void **state) {
    World w = world_new();

    (void)state;
    Lease first = must_take(&w, "a");
    world_advance(&w, HOLD_MS);
    assert_true(must_take(&w, "a").fence > first.fence);
    world_free(&w);
}

static void a_released_lease_is_free_at_once_and_an_old_holder_releases_nothing(void **state) {
    World w = world_new();

    (void)state;
    Lease first = must_take(&w, "a");
    assert_int_equal(lease_release(w.ctx, &first).code, ERR_OK);
    assert_int_equal(check(&w, &first).code, ERR_CONFLICT);
    Lease second = must_take(&w, "b");
    assert_true(second.fence > first.fence);
    assert_int_equal(lease_release(w.ctx, &first).code, ERR_OK); /* safe to repeat, and void */
    assert_int_equal(check(&w, &second).code, ERR_OK);
    world_free(&w);
}

static void leases_of_different_names_do_not_meet(void **state) {
    World w = world_new();
    Lease other;

    (void)state;
    (void)must_take(&w, "a");
    assert_int_equal(lease_take(w.ctx, S("node:3"), S("b"), HOLD_MS, &other).code, ERR_OK);
    assert_int_equal(other.fence, 1);
    assert_int_equal(world_count(&w, "lease"), 2);
    world_free(&w);
}

static void no_holder_is_kept_waiting_for_a_clock_that_ran_ahead(void **state) {
    static const int64_t back_ms[] = { HOUR_MS, 24 * HOUR_MS, 3653 * 24 * INT64_C(3600000) };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(back_ms); i++) {
        World w = world_new();
        Lease first = must_take(&w, "a"); /* its process ends; then the clock is put right */
        world_advance(&w, -back_ms[i]);
        Lease second = must_take(&w, "b");
        assert_true(second.fence > first.fence);
        assert_int_equal(check(&w, &first).code, ERR_CONFLICT);
        world_free(&w);
    }
}

static void a_clock_a_little_slow_takes_nothing_away(void **state) {
    World w = world_new();
    Lease other;

    (void)state;
    Lease first = must_take(&w, "a");
    world_advance(&w, -HOLD_MS);
    assert_int_equal(take(&w, "b", &other).code, ERR_BUSY);
    assert_int_equal(must_take(&w, "a").fence, first.fence);
    world_free(&w);
}

static void a_clock_that_jumps_ahead_only_ends_leases(void **state) {
    World w = world_new();

    (void)state;
    Lease first = must_take(&w, "a");
    world_advance(&w, 3653 * DAY_MS);
    assert_int_equal(check(&w, &first).code, ERR_OK); /* nobody else took it meanwhile */
    assert_true(must_take(&w, "b").fence > first.fence);
    assert_int_equal(check(&w, &first).code, ERR_CONFLICT);
    world_free(&w);
}

static void a_lease_is_taken_whole_or_not_at_all(void **state) {
    int step = 0;

    (void)state;
    for (bool is_done = false; !is_done; step++) {
        World w = world_new();
        Lease lease = { .fence = -1 };

        db_fail_at(w.ctx->db, step);
        Err err = take(&w, "a", &lease);
        db_fail_at(w.ctx->db, -1);
        db_reset(w.ctx->db);
        is_done = err.code == ERR_OK;
        assert_int_equal(world_count(&w, "lease"), is_done ? 1 : 0);
        assert_true(is_done ? lease.fence == 1 : err.code == ERR_IO && lease.fence == -1);
        world_free(&w);
    }
    assert_true(step > 3);
    World w = world_new();
    Lease lease = { .fence = -1 };
    db_busy_at(w.ctx->db, 0);
    Err err = take(&w, "a", &lease);
    assert_true(err.code == ERR_BUSY && err.retry && lease.fence == -1);
    db_reset(w.ctx->db);
    assert_int_equal(world_count(&w, "lease"), 0);
    assert_int_equal(must_take(&w, "a").fence, 1);
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_free_lease_is_taken_and_renewed_under_the_same_fence),
        cmocka_unit_test(another_waits_to_the_last_millisecond_and_then_raises_the_fence),
        cmocka_unit_test(an_expired_lease_is_taken_anew_also_by_its_old_holder),
        cmocka_unit_test(a_released_lease_is_free_at_once_and_an_old_holder_releases_nothing),
        cmocka_unit_test(leases_of_different_names_do_not_meet),
        cmocka_unit_test(no_holder_is_kept_waiting_for_a_clock_that_ran_ahead),
        cmocka_unit_test(a_clock_a_little_slow_takes_nothing_away),
        cmocka_unit_test(a_clock_that_jumps_ahead_only_ends_leases),
        cmocka_unit_test(a_lease_is_taken_whole_or_not_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
