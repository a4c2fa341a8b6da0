/* http/path_test.c - no address that leads away is safe (checklist 16). */
#include "base/percent.h"
#include "base/test_support.h"
#include "http/path.h"
#include "http/route.h"

static void paths_of_this_site_are_safe(void **state) {
    static const char *const good[] = { "/",           "/a",        "/a/b?c=d&e=%2F%2Fx",
                                        "/a?next=//b", "/a/b.c..d", "/a/...",
                                        "/%E4%B8%AD",  "/a#b//c",   "/a?x=../../",
                                        "/a/?b#c" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        if (!path_is_safe(str_from_c(good[i])))
            fail_msg("%s is not safe", good[i]);
    assert_str(safe_path(S("/a"), S("/b")), S("/a"));
    assert_str(safe_path(S("//a"), S("/b")), S("/b"));
}

static void what_leads_away_is_not_safe(void **state) {
    static const char *const bad[] = { "",
                                       "a",
                                       "?a",
                                       "#a",
                                       "//evil.example",
                                       "/\\evil.example",
                                       "\\\\evil.example",
                                       "/%2Fevil.example",
                                       "/%2f%2fevil.example",
                                       "/%252fevil.example",
                                       "/%5Cevil.example",
                                       "/%255cevil.example",
                                       "/a//b",
                                       "/a/../b",
                                       "/a/%2e%2e/b",
                                       "/a/%252e%252e/b",
                                       "/..",
                                       "/.",
                                       "/./a",
                                       "/a b",
                                       "/a\tb",
                                       "/\t/evil.example",
                                       "/%09/evil.example\n",
                                       "/%0d%0aLocation:x",
                                       "/%250aLocation:x",
                                       "/a%00b",
                                       "/a\x7f",
                                       "/中",
                                       "https://evil.example",
                                       "javascript:alert(1)",
                                       "http:/a",
                                       " /a" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (path_is_safe(str_from_c(bad[i])))
            fail_msg("\"%s\" is safe", bad[i]);
}

static void a_safe_path_has_at_most_2000_bytes(void **state) {
    Arena *arena = *state;
    char *long_path = arena_alloc(arena, 2001);

    memset(long_path, 'a', 2001);
    long_path[0] = '/';
    assert_true(path_is_safe((Str){ long_path, 2000 }));
    assert_false(path_is_safe((Str){ long_path, 2001 }));
}

/*
 * What a browser makes of Location, put simply: tab and line breaks vanish, \ is /. It stays here when one / stands
 * in front and no second one behind it.
 */
static bool stays_here(Arena *arena, Str location) {
    location = str_trim(location);
    location = str_replace(arena, location, S("\t"), STR_EMPTY);
    location = str_replace(arena, location, S("\\"), S("/"));
    return str_starts(location, S("/")) && !str_starts(location, S("//"));
}

/* sec_16: the published lists of addresses that lead elsewhere. */
static void no_published_redirect_leads_away(void **state) {
    static const char *const files[] = { "redirect/redirect-injection-template.txt",
                                         "redirect/redirect-urls-template.txt",
                                         "open-redirect/Open-Redirect-payloads.txt",
                                         "open-redirect/open_redirect_wordlist.txt",
                                         "open-redirect/openredirects.txt" };
    Arena *arena = *state;
    size_t refused = 0, kept = 0;
    Str line;

    if (!test_has_shared("redirect"))
        return;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        Str path = str_format(arena, "corpora/conformance/injection-payloads/%s", files[i]);
        Str text = test_shared_file(arena, str_to_c(arena, path));
        while (str_cut(&text, '\n', &line)) {
            line = str_replace(arena, line, S("{target}"), S("evil.example"));
            Str decoded, where = safe_path(line, S("/home"));
            if (str_eq(where, S("/home"))) {
                refused++;
                continue;
            }
            kept++;
            if (!stays_here(arena, where) ||
                (percent_decode(arena, where, false, &decoded) && !stays_here(arena, decoded)))
                fail_msg("%.*s leads away", STR_ARG(where));
        }
    }
    assert_true(refused > 50);
    print_message("redirect: %zu cases passed, %zu refused, %zu paths of this site\n",
                  refused + kept, refused, kept);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(paths_of_this_site_are_safe),
        WITH_ARENA(what_leads_away_is_not_safe),
        WITH_ARENA(a_safe_path_has_at_most_2000_bytes),
        WITH_ARENA(no_published_redirect_leads_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
