/*
 * identity_store_access.c - the only file that knows `credential`, `session`, `session_seen`, `invitation` and
 * `idempotency`.
 */
#include "base/id.h"
#include "db/db.h"
#include "features/identity/identity_store.h"

/* ---- credentials ---- */

#define CREDENTIAL_SELECT                                                                          \
    "SELECT p.id, p.login, p.name, COALESCE(c.encoded, ''), COALESCE(f.confirmed_ms, 0)"           \
    " FROM person p LEFT JOIN credential c ON c.person_id = p.id"                                  \
    " LEFT JOIN factor f ON f.person_id = p.id WHERE p.ended_ms = 0 AND "

static Err one_credential(DbRows *rows, CredentialRow *ret, bool *ret_found) {
    bool has_row = db_next(rows);
    CredentialRow row = { 0 };

    if (has_row)
        row = (CredentialRow){ .person_id = db_int(rows, 0),
                               .login = db_text(rows, 1),
                               .name = db_text(rows, 2),
                               .encoded = db_text(rows, 3),
                               .has_factor = db_int(rows, 4) != 0 };
    TRY(db_end(rows));
    *ret = row;
    *ret_found = has_row;
    return OK;
}

Err identity_store_credential_by_login(Ctx *ctx, Str login, CredentialRow *ret, bool *ret_found) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, CREDENTIAL_SELECT "p.login = $1", ARGS(TXT(login))));
    return one_credential(&rows, ret, ret_found);
}

Err identity_store_credential_get(Ctx *ctx, int64_t person_id, CredentialRow *ret,
                                  bool *ret_found) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, CREDENTIAL_SELECT "p.id = $1", ARGS(INT(person_id))));
    return one_credential(&rows, ret, ret_found);
}

Err identity_store_credential_put(Ctx *ctx, int64_t person_id, Str encoded) {
    return db_exec(ctx,
                   "INSERT INTO credential (person_id, encoded, set_ms) VALUES ($1, $2, $3)"
                   " ON CONFLICT (person_id) DO UPDATE SET encoded = excluded.encoded,"
                   " set_ms = excluded.set_ms",
                   ARGS(INT(person_id), TXT(encoded), INT(ctx->now_ms)));
}

Err identity_store_credential_swap(Ctx *ctx, int64_t person_id, Str before, Str encoded) {
    return db_exec(ctx, "UPDATE credential SET encoded = $3 WHERE person_id = $1 AND encoded = $2",
                   ARGS(INT(person_id), TXT(before), TXT(encoded)));
}

/* ---- sessions ---- */

Err identity_store_session_insert(Ctx *ctx, int64_t id, Str hash, int64_t person_id, Str encoded,
                                  int64_t *ret_changed) {
    return db_exec_count(
        ctx,
        "INSERT INTO session (id, hash, person_id, created_ms, stepped_up_ms, ended_ms)"
        " SELECT $1, $2, p.id, $4, $4, 0 FROM person p JOIN credential c ON c.person_id = p.id"
        " WHERE p.id = $3 AND p.ended_ms = 0 AND c.encoded = $5",
        ARGS(INT(id), TXT(hash), INT(person_id), INT(ctx->now_ms), TXT(encoded)), ret_changed);
}

Err identity_store_session_find(Ctx *ctx, Str hash, int64_t created_after_ms, SessionRow *ret,
                                bool *ret_found) {
    SessionRow row = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT s.id, s.person_id, s.created_ms, s.stepped_up_ms, p.name FROM session s"
                 " JOIN person p ON p.id = s.person_id WHERE s.hash = $1 AND s.ended_ms = 0"
                 " AND s.created_ms > $2 AND p.ended_ms = 0",
                 ARGS(TXT(hash), INT(created_after_ms))));
    bool has_row = db_next(&rows);
    if (has_row)
        row = (SessionRow){ .id = db_int(&rows, 0),
                            .person_id = db_int(&rows, 1),
                            .created_ms = db_int(&rows, 2),
                            .stepped_up_ms = db_int(&rows, 3),
                            .person_name = db_text(&rows, 4) };
    TRY(db_end(&rows));

    *ret = row;
    *ret_found = has_row;
    return OK;
}

Err identity_store_session_renew(Ctx *ctx, Str hash, Str new_hash, int64_t *ret_changed) {
    return db_exec_count(ctx,
                         "UPDATE session SET hash = $2, stepped_up_ms = $3"
                         " WHERE hash = $1 AND person_id = $4 AND ended_ms = 0",
                         ARGS(TXT(hash), TXT(new_hash), INT(ctx->now_ms), INT(ctx->person_id)),
                         ret_changed);
}

Err identity_store_session_step_down(Ctx *ctx, int64_t person_id) {
    return db_exec(ctx,
                   "UPDATE session SET stepped_up_ms = 0 WHERE person_id = $1 AND ended_ms = 0",
                   ARGS(INT(person_id)));
}

Err identity_store_session_end(Ctx *ctx, Str hash) {
    return db_exec(ctx, "UPDATE session SET ended_ms = $2 WHERE hash = $1 AND ended_ms = 0",
                   ARGS(TXT(hash), INT(ctx->now_ms)));
}

Err identity_store_session_end_one(Ctx *ctx, int64_t id, int64_t person_id, int64_t *ret_changed) {
    return db_exec_count(ctx,
                         "UPDATE session SET ended_ms = $3 WHERE id = $1 AND person_id = $2"
                         " AND ended_ms = 0",
                         ARGS(INT(id), INT(person_id), INT(ctx->now_ms)), ret_changed);
}

Err identity_store_session_end_all(Ctx *ctx, int64_t person_id, Str but_hash) {
    return db_exec(ctx,
                   "UPDATE session SET ended_ms = $2 WHERE person_id = $1 AND ended_ms = 0"
                   " AND hash <> $3",
                   ARGS(INT(person_id), INT(ctx->now_ms), TXT(but_hash)));
}

Err identity_store_session_sweep(Ctx *ctx, int64_t person_id, int64_t created_before_ms) {
    return db_exec(ctx, "DELETE FROM session WHERE person_id = $1 AND created_ms <= $2",
                   ARGS(INT(person_id), INT(created_before_ms)));
}

enum { SESSIONS_MAX = 20 };

/* Last use of each, where it was noted. */
static Err add_seen(Ctx *ctx, SessionList *list) {
    DbArg args[SESSIONS_MAX];
    DB_ROWS(rows);

    for (size_t i = 0; i < SESSIONS_MAX; i++)
        args[i] = INT(i < list->len ? list->items[i].id : 0);
    TRY(db_query_derived(ctx, &rows,
                         "SELECT session_id, at_ms FROM session_seen WHERE session_id IN ($1, $2,"
                         " $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
                         " $19, $20)",
                         args, SESSIONS_MAX));
    while (db_next(&rows)) {
        int64_t id = db_int(&rows, 0), at_ms = db_int(&rows, 1);
        for (size_t i = 0; i < list->len; i++)
            if (list->items[i].id == id && list->items[i].seen_ms < at_ms)
                list->items[i].seen_ms = at_ms;
    }
    return db_end(&rows);
}

Err identity_store_session_list(Ctx *ctx, Str current_hash, int64_t created_after_ms,
                                SessionList *ret) {
    SessionList list = { .items = arena_array(ctx->arena, SESSIONS_MAX, sizeof(Session)) };
    DB_ROWS(rows);

    TRY(db_query(
        ctx, &rows,
        "SELECT id, created_ms, CASE WHEN hash = $2 THEN 1 ELSE 0 END FROM session"
        " WHERE person_id = $1 AND ended_ms = 0 AND created_ms > $3"
        " ORDER BY created_ms DESC, id DESC LIMIT $4",
        ARGS(INT(ctx->person_id), TXT(current_hash), INT(created_after_ms), INT(SESSIONS_MAX))));
    while (db_next(&rows))
        list.items[list.len++] = (Session){ .id = db_int(&rows, 0),
                                            .created_ms = db_int(&rows, 1),
                                            .seen_ms = db_int(&rows, 1),
                                            .is_current = db_int(&rows, 2) != 0 };
    TRY(db_end(&rows));
    TRY(add_seen(ctx, &list));

    *ret = list;
    return OK;
}

Err identity_store_seen_put(Ctx *ctx, int64_t session_id) {
    return db_exec_derived(ctx,
                           "INSERT INTO session_seen (session_id, at_ms) VALUES ($1, $2)"
                           " ON CONFLICT (session_id) DO UPDATE SET at_ms = excluded.at_ms",
                           ARGS(INT(session_id), INT(ctx->now_ms)));
}

Err identity_store_seen_move(Ctx *ctx, int64_t session_id, int64_t after_ms, int64_t *ret_changed) {
    return db_exec_count_derived(
        ctx, "UPDATE session_seen SET at_ms = $2 WHERE session_id = $1 AND at_ms > $3",
        ARGS(INT(session_id), INT(ctx->now_ms), INT(after_ms)), ret_changed);
}

/* ---- invitations ---- */

Err identity_store_invitation_insert(Ctx *ctx, Str hash, int64_t person_id, int64_t until_ms) {
    return db_exec(
        ctx,
        "INSERT INTO invitation (id, hash, person_id, made_ms, until_ms, ended_ms)"
        " VALUES ($1, $2, $3, $4, $5, 0)",
        ARGS(INT(id_next(ctx)), TXT(hash), INT(person_id), INT(ctx->now_ms), INT(until_ms)));
}

Err identity_store_invitation_end_all(Ctx *ctx, int64_t person_id) {
    return db_exec(ctx, "UPDATE invitation SET ended_ms = $2 WHERE person_id = $1 AND ended_ms = 0",
                   ARGS(INT(person_id), INT(ctx->now_ms)));
}

Err identity_store_invitation_find(Ctx *ctx, Str hash, InvitationRow *ret, bool *ret_found) {
    InvitationRow row = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT i.person_id, i.until_ms, i.ended_ms, p.ended_ms, p.login, p.name"
                 " FROM invitation i JOIN person p ON p.id = i.person_id WHERE i.hash = $1",
                 ARGS(TXT(hash))));
    bool has_row = db_next(&rows);
    if (has_row)
        row = (InvitationRow){ .person_id = db_int(&rows, 0),
                               .until_ms = db_int(&rows, 1),
                               .ended_ms = db_int(&rows, 2),
                               .is_in_service = db_int(&rows, 3) == 0,
                               .login = db_text(&rows, 4),
                               .name = db_text(&rows, 5) };
    TRY(db_end(&rows));

    *ret = row;
    *ret_found = has_row;
    return OK;
}

Err identity_store_invitation_use(Ctx *ctx, Str hash, int64_t *ret_changed) {
    return db_exec_count(ctx,
                         "UPDATE invitation SET ended_ms = $2 WHERE hash = $1 AND ended_ms = 0"
                         " AND until_ms > $2",
                         ARGS(TXT(hash), INT(ctx->now_ms)), ret_changed);
}

/* ---- what a repeated Idempotency-Key answered ---- */

Err identity_store_key_find(Ctx *ctx, KeptAnswer *answer, int64_t made_after_ms, bool *ret_found) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT body_hash, status, type, location, body FROM idempotency"
                 " WHERE principal = $1 AND route = $2 AND key_hash = $3 AND made_ms > $4",
                 ARGS(TXT(answer->principal), TXT(answer->route), TXT(answer->key_hash),
                      INT(made_after_ms))));
    bool has_row = db_next(&rows);
    if (has_row) {
        answer->body_hash = db_text(&rows, 0);
        answer->status = db_int(&rows, 1);
        answer->type = db_text(&rows, 2);
        answer->location = db_text(&rows, 3);
        answer->body = db_blob(&rows, 4);
    }
    TRY(db_end(&rows));

    *ret_found = has_row;
    return OK;
}

Err identity_store_key_insert(Ctx *ctx, const KeptAnswer *answer, int64_t *ret_changed) {
    return db_exec_count(
        ctx,
        "INSERT INTO idempotency (principal, route, key_hash, body_hash, status, type,"
        " location, body, made_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        " ON CONFLICT DO NOTHING",
        ARGS(TXT(answer->principal), TXT(answer->route), TXT(answer->key_hash),
             TXT(answer->body_hash), INT(answer->status), TXT(answer->type), TXT(answer->location),
             BLOB(answer->body), INT(ctx->now_ms)),
        ret_changed);
}

Err identity_store_key_sweep(Ctx *ctx, int64_t made_before_ms) {
    return db_exec(ctx, "DELETE FROM idempotency WHERE made_ms <= $1", ARGS(INT(made_before_ms)));
}
