/* text/feed_links.h - the feed that a page for people names (<link rel="alternate">). */
#ifndef TEXT_FEED_LINKS_H
#define TEXT_FEED_LINKS_H

#include "base/str.h"

enum { FEED_LINKS_BYTES = 256 << 10 }; /* so much of a page is looked at */

/*
 * The first feed that the head of the page names, absolute against the page's address. html is borrowed, in any encoding that
 * contains ASCII; *ret, set on true only, lives in arena. Linear in the page; repeating is safe.
 */
bool feed_links_find(Arena *arena, Str html, Str base, Str *ret);
/* Is it a media type of feeds (without parameters, in any case)? */
bool feed_links_is_type(Str type);

#endif
