/* text/html_text_test.c - the plain text of cleaned HTML. */
#include "text/html_text.h"

#include "base/test_support.h"
#include "text/html_clean.h"

static Str text_of(Arena *arena, const char *html) {
    return html_text(arena, str_from_c(html));
}

static void each_block_and_row_is_a_line(void **state) {
    assert_str(text_of(*state, "<p>a</p><p>b</p>"), S("a\nb"));
    assert_str(text_of(*state, "<h1>a</h1>b<ul><li>c</li><li>d</li></ul>"), S("a\nb\nc\nd"));
    assert_str(text_of(*state, "a<br>b<hr>c"), S("a\nb\nc"));
    assert_str(text_of(*state,
                       "<table><tbody><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></tbody>"
                       "</table>"),
               S("a b\nc"));
    assert_str(text_of(*state, "<div></div><p></p><div>a</div><p> </p>"), S("a"));
}

static void inline_elements_do_not_part_words(void **state) {
    assert_str(text_of(*state, "<p>联<b>动</b><a href=\"/x\">社</a></p>"), S("联动社"));
    assert_str(text_of(*state, "a<wbr>b<img src=\"x\" alt=\"y\">c"), S("abc"));
}

static void white_space_is_one_blank_but_in_pre(void **state) {
    assert_str(text_of(*state, "  a \n\t b  <i> c</i> "), S("a b c"));
    assert_str(text_of(*state, "<pre>a  b\n\n  c\n</pre>d"), S("a  b\n  c\nd"));
}

static void readings_above_words_are_left_out(void **state) {
    assert_str(text_of(*state, "<ruby>汉<rp>(</rp><rt>hàn</rt><rp>)</rp>字<rt>zì</rt></ruby>"),
               S("汉字"));
}

static void references_are_decoded_once(void **state) {
    assert_str(text_of(*state, "&lt;b&gt; &amp;amp; &quot;"), S("<b> &amp; \""));
    assert_str(text_of(*state, "&nosuch;&"), S("&nosuch;&"));
}

static void nothing_gives_nothing(void **state) {
    assert_int_equal(text_of(*state, "").len, 0);
    assert_int_equal(text_of(*state, "<p></p>").len, 0);
    assert_int_equal(html_text(*state, STR_EMPTY).len, 0);
}

/* It is asked for cleaned HTML only; other bytes must still do no harm. */
static void other_bytes_do_no_harm(void **state) {
    static const char *const odd[] = {
        "<", "</", "<p", "</rt></rt></pre>x", "<rt>", "&", "&am", ">"
    };

    for (size_t i = 0; i < COUNT_OF(odd); i++)
        (void)text_of(*state, odd[i]);
    assert_str(text_of(*state, "</rt></pre>x  y"), S("x y"));
}

static void the_text_of_clean_html_is_the_text_of_the_input(void **state) {
    Str clean;

    assert_int_equal(html_clean(*state, S("<h2>标题</h2><p>正文 &lt;1&gt;<script>x</script></p>"),
                                HTML_ARTICLE, STR_EMPTY, &clean)
                         .code,
                     ERR_OK);
    assert_str(html_text(*state, clean), S("标题\n正文 <1>"));
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        WITH_ARENA(each_block_and_row_is_a_line),
        WITH_ARENA(inline_elements_do_not_part_words),
        WITH_ARENA(white_space_is_one_blank_but_in_pre),
        WITH_ARENA(readings_above_words_are_left_out),
        WITH_ARENA(references_are_decoded_once),
        WITH_ARENA(nothing_gives_nothing),
        WITH_ARENA(other_bytes_do_no_harm),
        WITH_ARENA(the_text_of_clean_html_is_the_text_of_the_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
