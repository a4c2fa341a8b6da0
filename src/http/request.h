/* http/request.h - what a handler reads: the row's fields, checked, and who asks in which form. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "http/field.h"
#include "http/message.h"
#include "http/negotiate.h"
#include "http/router.h"

enum { IF_MATCH_ANY = -1 }; /* "*": version unknown but present */

struct Request {
    const Incoming *in;
    const struct HttpCore *core;
    const Row *row;     /* NULL while no row was found: then no field may be asked for */
    FieldValue *values; /* one per field of the row, in its order */
    Str *typed;         /* as given, for forms shown again; empty for secrets and files */
    ReplyForm form;
    Str path;       /* decoded by nobody: as sent, without query */
    Str origin;     /* "https://news.example" */
    bool is_secure; /* https, or loopback: the __Host- cookie holds */
    bool is_https;

    /* Who asks. */
    Str session_csrf; /* what forms of this session must carry; empty without a session */
    Str cookie_name;  /* of the session; empty where no cookie may be set */
    Str session;      /* its token, for identity's own routes; empty without one */
    bool has_session; /* signed in by cookie */
    bool is_trusted;  /* bearer token, local socket or http_call: no browser sends it unasked */

    /* What every form may carry beside the row's fields. */
    Str csrf;
    Str idempotency_key;
    int64_t version;   /* of If-Match or the form; 0 when absent */
    bool has_if_match; /* the header, not the form's field */
    Str next_field;    /* name of the row's cursor field */
};

/*
 * Fills path, query and body fields of req->row from match, req->in and its body. All fields are read; *ret_at_fault
 * is the first failure (of the path first, ERR_NOT_FOUND there), so that rights can be checked before the
 * mistake is told. A failure returned directly concerns the body as a whole (400, 413, 415 as ERR_INVALID
 * field "@type"), or is ERR_REFUSED: a field that there is not, by decision.
 */
CHECKED Err request_read(Arena *arena, Request *req, const RouteMatch *match, Err *ret_at_fault);

/*
 * For form_handler: the path fields, by name, from the request of the form; the query fields of the page where the
 * form sent one of that name (which outlet it is for); the rest is absent.
 */
CHECKED Err request_from_form(Arena *arena, Request *req, const Request *form);

/* If-Match: the version in "7", "7-abc" or W/"7"; IF_MATCH_ANY for *; 0 when absent or of another form. */
int64_t request_if_match(Str header);
/* Whether If-None-Match names this entity tag (weak comparison, RFC 9110, 13.1.2). */
bool request_none_match(Str header, Str etag);

#endif
