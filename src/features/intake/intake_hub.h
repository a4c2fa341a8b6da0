/* features/intake/intake_hub.h - hubs that bring what is new in a feed (W3C WebSub, the subscriber's side). */
#ifndef FEATURES_INTAKE_INTAKE_HUB_H
#define FEATURES_INTAKE_INTAKE_HUB_H

#include "features/intake/intake_feed.h"
#include "sec/box.h"

#define HUB_PATH "/websub/in/" /* before the token of a callback's address */

enum {
    HUB_LEASE_ASKED_S = 10 * 86400,
    HUB_LEASE_MIN_S = 3600, /* a shorter one would be asked for all day: not accepted */
    HUB_LEASE_MAX_S = 30 * 86400,
    HUB_WISH_MS = 6 * 3600000,   /* so long may a hub verify what was asked */
    HUB_TRIES_MAX = 6,           /* then it is silent */
    HUB_LEAVE_TRIES_MAX = 3,     /* then the row goes all the same */
    HUB_AGAIN_MS = 7 * 86400000, /* after which one that refused or is silent is asked again */
    HUB_REASON_CHARS_MAX = 200,
    HUB_SEEN_MAX = 32, /* deliveries that are known again */
    HUB_CHALLENGE_CHARS_MAX = 2000
};

/* A subscription. Its callback's token and secret are not in here: they are wrapped, and opened where they are needed. */
typedef struct IntakeHub {
    int64_t id, feed_id;
    Str hub, target, topic;
    Str state; /* asking, active, denied, refused, silent, leaving */
    Str reason;
    Str token_hash, sealed;
    Str wish; /* subscribe, unsubscribe, or empty */
    int64_t asked_ms, tries, verified_ms, expires_ms, delivered_ms, deliveries, refused_ms;
    Str refused;
    Str seen;
    bool is_behind;
    int64_t run, changed_ms;
} IntakeHub;

/* The one subscription of the feed that is not leaving; id 0 where there is none. */
CHECKED Err intake_hub_get(Ctx *ctx, int64_t feed_id, IntakeHub *ret);
/* Does it bring what is new, so that fetching may be rare? */
bool intake_hub_is_trusted(const IntakeHub *hub, int64_t now_ms);

/*
 * What a hub asks of the callback with this token (W3C WebSub, 5.3). *ret_is_agreed: the challenge is to be given back. mode subscribe and
 * unsubscribe are agreed to when just that was asked for within HUB_WISH_MS and was not verified before, for that topic, with a lease of
 * HUB_LEASE_MIN_S and more, of which HUB_LEASE_MAX_S count. mode denied ends it, with a reason. Each fetches
 * the feed at once where a hub no longer brings it. ERR_NOT_FOUND: no such callback. ERR_BUSY with retry, ERR_IO.
 */
typedef struct HubQuestion {
    Str mode, topic, challenge, lease_seconds, reason;
} HubQuestion;
CHECKED Err intake_hub_verify(Ctx *ctx, Str token, const HubQuestion *question,
                              bool *ret_is_agreed);

/*
 * What a hub delivers (7): signed with the secret it is taken in as an answer of the feed would be; a body that is no feed, or was there
 * before, has the feed fetched instead. What is not signed so, or signed by sha1, is noted and nothing else. *ret_is_known false: there is no such
 * callback any more, and the hub may forget it. Repeating is safe. ERR_BUSY with retry, ERR_IO.
 */
typedef struct HubDelivery {
    Str signature, content_type, body;
} HubDelivery;
CHECKED Err intake_hub_deliver(Ctx *ctx, Str token, const HubDelivery *delivery,
                               bool *ret_is_known);

/*
 * The key that wraps tokens and secrets, and the address under which this server is reached from outside ("https://news.example"); NULL or
 * empty: hubs are not asked. Borrowed, once at start, before any thread.
 */
void intake_hub_use(const BoxKey *box, Str origin);
extern const JobKind intake_hub_kind; /* LANE_DELIVER, "feed.hub" */

extern const Route intake_hub_routes[];

#endif
