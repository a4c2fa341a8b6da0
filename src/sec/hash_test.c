/* sec/hash_test.c - hashes against published values, texts of bytes both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "sec/hash.h"
#include "text/json_read.h"
#include "text/suite.h"

static Arena *arena;

static int make_arena(void **state) {
    arena = arena_new(0);
    return 0;
}

static int free_arena(void **state) {
    arena_close(&arena);
    return 0;
}

static void assert_hash(Hash hash, const char *hex) {
    assert_string_equal(str_to_c(arena, hex_encode(arena, hash_str(&hash))), hex);
}

static void sha256_gives_the_values_of_fips_180(void **state) {
    assert_hash(hash_sha256(STR_EMPTY),
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_hash(hash_sha256(S("abc")),
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void a_stream_gives_what_the_whole_gives(void **state) {
    Str whole = { arena_alloc(arena, 1000), 1000 };

    for (size_t cut = 0; cut <= 200; cut++) {
        HashStream stream;
        Hash once = hash_sha256(whole);

        hash_start(&stream);
        hash_add(&stream, str_slice(whole, 0, cut));
        hash_add(&stream, STR_EMPTY);
        hash_add(&stream, str_slice(whole, cut, 1000));
        Hash parts = hash_end(&stream);
        assert_true(hash_eq(&once, &parts));
    }
}

static void hmac_gives_the_values_of_rfc_4231(void **state) {
    assert_hash(hash_hmac(S("Jefe"), S("what do ya want for nothing?")),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    char key[131];
    memset(key, 0xAA, sizeof key);
    assert_hash(hash_hmac((Str){ key, sizeof key },
                          S("Test Using Larger Than Block-Size Key - Hash Key First")),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* RFC 4648, 10 */
static void texts_are_those_of_rfc_4648(void **state) {
    assert_true(str_eq(base64_encode(arena, STR_EMPTY), S("")));
    assert_true(str_eq(base64_encode(arena, S("f")), S("Zg==")));
    assert_true(str_eq(base64_encode(arena, S("foobar")), S("Zm9vYmFy")));
    assert_true(str_eq(base64_encode(arena, S("\xfb\xff")), S("+/8=")));
    assert_true(str_eq(base64url_encode(arena, S("\xfb\xff")), S("-_8")));
    assert_true(str_eq(base32_encode(arena, STR_EMPTY), S("")));
    assert_true(str_eq(base32_encode(arena, S("f")), S("my")));
    assert_true(str_eq(base32_encode(arena, S("fo")), S("mzxq")));
    assert_true(str_eq(base32_encode(arena, S("foo")), S("mzxw6")));
    assert_true(str_eq(base32_encode(arena, S("foob")), S("mzxw6yq")));
    assert_true(str_eq(base32_encode(arena, S("fooba")), S("mzxw6ytb")));
    assert_true(str_eq(hex_encode(arena, S("\x00\xffz")), S("00ff7a")));
}

static void every_length_comes_back(void **state) {
    char bytes[70];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 37 + 200);
    for (size_t len = 0; len <= sizeof bytes; len++) {
        Str whole = { bytes, len }, back;

        assert_int_equal(hex_decode(arena, hex_encode(arena, whole), &back).code, ERR_OK);
        assert_true(str_eq(back, whole));
        assert_int_equal(base64_decode(arena, base64_encode(arena, whole), &back).code, ERR_OK);
        assert_true(str_eq(back, whole));
        assert_int_equal(base64url_decode(arena, base64url_encode(arena, whole), &back).code,
                         ERR_OK);
        assert_true(str_eq(back, whole));
    }
}

static void other_spellings_are_refused(void **state) {
    static const char *const bad64[] = { "Zg",
                                         "Zg=",
                                         "Zh==",
                                         "Zg===",
                                         "Zg==\n",
                                         " Zg==",
                                         "Z g=",
                                         "Zm9v=",
                                         "na\xe2\x80\x94\x61"
                                         "AAA",
                                         "\xda"
                                         "AAA",
                                         "-_8=",
                                         "=" };
    static const char *const bad_url[] = { "Zg==", "Zh", "+/8", "Zg ", "Z" };
    static const char *const bad_hex[] = { "0", "0g", " 00", "0x00" };
    Str ret = S("unchanged");

    for (size_t i = 0; i < COUNT_OF(bad64); i++)
        assert_int_equal(base64_decode(arena, str_from_c(bad64[i]), &ret).code, ERR_INVALID);
    for (size_t i = 0; i < COUNT_OF(bad_url); i++)
        assert_int_equal(base64url_decode(arena, str_from_c(bad_url[i]), &ret).code, ERR_INVALID);
    for (size_t i = 0; i < COUNT_OF(bad_hex); i++)
        assert_int_equal(hex_decode(arena, str_from_c(bad_hex[i]), &ret).code, ERR_INVALID);
    assert_true(str_eq(ret, S("unchanged")));
}

static void a_hash_has_32_bytes(void **state) {
    Hash hash = hash_sha256(S("x")), back;
    Str text = base64_encode(arena, hash_str(&hash)), hex = hex_encode(arena, hash_str(&hash));

    assert_int_equal(base64_decode_hash(text, &back).code, ERR_OK);
    assert_true(hash_eq(&hash, &back));
    assert_int_equal(hex_decode_hash(hex, &back).code, ERR_OK);
    assert_true(hash_eq(&hash, &back));
    assert_int_equal(base64_decode_hash(S("Zm9v"), &back).code, ERR_INVALID);
    assert_int_equal(base64_decode_hash(base64_encode(arena, hex), &back).code, ERR_INVALID);
    assert_int_equal(hex_decode_hash(str_slice(hex, 2, 64), &back).code, ERR_INVALID);
}

static void follows_the_wycheproof_hmac_vectors(void **state) {
    Json *suite;
    size_t valid = 0, refused = 0;

    if (!suite_is_here("wycheproof hmac_sha256", 100))
        return;
    Str text = suite_read(arena, "conformance/wycheproof/hmac_sha256_test.json", "");
    assert_int_equal(json_read(arena, text, 16, &suite).code, ERR_OK);
    Json *groups = json_get(suite, "testGroups");
    for (size_t g = 0; g < groups->array.len; g++) {
        Json *tests = json_get(groups->array.items[g], "tests");

        for (size_t i = 0; i < tests->array.len; i++) {
            Json *item = tests->array.items[i];
            Str key, message, tag;

            assert_int_equal(hex_decode(arena, json_get_text(item, "key"), &key).code, ERR_OK);
            assert_int_equal(hex_decode(arena, json_get_text(item, "msg"), &message).code, ERR_OK);
            assert_int_equal(hex_decode(arena, json_get_text(item, "tag"), &tag).code, ERR_OK);
            Hash hash = hash_hmac(key, message);
            bool is_equal = str_eq(str_slice(hash_str(&hash), 0, tag.len), tag);
            assert_int_equal(is_equal, str_eq(json_get_text(item, "result"), S("valid")));
            is_equal ? valid++ : refused++;
        }
    }
    printf("wycheproof hmac-sha256: %zu cases valid, %zu refused\n", valid, refused);
    assert_true(valid > 0 && refused > 0);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_arena, free_arena)
    static const struct CMUnitTest tests[] = {
        TEST(sha256_gives_the_values_of_fips_180),
        TEST(a_stream_gives_what_the_whole_gives),
        TEST(hmac_gives_the_values_of_rfc_4231),
        TEST(texts_are_those_of_rfc_4648),
        TEST(every_length_comes_back),
        TEST(other_spellings_are_refused),
        TEST(a_hash_has_32_bytes),
        TEST(follows_the_wycheproof_hmac_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
