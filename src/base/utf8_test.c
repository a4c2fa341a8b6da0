/* base/utf8_test.c - what is UTF-8, what is not, and what becomes of it. */
#include "base/utf8.h"

#include "base/test_support.h"

static void every_scalar_value_is_written_and_read(void **state) {
    for (uint32_t rune = 0; rune <= 0x110000; rune++) {
        char bytes[4];
        size_t len = utf8_put(rune, bytes), at = 0;

        if (rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF)) {
            assert_int_equal(len, 0);
            continue;
        }
        if (utf8_next((Str){ bytes, len }, &at) != rune || at != len)
            fail_msg("U+%04X", rune);
    }
    assert_int_equal(utf8_put(UTF8_BAD, (char[4]){ 0 }), 0);
}

static void ill_formed_text_is_found(void **state) {
    static const Str bad[] = {
        S_INIT("\x80"),
        S_INIT("\xC0\x80"),
        S_INIT("\xC1\xBF"),
        S_INIT("\xE0\x9F\xBF"),
        S_INIT("\xED\xA0\x80"),
        S_INIT("\xED\xBF\xBF"),
        S_INIT("\xF0\x8F\xBF\xBF"),
        S_INIT("\xF4\x90\x80\x80"),
        S_INIT("\xF5\x80\x80\x80"),
        S_INIT("\xFF"),
        S_INIT("\xE4\xB8"),
        S_INIT("a\xC3"),
        S_INIT("\xE4\xB8 "),
        S_INIT("\xF8\x88\x80\x80\x80"),
    };
    size_t chars = 7;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(utf8_is_valid(bad[i]));
        assert_false(utf8_count(bad[i], &chars));
    }
    assert_int_equal(chars, 7);
}

static void counts_scalar_values(void **state) {
    size_t chars;

    assert_true(utf8_count(S("a联\U0001F600\u00E9"), &chars));
    assert_int_equal(chars, 4);
    assert_true(utf8_count(STR_EMPTY, &chars));
    assert_int_equal(chars, 0);
    assert_true(utf8_is_valid((Str){ "\0", 1 }));
    assert_true(utf8_is_valid(S("\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEE\x80\x80")));
}

static void a_bad_byte_is_passed_alone(void **state) {
    Str s = S("\xE4\xB8x");
    size_t at = 0;

    assert_int_equal(utf8_next(s, &at), UTF8_BAD);
    assert_int_equal(at, 1);
    assert_int_equal(utf8_next(s, &at), UTF8_BAD);
    assert_int_equal(utf8_next(s, &at), 'x');
    assert_int_equal(at, 3);
}

static void offsets_stop_at_the_end(void **state) {
    assert_int_equal(utf8_offset(S("a联b"), 0), 0);
    assert_int_equal(utf8_offset(S("a联b"), 2), 4);
    assert_int_equal(utf8_offset(S("a联b"), 3), 5);
    assert_int_equal(utf8_offset(S("a联b"), 99), 5);
}

/* The examples of Unicode 15, 3.9, tables 3-8 to 3-11. */
static void ill_formed_text_is_mended_by_maximal_subparts(void **state) {
#define R "\xEF\xBF\xBD"
    assert_str(utf8_clean(*state, S("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41")),
               S(R R R R R R R R "A"));
    assert_str(utf8_clean(*state, S("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41")),
               S(R R R R R R R R "A"));
    assert_str(utf8_clean(*state, S("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42")),
               S(R R R R R "A" R R "B"));
    assert_str(utf8_clean(*state, S("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41")), S(R R R R "A"));
}

static void controls_go_and_lines_end_alike(void **state) {
    assert_str(utf8_clean(*state, (Str){ "a\0b\x01\x1F\tc\r\nd\re\n", 13 }), S("ab\tc\nd\ne\n"));
    assert_str(utf8_clean(*state, S("\r\r\n\r")), S("\n\n\n"));
    assert_str(utf8_clean(*state, STR_EMPTY), STR_EMPTY);
    assert_str(utf8_clean(*state, S("联动 \U0001F600")), S("联动 \U0001F600"));
}

static void controls_are_seen(void **state) {
    assert_false(utf8_has_control(S("a\tb\r\n联\u00A0")));
    assert_false(utf8_has_control(STR_EMPTY));
    assert_true(utf8_has_control((Str){ "a\0", 2 }));
    assert_true(utf8_has_control(S("\x1B")));
    assert_true(utf8_has_control(S("\x7F")));
    assert_true(utf8_has_control(S("\xC2\x80")));
    assert_true(utf8_has_control(S("\xC2\x9F")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scalar_value_is_written_and_read),
        cmocka_unit_test(ill_formed_text_is_found),
        cmocka_unit_test(counts_scalar_values),
        cmocka_unit_test(a_bad_byte_is_passed_alone),
        cmocka_unit_test(offsets_stop_at_the_end),
        WITH_ARENA(ill_formed_text_is_mended_by_maximal_subparts),
        WITH_ARENA(controls_go_and_lines_end_alike),
        cmocka_unit_test(controls_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
