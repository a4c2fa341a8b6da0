/* features/site/site.h - the alliance's own settings: rows changed on a page, each change a log entry. */
#ifndef FEATURES_SITE_SITE_H
#define FEATURES_SITE_SITE_H

#include "base/ctx.h"

enum { SITE_NAME_CHARS_MAX = 40, SITE_TAGLINE_CHARS_MAX = 80 };

typedef struct Site {
    Str name;    /* 澄川大学媒体联盟 */
    Str tagline; /* one line under the name */
    Str zone;    /* IANA zone that makes days, deadlines and dates on pages */
    Str origin;  /* of the log: "example.edu/liandong" */
    Str vkey;    /* the log's one-line public key */
    bool
        holds_missed; /* a planned story whose time was missed waits for a person; else it goes out late */
    bool is_demo; /* written once at creation; marks pages, feeds and prints */
} Site;

/* The zone where nobody has chosen one. */
#define SITE_ZONE_DEFAULT "Asia/Shanghai"

/* All settings, one statement. ERR_NOT_FOUND before site_create. */
CHECKED Err site_get(Ctx *ctx, Site *ret);
/* The alliance's zone, SITE_ZONE_DEFAULT before site_create; one statement. */
CHECKED Err site_zone(Ctx *ctx, Str *ret);
/* The first act of a new alliance: entry "site.created". ERR_CONFLICT when there is one. */
CHECKED Err site_create(Ctx *ctx, const Site *site);
/* Name, tagline and zone; entry "site.changed", event of the same name, tags site. ERR_INVALID, ERR_LIMIT
 * by field; ERR_NOT_FOUND before site_create. Without any difference nothing is written. */
CHECKED Err site_change(Ctx *ctx, Str name, Str tagline, Str zone);

/* The setting release.missed, hold or release; as site_change. */
CHECKED Err site_hold_missed(Ctx *ctx, bool holds);

/* An entry's kind in words ("manuscript.released": Story released); unknown kinds as they are. */
Str site_entry_words(Ctx *ctx, Str kind);

/* ---- what is refused by design (product.md 4) ---- */

enum {
    SITE_REFUSALS = 16,
    SITE_REFUSED_NAME_BYTES = 200 /* of a name; the rest is not looked at */
};
/*
 * The refusal, 1..16, that a field, column or heading of this name would break; 0 for every other name. A name does
 * that holds one of the listed words; capitals, blanks and hyphens make no difference.
 */
int site_refused_name(Str name);
/* The listed words of a refusal, 1..16. */
StrList site_refused_words(Arena *arena, int rule);

#endif
