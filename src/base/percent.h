/* base/percent.h - percent-encoding (RFC 3986, 2.1): one byte as %HH. */
#ifndef BASE_PERCENT_H
#define BASE_PERCENT_H

#include "base/buf.h"

/* The byte that %HH at this place means, 0..255; -1 where none stands. Any `at`. */
int percent_byte(Str s, size_t at);
/* RFC 3986, 2.3: letters and digits of ASCII, "-", ".", "_" and "~". */
bool percent_is_unreserved(unsigned char c);

/*
 * Decodes %HH once, and + as a blank where is_form. False (and *ret unchanged) for a % without two
 * hexadecimal digits. The result may hold any byte; it lives in arena or is s itself.
 */
bool percent_decode(Arena *arena, Str s, bool is_form, Str *ret);
/* Encodes all but unreserved characters. */
Str percent_encode(Arena *arena, Str s);
void percent_add(Buf *out, Str s); /* the same at the end of a buffer */
/*
 * The one spelling of what may be written in several ways (6.2.2.1 and 2): %HH of unreserved characters is decoded,
 * other HH are upper case; controls, blanks and bytes beyond ASCII are encoded. All else stays, a bad % too.
 */
void percent_add_normal(Buf *out, Str s);

#endif
