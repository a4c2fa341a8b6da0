/* text/unicode_test.c - normal forms, clusters, keys and look-alikes, by published data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <unicode/uchar.h>

#include "text/suite.h"
#include "text/unicode.h"

static Arena *arena;

static int begin(void **state) {
    arena = arena_new(0);
    return 0;
}

static int end(void **state) {
    arena_close(&arena);
    return 0;
}

static Str nfc(Str text) {
    Str ret = STR_EMPTY;

    assert_int_equal(unicode_nfc(arena, text, &ret).code, ERR_OK);
    return ret;
}

static Str skeleton(Str text) {
    Str ret = STR_EMPTY;

    assert_int_equal(unicode_skeleton(arena, text, &ret).code, ERR_OK);
    return ret;
}

static Str sort_key(const char *text) {
    Str ret = STR_EMPTY;

    assert_int_equal(unicode_sort_key(arena, str_from_c(text), &ret).code, ERR_OK);
    return ret;
}

static void nfc_composes(void **state) {
    assert_true(str_eq(nfc(S("e\u0301中")), S("é中")));
    Str same = S("联动 é");
    assert_ptr_equal(nfc(same).ptr, same.ptr);
}

static void casefold_is_what_search_compares(void **state) {
    Str ret;

    assert_int_equal(unicode_casefold(arena, S("ＡBC\u00ADß㍿"), &ret).code, ERR_OK);
    assert_true(str_eq(ret, S("abcss株式会社")));
    assert_int_equal(unicode_casefold(arena, S("Plain"), &ret).code, ERR_OK);
    assert_true(str_eq(ret, S("plain")));
    assert_int_equal(unicode_lower(arena, S("ÀİΣ"), &ret).code, ERR_OK);
    assert_true(str_eq(ret, S("ài\u0307ς")) || str_eq(ret, S("ài\u0307σ")));
}

static void names_that_look_alike_have_one_skeleton(void **state) {
    assert_true(str_eq(skeleton(S("paypal")), skeleton(S("p\u0430yp\u0430l"))));
    assert_true(str_eq(skeleton(S("Paypal")), skeleton(S("paypal"))));
    assert_true(str_eq(skeleton(S("联动０")), skeleton(S("联动O"))));
    assert_true(str_eq(skeleton(S("Iron1")), skeleton(S("lronl"))));
    assert_true(str_eq(skeleton(S("corner")), skeleton(S("comer"))));
    assert_false(str_eq(skeleton(S("联动")), skeleton(S("连动"))));
    assert_false(str_eq(skeleton(S("pay")), skeleton(S("bay"))));
}

static void chinese_sorts_by_pinyin(void **state) {
    static const char *const names[] = { "安徽", "北京", "重庆", "广东", "贵州", "上海", "浙江" };
    Str hex;

    for (size_t i = 0; i + 1 < COUNT_OF(names); i++)
        assert_true(str_compare(sort_key(names[i]), sort_key(names[i + 1])) < 0);
    assert_int_equal(str_find_char(sort_key("北京"), '\0', 0), SIZE_MAX);
    assert_int_equal(unicode_sort_key_hex(arena, S("北京"), &hex).code, ERR_OK);
    assert_int_equal(hex.len, 2 * sort_key("北京").len);
    assert_true(unicode_sort_version() != 0);
}

static void clusters_are_never_cut(void **state) {
    Str family = S("a👨‍👩‍👧e\u0301🇨🇳中"), cut;
    size_t count;

    assert_int_equal(unicode_count_graphemes(family, &count).code, ERR_OK);
    assert_int_equal(count, 5);
    assert_int_equal(unicode_cut_graphemes(family, 3, &cut).code, ERR_OK);
    assert_true(str_eq(cut, S("a👨‍👩‍👧e\u0301")));
    assert_int_equal(unicode_cut_graphemes(family, 99, &cut).code, ERR_OK);
    assert_true(str_eq(cut, family));
    assert_int_equal(unicode_cut_graphemes(family, 0, &cut).code, ERR_OK);
    assert_int_equal(cut.len, 0);
    assert_int_equal(unicode_count_graphemes(STR_EMPTY, &count).code, ERR_OK);
    assert_int_equal(count, 0);
}

static void other_bytes_are_refused(void **state) {
    Str bad = S("a\xff"), ret = S("unchanged");
    size_t count = 9;

    assert_int_equal(unicode_nfc(arena, bad, &ret).code, ERR_INVALID);
    assert_int_equal(unicode_casefold(arena, bad, &ret).code, ERR_INVALID);
    assert_int_equal(unicode_lower(arena, bad, &ret).code, ERR_INVALID);
    assert_int_equal(unicode_skeleton(arena, bad, &ret).code, ERR_INVALID);
    assert_int_equal(unicode_sort_key(arena, bad, &ret).code, ERR_INVALID);
    assert_int_equal(unicode_cut_graphemes(bad, 1, &ret).code, ERR_INVALID);
    assert_int_equal(unicode_count_graphemes(bad, &count).code, ERR_INVALID);
    assert_true(str_eq(ret, S("unchanged")));
    assert_int_equal(count, 9);
}

static void marks_and_memory_have_bounds(void **state) {
    CLEANUP(arena_close) Arena *small = arena_new(1024);
    Buf buf = buf_new(arena, 0);
    Str ret;

    buf_add(&buf, S("a\u0301"));
    for (int i = 1; i < UNICODE_MARKS_MAX; i++)
        buf_add(&buf, S("\u0323"));
    assert_int_equal(unicode_nfc(arena, buf_str(&buf), &ret).code, ERR_OK);
    buf_add(&buf, S("\u0323"));
    assert_int_equal(unicode_nfc(arena, buf_str(&buf), &ret).code, ERR_INVALID);
    while (buf.len < 2000)
        buf_add(&buf, S("é"));
    assert_int_equal(unicode_casefold(small, buf_str(&buf), &ret).code, ERR_LIMIT);
}

/* ---- Unicode's test files ---- */

/* "0044 0323" as text; false when a character is not yet in the Unicode version of the library. */
static bool read_runes(Str hex, Str *ret) {
    Buf buf = buf_new(arena, 0);
    Str rest = str_trim(hex), part;
    bool is_known = true;

    while (str_cut(&rest, ' ', &part)) {
        uint32_t rune = (uint32_t)strtoul(str_to_c(arena, part), NULL, 16);

        is_known = is_known && u_charType((UChar32)rune) != U_UNASSIGNED;
        buf_add_rune(&buf, rune);
    }
    *ret = buf_str(&buf);
    return is_known;
}

/*
 * NormalizationTest.txt, conformance 1: c2 = NFC(c1) = NFC(c2) = NFC(c3), c4 = NFC(c4) = NFC(c5).
 */
static void follows_the_normalization_test(void **state) {
    size_t ran = 0, unknown = 0;
    Str rest, line;

    if (!suite_is_here("unicode NormalizationTest", 9000))
        return;
    rest = suite_read(arena, "conformance/unicode/NormalizationTest.txt", "");
    while (str_cut(&rest, '\n', &line)) {
        Str column[5], field;
        bool is_known = true;

        if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == '@')
            continue;
        for (size_t i = 0; i < COUNT_OF(column); i++) {
            assert_true(str_cut(&line, ';', &field));
            is_known = read_runes(field, &column[i]) && is_known;
        }
        if (!is_known) {
            unknown++;
            continue;
        }
        for (size_t i = 0; i < COUNT_OF(column); i++)
            assert_true(str_eq(nfc(column[i]), column[i < 3 ? 1 : 3]));
        ran++;
    }
    printf("unicode normalization: %zu cases equal, %zu with characters newer than the library\n",
           ran, unknown);
    assert_true(ran > 5000);
}

/* "÷ 0020 × 0308 ÷ 0020 ÷": the library's breaks are those of the line. */
static bool has_breaks_of(Str line, bool *ret_is_known) {
    Buf text = buf_new(arena, 0);
    Str rest = line, part, cut;
    size_t count = 0, found;

    *ret_is_known = true;
    while (str_cut(&rest, ' ', &part)) {
        part = str_trim(part);
        if (str_eq(part, S("÷"))) {
            if (text.len > 0) {
                count++;
                assert_int_equal(unicode_cut_graphemes(buf_str(&text), count, &cut).code, ERR_OK);
                if (cut.len != text.len)
                    return false;
            }
        } else if (!str_eq(part, S("×")) && part.len > 0) {
            Str rune;

            *ret_is_known = read_runes(part, &rune) && *ret_is_known;
            buf_add(&text, rune);
        }
    }
    assert_int_equal(unicode_count_graphemes(buf_str(&text), &found).code, ERR_OK);
    return found == count;
}

static void follows_the_grapheme_break_test(void **state) {
    size_t ran = 0, unknown = 0, newer = 0;
    Str rest, line;

    if (!suite_is_here("unicode GraphemeBreakTest", 300))
        return;
    rest = suite_read(arena, "conformance/unicode/GraphemeBreakTest.txt", "");
    while (str_cut(&rest, '\n', &line)) {
        bool is_known;

        line = str_trim(str_slice(line, 0, str_find_char(line, '#', 0)));
        if (line.len == 0)
            continue;
        if (has_breaks_of(line, &is_known)) {
            ran++;
        } else if (!is_known) {
            unknown++;
        } else {
            printf("  differs: %.*s\n", STR_ARG(line));
            newer++;
        }
    }
    printf("unicode graphemes: %zu cases equal, %zu with newer characters, %zu under newer "
           "rules\n",
           ran, unknown, newer);
    assert_true(ran > 250);
    assert_true(newer <= 40);
}

static void follows_the_confusables(void **state) {
    size_t same = 0, unknown = 0, other = 0;
    Str rest, line;

    if (!suite_is_here("unicode confusables", 3000))
        return;
    rest = suite_read(arena, "conformance/unicode/confusables.txt", "");
    while (str_cut(&rest, '\n', &line)) {
        Str from, to, field;

        if (line.len == 0 || line.ptr[0] == '#' || !str_cut(&line, ';', &field))
            continue;
        bool is_known = read_runes(field, &from);
        assert_true(str_cut(&line, ';', &field));
        is_known = read_runes(field, &to) && is_known;
        if (!is_known)
            unknown++;
        else if (str_eq(skeleton(from), skeleton(to)))
            same++;
        else if (++other <= 5)
            printf("  differs: %.*s\n", STR_ARG(line));
    }
    printf("unicode confusables: %zu cases alike, %zu not, %zu with newer characters\n", same,
           other, unknown);
    assert_true(same > 3000 && other <= 8);
}

static void time_is_linear_for_a_megabyte(void **state) {
    Buf buf = buf_new(arena, 0);
    size_t count;
    Str ret;

    while (buf.len < 1 << 20)
        buf_add(&buf, S("👨‍👩‍👧e\u0301中"));
    int64_t start_ms = suite_cpu_ms();
    assert_int_equal(unicode_count_graphemes(buf_str(&buf), &count).code, ERR_OK);
    int64_t counted_ms = suite_cpu_ms();
    assert_int_equal(unicode_nfc(arena, buf_str(&buf), &ret).code, ERR_OK);
    printf("1 MB: %zu clusters in %lld ms, NFC in %lld ms\n", count,
           (long long)(counted_ms - start_ms), (long long)(suite_cpu_ms() - counted_ms));
    assert_true(suite_cpu_ms() - start_ms < 5000);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(nfc_composes),
        TEST(casefold_is_what_search_compares),
        TEST(names_that_look_alike_have_one_skeleton),
        TEST(chinese_sorts_by_pinyin),
        TEST(clusters_are_never_cut),
        TEST(other_bytes_are_refused),
        TEST(marks_and_memory_have_bounds),
        TEST(follows_the_normalization_test),
        TEST(follows_the_grapheme_break_test),
        TEST(follows_the_confusables),
        TEST(time_is_linear_for_a_megabyte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
