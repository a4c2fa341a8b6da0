/* http/rate.h - the delay after failed sign-ins, per account and per address (security-checklist 41). */
#ifndef HTTP_RATE_H
#define HTTP_RATE_H

#include "base/str.h"

/*
 * Accounts and addresses are kept as keyed hashes only, in memory, under a salt that dies with the process. One
 * per server; a lock inside.
 */
typedef struct SignInRate SignInRate;

typedef struct SignInLimits {
    int64_t free_failures; /* failures before delays begin */
    int64_t delay_ms;      /* the first; doubles with each further failure */
    int64_t delay_max_ms;
} SignInLimits;

/* Lives in arena. */
SignInRate *rate_new(Arena *arena, SignInLimits limits);

/*
 * Before an attempt: 0 when it may be made, else the ms to wait. An attempt that may be made counts as failed at
 * once, so that many in parallel gain nothing; rate_succeeded takes it back. Empty account or address:
 * not counted.
 */
int64_t rate_attempt(SignInRate *rate, Str account, Str address, int64_t now_ms);
/* The account's failures are forgotten; the address keeps its earlier ones. */
void rate_succeeded(SignInRate *rate, Str account, Str address);

#endif
