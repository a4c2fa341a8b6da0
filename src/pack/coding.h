/* pack/coding.h - bodies coded once and sent many times: gzip (RFC 1952) and brotli (RFC 7932). */
#ifndef PACK_CODING_H
#define PACK_CODING_H

#include "base/err.h"
#include "base/str.h"

/* How much work a body is worth. */
typedef enum PackEffort {
    PACK_QUICK, /* pages made on demand: about 1 ms for 60 KB */
    PACK_BEST   /* files of the program, coded once at start */
} PackEffort;

/*
 * The coded body in arena. No time and no name are inside: the same body gives the same bytes. ERR_LIMIT
 * beyond 1 GiB; ERR_BUSY when the library has no memory.
 */
CHECKED Err pack_gzip(Arena *arena, Str body, PackEffort effort, Str *ret);
CHECKED Err pack_brotli(Arena *arena, Str body, PackEffort effort, Str *ret);

#endif
