/* base/clock.h - time behind an interface, so that tests own it. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

typedef struct Clock Clock;
struct Clock {
    int64_t (*now_ms)(Clock *clock);       /* Unix time in ms, UTC; may jump */
    int64_t (*monotonic_ms)(Clock *clock); /* never runs backwards */
};

/* The machine's clocks; one object for the process. */
Clock *clock_system(void);

typedef struct FixedClock {
    Clock clock; /* first, so that &fixed.clock is a Clock */
    int64_t at_ms;
} FixedClock;

/* A clock that stands at at_ms until the owner changes it; both readings give at_ms. */
void clock_fixed(FixedClock *fixed, int64_t at_ms);

static inline int64_t clock_now_ms(Clock *clock) {
    return clock->now_ms(clock);
}
static inline int64_t clock_monotonic_ms(Clock *clock) {
    return clock->monotonic_ms(clock);
}

/* "2026-11-23T14:02:00Z" (24 bytes at most with ms) from Unix ms. */
enum { CLOCK_TEXT_MAX = 32 };
void clock_rfc3339(int64_t at_ms, char out[CLOCK_TEXT_MAX]);
/* "Mon, 23 Nov 2026 06:02:00 GMT" (RFC 9110, 5.6.7). */
void clock_http_date(int64_t at_ms, char out[CLOCK_TEXT_MAX]);
/* Days from 1970-01-01 of a proleptic Gregorian date, and back. month 1..12, day 1..31. */
int64_t clock_days_from_date(int year, int month, int day);
void clock_date_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day);

#endif
