/* db/db.h - storage: statements, rows and transactions on SQLite or PostgreSQL behind one SQL text. */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/ctx.h"

/*
 * A DbStore is the process's storage: the record file (what is owed or promised) and the derived file
 * (counters, index, last-seen), or one PostgreSQL database. A Db is one worker's connection, `ctx->db`;
 * it is used by one thread. `derived` functions work on the derived file; the two files are never
 * joined or committed together (ground-rules.md, Storage).
 */
typedef struct DbStore DbStore;
typedef struct Db Db;

typedef enum DbDriver { DB_SQLITE, DB_POSTGRES } DbDriver;

typedef struct DbOpen {
    Str folder;        /* of record.db and derived.db; SQLite only */
    Str url;           /* postgres://... or "host=... dbname=..." ; empty means SQLite */
    int batch_members; /* group commit: at most so many acts in one commit (128) */
    int64_t batch_us;  /* ... or so long after the first (2000) */
    int cache_kib;     /* page cache of a reader (256) */
    int busy_ms;       /* how long to wait for a lock of another process (5000) */
    bool is_fsync_off; /* tests that do not test durability */
} DbOpen;

/* Opens the store and its writers. Owned by the caller, db_store_close. ERR_IO with the remedy. */
CHECKED Err db_store_open(Arena *scratch, const DbOpen *how, DbStore **ret);
/* Every Db of the store was closed before. */
void db_store_close(DbStore *store);
/*
 * Copies record.db and derived.db, each as one consistent snapshot and synced, to files of the same names
 * in to_folder, which exists and holds neither; others may read and write meanwhile. SQLite only: ERR_BUG
 * on PostgreSQL. ERR_CONFLICT when a copy is there already, ERR_IO (no room, no right to write).
 */
CHECKED Err db_store_copy(DbStore *store, Arena *scratch, Str to_folder);
DbDriver db_store_driver(const DbStore *store);

/* One worker's connection. Owned by the caller, db_close. */
CHECKED Err db_open(DbStore *store, Db **ret);
void db_close(Db *db);
DbDriver db_driver(const Db *db);

/* ---- values ---- */

typedef enum DbType { DB_NULL, DB_INT, DB_TEXT, DB_BLOB } DbType;

typedef struct DbArg {
    DbType type;
    int64_t integer;
    Str bytes;
} DbArg;

#define INT(value) ((DbArg){ .type = DB_INT, .integer = (value) })
#define TXT(value) ((DbArg){ .type = DB_TEXT, .bytes = (value) })
#define BLOB(value) ((DbArg){ .type = DB_BLOB, .bytes = (value) })
#define NUL ((DbArg){ .type = DB_NULL })
/* NULL for 0, as optional references are stored. */
#define INT_OR_NUL(value) db_int_or_null(value)
#define TXT_OR_NUL(value) db_text_or_null(value)

/* The parameters $1, $2, ... in order; NO_ARGS when there are none. */
#define ARGS(...)                                                                                  \
    (const DbArg[]){ __VA_ARGS__ }, sizeof((const DbArg[]){ __VA_ARGS__ }) / sizeof(DbArg)
#define NO_ARGS NULL, 0

static inline DbArg db_int_or_null(int64_t value) {
    return value ? INT(value) : NUL;
}
static inline DbArg db_text_or_null(Str value) {
    return value.len ? TXT(value) : NUL;
}

/* ---- statements; the SQL is a string literal ("" glued on both sides), in the common SQL of
 * docs/developers.md. Reads go to this worker's snapshot, inside db_begin of the same ctx to the writer;
 * writes outside a transaction are a transaction of their own. ---- */

#define db_exec(ctx, sql, ...) db_exec_((ctx), "" sql "", __VA_ARGS__, NULL)
#define db_exec_derived(ctx, sql, ...) db_exec_derived_((ctx), "" sql "", __VA_ARGS__, NULL)
/* The same and how many rows were changed. Write: db_exec_count(ctx, sql, ARGS(...), &changed). */
#define db_exec_count(ctx, sql, ...) db_exec_((ctx), "" sql "", __VA_ARGS__)
#define db_exec_count_derived(ctx, sql, ...) db_exec_derived_((ctx), "" sql "", __VA_ARGS__)

/*
 * Fails with ERR_BUSY and retry (nothing stored, the whole act may run again), ERR_CONFLICT (a unique or
 * foreign key says no; the caller translates it), ERR_INVALID (a text with a NUL), ERR_IO (storage),
 * ERR_BUG (wrong SQL). After a failure inside a transaction only rolling back is left (as PostgreSQL has
 * it): every later statement and the commit of that db_begin fail with ERR_BUG. Where a conflict is
 * expected, say ON CONFLICT DO NOTHING and look at the count, or try it in a db_begin of its own.
 * `sql` is cached by its address: at most 64 parameters.
 */
CHECKED Err db_exec_(Ctx *ctx, const char *sql, const DbArg *args, size_t count,
                     int64_t *ret_changed);
CHECKED Err db_exec_derived_(Ctx *ctx, const char *sql, const DbArg *args, size_t count,
                             int64_t *ret_changed);

typedef struct DbRows {
    void *impl; /* what was read; NULL once closed */
    Ctx *ctx;
    Err failure; /* what db_end returns */
} DbRows;

/* Declares rows that are closed on every way out of the block. */
#define DB_ROWS(name) CLEANUP(db_rows_close) DbRows name = { 0 }

#define db_query(ctx, rows, sql, ...) db_query_((ctx), (rows), "" sql "", __VA_ARGS__)
#define db_query_derived(ctx, rows, sql, ...)                                                      \
    db_query_derived_((ctx), (rows), "" sql "", __VA_ARGS__)

/*
 * Also for INSERT/UPDATE/DELETE ... RETURNING inside a transaction. Errors as db_exec, and ERR_LIMIT when
 * the rows do not fit the arena's budget: all are read at once into ctx->arena, so that no statement stays
 * open and each query outside a transaction sees the newest commit. Long tables are read page by page.
 */
CHECKED Err db_query_(Ctx *ctx, DbRows *rows, const char *sql, const DbArg *args, size_t count);
CHECKED Err db_query_derived_(Ctx *ctx, DbRows *rows, const char *sql, const DbArg *args,
                              size_t count);
/* The next row, or false at the end and on failure (db_end tells which). */
bool db_next(DbRows *rows);
/* Closes; an error half-way is an error, not a short list. */
CHECKED Err db_end(DbRows *rows);
void db_rows_close(DbRows *rows);

/* Columns of the current row, from 0. Text and blobs live in ctx->arena; NULL gives 0 or empty. */
int64_t db_int(DbRows *row, int column);
Str db_text(DbRows *row, int column);
Str db_blob(DbRows *row, int column);
bool db_is_null(DbRows *row, int column);

/* ---- transactions ---- */

typedef struct DbTx {
    Ctx *ctx; /* NULL when not begun or already ended */
    uint64_t batch;
    int depth;
    bool is_derived;
} DbTx;

/* Declares a transaction that is rolled back on every way out that has not committed. */
#define DB_TX(name) CLEANUP(db_tx_close) DbTx name = { 0 }

/*
 * Begins an act on the record file. Nests inside an open transaction of the same ctx: only the outermost
 * waits for the writer, and only its commit is durable. Under a runner that holds the act open
 * (Idempotency-Key, db_hold) the outermost is the runner's. ERR_BUSY with retry, ERR_IO.
 */
CHECKED Err db_begin(Ctx *ctx, DbTx *ret);
/* For acts of more than about 5 ms: the batch before it commits first (ground-rules.md, Long ones). */
CHECKED Err db_begin_alone(Ctx *ctx, DbTx *ret);
/* On the derived file; never nested with one on the record file. */
CHECKED Err db_begin_derived(Ctx *ctx, DbTx *ret);
CHECKED Err db_begin_derived_alone(Ctx *ctx, DbTx *ret);
/* Returns when the group's commit is durable; also for members that only read or refused. */
CHECKED Err db_commit(DbTx *tx);
void db_tx_close(DbTx *tx);

/* True inside db_begin of this ctx. */
bool db_is_open(const Ctx *ctx);
/* Ends whatever a failed act left open on this connection; the runner calls it between acts. */
void db_reset(Db *db);

/* ---- for the runners (http/, queue/, command line) only ---- */

/*
 * Between db_hold and db_hold_end the handler's outermost db_commit stores nothing yet: all its acts on the
 * record file stand inside one transaction of the runner, begun by the first of them, so that the runner can
 * add a row of its own (Idempotency-Key) and commit all at once. db_is_open tells whether there was any.
 */
void db_hold(Ctx *ctx);
/* Commits or rolls back what was held; OK at once when no act was begun. Errors as db_commit. */
CHECKED Err db_hold_end(Ctx *ctx, bool is_commit);
/*
 * What the handler's answer is worth: the answer itself, or ERR_BUSY with retry when the act was refused
 * (rolled back) on rows of other acts in its group that were then lost, so that the refusal may be wrong.
 * Called once per run, before db_reset.
 */
CHECKED Err db_settle(Ctx *ctx, Err answer);

/* ---- cost, failure injection ---- */

typedef struct DbCost {
    int64_t statements; /* executed since db_cost_reset, BEGIN/COMMIT/SAVEPOINT not counted */
    int64_t rows;       /* read */
} DbCost;
DbCost db_cost(const Db *db);
void db_cost_reset(Db *db);

/* The n-th storage call from now (0 is the next) fails with ERR_IO, once; -1 turns it off. */
void db_fail_at(Db *db, int64_t n);
/* The n-th commit answers ERR_BUSY with retry, as a lost batch does. -1 turns it off. */
void db_busy_at(Db *db, int64_t n);

#endif
