/* http/cache.h - readers' pages kept in memory until a tag of theirs is dropped (ground-rules, Page cache). */
#ifndef HTTP_CACHE_H
#define HTTP_CACHE_H

#include "base/str.h"
#include "http/negotiate.h"

/*
 * One per server; a lock inside, held for short times only. What is kept is an opaque page (for the server an
 * MHD_Response), given back through `release` when it leaves.
 */
typedef struct PageCache PageCache;

typedef void (*PageRelease)(void *page);

/*
 * Lives in arena (a lifetime of the process's server), where after the start nobody else allocates: later chunks are
 * made under the cache's lock. limit_bytes counts bodies and entries; 0 keeps nothing.
 */
PageCache *cache_new(Arena *arena, size_t limit_bytes, PageRelease release);
/* Releases all pages; nobody uses the cache any more. */
void cache_free(PageCache *cache);

/* 128 bits under seeds of the process: two pages do not meet. */
typedef struct CacheKey {
    uint64_t a, b;
} CacheKey;
/*
 * now_ms counts by its quarter of an hour: days begin at one in every zone, and a page says what day it is, which
 * grants hold and what has been silent for long; no event tells when these change.
 */
CacheKey cache_key(const PageCache *cache, int64_t now_ms, Str origin, Str path, Str query,
                   ReplyForm form, Str lang, Coding coding);

/*
 * When the rendering of a page begins, before it reads anything: a page may be stored only if none of its tags
 * was dropped since then, for it may have been read from an older snapshot.
 */
uint64_t cache_moment(PageCache *cache);

/* False (and the page is not taken) when a tag was dropped meanwhile or the page is larger than an eighth. */
bool cache_put(PageCache *cache, CacheKey key, uint64_t moment, const Str *tags, size_t tag_count,
               void *page, size_t bytes);
/* Calls use with the page under the lock, so that it cannot leave meanwhile. False when it is not there. */
bool cache_use(PageCache *cache, CacheKey key, void (*use)(void *page, void *user), void *user);
/* After it returns no page with one of the tags can be served. */
void cache_drop(PageCache *cache, const Str *tags, size_t count);
/* The same for every page, whatever its tags. */
void cache_drop_all(PageCache *cache);

typedef struct CacheState {
    uint64_t hits, misses, stores, stale; /* stale: not stored, dropped meanwhile */
    size_t pages, bytes;
} CacheState;
CacheState cache_state(PageCache *cache);

#endif
