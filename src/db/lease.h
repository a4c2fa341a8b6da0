/* db/lease.h - one holder at a time, with a fencing number. */
#ifndef DB_LEASE_H
#define DB_LEASE_H

#include "db/db.h"

typedef struct Lease {
    Str name;      /* "sequencer", "node:3" */
    Str owner;     /* random, made by the process at start */
    int64_t fence; /* rises with each new holder; 0 when not held */
    int64_t until_ms;
} Lease;

/*
 * Takes a free or expired lease, or renews one's own, until now + duration_ms. ERR_BUSY when another holds it. One
 * that ends more than twice duration_ms from now counts as expired: the clock was set back meanwhile.
 */
CHECKED Err lease_take(Ctx *ctx, Str name, Str owner, int64_t duration_ms, Lease *ret);
/* Inside a transaction: ERR_CONFLICT unless this fence is still the newest. */
CHECKED Err lease_check(Ctx *ctx, const Lease *lease);
CHECKED Err lease_release(Ctx *ctx, const Lease *lease);

#endif
