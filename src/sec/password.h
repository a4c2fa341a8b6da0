/* sec/password.h - passwords: Argon2id (RFC 9106), few at a time. */
#ifndef SEC_PASSWORD_H
#define SEC_PASSWORD_H

#include "base/chance.h"
#include "base/err.h"

typedef struct PasswordCost {
    size_t memory_bytes; /* at least 8 KiB, a whole number of KiB */
    unsigned passes;     /* at least 1 */
} PasswordCost;

/* ground-rules.md, Passwords. */
#define PASSWORD_COST ((PasswordCost){ 19 << 20, 2 })

enum { PASSWORD_BYTES_MAX = 1024, PASSWORD_AT_ONCE = 2, PASSWORD_WAITING_MAX = 64 };

/*
 * The gate: no more than at_once hashings run, no more than waiting_max threads wait for a turn;
 * whoever comes then gets ERR_BUSY. One per process, shared by its threads; a lock inside, held
 * only to count.
 */
typedef struct PasswordGate PasswordGate;

/* Lives in arena, which outlives its use (the arena of the process). */
PasswordGate *password_gate_new(Arena *arena, int at_once, int waiting_max);

/*
 * "$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH" in arena, the salt from chance. password is borrowed.
 * ERR_LIMIT with field "password" beyond PASSWORD_BYTES_MAX, ERR_BUSY (the gate is full, or no
 * memory for it).
 */
CHECKED Err password_hash(PasswordGate *gate, Arena *arena, Chance *chance, PasswordCost cost,
                          Str password, Str *ret);

/*
 * Whether password made `encoded`. For an unknown user call it with PASSWORD_NOBODY, so that both
 * take the same time (security-checklist 41). A password beyond PASSWORD_BYTES_MAX is wrong, not an
 * error. ERR_BUSY as above; ERR_INVALID when `encoded` is no Argon2id text or asks for more than
 * 256 MiB or 16 passes.
 */
CHECKED Err password_verify(PasswordGate *gate, Str encoded, Str password, bool *ret_is_right);
/* An encoded text at PASSWORD_COST that no password fits. */
extern const Str PASSWORD_NOBODY;

/* False when `encoded` was made at another cost: hash again at the next right password. */
bool password_is_current(Str encoded, PasswordCost cost);

#endif
