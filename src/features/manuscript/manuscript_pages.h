/* features/manuscript/manuscript_pages.h - what the route files share: private to manuscript/. */
#ifndef FEATURES_MANUSCRIPT_MANUSCRIPT_PAGES_H
#define FEATURES_MANUSCRIPT_MANUSCRIPT_PAGES_H

#include "features/manuscript/manuscript.h"
#include "features/site/site.h"

/* A sentence in the reader's language, as JSON. */
Json *manuscript_words(Ctx *ctx, const char *msgid);
/* The short local form of a time; empty text for 0. */
CHECKED Err manuscript_time(Ctx *ctx, const Site *site, int64_t at_ms, Json **ret);

#endif
