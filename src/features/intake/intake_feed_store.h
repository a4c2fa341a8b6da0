/* intake_feed_store.h - rows of subscriptions and of fetches; private to intake/. */
#ifndef FEATURES_INTAKE_INTAKE_FEED_STORE_H
#define FEATURES_INTAKE_INTAKE_FEED_STORE_H

#include "features/intake/intake_feed.h"

/* *ret_is_new is false when another feed that has not ended has this address. */
CHECKED Err intake_feed_store_insert(Ctx *ctx, const IntakeFeed *feed, bool *ret_is_new);
/* id 0 when there is none. */
CHECKED Err intake_feed_store_get(Ctx *ctx, int64_t id, IntakeFeed *ret);
/* In the order of ids. */
CHECKED Err intake_feed_store_get_many(Ctx *ctx, const int64_t *ids, size_t count, IntakeFeed *ret);
CHECKED Err intake_feed_store_by_url(Ctx *ctx, Str url, IntakeFeed *ret);
CHECKED Err intake_feed_store_count(Ctx *ctx, int64_t outlet_id, int64_t *ret);
/* outlet_ids: at most FEED_OUTLETS_MAX; NULL: all. state empty: any. */
enum { FEED_OUTLETS_MAX = 30 };
CHECKED Err intake_feed_store_list(Ctx *ctx, const int64_t *outlet_ids, size_t outlet_count,
                                   Str state, int64_t after_id, int limit, IntakeFeeds *ret);
/* Where the row still has feed->version; *ret_is_done. Writes all that may change and raises the version. */
CHECKED Err intake_feed_store_update(Ctx *ctx, const IntakeFeed *feed, bool *ret_is_done);
/* The next run of an active feed whose run is `run` (-1: whatever it is); *ret_run 0: it is another by now. */
CHECKED Err intake_feed_store_next_run(Ctx *ctx, int64_t id, int64_t run, int64_t *ret_run);
CHECKED Err intake_feed_store_asked(Ctx *ctx, int64_t id);
/* Of each outlet with feeds that were never asked; ret holds FEED_LIST_MAX. */
CHECKED Err intake_feed_store_first(Ctx *ctx, const int64_t *outlet_ids, size_t outlet_count,
                                    FeedFirst *ret, size_t *ret_len);
CHECKED Err intake_feed_store_title(Ctx *ctx, int64_t id, Str title);

/* ---- derived.db ---- */
CHECKED Err intake_feed_store_states(Ctx *ctx, const int64_t *ids, size_t count, IntakeState *ret);
CHECKED Err intake_feed_store_fetches(Ctx *ctx, int64_t id, IntakeFetches *ret);
/* State and, unless fetch is NULL, one more fetch; older ones beyond FEED_FETCHES_KEPT go. One derived transaction. */
CHECKED Err intake_feed_store_keep(Ctx *ctx, const IntakeState *state, const IntakeFetch *fetch);
/* The same for many, each with a fetch, in one derived transaction. */
CHECKED Err intake_feed_store_keep_many(Ctx *ctx, const IntakeState *states,
                                        const IntakeFetch *fetches, size_t count);

#endif
