/* sec/totp.h - one-time codes by time (RFC 6238): six digits that change every 30 seconds, HMAC-SHA-1. */
#ifndef SEC_TOTP_H
#define SEC_TOTP_H

#include "base/arena.h"
#include "base/chance.h"
#include "base/str.h"

enum {
    TOTP_SEED_BYTES = 20, /* RFC 4226, 4: 160 bits are recommended */
    TOTP_DIGITS = 6,
    TOTP_STEP_MS = 30 * 1000,
    TOTP_DRIFT = 1 /* steps that a clock may be early or late */
};

/* TOTP_SEED_BYTES random bytes, in the arena. They are the secret itself: wrap them before storing. */
Str totp_seed_new(Arena *arena, Chance *chance);

/* The step that a time lies in; times before 1970 do not occur. */
int64_t totp_step(int64_t now_ms);

/* The code of a step, TOTP_DIGITS digits in the arena. seed has any length. */
Str totp_code(Arena *arena, Str seed, int64_t step);

/*
 * Whether code is that of now, or of at most TOTP_DRIFT steps earlier or later, and of a step after `last_step`
 * (RFC 6238, 5.2: each is taken once; 0: none was). *ret_step is set on true only; whoever takes the code stores
 * it. Blanks in the code are passed over. Every candidate is compared, in constant time.
 */
bool totp_check(Str seed, Str code, int64_t now_ms, int64_t last_step, int64_t *ret_step);

/* As people type it and programs read it: base32 in capitals without padding. */
Str totp_secret_text(Arena *arena, Str seed);

#endif
