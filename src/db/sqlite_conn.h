/* db/sqlite_conn.h - one SQLite connection with its statement cache; private to this folder. */
#ifndef DB_SQLITE_CONN_H
#define DB_SQLITE_CONN_H

#include <sqlite3.h>

#include "db/driver.h"

typedef enum ConnKind {
    CONN_READER, /* query_only; never checkpoints */
    CONN_WRITER  /* the one connection of its file that writes and checkpoints (stack.md, trap 1) */
} ConnKind;

typedef struct Statement {
    const char *key; /* the literal; NULL: this place is free */
    sqlite3_stmt *handle;
    uint64_t used; /* the connection's tick at its last use */
    int params;
    unsigned char
        arg_of[DB_ARGS_MAX]; /* SQLite numbers "$7" by first appearance: which argument it is */
} Statement;

typedef struct Conn {
    sqlite3 *handle;
    Arena *arena;
    ConnKind kind;
    Statement *places; /* set_count sets of CONN_WAYS places; the oldest of a full set makes room */
    size_t set_count;
    uint64_t tick;
} Conn;

enum { CONN_WAYS = 4 };

/* Opens; the file must exist for a reader. In arena; conn_close. ERR_IO with the remedy. */
CHECKED Err conn_open(Arena *arena, const char *path, ConnKind kind, DbFile file, const DbOpen *how,
                      Conn **ret);
void conn_close(Conn *conn);
/* Runs one cached statement to its end. */
CHECKED Err conn_run(Ctx *ctx, Conn *conn, DbCall *call);
/* Runs SQL without parameters and rows, for BEGIN and the like (a literal: cached). SQLite's code. */
CHECKED int conn_control(Conn *conn, const char *sql);
/* What SQLite's newest failure on this connection means. */
Err conn_err(Ctx *ctx, const Conn *conn, int code, const char *sql);

#endif
