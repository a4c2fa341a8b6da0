/* sec/totp_test.c - codes against RFC 6238 and RFC 4226; which ones are taken, and how often. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sec/totp.h"

#define SEED S("12345678901234567890")

static Arena *arena;

static int begin(void **state) {
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int end(void **state) {
    (void)state;
    arena_close(&arena);
    return 0;
}

/* RFC 6238, appendix B has eight digits: ours are the last six of them. */
static void codes_are_those_of_rfc_6238(void **state) {
    static const struct {
        int64_t at_s;
        const char *code;
    } cases[] = {
        { 59, "287082" },         { 1111111109, "081804" }, { 1111111111, "050471" },
        { 1234567890, "005924" }, { 2000000000, "279037" }, { INT64_C(20000000000), "353130" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_true(str_eq(totp_code(arena, SEED, totp_step(cases[i].at_s * 1000)),
                           str_from_c(cases[i].code)));
}

/* RFC 4226, appendix D: the same with a counter. */
static void codes_are_those_of_rfc_4226(void **state) {
    static const char *const codes[] = { "755224", "287082", "359152", "969429", "338314",
                                         "254676", "287922", "162583", "399871", "520489" };

    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        assert_true(str_eq(totp_code(arena, SEED, (int64_t)i), str_from_c(codes[i])));
}

static void a_code_counts_one_step_early_or_late(void **state) {
    int64_t now_ms = INT64_C(1111111111000), now = totp_step(now_ms), step = -7;

    (void)state;
    for (int64_t off = -3; off <= 3; off++) {
        bool is_near = off >= -1 && off <= 1;
        step = -7;
        assert_true(totp_check(SEED, totp_code(arena, SEED, now + off), now_ms, 0, &step) ==
                    is_near);
        assert_true(step == (is_near ? now + off : -7));
    }
    assert_true(totp_check(SEED, S("050471"), INT64_C(1111111110000), 0, &step));
    assert_true(totp_check(SEED, S("050471"), INT64_C(1111111169999), 0, &step));
    assert_false(totp_check(SEED, S("050471"), INT64_C(1111111170000), 0, &step));
}

static void a_step_is_taken_once_and_no_earlier_one_after_it(void **state) {
    int64_t now_ms = INT64_C(1111111111000), now = totp_step(now_ms), step;
    Str code = totp_code(arena, SEED, now);

    (void)state;
    assert_true(totp_check(SEED, code, now_ms, now - 1, &step));
    assert_false(totp_check(SEED, code, now_ms, now, &step));
    assert_false(totp_check(SEED, totp_code(arena, SEED, now - 1), now_ms, now, &step));
    assert_true(totp_check(SEED, totp_code(arena, SEED, now + 1), now_ms, now, &step));
}

static void other_texts_are_no_codes(void **state) {
    static const char *const texts[] = { "",       "05047",  "0504711",
                                         "05047a", "050 47", "\xff\xff\xff\xff\xff\xff" };
    int64_t now_ms = INT64_C(1111111111000), step = -7;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_false(totp_check(SEED, str_from_c(texts[i]), now_ms, 0, &step));
    assert_false(totp_check(S("another seed"), S("050471"), now_ms, 0, &step));
    assert_true(step == -7);
    assert_true(totp_check(SEED, S(" 050 471 "), now_ms, 0, &step)); /* as programs show it */
}

static void a_seed_is_chance_and_its_text_base32(void **state) {
    SeededChance seeded;

    (void)state;
    chance_seeded(&seeded, 7);
    Str a = totp_seed_new(arena, &seeded.chance), b = totp_seed_new(arena, &seeded.chance);
    assert_true(a.len == TOTP_SEED_BYTES && !str_eq(a, b));
    assert_true(str_eq(totp_secret_text(arena, SEED), S("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(codes_are_those_of_rfc_6238),
        TEST(codes_are_those_of_rfc_4226),
        TEST(a_code_counts_one_step_early_or_late),
        TEST(a_step_is_taken_once_and_no_earlier_one_after_it),
        TEST(other_texts_are_no_codes),
        TEST(a_seed_is_chance_and_its_text_base32),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
