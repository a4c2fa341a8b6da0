/* intake_hub_poll_test.c - feeds that name a hub, and hubs on loopback that keep their word, lie, refuse and die. */
#include <sys/socket.h>

#include "db/db.h"
#include "features/intake/intake_test_world.h"
#include "sec/hash.h"
#include "net/test_peer.h"

enum { BODY_MAX = 4096, STEP_MS = 60000 };
static const int64_t HOUR = 3600000, DAY = 86400000;
static const BoxKey key = { .number = 1, .bytes = { 5, 6, 7 } };

/* What the peer does and what it was asked; the test reads it while no request runs. */
typedef struct Hub {
    int status; /* of the answer to a request */
    const char *headers;
    const char *words;
    bool is_insecure; /* the feed names a hub by plain http elsewhere */
    int feed_status;
    char body[BODY_MAX + 1]; /* of the last request */
    int asked, fetched;
    const char *items;
} Hub;

static size_t length_of(Str head) {
    size_t at = str_find(head, S("Content-Length: "), 0);
    int64_t length = 0;

    if (at == SIZE_MAX)
        return 0;
    size_t end = str_find(head, S("\r\n"), at);
    return str_parse_int(str_slice(head, at + 16, end), &length) ? (size_t)length : 0;
}

static bool answer_hub(PeerTurn *turn, Hub *hub) {
    size_t length = length_of(turn->head), len = 0;

    if (length > BODY_MAX)
        return false;
    while (len < length) {
        ssize_t got = recv(turn->socket, hub->body + len, length - len, 0);
        if (got <= 0)
            return false;
        len += (size_t)got;
    }
    hub->body[len] = '\0';
    hub->asked++;
    return peer_answer(turn, hub->status, hub->headers, str_from_c(hub->words));
}

static Str feed_of(Arena *arena, const char *items) {
    return str_format(
        arena, "<rss version='2.0'><channel><title>f</title>%s<ttl>5</ttl></channel></rss>", items);
}

static bool script(PeerTurn *turn) {
    Hub *hub = turn->user;
    CLEANUP(arena_close) Arena *arena = arena_new(0);

    if (str_starts(turn->path, S("/hub")))
        return answer_hub(turn, hub);
    hub->fetched++;
    if (hub->feed_status)
        return peer_answer(turn, hub->feed_status, "", STR_EMPTY);
    Str link = str_format(arena, "Link: <%s>; rel=\"hub\"\r\nLink: </feed>; rel=self\r\n",
                          hub->is_insecure ? "http://hub.example/" : "/hub");
    return peer_answer(turn, 200, link.ptr, feed_of(arena, hub->items));
}

typedef struct Scene {
    Newsroom n;
    Ctx *ctx;
    Hub hub;
    Peer *peer;
    Net *net;
    int64_t feed;
    Str topic;
} Scene;

#define ITEM(id)                                                                                   \
    "<item><guid isPermaLink='false'>" id "</guid><title>" id                                      \
    "</title><link>https://x.example/" id "</link></item>"

static int64_t run_due(Scene *s) {
    int64_t done, all = 0;

    do {
        OK_(queue_run_due(s->ctx, 1u << LANE_DELIVER, &done));
        all += done;
    } while (done > 0);
    return all;
}

static Scene *scene_new(void) {
    Newsroom n = intake_start();
    Scene *s = arena_alloc(n.ctx->arena, sizeof *s);
    IntakeFeed feed;

    *s = (Scene){ .n = n, .ctx = n.ctx };
    s->hub = (Hub){ .status = 202, .headers = "", .words = "", .items = ITEM("one") };
    s->peer = peer_new(1, script, &s->hub);
    s->net = gate_new(n.ctx->arena, GATE_OPEN, NULL, NULL);
    intake_use(s->net);
    intake_hub_use(&key, S("https://news.example"));
    s->topic = peer_url(n.ctx->arena, s->peer, "/feed");
    OK_(intake_feed_add(n.ctx, s->topic, &feed));
    s->feed = feed.id;
    return s;
}

static void scene_free(Scene *s) {
    Newsroom n = s->n;

    intake_use(NULL);
    intake_hub_use(NULL, STR_EMPTY);
    net_free(s->net);
    peer_free(s->peer);
    newsroom_free(&n);
}

static IntakeHub hub_now(Scene *s) {
    IntakeHub hub;

    OK_(intake_hub_get(s->ctx, s->feed, &hub));
    return hub;
}

static IntakeState state_now(Scene *s) {
    IntakeFetches fetches;
    IntakeState state;

    OK_(intake_feed_state(s->ctx, s->feed, &state, &fetches));
    return state;
}

static void expect_state(Scene *s, const char *state) {
    IntakeHub hub = hub_now(s);

    if (!str_eq(hub.state, str_from_c(state)))
        fail_msg("the hub is %.*s, not %s", STR_ARG(hub.state), state);
}

/* A field of the last request; the values that are read here hold no escapes but of the callback. */
static Str field(Scene *s, const char *name) {
    Str rest = str_from_c(s->hub.body), part;
    Str start = str_format(s->ctx->arena, "%s=", name);

    while (str_cut(&rest, '&', &part))
        if (str_starts(part, start))
            return str_dup(s->ctx->arena, str_slice(part, start.len, part.len));
    return STR_EMPTY;
}

static Str token_of(Scene *s) {
    Str callback = field(s, "hub.callback");
    Str start = S("https%3A%2F%2Fnews.example%2Fwebsub%2Fin%2F");

    assert_true(str_starts(callback, start));
    return str_slice(callback, start.len, callback.len);
}

static bool verifies(Scene *s, Str token, const char *mode, Str topic, const char *lease) {
    HubQuestion q = { .mode = str_from_c(mode),
                      .topic = topic,
                      .challenge = S("c h"),
                      .lease_seconds = str_from_c(lease),
                      .reason = S("no <b>such</b>\nthing") };
    bool is_agreed = false;

    OK_(intake_hub_verify(s->ctx, token, &q, &is_agreed));
    return is_agreed;
}

/* Fetched, asked, verified. */
static Str subscribe(Scene *s) {
    (void)run_due(s);
    assert_int_equal(s->hub.asked, 1);
    Str token = token_of(s);
    assert_true(verifies(s, token, "subscribe", s->topic, "864000"));
    expect_state(s, "active");
    return token;
}

static Str signature_of(Scene *s, Str secret, Str body) {
    Hash mac = hash_hmac(secret, body);

    return str_concat(s->ctx->arena, S("sha256="), hex_encode(s->ctx->arena, hash_str(&mac)));
}

static bool deliver(Scene *s, Str token, Str body, Str signature) {
    HubDelivery d = { .signature = signature, .content_type = S("text/xml"), .body = body };
    bool is_known;

    OK_(intake_hub_deliver(s->ctx, token, &d, &is_known));
    return is_known;
}

static bool deliver_signed(Scene *s, Str token, Str body) {
    return deliver(s, token, body, signature_of(s, field(s, "hub.secret"), body));
}

/* ---- a hub that keeps its word ---- */

static void a_hub_is_asked_and_brings_what_is_new(void **state) {
    Scene *s = scene_new();

    (void)state;
    Str token = subscribe(s);
    assert_true(str_eq(field(s, "hub.mode"), S("subscribe")));
    assert_true(str_eq(field(s, "hub.lease_seconds"), S("864000")));
    assert_true(field(s, "hub.secret").len >= 40 && token.len >= 40);
    assert_true(!str_contains(hub_now(s).sealed, token));
    assert_int_equal(world_count(&s->n.w, "deposit"), 1);
    assert_true(deliver_signed(s, token, feed_of(s->ctx->arena, ITEM("two") ITEM("three"))));
    assert_int_equal(world_count(&s->n.w, "deposit"), 3);
    IntakeHub hub = hub_now(s);
    assert_true(hub.deliveries == 1 && hub.delivered_ms == s->ctx->now_ms);
    IntakeState now = state_now(s);
    assert_true(str_eq(now.wait, S("hub")) && str_eq(now.outcome, S("pushed")));
    assert_true(now.next_ms > s->ctx->now_ms + 20 * HOUR);
    assert_int_equal(world_count(&s->n.w, "job"), 2); /* the next fetch, the renewal */
    scene_free(s);
}

static void while_it_brings_the_feed_is_fetched_once_a_day(void **state) {
    Scene *s = scene_new();

    (void)state;
    (void)subscribe(s);
    world_advance(&s->n.w, 2 * HOUR); /* the fetch that was planned before */
    s->hub.items = ITEM("one") " ";
    (void)run_due(s);
    int fetched = s->hub.fetched;
    assert_int_equal(fetched, 2);
    for (int i = 0; i < 20; i++) {
        world_advance(&s->n.w, HOUR);
        (void)run_due(s);
    }
    assert_int_equal(s->hub.fetched, fetched);
    world_advance(&s->n.w, 8 * HOUR);
    (void)run_due(s);
    assert_int_equal(s->hub.fetched, fetched + 1); /* but never never */
    scene_free(s);
}

static void a_lease_is_renewed_before_it_ends(void **state) {
    Scene *s = scene_new();

    (void)state;
    Str token = subscribe(s);
    int64_t expires_ms = hub_now(s).expires_ms;
    assert_int_equal(expires_ms, s->ctx->now_ms + 10 * DAY);
    world_advance(&s->n.w, 7 * DAY);
    (void)run_due(s);
    assert_int_equal(s->hub.asked, 1);
    world_advance(&s->n.w, DAY);
    (void)run_due(s);
    assert_int_equal(s->hub.asked, 2);
    assert_true(str_eq(token_of(s), token));
    expect_state(s, "active"); /* the old lease holds until then */
    assert_true(verifies(s, token, "subscribe", s->topic, "864000"));
    assert_int_equal(hub_now(s).expires_ms, s->ctx->now_ms + 10 * DAY);
    scene_free(s);
}

/* ---- one that lies ---- */

static void only_what_was_asked_for_is_agreed_to(void **state) {
    Scene *s = scene_new();
    HubQuestion q = { .mode = S("subscribe"), .challenge = S("x") };
    bool is_agreed = false;

    (void)state;
    (void)run_due(s);
    Str token = token_of(s);
    assert_int_equal(intake_hub_verify(s->ctx, S("unknown"), &q, &is_agreed).code, ERR_NOT_FOUND);
    assert_false(verifies(s, token, "subscribe", S("https://other.example/feed"), "864000"));
    assert_false(verifies(s, token, "unsubscribe", s->topic, ""));
    assert_false(verifies(s, token, "publish", s->topic, "864000"));
    q = (HubQuestion){ .mode = S("subscribe"), .topic = s->topic, .lease_seconds = S("864000") };
    OK_(intake_hub_verify(s->ctx, token, &q, &is_agreed)); /* nothing to give back */
    assert_false(is_agreed);
    expect_state(s, "asking");
    assert_true(verifies(s, token, "subscribe", s->topic, "864000"));
    assert_false(verifies(s, token, "subscribe", s->topic, "864000")); /* once */
    assert_false(verifies(s, token, "unsubscribe", s->topic, ""));
    expect_state(s, "active");
    scene_free(s);
}

static void a_wish_grows_old(void **state) {
    Scene *s = scene_new();

    (void)state;
    (void)run_due(s);
    Str token = token_of(s);
    world_advance(&s->n.w, HUB_WISH_MS);
    assert_false(verifies(s, token, "subscribe", s->topic, "864000"));
    scene_free(s);
}

static void leases_are_bounded(void **state) {
    static const char *const refused[] = { "", "0", "-5", "3599", "1e9", "99999999999999999999" };
    Scene *s = scene_new();

    (void)state;
    (void)run_due(s);
    Str token = token_of(s);
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_false(verifies(s, token, "subscribe", s->topic, refused[i]));
    assert_true(str_eq(hub_now(s).refused, S("lease")));
    assert_true(verifies(s, token, "subscribe", s->topic, "315360000")); /* ten years */
    assert_int_equal(hub_now(s).expires_ms, s->ctx->now_ms + 30 * DAY);
    scene_free(s);
}

static void what_is_not_signed_is_noted_and_dropped(void **state) {
    Scene *s = scene_new();

    (void)state;
    Str token = subscribe(s), body = feed_of(s->ctx->arena, ITEM("two"));
    const struct {
        Str signature;
        const char *why;
    } cases[] = {
        { STR_EMPTY, "unsigned" },
        { S("sha1=0123456789012345678901234567890123456789"), "weak" },
        { S("sha256=00"), "forged" },
        { S("nonsense"), "weak" },
        { signature_of(s, S("guessed"), body), "forged" },
        { signature_of(s, field(s, "hub.secret"), S("another body")), "forged" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(
            deliver(s, token, body, cases[i].signature)); /* the standard says: answer as if */
        if (!str_eq(hub_now(s).refused, str_from_c(cases[i].why)))
            fail_msg("%zu: %.*s", i, STR_ARG(hub_now(s).refused));
    }
    assert_int_equal(world_count(&s->n.w, "deposit"), 1);
    assert_int_equal(hub_now(s).deliveries, 0);
    assert_false(deliver_signed(s, S("unknown"), body));
    scene_free(s);
}

static void what_came_before_has_the_feed_fetched_instead(void **state) {
    Scene *s = scene_new();

    (void)state;
    Str token = subscribe(s), first = feed_of(s->ctx->arena, ITEM("two")),
        second = feed_of(s->ctx->arena, ITEM("three"));
    assert_true(deliver_signed(s, token, first));
    assert_true(deliver_signed(s, token, first)); /* our answer was lost */
    assert_int_equal(hub_now(s).deliveries, 1);
    assert_true(deliver_signed(s, token, second));
    int fetched = s->hub.fetched;
    assert_true(deliver_signed(s, token, first));
    assert_true(str_eq(hub_now(s).refused, S("replayed")));
    assert_int_equal(hub_now(s).deliveries, 2);
    world_advance(&s->n.w, STEP_MS);
    (void)run_due(s);
    assert_int_equal(s->hub.fetched, fetched + 1);
    scene_free(s);
}

static void a_thin_delivery_has_the_feed_fetched_once(void **state) {
    Scene *s = scene_new();

    (void)state;
    Str token = subscribe(s);
    s->hub.items = ITEM("one") ITEM("two");
    int fetched = s->hub.fetched;
    for (int i = 0; i < 5; i++) {
        assert_true(deliver_signed(s, token, i % 2 ? STR_EMPTY : S("something is new")));
        (void)run_due(s);
    }
    world_advance(&s->n.w, STEP_MS);
    (void)run_due(s);
    assert_int_equal(s->hub.fetched, fetched + 1);
    assert_int_equal(world_count(&s->n.w, "deposit"), 2);
    scene_free(s);
}

/* ---- one that forgets, refuses, dies ---- */

static void one_that_does_not_bring_all_is_not_relied_on(void **state) {
    Scene *s = scene_new();

    (void)state;
    Str token = subscribe(s);
    world_advance(&s->n.w, 2 * HOUR);
    s->hub.items = ITEM("one") " ";
    (void)run_due(s);
    world_advance(&s->n.w, 28 * HOUR);
    s->hub.items = ITEM("one") ITEM("two");
    (void)run_due(s);
    assert_true(hub_now(s).is_behind);
    IntakeState now = state_now(s);
    assert_true(str_eq(now.wait, S("rate")) && now.next_ms < s->ctx->now_ms + 20 * HOUR);
    assert_true(deliver_signed(s, token, feed_of(s->ctx->arena, ITEM("three"))));
    assert_false(hub_now(s).is_behind);
    scene_free(s);
}

static void one_that_dies_is_noticed_when_its_lease_ends(void **state) {
    Scene *s = scene_new();

    (void)state;
    (void)subscribe(s);
    s->hub.status = 500;
    world_advance(&s->n.w, 9 * DAY);
    (void)run_due(s);
    int asked = s->hub.asked;
    assert_true(asked >= 2);
    expect_state(s, "active");
    int fetched = s->hub.fetched;
    world_advance(&s->n.w, DAY);
    (void)run_due(s);
    expect_state(s, "silent");
    assert_true(s->hub.fetched > fetched);
    assert_true(str_eq(state_now(s).wait, S("rate")));
    scene_free(s);
}

static void one_that_never_verifies_falls_silent_and_is_asked_again_after_a_week(void **state) {
    Scene *s = scene_new();

    (void)state;
    (void)run_due(s);
    for (int i = 0; i < 40; i++) {
        world_advance(&s->n.w, HOUR);
        (void)run_due(s);
    }
    expect_state(s, "silent");
    assert_int_equal(s->hub.asked, HUB_TRIES_MAX);
    world_advance(&s->n.w, HUB_AGAIN_MS);
    s->hub.items = ITEM("one") ITEM("two");
    (void)run_due(s);
    expect_state(s, "asking");
    assert_int_equal(s->hub.asked, HUB_TRIES_MAX + 1);
    scene_free(s);
}

static void a_refusal_is_shown_in_the_hubs_words(void **state) {
    Scene *s = scene_new();

    (void)state;
    s->hub.status = 403;
    s->hub.words = "Not this\nfeed.";
    (void)run_due(s);
    expect_state(s, "refused");
    assert_true(str_eq(hub_now(s).reason, S("Not this feed.")));
    world_advance(&s->n.w, 2 * DAY);
    (void)run_due(s);
    assert_int_equal(s->hub.asked, 1);
    assert_false(verifies(s, token_of(s), "subscribe", s->topic, "864000"));
    scene_free(s);
}

static void a_denial_ends_it_and_the_feed_is_fetched(void **state) {
    Scene *s = scene_new();

    (void)state;
    Str token = subscribe(s);
    int fetched = s->hub.fetched;
    assert_false(verifies(s, token, "denied", S("https://other.example/"), ""));
    expect_state(s, "active");
    assert_false(verifies(s, token, "denied", s->topic, ""));
    expect_state(s, "denied");
    assert_true(str_contains(hub_now(s).reason, S("such")));
    assert_false(deliver_signed(s, token, feed_of(s->ctx->arena, ITEM("two"))));
    (void)run_due(s);
    assert_int_equal(s->hub.fetched, fetched + 1);
    scene_free(s);
}

static void a_hub_may_send_on_to_another(void **state) {
    Scene *s = scene_new();

    (void)state;
    s->hub.status = 308;
    s->hub.headers = "Location: /hub2\r\n";
    (void)run_due(s);
    assert_true(str_ends(hub_now(s).target, S("/hub2")));
    assert_int_equal(s->hub.asked, HUB_TRIES_MAX); /* in a circle, and no further */
    expect_state(s, "silent");
    scene_free(s);
}

static void a_hub_that_is_reached_by_plain_http_is_not_told_a_secret(void **state) {
    Scene *s = scene_new();

    (void)state;
    s->hub.is_insecure = true;
    (void)run_due(s);
    assert_int_equal(hub_now(s).id, 0);
    scene_free(s);
}

static void without_an_address_of_our_own_no_hub_is_asked(void **state) {
    Scene *s = scene_new();

    (void)state;
    intake_hub_use(&key, STR_EMPTY);
    (void)run_due(s);
    assert_int_equal(hub_now(s).id, 0);
    assert_int_equal(world_count(&s->n.w, "deposit"), 1);
    scene_free(s);
}

static void a_lost_key_makes_the_subscription_anew(void **state) {
    static const BoxKey other = { .number = 1, .bytes = { 9 } };
    Scene *s = scene_new();

    (void)state;
    Str token = subscribe(s), body = feed_of(s->ctx->arena, ITEM("two"));
    intake_hub_use(&other, S("https://news.example"));
    assert_true(deliver_signed(s, token, body));
    assert_true(str_eq(hub_now(s).refused, S("key")));
    world_advance(&s->n.w, 8 * DAY);
    (void)run_due(s);
    assert_int_equal(s->hub.asked, 2);
    assert_false(str_eq(token_of(s), token));
    scene_free(s);
}

/* ---- the end ---- */

static void pausing_and_ending_tell_the_hub(void **state) {
    Scene *s = scene_new();

    (void)state;
    Str token = subscribe(s), body = feed_of(s->ctx->arena, ITEM("two"));
    Str signature = signature_of(s, field(s, "hub.secret"), body);
    OK_(intake_feed_move(s->ctx, s->feed, S("paused")));
    assert_int_equal(hub_now(s).id, 0);
    assert_false(deliver(s, token, body, signature));
    (void)run_due(s);
    assert_int_equal(s->hub.asked, 2);
    assert_true(str_eq(field(s, "hub.mode"), S("unsubscribe")) && field(s, "hub.secret").len == 0);
    assert_true(str_eq(token_of(s), token));
    assert_false(verifies(s, token, "subscribe", s->topic, "864000"));
    assert_true(verifies(s, token, "unsubscribe", s->topic, ""));
    assert_int_equal(world_count(&s->n.w, "intake_hub"), 0);

    OK_(intake_feed_move(s->ctx, s->feed, S("active"))); /* and it begins anew */
    (void)run_due(s);
    assert_int_equal(s->hub.asked, 3);
    assert_false(str_eq(token_of(s), token));
    scene_free(s);
}

static void a_feed_that_is_gone_ends_the_subscription(void **state) {
    Scene *s = scene_new();

    (void)state;
    (void)subscribe(s);
    s->hub.feed_status = 410;
    world_advance(&s->n.w, 2 * HOUR);
    (void)run_due(s);
    assert_true(str_eq(field(s, "hub.mode"), S("unsubscribe")));
    for (int i = 0; i < 20; i++) { /* nobody agrees: the row goes all the same */
        world_advance(&s->n.w, 6 * HOUR);
        (void)run_due(s);
    }
    assert_int_equal(world_count(&s->n.w, "intake_hub"), 0);
    assert_int_equal(s->hub.asked, 1 + HUB_LEAVE_TRIES_MAX);
    scene_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hub_is_asked_and_brings_what_is_new),
        cmocka_unit_test(while_it_brings_the_feed_is_fetched_once_a_day),
        cmocka_unit_test(a_lease_is_renewed_before_it_ends),
        cmocka_unit_test(only_what_was_asked_for_is_agreed_to),
        cmocka_unit_test(a_wish_grows_old),
        cmocka_unit_test(leases_are_bounded),
        cmocka_unit_test(what_is_not_signed_is_noted_and_dropped),
        cmocka_unit_test(what_came_before_has_the_feed_fetched_instead),
        cmocka_unit_test(a_thin_delivery_has_the_feed_fetched_once),
        cmocka_unit_test(one_that_does_not_bring_all_is_not_relied_on),
        cmocka_unit_test(one_that_dies_is_noticed_when_its_lease_ends),
        cmocka_unit_test(one_that_never_verifies_falls_silent_and_is_asked_again_after_a_week),
        cmocka_unit_test(a_refusal_is_shown_in_the_hubs_words),
        cmocka_unit_test(a_denial_ends_it_and_the_feed_is_fetched),
        cmocka_unit_test(a_hub_may_send_on_to_another),
        cmocka_unit_test(a_hub_that_is_reached_by_plain_http_is_not_told_a_secret),
        cmocka_unit_test(without_an_address_of_our_own_no_hub_is_asked),
        cmocka_unit_test(a_lost_key_makes_the_subscription_anew),
        cmocka_unit_test(pausing_and_ending_tell_the_hub),
        cmocka_unit_test(a_feed_that_is_gone_ends_the_subscription),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
