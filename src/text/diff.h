/* text/diff.h - what changed between two versions of a text, readable in Chinese and in English. */
#ifndef TEXT_DIFF_H
#define TEXT_DIFF_H

#include "base/err.h"
#include "base/str.h"

typedef enum DiffKind { DIFF_SAME, DIFF_DEL, DIFF_INS } DiffKind;

typedef struct DiffPart {
    DiffKind kind;
    Str text; /* never empty; a slice of the old text (SAME, DEL) or the new one (INS) */
} DiffPart;

typedef struct DiffList {
    DiffPart *items; /* DEL stands before INS at the same place; no two neighbours of one kind */
    size_t len;
} DiffList;

enum { DIFF_TEXT_BYTES = 1 << 20 }; /* of each text; beyond: ERR_LIMIT */

/*
 * SAME and DEL parts joined are old_text, SAME and INS parts new_text, byte for byte. First lines
 * are compared, then the characters of lines that were changed (a Latin word or number counts as
 * one character). Where two passages have little in common, or finding the shortest way would cost
 * too much, the whole passage is one DEL and one INS; so time is bounded for any input. A few same
 * characters between two changes belong to the change, for readers' sake.
 *
 * Both texts are borrowed and must live as long as *ret, which lives in arena. ERR_INVALID (not
 * UTF-8), ERR_LIMIT (a text too long, or beyond the arena's budget). Repeating is safe.
 */
CHECKED Err diff_text(Arena *arena, Str old_text, Str new_text, DiffList *ret);

#endif
