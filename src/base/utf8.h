/* base/utf8.h - UTF-8: checking, counting, walking. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"

#define UTF8_BAD 0xFFFFFFFFu

/* True for well-formed UTF-8 (RFC 3629: no overlong form, no surrogate, at most U+10FFFF). */
bool utf8_is_valid(Str s);
/* Counts Unicode scalar values; false when s is not valid. */
bool utf8_count(Str s, size_t *ret_chars);
/* The next scalar value at *at (bytes), which moves on; UTF8_BAD moves one byte on. */
uint32_t utf8_next(Str s, size_t *at);
/* Byte offset after at most `chars` scalar values; s is valid. */
size_t utf8_offset(Str s, size_t chars);
/* Writes 1..4 bytes; 0 for a value that is no scalar. */
size_t utf8_put(uint32_t rune, char out[4]);
/*
 * A copy in the arena in which ill-formed sequences become U+FFFD (maximal subparts, Unicode 3.9)
 * and NUL and C0 controls other than tab and line feed are removed; CR LF and CR become LF.
 */
Str utf8_clean(Arena *arena, Str s);
/* True when s holds NUL, DEL or a C0/C1 control other than tab, CR and LF. */
bool utf8_has_control(Str s);

#endif
