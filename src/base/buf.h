/* base/buf.h - a growing byte buffer in an arena, with a limit given at creation. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/err.h"
#include "base/str.h"

typedef struct Buf {
    Arena *arena;
    char *ptr;
    size_t len;         /* bytes in use */
    size_t cap;         /* bytes allocated */
    size_t limit_bytes; /* never longer; what does not fit is dropped and is_full is set */
    bool is_full;
} Buf;

/* A limit of 0 means the arena's budget. */
Buf buf_new(Arena *arena, size_t limit_bytes);

/* Once a piece does not fit, it and all later pieces are dropped and is_full stays set. */
void buf_add(Buf *buf, Str s);
void buf_add_char(Buf *buf, char c);
void buf_add_int(Buf *buf, int64_t value);
void buf_add_format(Buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
/* A Unicode scalar value as UTF-8; anything else becomes U+FFFD. */
void buf_add_rune(Buf *buf, uint32_t rune);
/* Text with & < > " ' as HTML entities. */
void buf_add_html(Buf *buf, Str s);
/* Room for at least `bytes` more, exactly so much when it must grow: for a size that is known. */
void buf_reserve(Buf *buf, size_t bytes);
void buf_truncate(Buf *buf, size_t len);

/* What was written, borrowed from the buffer until its next change. */
Str buf_str(const Buf *buf);
/* ERR_LIMIT without a field when something was dropped. */
CHECKED Err buf_check(const Buf *buf);

#endif
