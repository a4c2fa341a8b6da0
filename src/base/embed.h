/* base/embed.h - a file that the build put into the program (tools/embed.py). */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

typedef struct Embedded {
    const char *name;           /* path below the folder it was taken from, with '/' */
    const unsigned char *bytes; /* a NUL follows that is not counted in len */
    size_t len;
} Embedded;

#endif
