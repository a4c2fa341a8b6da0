/* http/router_test.c - from a path to its row; tables that make no sense stop the start (checklist 21, 23). */
#include "base/test_support.h"
#include "http/router.h"

static Err handle(Ctx *ctx, const Request *req, Response *res) {
    (void)ctx;
    (void)req;
    (void)res;
    return OK;
}

static Err handle_form(Ctx *ctx, const Request *req, Response *res) {
    return handle(ctx, req, res);
}

static Err outlet_of(Ctx *ctx, const Request *req, int64_t *ret) {
    (void)ctx;
    (void)req;
    *ret = 1;
    return OK;
}

static const Field id_field[] = { { "id", FIELD_ID, IN_PATH }, { 0 } };
static const Field name_field[] = { { "name", FIELD_LINE, IN_PATH }, { 0 } };
static const Field two_fields[] = { { "a", FIELD_LINE, IN_PATH },
                                    { "b", FIELD_LINE, IN_PATH },
                                    { 0 } };
static const Field body_field[] = { { "x", FIELD_LINE, IN_BODY }, { 0 } };

#define ROW(method_, pattern_, fields_)                                                            \
    {                                                                                              \
        .method = method_, .pattern = pattern_, .cap = CAP_READ, .fields = fields_,                \
        .handler = handle, .summary = "A row."                                                     \
    }

static const Route site[] = {
    ROW("GET", "/", NULL),
    ROW("GET", "/articles", NULL),
    ROW("POST", "/articles", body_field),
    ROW("GET", "/articles/{id}", id_field),
    ROW("PUT", "/articles/{id}", id_field),
    ROW("DELETE", "/articles/{id}", id_field),
    ROW("GET", "/articles/new", NULL),
    ROW("GET", "/articles/{id}.json", id_field),
    ROW("GET", "/diff/{a}..{b}", two_fields),
    ROW("GET", "/files/{name*}", name_field),
    ROW("GET", "/files/own", NULL),
    { 0 },
};

static Router *router_of(Arena *arena) {
    static const Route *const tables[] = { site, NULL };
    Router *router = NULL;

    assert_int_equal(router_new(arena, tables, &router).code, ERR_OK);
    return router;
}

/* The pattern that a path leads to, or the result's name. */
static Str leads_to(Arena *arena, const Router *router, Method method, Str path) {
    RouteMatch match;

    switch (router_find(router, arena, method, path, &match)) {
    case ROUTE_FOUND:
        return str_from_c(match.row->route->pattern);
    case ROUTE_NONE:
        return S("404");
    case ROUTE_BAD_METHOD:
        return S("405");
    case ROUTE_BAD_PATH:
        return S("400");
    }
    return S("?");
}

static void text_wins_over_mixed_over_names_over_the_rest(void **state) {
    const Router *router = router_of(*state);
    static const struct {
        Str path, pattern;
    } cases[] = {
        { S_INIT("/"), S_INIT("/") },
        { S_INIT("/articles"), S_INIT("/articles") },
        { S_INIT("/articles/new"), S_INIT("/articles/new") },
        { S_INIT("/articles/n%65w"), S_INIT("/articles/new") },
        { S_INIT("/articles/7.json"), S_INIT("/articles/{id}.json") },
        { S_INIT("/articles/.json"), S_INIT("/articles/{id}") },
        { S_INIT("/articles/7"), S_INIT("/articles/{id}") },
        { S_INIT("/files/own"), S_INIT("/files/own") },
        { S_INIT("/files/own/x"), S_INIT("/files/{name*}") },
        { S_INIT("/files"), S_INIT("404") },
        { S_INIT("/files/"), S_INIT("404") },
        { S_INIT("/articles/"), S_INIT("404") },
        { S_INIT("/articles//7"), S_INIT("404") },
        { S_INIT("//articles"), S_INIT("404") },
        { S_INIT("/Articles"), S_INIT("404") },
        { S_INIT("/articles/7/x"), S_INIT("404") },
        { S_INIT("/diff/1..2"), S_INIT("/diff/{a}..{b}") },
        { S_INIT("/diff/..2"), S_INIT("404") },
        { S_INIT("/diff/1.."), S_INIT("404") },
        { S_INIT("/diff/1.2"), S_INIT("404") },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_str(leads_to(*state, router, METHOD_GET, cases[i].path), cases[i].pattern);
}

static void values_are_decoded_once(void **state) {
    const Router *router = router_of(*state);
    RouteMatch match;

    assert_int_equal(
        router_find(router, *state, METHOD_GET, S("/articles/%E4%B8%AD+%2541"), &match),
        ROUTE_FOUND);
    assert_str(match.values[0], S("中+%41"));
    assert_int_equal(router_find(router, *state, METHOD_GET, S("/diff/a.b..c..d"), &match),
                     ROUTE_FOUND);
    assert_str(match.values[0], S("a.b"));
    assert_str(match.values[1], S("c..d"));
    assert_int_equal(router_find(router, *state, METHOD_GET, S("/files/a/b%20c"), &match),
                     ROUTE_FOUND);
    assert_str(match.values[0], S("a/b c"));
}

/* sec_21 */
static void paths_that_no_honest_client_sends_are_bad(void **state) {
    static const char *const bad[] = { "",
                                       "articles",
                                       "/.",
                                       "/..",
                                       "/articles/..",
                                       "/articles/./7",
                                       "/articles/%2e%2e",
                                       "/files/a/%2E%2E/b",
                                       "/articles/a%2Fb",
                                       "/articles/a%5cb",
                                       "/articles/%00",
                                       "/articles/a%0ab",
                                       "/articles/%7f",
                                       "/articles/%",
                                       "/articles/%4",
                                       "/articles/%zz",
                                       "/articles/%ff",
                                       "/articles/%c0%ae",
                                       "/articles/a\\b" };
    const Router *router = router_of(*state);

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (!str_eq(leads_to(*state, router, METHOD_GET, str_from_c(bad[i])), S("400")))
            fail_msg("\"%s\" is not bad", bad[i]);
}

static void no_name_takes_dots_that_climb(void **state) {
    const Router *router = router_of(*state);

    assert_str(leads_to(*state, router, METHOD_GET, S("/articles/...json")), S("/articles/{id}"));
    assert_str(leads_to(*state, router, METHOD_GET, S("/diff/a....")), S("404"));
}

static void a_path_has_at_most_64_segments(void **state) {
    const Router *router = router_of(*state);
    Str path = S("/files");

    for (int i = 1; i < 64; i++)
        path = str_concat(*state, path, S("/a"));
    assert_str(leads_to(*state, router, METHOD_GET, path), S("/files/{name*}"));
    assert_str(leads_to(*state, router, METHOD_GET, str_concat(*state, path, S("/a"))), S("400"));
}

/* sec_23 */
static void methods_are_those_of_the_rows(void **state) {
    const Router *router = router_of(*state);
    RouteMatch match;

    assert_int_equal(router_find(router, *state, METHOD_HEAD, S("/articles/7"), &match),
                     ROUTE_FOUND);
    assert_string_equal(match.row->route->method, "GET");
    assert_int_equal(router_find(router, *state, METHOD_PATCH, S("/articles/7"), &match),
                     ROUTE_BAD_METHOD);
    assert_str(method_list(*state, match.methods), S("GET, HEAD, PUT, DELETE, OPTIONS"));
    assert_int_equal(router_find(router, *state, METHOD_OPTIONS, S("/articles"), &match),
                     ROUTE_BAD_METHOD);
    assert_str(method_list(*state, match.methods), S("GET, HEAD, POST, OPTIONS"));
    assert_int_equal(router_find(router, *state, METHOD_OTHER, S("/articles"), &match),
                     ROUTE_BAD_METHOD);
    assert_int_equal(router_find(router, *state, METHOD_POST, S("/nothing"), &match), ROUTE_NONE);
    assert_int_equal(match.methods, 0);
}

static void words_are_methods_exactly(void **state) {
    (void)state;
    assert_int_equal(method_of(S("GET")), METHOD_GET);
    assert_int_equal(method_of(S("TRACE")), METHOD_OTHER);
    assert_int_equal(method_of(S("get")), 0);
    assert_int_equal(method_of(S("GETT")), 0);
    assert_int_equal(method_of(S("")), 0);
}

/* sec_23: published method words, of which none but ours is known. */
static void unknown_methods_are_none(void **state) {
    size_t known = 0, unknown = 0;
    Str word;

    if (!test_has_shared("methods"))
        return;
    Str text = test_shared_file(*state, "corpora/conformance/injection-payloads/http-protocol/"
                                        "http-protocol-methods.txt");
    while (str_cut(&text, '\n', &word)) {
        Method method = method_of(str_trim(word));
        known += method != 0;
        unknown += method == 0;
        assert_true(method == 0 || str_contains(S("GET POST HEAD PUT DELETE PATCH OPTIONS TRACE "
                                                  "CONNECT"),
                                                str_trim(word)));
    }
    assert_true(unknown > known);
    print_message("methods: %zu cases passed, %zu words are no method here\n", known + unknown,
                  unknown);
}

/* sec_21: whatever is asked for below a path that takes slashes, nothing climbs. */
static void no_published_traversal_climbs(void **state) {
    static const char *const files[] = { "path-traversal/traversals-8-deep-exotic-encoding.txt",
                                         "directory-traversal/deep_traversal.txt",
                                         "directory-traversal/directory_traversal.txt",
                                         "directory-traversal/dotdotpwn.txt",
                                         "lfi/JHADDIX_LFI.txt" };
    const Router *router = router_of(*state);
    size_t refused = 0, kept = 0;
    Str line;

    if (!test_has_shared("traversal"))
        return;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        Str name = str_format(*state, "corpora/conformance/injection-payloads/%s", files[i]);
        Str text = test_shared_file(*state, str_to_c(*state, name));
        while (str_cut(&text, '\n', &line)) {
            CLEANUP(arena_close) Arena *arena = arena_new(0);
            Str path =
                str_concat(arena, S("/files/"), str_slice(line, 0, str_find_char(line, '?', 0)));
            RouteMatch match;
            if (router_find(router, arena, METHOD_GET, path, &match) != ROUTE_FOUND) {
                refused++;
                continue;
            }
            kept++;
            StrList parts = str_split(arena, match.values[0], '/');
            for (size_t k = 0; k < parts.len; k++)
                if (parts.items[k].len == 0 || str_eq(parts.items[k], S("..")) ||
                    str_eq(parts.items[k], S(".")) ||
                    str_find_char(parts.items[k], '\\', 0) != SIZE_MAX ||
                    str_find_char(parts.items[k], '\0', 0) != SIZE_MAX)
                    fail_msg("%.*s climbs", STR_ARG(line));
        }
    }
    assert_true(refused > kept);
    print_message("traversal: %zu cases passed, %zu refused, %zu plain names\n", refused + kept,
                  refused, kept);
}

/* ---- tables ---- */

static ErrCode code_of(Arena *arena, const Route *table) {
    const Route *const tables[] = { table, NULL };
    Router *router;
    Err err = router_new(arena, tables, &router);

    if (err.code != ERR_OK)
        assert_true(err.args[1].len > 0); /* the row is named */
    return err.code;
}

static void tables_that_make_no_sense_are_refused(void **state) {
    static const Field other_name[] = { { "other", FIELD_ID, IN_PATH }, { 0 } };
    static const Field twice[] = { { "id", FIELD_ID, IN_PATH },
                                   { "id", FIELD_ID, IN_QUERY },
                                   { 0 } };
    static const Field no_place[] = { { "x", FIELD_ID, (FieldPlace)0 }, { 0 } };
    static const Field no_type[] = { { "x", FIELD_END, IN_QUERY }, { 0 } };
    const Route bad[][3] = {
        { ROW("TRACE", "/a", NULL) },
        { ROW("HEAD", "/a", NULL) },
        { ROW("get", "/a", NULL) },
        { ROW("GET", "a", NULL) },
        { ROW("GET", "/a/", NULL) },
        { ROW("GET", "/a//b", NULL) },
        { ROW("GET", "/{}", NULL) },
        { ROW("GET", "/{id", id_field) },
        { ROW("GET", "/id}", id_field) },
        { ROW("GET", "/{a}{b}", two_fields) },
        { ROW("GET", "/x{name*}", name_field) },
        { ROW("GET", "/{name*}/x", name_field) },
        { ROW("GET", "/{id}", NULL) },
        { ROW("GET", "/{id}", other_name) },
        { ROW("GET", "/a", id_field) },
        { ROW("GET", "/{id}", twice) },
        { ROW("GET", "/a", no_place) },
        { ROW("GET", "/a", no_type) },
        { ROW("GET", "/a", body_field) },
        { ROW("GET", "/a", NULL), ROW("GET", "/a", NULL) },
        { ROW("GET", "/a/{id}", id_field), ROW("GET", "/a/{name}", name_field) },
        { { .method = "GET", .pattern = "/a", .handler = handle } },
        { { .method = "GET", .pattern = "/a", .cap = CAP_READ } },
        { { .method = "GET", .pattern = "/a", .cap = OUTLET(CAP_FIRST_OWN), .handler = handle } },
        { { .method = "POST",
            .pattern = "/a",
            .cap = CAP_READ,
            .handler = handle,
            .form_handler = handle_form } },
    };

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (code_of(*state, bad[i]) != ERR_BUG)
            fail_msg("table %zu is taken: %s %s", i, bad[i][0].method, bad[i][0].pattern);
}

static void good_tables_are_taken_in_their_order(void **state) {
    const Route table[] = {
        { .method = "POST",
          .pattern = "/a",
          .cap = CAP_READ,
          .handler = handle,
          .form_handler = handle_form },
        { .method = "GET", .pattern = "/a", .cap = CAP_READ, .handler = handle_form },
        { .method = "GET",
          .pattern = "/{id}",
          .cap = OUTLET(CAP_FIRST_OWN),
          .fields = id_field,
          .handler = handle,
          .outlet_of = outlet_of },
        { 0 },
    };
    const Route *const tables[] = { table, site, NULL };
    Router *router;

    /* Two tables have no row in common. */
    assert_int_equal(router_new(*state, tables, &router).code, ERR_OK);
    assert_int_equal(router_count(router), 3 + COUNT_OF(site) - 1);
    assert_string_equal(router_row(router, 1)->route->pattern, "/a");
    assert_ptr_equal(router_row(router, 0)->form, router_row(router, 1));
    assert_null(router_row(router, 1)->form);
    assert_str(router_row(router, 2)->names[0], S("id"));
}

static void patterns_have_their_bounds(void **state) {
    static const Field nine[] = { { "a", FIELD_ID, IN_PATH }, { "b", FIELD_ID, IN_PATH },
                                  { "c", FIELD_ID, IN_PATH }, { "d", FIELD_ID, IN_PATH },
                                  { "e", FIELD_ID, IN_PATH }, { "f", FIELD_ID, IN_PATH },
                                  { "g", FIELD_ID, IN_PATH }, { "h", FIELD_ID, IN_PATH },
                                  { "i", FIELD_ID, IN_PATH }, { 0 } };
    static const Field three[] = {
        { "a", FIELD_ID, IN_PATH }, { "b", FIELD_ID, IN_PATH }, { "c", FIELD_ID, IN_PATH }, { 0 }
    };
    const Route most[] = { ROW("GET", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", NULL), { 0 } };
    const Route more[] = { ROW("GET", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", NULL), { 0 } };
    const Route names[] = { ROW("GET", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}", nine), { 0 } };
    const Route mixed[] = { ROW("GET", "/{a}-{b}-{c}", three), { 0 } };

    assert_int_equal(code_of(*state, most), ERR_OK);
    assert_int_equal(code_of(*state, more), ERR_BUG);
    assert_int_equal(code_of(*state, names), ERR_BUG);
    assert_int_equal(code_of(*state, mixed), ERR_BUG);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(text_wins_over_mixed_over_names_over_the_rest),
        WITH_ARENA(values_are_decoded_once),
        WITH_ARENA(paths_that_no_honest_client_sends_are_bad),
        WITH_ARENA(no_name_takes_dots_that_climb),
        WITH_ARENA(a_path_has_at_most_64_segments),
        WITH_ARENA(methods_are_those_of_the_rows),
        WITH_ARENA(words_are_methods_exactly),
        WITH_ARENA(unknown_methods_are_none),
        WITH_ARENA(no_published_traversal_climbs),
        WITH_ARENA(tables_that_make_no_sense_are_refused),
        WITH_ARENA(good_tables_are_taken_in_their_order),
        WITH_ARENA(patterns_have_their_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
