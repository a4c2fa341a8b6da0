/* features/feed/feed_write.c - one feed in three formats. */
#include "features/feed/feed_model.h"
#include "text/zone.h"

/* XML 1.0, 2.2: no control character but tab, CR and LF, and neither U+FFFE nor U+FFFF. */
static void add_text(Ctx *ctx, Buf *out, Str text) {
    Buf clean = buf_new(ctx->arena, 0);

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        Str rest = str_slice(text, i, text.len);

        if (str_starts(rest, S("\xEF\xBF\xBE")) || str_starts(rest, S("\xEF\xBF\xBF")))
            i += 2;
        else if (c >= 0x20 || c == '\t' || c == '\n' || c == '\r')
            buf_add_char(&clean, (char)c);
    }
    buf_add_html(out, buf_str(&clean));
}

static void add_element(Ctx *ctx, Buf *out, const char *name, Str text) {
    buf_add_format(out, "<%s>", name);
    add_text(ctx, out, text);
    buf_add_format(out, "</%s>\n", name);
}

static void add_link(Ctx *ctx, Buf *out, const char *opening, Str url) {
    buf_add(out, str_from_c(opening));
    add_text(ctx, out, url);
    buf_add(out, S("\"/>\n"));
}

static Err add_time(Ctx *ctx, const Feed *feed, const char *name, int64_t at_ms, Buf *out) {
    Str text;

    TRY(zone_rfc3339(ctx->arena, feed->zone, at_ms, &text));
    add_element(ctx, out, name, text);
    return OK;
}

/* Says aloud what a reader of the page would see: demo, from before, corrected. */
static Str title_of(Ctx *ctx, const Feed *feed, const FeedItem *item) {
    return str_format(ctx->arena, "%s%s%s%.*s", feed->is_demo ? "【演示】" : "",
                      item->story->imported_ms ? "【补录】" : "",
                      item->story->corrections ? "【有更正】" : "", STR_ARG(item->story->title));
}

/* Person and outlet; the outlet alone where an old story names nobody. */
static Str author_of(Ctx *ctx, const FeedItem *item) {
    if (!item->author.len)
        return item->outlet_name;
    return str_format(ctx->arena, "%.*s（%.*s）", STR_ARG(item->author),
                      STR_ARG(item->outlet_name));
}

static void add_categories(Ctx *ctx, const FeedItem *item, const char *opening, const char *closing,
                           Buf *out) {
    for (size_t i = 0; i <= item->version->tags.len; i++) {
        buf_add(out, str_from_c(opening));
        add_text(ctx, out, i == 0 ? item->story->kind : item->version->tags.items[i - 1]);
        buf_add(out, str_from_c(closing));
    }
}

static Err add_atom_entry(Ctx *ctx, const Feed *feed, const FeedItem *item, Buf *out) {
    buf_add_format(out, "<entry xml:lang=\"%.*s\">\n", STR_ARG(item->lang));
    add_element(ctx, out, "title", title_of(ctx, feed, item));
    add_element(ctx, out, "id", item->id);
    add_link(ctx, out, "<link rel=\"alternate\" type=\"text/html\" href=\"", item->url);
    if (item->story->original_url.len)
        add_link(ctx, out, "<link rel=\"via\" href=\"", item->story->original_url);
    TRY(add_time(ctx, feed, "published", item->story->published_ms, out));
    TRY(add_time(ctx, feed, "updated", item->changed_ms, out));
    buf_add(out, S("<author>"));
    add_element(ctx, out, "name", author_of(ctx, item));
    buf_add(out, S("</author>\n"));
    add_categories(ctx, item, "<category term=\"", "\"/>\n", out);
    if (item->story->summary.len)
        add_element(ctx, out, "summary", item->story->summary);
    buf_add(out, S("<content type=\"html\">"));
    add_text(ctx, out, item->html);
    buf_add(out, S("</content>\n</entry>\n"));
    return OK;
}

Err feed_write_atom(Ctx *ctx, const Feed *feed, Buf *out) {
    buf_add(out, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                   "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\">\n"));
    add_element(ctx, out, "title", feed->title);
    if (feed->subtitle.len)
        add_element(ctx, out, "subtitle", feed->subtitle);
    add_element(ctx, out, "id", feed->id);
    TRY(add_time(ctx, feed, "updated", feed->changed_ms, out));
    add_link(ctx, out, "<link rel=\"self\" type=\"application/atom+xml\" href=\"", feed->self_url);
    add_link(ctx, out, "<link rel=\"alternate\" type=\"text/html\" href=\"", feed->home_url);
    for (size_t i = 0; i < feed->len; i++)
        TRY(add_atom_entry(ctx, feed, &feed->items[i], out));
    buf_add(out, S("</feed>\n"));
    return buf_check(out);
}

static Err add_rss_item(Ctx *ctx, const Feed *feed, const FeedItem *item, Buf *out) {
    Str when;

    TRY(zone_rfc822(ctx->arena, feed->zone, item->story->published_ms, &when));
    buf_add(out, S("<item>\n"));
    add_element(ctx, out, "title", title_of(ctx, feed, item));
    add_element(ctx, out, "link", item->url);
    buf_add(out, S("<guid isPermaLink=\"false\">"));
    add_text(ctx, out, item->id);
    buf_add(out, S("</guid>\n"));
    add_element(ctx, out, "pubDate", when);
    TRY(add_time(ctx, feed, "atom:updated", item->changed_ms, out));
    add_element(ctx, out, "dc:creator", author_of(ctx, item));
    add_element(ctx, out, "dc:language", item->lang);
    add_categories(ctx, item, "<category>", "</category>\n", out);
    if (item->story->summary.len)
        add_element(ctx, out, "description", item->story->summary);
    add_element(ctx, out, "content:encoded", item->html);
    buf_add(out, S("</item>\n"));
    return OK;
}

Err feed_write_rss(Ctx *ctx, const Feed *feed, Buf *out) {
    Str when;

    TRY(zone_rfc822(ctx->arena, feed->zone, feed->changed_ms, &when));
    buf_add(out, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                   "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\""
                   " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
                   " xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\n<channel>\n"));
    add_element(ctx, out, "title", feed->title);
    add_element(ctx, out, "link", feed->home_url);
    add_element(ctx, out, "description", feed->subtitle.len ? feed->subtitle : feed->title);
    add_element(ctx, out, "language", S("zh-cn"));
    add_element(ctx, out, "lastBuildDate", when);
    add_link(ctx, out, "<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"",
             feed->self_url);
    for (size_t i = 0; i < feed->len; i++)
        TRY(add_rss_item(ctx, feed, &feed->items[i], out));
    buf_add(out, S("</channel>\n</rss>\n"));
    return buf_check(out);
}

static Err put_time(Ctx *ctx, const Feed *feed, int64_t at_ms, const char *name, Json *out) {
    Str text;

    TRY(zone_rfc3339(ctx->arena, feed->zone, at_ms, &text));
    json_set(out, name, json_str(ctx->arena, text));
    return OK;
}

/* What JSON Feed has no name for. */
static Err json_ours(Ctx *ctx, const Feed *feed, const FeedItem *item, Json **ret) {
    Arena *arena = ctx->arena;
    Json *ours = json_obj(arena), *corrections = json_arr(arena);
    const Manuscript *m = item->story;

    json_set(ours, "id", json_id(arena, m->id));
    json_set(ours, "number", json_str(arena, m->number));
    json_set(ours, "outlet", json_str(arena, item->outlet_name));
    json_set(ours, "outlet_no", json_str(arena, item->outlet_no));
    json_set(ours, "version", json_int(arena, m->published_n));
    json_set(ours, "profile", json_str(arena, m->profile));
    json_set(ours, "demo", json_bool(arena, feed->is_demo));
    json_set(ours, "released_by",
             item->releaser.len ? json_str(arena, item->releaser) : json_null(arena));
    json_set(ours, "imported", json_null(arena));
    if (m->imported_ms)
        TRY(put_time(ctx, feed, m->imported_ms, "imported", ours));
    for (size_t i = 0; i < item->correction_count; i++) {
        Json *one = json_obj(arena);
        TRY(put_time(ctx, feed, item->corrections[i].issued_ms, "issued", one));
        json_set(one, "text", json_str(arena, item->corrections[i].text));
        json_push(corrections, one);
    }
    json_set(ours, "corrections", corrections);
    *ret = ours;
    return OK;
}

static Err json_item(Ctx *ctx, const Feed *feed, const FeedItem *item, Json **ret) {
    Arena *arena = ctx->arena;
    Json *out = json_obj(arena), *author = json_obj(arena), *authors = json_arr(arena);
    Json *ours, *tags = json_arr(arena);

    json_set(out, "id", json_str(arena, item->id));
    json_set(out, "url", json_str(arena, item->url));
    if (item->story->original_url.len)
        json_set(out, "external_url", json_str(arena, item->story->original_url));
    json_set(out, "title", json_str(arena, title_of(ctx, feed, item)));
    if (item->story->summary.len)
        json_set(out, "summary", json_str(arena, item->story->summary));
    json_set(out, "content_html", json_str(arena, item->html));
    if (item->image.len)
        json_set(out, "image", json_str(arena, item->image));
    TRY(put_time(ctx, feed, item->story->published_ms, "date_published", out));
    TRY(put_time(ctx, feed, item->changed_ms, "date_modified", out));
    json_set(out, "language", json_str(arena, item->lang));
    json_set(author, "name", json_str(arena, author_of(ctx, item)));
    json_push(authors, author);
    json_set(out, "authors", authors);
    json_push(tags, json_str(arena, item->story->kind));
    for (size_t i = 0; i < item->version->tags.len; i++)
        json_push(tags, json_str(arena, item->version->tags.items[i]));
    json_set(out, "tags", tags);
    TRY(json_ours(ctx, feed, item, &ours));
    json_set(out, "_liandong", ours);
    *ret = out;
    return OK;
}

Err feed_write_json(Ctx *ctx, const Feed *feed, Buf *out) {
    Arena *arena = ctx->arena;
    Json *top = json_obj(arena), *items = json_arr(arena), *item;

    json_set(top, "version", json_str(arena, S("https://jsonfeed.org/version/1.1")));
    json_set(top, "title", json_str(arena, feed->title));
    if (feed->subtitle.len)
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
