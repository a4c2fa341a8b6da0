/*
 * features/identity/identity_service_session.c - signing in and out, sessions, tokens of programs.
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

static bool is_noted(int64_t id, int64_t now_ms, int64_t every_ms) {
    size_t slot = slot_of(id);

    pthread_mutex_lock(&noted.lock);
    bool is = noted.slots[slot].id == id && noted.slots[slot].at_ms + every_ms > now_ms &&
              noted.slots[slot].at_ms <= now_ms;
    pthread_mutex_unlock(&noted.lock);
    return is;
}

static void remember(int64_t id, int64_t now_ms) {
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
    if (is_noted(row->id, ctx->now_ms, every_ms))
        return OK;
    TRY(identity_store_seen_move(ctx, row->id, ctx->now_ms - idle_ms, &changed));
    if (!changed &&
        row->created_ms + idle_ms > ctx->now_ms) { /* new, or derived.db was made anew */
        TRY(identity_store_seen_put(ctx, row->id));
        changed = 1;
    }
    *ret_is_alive = changed > 0;
    if (changed)
        remember(row->id, ctx->now_ms);
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

/* The session and, where the cost was raised since, the password hashed anew: `better` is empty otherwise. */
static Err begin_session(Ctx *ctx, const CredentialRow *row, Str better, Str token) {
    int64_t old_ms = ctx->now_ms - config_int(ctx->config, CONFIG_SESSION_ABSOLUTE_MS);
    int64_t id = id_next(ctx), changed = 0;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    if (better.len)
        TRY(identity_store_credential_swap(ctx, row->person_id, row->encoded, better));
    TRY(identity_store_session_sweep(ctx, row->person_id, old_ms));
    TRY(identity_store_session_insert(ctx, id, token_hash_hex(ctx->arena, token), row->person_id,
                                      better.len ? better : row->encoded, &changed));
    if (!changed) /* left, or another password, while this one was checked */
        return wrong();
    return db_commit(&tx);
}

Err identity_sign_in(Ctx *ctx, Str login, Str password, Str *ret_session_token) {
    CredentialRow row = { 0 };
    Str stored, better = STR_EMPTY;
    Str token = token_new(ctx->arena, ctx->chance, SESSION_TOKEN_BYTES);
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
    TRY(begin_session(ctx, &row, better, token));
    log_sign_in(ctx, "identity.signed_in", &row);
    *ret_session_token = token;
    return OK;
}

Err identity_sign_out(Ctx *ctx, Str session_token) {
    return identity_store_session_end(ctx, token_hash_hex(ctx->arena, session_token));
}

Str identity_csrf(Ctx *ctx, Str session_token) {
    Hash mac = hash_hmac(session_token, S("liandong/csrf/v1"));

    return base64url_encode(ctx->arena, hash_str(&mac));
}

Err identity_step_up(Ctx *ctx, Str session_token, Str password, Str *ret_session_token) {
    Str token = token_new(ctx->arena, ctx->chance, SESSION_TOKEN_BYTES), encoded;
    int64_t changed = 0;

    TRY(identity_password_confirm(ctx, "password", password, &encoded));
    TRY(identity_store_session_renew(ctx, token_hash_hex(ctx->arena, session_token),
                                     token_hash_hex(ctx->arena, token), &changed));
    if (!changed)
        return FAIL(ERR_UNAUTHENTICATED, NULL, N_("Please sign in first."));
    *ret_session_token = token;
    return OK;
}

Err identity_sessions(Ctx *ctx, Str session_token, SessionList *ret) {
    return identity_store_session_list(
        ctx, token_hash_hex(ctx->arena, session_token),
        ctx->now_ms - config_int(ctx->config, CONFIG_SESSION_ABSOLUTE_MS), ret);
}

Err identity_end_other_sessions(Ctx *ctx, Str session_token) {
    return identity_store_session_end_all(ctx, ctx->person_id,
                                          token_hash_hex(ctx->arena, session_token));
}

/* ---- tokens of programs ---- */

Err token_make(Ctx *ctx, int64_t person_id, Str label, int64_t until_ms, Str *ret_token) {
    Str token = token_new(ctx->arena, ctx->chance, SESSION_TOKEN_BYTES), unused;
    ApiToken row = {
        .id = id_next(ctx), .person_id = person_id, .created_ms = ctx->now_ms, .until_ms = until_ms
    };
    Json *sealed = json_obj(ctx->arena);
    DB_TX(tx);

    TRY(identity_name(ctx, "label", label, TOKEN_LABEL_CHARS_MAX, &row.label, &unused));
    if (until_ms <= ctx->now_ms)
        return FAIL(ERR_INVALID, "until", N_("The end lies before the beginning."));
    TRY(db_begin(ctx, &tx));
    TRY(identity_require_over(ctx, person_id));
    TRY(identity_store_token_insert(ctx, &row, token_hash_hex(ctx->arena, token)));
    json_set(sealed, "label", json_str(ctx->arena, row.label));
    json_set(sealed, "until", json_int(ctx->arena, until_ms));
    TRY(ledger_append(ctx, "token.made", person_id, sealed));
    TRY(db_commit(&tx));
    *ret_token = token;
    return OK;
}

Err token_list(Ctx *ctx, int64_t person_id, ApiTokenList *ret) {
    return identity_store_token_list(ctx, person_id, ret);
}

Err token_end(Ctx *ctx, int64_t id) {
    int64_t changed = 0;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(identity_store_token_end(ctx, id, ctx->person_id, &changed));
    if (!changed)
        return FAIL(ERR_NOT_FOUND, NULL, N_("This token is not known or has ended."));
    TRY(ledger_append(ctx, "token.ended", ctx->person_id, json_obj(ctx->arena)));
    return db_commit(&tx);
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

static Err hook_bearer(Ctx *ctx, Str bearer_token) {
    SessionRow row;
    bool is_found = false;

    if (token_check(bearer_token).code == ERR_OK)
        TRY(identity_store_token_find(ctx, token_hash_hex(ctx->arena, bearer_token), &row,
                                      &is_found));
    if (!is_found)
        return FAIL(ERR_UNAUTHENTICATED, NULL, N_("This token is not known or has ended."));
    become(ctx, &row);
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
    .bearer = hook_bearer,
    .may = hook_may,
    .cap_name = hook_cap_name,
    .key_find = hook_key_find,
    .key_store = hook_key_store,
};
