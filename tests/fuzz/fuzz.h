/* tests/fuzz/fuzz.h - what every target needs: bytes as a Str, a promise that aborts. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A broken promise is a finding, with or without assertions. */
#define MUST(condition) ((condition) ? (void)0 : abort())

static inline Str fuzz_input(const uint8_t *data, size_t size) {
    return (Str){ (const char *)data, size };
}

/*
 * The part up to the first 0xFF (which no text holds) and the rest, for targets that read two
 * texts.
 */
static inline Str fuzz_part(Str *rest) {
    Str part = STR_EMPTY;
    size_t at = str_find_char(*rest, '\xFF', 0);

    part = str_slice(*rest, 0, at);
    *rest = at == SIZE_MAX ? STR_EMPTY : str_slice(*rest, at + 1, rest->len);
    return part;
}

#endif
