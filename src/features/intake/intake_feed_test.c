/* intake_feed_test.c - subscriptions, and what each kind of answer does to them. */
#include "features/intake/intake_pace.h"
#include "features/intake/intake_test_world.h"
#include "text/feed.h"

static const int64_t MINUTE = 60000, HOUR = 3600000, DAY = 86400000;

static IntakeFeed added(Newsroom *n, const char *url) {
    IntakeFeed feed;

    OK_(intake_feed_add(n->ctx, str_from_c(url), &feed));
    return feed;
}

static IntakeFeed feed_now(Newsroom *n, int64_t id) {
    IntakeFeed feed;

    OK_(intake_feed_get(n->ctx, id, &feed));
    return feed;
}

static IntakeState state_now(Newsroom *n, int64_t id) {
    IntakeFetches fetches;
    IntakeState state;

    OK_(intake_feed_state(n->ctx, id, &state, &fetches));
    return state;
}

static IntakeFetch last_fetch(Newsroom *n, int64_t id) {
    IntakeFetches fetches;
    IntakeState state;

    OK_(intake_feed_state(n->ctx, id, &state, &fetches));
    assert_true(fetches.len > 0);
    return fetches.items[0];
}

/* As the queue does: a job's context is nobody's. */
static void give(Newsroom *n, int64_t id, IntakeAnswer answer) {
    Ctx ctx = *n->ctx;

    ctx.changed.items = NULL;
    ctx.changed.len = ctx.changed.cap = 0;
    ctx.actor = ACTOR_JOB;
    ctx.person_id = 0;
    ctx.person_name = S("feed.poll");
    ctx.outlet_id = 0;
    ctx.outlet_no = STR_EMPTY;
    if (answer.outcome.len == 0)
        answer.outcome = S("answered");
    if (answer.retry_after_ms == 0)
        answer.retry_after_ms = -1;
    answer.url = S("https://feeds.example/a.xml");
    OK_(intake_answer(&ctx, id, feed_now(n, id).run, &answer));
}

static void give_status(Newsroom *n, int64_t id, int status) {
    give(n, id, (IntakeAnswer){ .status = status });
}

static void give_body(Newsroom *n, int64_t id, Str body) {
    give(n, id,
         (IntakeAnswer){ .status = 200,
                         .body = body,
                         .etag = S("\"e1\""),
                         .last_modified = S("Mon, 23 Nov 2026 06:00:00 GMT") });
}

static Str rss(Newsroom *n, const char *items) {
    return str_format(
        n->ctx->arena,
        "<rss version='2.0'><channel><title>学院 动态</title><link>https://x.example/</link>"
        "<description>d</description>%s</channel></rss>",
        items);
}

#define ITEM(guid, path, title)                                                                    \
    "<item><guid isPermaLink='false'>" guid "</guid><link>https://x.example" path                  \
    "</link><title>" title "</title></item>"

static void a_feed_is_added_once_and_owed_at_once(void **state) {
    Newsroom n = intake_start();
    int64_t logged = world_count(&n.w, "ledger_pending");
    IntakeFeed feed = added(&n, " https://feeds.example/a.xml#top "), other = { .id = -1 };

    (void)state;
    assert_true(str_eq(feed.url, S("https://feeds.example/a.xml")) && feed.run == 1);
    assert_int_equal(world_count(&n.w, "job"), 1);
    assert_int_equal(world_count(&n.w, "ledger_pending") - logged, 1);
    FAILS(intake_feed_add(n.ctx, feed.url, &other), ERR_CONFLICT, "url");
    as(n.ctx, &n.eve, &n.radio);
    FAILS(intake_feed_add(n.ctx, feed.url, &other), ERR_CONFLICT, "url");
    FAILS(intake_feed_add(n.ctx, S("ftp://x.example/"), &other), ERR_INVALID, "url");
    assert_int_equal(other.id, -1);
    OK_(intake_feed_move(n.ctx, feed.id, S("ended")));
    OK_(intake_feed_add(n.ctx, feed.url, &other)); /* an ended one is in nobody's way */
    newsroom_free(&n);
}

static void states_move_by_the_table_and_end_what_was_planned(void **state) {
    Newsroom n = intake_start();
    IntakeFeed feed = added(&n, "https://feeds.example/a.xml");

    (void)state;
    FAILS(intake_feed_move(n.ctx, feed.id, S("active")), ERR_CONFLICT, "state");
    OK_(intake_feed_move(n.ctx, feed.id, S("paused")));
    FAILS(intake_feed_fetch(n.ctx, feed.id), ERR_CONFLICT, "state");
    assert_int_equal(feed_now(&n, feed.id).run, 2);
    give_body(&n, feed.id, rss(&n, ITEM("1", "/1", "一"))); /* came too late */
    assert_int_equal(world_count(&n.w, "deposit"), 0);
    OK_(intake_feed_move(n.ctx, feed.id, S("active")));
    OK_(intake_feed_move(n.ctx, feed.id, S("ended")));
    FAILS(intake_feed_move(n.ctx, feed.id, S("active")), ERR_CONFLICT, "state");
    FAILS(intake_feed_move(n.ctx, 99, S("paused")), ERR_NOT_FOUND, NULL);
    newsroom_free(&n);
}

static void items_become_deposits_of_the_outlet_and_the_next_fetch_is_planned(void **state) {
    Newsroom n = intake_start();
    IntakeFeed feed = added(&n, "https://feeds.example/a.xml");
    DepositList list;
    int64_t next;

    (void)state;
    give_body(&n, feed.id, rss(&n, ITEM("2", "/2", "二") ITEM("1", "/1", "一")));
    OK_(intake_cards(n.ctx, n.paper.id, 0, 20, &list, &next));
    assert_true(list.len == 2 && str_eq(list.items[0].title, S("二")) &&
                list.items[0].feed_id == feed.id && list.items[0].person_id == 0);
    IntakeState s = state_now(&n, feed.id);
    assert_true(str_eq(s.outcome, S("taken")) && str_eq(s.etag, S("\"e1\"")) && s.failures == 0 &&
                s.last_ok_ms == n.ctx->now_ms && s.next_ms > n.ctx->now_ms);
    assert_true(str_eq(feed_now(&n, feed.id).title, S("学院 动态")));
    assert_int_equal(feed_now(&n, feed.id).run, 2);
    assert_int_equal(world_count(&n.w, "job"),
                     2); /* the first, which the queue ends, and the next */
    IntakeFetch f = last_fetch(&n, feed.id);
    assert_true(f.items == 2 && f.fresh == 2 && f.changed == 0 && f.status == 200);
    newsroom_free(&n);
}

static void the_same_twice_changes_nothing_and_an_update_is_a_version(void **state) {
    Newsroom n = intake_start();
    IntakeFeed feed = added(&n, "https://feeds.example/a.xml");

    (void)state;
    give_body(&n, feed.id, rss(&n, ITEM("1", "/1", "一")));
    int64_t logged = world_count(&n.w, "ledger_pending");
    give_body(&n, feed.id, rss(&n, ITEM("1", "/1", "一")));
    assert_true(str_eq(state_now(&n, feed.id).outcome, S("same")));
    give_body(&n, feed.id, rss(&n, ITEM("1", "/1", "一") "<!-- x -->"));
    assert_true(str_eq(state_now(&n, feed.id).outcome, S("taken")));
    assert_int_equal(world_count(&n.w, "ledger_pending"), logged);
    give_body(&n, feed.id, rss(&n, ITEM("1", "/1", "一，更正")));
    assert_int_equal(last_fetch(&n, feed.id).changed, 1);
    give_body(&n, feed.id, rss(&n, ITEM("new-id", "/1", "一，更正"))); /* ids that change */
    assert_int_equal(world_count(&n.w, "deposit"), 1);
    assert_int_equal(world_count(&n.w, "deposit_version"), 2);
    newsroom_free(&n);
}

/* Guids, addresses and texts that several items of a feed share name none of them. */
static void sloppy_feeds_neither_join_nor_multiply_their_items(void **state) {
    static const char *const sloppy = ITEM("same", "/1", "一") ITEM("same", "/2", "二")
        ITEM("3", "/all", "三") ITEM("4", "/all", "四") ITEM("5", "/5", "五")
            ITEM("5", "/5",
                 "五") "<item><title>没有地址</title><description>只有一句话</description></item>"
                       "<item><description></description></item>"
                       "<item><title>坏地址</title><link>javascript:alert(1)</link></item>";
    Newsroom n = intake_start();
    IntakeFeed feed = added(&n, "https://feeds.example/a.xml");
    DepositList list;
    int64_t next;

    (void)state;
    give_body(&n, feed.id, rss(&n, sloppy));
    assert_int_equal(world_count(&n.w, "deposit"), 7);
    OK_(intake_cards(n.ctx, 0, 0, 20, &list, &next));
    for (size_t i = 1; i < list.len; i++)
        assert_true(list.items[i].card_id != list.items[i - 1].card_id);
    for (size_t i = 0; i < list.len; i++)
        assert_false(str_contains(list.items[i].url, S("javascript")));
    give_body(&n, feed.id,
              rss(&n, str_to_c(n.ctx->arena,
                               str_concat(n.ctx->arena, str_from_c(sloppy), S("<!-- again -->")))));
    assert_int_equal(world_count(&n.w, "deposit"), 7);
    assert_int_equal(world_count(&n.w, "deposit_version"), 7);
    newsroom_free(&n);
}

static void only_the_newest_of_many_are_taken(void **state) {
    Newsroom n = intake_start();
    IntakeFeed feed = added(&n, "https://feeds.example/a.xml");
    Buf items = buf_new(n.ctx->arena, 0);
    DepositList list;
    int64_t next;

    (void)state;
    for (int i = 0; i < FEED_ITEMS_TAKEN + 50; i++) /* the oldest first */
        buf_add_format(&items,
                       "<item><guid isPermaLink='false'>%d</guid><title>第%d则</title><pubDate>%s, "
                       "%02d Nov 2026 %02d:00:00"
                       " GMT</pubDate></item>",
                       i, i, "Mon", 1 + i / 24, i % 24);
    give_body(&n, feed.id, rss(&n, str_to_c(n.ctx->arena, buf_str(&items))));
    assert_int_equal(world_count(&n.w, "deposit"), FEED_ITEMS_TAKEN);
    OK_(intake_cards(n.ctx, 0, 0, 1, &list, &next));
    assert_true(str_eq(list.items[0].title, S("第249则")));
    newsroom_free(&n);
}

static void a_date_of_1970_or_to_come_is_no_date(void **state) {
    Newsroom n = intake_start();
    IntakeFeed feed = added(&n, "https://feeds.example/a.xml");
    DepositList list;
    int64_t next;

    (void)state;
    give_body(&n, feed.id,
              rss(&n, "<item><title>一</title><link>https://x.example/1</link><pubDate>Thu, 01 Jan "
                      "1970 00:00:00 GMT</pubDate></item>"
                      "<item><title>二</title><link>https://x.example/2</link><pubDate>Thu, 01 Jan "
                      "2099 00:00:00 GMT</pubDate></item>"));
    OK_(intake_cards(n.ctx, 0, 0, 20, &list, &next));
    assert_true(list.len == 2 && !list.items[0].published_ms && !list.items[1].published_ms &&
                list.items[0].deposited_ms == n.ctx->now_ms);
    newsroom_free(&n);
}

static void failures_are_told_counted_and_paused_for_longer_each_time(void **state) {
    static const struct {
        IntakeAnswer answer;
        const char *outcome;
    } rows[] = {
        { { .outcome = S_INIT("timed-out") }, "timed-out" },
        { { .status = 404 }, "status" },
        { { .status = 500 }, "status" },
        { { .status = 304 }, "status" }, /* nobody had asked whether it changed */
        { { .status = 200, .body = S_INIT("<html><body>登录</body></html>") }, "not-a-feed" },
        { { .status = 200, .body = S_INIT("") }, "not-a-feed" },
        { { .status = 200, .body = S_INIT("\xff\xfe\x00\x01") }, "not-a-feed" },
        { { .outcome = S_INIT("bomb") }, "bomb" },
        { { .status = 204 }, "status" },
    };
    Newsroom n = intake_start();
    IntakeFeed feed = added(&n, "https://feeds.example/a.xml");

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        give(&n, feed.id, rows[i].answer);
        IntakeState s = state_now(&n, feed.id);
        int64_t most = 5 * MINUTE << i;
        if (!str_eq(s.outcome, str_from_c(rows[i].outcome)))
            fail_msg("row %zu: %.*s", i, STR_ARG(s.outcome));
        assert_int_equal(s.failures, i + 1);
        assert_true(s.next_ms - n.ctx->now_ms >= most / 2 && s.next_ms - n.ctx->now_ms <= most);
        assert_true(str_eq(feed_now(&n, feed.id).state, S("active")));
    }
    for (int i = 0; i < 30; i++)
        give_status(&n, feed.id, 500);
    assert_true(state_now(&n, feed.id).next_ms - n.ctx->now_ms <= DAY);
    assert_true(str_eq(feed_now(&n, feed.id).state, S("active"))); /* never disabled by itself */
    assert_int_equal(world_count(&n.w, "intake_fetch"), FEED_FETCHES_KEPT);
    give_body(&n, feed.id, rss(&n, ITEM("1", "/1", "一")));
    assert_int_equal(state_now(&n, feed.id).failures, 0);
    newsroom_free(&n);
}

static void what_the_site_asks_for_is_kept(void **state) {
    Newsroom n = intake_start();
    IntakeFeed feed = added(&n, "https://feeds.example/a.xml");

    (void)state;
    give(&n, feed.id, (IntakeAnswer){ .status = 429, .retry_after_ms = 7 * HOUR });
    IntakeState s = state_now(&n, feed.id);
    assert_true(s.next_ms == n.ctx->now_ms + 7 * HOUR && str_eq(s.wait, S("asked")));
    give(&n, feed.id, (IntakeAnswer){ .status = 503, .retry_after_ms = 400 * DAY });
    assert_true(state_now(&n, feed.id).next_ms <= n.ctx->now_ms + DAY);
    give(&n, feed.id,
         (IntakeAnswer){ .status = 200,
                         .body = rss(&n, ITEM("1", "/1", "一")),
                         .cache_control = S("public, MAX-AGE=36000") });
    assert_int_equal(state_now(&n, feed.id).next_ms, n.ctx->now_ms + 10 * HOUR);
    newsroom_free(&n);
}

static void a_304_after_validators_is_a_success(void **state) {
    Newsroom n = intake_start();
    IntakeFeed feed = added(&n, "https://feeds.example/a.xml");

    (void)state;
    give_body(&n, feed.id, rss(&n, ITEM("1", "/1", "一")));
    give_status(&n, feed.id, 304);
    IntakeState s = state_now(&n, feed.id);
    assert_true(str_eq(s.outcome, S("unchanged")) && s.failures == 0 &&
                str_eq(s.etag, S("\"e1\"")));
    newsroom_free(&n);
}

static void a_410_ends_the_feed_with_an_entry(void **state) {
    Newsroom n = intake_start();
    IntakeFeed feed = added(&n, "https://feeds.example/a.xml");
    int64_t logged = world_count(&n.w, "ledger_pending"), jobs = world_count(&n.w, "job");

    (void)state;
    give_status(&n, feed.id, 410);
    feed = feed_now(&n, feed.id);
    assert_true(str_eq(feed.state, S("ended")) && str_eq(feed.why, S("gone")));
    assert_int_equal(world_count(&n.w, "ledger_pending") - logged, 1);
    assert_int_equal(world_count(&n.w, "job"), jobs);
    newsroom_free(&n);
}

static void a_permanent_move_is_believed_after_days(void **state) {
    Newsroom n = intake_start();
    IntakeFeed feed = added(&n, "https://feeds.example/a.xml");
    IntakeAnswer moved = { .status = 200,
                           .body = rss(&n, ITEM("1", "/1", "一")),
                           .moved_url = S("https://new.example/f") };

    (void)state;
    int64_t logged = world_count(&n.w, "ledger_pending");
    give(&n, feed.id, moved);
    give(&n, feed.id, moved);
    give(&n, feed.id, moved);
    assert_true(str_eq(feed_now(&n, feed.id).url, S("https://feeds.example/a.xml")));
    assert_int_equal(state_now(&n, feed.id).moved_times, 3);
    world_advance(&n.w, 2 * DAY);
    give(&n, feed.id,
         (IntakeAnswer){ .status = 200, .body = moved.body }); /* it was a passing one */
    give(&n, feed.id, moved);
    give(&n, feed.id, moved);
    world_advance(&n.w, 2 * DAY);
    assert_true(str_eq(feed_now(&n, feed.id).url, S("https://feeds.example/a.xml")));
    give(&n, feed.id, moved);
    assert_true(str_eq(feed_now(&n, feed.id).url, S("https://new.example/f")));
    assert_int_equal(world_count(&n.w, "ledger_pending") - logged, 2); /* a deposit, the move */
    newsroom_free(&n);
}

static void a_page_leads_to_the_feed_that_it_names_once(void **state) {
    Newsroom n = intake_start();
    IntakeFeed feed = added(&n, "https://x.example/"), other = added(&n, "https://y.example/");
    IntakeAnswer page = { .status = 200,
                          .body = S("<html><head><link rel='alternate' type='application/rss+xml'"
                                    " href='/feed.xml'></head><body>x</body></html>") };

    (void)state;
    give(&n, feed.id, page);
    assert_true(str_eq(feed_now(&n, feed.id).url, S("https://feeds.example/feed.xml")));
    assert_true(state_now(&n, feed.id).failures == 0 &&
                state_now(&n, feed.id).next_ms == n.ctx->now_ms);
    give(&n, feed.id, page); /* that is a page as well: no second leap */
    assert_true(str_eq(feed_now(&n, feed.id).url, S("https://feeds.example/feed.xml")));
    assert_true(str_eq(state_now(&n, feed.id).outcome, S("not-a-feed")));
    give(&n, other.id, page); /* what another feed reads already is not read twice */
    assert_true(str_eq(feed_now(&n, other.id).url, S("https://y.example/")));
    assert_true(state_now(&n, other.id).next_ms > n.ctx->now_ms);
    newsroom_free(&n);
}

static void an_answer_to_an_older_plan_changes_nothing(void **state) {
    Newsroom n = intake_start();
    IntakeFeed feed = added(&n, "https://feeds.example/a.xml");
    IntakeAnswer answer = { .outcome = S("answered"),
                            .status = 200,
                            .retry_after_ms = -1,
                            .body = rss(&n, ITEM("1", "/1", "一")) };

    (void)state;
    OK_(intake_feed_fetch(n.ctx, feed.id));
    assert_int_equal(feed_now(&n, feed.id).run, 2);
    OK_(intake_answer(n.ctx, feed.id, 1, &answer));
    assert_int_equal(world_count(&n.w, "deposit"), 0);
    OK_(intake_answer(n.ctx, feed.id, 2, &answer));
    OK_(intake_answer(n.ctx, feed.id, 2, &answer)); /* the job came twice */
    assert_int_equal(world_count(&n.w, "deposit"), 1);
    assert_int_equal(feed_now(&n, feed.id).run, 3);
    OK_(intake_feed_fetch(n.ctx, feed.id)); /* within a minute */
    assert_int_equal(feed_now(&n, feed.id).run, 3);
    OK_(intake_answer(n.ctx, 99, 1, &answer));
    IntakeAnswer nothing = { .is_cancelled = true };
    OK_(intake_answer(n.ctx, feed.id, 3, &nothing));
    assert_true(state_now(&n, feed.id).failures == 0 && feed_now(&n, feed.id).run == 4);
    newsroom_free(&n);
}

static void feeds_that_lost_their_job_are_planned_again(void **state) {
    Newsroom n = intake_start();
    IntakeFeed feed = added(&n, "https://feeds.example/a.xml");
    int64_t planned;

    (void)state;
    (void)added(&n, "https://feeds.example/b.xml");
    OK_(intake_feed_plan(n.ctx, false, &planned));
    assert_int_equal(planned, 0);
    give_body(&n, feed.id, rss(&n, ITEM("1", "/1", "一")));
    world_advance(&n.w, 30 * DAY);
    OK_(intake_feed_plan(n.ctx, false, &planned));
    assert_int_equal(planned, 2);
    world_advance(&n.w, -60 * DAY); /* the clock was put back */
    OK_(intake_feed_plan(n.ctx, false, &planned));
    assert_int_equal(planned, 1);
    OK_(intake_feed_move(n.ctx, feed.id, S("paused")));
    OK_(intake_feed_plan(n.ctx, true, &planned));
    assert_int_equal(planned, 1);
    newsroom_free(&n);
}

static void the_pace_follows_the_items(void **state) {
    const int64_t now = WORLD_NOW_MS;
    int64_t hourly[30], daily[5], none[1] = { 0 };

    (void)state;
    for (int i = 0; i < 30; i++)
        hourly[i] = now - i * HOUR;
    for (int i = 0; i < 5; i++)
        daily[i] = now - i * DAY;
    assert_int_equal(intake_pace_interval(hourly, 30, now, 0, true), HOUR / 2);
    assert_int_equal(intake_pace_interval(daily, 5, now, 0, true), DAY / 2);
    assert_int_equal(intake_pace_interval(hourly, 30, now + 40 * HOUR, 0, true), 10 * HOUR);
    assert_int_equal(intake_pace_interval(hourly, 30, now + 400 * DAY, 0, true), DAY);
    int64_t burst[3] = { now, now, now };
    assert_int_equal(intake_pace_interval(burst, 3, now, 0, true), FEED_INTERVAL_MIN_MS);
    assert_int_equal(intake_pace_interval(none, 1, now, HOUR, true), HOUR / 2);
    assert_int_equal(intake_pace_interval(NULL, 0, now, HOUR, false), HOUR + HOUR / 2);
    assert_int_equal(intake_pace_interval(NULL, 0, now, 20 * HOUR, false), DAY);
    assert_int_equal(intake_pace_interval(NULL, 0, now, 0, false), FEED_INTERVAL_FIRST_MS * 3 / 2);
    assert_int_equal(intake_pace_max_age(S("no-cache")), 0);
    assert_int_equal(intake_pace_max_age(S("max-age=x, max-age=60")), 60000);
    assert_int_equal(intake_pace_max_age(S("max-age=99999999999")), DAY);
    assert_int_equal(intake_pace_max_age(S("max-age=-5")), 0);
}

static FeedFirst first_of(Newsroom *n) {
    FeedFirst first[FEED_LIST_MAX] = { 0 };
    size_t len;

    OK_(intake_feed_first(n->ctx, &n->ctx->outlet_id, 1, first, &len));
    assert_true(len <= 1);
    return first[0];
}

/* A list of feeds: how many were asked, stopped, and gone on with; nothing is lost, nothing twice. */
static void feeds_that_were_never_asked_are_counted_stopped_and_gone_on_with(void **state) {
    Newsroom n = intake_start();
    IntakeFeed a = added(&n, "https://feeds.example/a.xml"),
               b = added(&n, "https://feeds.example/b.xml"),
               c = added(&n, "https://feeds.example/c.xml");
    IntakeAnswer late = { .outcome = S("answered"), .status = 200, .retry_after_ms = -1 };
    int64_t moved, deposits;

    (void)state;
    assert_true(first_of(&n).total == 3 && first_of(&n).asked == 0 && first_of(&n).paused == 0);
    give_body(&n, a.id, rss(&n, ITEM("1", "/1", "一")));
    assert_int_equal(first_of(&n).asked, 1);
    OK_(intake_feed_first_move(n.ctx, S("paused"), &moved));
    assert_int_equal(moved, 2);
    assert_true(first_of(&n).paused == 2 && str_eq(feed_now(&n, a.id).state, S("active")));
    OK_(intake_feed_first_move(n.ctx, S("paused"), &moved));
    assert_int_equal(moved, 0);
    deposits = world_count(&n.w, "deposit");
    late.body = rss(&n, ITEM("2", "/2", "二")); /* on its way when it was stopped */
    OK_(intake_answer(n.ctx, b.id, b.run, &late));
    assert_int_equal(world_count(&n.w, "deposit"), deposits);
    OK_(intake_feed_first_move(n.ctx, S("active"), &moved));
    assert_true(moved == 2 && first_of(&n).paused == 0);
    give_body(&n, b.id, rss(&n, ITEM("2", "/2", "二")));
    assert_int_equal(world_count(&n.w, "deposit"), deposits + 1);
    give_status(&n, c.id, 500); /* it was asked, whatever it said */
    assert_int_equal(first_of(&n).total, 0);
    newsroom_free(&n);
}

static void what_a_feed_says_of_its_pace_is_a_lower_bound(void **state) {
    static const struct {
        const char *ttl, *period, *frequency;
        int64_t minutes;
    } cases[] = {
        { "", "", "", 0 },           { "60", "", "", 60 },
        { "1", "", "", 5 },          { "99999", "", "", 1440 },
        { "-5", "", "", 0 },         { "x", "", "", 0 },
        { "", "hourly", "", 60 },    { "", "Hourly", "2", 30 },
        { "", "daily", "", 1440 },   { "", "weekly", "", 1440 },
        { "", "weekly", "14", 720 }, { "", "hourly", "1000", 5 },
        { "", "hourly", "0", 60 },   { "", "sometimes", "2", 0 },
        { "90", "hourly", "1", 90 }, { "9999999999999999999", "", "", 0 },
        { "", "", "7", 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Feed feed = { .ttl = str_from_c(cases[i].ttl),
                      .update_period = str_from_c(cases[i].period),
                      .update_frequency = str_from_c(cases[i].frequency) };
        if (intake_pace_told(&feed) != cases[i].minutes * MINUTE)
            fail_msg("%zu: %lld", i, (long long)intake_pace_told(&feed));
    }
}

/* The world's clock stands at Monday 06:02. */
static void hours_and_days_without_news_are_passed_over(void **state) {
    const int64_t now = WORLD_NOW_MS, full = WORLD_NOW_MS - 2 * MINUTE;
    const int64_t monday = 1 << 1, tuesday = 1 << 2, all_hours = (1 << 24) - 1;

    (void)state;
    assert_int_equal(intake_pace_skip(now + MINUTE, now, 0, 0), now + MINUTE);
    assert_int_equal(intake_pace_skip(now + MINUTE, now, 1 << 7, 0), now + MINUTE);
    assert_int_equal(intake_pace_skip(now + MINUTE, now, 1 << 6, 0), full + HOUR);
    assert_int_equal(intake_pace_skip(now + MINUTE, now, 3 << 6, 0), full + 2 * HOUR);
    assert_int_equal(intake_pace_skip(now + MINUTE, now, 0, monday), full + 18 * HOUR);
    assert_int_equal(intake_pace_skip(now + MINUTE, now, 1, monday), full + 19 * HOUR);
    assert_int_equal(intake_pace_skip(now + MINUTE, now, 0, tuesday), now + MINUTE);
    assert_int_equal(intake_pace_skip(now + MINUTE, now, all_hours, 0), now + DAY);
    assert_int_equal(intake_pace_skip(now + MINUTE, now, 0, 127), now + DAY);
    assert_int_equal(intake_pace_skip(now + 2 * DAY, now, all_hours, 0), now + 2 * DAY);
}

static void a_feed_that_asks_for_time_gets_it_also_while_nothing_changes(void **state) {
    Newsroom n = intake_start();
    IntakeFeed feed = added(&n, "https://feeds.example/a.xml");

    (void)state;
    give_body(&n, feed.id, rss(&n, ITEM("1", "/1", "一") "<ttl>720</ttl>"));
    IntakeState s = state_now(&n, feed.id);
    assert_true(str_eq(s.wait, S("told")) && s.next_ms == n.ctx->now_ms + 12 * HOUR);
    world_advance(&n.w, 12 * HOUR);
    give_status(&n, feed.id, 304);
    s = state_now(&n, feed.id);
    assert_true(str_eq(s.wait, S("told")) && s.next_ms == n.ctx->now_ms + 12 * HOUR);
    newsroom_free(&n);
}

static void a_page_may_name_its_feed_in_a_header(void **state) {
    static const struct {
        const char *links, *url;
    } cases[] = {
        { "</style.css>; rel=preload, <atom>; rel=\"x alternate\"; type=application/atom+xml",
          "https://feeds.example/atom" },
        { "<en>; rel=alternate; hreflang=en", "https://feeds.example/body" },
        { "<javascript:1>; rel=alternate; type=\"application/rss+xml\"", NULL },
        { "", "https://feeds.example/body" },
    };
    Newsroom n = intake_start();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        IntakeFeed feed = added(&n, "https://feeds.example/page");
        give(&n, feed.id,
             (IntakeAnswer){ .status = 200,
                             .links = str_from_c(cases[i].links),
                             .body = S("<html><head><link rel=alternate type=application/rss+xml"
                                       " href=body></head></html>") });
        Str url = feed_now(&n, feed.id).url;
        if (!str_eq(url, cases[i].url ? str_from_c(cases[i].url) : S("https://feeds.example/page")))
            fail_msg("%zu: %.*s", i, STR_ARG(url));
        OK_(intake_feed_move(n.ctx, feed.id, S("ended")));
    }
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(feeds_that_were_never_asked_are_counted_stopped_and_gone_on_with),
        cmocka_unit_test(a_feed_is_added_once_and_owed_at_once),
        cmocka_unit_test(states_move_by_the_table_and_end_what_was_planned),
        cmocka_unit_test(items_become_deposits_of_the_outlet_and_the_next_fetch_is_planned),
        cmocka_unit_test(the_same_twice_changes_nothing_and_an_update_is_a_version),
        cmocka_unit_test(sloppy_feeds_neither_join_nor_multiply_their_items),
        cmocka_unit_test(only_the_newest_of_many_are_taken),
        cmocka_unit_test(a_date_of_1970_or_to_come_is_no_date),
        cmocka_unit_test(failures_are_told_counted_and_paused_for_longer_each_time),
        cmocka_unit_test(what_the_site_asks_for_is_kept),
        cmocka_unit_test(a_304_after_validators_is_a_success),
        cmocka_unit_test(a_410_ends_the_feed_with_an_entry),
        cmocka_unit_test(a_permanent_move_is_believed_after_days),
        cmocka_unit_test(a_page_leads_to_the_feed_that_it_names_once),
        cmocka_unit_test(an_answer_to_an_older_plan_changes_nothing),
        cmocka_unit_test(feeds_that_lost_their_job_are_planned_again),
        cmocka_unit_test(the_pace_follows_the_items),
        cmocka_unit_test(what_a_feed_says_of_its_pace_is_a_lower_bound),
        cmocka_unit_test(hours_and_days_without_news_are_passed_over),
        cmocka_unit_test(a_feed_that_asks_for_time_gets_it_also_while_nothing_changes),
        cmocka_unit_test(a_page_may_name_its_feed_in_a_header),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
