/*
 * tests/fuzz/fuzz_cookie.c - a cookie that was found is a token of that header, once; written it is found.
 */
#include "fuzz.h"
#include "http/cookie.h"
#include "http/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const Str names[] = { S_INIT("__Host-liandong"), S_INIT("liandong"), S_INIT("a") };
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str header = fuzz_input(data, size), value, again;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (!cookie_find(header, names[i], &value))
            continue;
        MUST(http_is_token(value));
        MUST(value.ptr >= header.ptr && value.ptr + value.len <= header.ptr + header.len);
        Str pair = str_format(arena, "%.*s=%.*s", STR_ARG(names[i]), STR_ARG(value));
        MUST(cookie_find(pair, names[i], &again) && str_eq(again, value));
        /* A second one of the name, wherever it stands, and neither counts. */
        Str twice = str_concat(arena, str_concat(arena, pair, S("; ")), header);
        MUST(!cookie_find(twice, names[i], &again));
        Str written = cookie_format(arena, names[i], value, true, 60);
        MUST(str_starts(written, pair) && str_ends(written, S("; Secure")));
    }
    return 0;
}
