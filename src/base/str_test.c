/* base/str_test.c - slices: copies, comparison, search, parts, numbers. */
#include "base/str.h"

#include "base/test_support.h"

static void borrows_and_copies(void **state) {
    Arena *arena = *state;

    assert_str(str_from_c("abc"), S("abc"));
    assert_str(str_from_c(NULL), STR_EMPTY);
    assert_string_equal(str_to_c(arena, S("ab")), "ab");
    assert_string_equal(str_to_c(arena, STR_EMPTY), "");
    Str copy = str_dup(arena, S("联动"));
    assert_str(copy, S("联动"));
    assert_ptr_not_equal(copy.ptr, S("联动").ptr);
    assert_str(str_dup(arena, STR_EMPTY), STR_EMPTY);
}

static void writes_numbers_up_to_their_ends(void **state) {
    assert_str(str_from_int(*state, 0), S("0"));
    assert_str(str_from_int(*state, -7), S("-7"));
    assert_str(str_from_int(*state, INT64_MAX), S("9223372036854775807"));
    assert_str(str_from_int(*state, INT64_MIN), S("-9223372036854775808"));
}

static void formats_and_joins(void **state) {
    Str parts[] = { S_INIT("a"), S_INIT(""), S_INIT("c") };

    assert_str(str_format(*state, "%d-%s", 5, "x"), S("5-x"));
    assert_str(str_format(*state, "%s", ""), STR_EMPTY);
    assert_str(str_concat(*state, S("ab"), S("cd")), S("abcd"));
    assert_str(str_concat(*state, STR_EMPTY, STR_EMPTY), STR_EMPTY);
    assert_str(str_join(*state, (StrList){ parts, 3 }, S(", ")), S("a, , c"));
    assert_str(str_join(*state, (StrList){ parts, 1 }, S(", ")), S("a"));
    assert_str(str_join(*state, (StrList){ NULL, 0 }, S(", ")), STR_EMPTY);
}

static void compares_bytes(void **state) {
    assert_true(str_eq(STR_EMPTY, S("")));
    assert_false(str_eq(S("a"), S("ab")));
    assert_true(str_eq_nocase(S("Content-TYPE"), S("content-type")));
    assert_false(str_eq_nocase(S("[a"), S("{a")));
    assert_false(str_eq_nocase(S("a"), S("ab")));
    assert_true(str_compare(S("a"), S("b")) < 0);
    assert_true(str_compare(S("b"), S("a")) > 0);
    assert_true(str_compare(S("a"), S("ab")) < 0);
    assert_true(str_compare(S("\xC3"), S("a")) > 0);
    assert_int_equal(str_compare(STR_EMPTY, S("")), 0);
    assert_true(str_compare(S("\uFFFD"), S("\U00010000")) < 0);
}

static void finds_at_and_after_a_place(void **state) {
    Str s = S("abcabc");

    assert_true(str_starts(s, S("ab")));
    assert_true(str_starts(s, STR_EMPTY));
    assert_false(str_starts(S("a"), S("ab")));
    assert_true(str_ends(s, S("bc")));
    assert_false(str_ends(S("c"), S("bc")));
    assert_int_equal(str_find(s, S("bc"), 0), 1);
    assert_int_equal(str_find(s, S("bc"), 1), 1);
    assert_int_equal(str_find(s, S("bc"), 2), 4);
    assert_int_equal(str_find(s, S("bc"), 5), SIZE_MAX);
    assert_int_equal(str_find(s, S("x"), 0), SIZE_MAX);
    assert_int_equal(str_find(s, STR_EMPTY, 6), 6);
    assert_int_equal(str_find(s, STR_EMPTY, 7), SIZE_MAX);
    assert_int_equal(str_find(STR_EMPTY, S("a"), 0), SIZE_MAX);
    assert_int_equal(str_find_char(s, 'c', 3), 5);
    assert_int_equal(str_find_char((Str){ "a\0b", 3 }, 0, 0), 1);
    assert_true(str_contains(s, S("ca")));
    assert_false(str_contains(s, S("cc")));
}

static void slices_are_clamped(void **state) {
    assert_str(str_slice(S("abc"), 1, 2), S("b"));
    assert_str(str_slice(S("abc"), 1, SIZE_MAX), S("bc"));
    assert_str(str_slice(S("abc"), 3, 3), STR_EMPTY);
    assert_str(str_slice(S("abc"), 4, 9), STR_EMPTY);
    assert_str(str_slice(S("abc"), 2, 1), STR_EMPTY);
    assert_str(str_slice(STR_EMPTY, 0, 9), STR_EMPTY);
}

static void trims_ascii_white_space_only(void **state) {
    assert_str(str_trim(S(" \t\r\n\f\va b\n")), S("a b"));
    assert_str(str_trim(S("  ")), STR_EMPTY);
    assert_str(str_trim(STR_EMPTY), STR_EMPTY);
    assert_str(str_trim(S("\u3000a")), S("\u3000a"));
}

static void lowers_ascii_only(void **state) {
    assert_str(str_lower_ascii(*state, S("AbZ[É")), S("abz[É"));
    assert_str(str_lower_ascii(*state, STR_EMPTY), STR_EMPTY);
}

static void replaces_every_occurrence(void **state) {
    assert_str(str_replace(*state, S("a-b-c"), S("-"), S("+-")), S("a+-b+-c"));
    assert_str(str_replace(*state, S("aaa"), S("aa"), S("b")), S("ba"));
    assert_str(str_replace(*state, S("--"), S("-"), STR_EMPTY), STR_EMPTY);
    assert_str(str_replace(*state, S("abc"), S("x"), S("y")), S("abc"));
    assert_str(str_replace(*state, STR_EMPTY, S("x"), S("y")), STR_EMPTY);
}

static void cuts_parts_off(void **state) {
    Str rest = S("a,,b,"), part;

    assert_true(str_cut(&rest, ',', &part));
    assert_str(part, S("a"));
    assert_true(str_cut(&rest, ',', &part));
    assert_str(part, STR_EMPTY);
    assert_true(str_cut(&rest, ',', &part));
    assert_str(part, S("b"));
    assert_false(str_cut(&rest, ',', &part));
    assert_str(part, S("b"));
}

static void splits_into_all_parts(void **state) {
    StrList list = str_split(*state, S("a,,b"), ',');

    assert_int_equal(list.len, 3);
    assert_str(list.items[0], S("a"));
    assert_str(list.items[1], STR_EMPTY);
    assert_str(list.items[2], S("b"));
    assert_int_equal(str_split(*state, STR_EMPTY, ',').len, 1);
    list = str_split(*state, S("a,"), ',');
    assert_int_equal(list.len, 2);
    assert_str(list.items[1], STR_EMPTY);
}

static void reads_whole_numbers_and_nothing_else(void **state) {
    static const Str bad[] = { S_INIT(""),
                               S_INIT("-"),
                               S_INIT("+1"),
                               S_INIT(" 1"),
                               S_INIT("1 "),
                               S_INIT("1x"),
                               S_INIT("0x1"),
                               S_INIT("--1"),
                               S_INIT("9223372036854775808"),
                               S_INIT("-9223372036854775809"),
                               S_INIT("99999999999999999999"),
                               S_INIT("1.0") };
    int64_t number = 42;

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(str_parse_int(bad[i], &number));
    assert_int_equal(number, 42);
    assert_true(str_parse_int(S("9223372036854775807"), &number));
    assert_int_equal(number, INT64_MAX);
    assert_true(str_parse_int(S("-9223372036854775808"), &number));
    assert_int_equal(number, INT64_MIN);
    assert_true(str_parse_int(S("-0"), &number));
    assert_int_equal(number, 0);
    assert_true(str_parse_int(S("007"), &number));
    assert_int_equal(number, 7);
}

static void sizes_fail_instead_of_wrapping(void **state) {
    size_t size = 1;

    assert_true(size_add(SIZE_MAX - 1, 1, &size));
    assert_int_equal(size, SIZE_MAX);
    assert_false(size_add(SIZE_MAX, 1, &size));
    assert_true(size_mul(SIZE_MAX, 1, &size));
    assert_false(size_mul(SIZE_MAX / 2 + 1, 2, &size));
    assert_int_equal(size, SIZE_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(borrows_and_copies),
        WITH_ARENA(writes_numbers_up_to_their_ends),
        WITH_ARENA(formats_and_joins),
        cmocka_unit_test(compares_bytes),
        cmocka_unit_test(finds_at_and_after_a_place),
        cmocka_unit_test(slices_are_clamped),
        cmocka_unit_test(trims_ascii_white_space_only),
        WITH_ARENA(lowers_ascii_only),
        WITH_ARENA(replaces_every_occurrence),
        cmocka_unit_test(cuts_parts_off),
        WITH_ARENA(splits_into_all_parts),
        cmocka_unit_test(reads_whole_numbers_and_nothing_else),
        cmocka_unit_test(sizes_fail_instead_of_wrapping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
