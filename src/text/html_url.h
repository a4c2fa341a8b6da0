/* text/html_url.h - addresses in HTML: which may stay, and what a relative one means. */
#ifndef TEXT_HTML_URL_H
#define TEXT_HTML_URL_H

#include "base/str.h"

enum {
    HTML_URL_BYTES = 8192 /* the longest address of a link or of a picture elsewhere */
};

typedef enum HtmlUrlUse {
    HTML_URL_LINK,  /* http, https, mailto, relative */
    HTML_URL_IMAGE, /* http, https, relative, data: with a raster picture */
    HTML_URL_SOURCE /* http, https, relative: where a quotation is from */
} HtmlUrlUse;

typedef struct HtmlUrl {
    Str text;          /* as it is to be written, before escaping for an attribute */
    bool is_elsewhere; /* names a host */
} HtmlUrl;

/*
 * Reads an address as a browser would (blanks around it, tabs and line ends in it do not count; a
 * backslash is a slash) and gives it back when it may stay: absolute against base where base is an
 * http or https address and the address is relative. False when it may not stay. raw and base are
 * borrowed; *ret, set on true only, lives in arena or borrows from raw.
 */
bool html_url_read(Arena *arena, Str raw, HtmlUrlUse use, Str base, HtmlUrl *ret);

/* RFC 3986, 5.2: what `reference` means on a page at `base`; reference itself when base is no http address. */
Str html_url_resolve(Arena *arena, Str reference, Str base);

#endif
