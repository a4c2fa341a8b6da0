/* identity_service_grant.c - who may do what: dated grants of roles; knows neither HTTP nor SQL. */
#include <assert.h>

#include "base/id.h"
#include "db/db.h"
#include "features/identity/identity_store.h"
#include "ledger/ledger.h"
#include "queue/event.h"

/* ---- capabilities ---- */

Str identity_cap_name(Cap cap) {
    switch (cap) {
    case CAP_FILE:
        return S("file");
    case CAP_DRAFTS:
        return S("drafts");
    case CAP_RELEASE:
        return S("release");
    case CAP_CORRECT:
        return S("correct");
    case CAP_WITHDRAW:
        return S("withdraw");
    case CAP_MEDIA:
        return S("media");
    case CAP_IMPORT_STORIES:
        return S("import_stories");
    case CAP_REVIEW_FIRST:
        return S("review_first");
    case CAP_REVIEW_SECOND:
        return S("review_second");
    case CAP_REVIEW_FINAL:
        return S("review_final");
    case CAP_PROOFREAD:
        return S("proofread");
    case CAP_FEEDS:
        return S("subscriptions");
    case CAP_ANSWER:
        return S("answer");
    case CAP_HANDOVER:
        return S("hand_over");
    case CAP_REGISTER:
        return S("register");
    case CAP_PEOPLE:
        return S("people");
    case CAP_SETTINGS:
        return S("settings");
    case CAP_JOBS:
        return S("jobs");
    case CAP_RULES:
        return S("rules");
    case CAP_END:
        break;
    }
    return STR_EMPTY;
}

/* The command line runs the house and writes nothing in it: no content rights (ground-rules.md). */
static bool operator_may(Cap cap) {
    return cap == CAP_REGISTER || cap == CAP_PEOPLE || cap == CAP_SETTINGS || cap == CAP_JOBS ||
           cap == CAP_IMPORT_STORIES || cap == CAP_FEEDS;
}

static Err may(Ctx *ctx, Cap cap, int64_t outlet_id, bool *ret, Str *ret_role) {
    Str name = identity_cap_name(cap), role = STR_EMPTY;

    if (name.len == 0)
        return FAIL(ERR_BUG, NULL, N_("The program asks for a capability that there is not."));
    if (ctx->actor == ACTOR_OPERATOR && operator_may(cap))
        role = S("operator");
    else if (ctx->actor == ACTOR_PERSON)
        TRY(identity_store_may(ctx, name, outlet_id, &role));
    *ret = role.len > 0;
    if (role.len > 0)
        *ret_role = role;
    return OK;
}

Err identity_may(Ctx *ctx, Cap cap, int64_t outlet_id, bool *ret, Str *ret_role) {
    assert(outlet_id >= 0);
    return may(ctx, cap, outlet_id, ret, ret_role);
}

Err identity_may_anywhere(Ctx *ctx, Cap cap, bool *ret, Str *ret_role) {
    return may(ctx, cap, cap < CAP_REGISTER ? GRANT_ANYWHERE : 0, ret, ret_role);
}

Err identity_outlets_with(Ctx *ctx, Cap cap, int64_t **ret_ids, size_t *ret_count) {
    if (ctx->actor != ACTOR_PERSON) {
        *ret_ids = NULL;
        *ret_count = 0;
        return OK;
    }
    return identity_store_outlets_with(ctx, identity_cap_name(cap), ret_ids, ret_count);
}

/* ---- who stands above whom ---- */

Err identity_require_administrator(Ctx *ctx) {
    bool is_administrator;
    Str role;

    if (ctx->actor != ACTOR_PERSON)
        return OK; /* the operator, a job, or a link that was given to its holder */
    TRY(identity_may(ctx, CAP_SETTINGS, 0, &is_administrator, &role));
    if (!is_administrator)
        return FAIL(ERR_FORBIDDEN, NULL,
                    N_("Only an administrator can do this to a role of the whole alliance."));
    ctx->role = role;
    return OK;
}

Err identity_require_over(Ctx *ctx, int64_t person_id) {
    GrantList grants;

    if (ctx->actor != ACTOR_PERSON || ctx->person_id == person_id)
        return OK;
    TRY(identity_store_grant_of_person(ctx, person_id, true, &grants));
    for (size_t i = 0; i < grants.len; i++)
        if (grants.items[i].outlet_id == 0)
            return identity_require_administrator(ctx);
    return OK;
}

/* ---- grants ---- */

/* Roles of an outlet need one, roles of the alliance refuse one, 总编 takes both. */
static Err check_role(Ctx *ctx, Str role, int64_t outlet_id) {
    Str scope;

    TRY(identity_store_role_scope(ctx, role, &scope));
    if (scope.len == 0)
        return FAIL(ERR_INVALID, "role", N_("There is no such role."));
    if (outlet_id == 0 && str_eq(scope, S("outlet")))
        return FAIL(ERR_INVALID, "outlet", N_("This role is held at an outlet: name it."));
    if (outlet_id != 0 && str_eq(scope, S("alliance")))
        return FAIL(ERR_INVALID, "outlet",
                    N_("This role is for the whole alliance, not for one outlet."));
    return OK;
}

static Err check_times(const Ctx *ctx, const Grant *grant) {
    /* What was entered before there was this program comes by import, whose entry says so. */
    if (ctx->actor == ACTOR_PERSON && grant->from_ms < ctx->now_ms)
        return REFUSE(13, N_("A grant cannot begin in the past."));
    if (grant->until_ms != 0 && grant->until_ms <= grant->from_ms)
        return FAIL(ERR_INVALID, "until", N_("The end lies before the beginning."));
    return OK;
}

static Err seal_grant(Ctx *ctx, const char *kind, const Grant *grant) {
    Json *sealed = json_obj(ctx->arena);

    json_set(sealed, "grant", json_id(ctx->arena, grant->id));
    json_set(sealed, "name", json_str(ctx->arena, grant->person_name));
    json_set(sealed, "role", json_str(ctx->arena, grant->role));
    json_set(sealed, "outlet", json_id(ctx->arena, grant->outlet_id));
    json_set(sealed, "from", json_int(ctx->arena, grant->from_ms));
    json_set(sealed, "until", json_int(ctx->arena, grant->until_ms));
    return ledger_append(ctx, kind, grant->person_id, sealed);
}

Err identity_tell(Ctx *ctx, const char *name, int64_t person_id, int64_t outlet_id) {
    Json *facts = json_obj(ctx->arena);
    EventTags tags = { 0 };

    json_set(facts, "person_id", json_id(ctx->arena, person_id));
    event_tag(ctx->arena, &tags, "outlets", 0);
    event_tag(ctx->arena, &tags, outlet_id ? "outlet" : "site", outlet_id);
    return event_emit(ctx, name, person_id, facts, event_tag_list(&tags));
}

static Err check_grant(Ctx *ctx, Grant *grant) {
    Person person;
    bool overlaps;

    TRY(person_get(ctx, grant->person_id, &person));
    if (person.ended_ms)
        return FAIL(ERR_CONFLICT, NULL, N_("This person has left already."));
    grant->person_name = person.name;
    TRY(identity_store_grant_overlaps(ctx, grant, &overlaps));
    if (overlaps)
        return FAIL(ERR_CONFLICT, "role", N_("This person holds that role in that time already."));
    if (grant->outlet_id == 0)
        TRY(identity_require_administrator(ctx));
    return OK;
}

Err grant_give(Ctx *ctx, int64_t person_id, Str role, int64_t outlet_id, int64_t from_ms,
               int64_t until_ms, int64_t *ret_id) {
    Grant grant = { .id = id_next(ctx),
                    .person_id = person_id,
                    .role = role,
                    .outlet_id = outlet_id,
                    .from_ms = from_ms ? from_ms : ctx->now_ms,
                    .until_ms = until_ms };
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(check_role(ctx, role, outlet_id));
    TRY(check_times(ctx, &grant));
    TRY(check_grant(ctx, &grant));
    TRY(identity_store_grant_insert(ctx, &grant));
    TRY(identity_store_session_step_down(ctx, person_id));
    TRY(seal_grant(ctx, "grant.given", &grant));
    TRY(identity_tell(ctx, "grant.given", person_id, outlet_id));
    TRY(db_commit(&tx));

    if (ret_id)
        *ret_id = grant.id;
    return OK;
}

Err grant_end(Ctx *ctx, int64_t grant_id) {
    Grant grant;
    bool is_found;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(identity_store_grant_get(ctx, grant_id, &grant, &is_found));
    if (!is_found)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such grant."));
    if (grant.until_ms != 0 && grant.until_ms <= ctx->now_ms)
        return FAIL(ERR_CONFLICT, NULL, N_("This grant has ended already."));
    if (grant.outlet_id == 0)
        TRY(identity_require_administrator(ctx));
    /* One that was to begin later never does: it ends at its beginning. */
    grant.until_ms = grant.from_ms > ctx->now_ms ? grant.from_ms : ctx->now_ms;
    TRY(identity_store_grant_end(ctx, grant_id, grant.until_ms));
    TRY(identity_store_session_step_down(ctx, grant.person_id));
    TRY(seal_grant(ctx, "grant.ended", &grant));
    TRY(identity_tell(ctx, "grant.ended", grant.person_id, grant.outlet_id));
    return db_commit(&tx);
}

Err grant_of_person(Ctx *ctx, int64_t person_id, GrantList *ret) {
    return identity_store_grant_of_person(ctx, person_id, false, ret);
}

Err grant_list_of_person(Ctx *ctx, int64_t person_id, GrantList *ret) {
    return identity_store_grant_of_person(ctx, person_id, true, ret);
}

Err grant_of_outlet(Ctx *ctx, int64_t outlet_id, GrantList *ret) {
    return identity_store_grant_of_outlet(ctx, outlet_id, ret);
}

Err identity_colleagues(Ctx *ctx, Cap cap, int64_t outlet_id, ColleagueList *ret) {
    assert(cap >= CAP_FILE && cap < CAP_REGISTER && outlet_id > 0);
    return identity_store_colleagues(ctx, identity_cap_name(cap), outlet_id, ret);
}

Err grant_has_role(Ctx *ctx, int64_t outlet_id, Str role, bool *ret) {
    return identity_store_grant_has_role(ctx, outlet_id, role, ret);
}

Err grant_people_of_outlets(Ctx *ctx, const int64_t *ids, size_t count, OutletPersonList *ret) {
    assert(count >= 1 && count <= OUTLET_PEOPLE_IDS_MAX);
    return identity_store_people_of_outlets(ctx, ids, count, ret);
}

Err role_list(Ctx *ctx, RoleList *ret) {
    return identity_store_role_list(ctx, ret);
}

Err identity_is_empty(Ctx *ctx, bool *ret) {
    bool is_known;

    TRY(identity_store_grant_is_known(ctx, S("管理员"), &is_known));
    *ret = !is_known;
    return OK;
}
