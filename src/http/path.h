/* http/path.h - paths that are safe to send a browser to. */
#ifndef HTTP_PATH_H
#define HTTP_PATH_H

#include "base/err.h"
#include "base/str.h"

/*
 * True for a path (with query) of this origin that may stand in Location: one leading '/', ASCII without
 * blanks and controls, and, also after decoding twice, neither "//", '\', "." or ".." as a segment nor a
 * control in the part before '?' (security-checklist 16). At most 2,000 bytes.
 */
bool path_is_safe(Str path);

#endif
