/* register_routes_test.c - who may ask what of the register, and what its answers hold. */
#include "features/identity/identity_test_pages.h"
#include "features/register/register_test_world.h"

static const char *const templates[] = { "register/admin",  "register/application",
                                         "register/apply",  "register/card",
                                         "register/fields", "register/import",
                                         "register/list",   "register/report" };
static const Route *const tables[] = { register_routes, NULL };

static int ask(World *w, const char *method, Str path, const char *body, Str *ret) {
    return page_ask(w, tables, templates, COUNT_OF(templates), method, path, str_from_c(body), ret);
}

static int get(World *w, const char *path, Str *ret) {
    return ask(w, "GET", str_from_c(path), "", ret);
}

#define APPLICATION                                                                                \
    "{\"name\":\"河床\",\"platform\":\"微信\",\"platform_account\":\"riverbed\",\"tier\":"     \
    "\"二级\","                                                                                  \
    "\"unit\":\"水利学院\",\"teacher\":\"沈砚\",\"teacher_contact\":\"000-0000-0101\"}"

static void strangers_read_the_register_and_nothing_more(void **state) {
    static const char *const closed[] = { "/outlets/apply",        "/outlets/applications/1",
                                          "/admin/outlets",        "/admin/outlets/new",
                                          "/admin/outlets/import", "/admin/outlets/CC001" };
    World w = register_start();
    Str body;

    (void)state;
    (void)filed(&w, "河床", "riverbed");
    w.ctx->actor = ACTOR_NOBODY;
    for (size_t i = 0; i < COUNT_OF(closed); i++)
        assert_int_equal(get(&w, closed[i], &body), 401);
    assert_int_equal(ask(&w, "POST", S("/outlets/apply"), APPLICATION, &body), 401);
    assert_int_equal(ask(&w, "POST", S("/admin/outlets"), APPLICATION, &body), 401);
    assert_int_equal(ask(&w, "POST", S("/admin/outlets/CC001/state"), "{\"to\":\"struck\"}", &body),
                     401);
    assert_int_equal(get(&w, "/outlets", &body), 200);
    assert_true(str_contains(body, S("河床")) && str_contains(body, S("no_teacher")));
    assert_false(str_contains(body, S("000-0000")));
    assert_int_equal(get(&w, "/outlets.csv", &body), 200);
    assert_true(str_contains(body, S("河床")));
    assert_false(str_contains(body, S("000-0000")));
    world_free(&w);
}

static void an_outlet_applies_the_office_approves_and_the_public_sees_it(void **state) {
    World w = register_start();
    Person person = add(&w, "one");
    OutletList list;
    int64_t total;
    OutletFilter staff = { .has_applications = true };
    Str body;

    (void)state;
    act_as(w.ctx, &person);
    assert_int_equal(get(&w, "/outlets/apply", &body), 200);
    assert_int_equal(get(&w, "/admin/outlets", &body), 403);
    assert_int_equal(ask(&w, "POST", S("/outlets/apply"), "{\"name\":\"河床\"}", &body), 422);
    assert_int_equal(
        ask(&w, "POST", S("/outlets/apply"), "{\"name\":\"河床\",\"no\":\"X-1\"}", &body), 422);
    assert_int_equal(ask(&w, "POST", S("/outlets/apply"), APPLICATION, &body), 201);
    assert_int_equal(ask(&w, "POST", S("/outlets/apply"), APPLICATION, &body), 409);
    OK_(outlet_list(w.ctx, &staff, 0, 10, &list, &total));
    assert_int_equal(total, 1);
    Str id = str_from_int(w.ctx->arena, list.items[0].id);
    Str page = str_concat(w.ctx->arena, S("/outlets/applications/"), id);
    assert_int_equal(ask(&w, "GET", page, "", &body), 200);
    assert_true(str_contains(body, S("\"is_open\":true")));
    assert_false(str_contains(body, S("000-0000")));
    assert_int_equal(get(&w, "/outlets", &body), 200);
    assert_false(str_contains(body, S("河床")));

    act_as_operator(w.ctx);
    assert_int_equal(get(&w, "/admin/outlets", &body), 200);
    assert_true(str_contains(body, str_format(w.ctx->arena, "\"ref\":\"%.*s\"", STR_ARG(id))));
    Str card = str_concat(w.ctx->arena, S("/admin/outlets/"), id);
    assert_int_equal(ask(&w, "GET", card, "", &body), 200);
    assert_true(str_contains(body, S("000-0000-0101"))); /* staff see the contact */
    Str state_path = str_concat(w.ctx->arena, card, S("/state"));
    assert_int_equal(ask(&w, "POST", state_path, "{\"to\":\"pending\"}", &body), 428);
    assert_int_equal(ask(&w, "POST", state_path, "{\"to\":\"filed\",\"version\":1}", &body), 409);
    assert_int_equal(ask(&w, "POST", state_path, "{\"to\":\"pending\",\"version\":1}", &body), 200);
    assert_int_equal(ask(&w, "POST", state_path, "{\"to\":\"filed\",\"version\":2}", &body), 200);
    assert_true(str_contains(body, S("-001\"")));
    assert_int_equal(ask(&w, "GET", page, "", &body), 403); /* the operator is no person */
    act_as(w.ctx, &person);
    assert_int_equal(ask(&w, "GET", page, "", &body), 200);
    assert_true(str_contains(body, S("\"is_filed\":true")));
    assert_int_equal(get(&w, "/outlets", &body), 200);
    assert_true(str_contains(body, S("河床")));
    world_free(&w);
}

static void a_card_is_changed_with_its_version_only(void **state) {
    World w = register_start();
    Str body;
    int64_t id = filed(&w, "河床", "riverbed");
    Str path = str_concat(w.ctx->arena, S("/admin/outlets/"), must_get(&w, id).no);

    (void)state;
    const char *all = "{\"version\":1,\"name\":\"河床报\",\"platform\":\"微信\",\"tier\":\"二级\","
                      "\"unit\":\"水利学院\"}";
    assert_int_equal(ask(&w, "POST", path, "{\"name\":\"河床报\"}", &body), 422);
    assert_int_equal(ask(&w, "POST", path, all, &body), 200);
    assert_true(str_eq(must_get(&w, id).name, S("河床报")));
    assert_true(str_eq(must_get(&w, id).teacher, S("沈砚"))); /* what was not sent stays */
    int status = ask(&w, "POST", path, all, &body);
    assert_true(status == 409 || status == 412);
    world_free(&w);
}

static void filters_and_numbers_that_are_none_are_answered_plainly(void **state) {
    World w = register_start();
    Str body;

    (void)state;
    (void)filed(&w, "河床", "riverbed");
    assert_int_equal(get(&w,
                         "/outlets?tier=%E4%BA%8C%E7%BA%A7&state=active&platform=%E5%BE%AE"
                         "%E4%BF%A1&q=%E6%B2%B3",
                         &body),
                     200);
    assert_true(str_contains(body, S("\"total\":1")));
    assert_true(str_contains(body, S("/outlets.csv?tier=%E4%BA%8C%E7%BA%A7")));
    assert_int_equal(get(&w, "/outlets?missing=%E5%BE%AE%E5%8D%9A", &body), 200);
    assert_true(str_contains(body, S("\"total\":1")));
    assert_int_equal(get(&w, "/outlets?missing=%E5%BE%AE%E4%BF%A1", &body), 200);
    assert_true(str_contains(body, S("\"total\":0")));
    assert_int_equal(get(&w, "/outlets?state=hidden", &body), 422);
    assert_int_equal(get(&w, "/admin/outlets/nothing-1", &body), 404);
    assert_int_equal(get(&w, "/admin/outlets/99999999999999999999", &body), 404);
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strangers_read_the_register_and_nothing_more),
        cmocka_unit_test(an_outlet_applies_the_office_approves_and_the_public_sees_it),
        cmocka_unit_test(a_card_is_changed_with_its_version_only),
        cmocka_unit_test(filters_and_numbers_that_are_none_are_answered_plainly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
