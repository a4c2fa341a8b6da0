/* http/path.h - percent-encoding, and paths that are safe to send a browser to. */
#ifndef HTTP_PATH_H
#define HTTP_PATH_H

#include "base/err.h"
#include "base/str.h"

/*
 * Decodes %HH once, and + as a blank where is_form. False (and *ret unchanged) for a % without two
 * hexadecimal digits. The result may hold any byte; it lives in arena or is s itself.
 */
bool percent_decode(Arena *arena, Str s, bool is_form, Str *ret);
/* Encodes all but RFC 3986's unreserved characters. */
Str percent_encode(Arena *arena, Str s);

/*
 * True for a path (with query) of this origin that may stand in Location: one leading '/', ASCII without
 * blanks and controls, and, also after decoding twice, neither "//", '\', "." or ".." as a segment nor a
 * control in the part before '?' (security-checklist 16). At most 2,000 bytes.
 */
bool path_is_safe(Str path);

#endif
