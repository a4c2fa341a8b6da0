/*
 * net/net_test.c - what comes back through the gate: answers, redirects, and answers that do harm.
 */
#include "net/test_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <zlib.h>

/* ---- one server with a path for each manner ---- */

static Str gzip(Arena *arena, size_t zeros) {
    char *plain = arena_alloc(arena, zeros);
    size_t room = zeros / 100 + 4096;
    char *packed = arena_alloc(arena, room);
    z_stream stream = { .next_in = (Bytef *)plain,
                        .avail_in = (uInt)zeros,
                        .next_out = (Bytef *)packed,
                        .avail_out = (uInt)room };

    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    (void)deflateEnd(&stream);
    return (Str){ packed, stream.total_out };
}

static bool is_path(const PeerTurn *turn, const char *path) {
    return str_eq(turn->path, str_from_c(path));
}

static bool drip(PeerTurn *turn, Str bytes, int ms) {
    for (size_t i = 0; i < bytes.len; i++) {
        if (!peer_send(turn, str_slice(bytes, i, i + 1)) || !peer_pause(turn, ms))
            return false;
    }
    return true;
}

static bool flood(PeerTurn *turn, Str piece) {
    while (peer_send(turn, piece) && peer_pause(turn, 0))
        ;
    return false;
}

static bool answer_badly(PeerTurn *turn) {
    static char block[4096];

    if (is_path(turn, "/drip-head"))
        return peer_send(turn, S("HTTP/1.1 200 OK\r\nX: ")) &&
               drip(turn, (Str){ "aaaaaaaaaaaaaaaaaaaa", 20 }, 100);
    if (is_path(turn, "/drip-body"))
        return peer_send(turn, S("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")) &&
               drip(turn, (Str){ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 30 }, 100);
    if (is_path(turn, "/endless")) {
        peer_send(turn, S("HTTP/1.1 200 OK\r\n\r\n"));
        return flood(turn, (Str){ block, sizeof block });
    }
    if (is_path(turn, "/endless-chunks")) {
        peer_send(turn, S("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
        return flood(turn, S("5\r\nhello\r\n"));
    }
    if (is_path(turn, "/endless-head")) {
        peer_send(turn, S("HTTP/1.1 200 OK\r\n"));
        return flood(turn, S("X-Padding: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"));
    }
    if (is_path(turn, "/endless-100"))
        return flood(turn, S("HTTP/1.1 100 Continue\r\n\r\n"));
    if (is_path(turn, "/large")) /* announced, so it need not be read to be refused */
        return peer_send(turn, S("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nabc"));
    if (is_path(turn, "/cut")) {
        peer_send(turn, S("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"));
        return false;
    }
    if (is_path(turn, "/cut-chunk")) {
        peer_send(turn, S("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabc"));
        return false;
    }
    if (is_path(turn, "/more")) { /* than was announced */
        peer_send(turn, S("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef"));
        return false;
    }
    if (is_path(turn, "/reset")) {
        peer_reset(turn);
        return false;
    }
    if (is_path(turn, "/silent"))
        return peer_pause(turn, 5000);
    if (is_path(turn, "/switch"))
        return peer_send(turn, S("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\nabc")) &&
               peer_pause(turn, 60000);
    if (is_path(turn, "/two-lengths")) {
        peer_send(turn, S("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 9\r\n\r\nabc"));
        return false;
    }
    if (is_path(turn, "/garbage")) {
        peer_send(turn, S("220 mail.example ESMTP\r\n"));
        return false;
    }
    if (is_path(turn, "/empty"))
        return false;
    if (is_path(turn, "/twice-coded"))
        return peer_answer(turn, 200, "Content-Encoding: gzip, gzip\r\n", S("x"));
    if (is_path(turn, "/odd-coding"))
        return peer_answer(turn, 200, "Content-Encoding: compress\r\n", S("x"));
    if (is_path(turn, "/no-gzip"))
        return peer_answer(turn, 200, "Content-Encoding: gzip\r\n", S("this is not gzip"));
    if (is_path(turn, "/bomb") || is_path(turn, "/small-gzip")) {
        Arena *arena = arena_new(0);
        Str body = gzip(arena, is_path(turn, "/bomb") ? 16 << 20 : 4000);
        bool is_sent = peer_answer(turn, 200, "Content-Encoding: gzip\r\n", body);

        arena_free(arena);
        return is_sent;
    }
    return peer_answer(turn, 404, "", STR_EMPTY);
}

static bool answer_well(PeerTurn *turn) {
    Arena *arena = arena_new(0);
    bool is_on = true;

    if (is_path(turn, "/feed") && str_contains(turn->head, S("If-None-Match: \"v1\"\r\n")))
        is_on = peer_send(turn, S("HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n"));
    else if (is_path(turn, "/feed"))
        is_on = peer_answer(
            turn, 200,
            "ETag: \"v1\"\r\nContent-Type: text/xml\r\nCache-Control: max-age=60\r\n"
            "Last-Modified: Mon, 23 Nov 2026 06:00:00 GMT\r\nLink: <a>\r\nLINK: <b>\r\n",
            S("<rss/>"));
    else if (is_path(turn, "/later"))
        is_on = peer_answer(turn, 503, "Retry-After: 120\r\n", S("later"));
    else if (is_path(turn, "/later-date"))
        is_on = peer_answer(turn, 429, "Retry-After: Mon, 23 Nov 2026 06:03:00 GMT\r\n", S(""));
    else if (is_path(turn, "/hints"))
        is_on = peer_send(turn, S("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n")) &&
                peer_answer(turn, 200, "", S("body"));
    else if (is_path(turn, "/folded"))
        is_on = peer_answer(turn, 302, "X: y\r\n Location: /feed\r\n\tz: a\r\n", S("body"));
    else if (is_path(turn, "/video"))
        is_on = peer_send(turn, S("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"));
    else if (is_path(turn, "/other") && str_starts(turn->head, S("HEAD ")))
        is_on = peer_send(turn, S("HTTP/1.1 404 No\r\nContent-Length: 7\r\n\r\n"));
    else if (is_path(turn, "/dead"))
        is_on = peer_pause(turn, 60000);
    else if (is_path(turn, "/self"))
        is_on = peer_answer(turn, 302, "Location: #here\r\n", S(""));
    else if (is_path(turn, "/ping") || is_path(turn, "/pong"))
        is_on = peer_answer(turn, 307,
                            is_path(turn, "/ping") ? "Location: pong\r\n" : "Location: ./ping\r\n",
                            S(""));
    else if (str_starts(turn->path, S("/to?"))) /* "/to?302,/feed" */
        is_on = peer_answer(turn, turn->path.ptr[4] == '3' ? 300 + (turn->path.ptr[6] - '0') : 0,
                            str_format(arena, "Location: %.*s\r\n",
                                       STR_ARG(str_slice(turn->path, 8, turn->path.len)))
                                .ptr,
                            S("moved"));
    else if (is_path(turn, "/echo")) {
        char body[5] = { 0 };

        is_on = recv(turn->socket, body, 4, MSG_WAITALL) == 4 &&
                peer_answer(turn, 200, "", (Str){ body, 4 });
    } else
        is_on = peer_answer(turn, 404, "", S("nothing"));
    arena_free(arena);
    return is_on;
}

/* ---- the usual ---- */

static void an_answer_comes_with_its_headers_and_body(void **state) {
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer_well, NULL);
    Net *net = gate_new(arena, GATE_OPEN, NULL, NULL);

    NetResponse *response = gate_get(net, peer_url(arena, peer, "/feed#top"));
    assert_outcome(response, NET_ANSWERED);
    assert_int_equal(response->status, 200);
    assert_str(response->body, S("<rss/>"));
    assert_str(response->url, peer_url(arena, peer, "/feed"));
    assert_str(net_header(response, S("ETag")), S("\"v1\""));
    assert_str(net_header(response, S("link")), S("<a>"));
    assert_str(response->headers[response->header_count - 2].value, S("<b>"));
    assert_str(net_header(response, S("retry-after")), STR_EMPTY);
    assert_int_equal(response->retry_after_ms, -1);
    assert_int_equal(response->wire_bytes, 6);
    assert_int_equal(response->hop_count, 0);
    net_response_free(response);

    Str head = peer_last_head(peer, arena);
    assert_true(str_contains(head, S("\r\nUser-Agent: Liandong/0.1.0 (+https://example.edu)\r\n")));
    assert_true(str_contains(head, S("\r\nAccept-Encoding: gzip, deflate, br\r\n")));
    assert_false(str_contains(head, S("Referer")));
    assert_false(str_contains(head, S("From:")));
    assert_false(str_contains(head, S("Cookie")));
    net_free(net);
    peer_free(peer);
}

static void an_unchanged_feed_costs_a_304_on_the_same_connection(void **state) {
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer_well, NULL);
    Net *net = gate_new(arena, GATE_OPEN, NULL, NULL);
    NetHeader validators[] = { { S_INIT("If-None-Match"), S_INIT("\"v1\"") },
                               { S_INIT("If-Modified-Since"),
                                 S_INIT("Mon, 23 Nov 2026 06:00:00 GMT") } };

    net_response_free(gate_get(net, peer_url(arena, peer, "/feed")));
    for (int i = 0; i < 3; i++) {
        NetResponse *response =
            net_fetch(net, &(NetRequest){ .url = peer_url(arena, peer, "/feed"),
                                          .headers = validators,
                                          .header_count = COUNT_OF(validators) });
        assert_outcome(response, NET_ANSWERED);
        assert_int_equal(response->status, 304);
        assert_int_equal(response->body.len, 0);
        assert_true(response->is_reused);
        net_response_free(response);
    }
    assert_int_equal(peer_connections(peer), 1);
    assert_int_equal(peer_requests(peer), 4);
    net_free(net);
    peer_free(peer);
}

static void head_and_post_are_sent_as_they_are(void **state) {
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer_well, NULL);
    Net *net = gate_new(arena, GATE_OPEN, NULL, NULL);
    NetHeader headers[] = { { S_INIT("Authorization"), S_INIT("Bearer abc") },
                            { S_INIT("X-Empty"), S_INIT("") } };

    NetResponse *response = net_fetch(net, &(NetRequest){ .method = NET_POST,
                                                          .url = peer_url(arena, peer, "/echo"),
                                                          .body = S("ab\0c"),
                                                          .headers = headers,
                                                          .header_count = 2 });
    assert_outcome(response, NET_ANSWERED);
    assert_str(response->body, S("ab\0c"));
    Str head = peer_last_head(peer, arena);
    assert_true(str_starts(head, S("POST /echo HTTP/1.1\r\n")));
    assert_true(str_contains(head, S("\r\nAuthorization: Bearer abc\r\n")));
    assert_true(str_contains(head, S("\r\nX-Empty:\r\n")));
    assert_true(str_contains(head, S("\r\nContent-Length: 4\r\n")));
    assert_false(str_contains(head, S("Content-Type")));
    assert_false(str_contains(head, S("Expect")));
    net_response_free(response);

    response =
        net_fetch(net, &(NetRequest){ .method = NET_HEAD, .url = peer_url(arena, peer, "/other") });
    assert_outcome(response, NET_ANSWERED);
    assert_int_equal(response->status, 404);
    assert_int_equal(response->body.len, 0);
    assert_true(str_starts(peer_last_head(peer, arena), S("HEAD /other HTTP/1.1\r\n")));
    net_response_free(response);
    response =
        net_fetch(net, &(NetRequest){ .method = NET_HEAD, .url = peer_url(arena, peer, "/video") });
    assert_outcome(response, NET_ANSWERED); /* how long it would be is no harm */
    assert_str(net_header(response, S("content-length")), S("99999999999"));
    net_response_free(response);
    net_free(net);
    peer_free(peer);
}

static void headers_that_are_the_gates_own_or_hold_a_line_break_are_not_sent(void **state) {
    static const NetHeader bad[] = {
        { S_INIT("Host"), S_INIT("a") },
        { S_INIT("user-agent"), S_INIT("a") },
        { S_INIT("Referer"), S_INIT("a") },
        { S_INIT("Transfer-Encoding"), S_INIT("chunked") },
        { S_INIT("X: y"), S_INIT("a") },
        { S_INIT(""), S_INIT("a") },
        { S_INIT("X"), S_INIT("a\r\nY: b") },
        { S_INIT("X"), S_INIT("a\nY: b") },
        { S_INIT("X\0"), S_INIT("a") },
        { S_INIT("X"), S_INIT("a\0b") },
        { S_INIT("Content-Length"), S_INIT("3") },
    };
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer_well, NULL);
    Net *net = gate_new(arena, GATE_OPEN, NULL, NULL);

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        NetResponse *response = net_fetch(net, &(NetRequest){ .url = peer_url(arena, peer, "/feed"),
                                                              .headers = &bad[i],
                                                              .header_count = 1 });
        assert_outcome(response, NET_REFUSED_URL);
        assert_string_equal(response->err.field, "headers");
        net_response_free(response);
    }
    assert_int_equal(peer_requests(peer), 0);
    net_free(net);
    peer_free(peer);
}

static void heads_are_read_as_they_are_meant(void **state) {
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer_well, NULL);
    Net *net = gate_new(arena, GATE_OPEN, NULL, NULL);

    NetResponse *response = gate_get(net, peer_url(arena, peer, "/later"));
    assert_outcome(response, NET_ANSWERED);
    assert_int_equal(response->status, 503);
    assert_int_equal(response->retry_after_ms, 120000);
    net_response_free(response);
    response = gate_get(net, peer_url(arena, peer, "/later-date"));
    assert_int_equal(response->status, 429);
    assert_int_equal(response->retry_after_ms, 60000);
    net_response_free(response);
    response = gate_get(net, peer_url(arena, peer, "/folded")); /* a folded line is no header */
    assert_outcome(response, NET_ANSWERED);
    assert_int_equal(response->status, 302);
    assert_int_equal(response->header_count, 2);
    net_response_free(response);
    response = gate_get(net, peer_url(arena, peer, "/hints")); /* 103 is not the answer */
    assert_int_equal(response->status, 200);
    assert_int_equal(response->header_count, 1);
    net_response_free(response);
    net_free(net);
    peer_free(peer);
}

enum { OURS_BYTES = 32 << 20 }; /* no socket's buffer holds so much */

/* "/slow" reads a body in 1.3 s at least, "/never" reads none. */
static bool read_slowly(PeerTurn *turn) {
    enum { PIECE = 256 << 10 };
    Arena *arena = arena_new(0);
    char *piece = arena_alloc(arena, PIECE);
    int64_t left = OURS_BYTES;

    while (is_path(turn, "/slow") && left > 0 && peer_pause(turn, 10)) {
        ssize_t got = recv(turn->socket, piece, PIECE, 0);
        if (got <= 0)
            break;
        left -= got;
    }
    arena_free(arena);
    return left > 0 ? peer_pause(turn, 60000) : peer_answer(turn, 200, "", S("read"));
}

static void a_long_body_of_ours_may_take_longer_than_a_head_of_theirs(void **state) {
    Arena *arena = *state;
    Peer *peer = peer_new(1, read_slowly, NULL);
    Net *net = gate_new(arena, GATE_OPEN, NULL, NULL);
    NetRequest request = { .method = NET_POST,
                           .url = peer_url(arena, peer, "/slow"),
                           .body = { arena_alloc(arena, OURS_BYTES), OURS_BYTES },
                           .limits = { .head_ms = 1000, .rate_window_ms = 500 } };

    NetResponse *response = net_fetch(net, &request);
    assert_outcome(response, NET_ANSWERED);
    assert_str(response->body, S("read"));
    net_response_free(response);
    request.url = peer_url(arena, peer, "/never");
    response = net_fetch(net, &request);
    assert_outcome(response, NET_TOO_SLOW);
    net_response_free(response);
    net_free(net);
    peer_free(peer);
}

/* ---- redirects ---- */

static void redirects_are_followed_and_told(void **state) {
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer_well, NULL);
    Net *net = gate_new(arena, GATE_OPEN, NULL, NULL);

    NetResponse *response = gate_get(net, peer_url(arena, peer, "/to?301,/to?308,/to?302,/feed"));
    assert_outcome(response, NET_ANSWERED);
    assert_str(response->body, S("<rss/>"));
    assert_str(response->url, peer_url(arena, peer, "/feed"));
    assert_int_equal(response->hop_count, 3);
    assert_int_equal(response->hops[0].status, 301);
    assert_int_equal(response->hops[1].status, 308);
    assert_str(response->hops[1].url, peer_url(arena, peer, "/to?302,/feed"));
    assert_str(response->moved_url, peer_url(arena, peer, "/to?302,/feed"));
    net_response_free(response);

    response = gate_get(net, peer_url(arena, peer, "/to?302,/to?301,/feed"));
    assert_outcome(response, NET_ANSWERED);
    assert_int_equal(response->hop_count, 2);
    assert_int_equal(response->moved_url.len,
                     0); /* what is behind a passing one is not to be kept */
    net_response_free(response);

    response = net_fetch(net, &(NetRequest){ .url = peer_url(arena, peer, "/to?301,/feed"),
                                             .follow = NET_FOLLOW_NEVER });
    assert_outcome(response, NET_ANSWERED);
    assert_int_equal(response->status, 301);
    assert_str(response->body, S("moved"));
    assert_str(net_header(response, S("location")), S("/feed"));
    net_response_free(response);
    response = net_fetch(net, &(NetRequest){ .url = peer_url(arena, peer, "/to?302,/dead"),
                                             .limits = { .head_ms = 300 } });
    assert_outcome(response, NET_TIMED_OUT);
    assert_str(response->url, peer_url(arena, peer, "/dead"));
    assert_int_equal(response->status, 0); /* nothing is left of the hop before */
    assert_int_equal(response->header_count, 0);
    net_response_free(response);
    response = net_fetch(
        net, &(NetRequest){ .method = NET_POST, .url = peer_url(arena, peer, "/to?307,/feed") });
    assert_int_equal(response->status, 307);
    net_response_free(response);
    net_free(net);
    peer_free(peer);
}

static void redirects_in_a_circle_or_beyond_three_end(void **state) {
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer_well, NULL);
    Net *net = gate_new(arena, GATE_OPEN, NULL, NULL);
    Str far = S("/to?302,/to?302,/to?302,/to?302,/feed");

    NetResponse *response = gate_get(net, peer_url(arena, peer, str_to_c(arena, far)));
    assert_outcome(response, NET_REDIRECT_LOOP);
    assert_int_equal(response->hop_count, 3);
    assert_int_equal(response->body.len, 0);
    net_response_free(response);
    assert_int_equal(peer_requests(peer), 4);

    response = gate_get(net, peer_url(arena, peer, "/to?302,"));
    assert_outcome(response, NET_ANSWERED); /* it says nowhere */
    assert_int_equal(response->status, 302);
    net_response_free(response);
    response = gate_get(net, peer_url(arena, peer, "/to?302,?302,"));
    assert_int_equal(response->hop_count, 1);
    net_response_free(response);
    response = gate_get(net, peer_url(arena, peer, "/self"));
    assert_outcome(response, NET_REDIRECT_LOOP);
    assert_int_equal(response->hop_count, 0);
    net_response_free(response);
    response = gate_get(net, peer_url(arena, peer, "/ping"));
    assert_outcome(response, NET_REDIRECT_LOOP);
    assert_int_equal(response->hop_count, 1);
    net_response_free(response);
    response = net_fetch(net, &(NetRequest){ .url = peer_url(arena, peer, "/to?302,/feed"),
                                             .limits = { .redirects = -1 } });
    assert_outcome(response, NET_REDIRECT_LOOP);
    net_response_free(response);
    net_free(net);
    peer_free(peer);
}

static void credentials_do_not_follow_to_another_origin(void **state) {
    Arena *arena = *state;
    Peer *here = peer_new(1, answer_well, NULL), *there = peer_new(1, answer_well, NULL);
    Net *net = gate_new(arena, GATE_OPEN, NULL, NULL);
    NetHeader headers[] = { { S_INIT("Authorization"), S_INIT("Bearer abc") },
                            { S_INIT("Signature"), S_INIT("sig1=:abc:") },
                            { S_INIT("If-None-Match"), S_INIT("\"v0\"") },
                            { S_INIT("X-Api-Key"), S_INIT("abc") } };
    Str away = str_format(arena, "/to?302,%.*s", STR_ARG(peer_url(arena, there, "/feed")));
    NetRequest request = { .url = peer_url(arena, here, str_to_c(arena, away)),
                           .headers = headers,
                           .header_count = COUNT_OF(headers) };

    NetResponse *response = net_fetch(net, &request);
    assert_outcome(response, NET_ANSWERED);
    net_response_free(response);
    Str first = peer_last_head(here, arena), second = peer_last_head(there, arena);
    assert_true(str_contains(first, S("Authorization: Bearer abc")));
    assert_true(str_contains(second, S("If-None-Match: \"v0\"")));
    assert_false(str_contains(second, S("abc")));

    request.url = peer_url(arena, here, "/to?302,/feed");
    net_response_free(net_fetch(net, &request));
    assert_true(str_contains(peer_last_head(here, arena), S("Authorization: Bearer abc")));
    net_free(net);
    peer_free(here);
    peer_free(there);
}

/* ---- answers that do harm ---- */

static void each_bad_answer_has_its_outcome_and_a_sentence(void **state) {
    static const struct {
        const char *path;
        NetOutcome outcome;
        NetLimits limits;
    } cases[] = {
        { "/drip-head", NET_TIMED_OUT, { .head_ms = 300 } },
        { "/drip-body", NET_TOO_SLOW, { .rate_bytes = 1000, .rate_window_ms = 300 } },
        { "/drip-body", NET_TIMED_OUT, { .total_ms = 300 } },
        { "/silent", NET_TIMED_OUT, { .head_ms = 300 } },
        { "/endless", NET_TOO_LARGE, { .body_bytes = 100000 } },
        { "/endless", NET_TOO_LARGE, { .wire_bytes = 100000 } },
        { "/endless-chunks", NET_TOO_LARGE, { .body_bytes = 100000 } },
        { "/endless-chunks", NET_TOO_LARGE, { .wire_bytes = 100000 } },
        { "/endless-head", NET_TOO_LARGE, { 0 } },
        { "/endless-100", NET_TOO_LARGE, { 0 } },
        { "/large", NET_TOO_LARGE, { 0 } },
        { "/bomb", NET_BOMB, { 0 } },
        { "/cut", NET_CUT_OFF, { 0 } },
        { "/reset", NET_BROKEN, { 0 } },
        { "/empty", NET_BROKEN, { 0 } },
        { "/garbage", NET_PROTOCOL, { 0 } },
        { "/switch", NET_TIMED_OUT, { .head_ms = 300 } },
        { "/two-lengths", NET_CUT_OFF, { 0 } },
        { "/twice-coded", NET_PROTOCOL, { 0 } },
        { "/odd-coding", NET_PROTOCOL, { 0 } },
        { "/no-gzip", NET_PROTOCOL, { 0 } },
    };
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer_badly, NULL);
    Net *net = gate_new(arena, GATE_OPEN, NULL, NULL);

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        NetResponse *response =
            net_fetch(net, &(NetRequest){ .url = peer_url(arena, peer, cases[i].path),
                                          .limits = cases[i].limits });
        if (response->outcome != cases[i].outcome)
            print_message("%s: ", cases[i].path);
        assert_outcome(response, cases[i].outcome);
        assert_non_null(response->err.msgid);
        assert_str(response->err.args[0], S("127.0.0.1"));
        assert_int_equal(response->body.len, 0);
        assert_true(response->wire_bytes < 300000);
        net_response_free(response);
    }
    net_free(net);
    peer_free(peer);
}

static void a_body_cut_in_a_chunk_is_no_answer(void **state) {
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer_badly, NULL);
    Net *net = gate_new(arena, GATE_OPEN, NULL, NULL);

    NetResponse *response = gate_get(net, peer_url(arena, peer, "/cut-chunk"));
    assert_true(response->outcome == NET_CUT_OFF || response->outcome == NET_BROKEN);
    net_response_free(response);
    response = gate_get(net, peer_url(arena, peer, "/more")); /* what is too much is not read */
    assert_outcome(response, NET_ANSWERED);
    assert_str(response->body, S("abc"));
    net_response_free(response);
    response = gate_get(net, peer_url(arena, peer, "/small-gzip"));
    assert_outcome(response, NET_ANSWERED); /* 4,000 zeros in few bytes are no bomb */
    assert_int_equal(response->body.len, 4000);
    assert_true(response->wire_bytes < 100);
    net_response_free(response);
    net_free(net);
    peer_free(peer);
}

static void the_beginning_of_a_long_body_can_be_enough(void **state) {
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer_badly, NULL);
    Net *net = gate_new(arena, GATE_OPEN, NULL, NULL);

    NetResponse *response = net_fetch(net, &(NetRequest){ .url = peer_url(arena, peer, "/endless"),
                                                          .limits = { .body_bytes = 5000 },
                                                          .may_cut = true });
    assert_outcome(response, NET_ANSWERED);
    assert_true(response->is_cut);
    assert_int_equal(response->body.len, 5000);
    net_response_free(response);
    net_free(net);
    peer_free(peer);
}

static void a_server_that_never_accepts_costs_the_time_for_connecting(void **state) {
    Arena *arena = *state;
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM, 0), fillers[4];
    Net *net = gate_new(arena, GATE_OPEN, NULL, NULL);

    assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &len), 0);
    Str url = str_format(arena, "http://127.0.0.1:%d/", ntohs(at.sin_port));
    NetResponse *response = gate_get(net, url); /* nobody listens yet */
    assert_outcome(response, NET_CONNECT_FAILED);
    net_response_free(response);

    assert_int_equal(listen(listener, 0), 0);
    for (size_t i = 0; i < COUNT_OF(fillers); i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)connect(fillers[i], (struct sockaddr *)&at, sizeof at);
    }
    response = net_fetch(net, &(NetRequest){ .url = url, .limits = { .connect_ms = 300 } });
    assert_outcome(response, NET_TIMED_OUT);
    net_response_free(response);
    for (size_t i = 0; i < COUNT_OF(fillers); i++)
        close(fillers[i]);
    close(listener);
    net_free(net);
}

static void outcomes_have_words_and_sentences(void **state) {
    (void)state;
    for (int i = 0; i < NET_OUTCOMES; i++) {
        assert_non_null(net_outcome_word((NetOutcome)i));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(net_outcome_word((NetOutcome)i),
                                    net_outcome_word((NetOutcome)j));
    }
    assert_false(net_outcome_is_passing(NET_ANSWERED));
    assert_false(net_outcome_is_passing(NET_REFUSED_ADDRESS));
    assert_true(net_outcome_is_passing(NET_TIMED_OUT));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(an_answer_comes_with_its_headers_and_body),
        WITH_ARENA(an_unchanged_feed_costs_a_304_on_the_same_connection),
        WITH_ARENA(head_and_post_are_sent_as_they_are),
        WITH_ARENA(headers_that_are_the_gates_own_or_hold_a_line_break_are_not_sent),
        WITH_ARENA(heads_are_read_as_they_are_meant),
        WITH_ARENA(a_long_body_of_ours_may_take_longer_than_a_head_of_theirs),
        WITH_ARENA(redirects_are_followed_and_told),
        WITH_ARENA(redirects_in_a_circle_or_beyond_three_end),
        WITH_ARENA(credentials_do_not_follow_to_another_origin),
        WITH_ARENA(each_bad_answer_has_its_outcome_and_a_sentence),
        WITH_ARENA(a_body_cut_in_a_chunk_is_no_answer),
        WITH_ARENA(the_beginning_of_a_long_body_can_be_enough),
        WITH_ARENA(a_server_that_never_accepts_costs_the_time_for_connecting),
        cmocka_unit_test(outcomes_have_words_and_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
