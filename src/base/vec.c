/* base/vec.c - how growing arrays get their room. */
#include "base/vec.h"

#include "base/log.h"
#include "base/str.h"

enum { FIRST_ITEMS = 8 };

void *vec_grow(Arena *arena, void *items, size_t item_bytes, size_t *cap) {
    size_t new_cap = FIRST_ITEMS, bytes;

    if ((*cap > 0 && !size_mul(*cap, 2, &new_cap)) || !size_mul(new_cap, item_bytes, &bytes))
        log_fatal("no memory left", "an array beyond the address space");
    items = arena_grow(arena, items, *cap * item_bytes, bytes);
    *cap = new_cap;
    return items;
}
