/*
 * http/wire_test.c - sec_17: published requests, most of them malformed, on a real socket. Where a strict parser sees
 * a mistake this server must not answer as if there were none; what the library below it swallows first is listed,
 * and a new difference fails.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/test_support.h"
#include "http/test_site.h"

enum { CASES_MAX = 200, QUIET_MS = 1500 };

#define FOLDER "corpora/conformance/http1-parsing/llhttp/request/"

static const char *const files[] = { "connection",
                                     "content-length",
                                     "finish",
                                     "invalid",
                                     "lenient-headers",
                                     "lenient-header-value-relaxed",
                                     "lenient-version",
                                     "method",
                                     "pausing",
                                     "pipelining",
                                     "sample",
                                     "transfer-encoding",
                                     "uri" };

/* "file: title" of what libmicrohttpd 0.9.75 answers although it should not; docs/security.md says why. */
static const char *const swallowed_before_0977[] = {
    "own: bare LF after the request line",
    "own: bare LF after a header",
    "own: bare LF as the blank line",
    "own: folded header",
    "own: NUL in a value",
    "own: two blanks in the request line",
    "own: bare LF after a chunk size",
    "own: bare LF after a chunk",
    "own: chunk size of 17 digits",
    "own: NUL in the target",
    "invalid: Headers separated by LF",
    "lenient-header-value-relaxed: LF in header value should be rejected even with relaxed flag",
    NULL,
};

typedef struct Case {
    Str name, bytes;
    bool is_bad;      /* the strict parser reports an error, or accepts it only when lenient */
    size_t completes; /* requests that are whole before it */
    int fd;
    Buf answer;
    size_t accepted, refused; /* answers */
    bool is_open;
} Case;

/* ---- the cases ---- */

static uint32_t hex_value(char c) {
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (uint32_t)(c - 'a' + 10);
    return c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10) : 16;
}

/* As the suite's own runner reads a block: line ends are CR LF, but where \r \n \t \f \xHH are written out. */
static Str bytes_of(Arena *arena, Str block) {
    Buf out = buf_new(arena, 0);

    if (str_ends(block, S("\n")))
        block = str_slice(block, 0, block.len - 1);
    for (size_t i = 0; i < block.len; i++) {
        char c = block.ptr[i], next = i + 1 < block.len ? block.ptr[i + 1] : '\0';
        if (c == '\n') {
            buf_add(&out, S("\r\n"));
        } else if (c == '\\' && next == '\n') {
            i++; /* a line goes on */
        } else if (c == '\\' && next == 'x' && i + 3 < block.len &&
                   hex_value(block.ptr[i + 2]) < 16 && hex_value(block.ptr[i + 3]) < 16) {
            buf_add_char(&out,
                         (char)(hex_value(block.ptr[i + 2]) << 4 | hex_value(block.ptr[i + 3])));
            i += 3;
        } else if (c == '\\' && (next == 'r' || next == 'n' || next == 't' || next == 'f')) {
            buf_add_char(&out, next == 'r' ? '\r' : next == 'n' ? '\n' : next == 't' ? '\t' : '\f');
            i++;
        } else {
            buf_add_char(&out, c);
        }
    }
    return buf_str(&out);
}

/* The suite's requests seldom name a Host; without one all would be refused for that alone. */
static Str with_host(Arena *arena, Str bytes) {
    size_t from = 0, end;

    while (
        str_starts(str_slice(bytes, from, bytes.len), S("\r\n"))) /* passed over: RFC 9112, 2.2 */
        from += 2;
    end = str_find(bytes, S("\r\n"), from);
    if (end == SIZE_MAX || str_contains(str_lower_ascii(arena, bytes), S("\nhost:")) ||
        !str_contains(str_slice(bytes, from, end), S(" HTTP/")))
        return bytes;
    Str head = str_concat(arena, str_slice(bytes, 0, end + 2), S("Host: localhost\r\n"));
    return str_concat(arena, head, str_slice(bytes, end + 2, bytes.len));
}

/* What the suite lacks; each is a mistake (RFC 9112, 2.2, 3, 5, 6, 7.1). */
#define POST_CHUNKS "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
static const struct {
    const char *name;
    Str bytes;
} own_cases[] = {
    { "own: bare LF after the request line", S_INIT("GET / HTTP/1.1\nHost: localhost\r\n\r\n") },
    { "own: bare LF after a header", S_INIT("GET / HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n") },
    { "own: bare LF as the blank line", S_INIT("GET / HTTP/1.1\r\nHost: localhost\r\n\n") },
    { "own: folded header", S_INIT("GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n") },
    { "own: folded Transfer-Encoding",
      S_INIT("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:\r\n chunked\r\n"
             "Content-Length: 0\r\n\r\n") },
    { "own: folded Content-Length",
      S_INIT("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length:\r\n 0\r\n\r\n") },
    { "own: CR in a value", S_INIT("GET / HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n") },
    { "own: NUL in a value", S_INIT("GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n") },
    { "own: NUL in a name", S_INIT("GET / HTTP/1.1\r\nHost: localhost\r\nX\0: a\r\n\r\n") },
    { "own: blank before the colon", S_INIT("GET / HTTP/1.1\r\nHost : localhost\r\n\r\n") },
    { "own: no colon", S_INIT("GET / HTTP/1.1\r\nHost: localhost\r\nX\r\n\r\n") },
    { "own: two blanks in the request line", S_INIT("GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n") },
    { "own: tab in the request line", S_INIT("GET\t/ HTTP/1.1\r\nHost: localhost\r\n\r\n") },
    { "own: a blank in the target", S_INIT("GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n") },
    { "own: blank after the version", S_INIT("GET / HTTP/1.1 \r\nHost: localhost\r\n\r\n") },
    { "own: two lengths", S_INIT("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
                                 "Content-Length: 0\r\n\r\n") },
    { "own: signed length",
      S_INIT("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: +0\r\n\r\n") },
    { "own: listed length",
      S_INIT("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0, 0\r\n\r\n") },
    { "own: length and chunks", S_INIT("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
                                       "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n") },
    { "own: chunks in HTTP/1.0",
      S_INIT("POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") },
    { "own: no length", S_INIT("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n") },
    { "own: bare LF after a chunk size", S_INIT(POST_CHUNKS "1\na\r\n0\r\n\r\n") },
    { "own: bare LF after a chunk", S_INIT(POST_CHUNKS "1\r\na\n0\r\n\r\n") },
    { "own: chunk longer than its size", S_INIT(POST_CHUNKS "1\r\nab\r\n0\r\n\r\n") },
    { "own: chunk size with a sign", S_INIT(POST_CHUNKS "+1\r\na\r\n0\r\n\r\n") },
    { "own: chunk size with 0x", S_INIT(POST_CHUNKS "0x1\r\na\r\n0\r\n\r\n") },
    { "own: chunk size of 17 digits", S_INIT(POST_CHUNKS "00000000000000001\r\na\r\n0\r\n\r\n") },
    { "own: chunk size beyond 64 bits", S_INIT(POST_CHUNKS "10000000000000001\r\na\r\n0\r\n\r\n") },
    { "own: blank before a chunk size", S_INIT(POST_CHUNKS " 1\r\na\r\n0\r\n\r\n") },
    { "own: blank after a chunk size", S_INIT(POST_CHUNKS "1 \r\na\r\n0\r\n\r\n") },
    { "own: empty chunk size", S_INIT(POST_CHUNKS "\r\n\r\n") },
    { "own: line break in a chunk extension", S_INIT(POST_CHUNKS "1;a\nb\r\na\r\n0\r\n\r\n") },
    { "own: NUL in the target", S_INIT("GET /a\0b HTTP/1.1\r\nHost: localhost\r\n\r\n") },
    { "own: %00 in the path", S_INIT("GET /a%00b HTTP/1.1\r\nHost: localhost\r\n\r\n") },
    { "own: two hosts", S_INIT("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n") },
    { "own: no host", S_INIT("GET / HTTP/1.1\r\n\r\n") },
    { "own: another host in the target",
      S_INIT("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n") },
    { "own: HTTP/0.9", S_INIT("GET /\r\n\r\n") },
    { "own: HTTP/1.1 in small letters", S_INIT("GET / http/1.1\r\nHost: localhost\r\n\r\n") },
};

static size_t add_own_cases(Arena *arena, Case *cases, size_t count) {
    for (size_t i = 0; i < COUNT_OF(own_cases); i++)
        cases[count++] = (Case){ .name = str_from_c(own_cases[i].name),
                                 .bytes = own_cases[i].bytes,
                                 .answer = buf_new(arena, 1 << 20),
                                 .is_bad = true };
    return count;
}

/* The lines up to the next ``` */
static Str take_block(Str *rest) {
    const char *from = rest->ptr;
    Str line;
    size_t len = 0;

    while (str_cut(rest, '\n', &line) && !str_starts(line, S("```")))
        len = (size_t)(line.ptr + line.len + 1 - from);
    return (Str){ from, len };
}

static size_t count_of(Str text, Str what) {
    size_t count = 0;

    for (size_t at = str_find(text, what, 0); at != SIZE_MAX; at = str_find(text, what, at + 1))
        count++;
    return count;
}

static size_t read_cases(Arena *arena, const char *file, Case *cases, size_t count) {
    Str path = str_format(arena, FOLDER "%s.md", file);
    Str rest = test_shared_file(arena, str_to_c(arena, path)), line, title = STR_EMPTY;
    bool is_lenient = false;

    while (str_cut(&rest, '\n', &line)) {
        if (str_starts(line, S("#")))
            title = str_trim(str_slice(line, str_find_char(line, ' ', 0), line.len));
        if (str_starts(line, S("<!-- meta=")))
            is_lenient = str_contains(line, S("-lenient-"));
        if (str_starts(line, S("```http"))) {
            assert_true(count < CASES_MAX);
            cases[count] = (Case){ .name = str_format(arena, "%s: %.*s", file, STR_ARG(title)),
                                   .bytes = with_host(arena, bytes_of(arena, take_block(&rest))),
                                   .answer = buf_new(arena, 1 << 20) };
        }
        if (str_starts(line, S("```log"))) {
            Str log = take_block(&rest);
            cases[count].is_bad = is_lenient || str_contains(log, S("error code="));
            cases[count].completes = is_lenient ? 0 : count_of(log, S("message complete"));
            count++;
        }
    }
    return count;
}

/* ---- all at once, so that waiting for silence costs once ---- */

static void send_case(Case *c, int port) {
    struct sockaddr_in name = { .sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(c->fd, (struct sockaddr *)&name, sizeof name), 0);
    c->is_open = true;
    (void)send(c->fd, c->bytes.ptr, c->bytes.len, MSG_NOSIGNAL);
}

static void take_bytes(Case *c) {
    char bytes[4096];
    ssize_t got = recv(c->fd, bytes, sizeof bytes, MSG_DONTWAIT);

    if (got > 0)
        buf_add(&c->answer, (Str){ bytes, (size_t)got });
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        c->is_open = false;
}

/* Reads whatever comes until there is silence or all connections have ended. */
static void read_until_quiet(Case *cases, size_t count) {
    struct pollfd polled[CASES_MAX];

    for (int ready = 1; ready > 0;) {
        size_t open = 0;
        for (size_t i = 0; i < count; i++) {
            polled[i] =
                (struct pollfd){ .fd = cases[i].is_open ? cases[i].fd : -1, .events = POLLIN };
            open += cases[i].is_open;
        }
        ready = open > 0 ? poll(polled, count, QUIET_MS) : 0;
        for (size_t i = 0; i < count && ready > 0; i++)
            if (polled[i].revents)
                take_bytes(&cases[i]);
    }
}

/* Statuses that say "this is no request I answer"; all others answer it. */
static bool is_refusal(int64_t status) {
    static const int refusals[] = { 400, 411, 413, 414, 417, 421, 431, 501, 505 };

    for (size_t i = 0; i < COUNT_OF(refusals); i++)
        if (refusals[i] == status)
            return true;
    return false;
}

static void count_answers(Case *c) {
    Str rest = buf_str(&c->answer), line;
    int64_t status;

    while (str_cut(&rest, '\n', &line)) {
        if (!str_starts(line, S("HTTP/1.1 ")) || !str_parse_int(str_slice(line, 9, 12), &status))
            continue;
        c->refused += is_refusal(status);
        c->accepted += status >= 200 && !is_refusal(status);
    }
}

static bool is_listed(const char *const *list, Str name) {
    for (; *list; list++)
        if (str_eq(str_from_c(*list), name))
            return true;
    return false;
}

/* ---- sec_17 ---- */

static void published_malformed_requests_are_not_answered_as_good_ones(void **state) {
    static const char *const none[] = { NULL };
    static Case cases[CASES_MAX];
    const char *const *listed =
        MHD_get_version() && strcmp(MHD_get_version(), "0.9.77") < 0 ? swallowed_before_0977 : none;
    size_t count = 0, accepted = 0, refused = 0, stricter = 0, swallowed = 0, unexpected = 0;
    HttpServer *server;

    count = add_own_cases(*state, cases, count);
    bool has_suite = test_has_shared("http1-parsing");
    for (size_t i = 0; has_suite && i < COUNT_OF(files); i++)
        count = read_cases(*state, files[i], cases, count);
    log_set_level(LOG_WARN);
    Site site = site_new(NULL);
    assert_int_equal(http_start(site.app, S("127.0.0.1:0"), &server).code, ERR_OK);
    for (size_t i = 0; i < count; i++)
        send_case(&cases[i], http_port(server));
    read_until_quiet(cases, count);
    /* Many are cut off where the mistake is: who says nothing may have taken it and wait for the rest. */
    for (size_t i = 0; i < count; i++)
        if (cases[i].is_open && cases[i].answer.len == 0)
            (void)send(cases[i].fd, "\r\n\r\n", 4, MSG_NOSIGNAL);
    read_until_quiet(cases, count);
    for (size_t i = 0; i < count; i++)
        (void)shutdown(cases[i].fd, SHUT_WR);
    read_until_quiet(cases, count);

    for (size_t i = 0; i < count; i++) {
        Case *c = &cases[i];
        close(c->fd);
        count_answers(c);
        if (c->accepted > c->completes) {
            bool is_known = is_listed(listed, c->name);
            swallowed++;
            unexpected += !is_known;
            print_message("http1-parsing: %s, answered %zu of %zu: %.*s\n",
                          is_known ? "known" : "NEW", c->accepted, c->completes, STR_ARG(c->name));
        } else if (c->is_bad) {
            refused++;
        } else if (c->accepted == 0) {
            stricter++;
        } else {
            accepted++;
        }
    }
    http_stop(server);
    site_free(&site);
    print_message("http1-parsing: %zu cases passed, libmicrohttpd %s: %zu accepted, %zu refused, "
                  "%zu refused that the suite accepts, %zu swallowed by the library\n",
                  count - unexpected, MHD_get_version(), accepted, refused, stricter, swallowed);
    print_message("http1-parsing: 7 files skipped, answers are for clients\n");
    assert_true(refused > 20 && (!has_suite || (count > 100 && accepted > 10)));
    assert_int_equal(unexpected, 0);
    for (; *listed; listed++) { /* what was mended leaves the list */
        bool is_there = !has_suite && !str_starts(str_from_c(*listed), S("own: "));
        for (size_t i = 0; i < count; i++)
            is_there = is_there || (cases[i].accepted > cases[i].completes &&
                                    str_eq(cases[i].name, str_from_c(*listed)));
        if (!is_there)
            fail_msg("%s is refused now: take it off the list", *listed);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(published_malformed_requests_are_not_answered_as_good_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
