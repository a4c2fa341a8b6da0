/* db/sqlite.c - the SQLite driver: two files, each with one writer; every worker has its own readers. */
#include <assert.h>

#include "db/sqlite_store.h"

static const char *const file_names[] = { "record.db", "derived.db" };

typedef struct SqliteDb {
    Conn *readers[2]; /* by DbFile; derived.db is opened when first read */
    Seat seat;
    Writer *writer; /* of the open transaction */
} SqliteDb;

/* ---- the store ---- */

static Err open_writer(const DbOpen *how, DbStore *store, DbFile file) {
    SqliteStore *sqlite = store->impl;
    Str path = str_format(store->arena, "%.*s/%s", STR_ARG(how->folder), file_names[file]);
    Conn *conn;

    sqlite->paths[file] = str_to_c(store->arena, path);
    TRY(conn_open(store->arena, sqlite->paths[file], CONN_WRITER, file, how, &conn));
    writer_init(&sqlite->writers[file], conn, how);
    return OK;
}

static Err sqlite_store_open(Arena *scratch, const DbOpen *how, DbStore *store) {
    store->impl = arena_alloc(store->arena, sizeof(SqliteStore));
    TRY(open_writer(how, store, DB_RECORD));
    Err err = open_writer(how, store, DB_DERIVED);
    if (err.code != ERR_OK)
        writer_close(&sqlite_store(store)->writers[DB_RECORD]);
    return err;
}

static void sqlite_store_close(DbStore *store) {
    writer_close(&sqlite_store(store)->writers[DB_RECORD]);
    writer_close(&sqlite_store(store)->writers[DB_DERIVED]);
}

SqliteStore *sqlite_store(DbStore *store) {
    assert(store->kind == DB_SQLITE);
    return store->impl;
}

/* ---- connections ---- */

static Err reader_for(Db *db, DbFile file, Conn **ret) {
    SqliteDb *sqlite = db->impl;
    DbStore *store = db->store;

    if (!sqlite->readers[file])
        TRY(conn_open(db->arena, sqlite_store(store)->paths[file], CONN_READER, file, &store->how,
                      &sqlite->readers[file]));
    *ret = sqlite->readers[file];
    return OK;
}

static Err sqlite_open(Db *db) {
    SqliteDb *sqlite = arena_alloc(db->arena, sizeof *sqlite);
    Conn *reader;

    db->impl = sqlite;
    TRY(reader_for(db, DB_RECORD, &reader));
    seat_init(&sqlite->seat);
    return OK;
}

static void sqlite_close(Db *db) {
    SqliteDb *sqlite = db->impl;

    conn_close(sqlite->readers[DB_RECORD]);
    conn_close(sqlite->readers[DB_DERIVED]);
    seat_close(&sqlite->seat);
}

/* ---- transactions ---- */

static Err sqlite_begin(Ctx *ctx, DbFile file, bool is_alone) {
    SqliteDb *sqlite = ctx->db->impl;
    Writer *writer = &sqlite_store(ctx->db->store)->writers[file];

    TRY(writer_enter(ctx, writer, &sqlite->seat, ctx->actor == ACTOR_JOB, is_alone));
    sqlite->writer = writer;
    return OK;
}

/* Notes when SQLite rolled the whole group back, so that all its members hear of it. */
static void notice_loss(Db *db) {
    Writer *writer = ((SqliteDb *)db->impl)->writer;

    if (!writer_is_broken(writer))
        return;
    writer_lose(writer);
    db->is_lost = true;
}

static Err control(Ctx *ctx, const char *sql) {
    SqliteDb *sqlite = ctx->db->impl;
    int code = conn_control(sqlite->writer->conn, sql);

    if (code == SQLITE_OK)
        return OK;
    Err err = conn_err(ctx, sqlite->writer->conn, code, sql);
    notice_loss(ctx->db);
    return err;
}

static Err sqlite_savepoint(Ctx *ctx) {
    return control(ctx, "SAVEPOINT nested");
}

static Err sqlite_release(Ctx *ctx) {
    return control(ctx, "RELEASE nested");
}

static void sqlite_rollback_to(Db *db) {
    Conn *conn = ((SqliteDb *)db->impl)->writer->conn;

    if (conn_control(conn, "ROLLBACK TO nested") == SQLITE_OK &&
        conn_control(conn, "RELEASE nested") == SQLITE_OK)
        return;
    writer_lose(((SqliteDb *)db->impl)->writer);
    db->is_lost = true;
}

static Err sqlite_commit(Ctx *ctx) {
    SqliteDb *sqlite = ctx->db->impl;
    return writer_commit(ctx, sqlite->writer, &sqlite->seat);
}

static bool sqlite_rollback(Db *db) {
    SqliteDb *sqlite = db->impl;
    return writer_rollback(sqlite->writer, &sqlite->seat);
}

static void sqlite_lose(Db *db) {
    writer_lose(((SqliteDb *)db->impl)->writer);
}

/* ---- statements ---- */

static Err sqlite_run(Ctx *ctx, DbCall *call) {
    SqliteDb *sqlite = ctx->db->impl;
    Conn *conn;

    if (!call->is_in_tx) {
        TRY(reader_for(ctx->db, call->file, &conn));
        return conn_run(ctx, conn, call);
    }
    Err err = conn_run(ctx, sqlite->writer->conn, call);
    if (err.code != ERR_OK)
        notice_loss(ctx->db);
    return err;
}

static Err sqlite_script(Ctx *ctx, const char *sql) {
    SqliteDb *sqlite = ctx->db->impl;
    Conn *conn = sqlite->writer->conn;
    int code = sqlite3_exec(conn->handle, sql, NULL, NULL, NULL);

    if (code == SQLITE_OK)
        return OK;
    Err err = conn_err(ctx, conn, code, sql);
    notice_loss(ctx->db);
    return err;
}

const Driver db_sqlite_driver = {
    .store_open = sqlite_store_open,
    .store_close = sqlite_store_close,
    .open = sqlite_open,
    .close = sqlite_close,
    .begin = sqlite_begin,
    .savepoint = sqlite_savepoint,
    .release = sqlite_release,
    .rollback_to = sqlite_rollback_to,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .lose = sqlite_lose,
    .run = sqlite_run,
    .script = sqlite_script,
};
