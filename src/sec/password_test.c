/* sec/password_test.c - passwords: what is stored, who is let in, how many at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>

#include "sec/password.h"

#define CHEAP ((PasswordCost){ 8 << 10, 1 })

static Arena *arena;
static PasswordGate *gate;
static SeededChance seeded;

static int begin(void **state) {
    arena = arena_new(0);
    gate = password_gate_new(arena, PASSWORD_AT_ONCE, PASSWORD_WAITING_MAX);
    chance_seeded(&seeded, 1);
    return 0;
}

static int end(void **state) {
    arena_close(&arena);
    return 0;
}

static Str hashed(Str password) {
    Str encoded = STR_EMPTY;

    assert_int_equal(password_hash(gate, arena, &seeded.chance, CHEAP, password, &encoded).code,
                     ERR_OK);
    return encoded;
}

static bool fits(Str encoded, Str password) {
    bool is_right = false;

    assert_int_equal(password_verify(gate, encoded, password, &is_right).code, ERR_OK);
    return is_right;
}

static void only_the_right_password_fits(void **state) {
    Str encoded = hashed(S("正确的密码"));

    assert_true(fits(encoded, S("正确的密码")));
    assert_false(fits(encoded, S("正确的密码 ")));
    assert_false(fits(encoded, STR_EMPTY));
    assert_true(fits(hashed(S("a\0b")), S("a\0b")));
    assert_false(fits(hashed(S("a\0b")), S("a")));
    assert_false(str_eq(hashed(S("same")), hashed(S("same")))); /* the salt */
}

static void the_text_is_the_one_of_the_argon2_reference(void **state) {
    /*
     * argon2 "password" with salt "somesaltsomesalt", t=2, m=2^16, p=1, 32 bytes, by the reference
     * program's rules.
     */
    assert_true(str_starts(hashed(S("x")), S("$argon2id$v=19$m=8,t=1,p=1$")));
    assert_int_equal(hashed(S("x")).len, S("$argon2id$v=19$m=8,t=1,p=1$").len + 22 + 1 + 43);
}

static void length_has_a_bound(void **state) {
    Str text = { memset(arena_alloc(arena, PASSWORD_BYTES_MAX + 1), 'x', PASSWORD_BYTES_MAX + 1),
                 PASSWORD_BYTES_MAX };
    Str encoded = hashed(text), other = S("unchanged");

    assert_true(fits(encoded, text));
    text.len++;
    assert_false(fits(encoded, text));
    assert_int_equal(password_hash(gate, arena, &seeded.chance, CHEAP, text, &other).code,
                     ERR_LIMIT);
    assert_true(str_eq(other, S("unchanged")));
}

static void nobody_can_be_tried_but_never_fits(void **state) {
    assert_false(fits(PASSWORD_NOBODY, STR_EMPTY));
    assert_true(password_is_current(PASSWORD_NOBODY, PASSWORD_COST));
}

static void unreadable_texts_are_refused(void **state) {
    static const char *const bad[] = {
        "",
        "secret",
        "$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=8,t=1,p=2$c29tZXNhbHRzb21lc2FsdA$"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=999999999,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=7,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=8,t=17,p=1$c29tZXNhbHRzb21lc2FsdA$"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    };
    bool is_right;

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(password_verify(gate, str_from_c(bad[i]), S("x"), &is_right).code,
                         ERR_INVALID);
}

static void another_cost_asks_for_a_new_hash(void **state) {
    Str encoded = hashed(S("x"));

    assert_true(password_is_current(encoded, CHEAP));
    assert_false(password_is_current(encoded, PASSWORD_COST));
    assert_false(password_is_current(S("junk"), CHEAP));
}

typedef struct Crowd {
    PasswordGate *gate;
    Str encoded;
    atomic_int done, busy;
} Crowd;

static void *try_once(void *user) {
    Crowd *crowd = user;
    bool is_right;
    Err err = password_verify(crowd->gate, crowd->encoded, S("x"), &is_right);

    if (err.code == ERR_OK && is_right)
        crowd->done++;
    else if (err.code == ERR_BUSY)
        crowd->busy++;
    return NULL;
}

/*
 * One place, no waiting: of several threads at once some hear "busy", and every one gets an answer.
 */
static void a_full_gate_says_busy(void **state) {
    Crowd crowd = { .gate = password_gate_new(arena, 1, 0) };
    pthread_t threads[8];

    assert_int_equal(password_hash(gate, arena, &seeded.chance, (PasswordCost){ 32 << 20, 2 },
                                   S("x"), &crowd.encoded)
                         .code,
                     ERR_OK);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, try_once, &crowd), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(crowd.done + crowd.busy, COUNT_OF(threads));
    assert_true(crowd.done >= 1);
    assert_true(crowd.busy >= 1);
    assert_true(fits(crowd.encoded, S("x"))); /* and the gate is open again */
}

static void those_who_wait_get_their_turn(void **state) {
    Crowd crowd = { .gate = gate, .encoded = hashed(S("x")) };
    pthread_t threads[32];

    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, try_once, &crowd), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(crowd.done, COUNT_OF(threads));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(only_the_right_password_fits), TEST(the_text_is_the_one_of_the_argon2_reference),
        TEST(length_has_a_bound),           TEST(nobody_can_be_tried_but_never_fits),
        TEST(unreadable_texts_are_refused), TEST(another_cost_asks_for_a_new_hash),
        TEST(a_full_gate_says_busy),        TEST(those_who_wait_get_their_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
