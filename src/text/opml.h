/* text/opml.h - lists of subscriptions (OPML 1 and 2), read and written. */
#ifndef TEXT_OPML_H
#define TEXT_OPML_H

#include "base/buf.h"

enum {
    OPML_BYTES = 2 << 20, /* the largest file */
    OPML_OUTLINES = 2000, /* in one file */
    OPML_DEPTH = 10       /* outlines inside one another */
};

typedef struct OpmlOutline {
    Str text;              /* the outline's text, else its title; trimmed */
    Str xml_url, html_url; /* as written, trimmed; xml_url is never empty */
    int64_t line;          /* of the file, from 1; 0: not known */
} OpmlOutline;

typedef struct Opml {
    Str title;
    OpmlOutline
        *items; /* the feeds, in the file's order; folders, links and includes are left out */
    size_t len;
    bool is_repaired; /* the file is not well-formed: there may have been more */
} Opml;

/*
 * Reads a list. bytes are borrowed; *ret, set on success only, lives in arena. No entity, address or file is ever
 * opened. ERR_INVALID (no OPML, or in no encoding that we know), ERR_LIMIT (a bound above), ERR_BUSY (libxml2 got no
 * memory). Repeating is safe.
 */
CHECKED Err opml_parse(Arena *arena, Str bytes, Opml *ret);

/* OPML 2.0 with the items' text, xml_url and html_url (may be empty); what is no UTF-8 or no XML character is left out. */
CHECKED Err opml_write(Buf *out, Str title, const OpmlOutline *items, size_t count);

#endif
