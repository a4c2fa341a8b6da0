/* pack/ical_test.c - content lines keep the rules of RFC 5545: folded at 75 octets, escaped, times in UTC. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "pack/ical.h"

static Str written(Arena *arena, const char *name, Str text) {
    Buf out = buf_new(arena, 0);

    ical_text(&out, name, text);
    return buf_str(&out);
}

static void is(Str got, const char *expected) {
    assert_true(str_eq(got, str_from_c(expected)));
}

/* As a reader does: a line break and a blank are taken out (3.1). */
static Str unfolded(Arena *arena, Str lines) {
    return str_replace(arena, lines, S("\r\n "), STR_EMPTY);
}

/* Every line ends with CRLF, has at most 75 octets, and is UTF-8 by itself: no character was cut. */
static void check_lines(Str lines) {
    size_t at = 0;

    while (at < lines.len) {
        size_t end = str_find(lines, S("\r\n"), at);
        assert_true(end != SIZE_MAX);
        assert_true(end - at <= ICAL_LINE_OCTETS);
        assert_true(utf8_is_valid(str_slice(lines, at, end)));
        at = end + 2;
    }
}

static void text_is_escaped(void **state) {
    Arena *arena = arena_new(0);

    (void)state;
    is(written(arena, "SUMMARY", S("a")), "SUMMARY:a\r\n");
    is(written(arena, "SUMMARY", S("a;b,c\\n:\"d\"")), "SUMMARY:a\\;b\\,c\\\\n:\"d\"\r\n");
    is(written(arena, "SUMMARY", S("a\nb\r\nc\rd\n")), "SUMMARY:a\\nb\\nc\\nd\\n\r\n");
    is(written(arena, "SUMMARY",
               S("a\tb\x01\x7f"
                 "c")),
       "SUMMARY:a\tbc\r\n");
    is(written(arena, "SUMMARY", STR_EMPTY), "SUMMARY:\r\n");
    /* A text cannot end its line and begin another property. */
    is(written(arena, "SUMMARY", S("x\r\nATTENDEE:mailto:a@b.example")),
       "SUMMARY:x\\nATTENDEE:mailto:a@b.example\r\n");
    arena_free(arena);
}

static void lines_are_folded_at_75_octets(void **state) {
    Arena *arena = arena_new(0);

    (void)state;
    for (size_t len = 0; len <= 400; len++)
        for (size_t width = 1; width <= 4; width++) {
            static const char *const letters[] = { "a", "é", "灯", "😀" };
            Buf text = buf_new(arena, 0);
            for (size_t i = 0; i < len; i++)
                buf_add(&text, str_from_c(letters[i % 7 ? width - 1 : 0]));
            Str lines = written(arena, "SUMMARY", buf_str(&text));
            check_lines(lines);
            Str whole = unfolded(arena, lines);
            assert_true(str_starts(whole, S("SUMMARY:")) && str_ends(whole, S("\r\n")));
            assert_true(str_eq(str_slice(whole, 8, whole.len - 2), buf_str(&text)));
        }
    /* 75 octets fit, one more does not. */
    char full[ICAL_LINE_OCTETS];
    for (size_t i = 0; i < sizeof full; i++)
        full[i] = 'a';
    assert_int_equal(written(arena, "X", (Str){ full, 73 }).len, 77);
    is(str_slice(written(arena, "X", (Str){ full, 74 }), 75, 100), "\r\n a\r\n");
    arena_free(arena);
}

/* An escape is one thing: a reader that did not unfold first would still see it whole. */
static void an_escape_is_not_cut(void **state) {
    Arena *arena = arena_new(0);
    char text[200];

    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 2 ? ',' : ';';
    Str lines = written(arena, "SUMMARY", (Str){ text, sizeof text });
    check_lines(lines);
    assert_true(!str_contains(lines, S("\\\r\n")));
    arena_free(arena);
}

static void moments_are_utc_and_days_are_days(void **state) {
    Arena *arena = arena_new(0);
    Buf out = buf_new(arena, 0);

    (void)state;
    ical_begin(&out, "VEVENT");
    ical_utc(&out, "DTSTART", INT64_C(1930806000999));
    ical_date(&out, "DTSTART", S("2030-12-31"));
    ical_value(&out, "UID", S("a,b;c\r\n@x"));
    ical_end(&out, "VEVENT");
    is(buf_str(&out), "BEGIN:VEVENT\r\nDTSTART:20310309T070000Z\r\nDTSTART;VALUE=DATE:20301231\r\n"
                      "UID:a,b;c@x\r\nEND:VEVENT\r\n");
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(lines_are_folded_at_75_octets),
        cmocka_unit_test(an_escape_is_not_cut),
        cmocka_unit_test(moments_are_utc_and_days_are_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
