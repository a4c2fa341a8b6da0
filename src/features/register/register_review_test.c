/* register_review_test.c - the steps of the annual review: one way in, its year, and which outlets are due. */
#include "features/register/register_test_world.h"

static void a_review_keeps_its_year_and_what_it_said(void **state) {
    World w = register_start();

    (void)state;
    int64_t id = filed(&w, "河床", "riverbed");
    assert_int_equal(must_get(&w, id).review_year, 0);
    OK_(outlet_review(w.ctx, id, S("in_review"), STR_EMPTY, 2025));
    OK_(outlet_review(w.ctx, id, S("passed"), STR_EMPTY, 2025));
    Outlet o = must_get(&w, id);
    assert_int_equal(o.review_year, 2025);
    assert_true(str_eq(o.review_state, S("passed")));
    OK_(move_to(&w, id, "active", "")); /* what the review said stays on the card */
    assert_true(str_eq(must_get(&w, id).review_state, S("passed")));
    OK_(outlet_review(w.ctx, id, S("in_review"), STR_EMPTY, 2026));
    FAILS(outlet_review(w.ctx, id, S("rectify"), S(" "), 2026), ERR_INVALID, "reason");
    FAILS(outlet_review(w.ctx, id, S("active"), STR_EMPTY, 2026), ERR_CONFLICT, "to");
    FAILS(outlet_review(w.ctx, id + 1, S("passed"), STR_EMPTY, 2026), ERR_NOT_FOUND, NULL);
    OK_(outlet_review(w.ctx, id, S("suspended"), S("理由"), 2026));
    assert_true(str_eq(must_get(&w, id).state, S("suspended")));
    assert_int_equal(must_get(&w, id).review_state.len, 0);
    assert_int_equal(must_get(&w, id).review_year, 2026);
    world_free(&w);
}

static void no_move_of_the_office_is_a_step_of_the_annual_review(void **state) {
    int refused = 0;

    (void)state;
    for (size_t i = 0; i < outlet_moves_count; i++) {
        const OutletMove *move = &outlet_moves[i];
        if (!move->is_review)
            continue;
        World w = register_start();
        int64_t id = outlet_in(&w, move->from.ptr);
        Outlet before = must_get(&w, id);
        FAILS(outlet_move(w.ctx, id, move->to, S("理由"), before.version), ERR_CONFLICT, "to");
        assert_int_equal(must_get(&w, id).version, before.version);
        refused++;
        world_free(&w);
    }
    assert_true(refused >= 10);
}

static void due_are_those_in_service_that_were_not_reviewed(void **state) {
    World w = register_start();
    OutletList list;
    int64_t total;

    (void)state;
    int64_t one = filed(&w, "甲", "a"), two = filed(&w, "乙", "b");
    (void)applied(&w, "丙", "c");
    OK_(outlet_due(w.ctx, 2026, 1, &list, &total));
    assert_true(list.len == 1 && total == 2 && list.items[0].id == one);
    OK_(outlet_review(w.ctx, one, S("in_review"), STR_EMPTY, 2026));
    OK_(outlet_due(w.ctx, 2026, 1000, &list, &total));
    assert_true(list.len == 1 && total == 1 && list.items[0].id == two);
    OK_(outlet_review(w.ctx, one, S("passed"), STR_EMPTY, 2026));
    OK_(outlet_due(w.ctx, 2026, 10, &list, &total));
    assert_int_equal(total, 1);
    OK_(outlet_due(w.ctx, 2027, 10, &list, &total));
    assert_int_equal(total, 2);
    OK_(move_to(&w, two, "struck", "理由"));
    OK_(outlet_due(w.ctx, 2027, 10, &list, &total));
    assert_int_equal(total, 1);
    world_free(&w);
}

static void a_unit_s_outlets_are_those_in_the_register_now(void **state) {
    World w = register_start();
    OutletList list;

    (void)state;
    int64_t one = filed(&w, "甲", "a"), two = filed(&w, "乙", "b");
    int64_t unit = must_get(&w, one).unit_id;
    (void)applied(&w, "丙", "c");
    OK_(outlet_of_unit(w.ctx, unit, 10, &list));
    assert_true(list.len == 2 && list.items[0].id == one && list.items[1].id == two);
    OK_(outlet_of_unit(w.ctx, unit, 1, &list));
    assert_int_equal(list.len, 1);
    OK_(move_to(&w, one, "struck", "停办"));
    OK_(outlet_of_unit(w.ctx, unit, 10, &list));
    assert_true(list.len == 1 && list.items[0].id == two);
    OK_(outlet_of_unit(w.ctx, unit + 1, 10, &list));
    assert_int_equal(list.len, 0);
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_review_keeps_its_year_and_what_it_said),
        cmocka_unit_test(no_move_of_the_office_is_a_step_of_the_annual_review),
        cmocka_unit_test(due_are_those_in_service_that_were_not_reviewed),
        cmocka_unit_test(a_unit_s_outlets_are_those_in_the_register_now),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
