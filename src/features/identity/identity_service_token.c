/* identity_service_token.c - tokens of programs: some of a person's own rights, until a day. */
#include "base/id.h"
#include "db/db.h"
#include "features/identity/identity_store.h"
#include "ledger/ledger.h"
#include "sec/token.h"
#include "view/catalogue.h"

static const int64_t NOTE_EVERY_MS = 10 * 60 * 1000;

Err identity_rights(Ctx *ctx, RightList *ret) {
    return identity_store_rights(ctx, ret);
}

Str identity_cap_words(Ctx *ctx, Str capability) {
    static const struct {
        Str name;
        const char *text;
    } rows[] = {
        { S_INIT("file"), N_("file stories") },
        { S_INIT("drafts"), N_("read drafts") },
        { S_INIT("release"), N_("release stories") },
        { S_INIT("correct"), N_("issue corrections") },
        { S_INIT("withdraw"), N_("withdraw stories") },
        { S_INIT("media"), N_("upload pictures") },
        { S_INIT("import_stories"), N_("take in old stories") },
        { S_INIT("review_first"), N_("do the first review") },
        { S_INIT("review_second"), N_("do the second review") },
        { S_INIT("review_final"), N_("do the final review") },
        { S_INIT("proofread"), N_("proofread") },
        { S_INIT("answer"), N_("answer for the outlet") },
        { S_INIT("hand_over"), N_("hand the outlet over") },
        { S_INIT("register"), N_("keep the register") },
        { S_INIT("people"), N_("look after people") },
        { S_INIT("settings"), N_("change settings") },
        { S_INIT("jobs"), N_("move jobs") },
        { S_INIT("rules"), N_("keep the house rules") },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_eq(capability, rows[i].name))
            return catalogue_text(catalogue_of(ctx->lang), str_from_c(rows[i].text));
    return capability;
}

/* A right for the whole alliance covers each outlet. */
static bool covers(const RightList *own, const Right *wanted) {
    for (size_t i = 0; i < own->len; i++)
        if (str_eq(own->items[i].capability, wanted->capability) &&
            (own->items[i].outlet_id == 0 || own->items[i].outlet_id == wanted->outlet_id))
            return true;
    return false;
}

static Err check_rights(Ctx *ctx, const Right *rights, size_t count) {
    RightList own;

    if (count == 0)
        return FAIL(ERR_INVALID, "right", N_("Tick what the token may do."));
    if (count > TOKEN_RIGHTS_MAX)
        return FAIL_ARGS(ERR_LIMIT, "right", N_("A token has at most {0} rights."),
                         str_from_int(ctx->arena, TOKEN_RIGHTS_MAX));
    TRY(identity_store_rights(ctx, &own));
    for (size_t i = 0; i < count; i++)
        if (!covers(&own, &rights[i]))
            return FAIL(ERR_INVALID, "right",
                        N_("A token can do only what your own roles allow now."));
    return OK;
}

static Err check_until(Ctx *ctx, int64_t until_ms) {
    if (until_ms <= ctx->now_ms)
        return FAIL(ERR_INVALID, "until", N_("The end lies before the beginning."));
    if (until_ms > ctx->now_ms + TOKEN_VALID_MS_MAX)
        return FAIL(ERR_INVALID, "until", N_("A token ends within a year."));
    return OK;
}

static Err seal_made(Ctx *ctx, const ApiToken *row) {
    Json *sealed = json_obj(ctx->arena), *rights = json_arr(ctx->arena);

    for (size_t i = 0; i < row->rights.len; i++) {
        Json *right = json_obj(ctx->arena);
        json_set(right, "capability", json_str(ctx->arena, row->rights.items[i].capability));
        json_set(right, "outlet", json_id(ctx->arena, row->rights.items[i].outlet_id));
        json_push(rights, right);
    }
    json_set(sealed, "token", json_id(ctx->arena, row->id));
    json_set(sealed, "label", json_str(ctx->arena, row->label));
    json_set(sealed, "until", json_int(ctx->arena, row->until_ms));
    json_set(sealed, "rights", rights);
    return ledger_append(ctx, "token.made", row->person_id, sealed);
}

Err token_make(Ctx *ctx, Str label, const Right *rights, size_t count, int64_t until_ms,
               Str *ret_token) {
    Str token = token_new_program(ctx->arena, ctx->chance), unused;
    ApiToken row = { .id = id_next(ctx),
                     .person_id = ctx->person_id,
                     .created_ms = ctx->now_ms,
                     .until_ms = until_ms,
                     .rights = { (Right *)(uintptr_t)rights, count } };
    DB_TX(tx);

    if (ctx->actor != ACTOR_PERSON)
        return FAIL(ERR_FORBIDDEN, NULL, N_("Only a person can do this: use a person's token."));
    TRY(identity_require_session(ctx));
    TRY(identity_name(ctx, "label", label, TOKEN_LABEL_CHARS_MAX, &row.label, &unused));
    TRY(check_until(ctx, until_ms));
    TRY(db_begin(ctx, &tx));
    TRY(check_rights(ctx, rights, count)); /* inside: a grant may end meanwhile */
    TRY(identity_store_token_insert(ctx, &row, token_hash_hex(ctx->arena, token)));
    TRY(seal_made(ctx, &row));
    TRY(db_commit(&tx));
    *ret_token = token;
    return OK;
}

Err token_list(Ctx *ctx, ApiTokenList *ret) {
    return identity_store_token_list(ctx, ctx->person_id, ret);
}

Err token_end(Ctx *ctx, int64_t id) {
    Json *sealed = json_obj(ctx->arena);
    int64_t changed = 0;
    DB_TX(tx);

    TRY(identity_require_session(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(identity_store_token_end(ctx, id, ctx->person_id, &changed));
    if (!changed)
        return FAIL(ERR_NOT_FOUND, NULL, N_("This token is not known or has ended."));
    json_set(sealed, "token", json_id(ctx->arena, id));
    TRY(ledger_append(ctx, "token.ended", ctx->person_id, sealed));
    return db_commit(&tx);
}

/* ---- who asks with one ---- */

Err identity_bearer(Ctx *ctx, Str bearer_token) {
    SessionRow row;
    bool is_found = false;

    if (token_check_program(bearer_token).code == ERR_OK)
        TRY(identity_store_token_find(ctx, token_hash_hex(ctx->arena, bearer_token), &row,
                                      &is_found));
    if (!is_found)
        return FAIL(ERR_UNAUTHENTICATED, NULL, N_("This token is not known or has ended."));
    if (!identity_is_noted(row.id, ctx->now_ms, NOTE_EVERY_MS)) {
        TRY(identity_store_token_seen(ctx, row.id));
        identity_noted(row.id, ctx->now_ms);
    }
    ctx->actor = ACTOR_PERSON;
    ctx->person_id = row.person_id;
    ctx->person_name = row.person_name;
    ctx->token_id = row.id;
    ctx->is_stepped_up = false;
    return OK;
}
