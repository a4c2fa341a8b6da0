/* text/idna_test.c - names of hosts in ASCII, against the published cases. */
#include "text/idna.h"

#include "base/test_support.h"
#include "text/json_read.h"

static void names_are_lower_case_ascii(void **state) {
    static const char *const cases[][2] = {
        { "Example.EDU", "example.edu" },
        { "例子.测试", "xn--fsqu00a.xn--0zwm56d" },
        { "例子。测试", "xn--fsqu00a.xn--0zwm56d" },
        { "ｅｘａｍｐｌｅ．ｅｄｕ", "example.edu" },
        { "①②⑦.⓪.⓪.①", "127.0.0.1" },
        { "faß.de", "xn--fa-hia.de" },
        { "XN--FSQU00A.xn--0zwm56d", "xn--fsqu00a.xn--0zwm56d" },
        { "", "" },
        { "a_b-.c..d", "a_b-.c..d" }, /* what an ASCII name may hold is not asked */
    };
    static const char *const bad[] = { "xn--a", "a.xn--zn7c", "\xff", "a\xe2\x80\x8d.com" };
    Str ret;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (!idna_to_ascii(*state, str_from_c(cases[i][0]), &ret))
            fail_msg("%s is refused", cases[i][0]);
        assert_str(ret, str_from_c(cases[i][1]));
    }
    ret = S("unchanged");
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (idna_to_ascii(*state, str_from_c(bad[i]), &ret))
            fail_msg("%s is %.*s", bad[i], STR_ARG(ret));
    }
    assert_str(ret, S("unchanged"));
}

/* What is refused here although a browser knows it is printed; what is answered has to agree. */
static void published_names_agree(void **state) {
    static const char *const files[] = { "corpora/conformance/url/toascii.json",
                                         "corpora/conformance/url/IdnaTestV2.json" };
    size_t count = 0, refused = 0, differ = 0;
    Json *list;

    if (!test_has_shared("url toascii and IdnaTestV2"))
        return;
    for (size_t f = 0; f < COUNT_OF(files); f++) {
        assert_int_equal(json_read(*state, test_shared_file(*state, files[f]), 128, &list).code,
                         ERR_OK);
        for (size_t i = 0; i < list->array.len; i++) {
            Str input = json_get_text(list->array.items[i], "input"), got;
            Str wanted = json_get_text(list->array.items[i], "output");

            if (list->array.items[i]->type != JSON_OBJECT)
                continue;
            count++;
            if (!idna_to_ascii(*state, input, &got)) {
                refused += wanted.len > 0;
            } else if (wanted.len > 0 && !str_eq(got, wanted) &&
                       !str_contains(input, S("ẞ"))) { /* Unicode 15.1 maps it otherwise */
                print_message("%.*s gives %.*s\n", STR_ARG(input), STR_ARG(got));
                differ++;
            }
        }
    }
    print_message("idna: %zu names, %zu refused beyond browsers, %zu differ\n", count, refused,
                  differ);
    assert_true(count > 100);
    assert_int_equal(differ, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(names_are_lower_case_ascii),
        WITH_ARENA(published_names_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
