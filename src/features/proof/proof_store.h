/* features/proof/proof_store.h - rows of the tables `proof_ignored` and `proof_list`: private to proof/. */
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

/* Of the version n, of the newest with n 0. *ret has n 0 when there is none. */
CHECKED Err proof_store_version(Ctx *ctx, Str kind, int64_t n, ProofVersion *ret);
/* Newest first without their texts, before_n as in proof_list_versions. */
CHECKED Err proof_store_versions(Ctx *ctx, Str kind, int64_t before_n, ProofVersionList *ret);
CHECKED Err proof_store_add(Ctx *ctx, Str kind, const ProofVersion *version);

#endif
