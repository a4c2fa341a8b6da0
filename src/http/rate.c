/* http/rate.c - the delay after failed sign-ins, per account and per address. One mutex guards the table. */
#include "http/rate.h"

#include <pthread.h>

#include "base/chance.h"
#include "base/map.h"

enum {
    SLOTS = 8192,
    WAYS = 8, /* places a key may stand in; the one longest quiet is given up */
    DOUBLINGS_MAX = 30,
    ADDRESS_SHARE = 10 /* an address may fail so many times oftener: a campus is behind one */
};

typedef struct Count {
    uint64_t key; /* 0: free */
    int64_t failures;
    int64_t last_ms;
    int64_t quiet_ms; /* since when no failure was added and none forgotten */
} Count;

struct SignInRate {
    pthread_mutex_t lock;
    SignInLimits limits;
    uint64_t salts[2]; /* accounts, addresses */
    Count counts[SLOTS];
};

SignInRate *rate_new(Arena *arena, SignInLimits limits) {
    SignInRate *rate = arena_alloc(arena, sizeof *rate);

    rate->limits = limits;
    pthread_mutex_init(&rate->lock, NULL);
    chance_fill(chance_system(), rate->salts, sizeof rate->salts);
    return rate;
}

static Count *count_of(SignInRate *rate, Str name, uint64_t salt) {
    uint64_t key = map_hash(name, salt) | 1;
    Count *first = &rate->counts[(key >> 8) % (SLOTS / WAYS) * WAYS], *quiet = first;

    for (size_t i = 0; i < WAYS; i++) {
        if (first[i].key == key)
            return &first[i];
        if (first[i].last_ms < quiet->last_ms)
            quiet = &first[i];
    }
    *quiet = (Count){ .key = key };
    return quiet;
}

static int64_t wait_of(const SignInRate *rate, const Count *count, int64_t share, int64_t now_ms) {
    int64_t over = count->failures - rate->limits.free_failures * share;

    if (over < 0 || count->failures == 0 || rate->limits.delay_ms == 0)
        return 0; /* nothing doubled stays nothing */
    int64_t delay = rate->limits.delay_max_ms;
    if (over < DOUBLINGS_MAX && rate->limits.delay_ms << over < delay)
        delay = rate->limits.delay_ms << over;
    int64_t left = count->last_ms + delay - now_ms;
    return left > 0 ? left : 0;
}

/* Failures are forgotten after a quiet time of the longest delay, one per such time. */
static void age(const SignInRate *rate, Count *count, int64_t now_ms) {
    int64_t pause = rate->limits.delay_max_ms > 0 ? rate->limits.delay_max_ms * 4 : 1;
    int64_t steps = (now_ms - count->quiet_ms) / pause;

    if (count->failures == 0 || steps <= 0)
        return;
    count->failures = count->failures > steps ? count->failures - steps : 0;
    count->quiet_ms += steps * pause; /* who asks again and is refused forgets no more by it */
}

int64_t rate_attempt(SignInRate *rate, Str account, Str address, int64_t now_ms) {
    Str names[2] = { account, address };
    int64_t shares[2] = { 1, ADDRESS_SHARE }, wait = 0;
    Count *counts[2] = { NULL, NULL };

    pthread_mutex_lock(&rate->lock);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (names[i].len == 0)
            continue;
        counts[i] = count_of(rate, names[i], rate->salts[i]);
        age(rate, counts[i], now_ms);
        int64_t left = wait_of(rate, counts[i], shares[i], now_ms);
        wait = left > wait ? left : wait;
    }
    for (size_t i = 0; i < COUNT_OF(names) && wait == 0; i++) {
        if (!counts[i])
            continue;
        counts[i]->failures++;
        counts[i]->last_ms = counts[i]->quiet_ms = now_ms;
    }
    pthread_mutex_unlock(&rate->lock);
    return wait;
}

void rate_succeeded(SignInRate *rate, Str account, Str address) {
    pthread_mutex_lock(&rate->lock);
    if (account.len > 0)
        count_of(rate, account, rate->salts[0])->failures = 0;
    if (address.len > 0) {
        Count *count = count_of(rate, address, rate->salts[1]);
        count->failures -= count->failures > 0;
    }
    pthread_mutex_unlock(&rate->lock);
}
