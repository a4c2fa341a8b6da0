/* features/intake/intake_service.c - rules of deposits; knows neither HTTP nor SQL. */
#include "features/intake/intake_service.h"

#include <assert.h>

#include "base/id.h"
#include "db/db.h"
#include "features/intake/intake_facts.h"
#include "features/intake/intake_store.h"
#include "ledger/ledger.h"
#include "queue/event.h"

/* ---- what changed ---- */

static bool differs(Str told, Str stored) {
    return told.len > 0 && !str_eq(told, stored);
}

/*
 * What the new words make of the stored item. What is not told this time stays; a date alone is no change, for some
 * feeds date each item anew at each fetch. A copy that was only known by its text is another page with the same
 * story: the item keeps its own words, or two pages of one feed would overwrite one another for ever.
 */
static bool merge_words(const Deposit *stored, const Deposit *found, Deposit *ret) {
    Deposit d = *stored;
    bool is_same_place = str_eq(stored->guid, found->guid) ||
                         (found->address.len > 0 && str_eq(stored->address, found->address));

    if (!is_same_place || stored->n >= DEPOSIT_VERSIONS_MAX)
        return false;
    bool is_moved = differs(found->address, stored->address);
    if (!differs(found->title, stored->title) && !is_moved &&
        !differs(found->text_hash, stored->text_hash))
        return false;
    d.title = found->title;
    if (found->url.len > 0)
        d.url = found->url;
    if (is_moved)
        d.address = found->address;
    if (found->text_hash.len > 0) {
        d.text_hash = found->text_hash;
        d.text_key = found->text_key;
        d.text_chars = found->text_chars;
    }
    if (found->published_ms)
        d.published_ms = found->published_ms;
    d.feed_id = found->feed_id;
    d.person_id = found->person_id;
    d.n++;
    *ret = d;
    return true;
}

/* ---- one story, one card ---- */

/* The oldest card that this is a part of; other cards that are now seen to be the same story join it. */
static Err join_cards(Ctx *ctx, Deposit *d) {
    int64_t ids[CARDS_LIKE_MAX];
    size_t count;

    if (d->address.len > 0)
        TRY(intake_store_meet(ctx, d->address));
    if (d->text_key.len > 0)
        TRY(intake_store_meet(ctx, d->text_key));
    TRY(intake_store_cards_like(ctx, d->address, d->text_key, ids, &count));
    int64_t oldest = d->card_id;
    for (size_t i = 0; i < count; i++)
        if (ids[i] < oldest)
            oldest = ids[i];
    for (size_t i = 0; i < count; i++)
        if (ids[i] != oldest)
            TRY(intake_store_join(ctx, ids[i], oldest));
    if (d->card_id != oldest && d->card_id != d->id)
        TRY(intake_store_join(ctx, d->card_id, oldest));
    d->card_id = oldest;
    return OK;
}

/* ---- announcing ---- */

static Err announce(Ctx *ctx, const Deposit *d, const char *kind) {
    Json *sealed = json_obj(ctx->arena), *facts = json_obj(ctx->arena);
    EventTags tags = { 0 };

    json_set(sealed, "deposit", json_id(ctx->arena, d->id));
    json_set(sealed, "card", json_id(ctx->arena, d->card_id));
    json_set(sealed, "version", json_int(ctx->arena, d->n));
    json_set(sealed, "title", json_str(ctx->arena, d->title));
    json_set(sealed, "url", json_str(ctx->arena, d->url));
    json_set(sealed, "text_sha256", json_str(ctx->arena, d->text_hash));
    json_set(sealed, "feed", json_id(ctx->arena, d->feed_id));
    TRY(ledger_append(ctx, kind, d->id, sealed));
    json_set(facts, "deposit_id", json_id(ctx->arena, d->id));
    json_set(facts, "card_id", json_id(ctx->arena, d->card_id));
    json_set(facts, "outlet_id", json_id(ctx->arena, d->outlet_id));
    event_tag(ctx->arena, &tags, "deposits", 0);
    event_tag(ctx->arena, &tags, "deposit", d->card_id);
    event_tag(ctx->arena, &tags, "deposits_of", d->outlet_id);
    return event_emit(ctx, kind, d->id, facts, event_tag_list(&tags));
}

static Err insert(Ctx *ctx, Deposit *d) {
    bool is_new;

    d->id = id_next(ctx);
    d->card_id = d->id;
    d->deposited_ms = d->changed_ms = ctx->now_ms;
    d->n = 1;
    TRY(join_cards(ctx, d));
    TRY(intake_store_insert(ctx, d, &is_new));
    if (!is_new)
        return FAIL(ERR_CONFLICT, NULL,
                    N_("Somebody deposited the same at the same moment. Look again."));
    TRY(intake_store_add_version(ctx, d));
    return announce(ctx, d, "deposit.made");
}

static Err update(Ctx *ctx, Deposit *d) {
    d->changed_ms = ctx->now_ms;
    TRY(join_cards(ctx, d));
    TRY(intake_store_update(ctx, d));
    TRY(intake_store_add_version(ctx, d));
    return announce(ctx, d, "deposit.changed");
}

Err intake_look(Ctx *ctx, const Deposit *found, DepositOutcome *ret) {
    Deposit stored, changed;

    TRY(intake_store_find(ctx, found->outlet_id, found, &stored));
    *ret = !stored.id                              ? DEPOSIT_NEW
           : merge_words(&stored, found, &changed) ? DEPOSIT_CHANGED
                                                   : DEPOSIT_SAME;
    return OK;
}

Err intake_put(Ctx *ctx, const Deposit *found, Deposit *ret, DepositOutcome *ret_outcome) {
    Deposit stored, d = *found;
    DepositOutcome outcome = DEPOSIT_NEW;

    TRY(intake_store_find(ctx, found->outlet_id, found, &stored));
    if (!stored.id) {
        TRY(insert(ctx, &d));
    } else if (merge_words(&stored, found, &d)) {
        outcome = DEPOSIT_CHANGED;
        TRY(update(ctx, &d));
    } else {
        outcome = DEPOSIT_SAME;
        d = stored;
    }
    *ret = d;
    *ret_outcome = outcome;
    return OK;
}

Err intake_deposit(Ctx *ctx, const DepositFacts *facts, Deposit *ret, DepositOutcome *ret_outcome) {
    Deposit found, d;
    DepositOutcome outcome;
    DB_TX(tx);

    if (ctx->actor != ACTOR_PERSON)
        return FAIL(ERR_FORBIDDEN, NULL, N_("Only a person can do this: use a person's token."));
    if (str_trim(facts->url).len == 0)
        return FAIL(ERR_INVALID, "url", N_("Give the address at which it was posted."));
    TRY(intake_read_facts(ctx, facts, &found));
    found.outlet_id = ctx->outlet_id;
    found.person_id = ctx->person_id;
    TRY(db_begin(ctx, &tx));
    TRY(intake_put(ctx, &found, &d, &outcome));
    TRY(db_commit(&tx));

    *ret = d;
    *ret_outcome = outcome;
    return OK;
}

/* ---- reading ---- */

static Err no_such(void) {
    return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such deposit."));
}

Err intake_get(Ctx *ctx, int64_t id, Deposit *ret) {
    Deposit d;

    TRY(intake_store_get(ctx, id, &d));
    if (!d.id)
        return no_such();
    *ret = d;
    return OK;
}

Err intake_cards(Ctx *ctx, int64_t outlet_id, int64_t after_card_id, int limit, DepositList *ret,
                 int64_t *ret_next) {
    int64_t ids[DEPOSIT_CARDS_MAX + 1];
    size_t count;

    assert(limit >= 1 && limit <= DEPOSIT_CARDS_MAX);
    TRY(intake_store_cards(ctx, outlet_id, after_card_id > 0 ? after_card_id : INT64_MAX, limit + 1,
                           ids, &count));
    bool has_more = count > (size_t)limit;
    if (has_more)
        count--;
    TRY(intake_store_of_cards(ctx, ids, count, ret));
    *ret_next = has_more ? ids[count - 1] : 0;
    return OK;
}

Err intake_newest(Ctx *ctx, int64_t outlet_id, int limit, DepositList *ret) {
    assert(limit >= 1 && limit <= DEPOSIT_LIST_MAX);
    return intake_store_newest(ctx, outlet_id, limit, ret);
}

Str intake_host(Str url) {
    size_t from = str_find(url, S("//"), 0);
    Str host = from == SIZE_MAX ? STR_EMPTY : str_slice(url, from + 2, url.len);

    for (size_t i = 0; i < host.len; i++)
        if (strchr("/?#", host.ptr[i]))
            host.len = i;
    return host;
}

Err intake_card(Ctx *ctx, int64_t card_id, DepositList *ret, DepositVersions *ret_versions) {
    enum { VERSIONS_SHOWN = 600 };
    DepositList list;

    TRY(intake_store_of_cards(ctx, &card_id, 1, &list));
    if (list.len == 0)
        return no_such();
    TRY(intake_store_versions(ctx, card_id, VERSIONS_SHOWN, ret_versions));
    *ret = list;
    return OK;
}

Err intake_version(Ctx *ctx, int64_t deposit_id, int64_t n, DepositVersion *ret) {
    DepositVersion v;

    TRY(intake_store_version(ctx, deposit_id, n, &v));
    if (!v.n)
        return FAIL(ERR_NOT_FOUND, NULL, N_("The deposit has no such version."));
    *ret = v;
    return OK;
}
