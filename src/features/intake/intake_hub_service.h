/* intake_hub_service.h - what the files about hubs share; private to intake/. */
#ifndef FEATURES_INTAKE_INTAKE_HUB_SERVICE_H
#define FEATURES_INTAKE_INTAKE_HUB_SERVICE_H

#include "features/intake/intake_hub.h"

/*
 * After a fetch, in its transaction: the hub that the feed names (empty: none) is asked for, unless it is asked or active already, or refused
 * less than HUB_AGAIN_MS ago; the one that it names no more is left. A hub is reached by https, or stands on this machine.
 */
CHECKED Err intake_hub_note(Ctx *ctx, const IntakeFeed *feed, Str hub, Str topic);
/* In the caller's transaction: the feed is not to be brought any more. */
CHECKED Err intake_hub_leave(Ctx *ctx, int64_t feed_id);
/* In the caller's transaction: a fetch found what the hub had not brought. */
CHECKED Err intake_hub_fell_behind(Ctx *ctx, int64_t feed_id);

/*
 * What is to be done by the job of this run, decided and stored before anybody is asked, for a hub may verify before it answers.
 * ret->id is 0 where nobody is to be asked.
 */
CHECKED Err intake_hub_step(Ctx *ctx, int64_t id, int64_t run, IntakeHub *ret);
/* The body of the request, with the token and the secret. ERR_IO: the wrapped ones do not open. */
CHECKED Err intake_hub_form(Ctx *ctx, const IntakeHub *hub, Str *ret);
/* What the hub answered to it; status 0: nothing. location is absolute, body the hub's words. */
typedef struct HubAnswer {
    int status;
    Str location, body;
    int64_t retry_after_ms; /* -1: not said */
} HubAnswer;
CHECKED Err intake_hub_answered(Ctx *ctx, int64_t id, int64_t run, const HubAnswer *answer);
/* Its secret does not open: with another token and another secret it is asked for anew. */
CHECKED Err intake_hub_renew_secret(Ctx *ctx, int64_t id);

/* The secret of the row's callback. ERR_IO: it does not open. */
CHECKED Err intake_hub_open(Ctx *ctx, const IntakeHub *hub, Str *ret_token, Str *ret_secret);

#endif
