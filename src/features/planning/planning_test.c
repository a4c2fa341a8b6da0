/* planning_test.c - pitches: who proposes, who decides, what stays. */
#include "db/db.h"
#include "features/planning/planning_states.h"
#include "features/planning/planning_test_world.h"
#include "ledger/ledger.h"
#include "text/zone.h"

static void a_pitch_is_proposed_and_read_again(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    Pitch p = pitch_new(&n, " 夜里的灯 "), read;
    PitchSteps steps;
    LedgerPlaces places;

    (void)state;
    OK_(pitch_get(ctx, p.id, &read));
    assert_true(str_eq(read.title, S("夜里的灯")) && str_eq(read.state, S("proposed")));
    assert_true(str_eq(read.why, S("路修好了，灯没有亮。\n问过后勤处。")));
    assert_int_equal(read.proposed_by, n.ann.id);
    OK_(pitch_steps(ctx, p.id, &steps));
    assert_int_equal(steps.len, 1);
    OK_(ledger_of_subject(ctx, p.id, 10, &places));
    assert_int_equal(places.len, 1);
    assert_true(str_eq(places.items[0].kind, S("pitch.proposed")));
    FAILS(pitch_get(ctx, p.id + 1, &read), ERR_NOT_FOUND, NULL);
    newsroom_free(&n);
}

static void words_have_bounds(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    PitchWords words = pitch_words("题");
    char full[PITCH_TITLE_CHARS_MAX + 2];
    Pitch p;

    (void)state;
    memset(full, 'a', sizeof full);
    words.title = (Str){ full, PITCH_TITLE_CHARS_MAX };
    OK_(pitch_propose(ctx, &words, &p));
    words.title = (Str){ full, PITCH_TITLE_CHARS_MAX + 1 };
    FAILS(pitch_propose(ctx, &words, &p), ERR_LIMIT, "title");
    words.title = S(" ");
    FAILS(pitch_propose(ctx, &words, &p), ERR_INVALID, "title");
    words = pitch_words("题");
    words.why = STR_EMPTY;
    FAILS(pitch_propose(ctx, &words, &p), ERR_INVALID, "why");
    words = pitch_words("题");
    words.kind = S("诗");
    FAILS(pitch_propose(ctx, &words, &p), ERR_INVALID, "kind");
    words = pitch_words("题");
    words.wished_on = S("2099-02-30");
    FAILS(pitch_propose(ctx, &words, &p), ERR_INVALID, "wished_on");
    words.wished_on = S("1999-01-01");
    FAILS(pitch_propose(ctx, &words, &p), ERR_INVALID, "wished_on");
    words = pitch_words("题");
    as_operator(ctx);
    FAILS(pitch_propose(ctx, &words, &p), ERR_FORBIDDEN, NULL);
    newsroom_free(&n);
}

/* The day of the alliance's zone counts: today may be wished, also late in the evening. */
static void today_may_be_wished(void **state) {
    Newsroom n = planning_start();
    PitchWords words = pitch_words("题");
    ZoneTime now;
    Pitch p;

    (void)state;
    OK_(zone_local(S("Asia/Shanghai"), n.ctx->now_ms, &now));
    words.wished_on = str_format(n.ctx->arena, "%04d-%02d-%02d", now.year, now.month, now.day);
    OK_(pitch_propose(n.ctx, &words, &p));
    newsroom_free(&n);
}

static void another_editor_decides(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    Pitch p = pitch_new(&n, "一"), q = pitch_new(&n, "二");

    (void)state;
    FAILS(pitch_accept(ctx, p.id, 1, STR_EMPTY, &p), ERR_FORBIDDEN, NULL);
    FAILS(pitch_decline(ctx, p.id, 1, S("不"), &p), ERR_FORBIDDEN, NULL);
    as(ctx, &n.ben, &n.paper);
    FAILS(pitch_withdraw(ctx, p.id, 1, &p), ERR_FORBIDDEN, NULL);
    FAILS(pitch_accept(ctx, p.id, 2, STR_EMPTY, &p), ERR_CONFLICT, "version");
    OK_(pitch_accept(ctx, p.id, 1, STR_EMPTY, &p));
    assert_true(str_eq(p.state, S("accepted")) && p.version == 2);
    FAILS(pitch_decline(ctx, p.id, 2, S("不"), &p), ERR_CONFLICT, "state");
    FAILS(pitch_decline(ctx, q.id, 1, S("  "), &q), ERR_INVALID, "reason");
    OK_(pitch_decline(ctx, q.id, 1, S("上周写过。"), &q));
    as(ctx, &n.eve, &n.radio);
    FAILS(pitch_note(ctx, q.id, S("?"), &(PitchStep){ 0 }), ERR_NOT_FOUND, NULL);
    FAILS(pitch_accept(ctx, q.id, 2, STR_EMPTY, &q), ERR_NOT_FOUND, NULL);
    newsroom_free(&n);
}

/* At the radio eve is the only editor: nobody else could. */
static void who_is_alone_decides_and_the_log_says_so(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    PitchWords words = pitch_words("一");
    LedgerPlaces places;
    Json *payload;
    Pitch p;

    (void)state;
    as(ctx, &n.eve, &n.radio);
    OK_(pitch_propose(ctx, &words, &p));
    OK_(pitch_accept(ctx, p.id, 1, STR_EMPTY, &p));
    OK_(ledger_of_subject(ctx, p.id, 10, &places));
    OK_(ledger_payload(ctx, places.items[1].entry_id, &payload));
    assert_true(json_get(payload, "alone")->boolean);
    newsroom_free(&n);
}

/* Who decides is found by what a role may: a chief of the whole alliance is another editor of the radio too. */
static void a_chief_of_the_alliance_is_another_editor(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    PitchWords words = pitch_words("一");
    Pitch p;

    (void)state;
    as_operator(ctx);
    OK_(grant_give(ctx, n.cai.id, S("总编"), 0, 0, 0, NULL));
    as(ctx, &n.eve, &n.radio);
    OK_(pitch_propose(ctx, &words, &p));
    FAILS(pitch_accept(ctx, p.id, 1, STR_EMPTY, &p), ERR_FORBIDDEN, NULL);
    as(ctx, &n.cai, &n.radio);
    OK_(pitch_accept(ctx, p.id, 1, STR_EMPTY, &p));
    newsroom_free(&n);
}

static void notes_stay_with_their_names(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    Pitch p = pitch_new(&n, "一");
    PitchSteps steps;
    PitchStep step;

    (void)state;
    FAILS(pitch_note(ctx, p.id, S(" "), &step), ERR_INVALID, "text");
    as(ctx, &n.ben, &n.paper);
    OK_(pitch_note(ctx, p.id, S("先问后勤处。"), &step));
    OK_(pitch_accept(ctx, p.id, 1, S("好"), &p)); /* a note is no other version */
    OK_(pitch_steps(ctx, p.id, &steps));
    assert_int_equal(steps.len, 3);
    assert_true(steps.items[1].person_id == n.ben.id && str_eq(steps.items[1].act, S("note")));
    while (pitch_note(ctx, p.id, S("又"), &step).code == ERR_OK)
        assert_true(steps.len++ < PITCH_STEPS_MAX);
    assert_int_equal(steps.len, PITCH_STEPS_MAX - 60); /* the other places are kept for its acts */
    FAILS(pitch_note(ctx, p.id, S("又"), &step), ERR_LIMIT, "text");
    newsroom_free(&n);
}

static void lists_are_of_one_outlet_and_state(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    Pitch a = pitch_new(&n, "一"), b = pitch_new(&n, "二"), c = pitch_new(&n, "三");
    PitchList list;

    (void)state;
    OK_(pitch_withdraw(ctx, b.id, 1, &b));
    OK_(pitch_list(ctx, n.paper.id, STR_EMPTY, 0, 2, &list));
    assert_true(list.len == 2 && list.items[0].id == c.id && list.items[1].id == b.id);
    OK_(pitch_list(ctx, n.paper.id, STR_EMPTY, b.id, 2, &list));
    assert_true(list.len == 1 && list.items[0].id == a.id);
    OK_(pitch_list(ctx, n.paper.id, S("withdrawn"), 0, 10, &list));
    assert_true(list.len == 1 && list.items[0].id == b.id);
    OK_(pitch_list(ctx, n.radio.id, STR_EMPTY, 0, 10, &list));
    assert_int_equal(list.len, 0);
    newsroom_free(&n);
}

/* What was decided is decided once, and what was turned down goes nowhere. */
static void decided_is_decided(void **state) {
    static const char *const ends[] = { "accepted", "assigned", "declined", "withdrawn" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        for (int act = 0; act < PITCH_ACT_COUNT; act++)
            if (i >= 2 || act < PITCH_ASSIGN)
                assert_null(pitch_transition(str_from_c(ends[i]), (PitchAct)act));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pitch_is_proposed_and_read_again),
        cmocka_unit_test(words_have_bounds),
        cmocka_unit_test(today_may_be_wished),
        cmocka_unit_test(another_editor_decides),
        cmocka_unit_test(who_is_alone_decides_and_the_log_says_so),
        cmocka_unit_test(a_chief_of_the_alliance_is_another_editor),
        cmocka_unit_test(notes_stay_with_their_names),
        cmocka_unit_test(lists_are_of_one_outlet_and_state),
        cmocka_unit_test(decided_is_decided),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
