/* base/map.h - a hash table from text to a pointer, in an arena; insertion order is kept. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/str.h"

typedef struct MapItem {
    Str key;
    void *value;
} MapItem;

typedef struct Map {
    Arena *arena;
    MapItem *items; /* in insertion order; a removed item has value NULL */
    size_t len;
    size_t cap;
    uint32_t *slots; /* index + 1 into items, 0 is free */
    size_t slot_count;
    uint64_t seed;
} Map;

Map map_new(Arena *arena);
/* Sets or replaces. The key is borrowed and must live as long as the map; value is not NULL. */
void map_set(Map *map, Str key, void *value);
/* NULL when absent. */
void *map_get(const Map *map, Str key);
void map_remove(Map *map, Str key);
/* SipHash-1-3 of the text under a per-process seed. */
uint64_t map_hash(Str key, uint64_t seed);

#endif
