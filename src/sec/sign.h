/* sec/sign.h - Ed25519 signatures (RFC 8032), verified strictly. */
#ifndef SEC_SIGN_H
#define SEC_SIGN_H

#include "base/chance.h"
#include "base/err.h"

enum { SIGN_SEED_BYTES = 32, SIGN_PUBLIC_BYTES = 32, SIGN_BYTES = 64 };

typedef struct SignPublic {
    uint8_t bytes[SIGN_PUBLIC_BYTES];
} SignPublic;

typedef struct Signature {
    uint8_t bytes[SIGN_BYTES];
} Signature;

/* A key pair. What is stored is the seed. Wipe it with sign_forget. */
typedef struct SignKey {
    uint8_t seed[SIGN_SEED_BYTES]; /* secret */
    SignPublic public;
} SignKey;

/* A new key from random bytes. */
SignKey sign_key_new(Chance *chance);
SignKey sign_key_from_seed(const uint8_t seed[SIGN_SEED_BYTES]);
void sign_forget(SignKey *key);

/* Deterministic: the same message gives the same signature. */
Signature sign_message(const SignKey *key, Str message);

/*
 * True only for a valid signature; false for S >= L, a public key or R of small order, a key that
 * is not canonical, a length other than 64 bytes. Not a secret comparison: everything here is
 * public.
 */
bool sign_verify(const SignPublic *key, Str message, Str signature);

#endif
