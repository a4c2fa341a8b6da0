/* net/retry_test.c - dates of HTTP in their three forms, and Retry-After. */
#include "net/retry.h"

#include "base/test_support.h"

#define NOW_MS INT64_C(1795413720000) /* 2026-11-23T06:02:00Z */

static void dates_are_read_in_three_forms(void **state) {
    static const char *const forms[] = { "Sun, 06 Nov 1994 08:49:37 GMT",
                                         "Sunday, 06-Nov-94 08:49:37 GMT",
                                         "Sun Nov  6 08:49:37 1994" };
    static const char *const bad[] = { "",
                                       "Sun",
                                       "Sun, ",
                                       ",",
                                       "Sun, 06 Nov 1994",
                                       "06 Nov 1994 08:49:37 GMT",
                                       "-Sun, 06 Nov 1994 08:49:37 GMT",
                                       "Son, 06 Nov 1994 08:49:37 GMT",
                                       "Sunday, 06 Nov 1994 08:49:37 GMT",
                                       "Sun,06 Nov 1994 08:49:37 GMT",
                                       "    Nov  6 08:49:37 1994",
                                       "Sun, 06 Nov 1994 08:49:37 UTC",
                                       "Sun, 06 Nov 1994 24:00:00 GMT",
                                       "Sun, 00 Nov 1994 08:49:37 GMT",
                                       "Sun, -6 Nov 1994 08:49:37 GMT",
                                       "Sun, 06 Nov 1994 08:60:37 GMT",
                                       "Sun, 06 Nox 1994 08:49:37 GMT",
                                       "Sun, 06 Nov 1994 08:49:37 GMT ",
                                       "Sun Nov 06 08:49:37 199" };
    int64_t at_ms;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        at_ms = 0;
        assert_true(net_http_date(str_from_c(forms[i]), NOW_MS, &at_ms));
        assert_int_equal(at_ms, INT64_C(784111777000));
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        at_ms = -7;
        if (net_http_date(str_from_c(bad[i]), NOW_MS, &at_ms))
            fail_msg("%s is read", bad[i]);
        assert_int_equal(at_ms, -7);
    }
    assert_true(net_http_date(S("Friday, 01-Jan-76 00:00:00 GMT"), NOW_MS, &at_ms));
    assert_true(at_ms > NOW_MS); /* 2076, 50 years ahead */
    assert_true(net_http_date(S("Friday, 01-Jan-77 00:00:00 GMT"), NOW_MS, &at_ms));
    assert_true(at_ms < NOW_MS); /* 1977 */
}

static void retry_after_is_seconds_or_a_date(void **state) {
    (void)state;
    assert_int_equal(net_retry_after(S("120"), NOW_MS), 120000);
    assert_int_equal(net_retry_after(S(" 0 "), NOW_MS), 0);
    assert_int_equal(net_retry_after(S("Mon, 23 Nov 2026 06:03:00 GMT"), NOW_MS), 60000);
    assert_int_equal(net_retry_after(S("Mon, 23 Nov 2026 06:01:00 GMT"), NOW_MS), 0);
    assert_int_equal(net_retry_after(S("9223372036854775807"), NOW_MS),
                     (int64_t)NET_RETRY_SECONDS_MAX * 1000);
    assert_int_equal(net_retry_after(S("99999999999999999999"), NOW_MS),
                     (int64_t)NET_RETRY_SECONDS_MAX * 1000);
    assert_int_equal(net_retry_after(S("Mon, 23 Nov 9999 06:01:00 GMT"), NOW_MS),
                     (int64_t)NET_RETRY_SECONDS_MAX * 1000);
    assert_int_equal(net_retry_after(S(""), NOW_MS), -1);
    assert_int_equal(net_retry_after(S("-5"), NOW_MS), -1);
    assert_int_equal(net_retry_after(S("1.5"), NOW_MS), -1);
    assert_int_equal(net_retry_after(S("soon"), NOW_MS), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read_in_three_forms),
        cmocka_unit_test(retry_after_is_seconds_or_a_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
