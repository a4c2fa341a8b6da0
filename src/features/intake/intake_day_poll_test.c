/* intake_day_poll_test.c - a day of 54 feeds of all kinds, on a clock of its own: how often anybody is asked. */
#include <pthread.h>
#include <stdatomic.h>

#include "features/intake/intake_test_world.h"
#include "net/test_peer.h"

/* Three host names on each address, two of them on one port. */
enum { FEEDS = 54, NAMES = 3, ADDRESSES = FEEDS / NAMES, PORTS = 2, STEP_MS = 60000, HOURS = 25 };

static const int64_t MINUTE = 60000, HOUR = 3600000, DAY = 86400000;

typedef struct Asked {
    int count, hops; /* hops: also those that redirects led to */
    int64_t first_ms, last_ms, closest_ms, farthest_ms;
} Asked;

typedef struct Day {
    Newsroom n;
    Arena *arena;
    Net *net;
    Peer *peers[ADDRESSES][PORTS];
    _Atomic(int64_t) now_ms;
    _Atomic(int) inside[ADDRESSES], crowded;
    pthread_mutex_t lock; /* of asked */
    Asked asked[FEEDS];
} Day;

/* ---- what the sites do ---- */

static bool give(PeerTurn *turn, const char *headers, int64_t number, const char *date) {
    Arena *arena = arena_new(0);
    long long id = number;
    Str body = str_format(
        arena,
        "<rss version='2.0'><channel><title>f</title><item><guid isPermaLink='false'>%lld</guid>"
        "<title>t%lld</title><link>https://x.example/%lld</link>%s</item></channel></rss>",
        id, id, id, date);
    bool is_sent = peer_answer(turn, 200, headers, body);

    arena_free(arena);
    return is_sent;
}

static bool give_news(PeerTurn *turn, int64_t now_ms, int feed) {
    return give(turn, "", now_ms * FEEDS + feed, "");
}

static bool give_cached_news(PeerTurn *turn, int64_t now_ms, int feed) {
    return give(turn, "Cache-Control: max-age=7200\r\n", now_ms * FEEDS + feed, "");
}

static bool give_dated_news(PeerTurn *turn, int64_t now_ms, int feed) {
    char date[CLOCK_TEXT_MAX];
    Arena *arena = arena_new(0);

    clock_http_date(now_ms, date);
    Str tag = str_format(arena, "<pubDate>%s</pubDate>", date);
    bool is_sent = give(turn, "", now_ms * FEEDS + feed, str_to_c(arena, tag));
    arena_free(arena);
    return is_sent;
}

static bool give_same(PeerTurn *turn, int64_t now_ms, int feed) {
    (void)now_ms;
    return give(turn, "", feed, "");
}

static bool give_unchanged(PeerTurn *turn, int64_t now_ms, int feed) {
    (void)now_ms;
    if (str_contains(turn->head, S("If-None-Match: \"v1\"")))
        return peer_answer(turn, 304, "ETag: \"v1\"\r\n", STR_EMPTY);
    return give(turn, "ETag: \"v1\"\r\n", feed, "");
}

static bool give_later_date(PeerTurn *turn, int64_t now_ms, int feed) {
    char date[CLOCK_TEXT_MAX];
    Arena *arena = arena_new(0);

    (void)feed;
    clock_http_date(now_ms + 3 * HOUR, date);
    Str header = str_format(arena, "Retry-After: %s\r\n", date);
    bool is_sent = peer_answer(turn, 503, str_to_c(arena, header), STR_EMPTY);
    arena_free(arena);
    return is_sent;
}

static bool close_at_once(PeerTurn *turn, int64_t now_ms, int feed) {
    (void)turn;
    (void)now_ms;
    (void)feed;
    return false;
}

static bool never_answer(PeerTurn *turn, int64_t now_ms, int feed) {
    (void)now_ms;
    (void)feed;
    return peer_pause(turn, 60000);
}

typedef struct Kind {
    const char *what;
    bool (*answer)(PeerTurn *turn, int64_t now_ms, int feed); /* NULL: the next three */
    int status;
    const char *headers, *body;
    int64_t closest_minutes;
    int least, most; /* fetches in a day */
} Kind;

/* A failure doubles the pause, less up to half by chance: after 5, 5, 10, ... 640 minutes a day is over. */
enum { FAILED_LEAST = 6, FAILED_MOST = 10 };

static const Kind kinds[] = {
    { "always news", give_news, 0, NULL, NULL, 5, 200, 288 },
    { "304", give_unchanged, 0, NULL, NULL, 27, 3, 10 },
    { "the same bytes", give_same, 0, NULL, NULL, 27, 3, 10 },
    { "404", NULL, 404, "", "", 5, FAILED_LEAST, FAILED_MOST },
    { "410", NULL, 410, "", "", 0, 1, 1 },
    { "500", NULL, 500, "", "", 5, FAILED_LEAST, FAILED_MOST },
    { "503, two hours", NULL, 503, "Retry-After: 7200\r\n", "", 120, 5, 12 },
    { "503, a date", give_later_date, 0, NULL, NULL, 179, 4, 8 },
    { "503, absurd", NULL, 503, "Retry-After: 99999999999999999999\r\n", "", 24 * 60, 1, 1 },
    { "429, ten minutes", NULL, 429, "Retry-After: 600\r\n", "", 10, FAILED_LEAST, FAILED_MOST },
    { "redirect loop", NULL, 302, "Location: /again\r\n", "", 5, FAILED_LEAST, FAILED_MOST },
    { "closes at once", close_at_once, 0, NULL, NULL, 5, FAILED_LEAST, FAILED_MOST },
    { "a page for people", NULL, 200, "", "<html>hello</html>", 5, FAILED_LEAST, FAILED_MOST },
    { "never answers", never_answer, 0, NULL, NULL, 5, FAILED_LEAST, FAILED_MOST },
    { "news to be kept two hours", give_cached_news, 0, NULL, NULL, 120, 10, 12 },
    { "news of this minute", give_dated_news, 0, NULL, NULL, 5, 200, 288 },
    { "no gzip", NULL, 200, "Content-Encoding: gzip\r\n", "x", 5, FAILED_LEAST, FAILED_MOST },
    { "Retry-After of the past", NULL, 503, "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\n", "", 5,
      FAILED_LEAST, FAILED_MOST },
};

/* ---- who was asked, and when ---- */

static void note(Day *day, int feed, bool is_fetch, int64_t now_ms) {
    Asked *asked = &day->asked[feed];

    pthread_mutex_lock(&day->lock);
    asked->hops++;
    if (is_fetch) {
        int64_t gap = now_ms - asked->last_ms;
        if (asked->count == 0)
            asked->first_ms = now_ms;
        else if (gap < asked->closest_ms || asked->count == 1)
            asked->closest_ms = gap;
        if (asked->count > 0 && gap > asked->farthest_ms)
            asked->farthest_ms = gap;
        asked->last_ms = now_ms;
        asked->count++;
    }
    pthread_mutex_unlock(&day->lock);
}

/* Host: f12.example:40000 */
static int feed_of(Str head) {
    size_t at = str_find(head, S("\r\nHost: f"), 0) + 9;
    int64_t feed = 0;

    if (!str_parse_int(str_slice(head, at, str_find_char(head, '.', at)), &feed) || feed >= FEEDS)
        fail_msg("no name of ours");
    return (int)feed;
}

static int address_of(int feed) {
    return feed / NAMES;
}

/* One at a time; who was given up a moment ago may not have noticed yet. */
static void come_in(Day *day, int address, PeerTurn *turn) {
    int inside = atomic_fetch_add(&day->inside[address], 1) + 1;

    for (int i = 0; i < 200 && inside > 1; i++) {
        (void)peer_pause(turn, 10);
        inside = atomic_load(&day->inside[address]);
    }
    if (inside > 1)
        atomic_fetch_add(&day->crowded, 1);
}

static bool serve(PeerTurn *turn) {
    Day *day = turn->user;
    int feed = feed_of(turn->head), address = address_of(feed);
    const Kind *kind = &kinds[(size_t)feed % COUNT_OF(kinds)];
    int64_t now_ms = atomic_load(&day->now_ms);

    come_in(day, address, turn);
    note(day, feed, str_eq(turn->path, S("/feed")), now_ms);
    bool is_on = kind->answer
                     ? kind->answer(turn, now_ms, feed)
                     : peer_answer(turn, kind->status, kind->headers, str_from_c(kind->body));
    atomic_fetch_sub(&day->inside[address], 1);
    return is_on;
}

/* ---- the day ---- */

static NetLookup lookup(void *user, const char *host, NetAddresses *ret) {
    Arena *arena = arena_new(0);
    Str digits = str_from_c(host + 1);
    int64_t feed = 0;

    (void)user;
    (void)str_parse_int(str_slice(digits, 0, str_find_char(digits, '.', 0)), &feed);
    Str text = str_format(arena, "127.0.0.%d", address_of((int)feed) + 1);
    ret->len = (size_t)net_address_parse(text, &ret->items[0]);
    arena_free(arena);
    return NET_LOOKUP_FOUND;
}

static void subscribe(Day *day) {
    Ctx *ctx = day->n.ctx;
    IntakeFeed added;

    for (int feed = 0; feed < FEEDS; feed++) {
        const Peer *peer = day->peers[address_of(feed)][feed % NAMES / 2];
        ctx->outlet_id = feed % 2 ? day->n.radio.id : day->n.paper.id;
        OK_(intake_feed_add(
            ctx, str_format(ctx->arena, "http://f%d.example:%d/feed", feed, peer_port(peer)),
            &added));
    }
    as_operator(ctx);
}

static void begin(Day *day) {
    day->n = intake_start();
    day->arena = arena_new(0);
    pthread_mutex_init(&day->lock, NULL);
    for (int i = 0; i < ADDRESSES * PORTS; i++)
        day->peers[i / PORTS][i % PORTS] = peer_new(i / PORTS + 1, serve, day);
    day->net =
        gate_new_with(day->arena, "net.allow = 127.0.0.0/8\nnet.head_ms = 200\nnet.idle_ms = 1h\n",
                      (NetHow){ .clock = &day->n.w.clock->clock, .lookup = lookup });
    intake_use(day->net);
    subscribe(day);
}

static void end(Day *day) {
    intake_use(NULL);
    net_free(day->net);
    for (int i = 0; i < ADDRESSES * PORTS; i++)
        peer_free(day->peers[i / PORTS][i % PORTS]);
    pthread_mutex_destroy(&day->lock);
    arena_free(day->arena);
    newsroom_free(&day->n);
}

static void pass(Day *day, int64_t ms) {
    int64_t done;

    for (int64_t past = 0; past < ms; past += STEP_MS) {
        atomic_store(&day->now_ms, day->n.ctx->now_ms);
        OK_(queue_run_due(day->n.ctx, 1u << LANE_DELIVER, &done));
        world_run_again(&day->n.w);
        world_advance(&day->n.w, STEP_MS);
    }
}

static void judge(const Kind *kind, int feed, const Asked *asked) {
    if (asked->count < kind->least || asked->count > kind->most)
        fail_msg("%s (f%d): asked %d times in a day", kind->what, feed, asked->count);
    if (asked->count > 1 && asked->closest_ms < kind->closest_minutes * MINUTE)
        fail_msg("%s (f%d): again after %d s", kind->what, feed, (int)(asked->closest_ms / 1000));
    int hops = kind->status == 302 ? 2 : 1; /* then it is seen to be a circle */
    if (asked->hops != asked->count * hops)
        fail_msg("%s (f%d): %d fetches, %d hops", kind->what, feed, asked->count, asked->hops);
}

static void nobody_is_asked_more_often_than_is_polite(void **state) {
    static Day day;
    int requests = 0;

    (void)state;
    begin(&day);
    pass(&day, DAY);
    for (int feed = 0; feed < FEEDS; feed++) {
        judge(&kinds[(size_t)feed % COUNT_OF(kinds)], feed, &day.asked[feed]);
        requests += day.asked[feed].hops;
    }
    assert_int_equal(atomic_load(&day.crowded), 0); /* never two at once on a machine */
    print_message("54 feeds on %d addresses in a day: %d requests\n", ADDRESSES, requests);
    pass(&day, (HOURS - 24) * HOUR);
    for (int feed = 0; feed < FEEDS; feed++) { /* nor forgotten */
        const Asked *asked = &day.asked[feed];
        bool is_gone = kinds[(size_t)feed % COUNT_OF(kinds)].status == 410;
        assert_true(is_gone ? asked->count == 1
                            : asked->farthest_ms <= DAY + STEP_MS &&
                                  day.n.ctx->now_ms - asked->last_ms <= DAY + STEP_MS);
    }
    end(&day);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_asked_more_often_than_is_polite),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
