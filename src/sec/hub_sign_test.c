/* sec/hub_sign_test.c - RFC 4231's vectors as a hub would send them, and what is not believed. */
#include "sec/hub_sign.h"

#include "base/test_support.h"

/* RFC 4231, 4.3 and 4.7 (a key longer than a block). */
static const char SHA256[] = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
static const char SHA384[] = "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
                             "8e2240ca5e69e2c78b3239ecfab21649";
static const char SHA512[] = "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                             "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737";
static const char LONG_384[] = "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"
                               "0c2ef6ab4030fe8296248df163f44952";
#define KEY S("Jefe")
#define BODY S("what do ya want for nothing?")

static HubSign check(Arena *arena, const char *method, const char *hex) {
    return hub_sign_check(arena, KEY, BODY, str_format(arena, "%s=%s", method, hex));
}

static void the_published_vectors_are_good(void **state) {
    Arena *arena = arena_new(0);
    char key[131];

    (void)state;
    memset(key, 0xaa, sizeof key);
    assert_int_equal(check(arena, "sha256", SHA256), HUB_SIGN_GOOD);
    assert_int_equal(check(arena, "sha384", SHA384), HUB_SIGN_GOOD);
    assert_int_equal(check(arena, "SHA512", SHA512), HUB_SIGN_GOOD);
    assert_int_equal(hub_sign_check(arena, (Str){ key, sizeof key },
                                    S("Test Using Larger Than Block-Size Key - Hash Key First"),
                                    str_format(arena, "sha384=%s", LONG_384)),
                     HUB_SIGN_GOOD);
    arena_free(arena);
}

static void what_is_not_signed_so_is_not_believed(void **state) {
    Arena *arena = arena_new(0);
    char twisted[sizeof SHA256];

    (void)state;
    memcpy(twisted, SHA256, sizeof twisted);
    twisted[63] = '4';
    assert_int_equal(check(arena, "sha256", twisted), HUB_SIGN_FORGED);
    assert_int_equal(check(arena, "sha256", SHA384), HUB_SIGN_FORGED);
    assert_int_equal(check(arena, "sha384", SHA256), HUB_SIGN_FORGED);
    assert_int_equal(check(arena, "sha256", ""), HUB_SIGN_FORGED);
    assert_int_equal(check(arena, "sha256", "zz"), HUB_SIGN_FORGED);
    assert_int_equal(check(arena, "sha1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
                     HUB_SIGN_WEAK);
    assert_int_equal(check(arena, "md5", SHA256), HUB_SIGN_WEAK);
    assert_int_equal(hub_sign_check(arena, KEY, BODY, STR_EMPTY), HUB_SIGN_NONE);
    assert_int_equal(hub_sign_check(arena, KEY, BODY, S("  ")), HUB_SIGN_NONE);
    assert_int_equal(hub_sign_check(arena, KEY, BODY, str_from_c(SHA256)), HUB_SIGN_WEAK);
    assert_int_equal(
        hub_sign_check(arena, S("other"), BODY, str_format(arena, "sha256=%s", SHA256)),
        HUB_SIGN_FORGED);
    assert_int_equal(hub_sign_check(arena, KEY, S("other"), str_format(arena, "sha512=%s", SHA512)),
                     HUB_SIGN_FORGED);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_vectors_are_good),
        cmocka_unit_test(what_is_not_signed_so_is_not_believed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
