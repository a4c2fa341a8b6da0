/* base/buf.c - a growing byte buffer in an arena. */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>

#include "base/utf8.h"

enum { FIRST_BYTES = 256 };

Buf buf_new(Arena *arena, size_t limit_bytes) {
    if (limit_bytes == 0)
        limit_bytes = arena_budget(arena) > 0 ? arena_budget(arena) : SIZE_MAX;
    return (Buf){ .arena = arena, .limit_bytes = limit_bytes };
}

/* Where the next `bytes` bytes go, or NULL when they do not fit; len is the caller's to move on. */
static char *room(Buf *buf, size_t bytes) {
    if (buf->is_full || bytes > buf->limit_bytes - buf->len) {
        buf->is_full = true;
        return NULL;
    }
    if (bytes > buf->cap - buf->len) {
        size_t needed = buf->len + bytes; /* no more than the limit, so it does not wrap */
        size_t cap = buf->cap > 0 ? buf->cap : FIRST_BYTES;

        while (cap < needed && size_mul(cap, 2, &cap))
            ;
        if (cap < needed || cap > buf->limit_bytes)
            cap = buf->limit_bytes;
        buf->ptr = arena_grow(buf->arena, buf->ptr, buf->cap, cap);
        buf->cap = cap;
    }
    return buf->ptr + buf->len;
}

void buf_reserve(Buf *buf, size_t bytes) {
    if (buf->is_full || bytes > buf->limit_bytes - buf->len || bytes <= buf->cap - buf->len)
        return; /* what does not fit is for buf_add to tell */
    buf->ptr = arena_grow(buf->arena, buf->ptr, buf->cap, buf->len + bytes);
    buf->cap = buf->len + bytes;
}

void buf_add(Buf *buf, Str s) {
    char *to = s.len > 0 ? room(buf, s.len) : NULL;

    if (!to)
        return;
    memcpy(to, s.ptr, s.len);
    buf->len += s.len;
}

void buf_add_char(Buf *buf, char c) {
    buf_add(buf, (Str){ &c, 1 });
}

void buf_add_int(Buf *buf, int64_t value) {
    char digits[20]; /* 19 digits and the sign */
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do
        digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        digits[--at] = '-';
    buf_add(buf, (Str){ digits + at, sizeof digits - at });
}

void buf_add_format(Buf *buf, const char *format, ...) {
    va_list args;

    assert(format);
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len <= 0) {
        buf->is_full = buf->is_full || len < 0;
        return;
    }
    /* vsnprintf also writes a NUL, for which a full buffer has no room: then beside it. */
    size_t bytes = (size_t)len + 1;
    bool is_beside = bytes > buf->limit_bytes - buf->len;
    char *text = is_beside ? arena_alloc(buf->arena, bytes) : room(buf, bytes);
    if (!text)
        return;
    va_start(args, format);
    (void)vsnprintf(text, bytes, format, args);
    va_end(args);
    if (is_beside)
        buf_add(buf, (Str){ text, (size_t)len });
    else
        buf->len += (size_t)len;
}

void buf_add_rune(Buf *buf, uint32_t rune) {
    char bytes[4];
    size_t len = utf8_put(rune, bytes);

    buf_add(buf, len > 0 ? (Str){ bytes, len } : S("\xEF\xBF\xBD"));
}

static Str html_entity(char c) {
    switch (c) {
    case '&':
        return S("&amp;");
    case '<':
        return S("&lt;");
    case '>':
        return S("&gt;");
    case '"':
        return S("&quot;");
    case '\'':
        return S("&#39;");
    default:
        return STR_EMPTY;
    }
}

void buf_add_html(Buf *buf, Str s) {
    size_t from = 0;

    for (size_t at = 0; at < s.len; at++) {
        Str entity = html_entity(s.ptr[at]);

        if (entity.len == 0)
            continue;
        buf_add(buf, str_slice(s, from, at));
        buf_add(buf, entity);
        from = at + 1;
    }
    buf_add(buf, str_slice(s, from, s.len));
}

void buf_truncate(Buf *buf, size_t len) {
    if (len < buf->len)
        buf->len = len;
}

Str buf_str(const Buf *buf) {
    return (Str){ buf->ptr, buf->len };
}

Err buf_check(const Buf *buf) {
    if (buf->is_full)
        return FAIL(ERR_LIMIT, NULL, N_("The result is too large. Ask for a smaller part of it."));
    return OK;
}
