/* annual_routes_test.c - who may ask what of the annual review, and what the answers hold. */
#include "features/annual/annual_test_world.h"
#include "features/identity/identity_test_pages.h"

static const char *const templates[] = { "annual/answer", "annual/decide", "annual/decisions",
                                         "annual/list" };
static const Route *const tables[] = { annual_routes, NULL };

static int ask(Office *o, const char *method, Str path, const char *body, Str *ret) {
    o->ctx->changed.items = NULL; /* a request begins without any */
    o->ctx->changed.len = o->ctx->changed.cap = 0;
    return page_ask(&o->w, tables, templates, COUNT_OF(templates), method, path, str_from_c(body),
                    ret);
}

#define YES "\"y1\":true,\"y2\":true,\"y3\":true,\"y4\":true,\"y5\":true,\"y6\":true,\"y7\":true"

static void a_review_goes_from_the_office_to_the_outlet_and_back(void **state) {
    Office o = office_new();
    Str no = must_get(&o.w, o.one).no, body;
    Str office = str_format(o.ctx->arena, "/admin/outlets/%.*s/review", STR_ARG(no));
    Str desk = str_format(o.ctx->arena, "/desk/outlets/%.*s/review", STR_ARG(no));
    Str send = str_format(o.ctx->arena, "/outlets/%.*s/review", STR_ARG(no));

    (void)state;
    act_as(o.ctx, &o.keeper);
    o.ctx->is_stepped_up = true;
    assert_int_equal(ask(&o, "GET", office, "", &body), 200);
    assert_true(str_contains(body, S("\"has_review\":false")));
    assert_int_equal(ask(&o, "POST", S("/admin/reviews"), "{\"year\":2026}", &body), 422);
    assert_int_equal(
        ask(&o, "POST", S("/admin/reviews"), "{\"year\":2026,\"answer_by\":\"2026-12-31\"}", &body),
        200);
    assert_true(str_contains(body, S("\"opened\":2")));
    assert_int_equal(ask(&o, "GET", S("/admin/reviews"), "", &body), 200);
    assert_true(str_contains(body, S("\"open\":2")) && str_contains(body, S("河床")));
    assert_int_equal(ask(&o, "GET", desk, "", &body), 404); /* no person of that outlet */
    assert_int_equal(ask(&o, "POST", send, "{\"version\":1," YES "}", &body), 404);

    act_as(o.ctx, &o.editor);
    assert_int_equal(ask(&o, "GET", office, "", &body), 403);
    assert_int_equal(ask(&o, "GET", S("/admin/reviews"), "", &body), 403);
    assert_int_equal(ask(&o, "GET", desk, "", &body), 200);
    assert_true(str_contains(body, S("\"may_answer\":true")));
    assert_false(str_contains(body, S("000-0000"))); /* kept or not is said, the contact is not */
    assert_int_equal(ask(&o, "POST", send, "{" YES "}", &body), 428);
    assert_int_equal(ask(&o, "POST", send, "{\"version\":1," YES "}", &body), 422);
    assert_true(str_contains(body, S("\"r8\"")));
    assert_int_equal(ask(&o, "POST", send, "{\"version\":1," YES ",\"r8\":\"没有发现。\"}", &body),
                     200);
    assert_true(str_contains(body, S("\"stand\":\"answered\"")));

    act_as(o.ctx, &o.second);
    o.ctx->is_stepped_up = true;
    assert_int_equal(ask(&o, "GET", office, "", &body), 200);
    assert_true(str_contains(body, S("\"may_decide\":true")) &&
                str_contains(body, S("没有发现。")));
    assert_int_equal(ask(&o, "POST", office,
                         "{\"version\":2,\"decision\":\"passed\",\"findings\":\"齐全。\","
                         "\"reason\":\"更新及时。\"}",
                         &body),
                     200);
    assert_int_equal(ask(&o, "POST", office,
                         "{\"version\":2,\"decision\":\"suspended\",\"findings\":\"停。\","
                         "\"reason\":\"停。\"}",
                         &body),
                     409);
    assert_true(str_contains(body, S("岑远")) && str_contains(body, S("review passed")));
    assert_int_equal(ask(&o, "GET", office, "", &body), 200);
    assert_true(str_contains(body, S("\"may_correct\":true")));
    world_free(&o.w);
}

static void a_decision_demands_a_fresh_password(void **state) {
    Office o = office_new();
    (void)answered(&o);
    Str body, office = str_format(o.ctx->arena, "/admin/outlets/%.*s/review",
                                  STR_ARG(must_get(&o.w, o.one).no));

    (void)state;
    act_as(o.ctx, &o.keeper);
    o.ctx->is_stepped_up = false;
    assert_int_equal(ask(&o, "POST", office,
                         "{\"version\":2,\"decision\":\"passed\",\"findings\":\"齐全。\","
                         "\"reason\":\"更新及时。\"}",
                         &body),
                     403);
    assert_true(str_eq(review_of(&o, o.one).decision, STR_EMPTY));
    world_free(&o.w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_review_goes_from_the_office_to_the_outlet_and_back),
        cmocka_unit_test(a_decision_demands_a_fresh_password),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
