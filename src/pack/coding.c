/* pack/coding.c - bodies coded once and sent many times, by zlib and brotli. */
#include "pack/coding.h"

#include <brotli/encode.h>
#include <zlib.h>

enum {
    BODY_BYTES_MAX = 1 << 30,
    GZIP_WINDOW = 15 + 16, /* the largest, with gzip's own head and foot */
    GZIP_MEMORY = 8,
    BROTLI_QUICK = 4,
    BROTLI_BEST = 9 /* 11 saves 8 % of a style sheet and doubles the time of a start */
};

static Err too_long(void) {
    return FAIL(ERR_LIMIT, NULL, N_("The body is too long to be compressed."));
}

static Err no_memory(void) {
    return FAIL(ERR_BUSY, NULL, N_("The server has no memory left to compress a page. Try again."));
}

static void end_deflate(z_stream *stream) {
    (void)deflateEnd(stream);
}

Err pack_gzip(Arena *arena, Str body, PackEffort effort, Str *ret) {
    CLEANUP(end_deflate) z_stream stream = { 0 }; /* zlib keeps its address */

    if (body.len > BODY_BYTES_MAX)
        return too_long();
    if (deflateInit2(&stream, effort == PACK_BEST ? Z_BEST_COMPRESSION : 5, Z_DEFLATED, GZIP_WINDOW,
                     GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return no_memory();
    uLong bound = deflateBound(&stream, (uLong)body.len);
    char *out = arena_alloc(arena, bound);
    stream.next_in = (Bytef *)(uintptr_t)body.ptr;
    stream.avail_in = (uInt)body.len;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)bound;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        return no_memory();
    *ret = (Str){ out, stream.total_out };
    return OK;
}

Err pack_brotli(Arena *arena, Str body, PackEffort effort, Str *ret) {
    if (body.len > BODY_BYTES_MAX)
        return too_long();
    size_t bound = BrotliEncoderMaxCompressedSize(body.len);
    if (bound == 0)
        return too_long();
    char *out = arena_alloc(arena, bound);
    if (BrotliEncoderCompress(effort == PACK_BEST ? BROTLI_BEST : BROTLI_QUICK,
                              BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, body.len,
                              (const uint8_t *)body.ptr, &bound, (uint8_t *)out) != BROTLI_TRUE)
        return no_memory();
    *ret = (Str){ out, bound };
    return OK;
}
