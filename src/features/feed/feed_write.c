/* features/feed/feed_write.c - one feed in three formats. */
#include "features/feed/feed_model.h"
#include "text/zone.h"

/* XML 1.0 allows no C0 control but tab, CR and LF; texts from outside were cleaned of them already. */
static void add_element(Buf *out, const char *name, Str text) {
    buf_add_format(out, "<%s>", name);
    buf_add_html(out, text);
    buf_add_format(out, "</%s>\n", name);
}

static Err add_time(Ctx *ctx, const Feed *feed, const char *name, int64_t at_ms, Buf *out) {
    Str text;

    TRY(zone_rfc3339(ctx->arena, feed->zone, at_ms, &text));
    add_element(out, name, text);
    return OK;
}

/* Says aloud what a reader of the page would see: demo, imported, corrected. */
static Str title_of(Ctx *ctx, const Feed *feed, const FeedItem *item) {
    const char *mark = item->story->imported_ms   ? "【补录】"
                       : item->story->corrections ? "【有更正】"
                                                  : "";

    return str_format(ctx->arena, "%s%s%.*s", feed->is_demo ? "【演示】" : "", mark,
                      STR_ARG(item->story->title));
}

static Err add_atom_entry(Ctx *ctx, const Feed *feed, const FeedItem *item, Buf *out) {
    buf_add(out, S("<entry>\n"));
    add_element(out, "title", title_of(ctx, feed, item));
    add_element(
        out, "id",
        str_format(ctx->arena, "%.*s/article/%lld", STR_ARG(feed->id), (long long)item->story->id));
    buf_add(out, S("<link rel=\"alternate\" type=\"text/html\" href=\""));
    buf_add_html(out, item->url);
    buf_add(out, S("\"/>\n"));
    TRY(add_time(ctx, feed, "published", item->story->published_ms, out));
    TRY(add_time(ctx, feed, "updated", item->changed_ms, out));
    buf_add(out, S("<author><name>"));
    buf_add_html(out, item->author);
    buf_add(out, S("（"));
    buf_add_html(out, item->outlet_name);
    buf_add(out, S("）</name></author>\n"));
    if (item->story->summary.len)
        add_element(out, "summary", item->story->summary);
    buf_add(out, S("<content type=\"html\">"));
    buf_add_html(out, item->version->html);
    buf_add(out, S("</content>\n</entry>\n"));
    return OK;
}

Err feed_write_atom(Ctx *ctx, const Feed *feed, Buf *out) {
    buf_add(out, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                   "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"));
    add_element(out, "title", feed->title);
    if (feed->subtitle.len)
        add_element(out, "subtitle", feed->subtitle);
    add_element(out, "id", feed->id);
    TRY(add_time(ctx, feed, "updated", feed->changed_ms, out));
    buf_add(out, S("<link rel=\"self\" type=\"application/atom+xml\" href=\""));
    buf_add_html(out, feed->self_url);
    buf_add(out, S("\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\""));
    buf_add_html(out, feed->home_url);
    buf_add(out, S("\"/>\n"));
    for (size_t i = 0; i < feed->len; i++)
        TRY(add_atom_entry(ctx, feed, &feed->items[i], out));
    buf_add(out, S("</feed>\n"));
    return buf_check(out);
}

static Err add_rss_item(Ctx *ctx, const Feed *feed, const FeedItem *item, Buf *out) {
    Str when;

    TRY(zone_rfc822(ctx->arena, feed->zone, item->story->published_ms, &when));
    buf_add(out, S("<item>\n"));
    add_element(out, "title", title_of(ctx, feed, item));
    add_element(out, "link", item->url);
    buf_add(out, S("<guid isPermaLink=\"false\">"));
    buf_add_html(out, str_format(ctx->arena, "%.*s/article/%lld", STR_ARG(feed->id),
                                 (long long)item->story->id));
    buf_add(out, S("</guid>\n"));
    add_element(out, "pubDate", when);
    add_element(
        out, "dc:creator",
        str_format(ctx->arena, "%.*s（%.*s）", STR_ARG(item->author), STR_ARG(item->outlet_name)));
    add_element(out, "category", item->story->kind);
    add_element(out, "description", item->story->summary);
    add_element(out, "content:encoded", item->version->html);
    buf_add(out, S("</item>\n"));
    return OK;
}

Err feed_write_rss(Ctx *ctx, const Feed *feed, Buf *out) {
    buf_add(out, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                   "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\""
                   " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
                   " xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\n<channel>\n"));
    add_element(out, "title", feed->title);
    add_element(out, "link", feed->home_url);
    add_element(out, "description", feed->subtitle.len ? feed->subtitle : feed->title);
    buf_add(out, S("<atom:link rel=\"self\" type=\"application/rss+xml\" href=\""));
    buf_add_html(out, feed->self_url);
    buf_add(out, S("\"/>\n"));
    for (size_t i = 0; i < feed->len; i++)
        TRY(add_rss_item(ctx, feed, &feed->items[i], out));
    buf_add(out, S("</channel>\n</rss>\n"));
    return buf_check(out);
}

static Err json_item(Ctx *ctx, const Feed *feed, const FeedItem *item, Json **ret) {
    Arena *arena = ctx->arena;
    Json *out = json_obj(arena), *author = json_obj(arena), *authors = json_arr(arena);
    Json *ours = json_obj(arena), *tags = json_arr(arena);
    Str published, changed;

    TRY(zone_rfc3339(arena, feed->zone, item->story->published_ms, &published));
    TRY(zone_rfc3339(arena, feed->zone, item->changed_ms, &changed));
    json_set(out, "id", json_id(arena, item->story->id));
    json_set(out, "url", json_str(arena, item->url));
    json_set(out, "title", json_str(arena, title_of(ctx, feed, item)));
    json_set(out, "summary", json_str(arena, item->story->summary));
    json_set(out, "content_html", json_str(arena, item->version->html));
    json_set(out, "date_published", json_str(arena, published));
    json_set(out, "date_modified", json_str(arena, changed));
    json_set(out, "language",
             json_str(arena, str_eq(item->story->lang, S("en")) ? S("en") : S("zh-CN")));
    json_set(author, "name", json_str(arena, item->author));
    json_push(authors, author);
    json_set(out, "authors", authors);
    json_push(tags, json_str(arena, item->story->kind));
    json_set(out, "tags", tags);
    json_set(ours, "outlet", json_str(arena, item->outlet_name));
    json_set(ours, "outlet_no", json_str(arena, item->outlet_no));
    json_set(ours, "version", json_int(arena, item->story->published_n));
    json_set(ours, "corrections", json_int(arena, item->story->corrections));
    json_set(ours, "imported", json_bool(arena, item->story->imported_ms != 0));
    json_set(out, "_liandong", ours);
    *ret = out;
    return OK;
}

Err feed_write_json(Ctx *ctx, const Feed *feed, Buf *out) {
    Arena *arena = ctx->arena;
    Json *top = json_obj(arena), *items = json_arr(arena), *item;

    json_set(top, "version", json_str(arena, S("https://jsonfeed.org/version/1.1")));
    json_set(top, "title", json_str(arena, feed->title));
    json_set(top, "description", json_str(arena, feed->subtitle));
    json_set(top, "home_page_url", json_str(arena, feed->home_url));
    json_set(top, "feed_url", json_str(arena, feed->self_url));
    json_set(top, "language", json_str(arena, S("zh-CN")));
    for (size_t i = 0; i < feed->len; i++) {
        TRY(json_item(ctx, feed, &feed->items[i], &item));
        json_push(items, item);
    }
    json_set(top, "items", items);
    json_write(out, top);
    buf_add_char(out, '\n');
    return buf_check(out);
}
