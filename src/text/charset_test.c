/* text/charset_test.c - bytes are read in the encoding they really have, or refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "text/charset.h"
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

#define GBK_NEWS "\xD0\xC2\xCE\xC5\xC1\xAA\xB6\xAF" /* 新闻联动 */

static void assert_reads(Str bytes, const char *label, Str text, const char *encoding) {
    Str ret = STR_EMPTY;
    const char *name = "";
    Err err = charset_to_utf8(arena, bytes, str_from_c(label), &ret, &name);

    if (err.code != ERR_OK || !str_eq(ret, text))
        fail_msg("label %s: code %d, %.*s", label, err.code, STR_ARG(ret));
    assert_string_equal(name, encoding);
}

static void assert_refused(Str bytes, const char *label, const char *offset) {
    Str ret = S("unchanged");
    Err err = charset_to_utf8(arena, bytes, str_from_c(label), &ret, NULL);

    assert_int_equal(err.code, ERR_INVALID);
    assert_string_equal(str_to_c(arena, err.args[0]), offset);
    assert_true(str_eq(ret, S("unchanged")));
}

static void a_bom_decides(void **state) {
    assert_reads(S("\xEF\xBB\xBF联动"), "gbk", S("联动"), "utf-8");
    assert_reads(S("\xFF\xFE\x54\x80\xA8\x52"), "utf-8", S("联动"), "utf-16le");
    assert_reads(S("\xFE\xFF\x80\x54\x52\xA8"), "", S("联动"), "utf-16be");
    assert_reads(S("\xFF\xFE\0\0\x54\x80\0\0"), "", S("联"), "utf-32le");
    assert_reads(S("\xEF\xBB\xBF"), "", S(""), "utf-8");
    assert_reads(S(""), "", S(""), "utf-8");
}

static void zero_bytes_betray_wide_characters(void **state) {
    assert_reads(S("<\0a\0>\0"), "utf-8", S("<a>"), "utf-16le");
    assert_reads(S("\0<\0a\0>"), "", S("<a>"), "utf-16be");
}

static void valid_utf8_wins_over_any_label(void **state) {
    assert_reads(S("联动"), "gbk", S("联动"), "utf-8");
    assert_reads(S("plain"), "iso-8859-1", S("plain"), "utf-8");
}

static void chinese_of_old_sites_is_read(void **state) {
    assert_reads(S(GBK_NEWS), "", S("新闻联动"), "gb18030");
    assert_reads(S(GBK_NEWS), " \"GB2312\" ", S("新闻联动"), "gb18030");
    assert_reads(S(GBK_NEWS), "utf-8", S("新闻联动"), "gb18030");
    assert_reads(S(GBK_NEWS), "no-such-thing", S("新闻联动"), "gb18030");
    assert_reads(S(GBK_NEWS " abc"), "iso-8859-1", S("新闻联动 abc"), "gb18030");
    assert_reads(S("\xC1\xD9\x81\x30\x81\x30"), "gb18030", S("临\xC2\x80"), "gb18030");
    assert_reads(S("\xA4\xA4\xB0\xEA"), "big5", S("中國"), "big5");
}

static void labels_of_other_languages_are_heard(void **state) {
    assert_reads(S("caf\xE9 \x93x\x94"), "ISO-8859-1", S("café “x”"), "windows-1252");
    assert_reads(S("\xCF\xF0\xE8\xE2\xE5\xF2!"), "windows-1251", S("Привет!"), "windows-1251");
    assert_reads(S("\xF0\xD2\xC9\xD7\xC5\xD4"), "koi8-r", S("Привет"), "koi8-r");
}

static void what_fits_nothing_is_refused_with_its_place(void **state) {
    assert_refused(S("abc\xFF\xFF\xFF\xFF"), "", "3");
    assert_refused(S("\xFF\xFE\x54\x80\xA8"), "", "4");
    assert_refused(S(GBK_NEWS "\xB6"), "", "8");
    assert_refused(S("新闻联\xE5\x8A"), "gbk",
                   "9"); /* damaged UTF-8 is not taken for Chinese in GBK */
}

static void damage_can_be_mended(void **state) {
    Str ret;
    const char *name;
    size_t replaced;
    Str text = S(GBK_NEWS GBK_NEWS GBK_NEWS GBK_NEWS GBK_NEWS "\xFF" GBK_NEWS);

    assert_int_equal(charset_to_utf8_mended(arena, text, S("gbk"), &ret, &name, &replaced).code,
                     ERR_OK);
    assert_int_equal(replaced, 1);
    assert_true(str_ends(ret, S("\uFFFD新闻联动")));
    assert_int_equal(charset_to_utf8_mended(arena, S("新闻联动新闻联\xE5\x8A"), S("utf-8"), &ret,
                                            &name, &replaced)
                         .code,
                     ERR_OK);
    assert_true(str_eq(ret, S("新闻联动新闻联\uFFFD")));
    assert_int_equal(charset_to_utf8_mended(arena, S("ok"), S(""), &ret, &name, &replaced).code,
                     ERR_OK);
    assert_int_equal(replaced, 0);
    Str noise = { memset(arena_alloc(arena, 1000), 0xFF, 1000), 1000 };
    assert_int_equal(charset_to_utf8_mended(arena, noise, S(""), &ret, &name, &replaced).code,
                     ERR_INVALID);
}

static void memory_has_a_limit(void **state) {
    CLEANUP(arena_close) Arena *small = arena_new(4096);
    Buf buf = buf_new(arena, 0);
    Str ret;

    while (buf.len < 4096)
        buf_add(&buf, S(GBK_NEWS));
    assert_int_equal(charset_to_utf8(small, buf_str(&buf), STR_EMPTY, &ret, NULL).code, ERR_LIMIT);
}

/* Text of a feed without its XML declaration, whose label differs from file to file. */
static Str without_declaration(Str text) {
    size_t ends = str_find(text, S("?>"), 0);

    return str_starts(text, S("<?xml")) && ends != SIZE_MAX ? str_slice(text, ends + 2, text.len)
                                                            : text;
}

/* The encoding an XML declaration names, as far as ASCII shows it. */
static Str declared(Str bytes) {
    size_t from = str_find(bytes, S("encoding=\""), 0);

    if (from == SIZE_MAX || from > 100)
        return STR_EMPTY;
    return str_slice(bytes, from + 10, str_find_char(bytes, '"', from + 10));
}

typedef struct Derived {
    Str reference;
    size_t equal, mended, refused;
} Derived;

static void judge_feed(void *user, const char *name, Str bytes) {
    Derived *derived = user;
    const char *encoding;
    Str text, label = strstr(name, "http-charset") ? S("gbk") : declared(bytes);
    size_t replaced;

    if (charset_to_utf8(arena, bytes, label, &text, &encoding).code == ERR_OK) {
        text = without_declaration(text);
        if (!str_eq(text, derived->reference) &&
            !(strstr(name, "truncated") && str_starts(derived->reference, text)))
            fail_msg("%s", name);
        derived->equal++;
        return;
    }
    assert_true(strstr(name, "truncated") || strstr(name, "bad-byte"));
    derived->refused++;
    assert_int_equal(charset_to_utf8_mended(arena, bytes, label, &text, &encoding, &replaced).code,
                     ERR_OK);
    assert_true(replaced == 1);
    assert_string_equal(encoding, "gb18030");
    derived->mended++;
}

static void follows_the_derived_feeds(void **state) {
    static const char *const folders[] = { "0", "2" };

    if (!suite_is_here("encodings-derived", 24))
        return;
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        Derived derived = { 0 };

        derived.reference = without_declaration(
            suite_read(arena, "conformance/encodings-derived/%s/utf-8.xml", folders[i]));
        suite_each(arena, str_format(arena, "conformance/encodings-derived/%s", folders[i]).ptr,
                   judge_feed, &derived);
        printf("encodings-derived %s: %zu cases equal, %zu refused when strict and mended\n",
               folders[i], derived.equal, derived.mended);
        assert_true(derived.equal >= 9);
    }
}

static void time_is_linear_for_hostile_bytes(void **state) {
    static const char *const parts[] = {
        "\xFF", "\xC4\xE3", "\x81", "\x81\x30", "\xE4\xBD", "a\xE4"
    };

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        Buf buf = buf_new(arena, 0);
        Str ret;
        size_t replaced;

        while (buf.len < 1 << 20)
            buf_add(&buf, str_from_c(parts[i]));
        int64_t start_ms = suite_cpu_ms();
        Err err = charset_to_utf8_mended(arena, buf_str(&buf), S("big5"), &ret, NULL, &replaced);
        int64_t took_ms = suite_cpu_ms() - start_ms;
        printf("1 MB: code %d, %lld ms\n", err.code, (long long)took_ms);
        assert_true(took_ms < 5000);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(a_bom_decides),
        TEST(zero_bytes_betray_wide_characters),
        TEST(valid_utf8_wins_over_any_label),
        TEST(chinese_of_old_sites_is_read),
        TEST(labels_of_other_languages_are_heard),
        TEST(what_fits_nothing_is_refused_with_its_place),
        TEST(damage_can_be_mended),
        TEST(memory_has_a_limit),
        TEST(follows_the_derived_feeds),
        TEST(time_is_linear_for_hostile_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
