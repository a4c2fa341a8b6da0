/* text/feed.h - RSS, Atom, RDF, CDF and JSON Feed from anywhere into one model. */
#ifndef TEXT_FEED_H
#define TEXT_FEED_H

#include "base/buf.h"
#include "base/json.h"

enum {
    FEED_BYTES = 10 << 20, /* the largest feed */
    FEED_ITEMS = 5000,     /* items in one feed */
    FEED_DEPTH = 200,      /* elements or JSON levels inside one another */
    FEED_ATTRIBUTES = 128, /* of one element */
    FEED_LIST = 500,       /* authors, categories, links, ... of one object: the rest is left out */
    FEED_ENTITY_BYTES = 1 << 16 /* what the entities that a feed declares may grow to */
};

#define FEED_NO_TIME INT64_MIN

/* Text as people read it and, where the feed had markup, the same as HTML that html_clean made. */
typedef struct FeedText {
    Str text; /* plain, never HTML */
    Str html; /* clean; empty where there was no markup */
} FeedText;

typedef struct FeedPerson {
    Str name, email, url, avatar; /* each may be empty, never all */
} FeedPerson;

typedef struct FeedPersons {
    FeedPerson *items;
    size_t len, cap;
} FeedPersons;

typedef struct FeedCategory {
    Str term, scheme, label;
} FeedCategory;

typedef struct FeedLink {
    Str href; /* absolute where a base was known */
    Str rel;  /* "alternate" where the feed said none */
    Str type, hreflang, title, length;
} FeedLink;

typedef struct FeedAttachment {
    Str url, mime_type, title;
    int64_t size_bytes; /* -1: not told */
    double duration_s;  /* -1: not told */
} FeedAttachment;

typedef struct FeedImage {
    Str url, title, link, description;
    Str width, height; /* as written */
} FeedImage;

typedef struct FeedGenerator {
    Str name, url, version;
} FeedGenerator;

typedef struct FeedItunes {
    int block;             /* 1 yes, 0 no, -1 not told */
    int explicit_language; /* 1 yes, 0 no, -1 not told */
    Str duration;          /* as written */
} FeedItunes;

/* What feeds, items and sources have in common. Addresses but ids are http, https, mailto or relative. */
typedef struct FeedCommon {
    Str id;           /* as written; of an item see FeedItem */
    Str url;          /* the page of the feed or item */
    Str feed_url;     /* rel="self" */
    FeedText title;   /* headline, title of the feed */
    FeedText summary; /* of an item: lead; of a feed: subtitle or description */
    FeedText rights, info;
    Str language;                      /* as RFC 5646 writes it ("zh-CN"); empty: not told */
    int64_t published_ms, updated_ms;  /* Unix ms UTC, or FEED_NO_TIME */
    int64_t created_ms, expired_ms;    /* the same */
    FeedPersons authors, contributors; /* in order */
    FeedPerson publisher;              /* webMaster, dc:publisher, itunes:owner; may be empty */
    struct {
        FeedCategory *items;
        size_t len, cap;
    } categories;
    struct {
        FeedLink *items;
        size_t len, cap;
    } links;
    FeedImage image; /* image of RSS, itunes:image, media:thumbnail */
    Str icon, logo;
    FeedGenerator generator;
    FeedItunes itunes;
} FeedCommon;

typedef struct FeedItem {
    FeedCommon common;
    /*
     * common.id is guid, atom:id, rdf:about or JSON Feed's id; without one the page's address; without
     * that "hash:" and 16 hexadecimal digits of title, date and words: never empty.
     */
    bool has_own_id;
    int guid_is_permalink; /* 1 yes, 0 no, -1 not an RSS guid */
    Str content_html;      /* clean; RSS description where there is no other content */
    Str content_text;      /* where the feed gave plain text */
    Str external_url, banner_image;
    Str comments; /* address of the page with comments */
    struct {
        FeedAttachment *items;
        size_t len, cap;
    } attachments;
    FeedCommon *source; /* atom:source, RSS source; NULL without */
} FeedItem;

typedef struct Feed {
    FeedCommon common;
    Str next_url, favicon, user_comment;
    Str docs, ttl;                       /* as written; ttl in minutes */
    Str update_period, update_frequency; /* sy: of RSS 1.0's syndication module, as written */
    uint32_t skip_hours;                 /* bits 0..23: hours (UTC) in which nothing is new */
    uint32_t skip_days;                  /* bits 0..6: days of the week (UTC), 0 is Sunday */
    struct {
        Str domain, port, path, protocol, procedure;
    } cloud;
    struct {
        Str title, name, description, link;
    } text_input;
    bool is_expired; /* JSON Feed */
    struct {
        Str *items; /* addresses of WebSub hubs */
        size_t len, cap;
    } hubs;
    struct {
        FeedItem *items; /* in the feed's order */
        size_t len, cap;
    } items;

    const char *format;   /* "rss", "atom", "rdf", "cdf", "json" */
    const char *version;  /* feedparser's names: "rss20", "atom10", "json11"; "rss" when unsure */
    const char *encoding; /* really used */
    bool is_repaired;     /* ill-formed input was mended */
    struct {
        Str *items; /* what was wrong, each once: "bare-ampersand", "truncated", "date", ... */
        size_t len, cap;
    } problems;
} Feed;

/* How the bytes came. All may be empty. */
typedef struct FeedSource {
    Str url;          /* where from: the base of relative addresses */
    Str content_type; /* of HTTP, with its charset */
    int zone_s;       /* seconds east of UTC at which dates without a zone are read */
} FeedSource;

/*
 * Reads a feed. The encoding is decided from BOM, bytes and labels (text/charset.h); ill-formed XML is
 * mended where a reader can tell what was meant, a feed that is cut off gives what stood before the cut.
 * Doctypes are read for their internal entities only: no file or address is ever opened. All HTML has
 * gone through html_clean with HTML_ARTICLE, a text for which that fails (ERR_LIMIT) is given plain, with
 * the problem "html-limit".
 *
 * bytes and source are borrowed for the call; *ret, set on success only, lives in arena. Fails with
 * ERR_INVALID (no feed, or in no encoding that we know), ERR_LIMIT (one of the bounds above, or the
 * arena's budget) and ERR_BUSY (a library got no memory). Repeating is safe.
 */
CHECKED Err feed_parse(Arena *arena, Str bytes, FeedSource source, Feed *ret);

/* The feed as one object in JSON Feed 1.1 names with _feed and _liandong, as `liandong feed parse` prints it. */
Json *feed_json(Arena *arena, const Feed *feed);

#endif
