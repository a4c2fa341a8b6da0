/* text/excerpt.c - the beginning of a text, or the part of it that answers a search. */
#include "text/excerpt.h"

#include <assert.h>
#include <unicode/uchar.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "text/fold.h"
#include "text/unicode.h"

#define ELLIPSIS S("…")

enum {
    WORDS_MAX = 16,      /* of a query; later ones are not marked */
    WORD_RUNES_MAX = 64, /* the rest of a longer word is not compared */
    RING = 128           /* at least WORD_RUNES_MAX + 2, a power of two */
};

static Err check_budget(const Arena *arena) {
    if (arena_is_over(arena))
        return FAIL(ERR_LIMIT, NULL, N_("The text is too long."));
    return OK;
}

static Err check_utf8(Str text) {
    if (!utf8_is_valid(text))
        return FAIL(ERR_INVALID, NULL, N_("The text is not valid UTF-8."));
    return OK;
}

/* Runs of white space as one blank, none at the ends. */
static Str join_blanks(Arena *arena, Str text) {
    Buf buf = buf_new(arena, text.len + 1);
    bool is_blank_due = false;

    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        uint32_t rune = utf8_next(text, &at);

        if (rune < 0x80 ? (rune == ' ' || (rune >= '\t' && rune <= '\r'))
                        : u_isUWhiteSpace((UChar32)rune)) {
            is_blank_due = buf.len > 0;
            continue;
        }
        if (is_blank_due)
            buf_add_char(&buf, ' ');
        is_blank_due = false;
        buf_add(&buf, str_slice(text, from, at));
    }
    return buf_str(&buf);
}

/* ---- where a text may be cut ---- */

static bool is_in(uint32_t rune, const char *set) {
    Str list = str_from_c(set);

    for (size_t at = 0; at < list.len;) {
        if (utf8_next(list, &at) == rune)
            return true;
    }
    return false;
}

static bool is_sentence_end(uint32_t rune) {
    return is_in(rune, "。！？!?…");
}
static bool is_comma(uint32_t rune) {
    return is_in(rune, "，、；：,;:—");
}
static bool is_closing(uint32_t rune) {
    return is_in(rune, "”’」』）》】\")]");
}

/* A letter or digit of a script that puts blanks between words. */
static bool is_spaced_letter(uint32_t rune) {
    return rune != UTF8_BAD && rune < 0x2E80 && u_isalnum((UChar32)rune);
}

/* The last places, in bytes, where text may end well; 0 where there is none at or after `from`. */
typedef struct Ends {
    size_t sentence; /* behind the sign and what closes with it */
    size_t comma;    /* before the sign */
    size_t word;     /* behind a word or any Chinese character */
} Ends;

/* `next` is the rune behind text, which tells whether its last word is whole. */
static Ends find_ends(Str text, size_t from, uint32_t next) {
    Ends ends = { 0 };
    uint32_t before = UTF8_BAD;
    bool has_ended = false; /* only closing signs since a sentence end */

    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint32_t rune = utf8_next(text, &at);
        size_t peek = at;
        uint32_t after = at < text.len ? utf8_next(text, &peek) : next;

        has_ended = is_sentence_end(rune) || (rune == '.' && after == ' ') ||
                    (has_ended && is_closing(rune));
        if (has_ended && at >= from)
            ends.sentence = at;
        if (is_comma(rune) && start >= from && !is_in(before, "，、；：,;:—"))
            ends.comma = start;
        bool is_inside = is_spaced_letter(rune) && is_spaced_letter(after);
        if (!is_inside && at >= from && rune != ' ' &&
            !u_hasBinaryProperty((UChar32)after, UCHAR_GRAPHEME_EXTEND))
            ends.word = at;
        before = rune;
    }
    return ends;
}

/* Text shortened to a good end at or after byte `from`; unchanged when there is none. */
static Str end_well(Str text, size_t from, uint32_t next) {
    Ends ends = find_ends(text, from, next);

    if (ends.sentence > 0)
        return str_slice(text, 0, ends.sentence);
    if (ends.comma > 0)
        return str_slice(text, 0, ends.comma);
    return ends.word > 0 ? str_slice(text, 0, ends.word) : text;
}

static uint32_t rune_at(Str text, size_t at) {
    return at < text.len ? utf8_next(text, &at) : UTF8_BAD;
}

Err excerpt_first(Arena *arena, Str plain, size_t graphemes_max, Str *ret) {
    Str whole, half;

    assert(graphemes_max >= 2);
    TRY(check_utf8(plain));
    Str text = join_blanks(arena, plain);
    TRY(check_budget(arena));
    TRY(unicode_cut_graphemes(text, graphemes_max, &whole));
    if (whole.len == text.len) {
        *ret = text;
        return OK;
    }
    TRY(unicode_cut_graphemes(text, graphemes_max - 1, &whole));
    TRY(unicode_cut_graphemes(text, graphemes_max / 2, &half));
    Str cut = end_well(whole, half.len, rune_at(text, whole.len));
    *ret = str_concat(arena, str_trim(cut), ELLIPSIS);
    return check_budget(arena);
}

/* ---- words of a query in a text ---- */

typedef struct Word {
    uint32_t runes[WORD_RUNES_MAX];
    size_t len;
} Word;

typedef struct Words {
    Word *items;
    size_t len;
} Words;

/* Parts of the query between signs and blanks, folded. */
static Words words_of(Arena *arena, Str query) {
    Words words = { .items = arena_array(arena, WORDS_MAX, sizeof(Word)) };
    Word *open = NULL;
    FoldWalk walk;
    FoldChar c;

    fold_start(&walk, query);
    while (fold_next(&walk, &c)) {
        bool is_part =
            c.rune != UTF8_BAD && (u_isalnum((UChar32)c.rune) ||
                                   (open && (U_GET_GC_MASK((UChar32)c.rune) & U_GC_M_MASK)));

        if (!is_part) {
            open = NULL;
            continue;
        }
        if (!open && words.len == WORDS_MAX)
            break;
        if (!open)
            open = &words.items[words.len++];
        if (open->len < WORD_RUNES_MAX)
            open->runes[open->len++] = c.rune;
    }
    return words;
}

typedef struct Hit {
    size_t from, to; /* bytes */
} Hit;

/* Looks for words while a text is walked; the last characters are kept in a ring. */
typedef struct Search {
    const Words *words;
    FoldChar ring[RING];
    size_t count; /* characters seen */
} Search;

/* The character `back` places before the newest one; UTF8_BAD before the first. */
static uint32_t seen(const Search *search, size_t back) {
    return back < search->count ? search->ring[(search->count - 1 - back) % RING].rune : UTF8_BAD;
}

/*
 * Whether `word` ends with the newest character; next is the one after it. Words with blanks around
 * count whole.
 */
static bool ends_here(const Search *search, const Word *word, uint32_t next) {
    if (word->len > search->count)
        return false;
    for (size_t i = 0; i < word->len; i++) {
        if (seen(search, i) != word->runes[word->len - 1 - i])
            return false;
    }
    bool is_cut_before =
        is_spaced_letter(word->runes[0]) && is_spaced_letter(seen(search, word->len));
    bool is_cut_after = is_spaced_letter(word->runes[word->len - 1]) && is_spaced_letter(next);
    return !is_cut_before && !is_cut_after;
}

/* The longest word that ends with the newest character. */
static bool find_here(const Search *search, uint32_t next, Hit *ret) {
    const Word *best = NULL;

    for (size_t i = 0; i < search->words->len; i++) {
        const Word *word = &search->words->items[i];

        if ((!best || word->len > best->len) && ends_here(search, word, next))
            best = word;
    }
    if (!best)
        return false;
    size_t last = search->count - 1;
    *ret = (Hit){ search->ring[(last + 1 - best->len) % RING].byte_from,
                  search->ring[last % RING].byte_to };
    return true;
}

typedef struct Hits {
    Hit *items;
    size_t len, cap;
} Hits;

/*
 * Appends the places of words in text, in order, joined where they overlap; at most `most` of them.
 */
static void find_hits(Arena *arena, Str text, const Words *words, size_t most, Hits *hits) {
    Search search = { .words = words };
    FoldWalk walk;
    FoldChar c;
    bool has_next = true;

    fold_start(&walk, text);
    while (has_next) {
        Hit hit;

        has_next = fold_next(&walk, &c);
        if (search.count > 0 && find_here(&search, has_next ? c.rune : UTF8_BAD, &hit)) {
            Hit *last = hits->len > 0 ? &hits->items[hits->len - 1] : NULL;

            if (last && hit.from <= last->to) {
                last->from = hit.from < last->from ? hit.from : last->from;
                last->to = hit.to;
            } else if (hits->len == most) {
                return;
            } else {
                *VEC_PUSH(arena, hits) = hit;
            }
        }
        if (has_next)
            search.ring[search.count++ % RING] = c;
    }
}

/* ---- the piece around the first hit ---- */

/* Byte offset `runes` characters before `at`, on a border of UTF-8. */
static size_t step_back(Str text, size_t at, size_t runes) {
    while (at > 0 && runes > 0) {
        at--;
        runes -= ((unsigned char)text.ptr[at] & 0xC0) != 0x80;
    }
    return at;
}

/*
 * Where the piece begins: at most `runes` before the hit, behind the first sentence end or comma
 * there, else at a word's beginning; never inside a cluster, as far as marks and joiners go.
 */
static size_t find_start(Str text, size_t hit, size_t runes) {
    size_t start = step_back(text, hit, runes), at = start;
    uint32_t before = start > 0 ? rune_at(text, step_back(text, start, 1)) : ' ';

    if (start == 0)
        return 0;
    while (at < hit) {
        uint32_t rune = utf8_next(text, &at);

        if ((is_sentence_end(rune) || is_comma(rune)) && at < hit)
            return at;
    }
    for (at = start; at < hit;) {
        size_t from = at;
        uint32_t rune = utf8_next(text, &at);
        bool is_inside = is_spaced_letter(before) && is_spaced_letter(rune);

        if (!is_inside && before != 0x200D &&
            !u_hasBinaryProperty((UChar32)rune, UCHAR_GRAPHEME_EXTEND))
            return from;
        before = rune;
    }
    return hit;
}

static void add_part(Arena *arena, ExcerptParts *parts, size_t *cap, Str text, bool is_hit) {
    struct {
        ExcerptPart *items;
        size_t len, cap;
    } list = { parts->items, parts->len, *cap };

    if (text.len == 0)
        return;
    *VEC_PUSH(arena, &list) = (ExcerptPart){ text, is_hit };
    parts->items = list.items;
    parts->len = list.len;
    *cap = list.cap;
}

/* Splits a piece at its hits. */
static void split_at_hits(Arena *arena, Str piece, const Words *words, ExcerptParts *ret) {
    ExcerptParts parts = { 0 };
    Hits hits = { 0 };
    size_t from = 0, cap = 0;

    find_hits(arena, piece, words, SIZE_MAX, &hits);
    for (size_t i = 0; i < hits.len; i++) {
        add_part(arena, &parts, &cap, str_slice(piece, from, hits.items[i].from), false);
        add_part(arena, &parts, &cap, str_slice(piece, hits.items[i].from, hits.items[i].to), true);
        from = hits.items[i].to;
    }
    add_part(arena, &parts, &cap, str_slice(piece, from, piece.len), false);
    *ret = parts;
}

static Err give_first(Arena *arena, Str plain, size_t graphemes_max, ExcerptParts *ret) {
    ExcerptParts parts = { 0 };
    Str text;
    size_t cap = 0;

    TRY(excerpt_first(arena, plain, graphemes_max, &text));
    add_part(arena, &parts, &cap, text, false);
    *ret = parts;
    return OK;
}

Err excerpt_snippet(Arena *arena, Str plain, Str query, size_t graphemes_max, ExcerptParts *ret) {
    Hits hits = { 0 };
    Str cut;

    assert(graphemes_max >= 2);
    TRY(check_utf8(plain));
    Words words = words_of(arena, query);
    find_hits(arena, plain, &words, 1, &hits);
    if (hits.len == 0)
        return give_first(arena, plain, graphemes_max, ret);

    size_t start = find_start(plain, hits.items[0].from, graphemes_max / 3);
    Str rest = join_blanks(arena, str_slice(plain, start, plain.len));
    TRY(check_budget(arena));
    size_t room = graphemes_max - (start > 0);
    TRY(unicode_cut_graphemes(rest, room, &cut));
    if (cut.len < rest.len) {
        TRY(unicode_cut_graphemes(rest, room - 1, &cut));
        Str half;
        TRY(unicode_cut_graphemes(rest, room * 2 / 3, &half));
        cut =
            str_concat(arena, str_trim(end_well(cut, half.len, rune_at(rest, cut.len))), ELLIPSIS);
    }
    split_at_hits(arena, start > 0 ? str_concat(arena, ELLIPSIS, cut) : cut, &words, ret);
    return check_budget(arena);
}
