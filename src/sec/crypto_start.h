/* sec/crypto_start.h - private to this room: libsodium, started. */
#ifndef SEC_CRYPTO_START_H
#define SEC_CRYPTO_START_H

#include <sodium.h>

#include "base/log.h"
#include "base/str.h"

/*
 * Chooses libsodium's implementations for this machine; cheap and safe to call again, from any
 * thread.
 */
static inline void sodium_start(void) {
    if (sodium_init() < 0)
        log_fatal("libsodium does not start", "sodium_init");
}

/* The bytes of s as libsodium wants them; never NULL. */
static inline const unsigned char *sodium_bytes(Str s) {
    return (const unsigned char *)(s.ptr ? s.ptr : "");
}

/*
 * sodium_base642bin (1.0.18) takes some bytes beyond ASCII for letters where char is signed: this
 * is asked first.
 */
static inline bool sodium_is_ascii(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.ptr[i] >= 0x80)
            return false;
    }
    return true;
}

#endif
