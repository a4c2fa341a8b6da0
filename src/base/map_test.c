/* base/map_test.c - the hash table keeps what it was given, in order. */
#include "base/map.h"

#include "base/test_support.h"

static Str key_of(Arena *arena, int i) {
    return str_format(arena, "key %d", i);
}

static void finds_what_was_set_and_nothing_else(void **state) {
    Map map = map_new(*state);
    int *values = arena_array(*state, 5000, sizeof *values);

    assert_null(map_get(&map, S("a")));
    map_remove(&map, S("a"));
    for (int i = 0; i < 5000; i++)
        map_set(&map, key_of(*state, i), &values[i]);
    for (int i = 0; i < 5000; i++)
        assert_ptr_equal(map_get(&map, key_of(*state, i)), &values[i]);
    assert_null(map_get(&map, S("key 5000")));
    assert_null(map_get(&map, STR_EMPTY));
    assert_int_equal(map.len, 5000);
}

static void setting_again_replaces_in_place(void **state) {
    Map map = map_new(*state);
    int one, two, three;

    map_set(&map, S("a"), &one);
    map_set(&map, STR_EMPTY, &two);
    map_set(&map, S("a"), &three);
    assert_ptr_equal(map_get(&map, S("a")), &three);
    assert_ptr_equal(map_get(&map, STR_EMPTY), &two);
    assert_int_equal(map.len, 2);
    assert_str(map.items[0].key, S("a"));
}

static void a_removed_key_is_gone_and_comes_back_last(void **state) {
    Map map = map_new(*state);
    int one, two;

    map_set(&map, S("a"), &one);
    map_set(&map, S("b"), &two);
    map_remove(&map, S("a"));
    assert_null(map_get(&map, S("a")));
    assert_null(map.items[0].value);
    assert_ptr_equal(map_get(&map, S("b")), &two);
    map_set(&map, S("a"), &two);
    assert_str(map.items[map.len - 1].key, S("a"));
    assert_ptr_equal(map_get(&map, S("a")), &two);
}

static void keys_that_come_and_go_do_not_grow_it(void **state) {
    Map map = map_new(*state);
    int one;

    map_set(&map, S("stays"), &one);
    for (int i = 0; i < 100000; i++) {
        Str key = i % 2 == 0 ? S("x") : S("y");

        map_set(&map, key, &one);
        map_remove(&map, key);
    }
    assert_int_equal(map.cap, 8);
    assert_ptr_equal(map_get(&map, S("stays")), &one);
    assert_null(map_get(&map, S("x")));
}

static void the_hash_depends_on_text_and_seed(void **state) {
    assert_int_equal(map_hash(S("abc"), 1), map_hash(S("abc"), 1));
    assert_int_not_equal(map_hash(S("abc"), 1), map_hash(S("abc"), 2));
    assert_int_not_equal(map_hash(S("abc"), 1), map_hash(S("abd"), 1));
    assert_int_not_equal(map_hash((Str){ "\0", 1 }, 1), map_hash((Str){ "\0\0", 2 }, 1));
    assert_int_not_equal(map_hash(S("12345678"), 1), map_hash(S("123456789"), 1));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(finds_what_was_set_and_nothing_else),
        WITH_ARENA(setting_again_replaces_in_place),
        WITH_ARENA(a_removed_key_is_gone_and_comes_back_last),
        WITH_ARENA(keys_that_come_and_go_do_not_grow_it),
        cmocka_unit_test(the_hash_depends_on_text_and_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
