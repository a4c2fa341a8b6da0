/* base/id_test.c - ids rise, whatever the clock does. */
#include "base/id.h"

#include <pthread.h>

#include "base/test_support.h"

#define EPOCH_MS INT64_C(1577836800000)

static void an_id_holds_time_node_and_counter(void **state) {
    FixedClock fixed;

    clock_fixed(&fixed, EPOCH_MS + 5);
    Ids *ids = ids_new(&fixed.clock, 255);
    int64_t id = ids_next(ids);
    assert_int_equal(id, 5 << 21 | 255 << 13);
    assert_int_equal(id_time_ms(id), EPOCH_MS + 5);
    assert_int_equal(ids_next(ids), id + 1);
    ids_free(ids);
    ids_free(NULL);
}

static void ids_rise_when_the_clock_stands_or_runs_back(void **state) {
    FixedClock fixed;

    clock_fixed(&fixed, EPOCH_MS + 1000);
    Ids *ids = ids_new(&fixed.clock, 3);
    int64_t last = 0;
    for (int i = 0; i < 20000; i++) { /* more than the counter holds */
        int64_t id = ids_next(ids);

        assert_true(id > last);
        assert_int_equal(id >> 13 & 255, 3);
        last = id;
        if (i == 9000)
            fixed.at_ms -= 500;
    }
    assert_int_equal(id_time_ms(last), EPOCH_MS + 1002);
    ids_free(ids);
}

static void no_id_comes_at_or_below_the_highest_stored(void **state) {
    FixedClock fixed;
    const int64_t nodes[] = { 0, 7, 8, 255 };

    clock_fixed(&fixed, EPOCH_MS);
    for (size_t i = 0; i < COUNT_OF(nodes); i++) {
        for (int64_t counter = 0; counter < 1 << 13; counter += (1 << 13) - 1) {
            int64_t highest = INT64_C(77) << 21 | nodes[i] << 13 | counter;
            Ids *ids = ids_new(&fixed.clock, 7);

            ids_raise(ids, highest);
            ids_raise(ids, 1); /* never lowers */
            int64_t id = ids_next(ids);
            assert_true(id > highest);
            assert_int_equal(id >> 13 & 255, 7);
            assert_in_range(id_time_ms(id), EPOCH_MS + 77, EPOCH_MS + 78);
            ids_free(ids);
        }
    }
}

static void a_clock_before_2020_still_gives_ids_above_zero(void **state) {
    FixedClock fixed;

    clock_fixed(&fixed, 0);
    Ids *ids = ids_new(&fixed.clock, 0);
    assert_int_equal(ids_next(ids), 1);
    ids_free(ids);
}

static void exhaust(const void *data) {
    ids_raise(*(Ids *const *)data, INT64_MAX);
    (void)ids_next(*(Ids *const *)data);
}

static void at_the_end_of_the_range_the_process_ends(void **state) {
    Ids *ids = ids_new(clock_system(), 0);
    Str text;

    assert_int_equal(test_in_child(*state, exhaust, &ids, &text), 70);
    ids_free(ids);
}

enum { THREADS = 4, EACH = 20000 };

typedef struct Share {
    Ids *ids;
    int64_t made[EACH];
} Share;

static void *make_share(void *data) {
    Share *share = data;

    for (int i = 0; i < EACH; i++)
        share->made[i] = ids_next(share->ids);
    return NULL;
}

static int compare_ids(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void threads_never_get_the_same(void **state) {
    Ids *ids = ids_new(clock_system(), 0);
    Share *shares = arena_array(*state, THREADS, sizeof *shares);
    int64_t *all = arena_array(*state, (size_t)THREADS * EACH, sizeof *all);
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++) {
        shares[i].ids = ids;
        assert_int_equal(pthread_create(&threads[i], NULL, make_share, &shares[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        memcpy(all + (size_t)i * EACH, shares[i].made, sizeof shares[i].made);
    }
    qsort(all, (size_t)THREADS * EACH, sizeof *all, compare_ids);
    for (int i = 1; i < THREADS * EACH; i++)
        assert_true(all[i - 1] < all[i]);
    ids_free(ids);
}

/* A chance that gives nothing but zeros at first. */
static void fill_late(Chance *chance, void *out, size_t bytes) {
    static int calls;

    (void)chance;
    memset(out, calls++ < 3 ? 0 : 0xFF, bytes);
}

static void random_ids_are_63_bits_and_never_zero(void **state) {
    Chance late = { fill_late };
    SeededChance seeded;
    Ctx ctx = { .chance = &late };

    assert_int_equal(id_random(&ctx), INT64_MAX);
    chance_seeded(&seeded, 1);
    ctx.chance = &seeded.chance;
    for (int i = 0; i < 1000; i++)
        assert_true(id_random(&ctx) > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_holds_time_node_and_counter),
        cmocka_unit_test(ids_rise_when_the_clock_stands_or_runs_back),
        cmocka_unit_test(no_id_comes_at_or_below_the_highest_stored),
        cmocka_unit_test(a_clock_before_2020_still_gives_ids_above_zero),
        WITH_ARENA(at_the_end_of_the_range_the_process_ends),
        WITH_ARENA(threads_never_get_the_same),
        cmocka_unit_test(random_ids_are_63_bits_and_never_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
