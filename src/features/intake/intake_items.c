/* features/intake/intake_items.c - the items of a feed as deposits: bounded, dated, told apart. */
#include "features/intake/intake_items.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "features/intake/intake_facts.h"
#include "features/intake/intake_pace.h"
#include "sec/hash.h"
#include "text/excerpt.h"
#include "text/feed.h"
#include "text/html_text.h"
#include "text/web_link.h"

enum { TITLE_GRAPHEMES = 100, GUID_BYTES_MAX = 500 };
static const int64_t EARLIEST_MS = INT64_C(631152000000); /* 1990: a clock that was never set */

typedef struct Raw {
    DepositFacts facts;
    Str address; /* empty: says nothing */
    size_t at;   /* place in the feed, from 0 */
} Raw;

static int64_t date_of(Ctx *ctx, const FeedItem *item) {
    enum { DAY_MS = 86400000 };
    int64_t date = item->common.published_ms;

    if (date == FEED_NO_TIME)
        date = item->common.updated_ms;
    return date == FEED_NO_TIME || date < EARLIEST_MS || date > ctx->now_ms + DAY_MS ? 0 : date;
}

static Str text_of(Ctx *ctx, const FeedItem *item) {
    Str text = item->content_html.len > 0   ? html_text(ctx->arena, item->content_html)
               : item->content_text.len > 0 ? item->content_text
                                            : item->common.summary.text;
    size_t chars;

    return utf8_count(text, &chars) && chars <= DEPOSIT_TEXT_CHARS_MAX ? text : STR_EMPTY;
}

/* One line: the title, else the beginning of the text, else the address. */
static Err title_of(Ctx *ctx, const FeedItem *item, Str text, Str *ret) {
    Str title;

    TRY(excerpt_first(ctx->arena, item->common.title.text, TITLE_GRAPHEMES, &title));
    if (str_trim(title).len == 0)
        TRY(excerpt_first(ctx->arena, text, TITLE_GRAPHEMES, &title));
    if (str_trim(title).len == 0)
        title = item->common.url;
    *ret = str_slice(title, 0, utf8_offset(title, DEPOSIT_TITLE_CHARS_MAX));
    return OK;
}

static Str guid_of(Ctx *ctx, const FeedItem *item) {
    Hash hash;

    if (!item->has_own_id)
        return STR_EMPTY;
    if (item->common.id.len <= GUID_BYTES_MAX)
        return item->common.id;
    hash = hash_sha256(item->common.id);
    return str_concat(ctx->arena, S("long:"), hex_encode(ctx->arena, hash_str(&hash)));
}

static Err read_raw(Ctx *ctx, const FeedItem *item, size_t at, Raw *ret) {
    Str url = item->common.url, text = text_of(ctx, item);
    Raw raw = { .at = at };

    if (intake_address(ctx->arena, url, &raw.address).code != ERR_OK)
        url = raw.address = STR_EMPTY;
    TRY(title_of(ctx, item, text, &raw.facts.title));
    raw.facts.url = url;
    raw.facts.text = text;
    raw.facts.guid = guid_of(ctx, item);
    raw.facts.published_ms = date_of(ctx, item);
    *ret = raw;
    return OK;
}

/* Newest first; where dates are equal or absent, as the feed has them. */
static int compare_raw(const void *a, const void *b) {
    const Raw *x = a, *y = b;

    if (x->facts.published_ms != y->facts.published_ms)
        return x->facts.published_ms > y->facts.published_ms ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static bool is_same_item(const Raw *a, const Raw *b) {
    return str_eq(a->facts.title, b->facts.title) && str_eq(a->facts.text, b->facts.text) &&
           str_eq(a->address, b->address);
}

/* What several different items share names none of them. */
static void drop_common(Raw *items, size_t count) {
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
            Raw *a = &items[i];
            const Raw *b = &items[k];
            if (i == k || is_same_item(a, b))
                continue;
            if (a->address.len > 0 && str_eq(a->address, b->address) &&
                !str_eq(a->facts.guid, b->facts.guid))
                a->facts.has_common_url = true;
            if (a->facts.text.len > 0 && str_eq(a->facts.text, b->facts.text) &&
                !str_eq(a->facts.title, b->facts.title))
                a->facts.has_common_text = true;
        }
}

/* After drop_common, which compares guids. */
static void drop_common_guids(Ctx *ctx, Raw *items, size_t count) {
    bool *is_common = arena_array(ctx->arena, count + 1, sizeof *is_common);

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            if (i != k && items[i].facts.guid.len > 0 &&
                str_eq(items[i].facts.guid, items[k].facts.guid) &&
                !is_same_item(&items[i], &items[k]))
                is_common[i] = true;
    for (size_t i = 0; i < count; i++)
        if (is_common[i])
            items[i].facts.guid = STR_EMPTY;
}

static Err read_deposits(Ctx *ctx, Raw *raws, size_t count, IntakeItems *ret) {
    ret->items = arena_array(ctx->arena, count + 1, sizeof(Deposit));
    for (size_t i = count; i > 0; i--) {
        Deposit d;
        Err err = intake_read_facts(ctx, &raws[i - 1].facts, &d);
        if (err.code == ERR_INVALID || (err.code == ERR_LIMIT && err.field))
            continue; /* nothing to show of it */
        TRY(err);
        ret->items[ret->len++] = d;
    }
    return OK;
}

/* Headers come before what the feed itself says (W3C WebSub, 4). */
static void read_hub(Ctx *ctx, const IntakeAnswer *answer, const Feed *feed, IntakeItems *ret) {
    WebLinks links;

    web_links_read(ctx->arena, answer->links, answer->url, &links);
    for (size_t i = 0; i < links.len; i++) {
        if (ret->hub.len == 0 && web_link_is(&links.items[i], S("hub")))
            ret->hub = links.items[i].target;
        if (ret->topic.len == 0 && web_link_is(&links.items[i], S("self")))
            ret->topic = links.items[i].target;
    }
    if (ret->hub.len == 0 && feed->hubs.len > 0)
        ret->hub = feed->hubs.items[0];
    if (ret->topic.len == 0)
        ret->topic = feed->common.feed_url;
}

Err intake_items_read(Ctx *ctx, const IntakeAnswer *answer, IntakeItems *ret) {
    FeedSource source = { .url = answer->url, .content_type = answer->content_type };
    IntakeItems out = { 0 };
    Feed feed;

    TRY(feed_parse(ctx->arena, answer->body, source, &feed));
    Raw *raws = arena_array(ctx->arena, feed.items.len + 1, sizeof *raws);
    out.dates_ms = arena_array(ctx->arena, feed.items.len + 1, sizeof *out.dates_ms);
    for (size_t i = 0; i < feed.items.len; i++) {
        TRY(read_raw(ctx, &feed.items.items[i], i, &raws[i]));
        out.dates_ms[out.date_count++] = raws[i].facts.published_ms;
        if (arena_is_over(ctx->arena))
            return FAIL(ERR_LIMIT, NULL, N_("The feed is too large to be read."));
    }
    qsort(raws, feed.items.len, sizeof *raws, compare_raw);
    size_t count = feed.items.len < FEED_ITEMS_TAKEN ? feed.items.len : FEED_ITEMS_TAKEN;
    drop_common(raws, count);
    drop_common_guids(ctx, raws, count);
    TRY(read_deposits(ctx, raws, count, &out));
    out.total = (int64_t)feed.items.len;
    out.told_ms = intake_pace_told(&feed);
    out.skip_hours = feed.skip_hours;
    out.skip_days = feed.skip_days;
    read_hub(ctx, answer, &feed, &out);
    TRY(excerpt_first(ctx->arena, feed.common.title.text, TITLE_GRAPHEMES, &out.title));
    *ret = out;
    return OK;
}
