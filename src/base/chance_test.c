/* base/chance_test.c - random bytes. */
#include "base/chance.h"

#include "base/test_support.h"

static void the_system_fills_all_bytes(void **state) {
    unsigned char bytes[3000] = { 0 }, others[3000] = { 0 };
    size_t zeros = 0;

    chance_fill(chance_system(), bytes, sizeof bytes);
    chance_fill(chance_system(), others, sizeof others);
    assert_memory_not_equal(bytes, others, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        zeros += bytes[i] == 0;
    assert_true(zeros < 100); /* 12 are expected */
}

static void a_seed_repeats_its_stream(void **state) {
    SeededChance first, second, other;
    char a[37], b[37], c[37];

    chance_seeded(&first, 7);
    chance_seeded(&second, 7);
    chance_seeded(&other, 8);
    chance_fill(&first.chance, a, sizeof a);
    chance_fill(&second.chance, b, sizeof b);
    chance_fill(&other.chance, c, sizeof c);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
    chance_fill(&first.chance, b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
}

static void numbers_stay_below_and_are_even(void **state) {
    SeededChance seeded;
    int counts[6] = { 0 };

    chance_seeded(&seeded, 1);
    assert_int_equal(chance_below(&seeded.chance, 1), 0);
    for (int i = 0; i < 60000; i++)
        counts[chance_below(&seeded.chance, 6)]++;
    for (int i = 0; i < 6; i++)
        assert_in_range(counts[i], 9500, 10500);
    for (int i = 0; i < 1000; i++)
        assert_true(chance_below(&seeded.chance, UINT64_MAX) < UINT64_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_system_fills_all_bytes),
        cmocka_unit_test(a_seed_repeats_its_stream),
        cmocka_unit_test(numbers_stay_below_and_are_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
