/* net/aged_test.c - what is remembered, for how long, and that memory stays bounded. */
#include "net/aged.h"

#include "base/test_support.h"

static void values_are_remembered_until_their_time(void **state) {
    Aged *aged = aged_new(1 << 16);
    Str value = S("unchanged");

    (void)state;
    assert_false(aged_get(aged, S("a"), 0, &value));
    assert_str(value, S("unchanged"));
    aged_put(aged, S("a"), S("1"), 100);
    assert_true(aged_get(aged, S("a"), 99, &value));
    assert_str(value, S("1"));
    assert_false(aged_get(aged, S("a"), 100, &value));
    aged_put(aged, S("a"), S("2"), 200);
    assert_true(aged_get(aged, S("a"), 100, &value));
    assert_str(value, S("2"));
    aged_free(aged);
    aged_free(NULL);
}

static void the_oldest_are_forgotten_within_the_bound_and_what_is_asked_for_stays(void **state) {
    enum { BOUND = 1 << 16, KEYS = 10000 };
    Aged *aged = aged_new(BOUND);
    size_t kept = 0;
    Str value;

    for (int i = 0; i < KEYS; i++) {
        Str key = str_from_int(*state, i);

        aged_put(aged, key, key, 1000);
        if (i == 0)
            aged_put(aged, S("asked"), S("for"), 1000);
        assert_true(aged_get(aged, S("asked"), 0, &value));
        assert_str(value, S("for"));
    }
    for (int i = 0; i < KEYS; i++) {
        Str key = str_from_int(*state, i);
        bool is_there = aged_get(aged, key, 0, &value);

        kept += is_there;
        if (is_there)
            assert_str(value, key);
    }
    assert_true(kept > 100 && kept < BOUND / 16);
    aged_free(aged);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_remembered_until_their_time),
        WITH_ARENA(the_oldest_are_forgotten_within_the_bound_and_what_is_asked_for_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
