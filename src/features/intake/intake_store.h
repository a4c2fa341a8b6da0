/* intake_store.h - rows of intake's tables: private to intake/. */
#ifndef FEATURES_INTAKE_INTAKE_STORE_H
#define FEATURES_INTAKE_INTAKE_STORE_H

#include "features/intake/intake.h"

/* id 0 when there is none. */
CHECKED Err intake_store_get(Ctx *ctx, int64_t id, Deposit *ret);
/*
 * The outlet's deposit with this guid, else at this address, else with this text; id 0 when there is none. Empty
 * keys find nothing.
 */
CHECKED Err intake_store_find(Ctx *ctx, int64_t outlet_id, const Deposit *like, Deposit *ret);
/*
 * Says that the act at hand deposits something with this address or text. Of two acts that do so at the same time
 * one fails with ERR_BUSY and runs again (PostgreSQL; on SQLite they stand in line).
 */
CHECKED Err intake_store_meet(Ctx *ctx, Str likeness);
/* The cards that have this address or this text: at most four, the oldest first. */
CHECKED Err intake_store_cards_like(Ctx *ctx, Str address, Str text_key, int64_t *ret,
                                    size_t *ret_len);
enum { CARDS_LIKE_MAX = 4 };
/* *ret_is_new is false when the outlet has a deposit with this guid already: then nothing is written. */
CHECKED Err intake_store_insert(Ctx *ctx, const Deposit *d, bool *ret_is_new);
CHECKED Err intake_store_update(Ctx *ctx, const Deposit *d);
CHECKED Err intake_store_join(Ctx *ctx, int64_t card_id, int64_t into_card_id);
CHECKED Err intake_store_add_version(Ctx *ctx, const Deposit *d);
/* ids of cards, falling; outlet_id 0: all. */
CHECKED Err intake_store_cards(Ctx *ctx, int64_t outlet_id, int64_t below_id, int limit,
                               int64_t *ret, size_t *ret_len);
/* Of at most DEPOSIT_CARDS_MAX cards; the newest card first, in it the oldest deposit first. */
enum { DEPOSIT_CARDS_MAX = DEPOSIT_LIST_MAX, DEPOSITS_MAX = 1000 };
CHECKED Err intake_store_of_cards(Ctx *ctx, const int64_t *card_ids, size_t count,
                                  DepositList *ret);
CHECKED Err intake_store_versions(Ctx *ctx, int64_t card_id, int limit, DepositVersions *ret);
/* n 0 when there is none. */
CHECKED Err intake_store_version(Ctx *ctx, int64_t deposit_id, int64_t n, DepositVersion *ret);
/* Of the outlet, newest cards first. */
CHECKED Err intake_store_newest(Ctx *ctx, int64_t outlet_id, int limit, DepositList *ret);

#endif
