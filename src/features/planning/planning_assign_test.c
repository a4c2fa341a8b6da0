/* planning_assign_test.c - assignments: to whom, for which outlet, until when; and the draft that comes of it. */
#include "db/db.h"
#include "features/planning/planning_test_world.h"
#include "ledger/ledger.h"

/* An accepted pitch of ann's, and ben at the desk. */
static Pitch accepted(Newsroom *n, const char *title) {
    Pitch p = pitch_new(n, title);

    as(n->ctx, &n->ben, &n->paper);
    OK_(pitch_accept(n->ctx, p.id, p.version, STR_EMPTY, &p));
    return p;
}

static void an_accepted_pitch_is_assigned(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    Pitch p = accepted(&n, "夜里的灯");
    int64_t people[] = { n.ann.id, n.cai.id };
    AssignWords words = assign_words(people, 2);
    AssignmentPeople who;
    AssignmentList list;
    LedgerPlaces places;
    PitchSteps steps;
    Assignment a, b;

    (void)state;
    OK_(pitch_assign(ctx, p.id, p.version, &words, &a));
    assert_true(str_eq(a.state, S("assigned")) && a.outlet_id == n.paper.id);
    assert_true(str_eq(a.due.zone, S("Asia/Shanghai")) && str_eq(a.due.fit, S("exact")));
    OK_(pitch_get(ctx, p.id, &p));
    assert_true(str_eq(p.state, S("assigned")) && p.version == 3);
    OK_(assignment_list_of_pitch(ctx, p.id, &list));
    OK_(assignment_people_of_pitch(ctx, p.id, &who));
    assert_true(list.len == 1 && who.len == 2 && str_eq(list.items[0].title, S("夜里的灯")));
    OK_(pitch_steps(ctx, p.id, &steps));
    assert_true(str_contains(steps.items[2].text, S("安宁")));
    assert_true(str_contains(steps.items[2].text, S("2030-05-01 18:00 Asia/Shanghai")));
    OK_(ledger_of_subject(ctx, p.id, 10, &places));
    assert_true(places.len == 3 && str_eq(places.items[2].kind, S("assignment.made")));
    OK_(pitch_assign(ctx, p.id, p.version, &words, &b)); /* a second story of the same */
    assert_true(b.id != a.id);
    newsroom_free(&n);
}

static void only_what_was_accepted_is_assigned(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    Pitch p = pitch_new(&n, "一"), q = pitch_new(&n, "二");
    AssignWords words = assign_words(&n.ann.id, 1);
    Assignment a;

    (void)state;
    as(ctx, &n.ben, &n.paper);
    FAILS(pitch_assign(ctx, p.id, p.version, &words, &a), ERR_CONFLICT, "state");
    OK_(pitch_decline(ctx, q.id, q.version, S("写过了。"), &q));
    FAILS(pitch_assign(ctx, q.id, q.version, &words, &a), ERR_CONFLICT, "state");
    OK_(pitch_accept(ctx, p.id, p.version, STR_EMPTY, &p));
    FAILS(pitch_assign(ctx, p.id, p.version - 1, &words, &a), ERR_CONFLICT, "version");
    as(ctx, &n.eve, &n.radio);
    FAILS(pitch_assign(ctx, p.id, p.version, &words, &a), ERR_NOT_FOUND, NULL);
    newsroom_free(&n);
}

static void what_is_assigned_has_bounds(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    Pitch p = accepted(&n, "一");
    int64_t many[ASSIGNMENT_PEOPLE_MAX + 1], twice[] = { n.ann.id, n.ann.id };
    AssignWords good = assign_words(&n.ann.id, 1), words;
    Assignment a;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(many); i++)
        many[i] = n.ann.id + (int64_t)i;
#define REFUSES(change, code, field)                                                               \
    do {                                                                                           \
        words = good;                                                                              \
        change;                                                                                    \
        FAILS(pitch_assign(ctx, p.id, p.version, &words, &a), code, field);                        \
    } while (0)
    REFUSES(words.people_count = 0, ERR_INVALID, "person");
    REFUSES((words.people = many, words.people_count = COUNT_OF(many)), ERR_LIMIT, "person");
    REFUSES((words.people = twice, words.people_count = 2), ERR_INVALID, "person");
    REFUSES(words.people = &n.eve.id, ERR_INVALID, "person"); /* of the radio */
    REFUSES(words.outlet_id = n.radio.id, ERR_INVALID, "outlet");
    REFUSES(words.kind = STR_EMPTY, ERR_INVALID, "kind");
    REFUSES(words.kind = S("诗"), ERR_INVALID, "kind");
    REFUSES(words.due_at = S("2030-02-30T08:00"), ERR_INVALID, "due_at");
    REFUSES(words.due_at = S("soon"), ERR_INVALID, "due_at");
    REFUSES(words.due_at = S("2020-01-01T08:00"), ERR_INVALID, "due_at");
    REFUSES(words.due_zone = S("Mars/Base"), ERR_INVALID, "due_zone");
#undef REFUSES
    for (int i = 0; i < ASSIGNMENTS_OF_PITCH_MAX; i++)
        OK_(pitch_assign(ctx, p.id, p.version++, &good, &a));
    FAILS(pitch_assign(ctx, p.id, p.version, &good, &a), ERR_LIMIT, NULL);
    newsroom_free(&n);
}

/* The clocks of New York skip 02:30 on that day: the first moment after it counts. */
static void a_due_time_is_that_of_the_place(void **state) {
    Newsroom n = planning_start();
    Pitch p = accepted(&n, "一");
    AssignWords words = assign_words(&n.ann.id, 1);
    Assignment a;

    (void)state;
    words.due_at = S("2031-03-09T02:30");
    words.due_zone = S("America/New_York");
    OK_(pitch_assign(n.ctx, p.id, p.version, &words, &a));
    assert_true(str_eq(a.due.fit, S("gap")) && str_eq(a.due.local, S("2031-03-09T02:30")));
    assert_true(a.due.at_ms == INT64_C(1930806000000)); /* 2031-03-09T07:00:00Z */
    newsroom_free(&n);
}

static void who_is_assigned_turns_it_into_a_draft(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    Assignment a = assignment_new(&n, "夜里的灯");
    AssignmentList list;
    LedgerPlaces places;
    Manuscript m;

    (void)state;
    FAILS(assignment_begin(ctx, a.id, a.version, &a), ERR_FORBIDDEN, NULL); /* ben assigned it */
    as(ctx, &n.ann, &n.paper);
    OK_(assignment_list_mine(ctx, 10, &list));
    assert_true(list.len == 1 && list.items[0].id == a.id);
    FAILS(assignment_begin(ctx, a.id, a.version + 1, &a), ERR_CONFLICT, "version");
    OK_(assignment_begin(ctx, a.id, a.version, &a));
    assert_true(str_eq(a.state, S("begun")) && a.begun_by == n.ann.id && a.story_id != 0);
    OK_(manuscript_get(ctx, a.story_id, &m));
    assert_true(str_eq(m.title, S("夜里的灯")) && str_eq(m.kind, S("通讯")));
    assert_true(m.author_id == n.ann.id && str_eq(m.state, S("draft")));
    OK_(assignment_list_mine(ctx, 10, &list));
    assert_int_equal(list.len, 0);
    OK_(assignment_list_of_stories(ctx, &m.id, 1, &list));
    assert_true(list.len == 1 && list.items[0].id == a.id);
    OK_(ledger_of_subject(ctx, a.pitch_id, 10, &places));
    assert_true(str_eq(places.items[places.len - 1].kind, S("assignment.begun")));
    FAILS(assignment_begin(ctx, a.id, a.version, &a), ERR_CONFLICT, "state");
    as(ctx, &n.ben, &n.paper);
    FAILS(assignment_drop(ctx, a.id, a.version, S("不用了"), &a), ERR_CONFLICT, "state");
    newsroom_free(&n);
}

static void what_was_taken_back_is_not_begun(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    Assignment a = assignment_new(&n, "一");
    AssignmentList list;

    (void)state;
    FAILS(assignment_drop(ctx, a.id, a.version, S("  "), &a), ERR_INVALID, "reason");
    OK_(assignment_drop(ctx, a.id, a.version, S("活动取消了。"), &a));
    assert_true(str_eq(a.state, S("dropped")) && str_eq(a.reason, S("活动取消了。")));
    FAILS(assignment_move(ctx, a.id, a.version, S("2030-05-02T18:00"), STR_EMPTY, &a), ERR_CONFLICT,
          "state");
    as(ctx, &n.ann, &n.paper);
    FAILS(assignment_begin(ctx, a.id, a.version, &a), ERR_CONFLICT, "state");
    OK_(assignment_list_mine(ctx, 10, &list));
    assert_int_equal(list.len, 0);
    newsroom_free(&n);
}

static void overdue_is_computed_from_the_clock(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    Assignment a = assignment_new(&n, "一");
    AssignmentList list;

    (void)state;
    assert_false(assignment_is_overdue(ctx, &a));
    OK_(assignment_list_overdue(ctx, 10, &list));
    assert_int_equal(list.len, 0);
    world_advance(&n.w, a.due.at_ms - ctx->now_ms);
    assert_false(assignment_is_overdue(ctx, &a)); /* its minute is the last */
    world_advance(&n.w, 1);
    assert_true(assignment_is_overdue(ctx, &a));
    OK_(assignment_list_overdue(ctx, 10, &list));
    assert_true(list.len == 1 && list.items[0].id == a.id);
    OK_(assignment_move(ctx, a.id, a.version, S("2030-06-01T18:00"), STR_EMPTY, &a));
    OK_(assignment_list_overdue(ctx, 10, &list));
    assert_int_equal(list.len, 0);
    as(ctx, &n.cai, &n.paper); /* assigned nothing */
    world_advance(&n.w, a.due.at_ms - ctx->now_ms + 1);
    OK_(assignment_list_overdue(ctx, 10, &list));
    assert_int_equal(list.len, 0);
    newsroom_free(&n);
}

static void days_and_due_times_move(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    Assignment a = assignment_new(&n, "一");
    AssignmentList list;
    PitchList pitches;
    Pitch p;

    (void)state;
    OK_(assignment_move(ctx, a.id, a.version, S("2030-05-03T09:00"), S("Europe/Berlin"), &a));
    assert_true(str_eq(a.due.zone, S("Europe/Berlin")) && a.version == 2);
    OK_(assignment_list_between(ctx, n.paper.id, a.due.at_ms, a.due.at_ms + 1, 10, &list));
    assert_int_equal(list.len, 1);
    OK_(assignment_list_between(ctx, n.paper.id, a.due.at_ms + 1, a.due.at_ms + 2, 10, &list));
    assert_int_equal(list.len, 0);
    OK_(assignment_list_between(ctx, n.radio.id, 0, INT64_MAX, 10, &list));
    assert_int_equal(list.len, 0);
    OK_(pitch_get(ctx, a.pitch_id, &p));
    FAILS(pitch_move(ctx, p.id, p.version, S("2020-01-01"), &p), ERR_INVALID, "wished_on");
    OK_(pitch_move(ctx, p.id, p.version, S("2030-05-04"), &p));
    assert_true(str_eq(p.wished_on, S("2030-05-04")) && str_eq(p.state, S("assigned")));
    OK_(pitch_list_between(ctx, n.paper.id, S("2030-05-04"), S("2030-05-05"), 10, &pitches));
    assert_true(pitches.len == 1 && pitches.items[0].id == p.id);
    OK_(pitch_list_between(ctx, n.paper.id, S("2030-05-01"), S("2030-05-04"), 10, &pitches));
    assert_int_equal(pitches.len, 0);
    newsroom_free(&n);
}

/* A chief of the whole alliance assigns the paper's pitch to the radio. */
static void work_goes_to_another_outlet(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    Pitch p = accepted(&n, "一");
    AssignWords words = assign_words(&n.eve.id, 1);
    Assignment a;

    (void)state;
    words.outlet_id = n.radio.id;
    as_operator(ctx);
    OK_(grant_give(ctx, n.cai.id, S("总编"), 0, 0, 0, NULL));
    as(ctx, &n.cai, &n.paper);
    OK_(pitch_assign(ctx, p.id, p.version, &words, &a));
    as(ctx, &n.ann, &n.paper);
    FAILS(assignment_begin(ctx, a.id, a.version, &a), ERR_NOT_FOUND, NULL);
    as(ctx, &n.eve, &n.radio);
    OK_(assignment_begin(ctx, a.id, a.version, &a));
    assert_int_equal(world_count(&n.w, "manuscript"), 1);
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_accepted_pitch_is_assigned),
        cmocka_unit_test(only_what_was_accepted_is_assigned),
        cmocka_unit_test(what_is_assigned_has_bounds),
        cmocka_unit_test(a_due_time_is_that_of_the_place),
        cmocka_unit_test(who_is_assigned_turns_it_into_a_draft),
        cmocka_unit_test(what_was_taken_back_is_not_begun),
        cmocka_unit_test(overdue_is_computed_from_the_clock),
        cmocka_unit_test(days_and_due_times_move),
        cmocka_unit_test(work_goes_to_another_outlet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
