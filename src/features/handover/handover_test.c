/* handover_test.c - promises of handing over: two persons, ten days, the card only after both. */
#include "features/handover/handover_test_world.h"

static void the_card_changes_when_the_second_person_signs(void **state) {
    Hands h = hands_new();
    int64_t entries = world_count(&h.w, "ledger_pending"), id = proposed(&h);

    (void)state;
    assert_int_equal(world_count(&h.w, "ledger_pending"), entries + 1);
    assert_true(str_eq(must_get(&h.w, h.outlet).teacher, S("沈砚"))); /* not yet */
    sit(&h, &h.teacher, "指导教师");
    OK_(handover_sign(h.ctx, id));
    Outlet o = must_get(&h.w, h.outlet);
    assert_true(str_eq(o.teacher, S("吴渐")) && str_eq(o.operators, S("唐一舟")));
    assert_true(str_eq(o.first_responsible, S("柳闻溪")));
    assert_true(str_eq(o.teacher_contact, S("000-0000-0202")));
    assert_int_equal(world_count(&h.w, "ledger_pending"), entries + 3);
    Handover now = newest(&h);
    assert_true(str_eq(now.state, S("signed")) && now.ended_by == h.teacher.id);
    world_free(&h.w);
}

static void one_person_does_not_sign_both(void **state) {
    Hands h = hands_new();
    int64_t id = proposed(&h);

    (void)state;
    FAILS(handover_sign(h.ctx, id), ERR_FORBIDDEN, NULL);
    act_as_operator(h.ctx);
    FAILS(handover_sign(h.ctx, id), ERR_FORBIDDEN, NULL);
    assert_true(str_eq(newest(&h).state, S("open")));
    sit(&h, &h.keeper, "登记员");
    OK_(handover_sign(h.ctx, id));
    sit(&h, &h.teacher, "指导教师");
    Err err = handover_sign(h.ctx, id);
    assert_int_equal(err.code, ERR_CONFLICT);
    assert_true(str_eq(err.args[0], S("韦知行"))); /* who was first */
    world_free(&h.w);
}

static void unsigned_it_runs_out_after_ten_days(void **state) {
    Hands h = hands_new();
    int64_t id = proposed(&h), again;
    HandoverNames names = new_names();
    HandoverList list;

    (void)state;
    FAILS(handover_propose(h.ctx, &names, STR_EMPTY, &again), ERR_CONFLICT, NULL);
    sit(&h, &h.teacher, "指导教师");
    world_advance(&h.w, HANDOVER_DAYS * DAY_MS - 1);
    OK_(handover_waits(h.ctx, &h.outlet, 1, 10, &list));
    assert_int_equal(list.len, 1);
    assert_true(str_eq(handover_state(&list.items[0], h.ctx->now_ms), S("open")));
    world_advance(&h.w, 1);
    OK_(handover_waits(h.ctx, &h.outlet, 1, 10, &list));
    assert_int_equal(list.len, 0);
    Handover old = newest(&h);
    assert_true(str_eq(handover_state(&old, h.ctx->now_ms), S("expired")));
    FAILS(handover_sign(h.ctx, id), ERR_CONFLICT, NULL);
    FAILS(handover_close(h.ctx, id), ERR_CONFLICT, NULL);
    OK_(handover_propose(h.ctx, &names, STR_EMPTY, &again));
    OK_(handover_list(h.ctx, h.outlet, 10, &list));
    assert_int_equal(list.len, 2); /* the old one stays to be seen */
    world_free(&h.w);
}

static void it_may_be_taken_back_and_then_not_signed(void **state) {
    Hands h = hands_new();
    int64_t id = proposed(&h);

    (void)state;
    OK_(handover_close(h.ctx, id));
    sit(&h, &h.teacher, "指导教师");
    Err err = handover_sign(h.ctx, id);
    assert_int_equal(err.code, ERR_CONFLICT);
    assert_true(str_eq(err.args[0], S("裴青禾")));
    id = proposed(&h);
    sit(&h, &h.teacher, "指导教师");
    OK_(handover_close(h.ctx, id)); /* declined */
    assert_true(str_eq(must_get(&h.w, h.outlet).teacher, S("沈砚")));
    world_free(&h.w);
}

static void it_is_signed_only_while_the_card_says_what_it_said(void **state) {
    Hands h = hands_new();
    int64_t id = proposed(&h);

    (void)state;
    Outlet o = must_get(&h.w, h.outlet);
    o.purpose = S("别的。");
    OK_(outlet_change(h.ctx, &o)); /* of no matter */
    o = must_get(&h.w, h.outlet);
    o.operators = S("别人");
    OK_(outlet_change(h.ctx, &o));
    sit(&h, &h.teacher, "指导教师");
    FAILS(handover_sign(h.ctx, id), ERR_CONFLICT, NULL);
    assert_true(str_eq(newest(&h).state, S("open")));
    o = must_get(&h.w, h.outlet);
    o.operators = S("唐一舟、裴青禾");
    OK_(outlet_change(h.ctx, &o));
    OK_(handover_sign(h.ctx, id));
    assert_true(str_eq(must_get(&h.w, h.outlet).purpose, S("别的。")));
    world_free(&h.w);
}

static void what_could_not_be_signed_is_not_proposed(void **state) {
    Hands h = hands_new();
    HandoverNames names = { .first_responsible = S("柳闻溪"),
                            .teacher = S("沈砚"),
                            .operators = S("唐一舟，裴青禾") };
    int64_t id;
    char note[3 * (HANDOVER_NOTE_CHARS_MAX + 1)];

    (void)state;
    sit(&h, &h.editor, "责任编辑");
    FAILS(handover_propose(h.ctx, &names, STR_EMPTY, &id), ERR_INVALID, "first_responsible");
    names.operators = S("a\x01");
    FAILS(handover_propose(h.ctx, &names, STR_EMPTY, &id), ERR_INVALID, "operators");
    names = new_names();
    for (int i = 0; i <= HANDOVER_NOTE_CHARS_MAX; i++)
        memcpy(note + 3 * i, "字", 3);
    FAILS(handover_propose(h.ctx, &names, (Str){ note, sizeof note }, &id), ERR_LIMIT, "note");
    FAILS(handover_propose(h.ctx, &names, S("a\x01"), &id), ERR_INVALID, "note");
    OK_(move_to(&h.w, h.outlet, "struck", "停办"));
    FAILS(handover_propose(h.ctx, &names, STR_EMPTY, &id), ERR_CONFLICT, NULL);
    assert_int_equal(world_count(&h.w, "handover"), 0);
    world_free(&h.w);
}

static void another_outlet_s_is_not_there(void **state) {
    Hands h = hands_new();
    int64_t id = proposed(&h);

    (void)state;
    sit(&h, &h.teacher, "指导教师");
    h.ctx->outlet_id = h.other;
    FAILS(handover_sign(h.ctx, id), ERR_NOT_FOUND, NULL);
    FAILS(handover_close(h.ctx, id), ERR_NOT_FOUND, NULL);
    h.ctx->outlet_id = h.outlet;
    FAILS(handover_sign(h.ctx, id + 1), ERR_NOT_FOUND, NULL);
    world_free(&h.w);
}

static void it_waits_for_everybody_but_who_proposed_it(void **state) {
    Hands h = hands_new();
    HandoverList list;
    int64_t anywhere = 0;

    (void)state;
    (void)proposed(&h);
    OK_(handover_waits(h.ctx, &h.outlet, 1, 10, &list));
    assert_int_equal(list.len, 0);
    sit(&h, &h.keeper, "登记员");
    OK_(handover_waits(h.ctx, &anywhere, 1, 10, &list));
    assert_int_equal(list.len, 1);
    OK_(handover_waits(h.ctx, &h.other, 1, 10, &list));
    assert_int_equal(list.len, 0);
    OK_(handover_waits(h.ctx, &h.outlet, 1, 10, &list));
    assert_int_equal(list.len, 1);
    world_free(&h.w);
}

static void without_a_new_contact_the_old_teacher_s_goes(void **state) {
    Hands h = hands_new();
    HandoverNames names = new_names();
    int64_t id;

    (void)state;
    names.teacher_contact = STR_EMPTY;
    sit(&h, &h.editor, "责任编辑");
    OK_(handover_propose(h.ctx, &names, STR_EMPTY, &id));
    sit(&h, &h.teacher, "指导教师");
    OK_(handover_sign(h.ctx, id));
    assert_int_equal(must_get(&h.w, h.outlet).teacher_contact.len, 0);
    names.operators = S("裴青禾");
    names.teacher_contact = S("of nobody");
    OK_(handover_propose(h.ctx, &names, STR_EMPTY, &id)); /* the same teacher: not read */
    sit(&h, &h.editor, "责任编辑");
    OK_(handover_sign(h.ctx, id));
    assert_int_equal(must_get(&h.w, h.outlet).teacher_contact.len, 0);
    world_free(&h.w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_card_changes_when_the_second_person_signs),
        cmocka_unit_test(one_person_does_not_sign_both),
        cmocka_unit_test(unsigned_it_runs_out_after_ten_days),
        cmocka_unit_test(it_may_be_taken_back_and_then_not_signed),
        cmocka_unit_test(it_is_signed_only_while_the_card_says_what_it_said),
        cmocka_unit_test(what_could_not_be_signed_is_not_proposed),
        cmocka_unit_test(another_outlet_s_is_not_there),
        cmocka_unit_test(it_waits_for_everybody_but_who_proposed_it),
        cmocka_unit_test(without_a_new_contact_the_old_teacher_s_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
