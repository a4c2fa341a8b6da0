/* features/feed/feed_model.h - what every format of a feed says: private to feed/. */
#ifndef FEATURES_FEED_FEED_MODEL_H
#define FEATURES_FEED_FEED_MODEL_H

#include "base/buf.h"
#include "features/manuscript/manuscript.h"
#include "features/register/register.h"
#include "features/site/site.h"

typedef struct FeedItem {
    const Manuscript *story;
    const ManuscriptVersion *version;
    Str url; /* absolute */
    Str outlet_name, outlet_no;
    Str author; /* a person's name */
    int64_t changed_ms;
} FeedItem;

typedef struct Feed {
    Str title, subtitle;
    Str home_url, self_url; /* absolute */
    Str id;                 /* tag: URI, the same for ever (RFC 4151) */
    Str zone;
    bool is_demo;
    int64_t changed_ms;
    FeedItem *items;
    size_t len;
} Feed;

/* origin is "https://news.example"; outlet NULL: the whole alliance. A constant number of statements. */
CHECKED Err feed_read(Ctx *ctx, const Outlet *outlet, Str origin, Str self_path, Feed *ret);

/* The formats. ERR_IO when a time cannot be printed. */
CHECKED Err feed_write_atom(Ctx *ctx, const Feed *feed, Buf *out);
CHECKED Err feed_write_rss(Ctx *ctx, const Feed *feed, Buf *out);
CHECKED Err feed_write_json(Ctx *ctx, const Feed *feed, Buf *out);

#endif
