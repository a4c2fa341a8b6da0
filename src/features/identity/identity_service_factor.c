/*
 * identity_service_factor.c - the second step of signing in: one-time codes by time, recovery codes. `box` is set once,
 * before any thread starts, and never changed after.
 */
#include "base/id.h"
#include "base/log.h"
#include "base/percent.h"
#include "conf/conf.h"
#include "db/db.h"
#include "features/identity/identity_store.h"
#include "features/site/site.h"
#include "ledger/ledger.h"
#include "sec/box.h"
#include "sec/hash.h"
#include "sec/token.h"
#include "sec/totp.h"

static const BoxKey *box;

#define TABLE S("factor") /* whose rows the wrapped seeds belong to */

void identity_use_box(const BoxKey *key) {
    box = key;
}

Err identity_has_wrapped(Ctx *ctx, bool *ret) {
    return identity_store_factor_is_any(ctx, ret);
}

Err identity_require_session(const Ctx *ctx) {
    if (ctx->token_id != 0)
        return FAIL(ERR_FORBIDDEN, NULL,
                    N_("A program's token cannot do this: sign in and do it yourself."));
    return OK;
}

static Err no_box(void) {
    return FAIL(ERR_IO, NULL,
                N_("A stored secret does not open: put back the copy of keys/box.key that belongs "
                   "to this database."));
}

static Err open_seed(Ctx *ctx, int64_t person_id, const FactorRow *row, Str *ret) {
    if (!box || box->number == 0)
        return no_box();
    return box_open(ctx->arena, box, TABLE, person_id, row->sealed, ret);
}

/* ---- checking one ---- */

Err identity_factor_code(Ctx *ctx, int64_t person_id, Str code, bool *ret_is_right) {
    FactorRow row;
    Str seed;
    bool is_found;
    int64_t step, changed = 0;

    TRY(identity_store_factor_get(ctx, person_id, &row, &is_found));
    if (is_found && row.confirmed_ms > 0) {
        TRY(open_seed(ctx, person_id, &row, &seed));
        if (totp_check(seed, code, ctx->now_ms, row.last_step, &step)) /* 0: another was faster */
            TRY(identity_store_factor_step(ctx, person_id, step, &changed));
    }
    *ret_is_right = changed > 0;
    return OK;
}

/* Of 80 random bits: a fast hash is enough. The person is its key, so that no two hold the same row. */
static Str code_hash(Ctx *ctx, int64_t person_id, Str code) {
    Str key = str_format(ctx->arena, "liandong/recovery/v1:%lld", (long long)person_id);
    Hash mac = hash_hmac(key, code);

    return hex_encode(ctx->arena, hash_str(&mac));
}

static Err use_recovery(Ctx *ctx, int64_t person_id, Str code, bool *ret_is_right) {
    int64_t changed = 0;

    TRY(identity_store_recovery_use(ctx, person_id, code_hash(ctx, person_id, code), &changed));
    *ret_is_right = changed > 0;
    return OK;
}

/* ---- signing in, the second step ---- */

static Err begin_again(void) {
    return FAIL(ERR_UNAUTHENTICATED, "code",
                N_("This sign-in took too long or was tried too often. Begin again."));
}

static Err wrong_code(void) {
    return FAIL(ERR_UNAUTHENTICATED, "code", N_("This code is wrong or was used before."));
}

static void log_factor(Ctx *ctx, const char *event, int64_t person_id) {
    log_line(ctx, LOG_INFO, event, LOG_FIELDS({ "account", str_from_int(ctx->arena, person_id) }));
}

Err identity_ticket_make(Ctx *ctx, const CredentialRow *row, Str encoded, Str *ret_ticket) {
    Str ticket = token_new(ctx->arena, ctx->chance, SESSION_TOKEN_BYTES);
    int64_t changed = 0;

    TRY(identity_store_ticket_sweep(ctx));
    TRY(identity_store_ticket_insert(ctx, token_hash_hex(ctx->arena, ticket), row->person_id,
                                     encoded, ctx->now_ms + TICKET_VALID_MS, &changed));
    if (!changed)
        return begin_again();
    *ret_ticket = ticket;
    return OK;
}

/* The rest of the sign-in, in one transaction: the code is used, the ticket is gone, the session begins. */
static Err enter(Ctx *ctx, const CredentialRow *row, Str ticket_hash, Str code, Str token) {
    Str recovery = token_read_code(ctx->arena, code);
    int64_t changed = 0;
    bool is_right;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    if (recovery.len)
        TRY(use_recovery(ctx, row->person_id, recovery, &is_right));
    else
        TRY(identity_factor_code(ctx, row->person_id, code, &is_right));
    if (!is_right)
        return wrong_code();
    TRY(identity_store_ticket_use(ctx, ticket_hash, &changed));
    if (!changed)
        return begin_again();
    TRY(identity_session_begin(ctx, row, token, &changed));
    if (!changed)
        return begin_again();
    TRY(db_commit(&tx));
    if (recovery.len)
        log_factor(ctx, "identity.recovery_used", row->person_id);
    return OK;
}

Err identity_sign_in_code(Ctx *ctx, Str ticket, Str login, Str code, Str *ret_session_token) {
    Str token = token_new(ctx->arena, ctx->chance, SESSION_TOKEN_BYTES);
    Str hash = token_hash_hex(ctx->arena, ticket);
    CredentialRow row;
    bool is_found;

    /* Counted before it is looked at, in a commit of its own: a guess stays counted. */
    TRY(identity_store_ticket_try(ctx, hash, login, TICKET_TRIES, &row, &is_found));
    if (!is_found)
        return begin_again();
    Err err = enter(ctx, &row, hash, code, token);
    if (err.code == ERR_UNAUTHENTICATED)
        log_factor(ctx, "identity.code_failed", row.person_id);
    TRY(err);
    log_factor(ctx, "identity.signed_in", row.person_id);
    *ret_session_token = token;
    return OK;
}

/* ---- setting it up ---- */

static Err get_own(Ctx *ctx, FactorRow *ret) {
    bool is_found;

    TRY(identity_require_session(ctx));
    TRY(identity_store_factor_get(ctx, ctx->person_id, ret, &is_found));
    if (!is_found)
        *ret = (FactorRow){ 0 };
    return OK;
}

Err factor_get(Ctx *ctx, int64_t person_id, Factor *ret) {
    FactorRow row = { 0 };
    bool is_found;

    TRY(identity_store_factor_get(ctx, person_id, &row, &is_found));
    *ret = (Factor){ .is_on = is_found && row.confirmed_ms > 0,
                     .is_begun = is_found && row.confirmed_ms == 0 && row.sealed.len > 0,
                     .confirmed_ms = row.confirmed_ms,
                     .reset_ms = row.reset_ms,
                     .codes_left = row.codes_left };
    return OK;
}

static Err is_on_already(void) {
    return FAIL(ERR_CONFLICT, NULL, N_("The second step is on already: turn it off first."));
}

static Err is_off(void) {
    return FAIL(ERR_CONFLICT, NULL, N_("The second step is not on."));
}

Err factor_begin(Ctx *ctx) {
    int64_t changed = 0;

    TRY(identity_require_session(ctx));
    if (!box || box->number == 0)
        return no_box();
    Str seed = totp_seed_new(ctx->arena, ctx->chance);
    Str sealed = box_seal(ctx->arena, ctx->chance, box, TABLE, ctx->person_id, seed);
    TRY(identity_store_factor_begin(ctx, ctx->person_id, sealed, &changed));
    return changed ? OK : is_on_already();
}

Err factor_secret(Ctx *ctx, Str *ret_secret, Str *ret_uri) {
    FactorRow row;
    Person person;
    Site site;
    Str seed;

    TRY(get_own(ctx, &row));
    if (row.confirmed_ms > 0)
        return is_on_already();
    if (row.sealed.len == 0)
        return is_off();
    TRY(open_seed(ctx, ctx->person_id, &row, &seed));
    TRY(person_get(ctx, ctx->person_id, &person));
    Err err = site_get(ctx, &site);
    if (err.code != ERR_OK && err.code != ERR_NOT_FOUND)
        return err;
    Str issuer = percent_encode(ctx->arena, err.code == ERR_OK ? site.name : S("Liandong"));
    *ret_secret = totp_secret_text(ctx->arena, seed);
    *ret_uri = str_format(ctx->arena, "otpauth://totp/%.*s:%.*s?secret=%.*s&issuer=%.*s",
                          STR_ARG(issuer), STR_ARG(percent_encode(ctx->arena, person.login)),
                          STR_ARG(*ret_secret), STR_ARG(issuer));
    return OK;
}

/* New ones in place of all earlier; inside the caller's transaction. */
static Err make_codes(Ctx *ctx, StrList *ret) {
    StrList codes = { .items = arena_array(ctx->arena, RECOVERY_CODES, sizeof(Str)) };

    TRY(identity_store_recovery_clear(ctx, ctx->person_id));
    for (; codes.len < RECOVERY_CODES; codes.len++) {
        Str code = token_new_code(ctx->arena, ctx->chance);
        codes.items[codes.len] = code;
        TRY(identity_store_recovery_insert(ctx, ctx->person_id,
                                           code_hash(ctx, ctx->person_id, code)));
    }
    *ret = codes;
    return OK;
}

Err factor_confirm(Ctx *ctx, Str code, StrList *ret_codes) {
    FactorRow row;
    Str seed;
    StrList codes;
    int64_t step, changed = 0;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(get_own(ctx, &row));
    if (row.confirmed_ms > 0)
        return is_on_already();
    if (row.sealed.len == 0)
        return is_off();
    TRY(open_seed(ctx, ctx->person_id, &row, &seed));
    if (!totp_check(seed, code, ctx->now_ms, 0, &step))
        return FAIL(ERR_INVALID, "code",
                    N_("This code is wrong. Is the clock of the telephone right?"));
    TRY(identity_store_factor_confirm(ctx, ctx->person_id, step, &changed));
    if (!changed)
        return is_on_already();
    TRY(make_codes(ctx, &codes));
    TRY(ledger_append(ctx, "factor.set", ctx->person_id, json_obj(ctx->arena)));
    TRY(db_commit(&tx));
    *ret_codes = codes;
    return OK;
}

Err factor_codes_renew(Ctx *ctx, StrList *ret_codes) {
    FactorRow row;
    StrList codes;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(get_own(ctx, &row));
    if (row.confirmed_ms == 0)
        return is_off();
    TRY(make_codes(ctx, &codes));
    TRY(ledger_append(ctx, "factor.codes", ctx->person_id, json_obj(ctx->arena)));
    TRY(db_commit(&tx));
    *ret_codes = codes;
    return OK;
}

/* ---- and away ---- */

static Err take_away(Ctx *ctx, int64_t person_id, int64_t reset_ms) {
    int64_t changed = 0;

    TRY(identity_store_factor_end(ctx, person_id, reset_ms, &changed));
    if (!changed)
        return is_off();
    TRY(identity_store_recovery_clear(ctx, person_id));
    return identity_store_ticket_end_all(ctx, person_id);
}

Err factor_end(Ctx *ctx) {
    DB_TX(tx);

    TRY(identity_require_session(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(take_away(ctx, ctx->person_id, 0));
    TRY(ledger_append(ctx, "factor.ended", ctx->person_id, json_obj(ctx->arena)));
    return db_commit(&tx);
}

Err factor_reset(Ctx *ctx, int64_t person_id) {
    Person person;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(person_get(ctx, person_id, &person));
    TRY(identity_require_over(ctx, person_id));
    TRY(take_away(ctx, person_id, ctx->now_ms));
    TRY(identity_store_session_end_all(ctx, person_id, STR_EMPTY));
    TRY(ledger_append(ctx, "factor.reset", person_id, json_obj(ctx->arena)));
    TRY(identity_tell(ctx, "factor.reset", person_id, 0));
    return db_commit(&tx);
}
