/* http/path.c - paths that are safe to send a browser to. */
#include "http/path.h"

#include "base/percent.h"
#include "http/route.h"

enum { SAFE_PATH_BYTES_MAX = 2000, DECODE_ROUNDS = 2 };

/* One decoding in place of a copy of at most SAFE_PATH_BYTES_MAX bytes; a bad % stays. */
static size_t decode_once(char *text, size_t len) {
    size_t to = 0;

    for (size_t i = 0; i < len; i++) {
        int byte = percent_byte((Str){ text, len }, i);

        text[to++] = byte >= 0 ? (char)byte : text[i];
        i += byte >= 0 ? 2 : 0;
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
