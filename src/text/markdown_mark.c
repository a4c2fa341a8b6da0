/* text/markdown_mark.c - where the Markdown parser needs a hint to judge rightly. */
#include "text/markdown_mark.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "base/buf.h"
#include "base/utf8.h"

/* Cuneiform punctuation: punctuation to every Unicode version since 5.0, and hardly ever written. */
static const char *const marks[] = { "\xF0\x92\x91\xB0", "\xF0\x92\x91\xB1", "\xF0\x92\x91\xB2",
                                     "\xF0\x92\x91\xB3" };

/* A backslash is none here: what follows it is no run that opens or closes. */
static bool is_punctuation(uint32_t rune) {
    if (rune < 0x80)
        return rune > ' ' && rune < 0x7F && rune != '\\' && !u_isalnum((UChar32)rune);
    return u_ispunct((UChar32)rune) != 0;
}

/* Full-width punctuation: it brings its own blank, so that none is written after it. */
static bool is_wide_punctuation(uint32_t rune) {
    return rune >= 0x3000 && is_punctuation(rune);
}

static bool is_symbol(uint32_t rune) {
    return rune >= 0x80 && (U_GET_GC_MASK((UChar32)rune) & U_GC_S_MASK) != 0;
}

/* A letter beside which nobody writes blanks. */
static bool is_blankless(uint32_t rune) {
    UErrorCode error = U_ZERO_ERROR;
    UScriptCode script;

    if (rune < 0x1100 || !u_isalpha((UChar32)rune))
        return false;
    script = uscript_getScript((UChar32)rune, &error);
    return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
           script == USCRIPT_BOPOMOFO || script == USCRIPT_HANGUL ||
           (rune >= 0xFF10 && rune < 0xFF5B);
}

/* Whether emphasis is meant to begin or end between these two, but CommonMark sees none. */
static bool is_seam(uint32_t punctuation, uint32_t letter) {
    return (is_punctuation(punctuation) && is_blankless(letter)) ||
           (is_wide_punctuation(punctuation) && u_isalnum((UChar32)letter));
}

static Str choose_mark(Str text) {
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        if (!str_contains(text, str_from_c(marks[i])))
            return str_from_c(marks[i]);
    }
    return STR_EMPTY;
}

/* Whether a mark belongs between a run of `sign` and its neighbour; `other` is on its other side. */
static bool needs_mark(uint32_t neighbour, uint32_t other, char sign, bool is_chinese) {
    if (is_chinese && sign == '*' && is_seam(other, neighbour))
        return true;
    return is_symbol(neighbour) && !(is_chinese && is_blankless(other));
}

Str markdown_mark(Arena *arena, Str text, bool is_chinese, Str *ret_mark) {
    Buf out = buf_new(arena, SIZE_MAX);
    uint32_t before = '\n';
    size_t from = 0, at = 0;
    Str mark = choose_mark(text);

    *ret_mark = mark;
    while (mark.len > 0 && at < text.len) {
        size_t run = at, after_at;
        char sign = text.ptr[at];

        if (sign != '*' && sign != '_' && !(sign == '|' && before == '|')) {
            before = utf8_next(text, &at);
            continue;
        }
        while (at < text.len && text.ptr[at] == sign && (sign != '|' || at == run))
            at++;
        after_at = at;
        uint32_t after = at < text.len ? utf8_next(text, &after_at) : '\n';
        if (sign == '|' || needs_mark(before, after, sign, is_chinese)) {
            buf_add(&out, str_slice(text, from, run));
            buf_add(&out, mark);
            from = run;
        }
        if (sign != '|' && needs_mark(after, before, sign, is_chinese)) {
            buf_add(&out, str_slice(text, from, at));
            buf_add(&out, mark);
            from = at;
        }
        before = (uint32_t)sign;
    }
    if (from == 0)
        return text;
    buf_add(&out, str_slice(text, from, text.len));
    return buf_str(&out);
}
