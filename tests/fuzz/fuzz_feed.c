/* tests/fuzz/fuzz_feed.c - whatever a feed is: valid UTF-8, clean HTML, dates in range, bounds held. */
#include "base/utf8.h"
#include "fuzz.h"
#include "text/feed.h"
#include "text/html_clean.h"
#include "text/json_read.h"

static const int64_t first_ms = -62135596800000, last_ms = 253402300799999; /* years 1 to 9999 */

static void must_be_text(Str text) {
    MUST(utf8_is_valid(text));
}

/* What was cleaned stays as it is. */
static void must_be_clean(Arena *arena, Str html) {
    Str again;

    must_be_text(html);
    MUST(html_clean(arena, html, HTML_ARTICLE, STR_EMPTY, &again).code == ERR_OK);
    MUST(str_eq(str_trim(again), html));
}

static void must_be_time(int64_t at_ms) {
    MUST(at_ms == FEED_NO_TIME || (at_ms >= first_ms && at_ms <= last_ms));
}

static void must_be_common(Arena *arena, const FeedCommon *common) {
    must_be_text(common->id);
    must_be_text(common->url);
    must_be_text(common->title.text);
    must_be_clean(arena, common->title.html);
    must_be_clean(arena, common->summary.html);
    must_be_clean(arena, common->rights.html);
    must_be_time(common->published_ms);
    must_be_time(common->updated_ms);
    must_be_time(common->created_ms);
    must_be_time(common->expired_ms);
    MUST(common->links.len <= FEED_LIST && common->categories.len <= FEED_LIST);
    MUST(common->authors.len <= FEED_LIST && common->contributors.len <= FEED_LIST);
}

static void must_hold(Arena *arena, const Feed *feed) {
    Buf out = buf_new(arena, SIZE_MAX);
    Json *again;

    MUST(feed->format && feed->version && feed->encoding);
    MUST(feed->items.len <= FEED_ITEMS);
    must_be_common(arena, &feed->common);
    for (size_t i = 0; i < feed->items.len; i++) {
        const FeedItem *item = &feed->items.items[i];

        MUST(item->common.id.len > 0);
        must_be_common(arena, &item->common);
        must_be_clean(arena, item->content_html);
        MUST(item->attachments.len <= FEED_LIST);
        if (item->source)
            must_be_common(arena, item->source);
    }
    json_write(&out, feed_json(arena, feed));
    MUST(utf8_is_valid(buf_str(&out)));
    MUST(json_read(arena, buf_str(&out), JSON_READ_DEPTH, &again).code == ERR_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(64 << 20);
    Str rest = fuzz_input(data, size);
    FeedSource source = { S("https://feed.example/a/b?c"), STR_EMPTY };
    Feed feed = { 0 };

    if (size > 0 && data[0] == 0xFF && size > 2 && data[1] != 0xFE) { /* a label in front */
        rest = str_slice(rest, 1, rest.len);
        source.content_type = fuzz_part(&rest);
    }
    Err err = feed_parse(arena, rest, source, &feed);
    if (err.code == ERR_OK)
        must_hold(arena, &feed);
    else
        MUST(err.code == ERR_INVALID || err.code == ERR_LIMIT);
    return 0;
}
