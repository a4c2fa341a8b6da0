/* text/feed_date.h - private to reading feeds: dates as feeds write them. */
#ifndef TEXT_FEED_DATE_H
#define TEXT_FEED_DATE_H

#include "base/str.h"

/*
 * Reads RFC 822, 2822 and 3339, ISO 8601 (also by ordinal day and by week), what asctime, perforce and
 * SQL servers print, Chinese and Korean (年月日, 년월일 with 오전 and 오후), Greek and Hungarian months; day and
 * month may change places where one of them is a word. A date without a zone is taken as UTC (Korean
 * ones as +09:00, Chinese ones as +08:00), a date without a time is its first moment. Years 1 to 9999.
 * False when it is no date; *ret is then unchanged.
 */
bool feed_date(Str text, int64_t *ret_ms);

#endif
