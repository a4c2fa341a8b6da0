/* net/retry.c - dates of HTTP and Retry-After. */
#include "net/retry.h"

#include "base/clock.h"

enum { DAY_MS = 86400000 };

/* Reads exactly `digits` digits. */
static bool read_number(Str *rest, size_t digits, int *ret) {
    int64_t number = 0;
    Str part = str_slice(*rest, 0, digits);

    if (part.len != digits || part.ptr[0] == '-' || !str_parse_int(part, &number))
        return false;
    *rest = str_slice(*rest, digits, rest->len);
    *ret = (int)number;
    return true;
}

static bool read_char(Str *rest, char c) {
    if (rest->len == 0 || rest->ptr[0] != c)
        return false;
    *rest = str_slice(*rest, 1, rest->len);
    return true;
}

/* "Sun", or with `is_whole` "Sunday"; it is not held against the date. */
static bool read_day_name(Str *rest, bool is_whole) {
    static const Str days[] = { S_INIT("Monday"),   S_INIT("Tuesday"), S_INIT("Wednesday"),
                                S_INIT("Thursday"), S_INIT("Friday"),  S_INIT("Saturday"),
                                S_INIT("Sunday") };

    for (size_t i = 0; i < COUNT_OF(days); i++) {
        Str name = is_whole ? days[i] : str_slice(days[i], 0, 3);
        if (!str_starts(*rest, name))
            continue;
        *rest = str_slice(*rest, name.len, rest->len);
        return true;
    }
    return false;
}

static bool read_month(Str *rest, int *ret) {
    static const Str months[] = { S_INIT("Jan"), S_INIT("Feb"), S_INIT("Mar"), S_INIT("Apr"),
                                  S_INIT("May"), S_INIT("Jun"), S_INIT("Jul"), S_INIT("Aug"),
                                  S_INIT("Sep"), S_INIT("Oct"), S_INIT("Nov"), S_INIT("Dec") };

    for (size_t i = 0; i < COUNT_OF(months); i++) {
        if (!str_starts(*rest, months[i]))
            continue;
        *rest = str_slice(*rest, 3, rest->len);
        *ret = (int)i + 1;
        return true;
    }
    return false;
}

typedef struct Date {
    int year, month, day, hour, minute, second;
} Date;

static bool read_time(Str *rest, Date *date) {
    return read_number(rest, 2, &date->hour) && read_char(rest, ':') &&
           read_number(rest, 2, &date->minute) && read_char(rest, ':') &&
           read_number(rest, 2, &date->second);
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
static bool read_fixdate(Str rest, Date *date) {
    return read_day_name(&rest, false) && read_char(&rest, ',') && read_char(&rest, ' ') &&
           read_number(&rest, 2, &date->day) && read_char(&rest, ' ') &&
           read_month(&rest, &date->month) && read_char(&rest, ' ') &&
           read_number(&rest, 4, &date->year) && read_char(&rest, ' ') && read_time(&rest, date) &&
           str_eq(rest, S(" GMT"));
}

/* "Sunday, 06-Nov-94 08:49:37 GMT" */
static bool read_rfc850(Str rest, int64_t now_ms, Date *date) {
    int year_now, month_now, day_now;

    if (!read_day_name(&rest, true) || !read_char(&rest, ',') || !read_char(&rest, ' ') ||
        !read_number(&rest, 2, &date->day) || !read_char(&rest, '-') ||
        !read_month(&rest, &date->month) || !read_char(&rest, '-') ||
        !read_number(&rest, 2, &date->year) || !read_char(&rest, ' ') || !read_time(&rest, date) ||
        !str_eq(rest, S(" GMT")))
        return false;
    clock_date_from_days(now_ms / DAY_MS, &year_now, &month_now, &day_now);
    date->year += year_now / 100 * 100;
    if (date->year > year_now + 50)
        date->year -= 100;
    return true;
}

/* "Sun Nov  6 08:49:37 1994" */
static bool read_asctime(Str rest, Date *date) {
    if (!read_day_name(&rest, false) || !read_char(&rest, ' ') ||
        !read_month(&rest, &date->month) || !read_char(&rest, ' '))
        return false;
    bool is_short = read_char(&rest, ' ');
    return read_number(&rest, is_short ? 1 : 2, &date->day) && read_char(&rest, ' ') &&
           read_time(&rest, date) && read_char(&rest, ' ') && read_number(&rest, 4, &date->year) &&
           rest.len == 0;
}

bool net_http_date(Str text, int64_t now_ms, int64_t *ret) {
    Date date = { 0 };

    bool is_read =
        read_fixdate(text, &date) || read_rfc850(text, now_ms, &date) || read_asctime(text, &date);
    if (!is_read || date.day < 1 || date.day > 31 || date.hour > 23 || date.minute > 59 ||
        date.second > 60)
        return false;
    int64_t days = clock_days_from_date(date.year, date.month, date.day);
    *ret = days * DAY_MS + (((int64_t)date.hour * 60 + date.minute) * 60 + date.second) * 1000;
    return true;
}

static bool is_digits(Str text) {
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len > 0;
}

int64_t net_retry_after(Str value, int64_t now_ms) {
    int64_t most_ms = (int64_t)NET_RETRY_SECONDS_MAX * 1000, seconds, at_ms;

    value = str_trim(value);
    if (value.len == 0 || value.ptr[0] == '-')
        return -1;
    if (str_parse_int(value, &seconds))
        return seconds > NET_RETRY_SECONDS_MAX ? most_ms : seconds * 1000;
    if (is_digits(value)) /* more than a number holds */
        return most_ms;
    if (!net_http_date(value, now_ms, &at_ms))
        return -1;
    if (at_ms <= now_ms)
        return 0;
    return at_ms - now_ms > most_ms ? most_ms : at_ms - now_ms;
}
