/* text/markdown.h - Markdown to HTML: CommonMark with tables, strikethrough and task lists. */
#ifndef TEXT_MARKDOWN_H
#define TEXT_MARKDOWN_H

#include "base/err.h"
#include "base/str.h"

enum {
    MARKDOWN_BYTES = 256 << 10,     /* the longest text */
    MARKDOWN_UNSAFE_BYTES = 8 << 20 /* the longest result of MARKDOWN_UNSAFE */
};

typedef enum MarkdownMode {
    MARKDOWN_ARTICLE, /* a story: cleaned as HTML_ARTICLE */
    MARKDOWN_VOICE,   /* a reader's words: cleaned as HTML_VOICE */
    MARKDOWN_UNSAFE   /* for conformance tests: raw HTML passes, nothing is cleaned */
} MarkdownMode;

/*
 * Renders Markdown. But for MARKDOWN_UNSAFE raw HTML is text and the result went through html_clean.
 * Addresses are linked only where marked (<…> or […](…)).
 *
 * One departure from CommonMark, not in MARKDOWN_UNSAFE: its rules for * need blanks around words and
 * leave "**中文。**后面" as it is. Where a run of * stands between punctuation and a letter of a script
 * without blanks (Han, Kana, Bopomofo, Hangul), or between full-width punctuation and any letter or
 * digit, it may open and close emphasis as it does between letters.
 *
 * text is borrowed for the call; *ret, set on success only, lives in arena. Ill-formed UTF-8 is mended.
 * Fails with ERR_LIMIT (field "text": longer than MARKDOWN_BYTES, or a result beyond its bound) and
 * ERR_BUSY (no memory in a library). Repeating is safe.
 */
CHECKED Err markdown_render(Arena *arena, Str text, MarkdownMode mode, Str *ret);

#endif
