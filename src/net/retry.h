/* net/retry.h - when another server says that it wants to be asked again. */
#ifndef NET_RETRY_H
#define NET_RETRY_H

#include "base/str.h"

enum { NET_RETRY_SECONDS_MAX = 365 * 24 * 3600 }; /* a later time counts as this */

/*
 * A date in any of the three forms of RFC 9110, 5.6.7, as Unix ms; false (and *ret unchanged) for
 * anything else. A year of two digits is the one that is at most 50 years ahead of now_ms.
 */
bool net_http_date(Str text, int64_t now_ms, int64_t *ret);

/*
 * Milliseconds from now_ms that Retry-After (seconds or a date; RFC 9110, 10.2.3) asks for, 0 for a
 * date that has passed, -1 when it says nothing.
 */
int64_t net_retry_after(Str value, int64_t now_ms);

#endif
