/* features/feed/feed.h - stories carried outwards: Atom (RFC 4287), RSS 2.0, JSON Feed 1.1. */
#ifndef FEATURES_FEED_FEED_H
#define FEATURES_FEED_FEED_H

#include "http/route.h"

enum { FEED_ITEMS = 30 };

/* /feed.atom /feed.rss /feed.json and the same under /outlets/{no}/ */
extern const Route feed_routes[];

#endif
