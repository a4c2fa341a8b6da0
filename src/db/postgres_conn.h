/* db/postgres_conn.h - one PostgreSQL connection with its prepared statements; private to this folder. */
#ifndef DB_POSTGRES_CONN_H
#define DB_POSTGRES_CONN_H

#include <libpq-fe.h>

#include "db/driver.h"

/* A statement prepared for one literal and one list of parameter types. */
typedef struct Prepared {
    const char *key; /* the literal; NULL: this place is free */
    uint64_t number; /* its name on the server is "s" and this number */
    uint64_t used;   /* the connection's tick at its last use */
    size_t count;
    unsigned char types[DB_ARGS_MAX]; /* DbType */
} Prepared;

typedef struct PgConn {
    PGconn *handle;
    Prepared *places; /* PG_SETS sets of PG_WAYS places; the oldest of a full set makes room */
    uint64_t tick;
    bool is_sync_kept; /* is_fsync_off: synchronous_commit stays as the server has it */
} PgConn;

enum { PG_SETS = 64, PG_WAYS = 4 };
#define PG_CHANNEL "liandong_pages"

/* In arena; pg_close. ERR_IO with the remedy. */
CHECKED Err pg_open(Arena *arena, const DbOpen *how, PgConn **ret);
void pg_close(PgConn *conn);
/* The server is new enough, the database UTF-8 and sorted by code point. ERR_IO with the remedy. */
CHECKED Err pg_check_database(Ctx *ctx, PgConn *conn);
/* Makes a broken connection anew; outside transactions only. */
CHECKED Err pg_reconnect(PgConn *conn);
bool pg_is_broken(const PgConn *conn);
/* Runs SQL without parameters. */
CHECKED Err pg_control(Ctx *ctx, PgConn *conn, const char *sql);
/* The same where nobody can be told; false on failure. */
CHECKED bool pg_control_quiet(PgConn *conn, const char *sql);
/*
 * COMMIT, and then, so that whoever hears it reads what was committed, a notice to the other processes (empty: none);
 * whether it went out does not matter for the result. *ret_is_commit:
 * the server says that it was a COMMIT.
 */
CHECKED Err pg_commit(Ctx *ctx, PgConn *conn, Str notice, bool *ret_is_commit);
/* What this process signs its notices with. */
Str pg_node(Arena *arena, const DbStore *store);
/* Runs one prepared statement to its end. */
CHECKED Err pg_run(Ctx *ctx, PgConn *conn, DbCall *call);

#endif
