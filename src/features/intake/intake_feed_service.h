/* intake_feed_service.h - what the files about feeds share; private to intake/. */
#ifndef FEATURES_INTAKE_INTAKE_FEED_SERVICE_H
#define FEATURES_INTAKE_INTAKE_FEED_SERVICE_H

#include "features/intake/intake_feed.h"

/* The job of this run, in the caller's transaction. */
CHECKED Err intake_feed_owe(Ctx *ctx, int64_t id, Str url, int64_t run, int64_t due_ms);
/* The log entry of a change of state or address, in the caller's transaction. */
CHECKED Err intake_feed_seal(Ctx *ctx, const char *kind, const IntakeFeed *feed, Str from, Str to);
/* A web address that may be a feed's, without its fragment. ERR_INVALID, ERR_LIMIT field "url". */
CHECKED Err intake_feed_check_url(Ctx *ctx, Str url, Str *ret);

#endif
