/* base/arena_test.c - pieces are zeroed, apart, counted, and end with their arena. */
#include "base/arena.h"

#include "base/test_support.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define IS_POISONED(ptr) (__asan_address_is_poisoned(ptr) != 0)
#else
#define IS_POISONED(ptr) ((void)(ptr), true) /* only that sanitizer can tell */
#endif

static void pieces_are_zeroed_aligned_and_apart(void **state) {
    Arena *arena = *state;
    char *pieces[200];

    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        pieces[i] = arena_alloc(arena, i);
        assert_int_equal((uintptr_t)pieces[i] % 16, 0);
        for (size_t at = 0; at < i; at++)
            assert_int_equal(pieces[i][at], 0);
        memset(pieces[i], (int)i, i);
    }
    for (size_t i = 1; i < COUNT_OF(pieces); i++) {
        assert_int_equal((unsigned char)pieces[i][0], i);
        assert_int_equal((unsigned char)pieces[i][i - 1], i);
    }
}

static void a_piece_of_no_bytes_is_not_null(void **state) {
    assert_non_null(arena_alloc(*state, 0));
    assert_non_null(arena_array(*state, 0, 8));
    assert_non_null(arena_copy(*state, NULL, 0));
}

static void counts_the_bytes_asked_for(void **state) {
    Arena *arena = *state;

    assert_int_equal(arena_used(arena), 0);
    arena_alloc(arena, 3);
    char *piece = arena_alloc(arena, 10);
    assert_int_equal(arena_used(arena), 13);
    arena_grow(arena, piece, 10, 20);
    assert_int_equal(arena_used(arena), 23);
    arena_array(arena, 7, 100);
    assert_int_equal(arena_used(arena), 723);
}

static void is_over_only_beyond_the_budget(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(100);

    assert_int_equal(arena_budget(arena), 100);
    arena_alloc(arena, 100);
    assert_false(arena_is_over(arena));
    assert_non_null(arena_alloc(arena, 1));
    assert_true(arena_is_over(arena));
    arena_reset(arena, 0);
    assert_false(arena_is_over(arena));
}

static void without_a_budget_it_is_never_over(void **state) {
    arena_alloc(*state, 10 << 20);
    assert_false(arena_is_over(*state));
}

static void the_newest_piece_grows_in_place(void **state) {
    Arena *arena = *state;
    char *piece = arena_alloc(arena, 5);

    memcpy(piece, "hello", 5);
    char *grown = arena_grow(arena, piece, 5, 40);
    assert_ptr_equal(grown, piece);
    assert_memory_equal(grown, "hello\0\0", 7);
    assert_int_equal(grown[39], 0);
    assert_ptr_equal(arena_grow(arena, grown, 40, 40), grown);
}

static void an_older_piece_is_copied(void **state) {
    Arena *arena = *state;
    char *piece = arena_copy(arena, "hello", 5);

    arena_alloc(arena, 1);
    char *grown = arena_grow(arena, piece, 5, 8);
    assert_ptr_not_equal(grown, piece);
    assert_memory_equal(grown, "hello\0\0\0", 8);
}

static void nothing_grows_into_something(void **state) {
    char *piece = arena_grow(*state, NULL, 0, 3);

    assert_memory_equal(piece, "\0\0\0", 3);
}

static void grows_past_its_block_with_its_content(void **state) {
    size_t len = 1;
    char *piece = arena_copy(*state, "x", 1);

    for (; len < 3u << 20; len *= 2) {
        piece = arena_grow(*state, piece, len, len * 2);
        assert_int_equal(piece[len - 1], 'x');
        assert_int_equal(piece[len], 0);
        memset(piece, 'x', len * 2);
    }
}

static void after_a_reset_pieces_are_zeroed_again(void **state) {
    Arena *arena = *state;

    for (int round = 0; round < 5; round++) {
        for (size_t i = 0; i < 50; i++) {
            char *piece = arena_alloc(arena, 3000);

            for (size_t at = 0; at < 3000; at++)
                assert_int_equal(piece[at], 0);
            memset(piece, 0xAA, 3000);
        }
        arena_reset(arena, round % 2 == 0 ? 1 << 20 : 0);
        assert_int_equal(arena_used(arena), 0);
    }
}

static void a_large_piece_leaves_the_rest_of_a_block_in_use(void **state) {
    Arena *arena = *state;
    char *small = arena_alloc(arena, 16), *large = arena_alloc(arena, 1 << 20);
    char *next = arena_alloc(arena, 16);

    assert_true(next > small && next - small < 100);
    memset(large, 'x', 1 << 20);
    char *grown = arena_grow(arena, large, 1 << 20, 2 << 20);
    assert_int_equal(grown[(1 << 20) - 1], 'x');
    assert_int_equal(grown[1 << 20], 0);
}

static void an_overrun_is_seen(void **state) {
    Arena *arena = *state;
    char *first = arena_alloc(arena, 16), *second = arena_alloc(arena, 5);

    assert_true(IS_POISONED(first + 16));
    assert_true(IS_POISONED(second + 5));
    arena_grow(arena, first, 16, 64);
    assert_true(IS_POISONED(first));
    arena_reset(arena, 1 << 20);
    assert_true(IS_POISONED(second));
}

static void wrap(const void *data) {
    arena_array(*(Arena *const *)data, SIZE_MAX / 2, 3);
}

static void ask_for_all(const void *data) {
    arena_alloc(*(Arena *const *)data, SIZE_MAX - 8);
}

static void a_size_that_wraps_ends_the_process_with_70_and_one_line(void **state) {
    Str text;

    assert_int_equal(test_in_child(*state, wrap, state, &text), 70);
    assert_true(str_contains(text, S(" error fatal what=\"no memory left\"")));
    assert_int_equal(str_find_char(text, '\n', 0), text.len - 1);
    assert_int_equal(test_in_child(*state, ask_for_all, state, &text), 70);
}

/* Runs this very program again, for the variable is read once per process. */
static void run_at(const void *data) {
    setenv("LIANDONG_FAIL_ARENA", data, 1);
    setenv("LIANDONG_TEST_GROW", "1", 1);
    execl("/proc/self/exe", "arena_test", (char *)NULL);
}

static void a_large_piece_grows_without_leaving_its_old_bytes_behind(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    char *beside = arena_copy(arena, "small", 5);
    size_t bytes = 1 << 20;
    char *large = arena_copy(arena, memset(arena_alloc(arena, bytes), 'x', bytes), bytes);
    size_t before = arena_used(arena);

    large = arena_grow(arena, large, bytes, bytes * 2);
    large = arena_grow(arena, large, bytes * 2, bytes * 4);
    assert_int_equal(arena_used(arena), before + bytes * 3);
    assert_int_equal(large[bytes - 1], 'x');
    assert_int_equal(large[bytes], 0);
    assert_int_equal(large[bytes * 4 - 1], 0);
    assert_memory_equal(beside, "small", 5);
    assert_memory_equal(arena_copy(arena, "after", 5), "after", 5);
}

static void the_hook_ends_the_process_at_the_growth_it_names(void **state) {
    Str text;

    assert_int_equal(test_in_child(*state, run_at, "1", &text), 70);
    assert_true(str_contains(text, S("LIANDONG_FAIL_ARENA")));
    assert_int_equal(test_in_child(*state, run_at, "3", &text), 70);
    assert_int_equal(test_in_child(*state, run_at, "4", &text), 0);
    assert_int_equal(test_in_child(*state, run_at, "0", &text), 0);
    assert_int_equal(test_in_child(*state, run_at, "x", &text), 0);
}

/* Takes memory from the system three times: the arena, its first block, a larger one. */
static int grow_thrice(void) {
    Arena *arena = arena_new(0);

    arena_alloc(arena, 1);
    arena_alloc(arena, 1 << 20);
    arena_free(arena);
    return 0;
}

static void freeing_nothing_is_allowed(void **state) {
    Arena *none = NULL;

    arena_free(NULL);
    arena_close(&none);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(pieces_are_zeroed_aligned_and_apart),
        WITH_ARENA(a_piece_of_no_bytes_is_not_null),
        WITH_ARENA(counts_the_bytes_asked_for),
        cmocka_unit_test(is_over_only_beyond_the_budget),
        WITH_ARENA(without_a_budget_it_is_never_over),
        WITH_ARENA(the_newest_piece_grows_in_place),
        WITH_ARENA(an_older_piece_is_copied),
        WITH_ARENA(nothing_grows_into_something),
        WITH_ARENA(grows_past_its_block_with_its_content),
        WITH_ARENA(after_a_reset_pieces_are_zeroed_again),
        WITH_ARENA(a_large_piece_leaves_the_rest_of_a_block_in_use),
        WITH_ARENA(an_overrun_is_seen),
        WITH_ARENA(a_size_that_wraps_ends_the_process_with_70_and_one_line),
        WITH_ARENA(a_large_piece_grows_without_leaving_its_old_bytes_behind),
        WITH_ARENA(the_hook_ends_the_process_at_the_growth_it_names),
        cmocka_unit_test(freeing_nothing_is_allowed),
    };
    return getenv("LIANDONG_TEST_GROW") ? grow_thrice() : cmocka_run_group_tests(tests, NULL, NULL);
}
