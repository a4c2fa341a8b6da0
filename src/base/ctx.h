/* base/ctx.h - all that a function may use: who asks, for which outlet, with which memory and storage. */
#ifndef BASE_CTX_H
#define BASE_CTX_H

#include "base/arena.h"
#include "base/chance.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

struct Db;     /* db/db.h */
struct Config; /* conf/conf.h */
struct Ids;    /* base/id.h */

typedef enum ActorKind {
    ACTOR_NOBODY = 0, /* a reader */
    ACTOR_PERSON,     /* signed in, or a person's token */
    ACTOR_OPERATOR,   /* the command line: rights of 管理员, no content rights */
    ACTOR_JOB         /* the queue */
} ActorKind;

typedef struct Ctx {
    Arena *arena;  /* of this request or job */
    struct Db *db; /* this worker's connection */
    const struct Config *config;
    Clock *clock;
    Chance *chance;
    struct Ids *ids;
    int64_t now_ms; /* read once when the request or job starts */

    ActorKind actor;
    int64_t person_id; /* 0 unless ACTOR_PERSON */
    Str person_name; /* as the register knows the person; "operator" or the job's kind otherwise */
    Str role;        /* the role in which the person acts here, e.g. 记者; may be empty */
    int64_t outlet_id; /* the outlet of a per-outlet route, 0 for acts of the alliance */
    Str outlet_no;     /* its 备案号, empty when outlet_id is 0 */

    Str lang;            /* "zh" or "en" */
    uint64_t request_id; /* for logs and problem documents */
    bool is_stepped_up;  /* a password or TOTP at most 15 minutes old */
    int64_t token_id;    /* ACTOR_PERSON by a program's token: whose rights count, too; else 0 */

    /* Tags of the cached pages that this act changes ("article:7"), in the arena: the runner drops those
     * pages after the act has committed and before its answer leaves. */
    struct {
        Str *items;
        size_t len, cap;
    } changed;
} Ctx;

#endif
