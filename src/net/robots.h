/* net/robots.h - what robots.txt of a site lets this server read (RFC 9309). */
#ifndef NET_ROBOTS_H
#define NET_ROBOTS_H

#include "base/str.h"

enum { ROBOTS_BYTES_MAX = 500 << 10 }; /* of a file; what follows is not read (RFC 9309, 2.5) */

/*
 * The rules for `product` ("Liandong", compared without case): those of all groups that name it,
 * else those of the groups for "*", else none. A line each, "+/path" or "-/path", in the order of
 * the file, percent-encoding in one form; nothing to be shown to people. text is borrowed, may hold
 * any bytes and is read to ROBOTS_BYTES_MAX; the result lives in arena. Takes linear time. Pure.
 */
Str robots_rules(Arena *arena, Str text, Str product);

/*
 * May a page be read? `target` is its path and query. The longest rule that matches decides, an
 * allowing one before a forbidding one of equal length; none: yes. "*" in a rule stands for
 * anything, "$" at its end for the end. /robots.txt itself may always be read. Linear in rules and
 * in target for each. Pure; arena is for what is in between.
 */
bool robots_may_read(Arena *arena, Str rules, Str target);

#endif
