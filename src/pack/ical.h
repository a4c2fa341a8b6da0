/* pack/ical.h - iCalendar objects written line by line (RFC 5545). */
#ifndef PACK_ICAL_H
#define PACK_ICAL_H

#include "base/buf.h"

enum { ICAL_LINE_OCTETS = 75 }; /* without the line break (RFC 5545, 3.1) */

/*
 * Each writes one content line that ends with CRLF, folded so that no line is longer than ICAL_LINE_OCTETS and no character
 * is cut (RFC 5545, 3.1). name is a property's name in capitals, ours. What does not fit is for buf_check.
 */

/* BEGIN:component, END:component. */
void ical_begin(Buf *buf, const char *component);
void ical_end(Buf *buf, const char *component);
/*
 * A value of type TEXT (RFC 5545, 3.3.11): backslash, semicolon and comma escaped, line breaks (CR LF, CR, LF) as \n; other
 * control characters but the tab are left out. text must be UTF-8.
 */
void ical_text(Buf *buf, const char *name, Str text);
/* A value of another type, as it is: control characters are left out. */
void ical_value(Buf *buf, const char *name, Str value);
/* A moment in UTC: DTSTART:20301231T235959Z (3.3.5, form 2). at_ms in the years 1 to 9999, milliseconds dropped. */
void ical_utc(Buf *buf, const char *name, int64_t at_ms);
/* A day: DTSTART;VALUE=DATE:20301231 (3.3.4). day is "YYYY-MM-DD". */
void ical_date(Buf *buf, const char *name, Str day);

#endif
