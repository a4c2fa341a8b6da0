/* base/percent_test.c - encoding, decoding once, and one spelling. */
#include "base/percent.h"

#include "base/test_support.h"

static void decodes_once(void **state) {
    Arena *arena = *state;
    Str out = S("before");

    assert_true(percent_decode(arena, S("a%20b%2Fc%e4%B8%ad"), false, &out));
    assert_str(out, S("a b/c中"));
    assert_true(percent_decode(arena, S("%252e"), false, &out));
    assert_str(out, S("%2e"));
    assert_true(percent_decode(arena, S("%00"), false, &out));
    assert_str(out, S("\0"));
    assert_true(percent_decode(arena, STR_EMPTY, false, &out));
    assert_int_equal(out.len, 0);
}

static void a_plus_is_a_blank_in_forms_only(void **state) {
    Arena *arena = *state;
    Str out;

    assert_true(percent_decode(arena, S("a+b%2Bc"), true, &out));
    assert_str(out, S("a b+c"));
    assert_true(percent_decode(arena, S("a+b"), false, &out));
    assert_str(out, S("a+b"));
}

static void refuses_a_percent_without_two_digits(void **state) {
    static const char *const bad[] = { "%", "a%", "%4", "%g0", "%0g", "%%41", "a%4", "%u0041" };
    Arena *arena = *state;
    Str out = S("before");

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(percent_decode(arena, str_from_c(bad[i]), true, &out));
    assert_str(out, S("before"));
}

static void encodes_all_but_unreserved_signs(void **state) {
    Arena *arena = *state;
    Str out;

    assert_str(percent_encode(arena, S("aZ09-._~")), S("aZ09-._~"));
    assert_str(percent_encode(arena, S("a b/?#[]@!$&'()*+,;=%\"中\0")),
               S("a%20b%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D%25%22%E4%B8%AD%00"));
    for (int c = 0; c < 256; c++) {
        char byte = (char)c;
        assert_true(percent_decode(arena, percent_encode(arena, (Str){ &byte, 1 }), true, &out));
        assert_str(out, ((Str){ &byte, 1 }));
    }
}

static void what_may_be_written_in_several_ways_is_written_in_one(void **state) {
    static const char *const pairs[][2] = {
        { "/%7ea%2fb%4A", "/~a%2FbJ" },
        { "/a b\t", "/a%20b%09" },
        { "/\xe4\xb8\xad", "/%E4%B8%AD" },
        { "/%e4%b8%ad", "/%E4%B8%AD" },
        { "/%", "/%" },
        { "/%4", "/%4" },
        { "/%4g%zz%%41", "/%4g%zz%A" },
        { "/?a=b&c#d", "/?a=b&c#d" },
    };
    Arena *arena = *state;

    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        Buf once = buf_new(arena, 0);
        percent_add_normal(&once, str_from_c(pairs[i][0]));
        assert_str(buf_str(&once), str_from_c(pairs[i][1]));
    }
}

static void a_byte_is_read_only_where_it_stands_whole(void **state) {
    (void)state;
    assert_int_equal(percent_byte(S("%00"), 0), 0);
    assert_int_equal(percent_byte(S("a%fF"), 1), 255);
    assert_int_equal(percent_byte(S("a%fF"), 0), -1);
    assert_int_equal(percent_byte(S("a%f"), 1), -1);
    assert_int_equal(percent_byte(S("%41"), 3), -1);
    assert_int_equal(percent_byte(S("%41"), SIZE_MAX), -1);
    assert_int_equal(percent_byte(STR_EMPTY, 0), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(decodes_once),
        WITH_ARENA(a_plus_is_a_blank_in_forms_only),
        WITH_ARENA(refuses_a_percent_without_two_digits),
        WITH_ARENA(encodes_all_but_unreserved_signs),
        WITH_ARENA(what_may_be_written_in_several_ways_is_written_in_one),
        WITH_ARENA(a_byte_is_read_only_where_it_stands_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
