/* intake_test.c - deposits: one item is one row with versions, one story one card, and nothing is joined wrongly. */
#include <pthread.h>

#include "features/intake/intake_facts.h"
#include "features/intake/intake_test_world.h"

static Deposit deposit(Newsroom *n, const DepositFacts *facts, DepositOutcome wanted) {
    DepositOutcome outcome;
    Deposit d;

    OK_(intake_deposit(n->ctx, facts, &d, &outcome));
    assert_int_equal(outcome, wanted);
    return d;
}

static Deposit link_of(Newsroom *n, const char *title, const char *url, const char *text,
                       DepositOutcome wanted) {
    DepositFacts facts = facts_of(title, url, text);

    return deposit(n, &facts, wanted);
}

static Str address(const char *url) {
    static Arena *arena;
    Str out;

    if (!arena)
        arena = arena_new(0);
    OK_(intake_address(arena, str_from_c(url), &out));
    return out;
}

static void addresses_are_compared_in_one_form(void **state) {
    static const char *const same[][2] = {
        { "http://News.Example/a", "https://news.example/a#top" },
        { "https://news.example:443/a?utm_source=x&id=7",
          "https://news.example/a?id=7&UTM_Medium=y" },
        { "http://news.example:80/a", "http://news.example./a" },
        { "https://news.example/%e4%b8%ad%7Ea", "https://news.example/中~a" },
        { "https://mp.weixin.qq.com/s?__biz=b&mid=1&idx=1&sn=s&chksm=c&scene=21#rd",
          "https://mp.weixin.qq.com/s?__biz=b&mid=1&idx=1&sn=s" },
        { "https://news.example/a?gclid=1", "https://news.example/a" },
    };
    static const char *const different[][2] = {
        { "https://news.example/a", "https://news.example/b" },
        { "https://news.example/a?id=7", "https://news.example/a?id=8" },
        { "https://news.example/a", "https://news.example:8443/a" },
        { "https://news.example/A", "https://news.example/a" },
        { "https://a.news.example/a", "https://news.example/a" },
        { "https://news.example/a?scene=1", "https://news.example/a?scene=2" },
        { "https://news.example/a%2Fb", "https://news.example/a/b" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(same); i++)
        if (!str_eq(address(same[i][0]), address(same[i][1])))
            fail_msg("%s is not %s", same[i][0], same[i][1]);
    for (size_t i = 0; i < COUNT_OF(different); i++)
        if (str_eq(address(different[i][0]), address(different[i][1])))
            fail_msg("%s is %s", different[i][0], different[i][1]);
    assert_int_equal(address("https://news.example").len, 0);
    assert_int_equal(address("https://news.example/index.html?utm_source=a").len, 0);
    assert_true(address("https://news.example/?p=1").len > 0);
}

static void only_web_addresses_are_taken(void **state) {
    static const char *const bad[] = { "javascript:alert(1)",    "ftp://x.example/a",
                                       "//x.example/a",          "https://",
                                       "https://a b/",           "http://x\n/a",
                                       "https://u:p@x.example/", "x.example/a",
                                       "https://x/<a>",          "https://x/\xff" };
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str out = STR_EMPTY;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        FAILS(intake_address(arena, str_from_c(bad[i]), &out), ERR_INVALID, "url");
    char *longest = arena_alloc(arena, DEPOSIT_URL_BYTES_MAX + 2);
    memset(longest, 'a', DEPOSIT_URL_BYTES_MAX + 1);
    memcpy(longest, "http://x/", 9);
    FAILS(intake_address(arena, (Str){ longest, DEPOSIT_URL_BYTES_MAX + 1 }, &out), ERR_LIMIT,
          "url");
    OK_(intake_address(arena, (Str){ longest, DEPOSIT_URL_BYTES_MAX }, &out));
}

static void the_hash_is_of_the_text_without_white_space(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str a, b;
    int64_t chars;

    (void)state;
    OK_(intake_text_hash(arena, S("河 边\n的\xe3\x80\x80路"), &a, &chars));
    assert_int_equal(chars, 4);
    OK_(intake_text_hash(arena, S("河边的路"), &b, &chars));
    assert_true(str_eq(a, b));
    /* printf 河边的路 | sha256sum */
    assert_true(str_eq(a, S("0766e78f4eb6dc52c66c0953feab7b1657115f1345b8b1f790ce6191d808376e")));
    OK_(intake_text_hash(arena, S(" \n"), &a, &chars));
    assert_true(a.len == 0 && chars == 0);
}

static void a_deposit_is_kept_with_date_and_hash_and_logged(void **state) {
    Newsroom n = intake_start();
    DepositFacts facts = facts_of(" 路修好了 ", "https://mp.example/s/1", LONG_TEXT);
    int64_t logged = world_count(&n.w, "ledger_pending"), told = world_count(&n.w, "event");
    DepositList list;
    DepositVersions versions;

    (void)state;
    facts.published_ms = WORLD_NOW_MS - 5000;
    Deposit d = deposit(&n, &facts, DEPOSIT_NEW), stored;
    OK_(intake_get(n.ctx, d.id, &stored));
    assert_true(stored.card_id == d.id && stored.outlet_id == n.paper.id &&
                stored.person_id == n.ann.id && stored.n == 1 && stored.feed_id == 0);
    assert_true(str_eq(stored.title, S("路修好了")) && stored.text_hash.len == 64 &&
                stored.text_chars > DEPOSIT_TEXT_CHARS_MIN);
    assert_true(stored.published_ms == facts.published_ms && stored.deposited_ms == n.ctx->now_ms);
    assert_int_equal(world_count(&n.w, "ledger_pending") - logged, 1);
    assert_int_equal(world_count(&n.w, "event") - told, 1);
    OK_(intake_card(n.ctx, d.id, &list, &versions));
    assert_true(list.len == 1 && versions.len == 1);
    newsroom_free(&n);
}

static void the_same_again_writes_nothing(void **state) {
    Newsroom n = intake_start();
    Deposit d = link_of(&n, "甲", "https://mp.example/s/1", LONG_TEXT, DEPOSIT_NEW);
    int64_t logged = world_count(&n.w, "ledger_pending");

    (void)state;
    as(n.ctx, &n.ben, &n.paper);
    Deposit again =
        link_of(&n, "甲", "http://mp.example/s/1?utm_source=y#x", LONG_TEXT, DEPOSIT_SAME);
    assert_true(again.id == d.id && again.person_id == n.ann.id);
    (void)link_of(&n, "甲", "https://mp.example/s/1", "",
                  DEPOSIT_SAME); /* not told is not changed */
    assert_int_equal(world_count(&n.w, "ledger_pending"), logged);
    assert_int_equal(world_count(&n.w, "deposit_version"), 1);
    newsroom_free(&n);
}

static void other_words_are_the_next_version_of_the_same_item(void **state) {
    Newsroom n = intake_start();
    Deposit d = link_of(&n, "甲", "https://mp.example/s/1", LONG_TEXT, DEPOSIT_NEW);
    DepositVersion a, b, none = { .n = -1 };

    (void)state;
    world_advance(&n.w, 1000);
    Deposit changed = link_of(&n, "乙", "https://mp.example/s/1", "", DEPOSIT_CHANGED);
    assert_true(changed.id == d.id && changed.n == 2);
    OK_(intake_version(n.ctx, d.id, 1, &a));
    OK_(intake_version(n.ctx, d.id, 2, &b));
    assert_true(str_eq(a.title, S("甲")) && str_eq(b.title, S("乙")));
    assert_true(str_eq(a.text_hash, b.text_hash) && b.made_ms == a.made_ms + 1000);
    FAILS(intake_version(n.ctx, d.id, 3, &none), ERR_NOT_FOUND, NULL);
    assert_int_equal(none.n, -1);
    assert_int_equal(world_count(&n.w, "deposit"), 1);
    for (int i = 3; i <= DEPOSIT_VERSIONS_MAX; i++)
        (void)link_of(&n, i % 2 ? "丙" : "丁", "https://mp.example/s/1", "", DEPOSIT_CHANGED);
    (void)link_of(&n, "戊", "https://mp.example/s/1", "", DEPOSIT_SAME);
    newsroom_free(&n);
}

/* ---- one story, one card ---- */

static void the_same_address_or_text_at_several_outlets_is_one_card(void **state) {
    Newsroom n = intake_start();
    Deposit a = link_of(&n, "甲", "https://mp.example/s/1", LONG_TEXT, DEPOSIT_NEW), b, c, moved;
    DepositVersions versions;
    DepositList list;
    int64_t next;

    (void)state;
    as(n.ctx, &n.eve, &n.radio);
    b = link_of(&n, "乙", "http://mp.example/s/1#rd", "", DEPOSIT_NEW);
    c = link_of(&n, "丙", "https://other.example/7", LONG_TEXT, DEPOSIT_NEW);
    assert_true(b.card_id == a.id && c.card_id == a.id && b.id != a.id && c.id != b.id);
    OK_(intake_card(n.ctx, a.id, &list, &versions));
    assert_true(list.len == 3 && versions.len == 3);
    OK_(intake_cards(n.ctx, 0, 0, 20, &list, &next));
    assert_true(list.len == 3 && next == 0);
    /* Two cards that turn out to be one story: the older one stays. */
    Deposit d = link_of(&n, "丁", "https://other.example/8", "", DEPOSIT_NEW);
    as(n.ctx, &n.ann, &n.paper);
    Deposit e = link_of(&n, "戊", "https://third.example/9", "", DEPOSIT_NEW);
    assert_true(d.card_id == d.id && e.card_id == e.id);
    Str text = str_format(n.ctx->arena, "另一则。%s", LONG_TEXT);
    DepositFacts facts = { .title = S("戊"), .url = S("https://third.example/9"), .text = text };
    (void)deposit(&n, &facts, DEPOSIT_CHANGED);
    as(n.ctx, &n.eve, &n.radio);
    facts = (DepositFacts){ .title = S("丁"), .url = S("https://other.example/8"), .text = text };
    (void)deposit(&n, &facts, DEPOSIT_CHANGED);
    OK_(intake_get(n.ctx, e.id, &moved));
    assert_true(moved.card_id == d.id);
    newsroom_free(&n);
}

/* Wrong merges: 0. */
static void what_is_only_alike_stays_apart(void **state) {
    static const char *const changes[][2] = {
        { "四十二", "四十三" },     { "七点", "八点" },   { "。", "！" },
        { "最后一台", "最后一辆" }, { "河边", "湖边" },   { "本周五", "本周四" },
        { "早上", "上午" },         { "学生会", "学生" },
    };
    Newsroom n = intake_start();
    int64_t cards = 0;

    (void)state;
    (void)link_of(&n, "同题", "https://mp.example/s/0", LONG_TEXT, DEPOSIT_NEW);
    as(n.ctx, &n.eve, &n.radio);
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        DepositFacts facts = {
            .title = S("同题"), /* a title alone is no proof */
            .url = str_format(n.ctx->arena, "https://mp.example/s/%d", (int)i + 1),
            .text = str_replace(n.ctx->arena, str_from_c(LONG_TEXT), str_from_c(changes[i][0]),
                                str_from_c(changes[i][1])),
        };
        Deposit d = deposit(&n, &facts, DEPOSIT_NEW);
        assert_true(d.card_id == d.id);
        cards++;
    }
    /* Short texts, home pages, shared addresses and shared texts prove nothing. */
    const DepositFacts weak[] = {
        { .title = S("一"), .url = S("https://w.example/1"), .text = S("点击阅读全文") },
        { .title = S("二"), .url = S("https://w.example/2"), .text = S("点击阅读全文") },
        { .title = S("三"), .url = S("https://w.example/"), .guid = S("g3") },
        { .title = S("四"), .url = S("https://w.example/"), .guid = S("g4") },
        { .title = S("五"),
          .url = S("https://w.example/all"),
          .guid = S("g5"),
          .has_common_url = true },
        { .title = S("六"),
          .url = S("https://w.example/all"),
          .guid = S("g6"),
          .has_common_url = true },
        { .title = S("七"),
          .url = S("https://w.example/7"),
          .text = S(""),
          .has_common_text = true },
    };
    for (size_t i = 0; i < COUNT_OF(weak); i++) {
        Deposit d = deposit(&n, &weak[i], DEPOSIT_NEW);
        assert_true(d.card_id == d.id);
        cards++;
    }
    DepositFacts common = facts_of("八", "https://w.example/8", LONG_TEXT);
    common.has_common_text = true;
    Deposit d = deposit(&n, &common, DEPOSIT_NEW);
    assert_true(d.card_id == d.id && d.text_hash.len == 64);
    printf("intake cards: %d pairs kept apart, 0 joined wrongly\n", (int)cards + 1);
    newsroom_free(&n);
}

static void lists_are_newest_first_by_pages_that_do_not_overlap(void **state) {
    Newsroom n = intake_start();
    DepositList list;
    int64_t next = 0, seen = 0, last = INT64_MAX;

    (void)state;
    for (int i = 0; i < 25; i++) {
        DepositFacts facts = { .title = S("题"),
                               .url = str_format(n.ctx->arena, "https://a.example/%d", i) };
        as(n.ctx, i % 5 ? &n.ann : &n.eve, i % 5 ? &n.paper : &n.radio);
        (void)deposit(&n, &facts, DEPOSIT_NEW);
    }
    do {
        OK_(intake_cards(n.ctx, 0, next, 10, &list, &next));
        for (size_t i = 0; i < list.len; i++, seen++) {
            assert_true(list.items[i].card_id < last);
            last = list.items[i].card_id;
        }
    } while (next);
    assert_int_equal(seen, 25);
    OK_(intake_cards(n.ctx, n.radio.id, 0, 20, &list, &next));
    assert_int_equal(list.len, 5);
    newsroom_free(&n);
}

static void what_is_not_fit_is_refused_by_field(void **state) {
    Newsroom n = intake_start();
    DepositOutcome outcome;
    Deposit d = { .id = -1 };
    DepositFacts facts = facts_of("", "https://a.example/1", "");

    (void)state;
    FAILS(intake_deposit(n.ctx, &facts, &d, &outcome), ERR_INVALID, "title");
    facts.title = S("a\nb");
    FAILS(intake_deposit(n.ctx, &facts, &d, &outcome), ERR_INVALID, "title");
    facts = facts_of("题", "", "");
    FAILS(intake_deposit(n.ctx, &facts, &d, &outcome), ERR_INVALID, "url");
    facts = facts_of("题", "https://a.example/1", "\xff");
    FAILS(intake_deposit(n.ctx, &facts, &d, &outcome), ERR_INVALID, "text");
    facts = facts_of("题", "https://a.example/1", "");
    facts.published_ms = n.ctx->now_ms + 2 * NEWS_DAY_MS;
    FAILS(intake_deposit(n.ctx, &facts, &d, &outcome), ERR_INVALID, "date");
    facts.published_ms = 0;
    as_operator(n.ctx);
    FAILS(intake_deposit(n.ctx, &facts, &d, &outcome), ERR_FORBIDDEN, NULL);
    assert_int_equal(d.id, -1);
    assert_int_equal(world_count(&n.w, "deposit"), 0);
    FAILS(intake_get(n.ctx, 99, &d), ERR_NOT_FOUND, NULL);
    newsroom_free(&n);
}

/* ---- two at once ---- */

typedef struct Rival {
    Ctx *ctx;
    DepositFacts facts;
    pthread_barrier_t *start;
    Deposit made;
    Err err;
} Rival;

static void *make(void *data) {
    Rival *r = data;
    DepositOutcome outcome;

    (void)pthread_barrier_wait(r->start);
    do {
        r->ctx->changed.items = NULL;
        r->ctx->changed.len = r->ctx->changed.cap = 0;
        r->err = db_settle(r->ctx, intake_deposit(r->ctx, &r->facts, &r->made, &outcome));
        db_reset(r->ctx->db);
    } while (r->err.code == ERR_BUSY && r->err.retry); /* as the runner does */
    return NULL;
}

static void two_outlets_at_the_same_instant_make_one_card(void **state) {
    enum { ROUNDS = 20 };
    Newsroom n = intake_start();

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        Str text = str_format(n.ctx->arena, "%s%d", LONG_TEXT, round);
        pthread_barrier_t start;
        pthread_t threads[2];
        Rival rivals[2];

        assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
        for (int i = 0; i < 2; i++) {
            Str url =
                str_format(n.ctx->arena, "https://news%d.example/%d", round % 2 ? i : 0, round);
            rivals[i] = (Rival){ .ctx = world_worker(&n.w),
                                 .facts = { .title = S("路修好了"), .url = url, .text = text },
                                 .start = &start };
            as(rivals[i].ctx, &n.ann, i == 0 ? &n.paper : &n.radio);
            assert_int_equal(pthread_create(&threads[i], NULL, make, &rivals[i]), 0);
        }
        for (int i = 0; i < 2; i++)
            assert_int_equal(pthread_join(threads[i], NULL), 0);
        pthread_barrier_destroy(&start);
        OK_(rivals[0].err);
        OK_(rivals[1].err);
        assert_true(rivals[0].made.id != rivals[1].made.id);
        assert_true(rivals[0].made.card_id == rivals[1].made.card_id);
        for (int i = 0; i < 2; i++)
            world_worker_free(rivals[i].ctx);
    }
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_compared_in_one_form),
        cmocka_unit_test(only_web_addresses_are_taken),
        cmocka_unit_test(the_hash_is_of_the_text_without_white_space),
        cmocka_unit_test(a_deposit_is_kept_with_date_and_hash_and_logged),
        cmocka_unit_test(the_same_again_writes_nothing),
        cmocka_unit_test(other_words_are_the_next_version_of_the_same_item),
        cmocka_unit_test(the_same_address_or_text_at_several_outlets_is_one_card),
        cmocka_unit_test(two_outlets_at_the_same_instant_make_one_card),
        cmocka_unit_test(what_is_only_alike_stays_apart),
        cmocka_unit_test(lists_are_newest_first_by_pages_that_do_not_overlap),
        cmocka_unit_test(what_is_not_fit_is_refused_by_field),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
