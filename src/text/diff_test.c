/* text/diff_test.c - changes are complete, short and readable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/chance.h"
#include "text/diff.h"
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

/* The parts, after checking that they give both texts back and are in order. */
static DiffList compared(Str old_text, Str new_text) {
    DiffList list = { 0 };
    Buf old_buf = buf_new(arena, 0), new_buf = buf_new(arena, 0);

    assert_int_equal(diff_text(arena, old_text, new_text, &list).code, ERR_OK);
    for (size_t i = 0; i < list.len; i++) {
        DiffPart part = list.items[i];

        assert_true(part.text.len > 0);
        if (i > 0) {
            assert_int_not_equal(part.kind, list.items[i - 1].kind);
            assert_false(part.kind == DIFF_DEL && list.items[i - 1].kind == DIFF_INS);
        }
        if (part.kind != DIFF_INS)
            buf_add(&old_buf, part.text);
        if (part.kind != DIFF_DEL)
            buf_add(&new_buf, part.text);
    }
    assert_true(str_eq(buf_str(&old_buf), old_text));
    assert_true(str_eq(buf_str(&new_buf), new_text));
    return list;
}

/* "同[-删-]{+增+}同" */
static const char *shown(Str old_text, Str new_text) {
    DiffList list = compared(old_text, new_text);
    Buf buf = buf_new(arena, 0);

    for (size_t i = 0; i < list.len; i++) {
        Str text = list.items[i].text;

        switch (list.items[i].kind) {
        case DIFF_SAME:
            buf_add_format(&buf, "%.*s", STR_ARG(text));
            break;
        case DIFF_DEL:
            buf_add_format(&buf, "[-%.*s-]", STR_ARG(text));
            break;
        case DIFF_INS:
            buf_add_format(&buf, "{+%.*s+}", STR_ARG(text));
            break;
        }
    }
    return str_to_c(arena, buf_str(&buf));
}

static void equal_texts_are_one_part(void **state) {
    assert_string_equal(shown(S("联动\n"), S("联动\n")), "联动\n");
    assert_string_equal(shown(S(""), S("")), "");
    assert_string_equal(shown(S(""), S("新")), "{+新+}");
    assert_string_equal(shown(S("旧"), S("")), "[-旧-]");
}

static void lines_are_compared_first(void **state) {
    assert_string_equal(shown(S("一\n二\n三\n"), S("一\n三\n四\n")), "一\n[-二\n-]三\n{+四\n+}");
}

static void changed_lines_show_their_characters(void **state) {
    assert_string_equal(shown(S("新食堂将于三月开工。\n"), S("新食堂将于五月开工。\n")),
                        "新食堂将于[-三-]{+五+}月开工。\n");
    assert_string_equal(shown(S("会议在图书馆举行。"), S("会议将在新图书馆举行。")),
                        "会议{+将+}在{+新+}图书馆举行。");
    assert_string_equal(shown(S("共有 128 人参加 open day"), S("共有 130 人参加 open days")),
                        "共有 [-128-]{+130+} 人参加 open [-day-]{+days+}");
}

static void tiny_same_passages_join_the_changes_around_them(void **state) {
    assert_string_equal(shown(S("报名时间为3月5日上午"), S("报名时间为4月6日上午")),
                        "报名时间为[-3月5-]{+4月6+}日上午");
}

static void passages_with_little_in_common_are_replaced_whole(void **state) {
    assert_string_equal(shown(S("同\n春天来了，花都开了。\n"), S("同\n学校召开工作会议。\n")),
                        "同\n[-春天来了，花都开了。\n-]{+学校召开工作会议。\n+}");
}

static void marks_stay_with_their_letters(void **state) {
    assert_string_equal(shown(S("一二三四e\u0301"), S("一二三四e\u0300")),
                        "一二三四[-e\u0301-]{+e\u0300+}");
    assert_string_equal(shown(S("一二\r\n"), S("一二\n")), "一二[-\r\n-]{+\n+}");
}

/* Random edits of a random text: the parts always give both texts back. */
static void any_two_texts_are_told_completely(void **state) {
    static const char *const parts[] = { "联",      "动", "\n",  "a",   "bc ",
                                         "e\u0301", "，", "123", "\r\n" };
    SeededChance seeded;

    chance_seeded(&seeded, 42);
    for (int round = 0; round < 400; round++) {
        Buf a = buf_new(arena, 0), b = buf_new(arena, 0);
        int len = (int)chance_below(&seeded.chance, 120);

        for (int i = 0; i < len; i++) {
            Str part = str_from_c(parts[chance_below(&seeded.chance, COUNT_OF(parts))]);

            if (chance_below(&seeded.chance, 8) != 0)
                buf_add(&a, part);
            if (chance_below(&seeded.chance, 8) != 0)
                buf_add(&b, part);
        }
        compared(buf_str(&a), buf_str(&b));
        arena_reset(arena, 1 << 20);
    }
}

static void other_bytes_lengths_and_budgets_are_refused(void **state) {
    CLEANUP(arena_close) Arena *small = arena_new(1000);
    DiffList list = { NULL, 9 };
    Str text = { memset(arena_alloc(arena, DIFF_TEXT_BYTES + 1), 'a', DIFF_TEXT_BYTES + 1),
                 DIFF_TEXT_BYTES };

    assert_int_equal(diff_text(arena, S("a\xff"), S("a"), &list).code, ERR_INVALID);
    assert_int_equal(diff_text(arena, S("a"), S("a\xff"), &list).code, ERR_INVALID);
    assert_int_equal(
        diff_text(small, S("一\n二\n三\n四\n五\n六\n七\n八"), S("甲\n乙\n丙\n丁\n戊\n己"), &list)
            .code,
        ERR_LIMIT);
    assert_int_equal(list.len, 9);
    assert_int_equal(diff_text(arena, text, text, &list).code, ERR_OK);
    text.len++;
    list.len = 9;
    assert_int_equal(diff_text(arena, text, text, &list).code, ERR_LIMIT);
    assert_int_equal(list.len, 9);
}

/* Half a million random characters on each side, in one line and in many. */
static void the_worst_texts_take_bounded_time(void **state) {
    for (int kind = 0; kind < 3; kind++) {
        SeededChance seeded;
        Buf a = buf_new(arena, 0), b = buf_new(arena, 0);

        chance_seeded(&seeded, 5);
        while (a.len < DIFF_TEXT_BYTES - 8) {
            buf_add_rune(&a,
                         0x4E00 + (uint32_t)chance_below(&seeded.chance, kind == 0 ? 20000 : 2));
            if (kind == 2)
                buf_add_char(&a, '\n');
        }
        while (b.len < DIFF_TEXT_BYTES - 8) {
            buf_add_rune(&b,
                         0x4E00 + (uint32_t)chance_below(&seeded.chance, kind == 0 ? 20000 : 3));
            if (kind == 2)
                buf_add_char(&b, '\n');
        }
        int64_t start_ms = suite_cpu_ms();
        compared(buf_str(&a), buf_str(&b));
        int64_t took_ms = suite_cpu_ms() - start_ms;
        printf("1 MB against 1 MB, kind %d: %lld ms\n", kind, (long long)took_ms);
        assert_true(took_ms < 20000); /* with the sanitizers */
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(equal_texts_are_one_part),
        TEST(lines_are_compared_first),
        TEST(changed_lines_show_their_characters),
        TEST(tiny_same_passages_join_the_changes_around_them),
        TEST(passages_with_little_in_common_are_replaced_whole),
        TEST(marks_stay_with_their_letters),
        TEST(any_two_texts_are_told_completely),
        TEST(other_bytes_lengths_and_budgets_are_refused),
        TEST(the_worst_texts_take_bounded_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
