/* http/path.c - percent-encoding, and paths that are safe to send a browser to. */
#include "http/path.h"

#include "http/route.h"

enum { SAFE_PATH_BYTES_MAX = 2000, DECODE_ROUNDS = 2 };

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool percent_decode(Arena *arena, Str s, bool is_form, Str *ret) {
    if (str_find_char(s, '%', 0) == SIZE_MAX &&
        (!is_form || str_find_char(s, '+', 0) == SIZE_MAX)) {
        *ret = s;
        return true;
    }
    char *out = arena_alloc(arena, s.len);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '+' && is_form)
            c = ' ';
        if (c == '%') {
            int high = s.len - i > 2 ? hex_digit(s.ptr[i + 1]) : -1;
            int low = s.len - i > 2 ? hex_digit(s.ptr[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        out[len++] = c;
    }
    *ret = (Str){ out, len };
    return true;
}

Str percent_encode(Arena *arena, Str s) {
    static const char digits[] = "0123456789ABCDEF";
    size_t bytes;

    if (!size_mul(s.len, 3, &bytes))
        return STR_EMPTY;
    char *out = arena_alloc(arena, bytes);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (!is_plain) {
            out[len++] = '%';
            out[len++] = digits[c >> 4];
            c = (unsigned char)digits[c & 15];
        }
        out[len++] = (char)c;
    }
    return (Str){ out, len };
}

/* One decoding in place of a copy of at most SAFE_PATH_BYTES_MAX bytes; a bad % stays. */
static size_t decode_once(char *text, size_t len) {
    size_t to = 0;

    for (size_t i = 0; i < len; i++) {
        int high = text[i] == '%' && i + 2 < len ? hex_digit(text[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        if (low >= 0) {
            text[to++] = (char)(high * 16 + low);
            i += 2;
        } else {
            text[to++] = text[i];
        }
    }
    return to;
}

static bool is_plain_path(Str path) {
    Str rest = str_slice(path, 1, path.len), segment;

    if (path.len == 0 || path.ptr[0] != '/' || str_contains(path, S("//")))
        return false;
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.ptr[i];
        if (c < 0x20 || c == 0x7F || c == '\\')
            return false;
    }
    while (str_cut(&rest, '/', &segment))
        if (str_eq(segment, S(".")) || str_eq(segment, S("..")))
            return false;
    return true;
}

bool path_is_safe(Str path) {
    char text[SAFE_PATH_BYTES_MAX];

    if (path.len == 0 || path.len > SAFE_PATH_BYTES_MAX)
        return false;
    for (size_t i = 0; i < path.len; i++)
        if (path.ptr[i] <= 0x20 || path.ptr[i] >= 0x7F)
            return false;
    size_t end = str_find_char(path, '?', 0), mark = str_find_char(path, '#', 0);
    Str before = str_slice(path, 0, end < mark ? end : mark);
    size_t len = before.len;
    if (len > 0)
        memcpy(text, before.ptr, len);
    for (int round = 0; round <= DECODE_ROUNDS; round++) {
        if (!is_plain_path((Str){ text, len }))
            return false;
        len = decode_once(text, len);
    }
    return true;
}

Str safe_path(Str path, Str otherwise) {
    return path_is_safe(path) ? path : otherwise;
}
