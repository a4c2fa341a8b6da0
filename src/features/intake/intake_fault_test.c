/* intake_fault_test.c - each function of intake with storage failing at every step: whole, or nothing. */
#include "db/db.h"
#include "features/intake/intake_facts.h"
#include "features/intake/intake_feed_service.h"
#include "features/intake/intake_opml.h"
#include "features/intake/intake_pages.h"
#include "features/intake/intake_service.h"
#include "features/intake/intake_test_world.h"
#include "net/net.h"
#include "testing/faults.h"

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
    DepositVersion version;
    DepositOutcome outcome;
    Deposit found, one;
    Site site;
    Json *model;

    (void)state;
    WRITES(&n.w, made, intake_deposit(ctx, &first, &made.deposit, &made.outcome));
    READS(&n.w, one, intake_get(ctx, made.deposit.id, &one));
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
    OK_(db_exec(ctx, "UPDATE site_setting SET value = '1' WHERE name = 'demo'", NO_ARGS));
    Net *net = net_new(&(NetHow){
        .config = ctx->config, .clock = ctx->clock, .version = S("0"), .site_url = S("") });
    intake_use(net);
    Json *payload = json_obj(ctx->arena);
    json_set(payload, "feed", json_str(ctx->arena, str_from_int(ctx->arena, feed.id)));
    json_set(payload, "run", json_int(ctx->arena, feed.run));
    Job job = { .id = 1, .lane = LANE_DELIVER, .kind = S("feed.poll"), .payload = payload };
    REPEATS(&n.w, NO_RET, intake_poll_kind.batch(ctx, &job, 1));
    intake_use(NULL);
    net_free(net);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_time_is_stopped_whole_or_not_at_all),
        cmocka_unit_test(deposits_are_whole_or_nothing),
        cmocka_unit_test(feeds_are_whole_or_nothing),
        cmocka_unit_test(many_states_are_told_whole),
        cmocka_unit_test(fetches_are_taken_once),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("intake");
    return failed;
}
