/* feed/feed_model.h - what every format of a feed says: private to feed/. */
#ifndef FEATURES_FEED_FEED_MODEL_H
#define FEATURES_FEED_FEED_MODEL_H

#include "base/buf.h"
#include "features/correction/correction.h"
#include "features/manuscript/manuscript.h"
#include "features/media/media.h"
#include "features/register/register.h"
#include "features/site/site.h"

typedef struct FeedItem {
    const Manuscript *story;
    const ManuscriptVersion *version;
    Str id;  /* tag: URI, the same for ever and in every feed */
    Str url; /* absolute */
    Str outlet_name, outlet_no;
    Str author;         /* a person's name, or who an old story says wrote it; may be empty */
    Str releaser;       /* a person's name; empty for a story from before */
    Str lang;           /* zh-CN or en */
    Str image;          /* absolute address of the lead picture; may be empty */
    Str html;           /* what the page says: notices, pictures, text; all addresses absolute */
    int64_t changed_ms; /* of the version shown, or of a later correction */
    const Correction *corrections; /* newest first */
    size_t correction_count;
} FeedItem;

typedef struct Feed {
    Str title, subtitle;
    Str home_url, self_url; /* absolute */
    Str id;                 /* tag: URI (RFC 4151) */
    Str zone;
    bool is_demo;
    int64_t changed_ms;
    FeedItem *items;
    size_t len;
} Feed;

/* origin is "https://news.example"; outlet NULL: the whole alliance. A constant number of statements. */
CHECKED Err feed_read(Ctx *ctx, const Outlet *outlet, Str origin, Str self_path, Feed *ret);
/* Fills html of an item. ERR_LIMIT when the notices and the text do not fit. */
CHECKED Err feed_content(Ctx *ctx, const Feed *feed, Str origin, const Media *media,
                         FeedItem *item);

/* The formats. ERR_IO when a time cannot be printed. */
CHECKED Err feed_write_atom(Ctx *ctx, const Feed *feed, Buf *out);
CHECKED Err feed_write_rss(Ctx *ctx, const Feed *feed, Buf *out);
CHECKED Err feed_write_json(Ctx *ctx, const Feed *feed, Buf *out);

#endif
