/* features/handover/handover_store.h - rows of the table handover: private to handover/. */
#ifndef FEATURES_HANDOVER_HANDOVER_STORE_H
#define FEATURES_HANDOVER_HANDOVER_STORE_H

#include "features/handover/handover.h"

/* *ret_made is false when one is open at the outlet. */
CHECKED Err handover_store_insert(Ctx *ctx, const Handover *handover, bool *ret_made);
/* The outlet's open ones that were made at or before that time. */
CHECKED Err handover_store_expire(Ctx *ctx, int64_t outlet_id, int64_t made_ms);
/* id 0 in *ret when there is none. */
CHECKED Err handover_store_get(Ctx *ctx, int64_t id, Handover *ret);
/* From open. *ret_done is false when it was not. */
CHECKED Err handover_store_end(Ctx *ctx, const Handover *handover, bool *ret_done);
CHECKED Err handover_store_list(Ctx *ctx, int64_t outlet_id, int64_t limit, HandoverList *ret);
/* Open, made after that time, by another than this person. */
CHECKED Err handover_store_waits_anywhere(Ctx *ctx, int64_t made_ms, int64_t person_id,
                                          int64_t limit, HandoverList *ret);
CHECKED Err handover_store_waits(Ctx *ctx, const int64_t *outlet_ids, size_t count, int64_t made_ms,
                                 int64_t person_id, int64_t limit, HandoverList *ret);

#endif
