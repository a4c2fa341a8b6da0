/* view/view_test.c - the template engine: the published specification, and what ours adds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text/json_read.h"
#include "text/suite.h"
#include "view/view.h"

static Json *json_of(Arena *arena, const char *text) {
    Json *value = NULL;

    assert_int_equal(json_read(arena, str_from_c(text), 32, &value).code, ERR_OK);
    return value;
}

static Err find_partial(void *user, Arena *arena, Str name, Str *ret) {
    const Json *partials = user;
    Json *value = partials ? json_get_str(partials, name) : NULL;

    (void)arena;
    if (!value)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is nothing at this address."));
    *ret = value->string;
    return OK;
}

static size_t run_file(Arena *arena, const char *file) {
    Json *suite = NULL, *tests;

    assert_int_equal(
        json_read(arena, suite_read(arena, "conformance/mustache-spec/%s", file), 64, &suite).code,
        ERR_OK);
    tests = json_get(suite, "tests");
    for (size_t i = 0; i < tests->array.len; i++) {
        const Json *test = tests->array.items[i];
        Buf out = buf_new(arena, 0);
        Err err = view_render_once(arena, json_get_text(test, "template"), json_get(test, "data"),
                                   true, find_partial, json_get(test, "partials"), &out);
        if (err.code != ERR_OK || !str_eq(buf_str(&out), json_get_text(test, "expected")))
            fail_msg("%s, %.*s: got \"%.*s\", expected \"%.*s\"", file,
                     STR_ARG(json_get_text(test, "name")), STR_ARG(buf_str(&out)),
                     STR_ARG(json_get_text(test, "expected")));
    }
    return tests->array.len;
}

static void lenient_mode_is_the_published_specification(void **state) {
    static const char *const files[] = { "comments.json", "delimiters.json", "interpolation.json",
                                         "inverted.json", "partials.json",   "sections.json" };
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    size_t cases = 0;

    (void)state;
    if (!suite_is_here("mustache-spec", 96))
        return;
    for (size_t i = 0; i < COUNT_OF(files); i++)
        cases += run_file(arena, files[i]);
    printf("mustache-spec: %zu cases of the required modules, all equal\n", cases);
}

static Err strict(Arena *arena, const char *text, const char *model, Str *ret) {
    Buf out = buf_new(arena, 0);
    Err err = view_render_once(arena, str_from_c(text), json_of(arena, model), false, find_partial,
                               NULL, &out);

    *ret = buf_str(&out);
    return err;
}

static void a_value_is_escaped_for_its_place(void **state) {
    static const struct {
        const char *text, *model, *expected;
    } cases[] = {
        { "<p>{{x}}</p>", "{\"x\":\"<b>&\"}", "<p>&lt;b&gt;&amp;</p>" },
        { "<a href=\"{{x}}\">a</a>", "{\"x\":\"javascript:alert(1)\"}", "<a href=\"#\">a</a>" },
        { "<a href=\"{{x}}\">a</a>", "{\"x\":\" JavaScript:alert(1)\"}", "<a href=\"#\">a</a>" },
        { "<a href=\"{{x}}\">a</a>", "{\"x\":\"//evil.example\"}", "<a href=\"#\">a</a>" },
        { "<a href=\"{{x}}\">a</a>", "{\"x\":\"/a?b=1&c=2\"}", "<a href=\"/a?b=1&amp;c=2\">a</a>" },
        { "<a href=\"/s?q={{x}}\">a</a>", "{\"x\":\"a b&c\"}", "<a href=\"/s?q=a%20b%26c\">a</a>" },
        { "<i title=\"{{x}}\">a</i>", "{\"x\":\"\\\" onload=\"}",
          "<i title=\"&quot; onload=\">a</i>" },
        { "{{#l}}{{.}};{{/l}}", "{\"l\":[1,2]}", "1;2;" },
        { "{{^l}}none{{/l}}", "{\"l\":\"\"}", "none" },
    };
    CLEANUP(arena_close) Arena *arena = arena_new(0);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Str out;
        assert_int_equal(strict(arena, cases[i].text, cases[i].model, &out).code, ERR_OK);
        if (!str_eq(out, str_from_c(cases[i].expected)))
            fail_msg("case %zu: %.*s", i, STR_ARG(out));
    }
}

static void a_name_that_is_nowhere_is_an_error_and_null_is_not(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str out;

    (void)state;
    assert_int_equal(strict(arena, "{{x}}", "{}", &out).code, ERR_INVALID);
    assert_int_equal(strict(arena, "{{#x}}{{/x}}", "{}", &out).code, ERR_INVALID);
    assert_int_equal(strict(arena, "{{a.b}}", "{\"a\":{}}", &out).code, ERR_INVALID);
    assert_int_equal(strict(arena, "{{x}}", "{\"x\":null}", &out).code, ERR_OK);
    assert_int_equal(strict(arena, "{{a.b}}", "{\"a\":null}", &out).code, ERR_OK);
    assert_int_equal(strict(arena, "{{#a}}{{x}}{{/a}}", "{\"a\":{\"y\":1},\"x\":2}", &out).code,
                     ERR_OK);
    assert_true(str_eq(out, S("2")));
}

static void unsafe_templates_are_refused_when_parsed(void **state) {
    static const char *const bad[] = {
        "<p class={{x}}>",
        "<p class=x>",
        "<script>alert(1)</script>",
        "<p onclick=\"{{x}}\">",
        "<p style=\"color:red\">",
        "<style>p{}</style>",
        "<{{x}}>",
        "<p {{x}}=\"1\">",
        "{{#x}}<p title=\"{{/x}}\">",
        "<p title=\"{{>y}}\">",
        "{{#x}}",
        "{{/x}}",
        "{{x",
        "<!-- {{x}} -->",
        "<script type=\"application/json\">{{x}}</script>",
        "{{#t}}a {{x}} b{{/t}}",
    };
    CLEANUP(arena_close) Arena *arena = arena_new(0);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        Str out;
        if (strict(arena, bad[i], "{\"x\":\"v\"}", &out).code != ERR_INVALID)
            fail_msg("accepted: %s", bad[i]);
    }
}

static void good_templates_are_accepted(void **state) {
    static const char *const good[] = {
        "<!doctype html><html lang=\"{{x}}\"><title>{{x}}</title><input disabled value=\"{{x}}\">",
        "<option{{#x}} selected{{/x}}>{{x}}</option>",
        "<a class=\"a{{#x}} b{{/x}}\" href='{{x}}'>x</a>",
        "<script src=\"/a.js\" defer></script>",
        "<script type=\"application/json\" id=\"seal\">{\"a\":1}</script>",
        "<img src=\"/media/{{x}}\" alt=\"\">",
    };
    CLEANUP(arena_close) Arena *arena = arena_new(0);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        Str out;
        Err err = strict(arena, good[i], "{\"x\":\"v\"}", &out);
        if (err.code != ERR_OK)
            fail_msg("refused: %s (%s)", good[i], err.msgid);
    }
}

static void a_set_checks_partials_and_models(void **state) {
    static const ViewSource sources[] = {
        { S_INIT("list"), S_INIT("{{#items}}{{>item}}{{/items}}{{#t}}of {total}{{/t}}") },
        { S_INIT("item"), S_INIT("<li>{{name}} {{site.name}}</li>") },
    };
    static const ViewSource lost[] = { { S_INIT("list"), S_INIT("{{>nobody}}") } };
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    ViewSet *set = NULL;

    (void)state;
    assert_int_equal(view_set_new(arena, lost, 1, &set).code, ERR_INVALID);
    assert_int_equal(view_set_new(arena, sources, 2, &set).code, ERR_OK);
    assert_int_equal(view_check(arena, set, S("list"), S("items[name] total site{name}")).code,
                     ERR_OK);
    assert_int_equal(view_check(arena, set, S("list"), S("items[name] total site{x}")).code,
                     ERR_INVALID);
    assert_int_equal(view_check(arena, set, S("list"), S("items[id] total site{name}")).code,
                     ERR_INVALID);
    assert_int_equal(view_check(arena, set, S("list"), S("items[name] site{name}")).code,
                     ERR_INVALID);

    Buf out = buf_new(arena, 0);
    assert_int_equal(view_render(arena, set, S("list"),
                                 json_of(arena, "{\"items\":[{\"name\":\"a\"},{\"name\":\"<b>\"}],"
                                                "\"total\":2,\"site\":{\"name\":\"S\"}}"),
                                 catalogue_of(S("en")), &out)
                         .code,
                     ERR_OK);
    assert_true(str_eq(buf_str(&out), S("<li>a S</li><li>&lt;b&gt; S</li>of 2")));
    view_set_free(set);
}

static void raw_values_must_be_marked_clean(void **state) {
    static const ViewSource sources[] = { { S_INIT("a"), S_INIT("<div>{{{html}}}</div>") } };
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    ViewSet *set = NULL;
    Json *model = json_obj(arena);

    (void)state;
    assert_int_equal(view_set_new(arena, sources, 1, &set).code, ERR_OK);
    json_set(model, "html", json_str(arena, S("<b>x</b>")));
    Buf out = buf_new(arena, 0);
    assert_int_equal(view_render(arena, set, S("a"), model, catalogue_of(S("en")), &out).code,
                     ERR_BUG);
    json_set(model, "html", json_clean(arena, S("<b>x</b>")));
    out = buf_new(arena, 0);
    assert_int_equal(view_render(arena, set, S("a"), model, catalogue_of(S("en")), &out).code,
                     ERR_OK);
    assert_true(str_eq(buf_str(&out), S("<div><b>x</b></div>")));
    view_set_free(set);
}

static void endless_recursion_ends_with_a_limit(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Buf out = buf_new(arena, 0);

    (void)state;
    Json *partials = json_of(arena, "{\"x\":\"{{>x}}\"}");
    Err err = view_render_once(arena, S("{{>x}}"), json_of(arena, "{}"), true, find_partial,
                               partials, &out);
    assert_int_equal(err.code, ERR_LIMIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lenient_mode_is_the_published_specification),
        cmocka_unit_test(a_value_is_escaped_for_its_place),
        cmocka_unit_test(a_name_that_is_nowhere_is_an_error_and_null_is_not),
        cmocka_unit_test(unsafe_templates_are_refused_when_parsed),
        cmocka_unit_test(good_templates_are_accepted),
        cmocka_unit_test(a_set_checks_partials_and_models),
        cmocka_unit_test(raw_values_must_be_marked_clean),
        cmocka_unit_test(endless_recursion_ends_with_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
