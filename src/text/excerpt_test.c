/* text/excerpt_test.c - beginnings end well, pieces hold what was looked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "text/excerpt.h"
#include "text/unicode.h"
#include "text/suite.h"

static Arena *arena;

static int begin(void **state) {
    arena = arena_new(0);
    return 0;
}

static int end(void **state) {
    arena_close(&arena);
    return 0;
}

static const char *first(Str plain, size_t most) {
    Str text = STR_EMPTY;
    size_t count;

    assert_int_equal(excerpt_first(arena, plain, most, &text).code, ERR_OK);
    assert_int_equal(unicode_count_graphemes(text, &count).code, ERR_OK);
    assert_true(count <= most);
    return str_to_c(arena, text);
}

static void a_short_text_is_whole(void **state) {
    assert_string_equal(first(S("联动"), 2), "联动");
    assert_string_equal(first(S("  一\n\n二\u3000三  "), 5), "一 二 三");
    assert_string_equal(first(S(""), 2), "");
    assert_string_equal(first(S(" \n "), 2), "");
}

static void a_long_text_ends_at_a_sentence_else_a_comma_else_a_word(void **state) {
    assert_string_equal(first(S("学校今天开会。会议决定修食堂，明年开工建设新楼"), 12),
                        "学校今天开会。…");
    assert_string_equal(first(S("学校今天开会说“好。”会议决定修食堂明年"), 14),
                        "学校今天开会说“好。”…");
    assert_string_equal(first(S("学校今天开会决定修食堂，明年开工建设新楼"), 15),
                        "学校今天开会决定修食堂…");
    assert_string_equal(first(S("学校今天开会决定修食堂明年开工建设新楼"), 10),
                        "学校今天开会决定修…");
    assert_string_equal(first(S("The university council met today about canteens"), 20),
                        "The university…");
    assert_string_equal(first(S("It met. The council decided about the canteens"), 12), "It met.…");
    assert_string_equal(first(S("aaaaaaaaaaaaaaaaaaaa"), 5), "aaaa…");
}

static void clusters_stay_whole(void **state) {
    assert_string_equal(
        first(S("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧"), 3),
        "👨‍👩‍👧👨‍👩‍👧…");
    assert_string_equal(first(S("e\u0301e\u0301e\u0301中中中"), 5), "e\u0301e\u0301e\u0301中…");
}

/* "…前文[食堂]后文" */
static const char *snippet(Str plain, Str query, size_t most) {
    ExcerptParts parts = { 0 };
    Buf buf = buf_new(arena, 0), plain_buf = buf_new(arena, 0);
    size_t count;

    assert_int_equal(excerpt_snippet(arena, plain, query, most, &parts).code, ERR_OK);
    for (size_t i = 0; i < parts.len; i++) {
        assert_true(parts.items[i].text.len > 0);
        assert_true(i == 0 || parts.items[i].is_hit != parts.items[i - 1].is_hit);
        buf_add_format(&buf, parts.items[i].is_hit ? "[%.*s]" : "%.*s",
                       STR_ARG(parts.items[i].text));
        buf_add(&plain_buf, parts.items[i].text);
    }
    assert_int_equal(unicode_count_graphemes(buf_str(&plain_buf), &count).code, ERR_OK);
    assert_true(count <= most);
    return str_to_c(arena, buf_str(&buf));
}

static void hits_are_marked_as_search_compares(void **state) {
    assert_string_equal(snippet(S("新食堂开工，老食堂拆除。"), S("食堂"), 40),
                        "新[食堂]开工，老[食堂]拆除。");
    assert_string_equal(snippet(S("ＷＩＦＩ and wifi, not wifis"), S("WiFi"), 40),
                        "[ＷＩＦＩ] and [wifi], not wifis");
    assert_string_equal(snippet(S("A股大涨"), S("a股 大涨"), 40), "[A股大涨]");
    assert_string_equal(snippet(S("哈哈哈"), S("哈哈"), 40), "[哈哈哈]");
    assert_string_equal(snippet(S("㍿食堂"), S("会社"), 40), "[㍿]食堂");
}

static void without_a_hit_the_beginning_is_shown(void **state) {
    assert_string_equal(snippet(S("新食堂开工"), S("图书馆"), 40), "新食堂开工");
    assert_string_equal(snippet(S("新食堂开工"), S(" ，"), 40), "新食堂开工");
    assert_string_equal(snippet(S(""), S("图书馆"), 40), "");
    assert_string_equal(snippet(S("party"), S("art"), 40), "party");
}

static void a_long_text_is_cut_around_the_first_hit(void **state) {
    Str text = S(
        "学校新闻网讯。去年十月以来各学院反映就餐时间太短，后勤处回应，新食堂将在明年三月开工建设，"
        "预计九月投入使用，可供五千人同时就餐。老食堂随后拆除改建为学生活动中心，方案另行公布。");

    assert_string_equal(snippet(text, S("食堂"), 24), "…后勤处回应，新[食堂]将在明年三月开工建设…");
    assert_string_equal(snippet(text, S("学校"), 12), "[学校]新闻网讯。去年十月…");
    assert_string_equal(snippet(text, S("公布"), 12), "…方案另行[公布]。");
}

static void other_bytes_and_budgets_are_refused(void **state) {
    CLEANUP(arena_close) Arena *small = arena_new(100);
    Str text = S("unchanged"), long_text = { memset(arena_alloc(arena, 500), 'a', 500), 500 };
    ExcerptParts parts = { NULL, 9 };

    assert_int_equal(excerpt_first(arena, S("a\xff"), 10, &text).code, ERR_INVALID);
    assert_int_equal(excerpt_snippet(arena, S("a\xff"), S("a"), 10, &parts).code, ERR_INVALID);
    assert_int_equal(excerpt_first(small, long_text, 10, &text).code, ERR_LIMIT);
    assert_true(str_eq(text, S("unchanged")));
    assert_int_equal(parts.len, 9);
    assert_int_equal(excerpt_snippet(arena, S("a"), S("\xff a"), 10, &parts).code, ERR_OK);
}

static void time_is_linear_for_a_megabyte(void **state) {
    Str text = { memset(arena_alloc(arena, 1 << 20), 'a', 1 << 20), 1 << 20 };
    Buf query = buf_new(arena, 0);
    ExcerptParts parts;

    for (int i = 0; i < 20; i++)
        buf_add_format(&query, "%.*sb%d ", 60, text.ptr, i);
    int64_t start_ms = suite_cpu_ms();
    assert_int_equal(excerpt_snippet(arena, text, buf_str(&query), 100, &parts).code, ERR_OK);
    int64_t took_ms = suite_cpu_ms() - start_ms;
    printf("1 MB against 16 words: %lld ms\n", (long long)took_ms);
    assert_true(took_ms < 5000);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(a_short_text_is_whole),
        TEST(a_long_text_ends_at_a_sentence_else_a_comma_else_a_word),
        TEST(clusters_stay_whole),
        TEST(hits_are_marked_as_search_compares),
        TEST(without_a_hit_the_beginning_is_shown),
        TEST(a_long_text_is_cut_around_the_first_hit),
        TEST(other_bytes_and_budgets_are_refused),
        TEST(time_is_linear_for_a_megabyte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
