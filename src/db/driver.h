/* db/driver.h - what SQLite and PostgreSQL each do for db.c; private to this folder. */
#ifndef DB_DRIVER_H
#define DB_DRIVER_H

#include "db/db.h"

enum {
    DB_ARGS_MAX = 64, /* parameters of one statement */
    DB_DEPTH_MAX = 16 /* transactions inside one another */
};

typedef enum DbFile { DB_RECORD, DB_DERIVED } DbFile;

/* One column of one row; bytes live in the arena of the context that asked. */
typedef struct DbValue {
    DbType type;
    union {
        int64_t integer;
        Str bytes;
    };
} DbValue;

typedef struct DbRow DbRow;
struct DbRow {
    DbRow *next;
    DbValue values[];
};

/* All rows of one query: read at once, so that no statement stays open behind the caller's back. */
typedef struct DbSet {
    DbRow *first, *last;
    DbRow *at; /* the current row; NULL before db_next and after the end */
    int columns;
    bool is_started;
} DbSet;

typedef struct DbCall {
    const char *sql; /* a literal: its address is the key of the statement cache */
    const DbArg *args;
    size_t count;
    DbFile file;
    bool is_in_tx; /* on the writer, inside the open transaction */
    DbSet *rows;   /* filled when not NULL */
    int64_t changed;
} DbCall;

/*
 * One driver. Each function runs on the calling thread's Db. Those that open or end a transaction are
 * called only when that makes sense: begin at depth 0, savepoint/release/rollback_to above it, commit
 * and rollback at depth 1; none after the transaction was lost (db->is_lost).
 */
typedef struct Driver {
    CHECKED Err (*store_open)(Arena *scratch, const DbOpen *how, DbStore *store);
    void (*store_close)(DbStore *store);
    CHECKED Err (*open)(Db *db);
    void (*close)(Db *db);
    CHECKED Err (*begin)(Ctx *ctx, DbFile file, bool is_alone);
    CHECKED Err (*savepoint)(Ctx *ctx);
    CHECKED Err (*release)(Ctx *ctx);
    /* Back to the newest savepoint, which goes too. A failure sets db->is_lost. */
    void (*rollback_to)(Db *db);
    /* Durable when it returns OK; in every case the transaction is over. */
    CHECKED Err (*commit)(Ctx *ctx);
    /* False when rows this act may have read were lost with the group it stood in. */
    bool (*rollback)(Db *db);
    /* Rolls back all that would be committed together, as a failed COMMIT does. */
    void (*lose)(Db *db);
    CHECKED Err (*run)(Ctx *ctx, DbCall *call);
    /* One statement that is no literal (a migration), inside the open transaction; not cached. */
    CHECKED Err (*script)(Ctx *ctx, const char *sql);
} Driver;

extern const Driver db_sqlite_driver;
extern const Driver db_postgres_driver;

struct DbStore {
    Arena *arena; /* of the store itself; not used after db_store_open */
    const Driver *driver;
    DbDriver kind;
    DbOpen how;    /* its texts live in arena */
    void *impl;    /* the driver's */
    uint64_t node; /* by chance: tells this process's notices from others' (listen.h) */
};

struct Db {
    Arena *arena; /* of the connection itself; ends with it */
    DbStore *store;
    void *impl; /* the driver's */

    int depth;    /* open transactions, 0: none */
    uint64_t act; /* number of the outermost transaction, so that an old DbTx is known */
    DbFile file;  /* of the open transaction */
    bool is_failed[DB_DEPTH_MAX + 1]; /* [depth]: a statement failed; only rolling back is left */
    bool is_lost;                     /* the open transaction was rolled back as a whole */
    bool was_lost; /* since db_reset: an act that was rolled back had read rows that were lost */
    bool has_committed; /* since db_reset: an act was stored */

    bool is_holding; /* db_hold: the next outermost transaction belongs to the runner */
    DbTx hold;       /* that transaction, once begun */

    DbCost cost;
    int64_t fail_in; /* storage calls until the injected failure; -1: off */
    int64_t busy_in; /* commits until the injected lost group; -1: off */
};

/* The usual failures, with the driver's own words and the statement (no values) in `where`. */
Err db_err_busy(void);
Err db_err_lost(void);
Err db_err_with_detail(Ctx *ctx, Err err, const char *detail, const char *sql);

/* Appends a zeroed row to the set. */
DbRow *db_set_push(Arena *arena, DbSet *set);
/* `sql` with {{SKIP_LOCKED}} replaced; the text itself when it holds none. */
const char *db_sql_for(Arena *arena, DbDriver kind, const char *sql);
/* Runs one statement of a migration inside the open transaction. */
CHECKED Err db_script(Ctx *ctx, const char *sql);

#endif
