/* intake_feed_service.h - what the files about feeds share; private to intake/. */
#ifndef FEATURES_INTAKE_INTAKE_FEED_SERVICE_H
#define FEATURES_INTAKE_INTAKE_FEED_SERVICE_H

#include "features/intake/intake_feed.h"

/* The job of this run, in the caller's transaction. */
CHECKED Err intake_feed_owe(Ctx *ctx, int64_t id, Str url, int64_t run, int64_t due_ms);
/* The job of this run is owed no more, in the caller's transaction. */
CHECKED Err intake_feed_owe_no_more(Ctx *ctx, int64_t id, int64_t run);
/* In the caller's transaction: an active feed is fetched as soon as the queue comes to it, whatever was planned. */
CHECKED Err intake_feed_plan_now(Ctx *ctx, const IntakeFeed *feed);
/*
 * The same as an act of its own, for a hub that says that there is something new: at most one fetch a minute comes of it, and none is
 * lost. Does nothing for a feed that is not active.
 */
CHECKED Err intake_feed_fetch_soon(Ctx *ctx, int64_t id);
/* Is it this machine by its address? A demonstration asks nobody else. */
bool intake_feed_is_own_machine(Arena *arena, Str url);
/* The log entry of a change of state or address, in the caller's transaction. */
CHECKED Err intake_feed_seal(Ctx *ctx, const char *kind, const IntakeFeed *feed, Str from, Str to);
/* A web address that may be a feed's, without its fragment. ERR_INVALID, ERR_LIMIT field "url". */
CHECKED Err intake_feed_check_url(Ctx *ctx, Str url, Str *ret);

/*
 * What a hub brought, taken in as an answer of an active feed would be; then the feed is fetched a day later. *ret_is_feed false: the
 * body is none, and nothing was done. ERR_CONFLICT (a person deposits the same at this moment), ERR_BUSY with retry, ERR_IO.
 */
CHECKED Err intake_answer_pushed(Ctx *ctx, const IntakeFeed *feed, const IntakeAnswer *answer,
                                 bool *ret_is_feed);

#endif
