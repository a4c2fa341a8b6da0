/* features/proof/proof_list.h - the alliance's own lists, made ready for a reading: private to proof/. */
#ifndef FEATURES_PROOF_PROOF_LIST_H
#define FEATURES_PROOF_PROOF_LIST_H

#include "features/proof/proof.h"

/* The rules of a text that was stored; they borrow it and live in ctx->arena. */
CHECKED Err proof_own_rules(Ctx *ctx, Str text, ProofRules *ret);
/* The names of a text that was stored, in order, and behind them those of the outlet's card, in none. */
CHECKED Err proof_own_names(Ctx *ctx, Str text, const Outlet *outlet, ProofNames *ret);

#endif
