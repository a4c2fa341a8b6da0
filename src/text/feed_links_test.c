/* feed_links_test.c - pages that name a feed, and pages that only look as if. */
#include "text/feed_links.h"

#include "base/test_support.h"

#define BASE S("https://x.example/a/b.html")

static void the_first_feed_of_the_head_is_found(void **state) {
    static const char *const pages[] = {
        "<link rel=alternate type='application/rss+xml' href=/feed>",
        "<!doctype html><HEAD><LINK  REL=\"x Alternate\"\n TYPE=\"Application/RSS+XML\" "
        "HREF=\"../feed\" /></HEAD>",
        "<link rel='stylesheet' href='/s.css'><link href='/feed' title='a > b' rel='alternate' "
        "type='application/atom+xml'>",
        "<!-- <link rel='alternate' type='application/rss+xml' href='/old'> --><link "
        "rel='alternate' type='application/feed+json' href='https://x.example/feed'>",
        "<link rel='alternate' type='text/html' hreflang='en' href='/en'><link rel=alternate "
        "type=application/rss+xml href=/feed>",
    };
    CLEANUP(arena_close) Arena *arena = arena_new(0);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        Str found = STR_EMPTY;
        if (!feed_links_find(arena, str_from_c(pages[i]), BASE, &found) ||
            !str_eq(found, S("https://x.example/feed")))
            fail_msg("page %zu: %.*s", i, STR_ARG(found));
    }
    Str found;
    assert_true(feed_links_find(
        arena, S("<link rel=alternate type=application/rss+xml href='/f?a=1&amp;b=2'>"), BASE,
        &found));
    assert_str(found, S("https://x.example/f?a=1&b=2"));
}

static void other_links_and_broken_pages_name_none(void **state) {
    static const char *const pages[] = {
        "",
        "<",
        "<link",
        "<link ",
        "<link rel",
        "<link rel=",
        "<link rel='",
        "<!--",
        "<!-- <link",
        "<link rel=alternate type=application/rss+xml>",
        "<link rel=alternate href=/feed>",
        "<links rel=alternate type=application/rss+xml href=/feed>",
        "<body><link rel=alternate type=application/rss+xml href=/feed>",
        "<link rel=alternate type=application/rss+xml href='\xff'>",
        "<link =/=>< link rel=alternate type=application/rss+xml href=/feed>",
    };
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str found = STR_EMPTY;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(pages); i++)
        if (feed_links_find(arena, str_from_c(pages[i]), BASE, &found))
            fail_msg("page %zu: %.*s", i, STR_ARG(found));
    assert_int_equal(found.len, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_feed_of_the_head_is_found),
        cmocka_unit_test(other_links_and_broken_pages_name_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
