/* net/robots.c - robots.txt: the groups of one reader, and the longest rule (RFC 9309). */
#include "net/robots.h"

#include "base/percent.h"

/* Encoded where it need not be is decoded; bytes beyond ASCII and controls are encoded (2.2.2). */
static Str one_form(Arena *arena, Str path) {
    Buf buf = buf_new(arena, 0);

    percent_add_normal(&buf, path);
    return buf_str(&buf);
}

/* ---- the file ---- */

typedef enum Field { FIELD_OTHER, FIELD_AGENT, FIELD_ALLOW, FIELD_DISALLOW } Field;

/* The next line, ended by CR, LF or both. */
static bool next_line(Str *rest, Str *ret) {
    size_t end = 0;

    if (rest->len == 0)
        return false;
    while (end < rest->len && rest->ptr[end] != '\n' && rest->ptr[end] != '\r')
        end++;
    *ret = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end + 1, rest->len);
    return true;
}

static Field read_line(Str line, Str *ret_value) {
    line = str_slice(line, 0, str_find_char(line, '#', 0));
    size_t colon = str_find_char(line, ':', 0);
    if (colon == SIZE_MAX)
        return FIELD_OTHER;
    Str name = str_trim(str_slice(line, 0, colon));
    *ret_value = str_trim(str_slice(line, colon + 1, line.len));
    if (str_eq_nocase(name, S("user-agent")))
        return FIELD_AGENT;
    if (str_eq_nocase(name, S("allow")))
        return FIELD_ALLOW;
    return str_eq_nocase(name, S("disallow")) ? FIELD_DISALLOW : FIELD_OTHER;
}

static bool is_product_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/* The product's name in front: letters, "-" and "_" (2.2.1); the rest ("/1.0") does not count. */
static bool is_product(Str value, Str product) {
    size_t len = 0;

    while (len < value.len && is_product_char(value.ptr[len]))
        len++;
    return str_eq_nocase(str_slice(value, 0, len), product);
}

Str robots_rules(Arena *arena, Str text, Str product) {
    Buf mine = buf_new(arena, 0), all = buf_new(arena, 0);
    bool is_mine = false, is_all = false, is_head = false, has_mine = false;
    Str line, value = STR_EMPTY;

    text = str_slice(text, 0, ROBOTS_BYTES_MAX);
    if (str_starts(text, S("\xEF\xBB\xBF")))
        text = str_slice(text, 3, text.len);
    while (next_line(&text, &line)) {
        Field field = read_line(line, &value);

        if (field == FIELD_AGENT) {
            if (!is_head)
                is_mine = is_all = false; /* a new group begins */
            is_head = true;
            is_mine = is_mine || is_product(value, product);
            is_all = is_all || str_eq(value, S("*"));
            has_mine = has_mine || is_mine;
        } else if (field != FIELD_OTHER) {
            is_head = false;
            if ((!is_mine && !is_all) || value.len == 0 ||
                (value.ptr[0] != '/' && value.ptr[0] != '*'))
                continue;
            Str path = one_form(arena, value);
            for (int i = 0; i < 2; i++) {
                if (i == 0 ? !is_mine : !is_all)
                    continue;
                buf_add_char(i == 0 ? &mine : &all, field == FIELD_ALLOW ? '+' : '-');
                buf_add(i == 0 ? &mine : &all, path);
                buf_add_char(i == 0 ? &mine : &all, '\n');
            }
        }
    }
    return buf_str(has_mine ? &mine : &all);
}

/* ---- one page ---- */

/* Each part between "*" where it comes first: nothing is looked at twice, whatever the rule. */
static bool matches(Str pattern, Str path) {
    bool is_to_end = str_ends(pattern, S("$")), is_first = true;
    size_t at = 0;

    if (is_to_end)
        pattern = str_slice(pattern, 0, pattern.len - 1);
    for (;;) {
        size_t star = str_find_char(pattern, '*', 0);
        Str part = str_slice(pattern, 0, star);
        bool is_last = star == SIZE_MAX;

        if (is_first && !str_starts(path, part))
            return false;
        if (is_last && is_to_end) /* the last part is at the end, behind what is matched already */
            return is_first ? part.len == path.len
                            : path.len - at >= part.len && str_ends(path, part);
        at = is_first ? part.len : str_find(path, part, at);
        if (at == SIZE_MAX)
            return false;
        if (is_last)
            return true;
        at += is_first ? 0 : part.len;
        is_first = false;
        pattern = str_slice(pattern, star + 1, pattern.len);
    }
}

bool robots_may_read(Arena *arena, Str rules, Str target) {
    Str path = one_form(arena, target), rule;
    size_t longest = 0;
    bool may = true;

    if (str_eq(path, S("/robots.txt")))
        return true;
    while (str_cut(&rules, '\n', &rule)) {
        bool is_allowing = rule.ptr[0] == '+';
        Str pattern = str_slice(rule, 1, rule.len);

        if (pattern.len < longest || (pattern.len == longest && !is_allowing) ||
            !matches(pattern, path))
            continue;
        longest = pattern.len;
        may = is_allowing;
    }
    return may;
}
