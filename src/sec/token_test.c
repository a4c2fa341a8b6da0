/* sec/token_test.c - tokens: their form, their chance, what is stored. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sec/token.h"

static Arena *arena;
static SeededChance seeded;

static int begin(void **state) {
    arena = arena_new(0);
    chance_seeded(&seeded, 7);
    return 0;
}

static int end(void **state) {
    arena_close(&arena);
    return 0;
}

static void every_token_is_new_and_well_formed(void **state) {
    Str a = token_new(arena, &seeded.chance, TOKEN_SESSION_BYTES);
    Str b = token_new(arena, &seeded.chance, TOKEN_SESSION_BYTES);
    Str c = token_new_base32(arena, &seeded.chance, TOKEN_LINK_BYTES);

    assert_int_equal(a.len, 43);
    assert_int_equal(token_new(arena, &seeded.chance, TOKEN_LINK_BYTES).len, 22);
    assert_int_equal(c.len, 26);
    assert_false(str_eq(a, b));
    assert_int_equal(token_check(a).code, ERR_OK);
    assert_int_equal(token_check(c).code, ERR_OK);
}

static void the_text_is_the_bytes_of_chance(void **state) {
    Str text = token_new(arena, &seeded.chance, TOKEN_LINK_BYTES), bytes;
    SeededChance again;
    char expected[TOKEN_LINK_BYTES];

    chance_seeded(&again, 7);
    chance_fill(&again.chance, expected, sizeof expected);
    assert_int_equal(base64url_decode(arena, text, &bytes).code, ERR_OK);
    assert_true(str_eq(bytes, (Str){ expected, sizeof expected }));
}

static void what_is_stored_does_not_hold_the_token(void **state) {
    Str token = token_new(arena, &seeded.chance, TOKEN_SESSION_BYTES),
        hex = token_hash_hex(arena, token);
    Hash hash = hash_sha256(token), stored = token_hash(token);

    assert_true(hash_eq(&hash, &stored));
    assert_int_equal(hex.len, 64);
    assert_false(str_contains(hex, token));
}

static void other_texts_are_no_tokens(void **state) {
    assert_int_equal(token_check(S("")).code, ERR_INVALID);
    assert_int_equal(token_check(S("aaaaaaaaaaaaaaaaaaaaa")).code, ERR_INVALID);
    assert_int_equal(token_check(S("aaaaaaaaaaaaaaaaaaaaaa")).code, ERR_OK);
    assert_int_equal(token_check(S("aaaaaaaaaaaaaaaaaaaaa=")).code, ERR_INVALID);
    assert_int_equal(token_check(S("aaaaaaaaaaaaaaaaaaaa\0aa")).code, ERR_INVALID);
    Str longest = { memset(arena_alloc(arena, TOKEN_TEXT_MAX + 1), 'a', TOKEN_TEXT_MAX + 1),
                    TOKEN_TEXT_MAX };
    assert_int_equal(token_check(longest).code, ERR_OK);
    longest.len++;
    assert_int_equal(token_check(longest).code, ERR_INVALID);
}

/* "ld_" and a check: what a scanner of source texts looks for. */
static void a_token_of_a_program_is_known_by_its_form(void **state) {
    Str token = token_new_program(arena, &seeded.chance);

    assert_int_equal(token.len, 52);
    assert_true(str_starts(token, S("ld_")));
    assert_int_equal(token_check_program(token).code, ERR_OK);
    assert_int_equal(token_check(token).code, ERR_OK);
    assert_false(str_eq(token, token_new_program(arena, &seeded.chance)));
    for (size_t i = 0; i < token.len; i++) {
        char *bent = memcpy(arena_alloc(arena, token.len), token.ptr, token.len);
        bent[i] = bent[i] == 'x' ? 'y' : 'x';
        assert_int_equal(token_check_program((Str){ bent, token.len }).code, ERR_INVALID);
        assert_int_equal(token_check_program(str_slice(token, 0, i)).code, ERR_INVALID);
    }
    assert_int_equal(token_check_program(str_concat(arena, token, S("0"))).code, ERR_INVALID);
}

static void a_typed_code_is_read_in_any_writing(void **state) {
    Str code = token_new_code(arena, &seeded.chance);

    assert_int_equal(code.len, 19);
    assert_true(str_eq(token_read_code(arena, code), code));
    assert_true(
        str_eq(token_read_code(arena, S(" ABCD efgh-2345 6-7ab ")), S("abcd-efgh-2345-67ab")));
    assert_int_equal(token_read_code(arena, STR_EMPTY).len, 0);
    assert_int_equal(token_read_code(arena, str_slice(code, 0, 18)).len, 0);
    assert_int_equal(token_read_code(arena, str_concat(arena, code, S("a"))).len, 0);
    assert_int_equal(token_read_code(arena, S("abcd-efgh-2345-67a1")).len, 0);
    assert_int_equal(token_read_code(arena, S("123456")).len, 0);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(every_token_is_new_and_well_formed),        TEST(the_text_is_the_bytes_of_chance),
        TEST(what_is_stored_does_not_hold_the_token),    TEST(other_texts_are_no_tokens),
        TEST(a_token_of_a_program_is_known_by_its_form), TEST(a_typed_code_is_read_in_any_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
