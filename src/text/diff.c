/* text/diff.c - what changed between two texts: lines first, then characters of lines. */
#include "text/diff.h"

#include <unicode/uchar.h>

#include "base/map.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "text/diff_marks.h"

enum {
    WORK_MAX = 200 << 20,    /* elementary steps of one comparison: about a second */
    TINY_TOKENS = 3,         /* same passages between changes that may be taken into them */
    FIRST_WORD_ID = 0x110000 /* words are numbered above all characters */
};

/* ---- lines and characters as numbers ---- */

typedef struct Tokens {
    uint32_t *ids;
    uint32_t *bytes; /* length of each */
    size_t len, cap;
} Tokens;

typedef struct Numbering {
    Arena *arena;
    Map numbers; /* text to its number + 1 */
    uint32_t next;
} Numbering;

static uint32_t number_of(Numbering *n, Str text) {
    uintptr_t known = (uintptr_t)map_get(&n->numbers, text);

    if (known == 0) {
        known = (uintptr_t)n->next++ + 1;
        map_set(&n->numbers, text, (void *)known);
    }
    return (uint32_t)(known - 1);
}

static void add_token(Arena *arena, Tokens *tokens, uint32_t id, size_t bytes) {
    if (tokens->len == tokens->cap) {
        size_t cap = tokens->cap > 0 ? 2 * tokens->cap : 64;

        tokens->ids =
            arena_grow(arena, tokens->ids, tokens->cap * sizeof(uint32_t), cap * sizeof(uint32_t));
        tokens->bytes = arena_grow(arena, tokens->bytes, tokens->cap * sizeof(uint32_t),
                                   cap * sizeof(uint32_t));
        tokens->cap = cap;
    }
    tokens->ids[tokens->len] = id;
    tokens->bytes[tokens->len++] = (uint32_t)bytes;
}

/* Each with its line feed. */
static Tokens lines_of(Numbering *n, Str text) {
    Tokens tokens = { 0 };

    for (size_t from = 0; from < text.len;) {
        size_t end = str_find_char(text, '\n', from);
        size_t to = end == SIZE_MAX ? text.len : end + 1;

        add_token(n->arena, &tokens, number_of(n, str_slice(text, from, to)), to - from);
        from = to;
    }
    return tokens;
}

/* A letter or digit of a script that puts blanks between words. */
static bool is_word_rune(uint32_t rune) {
    return rune < 0x2E80 && u_isalnum((UChar32)rune);
}

static bool extends(uint32_t rune) {
    return rune >= 0x300 && u_hasBinaryProperty((UChar32)rune, UCHAR_GRAPHEME_EXTEND);
}

/* The byte behind the word or character that begins at `from`, with its marks; CR LF is one. */
static size_t token_end(Str text, size_t from, uint32_t *ret_first) {
    size_t at = from;
    uint32_t first = utf8_next(text, &at);
    bool is_word = is_word_rune(first);

    while (at < text.len) {
        size_t next = at;
        uint32_t rune = utf8_next(text, &next);

        if (!extends(rune) && !(is_word && is_word_rune(rune)) && !(first == '\r' && rune == '\n'))
            break;
        at = next;
        first = rune == '\n' ? rune : first;
    }
    *ret_first = first;
    return at;
}

static Tokens characters_of(Numbering *n, Str text) {
    Tokens tokens = { 0 };

    for (size_t from = 0; from < text.len;) {
        uint32_t first;
        size_t to = token_end(text, from, &first), alone = from;

        (void)utf8_next(text, &alone);
        add_token(n->arena, &tokens, alone == to ? first : number_of(n, str_slice(text, from, to)),
                  to - from);
        from = to;
    }
    return tokens;
}

/* ---- the list of parts ---- */

typedef struct Builder {
    Arena *arena;
    Str old_text, new_text;
    size_t old_at, new_at;          /* bytes already in parts */
    size_t same, deleted, inserted; /* bytes waiting; same is 0 or the others are */
    VEC(DiffPart) parts;
} Builder;

static void add_part(Builder *b, DiffKind kind, Str text) {
    if (text.len > 0)
        *VEC_PUSH(b->arena, &b->parts) = (DiffPart){ kind, text };
}

static void flush(Builder *b) {
    add_part(b, DIFF_SAME, str_slice(b->old_text, b->old_at, b->old_at + b->same));
    b->old_at += b->same;
    b->new_at += b->same;
    add_part(b, DIFF_DEL, str_slice(b->old_text, b->old_at, b->old_at + b->deleted));
    b->old_at += b->deleted;
    add_part(b, DIFF_INS, str_slice(b->new_text, b->new_at, b->new_at + b->inserted));
    b->new_at += b->inserted;
    b->same = b->deleted = b->inserted = 0;
}

static void add_same(Builder *b, size_t bytes) {
    if (bytes > 0 && b->deleted + b->inserted > 0)
        flush(b);
    b->same += bytes;
}

static void add_change(Builder *b, size_t deleted, size_t inserted) {
    if (deleted + inserted > 0 && b->same > 0)
        flush(b);
    b->deleted += deleted;
    b->inserted += inserted;
}

/* ---- comparing ---- */

/* Marked sequences, walked as an alternation of same and changed passages. */
typedef struct Pair {
    Tokens old_tokens, new_tokens;
    DiffSide old_side, new_side;
} Pair;

static Pair compare(Arena *arena, Tokens old_tokens, Tokens new_tokens, int64_t *work_left) {
    Pair pair = { old_tokens,
                  new_tokens,
                  { old_tokens.ids, arena_alloc(arena, old_tokens.len), old_tokens.len },
                  { new_tokens.ids, arena_alloc(arena, new_tokens.len), new_tokens.len } };

    diff_mark(arena, &pair.old_side, &pair.new_side, work_left);
    return pair;
}

/*
 * A passage that is the same in both, perhaps empty, and the change behind it: in tokens and in
 * bytes.
 */
typedef struct Step {
    size_t same, deleted, inserted;
    size_t same_bytes, deleted_bytes, inserted_bytes;
} Step;

static size_t changed_run(const DiffSide *side, const Tokens *tokens, size_t at,
                          size_t *ret_bytes) {
    size_t len = 0;

    *ret_bytes = 0;
    for (; at + len < side->len && side->is_changed[at + len]; len++)
        *ret_bytes += tokens->bytes[at + len];
    return len;
}

/* The step at x of old and y of new; false at the end of both. */
static bool next_step(const Pair *pair, size_t x, size_t y, Step *ret) {
    Step step = { 0 };

    /*
     * A passage ends where either side has a change: old knows nothing of what was put in between.
     */
    while (x + step.same < pair->old_side.len && y + step.same < pair->new_side.len &&
           !pair->old_side.is_changed[x + step.same] && !pair->new_side.is_changed[y + step.same])
        step.same_bytes += pair->old_tokens.bytes[x + step.same++];
    step.deleted =
        changed_run(&pair->old_side, &pair->old_tokens, x + step.same, &step.deleted_bytes);
    step.inserted =
        changed_run(&pair->new_side, &pair->new_tokens, y + step.same, &step.inserted_bytes);
    *ret = step;
    return step.same + step.deleted + step.inserted > 0;
}

static size_t larger(size_t a, size_t b) {
    return a > b ? a : b;
}

/*
 * Marks same passages of a few tokens as changed where they stand between changes at least as long,
 * one of which takes away and one of which adds: "3月5日" to "4月6日" reads better as one change than
 * as two around 月.
 */
static void join_tiny(Pair *pair) {
    Step before = { 0 }, step; /* before: the change in front, with what was joined to it */

    for (size_t x = 0, y = 0; next_step(pair, x, y, &step);) {
        bool is_tiny = step.same > 0 && step.same <= TINY_TOKENS &&
                       step.same <= larger(before.deleted, before.inserted) &&
                       step.same <= larger(step.deleted, step.inserted);
        bool is_mixed = before.deleted + step.deleted > 0 && before.inserted + step.inserted > 0;
        size_t next_x = x + step.same + step.deleted, next_y = y + step.same + step.inserted;

        if (is_tiny && is_mixed) {
            memset(pair->old_side.is_changed + x, true, step.same);
            memset(pair->new_side.is_changed + y, true, step.same);
            step.deleted += before.deleted + step.same;
            step.inserted += before.inserted + step.same;
        }
        before = step;
        x = next_x;
        y = next_y;
    }
}

/* Less than a quarter in common: two other passages, not a changed one. */
static bool has_little_in_common(const Pair *pair) {
    size_t same = 0, longer = pair->old_side.len > pair->new_side.len ? pair->old_side.len
                                                                      : pair->new_side.len;

    for (size_t i = 0; i < pair->old_side.len; i++)
        same += !pair->old_side.is_changed[i];
    return 4 * same < longer;
}

/* A passage of changed lines: its characters. */
static void compare_passage(Builder *b, Str old_text, Str new_text, int64_t *work_left) {
    if (old_text.len == 0 || new_text.len == 0 || *work_left <= 0) {
        add_change(b, old_text.len, new_text.len);
        return;
    }
    Numbering n = { .arena = b->arena, .numbers = map_new(b->arena), .next = FIRST_WORD_ID };
    Tokens old_tokens = characters_of(&n, old_text), new_tokens = characters_of(&n, new_text);
    Pair pair = compare(b->arena, old_tokens, new_tokens, work_left);

    join_tiny(&pair);
    if (has_little_in_common(&pair)) {
        add_change(b, old_text.len, new_text.len);
        return;
    }
    Step step;
    for (size_t x = 0, y = 0; next_step(&pair, x, y, &step);) {
        add_same(b, step.same_bytes);
        add_change(b, step.deleted_bytes, step.inserted_bytes);
        x += step.same + step.deleted;
        y += step.same + step.inserted;
    }
}

Err diff_text(Arena *arena, Str old_text, Str new_text, DiffList *ret) {
    Builder b = { .arena = arena, .old_text = old_text, .new_text = new_text };
    int64_t work_left = WORK_MAX;
    size_t old_at = 0, new_at = 0;

    if (!utf8_is_valid(old_text) || !utf8_is_valid(new_text))
        return FAIL(ERR_INVALID, NULL, N_("The text is not valid UTF-8."));
    if (old_text.len > DIFF_TEXT_BYTES || new_text.len > DIFF_TEXT_BYTES)
        return FAIL_ARGS(ERR_LIMIT, NULL, N_("Only texts of at most {0} bytes can be compared."),
                         str_from_int(arena, DIFF_TEXT_BYTES));
    Numbering n = { .arena = arena, .numbers = map_new(arena) };
    Tokens old_lines = lines_of(&n, old_text), new_lines = lines_of(&n, new_text);
    Pair pair = compare(arena, old_lines, new_lines, &work_left);
    Step step;
    for (size_t x = 0, y = 0; next_step(&pair, x, y, &step);) {
        add_same(&b, step.same_bytes);
        old_at += step.same_bytes;
        new_at += step.same_bytes;
        compare_passage(&b, str_slice(old_text, old_at, old_at + step.deleted_bytes),
                        str_slice(new_text, new_at, new_at + step.inserted_bytes), &work_left);
        old_at += step.deleted_bytes;
        new_at += step.inserted_bytes;
        x += step.same + step.deleted;
        y += step.same + step.inserted;
        if (arena_is_over(arena))
            return FAIL(ERR_LIMIT, NULL,
                        N_("The texts are too different to be compared at this length."));
    }
    flush(&b);
    *ret = (DiffList){ b.parts.items, b.parts.len };
    return OK;
}
