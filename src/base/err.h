/* base/err.h - the one error type: returned by value, never ignored (architecture.md 7). */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"

typedef enum ErrCode {
    ERR_OK = 0,
    ERR_INVALID,         /* 422; 400 without a field */
    ERR_UNAUTHENTICATED, /* 401 */
    ERR_FORBIDDEN,       /* 403 */
    ERR_REFUSED,         /* 403 with a rule number */
    ERR_NOT_FOUND,       /* 404; also for what belongs to another outlet */
    ERR_GONE,            /* 410; a page kept as a tombstone, an invitation used or expired */
    ERR_CONFLICT,        /* 409; 412 with If-Match */
    ERR_LIMIT,           /* 422 with a field, 413 without, 429 where the field is "@rate" */
    ERR_BUSY,            /* 503 */
    ERR_IO,              /* 503 */
    ERR_BUG              /* 500 */
} ErrCode;

typedef struct Err {
    ErrCode code;
    bool retry; /* set by db/ only: nothing was stored, the whole act may run again */
    int rule;   /* 0; n of R{n} (1..99); a published rule's number (from 100) */
    const char
        *msgid;  /* an English sentence for people, translated at the edge; not NULL on error */
    Str args[2]; /* fill {0} and {1} of the sentence; live in the arena of the request */
    const char *field; /* the input at fault, or NULL */
    const char *where; /* "file:line function" of the first place, for the log */
} Err;

#define OK ((Err){ 0 })

#define ERR_STRING_(x) #x
#define ERR_STRING(x) ERR_STRING_(x)
#define ERR_HERE __FILE__ ":" ERR_STRING(__LINE__)

/* A failure: code, name of the field or NULL, sentence in N_(). */
#define FAIL(code_, field_, msgid_)                                                                \
    ((Err){ .code = (code_), .msgid = (msgid_), .field = (field_), .where = ERR_HERE })
/* The same with up to two Str for {0} and {1}. */
#define FAIL_ARGS(code_, field_, msgid_, ...)                                                      \
    ((Err){ .code = (code_),                                                                       \
            .msgid = (msgid_),                                                                     \
            .field = (field_),                                                                     \
            .where = ERR_HERE,                                                                     \
            .args = { __VA_ARGS__ } })
/* A refusal by rule: 1..99 for R1.., from 100 for a published rule. */
#define REFUSE(rule_, msgid_)                                                                      \
    ((Err){ .code = ERR_REFUSED, .rule = (rule_), .msgid = (msgid_), .where = ERR_HERE })

/* Passes an error up. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        Err try_err_ = (call);                                                                     \
        if (try_err_.code != ERR_OK)                                                               \
            return try_err_;                                                                       \
    } while (0)

/* Exit status of the command line: 0, 2 for INVALID to CONFLICT, 3 LIMIT, 4 BUSY and IO, 70 BUG. */
int err_exit_status(Err err);
/* HTTP status, without what only the request knows (If-Match, missing precondition). */
int err_http_status(Err err);
/* A stable English word for logs and problem types: "invalid", "not-found", ... */
const char *err_name(ErrCode code);

#endif
