/* http/body.h - a request's body as it arrives: in memory, or in an unnamed file when it is long. */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include "base/err.h"
#include "base/str.h"

enum { BODY_MEMORY_BYTES = 256 << 10 }; /* more waits on the disk, where there is a folder for it */

typedef struct Body {
    Arena *arena;
    Str temp_folder; /* empty: memory only */
    size_t limit_bytes;
    char *ptr;
    size_t len, cap;
    int fd;    /* of the file; -1 while in memory */
    void *map; /* of the whole file, once it is complete */
    bool is_too_long;
} Body;

/* announced is Content-Length, or -1. */
void body_start(Body *body, Arena *arena, Str temp_folder, size_t limit_bytes, int64_t announced);
/* Beyond the limit the bytes are dropped and is_too_long is set. ERR_IO: the disk is full or broken. */
CHECKED Err body_add(Body *body, Str bytes);
/* The whole body, until body_close. */
CHECKED Err body_end(Body *body, Str *ret);
/* Gives file and mapping back; for a Body of zeros nothing happens. */
void body_close(Body *body);

#endif
