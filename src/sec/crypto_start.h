/* sec/crypto_start.h - private to this room: libsodium, started. */
#ifndef SEC_CRYPTO_START_H
#define SEC_CRYPTO_START_H

#include <sodium.h>

#include "base/log.h"
#include "base/str.h"

/* Chooses libsodium's implementations for this machine; cheap and safe to call again, from any thread. */
static inline void sodium_start(void) {
    if (sodium_init() < 0)
        log_fatal("libsodium does not start", "sodium_init");
}

/* The bytes of s as libsodium wants them; never NULL. */
static inline const unsigned char *sodium_bytes(Str s) {
    return (const unsigned char *)(s.ptr ? s.ptr : "");
}

#endif
