/* sec/sign_test.c - Ed25519: published vectors, and what must never verify. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sec/hash.h"
#include "sec/sign.h"
#include "text/json_read.h"
#include "text/suite.h"

static Arena *arena;

static int begin(void **state) {
    arena = arena_new(0);
    return 0;
}

static int end(void **state) {
    arena_close(&arena);
    return 0;
}

static Str bytes_of(const char *hex) {
    Str bytes = STR_EMPTY;

    assert_int_equal(hex_decode(arena, str_from_c(hex), &bytes).code, ERR_OK);
    return bytes;
}

static Str signature_str(const Signature *signature) {
    return (Str){ (const char *)signature->bytes, SIGN_BYTES };
}

/* RFC 8032, 7.1, test 2 */
static void signs_as_rfc_8032_does(void **state) {
    Str seed = bytes_of("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    SignKey key = sign_key_from_seed((const uint8_t *)seed.ptr);

    assert_memory_equal(
        key.public.bytes,
        bytes_of("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c").ptr, 32);
    Signature signature = sign_message(&key, S("\x72"));
    assert_memory_equal(signature.bytes,
                        bytes_of("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                                 "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
                            .ptr,
                        SIGN_BYTES);
    assert_true(sign_verify(&key.public, S("\x72"), signature_str(&signature)));
}

static void any_change_is_noticed(void **state) {
    SeededChance seeded;

    chance_seeded(&seeded, 3);
    SignKey key = sign_key_new(&seeded.chance), other = sign_key_new(&seeded.chance);
    Signature signature = sign_message(&key, S("联动"));

    assert_true(sign_verify(&key.public, S("联动"), signature_str(&signature)));
    assert_false(sign_verify(&key.public, S("联动 "), signature_str(&signature)));
    assert_false(sign_verify(&other.public, S("联动"), signature_str(&signature)));
    assert_false(sign_verify(&key.public, S("联动"), str_slice(signature_str(&signature), 0, 63)));
    assert_false(sign_verify(&key.public, S("联动"), STR_EMPTY));
    for (size_t bit = 0; bit < SIGN_BYTES * 8; bit++) {
        Signature changed = signature;

        changed.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(sign_verify(&key.public, S("联动"), signature_str(&changed)));
    }
    sign_forget(&key);
    assert_int_equal(key.seed[0] | key.seed[31], 0);
}

/* The same signature with S + L (RFC 8032, 5.1.7: S must be below L). */
static void a_second_spelling_of_s_is_refused(void **state) {
    static const uint8_t order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
                                       0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };
    SeededChance seeded;
    unsigned carry = 0;

    chance_seeded(&seeded, 4);
    SignKey key = sign_key_new(&seeded.chance);
    Signature signature = sign_message(&key, S("x"));
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)signature.bytes[32 + i] + order[i];
        signature.bytes[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_false(sign_verify(&key.public, S("x"), signature_str(&signature)));
}

/* Keys of small order sign everything: R = key, S = 0 would verify by the bare equation. */
static void keys_of_small_order_are_refused(void **state) {
    static const char *const keys[] = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "0100000000000000000000000000000000000000000000000000000000000080",
    };

    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        SignPublic key;
        Signature signature = { 0 };

        memcpy(key.bytes, bytes_of(keys[i]).ptr, SIGN_PUBLIC_BYTES);
        assert_false(sign_verify(&key, S("x"), signature_str(&signature)));
        memcpy(signature.bytes, key.bytes, 32);
        assert_false(sign_verify(&key, S("x"), signature_str(&signature)));
        signature.bytes[0] = 1; /* the neutral element as R */
        memset(signature.bytes + 1, 0, 31);
        assert_false(sign_verify(&key, S("x"), signature_str(&signature)));
    }
}

static void follows_the_wycheproof_vectors(void **state) {
    Json *suite;
    size_t valid = 0, refused = 0;

    if (!suite_is_here("wycheproof ed25519", 75))
        return;
    Str text = suite_read(arena, "conformance/wycheproof/ed25519_test.json", "");
    assert_int_equal(json_read(arena, text, 16, &suite).code, ERR_OK);
    Json *groups = json_get(suite, "testGroups");
    for (size_t g = 0; g < groups->array.len; g++) {
        Json *group = groups->array.items[g], *tests = json_get(group, "tests");
        Str pk = json_get_text(json_get(group, "publicKey"), "pk"), message, signature;
        SignPublic key;

        assert_int_equal(hex_decode(arena, pk, &pk).code, ERR_OK);
        assert_int_equal(pk.len, SIGN_PUBLIC_BYTES);
        memcpy(key.bytes, pk.ptr, SIGN_PUBLIC_BYTES);
        for (size_t i = 0; i < tests->array.len; i++) {
            Json *item = tests->array.items[i];

            assert_int_equal(hex_decode(arena, json_get_text(item, "msg"), &message).code, ERR_OK);
            assert_int_equal(hex_decode(arena, json_get_text(item, "sig"), &signature).code,
                             ERR_OK);
            bool is_valid = sign_verify(&key, message, signature);
            if (is_valid != str_eq(json_get_text(item, "result"), S("valid")))
                fail_msg("wycheproof case %d", (int)json_get(item, "tcId")->integer);
            is_valid ? valid++ : refused++;
        }
    }
    printf("wycheproof ed25519: %zu cases valid, %zu refused\n", valid, refused);
    assert_true(valid > 0 && refused > 0);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(signs_as_rfc_8032_does),
        TEST(any_change_is_noticed),
        TEST(a_second_spelling_of_s_is_refused),
        TEST(keys_of_small_order_are_refused),
        TEST(follows_the_wycheproof_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
