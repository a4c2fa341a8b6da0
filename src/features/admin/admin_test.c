/* admin_test.c - people, dated grants and one-time links as the pages of administration offer them. */
#include "features/admin/admin.h"
#include "features/identity/identity_test_pages.h"
#include "features/register/register_test_world.h"
#include "features/site/site.h"
#include "text/zone.h"

static const char *const templates[] = { "admin/link", "admin/people", "admin/person",
                                         "admin/settings" };
static const Route *const tables[] = { admin_routes, admin_settings_routes, NULL };

static int ask(World *w, const char *method, const char *path, const char *body, Str *ret) {
    return page_ask(w, tables, templates, COUNT_OF(templates), method, str_from_c(path),
                    str_from_c(body), ret);
}

static World admin_start(void) {
    World w = register_start();
    Site site = { .name = S("联盟"), .zone = S("Asia/Shanghai"), .origin = S("a.invalid/x") };
    OK_(site_create(w.ctx, &site));
    return w;
}

static const char *path_of(World *w, const Person *person, const char *rest) {
    return str_to_c(w->ctx->arena,
                    str_format(w->ctx->arena, "/admin/people/%lld%s", (long long)person->id, rest));
}

static GrantList grants_of(World *w, const Person *person) {
    GrantList list;

    OK_(grant_list_of_person(w->ctx, person->id, &list));
    return list;
}

static void a_person_is_added_once_and_a_look_alike_is_refused(void **state) {
    World w = admin_start();
    Str body;

    (void)state;
    assert_int_equal(ask(&w, "POST", "/admin/people",
                         "{\"login\":\"tang.yizhou\",\"name\":\"唐一舟\",\"unit\":\"新闻中心\"}",
                         &body),
                     201);
    assert_int_equal(world_count(&w, "unit"), 1);
    assert_int_equal(
        ask(&w, "POST", "/admin/people", "{\"login\":\"TANG.yizhou\",\"name\":\"另一人\"}", &body),
        409);
    assert_int_equal(ask(&w, "POST", "/admin/people",
                         "{\"login\":\"tang.y\u0456zhou\",\"name\":\"另一人\"}", &body),
                     409);
    assert_int_equal(ask(&w, "POST", "/admin/people", "{\"login\":\"x y\",\"name\":\"甲\"}", &body),
                     422);
    assert_int_equal(ask(&w, "POST", "/admin/people", "{\"login\":\"x\"}", &body), 422);
    assert_int_equal(world_count(&w, "person"), 1);
    assert_int_equal(ask(&w, "GET", "/admin/people", "", &body), 200);
    assert_true(str_contains(body, S("唐一舟")));
    assert_int_equal(ask(&w, "GET", "/admin/people?login=tang.yizhou", "", &body), 200);
    assert_true(str_contains(body, S("唐一舟")));
    assert_int_equal(ask(&w, "GET", "/admin/people?login=nobody", "", &body), 200);
    assert_false(str_contains(body, S("唐一舟")));
    world_free(&w);
}

static void strangers_and_people_without_the_right_reach_nothing(void **state) {
    World w = admin_start();
    Person one = add(&w, "one");
    Str body;
    const char *const posts[] = { path_of(&w, &one, "/grants"), path_of(&w, &one, "/invitation"),
                                  path_of(&w, &one, "/end") };

    (void)state;
    give(&w, &one, S("总编"), 0);
    for (int as = 0; as < 2; as++) {
        int wanted = as ? 403 : 401;
        if (as)
            act_as(w.ctx, &one);
        else
            w.ctx->actor = ACTOR_NOBODY;
        w.ctx->is_stepped_up = true;
        assert_int_equal(ask(&w, "GET", "/admin/people", "", &body), wanted);
        assert_int_equal(ask(&w, "GET", path_of(&w, &one, ""), "", &body), wanted);
        for (size_t i = 0; i < COUNT_OF(posts); i++)
            assert_int_equal(ask(&w, "POST", posts[i], i ? "{}" : "{\"role\":\"管理员\"}", &body),
                             wanted);
    }
    world_free(&w);
}

static void decisions_about_people_ask_for_a_fresh_password(void **state) {
    World w = admin_start();
    Person boss = add(&w, "boss"), one = add(&w, "one");
    Str body;

    (void)state;
    give(&w, &boss, S("管理员"), 0);
    act_as(w.ctx, &boss);
    w.ctx->is_stepped_up = false;
    int status = ask(&w, "POST", path_of(&w, &one, "/invitation"), "{}", &body);
    assert_true(status == 401 || status == 403);
    assert_int_equal(world_count(&w, "invitation"), 0);
    w.ctx->is_stepped_up = true;
    assert_int_equal(ask(&w, "POST", path_of(&w, &one, "/invitation"), "{}", &body), 200);
    assert_true(str_contains(body, S("/invitations/")));
    assert_int_equal(world_count(&w, "invitation"), 1);
    w.ctx->is_stepped_up = false;
    status = ask(&w, "POST", path_of(&w, &one, "/end"), "{}", &body);
    assert_true(status == 401 || status == 403);
    w.ctx->is_stepped_up = true;
    assert_int_equal(ask(&w, "POST", path_of(&w, &one, "/end"), "{}", &body), 200);
    assert_int_equal(ask(&w, "POST", path_of(&w, &one, "/end"), "{}", &body), 409);
    world_free(&w);
}

static void grants_have_a_first_and_a_last_day_in_the_alliances_zone(void **state) {
    World w = admin_start();
    Person boss = add(&w, "boss"), one = add(&w, "one");
    Str body;
    Str no = must_get(&w, filed(&w, "河床", "riverbed")).no;
    ZoneTime today;
    int64_t start;

    (void)state;
    give(&w, &boss, S("管理员"), 0);
    act_as(w.ctx, &boss);
    w.ctx->is_stepped_up = true;
    OK_(zone_local(S("Asia/Shanghai"), w.ctx->now_ms, &today));
    const char *today_text = str_to_c(w.ctx->arena, str_format(w.ctx->arena, "%04d-%02d-%02d",
                                                               today.year, today.month, today.day));

    /* Today and for one day: from now to midnight in Shanghai. */
    Str json = str_format(
        w.ctx->arena, "{\"role\":\"记者\",\"outlet\":\"%.*s\",\"from\":\"%s\",\"until\":\"%s\"}",
        STR_ARG(no), today_text, today_text);
    assert_int_equal(
        ask(&w, "POST", path_of(&w, &one, "/grants"), str_to_c(w.ctx->arena, json), &body), 200);
    GrantList grants = grants_of(&w, &one);
    assert_int_equal(grants.len, 1);
    assert_int_equal(grants.items[0].from_ms, w.ctx->now_ms);
    OK_(zone_day_start(S("Asia/Shanghai"), w.ctx->now_ms, 1, &start));
    assert_int_equal(grants.items[0].until_ms, start);

    /* A year ahead: not in force yet, and shown as to come. */
    json = str_format(w.ctx->arena,
                      "{\"role\":\"责任编辑\",\"outlet\":\"%.*s\",\"from\":\"%04d-01-01\"}",
                      STR_ARG(no), today.year + 1);
    assert_int_equal(
        ask(&w, "POST", path_of(&w, &one, "/grants"), str_to_c(w.ctx->arena, json), &body), 200);
    assert_int_equal(ask(&w, "GET", path_of(&w, &one, ""), "", &body), 200);
    assert_true(str_contains(body, S("\"is_later\":true")));
    GrantList now;
    OK_(grant_of_person(w.ctx, one.id, &now));
    assert_int_equal(now.len, 1);

    /* In the past: R13. The end before the beginning, no such day, no such role or outlet: refused. */
    json = str_format(w.ctx->arena, "{\"role\":\"总编\",\"from\":\"%04d-01-01\"}", today.year - 1);
    assert_int_equal(
        ask(&w, "POST", path_of(&w, &one, "/grants"), str_to_c(w.ctx->arena, json), &body), 403);
    assert_true(str_contains(body, S("13")));
    static const char *const wrong[] = {
        "{\"role\":\"总编\",\"from\":\"2099-01-02\",\"until\":\"2099-01-01\"}",
        "{\"role\":\"总编\",\"from\":\"2026-02-30\"}",
        "{\"role\":\"皇帝\"}",
        "{\"role\":\"记者\"}",
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_int_equal(ask(&w, "POST", path_of(&w, &one, "/grants"), wrong[i], &body), 422);
    assert_int_equal(ask(&w, "POST", path_of(&w, &one, "/grants"),
                         "{\"role\":\"记者\",\"outlet\":\"X-9\"}", &body),
                     422);
    assert_int_equal(grants_of(&w, &one).len, 2);

    /* Ended by its id; another time it is over already. */
    const char *end = str_to_c(w.ctx->arena, str_format(w.ctx->arena, "/admin/grants/%lld/end",
                                                        (long long)grants.items[0].id));
    assert_int_equal(ask(&w, "POST", end, "{}", &body), 200);
    assert_int_equal(ask(&w, "POST", end, "{}", &body), 409);
    assert_int_equal(ask(&w, "POST", "/admin/grants/77/end", "{}", &body), 404);
    world_free(&w);
}

static void who_does_what_changes_the_pages_of_that_outlet(void **state) {
    World w = admin_start();
    Person one = add(&w, "one");
    int64_t outlet = filed(&w, "河床", "riverbed");
    Str tag = str_format(w.ctx->arena, "outlet:%lld", (long long)outlet);

    (void)state;
    for (int act = 0; act < 3; act++) {
        bool has_tag = false, has_list = false;
        static int64_t grant;
        w.ctx->changed.len = 0;
        if (act == 0)
            grant = give(&w, &one, S("指导教师"), outlet);
        else if (act == 1)
            OK_(grant_end(w.ctx, grant));
        else
            OK_(person_end(w.ctx, one.id));
        for (size_t i = 0; i < w.ctx->changed.len; i++) {
            has_tag = has_tag || str_eq(w.ctx->changed.items[i], act < 2 ? tag : S("site"));
            has_list = has_list || str_eq(w.ctx->changed.items[i], S("outlets"));
        }
        assert_true(has_tag && has_list);
    }
    world_free(&w);
}

/* The unit and the person of one form are one act, with storage failing at every step. */
static void a_new_person_comes_with_the_unit_or_neither_comes(void **state) {
    World w = admin_start();
    int step = 0;

    (void)state;
    for (bool is_done = false; !is_done; step++) {
        int64_t entries = world_count(&w, "ledger_pending");
        Str body;

        db_fail_at(w.ctx->db, step);
        int status = ask(&w, "POST", "/admin/people",
                         "{\"login\":\"one\",\"name\":\"甲\",\"unit\":\"新闻中心\"}", &body);
        db_fail_at(w.ctx->db, -1);
        db_reset(w.ctx->db);
        is_done = status == 201;
        if (!is_done)
            assert_int_equal(status, 503);
        assert_int_equal(world_count(&w, "unit"), is_done);
        assert_int_equal(world_count(&w, "person"), is_done);
        assert_int_equal(world_count(&w, "ledger_pending"), entries + (is_done ? 2 : 0));
    }
    world_free(&w);
    printf("admin faults: %d faults passed, 0 failed, 0 skipped\n", step - 1);
    assert_true(step > 8);
}

static void only_administrators_reach_the_settings(void **state) {
    World w = admin_start();
    Person boss = add(&w, "boss"), registrar = add(&w, "registrar");
    const char *path = "/admin/settings",
               *change = "{\"name\":\"新盟\",\"zone\":\"Asia/Shanghai\"}";
    Site site;
    Str body;

    (void)state;
    give(&w, &boss, S("管理员"), 0);
    give(&w, &registrar, S("登记员"), 0);
    w.ctx->actor = ACTOR_NOBODY;
    assert_int_equal(ask(&w, "GET", path, "", &body), 401);
    assert_int_equal(ask(&w, "POST", path, change, &body), 401);
    act_as(w.ctx, &registrar);
    assert_int_equal(ask(&w, "POST", path, change, &body), 403);
    act_as(w.ctx, &boss);
    assert_int_equal(ask(&w, "GET", path, "", &body), 200);
    assert_int_equal(ask(&w, "POST", path, "{\"zone\":\"x\"}", &body), 422);
    assert_int_equal(ask(&w, "POST", path,
                         "{\"name\":\"a\",\"zone\":\"UTC\",\"origin\":\"evil.example\"}", &body),
                     422);
    assert_int_equal(ask(&w, "POST", path, change, &body), 200);
    OK_(site_get(w.ctx, &site));
    assert_true(str_eq(site.name, S("新盟")));
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_is_added_once_and_a_look_alike_is_refused),
        cmocka_unit_test(strangers_and_people_without_the_right_reach_nothing),
        cmocka_unit_test(decisions_about_people_ask_for_a_fresh_password),
        cmocka_unit_test(grants_have_a_first_and_a_last_day_in_the_alliances_zone),
        cmocka_unit_test(who_does_what_changes_the_pages_of_that_outlet),
        cmocka_unit_test(a_new_person_comes_with_the_unit_or_neither_comes),
        cmocka_unit_test(only_administrators_reach_the_settings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
