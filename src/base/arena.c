/* base/arena.c - memory with one lifetime, taken from the system in blocks. */
#include "base/arena.h"

#include <assert.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>

#include "base/log.h"
#include "base/str.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define HIDE(ptr, bytes) ASAN_POISON_MEMORY_REGION((ptr), (bytes))
#define SHOW(ptr, bytes) ASAN_UNPOISON_MEMORY_REGION((ptr), (bytes))
enum { GAP_BYTES = 16 }; /* between neighbours, so that the first byte too far is seen */
#else
#define HIDE(ptr, bytes) ((void)(ptr), (void)(bytes))
#define SHOW(ptr, bytes) ((void)(ptr), (void)(bytes))
enum { GAP_BYTES = 0 };
#endif

enum {
    FIRST_BLOCK_BYTES = 8 << 10, /* most requests fit; doubled with every block */
    BLOCK_BYTES_MAX = 256 << 10  /* pieces above half of it get a block of their own */
};

typedef struct Block Block;
struct Block {
    Block *older;
    size_t cap;  /* bytes of data */
    size_t used; /* bytes of data given out, with alignment */
    alignas(max_align_t) char data[];
};

struct Arena {
    Block *newest;       /* pieces are cut from this one only */
    char *last_piece;    /* the one that may grow in place: in newest, else NULL */
    size_t budget_bytes; /* 0: none */
    size_t used_bytes;
    size_t next_block_bytes;
};

/* The hook of the fault tests: process-wide, written once before its first use. */
static pthread_once_t fail_once = PTHREAD_ONCE_INIT;
static int64_t fail_at; /* 0: never */
static _Atomic(int64_t) growths;

static void read_fail_at(void) {
    int64_t at;

    if (str_parse_int(str_from_c(getenv("LIANDONG_FAIL_ARENA")), &at) && at > 0)
        fail_at = at;
}

/* New memory, or more for `old` (NULL: none). */
static void *take(void *old, size_t bytes) {
    pthread_once(&fail_once, read_fail_at);
    if (fail_at > 0 && atomic_fetch_add(&growths, 1) + 1 == fail_at)
        log_fatal("no memory left", "LIANDONG_FAIL_ARENA");
    void *memory = realloc(old, bytes);
    if (!memory)
        log_fatal("no memory left", "the system gave none for an arena");
    return memory;
}

static size_t round_up(size_t bytes) {
    size_t mask = alignof(max_align_t) - 1, ret;

    if (!size_add(bytes, mask + GAP_BYTES, &ret))
        log_fatal("no memory left", "a size beyond the address space");
    return ret & ~mask;
}

Arena *arena_new(size_t budget_bytes) {
    Arena *arena = take(NULL, sizeof *arena);

    *arena = (Arena){ .budget_bytes = budget_bytes, .next_block_bytes = FIRST_BLOCK_BYTES };
    return arena;
}

static void free_blocks(Block *block) {
    while (block) {
        Block *older = block->older;

        SHOW(block->data, block->cap);
        free(block);
        block = older;
    }
}

void arena_free(Arena *arena) {
    if (!arena)
        return;
    free_blocks(arena->newest);
    free(arena);
}

void arena_close(Arena **arena) {
    arena_free(*arena);
    *arena = NULL;
}

/* An empty block of `cap` bytes, in front of *list. */
static Block *add_block(Block **list, size_t cap) {
    size_t whole;

    if (!size_add(cap, sizeof(Block), &whole))
        log_fatal("no memory left", "a size beyond the address space");
    Block *block = take(NULL, whole);
    *block = (Block){ .older = *list, .cap = cap };
    HIDE(block->data, block->cap);
    *list = block;
    return block;
}

/* A block with `whole` free bytes; the newest one, unless the piece is large. */
static Block *block_for(Arena *arena, size_t whole) {
    Block *block = arena->newest;

    if (block && block->cap - block->used >= whole)
        return block;
    /* A large piece goes behind the newest block, whose rest small ones can still use. */
    if (block && whole > BLOCK_BYTES_MAX / 2)
        return add_block(&block->older, whole);
    block = add_block(&arena->newest,
                      whole > arena->next_block_bytes ? whole : arena->next_block_bytes);
    if (arena->next_block_bytes < BLOCK_BYTES_MAX)
        arena->next_block_bytes *= 2;
    return block;
}

void *arena_alloc(Arena *arena, size_t bytes) {
    size_t whole = round_up(bytes > 0 ? bytes : 1);
    Block *block = block_for(arena, whole);
    char *piece = block->data + block->used;

    block->used += whole;
    arena->used_bytes += bytes;
    arena->last_piece = block == arena->newest ? piece : NULL;
    SHOW(piece, bytes);
    memset(piece, 0, bytes);
    return piece;
}

void *arena_array(Arena *arena, size_t count, size_t size) {
    size_t bytes;

    if (!size_mul(count, size, &bytes))
        log_fatal("no memory left", "a size beyond the address space");
    return arena_alloc(arena, bytes);
}

/* The place of the block that holds this large piece alone, among the two newest; NULL when there is none. */
static Block **own_block(Arena *arena, const void *piece, size_t bytes) {
    Block **at = &arena->newest;

    for (int i = 0; i < 2 && *at; i++, at = &(*at)->older) {
        Block *block = *at;

        if ((const void *)block->data == piece && block->cap > BLOCK_BYTES_MAX / 2 &&
            block->used == round_up(bytes) && block->used == block->cap)
            return at;
    }
    return NULL;
}

/* The block moves with its piece, so that buffers that double leave nothing behind. */
static void *grow_own(Arena *arena, Block **at, size_t old_bytes, size_t new_bytes, size_t whole) {
    size_t all;

    if (!size_add(whole, sizeof(Block), &all))
        log_fatal("no memory left", "a size beyond the address space");
    SHOW((*at)->data, (*at)->cap);
    Block *block = take(*at, all);
    *at = block;
    block->cap = block->used = whole;
    HIDE(block->data, block->cap);
    SHOW(block->data, new_bytes);
    memset(block->data + old_bytes, 0, new_bytes - old_bytes);
    arena->used_bytes += new_bytes - old_bytes;
    arena->last_piece = at == &arena->newest ? block->data : NULL;
    return block->data;
}

void *arena_grow(Arena *arena, void *old, size_t old_bytes, size_t new_bytes) {
    assert(new_bytes >= old_bytes);
    if (!old)
        return arena_alloc(arena, new_bytes);

    Block *block = arena->newest;
    size_t whole = round_up(new_bytes > 0 ? new_bytes : 1);
    if (old == arena->last_piece) {
        size_t start = (size_t)((char *)old - block->data);

        if (block->cap - start >= whole) {
            block->used = start + whole;
            arena->used_bytes += new_bytes - old_bytes;
            SHOW(old, new_bytes);
            memset((char *)old + old_bytes, 0, new_bytes - old_bytes);
            return old;
        }
    }
    Block **own = old_bytes > 0 ? own_block(arena, old, old_bytes) : NULL;
    if (own)
        return grow_own(arena, own, old_bytes, new_bytes, whole);
    void *piece = arena_alloc(arena, new_bytes);
    memcpy(piece, old, old_bytes);
    HIDE(old, old_bytes); /* whoever still reads the old address reads what will not be kept up */
    return piece;
}

void *arena_copy(Arena *arena, const void *bytes, size_t len) {
    void *piece = arena_alloc(arena, len);

    if (len > 0)
        memcpy(piece, bytes, len);
    return piece;
}

bool arena_is_over(const Arena *arena) {
    return arena->budget_bytes > 0 && arena->used_bytes > arena->budget_bytes;
}

size_t arena_used(const Arena *arena) {
    return arena->used_bytes;
}

size_t arena_budget(const Arena *arena) {
    return arena->budget_bytes;
}

void arena_set_budget(Arena *arena, size_t budget_bytes) {
    arena->budget_bytes = budget_bytes;
}

/* Takes the largest block of at most keep_bytes out of the list; NULL when there is none. */
static Block *take_largest(Block **list, size_t keep_bytes) {
    Block **best = NULL;

    for (Block **at = list; *at; at = &(*at)->older) {
        if ((*at)->cap <= keep_bytes && (!best || (*at)->cap > (*best)->cap))
            best = at;
    }
    if (!best)
        return NULL;
    Block *block = *best;
    *best = block->older;
    block->older = NULL;
    return block;
}

void arena_reset(Arena *arena, size_t keep_bytes) {
    /* One block only: pieces are cut from the newest, so others would lie idle. */
    Block *kept = take_largest(&arena->newest, keep_bytes);

    free_blocks(arena->newest);
    arena->newest = kept;
    arena->last_piece = NULL;
    arena->used_bytes = 0;
    arena->next_block_bytes = FIRST_BLOCK_BYTES;
    if (!kept)
        return;
    kept->used = 0;
    HIDE(kept->data, kept->cap);
    while (arena->next_block_bytes <= kept->cap && arena->next_block_bytes < BLOCK_BYTES_MAX)
        arena->next_block_bytes *= 2;
}
