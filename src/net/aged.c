/* net/aged.c - remembered bytes by name, each until its time, within a bound of memory. */
#include "net/aged.h"

#include "base/map.h"

typedef struct Kept {
    Str value;
    int64_t until_ms;
} Kept;

typedef struct Generation {
    Arena *arena;
    Map map;
} Generation;

struct Aged {
    Arena *arena; /* of this struct */
    size_t limit_bytes;
    Generation young, old;
};

static Generation generation_new(void) {
    Arena *arena = arena_new(0);

    return (Generation){ arena, map_new(arena) };
}

Aged *aged_new(size_t limit_bytes) {
    Arena *arena = arena_new(0);
    Aged *aged = arena_alloc(arena, sizeof *aged);

    *aged = (Aged){ arena, limit_bytes, generation_new(), generation_new() };
    return aged;
}

void aged_free(Aged *aged) {
    if (!aged)
        return;
    arena_free(aged->young.arena);
    arena_free(aged->old.arena);
    arena_free(aged->arena);
}

static void keep(Aged *aged, Str key, Str value, int64_t until_ms) {
    Arena *arena = aged->young.arena;
    Kept *kept = arena_alloc(arena, sizeof *kept);

    *kept = (Kept){ str_dup(arena, value), until_ms };
    map_set(&aged->young.map, str_dup(arena, key), kept);
}

void aged_put(Aged *aged, Str key, Str value, int64_t until_ms) {
    map_remove(&aged->old.map, key);
    keep(aged, key, value, until_ms);
    if (arena_used(aged->young.arena) < aged->limit_bytes / 2)
        return;
    arena_free(aged->old.arena);
    aged->old = aged->young;
    aged->young = generation_new();
}

bool aged_get(Aged *aged, Str key, int64_t now_ms, Str *ret) {
    Kept *kept = map_get(&aged->young.map, key);

    if (!kept) {
        kept = map_get(&aged->old.map, key);
        if (!kept || kept->until_ms <= now_ms)
            return false;
        map_remove(&aged->old.map, key);
        keep(aged, key, kept->value, kept->until_ms);
        kept = map_get(&aged->young.map, key);
    }
    if (kept->until_ms <= now_ms)
        return false;
    *ret = kept->value;
    return true;
}
