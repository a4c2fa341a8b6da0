/* base/clock.c - the machine's clocks, a standing one for tests, and Gregorian dates. */
#include "base/clock.h"

#include <assert.h>
#include <stdio.h>
#include <time.h>

#include "base/log.h"

enum { DAY_MS = 86400000 };

static int64_t read_ms(clockid_t which) {
    struct timespec at;

    if (clock_gettime(which, &at) != 0)
        log_fatal("no clock", "clock_gettime(2) failed");
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static int64_t system_now_ms(Clock *clock) {
    (void)clock;
    return read_ms(CLOCK_REALTIME);
}

static int64_t system_monotonic_ms(Clock *clock) {
    (void)clock;
    return read_ms(CLOCK_MONOTONIC);
}

Clock *clock_system(void) {
    static Clock clock = { system_now_ms, system_monotonic_ms }; /* never written */

    return &clock;
}

static int64_t fixed_ms(Clock *clock) {
    return ((FixedClock *)clock)->at_ms;
}

void clock_fixed(FixedClock *fixed, int64_t at_ms) {
    *fixed = (FixedClock){ .clock = { fixed_ms, fixed_ms }, .at_ms = at_ms };
}

typedef struct Moment {
    int year, month, day, hour, minute, second, ms;
    int64_t days; /* since 1970-01-01 */
} Moment;

static Moment moment_from_ms(int64_t at_ms) {
    /* The years 0000 to 9999 are all that either format can write. */
    const int64_t lowest = clock_days_from_date(0, 1, 1) * DAY_MS;
    const int64_t highest = clock_days_from_date(10000, 1, 1) * DAY_MS - 1;

    at_ms = at_ms < lowest ? lowest : at_ms > highest ? highest : at_ms;
    int64_t days = at_ms / DAY_MS - (at_ms % DAY_MS < 0 ? 1 : 0);
    int rest = (int)(at_ms - days * DAY_MS);
    Moment m = { .hour = rest / 3600000,
                 .minute = rest / 60000 % 60,
                 .second = rest / 1000 % 60,
                 .ms = rest % 1000,
                 .days = days };
    clock_date_from_days(days, &m.year, &m.month, &m.day);
    return m;
}

void clock_rfc3339(int64_t at_ms, char out[CLOCK_TEXT_MAX]) {
    Moment m = moment_from_ms(at_ms);
    int len = snprintf(out, CLOCK_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d", m.year, m.month, m.day,
                       m.hour, m.minute, m.second);

    if (m.ms > 0)
        (void)snprintf(out + len, (size_t)(CLOCK_TEXT_MAX - len), ".%03dZ", m.ms);
    else
        (void)snprintf(out + len, (size_t)(CLOCK_TEXT_MAX - len), "Z");
}

void clock_http_date(int64_t at_ms, char out[CLOCK_TEXT_MAX]) {
    static const char days[7][4] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
    static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    Moment m = moment_from_ms(at_ms);

    /* 1970-01-01 was a Thursday. */
    (void)snprintf(out, CLOCK_TEXT_MAX, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                   days[(m.days % 7 + 7) % 7], m.day, months[m.month - 1], m.year, m.hour, m.minute,
                   m.second);
}

/*
 * Both ways count in years that begin in March, so that the leap day is a year's last: month m of
 * such a year starts (153 m + 2) / 5 days in, and 400 years have 146,097 days.
 */
int64_t clock_days_from_date(int year, int month, int day) {
    assert(month >= 1 && month <= 12 && day >= 1 && day <= 31);
    int64_t y = (int64_t)year - (month < 3 ? 1 : 0);
    int64_t era = (y >= 0 ? y : y - 399) / 400, year_of_era = y - era * 400;
    int64_t month_from_march = (month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468; /* days from 0000-03-01 to 1970-01-01 */
}

void clock_date_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day) {
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);

    *ret_year = (int)(year_of_era + era * 400 + (month < 3 ? 1 : 0));
    *ret_month = month;
    *ret_day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
}
