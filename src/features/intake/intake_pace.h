/* intake_pace.h - when a feed is asked again; private to intake/. */
#ifndef FEATURES_INTAKE_INTAKE_PACE_H
#define FEATURES_INTAKE_INTAKE_PACE_H

#include "features/intake/intake_feed.h"

struct Feed; /* text/feed.h */

/*
 * From the dates of its items (Unix ms; 0: no date; in any order): half the usual time between two, or a quarter of the present silence where that is longer,
 * within FEED_INTERVAL_MIN_MS..FEED_INTERVAL_MAX_MS. With fewer than three dates: the last interval, halved where something was new, else half as long again.
 */
int64_t intake_pace_interval(const int64_t *dates_ms, size_t count, int64_t now_ms,
                             int64_t last_interval_ms, bool has_news);
/* After so many failures in a row (1..): doubled each time, less up to half by chance, within the same bounds. */
int64_t intake_pace_pause(Chance *chance, int64_t failures, int64_t interval_ms);
/* max-age of Cache-Control in ms; 0 where it says none. */
int64_t intake_pace_max_age(Str cache_control);
/*
 * What a feed says of itself: ttl, sy:updatePeriod and updateFrequency as the least interval in ms, the longest of them within
 * FEED_INTERVAL_MIN_MS..FEED_INTERVAL_MAX_MS; 0 where it says none that can be read.
 */
int64_t intake_pace_told(const struct Feed *feed);
/*
 * next_ms, or the first full hour after it that is neither in skip_hours nor on a day of skip_days (text/feed.h), at most
 * FEED_INTERVAL_MAX_MS after now.
 */
int64_t intake_pace_skip(int64_t next_ms, int64_t now_ms, int64_t skip_hours, int64_t skip_days);
/* A little more or less (a tenth), so that feeds added together do not stay together; within the same bounds. */
int64_t intake_pace_jitter(Chance *chance, int64_t ms);

#endif
