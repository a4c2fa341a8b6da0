/* ledger/append.c - one pending entry in the act's own transaction, and what an entry is made of. */
#include "base/id.h"
#include "ledger/entry.h"
#include "ledger/ledger.h"

Hash entry_commit(Str salt, Str payload) {
    Hash inner = hash_sha256(payload);
    HashStream stream;

    hash_start(&stream);
    hash_add(&stream, S("liandong/commit/v1"));
    hash_add(&stream, salt);
    hash_add(&stream, hash_str(&inner));
    return hash_end(&stream);
}

Err entry_bytes(Arena *arena, const Pending *pending, Str *ret) {
    Json *entry = json_obj(arena);
    Buf buf = buf_new(arena, LEDGER_ENTRY_BYTES_MAX);
    Hash commit = entry_commit(pending->salt, pending->payload);

    json_set(entry, "v", json_int(arena, 1));
    json_set(entry, "kind", json_str(arena, pending->kind));
    json_set(entry, "subject", json_id(arena, pending->subject_id));
    json_set(entry, "outlet",
             pending->outlet_no.len ? json_str(arena, pending->outlet_no) : json_null(arena));
    json_set(entry, "at", json_int(arena, pending->at_ms));
    json_set(entry, "commit", json_str(arena, base64_encode(arena, hash_str(&commit))));
    TRY(json_canonical(&buf, entry));
    TRY(buf_check(&buf));
    *ret = buf_str(&buf);
    return OK;
}

/* Who acts, from ctx alone: a service can neither forget nor forge it. */
static Json *actor_of(Ctx *ctx) {
    Json *actor = json_obj(ctx->arena);

    switch (ctx->actor) {
    case ACTOR_PERSON:
        json_set(actor, "person", json_id(ctx->arena, ctx->person_id));
        json_set(actor, "name", json_str(ctx->arena, ctx->person_name));
        json_set(actor, "role", json_str(ctx->arena, ctx->role));
        if (ctx->token_id) /* not in a session of their own: the entry says so */
            json_set(actor, "token", json_id(ctx->arena, ctx->token_id));
        break;
    case ACTOR_OPERATOR:
        json_set(actor, "operator", json_bool(ctx->arena, true));
        break;
    case ACTOR_JOB:
        json_set(actor, "job", json_str(ctx->arena, ctx->person_name));
        break;
    case ACTOR_NOBODY:
        json_set(actor, "nobody", json_bool(ctx->arena, true));
        break;
    }
    return actor;
}

Err ledger_append_id(Ctx *ctx, const char *kind, int64_t subject_id, Json *payload,
                     int64_t *ret_entry_id) {
    unsigned char salt[LEDGER_SALT_BYTES];
    Buf text = buf_new(ctx->arena, 0);
    int64_t id = id_next(ctx);

    if (!db_is_open(ctx))
        return FAIL(ERR_BUG, NULL, N_("A log entry needs an open transaction."));
    if (json_get(payload, "actor"))
        return FAIL(ERR_BUG, NULL, N_("The log writes down who acts; the act may not say so."));
    json_set(payload, "actor", actor_of(ctx));
    TRY(json_canonical(&text, payload));
    TRY(buf_check(&text));
    chance_fill(ctx->chance, salt, sizeof salt);
    TRY(db_exec(ctx,
                "INSERT INTO ledger_pending (id, kind, subject_id, outlet_no, at_ms, salt, payload)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                ARGS(INT(id), TXT(str_from_c(kind)), INT(subject_id), TXT(ctx->outlet_no),
                     INT(ctx->now_ms), BLOB(((Str){ (char *)salt, sizeof salt })),
                     TXT(buf_str(&text)))));
    if (ret_entry_id)
        *ret_entry_id = id;
    return OK;
}

Err ledger_append(Ctx *ctx, const char *kind, int64_t subject_id, Json *payload) {
    return ledger_append_id(ctx, kind, subject_id, payload, NULL);
}
