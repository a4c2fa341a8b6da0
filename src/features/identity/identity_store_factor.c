/* identity_store_factor.c - the only file that knows `factor`, `recovery_code` and `signin_ticket`. */
#include "base/id.h"
#include "db/db.h"
#include "features/identity/identity_store.h"

/* ---- the second step of a person ---- */

Err identity_store_factor_get(Ctx *ctx, int64_t person_id, FactorRow *ret, bool *ret_found) {
    FactorRow row = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT f.sealed, f.confirmed_ms, f.last_step, f.reset_ms,"
                 " (SELECT COUNT(*) FROM recovery_code c WHERE c.person_id = f.person_id"
                 " AND c.used_ms = 0) FROM factor f WHERE f.person_id = $1",
                 ARGS(INT(person_id))));
    bool has_row = db_next(&rows);
    if (has_row)
        row = (FactorRow){ .sealed = db_blob(&rows, 0),
                           .confirmed_ms = db_int(&rows, 1),
                           .last_step = db_int(&rows, 2),
                           .reset_ms = db_int(&rows, 3),
                           .codes_left = db_int(&rows, 4) };
    TRY(db_end(&rows));

    *ret = row;
    *ret_found = has_row;
    return OK;
}

Err identity_store_factor_is_any(Ctx *ctx, bool *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT person_id FROM factor WHERE confirmed_ms > 0 ORDER BY person_id LIMIT 1",
                 NO_ARGS));
    bool has_row = db_next(&rows);
    TRY(db_end(&rows));

    *ret = has_row;
    return OK;
}

Err identity_store_factor_begin(Ctx *ctx, int64_t person_id, Str sealed, int64_t *ret_changed) {
    return db_exec_count(
        ctx,
        "INSERT INTO factor (person_id, sealed, made_ms, confirmed_ms, last_step, reset_ms)"
        " VALUES ($1, $2, $3, 0, 0, 0) ON CONFLICT (person_id) DO UPDATE SET"
        " sealed = excluded.sealed, made_ms = excluded.made_ms, last_step = 0"
        " WHERE factor.confirmed_ms = 0",
        ARGS(INT(person_id), BLOB(sealed), INT(ctx->now_ms)), ret_changed);
}

Err identity_store_factor_confirm(Ctx *ctx, int64_t person_id, int64_t step, int64_t *ret_changed) {
    return db_exec_count(ctx,
                         "UPDATE factor SET confirmed_ms = $2, last_step = $3, reset_ms = 0"
                         " WHERE person_id = $1 AND confirmed_ms = 0",
                         ARGS(INT(person_id), INT(ctx->now_ms), INT(step)), ret_changed);
}

Err identity_store_factor_step(Ctx *ctx, int64_t person_id, int64_t step, int64_t *ret_changed) {
    return db_exec_count(ctx,
                         "UPDATE factor SET last_step = $2 WHERE person_id = $1"
                         " AND confirmed_ms > 0 AND last_step < $2",
                         ARGS(INT(person_id), INT(step)), ret_changed);
}

Err identity_store_factor_end(Ctx *ctx, int64_t person_id, int64_t reset_ms, int64_t *ret_changed) {
    return db_exec_count(ctx,
                         "UPDATE factor SET sealed = $2, confirmed_ms = 0, last_step = 0,"
                         " reset_ms = $3 WHERE person_id = $1 AND confirmed_ms > 0",
                         ARGS(INT(person_id), BLOB(STR_EMPTY), INT(reset_ms)), ret_changed);
}

/* ---- recovery codes ---- */

Err identity_store_recovery_clear(Ctx *ctx, int64_t person_id) {
    return db_exec(ctx, "DELETE FROM recovery_code WHERE person_id = $1", ARGS(INT(person_id)));
}

Err identity_store_recovery_insert(Ctx *ctx, int64_t person_id, Str hash) {
    return db_exec(
        ctx, "INSERT INTO recovery_code (id, person_id, hash, used_ms) VALUES ($1, $2, $3, 0)",
        ARGS(INT(id_next(ctx)), INT(person_id), TXT(hash)));
}

Err identity_store_recovery_use(Ctx *ctx, int64_t person_id, Str hash, int64_t *ret_changed) {
    return db_exec_count(ctx,
                         "UPDATE recovery_code SET used_ms = $3 WHERE person_id = $1 AND hash = $2"
                         " AND used_ms = 0",
                         ARGS(INT(person_id), TXT(hash), INT(ctx->now_ms)), ret_changed);
}

/* ---- between password and code ---- */

Err identity_store_ticket_insert(Ctx *ctx, Str hash, int64_t person_id, Str encoded,
                                 int64_t until_ms, int64_t *ret_changed) {
    return db_exec_count(ctx,
                         "INSERT INTO signin_ticket (hash, person_id, until_ms, tries)"
                         " SELECT $1, p.id, $3, 0 FROM person p"
                         " JOIN credential c ON c.person_id = p.id"
                         " WHERE p.id = $2 AND p.ended_ms = 0 AND c.encoded = $4",
                         ARGS(TXT(hash), INT(person_id), INT(until_ms), TXT(encoded)), ret_changed);
}

Err identity_store_ticket_try(Ctx *ctx, Str hash, Str login, int64_t tries_max, CredentialRow *ret,
                              bool *ret_found) {
    CredentialRow row = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT p.id, p.login, p.name, c.encoded FROM signin_ticket t"
                 " JOIN person p ON p.id = t.person_id JOIN credential c ON c.person_id = p.id"
                 " WHERE t.hash = $1 AND t.until_ms > $2 AND t.tries < $3 AND p.login = $4"
                 " AND p.ended_ms = 0",
                 ARGS(TXT(hash), INT(ctx->now_ms), INT(tries_max), TXT(login))));
    bool has_row = db_next(&rows);
    if (has_row)
        row = (CredentialRow){ .person_id = db_int(&rows, 0),
                               .login = db_text(&rows, 1),
                               .name = db_text(&rows, 2),
                               .encoded = db_text(&rows, 3) };
    TRY(db_end(&rows));
    *ret_found = has_row;
    if (!has_row)
        return OK;
    *ret = row;
    return db_exec(ctx, "UPDATE signin_ticket SET tries = tries + 1 WHERE hash = $1",
                   ARGS(TXT(hash)));
}

Err identity_store_ticket_use(Ctx *ctx, Str hash, int64_t *ret_changed) {
    return db_exec_count(ctx, "DELETE FROM signin_ticket WHERE hash = $1 AND until_ms > $2",
                         ARGS(TXT(hash), INT(ctx->now_ms)), ret_changed);
}

Err identity_store_ticket_end_all(Ctx *ctx, int64_t person_id) {
    return db_exec(ctx, "DELETE FROM signin_ticket WHERE person_id = $1 OR until_ms <= $2",
                   ARGS(INT(person_id), INT(ctx->now_ms)));
}

Err identity_store_ticket_sweep(Ctx *ctx) {
    return db_exec(ctx, "DELETE FROM signin_ticket WHERE until_ms <= $1", ARGS(INT(ctx->now_ms)));
}
