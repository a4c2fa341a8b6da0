/* features/intake/intake_feed_service.c - rules of subscriptions; knows neither HTTP nor SQL. */
#include "features/intake/intake_feed_service.h"

#include <assert.h>

#include "base/id.h"
#include "db/db.h"
#include "features/intake/intake_facts.h"
#include "features/intake/intake_feed_store.h"
#include "features/intake/intake_hub_service.h"
#include "features/register/register.h"
#include "ledger/ledger.h"
#include "net/url.h"

enum {
    AGAIN_MS = 60000,     /* a second "fetch now" within it is the first */
    LOST_MS = 10 * 60000, /* so late and still not fetched: its job is gone */
    PAGE = FEED_LIST_MAX
};

static Str dedupe_of(Ctx *ctx, int64_t id, int64_t run) {
    return str_format(ctx->arena, "feed.poll:%lld:%lld", (long long)id, (long long)run);
}

Err intake_feed_owe_no_more(Ctx *ctx, int64_t id, int64_t run) {
    return job_drop(ctx, dedupe_of(ctx, id, run));
}

Err intake_feed_owe(Ctx *ctx, int64_t id, Str url, int64_t run, int64_t due_ms) {
    Str dedupe = dedupe_of(ctx, id, run);
    size_t slashes = str_find(url, S("//"), 0);
    Str host = slashes == SIZE_MAX ? url : str_slice(url, slashes + 2, url.len);
    size_t end = str_find_char(host, '/', 0);
    Json *payload = json_obj(ctx->arena);

    json_set(payload, "feed", json_id(ctx->arena, id));
    json_set(payload, "run", json_int(ctx->arena, run));
    return job_add(ctx, intake_poll_kind.kind, dedupe,
                   end == SIZE_MAX ? host : str_slice(host, 0, end), payload, due_ms);
}

Err intake_feed_seal(Ctx *ctx, const char *kind, const IntakeFeed *feed, Str from, Str to) {
    Json *sealed = json_obj(ctx->arena);

    json_set(sealed, "url", json_str(ctx->arena, feed->url));
    json_set(sealed, "from", json_str(ctx->arena, from));
    json_set(sealed, "to", json_str(ctx->arena, to));
    json_set(sealed, "why", json_str(ctx->arena, feed->why));
    return ledger_append(ctx, kind, feed->id, sealed);
}

Err intake_feed_check_url(Ctx *ctx, Str url, Str *ret) {
    Str address, trimmed = str_trim(url);
    size_t fragment = str_find_char(trimmed, '#', 0);

    TRY(intake_address(ctx->arena, trimmed, &address));
    *ret = str_dup(ctx->arena, fragment == SIZE_MAX ? trimmed : str_slice(trimmed, 0, fragment));
    return OK;
}

static Err check_room(Ctx *ctx) {
    int64_t count;

    TRY(intake_feed_store_count(ctx, ctx->outlet_id, &count));
    if (count >= FEED_OF_OUTLET_MAX)
        return FAIL_ARGS(ERR_LIMIT, "url", N_("An outlet has at most {0} feeds. End one first."),
                         str_from_int(ctx->arena, FEED_OF_OUTLET_MAX));
    return OK;
}

static Err taken(Ctx *ctx, Str url) {
    Outlet outlet = { 0 };
    IntakeFeed other;

    TRY(intake_feed_store_by_url(ctx, url, &other));
    if (other.id)
        TRY(outlet_get(ctx, other.outlet_id, &outlet));
    return FAIL_ARGS(ERR_CONFLICT, "url", N_("This feed is already read for {0}."), outlet.name);
}

Err intake_feed_add(Ctx *ctx, Str url, IntakeFeed *ret) {
    IntakeFeed feed = { .outlet_id = ctx->outlet_id,
                        .state = S("active"),
                        .person_id = ctx->person_id,
                        .added_ms = ctx->now_ms,
                        .changed_ms = ctx->now_ms,
                        .run = 1,
                        .version = 1 };
    bool is_new;
    DB_TX(tx);

    TRY(intake_feed_check_url(ctx, url, &feed.url));
    feed.id = id_next(ctx);
    TRY(db_begin(ctx, &tx));
    TRY(check_room(ctx));
    TRY(intake_feed_store_insert(ctx, &feed, &is_new));
    if (!is_new)
        return taken(ctx, feed.url);
    TRY(intake_feed_seal(ctx, "feed.added", &feed, STR_EMPTY, feed.state));
    TRY(intake_feed_owe(ctx, feed.id, feed.url, feed.run, ctx->now_ms));
    TRY(db_commit(&tx));

    *ret = feed;
    return OK;
}

/* ---- reading ---- */

Err intake_feed_get(Ctx *ctx, int64_t id, IntakeFeed *ret) {
    IntakeFeed feed;

    TRY(intake_feed_store_get(ctx, id, &feed));
    if (!feed.id)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such feed."));
    *ret = feed;
    return OK;
}

Err intake_feed_list(Ctx *ctx, const int64_t *outlet_ids, size_t outlet_count, int64_t after_id,
                     int limit, IntakeFeeds *ret) {
    if (outlet_count > FEED_OUTLETS_MAX)
        outlet_count = FEED_OUTLETS_MAX;
    return intake_feed_store_list(ctx, outlet_ids, outlet_count, STR_EMPTY, after_id, limit, ret);
}

Err intake_feed_states(Ctx *ctx, const IntakeFeed *feeds, size_t count, IntakeState *ret) {
    IntakeState *states = arena_array(ctx->arena, count + 1, sizeof *states);
    int64_t ids[FEED_LIST_MAX];

    assert(count <= FEED_LIST_MAX);
    for (size_t i = 0; i < count; i++)
        ids[i] = feeds[i].id;
    TRY(intake_feed_store_states(ctx, ids, count, states));
    for (size_t i = 0; i < count; i++)
        ret[i] = states[i];
    return OK;
}

Err intake_feed_state(Ctx *ctx, int64_t id, IntakeState *ret, IntakeFetches *ret_fetches) {
    IntakeState state = { 0 };

    TRY(intake_feed_store_states(ctx, &id, 1, &state));
    TRY(intake_feed_store_fetches(ctx, id, ret_fetches));
    *ret = state;
    return OK;
}

/* ---- moving ---- */

static bool may_move(Str from, Str to) {
    return (str_eq(from, S("active")) && (str_eq(to, S("paused")) || str_eq(to, S("ended")))) ||
           (str_eq(from, S("paused")) && (str_eq(to, S("active")) || str_eq(to, S("ended"))));
}

/* For the page only: what decides is the job. Before the act, for the two files never commit together. */
static Err say_due_now(Ctx *ctx, int64_t id) {
    IntakeState state = { 0 };

    TRY(intake_feed_store_states(ctx, &id, 1, &state));
    if (!state.feed_id)
        return OK;
    state.next_ms = ctx->now_ms;
    return intake_feed_store_keep(ctx, &state, NULL);
}

Err intake_feed_move(Ctx *ctx, int64_t id, Str to) {
    IntakeFeed feed;
    bool is_done;
    DB_TX(tx);

    if (str_eq(to, S("active")))
        TRY(say_due_now(ctx, id));
    TRY(db_begin(ctx, &tx));
    TRY(intake_feed_get(ctx, id, &feed));
    Str from = feed.state;
    if (!may_move(from, to))
        return FAIL(ERR_CONFLICT, "state",
                    N_("The feed is in a state in which this cannot be done."));
    bool is_active = str_eq(to, S("active"));
    feed.state = to;
    feed.why = is_active ? STR_EMPTY : S("by_hand");
    feed.changed_ms = ctx->now_ms;
    feed.run++; /* whatever was planned before does nothing */
    TRY(intake_feed_store_update(ctx, &feed, &is_done));
    if (!is_done)
        return FAIL(ERR_CONFLICT, "state", N_("Somebody changed this feed meanwhile. Look again."));
    TRY(intake_feed_seal(ctx, "feed.state", &feed, from, to));
    if (is_active)
        TRY(intake_feed_owe(ctx, id, feed.url, feed.run, ctx->now_ms));
    else
        TRY(intake_hub_leave(ctx, id));
    return db_commit(&tx);
}

Err intake_feed_fetch(Ctx *ctx, int64_t id) {
    IntakeState state = { 0 };
    IntakeFeed feed;
    int64_t run;
    DB_TX(tx);

    TRY(intake_feed_get(ctx, id, &feed));
    if (!str_eq(feed.state, S("active")))
        return FAIL(ERR_CONFLICT, "state",
                    N_("The feed is not fetched in this state. Resume it first."));
    TRY(intake_feed_store_states(ctx, &id, 1, &state));
    if (state.last_ms > ctx->now_ms - AGAIN_MS && state.last_ms <= ctx->now_ms)
        return OK;
    TRY(say_due_now(ctx, id));
    TRY(db_begin(ctx, &tx));
    TRY(intake_feed_store_next_run(ctx, id, -1, &run));
    if (run)
        TRY(intake_feed_owe(ctx, id, feed.url, run, ctx->now_ms));
    return db_commit(&tx);
}

/* ---- the first time ---- */

Err intake_feed_first(Ctx *ctx, const int64_t *outlet_ids, size_t outlet_count, FeedFirst *ret,
                      size_t *ret_len) {
    FeedFirst *found = arena_array(ctx->arena, FEED_LIST_MAX, sizeof *found);
    size_t len;

    if (outlet_count > FEED_OUTLETS_MAX)
        outlet_count = FEED_OUTLETS_MAX;
    TRY(intake_feed_store_first(ctx, outlet_ids, outlet_count, found, &len));
    for (size_t i = 0; i < len; i++)
        ret[i] = found[i];
    *ret_len = len;
    return OK;
}

Err intake_feed_first_move(Ctx *ctx, Str to, int64_t *ret) {
    Str from = str_eq(to, S("active")) ? S("paused") : S("active");
    IntakeFeeds list; /* an outlet has at most FEED_OF_OUTLET_MAX */
    int64_t count = 0;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(intake_feed_store_list(ctx, &ctx->outlet_id, 1, from, 0, FEED_LIST_MAX, &list));
    for (size_t i = 0; i < list.len; i++) {
        if (list.items[i].first_ms)
            continue;
        TRY(intake_feed_move(ctx, list.items[i].id, to));
        count++;
    }
    TRY(db_commit(&tx));
    *ret = count;
    return OK;
}

/* ---- what a hub tells ---- */

bool intake_feed_is_own_machine(Arena *arena, Str url) {
    NetUrl at;

    return net_url_read(arena, url, &at).code == ERR_OK && at.is_address &&
           str_starts(at.host, S("127."));
}

static Err plan_at(Ctx *ctx, const IntakeFeed *feed, int64_t due_ms) {
    int64_t run;

    TRY(intake_feed_store_next_run(ctx, feed->id, -1, &run));
    if (!run)
        return OK;
    TRY(intake_feed_owe_no_more(ctx, feed->id, run - 1));
    return intake_feed_owe(ctx, feed->id, feed->url, run, due_ms);
}

Err intake_feed_plan_now(Ctx *ctx, const IntakeFeed *feed) {
    return plan_at(ctx, feed, ctx->now_ms);
}

/* A minute after the last one, also where that one is under way: it may have read what was there before. */
static int64_t soon_ms(Ctx *ctx, const IntakeState *state) {
    int64_t due_ms = ctx->now_ms;

    if (state->last_ms <= due_ms && state->last_ms + AGAIN_MS > due_ms)
        due_ms = state->last_ms + AGAIN_MS;
    if (state->next_ms <= ctx->now_ms && state->next_ms + AGAIN_MS > due_ms)
        due_ms = state->next_ms + AGAIN_MS;
    return due_ms;
}

Err intake_feed_fetch_soon(Ctx *ctx, int64_t id) {
    IntakeState state = { 0 };
    IntakeFeed feed;
    DB_TX(tx);

    TRY(intake_feed_get(ctx, id, &feed));
    TRY(intake_feed_store_states(ctx, &id, 1, &state));
    bool is_planned = state.next_ms > ctx->now_ms && state.next_ms <= ctx->now_ms + AGAIN_MS;
    if (!str_eq(feed.state, S("active")) || is_planned)
        return OK;
    if (state.feed_id) {
        state.next_ms = soon_ms(ctx, &state);
        TRY(intake_feed_store_keep(ctx, &state, NULL));
    }
    TRY(db_begin(ctx, &tx));
    TRY(plan_at(ctx, &feed, state.feed_id ? state.next_ms : ctx->now_ms));
    return db_commit(&tx);
}

/* ---- the plan ---- */

static bool is_lost(Ctx *ctx, const IntakeFeed *feed, const IntakeState *state) {
    if (!state->feed_id)
        return feed->changed_ms + LOST_MS < ctx->now_ms;
    return state->next_ms + LOST_MS < ctx->now_ms ||
           state->next_ms > ctx->now_ms + 2 * (int64_t)FEED_INTERVAL_MAX_MS;
}

static Err plan_page(Ctx *ctx, const IntakeFeeds *list, bool is_now, int64_t *count) {
    IntakeState *states = arena_array(ctx->arena, list->len + 1, sizeof *states);
    DB_TX(tx);

    TRY(intake_feed_states(ctx, list->items, list->len, states));
    TRY(db_begin(ctx, &tx));
    for (size_t i = 0; i < list->len; i++) {
        int64_t run = 0;
        if (!is_now && !is_lost(ctx, &list->items[i], &states[i]))
            continue;
        TRY(intake_feed_store_next_run(ctx, list->items[i].id, -1, &run));
        if (!run)
            continue;
        TRY(intake_feed_owe(ctx, list->items[i].id, list->items[i].url, run, ctx->now_ms));
        (*count)++;
    }
    return db_commit(&tx);
}

Err intake_feed_plan(Ctx *ctx, bool is_now, int64_t *ret) {
    int64_t after = 0, count = 0;
    IntakeFeeds list;

    do {
        TRY(intake_feed_store_list(ctx, NULL, 0, S("active"), after, PAGE, &list));
        TRY(plan_page(ctx, &list, is_now, &count));
        if (list.len > 0)
            after = list.items[list.len - 1].id;
    } while (list.len == PAGE);
    *ret = count;
    return OK;
}
