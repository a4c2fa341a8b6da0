/* base/percent.c - percent-encoding. */
#include "base/percent.h"

static int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int percent_byte(Str s, size_t at) {
    if (at >= s.len || s.len - at < 3 || s.ptr[at] != '%')
        return -1;
    int high = hex_value(s.ptr[at + 1]), low = hex_value(s.ptr[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool percent_is_unreserved(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
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
        int byte = percent_byte(s, i);

        if (s.ptr[i] == '%' && byte < 0)
            return false;
        if (byte < 0) {
            out[len++] = is_form && s.ptr[i] == '+' ? ' ' : s.ptr[i];
            continue;
        }
        out[len++] = (char)byte;
        i += 2;
    }
    *ret = (Str){ out, len };
    return true;
}

static void add_byte(Buf *out, unsigned char c) {
    static const char digits[] = "0123456789ABCDEF";

    buf_add_char(out, '%');
    buf_add_char(out, digits[c >> 4]);
    buf_add_char(out, digits[c & 15]);
}

void percent_add(Buf *out, Str s) {
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (percent_is_unreserved(c))
            buf_add_char(out, (char)c);
        else
            add_byte(out, c);
    }
}

Str percent_encode(Arena *arena, Str s) {
    Buf out = buf_new(arena, 0);

    percent_add(&out, s);
    return buf_str(&out);
}

void percent_add_normal(Buf *out, Str s) {
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        int byte = percent_byte(s, i);

        if (byte >= 0) {
            if (percent_is_unreserved((unsigned char)byte))
                buf_add_char(out, (char)byte);
            else
                add_byte(out, (unsigned char)byte);
            i += 2;
        } else if (c <= 0x20 || c >= 0x7f) {
            add_byte(out, c);
        } else {
            buf_add_char(out, (char)c);
        }
    }
}
