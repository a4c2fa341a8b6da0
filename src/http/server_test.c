/*
 * http/server_test.c - the server on real sockets of loopback: framing, deadlines, uploads, parked requests,
 * the end (checklist 17, 19). The clock of the deadlines is the test's.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/log.h"
#include "base/test_support.h"
#include "http/exchange.h"
#include "http/test_site.h"

enum { PATIENCE_MS = 20000, TICKS = 200, ANSWER_BYTES_MAX = 16 << 20 };

#define HOST "host: localhost\r\n"
#define BEARER "authorization: Bearer t-anna\r\naccept: application/json\r\n"

/* ---- a clock that the test moves while the server's threads read it ---- */

typedef struct MovedClock {
    Clock clock; /* first */
    _Atomic(int64_t) at_ms;
} MovedClock;

static int64_t moved_now(Clock *clock) {
    return atomic_load(&((MovedClock *)(void *)clock)->at_ms);
}

static MovedClock moved_clock = { { moved_now, moved_now }, WORLD_NOW_MS };

/* ---- the server ---- */

typedef struct Running {
    Site site;
    HttpServer *server;
} Running;

static Running *start_with(const char *const *settings) {
    static Running running;

    running = (Running){ .site = site_new(settings) };
    running.site.app->clock = &moved_clock.clock;
    log_set_level(LOG_WARN);
    atomic_store(&site_switches.pause_ms, 0);
    atomic_store(&site_switches.is_held, false);
    atomic_store(&site_switches.slow_runs, 0);
    Err err = http_start(running.site.app, S("127.0.0.1:0"), &running.server);
    if (err.code != ERR_OK)
        fail_msg("%s", err.msgid);
    return &running;
}

static void stop(Running *running) {
    if (running->server)
        http_stop(running->server);
    running->server = NULL;
    site_free(&running->site);
}

/* ---- a client ---- */

static int dial_port(int port) {
    struct sockaddr_in name = { .sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct timeval patience = { .tv_sec = PATIENCE_MS / 1000 };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&name, sizeof name), 0);
    return fd;
}

static int dial(const Running *running) {
    return dial_port(http_port(running->server));
}

/* False when the peer does not want the rest. */
static bool send_all(int fd, Str bytes) {
    for (size_t at = 0; at < bytes.len;) {
        ssize_t sent = send(fd, bytes.ptr + at, bytes.len - at, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        at += (size_t)sent;
    }
    return true;
}

typedef struct Answer {
    int status;
    Str head, body;
} Answer;

static Str header_of(const Answer *answer, Str name) {
    Str rest = answer->head, line;

    while (str_cut(&rest, '\n', &line)) {
        size_t colon = str_find_char(line, ':', 0);
        if (colon != SIZE_MAX && str_eq_nocase(str_slice(line, 0, colon), name))
            return str_trim(str_slice(line, colon + 1, line.len));
    }
    return STR_EMPTY;
}

/* Reads one byte after the other up to the blank line: what follows is the next answer's. */
static bool read_head(Arena *arena, int fd, Answer *ret) {
    Buf head = buf_new(arena, 64 << 10);
    int64_t status = 0;
    char c;

    while (!str_ends(buf_str(&head), S("\r\n\r\n"))) {
        if (recv(fd, &c, 1, 0) != 1)
            return false;
        buf_add_char(&head, c);
    }
    ret->head = buf_str(&head);
    assert_true(str_starts(ret->head, S("HTTP/1.1 ")));
    assert_true(str_parse_int(str_slice(ret->head, 9, 12), &status));
    ret->status = (int)status;
    return true;
}

static bool read_answer(Arena *arena, int fd, bool has_body, Answer *ret) {
    int64_t len = 0;

    *ret = (Answer){ 0 };
    if (!read_head(arena, fd, ret))
        return false;
    if (!has_body || ret->status == 304 || ret->status == 204 || ret->status < 200)
        return true;
    assert_true(str_parse_int(header_of(ret, S("content-length")), &len));
    char *body = arena_alloc(arena, (size_t)len);
    for (size_t at = 0; at < (size_t)len;) {
        ssize_t got = recv(fd, body + at, (size_t)len - at, 0);
        if (got <= 0)
            return false;
        at += (size_t)got;
    }
    ret->body = (Str){ body, (size_t)len };
    return true;
}

static Answer ask(Arena *arena, int fd, Str request) {
    Answer answer;

    assert_true(send_all(fd, request));
    if (!read_answer(arena, fd, !str_starts(request, S("HEAD ")), &answer))
        fail_msg("no answer to %.*s", STR_ARG(str_slice(request, 0, 100)));
    return answer;
}

/* A connection of its own for one request. */
static Answer ask_once(Arena *arena, const Running *running, Str request) {
    int fd = dial(running);
    Answer answer = ask(arena, fd, request);

    close(fd);
    return answer;
}

/* Whether the server ended the connection: the next byte never comes. */
static bool is_ended(int fd) {
    char c;
    ssize_t got = recv(fd, &c, 1, 0);

    return got == 0 || (got < 0 && errno == ECONNRESET);
}

/* The clock goes on in steps until the server ends the connection; false when it never does. */
static bool is_cut_in_steps_of(int fd, int64_t step_ms) {
    struct pollfd wait = { .fd = fd, .events = POLLIN };

    for (int i = 0; i < TICKS; i++) {
        atomic_fetch_add(&moved_clock.at_ms, step_ms);
        if (poll(&wait, 1, 100) == 1)
            return is_ended(fd);
    }
    return false;
}

/* ---- connections and framing ---- */

static void a_connection_serves_many_requests(void **state) {
    Running *running = start_with(NULL);
    int fd = dial(running);

    for (int i = 0; i < 5; i++) {
        Answer answer = ask(*state, fd, S("GET /rest/a HTTP/1.1\r\n" HOST "\r\n"));
        assert_int_equal(answer.status, 200);
        assert_str(answer.body, S("a"));
    }
    close(fd);
    stop(running);
}

static void pipelined_requests_are_answered_in_their_order(void **state) {
    Running *running = start_with(NULL);
    int fd = dial(running);
    Answer answer;

    atomic_store(&site_switches.pause_ms, 20);
    assert_true(send_all(fd, S("GET /slow HTTP/1.1\r\n" HOST "\r\n"
                               "POST /raw HTTP/1.1\r\n" HOST "content-length: 3\r\n\r\nabc"
                               "GET /rest/c HTTP/1.1\r\n" HOST "\r\n")));
    assert_true(read_answer(*state, fd, true, &answer));
    assert_str(answer.body, S("slow\n"));
    assert_true(read_answer(*state, fd, true, &answer));
    assert_str(answer.body, S("abc"));
    assert_true(read_answer(*state, fd, true, &answer));
    assert_str(answer.body, S("c"));
    close(fd);
    stop(running);
}

static void a_connection_ends_where_the_client_says_so(void **state) {
    Running *running = start_with(NULL);
    int fd = dial(running);

    Answer answer = ask(*state, fd, S("GET /rest/a HTTP/1.1\r\n" HOST "connection: close\r\n\r\n"));
    assert_int_equal(answer.status, 200);
    assert_true(is_ended(fd));
    close(fd);
    fd = dial(running);
    answer = ask(*state, fd, S("GET /rest/a HTTP/1.0\r\n" HOST "\r\n"));
    assert_int_equal(answer.status, 200);
    assert_true(is_ended(fd));
    close(fd);
    stop(running);
}

static void head_has_the_headers_of_get_and_no_body(void **state) {
    Running *running = start_with(NULL);
    int fd = dial(running);

    for (int round = 0; round < 2; round++) { /* made, then from the cache */
        Answer get = ask(*state, fd, S("GET / HTTP/1.1\r\n" HOST "\r\n"));
        Answer head = ask(*state, fd, S("HEAD / HTTP/1.1\r\n" HOST "\r\n"));
        assert_int_equal(head.status, 200);
        assert_true(get.body.len > 0);
        assert_str(header_of(&head, S("content-length")), header_of(&get, S("content-length")));
        assert_str(header_of(&head, S("etag")), header_of(&get, S("etag")));
        assert_str(header_of(&head, S("content-type")), header_of(&get, S("content-type")));
    }
    Answer answer = ask(*state, fd, S("HEAD /nothing HTTP/1.1\r\n" HOST "\r\n"));
    assert_int_equal(answer.status, 404);
    answer = ask(*state, fd, S("GET /rest/a HTTP/1.1\r\n" HOST "\r\n")); /* still in step */
    assert_str(answer.body, S("a"));
    close(fd);
    stop(running);
}

static void a_page_from_the_cache_is_the_page(void **state) {
    Running *running = start_with(NULL);
    int fd = dial(running);
    Answer first = ask(*state, fd, S("GET /?lang=en HTTP/1.1\r\n" HOST "\r\n"));
    Answer second = ask(*state, fd, S("GET /?lang=en HTTP/1.1\r\n" HOST "\r\n"));
    Str tags[] = { S("home") };

    assert_str(second.body, first.body);
    assert_int_equal(cache_state(running->server->core->cache).hits, 1);
    Str etag = header_of(&first, S("etag"));
    Answer same =
        ask(*state, fd,
            str_format(*state, "GET /?lang=en HTTP/1.1\r\n" HOST "if-none-match: %.*s\r\n\r\n",
                       STR_ARG(etag)));
    assert_int_equal(same.status, 304);
    assert_str(header_of(&same, S("etag")), etag);
    http_cache_drop(running->server, tags, 1);
    (void)ask(*state, fd, S("GET /?lang=en HTTP/1.1\r\n" HOST "\r\n"));
    assert_int_equal(cache_state(running->server->core->cache).hits, 2);
    close(fd);
    stop(running);
}

static void small_answers_leave_at_once(void **state) {
    Running *running = start_with(NULL);
    int fd = dial(running), on, found = 0;
    struct sockaddr_in name, peer;
    socklen_t len = sizeof name;

    (void)ask(*state, fd, S("GET /rest/a HTTP/1.1\r\n" HOST "\r\n"));
    assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &len), 0);
    for (int other = 3; other < 1024; other++) { /* the server's end is a descriptor of ours */
        len = sizeof peer;
        if (other == fd || getpeername(other, (struct sockaddr *)&peer, &len) != 0 ||
            len != sizeof peer || peer.sin_port != name.sin_port)
            continue;
        len = sizeof on;
        on = 0;
        assert_int_equal(getsockopt(other, IPPROTO_TCP, TCP_NODELAY, &on, &len), 0);
        assert_true(on != 0);
        found++;
    }
    assert_int_equal(found, 1);
    close(fd);
    stop(running);
}

/* libmicrohttpd 0.9.75 writes the headers of its own refusals twice: they are read over. */
static bool ends_soon(int fd) {
    char bytes[4096];
    ssize_t got;

    do
        got = recv(fd, bytes, sizeof bytes, 0);
    while (got > 0);
    return got == 0 || errno == ECONNRESET;
}

static void what_cannot_be_framed_is_refused_and_ends_the_connection(void **state) {
    static const struct {
        Str text;
        int status;
    } bad[] = {
        { S_INIT("POST /raw HTTP/1.1\r\n" HOST "content-length: 1\r\ncontent-length: 1\r\n\r\nabc"),
          400 },
        { S_INIT("POST /raw HTTP/1.1\r\n" HOST "content-length: 1\r\n"
                 "transfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
          400 },
        { S_INIT("POST /raw HTTP/1.1\r\n" HOST "transfer-encoding: gzip, chunked\r\n\r\n"), 501 },
        { S_INIT("POST /raw HTTP/1.1\r\n" HOST "\r\n"), 411 },
        { S_INIT("GET / HTTP/1.1\r\n\r\n"), 400 },
        { S_INIT("GET / HTTP/1.1\r\n" HOST HOST "\r\n"), 400 },
        { S_INIT("GET /a%00b HTTP/1.1\r\n" HOST "\r\n"), 400 },
    };
    Running *running = start_with(NULL);

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        int fd = dial(running);
        Answer answer = ask(*state, fd, bad[i].text);
        assert_int_equal(answer.status, bad[i].status);
        assert_str(header_of(&answer, S("connection")), S("close"));
        if (!ends_soon(fd))
            fail_msg("the connection of case %zu goes on", i);
        close(fd);
    }
    stop(running);
}

static void who_waits_for_100_is_told_to_go_on(void **state) {
    Running *running = start_with(NULL);
    int fd = dial(running);

    Answer answer =
        ask(*state, fd,
            S("POST /raw HTTP/1.1\r\n" HOST "content-length: 3\r\nexpect: 100-continue\r\n\r\n"));
    assert_int_equal(answer.status, 100);
    answer = ask(*state, fd, S("abc"));
    assert_int_equal(answer.status, 200);
    assert_str(answer.body, S("abc"));
    close(fd);
    stop(running);
}

/* ---- bodies ---- */

static void chunks_are_joined(void **state) {
    Running *running = start_with(NULL);
    Answer answer = ask_once(*state, running,
                             S("POST /raw HTTP/1.1\r\n" HOST "transfer-encoding: chunked\r\n\r\n"
                               "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nx: y\r\n\r\n"));

    assert_int_equal(answer.status, 200);
    assert_str(answer.body, S("abc0123456789"));
    stop(running);
}

static Str raw_post(Arena *arena, size_t bytes) {
    char *body = arena_alloc(arena, bytes);

    memset(body, 'b', bytes);
    return str_concat(
        arena,
        str_format(arena, "POST /raw HTTP/1.1\r\n" HOST "content-length: %zu\r\n\r\n", bytes),
        (Str){ body, bytes });
}

static void a_body_has_its_bound(void **state) {
    Running *running = start_with((const char *const[]){ "http.body_bytes=2000", NULL });
    Answer answer = ask_once(*state, running, raw_post(*state, 2000));

    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.body.len, 2000);
    int fd = dial(running);
    answer = ask(*state, fd, raw_post(*state, 2001));
    assert_int_equal(answer.status, 413);
    assert_str(header_of(&answer, S("connection")), S("close"));
    close(fd);
    char *chunk = arena_alloc(*state, 2001);
    memset(chunk, 'c', 2001);
    Str chunked = str_format(*state,
                             "POST /raw HTTP/1.1\r\n" HOST
                             "transfer-encoding: chunked\r\n\r\n7d1\r\n%.*s\r\n0\r\n\r\n",
                             2001, chunk);
    answer = ask_once(*state, running, chunked);
    assert_int_equal(answer.status, 413);
    stop(running);
}

static void chunks_without_end_are_not_read_for_ever(void **state) {
    Running *running = start_with((const char *const[]){ "http.body_bytes=2000", NULL });
    int fd = dial(running);
    bool is_taken =
        send_all(fd, S("POST /raw HTTP/1.1\r\n" HOST "transfer-encoding: chunked\r\n\r\n"));

    for (int i = 0; is_taken && i < 100000; i++)
        is_taken =
            send_all(fd, S("400\r\n"
                           "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"));
    assert_false(is_taken);
    close(fd);
    (void)state;
    stop(running);
}

/* More than stays in memory (http/body.h): it waits in a file. */
static void a_large_upload_arrives_whole(void **state) {
    enum { BYTES = 3 << 20 };
    Running *running = start_with(
        (const char *const[]){ "media.upload_bytes=4 MiB", "http.upload_bytes=4 MiB", NULL });
    char *file = arena_alloc(*state, BYTES);

    for (size_t i = 0; i < BYTES; i++)
        file[i] = (char)(i * 7 + i / 251);
    Str body = str_concat(
        *state, S("--xx\r\ncontent-disposition: form-data; name=file; filename=a.bin\r\n\r\n"),
        str_concat(*state, (Str){ file, BYTES }, S("\r\n--xx--\r\n")));
    Str head = str_format(*state,
                          "POST /upload HTTP/1.1\r\n" HOST BEARER
                          "content-type: multipart/form-data; boundary=xx\r\n"
                          "content-length: %zu\r\n\r\n",
                          body.len);
    Answer answer = ask_once(*state, running, str_concat(*state, head, body));
    assert_int_equal(answer.status, 200);
    assert_true(str_contains(answer.body, S("\"text\":\"3145728\"")));
    assert_true(str_contains(answer.body, S("\"title\":\"a.bin\"")));
    stop(running);
}

static void an_upload_beyond_its_bound_is_refused_unread(void **state) {
    Running *running = start_with(
        (const char *const[]){ "media.upload_bytes=1 MiB", "http.upload_bytes=1 MiB", NULL });
    int fd = dial(running);
    Answer answer = ask(*state, fd,
                        S("POST /upload HTTP/1.1\r\n" HOST BEARER
                          "content-type: multipart/form-data; boundary=xx\r\n"
                          "content-length: 1048577\r\n\r\n")); /* no byte of it is sent */

    assert_int_equal(answer.status, 413);
    assert_true(is_ended(fd));
    close(fd);
    stop(running);
}

/* ---- deadlines: sec_19 ---- */

static void the_sweep_keeps_each_deadline_to_the_millisecond(void **state) {
    static const struct {
        Phase phase;
        int64_t bytes, last_ms; /* the last moment that is in time; -1: for ever */
    } cases[] = {
        { PHASE_FIRST, 0, 10000 },  { PHASE_IDLE, 0, 30000 },      { PHASE_WORK, 0, -1 },
        { PHASE_BODY, 0, 10000 },   { PHASE_BODY, 10240, 10999 },  { PHASE_BODY, 102400, 100999 },
        { PHASE_ANSWER, 0, 30000 }, { PHASE_ANSWER, 1023, 30000 }, { PHASE_ANSWER, 10240, 40000 },
    };
    FixedClock clock;

    (void)state;
    clock_fixed(&clock, 1000);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Connections *all = connections_new(&clock.clock, (ConnectionLimits){ 10000, 30000, 1024 });
        int ends[2];
        char c;
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
        Connection *connection = connection_open(all, ends[0]);
        clock.at_ms = 1000;
        connection_phase(all, connection, cases[i].phase, cases[i].bytes);
        clock.at_ms = cases[i].last_ms < 0 ? INT64_MAX / 2 : 1000 + cases[i].last_ms;
        assert_int_equal(connections_sweep(all), 0);
        clock.at_ms += 1;
        assert_int_equal(connections_sweep(all), cases[i].last_ms < 0 ? 0 : 1);
        assert_int_equal(connections_sweep(all), 0); /* once is enough */
        if (cases[i].last_ms >= 0)
            assert_int_equal(recv(ends[1], &c, 1, 0), 0);
        connection_close(all, connection);
        close(ends[0]);
        close(ends[1]);
        connections_free(all);
    }
}

static void who_sends_no_headers_is_cut(void **state) {
    Running *running = start_with(NULL);
    int silent = dial(running), slow = dial(running);

    assert_true(send_all(slow, S("GET / HTTP/1.1\r\nhost: lo")));
    assert_true(is_cut_in_steps_of(silent, 5000));
    assert_true(is_cut_in_steps_of(slow, 5000));
    while (atomic_load(&running->server->core->metrics->cut) < 2) /* counted after the cut */
        sched_yield();
    (void)ask_once(*state, running,
                   S("GET /rest/a HTTP/1.1\r\n" HOST "\r\n")); /* others are served */
    close(silent);
    close(slow);
    stop(running);
}

static void a_body_that_trickles_is_cut(void **state) {
    Running *running = start_with(NULL);
    int fd = dial(running);

    assert_true(send_all(fd, S("POST /raw HTTP/1.1\r\n" HOST "content-length: 100000\r\n\r\nabc")));
    assert_true(is_cut_in_steps_of(fd, 5000));
    close(fd);
    (void)state;
    stop(running);
}

static void a_connection_between_requests_is_cut_after_its_time(void **state) {
    Running *running = start_with(NULL);
    int fd = dial(running);

    (void)ask(*state, fd, S("GET /rest/a HTTP/1.1\r\n" HOST "\r\n"));
    assert_true(is_cut_in_steps_of(fd, 15000));
    close(fd);
    stop(running);
}

/* ---- parked requests ---- */

typedef struct Caller {
    pthread_t thread;
    int port, rounds;
    int status[64]; /* of each round; 0: no answer */
} Caller;

static void *call_slow(void *user) {
    Caller *caller = user;
    Arena *arena = arena_new(0);
    int fd = dial_port(caller->port);

    for (int i = 0; i < caller->rounds; i++) {
        Answer answer = { 0 };
        if (!send_all(fd, S("GET /slow HTTP/1.1\r\n" HOST "\r\n")) ||
            !read_answer(arena, fd, true, &answer))
            break;
        caller->status[i] = answer.status;
    }
    close(fd);
    arena_free(arena);
    return NULL;
}

static void start_callers(const Running *running, Caller *callers, size_t count, int rounds) {
    for (size_t i = 0; i < count; i++) {
        callers[i] = (Caller){ .port = http_port(running->server), .rounds = rounds };
        assert_int_equal(pthread_create(&callers[i].thread, NULL, call_slow, &callers[i]), 0);
    }
}

static void join_callers(Caller *callers, size_t count) {
    for (size_t i = 0; i < count; i++)
        assert_int_equal(pthread_join(callers[i].thread, NULL), 0);
}

/* Until so many requests are with the workers or wait for one. */
static void wait_for_parked(const Running *running, size_t count) {
    HttpServer *server = running->server;
    size_t parked = 0;

    while (parked < count) {
        pthread_mutex_lock(&server->lock);
        parked = server->parked;
        pthread_mutex_unlock(&server->lock);
        sched_yield();
    }
}

static void parked_requests_are_all_answered(void **state) {
    enum { CALLERS = 12, ROUNDS = 8 };
    Running *running = start_with((const char *const[]){ "http.workers=4", NULL });
    Caller callers[CALLERS];

    (void)state;
    atomic_store(&site_switches.pause_ms, 2);
    start_callers(running, callers, CALLERS, ROUNDS);
    join_callers(callers, CALLERS);
    for (size_t i = 0; i < CALLERS; i++)
        for (int k = 0; k < ROUNDS; k++)
            assert_int_equal(callers[i].status[k], 200);
    assert_int_equal(atomic_load(&site_switches.slow_runs), CALLERS * ROUNDS);
    stop(running);
}

static void the_end_waits_for_parked_requests_and_their_answers(void **state) {
    enum { CALLERS = 6 };
    Running *running = start_with((const char *const[]){ "http.workers=2", NULL });
    Caller callers[CALLERS];

    (void)state;
    atomic_store(&site_switches.is_held, true);
    atomic_store(&site_switches.pause_ms, 100); /* from the moment when the end begins */
    start_callers(running, callers, CALLERS, 1);
    wait_for_parked(running, CALLERS);
    atomic_store(&site_switches.is_held, false);
    http_stop(running->server);
    running->server = NULL;
    join_callers(callers, CALLERS);
    assert_int_equal(atomic_load(&site_switches.slow_runs), CALLERS);
    for (size_t i = 0; i < CALLERS; i++)
        assert_int_equal(callers[i].status[0], 200); /* what was done is told */
    stop(running);
}

static void a_client_that_goes_while_it_is_served_harms_nobody(void **state) {
    Running *running = start_with((const char *const[]){ "http.workers=2", NULL });

    atomic_store(&site_switches.is_held, true);
    for (int i = 0; i < 6; i++) {
        int fd = dial(running);
        assert_true(send_all(fd, S("GET /slow HTTP/1.1\r\n" HOST "\r\n")));
        wait_for_parked(running, (size_t)i + 1);
        close(fd);
    }
    atomic_store(&site_switches.is_held, false);
    Answer answer = ask_once(*state, running, S("GET /slow HTTP/1.1\r\n" HOST "\r\n"));
    assert_int_equal(answer.status, 200);
    stop(running);
}

static void too_many_waiting_are_told_to_come_again(void **state) {
    enum { CALLERS = 1 + WAITING_PER_WORKER + 5 };
    Running *running = start_with((const char *const[]){ "http.workers=1", NULL });
    static int fds[CALLERS];
    int served = 0, busy = 0;

    atomic_store(&site_switches.is_held, true);
    for (int i = 0; i < CALLERS; i++) {
        fds[i] = dial(running);
        assert_true(send_all(fds[i], S("GET /slow HTTP/1.1\r\n" HOST "\r\n")));
        if (i == 0) /* the worker has this one; the next wait */
            while (atomic_load(&site_switches.slow_runs) == 0)
                sched_yield();
    }
    wait_for_parked(running, 1 + WAITING_PER_WORKER);
    while (atomic_load(&running->server->core->metrics->refused) < 5)
        sched_yield();
    atomic_store(&site_switches.is_held, false);
    for (int i = 0; i < CALLERS; i++) {
        Answer answer;
        assert_true(read_answer(*state, fds[i], true, &answer));
        served += answer.status == 200;
        busy += answer.status == 503;
        if (answer.status == 503)
            assert_true(header_of(&answer, S("retry-after")).len > 0);
        close(fds[i]);
    }
    assert_int_equal(served, 1 + WAITING_PER_WORKER);
    assert_int_equal(busy, 5);
    stop(running);
}

/* Readers, writers and drops of the cache at once: for the tools that watch threads. */
static void *read_and_write(void *user) {
    Caller *caller = user;
    Arena *arena = arena_new(0);
    int fd = dial_port(caller->port);
    Answer answer;

    for (int i = 0; i < caller->rounds; i++) {
        bool is_writing = i % 5 == 0;
        Str request = is_writing ? S("POST /notes HTTP/1.1\r\n" HOST BEARER
                                     "content-type: application/x-www-form-urlencoded\r\n"
                                     "content-length: 14\r\n\r\ntitle=a&text=b")
                                 : S("GET /?lang=en HTTP/1.1\r\n" HOST "\r\n");
        if (!send_all(fd, request) || !read_answer(arena, fd, true, &answer))
            break;
        caller->status[i] = answer.status;
    }
    close(fd);
    arena_free(arena);
    return NULL;
}

static void readers_and_writers_do_not_meet(void **state) {
    enum { CALLERS = 8, ROUNDS = 40 };
    Running *running = start_with((const char *const[]){ "http.workers=4", NULL });
    Caller callers[CALLERS];

    site_switches.server = running->server;
    for (size_t i = 0; i < CALLERS; i++) {
        callers[i] = (Caller){ .port = http_port(running->server), .rounds = ROUNDS };
        assert_int_equal(pthread_create(&callers[i].thread, NULL, read_and_write, &callers[i]), 0);
    }
    join_callers(callers, CALLERS);
    for (size_t i = 0; i < CALLERS; i++)
        for (int k = 0; k < ROUNDS; k++)
            assert_int_equal(callers[i].status[k], k % 5 == 0 ? 201 : 200);
    assert_int_equal(world_count(&running->site.world, "note"), CALLERS * ROUNDS / 5);
    Answer answer = ask_once(*state, running, S("GET /?lang=en HTTP/1.1\r\n" HOST "\r\n"));
    assert_int_equal(answer.status, 200);
    stop(running);
}

/* ---- start and end ---- */

static void an_address_that_is_taken_or_none_is_told(void **state) {
    Running *running = start_with(NULL);
    HttpServer *second = NULL;
    Str taken = str_format(*state, "127.0.0.1:%d", http_port(running->server));

    assert_int_equal(http_start(running->site.app, taken, &second).code, ERR_IO);
    assert_int_equal(http_start(running->site.app, S("nowhere"), &second).code, ERR_INVALID);
    assert_int_equal(http_start(running->site.app, S("127.0.0.1:x"), &second).code, ERR_INVALID);
    assert_null(second);
    stop(running);
}

static void the_local_socket_serves_its_owner_and_goes(void **state) {
    Running *running = start_with(NULL);
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    Str path = str_format(*state, "%s/local.sock", running->site.world.folder);
    struct stat info;

    memcpy(name.sun_path, path.ptr, path.len);
    assert_int_equal(http_listen_local(running->server, path).code, ERR_OK);
    assert_int_equal(stat(name.sun_path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&name, sizeof name), 0);
    Answer answer = ask(*state, fd, S("GET /rest/a HTTP/1.1\r\n" HOST "\r\n"));
    assert_int_equal(answer.status, 200);
    close(fd);
    http_stop(running->server);
    running->server = NULL;
    assert_int_equal(stat(name.sun_path, &info), -1);
    stop(running);
}

static void a_local_path_too_long_is_told(void **state) {
    Running *running = start_with(NULL);
    char path[200];

    (void)state;
    memset(path, 'p', sizeof path);
    path[0] = '/';
    assert_int_equal(http_listen_local(running->server, (Str){ path, sizeof path }).code, ERR_IO);
    stop(running);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(a_connection_serves_many_requests),
        WITH_ARENA(pipelined_requests_are_answered_in_their_order),
        WITH_ARENA(a_connection_ends_where_the_client_says_so),
        WITH_ARENA(head_has_the_headers_of_get_and_no_body),
        WITH_ARENA(a_page_from_the_cache_is_the_page),
        WITH_ARENA(small_answers_leave_at_once),
        WITH_ARENA(what_cannot_be_framed_is_refused_and_ends_the_connection),
        WITH_ARENA(who_waits_for_100_is_told_to_go_on),
        WITH_ARENA(chunks_are_joined),
        WITH_ARENA(a_body_has_its_bound),
        WITH_ARENA(chunks_without_end_are_not_read_for_ever),
        WITH_ARENA(a_large_upload_arrives_whole),
        WITH_ARENA(an_upload_beyond_its_bound_is_refused_unread),
        WITH_ARENA(the_sweep_keeps_each_deadline_to_the_millisecond),
        WITH_ARENA(who_sends_no_headers_is_cut),
        WITH_ARENA(a_body_that_trickles_is_cut),
        WITH_ARENA(a_connection_between_requests_is_cut_after_its_time),
        WITH_ARENA(parked_requests_are_all_answered),
        WITH_ARENA(the_end_waits_for_parked_requests_and_their_answers),
        WITH_ARENA(a_client_that_goes_while_it_is_served_harms_nobody),
        WITH_ARENA(too_many_waiting_are_told_to_come_again),
        WITH_ARENA(readers_and_writers_do_not_meet),
        WITH_ARENA(an_address_that_is_taken_or_none_is_told),
        WITH_ARENA(the_local_socket_serves_its_owner_and_goes),
        WITH_ARENA(a_local_path_too_long_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
