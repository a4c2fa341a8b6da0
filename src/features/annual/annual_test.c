/* annual_test.c - promises of the annual review: opening, self-check, decision, corrections, what waits. */
#include "features/annual/annual_test_world.h"

static Str state_of(Office *o, int64_t outlet_id) {
    return must_get(&o->w, outlet_id).state;
}

/* ---- opening ---- */

static void one_act_opens_all_that_are_due_and_a_second_finds_none(void **state) {
    Office o = office_new();
    AnnualOpened done;

    (void)state;
    int64_t entries = world_count(&o.w, "ledger_pending");
    OK_(annual_open(o.ctx, YEAR, LAST_DAY, 0, &done));
    assert_true(done.opened == 2 && done.left == 0);
    assert_true(str_eq(state_of(&o, o.one), S("in_review")));
    assert_true(str_eq(state_of(&o, o.two), S("in_review")));
    assert_int_equal(must_get(&o.w, o.two).review_year, YEAR);
    assert_int_equal(world_count(&o.w, "ledger_pending"), entries + 4);
    OK_(annual_open(o.ctx, YEAR, LAST_DAY, 0, &done));
    assert_true(done.opened == 0 && done.left == 0);
    assert_int_equal(world_count(&o.w, "annual_review"), 2);
    assert_int_equal(world_count(&o.w, "ledger_pending"), entries + 4);
    world_free(&o.w);
}

static void one_outlet_is_opened_once_and_only_in_service(void **state) {
    Office o = office_new();
    AnnualOpened done;

    (void)state;
    AnnualReview review = opened(&o);
    assert_true(str_eq(review.answer_by, LAST_DAY) && review.version == 1 && review.form == 1);
    FAILS(annual_open(o.ctx, YEAR, LAST_DAY, o.one, &done), ERR_CONFLICT, "outlet");
    int64_t application = applied(&o.w, "丙", "c");
    FAILS(annual_open(o.ctx, YEAR, LAST_DAY, application, &done), ERR_CONFLICT, "outlet");
    OK_(move_to(&o.w, o.two, "struck", "停办"));
    FAILS(annual_open(o.ctx, YEAR, LAST_DAY, o.two, &done), ERR_CONFLICT, "outlet");
    FAILS(annual_open(o.ctx, YEAR, LAST_DAY, o.two + 1, &done), ERR_NOT_FOUND, NULL);
    assert_int_equal(world_count(&o.w, "annual_review"), 1);
    world_free(&o.w);
}

static void years_and_days_have_bounds(void **state) {
    Office o = office_new();
    AnnualOpened done;
    Str today;

    (void)state;
    OK_(annual_today(o.ctx, &today));
    assert_true(str_starts(today, S("2026-")));
    FAILS(annual_open(o.ctx, YEAR + 1, LAST_DAY, 0, &done), ERR_INVALID, "year");
    FAILS(annual_open(o.ctx, YEAR - 2, LAST_DAY, 0, &done), ERR_INVALID, "year");
    FAILS(annual_open(o.ctx, YEAR, S("2026-02-30"), 0, &done), ERR_INVALID, "answer_by");
    FAILS(annual_open(o.ctx, YEAR, S("2026-01-01"), 0, &done), ERR_INVALID, "answer_by");
    FAILS(annual_open(o.ctx, YEAR, S("2027-12-31"), 0, &done), ERR_INVALID, "answer_by");
    assert_int_equal(world_count(&o.w, "annual_review"), 0);
    OK_(annual_open(o.ctx, YEAR, today, o.one, &done));
    OK_(annual_open(o.ctx, YEAR - 1, today, o.two, &done));
    world_free(&o.w);
}

/* ---- the self-check ---- */

static void a_self_check_answers_each_question_and_may_be_sent_again(void **state) {
    Office o = office_new();
    AnnualReview review = opened(&o);
    Answers answers = all_yes();
    AnnualCheck check;

    (void)state;
    FAILS(annual_answer(o.ctx, review.id, 1, answers.items, answers.len), ERR_FORBIDDEN, NULL);
    work_as(&o, &o.editor, "责任编辑");
    FAILS(annual_answer(o.ctx, review.id, 1, answers.items, answers.len - 1), ERR_INVALID, "y1");
    answers.items[2].is_yes = false;
    FAILS(annual_answer(o.ctx, review.id, 1, answers.items, answers.len), ERR_INVALID, "r3");
    answers.items[2].remark = S("  ");
    FAILS(annual_answer(o.ctx, review.id, 1, answers.items, answers.len), ERR_INVALID, "r3");
    answers.items[2].remark = S(" 链接失效，已申请更换 ");
    answers.items[1].no = 7;
    FAILS(annual_answer(o.ctx, review.id, 1, answers.items, answers.len), ERR_INVALID, "y2");
    answers.items[1].no = 2;
    FAILS(annual_answer(o.ctx, review.id, 2, answers.items, answers.len), ERR_CONFLICT, "version");
    FAILS(annual_answer(o.ctx, review.id + 1, 1, answers.items, answers.len), ERR_NOT_FOUND, NULL);
    assert_int_equal(world_count(&o.w, "annual_check"), 0);
    OK_(annual_answer(o.ctx, review.id, 1, answers.items, answers.len));
    OK_(annual_check(o.ctx, review.id, &check));
    assert_true(check.n == 1 && check.by_id == o.editor.id && check.len == answers.len);
    assert_false(check.answers[2].is_yes);
    assert_true(str_eq(check.answers[2].remark, S("链接失效，已申请更换")));
    answers.items[2].is_yes = true;
    OK_(annual_answer(o.ctx, review.id, 2, answers.items, answers.len));
    OK_(annual_check(o.ctx, review.id, &check));
    assert_true(check.n == 2 && check.answers[2].is_yes);
    assert_int_equal(world_count(&o.w, "annual_check"), 2); /* the first stays */
    world_free(&o.w);
}

static void a_remark_has_a_bound(void **state) {
    Office o = office_new();
    AnnualReview review = opened(&o);
    Answers answers = all_yes();
    Buf text = buf_new(o.ctx->arena, 0);

    (void)state;
    work_as(&o, &o.editor, "责任编辑");
    for (int i = 0; i < ANNUAL_REMARK_CHARS_MAX; i++)
        buf_add(&text, S("字"));
    answers.items[0].remark = buf_str(&text);
    OK_(annual_answer(o.ctx, review.id, 1, answers.items, answers.len));
    buf_add(&text, S("字"));
    answers.items[0].remark = buf_str(&text);
    FAILS(annual_answer(o.ctx, review.id, 2, answers.items, answers.len), ERR_LIMIT, "r1");
    answers.items[0].remark = S("a\x01");
    FAILS(annual_answer(o.ctx, review.id, 2, answers.items, answers.len), ERR_INVALID, "r1");
    world_free(&o.w);
}

/* ---- the decision ---- */

static void a_decision_moves_the_outlet_and_is_kept_with_its_reason(void **state) {
    Office o = office_new();
    AnnualReview review = answered(&o);
    AnnualDecision order = an_order();
    AnnualDecisionList list;

    (void)state;
    work_as(&o, &o.keeper, "登记员");
    int64_t entries = world_count(&o.w, "ledger_pending");
    OK_(annual_decide(o.ctx, review.id, review.version, &order));
    Outlet outlet = must_get(&o.w, o.one);
    assert_true(str_eq(outlet.state, S("rectify")) && str_eq(outlet.review_state, S("rectify")));
    assert_true(str_eq(outlet.state_reason, order.reason));
    assert_int_equal(world_count(&o.w, "ledger_pending"), entries + 2);
    OK_(annual_decisions(o.ctx, o.one, 10, &list));
    assert_int_equal(list.len, 1);
    assert_true(str_eq(list.items[0].measure, order.measure) && list.items[0].n == 1 &&
                str_eq(list.items[0].due_on, LAST_DAY) && list.items[0].by_id == o.keeper.id &&
                str_eq(list.items[0].role, S("登记员")));
    review = review_of(&o, o.one);
    assert_true(review.decided_by == o.keeper.id && review.decisions == 1);
    world_free(&o.w);
}

static void a_correction_is_a_new_row_and_nothing_is_taken_away(void **state) {
    Office o = office_new();
    AnnualReview review = answered(&o);
    AnnualDecision order = an_order(), pass = a_pass();
    AnnualDecisionList list;

    (void)state;
    work_as(&o, &o.keeper, "登记员");
    OK_(annual_decide(o.ctx, review.id, 2, &order));
    OK_(annual_decide(o.ctx, review.id, 3, &pass)); /* rectified */
    assert_true(str_eq(state_of(&o, o.one), S("passed")));
    pass.reason = S("措辞改过。");
    OK_(annual_decide(o.ctx, review.id, 4, &pass)); /* the wording alone */
    AnnualDecision stop = { .decision = S("suspended"),
                            .findings = S("停。"),
                            .reason = S("停。") };
    OK_(annual_decide(o.ctx, review.id, 5, &stop));
    OK_(annual_decide(o.ctx, review.id, 6, &order)); /* and back */
    assert_true(str_eq(state_of(&o, o.one), S("rectify")));
    OK_(annual_decisions(o.ctx, o.one, 10, &list));
    assert_int_equal(list.len, 5);
    assert_true(list.items[0].n == 5 && list.items[4].n == 1);
    OK_(annual_decide(o.ctx, review.id, 7, &pass));
    OK_(move_to(&o.w, o.one, "active", ""));
    FAILS(annual_decide(o.ctx, review.id, 8, &order), ERR_CONFLICT, NULL); /* moved on */
    world_free(&o.w);
}

static void who_answered_does_not_decide(void **state) {
    Office o = office_new();
    AnnualReview review = opened(&o);
    Answers answers = all_yes();
    AnnualDecision pass = a_pass();

    (void)state;
    work_as(&o, &o.keeper, "责任编辑"); /* holds both offices */
    OK_(annual_answer(o.ctx, review.id, 1, answers.items, answers.len));
    work_as(&o, &o.editor, "责任编辑"); /* a later self-check does not free the first */
    OK_(annual_answer(o.ctx, review.id, 2, answers.items, answers.len));
    work_as(&o, &o.keeper, "登记员");
    FAILS(annual_decide(o.ctx, review.id, 3, &pass), ERR_FORBIDDEN, NULL);
    act_as_operator(o.ctx);
    FAILS(annual_decide(o.ctx, review.id, 3, &pass), ERR_FORBIDDEN, NULL);
    work_as(&o, &o.second, "登记员");
    OK_(annual_decide(o.ctx, review.id, 3, &pass));
    work_as(&o, &o.editor, "责任编辑");
    FAILS(annual_answer(o.ctx, review.id, 4, answers.items, answers.len), ERR_CONFLICT, NULL);
    world_free(&o.w);
}

static void of_two_deciders_the_second_sees_who_was_first_and_what_it_was(void **state) {
    Office o = office_new();
    AnnualReview review = answered(&o);
    AnnualDecision order = an_order(), pass = a_pass();

    (void)state;
    work_as(&o, &o.keeper, "登记员");
    OK_(annual_decide(o.ctx, review.id, review.version, &order));
    work_as(&o, &o.second, "登记员");
    Err err = annual_decide(o.ctx, review.id, review.version, &pass);
    assert_int_equal(err.code, ERR_CONFLICT);
    assert_string_equal(err.field, "version");
    assert_true(str_eq(err.args[0], S("韦知行")) && str_eq(err.args[1], S("to rectify")));
    assert_int_equal(world_count(&o.w, "annual_decision"), 1);
    /* and an office that decides while a self-check comes in sees whose */
    world_free(&o.w);
}

static void without_a_self_check_the_office_waits_for_its_last_day(void **state) {
    Office o = office_new();
    AnnualDecision order = an_order();
    AnnualOpened done;
    Str today;

    (void)state;
    OK_(annual_today(o.ctx, &today));
    OK_(annual_open(o.ctx, YEAR, today, o.one, &done));
    AnnualReview review = review_of(&o, o.one);
    work_as(&o, &o.keeper, "登记员");
    FAILS(annual_decide(o.ctx, review.id, 1, &order), ERR_CONFLICT, NULL);
    world_advance(&o.w, DAY_MS);
    OK_(annual_decide(o.ctx, review.id, 1, &order));
    world_free(&o.w);
}

static void each_field_of_a_decision_is_checked(void **state) {
    static const struct {
        const char *decision, *findings, *measure, *due_on, *reason, *field;
    } cases[] = {
        { "", "f", "", "", "r", "decision" },
        { "struck", "f", "", "", "r", "decision" },
        { "in_review", "f", "", "", "r", "decision" },
        { "passed", " ", "", "", "r", "findings" },
        { "passed", "f", "", "", "", "reason" },
        { "passed", "f", "m", "", "r", "measure" },
        { "passed", "f", "", "2026-12-31", "r", "due_on" },
        { "suspended", "f", "m", "", "r", "measure" },
        { "rectify", "f", "", "2026-12-31", "r", "measure" },
        { "rectify", "f", "m", "", "r", "due_on" },
        { "rectify", "f", "m", "2026-01-01", "r", "due_on" },
        { "rectify", "f", "m", "2027-12-31", "r", "due_on" },
        { "passed", "f\x01", "", "", "r", "findings" },
    };
    Office o = office_new();
    AnnualReview review = answered(&o);

    (void)state;
    work_as(&o, &o.keeper, "登记员");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AnnualDecision d = { .decision = str_from_c(cases[i].decision),
                             .findings = str_from_c(cases[i].findings),
                             .measure = str_from_c(cases[i].measure),
                             .due_on = str_from_c(cases[i].due_on),
                             .reason = str_from_c(cases[i].reason) };
        FAILS(annual_decide(o.ctx, review.id, review.version, &d), ERR_INVALID, cases[i].field);
    }
    assert_int_equal(world_count(&o.w, "annual_decision"), 0);
    world_free(&o.w);
}

/* ---- what waits ---- */

static const char *stand_of(Office *o, int64_t outlet_id) {
    AnnualReview review = review_of(o, outlet_id);
    Str today;

    OK_(annual_today(o->ctx, &today));
    return annual_stand(&review, today).code;
}

static size_t office_waits(Office *o) {
    AnnualReviewList list;

    OK_(annual_waits_for_office(o->ctx, 10, &list));
    return list.len;
}

static size_t outlet_waits(Office *o, int64_t outlet_id) {
    AnnualReviewList list;

    OK_(annual_waits_for_outlets(o->ctx, &outlet_id, 1, 10, &list));
    return list.len;
}

static void what_is_overdue_waits_without_anybody_marking_it(void **state) {
    Office o = office_new();
    AnnualDecision order = an_order();
    AnnualOpened done;
    AnnualCounts counts;
    Answers answers = all_yes();
    Str today;

    (void)state;
    OK_(annual_today(o.ctx, &today));
    OK_(annual_open(o.ctx, YEAR, today, 0, &done));
    assert_true(office_waits(&o) == 0 && outlet_waits(&o, o.one) == 1);
    assert_string_equal(stand_of(&o, o.one), "open");
    world_advance(&o.w, DAY_MS);
    assert_string_equal(stand_of(&o, o.one), "overdue");
    assert_int_equal(office_waits(&o), 2);
    work_as(&o, &o.editor, "责任编辑");
    OK_(annual_answer(o.ctx, review_of(&o, o.one).id, 1, answers.items, answers.len));
    assert_string_equal(stand_of(&o, o.one), "answered");
    assert_true(office_waits(&o) == 2 && outlet_waits(&o, o.one) == 0);
    OK_(annual_counts(o.ctx, YEAR, &counts));
    assert_true(counts.answered == 1 && counts.overdue == 1 && counts.open == 0);
    work_as(&o, &o.keeper, "登记员");
    OK_(annual_today(o.ctx, &order.due_on));
    OK_(annual_decide(o.ctx, review_of(&o, o.one).id, 2, &order));
    assert_string_equal(stand_of(&o, o.one), "rectify");
    assert_true(office_waits(&o) == 1 && outlet_waits(&o, o.one) == 1);
    world_advance(&o.w, DAY_MS);
    assert_string_equal(stand_of(&o, o.one), "rectify_overdue");
    assert_int_equal(office_waits(&o), 2);
    OK_(move_to(&o.w, o.two, "struck", "停办")); /* its review waits for nobody */
    assert_int_equal(office_waits(&o), 1);
    world_free(&o.w);
}

static void the_public_sees_every_decision_and_which_one_holds(void **state) {
    Office o = office_new();
    AnnualReview review = answered(&o);
    AnnualDecision order = an_order(), pass = a_pass();
    Json *shown;

    (void)state;
    work_as(&o, &o.keeper, "登记员");
    OK_(annual_decide(o.ctx, review.id, 2, &order));
    OK_(annual_decide(o.ctx, review.id, 3, &pass));
    OK_(annual_public(o.ctx, S("Asia/Shanghai"), o.one, &shown));
    assert_int_equal(shown->array.len, 2);
    Json *now = shown->array.items[0], *before = shown->array.items[1];
    assert_true(str_eq(json_get_text(now, "decision"), S("passed")));
    assert_true(str_eq(json_get_text(now, "person"), S("韦知行")));
    assert_false(json_get(now, "is_replaced")->boolean);
    assert_true(json_get(before, "is_replaced")->boolean);
    assert_true(str_eq(json_get_text(before, "measure"), order.measure));
    assert_null(json_get(now, "findings")); /* for the outlet and the office */
    world_free(&o.w);
}

static void questions_are_numbered_and_fit_the_form(void **state) {
    (void)state;
    for (size_t i = 0; i < annual_forms_count; i++) {
        const AnnualForm *form = &annual_forms[i];
        assert_int_equal(form->version, (int64_t)i + 1);
        assert_true(form->len >= 1 && form->len <= ANNUAL_QUESTIONS_MAX);
        assert_ptr_equal(annual_form_of(form->version), form);
        for (size_t k = 0; k < form->len; k++) {
            char yes[3] = { 'y', (char)('1' + k), 0 }, remark[3] = { 'r', (char)('1' + k), 0 };
            assert_string_equal(form->questions[k].yes_field, yes);
            assert_string_equal(form->questions[k].remark_field, remark);
        }
    }
    assert_null(annual_form_of(0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_act_opens_all_that_are_due_and_a_second_finds_none),
        cmocka_unit_test(one_outlet_is_opened_once_and_only_in_service),
        cmocka_unit_test(years_and_days_have_bounds),
        cmocka_unit_test(a_self_check_answers_each_question_and_may_be_sent_again),
        cmocka_unit_test(a_remark_has_a_bound),
        cmocka_unit_test(a_decision_moves_the_outlet_and_is_kept_with_its_reason),
        cmocka_unit_test(a_correction_is_a_new_row_and_nothing_is_taken_away),
        cmocka_unit_test(who_answered_does_not_decide),
        cmocka_unit_test(of_two_deciders_the_second_sees_who_was_first_and_what_it_was),
        cmocka_unit_test(without_a_self_check_the_office_waits_for_its_last_day),
        cmocka_unit_test(each_field_of_a_decision_is_checked),
        cmocka_unit_test(what_is_overdue_waits_without_anybody_marking_it),
        cmocka_unit_test(the_public_sees_every_decision_and_which_one_holds),
        cmocka_unit_test(questions_are_numbered_and_fit_the_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
