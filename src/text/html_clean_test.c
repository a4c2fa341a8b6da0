/* text/html_clean_test.c - what HTML cleaning keeps, and that no published attack gets through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libxml/HTMLparser.h>

#include "text/html_clean.h"
#include "text/json_read.h"
#include "text/suite.h"

static Arena *arena;

static int make_arena(void **state) {
    arena = arena_new(0);
    return 0;
}

static int free_arena(void **state) {
    arena_close(&arena);
    return 0;
}

typedef struct Case {
    const char *html, *clean;
} Case;

static void check_all(const Case *cases, size_t count, const HtmlProfile *profile, Str base) {
    for (size_t i = 0; i < count; i++) {
        Str out = S("unset");
        Err err = html_clean(arena, str_from_c(cases[i].html), profile, base, &out);

        if (err.code != ERR_OK || !str_eq(out, str_from_c(cases[i].clean)))
            fail_msg("%s: got \"%.*s\", not \"%s\"", cases[i].html, STR_ARG(out), cases[i].clean);
    }
}

static void what_is_listed_stays_and_the_rest_loses_its_tags(void **state) {
    static const Case cases[] = {
        { "", "" },
        { "a < b & c \"d\"", "a &lt; b &amp; c \"d\"" },
        { "<p>x<p>y", "<p>x</p><p>y</p>" },
        { "<blink>x</blink><font color=red>y</font>", "xy" },
        { "<section><header>x</header></section>", "<div><div>x</div></div>" },
        { "<strike>x</strike><tt>y</tt><acronym>z</acronym>",
          "<s>x</s><code>y</code><abbr>z</abbr>" },
        { "<tr><td>x", "<div><div>x</div></div>" },
        { "<table><tr><td>x</table>", "<table><tbody><tr><td>x</td></tr></tbody></table>" },
        { "<li>x", "<div>x</div>" },
        { "<ruby>汉<rt>hàn</rt></ruby>", "<ruby>汉<rt>hàn</rt></ruby>" },
        { "<h1>x</h1><hr><br>", "<h1>x</h1><hr><br>" },
        { "<pre>\n\nx</pre>", "<pre>\n\nx</pre>" },
        { "<b>x", "<b>x</b>" },
        { "x</b></div>", "x" },
        { "&eacute;&#233;&nosuch;&#x80;", "éé&amp;nosuch;€" },
    };
    check_all(cases, COUNT_OF(cases), HTML_ARTICLE, STR_EMPTY);
}

static void active_content_goes_with_all_that_it_holds(void **state) {
    static const Case cases[] = {
        { "a<script>alert(1)</script>b", "ab" },
        { "a<style>p{}</style>b", "ab" },
        { "a<iframe src=x>y</iframe>b", "ab" },
        { "a<svg><a href=x>y</a></svg>b", "ab" },
        { "a<math><mi>y</mi></math>b", "ab" },
        { "a<template><p>y</template>b", "ab" },
        { "a<object data=x>y</object>b", "ab" },
        { "a<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "a" },
        { "a<!-- b -->c<!doctype d><?e f?>", "ac" },
        { "<textarea>x</textarea>y", "y" },
        { "<select><option>x</select>y", "y" },
        { "<form action=/x>y</form>", "<div>y</div>" },
        { "<base href=//evil.example><meta http-equiv=refresh content=0><link rel=stylesheet>x",
          "x" },
    };
    check_all(cases, COUNT_OF(cases), HTML_ARTICLE, STR_EMPTY);
}

static void attributes_stay_only_in_their_listed_form(void **state) {
    static const Case cases[] = {
        { "<p onclick=\"x()\" style=\"color:red\" class=y data-z=1>t</p>", "<p>t</p>" },
        { "<p id=\"a\">t</p>", "<p id=\"content-a\">t</p>" },
        { "<p id=\"content-a\">t</p>", "<p id=\"content-a\">t</p>" },
        { "<p id=\"a b\">t</p>", "<p>t</p>" },
        { "<code class=\"x language-c y\">t</code>", "<code class=\"language-c\">t</code>" },
        { "<code class=\"x\">t</code>", "<code>t</code>" },
        { "<ol start=3 reversed type=a>", "<ol start=\"3\" type=\"a\" reversed></ol>" },
        { "<ol start=1000000 type=x>", "<ol></ol>" },
        { "<p lang=zh-CN dir=RTL title='a\"b'>t</p>",
          "<p lang=\"zh-CN\" dir=\"rtl\" title=\"a&quot;b\">t</p>" },
        { "<p lang=\"a b\" dir=up>t</p>", "<p>t</p>" },
        { "<img src=x width=9999 height=1>", "<img src=\"x\" width=\"9999\" height=\"1\">" },
        { "<img src=x width=10000 height=0>", "<img src=\"x\">" },
        { "<input type=CHECKBOX checked value=x>", "<input type=\"checkbox\" checked disabled>" },
        { "<input type=checkbox>", "<input type=\"checkbox\" disabled>" },
        { "a<input type=text>b<input>", "ab" },
    };
    check_all(cases, COUNT_OF(cases), HTML_ARTICLE, STR_EMPTY);
}

static void addresses_are_of_the_web_or_relative(void **state) {
    static const Case cases[] = {
        { "<a href=\"https://a.example/\">x</a>",
          "<a href=\"https://a.example/\" rel=\"nofollow noopener\">x</a>" },
        { "<a href=\"//a.example\">x</a>",
          "<a href=\"//a.example\" rel=\"nofollow noopener\">x</a>" },
        { "<a href=\"/b\" rel=x target=_blank>x</a>", "<a href=\"/b\">x</a>" },
        { "<a href=\"mailto:a@b.example\">x</a>", "<a href=\"mailto:a@b.example\">x</a>" },
        { "<a href=\"#c\">x</a>", "<a href=\"#content-c\">x</a>" },
        { "<a href=\"#top\">x</a>", "<a href=\"#top\">x</a>" },
        { "<a href=\"javascript:alert(1)\">x</a>", "x" },
        { "<a href=\"  JaVaScRiPt:alert(1)\">x</a>", "x" },
        { "<a href=\"java\nscript:alert(1)\">x</a>", "x" },
        { "<a href=\"&#106;avascript&colon;alert(1)\">x</a>", "x" },
        { "<a href=\"vbscript:x\">x</a><a href=\"data:text/html,x\">y</a>", "xy" },
        { "<a href=\"ftp://a.example\">x</a>", "x" },
        { "<a>x</a>", "x" },
        { "<a id=y>x</a>", "<a id=\"content-y\">x</a>" },
        { "<img src=\"mailto:a@b\">", "" },
        { "<img>", "" },
        { "<img src=\"data:image/png;base64,AAAA\">", "<img src=\"data:image/png;base64,AAAA\">" },
        { "<img src=\"data:image/svg+xml;base64,AAAA\">", "" },
        { "<img src=\"data:image/png,AAAA\">", "" },
        { "<blockquote cite=\"javascript:x\">q</blockquote>", "<blockquote>q</blockquote>" },
    };
    static const Case based[] = {
        { "<a href=\"../b?c\">x</a>",
          "<a href=\"https://a.example/b?c\" rel=\"nofollow noopener\">x</a>" },
        { "<img src=\"/p.png\">", "<img src=\"https://a.example/p.png\">" },
        { "<a href=\"#c\">x</a>", "<a href=\"#content-c\">x</a>" },
        { "<a href=\"mailto:a@b\">x</a>", "<a href=\"mailto:a@b\">x</a>" },
    };
    check_all(cases, COUNT_OF(cases), HTML_ARTICLE, STR_EMPTY);
    check_all(based, COUNT_OF(based), HTML_ARTICLE, S("https://a.example/d/e"));
}

static void readers_words_are_plainer(void **state) {
    static const Case cases[] = {
        { "<p><b>x</b> <code>y</code></p>", "<p><b>x</b> <code>y</code></p>" },
        { "<h1>x</h1><img src=y><table><tr><td>z</table>",
          "<div>x</div><div><div><div>z</div></div></div>" },
        { "<a href=\"https://a.example\">x</a>",
          "<a href=\"https://a.example\" rel=\"nofollow noopener ugc\">x</a>" },
        { "<mark>x</mark><input type=checkbox>", "x" },
    };
    check_all(cases, COUNT_OF(cases), HTML_VOICE, STR_EMPTY);
}

static void ill_formed_bytes_are_mended(void **state) {
    Str out;

    assert_int_equal(html_clean(arena,
                                S("a\xFF"
                                  "b\x01\xC0\x80"),
                                HTML_ARTICLE, STR_EMPTY, &out)
                         .code,
                     ERR_OK);
    assert_true(str_contains(out, S("a\uFFFD"
                                    "b")));
    assert_false(str_contains(out, S("\x01")));
    assert_int_equal(html_clean(arena, S("a\0b"), HTML_ARTICLE, STR_EMPTY, &out).code, ERR_OK);
    assert_true(str_find_char(out, '\0', 0) == SIZE_MAX && out.ptr[out.len - 1] == 'b');
}

static Str repeat(const char *text, size_t times) {
    Buf buf = buf_new(arena, SIZE_MAX);

    for (size_t i = 0; i < times; i++)
        buf_add(&buf, str_from_c(text));
    return buf_str(&buf);
}

static ErrCode code_of(Str html) {
    Str out = S("unchanged");
    Err err = html_clean(arena, html, HTML_ARTICLE, STR_EMPTY, &out);

    if (err.code != ERR_OK) {
        assert_null(err.field);
        assert_true(str_eq(out, S("unchanged")));
    }
    return err.code;
}

static void length_depth_and_number_of_elements_have_bounds(void **state) {
    assert_int_equal(code_of(repeat("a", HTML_CLEAN_BYTES)), ERR_OK);
    assert_int_equal(code_of(repeat("a", HTML_CLEAN_BYTES + 1)), ERR_LIMIT);
    /* grows beyond the bound: & becomes &amp; */
    assert_int_equal(code_of(repeat("& ", HTML_CLEAN_BYTES / 2)), ERR_LIMIT);
    assert_int_equal(code_of(repeat("<div>", HTML_CLEAN_DEPTH)), ERR_OK);
    assert_int_equal(code_of(repeat("<div>", HTML_CLEAN_DEPTH + 1)), ERR_LIMIT);
    assert_int_equal(code_of(repeat("<br>", HTML_CLEAN_NODES - 2)), ERR_OK);
    assert_int_equal(code_of(repeat("<br>", HTML_CLEAN_NODES + 1)), ERR_LIMIT);
}

/* ---- published suites ---- */

typedef struct Counts {
    const HtmlProfile *profile;
    size_t judged, limited, again;
} Counts;

/* Written apart from the cleaner's own list: the two must agree. Blanks around each. */
static const char article_names[] =
    " a abbr b bdi bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption "
    "figure footer h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q rp rt ruby s samp "
    "small span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr ";
static const char voice_names[] = " a b blockquote br code del div em i li ol p pre s strong ul ";
static const char everywhere[] = " id lang dir title ";
static const char pairs[] =
    " a/href a/rel img/src img/alt img/width img/height blockquote/cite q/cite del/cite ins/cite "
    "del/datetime ins/datetime time/datetime code/class details/open ol/start ol/type ol/reversed "
    "li/value td/colspan td/rowspan td/align th/colspan th/rowspan th/align th/scope input/type "
    "input/checked input/disabled ";

/* Whether " word " or " word/part " is in the list. */
static bool is_in(const char *list, const char *word, const char *part) {
    return str_contains(str_from_c(list), part ? str_format(arena, " %s/%s ", word, part)
                                               : str_format(arena, " %s ", word));
}

static bool is_scheme(Str text) {
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && (i == 0 || !((c >= '0' && c <= '9') || strchr("+-.", c))))
            return false;
    }
    return text.len > 0;
}

/* As a browser takes it: a scheme is letters first, and a colon (URL Standard, scheme state). */
static bool is_good_address(const char *element, Str value) {
    size_t colon = str_find_char(value, ':', 0);
    Str scheme = str_lower_ascii(arena, str_slice(value, 0, colon));

    for (size_t i = 0; i < value.len; i++) {
        if ((unsigned char)value.ptr[i] <= ' ')
            return false; /* would be cut, or make the reader wonder */
    }
    if (colon == SIZE_MAX || !is_scheme(scheme))
        return true; /* relative */
    if (str_eq(scheme, S("data")))
        return strcmp(element, "img") == 0 &&
               str_starts(str_lower_ascii(arena, value), S("data:image/")) &&
               !str_contains(str_lower_ascii(arena, value), S("svg"));
    return str_eq(scheme, S("http")) || str_eq(scheme, S("https")) ||
           (str_eq(scheme, S("mailto")) && strcmp(element, "a") == 0);
}

static const char *fault_of(const xmlNode *node, const char *names) {
    const char *element = (const char *)node->name;

    if (node->type == XML_TEXT_NODE)
        return NULL;
    if (node->type != XML_ELEMENT_NODE)
        return "a node that is neither element nor text";
    if (!is_in(names, element, NULL))
        return str_format(arena, "element %s", element).ptr;
    for (const xmlAttr *attr = node->properties; attr; attr = attr->next) {
        const char *name = (const char *)attr->name;
        const char *text = attr->children ? (const char *)attr->children->content : "";
        Str value = str_from_c(text);

        if (!is_in(everywhere, name, NULL) && !is_in(pairs, element, name))
            return str_format(arena, "attribute %s of %s", name, element).ptr;
        if (strcmp(name, "id") == 0 && !str_starts(value, S("content-")))
            return "an id of the page's own space";
        if (is_in(" href src cite ", name, NULL) && !is_good_address(element, value))
            return str_format(arena, "address %s", text).ptr;
    }
    return NULL;
}

static const char *fault_below(const xmlNode *node, const char *names) {
    const char *fault = NULL;

    for (const xmlNode *at = node->children; at && !fault; at = at->next) {
        fault = fault_of(at, names);
        if (!fault)
            fault = fault_below(at, names);
    }
    return fault;
}

/* Reads cleaned HTML into a tree of another making than the cleaner's own reading. */
static const char *reread_fault(Str html, const char *names) {
    Str page = str_format(arena, "<html><body><div>%.*s</div></body></html>", STR_ARG(html));
    htmlDocPtr doc = htmlReadMemory(page.ptr, (int)page.len, NULL, "UTF-8",
                                    HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                        HTML_PARSE_RECOVER);

    assert_non_null(doc);
    const xmlNode *root = xmlDocGetRootElement(doc);
    const char *fault = fault_below(root->children, names);
    xmlFreeDoc(doc);
    return fault;
}

static void judge(Counts *counts, Str html) {
    Str once, twice;
    Err err = html_clean(arena, html, counts->profile, STR_EMPTY, &once);

    counts->judged++;
    if (err.code == ERR_LIMIT) {
        counts->limited++;
        return;
    }
    assert_int_equal(err.code, ERR_OK);
    const char *fault =
        reread_fault(once, counts->profile == HTML_VOICE ? voice_names : article_names);
    if (fault)
        fail_msg("%s, from \"%.*s\": \"%.*s\"", fault, STR_ARG(html), STR_ARG(once));
    assert_int_equal(html_clean(arena, once, counts->profile, STR_EMPTY, &twice).code, ERR_OK);
    if (!str_eq(once, twice))
        fail_msg("cleaned twice, \"%.*s\": \"%.*s\", \"%.*s\"", STR_ARG(html), STR_ARG(once),
                 STR_ARG(twice));
    arena_reset(arena, 1 << 20);
}

/* Its own arena: judge empties the other one. */
static void judge_json(Counts *counts, Str text, const char *list_name, const char *member) {
    CLEANUP(arena_close) Arena *own = arena_new(0);
    Json *file = NULL;

    /* Lone surrogates are no JSON to us; those cases are sanitize.mjs's. */
    if (json_read(own, text, 64, &file).code != ERR_OK) {
        counts->again++;
        return;
    }
    const Json *list = list_name ? json_get(file, list_name) : file;
    for (size_t i = 0; list && i < list->array.len; i++) {
        const Json *item = list->array.items[i];
        judge(counts, member ? json_get_text(item, member) : item->string);
    }
}

static Str keep(Arena *own, const char *path) {
    return suite_read(own, path, "");
}

static void say(const char *name, const Counts *counts) {
    printf("%s: %zu cases passed, 0 failed, %zu skipped", name, counts->judged - counts->limited,
           counts->again);
    printf(counts->again ? " (files with lone surrogates, which are no JSON)\n" : "\n");
    if (counts->limited)
        printf("%s: %zu of them refused by a limit\n", name, counts->limited);
}

static void nothing_active_is_left_of_the_html_sanitizer_suite(void **state) {
    CLEANUP(arena_close) Arena *own = arena_new(0);
    Counts counts = { .profile = HTML_ARTICLE };

    if (!suite_is_here("html-sanitizer", 342))
        return;
    for (int voice = 0; voice < 2; voice++) {
        counts.profile = voice ? HTML_VOICE : HTML_ARTICLE;
        judge_json(&counts, keep(own, "conformance/html-sanitizer/dompurify.json"), NULL,
                   "payload");
        judge_json(&counts, keep(own, "conformance/html-sanitizer/bluemonday.json"), NULL,
                   "payload");
    }
    say("html-sanitizer", &counts);
    assert_int_equal(counts.judged, 342 * 2);
}

static void judge_lines(void *user, const char *name, Str text) {
    CLEANUP(arena_close) Arena *own = arena_new(0);
    Str rest = str_dup(own, text), line;

    if (!str_ends(str_from_c(name), S(".txt")))
        return;
    while (str_cut(&rest, '\n', &line))
        judge(user, line);
}

static void judge_whole(void *user, const char *name, Str text) {
    CLEANUP(arena_close) Arena *own = arena_new(0);

    judge(user, str_dup(own, text));
}

/* suite_each reads into an arena of its own, which must outlive what judge empties. */
static void nothing_active_is_left_of_the_xss_payloads(void **state) {
    CLEANUP(arena_close) Arena *own = arena_new(0);
    Counts counts = { 0 };

    if (!suite_is_here("xss-payloads", 1656))
        return;
    for (int voice = 0; voice < 2; voice++) {
        counts.profile = voice ? HTML_VOICE : HTML_ARTICLE;
        judge_json(&counts, keep(own, "conformance/xss-payloads/owasp-filter-evasion.json"), NULL,
                   NULL);
        suite_each(own, "conformance/xss-payloads/payloadsallthethings", judge_lines, &counts);
        suite_each(own, "conformance/xss-payloads/fuzzdb", judge_lines, &counts);
        suite_each(own, "conformance/xss-payloads/files", judge_whole, &counts);
    }
    say("xss-payloads", &counts);
    assert_true(counts.judged >= 1600 * 2);
}

static void judge_trees(void *user, const char *name, Str text) {
    CLEANUP(arena_close) Arena *own = arena_new(0);
    Str rest = str_concat(own, S("\n"), text);
    size_t at;

    while ((at = str_find(rest, S("\n#data\n"), 0)) != SIZE_MAX) {
        rest = str_slice(rest, at + 7, rest.len);
        judge(user, str_slice(rest, 0, str_find(rest, S("\n#errors"), 0)));
    }
}

static void judge_tokens(void *user, const char *name, Str text) {
    judge_json(user, text, "tests", "input");
}

static void nothing_active_is_left_of_the_html5lib_suite(void **state) {
    CLEANUP(arena_close) Arena *own = arena_new(0);
    Counts counts = { 0 };

    if (!suite_is_here("html5lib", 4431))
        return;
    for (int voice = 0; voice < 2; voice++) {
        counts.profile = voice ? HTML_VOICE : HTML_ARTICLE;
        suite_each(own, "conformance/html5lib/tree-construction", judge_trees, &counts);
        suite_each(own, "conformance/html5lib/tokenizer", judge_tokens, &counts);
    }
    say("html5lib", &counts);
    assert_true(counts.judged >= 3500 * 2);
}

static void naughty_strings_are_text(void **state) {
    CLEANUP(arena_close) Arena *own = arena_new(0);
    Counts counts = { .profile = HTML_ARTICLE };

    if (!suite_is_here("naughty-strings", 262))
        return;
    judge_json(&counts, keep(own, "conformance/naughty-strings/blns.json"), NULL, NULL);
    say("naughty-strings", &counts);
    assert_int_equal(counts.judged, 262);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_arena, free_arena)
        TEST(what_is_listed_stays_and_the_rest_loses_its_tags),
        TEST(active_content_goes_with_all_that_it_holds),
        TEST(attributes_stay_only_in_their_listed_form),
        TEST(addresses_are_of_the_web_or_relative),
        TEST(readers_words_are_plainer),
        TEST(ill_formed_bytes_are_mended),
        TEST(length_depth_and_number_of_elements_have_bounds),
        TEST(nothing_active_is_left_of_the_html_sanitizer_suite),
        TEST(nothing_active_is_left_of_the_xss_payloads),
        TEST(nothing_active_is_left_of_the_html5lib_suite),
        TEST(naughty_strings_are_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
