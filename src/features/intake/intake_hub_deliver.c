/* features/intake/intake_hub_deliver.c - what a hub delivers: signed, or noted and dropped. */
#include "db/db.h"
#include "features/intake/intake_feed_service.h"
#include "features/intake/intake_feed_store.h"
#include "features/intake/intake_hub_service.h"
#include "features/intake/intake_hub_store.h"
#include "sec/hash.h"
#include "sec/hub_sign.h"
#include "sec/token.h"

enum { SEEN_CHARS = 16 }; /* of each hash: two deliveries are never alike by chance */

typedef struct Work {
    const HubDelivery *delivery;
    IntakeHub hub;
    IntakeFeed feed;
    Str mark; /* what it is known again by */
} Work;

/* Outside of any transaction before: of the row only what is told here changes. */
static Err note_refused(Ctx *ctx, const Work *w, Str why) {
    IntakeHub hub;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(intake_hub_store_get(ctx, w->hub.id, &hub));
    hub.refused = why;
    hub.refused_ms = ctx->now_ms;
    if (hub.id)
        TRY(intake_hub_store_update(ctx, &hub));
    return db_commit(&tx);
}

static Err note_taken(Ctx *ctx, const Work *w) {
    IntakeHub hub;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(intake_hub_store_get(ctx, w->hub.id, &hub));
    hub.delivered_ms = ctx->now_ms;
    hub.deliveries++;
    hub.is_behind = false;
    hub.seen =
        str_slice(str_concat(ctx->arena, w->mark, hub.seen), 0, (size_t)HUB_SEEN_MAX * SEEN_CHARS);
    if (hub.id)
        TRY(intake_hub_store_update(ctx, &hub));
    return db_commit(&tx);
}

/* Its place among the last deliveries, from 0; -1: it is new. */
static int place_of(const IntakeHub *hub, Str mark) {
    for (size_t at = 0; at + SEEN_CHARS <= hub->seen.len; at += SEEN_CHARS)
        if (str_eq(str_slice(hub->seen, at, at + SEEN_CHARS), mark))
            return (int)(at / SEEN_CHARS);
    return -1;
}

static Str sign_word(HubSign sign) {
    return sign == HUB_SIGN_NONE ? S("unsigned") : sign == HUB_SIGN_WEAK ? S("weak") : S("forged");
}

static Err take_in(Ctx *ctx, Work *w) {
    IntakeAnswer answer = { .outcome = S("answered"),
                            .status = 200,
                            .url = w->hub.topic,
                            .content_type = w->delivery->content_type,
                            .body = w->delivery->body,
                            .retry_after_ms = -1 };
    ActorKind actor = ctx->actor;
    Str name = ctx->person_name;
    bool is_feed;

    ctx->actor = ACTOR_JOB; /* the log says that no person did it */
    ctx->person_name = S("feed.push");
    Err err = intake_answer_pushed(ctx, &w->feed, &answer, &is_feed);
    ctx->actor = actor;
    ctx->person_name = name;
    TRY(err);
    if (!is_feed) /* it only says that there is something new */
        TRY(intake_feed_fetch_soon(ctx, w->feed.id));
    return note_taken(ctx, w);
}

static Err take(Ctx *ctx, Work *w) {
    Str token, secret;

    if (intake_hub_open(ctx, &w->hub, &token, &secret).code != ERR_OK)
        return note_refused(ctx, w, S("key"));
    HubSign sign = hub_sign_check(ctx->arena, secret, w->delivery->body, w->delivery->signature);
    if (sign != HUB_SIGN_GOOD)
        return note_refused(ctx, w, sign_word(sign));
    Hash hash = hash_sha256(w->delivery->body);
    w->mark = str_slice(hex_encode(ctx->arena, hash_str(&hash)), 0, SEEN_CHARS);
    int place = w->delivery->body.len > 0 ? place_of(&w->hub, w->mark) : -1;
    if (place == 0) /* sent again, for our answer was lost */
        return OK;
    if (place > 0) { /* perhaps recorded by somebody: what is true is asked of the feed itself */
        TRY(intake_feed_fetch_soon(ctx, w->feed.id));
        return note_refused(ctx, w, S("replayed"));
    }
    return take_in(ctx, w);
}

Err intake_hub_deliver(Ctx *ctx, Str token, const HubDelivery *delivery, bool *ret_is_known) {
    Work w = { .delivery = delivery };

    TRY(intake_hub_store_of_token(ctx, token_hash_hex(ctx->arena, token), &w.hub));
    if (w.hub.id)
        TRY(intake_feed_store_get(ctx, w.hub.feed_id, &w.feed));
    bool is_known =
        w.hub.id && str_eq(w.hub.state, S("active")) && str_eq(w.feed.state, S("active"));
    if (is_known)
        TRY(take(ctx, &w));
    *ret_is_known = is_known;
    return OK;
}
