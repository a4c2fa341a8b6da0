/* text/excerpt.h - the beginning of a text, or the part of it that answers a search. */
#ifndef TEXT_EXCERPT_H
#define TEXT_EXCERPT_H

#include "base/err.h"
#include "base/str.h"

/*
 * The first graphemes of plain text (never markup), runs of white space joined to one blank. A text
 * that is longer than graphemes_max ends at the last sentence end in its second half, else the last
 * comma-like sign there, else between words, with … after it, and has at most graphemes_max
 * clusters with the sign. graphemes_max >= 2. In arena. ERR_INVALID: not UTF-8; ERR_LIMIT: beyond
 * the arena's budget.
 */
CHECKED Err excerpt_first(Arena *arena, Str plain, size_t graphemes_max, Str *ret);

typedef struct ExcerptPart {
    Str text; /* never empty */
    bool is_hit;
} ExcerptPart;

typedef struct ExcerptParts {
    ExcerptPart *items; /* no two neighbours alike in is_hit */
    size_t len;
} ExcerptParts;

/*
 * A piece of plain around the first place where a word of the query stands, at most graphemes_max
 * clusters, with … where it was cut. Words of the query are its parts between white space; they are
 * compared as search compares (text/fold.h), and every place in the piece where one stands is a
 * hit. Without any hit it is excerpt_first as one part (none for an empty text). Same failures as
 * there.
 */
CHECKED Err excerpt_snippet(Arena *arena, Str plain, Str query, size_t graphemes_max,
                            ExcerptParts *ret);

#endif
