/* sec/compare_test.c - secrets are compared whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sec/compare.h"

static void equal_bytes_are_equal(void **state) {
    assert_true(compare_secret(S("ab\0c"), S("ab\0c")));
    assert_true(compare_secret(STR_EMPTY, S("")));
}

static void any_other_byte_or_length_is_not(void **state) {
    assert_false(compare_secret(S("ab\0c"), S("ab\0d")));
    assert_false(compare_secret(S("xbc"), S("abc")));
    assert_false(compare_secret(S("abc"), S("abcd")));
    assert_false(compare_secret(S("abc"), STR_EMPTY));
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_bytes_are_equal),
        cmocka_unit_test(any_other_byte_or_length_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
