/* base/id.c - 63-bit ids made by the program. An Ids has one lock; no other is taken under it. */
#include "base/id.h"

#include <assert.h>
#include <pthread.h>

#include "base/log.h"

enum { MS_BITS = 42, NODE_BITS = 8, COUNTER_BITS = 13, MS_SHIFT = NODE_BITS + COUNTER_BITS };

#define EPOCH_MS INT64_C(1577836800000) /* 2020-01-01T00:00Z */
#define MS_MAX ((INT64_C(1) << MS_BITS) - 1)
#define COUNTER_MAX ((INT64_C(1) << COUNTER_BITS) - 1)

struct Ids {
    pthread_mutex_t lock; /* over `last` */
    Clock *clock;
    int64_t node;
    int64_t last; /* no id at or below it is given */
};

Ids *ids_new(Clock *clock, int node) {
    assert(node >= 0 && node < 1 << NODE_BITS);
    Ids *ids = calloc(1, sizeof *ids);
    if (!ids || pthread_mutex_init(&ids->lock, NULL) != 0)
        log_fatal("no memory left", "the system gave none for the ids");
    ids->clock = clock;
    ids->node = node;
    return ids;
}

void ids_free(Ids *ids) {
    if (!ids)
        return;
    pthread_mutex_destroy(&ids->lock);
    free(ids);
}

void ids_raise(Ids *ids, int64_t highest) {
    pthread_mutex_lock(&ids->lock);
    if (highest > ids->last)
        ids->last = highest;
    pthread_mutex_unlock(&ids->lock);
}

/* The lowest id of this node that is above `last`. */
static int64_t lowest_above(int64_t last, int64_t node) {
    int64_t ms = last >> MS_SHIFT, last_node = last >> COUNTER_BITS & ((1 << NODE_BITS) - 1);

    if (last_node == node && (last & COUNTER_MAX) < COUNTER_MAX)
        return last + 1;
    if (last_node >= node)
        ms++;
    if (ms > MS_MAX)
        log_fatal("no ids left", "the highest stored id is at the end of their range");
    return ms << MS_SHIFT | node << COUNTER_BITS;
}

int64_t ids_next(Ids *ids) {
    int64_t ms = clock_now_ms(ids->clock) - EPOCH_MS;

    ms = ms < 0 ? 0 : ms > MS_MAX ? MS_MAX : ms;
    int64_t id = ms << MS_SHIFT | ids->node << COUNTER_BITS;
    pthread_mutex_lock(&ids->lock);
    if (id <= ids->last)
        id = lowest_above(ids->last, ids->node);
    ids->last = id;
    pthread_mutex_unlock(&ids->lock);
    return id;
}

int64_t id_random(Ctx *ctx) {
    uint64_t word;

    do {
        chance_fill(ctx->chance, &word, sizeof word);
        word >>= 1;
    } while (word == 0);
    return (int64_t)word;
}

int64_t id_time_ms(int64_t id) {
    return (id >> MS_SHIFT) + EPOCH_MS;
}
