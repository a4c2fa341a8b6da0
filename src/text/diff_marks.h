/* text/diff_marks.h - which elements of two sequences differ (private to the differ). */
#ifndef TEXT_DIFF_MARKS_H
#define TEXT_DIFF_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* A sequence of numbers that are equal where the elements are. */
typedef struct DiffSide {
    const uint32_t *ids;
    bool *is_changed; /* out: the element is not part of the other side */
    size_t len;
} DiffSide;

/*
 * Marks a short way from old to new (Myers 1986, in linear space): the unmarked elements of both
 * are the same in the same order. *work_left counts elementary steps down, over many calls; when it
 * is used up, or a passage would need more than DIFF_COST_MAX changes, all of that passage is
 * marked. Room for the search is taken from arena: 8 bytes per element.
 */
enum { DIFF_COST_MAX = 2000 };
void diff_mark(Arena *arena, DiffSide *old_side, DiffSide *new_side, int64_t *work_left);

#endif
