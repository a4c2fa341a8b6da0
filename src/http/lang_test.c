/* http/lang_test.c - ?lang= stays in links and forms, and nowhere else. */
#include "base/test_support.h"
#include "http/lang.h"

static void links_and_posted_forms_of_this_site_carry_it_on(void **state) {
    static const struct {
        Str page, expected;
    } cases[] = {
        { S_INIT("<a href=\"/outlets\">x</a>"), S_INIT("<a href=\"/outlets?lang=en\">x</a>") },
        { S_INIT("<a class=\"t\" href=\"/search?q=a&amp;after=1\">x"),
          S_INIT("<a class=\"t\" href=\"/search?q=a&amp;after=1&amp;lang=en\">x") },
        { S_INIT("<a href=\"/log#top\">"), S_INIT("<a href=\"/log?lang=en#top\">") },
        { S_INIT("<a href=\"/articles/1/diff/1..2\">"),
          S_INIT("<a href=\"/articles/1/diff/1..2?lang=en\">") },
        { S_INIT("<a title=\"a > b\" href=\"/\">"),
          S_INIT("<a title=\"a > b\" href=\"/?lang=en\">") },
        { S_INIT("<form method=\"post\" action=\"/signin\"><p>"),
          S_INIT("<form method=\"post\" action=\"/signin?lang=en\"><p>") },
        { S_INIT("<form role=\"search\" action=\"/search\"><p>"),
          S_INIT("<form role=\"search\" action=\"/search?lang=en\">"
                 "<input type=\"hidden\" name=\"lang\" value=\"en\"><p>") },
    };
    CLEANUP(arena_close) Arena *arena = arena_new(0);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_str(lang_keep_in_page(arena, cases[i].page, S("en")), cases[i].expected);
}

static void what_has_no_language_or_another_stays_as_it_is(void **state) {
    static const Str pages[] = {
        S_INIT(""),
        S_INIT("text only"),
        S_INIT("<a href=\"/?lang=zh\">中文</a>"),
        S_INIT("<a href=\"/search?q=x&amp;lang=zh\">"),
        S_INIT("<a href=\"https://example.org/\">"),
        S_INIT("<a href=\"//example.org/\">"),
        S_INIT("<a href=\"#main\">"),
        S_INIT("<a href=\"/outlets/CC001/feed.atom\">"),
        S_INIT("<a href=\"/outlets.csv\">"),
        S_INIT("<a href=\"/media/abc\"><img src=\"/media/abc\"></a>"),
        S_INIT("<link rel=\"stylesheet\" href=\"/assets/base.css\">"),
        S_INIT("<pre>&lt;a href=\"/x\"&gt; href=\"/y\"</pre>"),
        S_INIT("<abbr title=\"t\">x</abbr>"),
        S_INIT("<a href=\"/x"),
    };
    CLEANUP(arena_close) Arena *arena = arena_new(0);

    (void)state;
    for (size_t i = 0; i + 1 < COUNT_OF(pages); i++)
        assert_str(lang_keep_in_page(arena, pages[i], S("en")), pages[i]);
    /* A tag that never ends comes from no template of ours; nothing of it is lost. */
    assert_true(str_starts(lang_keep_in_page(arena, pages[COUNT_OF(pages) - 1], S("en")),
                           S("<a href=\"/x")));
}

static void a_location_carries_it_on(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);

    (void)state;
    assert_str(lang_keep_in_path(arena, S("/desk"), S("en")), S("/desk?lang=en"));
    assert_str(lang_keep_in_path(arena, S("/signin?next=%2Fdesk"), S("en")),
               S("/signin?next=%2Fdesk&lang=en"));
    assert_str(lang_keep_in_path(arena, S("/desk?lang=zh"), S("en")), S("/desk?lang=zh"));
    assert_str(query_lang(S("q=1&lang=en")), S("en"));
    assert_int_equal(query_lang(S("slang=en")).len, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_and_posted_forms_of_this_site_carry_it_on),
        cmocka_unit_test(what_has_no_language_or_another_stays_as_it_is),
        cmocka_unit_test(a_location_carries_it_on),
    };

    return cmocka_run_group_tests_name("http/lang", tests, NULL, NULL);
}
