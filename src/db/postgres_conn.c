/* db/postgres_conn.c - connecting, preparing, running; what PostgreSQL's codes mean. */
#include "db/postgres_conn.h"

#include <assert.h>
#include <endian.h>
#include <inttypes.h>

enum { PG_VERSION_MIN = 150000, NAME_BYTES = 32 };

/* Built-in types (pg_type.dat); their numbers never change. */
enum {
    OID_BYTEA = 17,
    OID_CHAR = 18,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_BPCHAR = 1042,
    OID_VARCHAR = 1043
};

static void close_result(PGresult **result) {
    PQclear(*result);
}

/* ---- failures ---- */

static Err err_of_state(Str state) {
    if (str_eq(state, S("40001")) || str_eq(state, S("40P01")) || str_eq(state, S("55P03")))
        return db_err_busy(); /* could not serialize, deadlock, lock not available */
    if (str_eq(state, S("23505")) || str_eq(state, S("23503")) || str_eq(state, S("23P01")))
        return FAIL(ERR_CONFLICT, NULL, N_("This contradicts something that is already stored."));
    if (str_eq(state, S("22021")))
        return FAIL(ERR_INVALID, NULL, N_("A text holds a character that cannot be stored."));
    if (str_starts(state, S("54")))
        return FAIL(ERR_LIMIT, NULL, N_("This is too large to be stored."));
    if (str_starts(state, S("53")))
        return FAIL(ERR_IO, NULL,
                    N_("The database server has no room or no connection left. Nothing was stored; "
                       "make room and try again."));
    if (str_starts(state, S("57")) || str_starts(state, S("58")) || str_starts(state, S("XX")))
        return FAIL(ERR_IO, NULL,
                    N_("The storage does not answer. Ask the operator to look at it."));
    return FAIL(ERR_BUG, NULL, N_("The program asked its storage for something impossible."));
}

bool pg_is_broken(const PgConn *conn) {
    return PQstatus(conn->handle) != CONNECTION_OK;
}

static Err err_of(Ctx *ctx, const PgConn *conn, const PGresult *result, const char *sql) {
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

    if (pg_is_broken(conn)) /* before a COMMIT: the server takes all of it back */
        return db_err_with_detail(ctx, db_err_lost(), PQerrorMessage(conn->handle), sql);
    if (!state)
        return db_err_with_detail(
            ctx,
            FAIL(ERR_IO, NULL, N_("The storage does not answer. Ask the operator to look at it.")),
            PQerrorMessage(conn->handle), sql);

    /* Messages of class 22 repeat values, which must not reach the log. */
    bool is_shown = !str_starts(str_from_c(state), S("22"));
    const char *message = is_shown ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : "";
    Str detail = str_format(ctx->arena, "%s %s", state, message ? message : "");
    return db_err_with_detail(ctx, err_of_state(str_from_c(state)), str_to_c(ctx->arena, detail),
                              sql);
}

/* ---- connecting ---- */

static void drop_notice(void *user, const PGresult *result) {}

bool pg_control_quiet(PgConn *conn, const char *sql) {
    CLEANUP(close_result) PGresult *result = PQexec(conn->handle, sql);
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static Err set_session(PgConn *conn) {
    /* What is not said to be a transaction may not write, as on SQLite. */
    bool is_set = pg_control_quiet(conn, "SET default_transaction_read_only = on");

    if (is_set && !conn->is_sync_kept)
        is_set = pg_control_quiet(conn, "SELECT set_config('synchronous_commit', 'on', false)"
                                        " WHERE current_setting('synchronous_commit') = 'off'");
    return is_set ? OK
                  : FAIL(ERR_IO, NULL, N_("The database server does not accept our settings."));
}

Err pg_open(Arena *arena, const DbOpen *how, PgConn **ret) {
    PgConn *conn = arena_alloc(arena, sizeof *conn);
    /* Those before the address may be overruled by it, the one after it may not. */
    const char *const names[] = { "connect_timeout", "keepalives_idle", "application_name",
                                  "dbname",          "client_encoding", NULL };
    const char *const values[] = {
        "10", "30", "liandong", str_to_c(arena, how->url), "UTF8", NULL
    };

    conn->is_sync_kept = how->is_fsync_off;
    conn->places = arena_array(arena, (size_t)PG_SETS * PG_WAYS, sizeof(Prepared));
    conn->handle = PQconnectdbParams(names, values, 1);
    PQsetNoticeReceiver(conn->handle, drop_notice, NULL);
    Err err = pg_is_broken(conn)
                  ? FAIL(ERR_IO, NULL,
                         N_("The database server does not answer. Check that it runs, and the "
                            "address, the account and the password in the settings."))
                  : set_session(conn);
    if (err.code != ERR_OK) {
        err.where =
            str_to_c(arena, str_format(arena, "%s: %s", err.where, PQerrorMessage(conn->handle)));
        pg_close(conn);
        return err;
    }
    *ret = conn;
    return OK;
}

void pg_close(PgConn *conn) {
    PQfinish(conn->handle);
    conn->handle = NULL;
}

Err pg_reconnect(PgConn *conn) {
    PQreset(conn->handle);
    memset(conn->places, 0, sizeof(Prepared) * (size_t)PG_SETS * PG_WAYS);
    if (pg_is_broken(conn))
        return FAIL(ERR_IO, NULL, N_("The database server does not answer. Check that it runs."));
    return set_session(conn);
}

Err pg_check_database(Ctx *ctx, PgConn *conn) {
    CLEANUP(close_result)
    PGresult *result = PQexec(conn->handle, "SELECT pg_encoding_to_char(encoding), datcollate,"
                                            " datlocprovider FROM pg_catalog.pg_database"
                                            " WHERE datname = current_database()");

    if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1)
        return err_of(ctx, conn, result, "checking the database");
    Str encoding = str_from_c(PQgetvalue(result, 0, 0));
    Str collation = str_from_c(PQgetvalue(result, 0, 1));
    Str provider = str_from_c(PQgetvalue(result, 0, 2));

    if (PQserverVersion(conn->handle) < PG_VERSION_MIN)
        return FAIL(ERR_IO, NULL,
                    N_("The database server is too old: PostgreSQL 15 or newer is needed."));
    if (!str_eq(encoding, S("UTF8")) || !str_eq(provider, S("c")) ||
        (!str_eq(collation, S("C")) && !str_eq(collation, S("POSIX"))))
        return FAIL_ARGS(
            ERR_IO, NULL,
            N_("The database must be UTF-8 and sort by code point; this one is {0}, {1}. "
               "Make it with “createdb -T template0 -E UTF8 --locale=C”."),
            str_dup(ctx->arena, encoding), str_dup(ctx->arena, collation));
    return OK;
}

Err pg_control(Ctx *ctx, PgConn *conn, const char *sql) {
    CLEANUP(close_result) PGresult *result = PQexec(conn->handle, sql);

    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        return err_of(ctx, conn, result, sql);
    return OK;
}

/* ---- committing and telling ---- */

Str pg_node(Arena *arena, const DbStore *store) {
    return str_format(arena, "%016" PRIx64, store->node);
}

static void close_escaped(char **escaped) {
    PQfreemem(*escaped);
}

static Str commit_sql(Ctx *ctx, PgConn *conn, Str notice) {
    if (notice.len == 0)
        return S("COMMIT");
    Str text = str_format(ctx->arena, "%.*s %.*s", STR_ARG(pg_node(ctx->arena, ctx->db->store)),
                          STR_ARG(notice));
    CLEANUP(close_escaped) char *escaped = PQescapeLiteral(conn->handle, text.ptr, text.len);
    return escaped
               ? str_format(ctx->arena, "COMMIT; NOTIFY " PG_CHANNEL ", %s", escaped)
               : S("COMMIT"); /* no memory: the others forget their pages after a quarter of an hour */
}

Err pg_commit(Ctx *ctx, PgConn *conn, Str notice, bool *ret_is_commit) {
    const char *sql = str_to_c(ctx->arena, commit_sql(ctx, conn, notice));
    CLEANUP(close_result) PGresult *result = NULL;
    PGresult *later;

    /* The first result is the COMMIT's; a broken connection shows in it. */
    if (PQsendQuery(conn->handle, sql))
        result = PQgetResult(conn->handle);
    while ((later = PQgetResult(conn->handle)))
        PQclear(later);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        return err_of(ctx, conn, result, sql);
    *ret_is_commit = str_eq(str_from_c(PQcmdStatus(result)), S("COMMIT"));
    return OK;
}

/* ---- statements ---- */

static bool is_same(const Prepared *place, const DbCall *call) {
    if (place->key != call->sql || place->count != call->count)
        return false;
    for (size_t i = 0; i < call->count; i++)
        if (place->types[i] != (unsigned char)call->args[i].type)
            return false;
    return true;
}

static Prepared *place_for(PgConn *conn, const DbCall *call) {
    uint64_t mixed = (uint64_t)(uintptr_t)call->sql * 0x9E3779B97F4A7C15u;
    Prepared *set = &conn->places[(size_t)(mixed >> 40) % PG_SETS * PG_WAYS];
    Prepared *oldest = &set[0];

    for (size_t i = 0; i < PG_WAYS; i++) {
        if (is_same(&set[i], call))
            return &set[i];
        if (set[i].used < oldest->used)
            oldest = &set[i];
    }
    return oldest;
}

static void name_of(const Prepared *place, char out[NAME_BYTES]) {
    snprintf(out, NAME_BYTES, "s%" PRIu64, place->number);
}

/* Whole numbers are declared as such: left to guess, the server would take "$1 = 1" for 32 bits. */
static Oid oid_of(DbType type) {
    switch (type) {
    case DB_INT:
        return OID_INT8;
    case DB_TEXT:
        return OID_TEXT;
    case DB_BLOB:
        return OID_BYTEA;
    case DB_NULL:
        break;
    }
    return 0; /* the server's choice */
}

static Err prepare(Ctx *ctx, PgConn *conn, const DbCall *call, Prepared *place) {
    char name[NAME_BYTES];
    Oid types[DB_ARGS_MAX];

    if (place->key) {
        char drop[NAME_BYTES + 16];
        name_of(place, name);
        snprintf(drop, sizeof drop, "DEALLOCATE %s", name);
        TRY(pg_control(ctx, conn, drop));
        place->key = NULL;
    }
    place->number = ++conn->tick;
    place->count = call->count;
    for (size_t i = 0; i < call->count; i++) {
        place->types[i] = (unsigned char)call->args[i].type;
        types[i] = oid_of(call->args[i].type);
    }
    name_of(place, name);
    CLEANUP(close_result)
    PGresult *result = PQprepare(conn->handle, name, db_sql_for(ctx->arena, DB_POSTGRES, call->sql),
                                 (int)call->count, types);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        return err_of(ctx, conn, result, call->sql);
    place->key = call->sql;
    return OK;
}

static PGresult *execute(PgConn *conn, const DbCall *call, const Prepared *place) {
    char name[NAME_BYTES];
    const char *values[DB_ARGS_MAX];
    int lengths[DB_ARGS_MAX], formats[DB_ARGS_MAX];
    uint64_t numbers[DB_ARGS_MAX]; /* in network order */

    for (size_t i = 0; i < call->count; i++) {
        const DbArg *arg = &call->args[i];

        formats[i] = 1; /* binary, also what comes back */
        if (arg->type == DB_INT) {
            numbers[i] = htobe64((uint64_t)arg->integer);
            values[i] = (const char *)&numbers[i];
            lengths[i] = (int)sizeof numbers[i];
        } else {
            const char *bytes = arg->bytes.len ? arg->bytes.ptr : "";
            values[i] = arg->type == DB_NULL ? NULL : bytes;
            lengths[i] = (int)arg->bytes.len;
        }
    }
    name_of(place, name);
    return PQexecPrepared(conn->handle, name, (int)call->count, values, lengths, formats, 1);
}

/* ---- results ---- */

static int64_t read_number(const char *bytes, int len) {
    uint64_t value =
        (unsigned char)bytes[0] & 0x80 ? UINT64_MAX : 0; /* the sign goes all the way up */

    for (int i = 0; i < len; i++)
        value = value << 8 | (unsigned char)bytes[i];
    return (int64_t)value;
}

/* False for a type that the common SQL does not have. */
static bool read_value(Arena *arena, const PGresult *result, int row, int column, DbValue *ret) {
    const char *bytes = PQgetvalue(result, row, column);
    int len = PQgetlength(result, row, column);

    if (PQgetisnull(result, row, column)) {
        ret->type = DB_NULL;
        return true;
    }
    switch (PQftype(result, column)) {
    case OID_INT8:
    case OID_INT4:
    case OID_INT2:
        *ret = (DbValue){ .type = DB_INT, .integer = read_number(bytes, len) };
        return true;
    case OID_TEXT:
    case OID_VARCHAR:
    case OID_BPCHAR:
    case OID_NAME:
    case OID_CHAR:
        ret->type = DB_TEXT;
        break;
    case OID_BYTEA:
        ret->type = DB_BLOB;
        break;
    default:
        return false;
    }
    ret->bytes = str_dup(arena, (Str){ bytes, (size_t)len });
    return true;
}

static Err read_rows(Ctx *ctx, const PGresult *result, DbCall *call) {
    int count = PQntuples(result);

    call->rows->columns = PQnfields(result);
    for (int i = 0; i < count; i++) {
        DbRow *row = db_set_push(ctx->arena, call->rows);
        ctx->db->cost.rows++;
        for (int k = 0; k < call->rows->columns; k++)
            if (!read_value(ctx->arena, result, i, k, &row->values[k]))
                return db_err_with_detail(
                    ctx,
                    FAIL(ERR_BUG, NULL,
                         N_("The program asked its storage for something impossible.")),
                    "a column is neither a whole number nor text nor bytes", call->sql);
        if (arena_is_over(ctx->arena))
            return FAIL(ERR_LIMIT, NULL, N_("This is more than can be read at once."));
    }
    return OK;
}

Err pg_run(Ctx *ctx, PgConn *conn, DbCall *call) {
    Prepared *place = place_for(conn, call);

    for (size_t i = 0; i < call->count; i++)
        if (call->args[i].bytes.len > INT32_MAX)
            return FAIL(ERR_LIMIT, NULL, N_("This is too large to be stored."));
    if (!is_same(place, call))
        TRY(prepare(ctx, conn, call, place));
    place->used = ++conn->tick;
    CLEANUP(close_result) PGresult *result = execute(conn, call, place);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return err_of(ctx, conn, result, call->sql);
    (void)str_parse_int(str_from_c(PQcmdTuples(result)),
                        &call->changed); /* empty for other commands */
    return call->rows ? read_rows(ctx, result, call) : OK;
}
