/* view/catalogue.h - sentences in the reader's language: .po files built in, chosen per request. */
#ifndef VIEW_CATALOGUE_H
#define VIEW_CATALOGUE_H

#include "base/ctx.h"

typedef struct Catalogue Catalogue; /* one language; process lifetime, read-only */

/* "zh" or "en"; anything else gives the default, zh. */
const Catalogue *catalogue_of(Str lang);
Str catalogue_lang(const Catalogue *catalogue);      /* "zh" */
Str catalogue_html_lang(const Catalogue *catalogue); /* "zh-CN" */

/* The translation of a msgid, or the msgid itself (a missing one fails the tests). Borrowed for ever. */
Str catalogue_text(const Catalogue *catalogue, Str msgid);
Str catalogue_plural(const Catalogue *catalogue, Str one, Str many, int64_t count);
/* The same with {0} {1} filled in, in the arena. */
Str catalogue_format(Arena *arena, const Catalogue *catalogue, const char *msgid,
                     const Str args[2]);
/* What a person reads of an error. */
Str catalogue_err(Arena *arena, const Catalogue *catalogue, Err err);

/* "zh" or "en" from ?lang= (may be empty) and Accept-Language (RFC 9110, 12.5.4). */
Str catalogue_choose(Str lang_parameter, Str accept_language);

#endif
