/* base/json_test.c - JSON values are built, found and written exactly. */
#include "base/json.h"

#include <math.h>

#include "base/test_support.h"

static Str written(Arena *arena, const Json *value) {
    Buf buf = buf_new(arena, 0);

    json_write(&buf, value);
    return buf_str(&buf);
}

static Str canonical(Arena *arena, const Json *value) {
    Buf buf = buf_new(arena, 0);

    assert_int_equal(json_canonical(&buf, value).code, ERR_OK);
    return buf_str(&buf);
}

static void values_are_written_in_the_order_they_were_set(void **state) {
    Arena *arena = *state;
    Json *object = json_obj(arena), *array = json_arr(arena);

    json_push(array, json_null(arena));
    json_push(array, json_bool(arena, true));
    json_push(array, json_bool(arena, false));
    json_push(array, json_int(arena, INT64_MIN));
    json_push(array, json_real(arena, 1.5));
    json_push(array, json_real(arena, NAN));
    json_set(object, "z", array);
    json_set(object, "a", json_clean(arena, S("<b>x</b>")));
    json_set(object, "id", json_id(arena, INT64_MAX));
    json_set(object, "no", json_id(arena, 0));
    json_set_str(object, S(""), json_arr(arena));
    json_set(object, "o", json_obj(arena));
    assert_str(written(arena, object),
               S("{\"z\":[null,true,false,-9223372036854775808,1.5,null],\"a\":\"<b>x</b>\","
                 "\"id\":\"9223372036854775807\",\"no\":null,\"\":[],\"o\":{}}"));
}

static void members_are_found_and_replaced(void **state) {
    Arena *arena = *state;
    Json *object = json_obj(arena);

    json_set(object, "a", json_int(arena, 1));
    json_set(object, "text", json_str(arena, S("x")));
    json_set(object, "html", json_clean(arena, S("<p>")));
    json_set(object, "a", json_int(arena, 2));
    assert_int_equal(object->object.len, 3);
    assert_int_equal(json_get(object, "a")->integer, 2);
    assert_null(json_get(object, "b"));
    assert_null(json_get(NULL, "a"));
    assert_null(json_get(json_int(arena, 1), "a"));
    assert_str(json_get_text(object, "text"), S("x"));
    assert_str(json_get_text(object, "html"), S("<p>"));
    assert_str(json_get_text(object, "a"), STR_EMPTY);
    assert_str(json_get_text(object, "b"), STR_EMPTY);
}

static void many_members_stay_fast_and_unique(void **state) {
    Arena *arena = *state;
    Json *object = json_obj(arena);

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 50000; i++)
            json_set_str(object, str_from_int(arena, i), json_int(arena, i + round));
    }
    assert_int_equal(object->object.len, 50000);
    for (int i = 0; i < 50000; i++)
        assert_int_equal(json_get_str(object, str_from_int(arena, i))->integer, i + 1);
    assert_null(json_get(object, "50000"));
}

static void texts_are_escaped_as_little_as_possible(void **state) {
    Str odd = { "\0\x01\b\t\n\v\f\r\x1F \"\\/\x7F联\u2028\U0001F600", 24 };

    assert_str(
        canonical(*state, json_str(*state, odd)),
        S("\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f \\\"\\\\/\x7F联\u2028\U0001F600\""));
}

static void ill_formed_text_is_mended_or_refused(void **state) {
    Arena *arena = *state;
    Json *bad = json_str(arena, S("a\xFFz")), *object = json_obj(arena);
    Buf buf = buf_new(arena, 0);

    assert_str(written(arena, bad), S("\"a\uFFFDz\""));
    assert_int_equal(json_canonical(&buf, bad).code, ERR_INVALID);
    json_set(object, "\xC3", json_null(arena));
    assert_int_equal(json_canonical(&buf, object).code, ERR_INVALID);
    assert_str(written(arena, object), S("{\"\uFFFD\":null}"));
}

static void members_are_sorted_by_utf16_units(void **state) {
    /* RFC 8785, 3.2.3; the last two differ from code point order. */
    static const char *const names[] = { "\u20ac",     "\r",         "\ufb33",    "1",
                                         "\U0001F600", "\xC2\x80",   "\u00f6",    "",
                                         "1a",         "\U0001F601", "\U00010000" };
    Arena *arena = *state;
    Json *object = json_obj(arena);

    for (size_t i = 0; i < COUNT_OF(names); i++)
        json_set(object, names[i], json_int(arena, (int64_t)i));
    assert_str(canonical(arena, object),
               S("{\"\":7,\"\\r\":1,\"1\":3,\"1a\":8,\"\xC2\x80\":5,\"\u00f6\":6,\"\u20ac\":0,"
                 "\"\U00010000\":10,\"\U0001F600\":4,\"\U0001F601\":9,\"\ufb33\":2}"));
}

static ErrCode code_of(Arena *arena, Json *value) {
    Buf buf = buf_new(arena, 0);
    Json *array = json_arr(arena);

    json_push(array, value);
    return json_canonical(&buf, array).code;
}

static void numbers_beyond_a_double_are_refused(void **state) {
    Arena *arena = *state;

    assert_int_equal(code_of(arena, json_int(arena, 9007199254740991)), ERR_OK);
    assert_int_equal(code_of(arena, json_int(arena, -9007199254740991)), ERR_OK);
    assert_int_equal(code_of(arena, json_int(arena, 9007199254740992)), ERR_INVALID);
    assert_int_equal(code_of(arena, json_int(arena, -9007199254740992)), ERR_INVALID);
    assert_int_equal(code_of(arena, json_real(arena, INFINITY)), ERR_INVALID);
    assert_int_equal(code_of(arena, json_real(arena, NAN)), ERR_INVALID);
    assert_int_equal(code_of(arena, json_real(arena, 1e300)), ERR_OK);
}

static void a_full_buffer_is_an_error(void **state) {
    Buf buf = buf_new(*state, 4);

    assert_int_equal(json_canonical(&buf, json_str(*state, S("abc"))).code, ERR_LIMIT);
}

static void reals_are_written_as_ecmascript_does(void **state) {
    static const struct {
        double value;
        const char *text;
    } rows[] = {
        { 0.0, "0" },
        { -0.0, "0" },
        { 1, "1" },
        { -1.5, "-1.5" },
        { 1e21, "1e+21" },
        { 1e20, "100000000000000000000" },
        { 123e-20, "1.23e-18" },
        { 1e-6, "0.000001" },
        { 1e-7, "1e-7" },
        { 0.1 + 0.2, "0.30000000000000004" },
        { 5e-324, "5e-324" },
        { 1.7976931348623157e308, "1.7976931348623157e+308" },
        { 9007199254740993.0, "9007199254740992" },
        { 4.35, "4.35" },
        { 100, "100" },
        { -1e-7, "-1e-7" },
        { 0x1p-44, "5.684341886080802e-14" },
        { 2.2250738585072014e-308, "2.2250738585072014e-308" },
        { 333333333.33333329, "333333333.3333333" },
    };
    char text[32];

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(json_format_real(rows[i].value, text), strlen(rows[i].text));
        assert_string_equal(text, rows[i].text);
    }
}

static void powers_of_two_are_read_back(void **state) {
    char text[32];

    for (int exponent = -1074; exponent < 1024; exponent++) {
        double value = ldexp(1, exponent);

        json_format_real(value, text);
        assert_true(strtod(text, NULL) == value);
    }
}

static void the_numbers_of_the_jcs_suite(void **state) {
    size_t cases = 0;
    char text[32];
    Str rest, line;

    if (!test_has_shared("4,993 numbers of RFC 8785"))
        return;
    rest = test_shared_file(*state, "corpora/conformance/jcs/numbers.txt");
    while (str_cut(&rest, '\n', &line)) {
        size_t comma = str_find_char(line, ',', 0);
        uint64_t bits = strtoull(str_to_c(*state, str_slice(line, 0, comma)), NULL, 16);
        double value;

        memcpy(&value, &bits, sizeof value);
        size_t len = json_format_real(value, text);
        assert_str(((Str){ text, len }), str_trim(str_slice(line, comma + 1, line.len)));
        cases++;
    }
    assert_int_equal(cases, 4993);
    print_message("%zu numbers of RFC 8785\n", cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(values_are_written_in_the_order_they_were_set),
        WITH_ARENA(members_are_found_and_replaced),
        WITH_ARENA(many_members_stay_fast_and_unique),
        WITH_ARENA(texts_are_escaped_as_little_as_possible),
        WITH_ARENA(ill_formed_text_is_mended_or_refused),
        WITH_ARENA(members_are_sorted_by_utf16_units),
        WITH_ARENA(numbers_beyond_a_double_are_refused),
        WITH_ARENA(a_full_buffer_is_an_error),
        cmocka_unit_test(reals_are_written_as_ecmascript_does),
        cmocka_unit_test(powers_of_two_are_read_back),
        WITH_ARENA(the_numbers_of_the_jcs_suite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
