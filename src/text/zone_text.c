/* text/zone_text.c - dates as text: for people, for programs, and read again. */
#include "base/clock.h"
#include "text/zone.h"

enum { MINUTE_MS = 60000, HOUR_MS = 3600000, DAY_MS = 86400000 };

static const char *const months_en[] = { "January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December" };
static const char *const days_en[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday" };
static const char *const days_zh[] = { "星期一", "星期二", "星期三", "星期四",
                                       "星期五", "星期六", "星期日" };

/* ---- for people ---- */

/* "UTC+8", "UTC-3:30", "UTC" */
static Str offset_text(Arena *arena, int offset_s) {
    int minutes = abs(offset_s) / 60;

    if (minutes == 0)
        return S("UTC");
    if (minutes % 60 == 0)
        return str_format(arena, "UTC%c%d", offset_s < 0 ? '-' : '+', minutes / 60);
    return str_format(arena, "UTC%c%d:%02d", offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

static Str format_zh(Arena *arena, const ZoneTime *t, ZoneForm form) {
    switch (form) {
    case ZONE_LONG:
        return str_format(arena, "%d年%d月%d日 %02d:%02d", t->year, t->month, t->day, t->hour,
                          t->minute);
    case ZONE_LONG_DATE:
        return str_format(arena, "%d年%d月%d日", t->year, t->month, t->day);
    case ZONE_SHORT:
        return str_format(arena, "%04d-%02d-%02d %02d:%02d", t->year, t->month, t->day, t->hour,
                          t->minute);
    case ZONE_SHORT_DATE:
        return str_format(arena, "%04d-%02d-%02d", t->year, t->month, t->day);
    case ZONE_MONTH:
        return str_format(arena, "%d年%d月", t->year, t->month);
    case ZONE_FULL:
        break;
    }
    return str_format(arena, "%d年%d月%d日 %s %02d:%02d:%02d (%.*s)", t->year, t->month, t->day,
                      days_zh[t->weekday - 1], t->hour, t->minute, t->second,
                      STR_ARG(offset_text(arena, t->offset_s)));
}

static Str format_en(Arena *arena, const ZoneTime *t, ZoneForm form) {
    const char *month = months_en[t->month - 1];

    switch (form) {
    case ZONE_LONG:
        return str_format(arena, "%d %s %d, %02d:%02d", t->day, month, t->year, t->hour, t->minute);
    case ZONE_LONG_DATE:
        return str_format(arena, "%d %s %d", t->day, month, t->year);
    case ZONE_SHORT:
        return str_format(arena, "%d %.3s %d, %02d:%02d", t->day, month, t->year, t->hour,
                          t->minute);
    case ZONE_SHORT_DATE:
        return str_format(arena, "%d %.3s %d", t->day, month, t->year);
    case ZONE_MONTH:
        return str_format(arena, "%s %d", month, t->year);
    case ZONE_FULL:
        break;
    }
    return str_format(arena, "%s, %d %s %d, %02d:%02d:%02d (%.*s)", days_en[t->weekday - 1], t->day,
                      month, t->year, t->hour, t->minute, t->second,
                      STR_ARG(offset_text(arena, t->offset_s)));
}

Err zone_format(Arena *arena, Str zone, Str lang, ZoneForm form, int64_t at_ms, Str *ret) {
    ZoneTime local;

    TRY(zone_local(zone, at_ms, &local));
    *ret = str_eq(lang, S("zh")) ? format_zh(arena, &local, form) : format_en(arena, &local, form);
    return OK;
}

/* ---- for programs ---- */

/*
 * The local time with its offset in whole minutes, as both formats need it: before about 1900
 * clocks ran by the sun, with seconds in their offset, which is rounded so that time and offset
 * still name the same moment.
 */
static Err local_by_minutes(Str zone, int64_t at_ms, ZoneTime *ret) {
    ZoneTime local, shown;

    TRY(zone_local(zone, at_ms, &local));
    int whole_s = local.offset_s / 60 * 60;
    TRY(zone_local(S("UTC"), at_ms + whole_s * 1000ll, &shown));
    shown.offset_s = whole_s;
    *ret = shown;
    return OK;
}

Err zone_rfc3339(Arena *arena, Str zone, int64_t at_ms, Str *ret) {
    ZoneTime t = { 0 };

    TRY(local_by_minutes(zone, at_ms, &t));
    int minutes = abs(t.offset_s) / 60;
    bool is_utc = str_eq(zone, S("UTC")) || str_eq(zone, S("GMT"));
    Str fraction = t.ms > 0 ? str_format(arena, ".%03d", t.ms) : STR_EMPTY;
    Str offset = is_utc ? S("Z")
                        : str_format(arena, "%c%02d:%02d", t.offset_s < 0 ? '-' : '+', minutes / 60,
                                     minutes % 60);
    *ret = str_format(arena, "%04d-%02d-%02dT%02d:%02d:%02d%.*s%.*s", t.year, t.month, t.day,
                      t.hour, t.minute, t.second, STR_ARG(fraction), STR_ARG(offset));
    return OK;
}

Err zone_rfc822(Arena *arena, Str zone, int64_t at_ms, Str *ret) {
    ZoneTime t = { 0 };

    TRY(local_by_minutes(zone, at_ms, &t));
    int minutes = abs(t.offset_s) / 60;
    *ret = str_format(arena, "%.3s, %02d %.3s %04d %02d:%02d:%02d %c%02d%02d",
                      days_en[t.weekday - 1], t.day, months_en[t.month - 1], t.year, t.hour,
                      t.minute, t.second, t.offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return OK;
}

/* ---- reading ---- */

static Err fail_date(void) {
    return FAIL(ERR_INVALID, NULL, N_("This is not a date. Write it like 2026-11-23."));
}

static Err fail_local(void) {
    return FAIL(ERR_INVALID, NULL,
                N_("This is not a date with a time. Write it like 2026-11-23 14:02."));
}

static Err fail_moment(void) {
    return FAIL(ERR_INVALID, NULL,
                N_("This is not a time with a zone. Write it like 2026-11-23T14:02:00+08:00."));
}

static bool take_char(Str *rest, char c) {
    if (rest->len == 0 || rest->ptr[0] != c)
        return false;
    *rest = str_slice(*rest, 1, rest->len);
    return true;
}

/* Takes least..most digits as a number. */
static bool take_number(Str *rest, size_t least, size_t most, int *ret) {
    size_t len = 0;
    int value = 0;

    for (; len < most && len < rest->len && rest->ptr[len] >= '0' && rest->ptr[len] <= '9'; len++)
        value = value * 10 + (rest->ptr[len] - '0');
    if (len < least)
        return false;
    *rest = str_slice(*rest, len, rest->len);
    *ret = value;
    return true;
}

/* "2026-11-23", a date that exists. */
static bool take_date(Str *rest, ZoneTime *t) {
    int64_t at_ms;

    return take_number(rest, 4, 4, &t->year) && take_char(rest, '-') &&
           take_number(rest, 2, 2, &t->month) && take_char(rest, '-') &&
           take_number(rest, 2, 2, &t->day) &&
           zone_to_utc(S("UTC"), &(ZoneTime){ .year = t->year, .month = t->month, .day = t->day },
                       &at_ms, NULL)
                   .code == ERR_OK;
}

/* ".25": any number of digits, of which three count. */
static bool take_fraction(Str *rest, int *ret_ms) {
    int ms = 0, scale = 100;
    size_t len = 1;

    if (rest->len < 2 || rest->ptr[1] < '0' || rest->ptr[1] > '9')
        return false;
    for (; len < rest->len && rest->ptr[len] >= '0' && rest->ptr[len] <= '9'; len++, scale /= 10)
        ms += (rest->ptr[len] - '0') * scale;
    *rest = str_slice(*rest, len, rest->len);
    *ret_ms = ms;
    return true;
}

/* "14:02" and, where they are or must be, seconds up to second_max with their fraction. */
static bool take_clock(Str *rest, bool needs_seconds, int second_max, ZoneTime *t) {
    if (!take_number(rest, 2, 2, &t->hour) || t->hour > 23 || !take_char(rest, ':') ||
        !take_number(rest, 2, 2, &t->minute) || t->minute > 59)
        return false;
    if (!take_char(rest, ':'))
        return !needs_seconds;
    if (!take_number(rest, 2, 2, &t->second) || t->second > second_max)
        return false;
    return rest->len == 0 || rest->ptr[0] != '.' || take_fraction(rest, &t->ms);
}

/* "+08:00" or, where it may lack its colon, "+0800". */
static bool take_offset(Str *rest, bool needs_colon, int *ret_s) {
    int hours, minutes;
    bool is_west = rest->len > 0 && rest->ptr[0] == '-';

    if (!take_char(rest, '+') && !take_char(rest, '-'))
        return false;
    if (!take_number(rest, 2, 2, &hours) || hours > 23 || (!take_char(rest, ':') && needs_colon) ||
        !take_number(rest, 2, 2, &minutes) || minutes > 59)
        return false;
    *ret_s = (hours * 60 + minutes) * (is_west ? -60 : 60);
    return true;
}

/* A local time at a known offset; second 60 is the second after 59. */
static Err moment_of(const ZoneTime *t, int offset_s, int64_t *ret_ms) {
    ZoneTime utc = *t;
    ZoneTime shown;
    int64_t at_ms;
    int leap_ms = 0;

    if (utc.second == 60) {
        utc.second = 59;
        leap_ms = 1000;
    }
    if (zone_to_utc(S("UTC"), &utc, &at_ms, NULL).code != ERR_OK)
        return fail_moment();
    at_ms += leap_ms - offset_s * 1000ll;
    if (zone_local(S("UTC"), at_ms, &shown).code != ERR_OK) /* the offset led out of the years */
        return fail_moment();
    *ret_ms = at_ms;
    return OK;
}

Err zone_parse_date(Str text, ZoneTime *ret) {
    ZoneTime t = { 0 };
    int64_t at_ms;

    if (!take_date(&text, &t) || text.len > 0)
        return fail_date();
    TRY(zone_to_utc(S("UTC"), &t, &at_ms, NULL));
    TRY(zone_local(S("UTC"), at_ms, &t)); /* fills in the weekday */
    *ret = t;
    return OK;
}

Err zone_parse_local(Str text, ZoneTime *ret) {
    ZoneTime t = { 0 }, day;

    if (!take_date(&text, &t) || (!take_char(&text, 'T') && !take_char(&text, ' ')) ||
        !take_clock(&text, false, 59, &t) || text.len > 0)
        return fail_local();
    TRY(moment_of(&t, 0, &(int64_t){ 0 }));
    int64_t at_ms = clock_days_from_date(t.year, t.month, t.day) * DAY_MS;
    TRY(zone_local(S("UTC"), at_ms, &day));
    t.weekday = day.weekday;
    *ret = t;
    return OK;
}

Err zone_parse_rfc3339(Str text, int64_t *ret_ms) {
    ZoneTime t = { 0 };
    int offset_s = 0;

    /* RFC 3339, 5.6: T and Z may be small, and a blank may stand for T. */
    if (!take_date(&text, &t) ||
        (!take_char(&text, 'T') && !take_char(&text, 't') && !take_char(&text, ' ')) ||
        !take_clock(&text, true, 60, &t) ||
        (!take_char(&text, 'Z') && !take_char(&text, 'z') &&
         !take_offset(&text, true, &offset_s)) ||
        text.len > 0)
        return fail_moment();
    return moment_of(&t, offset_s, ret_ms);
}

/* ---- RFC 822 ---- */

static void skip_blanks(Str *rest) {
    while (take_char(rest, ' ') || take_char(rest, '\t') || take_char(rest, '\r') ||
           take_char(rest, '\n'))
        ;
}

static Str take_letters(Str *rest) {
    size_t len = 0;

    while (len < rest->len && ((rest->ptr[len] >= 'a' && rest->ptr[len] <= 'z') ||
                               (rest->ptr[len] >= 'A' && rest->ptr[len] <= 'Z')))
        len++;
    Str letters = str_slice(*rest, 0, len);
    *rest = str_slice(*rest, len, rest->len);
    return letters;
}

/* Three letters or the whole name. */
static bool take_month(Str *rest, int *ret) {
    Str word = take_letters(rest);

    for (int i = 0; i < 12; i++) {
        Str name = str_from_c(months_en[i]);

        if (str_eq_nocase(word, name) || str_eq_nocase(word, str_slice(name, 0, 3))) {
            *ret = i + 1;
            return true;
        }
    }
    return false;
}

/* RFC 5322, 4.3: 00-49 are 2000-2049, other short years count from 1900. */
static bool take_year(Str *rest, int *ret) {
    size_t before = rest->len;

    if (!take_number(rest, 2, 4, ret))
        return false;
    size_t digits = before - rest->len;
    if (digits == 2 && *ret < 50)
        *ret += 2000;
    else if (digits < 4)
        *ret += 1900;
    return true;
}

/* RFC 5322, 4.3: the named zones; one letter says nothing sure and counts as UTC. */
static bool take_zone_822(Str *rest, int *ret_s) {
    static const struct {
        const char *name;
        int hours;
    } zones[] = {
        { "UT", 0 },   { "UTC", 0 },  { "GMT", 0 },  { "EST", -5 }, { "EDT", -4 }, { "CST", -6 },
        { "CDT", -5 }, { "MST", -7 }, { "MDT", -6 }, { "PST", -8 }, { "PDT", -7 },
    };

    if (take_offset(rest, false, ret_s))
        return true;
    Str name = take_letters(rest);
    for (size_t i = 0; i < COUNT_OF(zones); i++) {
        if (str_eq_nocase(name, str_from_c(zones[i].name))) {
            *ret_s = zones[i].hours * 3600;
            return true;
        }
    }
    *ret_s = 0;
    return name.len == 1;
}

/* "(CST)" after the date is a comment. */
static void skip_comment(Str *rest) {
    skip_blanks(rest);
    if (rest->len > 1 && rest->ptr[0] == '(' && rest->ptr[rest->len - 1] == ')')
        *rest = STR_EMPTY;
}

Err zone_parse_rfc822(Str text, int64_t *ret_ms) {
    ZoneTime t = { 0 };
    int offset_s;

    if (take_letters(&text).len > 0) {
        if (!take_char(&text, ','))
            return fail_moment();
        skip_blanks(&text);
    }
    if (!take_number(&text, 1, 2, &t.day))
        return fail_moment();
    skip_blanks(&text);
    if (!take_month(&text, &t.month))
        return fail_moment();
    skip_blanks(&text);
    if (!take_year(&text, &t.year))
        return fail_moment();
    skip_blanks(&text);
    if (!take_clock(&text, false, 60, &t))
        return fail_moment();
    skip_blanks(&text);
    if (!take_zone_822(&text, &offset_s))
        return fail_moment();
    skip_comment(&text);
    return text.len > 0 ? fail_moment() : moment_of(&t, offset_s, ret_ms);
}

Err zone_parse(Str zone, Str text, int64_t *ret_ms, ZoneFit *ret_fit) {
    ZoneTime t;
    ZoneFit fit = ZONE_EXACT;
    int64_t at_ms;

    TRY(zone_check(zone));
    if (zone_parse_rfc3339(text, &at_ms).code != ERR_OK) {
        if (zone_parse_date(text, &t).code != ERR_OK)
            TRY(zone_parse_local(text, &t));
        TRY(zone_to_utc(zone, &t, &at_ms, &fit));
    }
    if (ret_fit)
        *ret_fit = fit;
    *ret_ms = at_ms;
    return OK;
}
