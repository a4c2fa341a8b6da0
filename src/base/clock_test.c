/* base/clock_test.c - clocks and calendar dates. */
#include "base/clock.h"

#include "base/test_support.h"

static void a_fixed_clock_stands(void **state) {
    FixedClock fixed;

    clock_fixed(&fixed, 5);
    assert_int_equal(clock_now_ms(&fixed.clock), 5);
    assert_int_equal(clock_monotonic_ms(&fixed.clock), 5);
    fixed.at_ms = 9;
    assert_int_equal(clock_now_ms(&fixed.clock), 9);
}

static void the_system_clock_is_the_machine_s(void **state) {
    int64_t before = (int64_t)time(NULL) * 1000;
    int64_t now = clock_now_ms(clock_system()), monotonic = clock_monotonic_ms(clock_system());

    assert_true(now >= before && now < before + 60000);
    assert_true(clock_monotonic_ms(clock_system()) >= monotonic);
}

static void assert_texts(int64_t at_ms, const char *rfc3339, const char *http) {
    char text[CLOCK_TEXT_MAX];

    clock_rfc3339(at_ms, text);
    assert_string_equal(text, rfc3339);
    clock_http_date(at_ms, text);
    assert_string_equal(text, http);
}

static void times_are_written(void **state) {
    assert_texts(0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT");
    assert_texts(-1, "1969-12-31T23:59:59.999Z", "Wed, 31 Dec 1969 23:59:59 GMT");
    assert_texts(INT64_C(784111777000), "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_texts(INT64_C(1709210096007), "2024-02-29T12:34:56.007Z",
                 "Thu, 29 Feb 2024 12:34:56 GMT");
    assert_texts(INT64_C(253402300799999), "9999-12-31T23:59:59.999Z",
                 "Fri, 31 Dec 9999 23:59:59 GMT");
    assert_texts(INT64_C(-62167219200000), "0000-01-01T00:00:00Z", "Sat, 01 Jan 0000 00:00:00 GMT");
}

static void times_beyond_the_formats_stay_at_their_ends(void **state) {
    assert_texts(INT64_MAX, "9999-12-31T23:59:59.999Z", "Fri, 31 Dec 9999 23:59:59 GMT");
    assert_texts(INT64_MIN, "0000-01-01T00:00:00Z", "Sat, 01 Jan 0000 00:00:00 GMT");
}

static bool is_leap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static void every_day_of_1200_years_comes_back(void **state) {
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int64_t days = clock_days_from_date(1600, 1, 1);

    assert_int_equal(clock_days_from_date(1970, 1, 1), 0);
    assert_int_equal(clock_days_from_date(1969, 12, 31), -1);
    for (int year = 1600; year < 2800; year++) {
        for (int month = 1; month <= 12; month++) {
            int last = lengths[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);

            for (int day = 1; day <= last; day++, days++) {
                int y, m, d;

                clock_date_from_days(days, &y, &m, &d);
                if (y != year || m != month || d != day ||
                    clock_days_from_date(year, month, day) != days)
                    fail_msg("%d-%d-%d", year, month, day);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fixed_clock_stands),
        cmocka_unit_test(the_system_clock_is_the_machine_s),
        cmocka_unit_test(times_are_written),
        cmocka_unit_test(times_beyond_the_formats_stay_at_their_ends),
        cmocka_unit_test(every_day_of_1200_years_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
