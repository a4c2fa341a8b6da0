/* text/feed_date.c - dates as feeds write them. */
#include "text/feed_date.h"

#include "base/clock.h"

enum { DATE_BYTES_MAX = 100, NO_ZONE = INT32_MIN };

/* Parts of a date as they are found; -1: not yet. */
typedef struct Parts {
    int year, month, day, hour, minute, second, ms;
    int offset_s; /* NO_ZONE: none was told */
    bool is_pm, is_am;
} Parts;

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool take_char(Str *rest, char c) {
    if (rest->len == 0 || rest->ptr[0] != c)
        return false;
    *rest = str_slice(*rest, 1, rest->len);
    return true;
}

static bool take_str(Str *rest, Str what) {
    if (!str_starts(*rest, what))
        return false;
    *rest = str_slice(*rest, what.len, rest->len);
    return true;
}

static size_t count_digits(Str text) {
    size_t len = 0;

    while (len < text.len && is_digit(text.ptr[len]))
        len++;
    return len;
}

static bool take_number(Str *rest, size_t least, size_t most, int *ret) {
    size_t len = count_digits(*rest);
    int value = 0;

    if (len > most)
        len = most;
    if (len < least)
        return false;
    for (size_t i = 0; i < len; i++)
        value = value * 10 + (rest->ptr[i] - '0');
    *rest = str_slice(*rest, len, rest->len);
    *ret = value;
    return true;
}

static void skip_blanks(Str *rest) {
    while (rest->len > 0 && (strchr(" \t\r\n", rest->ptr[0]) != NULL) && rest->ptr[0] != '\0')
        *rest = str_slice(*rest, 1, rest->len);
}

/* ---- from parts to a moment ---- */

static int days_in_month(int year, int month) {
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && is_leap ? 29 : days[month - 1];
}

static bool to_moment(const Parts *p, int64_t *ret_ms) {
    int hour = p->hour < 0 ? 0 : p->hour, minute = p->minute < 0 ? 0 : p->minute,
        second = p->second < 0 ? 0 : p->second;
    int day = p->day < 0 ? 1 : p->day, month = p->month < 0 ? 1 : p->month;

    if (p->year < 1 || p->year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(p->year, month))
        return false;
    if (p->is_pm && hour < 12)
        hour += 12;
    if (p->is_am && hour == 12)
        hour = 0;
    if (hour > 24 || minute > 59 || second > 60 || (hour == 24 && minute + second > 0))
        return false;
    int64_t seconds = clock_days_from_date(p->year, month, day) * 86400 + hour * 3600 +
                      minute * 60 + second - (p->offset_s == NO_ZONE ? 0 : p->offset_s);
    int64_t first = clock_days_from_date(1, 1, 1) * 86400,
            last = (clock_days_from_date(9999, 12, 31) + 1) * 86400;
    if (seconds < first || seconds >= last)
        return false;
    *ret_ms = seconds * 1000 + p->ms;
    return true;
}

/* ---- parts that several forms share ---- */

/* ".25" or ",25": three digits count. */
static void take_fraction(Str *rest, Parts *p) {
    int scale = 100;

    if (rest->len < 2 || (rest->ptr[0] != '.' && rest->ptr[0] != ',') || !is_digit(rest->ptr[1]))
        return;
    *rest = str_slice(*rest, 1, rest->len);
    while (rest->len > 0 && is_digit(rest->ptr[0])) {
        p->ms += (rest->ptr[0] - '0') * scale;
        scale /= 10;
        *rest = str_slice(*rest, 1, rest->len);
    }
}

/* "14:02:07.5", "1402", "14"; hours alone only where may_be_short. */
static bool take_clock(Str *rest, Parts *p, bool may_be_short) {
    size_t digits = count_digits(*rest);

    if (!take_number(rest, 1, 2, &p->hour))
        return false;
    if (take_char(rest, ':')) {
        if (!take_number(rest, 1, 2, &p->minute))
            return false;
        if (take_char(rest, ':') && !take_number(rest, 1, 2, &p->second))
            return false;
    } else if (may_be_short && (digits == 4 || digits == 6)) {
        (void)take_number(rest, 2, 2, &p->minute);
        (void)take_number(rest, 0, 2, &p->second);
    } else if (!may_be_short) {
        return false;
    }
    take_fraction(rest, p);
    return true;
}

/* "+08:00", "+0800", "+08", "-5:30". */
static bool take_offset(Str *rest, int *ret_s) {
    int sign = rest->len > 0 && rest->ptr[0] == '-' ? -1 : 1, hours, minutes = 0;

    if (!take_char(rest, '+') && !take_char(rest, '-'))
        return false;
    if (count_digits(*rest) == 3) { /* "+530" */
        if (!take_number(rest, 1, 1, &hours))
            return false;
    } else if (!take_number(rest, 1, 2, &hours)) {
        return false;
    }
    (void)take_char(rest, ':');
    (void)take_number(rest, 2, 2, &minutes);
    if (hours > 23 || minutes > 59)
        return false;
    *ret_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

/* ---- ISO 8601 ---- */

/* ISO 8601 weeks: the first one holds 4 January; Monday is 1. */
static void set_week(Parts *p, int week, int weekday) {
    int64_t january_4 = clock_days_from_date(p->year, 1, 4);
    int64_t monday = january_4 - (january_4 + 3) % 7; /* 1970-01-01 was a Thursday */

    if (january_4 < 0)
        monday = january_4 - ((january_4 + 3) % 7 + 7) % 7;
    clock_date_from_days(monday + (week - 1) * 7 + weekday - 1, &p->year, &p->month, &p->day);
}

static bool set_ordinal(Parts *p, int ordinal) {
    if (ordinal < 1 || ordinal > 366 || p->year < 1)
        return false;
    clock_date_from_days(clock_days_from_date(p->year, 1, 1) + ordinal - 1, &p->year, &p->month,
                         &p->day);
    return true;
}

/* The date in front: "2003-12-31", "2003-12", "20031231", "2003-335", "2003-W05-3", "2003/12/31". */
static bool take_iso_date(Str *rest, Parts *p) {
    size_t digits = count_digits(*rest);
    int week, weekday = 1, ordinal;

    if (digits != 4 && digits != 6 && digits != 7 && digits != 8)
        return false;
    if (!take_number(rest, 4, 4, &p->year))
        return false;
    if (digits == 7)
        return take_number(rest, 3, 3, &ordinal) && set_ordinal(p, ordinal);
    if (digits > 4)
        return take_number(rest, 2, 2, &p->month) &&
               (digits == 6 || take_number(rest, 2, 2, &p->day));
    char separator = rest->len > 0 ? rest->ptr[0] : '\0';
    if (separator == 'W' || str_starts(*rest, S("-W"))) {
        *rest = str_slice(*rest, separator == 'W' ? 1 : 2, rest->len);
        if (!take_number(rest, 2, 2, &week) || week < 1 || week > 53 || p->year < 1)
            return false;
        (void)take_char(rest, '-');
        (void)take_number(rest, 0, 1, &weekday);
        if (weekday < 0 || weekday > 7)
            return false;
        set_week(p, week, weekday == 0 ? 1 : weekday);
        return true;
    }
    if (separator != '-' && separator != '/')
        return rest->len == 0;
    *rest = str_slice(*rest, 1, rest->len);
    if (count_digits(*rest) == 3)
        return take_number(rest, 3, 3, &ordinal) && set_ordinal(p, ordinal);
    if (!take_number(rest, 1, 2, &p->month))
        return false;
    return !take_char(rest, separator) || take_number(rest, 1, 2, &p->day);
}

/* 오전, 오후, 上午, 下午: before or after noon. */
static void take_half(Str *rest, Parts *p) {
    skip_blanks(rest);
    if (take_str(rest, S("오전")) || take_str(rest, S("上午"))) {
        p->is_am = true;
        if (p->offset_s == NO_ZONE)
            p->offset_s = 9 * 3600;
    } else if (take_str(rest, S("오후")) || take_str(rest, S("下午"))) {
        p->is_pm = true;
        if (p->offset_s == NO_ZONE)
            p->offset_s = 9 * 3600;
    }
    skip_blanks(rest);
}

static bool take_zone_name(Str word, int *ret_s);

/* What follows a clock: nothing, Z, an offset, the name of a zone. */
static bool take_zone(Str *rest, Parts *p) {
    skip_blanks(rest);
    if (rest->len == 0)
        return true;
    if (str_eq_nocase(*rest, S("Z"))) {
        p->offset_s = 0;
        return true;
    }
    if (rest->ptr[0] == '+' || rest->ptr[0] == '-')
        return take_offset(rest, &p->offset_s) && rest->len == 0;
    return take_zone_name(*rest, &p->offset_s);
}

static bool read_iso(Str text, Parts *p) {
    if (!take_iso_date(&text, p))
        return false;
    if (text.len == 0)
        return true;
    if (take_char(&text, 'T') || take_char(&text, 't') || take_char(&text, ':'))
        skip_blanks(&text);
    else
        take_half(&text, p);
    return take_clock(&text, p, true) && take_zone(&text, p);
}

/* "2024年1月2日 03:04:05", "2004년 05월 28일 01:31:15" */
static bool read_east(Str text, Parts *p) {
    bool is_chinese;

    if (!take_number(&text, 4, 4, &p->year))
        return false;
    is_chinese = take_str(&text, S("年"));
    if (!is_chinese && !take_str(&text, S("년")))
        return false;
    skip_blanks(&text);
    if (!take_number(&text, 1, 2, &p->month) || !take_str(&text, is_chinese ? S("月") : S("월")))
        return false;
    skip_blanks(&text);
    if (!take_number(&text, 1, 2, &p->day) || !take_str(&text, is_chinese ? S("日") : S("일")))
        return false;
    p->offset_s = (is_chinese ? 8 : 9) * 3600;
    take_half(&text, p);
    return text.len == 0 || (take_clock(&text, p, false) && take_zone(&text, p));
}

/* ---- RFC 822 and what resembles it: words in any order ---- */

static const struct {
    const char *name;
    int month;
} months[] = {
    { "jan", 1 },   { "feb", 2 },    { "mar", 3 },    { "apr", 4 },    { "may", 5 },
    { "jun", 6 },   { "jul", 7 },    { "aug", 8 },    { "sep", 9 },    { "oct", 10 },
    { "nov", 11 },  { "dec", 12 },   { "Ιαν", 1 },    { "Φεβ", 2 },    { "Μάώ", 3 },
    { "Μαώ", 3 },   { "Μάρ", 3 },    { "Απρ", 4 },    { "Μάι", 5 },    { "Μαϊ", 5 },
    { "Μαι", 5 },   { "Ιούν", 6 },   { "Ιον", 6 },    { "Ιούλ", 7 },   { "Ιολ", 7 },
    { "Αύγ", 8 },   { "Αυγ", 8 },    { "Σεπ", 9 },    { "Οκτ", 10 },   { "Νοέ", 11 },
    { "Νοε", 11 },  { "Δεκ", 12 },   { "januá", 1 },  { "febru", 2 },  { "márci", 3 },
    { "ápri", 4 },  { "máju", 5 },   { "júniu", 6 },  { "júliu", 7 },  { "augu", 8 },
    { "szept", 9 }, { "októb", 10 }, { "novem", 11 }, { "decem", 12 },
};

static bool month_of(Str word, int *ret) {
    for (size_t i = 0; i < COUNT_OF(months); i++) {
        Str name = str_from_c(months[i].name);

        if (str_eq_nocase(str_slice(word, 0, name.len), name)) {
            *ret = months[i].month;
            return true;
        }
    }
    return false;
}

static bool take_zone_name(Str word, int *ret_s) {
    static const struct {
        const char *name;
        int minutes;
    } zones[] = {
        { "UT", 0 },     { "UTC", 0 },    { "GMT", 0 },    { "Z", 0 },      { "EST", -300 },
        { "EDT", -240 }, { "CST", -360 }, { "CDT", -300 }, { "MST", -420 }, { "MDT", -360 },
        { "PST", -480 }, { "PDT", -420 }, { "ET", -300 },  { "CT", -360 },  { "MT", -420 },
        { "PT", -480 },  { "AST", -240 }, { "ADT", -180 }, { "WET", 0 },    { "WEST", 60 },
        { "BST", 60 },   { "CET", 60 },   { "CEST", 120 }, { "EET", 120 },  { "EEST", 180 },
        { "MSK", 180 },  { "MSD", 240 },  { "IST", 330 },  { "HKT", 480 },  { "SGT", 480 },
        { "JST", 540 },  { "KST", 540 },  { "AEST", 600 }, { "AEDT", 660 }, { "NZST", 720 },
        { "NZDT", 780 }, { "A", -60 },    { "N", 60 },     { "M", -720 },   { "Y", 720 },
    };

    (void)take_str(&word, S("Etc/"));
    for (size_t i = 0; i < COUNT_OF(zones); i++) {
        if (str_eq_nocase(word, str_from_c(zones[i].name))) {
            *ret_s = zones[i].minutes * 60;
            return true;
        }
    }
    Str rest = str_slice(word, 3, word.len); /* "GMT+8", "UTC-05:00" */
    if (str_eq_nocase(str_slice(word, 0, 3), S("GMT")) ||
        str_eq_nocase(str_slice(word, 0, 3), S("UTC")))
        return take_offset(&rest, ret_s) && rest.len == 0;
    return false;
}

/* A word of digits: "31", "2003", "03", "10:14:55", "2006/09/15", "01-Jan-2004". */
static bool read_number_word(Str word, Parts *p) {
    size_t digits = count_digits(word);
    Str rest = str_slice(word, digits, word.len);

    if (rest.len > 0 && rest.ptr[0] == ':')
        return p->hour < 0 && take_clock(&word, p, false) && take_zone(&word, p);
    if (digits == 4 && rest.len > 0 && (rest.ptr[0] == '/' || rest.ptr[0] == '-'))
        return p->year < 0 && take_iso_date(&word, p) && word.len == 0;
    if (digits > 4)
        return false;
    if (digits <= 2 && p->day < 0) {
        if (str_eq_nocase(rest, S("st")) || str_eq_nocase(rest, S("nd")) ||
            str_eq_nocase(rest, S("rd")) || str_eq_nocase(rest, S("th")) || str_eq(rest, S(".")))
            rest = STR_EMPTY;
        return take_number(&word, 1, 2, &p->day) && rest.len == 0;
    }
    if (rest.len > 0 || p->year >= 0)
        return false;
    (void)take_number(&word, 1, 4, &p->year);
    if (digits <= 2)
        p->year += p->year < 90 ? 2000 : 1900;
    else if (digits == 3)
        p->year += 1900; /* RFC 5322, 4.3 */
    return true;
}

static bool is_weekday(Str word) {
    static const char *const names[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_eq_nocase(str_slice(word, 0, 3), str_from_c(names[i])))
            return true;
    }
    return (unsigned char)word.ptr[0] >= 0x80; /* a weekday in Greek, Chinese, ... */
}

static bool read_word(Str word, Parts *p) {
    int month;

    if (is_digit(word.ptr[0]))
        return read_number_word(word, p);
    if ((word.ptr[0] == '+' || word.ptr[0] == '-') && p->hour >= 0)
        return take_offset(&word, &p->offset_s) && word.len == 0;
    if (p->month < 0 && month_of(word, &month)) {
        p->month = month;
        return true;
    }
    if (str_eq_nocase(word, S("AM")) || str_eq_nocase(word, S("PM"))) {
        p->is_pm = (word.ptr[0] | 0x20) == 'p';
        p->is_am = !p->is_pm;
        return p->hour >= 0;
    }
    if (take_zone_name(word, &p->offset_s))
        return true;
    return word.ptr[0] == '(' || is_weekday(word) || str_eq_nocase(word, S("at"));
}

/* Blanks, commas and the hyphens of "01-Jan-2004" part words. */
static size_t word_length(Str text) {
    size_t len = 0;

    while (len < text.len && !strchr(" \t\r\n,", text.ptr[len]) && text.ptr[len] != '\0') {
        bool is_hyphen = len > 0 && len + 1 < text.len && text.ptr[len] == '-' &&
                         is_digit(text.ptr[len - 1]) != is_digit(text.ptr[len + 1]);
        if (is_hyphen)
            break;
        len++;
    }
    return len;
}

static bool read_words(Str text, Parts *p) {
    int words = 0;

    while (text.len > 0) {
        size_t len = word_length(text);
        Str word = str_slice(text, 0, len);

        text = str_slice(text, len + 1, text.len);
        if (len == 0)
            continue;
        if (word.ptr[0] == '(' && p->hour >= 0 && p->year >= 0)
            break; /* a comment */
        if (++words > 12 || !read_word(word, p))
            return false;
    }
    return p->year >= 0 && p->month >= 0 && p->day >= 0;
}

bool feed_date(Str text, int64_t *ret_ms) {
    static const Parts none = { -1, -1, -1, -1, -1, -1, 0, NO_ZONE, false, false };
    static bool (*const readers[])(Str, Parts *) = { read_iso, read_east, read_words };

    text = str_trim(text);
    if (text.len < 4 || text.len > DATE_BYTES_MAX)
        return false;
    for (size_t i = 0; i < COUNT_OF(readers); i++) {
        Parts parts = none;

        if (readers[i](text, &parts) && to_moment(&parts, ret_ms))
            return true;
    }
    return false;
}
