/*
 * tests/fuzz/fuzz_guard.c - a request that passes the guard has one Host, one way to tell its length, and
 * a path without anything that a later reader could take otherwise.
 */
#include "fuzz.h"
#include "http/guard.h"

static const Str hosts[] = { S_INIT("news.example"), S_INIT("localhost:8080") };
static const Str proxies[] = { S_INIT("127.0.0.1"), S_INIT("10.0.0.0/8") };

/* The request as an HTTP library would hand it over: lines cut at LF, names at the colon. */
static Str cut_request(Arena *arena, Str rest, Incoming *in) {
    Str line, target = STR_EMPTY;

    if (!str_cut(&rest, '\n', &line))
        return target;
    size_t one = str_find_char(line, ' ', 0), two = str_find_char(line, ' ', one + 1);
    in->method = str_slice(line, 0, one);
    if (one != SIZE_MAX) {
        target = str_slice(line, one + 1, two);
        in->version = two == SIZE_MAX ? STR_EMPTY : str_trim(str_slice(line, two + 1, line.len));
    }
    while (str_cut(&rest, '\n', &line)) {
        size_t colon = str_find_char(line, ':', 0);
        if (str_trim(line).len == 0)
            break;
        headers_add(arena, &in->headers, str_slice(line, 0, colon),
                    colon == SIZE_MAX ? STR_EMPTY : str_trim(str_slice(line, colon + 1, line.len)));
    }
    return target;
}

static void must_hold(const GuardRules *rules, const Incoming *in, int64_t length) {
    size_t lengths = headers_count(&in->headers, S("content-length"));
    size_t codings = headers_count(&in->headers, S("transfer-encoding"));
    size_t names = headers_count(&in->headers, S("host"));

    MUST(lengths + codings <= 1 && length >= -1);
    MUST((length == -1) == (codings == 1));
    MUST(names <= 1 && (names == 1 || str_eq(in->version, S("HTTP/1.0"))));
    MUST(in->headers.len <= GUARD_HEADERS_MAX);
    MUST(str_starts(in->path, S("/")) && in->path.len + in->query.len <= rules->url_bytes + 1);
    MUST(!str_contains(in->path, S("%00")) && str_find_char(in->path, '?', 0) == SIZE_MAX);
    for (size_t i = 0; i < in->path.len; i++)
        MUST(in->path.ptr[i] > 0x20 && in->path.ptr[i] < 0x7F && in->path.ptr[i] != '\\');
    for (size_t i = 0; i < in->headers.len; i++) {
        MUST(http_is_token(in->headers.items[i].name));
        for (size_t k = 0; k < in->headers.items[i].value.len; k++)
            MUST(in->headers.items[i].value.ptr[k] != '\r' &&
                 in->headers.items[i].value.ptr[k] != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const GuardRules rules = {
        2000, 8192, { (Str *)(uintptr_t)hosts, 2 }, { (Str *)(uintptr_t)proxies, 2 }
    };
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Incoming in = { .way = WAY_NET, .peer = S("\x0A\x01\x02\x03"), .is_from_proxy = true };
    Str target = cut_request(arena, fuzz_input(data, size), &in);
    bool is_https, is_local;
    int64_t length = 0;

    Refusal refusal = guard_check(&rules, &in, target, &length);
    if (refusal.status) {
        MUST(refusal.status >= 400 && refusal.status < 600 && refusal.err.msgid);
        return 0;
    }
    must_hold(&rules, &in, length);
    Str origin = guard_origin(arena, &rules, &in, &is_https, &is_local);
    MUST(str_starts(origin, is_https ? S("https://") : S("http://")) && !is_local);
    for (size_t i = 0; i < origin.len; i++)
        MUST(origin.ptr[i] > 0x20 && origin.ptr[i] < 0x7F && !memchr("<>\"'\\", origin.ptr[i], 5));
    return 0;
}
