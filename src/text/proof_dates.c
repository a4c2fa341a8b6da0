/* text/proof_dates.c - days that do not exist, weekdays that are wrong, ways of writing a date. */
#include "base/utf8.h"
#include "text/proof_check.h"

static bool is_leap(int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Without a year February has 29 days. */
static bool is_day(int64_t year, int64_t month, int64_t day) {
    static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
        return false;
    return month != 2 || day < 29 || year < 0 || is_leap(year);
}

/* 0 is Sunday. Gregorian. */
static int weekday_of(int64_t year, int64_t month, int64_t day) {
    static const int shifts[] = { 0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4 };
    int64_t y = month < 3 ? year - 1 : year;

    return (int)((y + y / 4 - y / 100 + y / 400 + shifts[month - 1] + day) % 7);
}

/* 星期六, 周六, 礼拜六 behind a date, perhaps in parentheses; SIZE_MAX when none stands there. */
static size_t weekday_at(const ProofLine *line, size_t at, int *ret) {
    static const Str names[] = { S_INIT("星期"), S_INIT("周"), S_INIT("礼拜") };

    if (proof_is_in(proof_rune(line, at), S("（( ，")))
        at++;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t len = proof_at(line, at, names[i]);
        uint32_t day = proof_rune(line, at + len);
        int64_t value = proof_numeral(day);
        if (!len || (!proof_is_in(day, S("日天")) && (value < 1 || value > 6)))
            continue;
        *ret = value < 1 ? 0 : (int)value;
        return at + len + 1;
    }
    return SIZE_MAX;
}

static void check_weekday(ProofScan *scan, size_t from, size_t to, int64_t year, int64_t month,
                          int64_t day) {
    static const Str names[] = { S_INIT("日"), S_INIT("一"), S_INIT("二"), S_INIT("三"),
                                 S_INIT("四"), S_INIT("五"), S_INIT("六") };
    int told = 0, real = weekday_of(year, month, day);
    size_t end = weekday_at(&scan->line, to, &told);

    if (end != SIZE_MAX && told != real)
        proof_report(scan, CHECK_WEEKDAY_WRONG, from, end, names[real]);
}

/* 2026年11月28日, or from the month on; behind it. */
static size_t check_date(ProofScan *scan, size_t at) {
    const ProofLine *line = &scan->line;
    size_t to, from = at, start = at;
    int64_t year = -1, month, day, first = proof_number(line, at, 4, &to);

    if (first < 0 || (at && proof_is_in(line->runes[at - 1], S(".-/:"))))
        return at;
    if (proof_rune(line, to) == 0x5E74) {
        year = to - at == 4 ? first : -1;
        if (to - at == 2 && proof_number(line, to + 1, 2, &start) > 0 &&
            proof_rune(line, start) == 0x6708 && proof_rune(line, start + 1) != 0x4EFD /* 份 */ &&
            rune_is_digit(proof_rune(line, start + 1)))
            proof_report(scan, CHECK_YEAR_SHORT, at, to + 1, STR_EMPTY);
        start = to + 1;
        if (proof_numeral(proof_rune(line, start)) > 0 && to - at == 4) {
            size_t end = start + 1;
            while (proof_numeral(proof_rune(line, end)) > 0)
                end++;
            if (proof_rune(line, end) == 0x6708)
                proof_report(scan, CHECK_DATE_MIXED, from, end + 1, STR_EMPTY);
        }
        if ((month = proof_number(line, start, 2, &to)) < 0)
            return to;
    } else {
        month = first;
    }
    if (proof_rune(line, to) != 0x6708 || to - start > 2) /* 月 */
        return to;
    size_t day_at = to + 1;
    if ((day = proof_number(line, day_at, 2, &to)) < 0 ||
        !proof_is_in(proof_rune(line, to), S("日号")))
        return day_at;
    to++;
    if (line->runes[start] == '0' || line->runes[day_at] == '0')
        proof_report(scan, CHECK_DATE_PADDED, from, to, STR_EMPTY);
    if (!is_day(year, month, day))
        proof_report(scan, CHECK_DATE_NONE, from, to, STR_EMPTY);
    else if (year > 1582)
        check_weekday(scan, from, to, year, month, day);
    return to;
}

/* 2026.11.28, 2026/11/28, 2026-02-30. */
static void check_signs(ProofScan *scan, size_t at) {
    const ProofLine *line = &scan->line;
    size_t to, end;
    int64_t year = proof_number(line, at, 4, &to);
    uint32_t sign = year > 0 ? proof_rune(line, to) : 0;

    if (year < 1000 || !proof_is_in(sign, S("./-")) ||
        (at && proof_is_in(line->runes[at - 1], S("./-"))))
        return;
    int64_t month = proof_number(line, to + 1, 2, &end);
    if (month < 0 || proof_rune(line, end) != sign)
        return;
    int64_t day = proof_number(line, end + 1, 2, &to);
    if (day < 0 || proof_rune(line, to) == sign || month > 31 || day > 31)
        return;
    if (!is_day(year, month, day))
        proof_report(scan, CHECK_DATE_NONE, at, to, STR_EMPTY);
    else if (sign != '-')
        proof_report(scan, CHECK_DATE_DOTS, at, to, STR_EMPTY);
}

/* 二零二六年: 〇 in years that are read digit by digit. Also 二〇二六年11月. */
static void check_year_of_han(ProofScan *scan, size_t at) {
    const ProofLine *line = &scan->line;
    bool has_zero = false;

    if (line->runes[at] != 0x5E74 || at < 4 || (at > 4 && proof_numeral(line->runes[at - 5]) >= 0))
        return;
    for (size_t i = at - 4; i < at; i++) {
        int64_t value = proof_numeral(line->runes[i]);
        if (value < 0 || value > 9)
            return;
        has_zero = has_zero || line->runes[i] == 0x96F6;
    }
    if (has_zero)
        proof_report(scan, CHECK_YEAR_ZERO, at - 4, at + 1, STR_EMPTY);
    if (rune_is_digit(proof_rune(line, at + 1)))
        proof_report(scan, CHECK_DATE_MIXED, at - 4, at + 2, STR_EMPTY);
}

/* 上午13:30, 下午25:00, 晚上8:75. */
static void check_time(ProofScan *scan, size_t at) {
    static const struct {
        Str text;
        int64_t last; /* hour that it may have */
    } halves[] = { { S_INIT("上午"), 12 }, { S_INIT("凌晨"), 6 },  { S_INIT("早上"), 11 },
                   { S_INIT("清晨"), 9 },  { S_INIT("下午"), 24 }, { S_INIT("晚上"), 24 },
                   { S_INIT("中午"), 24 }, { S_INIT("傍晚"), 24 } };
    const ProofLine *line = &scan->line;

    for (size_t i = 0; i < COUNT_OF(halves); i++) {
        size_t len = proof_at(line, at, halves[i].text), to, end;
        int64_t hour = len ? proof_number(line, at + len, 2, &to) : -1, minute = 0;
        if (hour < 0 || !proof_is_in(proof_rune(line, to), S(":：点时")))
            continue;
        end = to + 1;
        if (proof_is_in(proof_rune(line, to), S(":："))) {
            minute = proof_number(line, to + 1, 2, &end);
            if (minute < 0)
                continue;
        }
        if (hour > 24 || minute > 59)
            proof_report(scan, CHECK_TIME_NONE, at, end, STR_EMPTY);
        else if (hour > halves[i].last)
            proof_report(scan, CHECK_TIME_HALF, at, end, STR_EMPTY);
    }
}

/* ---- English: 28 November 2026, November 28, 2026, with the weekday before ---- */

static const Str month_names[] = { S_INIT("January"), S_INIT("February"), S_INIT("March"),
                                   S_INIT("April"),   S_INIT("May"),      S_INIT("June"),
                                   S_INIT("July"),    S_INIT("August"),   S_INIT("September"),
                                   S_INIT("October"), S_INIT("November"), S_INIT("December") };
static const Str day_names[] = { S_INIT("Sunday"),    S_INIT("Monday"),   S_INIT("Tuesday"),
                                 S_INIT("Wednesday"), S_INIT("Thursday"), S_INIT("Friday"),
                                 S_INIT("Saturday") };

static int name_at(const ProofLine *line, size_t at, const Str *names, size_t count,
                   size_t *ret_to) {
    for (size_t i = 0; i < count; i++) {
        size_t len = proof_at(line, at, names[i]);
        if (len && !rune_is_letter(proof_rune(line, at + len))) {
            *ret_to = at + len;
            return (int)i;
        }
    }
    return -1;
}

static size_t past(const ProofLine *line, size_t at, Str signs) {
    while (at < line->len && proof_is_in(line->runes[at], signs))
        at++;
    return at;
}

/* Day, month and perhaps year in either order at `at`; false when none stands there. */
static bool english_date(const ProofLine *line, size_t at, int64_t *date, size_t *ret_to) {
    size_t to = at, end;
    int month = name_at(line, at, month_names, 12, &to);

    date[0] = -1;
    if (month >= 0) {
        date[2] = proof_number(line, past(line, to, S(" ")), 2, &to);
    } else {
        date[2] = proof_number(line, at, 2, &to);
        if (date[2] < 0 || (at && rune_is_digit(line->runes[at - 1])))
            return false;
        month = name_at(line, past(line, to, S(" ")), month_names, 12, &to);
    }
    if (month < 0 || date[2] < 0)
        return false;
    date[1] = month + 1;
    int64_t year = proof_number(line, past(line, to, S(", ")), 4, &end);
    if (year >= 1583) {
        date[0] = year;
        to = end;
    }
    *ret_to = to;
    return true;
}

static size_t check_english(ProofScan *scan, size_t at) {
    const ProofLine *line = &scan->line;
    size_t to = at, start = at;
    int64_t date[3];

    if (at && (rune_is_letter(line->runes[at - 1]) || rune_is_digit(line->runes[at - 1])))
        return at + 1;
    int day = name_at(line, at, day_names, 7, &start);
    if (day >= 0)
        start = past(line, start, S(", "));
    if (!english_date(line, start, date, &to))
        return at + 1;
    if (!is_day(date[0], date[1], date[2]))
        proof_report(scan, CHECK_DATE_NONE, at, to, STR_EMPTY);
    else if (date[0] > 0 && day >= 0 && day != weekday_of(date[0], date[1], date[2]))
        proof_report(scan, CHECK_WEEKDAY_WRONG, at, to,
                     day_names[weekday_of(date[0], date[1], date[2])]);
    return to;
}

void proof_dates(ProofScan *scan) {
    const ProofLine *line = &scan->line;

    for (size_t at = 0; at < line->len && scan->draft->lang == PROOF_EN;)
        at = line->kinds[at] & (KIND_CAPITAL | KIND_DIGIT) ? check_english(scan, at) : at + 1;
    if (scan->draft->lang == PROOF_EN)
        return;
    for (size_t at = 0; at < line->len;) {
        size_t to = at;
        if (line->kinds[at] & KIND_TIME) {
            check_year_of_han(scan, at);
            check_time(scan, at);
        }
        if (rune_is_digit(line->runes[at]) && (at == 0 || !rune_is_digit(line->runes[at - 1]))) {
            check_signs(scan, at);
            to = check_date(scan, at);
        }
        at = to > at ? to : at + 1;
    }
}
