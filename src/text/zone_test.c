/* text/zone_test.c - what clocks show, when they show it, and dates as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>

#include "base/clock.h"
#include "text/zone.h"

#define SHANGHAI S("Asia/Shanghai")
#define NEW_YORK S("America/New_York")
#define MOMENT 1795413727000 /* 2026-11-23T06:02:07Z */

static Arena *arena;

static int begin(void **state) {
    arena = arena_new(0);
    return 0;
}

static int end(void **state) {
    arena_close(&arena);
    return 0;
}

static ZoneTime at(int year, int month, int day, int hour, int minute) {
    return (ZoneTime){ .year = year, .month = month, .day = day, .hour = hour, .minute = minute };
}

static void clocks_show_the_local_time(void **state) {
    ZoneTime t;

    assert_int_equal(zone_local(SHANGHAI, MOMENT, &t).code, ERR_OK);
    assert_int_equal(t.year * 10000 + t.month * 100 + t.day, 20261123);
    assert_int_equal(t.hour * 10000 + t.minute * 100 + t.second, 140207);
    assert_int_equal(t.weekday, 1);
    assert_int_equal(t.offset_s, 8 * 3600);
    assert_int_equal(zone_local(NEW_YORK, MOMENT, &t).code, ERR_OK);
    assert_int_equal(t.offset_s, -5 * 3600);
    assert_int_equal(zone_local(S("Asia/Kolkata"), -1, &t).code, ERR_OK);
    assert_int_equal(t.offset_s, 5 * 3600 + 1800);
    assert_int_equal(t.ms, 999);
    assert_int_equal(zone_local(SHANGHAI, 515520000000 + 30ll * 86400000, &t).code,
                     ERR_OK); /* summer 1986 */
    assert_int_equal(t.offset_s, 9 * 3600);
}

static void every_hour_of_a_year_comes_back(void **state) {
    static const char *const zones[] = { "Asia/Shanghai",       "America/New_York",
                                         "Australia/Lord_Howe", "UTC",
                                         "Africa/Casablanca",   "Pacific/Apia" };

    for (size_t i = 0; i < COUNT_OF(zones); i++) {
        Str zone = str_from_c(zones[i]);
        int repeated = 0;

        for (int64_t at_ms = 1293840000000; at_ms < 1293840000000 + 366ll * 86400000;
             at_ms += 1800000) {
            ZoneTime local;
            ZoneFit fit;
            int64_t back_ms;

            assert_int_equal(zone_local(zone, at_ms, &local).code, ERR_OK);
            assert_int_equal(zone_to_utc(zone, &local, &back_ms, &fit).code, ERR_OK);
            assert_int_not_equal(fit, ZONE_GAP);
            assert_true(back_ms == at_ms || fit == ZONE_REPEATED);
            repeated += fit == ZONE_REPEATED;
        }
        assert_true(repeated <= 8);
    }
}

static void clocks_put_forward_and_back_are_decided_and_told(void **state) {
    ZoneTime gap = at(2026, 3, 8, 2, 30), twice = at(2026, 11, 1, 1, 30), shown;
    ZoneFit fit;
    int64_t at_ms;

    assert_int_equal(zone_to_utc(NEW_YORK, &gap, &at_ms, &fit).code, ERR_OK);
    assert_int_equal(fit, ZONE_GAP);
    assert_int_equal(zone_local(NEW_YORK, at_ms, &shown).code, ERR_OK);
    assert_int_equal(shown.hour * 100 + shown.minute, 330);
    assert_int_equal(zone_to_utc(NEW_YORK, &twice, &at_ms, &fit).code, ERR_OK);
    assert_int_equal(fit, ZONE_REPEATED);
    assert_int_equal(zone_local(NEW_YORK, at_ms, &shown).code, ERR_OK);
    assert_int_equal(shown.offset_s, -4 * 3600);
}

/* 2026: New York 8 March 2:00, London 29 March 1:00, Lord Howe 4 October 2:00 by half an hour. */
static void what_is_planned_in_a_gap_is_its_first_moment_after(void **state) {
    static const struct {
        const char *zone;
        ZoneTime gap;
        const char *first;
    } rows[] = {
        { "America/New_York",
          { .year = 2026, .month = 3, .day = 8, .hour = 2 },
          "2026-03-08T03:00:00-04:00" },
        { "America/New_York",
          { .year = 2026, .month = 3, .day = 8, .hour = 2, .minute = 59 },
          "2026-03-08T03:00:00-04:00" },
        { "Europe/London",
          { .year = 2026, .month = 3, .day = 29, .hour = 1, .minute = 30 },
          "2026-03-29T02:00:00+01:00" },
        { "Australia/Lord_Howe",
          { .year = 2026, .month = 10, .day = 4, .hour = 2, .minute = 15 },
          "2026-10-04T02:30:00+11:00" },
    };
    ZoneTime twice = at(2026, 11, 1, 1, 30), once = at(2026, 3, 8, 3, 0);
    int64_t at_ms, utc_ms;
    ZoneFit fit;
    Str shown;

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Str zone = str_from_c(rows[i].zone);
        assert_int_equal(zone_to_plan(zone, &rows[i].gap, &at_ms, &fit).code, ERR_OK);
        assert_int_equal(fit, ZONE_GAP);
        assert_int_equal(zone_rfc3339(arena, zone, at_ms, &shown).code, ERR_OK);
        if (!str_eq(shown, str_from_c(rows[i].first)))
            fail_msg("%s: %.*s", rows[i].zone, STR_ARG(shown));
    }
    assert_int_equal(zone_to_plan(NEW_YORK, &twice, &at_ms, &fit).code, ERR_OK);
    assert_int_equal(zone_to_utc(NEW_YORK, &twice, &utc_ms, NULL).code, ERR_OK);
    assert_true(fit == ZONE_REPEATED && at_ms == utc_ms);
    assert_int_equal(zone_to_plan(NEW_YORK, &once, &at_ms, &fit).code, ERR_OK);
    assert_int_equal(fit, ZONE_EXACT);
    assert_int_equal(zone_to_plan(S("Asia/Nowhere"), &once, &at_ms, NULL).code, ERR_INVALID);
    assert_true(zone_rules().len >= 5 && zone_rules().ptr[0] == '2'); /* "2024a" */
}

static void a_day_begins_with_its_first_moment(void **state) {
    int64_t start_ms;
    ZoneTime shown;

    assert_int_equal(zone_day_start(SHANGHAI, MOMENT, 0, &start_ms).code, ERR_OK);
    assert_int_equal(start_ms, 1795363200000); /* 2026-11-22T16:00Z */
    assert_int_equal(zone_day_start(SHANGHAI, MOMENT, 1, &start_ms).code, ERR_OK);
    assert_int_equal(start_ms, 1795363200000 + 86400000);
    assert_int_equal(zone_day_start(SHANGHAI, MOMENT, -23, &start_ms).code, ERR_OK);
    assert_int_equal(start_ms, 1795363200000 - 23ll * 86400000);
    /* Clocks in Beirut went from 00:00 to 01:00 on 28 March 2021. */
    assert_int_equal(zone_day_start(S("Asia/Beirut"), 1616925600000, 0, &start_ms).code, ERR_OK);
    assert_int_equal(zone_local(S("Asia/Beirut"), start_ms, &shown).code, ERR_OK);
    assert_int_equal(shown.day * 100 + shown.hour, 2801);
}

static void unknown_zones_and_times_are_refused(void **state) {
    static const char *const bad[] = {
        "",        "Asia",        "Asia/Beijing2", "+08:00",         "GMT+8", "EST",
        "CST6CDT", "Etc/Unknown", "asia/../x",     "Asia/Shanghai ", "UTC+8"
    };
    ZoneTime t = { .year = 77 };
    int64_t at_ms = 77;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (zone_check(str_from_c(bad[i])).code != ERR_INVALID)
            fail_msg("%s", bad[i]);
    }
    assert_int_equal(zone_check(SHANGHAI).code, ERR_OK);
    assert_int_equal(zone_check(S("UTC")).code, ERR_OK);
    assert_int_equal(zone_local(SHANGHAI, INT64_MAX, &t).code, ERR_INVALID);
    assert_int_equal(zone_local(SHANGHAI, INT64_MIN, &t).code, ERR_INVALID);
    assert_int_equal(t.year, 77);
    ZoneTime none[] = { at(2026, 2, 29, 0, 0), at(2026, 13, 1, 0, 0), at(2026, 1, 1, 24, 0),
                        at(0, 1, 1, 0, 0),     at(10000, 1, 1, 0, 0), at(2026, 1, 0, 0, 0),
                        at(2026, 1, 1, -1, 0) };
    for (size_t i = 0; i < COUNT_OF(none); i++)
        assert_int_equal(zone_to_utc(SHANGHAI, &none[i], &at_ms, NULL).code, ERR_INVALID);
    assert_int_equal(at_ms, 77);
}

static void assert_shown(Str zone, Str lang, ZoneForm form, const char *expected) {
    Str text = STR_EMPTY;

    assert_int_equal(zone_format(arena, zone, lang, form, MOMENT, &text).code, ERR_OK);
    assert_string_equal(str_to_c(arena, text), expected);
}

static void pages_show_dates_in_the_readers_words(void **state) {
    assert_shown(SHANGHAI, S("zh"), ZONE_LONG, "2026年11月23日 14:02");
    assert_shown(SHANGHAI, S("zh"), ZONE_LONG_DATE, "2026年11月23日");
    assert_shown(SHANGHAI, S("zh"), ZONE_SHORT, "2026-11-23 14:02");
    assert_shown(SHANGHAI, S("zh"), ZONE_SHORT_DATE, "2026-11-23");
    assert_shown(SHANGHAI, S("zh"), ZONE_FULL, "2026年11月23日 星期一 14:02:07 (UTC+8)");
    assert_shown(SHANGHAI, S("zh"), ZONE_MONTH, "2026年11月");
    assert_shown(SHANGHAI, S("en"), ZONE_LONG, "23 November 2026, 14:02");
    assert_shown(SHANGHAI, S("en"), ZONE_LONG_DATE, "23 November 2026");
    assert_shown(SHANGHAI, S("en"), ZONE_SHORT, "23 Nov 2026, 14:02");
    assert_shown(SHANGHAI, S("en"), ZONE_SHORT_DATE, "23 Nov 2026");
    assert_shown(S("Asia/Kolkata"), S("en"), ZONE_FULL,
                 "Monday, 23 November 2026, 11:32:07 (UTC+5:30)");
    assert_shown(S("UTC"), S("en"), ZONE_MONTH, "November 2026");
}

static void programs_get_dates_by_their_rules(void **state) {
    Str text;

    assert_int_equal(zone_rfc3339(arena, SHANGHAI, MOMENT, &text).code, ERR_OK);
    assert_true(str_eq(text, S("2026-11-23T14:02:07+08:00")));
    assert_int_equal(zone_rfc3339(arena, S("UTC"), MOMENT + 5, &text).code, ERR_OK);
    assert_true(str_eq(text, S("2026-11-23T06:02:07.005Z")));
    assert_int_equal(zone_rfc3339(arena, S("America/St_Johns"), MOMENT, &text).code, ERR_OK);
    assert_true(str_eq(text, S("2026-11-23T02:32:07-03:30")));
    assert_int_equal(zone_rfc822(arena, SHANGHAI, MOMENT, &text).code, ERR_OK);
    assert_true(str_eq(text, S("Mon, 23 Nov 2026 14:02:07 +0800")));
}

/* Clocks by the sun had seconds in their offset: what is printed must still name the moment. */
static void old_dates_keep_their_moment(void **state) {
    static const int64_t moments[] = { -3000000000000, -62135596800000 + 86400000, -1,
                                       253402300799999 - 86400000 };

    for (size_t i = 0; i < COUNT_OF(moments); i++) {
        Str text;
        int64_t back_ms;

        assert_int_equal(zone_rfc3339(arena, SHANGHAI, moments[i], &text).code, ERR_OK);
        assert_int_equal(zone_parse_rfc3339(text, &back_ms).code, ERR_OK);
        assert_int_equal(back_ms, moments[i]);
    }
}

static int64_t parsed(Err (*parse)(Str text, int64_t *ret), const char *text) {
    int64_t at_ms = INT64_MIN;
    Err err = parse(str_from_c(text), &at_ms);

    assert_true(err.code == ERR_OK || (err.code == ERR_INVALID && at_ms == INT64_MIN));
    return at_ms;
}

static void rfc_3339_is_read_whole_and_nothing_else(void **state) {
    static const char *const bad[] = {
        "",
        "2026-11-23",
        "2026-11-23T14:02:07",
        "2026-11-23T14:02Z",
        "2026-11-23T14:02:07+0800",
        "2026-11-23T24:00:00Z",
        "2026-11-23T14:60:07Z",
        "2026-11-23T14:02:61Z",
        "2026-02-30T14:02:07Z",
        "2026-11-23T14:02:07Z ",
        " 2026-11-23T14:02:07Z",
        "2026-11-23T14:02:07.Z",
        "2026-11-23T14:02:07+24:00",
        "26-11-23T14:02:07Z",
        "0001-01-01T00:00:00+08:00",
        "9999-12-31T23:59:59-00:01",
        "0000-01-01T00:00:00Z",
        "2026-11-23T14:02:07+08:60",
        "2026-11-23T14:02:07,5Z",
    };

    assert_int_equal(parsed(zone_parse_rfc3339, "2026-11-23T14:02:07+08:00"), MOMENT);
    assert_int_equal(parsed(zone_parse_rfc3339, "2026-11-23t06:02:07.1239z"), MOMENT + 123);
    assert_int_equal(parsed(zone_parse_rfc3339, "2016-12-31T23:59:60Z"), 1483228800000);
    assert_int_equal(parsed(zone_parse_rfc3339, "1970-01-01T00:00:00-00:00"), 0);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (parsed(zone_parse_rfc3339, bad[i]) != INT64_MIN)
            fail_msg("%s", bad[i]);
    }
}

static void rfc_822_is_read_in_its_old_forms_too(void **state) {
    static const char *const bad[] = { "",
                                       "Mon",
                                       "Mon, 23",
                                       "Mon, 23 Now 2026 14:02:07 +0800",
                                       "23 Nov 2026 14:02:07",
                                       "31 Feb 2026 14:02:07 GMT",
                                       "23 Nov 2026 25:02:07 GMT",
                                       "23 Nov 2026 14:02:07 XYZ",
                                       "23 Nov 2026 14:02:07 +0800 more" };

    assert_int_equal(parsed(zone_parse_rfc822, "Mon, 23 Nov 2026 14:02:07 +0800"), MOMENT);
    assert_int_equal(parsed(zone_parse_rfc822, "23 november 26 06:02:07 GMT"), MOMENT);
    assert_int_equal(parsed(zone_parse_rfc822, "Mon, 23 Nov 2026 01:02:07 EST (New York)"), MOMENT);
    assert_int_equal(parsed(zone_parse_rfc822, "Thu, 1 Jan 70 00:00 Z"), 0);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (parsed(zone_parse_rfc822, bad[i]) != INT64_MIN)
            fail_msg("%s", bad[i]);
    }
}

static void forms_send_local_times(void **state) {
    ZoneTime t;
    int64_t at_ms;
    ZoneFit fit;

    assert_int_equal(zone_parse_date(S("2026-11-23"), &t).code, ERR_OK);
    assert_int_equal(t.weekday, 1);
    assert_int_equal(t.hour + t.minute + t.second, 0);
    assert_int_equal(zone_parse_date(S("2026-11-31"), &t).code, ERR_INVALID);
    assert_int_equal(zone_parse_date(S("2026-1-3"), &t).code, ERR_INVALID);
    assert_int_equal(zone_parse_local(S("2026-11-23T14:02"), &t).code, ERR_OK);
    assert_int_equal(t.hour * 100 + t.minute, 1402);
    assert_int_equal(t.weekday, 1);
    assert_int_equal(zone_parse_local(S("2026-11-23 14:02:07.5"), &t).code, ERR_OK);
    assert_int_equal(t.ms, 500);
    assert_int_equal(zone_parse_local(S("2026-11-23"), &t).code, ERR_INVALID);
    assert_int_equal(zone_parse_local(S("2026-11-23T14:02Z"), &t).code, ERR_INVALID);

    assert_int_equal(zone_parse(SHANGHAI, S("2026-11-23T14:02:07"), &at_ms, &fit).code, ERR_OK);
    assert_int_equal(at_ms, MOMENT);
    assert_int_equal(zone_parse(SHANGHAI, S("2026-11-23"), &at_ms, NULL).code, ERR_OK);
    assert_int_equal(at_ms, 1795363200000);
    assert_int_equal(zone_parse(SHANGHAI, S("2026-11-23T06:02:07Z"), &at_ms, NULL).code, ERR_OK);
    assert_int_equal(at_ms, MOMENT);
    assert_int_equal(zone_parse(NEW_YORK, S("2026-03-08 02:30"), &at_ms, &fit).code, ERR_OK);
    assert_int_equal(fit, ZONE_GAP);
    assert_int_equal(zone_parse(SHANGHAI, S("tomorrow"), &at_ms, &fit).code, ERR_INVALID);
    assert_int_equal(zone_parse(S("nowhere"), S("2026-11-23"), &at_ms, &fit).code, ERR_INVALID);
}

static void *use_zones(void *user) {
    static const char *const zones[] = { "Asia/Shanghai", "Europe/Paris", "America/Lima",
                                         "Asia/Tokyo" };
    intptr_t wrong = 0;

    for (int i = 0; i < 2000; i++) {
        ZoneTime local;
        int64_t back_ms;
        Str zone = str_from_c(zones[i % 4]);

        if (zone_local(zone, MOMENT + i * 1000, &local).code != ERR_OK ||
            zone_to_utc(zone, &local, &back_ms, NULL).code != ERR_OK ||
            back_ms != MOMENT + i * 1000)
            wrong++;
    }
    return (void *)wrong;
}

static void many_threads_may_ask(void **state) {
    pthread_t threads[4];

    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, use_zones, NULL), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        void *wrong;

        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
}

/* More zones than are kept: the oldest makes room, and comes again. */
static void the_table_of_zones_is_bounded(void **state) {
    ZoneTime t;

    for (int round = 0; round < 6; round++) {
        for (int i = 1; i <= 12; i++) {
            Str zone = round % 2 == 0 ? str_format(arena, "Etc/GMT+%d", i)
                                      : str_format(arena, "Etc/GMT-%d", i);

            assert_int_equal(zone_local(zone, MOMENT, &t).code, ERR_OK);
            assert_int_equal(t.offset_s, (round % 2 == 0 ? -i : i) * 3600);
        }
    }
    static const char *const many[] = {
        "Africa/Abidjan",  "Africa/Accra",        "Africa/Algiers",  "Africa/Cairo",
        "Africa/Lagos",    "Africa/Nairobi",      "America/Bogota",  "America/Caracas",
        "America/Chicago", "America/Denver",      "America/Halifax", "America/Havana",
        "America/Lima",    "America/Los_Angeles", "America/Manaus",  "America/Mexico_City",
        "America/Nassau",  "America/Panama",      "America/Phoenix", "America/Toronto",
        "Asia/Almaty",     "Asia/Amman",          "Asia/Baghdad",    "Asia/Baku",
        "Asia/Bangkok",    "Asia/Colombo",        "Asia/Dhaka",      "Asia/Dubai",
        "Asia/Hong_Kong",  "Asia/Jakarta",        "Asia/Kabul",      "Asia/Karachi",
        "Asia/Macau",      "Asia/Manila",         "Asia/Seoul",      "Asia/Singapore",
        "Asia/Taipei",     "Asia/Tehran",         "Asia/Urumqi",     "Europe/Athens",
        "Europe/Berlin",   "Europe/London",       "Europe/Moscow",
    };
    for (size_t i = 0; i < COUNT_OF(many); i++)
        assert_int_equal(zone_check(str_from_c(many[i])).code, ERR_OK);
    assert_int_equal(zone_check(S("Etc/GMT+1")).code, ERR_OK);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(clocks_show_the_local_time),
        TEST(every_hour_of_a_year_comes_back),
        TEST(clocks_put_forward_and_back_are_decided_and_told),
        TEST(what_is_planned_in_a_gap_is_its_first_moment_after),
        TEST(a_day_begins_with_its_first_moment),
        TEST(unknown_zones_and_times_are_refused),
        TEST(pages_show_dates_in_the_readers_words),
        TEST(programs_get_dates_by_their_rules),
        TEST(old_dates_keep_their_moment),
        TEST(rfc_3339_is_read_whole_and_nothing_else),
        TEST(rfc_822_is_read_in_its_old_forms_too),
        TEST(forms_send_local_times),
        TEST(many_threads_may_ask),
        TEST(the_table_of_zones_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
