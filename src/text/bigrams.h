/* text/bigrams.h - the terms by which text is found: one function for FTS5 and for tsvector. */
#ifndef TEXT_BIGRAMS_H
#define TEXT_BIGRAMS_H

#include "base/err.h"
#include "base/str.h"

/* Stored with an index; another version means: build it anew (ground-rules.md, Search index). */
#define BIGRAMS_VERSION 1

/* Characters of one word; a longer one becomes several terms in a row. */
enum { BIGRAMS_WORD_MAX = 64 };

/*
 * The rule. Text is folded (NFKC_Casefold) and cut into
 *   runs   of Han, Kana, Bopomofo, Hangul, Thai, Lao, Khmer and Myanmar characters, which are
 *          written without blanks;
 *   words  of other letters and digits, with their marks: one term each;
 * everything else separates and is no term. In a run c0 c1 … cn-1 each character takes one
 * position:
 *
 *   INDEX  at the position of ci (i < n-1) the bigram ci ci+1 and, colocated, the single
 *          character ci; at the last position the single character alone.
 *   QUERY  the n-1 bigrams; the last character as a term of its own only when n = 1 or when more of
 *          the query follows, whose positions would not fit otherwise.
 *
 * So the terms of a query, asked for as a phrase (each one position after the one before), are
 * found exactly where its characters stand in a row: over runs, the number of matches is the number
 * of places at which the folded query is a substring of the folded text. One character is found by
 * its own term, two by theirs. A phrase that holds words finds them whole, whatever blanks or signs
 * stand between its parts.
 *
 * A single character costs one term more per character of the index; it is what makes 税 or 奖
 * findable.
 */
typedef enum BigramsMode { BIGRAMS_INDEX, BIGRAMS_QUERY } BigramsMode;

/*
 * term is borrowed for the call of emit. byte_from and byte_to are offsets in the text as written.
 * position counts from 0; is_colocated (FTS5_TOKEN_COLOCATED) says that it is the position of the
 * term before. Answer false to stop.
 */
typedef bool (*BigramsEmit)(void *user, Str term, size_t byte_from, size_t byte_to, size_t position,
                            bool is_colocated);

/*
 * Tells all terms in order. Time is linear, memory constant; no text makes it fail (a byte that is
 * not UTF-8 separates). False when emit stopped it. Pure: safe from any thread.
 */
bool bigrams_walk(Str text, BigramsMode mode, BigramsEmit emit, void *user);

typedef struct BigramsTerm {
    Str term; /* folded */
    size_t byte_from, byte_to;
    size_t position;
    bool is_colocated;
} BigramsTerm;

typedef struct BigramsTerms {
    BigramsTerm *items;
    size_t len;
} BigramsTerms;

/* The same as a list in arena; ERR_LIMIT when it passes the arena's budget. */
CHECKED Err bigrams_terms(Arena *arena, Str text, BigramsMode mode, BigramsTerms *ret);

#endif
