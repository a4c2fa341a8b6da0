/* intake_poll_test.c - feeds fetched from scripted servers on loopback: what comes in, and whom a hostile one harms. */
#include "features/intake/intake_test_world.h"
#include "net/test_peer.h"

static const char GZIPPED[] =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x3d\x8e\x41\x0e\xc2\x30\x0c\x04\xbf\xd2"
    "\x5b\x4e\xd4\xc0\x11\xb9\x7e\x01\x07\xbe\x10\x51\xd3\x5a\x24\x21\x8a\x0d\xaa\xfa"
    "\xfa\xa6\xad\xe8\x6d\xa5\x9d\xd5\x2c\x16\xd5\xe6\xc7\x45\xe5\x93\x3a\x77\x6d\xcf"
    "\x8e\xf0\x39\xfa\x94\x38\x10\x9a\x58\x60\x1a\x66\x84\x3d\xa1\x18\x47\xc2\xe1\x2b"
    "\x7d\x23\xfa\xe0\x12\xfd\x5d\xd2\xbb\x73\x2f\x1f\x94\x5d\x25\x4f\x17\x84\xb5\xfe"
    "\x6f\x67\xc9\x99\xfb\x63\x1f\x2a\x4d\xa3\x59\xd6\x1b\xc0\xd4\xf2\xe4\x63\x0e\x0c"
    "\xab\x61\xab\x10\x76\x03\x1c\x17\xa0\xfe\xa3\x05\x6f\xcd\x2c\xfe\xa5\x00\x00\x00";
static const char GBK[] = "<?xml version='1.0' encoding='utf-8'?><rss "
                          "version='2.0'><channel><title>\xba\xd3\xb1\xdf</title><item><guid "
                          "isPermaLink='false'>gbk</"
                          "guid><title>\xba\xd3\xb1\xdf\xb5\xc4\xc2\xb7\xd0\xde\xba\xc3\xc1\xcb</"
                          "title><link>https://x.example/gbk</link></item></channel></rss>";

#define FEED(guid, title)                                                                          \
    "<rss version='2.0'><channel><title>f</title><item><guid isPermaLink='false'>" guid            \
    "</guid><title>" title "</title><link>https://x.example/" guid                                 \
    "</link></item></channel></rss>"

/* More than FEED_BYTES, as fast as it is taken; ends when the other side has had enough. */
static bool pour(PeerTurn *turn) {
    char block[8192];

    memset(block, 'x', sizeof block);
    if (!peer_send(turn, S("HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n")))
        return false;
    for (int i = 0; i < 10000; i++)
        if (!peer_send(turn, (Str){ block, sizeof block }))
            break;
    return false;
}

static bool script(PeerTurn *turn) {
    Str path = turn->path;

    if (str_eq(path, S("/ok"))) {
        if (str_contains(turn->head, S("If-None-Match: \"v1\"")) &&
            str_contains(turn->head, S("If-Modified-Since: Mon, 23 Nov 2026 06:00:00 GMT")))
            return peer_answer(turn, 304, "ETag: \"v1\"\r\n", STR_EMPTY);
        return peer_answer(turn, 200,
                           "ETag: \"v1\"\r\nLast-Modified: Mon, 23 Nov 2026 06:00:00 GMT\r\n"
                           "Content-Type: application/rss+xml\r\n",
                           S(FEED("ok", "fine")));
    }
    if (str_eq(path, S("/moved")))
        return peer_answer(turn, 301, "Location: /moved2\r\n", STR_EMPTY);
    if (str_eq(path, S("/moved2")))
        return peer_answer(turn, 308, "Location: /there\r\n", STR_EMPTY);
    if (str_eq(path, S("/there")))
        return peer_answer(turn, 200, "", S(FEED("there", "moved")));
    if (str_eq(path, S("/round")))
        return peer_answer(turn, 302, "Location: /round\r\n", STR_EMPTY);
    if (str_eq(path, S("/gone")))
        return peer_answer(turn, 410, "", S("gone"));
    if (str_eq(path, S("/error")))
        return peer_answer(turn, 500, "", S("oops"));
    if (str_eq(path, S("/later")))
        return peer_answer(turn, 503, "Retry-After: 7200\r\n", STR_EMPTY);
    if (str_eq(path, S("/gzip")))
        return peer_answer(turn, 200, "Content-Encoding: gzip\r\n",
                           (Str){ GZIPPED, sizeof GZIPPED - 1 });
    if (str_eq(path, S("/lying-gzip")))
        return peer_answer(turn, 200, "Content-Encoding: gzip\r\n", S(FEED("lying", "no gzip")));
    if (str_eq(path, S("/gbk")))
        return peer_answer(turn, 200, "Content-Type: text/xml; charset=utf-8\r\n",
                           (Str){ GBK, sizeof GBK - 1 });
    if (str_eq(path, S("/page")))
        return peer_answer(turn, 200, "Content-Type: text/html\r\n",
                           S("<html><body>hello</body></html>"));
    if (str_eq(path, S("/endless")))
        return pour(turn);
    if (str_eq(path, S("/reset"))) {
        peer_reset(turn);
        return false;
    }
    if (str_eq(path, S("/inside"))) /* a redirect to the operator's own machines */
        return peer_answer(turn, 302, "Location: http://10.0.0.1/\r\n", STR_EMPTY);
    return peer_answer(turn, 404, "", S("no"));
}

typedef struct Case {
    const char *path, *outcome;
    int status;
    int items;
} Case;

static const Case cases[] = {
    { "/ok", "taken", 200, 1 },          { "/moved", "taken", 200, 1 },
    { "/gzip", "taken", 200, 1 },        { "/gbk", "taken", 200, 1 },
    { "/gone", "status", 410, 0 },       { "/error", "status", 500, 0 },
    { "/missing", "status", 404, 0 },    { "/later", "status", 503, 0 },
    { "/page", "not-a-feed", 200, 0 },   { "/round", "redirect-loop", 0, 0 },
    { "/endless", "too-large", 0, 0 },   { "/reset", "broken", 0, 0 },
    { "/lying-gzip", "protocol", 0, 0 }, { "/inside", "refused-redirect", 0, 0 },
};

typedef struct Fetching {
    Newsroom n;
    Peer *peer;
    Net *net;
    int64_t ids[COUNT_OF(cases)];
} Fetching;

static int64_t run_due(Ctx *ctx) {
    int64_t done;

    OK_(queue_run_due(ctx, 1u << LANE_DELIVER, &done));
    return done;
}

static Fetching begin(void) {
    Fetching f = { .n = intake_start(), .peer = peer_new(1, script, NULL) };

    f.net = gate_new(f.n.ctx->arena, GATE_OPEN, NULL, NULL);
    intake_use(f.net);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        IntakeFeed feed;
        OK_(intake_feed_add(f.n.ctx, peer_url(f.n.ctx->arena, f.peer, cases[i].path), &feed));
        f.ids[i] = feed.id;
    }
    return f;
}

static void end(Fetching *f) {
    intake_use(NULL);
    net_free(f->net);
    peer_free(f->peer);
    newsroom_free(&f->n);
}

static IntakeState state_of(Fetching *f, size_t i) {
    IntakeFetches fetches;
    IntakeState state;

    OK_(intake_feed_state(f->n.ctx, f->ids[i], &state, &fetches));
    return state;
}

static void each_feed_has_its_own_end_and_none_harms_another(void **state) {
    Fetching f = begin();
    int64_t items = 0;

    (void)state;
    assert_int_equal(run_due(f.n.ctx), COUNT_OF(cases));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        IntakeState s = state_of(&f, i);
        if (!str_eq(s.outcome, str_from_c(cases[i].outcome)) ||
            (cases[i].status && s.status != cases[i].status))
            fail_msg("%s: %.*s %d", cases[i].path, STR_ARG(s.outcome), (int)s.status);
        assert_int_equal(s.failures, cases[i].items ? 0 : 1);
        items += cases[i].items;
    }
    assert_int_equal(world_count(&f.n.w, "deposit"), items);
    assert_true(peer_open_most(f.peer) <=
                2); /* one request at a time; the last may still be closing */
    assert_int_equal(state_of(&f, 7).next_ms, f.n.ctx->now_ms + 7200000);
    assert_true(str_ends(state_of(&f, 1).moved_url, S("/there")));
    assert_int_equal(run_due(f.n.ctx), 0); /* nothing is due at once again */
    end(&f);
}

static void what_was_read_in_a_wrong_charset_is_chinese(void **state) {
    Fetching f = begin();
    DepositList list;
    bool is_found = false;
    int64_t next;

    (void)state;
    (void)run_due(f.n.ctx);
    OK_(intake_cards(f.n.ctx, 0, 0, 20, &list, &next));
    for (size_t i = 0; i < list.len; i++)
        is_found = is_found || str_eq(list.items[i].title, S("河边的路修好了"));
    assert_true(is_found);
    end(&f);
}

static void a_second_round_asks_whether_it_changed(void **state) {
    Fetching f = begin();

    (void)state;
    (void)run_due(f.n.ctx);
    world_advance(&f.n.w, 2 * (int64_t)FEED_INTERVAL_MAX_MS);
    assert_int_equal(run_due(f.n.ctx), COUNT_OF(cases) - 1); /* the one that is gone is not asked */
    IntakeState s = state_of(&f, 0);
    assert_true(str_eq(s.outcome, S("unchanged")) && s.status == 304 && s.failures == 0);
    assert_int_equal(state_of(&f, 5).failures, 2);
    assert_int_equal(world_count(&f.n.w, "deposit"), 4);
    end(&f);
}

static void without_a_gate_the_jobs_wait(void **state) {
    Fetching f = begin();

    (void)state;
    intake_use(NULL);
    (void)run_due(f.n.ctx);
    assert_int_equal(peer_requests(f.peer), 0);
    assert_int_equal(world_count(&f.n.w, "job"), COUNT_OF(cases));
    end(&f);
}

/* /slow answers when /quick has been asked. */
static bool answer_after_another(PeerTurn *turn) {
    bool is_slow = str_eq(turn->path, S("/slow"));

    while (is_slow && peer_requests(*(Peer **)turn->user) < 1)
        if (!peer_pause(turn, 10))
            return false;
    return peer_answer(turn, 200, "",
                       is_slow ? S(FEED("slow", "slow")) : S(FEED("quick", "quick")));
}

static void who_answers_slowly_is_left_under_way_for_others_and_taken_in_then(void **state) {
    Newsroom n = intake_start();
    Peer *quick = peer_new(1, answer_after_another, NULL),
         *slow = peer_new(2, answer_after_another, &quick);
    Net *net = gate_new(n.ctx->arena, "net.allow = 127.0.0.0/8\n", NULL, NULL);
    IntakeFeed first, second, now;
    IntakeFetches fetches;
    IntakeState seen;

    (void)state;
    intake_use(net);
    OK_(intake_feed_add(n.ctx, peer_url(n.ctx->arena, slow, "/slow"), &first));
    OK_(intake_feed_add(n.ctx, peer_url(n.ctx->arena, quick, "/quick"), &second));
    /* As if its program had ended once: it comes alone, in a batch after the other. */
    OK_(db_exec(n.ctx,
                "UPDATE job SET attempts = 1, due_ms = due_ms + 1 WHERE id = (SELECT"
                " MAX(id) FROM job)",
                NO_ARGS));
    world_advance(&n.w, 10);
    assert_int_equal(run_due(n.ctx), 2);
    OK_(intake_feed_get(n.ctx, first.id, &now));
    assert_int_equal(now.run, 3); /* planned when it was left, and when it had answered */
    OK_(intake_feed_state(n.ctx, first.id, &seen, &fetches));
    assert_true(str_eq(seen.outcome, S("taken")) && fetches.len == 1);
    assert_int_equal(world_count(&n.w, "deposit"), 2);
    world_advance(&n.w, FEED_INTERVAL_MIN_MS);
    assert_int_equal(run_due(n.ctx),
                     1); /* the job that was to come for it, if the program had ended */
    assert_int_equal(peer_requests(slow), 1);
    intake_use(NULL);
    net_free(net);
    peer_free(slow);
    peer_free(quick);
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_feed_has_its_own_end_and_none_harms_another),
        cmocka_unit_test(what_was_read_in_a_wrong_charset_is_chinese),
        cmocka_unit_test(a_second_round_asks_whether_it_changed),
        cmocka_unit_test(without_a_gate_the_jobs_wait),
        cmocka_unit_test(who_answers_slowly_is_left_under_way_for_others_and_taken_in_then),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
