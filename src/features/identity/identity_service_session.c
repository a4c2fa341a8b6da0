/*
 * features/identity/identity_service_session.c - signing in and out, sessions, the hooks of http/.
 * Shared: `noted`, when a session's use was last written down, under its lock; a guess is enough.
 */
#include <pthread.h>

#include "base/id.h"
#include "base/log.h"
#include "base/utf8.h"
#include "conf/conf.h"
#include "db/db.h"
#include "features/identity/identity_store.h"
#include "ledger/ledger.h"
#include "sec/hash.h"
#include "sec/token.h"

enum { NOTED_SLOTS = 1024 };
static const int64_t NOTE_EVERY_MS = 10 * 60 * 1000;
static const int64_t KEY_KEPT_MS = INT64_C(24) * 3600 * 1000;

static struct {
    pthread_mutex_t lock;
    struct {
        int64_t id, at_ms;
    } slots[NOTED_SLOTS];
} noted = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* The low bits of an id count within one ms and are nearly always 0: the bits above are mixed in. */
static size_t slot_of(int64_t id) {
    return (size_t)((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15) >> 40) % NOTED_SLOTS;
}

bool identity_is_noted(int64_t id, int64_t now_ms, int64_t every_ms) {
    size_t slot = slot_of(id);

    pthread_mutex_lock(&noted.lock);
    bool is = noted.slots[slot].id == id && noted.slots[slot].at_ms + every_ms > now_ms &&
              noted.slots[slot].at_ms <= now_ms;
    pthread_mutex_unlock(&noted.lock);
    return is;
}

void identity_noted(int64_t id, int64_t now_ms) {
    size_t slot = slot_of(id);

    pthread_mutex_lock(&noted.lock);
    noted.slots[slot].id = id;
    noted.slots[slot].at_ms = now_ms;
    pthread_mutex_unlock(&noted.lock);
}

/* Writes at most every ten minutes that the session is in use; false when it lay idle too long. */
static Err note_use(Ctx *ctx, const SessionRow *row, bool *ret_is_alive) {
    int64_t idle_ms = config_int(ctx->config, CONFIG_SESSION_IDLE_MS), changed = 0;
    /* Well below the idle time, which may be set as short as a minute. */
    int64_t every_ms = idle_ms / 6 < NOTE_EVERY_MS ? idle_ms / 6 : NOTE_EVERY_MS;

    *ret_is_alive = true;
    if (identity_is_noted(row->id, ctx->now_ms, every_ms))
        return OK;
    TRY(identity_store_seen_move(ctx, row->id, ctx->now_ms - idle_ms, &changed));
    if (!changed &&
        row->created_ms + idle_ms > ctx->now_ms) { /* new, or derived.db was made anew */
        TRY(identity_store_seen_put(ctx, row->id));
        changed = 1;
    }
    *ret_is_alive = changed > 0;
    if (changed)
        identity_noted(row->id, ctx->now_ms);
    return OK;
}

static Err wrong(void) {
    return FAIL(ERR_UNAUTHENTICATED, "password", N_("Name or password are wrong."));
}

/* What the security log says of a sign-in: the account, never the address, and never a mistyped name. */
static void log_sign_in(Ctx *ctx, const char *event, const CredentialRow *row) {
    Str account = row->person_id ? str_from_int(ctx->arena, row->person_id) : S("unknown");

    log_line(ctx, LOG_INFO, event, LOG_FIELDS({ "account", account }));
}

Err identity_session_begin(Ctx *ctx, const CredentialRow *row, Str token, int64_t *ret_changed) {
    int64_t old_ms = ctx->now_ms - config_int(ctx->config, CONFIG_SESSION_ABSOLUTE_MS);

    TRY(identity_store_session_sweep(ctx, row->person_id, old_ms));
    return identity_store_session_insert(ctx, id_next(ctx), token_hash_hex(ctx->arena, token),
                                         row->person_id, row->encoded, ret_changed);
}

/*
 * The session, or the ticket for the second step; and, where the cost was raised since, the password hashed anew:
 * `better` is empty otherwise.
 */
static Err begin(Ctx *ctx, CredentialRow *row, Str better, SignIn *ret) {
    SignIn made = { .session_token = STR_EMPTY, .ticket = STR_EMPTY, .login = row->login };
    int64_t changed = 1;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    if (better.len) {
        TRY(identity_store_credential_swap(ctx, row->person_id, row->encoded, better));
        row->encoded = better;
    }
    if (row->has_factor) {
        TRY(identity_ticket_make(ctx, row, row->encoded, &made.ticket));
    } else {
        made.session_token = token_new(ctx->arena, ctx->chance, SESSION_TOKEN_BYTES);
        TRY(identity_session_begin(ctx, row, made.session_token, &changed));
    }
    if (!changed) /* left, or another password, while this one was checked */
        return wrong();
    TRY(db_commit(&tx));
    *ret = made;
    return OK;
}

Err identity_sign_in(Ctx *ctx, Str login, Str password, SignIn *ret) {
    CredentialRow row = { 0 };
    Str stored, better = STR_EMPTY;
    bool is_found = false, is_right;

    if (identity_login(ctx, login, &stored).code != ERR_OK)
        stored = STR_EMPTY; /* nobody's, but asked for all the same: equal work */
    TRY(identity_store_credential_by_login(ctx, stored, &row, &is_found));
    TRY(identity_gate_verify(ctx, is_found ? row.encoded : STR_EMPTY, password, &is_right));
    if (!is_right) {
        log_sign_in(ctx, "identity.sign_in_failed", &row);
        return wrong();
    }
    if (!identity_gate_is_current(ctx, row.encoded))
        TRY(identity_gate_hash(ctx, password, &better)); /* before the transaction: it takes long */
    TRY(begin(ctx, &row, better, ret));
    log_sign_in(ctx, row.has_factor ? "identity.password_given" : "identity.signed_in", &row);
    return OK;
}

Err identity_sign_out(Ctx *ctx, Str session_token) {
    return identity_store_session_end(ctx, token_hash_hex(ctx->arena, session_token));
}

Str identity_csrf(Ctx *ctx, Str session_token) {
    Hash mac = hash_hmac(session_token, S("liandong/csrf/v1"));

    return base64url_encode(ctx->arena, hash_str(&mac));
}

static Err renew(Ctx *ctx, Str session_token, Str token) {
    int64_t changed = 0;

    TRY(identity_store_session_renew(ctx, token_hash_hex(ctx->arena, session_token),
                                     token_hash_hex(ctx->arena, token), &changed));
    return changed ? OK : FAIL(ERR_UNAUTHENTICATED, NULL, N_("Please sign in first."));
}

/* The code is taken and the session renewed together, or neither. */
static Err renew_by_code(Ctx *ctx, Str session_token, Str code, Str token) {
    bool is_right;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(identity_factor_code(ctx, ctx->person_id, code, &is_right));
    if (!is_right)
        return FAIL(ERR_INVALID, "code", N_("This code is wrong or was used before."));
    TRY(renew(ctx, session_token, token));
    return db_commit(&tx);
}

Err identity_step_up(Ctx *ctx, Str session_token, Str password, Str code, Str *ret_session_token) {
    Str token = token_new(ctx->arena, ctx->chance, SESSION_TOKEN_BYTES), encoded;

    if (code.len) {
        TRY(renew_by_code(ctx, session_token, code, token));
    } else {
        TRY(identity_password_confirm(ctx, "password", password, &encoded));
        TRY(renew(ctx, session_token, token));
    }
    *ret_session_token = token;
    return OK;
}

Err identity_sessions(Ctx *ctx, Str session_token, SessionList *ret) {
    return identity_store_session_list(
        ctx, token_hash_hex(ctx->arena, session_token),
        ctx->now_ms - config_int(ctx->config, CONFIG_SESSION_ABSOLUTE_MS), ret);
}

Err identity_end_other_sessions(Ctx *ctx, Str session_token) {
    TRY(identity_require_session(ctx));
    return identity_store_session_end_all(ctx, ctx->person_id,
                                          token_hash_hex(ctx->arena, session_token));
}

Err identity_end_session(Ctx *ctx, int64_t id) {
    int64_t changed = 0;

    TRY(identity_require_session(ctx));
    TRY(identity_store_session_end_one(ctx, id, ctx->person_id, &changed));
    return changed ? OK : FAIL(ERR_NOT_FOUND, NULL, N_("This session has ended already."));
}

/* ---- hooks of http/server.h ---- */

static void become(Ctx *ctx, const SessionRow *row) {
    ctx->actor = ACTOR_PERSON;
    ctx->person_id = row->person_id;
    ctx->person_name = row->person_name;
}

static Err hook_session(Ctx *ctx, Str session_token, Str *ret_csrf) {
    int64_t absolute_ms = config_int(ctx->config, CONFIG_SESSION_ABSOLUTE_MS);
    SessionRow row;
    bool is_found = false, is_alive = false;

    if (token_check(session_token).code == ERR_OK)
        TRY(identity_store_session_find(ctx, token_hash_hex(ctx->arena, session_token),
                                        ctx->now_ms - absolute_ms, &row, &is_found));
    if (is_found)
        TRY(note_use(ctx, &row, &is_alive));
    *ret_csrf = STR_EMPTY;
    if (!is_alive)
        return OK;
    become(ctx, &row);
    ctx->is_stepped_up =
        row.stepped_up_ms + config_int(ctx->config, CONFIG_SESSION_STEP_UP_MS) > ctx->now_ms;
    *ret_csrf = identity_csrf(ctx, session_token);
    return OK;
}

static Err hook_may(Ctx *ctx, int cap, bool is_per_outlet, bool *ret) {
    Str role;

    if (is_per_outlet)
        TRY(identity_may(ctx, (Cap)cap, ctx->outlet_id, ret, &role));
    else
        TRY(identity_may_anywhere(ctx, (Cap)cap, ret, &role));
    if (*ret)
        ctx->role = role;
    /* The password was fresh when this right was ticked for the token; it holds for nothing else. */
    if (*ret && ctx->token_id && cap == CAP_RELEASE)
        ctx->is_stepped_up = true;
    return OK;
}

static KeptAnswer key_row(Ctx *ctx, Str key, Str route, Str body_hash) {
    return (KeptAnswer){ .principal = ctx->actor == ACTOR_OPERATOR
                                          ? S("operator")
                                          : str_from_int(ctx->arena, ctx->person_id),
                         .route = route,
                         .key_hash = token_hash_hex(ctx->arena, key),
                         .body_hash = body_hash };
}

static Err hook_key_find(Ctx *ctx, Str key, Str route, Str body_hash, bool *ret_found,
                         int *ret_status, Str *ret_type, Str *ret_location, Str *ret_body) {
    KeptAnswer row = key_row(ctx, key, route, body_hash);
    Str asked = row.body_hash;

    TRY(identity_store_key_find(ctx, &row, ctx->now_ms - KEY_KEPT_MS, ret_found));
    if (!*ret_found)
        return OK;
    if (!str_eq(asked, row.body_hash))
        return FAIL(ERR_INVALID, "idempotency_key", N_("This key came with another body before."));
    *ret_status = (int)row.status;
    *ret_type = row.type;
    *ret_location = row.location;
    *ret_body = row.body;
    return OK;
}

static Err hook_key_store(Ctx *ctx, Str key, Str route, Str body_hash, int status, Str type,
                          Str location, Str body) {
    KeptAnswer row = key_row(ctx, key, route, body_hash);

    row.status = status;
    row.type = type;
    row.location = location;
    row.body = body;
    int64_t changed = 0;
    TRY(identity_store_key_sweep(ctx, ctx->now_ms - KEY_KEPT_MS));
    TRY(identity_store_key_insert(ctx, &row, &changed));
    if (!changed) /* two at once under one key: the first one's answer stands */
        return FAIL(ERR_CONFLICT, "idempotency_key",
                    N_("The same request is being answered already. Ask again for its answer."));
    return OK;
}

static Str hook_cap_name(int cap) {
    return identity_cap_name((Cap)cap);
}

const HttpHooks identity_hooks = {
    .session = hook_session,
    .bearer = identity_bearer,
    .may = hook_may,
    .cap_name = hook_cap_name,
    .key_find = hook_key_find,
    .key_store = hook_key_store,
};
