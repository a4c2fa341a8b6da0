/* text/bigrams.c - the terms by which text is found (the rule is in the header). */
#include "text/bigrams.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "text/fold.h"

typedef enum Kind {
    KIND_SEPARATOR,
    KIND_RUN,  /* a character of a script written without blanks */
    KIND_WORD, /* any other letter or digit */
    KIND_MARK  /* belongs to the word before it; means nothing elsewhere */
} Kind;

/* One character as UTF-8, with its place in the text. */
typedef struct Char {
    char bytes[4];
    size_t len;
    size_t from, to;
} Char;

typedef struct Walk {
    BigramsMode mode;
    BigramsEmit emit;
    void *user;
    bool is_stopped;
    size_t position; /* of the next term */

    size_t run_chars; /* characters of the open run, 0: none */
    Char last;        /* of the open run */
    bool has_owed;    /* QUERY: the last character of a closed run, told only if more follows */
    Char owed;

    size_t word_chars; /* characters of the open word, 0: none */
    size_t word_bytes;
    size_t word_from, word_to;
    char word[4 * BIGRAMS_WORD_MAX];
} Walk;

static bool is_unspaced_script(UChar32 rune) {
    UErrorCode code = U_ZERO_ERROR;

    if (rune == 0x30FC) /* the long vowel sign, common to Hiragana and Katakana */
        return true;
    switch (uscript_getScript(rune, &code)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_BOPOMOFO:
    case USCRIPT_HANGUL:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
        return true;
    default:
        return false;
    }
}

static Kind kind_of(uint32_t rune) {
    if (rune < 0x80) {
        bool is_letter = (rune >= 'a' && rune <= 'z') || (rune >= '0' && rune <= '9');

        return is_letter ? KIND_WORD : KIND_SEPARATOR;
    }
    if (rune >= 0x4E00 && rune <= 0x9FFF)
        return KIND_RUN;
    if (rune >= 0x2E80 && rune <= 0x2EFF) /* radicals: symbols by category, read as characters */
        return KIND_RUN;
    if (rune == UTF8_BAD)
        return KIND_SEPARATOR;
    uint32_t type = U_MASK(u_charType((UChar32)rune));
    if (!(type & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)))
        return KIND_SEPARATOR;
    if (is_unspaced_script((UChar32)rune))
        return KIND_RUN;
    return type & U_GC_M_MASK ? KIND_MARK : KIND_WORD;
}

static void tell(Walk *walk, Str term, size_t from, size_t to, bool is_colocated) {
    if (walk->is_stopped)
        return;
    if (!is_colocated)
        walk->position++;
    walk->is_stopped = !walk->emit(walk->user, term, from, to, walk->position - 1, is_colocated);
}

static void tell_char(Walk *walk, const Char *c, bool is_colocated) {
    tell(walk, (Str){ c->bytes, c->len }, c->from, c->to, is_colocated);
}

/*
 * More of the query follows the run that was closed: its last character keeps the positions right.
 */
static void tell_owed(Walk *walk) {
    if (walk->has_owed)
        tell_char(walk, &walk->owed, false);
    walk->has_owed = false;
}

static void tell_bigram(Walk *walk, const Char *a, const Char *b) {
    char bytes[8];

    memcpy(bytes, a->bytes, a->len);
    memcpy(bytes + a->len, b->bytes, b->len);
    tell(walk, (Str){ bytes, a->len + b->len }, a->from, b->to, false);
}

static void close_run(Walk *walk) {
    if (walk->run_chars == 0)
        return;
    if (walk->mode == BIGRAMS_INDEX || walk->run_chars == 1) {
        tell_char(walk, &walk->last, false);
    } else {
        walk->owed = walk->last;
        walk->has_owed = true;
    }
    walk->run_chars = 0;
}

static void close_word(Walk *walk) {
    if (walk->word_chars == 0)
        return;
    tell(walk, (Str){ walk->word, walk->word_bytes }, walk->word_from, walk->word_to, false);
    walk->word_chars = walk->word_bytes = 0;
}

static void add_to_run(Walk *walk, const FoldChar *c) {
    Char next = { .from = c->byte_from, .to = c->byte_to };

    close_word(walk);
    next.len = utf8_put(c->rune, next.bytes);
    if (walk->run_chars == 0) {
        tell_owed(walk);
    } else {
        tell_bigram(walk, &walk->last, &next);
        if (walk->mode == BIGRAMS_INDEX)
            tell_char(walk, &walk->last, true);
    }
    walk->last = next;
    walk->run_chars++;
}

static void add_to_word(Walk *walk, const FoldChar *c) {
    close_run(walk);
    tell_owed(walk);
    if (walk->word_chars == BIGRAMS_WORD_MAX)
        close_word(walk);
    if (walk->word_chars == 0)
        walk->word_from = c->byte_from;
    walk->word_bytes += utf8_put(c->rune, walk->word + walk->word_bytes);
    walk->word_chars++;
    walk->word_to = c->byte_to;
}

bool bigrams_walk(Str text, BigramsMode mode, BigramsEmit emit, void *user) {
    Walk walk = { .mode = mode, .emit = emit, .user = user };
    FoldWalk fold;
    FoldChar c;

    fold_start(&fold, text);
    while (!walk.is_stopped && fold_next(&fold, &c)) {
        switch (kind_of(c.rune)) {
        case KIND_RUN:
            add_to_run(&walk, &c);
            break;
        case KIND_WORD:
            add_to_word(&walk, &c);
            break;
        case KIND_MARK:
            if (walk.word_chars > 0)
                add_to_word(&walk, &c);
            break;
        case KIND_SEPARATOR:
            close_run(&walk);
            close_word(&walk);
            break;
        }
    }
    close_run(&walk);
    close_word(&walk);
    return !walk.is_stopped;
}

/* ---- as a list ---- */

typedef struct Listing {
    Arena *arena;
    VEC(BigramsTerm) terms;
} Listing;

static bool list_term(void *user, Str term, size_t byte_from, size_t byte_to, size_t position,
                      bool is_colocated) {
    Listing *listing = user;

    *VEC_PUSH(listing->arena, &listing->terms) =
        (BigramsTerm){ str_dup(listing->arena, term), byte_from, byte_to, position, is_colocated };
    return !arena_is_over(listing->arena);
}

Err bigrams_terms(Arena *arena, Str text, BigramsMode mode, BigramsTerms *ret) {
    Listing listing = { .arena = arena };

    if (!bigrams_walk(text, mode, list_term, &listing))
        return FAIL(ERR_LIMIT, NULL, N_("The text is too long to be searched."));
    *ret = (BigramsTerms){ listing.terms.items, listing.terms.len };
    return OK;
}
