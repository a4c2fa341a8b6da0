/* text/proof_find.h - many literals at once: an automaton (Aho, Corasick) over bytes, letters of ASCII folded. */
#ifndef TEXT_PROOF_FIND_H
#define TEXT_PROOF_FIND_H

#include "base/err.h"
#include "base/str.h"

typedef struct ProofFinder ProofFinder;

ProofFinder *proof_finder_new(Arena *arena);
/* literal is not empty; value comes back with each match. Literals may repeat. */
void proof_finder_add(ProofFinder *finder, Str literal, uint32_t value);
/*
 * After the last one; then it is read-only. At most `cells` of 4 bytes are spent on a table that makes it fast; 256 at
 * least make it correct for any list. ERR_LIMIT (the arena's budget).
 */
CHECKED Err proof_finder_end(ProofFinder *finder, size_t cells);

/*
 * Reads on from *at to `end` and stops where literals end: true, with *at behind that byte. *state is 0 at the
 * beginning. Amortised constant time per byte.
 */
bool proof_finder_run(const ProofFinder *finder, uint32_t *state, Str text, size_t *at, size_t end);
/* The literals that end at this byte, the longest first: a match, then the next, until 0. */
uint32_t proof_finder_first(const ProofFinder *finder, uint32_t state);
uint32_t proof_finder_next(const ProofFinder *finder, uint32_t match);
uint32_t proof_finder_value(const ProofFinder *finder, uint32_t match);

#endif
