/* text/markdown_mark.h - private to Markdown: where the parser needs a hint to judge rightly. */
#ifndef TEXT_MARKDOWN_MARK_H
#define TEXT_MARKDOWN_MARK_H

#include "base/str.h"

/*
 * Puts a mark into the text wherever md4c would judge otherwise than wanted: a punctuation character
 * that the text does not contain, and that the renderer leaves out again wherever it comes by. Marked are
 *   - for is_chinese: runs of * between punctuation and a letter of a script without blanks, or between
 *     full-width punctuation and any letter or digit, which then stand between punctuation on both
 *     sides and may open and close emphasis;
 *   - runs of * and _ beside a symbol such as €, which CommonMark 0.31 (2.1) counts as punctuation;
 *   - "||", between which md4c sees no cell of a table.
 * An empty *ret_mark says that text is given back as it is. text is valid UTF-8; what is given back
 * lives in arena or is text.
 */
Str markdown_mark(Arena *arena, Str text, bool is_chinese, Str *ret_mark);

#endif
