/* features/proof/proof_store.h - rows of the table `proof_ignored`: private to proof/. */
#ifndef FEATURES_PROOF_PROOF_STORE_H
#define FEATURES_PROOF_PROOF_STORE_H

#include "features/proof/proof.h"

/* *ret_made is false when it is there already. */
CHECKED Err proof_store_insert(Ctx *ctx, const ProofIgnored *ignored, bool *ret_made);
CHECKED Err proof_store_delete(Ctx *ctx, int64_t outlet_id, int64_t manuscript_id, Str rule,
                               Str word, bool *ret_gone);
CHECKED Err proof_store_count(Ctx *ctx, int64_t outlet_id, int64_t manuscript_id, int64_t *ret);
/* Newest first, at most PROOF_IGNORED_MAX. */
CHECKED Err proof_store_list(Ctx *ctx, int64_t outlet_id, int64_t manuscript_id,
                             ProofIgnoredList *ret);

#endif
