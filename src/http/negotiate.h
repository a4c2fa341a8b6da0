/* http/negotiate.h - what the client would like: page or JSON, language, coded body (RFC 9110, 12.5). */
#ifndef HTTP_NEGOTIATE_H
#define HTTP_NEGOTIATE_H

#include "base/str.h"

typedef enum ReplyForm { FORM_PAGE, FORM_FRAGMENT, FORM_JSON } ReplyForm;

/*
 * JSON when Accept gives it a higher q than text/html, or the same q by a more exact range; otherwise
 * `otherwise`, which is FORM_PAGE for browsers and FORM_JSON for callers known to be programs. Only an
 * explicit text/html turns FORM_JSON back into a page.
 */
ReplyForm negotiate_form(Str accept, ReplyForm otherwise);

typedef enum Coding { CODING_NONE, CODING_GZIP, CODING_BR } Coding;

/* br before gzip at the same q; none when neither is named or both have q=0 (RFC 9110, 12.5.3). */
Coding negotiate_coding(Str accept_encoding);
/* "gzip", "br", or empty. */
Str coding_name(Coding coding);

#endif
