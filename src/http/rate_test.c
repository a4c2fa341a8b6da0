/* http/rate_test.c - failed sign-ins make the next ones wait, per account and per address. */
#include "base/test_support.h"
#include "http/rate.h"

#define LIMITS ((SignInLimits){ .free_failures = 3, .delay_ms = 1000, .delay_max_ms = 8000 })
#define NOW INT64_C(1000000)
#define ANNA S("anna")
#define HOME S("\x0A\x00\x00\x01")

static SignInRate *rate_of(void **state) {
    return rate_new(*state, LIMITS);
}

static void the_free_failures_cost_nothing_the_next_ones_double(void **state) {
    SignInRate *rate = rate_of(state);
    int64_t now = NOW;

    for (int i = 0; i < 3; i++)
        assert_int_equal(rate_attempt(rate, ANNA, HOME, now), 0);
    for (int64_t delay = 1000; delay <= 8000; delay *= 2) {
        assert_int_equal(rate_attempt(rate, ANNA, HOME, now), delay);
        assert_int_equal(rate_attempt(rate, ANNA, HOME, now + delay - 1), 1);
        now += delay;
        assert_int_equal(rate_attempt(rate, ANNA, HOME, now), 0);
    }
    assert_int_equal(rate_attempt(rate, ANNA, HOME, now), 8000); /* never longer */
}

static void a_first_delay_of_nothing_never_grows(void **state) {
    SignInLimits limits = LIMITS;

    limits.delay_ms = 0;
    SignInRate *rate = rate_new(*state, limits);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(rate_attempt(rate, ANNA, HOME, NOW), 0);
}

static void success_forgets_the_account(void **state) {
    SignInRate *rate = rate_of(state);

    for (int i = 0; i < 3; i++)
        assert_int_equal(rate_attempt(rate, ANNA, HOME, NOW), 0);
    assert_true(rate_attempt(rate, ANNA, HOME, NOW) > 0);
    rate_succeeded(rate, ANNA, HOME);
    for (int i = 0; i < 3; i++)
        assert_int_equal(rate_attempt(rate, ANNA, HOME, NOW), 0);
    assert_true(rate_attempt(rate, ANNA, HOME, NOW) > 0);
}

static void an_attempt_counts_before_it_ends(void **state) {
    SignInRate *rate = rate_of(state);
    int let = 0;

    for (int i = 0; i < 100; i++) /* all at the same moment, none has ended */
        let += rate_attempt(rate, ANNA, STR_EMPTY, NOW) == 0;
    assert_int_equal(let, 3);
}

static void accounts_do_not_wait_for_one_another(void **state) {
    SignInRate *rate = rate_of(state);

    for (int i = 0; i < 4; i++)
        (void)rate_attempt(rate, ANNA, STR_EMPTY, NOW);
    assert_true(rate_attempt(rate, ANNA, STR_EMPTY, NOW) > 0);
    assert_int_equal(rate_attempt(rate, S("berta"), STR_EMPTY, NOW), 0);
}

static void an_address_may_fail_ten_times_oftener(void **state) {
    SignInRate *rate = rate_of(state);
    Arena *arena = *state;

    for (int i = 0; i < 30; i++)
        assert_int_equal(rate_attempt(rate, str_format(arena, "person %d", i), HOME, NOW), 0);
    assert_int_equal(rate_attempt(rate, S("one more"), HOME, NOW), 1000);
    assert_int_equal(rate_attempt(rate, S("one more"), S("\x0A\x00\x00\x02"), NOW), 0);
}

static void success_keeps_the_address_earlier_failures(void **state) {
    SignInRate *rate = rate_of(state);
    Arena *arena = *state;

    for (int i = 0; i < 30; i++)
        (void)rate_attempt(rate, str_format(arena, "person %d", i), HOME, NOW);
    rate_succeeded(rate, S("person 29"), HOME);
    assert_int_equal(rate_attempt(rate, S("x"), HOME, NOW), 0);
    assert_int_equal(rate_attempt(rate, S("x"), HOME, NOW), 1000);
}

static void nobody_is_not_counted(void **state) {
    SignInRate *rate = rate_of(state);

    for (int i = 0; i < 100; i++)
        assert_int_equal(rate_attempt(rate, STR_EMPTY, STR_EMPTY, NOW), 0);
    rate_succeeded(rate, STR_EMPTY, STR_EMPTY);
}

static void one_failure_is_forgotten_each_quiet_time(void **state) {
    SignInRate *rate = rate_of(state);
    int64_t quiet = 8000 * 4;

    for (int i = 0; i < 3; i++)
        (void)rate_attempt(rate, ANNA, STR_EMPTY, NOW);
    assert_int_equal(rate_attempt(rate, ANNA, STR_EMPTY, NOW + quiet), 0); /* 2, then 3 again */
    assert_int_equal(rate_attempt(rate, ANNA, STR_EMPTY, NOW + quiet), 1000);
}

/* A refused attempt is no quiet time: asking again and again does not make the wait go away. */
static void asking_often_forgets_nothing(void **state) {
    SignInRate *rate = rate_of(state);
    Arena *arena = *state;
    int64_t later = NOW + 8000 * 4;

    for (int i = 0; i < 10; i++) { /* the account has seven failures beyond the free ones */
        int64_t now = NOW - (10 - i) * 10000;
        (void)rate_attempt(rate, ANNA, STR_EMPTY, now);
    }
    for (int i = 0; i < 40; i++) /* its address waits now */
        (void)rate_attempt(rate, str_format(arena, "person %d", i), HOME, later);
    for (int i = 0; i < 40; i++)
        assert_true(rate_attempt(rate, ANNA, HOME, later) > 0);
    /* One quiet time took one failure, not forty. */
    assert_int_equal(rate_attempt(rate, ANNA, STR_EMPTY, later), 0);
    assert_int_equal(rate_attempt(rate, ANNA, STR_EMPTY, later), 8000);
}

static void a_clock_put_back_does_not_lock_out_for_ever(void **state) {
    SignInRate *rate = rate_of(state);

    for (int i = 0; i < 4; i++)
        (void)rate_attempt(rate, ANNA, STR_EMPTY, NOW);
    assert_true(rate_attempt(rate, ANNA, STR_EMPTY, NOW) <= 8000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(the_free_failures_cost_nothing_the_next_ones_double),
        WITH_ARENA(a_first_delay_of_nothing_never_grows),
        WITH_ARENA(success_forgets_the_account),
        WITH_ARENA(an_attempt_counts_before_it_ends),
        WITH_ARENA(accounts_do_not_wait_for_one_another),
        WITH_ARENA(an_address_may_fail_ten_times_oftener),
        WITH_ARENA(success_keeps_the_address_earlier_failures),
        WITH_ARENA(nobody_is_not_counted),
        WITH_ARENA(one_failure_is_forgotten_each_quiet_time),
        WITH_ARENA(asking_often_forgets_nothing),
        WITH_ARENA(a_clock_put_back_does_not_lock_out_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
