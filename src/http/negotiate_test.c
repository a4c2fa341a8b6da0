/* http/negotiate_test.c - page or JSON, and the coding of the body, as the client asks (RFC 9110, 12.5). */
#include "base/test_support.h"
#include "http/negotiate.h"

static ReplyForm browser(const char *accept) {
    return negotiate_form(str_from_c(accept), FORM_PAGE);
}

static ReplyForm program(const char *accept) {
    return negotiate_form(str_from_c(accept), FORM_JSON);
}

static Coding coding(const char *accept) {
    return negotiate_coding(str_from_c(accept));
}

static void browsers_see_pages(void **state) {
    (void)state;
    assert_int_equal(browser(""), FORM_PAGE);
    assert_int_equal(browser("*/*"), FORM_PAGE);
    assert_int_equal(browser("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
                     FORM_PAGE);
    assert_int_equal(browser("text/*"), FORM_PAGE);
    assert_int_equal(browser("image/png"), FORM_PAGE);
    assert_int_equal(browser("text/html, application/json"), FORM_PAGE);
    assert_int_equal(negotiate_form(S("text/html"), FORM_FRAGMENT), FORM_FRAGMENT);
}

static void json_is_given_to_who_prefers_it(void **state) {
    (void)state;
    assert_int_equal(browser("application/json"), FORM_JSON);
    assert_int_equal(browser("APPLICATION/JSON"), FORM_JSON);
    assert_int_equal(browser("application/problem+json"), FORM_JSON);
    assert_int_equal(browser("application/json, */*"), FORM_JSON); /* the same q, more exact */
    assert_int_equal(browser("application/json;q=0.9, text/html;q=0.8"), FORM_JSON);
    assert_int_equal(browser("application/json;q=0.8, text/html;q=0.9"), FORM_PAGE);
    assert_int_equal(browser("text/html;q=0, */*"), FORM_JSON);
    assert_int_equal(negotiate_form(S("application/json"), FORM_FRAGMENT), FORM_JSON);
}

static void programs_see_json_unless_they_name_html(void **state) {
    (void)state;
    assert_int_equal(program(""), FORM_JSON);
    assert_int_equal(program("*/*"), FORM_JSON);
    assert_int_equal(program("text/*"), FORM_JSON);
    assert_int_equal(program("text/html"), FORM_PAGE);
    assert_int_equal(program("text/html;q=0"), FORM_JSON);
    assert_int_equal(program("text/html;q=0.5, application/json"), FORM_JSON);
    assert_int_equal(program("text/html, application/json;q=0.5"), FORM_PAGE);
}

static void a_malformed_weight_counts_as_none(void **state) {
    static const char *const bad[] = { "2", "1.001", "0.1234", "-1", "a", ".5", "0x1" };
    Arena *arena = *state;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        Str accept = str_format(arena, "application/json;q=%s", bad[i]);
        assert_int_equal(negotiate_form(accept, FORM_PAGE), FORM_PAGE);
    }
    assert_int_equal(browser("application/json;q=1.000, text/html;q=0.999"), FORM_JSON);
    assert_int_equal(browser("application/json; Q=0.001"), FORM_JSON);
}

static void br_comes_before_gzip(void **state) {
    (void)state;
    assert_int_equal(coding("gzip, deflate, br"), CODING_BR);
    assert_int_equal(coding("br;q=0.5, gzip;q=0.5"), CODING_BR);
    assert_int_equal(coding("br;q=0.5, gzip"), CODING_GZIP);
    assert_int_equal(coding("GZIP"), CODING_GZIP);
    assert_int_equal(coding("x-gzip"), CODING_GZIP);
    assert_int_equal(coding("*"), CODING_BR);
    assert_int_equal(coding("*;q=0.5, br;q=0"), CODING_GZIP);
}

static void nothing_is_coded_for_who_names_nothing(void **state) {
    (void)state;
    assert_int_equal(coding(""), CODING_NONE);
    assert_int_equal(coding("identity"), CODING_NONE);
    assert_int_equal(coding("deflate, zstd"), CODING_NONE);
    assert_int_equal(coding("gzip;q=0, br;q=0"), CODING_NONE);
    assert_int_equal(coding("gzip;q=0, *;q=0"), CODING_NONE);
    assert_int_equal(coding("brotli"), CODING_NONE);
}

static void codings_have_their_names(void **state) {
    (void)state;
    assert_str(coding_name(CODING_GZIP), S("gzip"));
    assert_str(coding_name(CODING_BR), S("br"));
    assert_int_equal(coding_name(CODING_NONE).len, 0);
}

/* 64 elements are looked at; a list without end costs no more. */
static void elements_beyond_64_do_not_count(void **state) {
    Arena *arena = *state;
    Str list = STR_EMPTY;

    for (int i = 0; i < 63; i++)
        list = str_concat(arena, list, S("a/b,"));
    assert_int_equal(negotiate_form(str_concat(arena, list, S("application/json")), FORM_PAGE),
                     FORM_JSON);
    list = str_concat(arena, list, S("a/b,"));
    assert_int_equal(negotiate_form(str_concat(arena, list, S("application/json")), FORM_PAGE),
                     FORM_PAGE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(browsers_see_pages),
        WITH_ARENA(json_is_given_to_who_prefers_it),
        WITH_ARENA(programs_see_json_unless_they_name_html),
        WITH_ARENA(a_malformed_weight_counts_as_none),
        WITH_ARENA(br_comes_before_gzip),
        WITH_ARENA(nothing_is_coded_for_who_names_nothing),
        WITH_ARENA(codings_have_their_names),
        WITH_ARENA(elements_beyond_64_do_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
