/* http/guard_test.c - what is refused before anything else looks (checklist 1, 17, 18, 22). */
#include "base/buf.h"
#include "base/percent.h"
#include "base/test_support.h"
#include "http/guard.h"

static Str names[] = { S_INIT("news.example"), S_INIT("with-port.example:8443") };
static Str proxies[] = { S_INIT("10.1.2.3"), S_INIT("192.168.0.0/16"), S_INIT("2001:db8::/32") };
static const GuardRules with_names = { 100, 1000, { names, 2 }, { proxies, 3 } };
static const GuardRules without_names = { 100, 1000, { NULL, 0 }, { NULL, 0 } };

#define LOCAL S("\x7F\x00\x00\x01")
#define OUTSIDE S("\x0A\x01\x02\x03")

/* "GET /a HTTP/1.1\nHost: x\n..."; the status, and the request in *in. */
static int status_of(Arena *arena, const GuardRules *rules, Str text, Incoming *in,
                     int64_t *ret_length) {
    Str line;

    (void)str_cut(&text, '\n', &line);
    StrList words = str_split(arena, line, ' ');
    *in = (Incoming){
        .way = WAY_NET, .method = words.items[0], .version = words.items[2], .peer = OUTSIDE
    };
    while (str_cut(&text, '\n', &line)) {
        size_t colon = str_find_char(line, ':', 0);
        headers_add(arena, &in->headers, str_slice(line, 0, colon),
                    str_trim(str_slice(line, colon + 1, line.len)));
    }
    Refusal refusal = guard_check(rules, in, words.items[1], ret_length);
    assert_true((refusal.status == 0) == (refusal.err.code == ERR_OK));
    return refusal.status;
}

typedef struct Case {
    Str text;
    int status;
} Case;

static void check(Arena *arena, const GuardRules *rules, const Case *cases, size_t count) {
    Incoming in;
    int64_t length;

    for (size_t i = 0; i < count; i++) {
        int status = status_of(arena, rules, cases[i].text, &in, &length);
        if (status != cases[i].status)
            fail_msg("%d, not %d: %.*s", status, cases[i].status, STR_ARG(cases[i].text));
    }
}
#define CHECK(rules, ...)                                                                          \
    check(*state, rules, (const Case[]){ __VA_ARGS__ },                                            \
          sizeof((const Case[]){ __VA_ARGS__ }) / sizeof(Case))
#define HOST "Host: news.example\n"

static void honest_requests_pass(void **state) {
    Incoming in;
    int64_t length;

    CHECK(&with_names, { S("GET / HTTP/1.1\n" HOST), 0 }, { S("HEAD /a/b HTTP/1.1\n" HOST), 0 },
          { S("OPTIONS * HTTP/1.1\n" HOST), 0 }, { S("GET / HTTP/1.0\n"), 0 },
          { S("GET http://news.example HTTP/1.1\n" HOST), 0 },
          { S("POST / HTTP/1.1\nContent-Length: 0\n" HOST), 0 });
    assert_int_equal(
        status_of(*state, &with_names, S("GET /a?b=c?d HTTP/1.1\n" HOST), &in, &length), 0);
    assert_str(in.path, S("/a"));
    assert_str(in.query, S("b=c?d"));
    assert_int_equal(length, 0);
    assert_int_equal(status_of(*state, &with_names,
                               S("GET HTTP://news.example/a?b HTTP/1.1\n" HOST), &in, &length),
                     0);
    assert_str(in.path, S("/a"));
    assert_str(in.query, S("b"));
}

static void an_absolute_target_without_a_path_keeps_its_query(void **state) {
    Incoming in;
    int64_t length;

    assert_int_equal(status_of(*state, &with_names,
                               S("GET http://news.example?a=/b HTTP/1.1\n" HOST), &in, &length),
                     0);
    assert_str(in.path, S("/"));
    assert_str(in.query, S("a=/b"));
}

/* sec_17 */
static void the_length_is_told_once_or_refused(void **state) {
    Incoming in;
    int64_t length;

    assert_int_equal(status_of(*state, &with_names,
                               S("POST / HTTP/1.1\n" HOST "Content-Length: 123\n"), &in, &length),
                     0);
    assert_int_equal(length, 123);
    assert_int_equal(status_of(*state, &with_names,
                               S("PUT / HTTP/1.1\n" HOST "Transfer-Encoding: Chunked\n"), &in,
                               &length),
                     0);
    assert_int_equal(length, -1);
#define POST "POST / HTTP/1.1\n" HOST
    CHECK(&with_names, { S(POST "Content-Length: 1\nContent-Length: 1\n"), 400 },
          { S(POST "Content-Length: 1\nContent-Length: 2\n"), 400 },
          { S(POST "Content-Length: 1, 1\n"), 400 }, { S(POST "Content-Length: +1\n"), 400 },
          { S(POST "Content-Length: -1\n"), 400 }, { S(POST "Content-Length: 0x1\n"), 400 },
          { S(POST "Content-Length: 1 1\n"), 400 }, { S(POST "Content-Length:\n"), 400 },
          { S(POST "Content-Length: 999999999999999\n"), 0 },
          { S(POST "Content-Length: 1000000000000000\n"), 400 },
          { S(POST "Content-Length: 1\nTransfer-Encoding: chunked\n"), 400 },
          { S(POST "Transfer-Encoding: chunked\nTransfer-Encoding: chunked\n"), 501 },
          { S(POST "Transfer-Encoding: gzip, chunked\n"), 501 },
          { S(POST "Transfer-Encoding: chunked, identity\n"), 501 },
          { S(POST "Transfer-Encoding: identity\n"), 501 }, { S(POST "Transfer-Encoding:\n"), 501 },
          { S(POST "Transfer-Encoding: xchunked\n"), 501 },
          { S(POST "Transfer-Encodingchunked: x\nContent-Length: 1\n"), 400 },
          { S(POST "Content-Length1: x\nContent-Length: 1\n"), 400 },
          { S("POST / HTTP/1.0\nTransfer-Encoding: chunked\n"), 400 }, { S(POST), 411 },
          { S("PUT / HTTP/1.1\n" HOST), 411 }, { S("PATCH / HTTP/1.1\n" HOST), 411 },
          { S("DELETE / HTTP/1.1\n" HOST), 0 });
}

static void only_100_continue_may_be_expected(void **state) {
    CHECK(&with_names, { S(POST "Content-Length: 1\nExpect: 100-Continue\n"), 0 },
          { S(POST "Content-Length: 1\nExpect: 200-ok\n"), 417 });
}

static void a_request_names_one_host(void **state) {
    CHECK(&with_names, { S("GET / HTTP/1.1\n"), 400 }, { S("GET / HTTP/1.1\n" HOST HOST), 400 },
          { S("GET / HTTP/1.0\n" HOST HOST), 400 }, { S("GET / HTTP/1.1\nHost:\n"), 400 },
          { S("GET / HTTP/1.1\nHost: a b\n"), 400 }, { S("GET / HTTP/1.1\nHost: a/b\n"), 400 },
          { S("GET / HTTP/1.1\nHost: u@news.example\n"), 400 },
          { S("GET / HTTP/1.1\nHost: news.example:\n"), 400 },
          { S("GET / HTTP/1.1\nHost: news.example:x\n"), 400 },
          { S("GET / HTTP/1.1\nHost: news.example,x\n"), 400 },
          { S("GET http://other.example/ HTTP/1.1\n" HOST), 400 });
}

/* sec_22 */
static void only_listed_names_are_served(void **state) {
    CHECK(&with_names, { S("GET / HTTP/1.1\nHost: NEWS.example\n"), 0 },
          { S("GET / HTTP/1.1\nHost: news.example:99\n"), 0 },
          { S("GET / HTTP/1.1\nHost: with-port.example:8443\n"), 0 },
          { S("GET / HTTP/1.1\nHost: with-port.example\n"), 421 },
          { S("GET / HTTP/1.1\nHost: other.example\n"), 421 },
          { S("GET / HTTP/1.1\nHost: xnews.example\n"), 421 },
          { S("GET / HTTP/1.1\nHost: 10.9.9.9\n"), 421 },
          { S("GET / HTTP/1.1\nHost: localhost:1\n"), 0 },
          { S("GET / HTTP/1.1\nHost: [::1]:80\n"), 0 },
          { S("GET / HTTP/1.1\nHost: 127.9.9.9\n"), 0 });
    CHECK(&without_names, { S("GET / HTTP/1.1\nHost: rebound.example\n"), 421 },
          { S("GET / HTTP/1.1\nHost: 10.9.9.9:80\n"), 0 },
          { S("GET / HTTP/1.1\nHost: [2001:db8::1]\n"), 0 });
}

static void headers_are_tokens_without_controls(void **state) {
    CHECK(
        &with_names, { S("GET / HTTP/1.1\n" HOST "a b: c\n"), 400 },
        { S("GET / HTTP/1.1\n" HOST "a : c\n"), 400 }, { S("GET / HTTP/1.1\n" HOST ": c\n"), 400 },
        { S("GET / HTTP/1.1\n" HOST "a: b\rc\n"), 400 },
        { S("GET / HTTP/1.1\n" HOST "a: b\0c\n"), 400 },
        { S("GET / HTTP/1.1\n" HOST "a: b\x7F\n"), 400 },
        { S("GET / HTTP/1.1\n" HOST "a: b\tc\n"), 0 },
        { S("GET / HTTP/1.1\n" HOST "a: \xE4\xB8\xAD\n"), 0 }, { S("G(T / HTTP/1.1\n" HOST), 400 });
}

static void only_http_1_is_spoken(void **state) {
    CHECK(&with_names, { S("GET / HTTP/1.2\n" HOST), 505 }, { S("GET / HTTP/2.0\n" HOST), 505 },
          { S("GET / http/1.1\n" HOST), 505 }, { S("GET / HTTP/0.9\n" HOST), 505 });
}

static void targets_are_printable_paths(void **state) {
    CHECK(&with_names, { S("GET a HTTP/1.1\n" HOST), 400 }, { S("GET * HTTP/1.1\n" HOST), 400 },
          { S("GET /a#b HTTP/1.1\n" HOST), 400 }, { S("GET /a\\b HTTP/1.1\n" HOST), 400 },
          { S("GET /a\x01 HTTP/1.1\n" HOST), 400 }, { S("GET /\xE4\xB8\xAD HTTP/1.1\n" HOST), 400 },
          { S("GET /<a> HTTP/1.1\n" HOST), 400 }, { S("GET /a%00b HTTP/1.1\n" HOST), 400 },
          { S("GET /a?b=%00 HTTP/1.1\n" HOST), 0 },
          { S("GET ftp://news.example/ HTTP/1.1\n" HOST), 400 },
          { S("GET //evil.example/ HTTP/1.1\n" HOST), 0 });
}

static void a_url_has_its_bound(void **state) {
    Arena *arena = *state;
    Incoming in;
    int64_t length;
    char path[101];

    memset(path, 'a', sizeof path);
    path[0] = '/';
    for (int len = 100; len <= 101; len++) {
        Str text = str_format(arena, "GET %.*s HTTP/1.1\n" HOST, len, path);
        assert_int_equal(status_of(arena, &with_names, text, &in, &length), len == 100 ? 0 : 414);
    }
}

static void headers_have_their_bounds(void **state) {
    Arena *arena = *state;
    GuardRules wide = with_names;
    Incoming in;
    int64_t length;
    Buf many = buf_new(arena, 0);

    wide.header_bytes = 100000;
    buf_add(&many, S("GET / HTTP/1.1\n" HOST));
    for (int i = 1; i < GUARD_HEADERS_MAX; i++)
        buf_add(&many, S("a: b\n"));
    assert_int_equal(status_of(arena, &wide, buf_str(&many), &in, &length), 0);
    buf_add(&many, S("a: b\n"));
    assert_int_equal(status_of(arena, &wide, buf_str(&many), &in, &length), 431);

    char value[1000];
    memset(value, 'v', sizeof value);
    for (int over = 0; over < 2; over++) { /* names, values and 4 bytes for each line */
        int len = 1000 - (4 + 12 + 4) - (1 + 4) + over;
        Str text = str_format(arena, "GET / HTTP/1.1\n" HOST "a: %.*s\n", len, value);
        assert_int_equal(status_of(arena, &with_names, text, &in, &length), over ? 431 : 0);
    }
}

static void proxies_are_known_by_address_and_range(void **state) {
    (void)state;
    assert_true(guard_is_proxy(&with_names, S("\x0A\x01\x02\x03")));
    assert_false(guard_is_proxy(&with_names, S("\x0A\x01\x02\x04")));
    assert_true(guard_is_proxy(&with_names, S("\xC0\xA8\xFF\xFF")));
    assert_false(guard_is_proxy(&with_names, S("\xC0\xA9\x00\x00")));
    assert_true(guard_is_proxy(&with_names, S("\0\0\0\0\0\0\0\0\0\0\xFF\xFF\x0A\x01\x02\x03")));
    assert_true(guard_is_proxy(&with_names, S("\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\1")));
    assert_false(guard_is_proxy(&with_names, S("\x20\x01\x0D\xB9\0\0\0\0\0\0\0\0\0\0\0\1")));
    assert_false(guard_is_proxy(&with_names, STR_EMPTY)); /* the local socket */
    assert_false(guard_is_proxy(&without_names, LOCAL));
}

static Str client_of(Arena *arena, bool is_from_proxy, const char *forwarded) {
    Incoming in = { .way = WAY_NET, .peer = S("\x0A\x01\x02\x03"), .is_from_proxy = is_from_proxy };

    if (forwarded)
        headers_add(arena, &in.headers, S("X-Forwarded-For"), str_from_c(forwarded));
    return guard_client(arena, &with_names, &in);
}

/* What a proxy of ours added last counts; what the client wrote itself stands before it and does not. */
static void the_client_is_whom_the_last_proxy_saw(void **state) {
    static const Str proxy = S_INIT("\x0A\x01\x02\x03");
    static const Str reader = S_INIT("\0\0\0\0\0\0\0\0\0\0\xFF\xFF\xCB\x00\x71\x09");

    assert_true(str_eq(client_of(*state, false, "203.0.113.9"), proxy));
    assert_true(str_eq(client_of(*state, true, NULL), proxy));
    assert_true(str_eq(client_of(*state, true, "203.0.113.9"), reader));
    assert_true(str_eq(client_of(*state, true, "1.2.3.4, 203.0.113.9"), reader));
    assert_true(str_eq(client_of(*state, true, "203.0.113.9, 192.168.7.7"), reader));
    assert_true(str_eq(client_of(*state, true, "203.0.113.9, unknown"), proxy));
}

static void loopback_is_127_and_one(void **state) {
    (void)state;
    assert_true(guard_is_loopback(LOCAL));
    assert_true(guard_is_loopback(S("\x7F\xFF\xFF\xFF")));
    assert_true(guard_is_loopback(S("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1")));
    assert_true(guard_is_loopback(S("\0\0\0\0\0\0\0\0\0\0\xFF\xFF\x7F\0\0\1")));
    assert_false(guard_is_loopback(S("\x80\0\0\1")));
    assert_false(guard_is_loopback(STR_EMPTY));
}

static Str origin_of(Arena *arena, const char *text, bool is_from_proxy, bool *is_https,
                     bool *is_local) {
    Incoming in;
    int64_t length;

    assert_int_equal(status_of(arena, &with_names, str_from_c(text), &in, &length), 0);
    in.is_from_proxy = is_from_proxy;
    in.is_loopback = true;
    return guard_origin(arena, &with_names, &in, is_https, is_local);
}

/* sec_22: what anybody may write counts from configured proxies only. */
static void forwarded_headers_count_from_proxies_only(void **state) {
    static const char text[] = "GET / HTTP/1.1\nHost: localhost:8080\nX-Forwarded-Proto: https\n"
                               "X-Forwarded-Host: news.example\n";
    bool is_https, is_local;

    assert_str(origin_of(*state, text, true, &is_https, &is_local), S("https://news.example"));
    assert_true(is_https);
    assert_false(is_local);
    assert_str(origin_of(*state, text, false, &is_https, &is_local), S("http://localhost:8080"));
    assert_false(is_https);
    assert_true(is_local);
    assert_str(origin_of(*state,
                         "GET / HTTP/1.1\nHost: localhost\nX-Forwarded-Proto: http\n"
                         "X-Forwarded-Host: other.example\n",
                         true, &is_https, &is_local),
               S("http://localhost"));
    assert_false(is_local);
}

/* sec_18: what holds a line break never becomes a header. */
static void no_line_break_becomes_a_header(void **state) {
    static const char *const files[] = { "http-protocol/crlf-injection.txt",
                                         "http-protocol/hpp.txt",
                                         "crlf-injection/crlfinjection.txt" };
    Arena *arena = *state;
    HttpHeaders headers = { 0 };
    size_t cases = 0, refused = 0;
    Str line, decoded;

    assert_int_equal(headers_put(arena, &headers, S("X"), S("a\r\nb"), false).code, ERR_BUG);
    assert_int_equal(headers_put(arena, &headers, S("X"), S("a\0"), false).code, ERR_BUG);
    assert_int_equal(headers_put(arena, &headers, S("X\n"), S("a"), false).code, ERR_BUG);
    assert_int_equal(headers_put(arena, &headers, S(""), S("a"), false).code, ERR_BUG);
    assert_int_equal(headers.len, 0);
    if (!test_has_shared("crlf"))
        return;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        Str path = str_format(arena, "corpora/conformance/injection-payloads/%s", files[i]);
        Str text = test_shared_file(arena, str_to_c(arena, path));
        while (str_cut(&text, '\n', &line)) {
            decoded = line;
            (void)percent_decode(arena, line, false, &decoded);
            Err err = headers_put(arena, &headers, S("X"), decoded, false);
            bool has_break = str_find_char(decoded, '\r', 0) != SIZE_MAX ||
                             str_find_char(decoded, '\n', 0) != SIZE_MAX;
            assert_true(!has_break || err.code == ERR_BUG);
            refused += err.code == ERR_BUG;
            cases++;
        }
    }
    assert_true(refused > 5);
    print_message("crlf: %zu cases passed, %zu refused as a header's value\n", cases, refused);
}

static void rules_come_from_the_settings(void **state) {
    ConfigFlag flags[] = { { S("http.hosts"), S("A.example, b.example:8080"), STR_EMPTY },
                           { S("http.proxies"), S("10.0.0.0/8"), STR_EMPTY },
                           { S("http.url_bytes"), S("300"), STR_EMPTY } };
    Config *config;

    assert_int_equal(
        config_load(*state, STR_EMPTY, STR_EMPTY, NULL, flags, COUNT_OF(flags), &config).code,
        ERR_OK);
    GuardRules rules = guard_rules(config);
    assert_int_equal(rules.url_bytes, 300);
    assert_int_equal(rules.hosts.len, 2);
    assert_str(rules.hosts.items[0], S("a.example"));
    assert_true(guard_is_proxy(&rules, OUTSIDE));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(honest_requests_pass),
        WITH_ARENA(an_absolute_target_without_a_path_keeps_its_query),
        WITH_ARENA(the_length_is_told_once_or_refused),
        WITH_ARENA(only_100_continue_may_be_expected),
        WITH_ARENA(a_request_names_one_host),
        WITH_ARENA(only_listed_names_are_served),
        WITH_ARENA(headers_are_tokens_without_controls),
        WITH_ARENA(only_http_1_is_spoken),
        WITH_ARENA(targets_are_printable_paths),
        WITH_ARENA(a_url_has_its_bound),
        WITH_ARENA(headers_have_their_bounds),
        WITH_ARENA(proxies_are_known_by_address_and_range),
        WITH_ARENA(the_client_is_whom_the_last_proxy_saw),
        WITH_ARENA(loopback_is_127_and_one),
        WITH_ARENA(forwarded_headers_count_from_proxies_only),
        WITH_ARENA(no_line_break_becomes_a_header),
        WITH_ARENA(rules_come_from_the_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
