/* http/message.c - header lists; the one way to write a header. */
#include "http/message.h"

Str headers_get(const HttpHeaders *headers, Str name) {
    for (size_t i = 0; i < headers->len; i++)
        if (str_eq_nocase(headers->items[i].name, name))
            return headers->items[i].value;
    return STR_EMPTY;
}

size_t headers_count(const HttpHeaders *headers, Str name) {
    size_t count = 0;

    for (size_t i = 0; i < headers->len; i++)
        count += str_eq_nocase(headers->items[i].name, name);
    return count;
}

void headers_add(Arena *arena, HttpHeaders *headers, Str name, Str value) {
    *VEC_PUSH(arena, headers) = (HttpHeader){ name, value };
}

bool http_is_token(Str s) {
    static const char others[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_plain && (c == '\0' || !memchr(others, c, sizeof others - 1)))
            return false;
    }
    return s.len > 0;
}

static bool is_value(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return false;
    }
    return true;
}

Err headers_put(Arena *arena, HttpHeaders *headers, Str name, Str value, bool is_single) {
    if (!http_is_token(name) || !is_value(value))
        return FAIL_ARGS(ERR_BUG, NULL, N_("The header {0} cannot be sent."), name);
    for (size_t i = 0; is_single && i < headers->len; i++) {
        if (str_eq_nocase(headers->items[i].name, name)) {
            headers->items[i].value = value;
            return OK;
        }
    }
    headers_add(arena, headers, name, value);
    return OK;
}

void incoming_target(Incoming *in, Str target) {
    size_t mark = str_find_char(target, '?', 0);

    in->path = str_slice(target, 0, mark);
    in->query = mark == SIZE_MAX ? STR_EMPTY : str_slice(target, mark + 1, target.len);
}
