/* identity_routes_test.c - identity's rows, models and templates fit; what strangers and programs are answered. */
#include <stdio.h>

#include "features/identity/identity_test_world.h"
#include "view/view.h"

static Str read_template(Arena *arena, const char *name) {
    enum { BYTES_MAX = 1 << 16 };
    const char *source = getenv("LIANDONG_SOURCE");
    char *bytes = arena_alloc(arena, BYTES_MAX);

    assert_non_null(source);
    Str path = str_format(arena, "%s/src/features/identity/templates/%s.mustache", source, name);
    FILE *file = fopen(str_to_c(arena, path), "r");
    assert_non_null(file);
    size_t len = fread(bytes, 1, BYTES_MAX, file);
    fclose(file);
    return (Str){ bytes, len };
}

static ViewSet *read_views(Arena *arena) {
    static const char *const names[] = { "account", "again",      "code",   "codes", "confirm",
                                         "factor",  "invitation", "signin", "units" };
    ViewSource sources[COUNT_OF(names)];
    ViewSet *views = NULL;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        sources[i].name = str_format(arena, "identity/%s", names[i]);
        sources[i].text = read_template(arena, names[i]);
    }
    OK_(view_set_new(arena, sources, COUNT_OF(names), &views));
    return views;
}

/* One request as the command line makes it: starting checks every row and template against its model. */
static int ask(World *w, Str method, Str path, Str body, Str *ret_body) {
    ViewSet *views = read_views(w->ctx->arena);
    const Route *tables[] = { identity_routes, identity_factor_routes, NULL };
    HttpApp app = { .config = w->ctx->config,
                    .store = w->store,
                    .ids = w->ctx->ids,
                    .clock = &w->clock->clock,
                    .chance = &w->chance->chance,
                    .views = views,
                    .tables = tables,
                    .hooks = identity_hooks };
    HttpCall call = { .method = method, .path = path, .body = body };
    int status = 0;

    OK_(http_call(&app, w->ctx, &call, &status, ret_body));
    view_set_free(views);
    return status;
}

static void every_template_uses_only_what_its_model_holds(void **state) {
    World w = start();
    Str body;

    (void)state;
    w.ctx->actor = ACTOR_NOBODY;
    assert_int_equal(ask(&w, S("GET"), S("/signin?next=//evil.example"), STR_EMPTY, &body), 200);
    assert_true(str_contains(body, S("\"next\":\"/desk\"")));
    world_free(&w);
}

static void strangers_are_sent_away_and_unknown_fields_refused(void **state) {
    World w = start();
    Str body;

    (void)state;
    w.ctx->actor = ACTOR_NOBODY;
    assert_int_equal(ask(&w, S("GET"), S("/account"), STR_EMPTY, &body), 401);
    assert_int_equal(ask(&w, S("GET"), S("/admin/units"), STR_EMPTY, &body), 401);
    assert_int_equal(ask(&w, S("GET"), S("/invitations/AAAAAAAAAAAAAAAAAAAAAA"), STR_EMPTY, &body),
                     404);
    assert_int_equal(ask(&w, S("POST"), S("/signin"),
                         S("{\"login\":\"a\",\"password\":\"b\",\"role\":\"管理员\"}"), &body),
                     422);
    assert_int_equal(
        ask(&w, S("POST"), S("/signin"), S("{\"login\":\"a\",\"password\":\"b\"}"), &body), 401);
    world_free(&w);
}

static void a_person_sees_the_account_and_only_the_house_files_units(void **state) {
    World w = start();
    Person person = add(&w, "one");
    Str body;

    (void)state;
    assert_int_equal(
        ask(&w, S("POST"), S("/admin/units"), S("{\"name\":\"工会\",\"kind\":\"部门\"}"), &body),
        201);
    assert_int_equal(ask(&w, S("GET"), S("/admin/units"), STR_EMPTY, &body), 200);
    assert_true(str_contains(body, S("工会")));
    assert_int_equal(ask(&w, S("GET"), S("/account"), STR_EMPTY, &body),
                     403); /* the operator is no person */
    give(&w, &person, S("记者"), OUTLET);
    act_as(w.ctx, &person);
    assert_int_equal(ask(&w, S("GET"), S("/account"), STR_EMPTY, &body), 200);
    assert_true(str_contains(body, S("记者")));
    assert_int_equal(ask(&w, S("GET"), S("/admin/units"), STR_EMPTY, &body), 403);
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_template_uses_only_what_its_model_holds),
        cmocka_unit_test(strangers_are_sent_away_and_unknown_fields_refused),
        cmocka_unit_test(a_person_sees_the_account_and_only_the_house_files_units),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
