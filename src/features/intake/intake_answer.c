/* features/intake/intake_answer.c - what becomes of one fetch: deposits, the next plan, the state that people see. */
#include <assert.h>

#include "base/utf8.h"
#include "db/db.h"
#include "features/intake/intake_feed_service.h"
#include "features/intake/intake_feed_store.h"
#include "features/intake/intake_hub_service.h"
#include "features/intake/intake_items.h"
#include "features/intake/intake_pace.h"
#include "features/intake/intake_service.h"
#include "features/register/register.h"
#include "sec/hash.h"
#include "text/feed_links.h"
#include "text/web_link.h"

enum { VALIDATOR_BYTES_MAX = 500 };

/* One answer on its way through this file. */
typedef struct Work {
    const IntakeAnswer *answer;
    IntakeFeed feed;
    IntakeState state; /* the new one */
    IntakeFetch fetch;
    IntakeItems items;
    Str body_hash;
    bool is_ok;   /* the feed answered as a feed */
    bool is_gone; /* 410 */
    bool is_move_believed;
    bool is_first;   /* it was never fetched before */
    bool is_pushed;  /* a hub brought it */
    bool is_trusted; /* a hub brings what is new: it is fetched once a day only */
    bool is_behind;  /* there was something new that the hub had not brought */
} Work;

/* ---- what the answer says ---- */

/* Headers come before what the page itself says. */
static bool find_feed(Ctx *ctx, const IntakeAnswer *a, Str *ret) {
    WebLinks links;

    web_links_read(ctx->arena, a->links, a->url, &links);
    for (size_t i = 0; i < links.len; i++)
        if (web_link_is(&links.items[i], S("alternate")) &&
            feed_links_is_type(links.items[i].type)) {
            *ret = links.items[i].target;
            return true;
        }
    return feed_links_find(ctx->arena, a->body, a->url, ret);
}

/*
 * Somebody gave the address of a page for people: at the first fetch, and only then, the feed that it names takes its
 * place. Later a page in place of a feed is a failure, and two pages that name one another lead nowhere.
 */
static void look_for_feed(Ctx *ctx, Work *w) {
    Str found, url;

    if (!w->is_first || !find_feed(ctx, w->answer, &found) ||
        intake_feed_check_url(ctx, found, &url).code != ERR_OK || str_eq(url, w->feed.url))
        return;
    w->fetch.outcome = S("page");
    w->state.moved_url = url;
    w->is_move_believed = true;
}

static Err read_body(Ctx *ctx, Work *w) {
    Hash hash = hash_sha256(w->answer->body);

    w->body_hash = hex_encode(ctx->arena, hash_str(&hash));
    if (str_eq(w->body_hash, w->state.body_hash)) {
        w->fetch.outcome = S("same");
        w->is_ok = true;
        return OK;
    }
    Err err = intake_items_read(ctx, w->answer, &w->items);
    if (err.code == ERR_INVALID || err.code == ERR_LIMIT) {
        w->fetch.outcome = err.code == ERR_INVALID ? S("not-a-feed") : S("too-much");
        w->items = (IntakeItems){ 0 };
        if (err.code == ERR_INVALID)
            look_for_feed(ctx, w);
        return OK;
    }
    TRY(err);
    w->fetch.outcome = S("taken");
    w->fetch.items = w->items.total;
    w->state.hub = w->items.hub;
    w->state.topic = w->items.topic;
    w->state.told_ms = w->items.told_ms;
    w->state.skip_hours = w->items.skip_hours;
    w->state.skip_days = w->items.skip_days;
    w->is_ok = true;
    return OK;
}

static Err read_answer(Ctx *ctx, Work *w) {
    const IntakeAnswer *a = w->answer;

    w->fetch.run = w->feed.run;
    w->fetch.at_ms = ctx->now_ms;
    w->fetch.bytes = (int64_t)a->body.len;
    w->fetch.took_ms = a->took_ms;
    w->fetch.status = a->status;
    w->fetch.outcome = str_dup(ctx->arena, a->outcome);
    if (!str_eq(a->outcome, S("answered")))
        return OK;
    if (a->status == 200)
        return read_body(ctx, w);
    w->is_ok = a->status == 304 && (w->state.etag.len > 0 || w->state.last_modified.len > 0);
    w->is_gone = a->status == 410;
    w->fetch.outcome = w->is_ok ? S("unchanged") : S("status");
    return OK;
}

/* ---- the new state ---- */

static Str validator(Ctx *ctx, Str value) {
    if (value.len > VALIDATOR_BYTES_MAX)
        return STR_EMPTY;
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.ptr[i] < ' ' || (unsigned char)value.ptr[i] > '~')
            return STR_EMPTY;
    return str_dup(ctx->arena, value);
}

/* A permanent move is believed when the feed itself answered there several times over days: a hotel's sign-in page is not. */
static void note_move(Ctx *ctx, Work *w) {
    IntakeState *s = &w->state;
    Str to;

    if (w->answer->moved_url.len == 0 ||
        intake_feed_check_url(ctx, w->answer->moved_url, &to).code != ERR_OK ||
        str_eq(to, w->feed.url)) {
        s->moved_url = STR_EMPTY;
        s->moved_ms = s->moved_times = 0;
        return;
    }
    if (!str_eq(to, s->moved_url)) {
        s->moved_url = to;
        s->moved_ms = ctx->now_ms;
        s->moved_times = 0;
    }
    s->moved_times++;
    w->is_move_believed =
        s->moved_times >= FEED_MOVE_TIMES && ctx->now_ms - s->moved_ms >= FEED_MOVE_MS;
}

static int64_t asked_ms(const Work *w) {
    int64_t most = w->is_ok ? intake_pace_max_age(w->answer->cache_control) : 0;

    if (w->answer->retry_after_ms > most)
        most = w->answer->retry_after_ms;
    return most < FEED_INTERVAL_MAX_MS ? most : FEED_INTERVAL_MAX_MS;
}

/* What the feed itself says is a lower bound; it is not asked to come later than that. */
static void keep_told_pace(Ctx *ctx, IntakeState *s) {
    int64_t next_ms = s->next_ms;

    if (ctx->now_ms + s->told_ms > next_ms)
        next_ms = ctx->now_ms + s->told_ms;
    next_ms = intake_pace_skip(next_ms, ctx->now_ms, s->skip_hours, s->skip_days);
    if (next_ms > s->next_ms) {
        s->next_ms = next_ms;
        s->wait = S("told");
    }
}

static void set_success(Ctx *ctx, Work *w) {
    IntakeState *s = &w->state;
    bool has_news = w->fetch.fresh > 0 || w->fetch.changed > 0;

    s->failures = 0;
    s->last_ok_ms = ctx->now_ms;
    s->interval_ms = intake_pace_interval(w->items.dates_ms, w->items.date_count, ctx->now_ms,
                                          s->interval_ms, has_news);
    int64_t pace_ms = w->is_trusted ? FEED_INTERVAL_MAX_MS : s->interval_ms;
    s->next_ms = ctx->now_ms + intake_pace_jitter(ctx->chance, pace_ms);
    s->wait = w->is_trusted ? S("hub") : S("rate");
    keep_told_pace(ctx, s);
    if (w->answer->status != 200)
        return;
    s->etag = validator(ctx, w->answer->etag);
    s->last_modified = validator(ctx, w->answer->last_modified);
    s->body_hash = w->body_hash;
}

static void set_failure(Ctx *ctx, Work *w) {
    IntakeState *s = &w->state;

    s->failures++;
    s->next_ms = ctx->now_ms + intake_pace_pause(ctx->chance, s->failures, s->interval_ms);
    s->wait = S("failed");
}

/* Before the transaction, which plans by it; what was new is counted in it and told afterwards. */
static void set_state(Ctx *ctx, Work *w) {
    IntakeState *s = &w->state;

    s->feed_id = w->feed.id;
    s->last_ms = ctx->now_ms;
    s->outcome = w->fetch.outcome;
    s->status = w->fetch.status;
    if (w->is_ok) {
        note_move(ctx, w);
        set_success(ctx, w);
    } else {
        set_failure(ctx, w);
    }
    if (ctx->now_ms + asked_ms(w) > s->next_ms) {
        s->next_ms = ctx->now_ms + asked_ms(w);
        s->wait = S("asked");
    }
}

/* ---- what is stored ---- */

static Err count_news(Ctx *ctx, Work *w) {
    size_t kept = 0;

    for (size_t i = 0; i < w->items.len; i++) {
        Deposit *d = &w->items.items[i];
        DepositOutcome outcome;
        d->outlet_id = w->feed.outlet_id;
        d->feed_id = w->feed.id;
        TRY(intake_look(ctx, d, &outcome));
        if (outcome == DEPOSIT_SAME)
            continue;
        w->items.items[kept++] = *d;
        *(outcome == DEPOSIT_NEW ? &w->fetch.fresh : &w->fetch.changed) += 1;
    }
    w->items.len = kept;
    return OK;
}

static Err put_items(Ctx *ctx, Work *w) {
    w->fetch.fresh = w->fetch.changed = 0;
    for (size_t i = 0; i < w->items.len; i++) {
        DepositOutcome outcome;
        Deposit d;
        TRY(intake_put(ctx, &w->items.items[i], &d, &outcome));
        w->fetch.fresh += outcome == DEPOSIT_NEW;
        w->fetch.changed += outcome == DEPOSIT_CHANGED;
    }
    return OK;
}

static Err end_gone(Ctx *ctx, Work *w) {
    Str from = w->feed.state;
    bool is_done;

    w->feed.state = S("ended");
    w->feed.why = S("gone");
    w->feed.changed_ms = ctx->now_ms;
    TRY(intake_feed_store_update(ctx, &w->feed, &is_done));
    if (is_done)
        TRY(intake_hub_leave(ctx, w->feed.id));
    return is_done ? intake_feed_seal(ctx, "feed.state", &w->feed, from, w->feed.state) : OK;
}

static Err move_url(Ctx *ctx, Work *w) {
    Str from = w->feed.url;
    IntakeFeed other;
    bool is_done;

    TRY(intake_feed_store_by_url(ctx, w->state.moved_url, &other));
    if (other.id)
        return OK; /* it is read there already */
    w->feed.url = w->state.moved_url;
    w->feed.changed_ms = ctx->now_ms;
    TRY(intake_feed_store_update(ctx, &w->feed, &is_done));
    if (!is_done)
        return OK;
    TRY(intake_feed_seal(ctx, "feed.moved", &w->feed, from, w->feed.url));
    w->state.moved_url = STR_EMPTY;
    w->state.moved_ms = w->state.moved_times = 0;
    if (!w->is_ok) { /* found on a page: asked at once */
        w->state.next_ms = ctx->now_ms;
        w->state.failures = 0;
    }
    return OK;
}

static Err note_hub(Ctx *ctx, Work *w) {
    if (w->is_behind)
        TRY(intake_hub_fell_behind(ctx, w->feed.id));
    bool is_fetched = w->is_ok && !w->is_pushed;
    return is_fetched ? intake_hub_note(ctx, &w->feed, w->state.hub, w->state.topic) : OK;
}

/* *ret_is_ours is false when the feed was paused, ended or planned anew meanwhile. */
static Err store(Ctx *ctx, Work *w, bool *ret_is_ours) {
    int64_t run;
    DB_TX(tx);

    *ret_is_ours = false;
    TRY(db_begin_alone(ctx, &tx));
    TRY(intake_feed_store_next_run(ctx, w->feed.id, w->is_pushed ? -1 : w->feed.run, &run));
    if (!run)
        return OK;
    if (w->is_pushed)
        TRY(intake_feed_owe_no_more(ctx, w->feed.id, run - 1));
    w->feed.run = run;
    if (w->is_gone)
        TRY(end_gone(ctx, w));
    else if (w->is_move_believed)
        TRY(move_url(ctx, w));
    TRY(put_items(ctx, w));
    if (!w->feed.first_ms)
        TRY(intake_feed_store_asked(ctx, w->feed.id));
    TRY(note_hub(ctx, w));
    if (w->items.title.len > 0 && !str_eq(w->items.title, w->feed.title))
        TRY(intake_feed_store_title(ctx, w->feed.id, w->items.title));
    if (!w->is_gone)
        TRY(intake_feed_owe(ctx, w->feed.id, w->feed.url, run, w->state.next_ms));
    TRY(db_commit(&tx));
    *ret_is_ours = true;
    return OK;
}

static Err plan_again(Ctx *ctx, const IntakeFeed *feed) {
    int64_t run;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(intake_feed_store_next_run(ctx, feed->id, feed->run, &run));
    if (run)
        TRY(intake_feed_owe(ctx, feed->id, feed->url, run, ctx->now_ms + FEED_INTERVAL_MIN_MS));
    return db_commit(&tx);
}

/* News since the hub agreed and the feed was fetched last should have been brought by it. */
static Err look_at_hub(Ctx *ctx, Work *w) {
    IntakeHub hub;

    if (!w->is_ok)
        return OK;
    TRY(intake_hub_get(ctx, w->feed.id, &hub));
    bool is_trusted = intake_hub_is_trusted(&hub, ctx->now_ms);
    w->is_behind = is_trusted && w->fetch.fresh > 0 && hub.verified_ms < w->state.last_ok_ms;
    w->is_trusted = is_trusted && !w->is_behind;
    return OK;
}

static Err take(Ctx *ctx, Work *w) {
    bool is_ours;

    TRY(intake_feed_store_states(ctx, &w->feed.id, 1, &w->state));
    w->is_first = w->state.feed_id == 0;
    TRY(read_answer(ctx, w));
    TRY(count_news(ctx, w));
    TRY(look_at_hub(ctx, w));
    set_state(ctx, w);
    Err err = store(ctx, w, &is_ours);
    if (err.code == ERR_CONFLICT) /* a person deposited one of them at this moment: once more */
        return FAIL(ERR_BUSY, NULL,
                    N_("Somebody deposited the same at the same moment. Look again."));
    TRY(err);
    return is_ours ? intake_feed_store_keep(ctx, &w->state, &w->fetch) : OK;
}

/* As the router does for a person: the log says whose it is. */
static Err for_outlet(Ctx *ctx, Work *w, Err (*act)(Ctx *ctx, Work *w)) {
    int64_t outlet_id = ctx->outlet_id;
    Str outlet_no = ctx->outlet_no;
    Outlet outlet;

    TRY(outlet_get(ctx, w->feed.outlet_id, &outlet));
    ctx->outlet_id = outlet.id;
    ctx->outlet_no = outlet.no;
    Err err = act(ctx, w);
    ctx->outlet_id = outlet_id;
    ctx->outlet_no = outlet_no;
    return err;
}

Err intake_answer(Ctx *ctx, int64_t feed_id, int64_t run, const IntakeAnswer *answer) {
    Work w = { .answer = answer };

    TRY(intake_feed_store_get(ctx, feed_id, &w.feed));
    if (!w.feed.id || w.feed.run != run || !str_eq(w.feed.state, S("active")))
        return OK;
    if (answer->is_cancelled)
        return plan_again(ctx, &w.feed);
    return for_outlet(ctx, &w, take);
}

/* ---- brought by a hub ---- */

/* The validators and the hash stay those of the last fetch, for this may be a part of the feed only. */
static void set_pushed(Ctx *ctx, Work *w) {
    IntakeState *s = &w->state;

    s->feed_id = w->feed.id;
    s->last_ms = s->last_ok_ms = ctx->now_ms;
    s->failures = s->status = 0;
    s->outcome = w->fetch.outcome;
    s->next_ms = ctx->now_ms + intake_pace_jitter(ctx->chance, FEED_INTERVAL_MAX_MS);
    s->wait = S("hub");
}

static Err take_pushed(Ctx *ctx, Work *w) {
    bool is_ours;

    w->fetch = (IntakeFetch){ .at_ms = ctx->now_ms,
                              .bytes = (int64_t)w->answer->body.len,
                              .items = w->items.total,
                              .outcome = S("pushed") };
    w->is_ok = true;
    TRY(intake_feed_store_states(ctx, &w->feed.id, 1, &w->state));
    TRY(count_news(ctx, w));
    if (w->items.len == 0 && str_eq(w->state.wait, S("hub")) && w->state.next_ms > ctx->now_ms)
        return OK; /* nothing new, and nothing else to plan */
    set_pushed(ctx, w);
    TRY(store(ctx, w, &is_ours));
    if (!is_ours)
        return OK;
    w->fetch.run = w->feed.run - 1; /* of the plan that it took the place of */
    return intake_feed_store_keep(ctx, &w->state, &w->fetch);
}

Err intake_answer_pushed(Ctx *ctx, const IntakeFeed *feed, const IntakeAnswer *answer,
                         bool *ret_is_feed) {
    Work w = { .answer = answer, .feed = *feed, .is_pushed = true };

    Err err = intake_items_read(ctx, answer, &w.items);
    if (err.code == ERR_OK)
        err = for_outlet(ctx, &w, take_pushed);
    else if (err.code == ERR_INVALID || err.code == ERR_LIMIT) {
        *ret_is_feed = false;
        return OK;
    }
    TRY(err);
    *ret_is_feed = true;
    return OK;
}

/* ---- many of which nothing is to be stored but the plan ---- */

bool intake_answer_is_light(const IntakeAnswer *answer) {
    return str_eq(answer->outcome, S("answered")) && answer->status == 304 &&
           answer->moved_url.len == 0;
}

/* Kept are those that were still ours; *count falls. */
static Err plan_many(Ctx *ctx, Work *works, size_t *count) {
    size_t kept = 0;
    int64_t run;
    DB_TX(tx);

    TRY(db_begin_alone(ctx, &tx));
    for (size_t i = 0; i < *count; i++) {
        Work *w = &works[i];
        TRY(intake_feed_store_next_run(ctx, w->feed.id, w->feed.run, &run));
        if (!run)
            continue;
        TRY(intake_feed_owe(ctx, w->feed.id, w->feed.url, run, w->state.next_ms));
        works[kept++] = *w;
    }
    TRY(db_commit(&tx));
    *count = kept;
    return OK;
}

Err intake_answer_many(Ctx *ctx, const IntakeCame *came, size_t count) {
    IntakeFeed *feeds = arena_array(ctx->arena, count + 1, sizeof *feeds);
    IntakeState *states = arena_array(ctx->arena, count + 1, sizeof *states);
    IntakeFetch *fetches = arena_array(ctx->arena, count + 1, sizeof *fetches);
    Work *works = arena_array(ctx->arena, count + 1, sizeof *works);
    int64_t ids[FEED_CAME_MAX];
    size_t len = 0;

    assert(count <= FEED_CAME_MAX);
    for (size_t i = 0; i < count; i++)
        ids[i] = came[i].feed_id;
    TRY(intake_feed_store_get_many(ctx, ids, count, feeds));
    TRY(intake_feed_store_states(ctx, ids, count, states));
    for (size_t i = 0; i < count; i++) {
        Work w = { .answer = came[i].answer, .feed = feeds[i], .state = states[i] };
        if (!feeds[i].id || feeds[i].run != came[i].run || !str_eq(feeds[i].state, S("active")))
            continue; /* paused, ended or planned anew meanwhile */
        assert(intake_answer_is_light(w.answer));
        TRY(read_answer(ctx, &w));
        set_state(ctx, &w);
        works[len++] = w;
    }
    TRY(plan_many(ctx, works, &len));
    for (size_t i = 0; i < len; i++) {
        states[i] = works[i].state;
        fetches[i] = works[i].fetch;
    }
    return intake_feed_store_keep_many(ctx, states, fetches, len);
}
