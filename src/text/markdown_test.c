/* text/markdown_test.c - CommonMark as published, and what a story needs beyond it. */
#include "text/markdown.h"

#include "base/buf.h"
#include "base/test_support.h"
#include "text/html_clean.h"
#include "text/json_read.h"
#include "text/suite.h"

static Str render(Arena *arena, const char *text, MarkdownMode mode) {
    Str out = STR_EMPTY;

    assert_int_equal(markdown_render(arena, str_from_c(text), mode, &out).code, ERR_OK);
    return str_trim(out);
}

/* Without the white space beside tags, which the suite does not judge. */
static Str tight(Arena *arena, Str html) {
    Buf buf = buf_new(arena, 0);

    for (size_t i = 0; i < html.len; i++) {
        bool is_beside = (buf.len > 0 && buf.ptr[buf.len - 1] == '>') || i + 1 == html.len ||
                         html.ptr[i + 1] == '<';
        if (html.ptr[i] != '\n' || !is_beside)
            buf_add_char(&buf, html.ptr[i]);
    }
    return buf_str(&buf);
}

/* tests/plumbing/run.mjs judges the whole suite by the program; here the parser and printer alone. */
static void follows_the_commonmark_suite(void **state) {
    /* CommonMark 0.31: textarea as a block, two hyphens in a comment. */
    static const int64_t newer[] = { 173, 627 };
    Arena *arena = *state;
    Json *tests;
    size_t equal = 0, differ = 0;

    if (!suite_is_here("commonmark", 340))
        return;
    assert_int_equal(
        json_read(arena, suite_read(arena, "conformance/commonmark/commonmark.json", ""), 8, &tests)
            .code,
        ERR_OK);
    for (size_t i = 0; i < tests->array.len; i++) {
        const Json *test = tests->array.items[i];
        int64_t number = json_get(test, "example")->integer;
        Str out;
        assert_int_equal(
            markdown_render(arena, json_get_text(test, "markdown"), MARKDOWN_UNSAFE, &out).code,
            ERR_OK);
        bool is_equal = str_eq(tight(arena, out), tight(arena, json_get_text(test, "html")));
        if (number == newer[0] || number == newer[1])
            differ++;
        else if (!is_equal)
            fail_msg("example %lld: \"%.*s\"", (long long)number, STR_ARG(out));
        else
            equal++;
    }
    printf("commonmark: %zu cases passed, 0 failed, %zu skipped (CommonMark 0.31: 173, 627)\n",
           equal, differ);
    assert_int_equal(equal + differ, 340);
}

static void chinese_emphasis_needs_no_blanks_in_a_story(void **state) {
    static const struct {
        const char *text, *story, *unsafe;
    } cases[] = {
        { "**中文。**后面", "<p><strong>中文。</strong>后面</p>", "<p>**中文。**后面</p>" },
        { "前*“中”*后", "<p>前<em>“中”</em>后</p>", "<p>前*“中”*后</p>" },
        { "**完！**x", "<p><strong>完！</strong>x</p>", "<p>**完！**x</p>" },
        { "**a.**b", "<p>**a.**b</p>", "<p>**a.**b</p>" },
        { "**中文**后", "<p><strong>中文</strong>后</p>", "<p><strong>中文</strong>后</p>" },
        { "\\*\\*中。\\*\\*后", "<p>**中。**后</p>", "<p>**中。**后</p>" },
        { "`**中。**后`", "<p><code>**中。**后</code></p>", "<p><code>**中。**后</code></p>" },
        { "```\n**中。**后\n```", "<pre><code>**中。**后\n</code></pre>",
          "<pre><code>**中。**后\n</code></pre>" },
        { "[**中。**后](/a*中。*b)",
          "<p><a href=\"/a*%E4%B8%AD%E3%80%82*b\"><strong>中。</strong>后</a></p>",
          "<p><a href=\"/a*%E4%B8%AD%E3%80%82*b\">**中。**后</a></p>" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_str(render(*state, cases[i].text, MARKDOWN_ARTICLE), str_from_c(cases[i].story));
        assert_str(render(*state, cases[i].text, MARKDOWN_UNSAFE), str_from_c(cases[i].unsafe));
    }
}

static void a_story_is_cleaned_and_raw_html_is_text(void **state) {
    assert_str(render(*state, "<b>x</b>", MARKDOWN_ARTICLE), S("<p>&lt;b&gt;x&lt;/b&gt;</p>"));
    assert_str(render(*state, "<b>x</b>", MARKDOWN_UNSAFE), S("<p><b>x</b></p>"));
    assert_str(render(*state, "[x](javascript:y)", MARKDOWN_ARTICLE), S("<p>x</p>"));
    assert_str(render(*state, "[x](javascript:y)", MARKDOWN_UNSAFE),
               S("<p><a href=\"javascript:y\">x</a></p>"));
    assert_str(render(*state, "- [x] a", MARKDOWN_ARTICLE),
               S("<ul>\n<li><input type=\"checkbox\" checked disabled> a</li>\n</ul>"));
    assert_str(render(*state, "~~a~~ https://b.example", MARKDOWN_ARTICLE),
               S("<p><del>a</del> https://b.example</p>"));
}

static void a_readers_words_have_neither_headings_nor_pictures(void **state) {
    assert_str(render(*state, "# a\n\n![b](c)\n\n<https://d.example>", MARKDOWN_VOICE),
               S("<div>a</div>\n<p></p>\n<p><a href=\"https://d.example\" rel=\"nofollow noopener "
                 "ugc\">https://d.example</a></p>"));
}

static void length_has_a_bound(void **state) {
    Arena *arena = *state;
    char *text = arena_alloc(arena, MARKDOWN_BYTES + 1);
    Str out = S("unchanged");

    memset(text, 'a', MARKDOWN_BYTES + 1);
    assert_int_equal(
        markdown_render(arena, (Str){ text, MARKDOWN_BYTES }, MARKDOWN_ARTICLE, &out).code, ERR_OK);
    out = S("unchanged");
    for (int mode = MARKDOWN_ARTICLE; mode <= MARKDOWN_UNSAFE; mode++) {
        Err err =
            markdown_render(arena, (Str){ text, MARKDOWN_BYTES + 1 }, (MarkdownMode)mode, &out);
        assert_int_equal(err.code, ERR_LIMIT);
        assert_string_equal(err.field, "text");
        assert_str(out, S("unchanged"));
    }
}

static void ill_formed_text_is_mended(void **state) {
    Arena *arena = *state;
    Str out;

    assert_int_equal(markdown_render(arena, S("a\xFF"), MARKDOWN_ARTICLE, &out).code, ERR_OK);
    assert_str(str_trim(out), S("<p>a\uFFFD</p>"));
    assert_int_equal(markdown_render(arena, S("a\0b"), MARKDOWN_UNSAFE, &out).code, ERR_OK);
    assert_str(str_trim(out), S("<p>a\uFFFDb</p>"));
    assert_int_equal(markdown_render(arena, STR_EMPTY, MARKDOWN_ARTICLE, &out).code, ERR_OK);
    assert_int_equal(out.len, 0);
}

static void a_story_stays_as_it_is_when_cleaned_again(void **state) {
    static const char *const texts[] = {
        "# a\n\n> b\n\n1. c\n2. d\n", "|a|b|\n|---|:-:|\n|c|d|\n", "- [ ] a\n- b\n\n  c\n",
        "![a](b \"c\")\n\n---\n",     "```c\nint x;\n```\n",       "a  \nb\\\nc &copy; &lt;\n",
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        Str once, twice;
        assert_int_equal(
            markdown_render(*state, str_from_c(texts[i]), MARKDOWN_ARTICLE, &once).code, ERR_OK);
        assert_int_equal(html_clean(*state, once, HTML_ARTICLE, STR_EMPTY, &twice).code, ERR_OK);
        assert_str(twice, once);
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        WITH_ARENA(follows_the_commonmark_suite),
        WITH_ARENA(chinese_emphasis_needs_no_blanks_in_a_story),
        WITH_ARENA(a_story_is_cleaned_and_raw_html_is_text),
        WITH_ARENA(a_readers_words_have_neither_headings_nor_pictures),
        WITH_ARENA(length_has_a_bound),
        WITH_ARENA(ill_formed_text_is_mended),
        WITH_ARENA(a_story_stays_as_it_is_when_cleaned_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
