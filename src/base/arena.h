/* base/arena.h - memory with one lifetime: allocated piece by piece, given back at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

typedef struct Arena Arena;

enum {
    ARENA_REQUEST_BYTES = 8 << 20, /* default budget of one request */
    ARENA_JOB_BYTES = 64 << 20     /* default budget of one job */
};

/*
 * An arena belongs to one thread at a time. Under AddressSanitizer what was not given out is
 * poisoned, so that an overrun is seen. Environment LIANDONG_FAIL_ARENA=n (tests only, read once)
 * ends the process at the n-th time that any arena takes memory from the system, as if there were
 * none.
 */

/*
 * A new arena with a budget in bytes (0: none). Owned by the caller, arena_free. When the system
 * has no memory left the process writes one line and ends with status 70 (architecture.md 6), so
 * that no allocation returns NULL.
 */
Arena *arena_new(size_t budget_bytes);
void arena_free(Arena *arena);
/* For CLEANUP. */
void arena_close(Arena **arena);

/* Zeroed, aligned for any type. Passing the budget is allowed; loops ask arena_is_over. */
void *arena_alloc(Arena *arena, size_t bytes) __attribute__((returns_nonnull));
/* Zeroed array; ends the process when count * size wraps. */
void *arena_array(Arena *arena, size_t count, size_t size);
/*
 * Grows `old` (the newest piece grows in place, else it is copied); new bytes are zeroed. `old` may
 * be NULL with old_bytes 0. As with realloc, nobody uses the old address afterwards.
 */
void *arena_grow(Arena *arena, void *old, size_t old_bytes, size_t new_bytes);
void *arena_copy(Arena *arena, const void *bytes, size_t len);

/* True once more than the budget was given out: the caller then fails with ERR_LIMIT. */
bool arena_is_over(const Arena *arena);
/* Bytes given out since the last reset, as asked for, without what alignment costs. */
size_t arena_used(const Arena *arena);
size_t arena_budget(const Arena *arena);
/* Another budget from now on (0: none); what was given out counts towards it. */
void arena_set_budget(Arena *arena, size_t budget_bytes);
/* Forgets everything; keeps at most `keep_bytes` of blocks for the next round. */
void arena_reset(Arena *arena, size_t keep_bytes);

#endif
