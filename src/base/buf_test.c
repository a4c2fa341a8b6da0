/* base/buf_test.c - a buffer grows to its limit, and what does not fit shows. */
#include "base/buf.h"

#include "base/test_support.h"

static void pieces_follow_one_another(void **state) {
    Buf buf = buf_new(*state, 0);

    buf_add(&buf, S("a"));
    buf_add(&buf, STR_EMPTY);
    buf_add_char(&buf, 'b');
    buf_add_int(&buf, INT64_MIN);
    buf_add_int(&buf, 0);
    buf_add_format(&buf, "[%s]", "c");
    buf_add_format(&buf, "%s", "");
    buf_add_rune(&buf, 0x8054);
    buf_add_rune(&buf, 0xD800);
    assert_str(buf_str(&buf), S("ab-92233720368547758080[c]联\uFFFD"));
    assert_int_equal(buf_check(&buf).code, ERR_OK);
    buf_truncate(&buf, 2);
    buf_truncate(&buf, 99);
    assert_str(buf_str(&buf), S("ab"));
}

static void the_five_characters_become_entities(void **state) {
    Buf buf = buf_new(*state, 0);

    buf_add_html(&buf, S("<a href=\"x\">'&联</a>"));
    buf_add_html(&buf, STR_EMPTY);
    assert_str(buf_str(&buf), S("&lt;a href=&quot;x&quot;&gt;&#39;&amp;联&lt;/a&gt;"));
}

static void grows_to_its_limit_and_not_beyond(void **state) {
    Buf buf = buf_new(*state, 1000);

    for (int i = 0; i < 1000; i++)
        buf_add_char(&buf, 'x');
    assert_int_equal(buf_check(&buf).code, ERR_OK);
    assert_int_equal(buf_str(&buf).len, 1000);
    buf_add_char(&buf, 'y');
    Err err = buf_check(&buf);
    assert_int_equal(err.code, ERR_LIMIT);
    assert_null(err.field);
    assert_non_null(err.msgid);
    assert_int_equal(buf_str(&buf).len, 1000);
}

static void a_format_may_fill_the_buffer_to_its_last_byte(void **state) {
    Buf buf = buf_new(*state, 300);

    for (int i = 0; i < 50; i++)
        buf_add_format(&buf, "%s-%d;", "abc", i % 10); /* 6 bytes each */
    assert_int_equal(buf_check(&buf).code, ERR_OK);
    assert_int_equal(buf_str(&buf).len, 300);
    assert_int_equal(str_find_char(buf_str(&buf), 0, 0), SIZE_MAX);
    buf_add_format(&buf, "%d", 1);
    assert_int_equal(buf_check(&buf).code, ERR_LIMIT);
}

static void what_follows_a_dropped_piece_is_dropped_too(void **state) {
    Buf buf = buf_new(*state, 4);

    buf_add(&buf, S("abc"));
    buf_add(&buf, S("de"));
    buf_add(&buf, S("f"));
    buf_truncate(&buf, 0);
    buf_add(&buf, S("g"));
    assert_str(buf_str(&buf), STR_EMPTY);
    assert_int_equal(buf_check(&buf).code, ERR_LIMIT);
}

static void no_limit_means_the_budget_of_the_arena(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(10);
    Buf buf = buf_new(arena, 0);

    buf_add(&buf, S("0123456789"));
    assert_int_equal(buf_check(&buf).code, ERR_OK);
    buf_add(&buf, S("a"));
    assert_int_equal(buf_check(&buf).code, ERR_LIMIT);
    assert_int_equal(buf_new(*state, 0).limit_bytes, SIZE_MAX);
}

static void reserved_room_is_used_before_more_is_taken(void **state) {
    Buf buf = buf_new(*state, 1000);

    buf_add(&buf, S("ab"));
    buf_reserve(&buf, 600);
    assert_int_equal(buf.cap, 602);
    char *at = buf.ptr;
    for (int i = 0; i < 600; i++)
        buf_add_char(&buf, 'c');
    assert_ptr_equal(buf.ptr, at);
    buf_reserve(&buf, 0);
    buf_reserve(&buf, 399); /* more than the limit leaves */
    assert_int_equal(buf.cap, 602);
    assert_int_equal(buf_check(&buf).code, ERR_OK);
    assert_true(str_starts(buf_str(&buf), S("abccc")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(pieces_follow_one_another),
        WITH_ARENA(the_five_characters_become_entities),
        WITH_ARENA(grows_to_its_limit_and_not_beyond),
        WITH_ARENA(a_format_may_fill_the_buffer_to_its_last_byte),
        WITH_ARENA(what_follows_a_dropped_piece_is_dropped_too),
        WITH_ARENA(no_limit_means_the_budget_of_the_arena),
        WITH_ARENA(reserved_room_is_used_before_more_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
