/* features/identity/identity_service_password.c - passwords and the one-time links that set them. */
#include "base/id.h"
#include "base/utf8.h"
#include "conf/conf.h"
#include "db/db.h"
#include "features/identity/identity_store.h"
#include "ledger/ledger.h"
#include "sec/token.h"

Err identity_password_check(Ctx *ctx, Str password, Str login, Str name) {
    size_t chars;
    Str folded;

    if (!utf8_count(password, &chars))
        return FAIL(ERR_INVALID, "password",
                    N_("The text is not valid UTF-8, or holds control characters."));
    if (chars < PASSWORD_CHARS_MIN)
        return FAIL_ARGS(ERR_INVALID, "password", N_("A password has at least {0} characters."),
                         str_from_int(ctx->arena, PASSWORD_CHARS_MIN));
    if (chars > PASSWORD_CHARS_MAX)
        return FAIL_ARGS(ERR_LIMIT, "password", N_("At most {0} characters."),
                         str_from_int(ctx->arena, PASSWORD_CHARS_MAX));
    if (identity_login(ctx, password, &folded).code != ERR_OK)
        folded = password;
    if (str_eq(folded, login) || str_eq(password, name))
        return FAIL(ERR_INVALID, "password", N_("The password may not be the name itself."));
    return OK;
}

Err identity_password_put(Ctx *ctx, int64_t person_id, Str encoded, Str how) {
    Json *sealed = json_obj(ctx->arena);

    TRY(identity_store_credential_put(ctx, person_id, encoded));
    TRY(identity_store_session_end_all(ctx, person_id, STR_EMPTY));
    TRY(identity_store_invitation_end_all(ctx, person_id));
    TRY(identity_store_ticket_end_all(ctx, person_id)); /* given for the password before */
    json_set(sealed, "how", json_str(ctx->arena, how));
    return ledger_append(ctx, "password.set", person_id, sealed);
}

Err password_set_encoded(Ctx *ctx, int64_t person_id, Str encoded) {
    Person person;
    DB_TX(tx);

    if (!str_starts(encoded, S("$argon2id$")))
        return FAIL(ERR_INVALID, "password",
                    N_("The stored password cannot be read. Set a new one."));
    TRY(db_begin(ctx, &tx));
    TRY(person_get(ctx, person_id, &person));
    if (person.ended_ms)
        return FAIL(ERR_CONFLICT, NULL, N_("This person has left already."));
    TRY(identity_require_over(ctx, person_id));
    TRY(identity_password_put(ctx, person_id, encoded, S("set")));
    return db_commit(&tx);
}

Err password_set(Ctx *ctx, int64_t person_id, Str password) {
    Person person;
    Str encoded;

    TRY(person_get(ctx, person_id, &person));
    TRY(identity_password_check(ctx, password, person.login, person.name));
    TRY(identity_gate_hash(ctx, password, &encoded)); /* outside the transaction: it takes long */
    return password_set_encoded(ctx, person_id, encoded);
}

Err identity_password_confirm(Ctx *ctx, const char *field, Str password, Str *ret_encoded) {
    CredentialRow row;
    bool is_found, is_right;

    TRY(identity_store_credential_get(ctx, ctx->person_id, &row, &is_found));
    TRY(identity_gate_verify(ctx, is_found ? row.encoded : STR_EMPTY, password, &is_right));
    if (!is_right)
        return FAIL(ERR_INVALID, field, N_("This is not your password."));
    *ret_encoded = row.encoded;
    return OK;
}

Err person_has_password(Ctx *ctx, int64_t person_id, bool *ret) {
    CredentialRow row;
    bool is_found;

    TRY(identity_store_credential_get(ctx, person_id, &row, &is_found));
    *ret = is_found && row.encoded.len > 0;
    return OK;
}

/* Adds a session for ctx->person_id while its credential is still `encoded`. */
static Err open_session(Ctx *ctx, Str encoded, Str *ret_token) {
    Str token = token_new(ctx->arena, ctx->chance, SESSION_TOKEN_BYTES);
    int64_t id = id_next(ctx), changed = 0;

    TRY(identity_store_session_insert(ctx, id, token_hash_hex(ctx->arena, token), ctx->person_id,
                                      encoded, &changed));
    if (!changed)
        return FAIL(ERR_CONFLICT, NULL, N_("The password was changed meanwhile: sign in again."));
    *ret_token = token;
    return OK;
}

Err identity_password_change(Ctx *ctx, Str old, Str password, Str *ret_session_token) {
    Person person;
    Str before, encoded, token;
    DB_TX(tx);

    TRY(identity_require_session(ctx));
    TRY(person_get(ctx, ctx->person_id, &person));
    TRY(identity_password_check(ctx, password, person.login, person.name));
    TRY(identity_password_confirm(ctx, "old", old, &before));
    TRY(identity_gate_hash(ctx, password, &encoded));
    TRY(db_begin(ctx, &tx));
    TRY(identity_password_put(ctx, ctx->person_id, encoded, S("changed")));
    TRY(open_session(ctx, encoded, &token));
    TRY(db_commit(&tx));
    *ret_session_token = token;
    return OK;
}

/* ---- invitations ---- */

Err invitation_make(Ctx *ctx, int64_t person_id, Str *ret_token) {
    Str token = token_new(ctx->arena, ctx->chance, TOKEN_LINK_BYTES);
    Person person;
    int64_t until_ms = ctx->now_ms + config_int(ctx->config, CONFIG_INVITATION_VALID_MS);
    Json *sealed = json_obj(ctx->arena);
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(person_get(ctx, person_id, &person));
    if (person.ended_ms)
        return FAIL(ERR_CONFLICT, NULL, N_("This person has left already."));
    TRY(identity_require_over(ctx, person_id));
    TRY(identity_store_invitation_end_all(ctx, person_id));
    TRY(identity_store_invitation_insert(ctx, token_hash_hex(ctx->arena, token), person_id,
                                         until_ms));
    json_set(sealed, "until", json_int(ctx->arena, until_ms));
    TRY(ledger_append(ctx, "invitation.made", person_id, sealed));
    TRY(db_commit(&tx));
    *ret_token = token;
    return OK;
}

static Err find_invitation(Ctx *ctx, Str token, InvitationRow *ret) {
    bool is_found;

    TRY(identity_store_invitation_find(ctx, token_hash_hex(ctx->arena, token), ret, &is_found));
    if (!is_found)
        return FAIL(ERR_NOT_FOUND, NULL,
                    N_("This link is not known: copy it whole, or ask for another."));
    if (ret->ended_ms || ret->until_ms <= ctx->now_ms || !ret->is_in_service)
        return FAIL(ERR_GONE, NULL, N_("This link was used or has expired: ask for another."));
    return OK;
}

Err invitation_get(Ctx *ctx, Str token, Person *ret) {
    InvitationRow row;

    TRY(find_invitation(ctx, token, &row));
    return person_get(ctx, row.person_id, ret);
}

Err invitation_accept(Ctx *ctx, Str token, Str password, int64_t *ret_person_id) {
    InvitationRow row;
    Str encoded;
    int64_t changed = 0;
    DB_TX(tx);

    TRY(find_invitation(ctx, token, &row));
    TRY(identity_password_check(ctx, password, row.login, row.name));
    TRY(identity_gate_hash(ctx, password, &encoded));
    TRY(db_begin(ctx, &tx));
    TRY(identity_store_invitation_use(ctx, token_hash_hex(ctx->arena, token), &changed));
    if (!changed)
        return FAIL(ERR_GONE, NULL, N_("This link was used or has expired: ask for another."));
    /* who holds the link acts as the person it was made for */
    ctx->actor = ACTOR_PERSON;
    ctx->person_id = row.person_id;
    ctx->person_name = row.name;
    TRY(identity_password_put(ctx, row.person_id, encoded, S("invitation")));
    TRY(db_commit(&tx));
    *ret_person_id = row.person_id;
    return OK;
}
