/*
 * text/diff_marks.c - which elements of two sequences differ: the linear-space algorithm of E. W.
 * Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), with a bound on its cost.
 *
 * A pair of positions (x in old, y in new) lies on the diagonal x - y. Two searches, from the
 * beginning and from the end, keep the furthest x reached on each diagonal; where they meet the
 * passage is split in two.
 */
#include "text/diff_marks.h"

#include <string.h>

typedef struct Box {
    int32_t x0, x1; /* of old, x1 beyond the last */
    int32_t y0, y1; /* of new */
} Box;

typedef struct Search {
    DiffSide *old_side, *new_side;
    int32_t *forward, *backward; /* by diagonal; may be indexed from -(new + 1) to old + 1 */
    int64_t *work_left;
} Search;

/* The diagonals one search has reached, every second of them. */
typedef struct Front {
    int32_t low, high;
} Front;

/*
 * One change more: the front grows by one diagonal on each side, inside the box; `unreached` is put
 * beside its ends so that no step comes from there.
 */
static void widen(Front *front, int32_t *reached, const Box *box, int32_t unreached) {
    int32_t lowest = box->x0 - box->y1, highest = box->x1 - box->y0;

    if (front->low > lowest) {
        front->low--;
        reached[front->low - 1] = unreached;
    } else {
        front->low++;
    }
    if (front->high < highest) {
        front->high++;
        reached[front->high + 1] = unreached;
    } else {
        front->high--;
    }
}

static bool has_reached(const Front *front, int32_t diagonal) {
    return diagonal >= front->low && diagonal <= front->high;
}

/*
 * A step of the search from the beginning. True with *ret_x, *ret_y where it meets the other one.
 */
static bool step_forward(Search *s, const Box *box, Front *front, const Front *other, bool may_meet,
                         int32_t *ret_x, int32_t *ret_y) {
    const uint32_t *a = s->old_side->ids, *b = s->new_side->ids;

    widen(front, s->forward, box, -1);
    for (int32_t d = front->high; d >= front->low; d -= 2) {
        int32_t left = s->forward[d - 1], above = s->forward[d + 1];
        int32_t x = left < above ? above : left + 1, from = x;

        while (x < box->x1 && x - d < box->y1 && a[x] == b[x - d])
            x++;
        s->forward[d] = x;
        *s->work_left -= 1 + (x - from);
        if (may_meet && has_reached(other, d) && s->backward[d] <= x) {
            *ret_x = x;
            *ret_y = x - d;
            return true;
        }
    }
    return false;
}

/* The same from the end. */
static bool step_backward(Search *s, const Box *box, Front *front, const Front *other,
                          bool may_meet, int32_t *ret_x, int32_t *ret_y) {
    const uint32_t *a = s->old_side->ids, *b = s->new_side->ids;

    widen(front, s->backward, box, INT32_MAX);
    for (int32_t d = front->high; d >= front->low; d -= 2) {
        int32_t above = s->backward[d - 1], right = s->backward[d + 1];
        int32_t x = above < right ? above : right - 1, from = x;

        while (x > box->x0 && x - d > box->y0 && a[x - 1] == b[x - d - 1])
            x--;
        s->backward[d] = x;
        *s->work_left -= 1 + (from - x);
        if (may_meet && has_reached(other, d) && x <= s->forward[d]) {
            *ret_x = x;
            *ret_y = x - d;
            return true;
        }
    }
    return false;
}

/* A point on a shortest way through the box; false when that costs too much to find. */
static bool find_middle(Search *s, const Box *box, int32_t *ret_x, int32_t *ret_y) {
    Front front = { box->x0 - box->y0, box->x0 - box->y0 };
    Front back = { box->x1 - box->y1, box->x1 - box->y1 };
    bool is_odd = (front.low - back.low) & 1;

    s->forward[front.low] = box->x0;
    s->backward[back.low] = box->x1;
    for (int cost = 0; cost < DIFF_COST_MAX / 2 && *s->work_left > 0; cost++) {
        if (step_forward(s, box, &front, &back, is_odd, ret_x, ret_y) ||
            step_backward(s, box, &back, &front, !is_odd, ret_x, ret_y))
            return true;
    }
    return false;
}

static void mark_all(Search *s, const Box *box) {
    memset(s->old_side->is_changed + box->x0, true, (size_t)(box->x1 - box->x0));
    memset(s->new_side->is_changed + box->y0, true, (size_t)(box->y1 - box->y0));
}

/* Recursion halves the number of changes each time, which find_middle bounds: a dozen levels. */
static void mark_box(Search *s, Box box) {
    const uint32_t *a = s->old_side->ids, *b = s->new_side->ids;
    int32_t x, y;

    while (box.x0 < box.x1 && box.y0 < box.y1 && a[box.x0] == b[box.y0]) {
        box.x0++;
        box.y0++;
    }
    while (box.x0 < box.x1 && box.y0 < box.y1 && a[box.x1 - 1] == b[box.y1 - 1]) {
        box.x1--;
        box.y1--;
    }
    if (box.x0 == box.x1 || box.y0 == box.y1 || !find_middle(s, &box, &x, &y)) {
        mark_all(s, &box);
        return;
    }
    mark_box(s, (Box){ box.x0, x, box.y0, y });
    mark_box(s, (Box){ x, box.x1, y, box.y1 });
}

void diff_mark(Arena *arena, DiffSide *old_side, DiffSide *new_side, int64_t *work_left) {
    size_t diagonals = old_side->len + new_side->len + 3;
    int32_t *room = arena_array(arena, 2 * diagonals, sizeof(int32_t));
    size_t middle = new_side->len + 1;
    Search s = { old_side, new_side, room + middle, room + diagonals + middle, work_left };

    mark_box(&s, (Box){ 0, (int32_t)old_side->len, 0, (int32_t)new_side->len });
}
