/* net/url.h - addresses on the web that this server goes to: http and https, in one form. */
#ifndef NET_URL_H
#define NET_URL_H

#include "base/err.h"

enum { NET_URL_BYTES = 4096 }; /* the longest address */

typedef struct NetUrl {
    Str text;   /* whole, in one form, without a fragment: what is asked and stored */
    Str scheme; /* "http" or "https" */
    Str host; /* lower case; a name in ASCII without a final dot, or an address without brackets */
    int port; /* 1..65535 */
    Str target;      /* path and query, from "/" */
    bool is_address; /* the host is an IPv4 or IPv6 address */
} NetUrl;

/*
 * Reads an absolute address: the scheme and host in lower case, a host in other letters in its
 * ASCII form (UTS 46), numbers for an IPv4 address in whatever writing as four decimals, "." and
 * ".." resolved, blanks and letters beyond ASCII in path and query percent-encoded, the fragment
 * cut off. text is borrowed; *ret, set on success only, lives in arena.
 *
 * Fails, field "url", with ERR_INVALID (no absolute http or https address, a name or password in
 * it, a control character, a backslash before the query, a host that cannot be, a port that
 * net_port_is_allowed refuses) and ERR_LIMIT (beyond NET_URL_BYTES); without a field with ERR_IO (libcurl is not installed). Whether the host's address may
 * be talked to is asked for each connection (net/net.h). Pure, so safe to repeat.
 */
CHECKED Err net_url_read(Arena *arena, Str text, NetUrl *ret);

/*
 * The same for an address relative to base, as in Location (RFC 9110, 10.2.2); *ret may borrow from
 * base.
 */
CHECKED Err net_url_follow(Arena *arena, const NetUrl *base, Str reference, NetUrl *ret);

/* Scheme, host and port are equal. */
bool net_url_same_origin(const NetUrl *a, const NetUrl *b);
/* "https://example.edu", with the port where it is not the scheme's; in arena. */
Str net_url_origin(Arena *arena, const NetUrl *url);

#endif
