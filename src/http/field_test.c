/* http/field_test.c - one raw value to a typed one: each type's forms, bounds and refusals. */
#include "base/test_support.h"
#include "http/field.h"

/* Reads text as a field of this type; its code, and the value in *ret. */
static ErrCode read_as(Arena *arena, const Field *field, Str text, FieldValue *ret) {
    Param raw = { .name = S("f"), .value = text };

    *ret = (FieldValue){ .integer = -77 };
    Err err = field_read(arena, field, &raw, ret);
    if (err.code != ERR_OK) {
        assert_string_equal(err.field, "f");
        assert_non_null(err.msgid);
        assert_int_equal(ret->integer, -77); /* never clobbered */
    }
    return err.code;
}

typedef struct Case {
    Str text;
    ErrCode code;
    int64_t integer;
} Case;

static void check(Arena *arena, Field field, const Case *cases, size_t count) {
    FieldValue value;

    field.name = "f";
    for (size_t i = 0; i < count; i++) {
        ErrCode code = read_as(arena, &field, cases[i].text, &value);
        if (code != cases[i].code)
            fail_msg("\"%.*s\" gives %d", STR_ARG(cases[i].text), (int)code);
        if (code == ERR_OK)
            assert_int_equal(value.integer, cases[i].integer);
    }
}
#define CHECK(field, ...)                                                                          \
    check(*state, field, (const Case[]){ __VA_ARGS__ },                                            \
          sizeof((const Case[]){ __VA_ARGS__ }) / sizeof(Case))

static void ids_are_positive_numbers_of_19_digits(void **state) {
    CHECK(((Field){ .type = FIELD_ID }), { S("1"), ERR_OK, 1 },
          { S("9223372036854775807"), ERR_OK, INT64_MAX },
          { S("9223372036854775808"), ERR_INVALID }, { S("0"), ERR_INVALID },
          { S("-1"), ERR_INVALID }, { S("+1"), ERR_INVALID }, { S(" 1"), ERR_INVALID },
          { S("1a"), ERR_INVALID }, { S("00000000000000000001"), ERR_INVALID },
          { S("１"), ERR_INVALID });
}

static void numbers_keep_their_bounds(void **state) {
    CHECK(((Field){ .type = FIELD_INT, .min = -5, .max = 10 }), { S("-5"), ERR_OK, -5 },
          { S("10"), ERR_OK, 10 }, { S("0"), ERR_OK, 0 }, { S("-6"), ERR_INVALID },
          { S("11"), ERR_INVALID }, { S("1.0"), ERR_INVALID }, { S("x"), ERR_INVALID },
          { S("99999999999999999999"), ERR_INVALID });
    CHECK(((Field){ .type = FIELD_INT }), { S("-9223372036854775808"), ERR_OK, INT64_MIN });
}

static void truth_has_six_words(void **state) {
    CHECK(((Field){ .type = FIELD_BOOL }), { S("1"), ERR_OK, 1 }, { S("true"), ERR_OK, 1 },
          { S("on"), ERR_OK, 1 }, { S("0"), ERR_OK, 0 }, { S("false"), ERR_OK, 0 },
          { S(""), ERR_OK, 0 }, { S("yes"), ERR_INVALID }, { S("TRUE"), ERR_INVALID });
}

static void a_date_is_a_day_that_was_or_will_be(void **state) {
    CHECK(((Field){ .type = FIELD_DATE }), { S("2026-03-05"), ERR_OK, 0 },
          { S("2024-02-29"), ERR_OK, 0 }, { S("2026-02-29"), ERR_INVALID },
          { S("2026-04-31"), ERR_INVALID }, { S("2026-13-01"), ERR_INVALID },
          { S("2026-00-01"), ERR_INVALID }, { S("2026-01-00"), ERR_INVALID },
          { S("2026-1-1"), ERR_INVALID }, { S("2026/03/05"), ERR_INVALID },
          { S("2026-03-05x"), ERR_INVALID }, { S("-026-03-05"), ERR_INVALID });
}

static void words_are_plain(void **state) {
    CHECK(((Field){ .type = FIELD_WORD, .max_chars = 8 }), { S("a-Z_0.9@"), ERR_OK, 0 },
          { S("a-Z_0.9@x"), ERR_LIMIT }, { S("a b"), ERR_INVALID }, { S("中"), ERR_INVALID },
          { S("a/b"), ERR_INVALID });
}

static void a_choice_is_one_of_its_words(void **state) {
    CHECK(((Field){ .type = FIELD_ENUM, .words = "new old  gone" }), { S("new"), ERR_OK, 0 },
          { S("gone"), ERR_OK, 0 }, { S("ne"), ERR_INVALID }, { S("new old"), ERR_INVALID },
          { S("New"), ERR_INVALID }, { S(" "), ERR_INVALID });
}

static void cursors_read_what_lists_wrote(void **state) {
    Field field = { "f", FIELD_CURSOR, IN_QUERY };
    static const int64_t numbers[] = { 0, 1, INT64_MAX, INT64_MIN, -1 };
    Arena *arena = *state;
    FieldValue value;

    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        Str text = list_cursor(arena, numbers[i], numbers[COUNT_OF(numbers) - 1 - i]);
        assert_int_equal(read_as(arena, &field, text, &value), ERR_OK);
        assert_int_equal(value.integer, numbers[i]);
        assert_int_equal(value.second, numbers[COUNT_OF(numbers) - 1 - i]);
    }
    CHECK(field, { S("1"), ERR_INVALID }, { S("-1"), ERR_INVALID }, { S("1-"), ERR_INVALID },
          { S("1-2-3"), ERR_INVALID }, { S("A-1"), ERR_INVALID },
          { S("11111111111111111-1"), ERR_INVALID });
}

static void text_is_counted_in_characters(void **state) {
    CHECK(((Field){ .type = FIELD_TEXT, .max_chars = 3 }), { S("文文文"), ERR_OK, 0 },
          { S("文文文文"), ERR_LIMIT }, { S("  文文文  "), ERR_OK, 0 }, { S("a\r\nb"), ERR_OK, 0 },
          { S("\xFF"), ERR_INVALID }, { S("\xED\xA0\x80"), ERR_INVALID },
          { S("a\0b"), ERR_INVALID }, { S("a\x1B"), ERR_INVALID }, { S("a\xC2\x85"), ERR_INVALID });
    CHECK(((Field){ .type = FIELD_LINE, .max_chars = 3 }), { S("abc"), ERR_OK, 0 },
          { S("abcd"), ERR_LIMIT }, { S("a\nb"), ERR_INVALID }, { S("a\tb"), ERR_INVALID },
          { S("a\rb"), ERR_INVALID });
}

static void defaults_bound_text_and_line(void **state) {
    Arena *arena = *state;
    FieldValue value;
    const struct {
        FieldType type;
        size_t most;
    } cases[] = { { FIELD_LINE, FIELD_LINE_CHARS },
                  { FIELD_SECRET, FIELD_LINE_CHARS },
                  { FIELD_WORD, FIELD_LINE_CHARS },
                  { FIELD_TEXT, FIELD_TEXT_CHARS } };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Field field = { "f", cases[i].type, IN_BODY };
        char *text = arena_alloc(arena, cases[i].most + 1);
        memset(text, 'a', cases[i].most + 1);
        assert_int_equal(read_as(arena, &field, (Str){ text, cases[i].most }, &value), ERR_OK);
        assert_int_equal(read_as(arena, &field, (Str){ text, cases[i].most + 1 }, &value),
                         ERR_LIMIT);
    }
}

static void texts_are_trimmed_secrets_are_not(void **state) {
    Field text = { "f", FIELD_TEXT, IN_BODY }, secret = { "f", FIELD_SECRET, IN_BODY };
    FieldValue value;

    assert_int_equal(read_as(*state, &text, S(" a\r\n b\rc \r\n"), &value), ERR_OK);
    assert_str(value.text, S("a\n b\nc"));
    assert_int_equal(read_as(*state, &secret, S(" p "), &value), ERR_OK);
    assert_str(value.text, S(" p "));
    assert_int_equal(read_as(*state, &secret, S("a\nb"), &value), ERR_INVALID);
}

static void an_empty_value_is_absent_but_in_texts(void **state) {
    FieldValue value;

    for (int type = FIELD_ID; type <= FIELD_FILE; type++) {
        Field field = { "f", (FieldType)type, IN_BODY, .words = "a" };
        assert_int_equal(read_as(*state, &field, S(""), &value), ERR_OK);
        assert_int_equal(value.is_present, type == FIELD_TEXT || type == FIELD_LINE);
    }
}

static void a_file_is_a_part_with_a_name(void **state) {
    Field field = { "f", FIELD_FILE, IN_BODY, .max = 3 }, text = { "f", FIELD_TEXT, IN_BODY };
    Param file = { .name = S("f"),
                   .value = S("\0\1\2"),
                   .is_file = true,
                   .file_name = S("../a\x01\xFF.png"),
                   .type = S("image/png") };
    FieldValue value;

    assert_int_equal(field_read(*state, &field, &file, &value).code, ERR_OK);
    assert_str(value.upload.bytes, S("\0\1\2"));
    assert_str(value.upload.file_name, S("../a\xEF\xBF\xBD.png")); /* data only, but printable */
    file.value = S("1234");
    assert_int_equal(field_read(*state, &field, &file, &value).code, ERR_LIMIT);
    assert_int_equal(field_read(*state, &text, &file, &value).code, ERR_INVALID);
    assert_int_equal(read_as(*state, &field, S("text"), &value), ERR_INVALID);
    file = (Param){ .name = S("f"), .is_file = true }; /* an untouched input */
    assert_int_equal(field_read(*state, &field, &file, &value).code, ERR_OK);
    assert_false(value.is_present);
    file.file_name = S("empty.txt");
    assert_int_equal(field_read(*state, &field, &file, &value).code, ERR_OK);
    assert_true(value.is_present);
}

static void json_of_a_wrong_type_fits_no_field(void **state) {
    Param raw = { .name = S("f"), .is_wrong = true };
    FieldValue value;

    for (int type = FIELD_ID; type <= FIELD_FILE; type++) {
        Field field = { "f", (FieldType)type, IN_BODY, .words = "a" };
        assert_int_equal(field_read(*state, &field, &raw, &value).code, ERR_INVALID);
    }
}

/* sec_24: the same name twice is refused, in every handler alike. */
static void the_same_name_twice_is_refused(void **state) {
    Field field = { "f", FIELD_LINE, IN_BODY };
    Param raw = { .name = S("f"), .value = S("a") };
    FieldValue value = { 0 };

    assert_int_equal(field_add(*state, &field, &raw, &value).code, ERR_OK);
    raw.value = S("b");
    Err err = field_add(*state, &field, &raw, &value);
    assert_int_equal(err.code, ERR_INVALID);
    assert_string_equal(err.field, "f");
    assert_str(value.text, S("a"));
}

static void an_empty_first_one_counts_as_given(void **state) {
    Field field = { "f", FIELD_ID, IN_BODY };
    Param raw = { .name = S("f") };
    FieldValue value = { 0 };

    assert_int_equal(field_add(*state, &field, &raw, &value).code, ERR_OK);
    raw.value = S("7");
    assert_int_equal(field_add(*state, &field, &raw, &value).code, ERR_INVALID);
}

static void lists_take_several_up_to_their_bound(void **state) {
    Field field = { "f", FIELD_LIST, IN_BODY, .max = 2 };
    Param raw = { .name = S("f"), .value = S(" a ") };
    FieldValue value = { 0 };

    assert_int_equal(field_add(*state, &field, &raw, &value).code, ERR_OK);
    raw.value = S("");
    assert_int_equal(field_add(*state, &field, &raw, &value).code, ERR_OK); /* no item */
    raw.value = S("b");
    assert_int_equal(field_add(*state, &field, &raw, &value).code, ERR_OK);
    assert_int_equal(value.list.len, 2);
    assert_str(value.list.items[0], S("a"));
    assert_str(value.list.items[1], S("b"));
    assert_int_equal(field_add(*state, &field, &raw, &value).code, ERR_LIMIT);
    raw.value = S("a\nb");
    assert_int_equal(field_add(*state, &field, &raw, &value).code, ERR_INVALID);
}

static void what_is_required_must_be_there(void **state) {
    FieldValue nothing = { 0 }, blank = { .is_present = true },
               some = { .is_present = true, .text = S("a") };

    (void)state;
    for (int type = FIELD_ID; type <= FIELD_FILE; type++) {
        Field field = { "f", (FieldType)type, IN_BODY, .is_required = true };
        bool must_hold = type == FIELD_TEXT || type == FIELD_LINE || type == FIELD_LIST;
        assert_int_equal(field_require(&field, &nothing).code, ERR_INVALID);
        assert_int_equal(field_require(&field, &blank).code, must_hold ? ERR_INVALID : ERR_OK);
        if (type != FIELD_LIST)
            assert_int_equal(field_require(&field, &some).code, ERR_OK);
        field.is_required = false;
        assert_int_equal(field_require(&field, &nothing).code, ERR_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(ids_are_positive_numbers_of_19_digits),
        WITH_ARENA(numbers_keep_their_bounds),
        WITH_ARENA(truth_has_six_words),
        WITH_ARENA(a_date_is_a_day_that_was_or_will_be),
        WITH_ARENA(words_are_plain),
        WITH_ARENA(a_choice_is_one_of_its_words),
        WITH_ARENA(cursors_read_what_lists_wrote),
        WITH_ARENA(text_is_counted_in_characters),
        WITH_ARENA(defaults_bound_text_and_line),
        WITH_ARENA(texts_are_trimmed_secrets_are_not),
        WITH_ARENA(an_empty_value_is_absent_but_in_texts),
        WITH_ARENA(a_file_is_a_part_with_a_name),
        WITH_ARENA(json_of_a_wrong_type_fits_no_field),
        WITH_ARENA(the_same_name_twice_is_refused),
        WITH_ARENA(an_empty_first_one_counts_as_given),
        WITH_ARENA(lists_take_several_up_to_their_bound),
        WITH_ARENA(what_is_required_must_be_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
