/* db/postgres.c - the PostgreSQL driver: one connection per worker, one transaction per outermost begin. */
#include <assert.h>

#include "db/postgres_conn.h"

enum { NOTICE_BYTES_MAX = 7500 }; /* the server takes 8000, with our node's name */

#define BEGIN_SQL "BEGIN ISOLATION LEVEL REPEATABLE READ, READ WRITE"

/* ---- the store and its connections ---- */

/* Nothing is kept open: a store on PostgreSQL is an address that was tried once. */
static Err postgres_store_open(Arena *scratch, const DbOpen *how, DbStore *store) {
    Ctx ctx = { .arena = scratch };
    PgConn *conn;

    TRY(pg_open(scratch, how, &conn));
    Err err = pg_check_database(&ctx, conn);
    pg_close(conn);
    return err;
}

static void postgres_store_close(DbStore *store) {}

static Err postgres_open(Db *db) {
    PgConn *conn;

    TRY(pg_open(db->arena, &db->store->how, &conn));
    db->impl = conn;
    return OK;
}

static void postgres_close(Db *db) {
    pg_close(db->impl);
}

/* ---- transactions ---- */

static Err postgres_begin(Ctx *ctx, DbFile file, bool is_alone) {
    PgConn *conn = ctx->db->impl;
    const char *sql =
        file == DB_RECORD ? BEGIN_SQL : BEGIN_SQL "; SET LOCAL synchronous_commit = off";

    if (pg_is_broken(conn))
        TRY(pg_reconnect(conn));
    Err err = pg_control(ctx, conn, sql);
    if (err.code != ERR_OK && pg_is_broken(conn)) {
        /* The server went and came while nobody asked: nothing was begun, so beginning again is safe. */
        TRY(pg_reconnect(conn));
        err = pg_control(ctx, conn, sql);
    }
    return err;
}

/* The whole transaction is over; the server's own word is not needed where the connection is gone. */
static void give_up(Db *db) {
    if (!pg_is_broken(db->impl))
        (void)!pg_control_quiet(db->impl, "ROLLBACK");
    db->is_lost = true;
}

static Err postgres_savepoint(Ctx *ctx) {
    return pg_control(ctx, ctx->db->impl, "SAVEPOINT nested");
}

static Err postgres_release(Ctx *ctx) {
    return pg_control(ctx, ctx->db->impl, "RELEASE SAVEPOINT nested");
}

static void postgres_rollback_to(Db *db) {
    if (!pg_control_quiet(db->impl, "ROLLBACK TO SAVEPOINT nested; RELEASE SAVEPOINT nested"))
        give_up(db);
}

/* The pages that the act changed, for the other processes; more than one notice holds: all. */
static Str notice_of(Ctx *ctx) {
    StrList tags = { ctx->changed.items, ctx->changed.len };
    size_t bytes = 0;

    if (ctx->db->file != DB_RECORD || tags.len == 0)
        return STR_EMPTY;
    for (size_t i = 0; i < tags.len && bytes <= NOTICE_BYTES_MAX; i++)
        bytes += tags.items[i].len + 1;
    return bytes > NOTICE_BYTES_MAX ? S("*") : str_join(ctx->arena, tags, S(" "));
}

static Err postgres_commit(Ctx *ctx) {
    PgConn *conn = ctx->db->impl;
    bool is_commit = false;
    Err err = pg_commit(ctx, conn, notice_of(ctx), &is_commit);

    if (err.code != ERR_OK && pg_is_broken(conn)) {
        Err unknown =
            FAIL(ERR_IO, NULL,
                 N_("It is not known whether this was stored. Look before you send it again."));
        unknown.where = err.where;
        return unknown;
    }
    TRY(err);
    /* An aborted transaction "commits" as ROLLBACK; tx.c does not come here with one. */
    return is_commit ? OK : db_err_lost();
}

static bool postgres_rollback(Db *db) {
    if (!pg_is_broken(db->impl) && !pg_control_quiet(db->impl, "ROLLBACK") &&
        !pg_is_broken(db->impl))
        assert(!"a ROLLBACK is always possible");
    return true; /* its snapshot held only what was committed */
}

static void postgres_lose(Db *db) {
    give_up(db);
}

/* ---- statements ---- */

static Err postgres_run(Ctx *ctx, DbCall *call) {
    Db *db = ctx->db;
    PgConn *conn = db->impl;

    if (db->depth == 0 && pg_is_broken(conn))
        TRY(pg_reconnect(conn));
    Err err = pg_run(ctx, conn, call);
    if (err.code != ERR_OK && db->depth > 0 && pg_is_broken(conn))
        db->is_lost = true;
    return err;
}

static Err postgres_script(Ctx *ctx, const char *sql) {
    Err err = pg_control(ctx, ctx->db->impl, sql);

    if (err.code != ERR_OK && pg_is_broken(ctx->db->impl))
        ctx->db->is_lost = true;
    return err;
}

const Driver db_postgres_driver = {
    .store_open = postgres_store_open,
    .store_close = postgres_store_close,
    .open = postgres_open,
    .close = postgres_close,
    .begin = postgres_begin,
    .savepoint = postgres_savepoint,
    .release = postgres_release,
    .rollback_to = postgres_rollback_to,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .lose = postgres_lose,
    .run = postgres_run,
    .script = postgres_script,
};
