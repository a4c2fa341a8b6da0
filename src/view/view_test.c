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
    /* lambdas, inheritance and dynamic names are optional and not claimed: tests/plumbing says why */
    printf("mustache-spec: %zu cases passed, 0 failed, %zu skipped\n", cases, 96 - cases);
    assert_int_equal(cases, 68);
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
        { "<a href=\"{{x}}\">a</a>", "{\"x\":\"/\\t/evil.example\"}", "<a href=\"#\">a</a>" },
        { "<a href=\"{{x}}\">a</a>", "{\"x\":\"/\\\\evil.example\"}", "<a href=\"#\">a</a>" },
        { "<a href=\"{{x}}\">a</a>", "{\"x\":\"data:text/html,y\"}", "<a href=\"#\">a</a>" },
        { "<a href=\"{{x}}\">a</a>", "{\"x\":\"vbscript:y\"}", "<a href=\"#\">a</a>" },
        { "<a href=\"{{x}}\">a</a>", "{\"x\":\"HTTPS://a.example/?b=:\"}",
          "<a href=\"HTTPS://a.example/?b=:\">a</a>" },
        { "<a href=\"{{x}}\">a</a>", "{\"x\":\"mailto:a@b.example\"}",
          "<a href=\"mailto:a@b.example\">a</a>" },
        { "<a href=\"{{x}}\">a</a>", "{\"x\":\"b:c/d\"}", "<a href=\"#\">a</a>" },
        { "<a href=\"{{x}}\">a</a>", "{\"x\":\"b/c:d\"}", "<a href=\"b/c:d\">a</a>" },
        /* piece by piece no scheme can be put together */
        { "<a href=\"{{x}}{{y}}\">a</a>", "{\"x\":\"javascript\",\"y\":\":z\"}",
          "<a href=\"javascript%3Az\">a</a>" },
        { "<a href=\"{{#l}}{{.}}{{/l}}\">a</a>", "{\"l\":[\"javascript\",\":z\"]}",
          "<a href=\"javascript#\">a</a>" },
        { "<a href=\"{{#n}}b{{/n}}{{x}}\">a</a>", "{\"n\":null,\"x\":\"javascript:y\"}",
          "<a href=\"javascript%3Ay\">a</a>" },
        { "<form action='{{x}}'>", "{\"x\":\"'javascript:y\"}", "<form action='#'>" },
        { "<i title='{{x}}'>a</i>", "{\"x\":\"' onload=\"}", "<i title='&#39; onload='>a</i>" },
        { "<title>{{x}}</title>", "{\"x\":\"</title><b>\"}",
          "<title>&lt;/title&gt;&lt;b&gt;</title>" },
        { "<textarea>{{x}}</textarea>", "{\"x\":\"</textarea>\"}",
          "<textarea>&lt;/textarea&gt;</textarea>" },
        { "{{x}} {{y}} {{z}}", "{\"x\":1,\"y\":1.5,\"z\":true}", "1 1.5 true" },
        { "{{#z}}a{{/z}}{{^z}}b{{/z}}", "{\"z\":0}", "b" },
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
        "{{#t}}a",
        "{{#tn x}}one{{/tn}}",
        "{{#tn x}}one|many",
        "{{=x}}",
        "{{= =}}",
        "<a href=\"{{#t}}x{{/t}}\">",
        "<p {{#t}}x{{/t}}>",
        "<script type=\"application/json\">{{#t}}x{{/t}}</script>",
        "<script type=\"application/javascript\">1</script>",
        "<script type=\"module\">1</script>",
        "<script>{{{x}}}</script>",
        "<p title=x title=\"y\">",
        "<p title = \"y\">",
        "<iframe srcdoc=\"{{x}}\"></iframe>",
        "<meta http-equiv=\"refresh\" content=\"0;url={{x}}\">",
        "<p hx-on:click=\"x()\">",
        "<p hx-vals=\"{{x}}\">",
        "<p OnClick=\"x()\">",
        "<p/onclick=\"x()\">",
        "<p title=\"a\"onclick=\"x()\">",
        /* names put together from pieces, and a place that depends on the model */
        "<p on{{! }}click=\"x()\">",
        "<p {{#x}}on{{/x}}click=\"x()\">",
        "<a {{#x}}href{{/x}}{{^x}}title{{/x}}=\"{{x}}\">",
        "<a hr{{#x}}e{{/x}}f=\"{{x}}\">",
        "<scr{{! }}ipt>",
        "<{{#x}}script{{/x}}>",
        "{{#x}}<p{{/x}}>",
        "{{#x}}<!-- {{/x}} -->",
        "{{^x}}<p title='{{/x}}",
        "<p title=\"{{#x}}\"{{/x}}>",
        "<p {{>y}}>",
        "<p title=\"",
        "<p",
        "<!-- ",
        "<SCRIPT TYPE=\"application/json\"></SCRIPT>",
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
        "<p{{#x}} title=\"y\"{{/x}} id=\"z\">",
        "<input {{#x}}checked{{/x}} type=\"checkbox\">",
        "<a{{! a comment }} href=\"/\">b</a>",
        "<br/><hr />{{#x}}<p>{{/x}}",
        "{{=<% %>=}}<p><%x%></p><%={{ }}=%>{{x}}",
        "{{#t}}Plain words.{{/t}}<i title=\"{{#t}}x{{/t}}\"></i>",
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

static void a_set_names_the_template_and_the_line_at_fault(void **state) {
    static const ViewSource bad[] = { { S_INIT("good"), S_INIT("x") },
                                      { S_INIT("bad"), S_INIT("a\nb\n<p class=x>") } };
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    ViewSet *set = NULL;

    (void)state;
    Err err = view_set_new(arena, bad, 2, &set);
    assert_int_equal(err.code, ERR_INVALID);
    assert_null(set);
    assert_true(str_eq(err.args[0], S("bad")));
    assert_int_equal(view_set_new(arena, bad, 1, &set).code, ERR_OK);
    assert_true(view_set_has(set, S("good")));
    assert_false(view_set_has(set, S("bad")));
    assert_false(view_set_has(set, STR_EMPTY));
    Buf out = buf_new(arena, 0);
    assert_int_equal(
        view_render(arena, set, S("bad"), json_obj(arena), catalogue_of(S("en")), &out).code,
        ERR_BUG);
    assert_int_equal(view_check(arena, set, S("bad"), S("")).code, ERR_BUG);
    view_set_free(set);
    view_set_free(NULL);
}

static Err check(Arena *arena, const char *text, const char *keys) {
    const ViewSource source = { S("a"), str_from_c(text) };
    ViewSet *set = NULL;

    assert_int_equal(view_set_new(arena, &source, 1, &set).code, ERR_OK);
    Err err = view_check(arena, set, S("a"), str_from_c(keys));
    err.args[0] = str_dup(arena, err.args[0]);
    view_set_free(set);
    return err;
}

static void every_use_of_a_key_is_checked(void **state) {
    static const struct {
        const char *text, *keys;
        bool is_good;
    } cases[] = {
        { "{{a}}", "a", true },
        { "{{a}}", "b", false },
        { "{{{a}}}", "b", false },
        { "{{^a}}x{{/a}}", "b", false },
        { "{{a}}", "a?", true },
        { "{{#l}}{{.}}{{/l}}", "l", true },
        { "{{#l}}{{a}}{{b}}{{/l}}", "l[a] b", true },
        { "{{#l}}{{a}}{{/l}}{{a}}", "l[a] b", false },
        { "{{o.a.b}}", "o{a{b}}", true },
        { "{{o.a.c}}", "o{a{b}}", false },
        { "{{#o}}{{^a}}{{b}}{{/a}}{{/o}}", "o{a b}", true },
        { "{{#t}}Of {a} and {b}.{{/t}}", "a b", true },
        { "{{#t}}Of {a} and {b}.{{/t}}", "a", false },
        { "{{#tn n}}{n} thing|{n} things{{/tn}}", "n", true },
        { "{{#tn n}}one thing|{n} things{{/tn}}", "m", false },
        { "{{#tn n}}one {a}|many{{/tn}}", "n", false },
        { "{{#tn n}}one|many {a}{{/tn}}", "n", false },
        { "{{#l}}{{#m}}{{x}}{{/m}}{{/l}}", "l[m[x]]", true },
        { "{{#l}}{{#m}}{{y}}{{/m}}{{/l}}", "l[m[x],z]", false },
    };
    CLEANUP(arena_close) Arena *arena = arena_new(0);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Err err = check(arena, cases[i].text, cases[i].keys);
        if (err.code != (cases[i].is_good ? ERR_OK : ERR_INVALID))
            fail_msg("case %zu, %s: code %d", i, cases[i].text, err.code);
    }
    assert_true(str_eq(check(arena, "x\n{{a}}", "b").args[0], S("a:2")));
}

static Err render_in(Arena *arena, const char *text, const char *model, Str lang, Str *ret) {
    const ViewSource source = { S("a"), str_from_c(text) };
    ViewSet *set = NULL;
    Buf out = buf_new(arena, 0);

    assert_int_equal(view_set_new(arena, &source, 1, &set).code, ERR_OK);
    Err err = view_render(arena, set, S("a"), json_of(arena, model), catalogue_of(lang), &out);
    *ret = buf_str(&out);
    view_set_free(set);
    return err;
}

static void messages_take_values_and_plurals_count(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str out;

    (void)state;
    const char *plural = "{{#tn n}}{n} odd thing|{n} odd things{{/tn}}";
    assert_int_equal(render_in(arena, plural, "{\"n\":1}", S("en"), &out).code, ERR_OK);
    assert_true(str_eq(out, S("1 odd thing")));
    assert_int_equal(render_in(arena, plural, "{\"n\":0}", S("en"), &out).code, ERR_OK);
    assert_true(str_eq(out, S("0 odd things")));
    assert_int_equal(render_in(arena, plural, "{\"n\":2}", S("en"), &out).code, ERR_OK);
    assert_true(str_eq(out, S("2 odd things")));
    /* one form in Chinese, whatever the number is */
    assert_int_equal(render_in(arena, plural, "{\"n\":1}", S("zh"), &out).code, ERR_OK);
    assert_true(str_eq(out, S("1 odd things")));
    /* a value is escaped, and what it holds is no placeholder */
    assert_int_equal(render_in(arena, "{{#t}}Odd {a}, {b}.{{/t}}", "{\"a\":\"<{b}>\",\"b\":\"c\"}",
                               S("en"), &out)
                         .code,
                     ERR_OK);
    assert_true(str_eq(out, S("Odd &lt;{b}&gt;, c.")));
    assert_int_equal(render_in(arena, "{{#t}}Odd\n   {a}.{{/t}}", "{\"b\":1}", S("en"), &out).code,
                     ERR_BUG);
}

static void what_is_nowhere_is_our_mistake_in_a_set(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str out;

    (void)state;
    assert_int_equal(render_in(arena, "{{x}}", "{}", S("en"), &out).code, ERR_BUG);
    assert_int_equal(render_in(arena, "{{#x}}{{/x}}", "{}", S("en"), &out).code, ERR_BUG);
    assert_int_equal(render_in(arena, "{{x}}", "{\"x\":null}", S("en"), &out).code, ERR_OK);
    assert_int_equal(render_in(arena, "{{{x}}}", "{\"x\":null}", S("en"), &out).code, ERR_OK);
    /* the command line has no cleaned values; there it is the caller's input */
    assert_int_equal(strict(arena, "{{{x}}}", "{\"x\":\"<b>\"}", &out).code, ERR_INVALID);
}

static Str nested(Arena *arena, size_t levels, const char *inside) {
    Buf buf = buf_new(arena, 0);

    for (size_t i = 0; i < levels; i++)
        buf_add(&buf, S("{{#l}}"));
    buf_add(&buf, str_from_c(inside));
    for (size_t i = 0; i < levels; i++)
        buf_add(&buf, S("{{/l}}"));
    return buf_str(&buf);
}

static void sections_nest_to_a_limit_and_multiply_to_another(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    const char *model = "{\"l\":[1,2,3,4,5,6,7,8,9,10]}";
    Str out;

    (void)state;
    assert_int_equal(
        strict(arena, str_to_c(arena, nested(arena, 64, "")), "{\"l\":[1]}", &out).code, ERR_OK);
    assert_int_equal(
        strict(arena, str_to_c(arena, nested(arena, 65, "")), "{\"l\":[1]}", &out).code, ERR_LIMIT);
    assert_int_equal(strict(arena, str_to_c(arena, nested(arena, 3, "x")), model, &out).code,
                     ERR_OK);
    assert_int_equal(out.len, 1000);
    assert_int_equal(strict(arena, str_to_c(arena, nested(arena, 40, "")), model, &out).code,
                     ERR_LIMIT);
}

static void a_page_grows_to_its_limit(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Buf exact = buf_new(arena, 10), small = buf_new(arena, 9);
    Json *model = json_obj(arena);

    (void)state;
    json_set(model, "x", json_str(arena, S("<<")));
    Str text = S("a{{x}}b"); /* a&lt;&lt;b */
    assert_int_equal(view_render_once(arena, text, model, false, find_partial, NULL, &exact).code,
                     ERR_OK);
    assert_int_equal(view_render_once(arena, text, model, false, find_partial, NULL, &small).code,
                     ERR_LIMIT);
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
        cmocka_unit_test(a_set_names_the_template_and_the_line_at_fault),
        cmocka_unit_test(every_use_of_a_key_is_checked),
        cmocka_unit_test(messages_take_values_and_plurals_count),
        cmocka_unit_test(what_is_nowhere_is_our_mistake_in_a_set),
        cmocka_unit_test(sections_nest_to_a_limit_and_multiply_to_another),
        cmocka_unit_test(a_page_grows_to_its_limit),
        cmocka_unit_test(endless_recursion_ends_with_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
