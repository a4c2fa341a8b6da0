/* base/chance.h - random bytes behind an interface: the kernel's, or a seeded stream in tests. */
#ifndef BASE_CHANCE_H
#define BASE_CHANCE_H

#include <stddef.h>
#include <stdint.h>

typedef struct Chance Chance;
struct Chance {
    void (*fill)(Chance *chance, void *out, size_t bytes);
};

/* getrandom(2); ends the process with 70 if the kernel refuses. */
Chance *chance_system(void);

typedef struct SeededChance {
    Chance chance;
    uint64_t state;
} SeededChance;

/* A repeatable stream for tests; never for secrets. */
void chance_seeded(SeededChance *seeded, uint64_t seed);

static inline void chance_fill(Chance *chance, void *out, size_t bytes) {
    chance->fill(chance, out, bytes);
}
/* Uniform in [0, below); below > 0. */
uint64_t chance_below(Chance *chance, uint64_t below);

#endif
