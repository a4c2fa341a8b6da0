/* annual_test_world.h - what the tests of annual reviews share: outlets, their people, an office. */
#ifndef FEATURES_ANNUAL_ANNUAL_TEST_WORLD_H
#define FEATURES_ANNUAL_ANNUAL_TEST_WORLD_H

#include "features/annual/annual_questions.h"
#include "features/annual/annual_store.h"
#include "features/register/register_test_world.h"

extern const Migration annual_migrations[];
extern const size_t annual_migrations_count;

/* The year of the world's clock: all of its tests stay in it. */
static const int64_t YEAR = 2026;
#define LAST_DAY S("2026-12-31")

typedef struct Office {
    World w;
    Ctx *ctx;
    int64_t one, two;      /* outlets */
    Person editor;         /* 责任编辑 of one */
    Person keeper, second; /* 登记员 */
} Office;

static inline Office office_new(void) {
    Office o = { .w = register_start() };

    world_migrate(&o.w, annual_migrations, annual_migrations_count);
    o.ctx = o.w.ctx;
    o.one = filed(&o.w, "河床", "riverbed");
    o.two = filed(&o.w, "电流", "current");
    OK_(person_add(o.ctx, S("editor"), S("裴青禾"), 0, &o.editor));
    OK_(person_add(o.ctx, S("keeper"), S("韦知行"), 0, &o.keeper));
    OK_(person_add(o.ctx, S("second"), S("岑远"), 0, &o.second));
    (void)give(&o.w, &o.editor, S("责任编辑"), o.one);
    (void)give(&o.w, &o.keeper, S("登记员"), 0);
    (void)give(&o.w, &o.second, S("登记员"), 0);
    return o;
}

static inline void work_as(Office *o, const Person *person, const char *role) {
    act_as(o->ctx, person);
    o->ctx->role = str_from_c(role);
}

static inline AnnualReview review_of(Office *o, int64_t outlet_id) {
    AnnualReview review;

    OK_(annual_of_outlet(o->ctx, outlet_id, YEAR, &review));
    return review;
}

/* Opened for one; the operator does it. */
static inline AnnualReview opened(Office *o) {
    AnnualOpened done;

    act_as_operator(o->ctx);
    OK_(annual_open(o->ctx, YEAR, LAST_DAY, o->one, &done));
    assert_int_equal(done.opened, 1);
    return review_of(o, o->one);
}

typedef struct Answers {
    AnnualAnswer items[ANNUAL_QUESTIONS_MAX];
    size_t len;
} Answers;

static inline Answers all_yes(void) {
    Answers answers = { .len = annual_form_now()->len };

    for (size_t i = 0; i < answers.len; i++)
        answers.items[i] = (AnnualAnswer){ .no = (int64_t)i + 1, .is_yes = true };
    return answers;
}

/* The editor's self-check of one. */
static inline AnnualReview answered(Office *o) {
    AnnualReview review = opened(o);
    Answers answers = all_yes();

    work_as(o, &o->editor, "责任编辑");
    OK_(annual_answer(o->ctx, review.id, review.version, answers.items, answers.len));
    return review_of(o, o->one);
}

static inline AnnualDecision a_pass(void) {
    return (AnnualDecision){ .decision = S("passed"),
                             .findings = S("八项齐全。"),
                             .reason = S("更新及时。") };
}

static inline AnnualDecision an_order(void) {
    return (AnnualDecision){ .decision = S("rectify"),
                             .findings = S("缺应急联系。"),
                             .measure = S("补登应急联系。"),
                             .due_on = LAST_DAY,
                             .reason = S("应急联系没有登记。") };
}

#endif
