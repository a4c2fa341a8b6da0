/* view/catalogue_test.c - which language a reader gets, and how sentences are filled in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/catalogue.h"

static void the_language_is_what_the_reader_asked_for(void **state) {
    static const struct {
        const char *parameter, *accept, *lang;
    } cases[] = {
        { "", "", "zh" },
        { "en", "zh-CN", "en" },
        { "xx", "en", "en" },
        { "", "en-GB,en;q=0.9", "en" },
        { "", "zh-CN,zh;q=0.9,en;q=0.8", "zh" },
        { "", "en;q=0.5, zh;q=0.7", "zh" },
        { "", "fr, en;q=0.3", "en" },
        { "", "en;q=0", "zh" },
        { "", "*", "zh" },
        { "", ";;;,,q=", "zh" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Str lang = catalogue_choose(str_from_c(cases[i].parameter), str_from_c(cases[i].accept));
        if (!str_eq(lang, str_from_c(cases[i].lang)))
            fail_msg("case %zu gave %.*s", i, STR_ARG(lang));
    }
}

static void arguments_are_put_in_once(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    const Str args[2] = { S_INIT("{1}"), S_INIT("b") };

    (void)state;
    Str text = catalogue_format(arena, catalogue_of(S("en")), "x {0} y {1} z {2}", args);
    assert_true(str_eq(text, S("x {1} y b z {2}")));
}

static void an_unknown_language_is_the_default_one(void **state) {
    (void)state;
    assert_ptr_equal(catalogue_of(S("fr")), catalogue_of(S("zh")));
    assert_ptr_equal(catalogue_of(STR_EMPTY), catalogue_of(S("zh")));
    assert_ptr_not_equal(catalogue_of(S("en")), catalogue_of(S("zh")));
    assert_true(str_eq(catalogue_lang(catalogue_of(S("en"))), S("en")));
    assert_true(str_eq(catalogue_html_lang(catalogue_of(S("zh"))), S("zh-CN")));
    assert_true(str_eq(catalogue_html_lang(catalogue_of(S("en"))), S("en")));
}

static void a_sentence_nobody_translated_stays_as_it_is(void **state) {
    (void)state;
    assert_true(str_eq(catalogue_text(catalogue_of(S("zh")), S("No such odd sentence.")),
                       S("No such odd sentence.")));
    assert_true(str_eq(catalogue_text(catalogue_of(S("en")), STR_EMPTY), STR_EMPTY));
}

static void english_has_two_forms_and_chinese_one(void **state) {
    const Catalogue *en = catalogue_of(S("en")), *zh = catalogue_of(S("zh"));

    (void)state;
    assert_true(str_eq(catalogue_plural(en, S("odd one"), S("odd many"), 1), S("odd one")));
    assert_true(str_eq(catalogue_plural(en, S("odd one"), S("odd many"), 0), S("odd many")));
    assert_true(str_eq(catalogue_plural(en, S("odd one"), S("odd many"), 2), S("odd many")));
    assert_true(str_eq(catalogue_plural(en, S("odd one"), S("odd many"), -1), S("odd many")));
    assert_true(str_eq(catalogue_plural(zh, S("odd one"), S("odd many"), 1), S("odd many")));
}

static void other_braces_stay(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    const Str args[2] = { S_INIT("a"), S_INIT("b") };

    (void)state;
    assert_true(str_eq(catalogue_format(arena, catalogue_of(S("en")), "{2} {x} {} {0", args),
                       S("{2} {x} {} {0")));
    assert_true(
        str_eq(catalogue_format(arena, catalogue_of(S("en")), "{0}{0}{1}", args), S("aab")));
    assert_true(str_eq(catalogue_format(arena, catalogue_of(S("en")), "", args), STR_EMPTY));
}

static void an_error_without_a_sentence_gets_one(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Err err = FAIL_ARGS(ERR_INVALID, "x", N_("Odd {0} and {1}."), S("a"), S("b"));

    (void)state;
    assert_true(str_eq(catalogue_err(arena, catalogue_of(S("en")), err), S("Odd a and b.")));
    assert_true(catalogue_err(arena, catalogue_of(S("en")), (Err){ .code = ERR_BUG }).len > 10);
}

static void chinese_has_its_own_words_and_one_plural(void **state) {
    const Catalogue *zh = catalogue_of(S("zh")), *en = catalogue_of(S("en"));
    Str one = S("{total} outlet"), many = S("{total} outlets");

    (void)state;
    assert_true(str_eq(catalogue_plural(zh, one, many, 1), S("{total}家媒体")));
    assert_true(str_eq(catalogue_plural(zh, one, many, 54), S("{total}家媒体")));
    assert_true(str_eq(catalogue_plural(en, one, many, 1), one));
    assert_true(str_eq(catalogue_plural(en, one, many, 0), many));
    /* the link to the other language names that language */
    assert_true(str_eq(catalogue_text(zh, S("中文")), S("English")));
    assert_true(str_eq(catalogue_text(en, S("中文")), S("中文")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_language_is_what_the_reader_asked_for),
        cmocka_unit_test(arguments_are_put_in_once),
        cmocka_unit_test(an_unknown_language_is_the_default_one),
        cmocka_unit_test(a_sentence_nobody_translated_stays_as_it_is),
        cmocka_unit_test(english_has_two_forms_and_chinese_one),
        cmocka_unit_test(other_braces_stay),
        cmocka_unit_test(an_error_without_a_sentence_gets_one),
        cmocka_unit_test(chinese_has_its_own_words_and_one_plural),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
