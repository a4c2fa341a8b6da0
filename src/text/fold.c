/* text/fold.c - walking text in its NFKC_Casefold form, a few characters at a time. */
#include "text/fold.h"

#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#include "base/utf8.h"

/* Unified ideographs fold to themselves and combine with nothing: most of a Chinese text. */
static bool is_plain_han(uint32_t rune) {
    return rune >= 0x4E00 && rune <= 0x9FFF;
}

/*
 * The normaliser; NULL when ICU's data is missing (text is then told as written). One for the
 * process, immutable.
 */
static const UNormalizer2 *folder(void) {
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = unorm2_getNFKCCasefoldInstance(&code);

    return U_SUCCESS(code) ? normalizer : NULL;
}

void fold_start(FoldWalk *walk, Str text) {
    walk->text = text;
    walk->at = walk->from = walk->to = 0;
    walk->out_at = walk->out_len = 0;
}

/*
 * Takes the characters that may combine with `first`, which was just read, and folds them together
 * into walk->out. At most FOLD_CHUNK_RUNES at once: a base letter with thousands of marks would
 * otherwise be sorted in quadratic time; such a text folds to something else, always the same.
 */
static void fold_chunk(FoldWalk *walk, uint32_t first) {
    const UNormalizer2 *normalizer = folder();
    uint16_t in[2 * FOLD_CHUNK_RUNES];
    int len = 0;
    UErrorCode code = U_ZERO_ERROR;

    U16_APPEND_UNSAFE(in, len, first);
    for (int runes = 1; normalizer && runes < FOLD_CHUNK_RUNES; runes++) {
        size_t next = walk->at;
        uint32_t rune = next < walk->text.len ? utf8_next(walk->text, &next) : UTF8_BAD;

        if (rune == UTF8_BAD || unorm2_hasBoundaryBefore(normalizer, (UChar32)rune))
            break;
        U16_APPEND_UNSAFE(in, len, rune);
        walk->at = next;
    }
    walk->out_at = 0;
    walk->out_len =
        normalizer ? unorm2_normalize(normalizer, in, len, walk->out, FOLD_OUT_UNITS, &code) : 0;
    if (!normalizer || U_FAILURE(code)) {
        memcpy(walk->out, in, (size_t)len * sizeof in[0]);
        walk->out_len = len;
    }
}

bool fold_next(FoldWalk *walk, FoldChar *ret) {
    while (walk->out_at == walk->out_len) {
        if (walk->at >= walk->text.len)
            return false;
        walk->from = walk->at;
        uint32_t rune = utf8_next(walk->text, &walk->at);
        bool is_alone =
            walk->at == walk->text.len || (unsigned char)walk->text.ptr[walk->at] < 0x80;
        if ((rune < 0x80 && is_alone) || is_plain_han(rune) || rune == UTF8_BAD) {
            if (rune >= 'A' && rune <= 'Z')
                rune += 'a' - 'A';
            *ret = (FoldChar){ rune, walk->from, walk->at };
            return true;
        }
        fold_chunk(walk, rune);
        walk->to = walk->at;
    }
    uint32_t rune;
    U16_NEXT(walk->out, walk->out_at, walk->out_len, rune);
    *ret = (FoldChar){ rune, walk->from, walk->to };
    return true;
}
