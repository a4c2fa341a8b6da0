/* net/url_test.c - addresses on the web in one form, and those that nobody should go to. */
#include "net/url.h"

#include "base/test_support.h"
#include "net/address.h"
#include "text/json_read.h"

static Err read_c(Arena *arena, const char *text, NetUrl *ret) {
    return net_url_read(arena, str_from_c(text), ret);
}

static void addresses_come_in_one_form(void **state) {
    static const char *const cases[][2] = {
        { "http://Example.EDU", "http://example.edu/" },
        { "HTTPS://example.edu:443/a/../b?q=1#top", "https://example.edu/b?q=1" },
        { " http://example.edu:8080/ ", "http://example.edu:8080/" },
        { "http://example.edu./x", "http://example.edu/x" },
        { "http://例子.测试/新闻?词=校",
          "http://xn--fsqu00a.xn--0zwm56d/%e6%96%b0%e9%97%bb?%e8%af%8d=%e6%a0%a1" },
        { "http://0x7f.1/", "http://127.0.0.1/" },
        { "http://2130706433/", "http://127.0.0.1/" },
        { "http://①②⑦.⓪.⓪.①/", "http://127.0.0.1/" },
        { "http://[0:0::1]/", "http://[::1]/" },
        { "http://[::FFFF:127.0.0.1]:8080/", "http://127.0.0.1:8080/" },
        { "http://example.edu/a b", "http://example.edu/a%20b" },
        { "http://example.edu?q", "http://example.edu/?q" },
    };
    NetUrl url;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Err err = read_c(*state, cases[i][0], &url);
        if (err.code != ERR_OK)
            fail_msg("%s: %s", cases[i][0], err.msgid);
        assert_str(url.text, str_from_c(cases[i][1]));
        assert_int_equal(read_c(*state, cases[i][1], &url).code, ERR_OK); /* once is enough */
        assert_str(url.text, str_from_c(cases[i][1]));
    }
    assert_int_equal(read_c(*state, "https://[2400:cb00::1]:8443/a?b", &url).code, ERR_OK);
    assert_str(url.scheme, S("https"));
    assert_str(url.host, S("2400:cb00::1"));
    assert_true(url.is_address);
    assert_int_equal(url.port, 8443);
    assert_str(url.target, S("/a?b"));
    assert_str(net_url_origin(*state, &url), S("https://[2400:cb00::1]:8443"));
}

static void what_is_no_address_to_go_to_is_refused(void **state) {
    static const char *const cases[] = {
        "",
        " ",
        "example.edu",
        "/path",
        "//example.edu/",
        "http:",
        "http://",
        "http:///example.edu/",
        "http:example.edu",
        "file:///etc/passwd",
        "ftp://example.edu/",
        "gopher://example.edu/",
        "javascript:alert(1)",
        "data:,x",
        "ws://example.edu/",
        "unix:/run/x",
        "http://user@example.edu/",
        "http://user:pass@example.edu/",
        "http://:pass@example.edu/",
        "http://example.edu\\@inside/",
        "http:\\\\example.edu/",
        "http://example.edu/a\\b",
        "http://exa mple.edu/",
        "http://exam\tple.edu/",
        "http://example.edu/\r\nX: y",
        "http://example.edu/\x7f",
        "http://example.edu:0/",
        "http://example.edu:22/",
        "http://example.edu:25/",
        "http://example.edu:6379/",
        "http://example.edu:65536/",
        "http://example.edu:abc/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://1.2.3.4.5/",
        "http://256.1.1.1/",
        "http://1.2.3.0x7g.08/",
        "http://a..b/",
        "http://.a/",
        "http://a%00b/",
        "http://a%0ab/",
        "http://%/",
        "http://a<b/",
        "http://a,b/",
        "http://xn--a/",
        "http://\xff/",
        "http://example.edu/\xff",
    };
    NetUrl url = { .port = -1 };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Err err = read_c(*state, cases[i], &url);
        if (err.code != ERR_INVALID)
            fail_msg("%s is not refused: %.*s", cases[i], STR_ARG(url.text));
        assert_string_equal(err.field, "url");
        assert_int_equal(url.port, -1);
    }
    char *label = arena_alloc(*state, 65);
    memset(label, 'a', 64);
    assert_int_equal(net_url_read(*state, str_format(*state, "http://%s.edu/", label), &url).code,
                     ERR_INVALID);
    assert_int_equal(
        net_url_read(*state, str_format(*state, "http://%s.edu/", label + 1), &url).code, ERR_OK);
}

static void an_address_has_at_most_4096_bytes(void **state) {
    char *text = arena_alloc(*state, NET_URL_BYTES + 1);
    Str start = S("http://example.edu/");
    NetUrl url;

    memset(text, 'a', NET_URL_BYTES + 1);
    memcpy(text, start.ptr, start.len);
    assert_int_equal(net_url_read(*state, (Str){ text, NET_URL_BYTES }, &url).code, ERR_OK);
    assert_int_equal(net_url_read(*state, (Str){ text, NET_URL_BYTES + 1 }, &url).code, ERR_LIMIT);
    memcpy(text + 100, "\xe6\x96\xb0", 3); /* longer once it is encoded */
    assert_int_equal(net_url_read(*state, (Str){ text, NET_URL_BYTES }, &url).code, ERR_LIMIT);
}

static void relative_addresses_are_of_their_base(void **state) {
    static const char *const cases[][2] = {
        { "c", "http://h.example/a/c" },
        { "/c?d", "http://h.example/c?d" },
        { "?x", "http://h.example/a/b?x" },
        { "#x", "http://h.example/a/b?q" },
        { "", "http://h.example/a/b?q" },
        { "../../../c", "http://h.example/c" },
        { "//other.example", "http://other.example/" },
        { "https://h.example/", "https://h.example/" },
    };
    static const char *const refused[] = { "file:///etc/passwd", "//user@h.example/",
                                           "///h.example/",      "http:c",
                                           "//h.example:22/",    "\\\\h.example/",
                                           "gopher://h.example/" };
    NetUrl base, url;

    assert_int_equal(read_c(*state, "http://h.example/a/b?q", &base).code, ERR_OK);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Err err = net_url_follow(*state, &base, str_from_c(cases[i][0]), &url);
        if (err.code != ERR_OK)
            fail_msg("%s: %s", cases[i][0], err.msgid);
        assert_str(url.text, str_from_c(cases[i][1]));
    }
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_int_equal(net_url_follow(*state, &base, str_from_c(refused[i]), &url).code,
                         ERR_INVALID);
    assert_int_equal(read_c(*state, "http://h.example:80/", &url).code, ERR_OK);
    assert_true(net_url_same_origin(&base, &url));
    assert_int_equal(read_c(*state, "https://h.example/", &url).code, ERR_OK);
    assert_false(net_url_same_origin(&base, &url));
}

/* ---- what is published ---- */

static void must_agree(Arena *arena, const Json *item, size_t *counts) {
    Str input = json_get_text(item, "input"), host = json_get_text(item, "hostname");
    NetUrl url;

    if (json_get(item, "base") && json_get_text(item, "base").len > 0)
        return;
    Err err = net_url_read(arena, input, &url);
    bool fails = json_get(item, "failure") != NULL, is_read = err.code == ERR_OK;
    counts[0]++;
    counts[1] += !is_read;
    if (is_read && fails) {
        print_message("read although no browser does: %.*s\n", STR_ARG(input));
        counts[2]++;
    } else if (is_read) {
        Str bare = str_starts(host, S("[")) ? str_slice(host, 1, host.len - 1) : host;
        NetAddress wanted, got;
        bool is_same =
            net_address_parse(bare, &wanted) && net_address_parse(url.host, &got)
                ? memcmp(&wanted, &got, sizeof wanted) == 0
                : str_eq(str_ends(bare, S(".")) ? str_slice(bare, 0, bare.len - 1) : bare,
                         url.host);
        if (!is_same) {
            print_message("another host than a browser's: %.*s\n", STR_ARG(input));
            counts[2]++;
        }
    }
}

/* What we refuse beyond browsers harms nobody; what we read, they read as the same host. */
static void whoever_reads_an_address_like_a_browser_finds_the_same_host(void **state) {
    size_t counts[3] = { 0 };
    Json *list;

    if (!test_has_shared("url"))
        return;
    Str text = test_shared_file(*state, "corpora/conformance/url/urltestdata.json");
    assert_int_equal(json_read(*state, text, 128, &list).code, ERR_OK);
    for (size_t i = 0; i < list->array.len; i++)
        must_agree(*state, list->array.items[i], counts);
    print_message("url: %zu absolute addresses, %zu refused, %zu differ\n", counts[0], counts[1],
                  counts[2]);
    assert_true(counts[0] > 100);
    assert_int_equal(counts[2], 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(addresses_come_in_one_form),
        WITH_ARENA(what_is_no_address_to_go_to_is_refused),
        WITH_ARENA(an_address_has_at_most_4096_bytes),
        WITH_ARENA(relative_addresses_are_of_their_base),
        WITH_ARENA(whoever_reads_an_address_like_a_browser_finds_the_same_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
