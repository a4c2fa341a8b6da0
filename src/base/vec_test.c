/* base/vec_test.c - arrays that grow. */
#include "base/vec.h"

#include "base/test_support.h"

static void elements_come_zeroed_and_keep_their_order(void **state) {
    VEC(int) numbers = { 0 };

    for (int i = 0; i < 10000; i++) {
        int *number = VEC_PUSH(*state, &numbers);

        assert_int_equal(*number, 0);
        *number = i;
        arena_alloc(*state, i % 3 == 0 ? 8 : 0); /* so that it cannot always grow in place */
    }
    assert_int_equal(numbers.len, 10000);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(numbers.items[i], i);
}

static void starts_with_room_for_eight_and_doubles(void **state) {
    VEC(char) letters = { 0 };

    *VEC_PUSH(*state, &letters) = 'a';
    assert_int_equal(letters.cap, 8);
    for (int i = 0; i < 8; i++)
        *VEC_PUSH(*state, &letters) = 'b';
    assert_int_equal(letters.cap, 16);
    assert_int_equal(letters.len, 9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(elements_come_zeroed_and_keep_their_order),
        WITH_ARENA(starts_with_room_for_eight_and_doubles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
