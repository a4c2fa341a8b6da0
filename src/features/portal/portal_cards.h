/* features/portal/portal_cards.h - stories as cards and lines, times and kinds in words: private to portal/ and desk/. */
#ifndef FEATURES_PORTAL_PORTAL_CARDS_H
#define FEATURES_PORTAL_PORTAL_CARDS_H

#include "features/manuscript/manuscript.h"
#include "features/media/media.h"
#include "features/register/register.h"
#include "features/site/site.h"

/* In the notation of KEYS; each item of a list of stories. */
#define CARD_KEYS                                                                                  \
    "id url title summary kind kind_text lang outlet{no name url emblem} author published{iso "    \
    "text "                                                                                        \
    "full} picture{src srcset width height alt} corrections is_imported is_withdrawn"

/*
 * Stories as cards: their outlets, authors and pictures are read in one statement each, whatever the number
 * of stories.
 */
CHECKED Err cards_of(Ctx *ctx, const Site *site, const ManuscriptList *list, Json **ret);

/* { iso, text, full }; text is the short form with the hour, or the date alone. null for 0. */
CHECKED Err time_model(Ctx *ctx, const Site *site, int64_t at_ms, bool is_date, Json **ret);
/* 消息 is 消息 to a Chinese reader and "News" to an English one. */
Str kind_text(Ctx *ctx, Str kind);
/* { no, name, url, emblem }: the emblem is the name's first character. */
Json *outlet_link(Ctx *ctx, const Outlet *outlet);

#endif
