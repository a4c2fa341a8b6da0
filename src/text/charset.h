/* text/charset.h - bytes of unknown or claimed encoding to UTF-8. */
#ifndef TEXT_CHARSET_H
#define TEXT_CHARSET_H

#include "base/err.h"
#include "base/str.h"

/*
 * Decodes bytes. Decided in this order: a BOM (UTF-8, UTF-16, UTF-32); zero bytes that only UTF-16
 * or UTF-32 explain; bytes that are valid UTF-8; text in UTF-8 but for a few bytes, which is
 * refused rather than taken for Chinese; GB18030 where every high byte is part of a common Chinese
 * character, whatever a Latin label says; the label, where it names an encoding we know; GB18030. A
 * BOM is not part of the result.
 *
 * label is what a header, an XML declaration or a form said, or empty; an unknown one counts as
 * empty. *ret is borrowed from bytes when they are UTF-8 already, else it lives in arena.
 * *ret_encoding (may be NULL) is a constant name such as "utf-8", "gb18030", "utf-16le", or the
 * label in lower case, living in arena. Fails with ERR_INVALID ({0}: offset of the first byte that
 * fits nothing, from 0) and ERR_LIMIT (the result does not fit the arena's budget). Nothing is
 * replaced or dropped. Repeating is safe.
 */
CHECKED Err charset_to_utf8(Arena *arena, Str bytes, Str label, Str *ret,
                            const char **ret_encoding);

/*
 * The same for what must be shown in spite of damage (feeds): what fits nothing becomes U+FFFD, one
 * for each ill-formed run of at most 4 bytes; *ret_replaced tells how many. ERR_INVALID only when
 * more than one character in 20 would be one.
 */
CHECKED Err charset_to_utf8_mended(Arena *arena, Str bytes, Str label, Str *ret,
                                   const char **ret_encoding, size_t *ret_replaced);

#endif
