/* intake_hub_store.h - rows of subscriptions at hubs; private to intake/. */
#ifndef FEATURES_INTAKE_INTAKE_HUB_STORE_H
#define FEATURES_INTAKE_INTAKE_HUB_STORE_H

#include "features/intake/intake_hub.h"

CHECKED Err intake_hub_store_insert(Ctx *ctx, const IntakeHub *hub);
/* id 0 when there is none. of_feed: the one that is not leaving. */
CHECKED Err intake_hub_store_get(Ctx *ctx, int64_t id, IntakeHub *ret);
CHECKED Err intake_hub_store_of_feed(Ctx *ctx, int64_t feed_id, IntakeHub *ret);
CHECKED Err intake_hub_store_of_token(Ctx *ctx, Str token_hash, IntakeHub *ret);
/* All but id, feed, topic, token and secret; in the transaction in which the row was read. */
CHECKED Err intake_hub_store_update(Ctx *ctx, const IntakeHub *hub);
/* Token and secret. */
CHECKED Err intake_hub_store_seal(Ctx *ctx, const IntakeHub *hub);
CHECKED Err intake_hub_store_delete(Ctx *ctx, int64_t id);

#endif
