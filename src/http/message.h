/* http/message.h - one request as it came and one answer as it leaves, free of the library below. */
#ifndef HTTP_MESSAGE_H
#define HTTP_MESSAGE_H

#include "base/err.h"
#include "base/vec.h"

typedef struct HttpHeader {
    Str name;
    Str value;
} HttpHeader;

typedef struct HttpHeaders {
    HttpHeader *items;
    size_t len, cap;
} HttpHeaders;

/* The first value of that name (ASCII letters compare without case); empty when absent. */
Str headers_get(const HttpHeaders *headers, Str name);
size_t headers_count(const HttpHeaders *headers, Str name);
/* Appends; name and value are borrowed and not looked at. */
void headers_add(Arena *arena, HttpHeaders *headers, Str name, Str value);

/*
 * The one way to write a header (security-checklist 18): ERR_BUG when the name is no token or the value holds
 * CR, LF, NUL or another control; else appended, or put in place of one of the same name when is_single.
 */
CHECKED Err headers_put(Arena *arena, HttpHeaders *headers, Str name, Str value, bool is_single);

/* RFC 9110, 5.6.2. */
bool http_is_token(Str s);

/* How a request reached us. */
typedef enum HttpWay {
    WAY_NET,   /* a TCP connection */
    WAY_LOCAL, /* the UNIX socket: its peer is the owner or root */
    WAY_CALL   /* http_call: no socket at all */
} HttpWay;

typedef struct Incoming {
    HttpWay way;
    Str method, version; /* "GET", "HTTP/1.1" */
    Str path, query;     /* as sent, still encoded; query without its '?' */
    HttpHeaders headers;
    Str body;
    Str peer;           /* the client's address, 4 or 16 bytes; in memory only, never logged */
    bool is_from_proxy; /* the peer is a configured proxy: its forwarded headers count */
    bool is_loopback;   /* the peer is this machine */
} Incoming;

/* Cuts a request target into path and query. */
void incoming_target(Incoming *in, Str target);

typedef struct Outgoing {
    int status;
    HttpHeaders headers;
    Str body;
    bool is_closing; /* the connection ends with this answer */

    /* For the page cache; set only on what any reader may be given. */
    bool is_cacheable;
    Str tags[8];
    size_t tag_count;

    /* For the log and the counters. */
    const char *pattern; /* of the row; NULL when none was found */
    bool is_unlogged;    /* identity-free lane */
    bool keeps_rate;     /* a sign-in that goes on: its attempt stays counted */
    int64_t sql_statements;
} Outgoing;

#endif
