/* intake_fault_test.c - each function of intake with storage failing at every step: whole, or nothing. */
#include "db/db.h"
#include "features/intake/intake_facts.h"
#include "features/intake/intake_feed_service.h"
#include "features/intake/intake_hub_service.h"
#include "features/intake/intake_opml.h"
#include "features/intake/intake_pages.h"
#include "features/intake/intake_service.h"
#include "features/intake/intake_test_world.h"
#include "net/net.h"
#include "sec/hash.h"
#include "testing/faults.h"

static Net *gate; /* between begin_demo and end_demo */

/* The alliance becomes a demonstration with a gate, and this is a job for it, which asks nobody. */
static Job begin_demo(Newsroom *n, const JobKind *kind, const char *name, int64_t id, int64_t run) {
    Ctx *ctx = n->ctx;
    Json *payload = json_obj(ctx->arena);

    OK_(db_exec(ctx, "UPDATE site_setting SET value = '1' WHERE name = 'demo'", NO_ARGS));
    gate = net_new(&(NetHow){
        .config = ctx->config, .clock = ctx->clock, .version = S("0"), .site_url = S("") });
    intake_use(gate);
    json_set(payload, name, json_str(ctx->arena, str_from_int(ctx->arena, id)));
    json_set(payload, "run", json_int(ctx->arena, run));
    return (
        Job){ .id = 1, .lane = LANE_DELIVER, .kind = str_from_c(kind->kind), .payload = payload };
}

static void end_demo(void) {
    intake_use(NULL);
    net_free(gate);
}

static void deposits_are_whole_or_nothing(void **state) {
    Newsroom n = intake_start();
    Ctx *ctx = n.ctx;
    DepositFacts first = facts_of("甲", "https://mp.example/1", LONG_TEXT),
                 second = facts_of("乙", "https://mp.example/2", "");
    struct {
        Deposit deposit;
        DepositOutcome outcome;
    } made;
    struct {
        DepositList list;
        int64_t next;
    } cards;
    struct {
        DepositList list;
        DepositVersions versions;
    } card;
    DepositList newest;
    DepositVersion version;
    DepositOutcome outcome;
    Deposit found, one;
    Site site;
    Json *model;

    (void)state;
    WRITES(&n.w, made, intake_deposit(ctx, &first, &made.deposit, &made.outcome));
    READS(&n.w, one, intake_get(ctx, made.deposit.id, &one));
    READS(&n.w, newest, intake_newest(ctx, ctx->outlet_id, 5, &newest));
    assert_true(newest.len == 1 && str_eq(intake_host(newest.items[0].url), S("mp.example")));
    READS(&n.w, cards, intake_cards(ctx, 0, 0, 10, &cards.list, &cards.next));
    READS(&n.w, card, intake_card(ctx, made.deposit.card_id, &card.list, &card.versions));
    READS(&n.w, version, intake_version(ctx, made.deposit.id, 1, &version));
    OK_(site_get(ctx, &site));
    READS(&n.w, model, intake_cards_model(ctx, &site, &cards.list, &model));

    OK_(intake_read_facts(ctx, &second, &found));
    found.outlet_id = ctx->outlet_id;
    found.person_id = ctx->person_id;
    READS(&n.w, outcome, intake_look(ctx, &found, &outcome));
    WRITES_INSIDE(&n.w, made, intake_put(ctx, &found, &made.deposit, &made.outcome));

    /* Other words are the next version; the same text makes two cards one. */
    DepositFacts other = facts_of("改", "https://mp.example/1", LONG_TEXT),
                 joined = facts_of("乙", "https://mp.example/2", LONG_TEXT);
    WRITES(&n.w, made, intake_deposit(ctx, &other, &made.deposit, &made.outcome));
    assert_int_equal(made.outcome, DEPOSIT_CHANGED);
    WRITES(&n.w, made, intake_deposit(ctx, &joined, &made.deposit, &made.outcome));
    newsroom_free(&n);
}

static void feeds_are_whole_or_nothing(void **state) {
    Newsroom n = intake_start();
    Ctx *ctx = n.ctx;
    Str list_bytes = S("<opml version='2.0'><body><outline xmlUrl='https://a.example/1'/>"
                       "<outline xmlUrl='https://a.example/2'/></body></opml>"),
        text;
    struct {
        IntakeState now;
        IntakeFetches fetches;
    } seen;
    IntakeFeed feed;
    IntakeFeeds feeds;
    IntakeState states[1];
    FeedImportReport report;
    int64_t planned;

    (void)state;
    WRITES(&n.w, feed, intake_feed_add(ctx, S("https://feeds.example/a"), &feed));
    int64_t id = feed.id;
    READS(&n.w, feed, intake_feed_get(ctx, id, &feed));
    READS(&n.w, feeds, intake_feed_list(ctx, NULL, 0, 0, 10, &feeds));
    READS(&n.w, seen, intake_feed_state(ctx, id, &seen.now, &seen.fetches));
    READS(&n.w, states, intake_feed_states(ctx, &feed, 1, states));
    world_advance(&n.w, 61000);
    WRITES(&n.w, NO_RET, intake_feed_fetch(ctx, id));
    world_advance(&n.w, 61000);
    WRITES(&n.w, planned, intake_feed_plan(ctx, true, &planned));
    WRITES(&n.w, NO_RET, intake_feed_move(ctx, id, S("paused")));
    WRITES(&n.w, NO_RET, intake_feed_move(ctx, id, S("active")));
    WRITES(&n.w, NO_RET, intake_feed_move(ctx, id, S("ended")));
    WRITES(&n.w, report, intake_opml_import(ctx, list_bytes, false, &report));
    READS(&n.w, text, intake_opml_export(ctx, S("Feeds"), NULL, 0, &text));
    WRITES_INSIDE(&n.w, NO_RET,
                  intake_feed_owe(ctx, id, S("https://feeds.example/a"), 99, ctx->now_ms));
    WRITES_INSIDE(&n.w, NO_RET,
                  intake_feed_seal(ctx, "feed.state", &feed, S("active"), S("paused")));
    newsroom_free(&n);
}

/* States are read by twenties: the second failing leaves the first untold. */
static void many_states_are_told_whole(void **state) {
    enum { MANY = 25 };
    IntakeAnswer answer = { .outcome = S("timeout"), .retry_after_ms = -1 };
    Newsroom n = intake_start();
    IntakeState states[MANY];
    IntakeFeed feeds[MANY];

    (void)state;
    for (int i = 0; i < MANY; i++)
        OK_(intake_feed_add(n.ctx, str_format(n.ctx->arena, "https://feeds.example/%d", i),
                            &feeds[i]));
    OK_(intake_answer(n.ctx, feeds[0].id, feeds[0].run, &answer));
    READS(&n.w, states, intake_feed_states(n.ctx, feeds, MANY, states));
    assert_true(states[0].feed_id == feeds[0].id && states[MANY - 1].feed_id == 0);
    newsroom_free(&n);
}

static const char BODY[] =
    "<rss version='2.0'><channel><title>f</title><item><guid isPermaLink='false'>1</guid>"
    "<title>一</title><link>https://x.example/1</link></item></channel></rss>";

/* What is derived may lag behind the record; the job that comes again changes nothing. */
static void fetches_are_taken_once(void **state) {
    static const int statuses[] = { 200, 410, 500 };
    Newsroom n = intake_start();
    Ctx *ctx = n.ctx;
    IntakeAnswer answer = {
        .outcome = S("answered"), .status = 200, .retry_after_ms = -1, .body = str_from_c(BODY)
    };
    IntakeFeed feed;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        answer.status = statuses[i];
        OK_(intake_feed_add(ctx, str_format(ctx->arena, "https://feeds.example/%d", statuses[i]),
                            &feed));
        REPEATS(&n.w, NO_RET, intake_answer(ctx, feed.id, feed.run, &answer));
    }

    /* Many at once: whole, and a second time they change nothing. */
    IntakeAnswer unchanged = { .outcome = S("answered"), .status = 304, .retry_after_ms = -1 };
    IntakeCame came[3];
    for (size_t i = 0; i < COUNT_OF(came); i++) {
        OK_(intake_feed_add(ctx, str_format(ctx->arena, "https://feeds.example/many%d", (int)i),
                            &feed));
        came[i] = (IntakeCame){ feed.id, feed.run, &unchanged };
    }
    REPEATS(&n.w, NO_RET, intake_answer_many(ctx, came, COUNT_OF(came)));

    /* A demonstration asks nobody, and says so on the page of the feed. */
    OK_(intake_feed_add(ctx, S("https://feeds.example/b"), &feed));
    Job job = begin_demo(&n, &intake_poll_kind, "feed", feed.id, feed.run);
    REPEATS(&n.w, NO_RET, intake_poll_kind.batch(ctx, &job, 1));
    end_demo();
    newsroom_free(&n);
}

static void the_first_time_is_stopped_whole_or_not_at_all(void **state) {
    Newsroom n = intake_start();
    struct {
        FeedFirst first[FEED_LIST_MAX];
        size_t len;
    } found;
    IntakeFeed feed;
    int64_t moved;

    (void)state;
    OK_(intake_feed_add(n.ctx, S("https://feeds.example/a"), &feed));
    OK_(intake_feed_add(n.ctx, S("https://feeds.example/b"), &feed));
    READS(&n.w, found, intake_feed_first(n.ctx, NULL, 0, found.first, &found.len));
    WRITES(&n.w, moved, intake_feed_first_move(n.ctx, S("paused"), &moved));
    WRITES(&n.w, moved, intake_feed_first_move(n.ctx, S("active"), &moved));
    newsroom_free(&n);
}

static const BoxKey key = { .number = 1, .bytes = { 5, 6, 7 } };
static const char HUB_URL[] = "https://hub.example/", TOPIC[] = "https://feeds.example/a";

static IntakeHub hub_of(Newsroom *n, int64_t feed_id) {
    IntakeHub hub;

    OK_(intake_hub_get(n->ctx, feed_id, &hub));
    assert_true(hub.id != 0);
    return hub;
}

static void hubs_are_whole_or_nothing(void **state) {
    Newsroom n = intake_start();
    Ctx *ctx = n.ctx;
    HubQuestion question = { .mode = S("subscribe"),
                             .topic = str_from_c(TOPIC),
                             .challenge = S("x"),
                             .lease_seconds = S("864000") };
    HubAnswer no = { .status = 403, .body = S("no"), .retry_after_ms = -1 };
    IntakeHub hub, step;
    IntakeFeed feed;
    Str token, secret;
    bool is_agreed;
    Json *model;
    Site site;

    (void)state;
    intake_hub_use(&key, S("https://news.example"));
    OK_(site_get(ctx, &site));
    WRITES(&n.w, feed, intake_feed_add(ctx, str_from_c(TOPIC), &feed));
    WRITES_INSIDE(&n.w, NO_RET, intake_hub_note(ctx, &feed, str_from_c(HUB_URL), STR_EMPTY));
    READS(&n.w, hub, intake_hub_get(ctx, feed.id, &hub));
    READS(&n.w, model, intake_hub_model(ctx, &site, feed.id, &model));
    WRITES(&n.w, step, intake_hub_step(ctx, hub.id, hub.run, &step));
    OK_(intake_hub_open(ctx, &hub, &token, &secret));
    WRITES(&n.w, is_agreed, intake_hub_verify(ctx, token, &question, &is_agreed));
    assert_true(is_agreed);
    WRITES_INSIDE(&n.w, NO_RET, intake_hub_fell_behind(ctx, feed.id));
    question.mode = S("denied");
    WRITES(&n.w, is_agreed, intake_hub_verify(ctx, token, &question, &is_agreed));
    WRITES(&n.w, NO_RET, intake_hub_renew_secret(ctx, hub.id));
    hub = hub_of(&n, feed.id);
    OK_(intake_hub_step(ctx, hub.id, hub.run, &step));
    WRITES(&n.w, NO_RET, intake_hub_answered(ctx, step.id, step.run, &no));
    OK_(intake_hub_renew_secret(ctx, hub.id));
    hub = hub_of(&n, feed.id);
    OK_(intake_hub_step(ctx, hub.id, hub.run, &step));
    WRITES_INSIDE(&n.w, NO_RET, intake_hub_leave(ctx, feed.id));
    WRITES_INSIDE(&n.w, NO_RET, intake_feed_plan_now(ctx, &feed));
    WRITES(&n.w, NO_RET, intake_feed_fetch_soon(ctx, feed.id));
    OK_(intake_feed_get(ctx, feed.id, &feed));
    WRITES_INSIDE(&n.w, NO_RET, intake_feed_owe_no_more(ctx, feed.id, feed.run));
    newsroom_free(&n);
}

/* What a hub brings is taken in once, whatever fails on the way. */
static void deliveries_are_taken_once(void **state) {
    Newsroom n = intake_start();
    Ctx *ctx = n.ctx;
    HubQuestion question = { .mode = S("subscribe"),
                             .topic = str_from_c(TOPIC),
                             .challenge = S("x"),
                             .lease_seconds = S("864000") };
    HubDelivery delivery = { .body = str_from_c(BODY) };
    IntakeAnswer answer = { .url = str_from_c(TOPIC), .body = str_from_c(BODY) };
    Str token, secret;
    IntakeHub step;
    IntakeFeed feed;
    bool is_yes;
    DB_TX(tx);

    (void)state;
    intake_hub_use(&key, S("https://news.example"));
    OK_(intake_feed_add(ctx, str_from_c(TOPIC), &feed));
    OK_(db_begin(ctx, &tx));
    OK_(intake_hub_note(ctx, &feed, str_from_c(HUB_URL), STR_EMPTY));
    OK_(db_commit(&tx));
    IntakeHub hub = hub_of(&n, feed.id);

    /* A demonstration asks no hub, and says so to nobody. */
    Job job = begin_demo(&n, &intake_hub_kind, "hub", hub.id, hub.run);
    REPEATS(&n.w, NO_RET, intake_hub_kind.batch(ctx, &job, 1));
    end_demo();

    hub = hub_of(&n, feed.id);
    OK_(intake_hub_step(ctx, hub.id, hub.run, &step));
    OK_(intake_hub_open(ctx, &hub, &token, &secret));
    OK_(intake_hub_verify(ctx, token, &question, &is_yes));
    REPEATS(&n.w, is_yes, intake_hub_deliver(ctx, token, &delivery, &is_yes));
    Hash mac = hash_hmac(secret, delivery.body);
    delivery.signature =
        str_concat(ctx->arena, S("sha256="), hex_encode(ctx->arena, hash_str(&mac)));
    REPEATS(&n.w, is_yes, intake_hub_deliver(ctx, token, &delivery, &is_yes));
    assert_int_equal(hub_of(&n, feed.id).deliveries, 1);
    assert_int_equal(world_count(&n.w, "deposit"), 1);

    OK_(intake_feed_add(ctx, S("https://feeds.example/b"), &feed));
    answer.body = S("<rss version='2.0'><channel><title>g</title><item><title>二</title>"
                    "<link>https://x.example/2</link></item></channel></rss>");
    REPEATS(&n.w, is_yes, intake_answer_pushed(ctx, &feed, &answer, &is_yes));
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_time_is_stopped_whole_or_not_at_all),
        cmocka_unit_test(deposits_are_whole_or_nothing),
        cmocka_unit_test(feeds_are_whole_or_nothing),
        cmocka_unit_test(many_states_are_told_whole),
        cmocka_unit_test(fetches_are_taken_once),
        cmocka_unit_test(hubs_are_whole_or_nothing),
        cmocka_unit_test(deliveries_are_taken_once),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("intake");
    return failed;
}
