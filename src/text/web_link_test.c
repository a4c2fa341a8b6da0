/* text/web_link_test.c - Link headers as servers write them, and as nobody should. */
#include "text/web_link.h"

#include "base/test_support.h"

#define BASE S("https://x.example/a/b")

static WebLinks links_of(Arena *arena, Str header) {
    WebLinks links;

    web_links_read(arena, header, BASE, &links);
    return links;
}

static void links_are_read_with_rel_and_type(void **state) {
    Arena *arena = arena_new(0);
    WebLinks l = links_of(arena, S("<https://hub.example/>; rel=\"hub\", </feed?a=1,2>;rel=self ,"
                                   " <c>; title=\"a, \\\"b\\\"; rel=x\"; REL = \"ALTERNATE feed\" ;"
                                   " type=\"application/atom+xml; charset=utf-8\""));

    (void)state;
    assert_int_equal(l.len, 3);
    assert_true(str_eq(l.items[0].target, S("https://hub.example/")));
    assert_true(web_link_is(&l.items[0], S("hub")));
    assert_true(str_eq(l.items[1].target, S("https://x.example/feed?a=1,2")));
    assert_true(web_link_is(&l.items[1], S("self")));
    assert_true(str_eq(l.items[2].target, S("https://x.example/a/c")));
    assert_true(web_link_is(&l.items[2], S("alternate")) && web_link_is(&l.items[2], S("feed")));
    assert_false(web_link_is(&l.items[2], S("fee")));
    assert_true(str_eq(l.items[2].type, S("application/atom+xml")));
    arena_free(arena);
}

static void the_first_rel_counts_and_other_anchors_do_not(void **state) {
    Arena *arena = arena_new(0);
    WebLinks l = links_of(arena, S("<a>; rel=hub; rel=self, <b>; rel=hub; anchor=\"/else\", <c>"));

    (void)state;
    assert_int_equal(l.len, 1);
    assert_false(web_link_is(&l.items[0], S("self")));
    arena_free(arena);
}

static void what_cannot_be_read_is_passed_over(void **state) {
    static const struct {
        const char *header;
        size_t len;
    } cases[] = {
        { "", 0 },
        { ",,, ,", 0 },
        { "nonsense, <a>; rel=hub", 1 },
        { "<a; rel=hub", 0 },
        { "<a>; rel=\"hub", 1 },
        { "<a>; rel", 0 },
        { "<a>; =x; rel=hub", 1 },
        { "<a>;;; rel=hub", 1 },
        { "<a> rel=hub, <b>; rel=hub", 1 },
        { "<\x01>; rel=hub", 0 },
        { "<\xff\xfe>; rel=hub", 0 },
        { "<a>; x=\"\\", 0 },
        { "\"<a>; rel=hub, \", <b>; rel=hub", 1 },
    };
    Arena *arena = arena_new(0);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WebLinks l = links_of(arena, str_from_c(cases[i].header));
        if (l.len != cases[i].len)
            fail_msg("%s: %zu links", cases[i].header, l.len);
    }
    arena_free(arena);
}

static void their_number_and_length_are_bounded(void **state) {
    Arena *arena = arena_new(0);
    Str many = STR_EMPTY;

    (void)state;
    for (int i = 0; i <= WEB_LINKS_MAX; i++)
        many = str_concat(arena, many, S("<a>; rel=hub,"));
    assert_int_equal(links_of(arena, many).len, WEB_LINKS_MAX);
    Str late = str_format(arena, "%*s<a>; rel=hub", WEB_LINKS_BYTES, "");
    assert_int_equal(links_of(arena, late).len, 0);
    Str longest = str_format(arena, "<%0*d>; rel=hub", WEB_LINK_TARGET_BYTES, 0);
    assert_int_equal(links_of(arena, longest).len, 1);
    Str longer = str_format(arena, "<%0*d>; rel=hub", WEB_LINK_TARGET_BYTES + 1, 0);
    assert_int_equal(links_of(arena, longer).len, 0);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_are_read_with_rel_and_type),
        cmocka_unit_test(the_first_rel_counts_and_other_anchors_do_not),
        cmocka_unit_test(what_cannot_be_read_is_passed_over),
        cmocka_unit_test(their_number_and_length_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
