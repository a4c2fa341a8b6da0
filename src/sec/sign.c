/* sec/sign.c - Ed25519 signatures. */
#include "sec/sign.h"

#include "sec/crypto_start.h"

_Static_assert(SIGN_SEED_BYTES == crypto_sign_ed25519_SEEDBYTES, "RFC 8032, 5.1.5");
_Static_assert(SIGN_PUBLIC_BYTES == crypto_sign_ed25519_PUBLICKEYBYTES, "RFC 8032, 5.1.5");
_Static_assert(SIGN_BYTES == crypto_sign_ed25519_BYTES, "RFC 8032, 5.1.6");

SignKey sign_key_from_seed(const uint8_t seed[SIGN_SEED_BYTES]) {
    unsigned char secret[crypto_sign_ed25519_SECRETKEYBYTES];
    SignKey key;

    sodium_start();
    memcpy(key.seed, seed, SIGN_SEED_BYTES);
    (void)crypto_sign_ed25519_seed_keypair(key.public.bytes, secret, seed);
    sodium_memzero(secret, sizeof secret);
    return key;
}

SignKey sign_key_new(Chance *chance) {
    uint8_t seed[SIGN_SEED_BYTES];

    chance_fill(chance, seed, sizeof seed);
    SignKey key = sign_key_from_seed(seed);
    sodium_memzero(seed, sizeof seed);
    return key;
}

void sign_forget(SignKey *key) {
    sodium_memzero(key, sizeof *key);
}

Signature sign_message(const SignKey *key, Str message) {
    unsigned char
        secret[crypto_sign_ed25519_SECRETKEYBYTES]; /* libsodium's form: seed, public key */
    Signature signature;

    sodium_start();
    memcpy(secret, key->seed, SIGN_SEED_BYTES);
    memcpy(secret + SIGN_SEED_BYTES, key->public.bytes, SIGN_PUBLIC_BYTES);
    (void)crypto_sign_ed25519_detached(signature.bytes, NULL, sodium_bytes(message), message.len,
                                       secret);
    sodium_memzero(secret, sizeof secret);
    return signature;
}

bool sign_verify(const SignPublic *key, Str message, Str signature) {
    sodium_start();
    /*
     * Debian builds libsodium without ED25519_COMPAT: S >= L, small orders, non-canonical keys
     * fail.
     */
    return signature.len == SIGN_BYTES &&
           crypto_sign_ed25519_verify_detached(sodium_bytes(signature), sodium_bytes(message),
                                               message.len, key->bytes) == 0;
}
