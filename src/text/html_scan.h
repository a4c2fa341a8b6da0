/* text/html_scan.h - private to HTML cleaning: prepares text for libxml2's HTML parser. */
#ifndef TEXT_HTML_SCAN_H
#define TEXT_HTML_SCAN_H

#include "base/err.h"
#include "base/str.h"

enum {
    HTML_SCAN_ATTRIBUTES = 128 /* more in one tag, and its "<" is taken as text */
};

/*
 * The same HTML (valid UTF-8, without controls) for libxml2: character references that only HTML5 knows
 * become numbers, those to windows-1252 letters the right ones, and the "<" of a tag with very many
 * attributes becomes text, since libxml2 compares each attribute with all before it.
 * In arena; ERR_LIMIT when tags open inside tags so often that telling them apart would take long.
 */
CHECKED Err html_scan(Arena *arena, Str html, Str prefix, Str *ret);

#endif
