/*
 * http/cache.c - readers' pages kept in memory until a tag of theirs is dropped. One mutex guards all; it is the
 * innermost lock (release functions take none of ours).
 */
#include "http/cache.h"

#include <pthread.h>

#include "base/chance.h"
#include "base/map.h"

enum {
    TAGS_MAX = 8,
    DROP_SLOTS = 4096, /* moments of drops by tag; tags that share a slot are dropped together */
    CHUNK_ENTRIES = 64,
    ENTRIES_MAX = 65536,
    ENTRIES_MIN = 128,
    PAGE_BYTES_USUAL = 4096,
    QUARTER_MS = 15 * 60 * 1000,
    NONE = 0 /* indexes start at 1 */
};

typedef struct Entry {
    CacheKey key;
    void *page;
    size_t bytes;
    uint64_t tags[TAGS_MAX]; /* hashes; a meeting of two drops a page too many, never one too few */
    uint32_t tag_count;
    uint32_t newer, older; /* by last use; the free list runs through older */
    uint32_t next;         /* of the same slot */
} Entry;

struct PageCache {
    pthread_mutex_t lock;
    Arena *arena;
    PageRelease release;
    size_t limit_bytes;
    uint64_t seeds[3];
    Entry **chunks; /* made on demand: an unused cache costs nothing */
    uint32_t made, most, slot_mask;
    uint32_t *slots;
    uint32_t newest, oldest, free;
    uint64_t moment;   /* counts drops */
    uint64_t *dropped; /* moment of the last drop, by tag slot */
    CacheState state;
};

PageCache *cache_new(Arena *arena, size_t limit_bytes, PageRelease release) {
    PageCache *cache = arena_alloc(arena, sizeof *cache);
    size_t most = limit_bytes / PAGE_BYTES_USUAL, slots = 1;

    most = most > ENTRIES_MAX ? ENTRIES_MAX : most < ENTRIES_MIN ? ENTRIES_MIN : most;
    while (slots < 2 * most)
        slots *= 2;
    *cache = (PageCache){ .arena = arena,
                          .release = release,
                          .limit_bytes = limit_bytes,
                          .most = (uint32_t)most,
                          .slot_mask = (uint32_t)(slots - 1) };
    pthread_mutex_init(&cache->lock, NULL);
    chance_fill(chance_system(), cache->seeds, sizeof cache->seeds);
    cache->chunks = arena_array(arena, most / CHUNK_ENTRIES + 1, sizeof *cache->chunks);
    cache->slots = arena_array(arena, slots, sizeof *cache->slots);
    cache->dropped = arena_array(arena, DROP_SLOTS, sizeof *cache->dropped);
    return cache;
}

static Entry *entry_at(const PageCache *cache, uint32_t index) {
    return &cache->chunks[(index - 1) / CHUNK_ENTRIES][(index - 1) % CHUNK_ENTRIES];
}

CacheKey cache_key(const PageCache *cache, int64_t now_ms, Str origin, Str path, Str query,
                   ReplyForm form, Str lang, Coding coding) {
    char head[2] = { (char)('0' + form), (char)('0' + coding) };
    int64_t quarter = now_ms / QUARTER_MS;
    Str parts[] = { { head, 2 }, { (const char *)&quarter, sizeof quarter }, lang, origin, path,
                    query };
    CacheKey key = { 0 };

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        /* Each part's hash goes into the next one's seed: "a" + "bc" is not "ab" + "c". */
        key.a = map_hash(parts[i], cache->seeds[0] ^ (key.a * 3 + i));
        key.b = map_hash(parts[i], cache->seeds[1] ^ (key.b * 5 + i));
    }
    return key;
}

/* ---- lists; the lock is held ---- */

static void unlink_used(PageCache *cache, uint32_t index) {
    Entry *entry = entry_at(cache, index);

    if (entry->newer)
        entry_at(cache, entry->newer)->older = entry->older;
    else
        cache->newest = entry->older;
    if (entry->older)
        entry_at(cache, entry->older)->newer = entry->newer;
    else
        cache->oldest = entry->newer;
}

static void link_newest(PageCache *cache, uint32_t index) {
    Entry *entry = entry_at(cache, index);

    entry->newer = NONE;
    entry->older = cache->newest;
    if (cache->newest)
        entry_at(cache, cache->newest)->newer = index;
    cache->newest = index;
    if (!cache->oldest)
        cache->oldest = index;
}

static uint32_t *slot_of(PageCache *cache, CacheKey key) {
    return &cache->slots[key.a & cache->slot_mask];
}

static uint32_t find(PageCache *cache, CacheKey key) {
    uint32_t index = *slot_of(cache, key);

    while (index) {
        const Entry *entry = entry_at(cache, index);
        if (entry->key.a == key.a && entry->key.b == key.b)
            return index;
        index = entry->next;
    }
    return NONE;
}

static void remove_entry(PageCache *cache, uint32_t index) {
    Entry *entry = entry_at(cache, index);
    uint32_t *at = slot_of(cache, entry->key);

    while (*at != index)
        at = &entry_at(cache, *at)->next;
    *at = entry->next;
    unlink_used(cache, index);
    cache->release(entry->page);
    cache->state.bytes -= entry->bytes;
    cache->state.pages--;
    *entry = (Entry){ .older = cache->free };
    cache->free = index;
}

static uint32_t take_entry(PageCache *cache) {
    if (!cache->free && cache->made == cache->most)
        remove_entry(cache, cache->oldest);
    if (cache->free) {
        uint32_t index = cache->free;
        cache->free = entry_at(cache, index)->older;
        return index;
    }
    if (cache->made % CHUNK_ENTRIES == 0)
        cache->chunks[cache->made / CHUNK_ENTRIES] =
            arena_array(cache->arena, CHUNK_ENTRIES, sizeof(Entry));
    return ++cache->made;
}

void cache_free(PageCache *cache) {
    while (cache->newest)
        remove_entry(cache, cache->newest);
    pthread_mutex_destroy(&cache->lock);
}

/* ---- the promise ---- */

uint64_t cache_moment(PageCache *cache) {
    pthread_mutex_lock(&cache->lock);
    uint64_t moment = cache->moment;
    pthread_mutex_unlock(&cache->lock);
    return moment;
}

static uint64_t tag_hash(const PageCache *cache, Str tag) {
    return map_hash(tag, cache->seeds[2]);
}

/* The lock is held. */
static bool is_stale(const PageCache *cache, uint64_t moment, const uint64_t *tags, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (cache->dropped[tags[i] % DROP_SLOTS] > moment)
            return true;
    return false;
}

bool cache_put(PageCache *cache, CacheKey key, uint64_t moment, const Str *tags, size_t tag_count,
               void *page, size_t bytes) {
    Entry fresh = {
        .key = key, .page = page, .bytes = bytes + sizeof(Entry), .tag_count = (uint32_t)tag_count
    };

    if (tag_count > TAGS_MAX || fresh.bytes > cache->limit_bytes / 8)
        return false;
    for (size_t i = 0; i < tag_count; i++)
        fresh.tags[i] = tag_hash(cache, tags[i]);
    pthread_mutex_lock(&cache->lock);
    bool is_kept = !is_stale(cache, moment, fresh.tags, tag_count);
    if (is_kept) {
        uint32_t index = find(cache, key);
        if (index)
            remove_entry(cache, index);
        while (cache->oldest && cache->state.bytes + fresh.bytes > cache->limit_bytes)
            remove_entry(cache, cache->oldest);
        index = take_entry(cache);
        fresh.next = *slot_of(cache, key);
        *entry_at(cache, index) = fresh;
        *slot_of(cache, key) = index;
        link_newest(cache, index);
        cache->state.bytes += fresh.bytes;
        cache->state.pages++;
        cache->state.stores++;
    } else {
        cache->state.stale++;
    }
    pthread_mutex_unlock(&cache->lock);
    return is_kept;
}

bool cache_use(PageCache *cache, CacheKey key, void (*use)(void *page, void *user), void *user) {
    pthread_mutex_lock(&cache->lock);
    uint32_t index = find(cache, key);
    if (index) {
        unlink_used(cache, index);
        link_newest(cache, index);
        use(entry_at(cache, index)->page, user);
        cache->state.hits++;
    } else {
        cache->state.misses++;
    }
    pthread_mutex_unlock(&cache->lock);
    return index != NONE;
}

static bool carries(const Entry *entry, const uint64_t *tags, size_t count) {
    for (size_t i = 0; i < entry->tag_count; i++)
        for (size_t k = 0; k < count; k++)
            if (entry->tags[i] == tags[k])
                return true;
    return false;
}

/* The lock is held. */
static void drop_some(PageCache *cache, const uint64_t *tags, size_t count) {
    cache->moment++;
    for (size_t i = 0; i < count; i++)
        cache->dropped[tags[i] % DROP_SLOTS] = cache->moment;
    for (uint32_t index = cache->newest; index;) {
        uint32_t older = entry_at(cache, index)->older;
        if (carries(entry_at(cache, index), tags, count))
            remove_entry(cache, index);
        index = older;
    }
}

void cache_drop(PageCache *cache, const Str *tags, size_t count) {
    uint64_t hashes[TAGS_MAX];

    for (size_t from = 0; from < count; from += TAGS_MAX) {
        size_t some = count - from < TAGS_MAX ? count - from : TAGS_MAX;
        for (size_t i = 0; i < some; i++)
            hashes[i] = tag_hash(cache, tags[from + i]);
        pthread_mutex_lock(&cache->lock);
        drop_some(cache, hashes, some);
        pthread_mutex_unlock(&cache->lock);
    }
}

void cache_drop_all(PageCache *cache) {
    pthread_mutex_lock(&cache->lock);
    cache->moment++;
    for (size_t i = 0; i < DROP_SLOTS; i++)
        cache->dropped[i] = cache->moment;
    while (cache->newest)
        remove_entry(cache, cache->newest);
    pthread_mutex_unlock(&cache->lock);
}

CacheState cache_state(PageCache *cache) {
    pthread_mutex_lock(&cache->lock);
    CacheState state = cache->state;
    pthread_mutex_unlock(&cache->lock);
    return state;
}
