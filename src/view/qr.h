/* view/qr.h - a text as a QR code, drawn as the path of an SVG. */
#ifndef VIEW_QR_H
#define VIEW_QR_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { QR_BYTES_MAX = 500, QR_QUIET = 4 /* the white border that readers need, in modules */ };

typedef struct QrCode {
    Str path; /* the "d" of one <path>: a unit is a module, 0 0 the corner of the first one; in the arena */
    int side; /* modules, without the quiet zone: 21 and above */
} QrCode;

/*
 * ISO/IEC 18004, byte mode, error correction M (15 % may be unreadable). 1..QR_BYTES_MAX bytes, else ERR_LIMIT;
 * ERR_BUSY without memory. The same text gives the same code.
 */
CHECKED Err qr_draw(Arena *arena, Str text, QrCode *ret);

#endif
