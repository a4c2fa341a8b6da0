/*
 * text/zone.c - IANA time zones: what clocks show at a moment, and when they show a time.
 *
 * Opened zones are shared by all threads: the table below and every calendar in it are used under
 * `lock`, which is held for one question to ICU and nothing else.
 */
#include "text/zone.h"

#include <assert.h>
#include <pthread.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "base/clock.h"

enum {
    ZONE_NAME_MAX = 48, /* the longest IANA name has 32 bytes */
    DAY_MS = 86400000
};

typedef struct OpenZone {
    char name[ZONE_NAME_MAX]; /* empty: a free place */
    UCalendar *calendar;
    uint64_t used_at; /* counts uses, to find the one that is longest unused */
} OpenZone;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static OpenZone open_zones[ZONE_OPEN_MAX]; /* under lock */
static uint64_t uses;                      /* under lock */

static Err fail_zone(void) {
    return FAIL(ERR_INVALID, "zone",
                N_("This time zone is not known. Write it like Asia/Shanghai."));
}

static Err fail_time(void) {
    return FAIL(ERR_INVALID, "time", N_("There is no such date or time. Years go from 1 to 9999."));
}

static bool is_utc(Str zone) {
    return str_eq(zone, S("UTC")) || str_eq(zone, S("GMT"));
}

/* Letters, digits and _ - + in at least two parts: no abbreviation, no rule, no bare offset. */
static bool has_zone_form(Str zone) {
    bool has_slash = false;

    if (zone.len == 0 || zone.len >= ZONE_NAME_MAX)
        return false;
    for (size_t i = 0; i < zone.len; i++) {
        char c = zone.ptr[i];

        has_slash = has_slash || c == '/';
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '/' || c == '_' || c == '-' || c == '+'))
            return false;
    }
    return has_slash || is_utc(zone);
}

/* A new calendar; NULL when the zone is not known. */
static UCalendar *open_calendar(Str zone) {
    UChar name[ZONE_NAME_MAX], canonical[ZONE_NAME_MAX * 2];
    UBool is_system = false;
    UErrorCode code = U_ZERO_ERROR;

    u_charsToUChars(zone.ptr, name, (int32_t)zone.len);
    ucal_getCanonicalTimeZoneID(name, (int32_t)zone.len, canonical, COUNT_OF(canonical), &is_system,
                                &code);
    if (U_FAILURE(code) || !is_system)
        return NULL;
    UCalendar *calendar = ucal_open(name, (int32_t)zone.len, "en", UCAL_GREGORIAN, &code);
    return U_SUCCESS(code) ? calendar : NULL;
}

/* The zone's calendar, under lock; NULL when it is not known. */
static UCalendar *find_calendar(Str zone) {
    OpenZone *place = &open_zones[0];

    for (size_t i = 0; i < COUNT_OF(open_zones); i++) {
        OpenZone *open = &open_zones[i];

        if (open->calendar && str_eq(zone, str_from_c(open->name))) {
            open->used_at = ++uses;
            return open->calendar;
        }
        if (open->used_at < place->used_at)
            place = open;
    }
    UCalendar *calendar = open_calendar(zone);
    if (!calendar)
        return NULL;
    if (place->calendar)
        ucal_close(place->calendar);
    *place = (OpenZone){ .calendar = calendar, .used_at = ++uses };
    memcpy(place->name, zone.ptr, zone.len);
    return calendar;
}

/* Milliseconds east of UTC at a moment. */
static Err offset_at(Str zone, int64_t at_ms, int64_t *ret) {
    UErrorCode code = U_ZERO_ERROR;

    if (!has_zone_form(zone))
        return fail_zone();
    pthread_mutex_lock(&lock);
    UCalendar *calendar = find_calendar(zone);
    int64_t offset_ms = 0;
    if (calendar) {
        ucal_setMillis(calendar, (UDate)at_ms, &code);
        offset_ms = ucal_get(calendar, UCAL_ZONE_OFFSET, &code);
        offset_ms += ucal_get(calendar, UCAL_DST_OFFSET, &code);
    }
    pthread_mutex_unlock(&lock);
    if (!calendar || U_FAILURE(code))
        return fail_zone();
    *ret = offset_ms;
    return OK;
}

/*
 * Offsets in force before and after the change of clocks that a local time falls into; both the
 * same where it falls into none. local_ms is the local time as if it were UTC.
 */
static Err offsets_of_local(Str zone, int64_t local_ms, int64_t *ret_former, int64_t *ret_latter) {
    UErrorCode code = U_ZERO_ERROR;
    int32_t raw1 = 0, save1 = 0, raw2 = 0, save2 = 0;

    if (!has_zone_form(zone))
        return fail_zone();
    pthread_mutex_lock(&lock);
    UCalendar *calendar = find_calendar(zone);
    if (calendar) {
        ucal_setMillis(calendar, (UDate)local_ms, &code); /* this one question takes it as local */
        ucal_getTimeZoneOffsetFromLocal(calendar, UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, &raw1,
                                        &save1, &code);
        ucal_getTimeZoneOffsetFromLocal(calendar, UCAL_TZ_LOCAL_LATTER, UCAL_TZ_LOCAL_LATTER, &raw2,
                                        &save2, &code);
    }
    pthread_mutex_unlock(&lock);
    if (!calendar || U_FAILURE(code))
        return fail_zone();
    *ret_former = (int64_t)raw1 + save1;
    *ret_latter = (int64_t)raw2 + save2;
    return OK;
}

/* ---- days ---- */

/* Days from 1970, rounded down. */
static int64_t day_of_ms(int64_t ms) {
    return ms / DAY_MS - (ms % DAY_MS < 0);
}

static bool is_in_range(int64_t ms) {
    return ms >= clock_days_from_date(1, 1, 1) * DAY_MS &&
           ms < clock_days_from_date(10000, 1, 1) * DAY_MS;
}

static bool is_date(int year, int month, int day) {
    int year2, month2, day2;

    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    clock_date_from_days(clock_days_from_date(year, month, day), &year2, &month2, &day2);
    return month2 == month && day2 == day;
}

/* Fields of a local time given as ms as if it were UTC. */
static ZoneTime fields_of(int64_t local_ms, int64_t offset_ms) {
    int64_t days = day_of_ms(local_ms), rest = local_ms - days * DAY_MS;
    ZoneTime local = { .hour = (int)(rest / 3600000),
                       .minute = (int)(rest / 60000 % 60),
                       .second = (int)(rest / 1000 % 60),
                       .ms = (int)(rest % 1000),
                       .offset_s = (int)(offset_ms / 1000) };

    clock_date_from_days(days, &local.year, &local.month, &local.day);
    local.weekday = (int)(((days + 3) % 7 + 7) % 7) + 1; /* 1970-01-01 was a Thursday */
    return local;
}

/* ---- the promise ---- */

Err zone_check(Str zone) {
    int64_t offset_ms;

    return offset_at(zone, 0, &offset_ms);
}

Err zone_local(Str zone, int64_t at_ms, ZoneTime *ret) {
    int64_t offset_ms;

    if (!is_in_range(at_ms))
        return fail_time();
    TRY(offset_at(zone, at_ms, &offset_ms));
    if (!is_in_range(at_ms + offset_ms))
        return fail_time();
    *ret = fields_of(at_ms + offset_ms, offset_ms);
    return OK;
}

Err zone_to_utc(Str zone, const ZoneTime *local, int64_t *ret_ms, ZoneFit *ret_fit) {
    int64_t former, latter, check;

    if (!is_date(local->year, local->month, local->day) || local->hour < 0 || local->hour > 23 ||
        local->minute < 0 || local->minute > 59 || local->second < 0 || local->second > 59 ||
        local->ms < 0 || local->ms > 999)
        return fail_time();
    int64_t local_ms = clock_days_from_date(local->year, local->month, local->day) * DAY_MS +
                       local->hour * 3600000ll + local->minute * 60000ll + local->second * 1000ll +
                       local->ms;
    TRY(offsets_of_local(zone, local_ms, &former, &latter));
    /*
     * By the clocks as they stood before the change: in a gap that is so much later as they are put
     * forward, and of two times the first.
     */
    int64_t at_ms = local_ms - former;
    if (!is_in_range(at_ms))
        return fail_time();
    TRY(offset_at(zone, at_ms, &check));
    if (ret_fit)
        *ret_fit = former == latter ? ZONE_EXACT : check == former ? ZONE_REPEATED : ZONE_GAP;
    *ret_ms = at_ms;
    return OK;
}

/* The change of clocks at or before a moment. */
static Err last_change(Str zone, int64_t at_ms, int64_t *ret_ms) {
    UErrorCode code = U_ZERO_ERROR;
    UDate change = 0;
    bool is_any = false;

    pthread_mutex_lock(&lock);
    UCalendar *calendar = find_calendar(zone);
    if (calendar) {
        ucal_setMillis(calendar, (UDate)at_ms, &code);
        is_any = ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_PREVIOUS_INCLUSIVE,
                                                &change, &code);
    }
    pthread_mutex_unlock(&lock);
    if (!is_any || U_FAILURE(code))
        return fail_zone();
    *ret_ms = (int64_t)change;
    return OK;
}

Err zone_to_plan(Str zone, const ZoneTime *local, int64_t *ret_ms, ZoneFit *ret_fit) {
    int64_t at_ms;
    ZoneFit fit;

    TRY(zone_to_utc(zone, local, &at_ms, &fit));
    if (fit == ZONE_GAP) /* at_ms lies as much after the change as the time asked for */
        TRY(last_change(zone, at_ms, &at_ms));
    if (ret_fit)
        *ret_fit = fit;
    *ret_ms = at_ms;
    return OK;
}

Str zone_rules(void) {
    UErrorCode code = U_ZERO_ERROR;
    const char *version = ucal_getTZDataVersion(&code);

    return U_SUCCESS(code) && version ? str_from_c(version) : S("unknown");
}

Err zone_day_start(Str zone, int64_t at_ms, int days, int64_t *ret_ms) {
    ZoneTime local, start = { 0 };

    TRY(zone_local(zone, at_ms, &local));
    int64_t day = clock_days_from_date(local.year, local.month, local.day) + days;
    if (!is_in_range(day * DAY_MS))
        return fail_time();
    clock_date_from_days(day, &start.year, &start.month, &start.day);
    return zone_to_utc(zone, &start, ret_ms, NULL);
}
