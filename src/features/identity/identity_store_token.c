/* identity_store_token.c - the only file that knows `api_token`, `token_right` and `token_seen`. */
#include "base/vec.h"
#include "db/db.h"
#include "features/identity/identity_store.h"

enum { TOKENS_MAX = 50 };

static Err insert_right(Ctx *ctx, int64_t token_id, const Right *right) {
    return db_exec(ctx,
                   "INSERT INTO token_right (token_id, capability, outlet_id) VALUES ($1, $2, $3)"
                   " ON CONFLICT DO NOTHING",
                   ARGS(INT(token_id), TXT(right->capability), INT(right->outlet_id)));
}

Err identity_store_token_insert(Ctx *ctx, const ApiToken *token, Str hash) {
    TRY(db_exec(ctx,
                "INSERT INTO api_token (id, hash, person_id, label, created_ms, until_ms, ended_ms)"
                " VALUES ($1, $2, $3, $4, $5, $6, 0)",
                ARGS(INT(token->id), TXT(hash), INT(token->person_id), TXT(token->label),
                     INT(token->created_ms), INT(token->until_ms))));
    for (size_t i = 0; i < token->rights.len; i++)
        TRY(insert_right(ctx, token->id, &token->rights.items[i]));
    return OK;
}

Err identity_store_token_find(Ctx *ctx, Str hash, SessionRow *ret, bool *ret_found) {
    SessionRow row = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT t.id, t.person_id, t.created_ms, p.name FROM api_token t"
                 " JOIN person p ON p.id = t.person_id WHERE t.hash = $1 AND t.ended_ms = 0"
                 " AND t.until_ms > $2 AND p.ended_ms = 0",
                 ARGS(TXT(hash), INT(ctx->now_ms))));
    bool has_row = db_next(&rows);
    if (has_row)
        row = (SessionRow){ .id = db_int(&rows, 0),
                            .person_id = db_int(&rows, 1),
                            .created_ms = db_int(&rows, 2),
                            .person_name = db_text(&rows, 3) };
    TRY(db_end(&rows));

    *ret = row;
    *ret_found = has_row;
    return OK;
}

/* ---- the list of a person ---- */

static Err add_rights(Ctx *ctx, int64_t person_id, ApiTokenList *list) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT r.token_id, r.capability, r.outlet_id FROM token_right r"
                 " WHERE r.token_id IN (SELECT t.id FROM api_token t WHERE t.person_id = $1"
                 " ORDER BY t.created_ms DESC, t.id DESC LIMIT $2)"
                 " ORDER BY r.token_id, r.outlet_id, r.capability LIMIT $3",
                 ARGS(INT(person_id), INT(TOKENS_MAX), INT(TOKENS_MAX * TOKEN_RIGHTS_MAX))));
    for (ApiToken *token = NULL; db_next(&rows);) {
        int64_t id = db_int(&rows, 0);
        for (size_t i = 0; (!token || token->id != id) && i < list->len; i++)
            token = list->items[i].id == id ? &list->items[i] : token;
        if (!token || token->id != id)
            continue;
        if (!token->rights.items)
            token->rights.items = arena_array(ctx->arena, TOKEN_RIGHTS_MAX, sizeof(Right));
        if (token->rights.len < TOKEN_RIGHTS_MAX)
            token->rights.items[token->rights.len++] =
                (Right){ db_text(&rows, 1), db_int(&rows, 2) };
    }
    return db_end(&rows);
}

/* Few in number: read one by one, and only those that were ever used have a row. */
static Err add_seen(Ctx *ctx, ApiTokenList *list) {
    for (size_t i = 0; i < list->len; i++) {
        DB_ROWS(rows);
        TRY(db_query_derived(ctx, &rows, "SELECT at_ms FROM token_seen WHERE token_id = $1",
                             ARGS(INT(list->items[i].id))));
        if (db_next(&rows))
            list->items[i].seen_ms = db_int(&rows, 0);
        TRY(db_end(&rows));
    }
    return OK;
}

Err identity_store_token_list(Ctx *ctx, int64_t person_id, ApiTokenList *ret) {
    ApiTokenList list = { .items = arena_array(ctx->arena, TOKENS_MAX, sizeof(ApiToken)) };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT id, label, created_ms, until_ms, ended_ms FROM api_token"
                 " WHERE person_id = $1 ORDER BY created_ms DESC, id DESC LIMIT $2",
                 ARGS(INT(person_id), INT(TOKENS_MAX))));
    while (db_next(&rows))
        list.items[list.len++] = (ApiToken){ .id = db_int(&rows, 0),
                                             .person_id = person_id,
                                             .label = db_text(&rows, 1),
                                             .created_ms = db_int(&rows, 2),
                                             .until_ms = db_int(&rows, 3),
                                             .ended_ms = db_int(&rows, 4) };
    TRY(db_end(&rows));
    TRY(add_rights(ctx, person_id, &list));
    TRY(add_seen(ctx, &list));

    *ret = list;
    return OK;
}

Err identity_store_token_end(Ctx *ctx, int64_t id, int64_t person_id, int64_t *ret_changed) {
    return db_exec_count(ctx,
                         "UPDATE api_token SET ended_ms = $3 WHERE id = $1 AND person_id = $2"
                         " AND ended_ms = 0",
                         ARGS(INT(id), INT(person_id), INT(ctx->now_ms)), ret_changed);
}

Err identity_store_token_end_all(Ctx *ctx, int64_t person_id) {
    return db_exec(ctx, "UPDATE api_token SET ended_ms = $2 WHERE person_id = $1 AND ended_ms = 0",
                   ARGS(INT(person_id), INT(ctx->now_ms)));
}

Err identity_store_token_seen(Ctx *ctx, int64_t token_id) {
    return db_exec_derived(ctx,
                           "INSERT INTO token_seen (token_id, at_ms) VALUES ($1, $2)"
                           " ON CONFLICT (token_id) DO UPDATE SET at_ms = excluded.at_ms",
                           ARGS(INT(token_id), INT(ctx->now_ms)));
}
