/* features/site/site_store.h - rows of the table site_setting: private to site/. */
#ifndef FEATURES_SITE_SITE_STORE_H
#define FEATURES_SITE_SITE_STORE_H

#include "features/site/site.h"

/* *ret_count is how many rows there are. */
CHECKED Err site_store_read(Ctx *ctx, Site *ret, int64_t *ret_count);
CHECKED Err site_store_put(Ctx *ctx, const char *name, Str value);

#endif
