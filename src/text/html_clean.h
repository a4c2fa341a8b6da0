/* text/html_clean.h - any HTML in, an allow-listed HTML5 fragment out. */
#ifndef TEXT_HTML_CLEAN_H
#define TEXT_HTML_CLEAN_H

#include "base/err.h"
#include "base/str.h"

enum {
    HTML_CLEAN_BYTES = 1 << 20, /* the largest input, and the largest output */
    HTML_CLEAN_DEPTH = 256,     /* elements inside one another, as read and as printed */
    HTML_CLEAN_NODES = 100000,  /* elements read */
    HTML_CLEAN_VERSION = 1      /* stored HTML is cleaned again when this rises */
};

/* What may stay, by who wrote it. */
typedef struct HtmlProfile {
    unsigned elements; /* a set of bits of text/html_tags.h */
    bool is_ugc;       /* links to elsewhere say rel="ugc" too: written by a reader */
} HtmlProfile;

extern const HtmlProfile html_profile_article;
extern const HtmlProfile html_profile_voice;
/* Stories and feed items: text, lists, tables, pictures, ruby. */
#define HTML_ARTICLE (&html_profile_article)
/* Readers' words: paragraphs, emphasis, lists, quotations, code, links. */
#define HTML_VOICE (&html_profile_voice)

/*
 * Cleans HTML from anywhere into a fragment for the inside of a block element (never of a p). What is
 * not on the list is not printed: elements nobody listed lose their tags and keep their text; scripts,
 * styles, frames, form fields, svg, math, templates and the like go with their content; comments,
 * processing instructions and doctypes vanish. Of attributes only the listed ones with a value of the
 * listed form stay; ids get the prefix "content-" (and "#…" links with them), classes are dropped but
 * for language-* of code; a check box is exactly <input type="checkbox" disabled> (or "checked
 * disabled"). Links are http, https, mailto or relative, and get rel="nofollow noopener" when they
 * lead elsewhere; pictures http, https, relative or data: with a PNG, JPEG, GIF or WebP in base64.
 * A base_url that is not empty makes relative addresses absolute.
 *
 * The result re-parses in an HTML5 parser to exactly the elements it spells out, and
 * clean(clean(x)) = clean(x) holds byte for byte. Ill-formed UTF-8, NUL and C0 controls are mended
 * first (utf8_clean). Time is linear: 1 MB of any bytes ends within 1 s.
 *
 * html and base_url are borrowed for the call; *ret, set on success only, lives in arena.
 * Fails with ERR_LIMIT without a field (beyond one of the bounds above, on input or output) and
 * ERR_BUSY (the parser got no memory). Repeating is safe.
 */
CHECKED Err html_clean(Arena *arena, Str html, const HtmlProfile *profile, Str base_url, Str *ret);

#endif
