/* text/fold.h - walking text character by character in the form that search compares. */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include "base/str.h"

/*
 * One character of the NFKC_Casefold form of a text, with the bytes of the text it came from:
 * several folded characters may share a range (㌀), and a range may hold several written ones (e +
 * accent).
 */
typedef struct FoldChar {
    uint32_t rune;    /* UTF8_BAD for a byte that is not UTF-8 */
    size_t byte_from; /* offsets in the text as written */
    size_t byte_to;
} FoldChar;

enum {
    FOLD_CHUNK_RUNES = 64, /* written characters normalised together at most: keeps time linear */
    FOLD_OUT_UNITS = FOLD_CHUNK_RUNES * 18 /* U+FDFA, the longest, gives 18 */
};

typedef struct FoldWalk {
    Str text;
    size_t at;       /* bytes taken from text */
    size_t from, to; /* bytes of the chunk in out */
    uint16_t out[FOLD_OUT_UNITS];
    int out_at, out_len;
} FoldWalk;

/* Starts at the beginning of text, which is borrowed. Valid or not, no text makes the walk fail. */
void fold_start(FoldWalk *walk, Str text);
/* False at the end. Characters that folding removes are not told. Linear in the whole. */
bool fold_next(FoldWalk *walk, FoldChar *ret);

#endif
