/* base/str.c - borrowed, immutable slices of text. */
#include "base/str.h"

#include <assert.h>
#include <stdarg.h>

#include "base/buf.h"
#include "base/log.h"

Str str_from_c(const char *text) {
    return text ? (Str){ text, strlen(text) } : STR_EMPTY;
}

char *str_to_c(Arena *arena, Str s) {
    char *text = arena_alloc(arena, s.len + 1);

    if (s.len > 0)
        memcpy(text, s.ptr, s.len);
    return text;
}

Str str_dup(Arena *arena, Str s) {
    return s.len > 0 ? (Str){ arena_copy(arena, s.ptr, s.len), s.len } : STR_EMPTY;
}

Str str_from_int(Arena *arena, int64_t value) {
    Buf buf = buf_new(arena, 20); /* 19 digits and the sign */

    buf_add_int(&buf, value);
    return buf_str(&buf);
}

Str str_format(Arena *arena, const char *format, ...) {
    va_list args, again;

    assert(format);
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        log_fatal("a format that cannot be printed", format);
    char *text = arena_alloc(arena, (size_t)len + 1);
    (void)vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return (Str){ text, (size_t)len };
}

Str str_concat(Arena *arena, Str a, Str b) {
    Str both[] = { a, b };

    return str_join(arena, (StrList){ both, 2 }, STR_EMPTY);
}

Str str_join(Arena *arena, StrList list, Str separator) {
    size_t len = 0, at = 0;

    /* The parts exist, but the same one may stand in the list many times, so the sum can wrap. */
    for (size_t i = 0; i < list.len; i++) {
        if (!size_add(len, list.items[i].len, &len) ||
            (i > 0 && !size_add(len, separator.len, &len)))
            log_fatal("no memory left", "a text beyond the address space");
    }
    if (len == 0)
        return STR_EMPTY;

    char *text = arena_alloc(arena, len);
    for (size_t i = 0; i < list.len; i++) {
        Str part = list.items[i];

        if (i > 0 && separator.len > 0)
            memcpy(text + at, separator.ptr, separator.len);
        at += i > 0 ? separator.len : 0;
        if (part.len > 0)
            memcpy(text + at, part.ptr, part.len);
        at += part.len;
    }
    return (Str){ text, len };
}

bool str_eq(Str a, Str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_eq_nocase(Str a, Str b) {
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    }
    return true;
}

int str_compare(Str a, Str b) {
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len > 0 ? memcmp(a.ptr, b.ptr, len) : 0;

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(Str s, Str prefix) {
    return s.len >= prefix.len && str_eq(str_slice(s, 0, prefix.len), prefix);
}

bool str_ends(Str s, Str suffix) {
    return s.len >= suffix.len && str_eq(str_slice(s, s.len - suffix.len, s.len), suffix);
}

size_t str_find(Str s, Str needle, size_t from) {
    if (from > s.len || needle.len > s.len - from)
        return SIZE_MAX;
    if (needle.len == 0)
        return from;
    const char *found = memmem(s.ptr + from, s.len - from, needle.ptr, needle.len);
    return found ? (size_t)(found - s.ptr) : SIZE_MAX;
}

size_t str_find_char(Str s, char c, size_t from) {
    return str_find(s, (Str){ &c, 1 }, from);
}

bool str_contains(Str s, Str needle) {
    return str_find(s, needle, 0) != SIZE_MAX;
}

Str str_slice(Str s, size_t from, size_t to) {
    if (to > s.len)
        to = s.len;
    if (from > to)
        from = to;
    return s.ptr ? (Str){ s.ptr + from, to - from } : STR_EMPTY;
}

static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

Str str_trim(Str s) {
    size_t from = 0, to = s.len;

    while (from < to && is_blank(s.ptr[from]))
        from++;
    while (to > from && is_blank(s.ptr[to - 1]))
        to--;
    return str_slice(s, from, to);
}

Str str_lower_ascii(Arena *arena, Str s) {
    char *text = arena_alloc(arena, s.len);

    for (size_t i = 0; i < s.len; i++)
        text[i] = lower(s.ptr[i]);
    return (Str){ text, s.len };
}

Str str_replace(Arena *arena, Str s, Str what, Str with) {
    size_t count = 0, bytes;

    assert(what.len > 0);
    for (size_t at = 0; (at = str_find(s, what, at)) != SIZE_MAX; at += what.len)
        count++;
    if (count == 0)
        return s;
    if (!size_mul(count, with.len, &bytes) || !size_add(bytes, s.len - count * what.len, &bytes))
        log_fatal("no memory left", "a text beyond the address space");

    char *text = arena_alloc(arena, bytes);
    size_t from = 0, to = 0;
    for (size_t at; (at = str_find(s, what, from)) != SIZE_MAX; from = at + what.len) {
        memcpy(text + to, s.ptr + from, at - from);
        to += at - from;
        if (with.len > 0)
            memcpy(text + to, with.ptr, with.len);
        to += with.len;
    }
    memcpy(text + to, s.ptr + from, s.len - from);
    return (Str){ text, bytes };
}

bool str_cut(Str *rest, char separator, Str *ret_part) {
    if (rest->len == 0)
        return false;
    size_t at = str_find_char(*rest, separator, 0);
    *ret_part = str_slice(*rest, 0, at);
    *rest = at == SIZE_MAX ? STR_EMPTY : str_slice(*rest, at + 1, rest->len);
    return true;
}

StrList str_split(Arena *arena, Str s, char separator) {
    size_t count = 1, from = 0;

    for (size_t i = 0; i < s.len; i++)
        count += s.ptr[i] == separator;
    StrList list = { .items = arena_array(arena, count, sizeof(Str)), .len = count };
    for (size_t i = 0; i < count; i++) {
        size_t at = str_find_char(s, separator, from);

        list.items[i] = str_slice(s, from, at);
        from = at + 1; /* not read again after the last part */
    }
    return list;
}

bool str_parse_int(Str s, int64_t *ret) {
    bool is_negative = s.len > 0 && s.ptr[0] == '-';
    uint64_t limit = (uint64_t)INT64_MAX + (is_negative ? 1 : 0), value = 0;
    size_t at = is_negative ? 1 : 0;

    if (at == s.len)
        return false;
    for (; at < s.len; at++) {
        if (s.ptr[at] < '0' || s.ptr[at] > '9')
            return false;
        uint64_t digit = (uint64_t)(s.ptr[at] - '0');
        if (value > (limit - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    /* Negated without leaving int64_t, also for its lowest value. */
    *ret = is_negative && value > 0 ? -(int64_t)(value - 1) - 1 : (int64_t)value;
    return true;
}

bool size_add(size_t a, size_t b, size_t *ret) {
    size_t sum;

    if (__builtin_add_overflow(a, b, &sum))
        return false;
    *ret = sum;
    return true;
}

bool size_mul(size_t a, size_t b, size_t *ret) {
    size_t product;

    if (__builtin_mul_overflow(a, b, &product))
        return false;
    *ret = product;
    return true;
}
