/* http/run_key.h - Idempotency-Key: an act repeated under its key gives its first answer again. */
#ifndef HTTP_RUN_KEY_H
#define HTTP_RUN_KEY_H

#include "http/core.h"

enum { KEY_CHARS_MAX = 200, KEY_BODY_MAX = 64 << 10 };

typedef struct RunKey {
    bool is_used;
    Str key, route, body_hash;
} RunKey;

/*
 * Reads the key from Idempotency-Key or the form. Without one, for readers without a name, and on ROUTE_NO_KEY
 * rows it is not used. *ret_is_answered: out is the stored answer. ERR_INVALID for a malformed key; the hook
 * refuses a key that came with another body.
 */
CHECKED Err run_key_find(Ctx *ctx, const Request *req, RunKey *ret, Outgoing *out,
                         bool *ret_is_answered);

/* Inside the act's held transaction: the row of the answer. A body over KEY_BODY_MAX is stored as none. */
CHECKED Err run_key_store(Ctx *ctx, const Request *req, const RunKey *key, const Outgoing *out);

#endif
