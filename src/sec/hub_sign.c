/* sec/hub_sign.c - HMAC by SHA-256, -384 or -512 over a delivered body. SHA-384 is OpenSSL's: libsodium has none. */
#include "sec/hub_sign.h"

#include <openssl/sha.h>

#include "base/log.h"
#include "sec/compare.h"
#include "sec/crypto_start.h"
#include "sec/hash.h"

enum { BLOCK = 128, MAC_MAX = 64 };
_Static_assert(crypto_auth_hmacsha512_BYTES == MAC_MAX && SHA512_CBLOCK == BLOCK, "one size");

typedef struct Mac {
    unsigned char bytes[MAC_MAX];
    size_t len;
} Mac;

static void mac_256(Arena *arena, Str secret, Str body, Mac *ret) {
    Hash mac = hash_hmac(secret, body);

    (void)arena;
    memcpy(ret->bytes, mac.bytes, HASH_BYTES);
    ret->len = HASH_BYTES;
}

static void sha384(const unsigned char *data, size_t len, unsigned char *out) {
    if (!SHA384(data, len, out))
        log_fatal("OpenSSL gives no SHA-384", "SHA384");
}

/* RFC 2104 by its definition, as in sec/totp.c; the body stands behind the inner key. */
static void mac_384(Arena *arena, Str secret, Str body, Mac *ret) {
    unsigned char key[BLOCK] = { 0 }, outer[BLOCK + SHA384_DIGEST_LENGTH];
    unsigned char *inner = arena_alloc(arena, BLOCK + body.len);

    if (secret.len > BLOCK)
        sha384(sodium_bytes(secret), secret.len, key);
    else if (secret.len > 0)
        memcpy(key, secret.ptr, secret.len);
    for (size_t i = 0; i < BLOCK; i++) {
        inner[i] = key[i] ^ 0x36;
        outer[i] = key[i] ^ 0x5c;
    }
    if (body.len > 0)
        memcpy(inner + BLOCK, body.ptr, body.len);
    sha384(inner, BLOCK + body.len, outer + BLOCK);
    sha384(outer, sizeof outer, ret->bytes);
    ret->len = SHA384_DIGEST_LENGTH;
    sodium_memzero(key, sizeof key);
    sodium_memzero(inner, BLOCK);
    sodium_memzero(outer, sizeof outer);
}

static void mac_512(Arena *arena, Str secret, Str body, Mac *ret) {
    crypto_auth_hmacsha512_state state;

    (void)arena;
    (void)crypto_auth_hmacsha512_init(&state, sodium_bytes(secret), secret.len);
    (void)crypto_auth_hmacsha512_update(&state, sodium_bytes(body), body.len);
    (void)crypto_auth_hmacsha512_final(&state, ret->bytes);
    sodium_memzero(&state, sizeof state);
    ret->len = MAC_MAX;
}

HubSign hub_sign_check(Arena *arena, Str secret, Str body, Str value) {
    static const struct {
        Str name;
        void (*make)(Arena *arena, Str secret, Str body, Mac *ret);
    } methods[] = { { S_INIT("sha256"), mac_256 },
                    { S_INIT("sha384"), mac_384 },
                    { S_INIT("sha512"), mac_512 } };
    Str told = str_trim(value), name, sent;

    if (told.len == 0)
        return HUB_SIGN_NONE;
    if (!str_cut(&told, '=', &name))
        return HUB_SIGN_FORGED;
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        Mac mac;
        if (!str_eq_nocase(name, methods[i].name))
            continue;
        if (told.len > 2 * (size_t)MAC_MAX || hex_decode(arena, told, &sent).code != ERR_OK)
            return HUB_SIGN_FORGED;
        methods[i].make(arena, secret, body, &mac);
        return compare_secret((Str){ (const char *)mac.bytes, mac.len }, sent) ? HUB_SIGN_GOOD
                                                                               : HUB_SIGN_FORGED;
    }
    return HUB_SIGN_WEAK;
}
