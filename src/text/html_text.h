/* text/html_text.h - the plain text of cleaned HTML, for search, excerpts and feeds. */
#ifndef TEXT_HTML_TEXT_H
#define TEXT_HTML_TEXT_H

#include "base/str.h"

/*
 * The text of what html_clean made: one line per block or table row, cells of a row with a blank
 * between, runs of white space as one blank (but inside pre, where lines stay), character references
 * decoded. Readings above words (rt, rp) are left out, so that words stay whole. No line is empty, none ends in a line
 * feed. clean_html is borrowed; the result lives in arena.
 */
Str html_text(Arena *arena, Str clean_html);

#endif
