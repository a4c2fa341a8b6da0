/* http/guard.h - what is refused before anything else looks at a request (security-checklist 1, 17, 22). */
#ifndef HTTP_GUARD_H
#define HTTP_GUARD_H

#include "conf/conf.h"
#include "http/message.h"

enum { GUARD_HEADERS_MAX = 100, GUARD_LENGTH_DIGITS_MAX = 15 };

/* The limits and lists, read once. Lists are borrowed from config, which never changes. */
typedef struct GuardRules {
    size_t url_bytes, header_bytes;
    StrList hosts;   /* empty: any name on loopback, its own address elsewhere */
    StrList proxies; /* addresses or ranges */
} GuardRules;

GuardRules guard_rules(const Config *config);

/* Refused: the status to answer (400 411 413 414 417 421 431 501 505) and why. The connection ends. */
typedef struct Refusal {
    int status; /* 0: not refused */
    Err err;
} Refusal;

/*
 * Looks at the request line and headers. target is as sent; in->headers and in->method, version are set. On
 * success in->path, in->query are set and *ret_length is the announced length of the body: 0 for none,
 * -1 for chunked. An absolute target must name the Host.
 */
Refusal guard_check(const GuardRules *rules, Incoming *in, Str target, int64_t *ret_length);

/* True when the address (4 or 16 bytes; mapped IPv4 counts as IPv4) is on the list of proxies. */
bool guard_is_proxy(const GuardRules *rules, Str address);
bool guard_is_loopback(Str address);
/*
 * The client's address, 4 or 16 bytes in the arena: the peer's, or, where that is a configured proxy, the last one
 * of X-Forwarded-For that is no proxy of ours. An entry that is no address ends the walk.
 */
Str guard_client(Arena *arena, const GuardRules *rules, const Incoming *in);

/*
 * Whom the reader asked: scheme and authority, after X-Forwarded-Proto and X-Forwarded-Host of a configured
 * proxy. *ret_is_https says https, *ret_is_local that the name is this machine's own (localhost, 127.0.0.0/8, ::1)
 * and the peer is, too, without a proxy between.
 */
Str guard_origin(Arena *arena, const GuardRules *rules, const Incoming *in, bool *ret_is_https,
                 bool *ret_is_local);

#endif
