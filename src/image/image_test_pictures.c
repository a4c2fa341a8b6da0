/* image/image_test_pictures.c - the smallest encoders that will do, for tests. */
#include "image/image_test_pictures.h"

#include <zlib.h>

static void put_big(Buf *buf, int64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; i--)
        buf_add_char(buf, (char)(value >> 8 * i & 0xFF));
}

static void put_little(Buf *buf, int64_t value, int bytes) {
    for (int i = 0; i < bytes; i++)
        buf_add_char(buf, (char)(value >> 8 * i & 0xFF));
}

/* ---- PNG ---- */

enum { GREY = 0, RGBA = 6, PNG_HEAD_BYTES = 8 + 25 };

static void put_chunk(Buf *png, Str name, Str data) {
    Str body = str_concat(png->arena, name, data);

    put_big(png, (int64_t)data.len, 4);
    buf_add(png, body);
    put_big(png, (int64_t)crc32(0, (const Bytef *)body.ptr, (uInt)body.len), 4);
}

static Buf start_png(Arena *arena, int64_t width, int64_t height, int depth, int color,
                     bool is_interlaced) {
    Buf png = buf_new(arena, SIZE_MAX), head = buf_new(arena, SIZE_MAX);

    put_big(&head, width, 4);
    put_big(&head, height, 4);
    put_big(&head, depth, 1);
    put_big(&head, color, 1);
    put_big(&head, 0, 2);
    put_big(&head, is_interlaced, 1);
    buf_add(&png, S("\x89PNG\r\n\x1a\n"));
    put_chunk(&png, S("IHDR"), buf_str(&head));
    return png;
}

/* IDAT of so many bytes 0, which is every pixel black or clear and every line without a filter. */
static void put_zeros(Buf *png, size_t bytes) {
    static unsigned char zeros[1 << 16];
    size_t cap = bytes / 100 + 1024;
    z_stream stream = { 0 };
    char *out = arena_alloc(png->arena, cap);

    if (deflateInit(&stream, Z_BEST_SPEED) != Z_OK)
        abort();
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)cap;
    while (bytes > 0) {
        size_t some = bytes < sizeof zeros ? bytes : sizeof zeros;

        stream.next_in = zeros;
        stream.avail_in = (uInt)some;
        bytes -= some;
        if (deflate(&stream, bytes ? Z_NO_FLUSH : Z_FINISH) < 0)
            abort();
    }
    put_chunk(png, S("IDAT"), (Str){ out, (size_t)stream.total_out });
    put_chunk(png, S("IEND"), STR_EMPTY);
    (void)deflateEnd(&stream);
}

/* Bytes of one pass of Adam7 (W3C PNG, 8.2), or of the whole picture. */
static size_t pass_bytes(int width, int height, int pixel_bytes) {
    if (width <= 0 || height <= 0)
        return 0;
    return (size_t)height * (1 + (size_t)width * (size_t)pixel_bytes);
}

Str picture_png(Arena *arena, int width, int height, bool is_interlaced) {
    static const struct {
        int left, top, step_x, step_y;
    } passes[] = { { 0, 0, 8, 8 }, { 4, 0, 8, 8 }, { 0, 4, 4, 8 }, { 2, 0, 4, 4 },
                   { 0, 2, 2, 4 }, { 1, 0, 2, 2 }, { 0, 1, 1, 2 } };
    enum { GREY_BYTES = 1, DEEP_BYTES = 8 };
    size_t bytes = is_interlaced ? 0 : pass_bytes(width, height, GREY_BYTES);
    Buf png = start_png(arena, width, height, is_interlaced ? 16 : 8, is_interlaced ? RGBA : GREY,
                        is_interlaced);

    for (size_t i = 0; is_interlaced && i < COUNT_OF(passes); i++)
        bytes += pass_bytes((width - passes[i].left + passes[i].step_x - 1) / passes[i].step_x,
                            (height - passes[i].top + passes[i].step_y - 1) / passes[i].step_y,
                            DEEP_BYTES);
    put_zeros(&png, bytes);
    return buf_str(&png);
}

Str picture_png_clear(Arena *arena, int width, int height) {
    Buf png = start_png(arena, width, height, 8, RGBA, false);

    put_zeros(&png, pass_bytes(width, height, 4));
    return buf_str(&png);
}

Str picture_png_bomb(Arena *arena, int64_t width, int64_t height) {
    Buf png = start_png(arena, width, height, 8, RGBA, false);

    put_zeros(&png, 100);
    return buf_str(&png);
}

Str picture_png_with(Arena *arena, Str png, Str name, Str data) {
    Buf with = buf_new(arena, SIZE_MAX);

    buf_add(&with, str_slice(png, 0, PNG_HEAD_BYTES));
    put_chunk(&with, name, data);
    buf_add(&with, str_slice(png, PNG_HEAD_BYTES, png.len));
    return buf_str(&with);
}

/* ---- JPEG: grey, all coefficients 0, so that each block is the two bits 00 ---- */

static void put_segment(Buf *jpeg, int marker, Str data) {
    put_big(jpeg, 0xFF00 | marker, 2);
    put_big(jpeg, (int64_t)data.len + 2, 2);
    buf_add(jpeg, data);
}

/* A Huffman table (ITU T.81, B.2.4.2) with the one code 0, for the value 0. */
static void put_table(Buf *jpeg, int class) {
    Buf data = buf_new(jpeg->arena, SIZE_MAX);

    put_big(&data, class << 4, 1);
    put_big(&data, 1, 1);
    for (int i = 0; i < 15 + 1; i++)
        put_big(&data, 0, 1);
    put_segment(jpeg, 0xC4, buf_str(&data));
}

Str picture_jpeg(Arena *arena, int width, int height, Str exif) {
    Buf jpeg = buf_new(arena, SIZE_MAX), part = buf_new(arena, SIZE_MAX);
    int64_t bits = INT64_C(2) * ((width + 7) / 8) * ((height + 7) / 8);

    put_big(&jpeg, 0xFFD8, 2);
    if (exif.len > 0)
        put_segment(&jpeg, 0xE1, exif);
    put_big(&part, 0, 1);
    for (int i = 0; i < 64; i++)
        put_big(&part, 1, 1);
    put_segment(&jpeg, 0xDB, buf_str(&part));
    buf_truncate(&part, 0);
    put_big(&part, 8, 1);
    put_big(&part, height, 2);
    put_big(&part, width, 2);
    buf_add(&part, S("\x01\x01\x11\x00")); /* one component, sampled 1x1, table 0 */
    put_segment(&jpeg, 0xC0, buf_str(&part));
    put_table(&jpeg, 0);
    put_table(&jpeg, 1);
    put_segment(&jpeg, 0xDA, S("\x01\x01\x00\x00\x3F\x00"));
    for (; bits >= 8; bits -= 8)
        put_big(&jpeg, 0, 1);
    if (bits > 0)
        put_big(&jpeg, 0xFF >> bits, 1);
    put_big(&jpeg, 0xFFD9, 2);
    return buf_str(&jpeg);
}

static void put_tag(Buf *tiff, int tag, int type, int64_t count, int64_t value, int value_bytes) {
    put_big(tiff, tag, 2);
    put_big(tiff, type, 2);
    put_big(tiff, count, 4);
    put_big(tiff, value, value_bytes);
    put_big(tiff, 0, 4 - value_bytes);
}

Str picture_exif(Arena *arena, int orientation) {
    enum {
        ASCII = 2,
        SHORT = 3,
        LONG = 4,
        RATIONAL = 5,
        MAIN_AT = 8,
        GPS_AT = MAIN_AT + 2 + 3 * 12 + 4,
        DATA_AT = GPS_AT + 2 + 2 * 12 + 4
    };
    Buf tiff = buf_new(arena, SIZE_MAX);

    buf_add(&tiff, S("Exif\0\0MM\0*"));
    put_big(&tiff, MAIN_AT, 4);
    put_big(&tiff, 3, 2);
    put_tag(&tiff, 0x010F, ASCII, 12, DATA_AT, 4);
    put_tag(&tiff, 0x0112, SHORT, 1, orientation, 2);
    put_tag(&tiff, 0x8825, LONG, 1, GPS_AT, 4);
    put_big(&tiff, 0, 4);
    put_big(&tiff, 2, 2);
    put_tag(&tiff, 0x0001, ASCII, 2, 'N' << 8, 2);
    put_tag(&tiff, 0x0002, RATIONAL, 3, DATA_AT + 12, 4);
    put_big(&tiff, 0, 4);
    buf_add(&tiff, S("SecretCamer\0"));
    for (int i = 0; i < 3; i++) {
        put_big(&tiff, 30 + i, 4);
        put_big(&tiff, 1, 4);
    }
    return buf_str(&tiff);
}

/* ---- GIF ---- */

Str picture_gif(Arena *arena, int frames) {
    Buf gif = buf_new(arena, SIZE_MAX);

    buf_add(&gif, S("GIF89a\x02\0\x02\0\x80\0\0\0\0\0\xFF\xFF\xFF"));
    for (int i = 0; i < frames; i++) {
        buf_add(&gif, S("\x21\xF9\x04\0\x0A\0\0\0"));
        buf_add(&gif, S("\x2C\0\0\0\0\x02\0\x02\0\0"));
        /* Codes of 3 bits, low first: clear, 0, 1, clear, 1, 0, end. */
        unsigned codes[] = { 4, 0, 1, 4, 1, 0, 5 };
        uint32_t bits = 0;
        for (size_t at = 0; at < COUNT_OF(codes); at++)
            bits |= (uint32_t)codes[at] << 3 * at;
        put_big(&gif, 2, 1);
        put_big(&gif, 3, 1);
        put_little(&gif, bits, 3);
        put_big(&gif, 0, 1);
    }
    buf_add_char(&gif, ';');
    return buf_str(&gif);
}

/* ---- WebP ---- */

Str picture_webp_animated(Arena *arena, int frames) {
    Buf webp = buf_new(arena, SIZE_MAX);

    buf_add(&webp, S("RIFF"));
    put_little(&webp, 4 + 18 + INT64_C(24) * frames, 4);
    buf_add(&webp, S("WEBPVP8X\x0A\0\0\0\x02\0\0\0\x07\0\0\x07\0\0"));
    for (int i = 0; i < frames; i++) {
        buf_add(&webp, S("ANMF\x10\0\0\0"));
        put_little(&webp, 0, 8);
        put_little(&webp, 0, 8);
    }
    return buf_str(&webp);
}
