/*
 * tests/fuzz/fuzz_net_url.c - an address that may be asked is in one form, names no user and no port of
 * another service, and means the same when it is read again or followed from anywhere.
 */
#include "fuzz.h"
#include "net/address.h"
#include "net/retry.h"
#include "net/url.h"

static void must_be_plain(Arena *arena, const NetUrl *url) {
    NetAddress address;
    NetUrl again;

    MUST(str_eq(url->scheme, S("http")) || str_eq(url->scheme, S("https")));
    MUST(net_port_is_allowed(url->port));
    MUST(url->host.len > 0 && url->text.len <= NET_URL_BYTES && str_starts(url->target, S("/")));
    MUST(net_address_parse(url->host, &address) == url->is_address);
    for (size_t i = 0; i < url->host.len; i++) {
        char c = url->host.ptr[i];
        MUST((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
             (url->is_address && c == ':'));
    }
    for (size_t i = 0; i < url->text.len; i++)
        MUST((unsigned char)url->text.ptr[i] > 0x20 && (unsigned char)url->text.ptr[i] < 0x7f);
    MUST(str_starts(url->text, net_url_origin(arena, url)) && str_ends(url->text, url->target));
    MUST(net_url_read(arena, url->text, &again).code == ERR_OK);
    MUST(str_eq(again.text, url->text) && net_url_same_origin(&again, url));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str text = fuzz_input(data, size);
    NetUrl base, url;
    int64_t at_ms = 0;

    if (net_url_read(arena, text, &url).code == ERR_OK) {
        must_be_plain(arena, &url);
        NetUrl first = url;
        MUST(net_url_read(arena, S("https://example.edu/a/b?c"), &base).code == ERR_OK);
        MUST(net_url_follow(arena, &base, first.text, &url).code == ERR_OK);
        MUST(str_eq(first.text, url.text));
    }
    MUST(net_url_read(arena, S("https://example.edu/a/b?c"), &base).code == ERR_OK);
    if (net_url_follow(arena, &base, text, &url).code == ERR_OK)
        must_be_plain(arena, &url);
    if (net_http_date(text, 0, &at_ms))
        MUST(net_retry_after(text, at_ms - 1000) == 1000);
    return 0;
}
