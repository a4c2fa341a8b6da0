/*
 * tests/fuzz/fuzz_robots.c - rules keep their form and do not depend on how lines end; a page may be
 * read exactly when a slow reading of the standard says so.
 */
#include "fuzz.h"
#include "net/robots.h"

enum { SLOW_BYTES = 40 }; /* of a target, and of each rule that is judged both ways */

/* is[k]: the pattern so far matches the first k bytes of the path, judged letter by letter of the pattern. */
static bool slow_matches(Str pattern, Str path) {
    bool is[SLOW_BYTES + 1] = { true };

    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.ptr[i] == '$' && i + 1 == pattern.len)
            return is[path.len];
        for (size_t k = path.len + 1; pattern.ptr[i] != '*' && k-- > 0;)
            is[k] = k > 0 && is[k - 1] && path.ptr[k - 1] == pattern.ptr[i];
        for (size_t k = 1; pattern.ptr[i] == '*' && k <= path.len; k++)
            is[k] = is[k] || is[k - 1];
    }
    for (size_t k = 0; k <= path.len; k++)
        if (is[k])
            return true;
    return false;
}

static bool slow_may_read(Str rules, Str path) {
    size_t longest = 0;
    bool may = true;
    Str rule;

    while (str_cut(&rules, '\n', &rule)) {
        Str pattern = str_slice(rule, 1, rule.len);

        if (pattern.len < longest || !slow_matches(pattern, path))
            continue;
        may = (pattern.len == longest && may) || rule.ptr[0] == '+';
        longest = pattern.len;
    }
    return may;
}

static void must_have_form(Str rules) {
    Str rule;

    MUST(rules.len == 0 || str_ends(rules, S("\n")));
    while (str_cut(&rules, '\n', &rule)) {
        MUST(rule.len >= 2 && (rule.ptr[0] == '+' || rule.ptr[0] == '-'));
        MUST(rule.ptr[1] == '/' || rule.ptr[1] == '*');
        for (size_t i = 0; i < rule.len; i++)
            MUST((unsigned char)rule.ptr[i] > 0x20 && (unsigned char)rule.ptr[i] < 0x7f);
    }
}

static bool is_short(Str rules) {
    Str rule;

    while (str_cut(&rules, '\n', &rule)) {
        if (rule.len > SLOW_BYTES)
            return false;
    }
    return true;
}

/* A target that robots_may_read leaves as it is. */
static Str plain_target(Arena *arena, Str text) {
    char *target = arena_alloc(arena, SLOW_BYTES);
    size_t len = 0;

    target[len++] = '/';
    for (size_t i = 0; i < text.len && len < SLOW_BYTES / 2; i++) {
        if (text.ptr[i] > 0x20 && text.ptr[i] < 0x7f && text.ptr[i] != '%')
            target[len++] = text.ptr[i];
    }
    return (Str){ target, len };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str rest = fuzz_input(data, size), target = fuzz_part(&rest);
    Str rules = robots_rules(arena, rest, S("Liandong"));

    must_have_form(rules);
    if (str_find_char(rest, '\r', 0) == SIZE_MAX) {
        Str other = str_replace(arena, rest, S("\n"), S("\r\n"));
        MUST(str_eq(robots_rules(arena, other, S("Liandong")), rules));
    }
    (void)robots_may_read(arena, rules, target);
    MUST(robots_may_read(arena, rules, S("/robots.txt")));
    target = plain_target(arena, target);
    if (is_short(rules) && !str_eq(target, S("/robots.txt")))
        MUST(robots_may_read(arena, rules, target) == slow_may_read(rules, target));
    return 0;
}
