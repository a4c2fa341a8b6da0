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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_language_is_what_the_reader_asked_for),
        cmocka_unit_test(arguments_are_put_in_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
