/* base/chance.c - random bytes from the kernel, or a seeded stream for tests. */
#include "base/chance.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "base/log.h"

static void system_fill(Chance *chance, void *out, size_t bytes) {
    char *to = out;

    (void)chance;
    while (bytes > 0) {
        ssize_t got = getrandom(to, bytes, 0);

        if (got < 0 && errno != EINTR)
            log_fatal("no random numbers", "getrandom(2) failed");
        if (got > 0) {
            to += got;
            bytes -= (size_t)got;
        }
    }
}

Chance *chance_system(void) {
    static Chance chance = { .fill = system_fill }; /* never written */

    return &chance;
}

/* SplitMix64 (Steele, Lea and Flood, 2014). */
static uint64_t next_seeded(uint64_t *state) {
    uint64_t x = *state += UINT64_C(0x9E3779B97F4A7C15);

    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static void seeded_fill(Chance *chance, void *out, size_t bytes) {
    SeededChance *seeded = (SeededChance *)chance;
    char *to = out;

    while (bytes > 0) {
        uint64_t word = next_seeded(&seeded->state);
        size_t len = bytes < sizeof word ? bytes : sizeof word;

        memcpy(to, &word, len);
        to += len;
        bytes -= len;
    }
}

void chance_seeded(SeededChance *seeded, uint64_t seed) {
    *seeded = (SeededChance){ .chance = { .fill = seeded_fill }, .state = seed };
}

uint64_t chance_below(Chance *chance, uint64_t below) {
    uint64_t word;

    assert(below > 0);
    /* 2^64 mod below: words under it would make the low results likelier than the others. */
    uint64_t uneven = (0 - below) % below;
    do
        chance_fill(chance, &word, sizeof word);
    while (word < uneven);
    return word % below;
}
