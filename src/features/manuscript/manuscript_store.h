/* features/manuscript/manuscript_store.h - rows of manuscript's tables: private to manuscript/. */
#ifndef FEATURES_MANUSCRIPT_MANUSCRIPT_STORE_H
#define FEATURES_MANUSCRIPT_MANUSCRIPT_STORE_H

#include "features/manuscript/manuscript.h"

/* Writes are called inside the act's transaction. Errors: ERR_BUSY with retry, ERR_IO. */

/* import_key and import_hash are empty but for stories from before. */
CHECKED Err manuscript_store_insert(Ctx *ctx, const Manuscript *m, Str import_key, Str import_hash);
/* Every column that acts change, and version + 1, where the row still has m->version; *ret_changed counts. */
CHECKED Err manuscript_store_update(Ctx *ctx, const Manuscript *m, int64_t *ret_changed);
CHECKED Err manuscript_store_get(Ctx *ctx, int64_t id, Manuscript *ret, bool *ret_found);
CHECKED Err manuscript_store_count_correction(Ctx *ctx, int64_t id);
/* The next number of the outlet's year, from 1. */
CHECKED Err manuscript_store_next_number(Ctx *ctx, int64_t outlet_id, int64_t year, int64_t *ret);

CHECKED Err manuscript_store_version_put(Ctx *ctx, const ManuscriptVersion *v);
CHECKED Err manuscript_store_version_release(Ctx *ctx, int64_t id, int64_t n);
CHECKED Err manuscript_store_version_get(Ctx *ctx, int64_t id, int64_t n, ManuscriptVersion *ret,
                                         bool *ret_found);

/* Stored HTML as it may be shown; cleaner is the version of the sanitizer that made it. */
CHECKED Err manuscript_store_html(Ctx *ctx, Str html, int64_t cleaner, Str *ret);

/* The import_hash under that key; empty when there is no such story. */
CHECKED Err manuscript_store_import_hash(Ctx *ctx, int64_t outlet_id, Str import_key, Str *ret);

#endif
