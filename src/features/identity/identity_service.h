/* identity_service.h - what identity's own files share: private to identity/. */
#ifndef FEATURES_IDENTITY_IDENTITY_SERVICE_H
#define FEATURES_IDENTITY_IDENTITY_SERVICE_H

#include "features/identity/identity.h"

enum { UNIT_NAME_CHARS_MAX = 60, LIST_MAX = 200 };

typedef struct UnitList {
    Unit *items;
    size_t len;
} UnitList;
typedef struct Role {
    Str name;
    Str scope; /* outlet alliance both */
} Role;
typedef struct RoleList {
    Role *items;
    size_t len;
} RoleList;
typedef struct Session {
    int64_t id, created_ms;
    int64_t seen_ms; /* last use as far as it was noted; at least created_ms */
    bool is_current;
} Session;
typedef struct SessionList {
    Session *items;
    size_t len;
} SessionList;
/* ---- identity_service.c ---- */

/*
 * A name for people: NFC, trimmed, 1..max_chars characters without controls, and its sort key. ERR_INVALID,
 * ERR_LIMIT with the given field.
 */
CHECKED Err identity_name(Ctx *ctx, const char *field, Str text, size_t max_chars, Str *ret,
                          Str *ret_sort_key);
/* The login as it is stored: NFKC case-folded. ERR_INVALID, ERR_LIMIT field "login". */
CHECKED Err identity_login(Ctx *ctx, Str text, Str *ret);
/* By sort key, after the given unit's id (0 at first); limit 1..LIST_MAX. */
CHECKED Err unit_list(Ctx *ctx, int64_t after_id, int limit, UnitList *ret);
/* unit_ensure with the parent by its name (empty: none). ERR_INVALID field "parent" when there is none. */
CHECKED Err unit_file(Ctx *ctx, Str name, Str kind, Str parent_name, int64_t *ret_id);

/* ---- identity_service_grant.c ---- */

/* The event of a change in who does what: the pages of the outlet (0: of all) change with it. */
CHECKED Err identity_tell(Ctx *ctx, const char *name, int64_t person_id, int64_t outlet_id);
/* "file", "release", ...: as role_capability names them; empty for a number that is none. */
Str identity_cap_name(Cap cap);
/* identity_may for rows that are not per outlet: a per-outlet capability counts wherever it is held. */
CHECKED Err identity_may_anywhere(Ctx *ctx, Cap cap, bool *ret, Str *ret_role);
/*
 * Whoever holds a role of the whole alliance can only be given, or be deprived of, anything by the same person,
 * an administrator or the operator: else a 登记员 could take an administrator's account over. ERR_FORBIDDEN.
 * Sets ctx->role to the administrator's where it was needed.
 */
CHECKED Err identity_require_over(Ctx *ctx, int64_t person_id);
CHECKED Err identity_require_administrator(Ctx *ctx);
CHECKED Err role_list(Ctx *ctx, RoleList *ret);

/* ---- identity_service_password.c ---- */

/* 8..128 characters, not the login or the name. ERR_INVALID, ERR_LIMIT with field "password". */
CHECKED Err identity_password_check(Ctx *ctx, Str password, Str login, Str name);
/*
 * Stores an encoded password, ends sessions and open links of the person and writes the log entry, inside the
 * caller's transaction. how: "set", "invitation", "changed".
 */
CHECKED Err identity_password_put(Ctx *ctx, int64_t person_id, Str encoded, Str how);
/* ERR_INVALID with the given field when it is not the password of ctx's person. */
CHECKED Err identity_password_confirm(Ctx *ctx, const char *field, Str password, Str *ret_encoded);
/* With the old one (field "old"); the browser goes on in a new session. */
CHECKED Err identity_password_change(Ctx *ctx, Str old, Str password, Str *ret_session_token);
/* Whose link it is. ERR_NOT_FOUND, ERR_GONE as invitation_accept. */
CHECKED Err invitation_get(Ctx *ctx, Str token, Person *ret);

/* ---- identity_service_session.c ---- */

/* What forms of the session must carry: derived from its token, so that nothing is stored of it. */
Str identity_csrf(Ctx *ctx, Str session_token);
/*
 * Step-up: the same session under a new token, with a fresh password or, where the second step is on, a code. The other
 * is empty. ERR_INVALID field "password" or "code".
 */
CHECKED Err identity_step_up(Ctx *ctx, Str session_token, Str password, Str code,
                             Str *ret_session_token);
CHECKED Err identity_sessions(Ctx *ctx, Str session_token, SessionList *ret);
CHECKED Err identity_end_other_sessions(Ctx *ctx, Str session_token);
/* One of the actor's own. ERR_NOT_FOUND. */
CHECKED Err identity_end_session(Ctx *ctx, int64_t id);
/* ERR_FORBIDDEN for a token of a program: it changes nothing in how its person signs in. */
CHECKED Err identity_require_session(const Ctx *ctx);
/* Has its use been noted within every_ms? If not, the caller notes it and says so (sessions and tokens alike). */
bool identity_is_noted(int64_t id, int64_t now_ms, int64_t every_ms);
void identity_noted(int64_t id, int64_t now_ms);
/* The hook of bearer tokens: identity_service_token.c. */
CHECKED Err identity_bearer(Ctx *ctx, Str bearer_token);

/* ---- identity_service_factor.c: all of the actor's own, in a session ---- */

/* A new secret, not yet in force; in place of one that was begun. ERR_CONFLICT when the second step is on. */
CHECKED Err factor_begin(Ctx *ctx);
/* The secret that was begun, as people copy it and as programs take it. ERR_CONFLICT when there is none. */
CHECKED Err factor_secret(Ctx *ctx, Str *ret_secret, Str *ret_uri);
/* With a right code it is in force. The recovery codes are shown once. ERR_INVALID field "code". */
CHECKED Err factor_confirm(Ctx *ctx, Str code, StrList *ret_codes);
/* New recovery codes; the old ones are worth nothing. ERR_CONFLICT when the second step is not on. */
CHECKED Err factor_codes_renew(Ctx *ctx, StrList *ret_codes);
CHECKED Err factor_end(Ctx *ctx);
/* Whether it is a right code by time of that person, taken now; inside the caller's transaction. */
CHECKED Err identity_factor_code(Ctx *ctx, int64_t person_id, Str code, bool *ret_is_right);

/* ---- identity_gate.c ---- */

/* Argon2id at the configured cost behind the one gate of the process. ERR_BUSY when too many wait. */
CHECKED Err identity_gate_hash(Ctx *ctx, Str password, Str *ret_encoded);
/* encoded empty (nobody's): as much work, and false. */
CHECKED Err identity_gate_verify(Ctx *ctx, Str encoded, Str password, bool *ret_is_right);
/* Was it made at another cost than the configured one? */
bool identity_gate_is_current(const Ctx *ctx, Str encoded);
/* How many verifications this process made; for the test of equal work. */
int64_t identity_gate_count(void);

#endif
