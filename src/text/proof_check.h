/* text/proof_check.h - the checks that no literal can do, by name, and what they share: private to the proofreader. */
#ifndef TEXT_PROOF_CHECK_H
#define TEXT_PROOF_CHECK_H

#include "text/proof.h"

/* X(constant, name in rule files): punctuation, numbers and dates, units, personal data, names, the whole draft. */
#define PROOF_CHECKS(X)                                                                            \
    X(HALF_COMMA, "half-comma")                                                                    \
    X(HALF_STOP, "half-stop")                                                                      \
    X(HALF_COLON, "half-colon")                                                                    \
    X(HALF_SEMICOLON, "half-semicolon")                                                            \
    X(HALF_QUESTION, "half-question")                                                              \
    X(HALF_BANG, "half-bang")                                                                      \
    X(HALF_PAREN, "half-paren")                                                                    \
    X(HALF_QUOTE, "half-quote")                                                                    \
    X(MARK_TWICE, "mark-twice")                                                                    \
    X(MARK_MIX, "mark-mix")                                                                        \
    X(MARK_MANY, "mark-many")                                                                      \
    X(MARK_ORDER, "mark-order")                                                                    \
    X(MARK_FIRST, "mark-first")                                                                    \
    X(DUNHAO_LAST, "dunhao-last")                                                                  \
    X(QUOTE_OPEN, "quote-open")                                                                    \
    X(QUOTE_CLOSE, "quote-close")                                                                  \
    X(QUOTE_NEST, "quote-nest")                                                                    \
    X(QUOTE_OUTER, "quote-outer")                                                                  \
    X(PAREN_OPEN, "paren-open")                                                                    \
    X(PAREN_CLOSE, "paren-close")                                                                  \
    X(BOOK_OPEN, "book-open")                                                                      \
    X(BOOK_CLOSE, "book-close")                                                                    \
    X(BOOK_NEST, "book-nest")                                                                      \
    X(ELLIPSIS_DOTS, "ellipsis-dots")                                                              \
    X(ELLIPSIS_ONE, "ellipsis-one")                                                                \
    X(ELLIPSIS_STOP, "ellipsis-stop")                                                              \
    X(DASH_ONE, "dash-one")                                                                        \
    X(DASH_HYPHEN, "dash-hyphen")                                                                  \
    X(SPACE_HAN, "space-han")                                                                      \
    X(SPACE_MARK, "space-mark")                                                                    \
    X(WIDE_DIGIT, "wide-digit")                                                                    \
    X(WIDE_LETTER, "wide-letter")                                                                  \
    X(RANGE_TILDE, "range-tilde")                                                                  \
    X(RANGE_PERCENT, "range-percent")                                                              \
    X(APPROX_DUNHAO, "approx-dunhao")                                                              \
    X(APPROX_DIGITS, "approx-digits")                                                              \
    X(APPROX_EXACT, "approx-exact")                                                                \
    X(NUMBER_MIXED, "number-mixed")                                                                \
    X(NUMBER_COMMA, "number-comma")                                                                \
    X(YEAR_SHORT, "year-short")                                                                    \
    X(YEAR_ZERO, "year-zero")                                                                      \
    X(DATE_MIXED, "date-mixed")                                                                    \
    X(DATE_DOTS, "date-dots")                                                                      \
    X(DATE_PADDED, "date-padded")                                                                  \
    X(DATE_NONE, "date-none")                                                                      \
    X(WEEKDAY_WRONG, "weekday-wrong")                                                              \
    X(TIME_NONE, "time-none")                                                                      \
    X(TIME_HALF, "time-half")                                                                      \
    X(UNIT_LENGTH, "unit-length")                                                                  \
    X(UNIT_MASS, "unit-mass")                                                                      \
    X(UNIT_PERCENT, "unit-percent")                                                                \
    X(PHONE, "phone")                                                                              \
    X(ID_NUMBER, "id-number")                                                                      \
    X(BANK_CARD, "bank-card")                                                                      \
    X(MAIL, "mail")                                                                                \
    X(NAME_TITLE, "name-title")                                                                    \
    X(NAME_ORDER, "name-order")                                                                    \
    X(NAME_NEAR, "name-near")                                                                      \
    X(ALT_EMPTY, "alt-empty")                                                                      \
    X(ALT_FILE, "alt-file")                                                                        \
    X(QUOTE_SOURCE, "quote-source")                                                                \
    X(WORD_TWICE, "word-twice")                                                                    \
    X(SPACE_TWICE, "space-twice")                                                                  \
    X(SPACE_BEFORE, "space-before")                                                                \
    X(SPACE_MISSING, "space-missing")                                                              \
    X(ARTICLE, "article")                                                                          \
    X(EN_WIDE, "en-wide")

#define PROOF_CHECK_CONSTANT_(constant, name) CHECK_##constant,
typedef enum ProofCheck { PROOF_CHECKS(PROOF_CHECK_CONSTANT_) CHECK_END } ProofCheck;
/* -1 for a name that is none. */
int proof_check_by_name(Str name);
/* Where the "…" of a pair stands: between two texts and single; SIZE_MAX when the literal is one text. */
size_t proof_pair_dots(Str literal);
static inline bool proof_check_is_of_names(int check) {
    return check == CHECK_NAME_TITLE || check == CHECK_NAME_ORDER || check == CHECK_NAME_NEAR;
}
static inline bool proof_check_is_of_pictures(int check) {
    return check == CHECK_ALT_EMPTY || check == CHECK_ALT_FILE;
}

/* A paragraph, decoded: rune i stands at bytes[i] of the part; bytes[len] is its end. */
typedef struct ProofLine {
    const uint32_t *runes;
    const uint32_t *bytes;
    const uint8_t *kinds; /* of rune i: bits of ProofKind */
    size_t len;
} ProofLine;

/* What a rune is to the checks, so that each passes over most of a text at once. */
typedef enum ProofKind {
    KIND_MARK = 1,    /* neither a letter or digit of ASCII nor a common Han character */
    KIND_DIGIT = 2,   /* of ASCII */
    KIND_CAPITAL = 4, /* of ASCII */
    KIND_NUMERAL = 8, /* a Chinese one */
    KIND_TIME = 16,   /* 年, and what 上午 and its like begin with */
    KIND_SAYS = 32    /* what a word that tells who speaks begins with */
} ProofKind;
extern const uint8_t proof_kinds_ascii[0x80];
extern const uint8_t proof_kinds_han[0x5200]; /* from U+4E00 */
static inline uint8_t proof_kind(uint32_t rune) {
    if (rune - 0x4E00u < sizeof proof_kinds_han)
        return proof_kinds_han[rune - 0x4E00u];
    if (rune < sizeof proof_kinds_ascii)
        return proof_kinds_ascii[rune];
    if (rune == 0x3007) /* 〇 */
        return KIND_MARK | KIND_NUMERAL;
    return rune == 0x300B || rune == 0xFF1A ? KIND_MARK | KIND_SAYS : KIND_MARK; /* 》： */
}

/* What a run over a draft holds; the checks read it and report to it. */
typedef struct ProofScan {
    Arena *arena;
    const ProofSet *set;
    const ProofDraft *draft;
    ProofFindings found;
    Str text; /* of the part */
    ProofPart part;
    size_t picture, paragraph;
    size_t first_char; /* of the line, in the part */
    ProofLine line;
    uint32_t *rune_room, *byte_room; /* of the longest line so far */
    uint8_t *kind_room;
    size_t room;
    struct {
        uint32_t line_id, from, to; /* of the first half seen last, in bytes; line_id 0: none */
    } * pairs;
    uint32_t line_id;
    const void *names; /* automaton over the names handed in, or NULL */
    unsigned units;    /* forms seen so far */
    bool was_said;     /* the paragraph before tells who speaks */
} ProofScan;

/* Whether a rule of the draft's language asks for the check. */
bool proof_asks(const ProofScan *scan, ProofCheck check);
/* Runes [from, to) of the line; arg (may be empty) lives as long as the arena. Nothing when no rule asks for it. */
void proof_report(ProofScan *scan, ProofCheck check, size_t from, size_t to, Str arg);

/* Each looks at scan->line. */
void proof_marks(ProofScan *scan);
void proof_pairs(ProofScan *scan);
void proof_numbers(ProofScan *scan);
void proof_dates(ProofScan *scan);
void proof_units(ProofScan *scan);
void proof_personal(ProofScan *scan);
void proof_english(ProofScan *scan);
void proof_quotes(ProofScan *scan);
void proof_pictures(ProofScan *scan);
void proof_names(ProofScan *scan);
/* The automaton of scan->draft->names. */
CHECKED Err proof_names_begin(ProofScan *scan);

/* ---- runes; 0 beyond the ends of the line ---- */
static inline uint32_t proof_rune(const ProofLine *line, size_t at) {
    return at < line->len ? line->runes[at] : 0;
}
static inline bool rune_is_digit(uint32_t rune) {
    return rune >= '0' && rune <= '9';
}
static inline bool rune_is_letter(uint32_t rune) {
    return (rune | 0x20) >= 'a' && (rune | 0x20) <= 'z' && rune < 0x80;
}
static inline bool rune_is_han(uint32_t rune) {
    return (rune >= 0x4E00 && rune <= 0x9FFF) || (rune >= 0x3400 && rune <= 0x4DBF) ||
           (rune >= 0x20000 && rune <= 0x3FFFF) || rune == 0x3007;
}
/* One of the characters of a short text. */
bool proof_is_in(uint32_t rune, Str set);
/* A Chinese numeral's value 0..9 and 10 for 十, 100, 1000, 10000 (万), 100000000 (亿); -1 otherwise. */
int64_t proof_numeral(uint32_t rune);
/* Whether the text stands at rune `at`; its length in runes, 0 when not. */
size_t proof_at(const ProofLine *line, size_t at, Str text);
/* The whole number of the digits at `at`; *ret_to behind them; -1 when there is none, or more than `most` of them. */
int64_t proof_number(const ProofLine *line, size_t at, size_t most, size_t *ret_to);
Str proof_slice(const ProofScan *scan, size_t from, size_t to);

/* The rune of the line at that byte of its part; the one before which it would stand where none begins there. */
size_t proof_rune_at(const ProofLine *line, size_t byte);

#endif
