/* identity_store.h - rows of identity's tables: private to identity/. */
#ifndef FEATURES_IDENTITY_IDENTITY_STORE_H
#define FEATURES_IDENTITY_IDENTITY_STORE_H

#include "features/identity/identity_service.h"

/*
 * All functions fail with ERR_BUSY and retry, or ERR_IO; finding ones set *ret_found instead of failing. Texts
 * that come back live in ctx->arena. Writes are called inside the act's transaction. *ret_changed counts rows.
 */

/* ---- units and persons: identity_store.c ---- */

CHECKED Err identity_store_unit_by_name(Ctx *ctx, Str name, int64_t *ret_id); /* 0: none */
CHECKED Err identity_store_unit_get(Ctx *ctx, int64_t id, Unit *ret, bool *ret_found);
CHECKED Err identity_store_unit_insert(Ctx *ctx, const Unit *unit, Str sort_key,
                                       int64_t *ret_changed);
CHECKED Err identity_store_unit_list(Ctx *ctx, int64_t after_id, int limit, UnitList *ret);

/* The login that is the same or looks the same; empty when there is none. */
CHECKED Err identity_store_person_like(Ctx *ctx, Str login, Str skeleton, Str *ret_login);
CHECKED Err identity_store_person_insert(Ctx *ctx, const Person *person, Str skeleton, Str sort_key,
                                         int64_t *ret_changed);
CHECKED Err identity_store_person_get(Ctx *ctx, int64_t id, Person *ret, bool *ret_found);
CHECKED Err identity_store_person_by_login(Ctx *ctx, Str login, Person *ret, bool *ret_found);
CHECKED Err identity_store_person_names(Ctx *ctx, const int64_t *ids, size_t count, Str *ret_names);
CHECKED Err identity_store_person_list(Ctx *ctx, int64_t after_id, int limit, PersonList *ret);
CHECKED Err identity_store_person_end(Ctx *ctx, int64_t id, int64_t *ret_changed);

/* ---- roles and grants: identity_store_grant.c ---- */

/* Scope of a role: "outlet", "alliance", "both"; empty when there is no such role. */
CHECKED Err identity_store_role_scope(Ctx *ctx, Str role, Str *ret_scope);
CHECKED Err identity_store_role_list(Ctx *ctx, RoleList *ret);
CHECKED Err identity_store_grant_insert(Ctx *ctx, const Grant *grant);
CHECKED Err identity_store_grant_get(Ctx *ctx, int64_t id, Grant *ret, bool *ret_found);
CHECKED Err identity_store_people_of_outlets(Ctx *ctx, const int64_t *ids, size_t count,
                                             OutletPersonList *ret);
/* Does a grant of that role, person and outlet share a moment with [from_ms, until_ms)? */
CHECKED Err identity_store_grant_overlaps(Ctx *ctx, const Grant *grant, bool *ret);
CHECKED Err identity_store_grant_end(Ctx *ctx, int64_t id, int64_t until_ms);
/* Ends all grants of a person that are in force or to come. */
CHECKED Err identity_store_grant_end_all(Ctx *ctx, int64_t person_id);
/* In force now, or also those to come. */
CHECKED Err identity_store_grant_of_person(Ctx *ctx, int64_t person_id, bool with_later,
                                           GrantList *ret);
CHECKED Err identity_store_grant_of_outlet(Ctx *ctx, int64_t outlet_id, GrantList *ret);
CHECKED Err identity_store_colleagues(Ctx *ctx, Str capability, int64_t outlet_id,
                                      ColleagueList *ret);
CHECKED Err identity_store_grant_has_role(Ctx *ctx, int64_t outlet_id, Str role, bool *ret);
/* Was a grant of the role ever given? */
CHECKED Err identity_store_grant_is_known(Ctx *ctx, Str role, bool *ret);

enum { GRANT_ANYWHERE = -1 }; /* as outlet_id: a grant at any outlet counts */
/* The role, by least rights, in which the person may; empty: none. A grant of the alliance counts everywhere. */
CHECKED Err identity_store_may(Ctx *ctx, Str capability, int64_t outlet_id, Str *ret_role);
CHECKED Err identity_store_outlets_with(Ctx *ctx, Str capability, int64_t **ret_ids,
                                        size_t *ret_count);

/* ---- what lets a person in: identity_store_access.c ---- */

typedef struct CredentialRow {
    int64_t person_id;
    Str login, name;
    Str encoded;     /* Argon2id; empty while no password is set */
    bool has_factor; /* the second step is on; by login only */
} CredentialRow;

/* Of persons in service only. */
CHECKED Err identity_store_credential_by_login(Ctx *ctx, Str login, CredentialRow *ret,
                                               bool *ret_found);
CHECKED Err identity_store_credential_get(Ctx *ctx, int64_t person_id, CredentialRow *ret,
                                          bool *ret_found);
CHECKED Err identity_store_credential_put(Ctx *ctx, int64_t person_id, Str encoded);
/* The same password at another cost; changes nothing when it was set anew meanwhile. */
CHECKED Err identity_store_credential_swap(Ctx *ctx, int64_t person_id, Str before, Str encoded);

/* Adds a session where the person is in service and the credential is still `encoded`. */
CHECKED Err identity_store_session_insert(Ctx *ctx, int64_t id, Str hash, int64_t person_id,
                                          Str encoded, int64_t *ret_changed);
typedef struct SessionRow {
    int64_t id, person_id, created_ms, stepped_up_ms;
    Str person_name;
} SessionRow;
/* Not ended, begun after the given time, of a person in service. */
CHECKED Err identity_store_session_find(Ctx *ctx, Str hash, int64_t created_after_ms,
                                        SessionRow *ret, bool *ret_found);
/* Step-up: the same session under a new token. */
CHECKED Err identity_store_session_renew(Ctx *ctx, Str hash, Str new_hash, int64_t *ret_changed);
/* The person's decisions need the password again: a role was given or taken. */
CHECKED Err identity_store_session_step_down(Ctx *ctx, int64_t person_id);
CHECKED Err identity_store_session_end(Ctx *ctx, Str hash);
CHECKED Err identity_store_session_end_one(Ctx *ctx, int64_t id, int64_t person_id,
                                           int64_t *ret_changed);
/* All of a person but the one with that hash (empty: all). */
CHECKED Err identity_store_session_end_all(Ctx *ctx, int64_t person_id, Str but_hash);
/* Deletes rows that nobody can use any more. */
CHECKED Err identity_store_session_sweep(Ctx *ctx, int64_t person_id, int64_t created_before_ms);
CHECKED Err identity_store_session_list(Ctx *ctx, Str current_hash, int64_t created_after_ms,
                                        SessionList *ret);
/* derived.db: notes that the session is used now. */
CHECKED Err identity_store_seen_put(Ctx *ctx, int64_t session_id);
/* The same, only where it was used after the given time; *ret_changed 0: it was not. */
CHECKED Err identity_store_seen_move(Ctx *ctx, int64_t session_id, int64_t after_ms,
                                     int64_t *ret_changed);

CHECKED Err identity_store_invitation_insert(Ctx *ctx, Str hash, int64_t person_id,
                                             int64_t until_ms);
/* Earlier links of the person stop working. */
CHECKED Err identity_store_invitation_end_all(Ctx *ctx, int64_t person_id);
typedef struct InvitationRow {
    int64_t person_id, until_ms;
    int64_t ended_ms;   /* 0 while it may be used */
    bool is_in_service; /* the person */
    Str login, name;
} InvitationRow;
CHECKED Err identity_store_invitation_find(Ctx *ctx, Str hash, InvitationRow *ret, bool *ret_found);
CHECKED Err identity_store_invitation_use(Ctx *ctx, Str hash, int64_t *ret_changed);

typedef struct KeptAnswer {
    Str principal, route, key_hash, body_hash;
    int64_t status;
    Str type, location, body;
} KeptAnswer;
/* Fills body_hash and the answer of the row with that principal, route and key, made after the given time. */
CHECKED Err identity_store_key_find(Ctx *ctx, KeptAnswer *answer, int64_t made_after_ms,
                                    bool *ret_found);
/* *ret_changed 0: a row with that principal, route and key is there. */
CHECKED Err identity_store_key_insert(Ctx *ctx, const KeptAnswer *answer, int64_t *ret_changed);
CHECKED Err identity_store_key_sweep(Ctx *ctx, int64_t made_before_ms);

/* ---- tokens of programs: identity_store_token.c ---- */

CHECKED Err identity_store_token_insert(Ctx *ctx, const ApiToken *token, Str hash);
CHECKED Err identity_store_token_find(Ctx *ctx, Str hash, SessionRow *ret, bool *ret_found);
/* With their rights and, from derived.db, their last use. */
CHECKED Err identity_store_token_list(Ctx *ctx, int64_t person_id, ApiTokenList *ret);
CHECKED Err identity_store_token_end(Ctx *ctx, int64_t id, int64_t person_id, int64_t *ret_changed);
CHECKED Err identity_store_token_end_all(Ctx *ctx, int64_t person_id);
/* derived.db: notes that the token is used now. */
CHECKED Err identity_store_token_seen(Ctx *ctx, int64_t token_id);
/* Capabilities of the person's grants in force, by outlet and name. */
CHECKED Err identity_store_rights(Ctx *ctx, RightList *ret);

/* ---- the second step: identity_store_factor.c ---- */

typedef struct FactorRow {
    Str sealed;
    int64_t confirmed_ms, last_step, reset_ms, codes_left;
} FactorRow;
CHECKED Err identity_store_factor_get(Ctx *ctx, int64_t person_id, FactorRow *ret, bool *ret_found);
CHECKED Err identity_store_factor_is_any(Ctx *ctx, bool *ret);
/* *ret_changed 0: it is on. */
CHECKED Err identity_store_factor_begin(Ctx *ctx, int64_t person_id, Str sealed,
                                        int64_t *ret_changed);
CHECKED Err identity_store_factor_confirm(Ctx *ctx, int64_t person_id, int64_t step,
                                          int64_t *ret_changed);
/* Takes the code of a step: *ret_changed 0 when that step or a later one was taken. */
CHECKED Err identity_store_factor_step(Ctx *ctx, int64_t person_id, int64_t step,
                                       int64_t *ret_changed);
CHECKED Err identity_store_factor_end(Ctx *ctx, int64_t person_id, int64_t reset_ms,
                                      int64_t *ret_changed);
CHECKED Err identity_store_recovery_clear(Ctx *ctx, int64_t person_id);
CHECKED Err identity_store_recovery_insert(Ctx *ctx, int64_t person_id, Str hash);
CHECKED Err identity_store_recovery_use(Ctx *ctx, int64_t person_id, Str hash,
                                        int64_t *ret_changed);
/* Where the person is in service and the credential still `encoded`. */
CHECKED Err identity_store_ticket_insert(Ctx *ctx, Str hash, int64_t person_id, Str encoded,
                                         int64_t until_ms, int64_t *ret_changed);
/* Counts a try of a ticket of that login that is open and has some left. */
CHECKED Err identity_store_ticket_try(Ctx *ctx, Str hash, Str login, int64_t tries_max,
                                      CredentialRow *ret, bool *ret_found);
CHECKED Err identity_store_ticket_use(Ctx *ctx, Str hash, int64_t *ret_changed);
/* Of the person; and what is over of anybody's. */
CHECKED Err identity_store_ticket_end_all(Ctx *ctx, int64_t person_id);
CHECKED Err identity_store_ticket_sweep(Ctx *ctx);

/* ---- shared by the two ways to end a sign-in: identity_service_session.c, identity_service_factor.c ---- */

/* Inside the caller's transaction; *ret_changed 0: left, or another password, meanwhile. */
CHECKED Err identity_session_begin(Ctx *ctx, const CredentialRow *row, Str token,
                                   int64_t *ret_changed);
CHECKED Err identity_ticket_make(Ctx *ctx, const CredentialRow *row, Str encoded, Str *ret_ticket);

#endif
