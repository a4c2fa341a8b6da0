/* features/adoption/adoption_store.h - rows of `adoption`: private to adoption/. */
#ifndef FEATURES_ADOPTION_ADOPTION_STORE_H
#define FEATURES_ADOPTION_ADOPTION_STORE_H

#include "features/adoption/adoption.h"

/* Writes are called inside the act's transaction. Errors: ERR_BUSY with retry, ERR_IO. */

/* Of that story and outlet, in place of an earlier row. */
CHECKED Err adoption_store_put(Ctx *ctx, const Adoption *a);
CHECKED Err adoption_store_get(Ctx *ctx, int64_t story_id, int64_t to_outlet, Adoption *ret,
                               bool *ret_found);
CHECKED Err adoption_store_of_copy(Ctx *ctx, int64_t copy_id, Adoption *ret, bool *ret_found);
CHECKED Err adoption_store_of_story(Ctx *ctx, int64_t story_id, AdoptionList *ret);
CHECKED Err adoption_store_of_outlet(Ctx *ctx, int64_t outlet_id, Str state, AdoptionList *ret);

#endif
