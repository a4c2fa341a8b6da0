/* http/response.h - what a handler answered, before it is rendered. */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "http/message.h"
#include "http/route.h"

enum { RESPONSE_TAGS_MAX = 8, RESPONSE_HEADERS_MAX = 32 };

typedef enum ResponseKind {
    RESPONSE_NONE, /* the handler said nothing: ERR_BUG */
    RESPONSE_MODEL,
    RESPONSE_REDIRECT,
    RESPONSE_BYTES
} ResponseKind;

struct Response {
    Arena *arena;
    ResponseKind kind;
    int status;
    const Model *model; /* of value */
    Json *value;
    Str location; /* a safe path, or empty */
    const char *content_type;
    Str body;
    HttpHeaders headers;
    int64_t version; /* 0: none */
    Str tags[RESPONSE_TAGS_MAX];
    size_t tag_count;
    bool has_many_tags; /* more than fit: the page is not kept */
    Str session;        /* token of a session that begins */
    bool is_session_over;
    Str session_csrf; /* of the session above, for the forms of this answer; empty: the request's */
    bool keeps_rate;
};

Response response_new(Arena *arena);

#endif
