/* net/robots_test.c - the rules of robots.txt, as RFC 9309 gives them. */
#include "net/robots.h"

#include "base/buf.h"
#include "base/test_support.h"

#define ALL "User-agent: *\n"

static bool may(Arena *arena, const char *text, const char *target) {
    return robots_may_read(arena, robots_rules(arena, str_from_c(text), S("Liandong")),
                           str_from_c(target));
}

static void the_longest_rule_decides(void **state) {
    static const struct {
        const char *text, *target;
        bool may;
    } cases[] = {
        { "", "/a", true },
        { ALL "Disallow: /\n", "/a", false },
        { ALL "Disallow:\n", "/a", true },
        { ALL "Disallow: /a\nAllow: /a/b\n", "/a/b/c", true },
        { ALL "Allow: /a/b\nDisallow: /a\n", "/a/c", false },
        { ALL "Disallow: /a\n", "/ab", false },
        { ALL "Disallow: /a/\n", "/a", true },
        { ALL "Disallow: /x\nAllow: /x\n", "/x", true }, /* equal length: allowed */
        { ALL "Allow: /x\nDisallow: /x\n", "/x", true },
        { ALL "Disallow: /\n", "/robots.txt", true },
        { ALL "Disallow: /A\n", "/a", true },
        /* RFC 9309, 5.1 and 2.2.3 */
        { ALL "Disallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n", "/a.gif", false },
        { ALL "Disallow: *.gif$\n", "/a.gif?x", true },
        { ALL "Allow: /example/page/\nDisallow: /example/page/disallowed.gif\n",
          "/example/page/disallowed.gif", false },
        { ALL "Disallow: /path/file-with-a-%2A.html\n", "/path/file-with-a-*.html", true },
        { ALL "Disallow: /path/foo-%24\n", "/path/foo-%24", false },
        { ALL "Disallow: /a*b*c$\n", "/a1b2c", false },
        { ALL "Disallow: /a*b*c$\n", "/abcabc", false },
        { ALL "Disallow: /a*b*c$\n", "/abcd", true },
        { ALL "Disallow: /a*bc$\n", "/abc", false },
        { ALL "Disallow: /ab*bc$\n", "/abc", true }, /* nothing counts twice */
        { ALL "Disallow: /a$\n", "/a", false },
        { ALL "Disallow: /a$\n", "/ab", true },
        { ALL "Disallow: /$\n", "/", false },
        { ALL "Disallow: /**\n", "/x", false },
        { ALL "Disallow: /*?\n", "/x?y", false },
        { ALL "Disallow: /%7Ejoe\n", "/~joe", false },
        { ALL "Disallow: /a%2fb\n", "/a%2Fb", false },
        { ALL "Disallow: /a%2fb\n", "/a/b", true },
        { ALL "Disallow: /新闻\n", "/%E6%96%B0%E9%97%BB/1", false },
        { ALL "Disallow: /%e6%96%b0\n", "/%E6%96%B0", false },
        { ALL "Disallow: relative\n", "/relative", true },
        { ALL "Disallow : /a # why\r\nALLOW:/a/b\rDisallow: /c", "/a", false },
        { ALL "Disallow : /a # why\r\nALLOW:/a/b\rDisallow: /c", "/a/b", true },
        { ALL "Disallow : /a # why\r\nALLOW:/a/b\rDisallow: /c", "/c", false },
        { "\xEF\xBB\xBF" ALL "Disallow: /\n", "/a", false },
        { "Disallow: /\n", "/a", true }, /* of no group */
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (may(*state, cases[i].text, cases[i].target) != cases[i].may)
            fail_msg("%s%s", cases[i].text, cases[i].target);
    }
}

static void the_groups_that_name_us_count_alone_and_together(void **state) {
    static const char text[] = "User-agent: Other\nUser-agent: *\nDisallow: /all\n\n"
                               "User-agent: liandong/2.0\nDisallow: /one\nCrawl-delay: 5\n"
                               "User-agent: other\nDisallow: /other\n"
                               "User-Agent: LIANDONG\nuser-agent: another\nDisallow: /two\n"
                               "Sitemap: https://example.edu/sitemap.xml\nDisallow: /three\n";

    assert_true(may(*state, text, "/all"));
    assert_false(may(*state, text, "/one"));
    assert_false(may(*state, text, "/two"));
    assert_false(may(*state, text, "/three"));
    assert_true(may(*state, text, "/other"));
    assert_true(may(*state, "User-agent: LiandongBot\nDisallow: /\n", "/"));
    assert_true(may(*state, ALL "Disallow: /\nUser-agent: Liandong\nCrawl-delay: 1\n", "/a"));
    assert_false(may(*state, ALL "User-agent: a\nDisallow: /\nUser-agent: b\nAllow: /\n", "/a"));
}

static void a_long_file_is_read_to_500_kib(void **state) {
    size_t len = ROBOTS_BYTES_MAX;
    char *text = arena_alloc(*state, len + 64);
    Str start = S(ALL "Disallow: /a\n#"), tail = S("\nDisallow: /b\n");

    memset(text, '.', len + 64);
    memcpy(text, start.ptr, start.len);
    memcpy(text + len, tail.ptr, tail.len);
    Str rules = robots_rules(*state, (Str){ text, len + 64 }, S("Liandong"));
    assert_str(rules, S("-/a\n"));
}

static void hostile_rules_cost_little(void **state) {
    Buf text = buf_new(*state, 0);
    Buf path = buf_new(*state, 0);

    buf_add(&text, S(ALL));
    while (text.len < ROBOTS_BYTES_MAX - 100)
        buf_add(&text, S("Disallow: /*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b$\n"));
    while (path.len < 4096)
        buf_add(&path, S("/aaaaaaaaaaaaaaa"));
    Str rules = robots_rules(*state, buf_str(&text), S("Liandong"));
    clock_t from = clock();
    assert_true(robots_may_read(*state, rules, buf_str(&path)));
    assert_true(clock() - from < CLOCKS_PER_SEC);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(the_longest_rule_decides),
        WITH_ARENA(the_groups_that_name_us_count_alone_and_together),
        WITH_ARENA(a_long_file_is_read_to_500_kib),
        WITH_ARENA(hostile_rules_cost_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
