/*
 * features/intake/intake_hub_service.c - rules of subscriptions at hubs: when one is asked, what it answered, when it is left.
 * `box` and `origin` are set once, before any thread starts.
 */
#include "features/intake/intake_hub_service.h"

#include "base/id.h"
#include "base/percent.h"
#include "base/utf8.h"
#include "db/db.h"
#include "features/intake/intake_feed_service.h"
#include "features/intake/intake_feed_store.h"
#include "features/intake/intake_hub_store.h"
#include "net/url.h"
#include "sec/token.h"
#include "text/excerpt.h"

#define TABLE S("intake_hub") /* whose rows the wrapped tokens and secrets belong to */

enum {
    PAUSE_FIRST_MS = 10 * 60000,
    PAUSE_MAX_MS = 6 * 3600000,
    LATER_MAX_MS = 24 * 3600000,
    LOST_MS = 2 * 86400000 /* asking for so long: its job is gone */
};

static const BoxKey *box;
static Str origin;

void intake_hub_use(const BoxKey *key, Str address) {
    box = key;
    origin = address;
}

static bool may_ask(void) {
    return box && box->number != 0 && origin.len > 0;
}

static bool is(Str state, const char *word) {
    return str_eq(state, str_from_c(word));
}

Err intake_hub_get(Ctx *ctx, int64_t feed_id, IntakeHub *ret) {
    return intake_hub_store_of_feed(ctx, feed_id, ret);
}

bool intake_hub_is_trusted(const IntakeHub *hub, int64_t now_ms) {
    return hub->id && is(hub->state, "active") && hub->expires_ms > now_ms && !hub->is_behind;
}

/* The secret travels to it: by https, or not beyond this machine. False for an address that nobody goes to. */
static bool is_usable(Ctx *ctx, Str url, Str *ret) {
    NetUrl read;

    if (url.len == 0 || net_url_read(ctx->arena, url, &read).code != ERR_OK ||
        read.text.len > DEPOSIT_URL_BYTES_MAX ||
        (!str_eq(read.scheme, S("https")) && !intake_feed_is_own_machine(ctx->arena, read.text)))
        return false;
    *ret = read.text;
    return true;
}

/* ---- secrets ---- */

static void seal(Ctx *ctx, IntakeHub *hub) {
    Str token = token_new(ctx->arena, ctx->chance, TOKEN_SESSION_BYTES);
    Str secret = token_new(ctx->arena, ctx->chance, TOKEN_SESSION_BYTES);
    Str both = str_format(ctx->arena, "%.*s %.*s", STR_ARG(token), STR_ARG(secret));

    hub->token_hash = token_hash_hex(ctx->arena, token);
    hub->sealed = box_seal(ctx->arena, ctx->chance, box, TABLE, hub->id, both);
}

Err intake_hub_open(Ctx *ctx, const IntakeHub *hub, Str *ret_token, Str *ret_secret) {
    Str both, token;

    if (!box || box->number == 0)
        return FAIL(ERR_IO, NULL,
                    N_("A stored secret does not open: put back the copy of keys/box.key that "
                       "belongs to this database."));
    TRY(box_open(ctx->arena, box, TABLE, hub->id, hub->sealed, &both));
    if (!str_cut(&both, ' ', &token))
        return FAIL(ERR_BUG, NULL, N_("A wrapped secret has a form that nobody wrote."));
    *ret_token = token;
    *ret_secret = both;
    return OK;
}

/* ---- planning ---- */

static Str dedupe_of(Ctx *ctx, const IntakeHub *hub) {
    return str_format(ctx->arena, "feed.hub:%lld:%lld", (long long)hub->id, (long long)hub->run);
}

/* Whatever was planned before is not done. The row is the caller's to store. */
static Err plan_none(Ctx *ctx, IntakeHub *hub) {
    TRY(job_drop(ctx, dedupe_of(ctx, hub)));
    hub->run++;
    return OK;
}

static Err plan(Ctx *ctx, IntakeHub *hub, int64_t due_ms) {
    Json *payload = json_obj(ctx->arena);
    NetUrl url = { 0 };

    TRY(plan_none(ctx, hub));
    TRY(net_url_read(ctx->arena, hub->target, &url)); /* as it was read before it was stored */
    json_set(payload, "hub", json_id(ctx->arena, hub->id));
    json_set(payload, "run", json_int(ctx->arena, hub->run));
    return job_add(ctx, intake_hub_kind.kind, dedupe_of(ctx, hub), url.host, payload, due_ms);
}

/* Doubled with each try, less up to a fifth by chance. */
static int64_t pause_of(Ctx *ctx, int64_t tries) {
    int64_t pause = PAUSE_FIRST_MS;

    for (int64_t i = 1; i < tries && pause < PAUSE_MAX_MS; i++)
        pause *= 2;
    if (pause > PAUSE_MAX_MS)
        pause = PAUSE_MAX_MS;
    return pause - (int64_t)chance_below(ctx->chance, (uint64_t)pause / 5);
}

static Err fetch_soon(Ctx *ctx, int64_t feed_id) {
    IntakeFeed feed;

    TRY(intake_feed_store_get(ctx, feed_id, &feed));
    return feed.id ? intake_feed_plan_now(ctx, &feed) : OK;
}

static Err change(Ctx *ctx, IntakeHub *hub, Str state) {
    hub->state = state;
    hub->changed_ms = ctx->now_ms;
    return intake_hub_store_update(ctx, hub);
}

/* ---- what a fetch found ---- */

static Err begin_asking(Ctx *ctx, IntakeHub *hub) {
    hub->tries = 0;
    hub->wish = hub->reason = STR_EMPTY;
    hub->target = hub->hub;
    hub->is_behind = false;
    TRY(plan(ctx, hub, ctx->now_ms));
    return change(ctx, hub, S("asking"));
}

static Err insert(Ctx *ctx, int64_t feed_id, Str url, Str topic) {
    IntakeHub hub = { .id = id_next(ctx), .feed_id = feed_id, .hub = url, .topic = topic };

    hub.state = S("asking");
    hub.target = url;
    hub.changed_ms = ctx->now_ms;
    seal(ctx, &hub);
    TRY(plan(ctx, &hub, ctx->now_ms));
    return intake_hub_store_insert(ctx, &hub);
}

/* The hub need not hear of what it never knew. */
static Err leave(Ctx *ctx, IntakeHub *hub) {
    bool is_known = is(hub->state, "active") || hub->asked_ms > 0;

    if (!is_known || is(hub->state, "denied") || is(hub->state, "refused")) {
        TRY(plan_none(ctx, hub));
        return intake_hub_store_delete(ctx, hub->id);
    }
    hub->tries = 0;
    hub->wish = STR_EMPTY;
    TRY(plan(ctx, hub, ctx->now_ms));
    return change(ctx, hub, S("leaving"));
}

static bool is_worth_asking(Ctx *ctx, const IntakeHub *hub) {
    int64_t age_ms = ctx->now_ms - hub->changed_ms;

    if (is(hub->state, "active"))
        return hub->expires_ms <= ctx->now_ms;
    return age_ms >= (is(hub->state, "asking") ? LOST_MS : HUB_AGAIN_MS);
}

Err intake_hub_note(Ctx *ctx, const IntakeFeed *feed, Str url, Str topic_url) {
    Str found, topic = topic_url.len > 0 ? topic_url : feed->url;
    NetUrl read;
    IntakeHub hub;

    TRY(intake_hub_store_of_feed(ctx, feed->id, &hub));
    bool is_named = may_ask() && is_usable(ctx, url, &found) &&
                    topic.len <= DEPOSIT_URL_BYTES_MAX &&
                    net_url_read(ctx->arena, topic, &read).code == ERR_OK;
    if (hub.id && is_named && str_eq(hub.hub, found) && str_eq(hub.topic, topic))
        return is_worth_asking(ctx, &hub) ? begin_asking(ctx, &hub) : OK;
    if (hub.id)
        TRY(leave(ctx, &hub));
    return is_named ? insert(ctx, feed->id, found, topic) : OK;
}

Err intake_hub_leave(Ctx *ctx, int64_t feed_id) {
    IntakeHub hub;

    TRY(intake_hub_store_of_feed(ctx, feed_id, &hub));
    return hub.id ? leave(ctx, &hub) : OK;
}

Err intake_hub_fell_behind(Ctx *ctx, int64_t feed_id) {
    IntakeHub hub;

    TRY(intake_hub_store_of_feed(ctx, feed_id, &hub));
    if (!hub.id || hub.is_behind)
        return OK;
    hub.is_behind = true;
    return intake_hub_store_update(ctx, &hub);
}

/* ---- asking ---- */

/* It agreed to nothing, or its lease ran out: the feed is fetched as if there were no hub. */
static Err fall_silent(Ctx *ctx, IntakeHub *hub) {
    bool was_active = is(hub->state, "active");

    hub->wish = STR_EMPTY;
    TRY(plan_none(ctx, hub));
    TRY(change(ctx, hub, S("silent")));
    return was_active ? fetch_soon(ctx, hub->feed_id) : OK;
}

static Err step_leaving(Ctx *ctx, IntakeHub *hub, bool *ret_is_to_ask) {
    if (hub->tries >= HUB_LEAVE_TRIES_MAX || !may_ask())
        return intake_hub_store_delete(ctx, hub->id);
    *ret_is_to_ask = true;
    return OK;
}

static Err step_asking(Ctx *ctx, IntakeHub *hub, bool *ret_is_to_ask) {
    bool is_over =
        is(hub->state, "active") ? hub->expires_ms <= ctx->now_ms : hub->tries >= HUB_TRIES_MAX;

    if (is_over || !may_ask())
        return fall_silent(ctx, hub);
    *ret_is_to_ask = true;
    return OK;
}

/* The next step is planned with this one: whatever becomes of the request, the subscription goes on. */
static Err note_asked(Ctx *ctx, IntakeHub *hub) {
    hub->asked_ms = ctx->now_ms;
    hub->tries++;
    int64_t due_ms = ctx->now_ms + pause_of(ctx, hub->tries);
    if (is(hub->state, "active") && due_ms > hub->expires_ms)
        due_ms = hub->expires_ms;
    TRY(plan(ctx, hub, due_ms));
    return intake_hub_store_update(ctx, hub);
}

Err intake_hub_step(Ctx *ctx, int64_t id, int64_t run, IntakeHub *ret) {
    bool is_to_ask = false;
    IntakeHub hub;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(intake_hub_store_get(ctx, id, &hub));
    if (hub.id && hub.run == run) {
        bool is_leaving = is(hub.state, "leaving");
        TRY(is_leaving ? step_leaving(ctx, &hub, &is_to_ask) : step_asking(ctx, &hub, &is_to_ask));
        hub.wish = is_leaving ? S("unsubscribe") : S("subscribe");
        if (is_to_ask)
            TRY(note_asked(ctx, &hub));
    }
    TRY(db_commit(&tx));
    *ret = is_to_ask ? hub : (IntakeHub){ 0 };
    return OK;
}

static void add_field(Ctx *ctx, Buf *out, const char *name, Str value) {
    if (buf_str(out).len > 0)
        buf_add_char(out, '&');
    buf_add(out, str_from_c(name));
    buf_add_char(out, '=');
    buf_add(out, percent_encode(ctx->arena, value));
}

Err intake_hub_form(Ctx *ctx, const IntakeHub *hub, Str *ret) {
    Buf out = buf_new(ctx->arena, 0);
    Str token, secret;

    TRY(intake_hub_open(ctx, hub, &token, &secret));
    add_field(ctx, &out, "hub.callback",
              str_format(ctx->arena, "%.*s%s%.*s", STR_ARG(origin), HUB_PATH, STR_ARG(token)));
    add_field(ctx, &out, "hub.mode", hub->wish);
    add_field(ctx, &out, "hub.topic", hub->topic);
    if (is(hub->wish, "subscribe")) {
        add_field(ctx, &out, "hub.lease_seconds", str_from_int(ctx->arena, HUB_LEASE_ASKED_S));
        add_field(ctx, &out, "hub.secret", secret);
    }
    *ret = buf_str(&out);
    return OK;
}

/* ---- what it answered ---- */

/* One line of the hub's own words, plain; they are shown to people. */
static Str words_of(Ctx *ctx, Str raw) {
    Str clean = utf8_clean(ctx->arena, str_slice(raw, 0, (size_t)4 * HUB_REASON_CHARS_MAX)), line;

    if (excerpt_first(ctx->arena, clean, HUB_REASON_CHARS_MAX / 2, &line).code != ERR_OK)
        return STR_EMPTY;
    return str_slice(line, 0, utf8_offset(line, HUB_REASON_CHARS_MAX));
}

static bool is_refusal(int status) {
    return status >= 400 && status < 500 && status != 408 && status != 425 && status != 429;
}

static Err take_answer(Ctx *ctx, IntakeHub *hub, const HubAnswer *a) {
    Str next;

    if ((a->status == 307 || a->status == 308) && is_usable(ctx, a->location, &next)) {
        hub->target = next;
        TRY(plan(ctx, hub, ctx->now_ms));
        return intake_hub_store_update(ctx, hub);
    }
    if (is_refusal(a->status) && is(hub->state, "leaving")) {
        TRY(plan_none(ctx, hub));
        return intake_hub_store_delete(ctx, hub->id);
    }
    if (is_refusal(a->status) && is(hub->state, "asking")) {
        hub->reason = words_of(ctx, a->body);
        if (hub->reason.len == 0)
            hub->reason = str_format(ctx->arena, "HTTP %d", a->status);
        hub->wish = STR_EMPTY;
        TRY(plan_none(ctx, hub));
        return change(ctx, hub, S("refused"));
    }
    if (a->retry_after_ms > PAUSE_FIRST_MS && (a->status == 429 || a->status >= 500)) {
        int64_t later = a->retry_after_ms < LATER_MAX_MS ? a->retry_after_ms : LATER_MAX_MS;
        TRY(plan(ctx, hub, ctx->now_ms + later));
        return intake_hub_store_update(ctx, hub);
    }
    return OK;
}

Err intake_hub_answered(Ctx *ctx, int64_t id, int64_t run, const HubAnswer *answer) {
    IntakeHub hub;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(intake_hub_store_get(ctx, id, &hub));
    if (hub.id && hub.run == run && hub.wish.len > 0) /* else it was verified meanwhile */
        TRY(take_answer(ctx, &hub, answer));
    return db_commit(&tx);
}

Err intake_hub_renew_secret(Ctx *ctx, int64_t id) {
    IntakeHub hub;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(intake_hub_store_get(ctx, id, &hub));
    if (hub.id && may_ask()) {
        seal(ctx, &hub);
        TRY(intake_hub_store_seal(ctx, &hub));
        TRY(begin_asking(ctx, &hub));
    }
    return db_commit(&tx);
}

/* ---- what it asks ---- */

static bool is_wished(Ctx *ctx, const IntakeHub *hub, const char *mode) {
    return is(hub->wish, mode) && hub->asked_ms + HUB_WISH_MS > ctx->now_ms;
}

static Err note_lease(Ctx *ctx, IntakeHub *hub) {
    hub->refused = S("lease");
    hub->refused_ms = ctx->now_ms;
    return intake_hub_store_update(ctx, hub);
}

static Err agree(Ctx *ctx, IntakeHub *hub, const HubQuestion *q, bool *ret_is_agreed) {
    int64_t lease_s;

    if (is(hub->state, "leaving") || !is_wished(ctx, hub, "subscribe"))
        return OK;
    if (!str_parse_int(q->lease_seconds, &lease_s) || lease_s < HUB_LEASE_MIN_S)
        return note_lease(ctx, hub);
    if (lease_s > HUB_LEASE_MAX_S)
        lease_s = HUB_LEASE_MAX_S;
    int64_t lease_ms = lease_s * 1000;
    hub->wish = STR_EMPTY;
    hub->tries = 0;
    hub->verified_ms = ctx->now_ms;
    hub->expires_ms = ctx->now_ms + lease_ms;
    /* At four fifths of the lease, a little sooner by chance. */
    int64_t early_ms = lease_ms / 5 + (int64_t)chance_below(ctx->chance, (uint64_t)lease_ms / 20);
    TRY(plan(ctx, hub, hub->expires_ms - early_ms));
    *ret_is_agreed = true;
    return change(ctx, hub, S("active"));
}

static Err take_leave(Ctx *ctx, IntakeHub *hub, bool *ret_is_agreed) {
    if (!is(hub->state, "leaving") || !is_wished(ctx, hub, "unsubscribe"))
        return OK;
    *ret_is_agreed = true;
    TRY(plan_none(ctx, hub));
    return intake_hub_store_delete(ctx, hub->id);
}

static Err be_denied(Ctx *ctx, IntakeHub *hub, const HubQuestion *q) {
    bool was_active = is(hub->state, "active");

    TRY(plan_none(ctx, hub));
    if (is(hub->state, "leaving"))
        return intake_hub_store_delete(ctx, hub->id);
    hub->reason = words_of(ctx, q->reason);
    hub->wish = STR_EMPTY;
    TRY(change(ctx, hub, S("denied")));
    return was_active ? fetch_soon(ctx, hub->feed_id) : OK;
}

Err intake_hub_verify(Ctx *ctx, Str token, const HubQuestion *q, bool *ret_is_agreed) {
    bool is_agreed = false;
    IntakeHub hub;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(intake_hub_store_of_token(ctx, token_hash_hex(ctx->arena, token), &hub));
    if (!hub.id)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such page."));
    if (str_eq(q->topic, hub.topic)) {
        if (is(q->mode, "denied"))
            TRY(be_denied(ctx, &hub, q));
        else if (is(q->mode, "subscribe") && q->challenge.len > 0)
            TRY(agree(ctx, &hub, q, &is_agreed));
        else if (is(q->mode, "unsubscribe") && q->challenge.len > 0)
            TRY(take_leave(ctx, &hub, &is_agreed));
    }
    TRY(db_commit(&tx));
    *ret_is_agreed = is_agreed;
    return OK;
}
