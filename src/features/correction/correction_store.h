/* features/correction/correction_store.h - rows of the table `correction`: private to correction/. */
#ifndef FEATURES_CORRECTION_CORRECTION_STORE_H
#define FEATURES_CORRECTION_CORRECTION_STORE_H

#include "features/correction/correction.h"

CHECKED Err correction_store_insert(Ctx *ctx, const Correction *c);
/* Newest first; limit is 1..100 rows. The order is total, so that pages never overlap. */
CHECKED Err correction_store_of_story(Ctx *ctx, int64_t outlet_id, int64_t manuscript_id, int limit,
                                      CorrectionList *ret);
/* At most CORRECTIONS_OF_MANY_MAX of them, newest first. */
enum { CORRECTIONS_OF_MANY_MAX = 300 };
CHECKED Err correction_store_of_stories(Ctx *ctx, const int64_t *ids, size_t count,
                                        CorrectionList *ret);
/* outlet_id 0: of the whole alliance. */
CHECKED Err correction_store_newest(Ctx *ctx, int64_t outlet_id, int limit, CorrectionList *ret);

#endif
