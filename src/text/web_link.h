/* text/web_link.h - the links of a Link header (RFC 8288). */
#ifndef TEXT_WEB_LINK_H
#define TEXT_WEB_LINK_H

#include "base/str.h"

enum {
    WEB_LINKS_MAX = 32,           /* links of one answer: the rest is left out */
    WEB_LINKS_BYTES = 16 << 10,   /* so much of the header is looked at */
    WEB_LINK_TARGET_BYTES = 4096, /* a longer target is no link */
    WEB_LINK_PARAMETERS_MAX = 32  /* of one link: the rest is left out */
};

typedef struct WebLink {
    Str target; /* absolute where base was; UTF-8 without controls, never empty */
    Str rel;    /* one or more words between blanks */
    Str type;   /* a media type without parameters; empty: not told */
} WebLink;
typedef struct WebLinks {
    WebLink items[WEB_LINKS_MAX];
    size_t len;
} WebLinks;

/*
 * Reads the value of a Link header, several joined by commas, leniently (RFC 8288, B.2): what cannot be read is passed over up to the
 * next comma. A link without rel, or about something else than the answer (anchor), is left out. header is bytes from outside, base the answer's address; the
 * result lives in arena or borrows from header. Linear in header; repeating is safe.
 */
void web_links_read(Arena *arena, Str header, Str base, WebLinks *ret);

/* Is rel one of the link's words? Compared without case. */
bool web_link_is(const WebLink *link, Str rel);

#endif
