/* base/id.h - 63-bit ids made by the program (ground-rules.md, Ids). */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/ctx.h"

/*
 * Layout, high to low: 42 bits ms since 2020-01-01T00:00Z, 8 bits node, 13 bits counter.
 * An Ids is shared by all threads of the process (a lock inside).
 */
typedef struct Ids Ids;

/* node 0..255. Owned by the caller, ids_free. */
Ids *ids_new(Clock *clock, int node);
void ids_free(Ids *ids);
/* No id at or below `highest` will be given: called at start with the highest one stored. */
void ids_raise(Ids *ids, int64_t highest);
/* The next id: greater than every earlier one of this Ids, also when the clock runs backwards. */
int64_t ids_next(Ids *ids);

static inline int64_t id_next(Ctx *ctx) {
    return ids_next(ctx->ids);
}
/* 63 random bits, never 0: for the identity-free store, whose ids must not tell the time. */
int64_t id_random(Ctx *ctx);
/* Unix ms at which an id was made. */
int64_t id_time_ms(int64_t id);

#endif
