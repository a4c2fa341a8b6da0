/* annual_fault_test.c - each function of the annual review with storage failing at every step: whole, or nothing. */
#include "features/annual/annual_pages.h"
#include "features/annual/annual_test_world.h"
#include "testing/faults.h"

static void acting_and_reading(void **state) {
    Office o = office_new();
    World *w = &o.w;
    Ctx *ctx = o.ctx;
    AnnualOpened done;
    AnnualReview review;
    AnnualReviewList list;
    AnnualCheck check;
    AnnualDecisionList decisions;
    AnnualDecision order = an_order(), pass = a_pass();
    AnnualCounts counts;
    Answers answers = all_yes();
    Str today, day;
    Json *shown;

    (void)state;
    WRITES(w, done, annual_open(ctx, YEAR, LAST_DAY, 0, &done));
    int64_t id = review_of(&o, o.one).id;
    work_as(&o, &o.editor, "责任编辑");
    WRITES(w, NO_RET, annual_answer(ctx, id, 1, answers.items, answers.len));
    work_as(&o, &o.keeper, "登记员");
    WRITES(w, NO_RET, annual_decide(ctx, id, 2, &order));
    WRITES(w, NO_RET, annual_decide(ctx, id, 3, &pass));
    READS(w, review, annual_of_outlet(ctx, o.one, YEAR, &review));
    READS(w, list, annual_list_of_outlet(ctx, o.one, &list));
    READS(w, list, annual_list(ctx, YEAR, 0, 10, &list));
    READS(w, check, annual_check(ctx, id, &check));
    READS(w, decisions, annual_decisions(ctx, o.one, 10, &decisions));
    READS(w, counts, annual_counts(ctx, YEAR, &counts));
    READS(w, list, annual_waits_for_office(ctx, 10, &list));
    READS(w, list, annual_waits_for_outlets(ctx, &o.two, 1, 10, &list));
    READS(w, today, annual_today(ctx, &today));
    READS(w, shown, annual_public(ctx, S("UTC"), o.one, &shown));
    Outlet outlet = must_get(w, o.one);
    review = review_of(&o, o.one);
    OK_(annual_check(ctx, id, &check));
    READS(w, NO_RET, annual_page(ctx, S("/x"), &outlet, &review, &check, json_obj(ctx->arena)));
    MAY_READ(w, day, annual_day(ctx, S("UTC"), ctx->now_ms, &day));
    world_free(w);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(acting_and_reading) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("annual");
    return failed;
}
