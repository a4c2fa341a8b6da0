/* text/unicode.h - normal forms, grapheme clusters, sort keys, look-alikes (ICU). */
#ifndef TEXT_UNICODE_H
#define TEXT_UNICODE_H

#include "base/err.h"
#include "base/str.h"

/* More marks than this on one letter are refused: ordering them takes quadratic time. */
enum { UNICODE_MARKS_MAX = 128 };

/*
 * Each function below takes valid UTF-8 (ERR_INVALID otherwise), borrows it for the call and puts
 * its result into arena (unicode_nfc gives text itself back when it is in NFC already). ERR_INVALID
 * also with more than UNICODE_MARKS_MAX marks on one letter, ERR_LIMIT beyond the arena's budget,
 * ERR_BUG when ICU's data is missing. Safe from any thread; repeating is safe.
 */

/* Normalization Form C. */
CHECKED Err unicode_nfc(Arena *arena, Str text, Str *ret);
/* NFKC_Casefold: what search compares. "Ａbc" gives "abc"; ignorable characters vanish. */
CHECKED Err unicode_casefold(Arena *arena, Str text, Str *ret);
/* Lower case by the root locale's rules, for showing; use unicode_casefold to compare. */
CHECKED Err unicode_lower(Arena *arena, Str text, Str *ret);
/*
 * What is left of a text when differences that are hard to see are taken out (UTS 39 skeletons,
 * without case): names whose skeletons are equal look alike. For comparing only, never for showing
 * or storing as a name; it changes with the library's version.
 */
CHECKED Err unicode_skeleton(Arena *arena, Str text, Str *ret);
/*
 * The key by which people expect lists to be sorted (Chinese by pinyin, then others by their root
 * order): compare keys as bytes. No NUL inside or at the end. unicode_sort_key_hex is the same as
 * lower-case hexadecimal digits, for text columns. Only the first 200 characters count. Keys change
 * with ICU's version: unicode_sort_version says which one made them.
 */
CHECKED Err unicode_sort_key(Arena *arena, Str text, Str *ret);
CHECKED Err unicode_sort_key_hex(Arena *arena, Str text, Str *ret);
/* Of the collation data in use; constant while the process runs. */
int unicode_sort_version(void);

/* Extended grapheme clusters: what a reader counts as characters. */
CHECKED Err unicode_count_graphemes(Str text, size_t *ret);
/* The part of text with at most `most` clusters, never splitting one; borrowed from text. */
CHECKED Err unicode_cut_graphemes(Str text, size_t most, Str *ret);

#endif
