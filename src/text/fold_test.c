/* text/fold_test.c - folded characters and the places they came from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "text/fold.h"
#include "text/unicode.h"
#include "text/suite.h"

static Arena *arena;

static int begin(void **state) {
    arena = arena_new(0);
    return 0;
}

static int end(void **state) {
    arena_close(&arena);
    return 0;
}

static Str folded(Str text) {
    Buf buf = buf_new(arena, 0);
    FoldWalk walk;
    FoldChar c;
    size_t last = 0;

    fold_start(&walk, text);
    while (fold_next(&walk, &c)) {
        assert_true(c.byte_from >= last && c.byte_from < c.byte_to && c.byte_to <= text.len);
        last = c.byte_from;
        buf_add_rune(&buf, c.rune);
    }
    return buf_str(&buf);
}

static void folds_as_the_whole_text_folds(void **state) {
    static const char *const texts[] = {
        "",
        "ABC xyz",
        "Ａ１，。",
        "㌀㍿",
        "e\u0301E\u0301",
        "ẞß",
        "İI",
        "\uFDFA",
        "한글 \u1112\u1161\u11AB",
        "が\u304B\u3099",
        "中\u0301国",
        "a\u200Bb\u00ADc",
        "Ⅳ½①",
        "ｶﾞ",
        "𝒜𠮷",
        "x\u0323\u0307\u0323y",
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        Str whole = STR_EMPTY;

        assert_int_equal(unicode_casefold(arena, str_from_c(texts[i]), &whole).code, ERR_OK);
        if (!str_eq(folded(str_from_c(texts[i])), whole))
            fail_msg("%s: %.*s", texts[i], STR_ARG(whole));
    }
}

static void places_are_those_of_the_text(void **state) {
    FoldWalk walk;
    FoldChar c;

    fold_start(&walk, S("É\u0301㍿中"));
    assert_true(fold_next(&walk, &c));
    assert_int_equal(c.rune, 0xE9);
    assert_int_equal(c.byte_to, 4);
    assert_true(fold_next(&walk, &c)); /* the second accent, which combines with nothing more */
    assert_int_equal(c.byte_from, 0);
    for (int i = 0; i < 4; i++) { /* 株式会社 from one written character */
        assert_true(fold_next(&walk, &c));
        assert_int_equal(c.byte_from, 4);
        assert_int_equal(c.byte_to, 7);
    }
    assert_true(fold_next(&walk, &c));
    assert_int_equal(c.rune, 0x4E2D);
    assert_int_equal(c.byte_from, 7);
    assert_false(fold_next(&walk, &c));
}

static void bytes_that_are_no_utf8_are_told_one_by_one(void **state) {
    FoldWalk walk;
    FoldChar c;
    size_t bad = 0;

    fold_start(&walk, S("a\xff\xc0z"));
    while (fold_next(&walk, &c))
        bad += c.rune == UTF8_BAD;
    assert_int_equal(bad, 2);
}

/* Sorting the marks of one letter is quadratic; the walk must not be. */
static void a_letter_with_a_million_marks_takes_linear_time(void **state) {
    Buf buf = buf_new(arena, 0);
    FoldWalk walk;
    FoldChar c;
    size_t chars = 0;

    buf_add(&buf, S("a"));
    while (buf.len < 1 << 20)
        buf_add(&buf, S("\u0301\u0323"));
    int64_t start_ms = suite_cpu_ms();
    fold_start(&walk, buf_str(&buf));
    while (fold_next(&walk, &c))
        chars++;
    int64_t took_ms = suite_cpu_ms() - start_ms;
    printf("1 MB of marks: %zu characters, %lld ms\n", chars, (long long)took_ms);
    assert_true(took_ms < 3000); /* with the sanitizers; a quadratic walk takes hours */
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(folds_as_the_whole_text_folds),
        TEST(places_are_those_of_the_text),
        TEST(bytes_that_are_no_utf8_are_told_one_by_one),
        TEST(a_letter_with_a_million_marks_takes_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
