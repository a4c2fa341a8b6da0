/*
 * features/identity/identity.h - units, persons, dated grants, sign-in, invitations (product.md 3, R2).
 *
 * Seam for other ways in. A person proves who they are by a row that belongs to one way: today `credential` (an
 * Argon2id text). CAS and OIDC add a table `login_method` (issuer, subject, person_id; issuer and subject unique
 * together) and find the person by (issuer, subject) only, never by mail address or name (security-checklist 42);
 * a row is made by the person in a stepped-up session or by an invitation. The second step (factor_begin) is asked for
 * after the password. Whichever way was taken, the session that begins is the same row, so nothing else changes.
 */
#ifndef FEATURES_IDENTITY_IDENTITY_H
#define FEATURES_IDENTITY_IDENTITY_H

#include "base/ctx.h"
#include "base/json.h"
#include "features/identity/cap.h"
#include "http/route.h"
#include "http/server.h"
#include "sec/box.h"

typedef struct Unit {
    int64_t id;
    Str name;
    Str kind; /* 学院 部门 社团 外部 */
    int64_t parent_id;
    int64_t version;
} Unit;

typedef struct Person {
    int64_t id;
    Str login; /* NFC, lower case, unique; look-alikes of an existing one are refused */
    Str name;
    int64_t unit_id;
    int64_t created_ms;
    int64_t ended_ms; /* 0 while in service; an ended person signs nothing and stays named */
    int64_t version;
} Person;
typedef struct PersonList {
    Person *items;
    size_t len;
} PersonList;

typedef struct Grant {
    int64_t id;
    int64_t person_id;
    Str role; /* 记者 责任编辑 校对员 部门主任 分管领导 总编 指导教师 登记员 管理员 */
    int64_t outlet_id; /* 0: the whole alliance */
    int64_t from_ms;
    int64_t until_ms; /* 0: open */
    Str person_name;
} Grant;
typedef struct GrantList {
    Grant *items;
    size_t len;
} GrantList;

/* Each act below is one transaction with its log entry: "unit.filed", "person.added", "grant.given",
 * "grant.ended", "person.ended", "invitation.made", "password.set", "factor.set", "factor.codes", "factor.ended",
 * "factor.reset", "token.made", "token.ended". The acts on grants, person.ended and factor.reset are also events of
 * the same name { person_id }, tags outlets and, where it is one outlet's, outlet:{id}; else site. All
 * may fail with ERR_INVALID,
 * ERR_LIMIT, ERR_CONFLICT (field), ERR_NOT_FOUND, ERR_BUSY with retry, ERR_IO. */

/* Finds by name or files a new one; safe to repeat. */
CHECKED Err unit_ensure(Ctx *ctx, Str name, Str kind, int64_t parent_id, int64_t *ret_id);
CHECKED Err unit_get(Ctx *ctx, int64_t id, Unit *ret);

/* Adds a person. ERR_CONFLICT field "login" when taken or a look-alike; one person, one account (R2). */
CHECKED Err person_add(Ctx *ctx, Str login, Str name, int64_t unit_id, Person *ret);
CHECKED Err person_get(Ctx *ctx, int64_t id, Person *ret);
CHECKED Err person_by_login(Ctx *ctx, Str login, Person *ret);
/* Names of several persons, in the order of ids; unknown ids give an empty name. One statement per 32 ids. */
CHECKED Err person_names(Ctx *ctx, const int64_t *ids, size_t count, Str *ret_names);
/* By sort key, after the given person's id (0 at first); limit 1..200. */
CHECKED Err person_list(Ctx *ctx, int64_t after_id, int limit, PersonList *ret);
/* Ends the person's grants, sessions, links and tokens with it. ERR_CONFLICT when ended already. */
CHECKED Err person_end(Ctx *ctx, int64_t id);

/*
 * role must be known (ERR_INVALID "role"); outlet roles need outlet_id, alliance roles refuse it (总编 and 分管领导 allow both):
 * ERR_INVALID "outlet". from_ms 0 is now; a person cannot begin one in the past (R13). ERR_CONFLICT "role"
 * when the person holds it there in that time already. Roles of the alliance are given and ended, and those who
 * hold one are ended, invited or given tokens, by administrators and the operator only: ERR_FORBIDDEN. The
 * person's open sessions need the password again before the next decision.
 */
CHECKED Err grant_give(Ctx *ctx, int64_t person_id, Str role, int64_t outlet_id, int64_t from_ms,
                       int64_t until_ms, int64_t *ret_id);
CHECKED Err grant_end(Ctx *ctx, int64_t grant_id);
/* In force now, of a person (outlet roles and alliance roles). */
CHECKED Err grant_of_person(Ctx *ctx, int64_t person_id, GrantList *ret);
/* In force and to come, for the page of a person. */
CHECKED Err grant_list_of_person(Ctx *ctx, int64_t person_id, GrantList *ret);
/* In force now at an outlet, with names, by role. */
CHECKED Err grant_of_outlet(Ctx *ctx, int64_t outlet_id, GrantList *ret);
/* Who may do something at an outlet. */
typedef struct Colleague {
    int64_t id;
    Str name;
} Colleague;
typedef struct ColleagueList {
    Colleague *items;
    size_t len;
} ColleagueList;
enum { COLLEAGUES_MAX = 200 };
/*
 * Who in service holds cap (one of an outlet's) there now, by a role there or of the whole alliance, each once, by sort
 * key; at most COLLEAGUES_MAX. One statement.
 */
CHECKED Err identity_colleagues(Ctx *ctx, Cap cap, int64_t outlet_id, ColleagueList *ret);
/* Does anyone in service hold this role at the outlet now? (an in-service 指导教师) */
CHECKED Err grant_has_role(Ctx *ctx, int64_t outlet_id, Str role, bool *ret);
/* Who ever held a role at an outlet, a row per person and outlet. */
typedef struct OutletPerson {
    int64_t outlet_id;
    Str name;
    bool is_in_service;  /* holds any role there now */
    bool is_teacher_now; /* 指导教师, now */
} OutletPerson;
typedef struct OutletPersonList {
    OutletPerson *items;
    size_t len;
} OutletPersonList;
enum { OUTLET_PEOPLE_IDS_MAX = 60 };
/* Of count outlets, 1..OUTLET_PEOPLE_IDS_MAX; one statement, at most 10,000 rows. */
CHECKED Err grant_people_of_outlets(Ctx *ctx, const int64_t *ids, size_t count,
                                    OutletPersonList *ret);
/* True when the actor of ctx holds cap (per outlet: at outlet_id). Sets *ret_role to the role that gives
 * it. Operator: CAP_REGISTER, CAP_PEOPLE, CAP_SETTINGS, CAP_JOBS, CAP_IMPORT_STORIES, CAP_FEEDS only. One statement. */
CHECKED Err identity_may(Ctx *ctx, Cap cap, int64_t outlet_id, bool *ret, Str *ret_role);
/* Outlets where the actor holds cap, rising; for lists and menus. An id of 0 comes first where a role of the whole
 * alliance gives it (then it holds at every outlet). At most 1,000. One statement. Empty unless ACTOR_PERSON. */
CHECKED Err identity_outlets_with(Ctx *ctx, Cap cap, int64_t **ret_ids, size_t *ret_count);

/* ---- passwords, sessions, invitations ---- */

enum {
    PASSWORD_CHARS_MIN = 8,
    PASSWORD_CHARS_MAX = 128,
    LOGIN_CHARS_MAX = 40,
    NAME_CHARS_MAX = 40,
    SESSION_TOKEN_BYTES = 32
};

/* Can this person sign in by a password? */
CHECKED Err person_has_password(Ctx *ctx, int64_t person_id, bool *ret);
/* Ends all sessions of the person. */
CHECKED Err password_set(Ctx *ctx, int64_t person_id, Str password);
/* For the demo, whose people share one password: an already encoded Argon2id string. */
CHECKED Err password_set_encoded(Ctx *ctx, int64_t person_id, Str encoded);
/*
 * What a right password gives: a new session, stepped up, or, where the second step is on, a ticket for it, valid
 * TICKET_VALID_MS and TICKET_TRIES codes; the other is empty.
 */
typedef struct SignIn {
    Str session_token;
    Str ticket;
    Str login; /* as it is stored */
} SignIn;
enum { TICKET_VALID_MS = 5 * 60 * 1000, TICKET_TRIES = 5 };
/* Equal work and text for unknown users, and whether or not the second step is on: ERR_UNAUTHENTICATED field
 * "password". ERR_BUSY when too many wait for the password gate. */
CHECKED Err identity_sign_in(Ctx *ctx, Str login, Str password, SignIn *ret);
/*
 * The second step: a code by time, each taken once, or a recovery code. login as SignIn gave it.
 * ERR_UNAUTHENTICATED field "code": wrong, used before, or the ticket has ended. Each call counts.
 */
CHECKED Err identity_sign_in_code(Ctx *ctx, Str ticket, Str login, Str code,
                                  Str *ret_session_token);
CHECKED Err identity_sign_out(Ctx *ctx, Str session_token);
/* One-time link, valid invitation.valid_ms, hash stored. For a new or existing person without password, or
 * a reset. *ret_token is shown once. */
CHECKED Err invitation_make(Ctx *ctx, int64_t person_id, Str *ret_token);
/* ERR_NOT_FOUND unknown; ERR_GONE used or expired. */
CHECKED Err invitation_accept(Ctx *ctx, Str token, Str password, int64_t *ret_person_id);

/* ---- the second step ---- */

enum { RECOVERY_CODES = 10 };
typedef struct Factor {
    bool is_on;
    bool is_begun;        /* a secret was shown and no code of it confirmed yet */
    int64_t confirmed_ms; /* since when; 0 when off */
    int64_t reset_ms;     /* when another took it away, until it is on again; else 0 */
    int64_t codes_left;   /* recovery codes not used */
} Factor;

/* The key that wraps the seeds; borrowed for the life of the process. Number 0, or never called: there is none. */
void identity_use_box(const BoxKey *key);
/* Is there anything that only the present keys/box.key opens? Then no new one may be made in its place. */
CHECKED Err identity_has_wrapped(Ctx *ctx, bool *ret);
/* One statement. */
CHECKED Err factor_get(Ctx *ctx, int64_t person_id, Factor *ret);
/*
 * Takes it away from a person who lost it; all sessions end; the person sees it. ERR_CONFLICT when it is not on,
 * ERR_FORBIDDEN as for grants.
 */
CHECKED Err factor_reset(Ctx *ctx, int64_t person_id);

/* ---- tokens of programs ---- */

enum { TOKEN_RIGHTS_MAX = 200, TOKEN_LABEL_CHARS_MAX = 60 };
static const int64_t TOKEN_VALID_MS_MAX = INT64_C(366) * 24 * 3600 * 1000;
typedef struct Right {
    Str capability;    /* "file": identity_cap_words says it for people */
    int64_t outlet_id; /* 0: the whole alliance */
} Right;
typedef struct RightList {
    Right *items;
    size_t len;
} RightList;
typedef struct ApiToken {
    int64_t id, person_id;
    Str label;
    int64_t created_ms, until_ms;
    int64_t ended_ms; /* 0 while it was not revoked */
    int64_t seen_ms;  /* last use, as far as it was noted; 0: never */
    RightList rights;
} ApiToken;
typedef struct ApiTokenList {
    ApiToken *items;
    size_t len;
} ApiTokenList;

/*
 * What the actor may hand on: the capabilities of the own grants in force, by outlet. Without "withdraw", for that
 * needs the person each time. At most TOKEN_RIGHTS_MAX.
 */
CHECKED Err identity_rights(Ctx *ctx, RightList *ret);
/* A capability in the reader's language. */
Str identity_cap_words(Ctx *ctx, Str capability);
/*
 * A bearer token for programs with some of the actor's own rights until a time, at most TOKEN_VALID_MS_MAX away. Shown
 * once. It never steps up; "release" in its rights stands for the fresh password that its making demanded, and
 * for that alone. What the person may no longer, it may no longer. ERR_INVALID "right" (none, or not the
 * actor's), "until"; ERR_FORBIDDEN when the actor is itself a token.
 */
CHECKED Err token_make(Ctx *ctx, Str label, const Right *rights, size_t count, int64_t until_ms,
                       Str *ret_token);
/* The actor's own, also those that ended, newest first; at most 50. */
CHECKED Err token_list(Ctx *ctx, ApiTokenList *ret);
/* One of the actor's own. ERR_NOT_FOUND. */
CHECKED Err token_end(Ctx *ctx, int64_t id);

/*
 * Hooks for http/server.h: session, bearer, may, key_find, key_store. Reading a session is one statement; once in
 * ten minutes one or two more note its use in derived.db. may sets ctx->role but not ctx->outlet_no, which
 * the register knows. A token of a program is never stepped up but for a release that it may make.
 */
extern const HttpHooks identity_hooks;
/* True until the first administrator exists. */
CHECKED Err identity_is_empty(Ctx *ctx, bool *ret);

extern const Route identity_routes[], identity_factor_routes[];

#endif
