/* features/feed/feed_content.c - a story's HTML as a feed carries it: what stands above its text comes along. */
#include "features/feed/feed_model.h"
#include "text/html_clean.h"
#include "text/zone.h"

/* A paragraph in the feed's own words (Chinese, as the titles of feeds are). */
static void add_notice(Buf *out, const char *mark, Str text) {
    buf_add_format(out, "<p><strong>%s</strong>", mark);
    buf_add_html(out, text);
    buf_add(out, S("</p>\n"));
}

static Err add_corrections(Ctx *ctx, const Feed *feed, const FeedItem *item, Buf *out) {
    Str when;

    for (size_t i = 0; i < item->correction_count; i++) {
        const Correction *c = &item->corrections[i];
        TRY(zone_format(ctx->arena, feed->zone, S("zh"), ZONE_SHORT, c->issued_ms, &when));
        add_notice(out, "更正 ",
                   str_format(ctx->arena, "（%.*s）%.*s", STR_ARG(when), STR_ARG(c->text)));
    }
    return OK;
}

/* 补录: its own date, the day it was taken in, and that nobody here has reviewed it. */
static Err add_imported(Ctx *ctx, const Feed *feed, const FeedItem *item, Buf *out) {
    const Manuscript *m = item->story;
    Str own, taken;

    if (!m->imported_ms)
        return OK;
    TRY(zone_format(ctx->arena, feed->zone, S("zh"), ZONE_LONG_DATE, m->published_ms, &own));
    TRY(zone_format(ctx->arena, feed->zone, S("zh"), ZONE_LONG_DATE, m->imported_ms, &taken));
    add_notice(out, "补录 ",
               str_format(ctx->arena, "原发于 %.*s，%.*s 收入，未经本联盟审核。%.*s", STR_ARG(own),
                          STR_ARG(taken), STR_ARG(m->original_url)));
    return OK;
}

static void add_pictures(const FeedItem *item, const Media *media, Buf *out) {
    for (size_t i = 0; i < item->version->picture_count; i++) {
        const Picture *picture = &item->version->pictures[i];
        if (!media[i].id)
            continue;
        buf_add_format(out, "<figure><img src=\"/media/%.*s\" width=\"%d\" height=\"%d\" alt=\"",
                       STR_ARG(media[i].hash), media[i].width, media[i].height);
        buf_add_html(out, picture->alt);
        buf_add(out, S("\"><figcaption>"));
        buf_add_html(out, picture->alt);
        buf_add_char(out, ' ');
        buf_add_html(out, picture->credit);
        buf_add(out, S("</figcaption></figure>\n"));
    }
}

Err feed_content(Ctx *ctx, const Feed *feed, Str origin, const Media *media, FeedItem *item) {
    Buf out = buf_new(ctx->arena, 0);

    if (feed->is_demo)
        add_notice(&out, "演示 ", S("虚构的人和事，只为展示本系统。"));
    TRY(add_corrections(ctx, feed, item, &out));
    TRY(add_imported(ctx, feed, item, &out));
    add_pictures(item, media, &out);
    buf_add(&out, item->version->html);
    TRY(buf_check(&out));
    if (item->version->picture_count && media[0].id)
        item->image =
            str_format(ctx->arena, "%.*s/media/%.*s", STR_ARG(origin), STR_ARG(media[0].hash));
    /* The sanitizer makes addresses absolute, which readers of feeds need. */
    return html_clean(ctx->arena, buf_str(&out), HTML_ARTICLE,
                      str_concat(ctx->arena, origin, S("/")), &item->html);
}
