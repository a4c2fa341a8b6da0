/* http/lang.h - a language that the address asks for (?lang=) stays in the links and forms of its page. */
#ifndef HTTP_LANG_H
#define HTTP_LANG_H

#include "base/str.h"

/* The value of `lang` in a query, as sent; empty when absent. */
Str query_lang(Str query);

/*
 * The page with lang=LANG in every link and form that leads to a page of this site and names no language itself; a
 * form that is sent by GET carries it as a hidden field, for browsers drop the query of its action. Feeds, files and
 * the log's tiles have no language and stay as they are. page is what our templates and the cleaner wrote: each
 * value in double quotes, no bare "<" in text. lang is one of the catalogue's own words. Lives in the arena.
 */
Str lang_keep_in_page(Arena *arena, Str page, Str lang);

/* The same for one address, such as a Location. */
Str lang_keep_in_path(Arena *arena, Str path, Str lang);

#endif
