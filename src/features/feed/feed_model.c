/* features/feed/feed_model.c - gathers a feed: site, outlets, people and the newest stories. */
#include "features/feed/feed_model.h"

#include "features/feed/feed.h"
#include "features/identity/identity.h"

static Err read_names(Ctx *ctx, const ManuscriptList *list, Outlet *outlets, Str *authors) {
    int64_t *outlet_ids = arena_array(ctx->arena, list->len + 1, sizeof(int64_t));
    int64_t *author_ids = arena_array(ctx->arena, list->len + 1, sizeof(int64_t));

    for (size_t i = 0; i < list->len; i++) {
        outlet_ids[i] = list->items[i].outlet_id;
        author_ids[i] = list->items[i].author_id;
    }
    TRY(outlet_get_many(ctx, outlet_ids, list->len, outlets));
    return person_names(ctx, author_ids, list->len, authors);
}

static FeedItem item_of(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *version, Str origin,
                        const Outlet *outlet, Str author) {
    return (FeedItem){ .story = m,
                       .version = version,
                       .url = str_format(ctx->arena, "%.*s/articles/%lld", STR_ARG(origin),
                                         (long long)m->id),
                       .outlet_name = outlet->name,
                       .outlet_no = outlet->no,
                       .author = author,
                       .changed_ms = m->republished_ms ? m->republished_ms : m->published_ms };
}

static Err read_items(Ctx *ctx, int64_t outlet_id, Str origin, Feed *feed) {
    ManuscriptList list;
    ManuscriptVersion *versions;

    TRY(manuscript_feed(ctx, outlet_id, FEED_ITEMS, &list, &versions));
    Outlet *outlets = arena_array(ctx->arena, list.len + 1, sizeof(Outlet));
    Str *authors = arena_array(ctx->arena, list.len + 1, sizeof(Str));
    TRY(read_names(ctx, &list, outlets, authors));
    feed->items = arena_array(ctx->arena, list.len + 1, sizeof(FeedItem));
    for (size_t i = 0; i < list.len; i++) {
        FeedItem item = item_of(ctx, &list.items[i], &versions[i], origin, &outlets[i], authors[i]);
        if (item.changed_ms > feed->changed_ms)
            feed->changed_ms = item.changed_ms;
        feed->items[feed->len++] = item;
    }
    return OK;
}

Err feed_read(Ctx *ctx, const Outlet *outlet, Str origin, Str self_path, Feed *ret) {
    Site site;
    Feed feed = { 0 };

    TRY(site_get(ctx, &site));
    feed.title = outlet ? outlet->name : site.name;
    feed.subtitle = outlet ? outlet->purpose : site.tagline;
    if (site.is_demo)
        feed.title = str_format(ctx->arena, "演示 · %.*s", STR_ARG(feed.title));
    feed.is_demo = site.is_demo;
    feed.zone = site.zone;
    feed.home_url =
        outlet ? str_format(ctx->arena, "%.*s/outlets/%.*s", STR_ARG(origin), STR_ARG(outlet->no))
               : str_concat(ctx->arena, origin, S("/"));
    feed.self_url = str_concat(ctx->arena, origin, self_path);
    feed.id = str_format(ctx->arena, "tag:%.*s,2026:feed%s%.*s", STR_ARG(site.origin),
                         outlet ? "/" : "", STR_ARG(outlet ? outlet->no : STR_EMPTY));
    TRY(read_items(ctx, outlet ? outlet->id : 0, origin, &feed));
    *ret = feed;
    return OK;
}
