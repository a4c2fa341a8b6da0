/* base/map.c - a hash table from text to a pointer. The seed of the process is written once. */
#include "base/map.h"

#include <assert.h>
#include <pthread.h>

#include "base/chance.h"
#include "base/log.h"

enum { FIRST_SLOTS = 16, FIRST_ITEMS = FIRST_SLOTS / 2 };

static pthread_once_t seed_once = PTHREAD_ONCE_INIT;
static uint64_t process_seed;

static void draw_seed(void) {
    chance_fill(chance_system(), &process_seed, sizeof process_seed);
}

static uint64_t rotate(uint64_t x, int bits) {
    return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4]) {
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] = rotate(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t word) {
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
}

/* SipHash-1-3 (Aumasson and Bernstein, 2012); both halves of the key come from the seed. */
uint64_t map_hash(Str key, uint64_t seed) {
    uint64_t k0 = seed, k1 = rotate(seed, 32) ^ UINT64_C(0x9E3779B97F4A7C15);
    uint64_t v[4] = { k0 ^ UINT64_C(0x736f6d6570736575), k1 ^ UINT64_C(0x646f72616e646f6d),
                      k0 ^ UINT64_C(0x6c7967656e657261), k1 ^ UINT64_C(0x7465646279746573) };
    uint64_t word;
    size_t at = 0;

    for (; key.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, key.ptr + at, sizeof word);
        sip_word(v, word);
    }
    word = (uint64_t)key.len << 56;
    for (size_t i = 0; at + i < key.len; i++)
        word |= (uint64_t)(unsigned char)key.ptr[at + i] << (8 * i);
    sip_word(v, word);
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

Map map_new(Arena *arena) {
    pthread_once(&seed_once, draw_seed);
    return (Map){ .arena = arena, .seed = process_seed };
}

/* The slot that holds the key, or the free one where it belongs; slot_count is a power of two. */
static uint32_t *slot_of(const Map *map, Str key) {
    size_t at = (size_t)map_hash(key, map->seed) & (map->slot_count - 1);

    while (map->slots[at] != 0 && !str_eq(map->items[map->slots[at] - 1].key, key))
        at = (at + 1) & (map->slot_count - 1);
    return &map->slots[at];
}

/* Drops the removed items, doubles the room if that was not much, and places all keys anew. */
static void rebuild(Map *map) {
    size_t live = 0;
    MapItem *old = map->items;

    for (size_t i = 0; i < map->len; i++)
        live += old[i].value != NULL;
    if (map->cap == 0 || live > map->cap / 2) {
        map->cap = map->cap > 0 ? map->cap * 2 : FIRST_ITEMS;
        if (map->cap > UINT32_MAX / 2)
            log_fatal("no memory left", "a table beyond its range");
        map->slot_count = map->cap * 2;
        map->slots = arena_array(map->arena, map->slot_count, sizeof *map->slots);
        map->items = arena_array(map->arena, map->cap, sizeof *map->items);
    } else {
        memset(map->slots, 0, map->slot_count * sizeof *map->slots);
    }
    size_t len = map->len;
    map->len = 0;
    for (size_t i = 0; i < len; i++) {
        if (!old[i].value)
            continue;
        map->items[map->len] = old[i];
        *slot_of(map, old[i].key) = (uint32_t)++map->len;
    }
}

void map_set(Map *map, Str key, void *value) {
    assert(value);
    uint32_t *slot = map->slot_count > 0 ? slot_of(map, key) : NULL;
    if (slot && *slot != 0 && map->items[*slot - 1].value) {
        map->items[*slot - 1].value = value;
        return;
    }
    if (map->len == map->cap) {
        rebuild(map);
        slot = slot_of(map, key);
    }
    /* A key that was removed comes last again: its slot points to the new item. */
    map->items[map->len] = (MapItem){ key, value };
    *slot = (uint32_t)++map->len;
}

void *map_get(const Map *map, Str key) {
    uint32_t index = map->slot_count > 0 ? *slot_of(map, key) : 0;

    return index > 0 ? map->items[index - 1].value : NULL;
}

void map_remove(Map *map, Str key) {
    uint32_t index = map->slot_count > 0 ? *slot_of(map, key) : 0;

    if (index > 0)
        map->items[index - 1].value = NULL;
}
