/* image/image_webp.c - the container of WebP (RFC 9649, 2), taken apart and put together again. */
#include "image/image_webp.h"

enum { HEAD_BYTES = 12, CHUNK_HEAD_BYTES = 8, VP8X_BYTES = 10, FLAG_ALPHA = 0x10 };

/* The chunks of one picture, each with its head and its padding; empty where there is none. */
typedef struct Parts {
    Str extended; /* VP8X */
    Str alpha;    /* ALPH */
    Str pixels;   /* VP8 or VP8L */
    bool has_others;
} Parts;

static size_t little(Str s, size_t at) {
    const unsigned char *p = (const unsigned char *)s.ptr + at;

    return (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
}

/* The chunk at the start of rest, with its padding; false when it does not fit. */
static bool cut_chunk(Str *rest, Str *ret) {
    if (rest->len < CHUNK_HEAD_BYTES)
        return false;
    size_t data = little(*rest, 4);
    if (data > rest->len - CHUNK_HEAD_BYTES)
        return false;
    size_t whole = CHUNK_HEAD_BYTES + data + (data & 1);
    if (whole > rest->len)
        return false;
    *ret = str_slice(*rest, 0, whole);
    *rest = str_slice(*rest, whole, rest->len);
    return true;
}

static bool take_apart(Str webp, Parts *ret) {
    Parts parts = { 0 };
    Str rest = str_slice(webp, HEAD_BYTES, webp.len), chunk;

    if (webp.len < HEAD_BYTES || !str_starts(webp, S("RIFF")) || little(webp, 4) != webp.len - 8 ||
        !str_eq(str_slice(webp, 8, HEAD_BYTES), S("WEBP")))
        return false;
    while (rest.len > 0) {
        if (!cut_chunk(&rest, &chunk))
            return false;
        bool is_pixels = str_starts(chunk, S("VP8 ")) || str_starts(chunk, S("VP8L"));
        Str *place = is_pixels                      ? &parts.pixels
                     : str_starts(chunk, S("ALPH")) ? &parts.alpha
                     : str_starts(chunk, S("VP8X")) ? &parts.extended
                                                    : NULL;
        if (!place)
            parts.has_others = true;
        else if (place->len > 0)
            return false;
        else
            *place = chunk;
    }
    if (parts.pixels.len == 0 || (parts.alpha.len > 0 && parts.extended.len == 0) ||
        (parts.extended.len > 0 && parts.extended.len != CHUNK_HEAD_BYTES + VP8X_BYTES))
        return false;
    *ret = parts;
    return true;
}

bool image_webp_clean(Arena *arena, Str webp, Str *ret) {
    Buf out = buf_new(arena, SIZE_MAX);
    Parts parts;

    if (!take_apart(webp, &parts))
        return false;
    bool has_alpha = parts.alpha.len > 0;
    size_t len = 4 + parts.pixels.len + (has_alpha ? parts.extended.len + parts.alpha.len : 0);
    buf_add(&out, S("RIFF"));
    for (int i = 0; i < 4; i++)
        buf_add_char(&out, (char)(len >> 8 * i & 0xFF));
    buf_add(&out, S("WEBP"));
    if (has_alpha) { /* lossless pictures (VP8L) hold theirs themselves */
        buf_add(&out, str_slice(parts.extended, 0, CHUNK_HEAD_BYTES));
        buf_add_char(&out, FLAG_ALPHA);
        buf_add(&out, str_slice(parts.extended, CHUNK_HEAD_BYTES + 1, parts.extended.len));
        buf_add(&out, parts.alpha);
    }
    buf_add(&out, parts.pixels);
    *ret = buf_str(&out);
    return true;
}

bool image_webp_is_clean(Str webp) {
    Parts parts;

    if (!take_apart(webp, &parts) || parts.has_others)
        return false;
    if (parts.extended.len == 0)
        return true;
    return parts.alpha.len > 0 && parts.extended.ptr[CHUNK_HEAD_BYTES] == FLAG_ALPHA;
}
