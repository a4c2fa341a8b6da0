/* text/zone.h - IANA time zones, dates people read, dates other programs send (ICU). */
#ifndef TEXT_ZONE_H
#define TEXT_ZONE_H

#include "base/err.h"
#include "base/str.h"

/*
 * Opened zones are kept for the life of the process (at most ZONE_OPEN_MAX, then the oldest goes),
 * each used under one lock inside zone.c; no function calls out while it holds it. All are safe
 * from any thread.
 */
enum { ZONE_OPEN_MAX = 64 };

/* A moment as a wall clock in some zone shows it; proleptic Gregorian. */
typedef struct ZoneTime {
    int year;     /* 1..9999 */
    int month;    /* 1..12 */
    int day;      /* 1..31 */
    int hour;     /* 0..23 */
    int minute;   /* 0..59 */
    int second;   /* 0..59 */
    int ms;       /* 0..999 */
    int weekday;  /* 1 Monday .. 7 Sunday; ignored as input */
    int offset_s; /* seconds east of UTC; ignored as input */
} ZoneTime;

typedef enum ZoneFit {
    ZONE_EXACT,   /* the zone's clocks show this time once */
    ZONE_GAP,     /* never (clocks are put forward): taken as so much later as they are put */
    ZONE_REPEATED /* twice (clocks are put back): the first is taken */
} ZoneFit;

/*
 * In what follows zone is an IANA name ("Asia/Shanghai", "UTC"): ERR_INVALID with field "zone" for
 * another. Times are Unix ms UTC in the years 1 to 9999, ERR_INVALID with field "time" beyond.
 */

/*
 * OK when zone is known; "+08:00", "CST6CDT"-like rules and abbreviations but "UTC" and "GMT" are
 * refused.
 */
CHECKED Err zone_check(Str zone);
CHECKED Err zone_local(Str zone, int64_t at_ms, ZoneTime *ret);
/* ERR_INVALID, field "time", when there is no such date (30 February). ret_fit may be NULL. */
CHECKED Err zone_to_utc(Str zone, const ZoneTime *local, int64_t *ret_ms, ZoneFit *ret_fit);
/*
 * For what is planned: the same, but a time in a gap is taken as the first moment after it, and of two the first.
 */
CHECKED Err zone_to_plan(Str zone, const ZoneTime *local, int64_t *ret_ms, ZoneFit *ret_fit);
/* The version of the rules in use ("2024a"): with another one the same local time may be another moment. */
Str zone_rules(void);
/*
 * The first moment of the zone's day that holds at_ms, moved by `days` (0: that day, 1: the next).
 */
CHECKED Err zone_day_start(Str zone, int64_t at_ms, int days, int64_t *ret_ms);

typedef enum ZoneForm {
    ZONE_LONG,       /* 2026年11月23日 14:02, 23 November 2026, 14:02 */
    ZONE_LONG_DATE,  /* 2026年11月23日, 23 November 2026 */
    ZONE_SHORT,      /* 2026-11-23 14:02, 23 Nov 2026, 14:02 */
    ZONE_SHORT_DATE, /* 2026-11-23, 23 Nov 2026 */
    ZONE_FULL, /* the long form with weekday, seconds and offset: "… 星期一 14:02:07 (UTC+8)" */
    ZONE_MONTH /* 2026年11月, November 2026 */
} ZoneForm;

/* For pages; lang is "zh" or "en" (others read as "en"). Never relative: pages are cached. */
CHECKED Err zone_format(Arena *arena, Str zone, Str lang, ZoneForm form, int64_t at_ms, Str *ret);
/* "2026-11-23T14:02:07+08:00"; "Z" where the zone is UTC; milliseconds only when there are any. */
CHECKED Err zone_rfc3339(Arena *arena, Str zone, int64_t at_ms, Str *ret);
/* "Mon, 23 Nov 2026 14:02:07 +0800" for RSS (RFC 822 with the four-digit year of RFC 5322). */
CHECKED Err zone_rfc822(Arena *arena, Str zone, int64_t at_ms, Str *ret);

/*
 * Parsers: the whole of text must be one date, ASCII, nothing around it; ERR_INVALID (without a
 * field) otherwise. *ret is unchanged on failure.
 */

/* "2026-11-23": year, month, day; the rest is 0 but the weekday. */
CHECKED Err zone_parse_date(Str text, ZoneTime *ret);
/*
 * "2026-11-23T14:02", also with a blank instead of T, with seconds and fraction: what forms send.
 */
CHECKED Err zone_parse_local(Str text, ZoneTime *ret);
/* RFC 3339 with offset or Z; a leap second (:60) counts as the second after it. */
CHECKED Err zone_parse_rfc3339(Str text, int64_t *ret_ms);
/* RFC 822/5322, with or without weekday, two-digit years, zone names of RFC 822 (GMT, EST, …). */
CHECKED Err zone_parse_rfc822(Str text, int64_t *ret_ms);
/* Any of: RFC 3339; a local time; a date (its first moment). The last two are read in zone. */
CHECKED Err zone_parse(Str zone, Str text, int64_t *ret_ms, ZoneFit *ret_fit);

#endif
