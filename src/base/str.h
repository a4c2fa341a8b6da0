/* base/str.h - borrowed, immutable slices of UTF-8 text; not NUL-terminated. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

typedef struct Str {
    const char *ptr; /* may be NULL only when len is 0 */
    size_t len;      /* bytes */
} Str;

typedef struct StrList {
    Str *items;
    size_t len;
} StrList;

/* A Str of a string literal, usable as an expression and as an initialiser. */
#define S(literal) ((Str){ "" literal "", sizeof(literal) - 1 })
#define S_INIT(literal)                                                                            \
    { "" literal "", sizeof(literal) - 1 }
#define STR_EMPTY ((Str){ NULL, 0 })
/* For printf: "%.*s". */
#define STR_ARG(s) (int)(s).len, (s).ptr ? (s).ptr : ""

/* Borrows a NUL-terminated string of ours or of a library; NULL gives the empty slice. */
Str str_from_c(const char *text);
/* A NUL-terminated copy in the arena, for libraries that need one. */
char *str_to_c(Arena *arena, Str s);
Str str_dup(Arena *arena, Str s);
/* Decimal digits in the arena. */
Str str_from_int(Arena *arena, int64_t value);
/* Formats into the arena; the format is a literal. */
Str str_format(Arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
Str str_concat(Arena *arena, Str a, Str b);
/* Joins with a separator; an empty list gives the empty slice. */
Str str_join(Arena *arena, StrList list, Str separator);

bool str_eq(Str a, Str b);
/* ASCII letters compare without case. */
bool str_eq_nocase(Str a, Str b);
/* Byte order (which for UTF-8 is code point order): <0, 0, >0. */
int str_compare(Str a, Str b);
bool str_starts(Str s, Str prefix);
bool str_ends(Str s, Str suffix);
/* Byte offset of the first occurrence at or after `from`; SIZE_MAX when absent. */
size_t str_find(Str s, Str needle, size_t from);
size_t str_find_char(Str s, char c, size_t from);
bool str_contains(Str s, Str needle);
/* The slice [from, to), clamped to the bounds of s. */
Str str_slice(Str s, size_t from, size_t to);
/* Without ASCII white space (space, tab, CR, LF, FF, VT) at both ends. */
Str str_trim(Str s);
Str str_lower_ascii(Arena *arena, Str s);
/* Every occurrence of `what` (not empty) replaced. */
Str str_replace(Arena *arena, Str s, Str what, Str with);

/*
 * Cuts off the part before the next `separator`; false when nothing is left. *rest is advanced. A
 * final separator ends the last part and starts none: "a," has one part here, two in str_split.
 */
bool str_cut(Str *rest, char separator, Str *ret_part);
/* All parts between separators, in the arena. "a,,b" has three parts; an empty s has one. */
StrList str_split(Arena *arena, Str s, char separator);

/*
 * Reads the whole of s as a decimal whole number: an optional '-', digits, nothing else.
 * False (and *ret unchanged) when empty, malformed or beyond int64_t.
 */
bool str_parse_int(Str s, int64_t *ret);

/* Sums and products of sizes that come from outside; false instead of wrapping. */
bool size_add(size_t a, size_t b, size_t *ret);
bool size_mul(size_t a, size_t b, size_t *ret);

#endif
