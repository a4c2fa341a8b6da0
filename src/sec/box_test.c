/* sec/box_test.c - what is wrapped opens for its row and its key only; the key as a text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sec/box.h"

static Arena *arena;
static SeededChance seeded;

static int begin(void **state) {
    (void)state;
    arena = arena_new(0);
    chance_seeded(&seeded, 7);
    return 0;
}

static int end(void **state) {
    (void)state;
    arena_close(&arena);
    return 0;
}

static void what_is_wrapped_opens_for_its_row(void **state) {
    static const size_t lengths[] = { 0, 1, 20, 63, 64, 65, 5000 };
    BoxKey key = box_key_new(&seeded.chance, 3);

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        Str secret = { memset(arena_alloc(arena, 5000), 's', 5000), lengths[i] }, opened;
        Str sealed = box_seal(arena, &seeded.chance, &key, S("factor"), 7, secret);
        assert_int_equal(sealed.len, lengths[i] + BOX_MORE_BYTES);
        assert_memory_equal(sealed.ptr, "\0\0\0\3", BOX_NUMBER_BYTES);
        assert_int_equal(box_open(arena, &key, S("factor"), 7, sealed, &opened).code, ERR_OK);
        assert_true(str_eq(opened, secret));
    }
}

static void the_same_secret_is_never_wrapped_alike(void **state) {
    BoxKey key = box_key_new(&seeded.chance, 1);
    Str a = box_seal(arena, &seeded.chance, &key, S("factor"), 7, S("a secret"));
    Str b = box_seal(arena, &seeded.chance, &key, S("factor"), 7, S("a secret"));

    (void)state;
    assert_false(str_eq(a, b));
    assert_false(str_contains(a, S("a secret")) || str_contains(b, S("secret")));
}

/* sec_56: key number in front, the row's table and id as associated data. */
static void sec_56_nothing_opens_for_another_row_or_key(void **state) {
    BoxKey key = box_key_new(&seeded.chance, 1), other = box_key_new(&seeded.chance, 1), next = key;
    Str sealed = box_seal(arena, &seeded.chance, &key, S("factor"), 7, S("a secret"));
    Str opened = S("untouched");

    (void)state;
    next.number = 2;
    assert_int_equal(box_open(arena, &key, S("factor"), 8, sealed, &opened).code, ERR_IO);
    assert_int_equal(box_open(arena, &key, S("actor"), 7, sealed, &opened).code, ERR_IO);
    assert_int_equal(box_open(arena, &other, S("factor"), 7, sealed, &opened).code, ERR_IO);
    assert_int_equal(box_open(arena, &next, S("factor"), 7, sealed, &opened).code, ERR_IO);
    assert_int_equal(box_open(arena, &(BoxKey){ 0 }, S("factor"), 7, sealed, &opened).code, ERR_IO);
    for (size_t i = 0; i < sealed.len; i++) {
        char *bent = memcpy(arena_alloc(arena, sealed.len), sealed.ptr, sealed.len);

        bent[i] = (char)(bent[i] ^ 1);
        assert_int_equal(
            box_open(arena, &key, S("factor"), 7, (Str){ bent, sealed.len }, &opened).code, ERR_IO);
        assert_int_equal(
            box_open(arena, &key, S("factor"), 7, str_slice(sealed, 0, i), &opened).code, ERR_IO);
    }
    assert_true(str_eq(opened, S("untouched")));
}

static void a_key_is_read_as_it_was_printed(void **state) {
    BoxKey key = box_key_new(&seeded.chance, 4000000000u), read = { 0 };
    Str text = box_key_print(arena, &key);

    (void)state;
    assert_int_equal(box_key_parse(arena, text, &read).code, ERR_OK);
    assert_memory_equal(&read, &key, sizeof key);
    box_forget(&read);
    assert_true(read.number == 0 && read.bytes[0] == 0 && read.bytes[BOX_KEY_BYTES - 1] == 0);
}

static void other_texts_are_no_keys(void **state) {
    static const char *const texts[] = {
        "",
        "liandong-box-key/v1\n",
        "liandong-box-key/v1\n1\n",
        "liandong-box-key/v1\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "liandong-box-key/v2\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "liandong-box-key/v1\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "liandong-box-key/v1\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "liandong-box-key/v1\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "liandong-box-key/v1\n4294967296\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "liandong-box-key/v1\n1\nAAAA\n",
        "liandong-box-key/v1\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nmore\n",
    };
    BoxKey key = { .number = 9 };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (i != 3) /* the last line end may be missing */
            assert_int_equal(box_key_parse(arena, str_from_c(texts[i]), &key).code, ERR_INVALID);
    assert_int_equal(key.number, 9);
    assert_int_equal(box_key_parse(arena, str_from_c(texts[3]), &key).code, ERR_OK);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(what_is_wrapped_opens_for_its_row),
        TEST(the_same_secret_is_never_wrapped_alike),
        TEST(sec_56_nothing_opens_for_another_row_or_key),
        TEST(a_key_is_read_as_it_was_printed),
        TEST(other_texts_are_no_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
