/* db/sqlite_conn.c - opening, preparing, binding, stepping; what SQLite's codes mean. */
#include "db/sqlite_conn.h"

#include <assert.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/search_tokens.h"

enum {
    READER_SETS = 32, /* of 4 statements */
    WRITER_SETS = 128,
    JOURNAL_LIMIT_BYTES = 64 << 20
};

/* ---- opening ---- */

static int run_text(sqlite3 *handle, Arena *arena, const char *format, int64_t value) {
    char *sql = str_to_c(arena, str_format(arena, "PRAGMA %s=%lld", format, (long long)value));
    return sqlite3_exec(handle, sql, NULL, NULL, NULL);
}

static int set_pragmas(Conn *conn, DbFile file, const DbOpen *how) {
    sqlite3 *handle = conn->handle;
    bool is_writer = conn->kind == CONN_WRITER;
    int sync = how->is_fsync_off ? 0 : file == DB_RECORD ? 2 : 1;
    struct {
        const char *name;
        int64_t value;
    } pragmas[] = {
        { "foreign_keys", 1 },
        { "trusted_schema", 0 },
        { "cell_size_check", 1 },
        { "synchronous", sync },
        { "temp_store", 2 },
        { "cache_size", is_writer ? -2048 : -how->cache_kib },
        { "wal_autocheckpoint", is_writer ? 1000 : 0 },
        { "journal_size_limit", JOURNAL_LIMIT_BYTES },
        /* A spill in mid-batch would write pages of acts that may yet be rolled back. */
        { "cache_spill", 0 },
        { "query_only", is_writer ? 0 : 1 },
    };
    int code = SQLITE_OK;

    sqlite3_busy_timeout(handle, how->busy_ms);
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    if (!is_writer) /* the last one out must not checkpoint either */
        sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (is_writer)
        code = sqlite3_exec(handle, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
    for (size_t i = 0; code == SQLITE_OK && i < COUNT_OF(pragmas); i++)
        code = run_text(handle, conn->arena, pragmas[i].name, pragmas[i].value);
    /* The first look at the file: here a file that is no database shows itself. */
    if (code == SQLITE_OK)
        code = sqlite3_exec(handle, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    return code;
}

/* SQLite would create the file readable for everybody. */
static bool make_private_file(const char *path) {
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return false;
    close(fd);
    return true;
}

Err conn_open(Arena *arena, const char *path, ConnKind kind, DbFile file, const DbOpen *how,
              Conn **ret) {
    Conn *conn = arena_alloc(arena, sizeof *conn);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

    conn->arena = arena;
    conn->kind = kind;
    conn->set_count = kind == CONN_WRITER ? WRITER_SETS : READER_SETS;
    conn->places = arena_array(arena, conn->set_count * CONN_WAYS, sizeof(Statement));
    if (kind == CONN_WRITER && !make_private_file(path))
        return FAIL(ERR_IO, NULL,
                    N_("The data folder cannot be written. Check that it exists and belongs to the "
                       "account that runs the server."));

    int code = sqlite3_open_v2(path, &conn->handle, flags, NULL);
    if (code == SQLITE_OK)
        code = set_pragmas(conn, file, how);
    if (code == SQLITE_OK && file == DB_DERIVED)
        code = search_tokens_register(conn->handle);
    if (code != SQLITE_OK) {
        conn_close(conn);
        if (code == SQLITE_NOTADB || (code & 0xff) == SQLITE_CORRUPT)
            return FAIL(
                ERR_IO, NULL,
                N_("A database file is damaged or is no database. Restore the newest backup."));
        return FAIL(ERR_IO, NULL,
                    N_("The database cannot be opened. Check the rights of the data folder and the "
                       "free space, and that no other server uses it."));
    }
    *ret = conn;
    return OK;
}

void conn_close(Conn *conn) {
    if (!conn)
        return;
    for (size_t i = 0; i < conn->set_count * CONN_WAYS; i++)
        sqlite3_finalize(conn->places[i].handle);
    sqlite3_close_v2(conn->handle);
    conn->handle = NULL;
}

/* ---- failures ---- */

static Err plain_err(const Conn *conn, int code) {
    switch (code) { /* the extended ones first */
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return FAIL(ERR_CONFLICT, NULL, N_("This contradicts something that is already stored."));
    default:
        break;
    }
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return db_err_busy();
    case SQLITE_FULL:
        return FAIL(ERR_IO, NULL,
                    N_("The disk is full. Nothing was stored; make room and try again."));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return FAIL(ERR_IO, NULL, N_("The database is damaged. Restore the newest backup."));
    case SQLITE_READONLY:
        if (conn->kind == CONN_READER && code == SQLITE_READONLY)
            return FAIL(ERR_BUG, NULL, N_("The program wrote outside a transaction."));
        return FAIL(ERR_IO, NULL,
                    N_("The database cannot be written. Check the rights of its folder."));
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
        return FAIL(ERR_IO, NULL,
                    N_("The storage does not answer. Ask the operator to look at it."));
    case SQLITE_TOOBIG:
        return FAIL(ERR_LIMIT, NULL, N_("This is too large to be stored."));
    default:
        return FAIL(ERR_BUG, NULL, N_("The program asked its storage for something impossible."));
    }
}

Err conn_err(Ctx *ctx, const Conn *conn, int code, const char *sql) {
    return db_err_with_detail(ctx, plain_err(conn, code), sqlite3_errmsg(conn->handle), sql);
}

/* ---- statements ---- */

static Statement *place_for(Conn *conn, const char *key) {
    uint64_t mixed = (uint64_t)(uintptr_t)key * 0x9E3779B97F4A7C15u;
    Statement *set = &conn->places[(size_t)(mixed >> 40) % conn->set_count * CONN_WAYS];
    Statement *oldest = &set[0];

    for (size_t i = 0; i < CONN_WAYS; i++) {
        if (set[i].key == key)
            return &set[i];
        if (set[i].used < oldest->used)
            oldest = &set[i];
    }
    return oldest;
}

/* Fills the table of which argument each of SQLite's parameters is. False for what is no $1..$64. */
static bool map_params(Statement *statement) {
    statement->params = sqlite3_bind_parameter_count(statement->handle);
    if (statement->params > DB_ARGS_MAX)
        return false;
    for (int i = 0; i < statement->params; i++) {
        const char *name = sqlite3_bind_parameter_name(statement->handle, i + 1);
        int64_t number = 0;

        if (!name || name[0] != '$' || !str_parse_int(str_from_c(name + 1), &number))
            return false;
        if (number < 1 || number > DB_ARGS_MAX)
            return false;
        statement->arg_of[i] = (unsigned char)(number - 1);
    }
    return true;
}

static int find_statement(Conn *conn, Arena *scratch, const char *sql, Statement **ret) {
    Statement *statement = place_for(conn, sql);

    statement->used = ++conn->tick;
    if (statement->key != sql) {
        const char *text = db_sql_for(scratch, DB_SQLITE, sql);
        sqlite3_finalize(statement->handle);
        statement->key = NULL;
        int code = sqlite3_prepare_v3(conn->handle, text, -1, SQLITE_PREPARE_PERSISTENT,
                                      &statement->handle, NULL);
        if (code != SQLITE_OK)
            return code;
        if (!statement->handle || !map_params(statement))
            return SQLITE_RANGE;
        statement->key = sql;
    }
    *ret = statement;
    return SQLITE_OK;
}

static int bind(const Statement *statement, const DbCall *call) {
    int code = SQLITE_OK;

    for (int i = 0; code == SQLITE_OK && i < statement->params; i++) {
        if (statement->arg_of[i] >= call->count)
            return SQLITE_RANGE;
        const DbArg *arg = &call->args[statement->arg_of[i]];
        const char *bytes = arg->bytes.len ? arg->bytes.ptr : ""; /* NULL would bind NULL */

        switch (arg->type) {
        case DB_INT:
            code = sqlite3_bind_int64(statement->handle, i + 1, arg->integer);
            break;
        case DB_TEXT:
            code = sqlite3_bind_text64(statement->handle, i + 1, bytes, arg->bytes.len,
                                       SQLITE_STATIC, SQLITE_UTF8);
            break;
        case DB_BLOB:
            code =
                sqlite3_bind_blob64(statement->handle, i + 1, bytes, arg->bytes.len, SQLITE_STATIC);
            break;
        case DB_NULL:
            code = sqlite3_bind_null(statement->handle, i + 1);
            break;
        }
    }
    return code;
}

/* Whole numbers, text, bytes; SQLITE_MISMATCH for anything else (the common SQL has nothing else). */
static int read_column(Arena *arena, sqlite3_stmt *handle, int column, DbValue *ret) {
    switch (sqlite3_column_type(handle, column)) {
    case SQLITE_INTEGER:
        *ret = (DbValue){ .type = DB_INT, .integer = sqlite3_column_int64(handle, column) };
        return SQLITE_OK;
    case SQLITE_TEXT:
        ret->type = DB_TEXT;
        ret->bytes = (Str){ (const char *)sqlite3_column_text(handle, column), 0 };
        break;
    case SQLITE_BLOB:
        ret->type = DB_BLOB;
        ret->bytes = (Str){ sqlite3_column_blob(handle, column), 0 };
        break;
    case SQLITE_NULL:
        ret->type = DB_NULL;
        return SQLITE_OK;
    default:
        return SQLITE_MISMATCH;
    }
    ret->bytes.len = (size_t)sqlite3_column_bytes(handle, column);
    if (ret->bytes.len && !ret->bytes.ptr)
        return SQLITE_NOMEM;
    ret->bytes = str_dup(arena, ret->bytes);
    return SQLITE_OK;
}

static int read_row(Ctx *ctx, const Statement *statement, DbCall *call) {
    DbRow *row = db_set_push(ctx->arena, call->rows);
    int code = SQLITE_OK;

    ctx->db->cost.rows++;
    for (int i = 0; code == SQLITE_OK && i < call->rows->columns; i++)
        code = read_column(ctx->arena, statement->handle, i, &row->values[i]);
    return code;
}

static int step_all(Ctx *ctx, const Statement *statement, DbCall *call) {
    int code = SQLITE_ROW;

    if (call->rows)
        call->rows->columns = sqlite3_column_count(statement->handle);
    while ((code = sqlite3_step(statement->handle)) == SQLITE_ROW) {
        if (!call->rows)
            continue;
        int bad = read_row(ctx, statement, call);
        if (bad != SQLITE_OK)
            return bad;
        if (arena_is_over(ctx->arena))
            return SQLITE_TOOBIG;
    }
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

Err conn_run(Ctx *ctx, Conn *conn, DbCall *call) {
    Statement *statement = NULL;
    int code = find_statement(conn, ctx->arena, call->sql, &statement);

    if (code != SQLITE_OK)
        return conn_err(ctx, conn, code, call->sql);
    code = bind(statement, call);
    if (code == SQLITE_OK)
        code = step_all(ctx, statement, call);
    Err err = code == SQLITE_OK ? OK : conn_err(ctx, conn, code, call->sql);
    if (code == SQLITE_OK && !sqlite3_stmt_readonly(statement->handle))
        call->changed = sqlite3_changes64(conn->handle);
    sqlite3_reset(statement->handle); /* repeats the code of the step: read above */
    sqlite3_clear_bindings(statement->handle);
    if (code == SQLITE_TOOBIG && arena_is_over(ctx->arena))
        return FAIL(ERR_LIMIT, NULL, N_("This is more than can be read at once."));
    return err;
}

int conn_control(Conn *conn, const char *sql) {
    Statement *statement = NULL;
    int code = find_statement(conn, conn->arena, sql, &statement);

    if (code != SQLITE_OK)
        return code;
    code = sqlite3_step(statement->handle);
    sqlite3_reset(statement->handle);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}
