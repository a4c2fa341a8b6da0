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

static void the_log_speaks_words_and_unknown_kinds_stay(void **state) {
    (void)state;
    assert_true(
        str_eq(catalogue_entry(catalogue_of(S("en")), S("manuscript.released")), S("Released")));
    assert_true(
        str_eq(catalogue_entry(catalogue_of(S("zh")), S("manuscript.released")), S("签发")));
    assert_true(str_eq(catalogue_entry(catalogue_of(S("zh")), S("later.kind")), S("later.kind")));
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
        cmocka_unit_test(the_log_speaks_words_and_unknown_kinds_stay),
        cmocka_unit_test(chinese_has_its_own_words_and_one_plural),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
