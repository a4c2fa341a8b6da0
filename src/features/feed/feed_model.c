/* features/feed/feed_model.c - gathers a feed: site, outlets, people, corrections and the newest stories. */
#include "features/feed/feed_model.h"

#include "features/feed/feed.h"
#include "features/identity/identity.h"

/* All that is read for one page of stories, each with one statement. */
typedef struct Gathered {
    ManuscriptList list;
    ManuscriptVersion *versions;
    Outlet *outlets;
    Str *authors, *releasers;
    CorrectionList corrections;
    Media *media; /* in the order of the stories and of their pictures */
} Gathered;

static Err read_names(Ctx *ctx, Gathered *all) {
    size_t len = all->list.len;
    int64_t *outlet_ids = arena_array(ctx->arena, len + 1, sizeof(int64_t));
    int64_t *person_ids = arena_array(ctx->arena, 2 * len + 1, sizeof(int64_t));
    int64_t *story_ids = arena_array(ctx->arena, len + 1, sizeof(int64_t));

    for (size_t i = 0; i < len; i++) {
        const Manuscript *m = &all->list.items[i];
        story_ids[i] = m->id;
        outlet_ids[i] = m->outlet_id;
        person_ids[i] = m->author_id;
        person_ids[len + i] = m->released_by;
    }
    all->outlets = arena_array(ctx->arena, len + 1, sizeof(Outlet));
    all->authors = arena_array(ctx->arena, 2 * len + 1, sizeof(Str));
    all->releasers = all->authors + len;
    TRY(outlet_get_many(ctx, outlet_ids, len, all->outlets));
    TRY(person_names(ctx, person_ids, 2 * len, all->authors));
    return correction_of_many(ctx, story_ids, len, &all->corrections);
}

static Err read_media(Ctx *ctx, Gathered *all) {
    size_t count = 0;

    for (size_t i = 0; i < all->list.len; i++)
        count += all->versions[i].picture_count;
    int64_t *ids = arena_array(ctx->arena, count + 1, sizeof(int64_t));
    all->media = arena_array(ctx->arena, count + 1, sizeof(Media));
    count = 0;
    for (size_t i = 0; i < all->list.len; i++)
        for (size_t k = 0; k < all->versions[i].picture_count; k++)
            ids[count++] = all->versions[i].pictures[k].media_id;
    return media_get_many(ctx, ids, count, all->media);
}

/* The corrections of one story, in their order. */
static void put_corrections(Ctx *ctx, const CorrectionList *all, FeedItem *item) {
    Correction *own = arena_array(ctx->arena, all->len + 1, sizeof(Correction));

    for (size_t i = 0; i < all->len; i++)
        if (all->items[i].manuscript_id == item->story->id)
            own[item->correction_count++] = all->items[i];
    item->corrections = own;
}

static int64_t latest(int64_t a, int64_t b) {
    return a > b ? a : b;
}

/* RFC 4151: the authority is a name, here that of the log's origin; what follows it is part of what is named. */
static Str tag_uri(Ctx *ctx, const Site *site, const char *kind, Str name) {
    size_t slash = str_find_char(site->origin, '/', 0);
    Str host = slash == SIZE_MAX ? site->origin : str_slice(site->origin, 0, slash);
    Str rest = slash == SIZE_MAX ? STR_EMPTY : str_slice(site->origin, slash + 1, SIZE_MAX);

    return str_format(ctx->arena, "tag:%.*s,2026:%.*s%s%s%s%.*s", STR_ARG(host), STR_ARG(rest),
                      rest.len ? "/" : "", kind, name.len ? "/" : "", STR_ARG(name));
}

static Err item_of(Ctx *ctx, const Site *site, const Gathered *all, size_t i, Str origin,
                   FeedItem *ret) {
    const Manuscript *m = &all->list.items[i];
    Str number = str_from_int(ctx->arena, m->id);

    *ret = (FeedItem){
        .story = m,
        .version = &all->versions[i],
        .id = tag_uri(ctx, site, "article", number),
        .url = str_format(ctx->arena, "%.*s/articles/%.*s", STR_ARG(origin), STR_ARG(number)),
        .outlet_name = all->outlets[i].name,
        .outlet_no = all->outlets[i].no,
        .author = m->byline.len ? m->byline : all->authors[i],
        .releaser = all->releasers[i],
        .lang = str_eq(m->lang, S("en")) ? S("en") : S("zh-CN"),
        .changed_ms = latest(latest(m->published_ms, m->republished_ms), m->corrected_ms)
    };
    put_corrections(ctx, &all->corrections, ret);
    return OK;
}

static Err read_items(Ctx *ctx, const Site *site, int64_t outlet_id, Str origin, Feed *feed) {
    Gathered all = { 0 };
    const Media *media;

    TRY(manuscript_feed(ctx, outlet_id, FEED_ITEMS, &all.list, &all.versions));
    TRY(read_names(ctx, &all));
    TRY(read_media(ctx, &all));
    media = all.media;
    feed->items = arena_array(ctx->arena, all.list.len + 1, sizeof(FeedItem));
    for (size_t i = 0; i < all.list.len; i++) {
        FeedItem *item = &feed->items[feed->len++];
        TRY(item_of(ctx, site, &all, i, origin, item));
        TRY(feed_content(ctx, feed, origin, media, item));
        media += item->version->picture_count;
        feed->changed_ms = latest(feed->changed_ms, item->changed_ms);
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
    feed.id = tag_uri(ctx, &site, "feed", outlet ? outlet->no : STR_EMPTY);
    feed.changed_ms = outlet ? outlet->filed_ms : 0; /* of a feed without a story */
    TRY(read_items(ctx, &site, outlet ? outlet->id : 0, origin, &feed));
    *ret = feed;
    return OK;
}
