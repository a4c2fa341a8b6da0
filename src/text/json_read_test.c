/* text/json_read_test.c - what JSON from outside is taken, and what is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "text/json_read.h"
#include "text/suite.h"

static Arena *arena;

static int make_arena(void **state) {
    arena = arena_new(ARENA_REQUEST_BYTES);
    return 0;
}

static int free_arena(void **state) {
    arena_close(&arena);
    return 0;
}

static Err read_text(Str text, Json **ret) {
    return json_read(arena, text, JSON_READ_DEPTH, ret);
}

static Json *must_read(Str text) {
    Json *value = NULL;
    Err err = read_text(text, &value);

    if (err.code != ERR_OK)
        fail_msg("%.*s: %s", STR_ARG(text), err.msgid);
    return value;
}

static void assert_refused(Str text, ErrCode code, const char *offset) {
    Json *value = (Json *)arena; /* unchanged on failure */
    Err err = read_text(text, &value);

    if (err.code != code)
        fail_msg("%.*s: code %d", STR_ARG(text), err.code);
    assert_ptr_equal(value, (Json *)arena);
    if (offset)
        assert_string_equal(str_to_c(arena, err.args[0]), offset);
}

static void whole_numbers_are_exact_to_64_bits(void **state) {
    assert_int_equal(must_read(S("9223372036854775807"))->integer, INT64_MAX);
    assert_int_equal(must_read(S("-9223372036854775808"))->integer, INT64_MIN);
    assert_int_equal(must_read(S(" -0 "))->integer, 0);
}

static void other_numbers_are_real(void **state) {
    assert_int_equal(must_read(S("1.0"))->type, JSON_REAL);
    assert_true(must_read(S("1e3"))->real == 1000.0);
    assert_true(must_read(S("9223372036854775808"))->real == 9223372036854775808.0);
    assert_true(must_read(S("-9223372036854775809"))->real == -9223372036854775808.0);
    assert_true(must_read(S("1e-400"))->real == 0.0);
    assert_true(signbit(must_read(S("-0.0"))->real));
    assert_refused(S("[1, 1e309]"), ERR_INVALID, "4");
}

static void escapes_give_their_characters(void **state) {
    Str text = must_read(S("\"a\\u0000\\u4e2d\\ud83d\\ude00\\n\\/\\\\\""))->string;

    assert_true(str_eq(text, S("a\0中😀\n/\\")));
    assert_non_null(json_get_str(must_read(S("{\"a\\u0000b\":1,\"a\":2}")), S("a\0b")));
}

static void members_keep_their_order(void **state) {
    Buf buf = buf_new(arena, 0);

    json_write(&buf, must_read(S(" { \"b\" : [ ] , \"a\" : { \"x\" : [ 1 , { } ] } } ")));
    assert_true(str_eq(buf_str(&buf), S("{\"b\":[],\"a\":{\"x\":[1,{}]}}")));
}

static void refusals_name_the_byte(void **state) {
    assert_refused(S(""), ERR_INVALID, "0");
    assert_refused(S("{\"a\":1,\"a\":2}"), ERR_INVALID, "7");
    assert_refused(S("{\"a\":1,\"\\u0061\":2}"), ERR_INVALID, "7");
    assert_refused(S("\"\\ud800\""), ERR_INVALID, "3");
    assert_refused(S("\"\\ud800\\u0041\""), ERR_INVALID, "3");
    assert_refused(S("\"\\udc00\""), ERR_INVALID, "3");
    assert_refused(S("[1] x"), ERR_INVALID, "4");
    assert_refused(S("\"ab\xff\""), ERR_INVALID, "3");
    assert_refused(S("\xEF\xBB\xBF{}"), ERR_INVALID, "0");
    assert_refused(S("\"a\0\""), ERR_INVALID, "2");
    assert_refused(S("\"abc\\"), ERR_INVALID, NULL);
    assert_refused(S("\"abc\\\""), ERR_INVALID, NULL);
    assert_refused(S("[1,]"), ERR_INVALID, "3");
    assert_refused(S("{\"a\":1,}"), ERR_INVALID, "7");
    assert_refused(S("[}"), ERR_INVALID, "1");
    assert_refused(S("nul"), ERR_INVALID, "0");
    assert_refused(S("01"), ERR_INVALID, "1");
}

static void depth_has_a_limit_and_none_of_the_stack(void **state) {
    Json *value;

    assert_int_equal(json_read(arena, S("[{\"a\":[]}]"), 3, &value).code, ERR_OK);
    assert_int_equal(json_read(arena, S("[{\"a\":[]}]"), 2, &value).code, ERR_LIMIT);
    assert_int_equal(json_read(arena, S("[[],[],[]]"), 2, &value).code, ERR_OK);
    char *open = arena_alloc(arena, 100000);
    memset(open, '[', 100000);
    assert_refused((Str){ open, 100000 }, ERR_LIMIT, NULL);
}

static void memory_has_a_limit(void **state) {
    CLEANUP(arena_close) Arena *small = arena_new(64 << 10);
    size_t len = 60000;
    char *text = arena_alloc(arena, len);
    Json *value;

    for (size_t i = 0; i < len; i += 3)
        memcpy(text + i, "{},", 3);
    text[0] = '[';
    memcpy(text + 1, "0,", 2);
    text[len - 1] = ']';
    assert_int_equal(json_read(arena, (Str){ text, len }, 8, &value).code, ERR_OK);
    assert_int_equal(json_read(small, (Str){ text, len }, 8, &value).code, ERR_LIMIT);
}

/* ---- published suites ---- */

/*
 * Documents that the suite accepts and I-JSON (RFC 7493, 2.3) does not: a name twice in one object.
 */
static bool is_repeated_name(const char *name) {
    return strstr(name, "y_object_duplicated_key") != NULL;
}

typedef struct ParsingCounts {
    int accepted, refused, either;
} ParsingCounts;

static void judge_document(void *user, const char *name, Str text) {
    CLEANUP(arena_close) Arena *own = arena_new(ARENA_REQUEST_BYTES);
    ParsingCounts *counts = user;
    Json *value;
    Err err = json_read(own, text, JSON_READ_DEPTH, &value);
    bool is_refused = name[0] == 'n' || is_repeated_name(name);

    if (name[1] != '_' || name[0] == 'i') /* those of test_transform are named otherwise */
        counts->either++;
    else if ((err.code != ERR_OK) != is_refused)
        fail_msg("%s", name);
    else if (is_refused)
        counts->refused++;
    else
        counts->accepted++;
}

static void follows_the_json_parsing_suite(void **state) {
    ParsingCounts counts = { 0 };

    if (!suite_is_here("json-parsing", 169))
        return;
    suite_each(arena, "conformance/json-parsing/test_parsing", judge_document, &counts);
    suite_each(arena, "conformance/json-parsing/test_transform", judge_document, &counts);
    printf("json-parsing: %d cases accepted, %d refused, %d free\n", counts.accepted,
           counts.refused, counts.either);
    assert_true(counts.accepted + counts.refused + counts.either >= 169);
}

/* "5b 0a 20 ..." as bytes. */
static Str bytes_of_hex(Str hex) {
    Buf bytes = buf_new(arena, 0);
    char *end;

    for (char *at = str_to_c(arena, hex);; at = end) {
        unsigned long byte = strtoul(at, &end, 16);

        if (end == at)
            return buf_str(&bytes);
        buf_add_char(&bytes, (char)byte);
    }
}

static void reads_what_the_canonical_form_needs(void **state) {
    static const char *const names[] = { "arrays", "french", "values" };

    if (!suite_is_here("jcs", COUNT_OF(names)))
        return;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        Str input = suite_read(arena, "conformance/jcs/input/%s.json", names[i]);
        Str output = suite_read(arena, "conformance/jcs/output/%s.json", names[i]);
        Str hex = suite_read(arena, "conformance/jcs/outhex/%s.txt", names[i]);
        Buf buf = buf_new(arena, 0);
        Json *value;

        assert_int_equal(read_text(input, &value).code, ERR_OK);
        assert_int_equal(json_canonical(&buf, value).code, ERR_OK);
        assert_true(str_eq(buf_str(&buf), output));
        assert_true(str_eq(buf_str(&buf), bytes_of_hex(hex)));
    }
    printf("jcs: %zu cases equal\n", COUNT_OF(names));
}

int main(void) {
    static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_arena, free_arena)
        TEST(whole_numbers_are_exact_to_64_bits),
        TEST(other_numbers_are_real),
        TEST(escapes_give_their_characters),
        TEST(members_keep_their_order),
        TEST(refusals_name_the_byte),
        TEST(depth_has_a_limit_and_none_of_the_stack),
        TEST(memory_has_a_limit),
        TEST(follows_the_json_parsing_suite),
        TEST(reads_what_the_canonical_form_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
