/* planning_calendar_test.c - what is due when, on a page and at secret addresses as iCalendar (RFC 5545). */
#include "db/db.h"
#include "features/planning/planning_test_world.h"
#include "text/zone.h"

#define ORIGIN S("https://news.example")
#define SECOND 1000

/* The moment of a local time in the alliance's zone. */
static int64_t at(const char *local) {
    int64_t ms;
    ZoneFit fit;

    OK_(zone_parse(S("Asia/Shanghai"), str_from_c(local), &ms, &fit));
    return ms;
}

/* The tests of the paper's calendar begin in the April before. */
static Newsroom april(void) {
    Newsroom n = planning_start();

    world_advance(&n.w, at("2030-04-20T12:00") - n.ctx->now_ms);
    return n;
}

static int64_t planned_release(Newsroom *n, const char *title, Str local) {
    Manuscript m = news_draft(n, title);

    OK_(manuscript_submit(n->ctx, m.id, m.version, &m));
    as(n->ctx, &n->ben, &n->paper);
    OK_(manuscript_plan(n->ctx, m.id, m.version, local, S("UTC"), &m));
    return m.id;
}

static void the_calendar_holds_what_is_wished_due_and_planned(void **state) {
    Newsroom n = april();
    Ctx *ctx = n.ctx;
    Assignment a = assignment_new(&n, "作业");
    Pitch p = pitch_new(&n, "心愿");
    CalendarEntries list;

    (void)state;
    as(ctx, &n.ben, &n.paper);
    OK_(pitch_move(ctx, p.id, p.version, S("2030-05-02"), &p));
    int64_t story = planned_release(&n, "定时", S("2030-04-30T16:00")); /* midnight in Shanghai */
    OK_(calendar_of_outlet(ctx, n.paper.id, at("2030-05-01T00:00"), at("2030-05-03T00:00"), &list));
    assert_int_equal(list.len, 3);
    assert_true(list.items[0].what == CALENDAR_RELEASE && list.items[0].id == story);
    assert_true(str_eq(list.items[0].day, S("2030-05-01")) &&
                str_eq(list.items[0].title, S("定时")));
    assert_true(list.items[1].what == CALENDAR_ASSIGNMENT && list.items[1].id == a.id);
    assert_true(list.items[2].what == CALENDAR_PITCH && str_eq(list.items[2].day, S("2030-05-02")));
    /* The end is excluded, the beginning is not. */
    OK_(calendar_of_outlet(ctx, n.paper.id, at("2030-04-30T00:00"), at("2030-05-01T00:00"), &list));
    assert_int_equal(list.len, 0);
    OK_(calendar_of_outlet(ctx, n.paper.id, at("2030-05-02T00:00"), at("2030-05-03T00:00"), &list));
    assert_true(list.len == 1 && list.items[0].what == CALENDAR_PITCH);
    OK_(calendar_of_outlet(ctx, n.radio.id, at("2030-01-01T00:00"), at("2031-01-01T00:00"), &list));
    assert_int_equal(list.len, 0);
    newsroom_free(&n);
}

static bool has(Str feed, const char *line) {
    return str_contains(feed, str_from_c(line));
}

static void an_outlets_address_gives_icalendar(void **state) {
    Newsroom n = april();
    Ctx *ctx = n.ctx;
    Str token, feed, again;

    (void)state;
    Assignment a = assignment_new(&n, "灯; 路, 桥");
    OK_(calendar_address_make(ctx, n.paper.id, &token));
    assert_true(token.len >= 43); /* 256 bits */
    ctx->actor = ACTOR_NOBODY;
    ctx->person_id = 0;
    ctx->lang = S("en");
    OK_(calendar_feed(ctx, token, ORIGIN, &feed));
    assert_true(str_starts(feed, S("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")));
    assert_true(str_ends(feed, S("END:VEVENT\r\nEND:VCALENDAR\r\n")));
    assert_true(has(feed, "\r\nDTSTART:20300501T100000Z\r\n")); /* 18:00 in Shanghai */
    assert_true(has(feed, "\r\nSUMMARY:Due: 灯\\; 路\\, 桥\r\n"));
    Str uid = str_format(ctx->arena, "\r\nUID:assignment-%lld@news.example/liandong\r\n",
                         (long long)a.id);
    assert_true(str_contains(feed, uid));
    assert_true(has(feed, "\r\nSEQUENCE:1\r\n"));
    /* The same state, the same bytes, however late it is asked. */
    world_advance(&n.w, 60 * SECOND);
    OK_(calendar_feed(ctx, token, ORIGIN, &again));
    assert_true(str_eq(feed, again));
    as(ctx, &n.ben, &n.paper);
    OK_(assignment_move(ctx, a.id, a.version, S("2030-05-02T18:00"), STR_EMPTY, &a));
    OK_(calendar_feed(ctx, token, ORIGIN, &again));
    assert_true(str_contains(again, uid)); /* moved, it is the same event */
    assert_true(has(again, "\r\nDTSTART:20300502T100000Z\r\n") && has(again, "\r\nSEQUENCE:2\r\n"));
    newsroom_free(&n);
}

static void a_persons_address_gives_what_is_assigned(void **state) {
    Newsroom n = april();
    Ctx *ctx = n.ctx;
    Str token, other, feed;

    (void)state;
    Assignment a = assignment_new(&n, "安宁的");
    as(ctx, &n.cai, &n.paper);
    OK_(calendar_address_make(ctx, 0, &other));
    as(ctx, &n.ann, &n.paper);
    OK_(calendar_address_make(ctx, 0, &token));
    OK_(calendar_feed(ctx, token, ORIGIN, &feed));
    assert_true(has(feed, "安宁的"));
    OK_(assignment_begin(ctx, a.id, a.version, &a));
    OK_(calendar_feed(ctx, token, ORIGIN, &feed));
    assert_true(has(feed, "安宁的")); /* a story that is begun is still due */
    OK_(calendar_feed(ctx, other, ORIGIN, &feed));
    assert_false(has(feed, "VEVENT"));
    assert_true(has(feed, "BEGIN:VTIMEZONE")); /* no calendar without a component */
    newsroom_free(&n);
}

static void an_address_is_renewed_and_ended(void **state) {
    Newsroom n = april();
    Ctx *ctx = n.ctx;
    CalendarAddress address;
    Str first, second, feed;

    (void)state;
    OK_(calendar_address_of(ctx, 0, &address));
    assert_int_equal(address.id, 0);
    FAILS(calendar_address_end(ctx, 0), ERR_CONFLICT, NULL);
    OK_(calendar_address_make(ctx, 0, &first));
    OK_(calendar_address_make(ctx, 0, &second));
    FAILS(calendar_feed(ctx, first, ORIGIN, &feed), ERR_NOT_FOUND, NULL);
    OK_(calendar_feed(ctx, second, ORIGIN, &feed));
    assert_int_equal(world_count(&n.w, "calendar_address"), 1);
    OK_(calendar_address_end(ctx, 0));
    FAILS(calendar_feed(ctx, second, ORIGIN, &feed), ERR_NOT_FOUND, NULL);
    FAILS(calendar_feed(ctx, S("guess"), ORIGIN, &feed), ERR_NOT_FOUND, NULL);
    FAILS(calendar_feed(ctx, STR_EMPTY, ORIGIN, &feed), ERR_NOT_FOUND, NULL);
    ctx->token_id = 7; /* a program makes no address that outlives its token */
    FAILS(calendar_address_make(ctx, 0, &first), ERR_FORBIDDEN, NULL);
    newsroom_free(&n);
}

/* Who has left reads nothing any more, at the own address or at that of the outlet. */
static void an_address_ends_with_the_rights_of_its_maker(void **state) {
    Newsroom n = april();
    Ctx *ctx = n.ctx;
    Str own, common, feed;

    (void)state;
    as(ctx, &n.ben, &n.paper);
    OK_(calendar_address_make(ctx, 0, &own));
    OK_(calendar_address_make(ctx, n.paper.id, &common));
    OK_(calendar_feed(ctx, common, ORIGIN, &feed));
    as_operator(ctx);
    OK_(person_end(ctx, n.ben.id));
    FAILS(calendar_feed(ctx, own, ORIGIN, &feed), ERR_NOT_FOUND, NULL);
    FAILS(calendar_feed(ctx, common, ORIGIN, &feed), ERR_NOT_FOUND, NULL);
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_calendar_holds_what_is_wished_due_and_planned),
        cmocka_unit_test(an_outlets_address_gives_icalendar),
        cmocka_unit_test(a_persons_address_gives_what_is_assigned),
        cmocka_unit_test(an_address_is_renewed_and_ended),
        cmocka_unit_test(an_address_ends_with_the_rights_of_its_maker),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
