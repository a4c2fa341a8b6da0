/* view/qr.c - libqrencode's squares become one path, a piece for each run of dark modules in a row. */
#include "view/qr.h"

#include <errno.h>
#include <qrencode.h>

#include "base/buf.h"

static void free_code(QRcode **code) {
    QRcode_free(*code);
}

static bool is_dark(const QRcode *code, int x, int y) {
    return code->data[(size_t)y * (size_t)code->width + (size_t)x] & 1;
}

static Str path_of(Arena *arena, const QRcode *code) {
    Buf path = buf_new(arena, 0);

    for (int y = 0; y < code->width; y++) {
        for (int x = 0, end; x < code->width; x = end + 1) {
            for (end = x; end < code->width && is_dark(code, end, y);)
                end++;
            if (end > x)
                buf_add_format(&path, "M%d %dh%dv1h-%dz", x, y, end - x, end - x);
        }
    }
    return buf_str(&path);
}

Err qr_draw(Arena *arena, Str text, QrCode *ret) {
    if (text.len == 0 || text.len > QR_BYTES_MAX)
        return FAIL(ERR_LIMIT, NULL, N_("This text does not fit into a QR code."));
    CLEANUP(free_code)
    QRcode *code =
        QRcode_encodeData((int)text.len, (const unsigned char *)text.ptr, 0, QR_ECLEVEL_M);
    if (!code)
        return errno == ENOMEM
                   ? FAIL(ERR_BUSY, NULL,
                          N_("The server has no memory left for this text. Try again later."))
                   : FAIL(ERR_BUG, NULL, N_("This text does not fit into a QR code."));
    *ret = (QrCode){ path_of(arena, code), code->width };
    return OK;
}
