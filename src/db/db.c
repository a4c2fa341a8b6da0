/* db/db.c - connections, statements and rows: what is the same on both drivers. */
#include "db/db.h"

#include <assert.h>

#include "db/driver.h"
#include "db/tx.h"

static const char skip_locked[] = "{{SKIP_LOCKED}}";

/* ---- failures ---- */

Err db_err_busy(void) {
    Err err =
        FAIL(ERR_BUSY, NULL, N_("Many people work here just now. Nothing was stored; try again."));
    err.retry = true;
    return err;
}

Err db_err_lost(void) {
    Err err =
        FAIL(ERR_BUSY, NULL, N_("The storage was interrupted. Nothing was stored; try again."));
    err.retry = true;
    return err;
}

Err db_err_with_detail(Ctx *ctx, Err err, const char *detail, const char *sql) {
    enum { SQL_SHOWN = 160 };
    Str text = str_slice(str_from_c(sql), 0, SQL_SHOWN);
    Str where =
        str_format(ctx->arena, "%s: %s [%.*s]", err.where, detail ? detail : "", STR_ARG(text));

    err.where = str_to_c(ctx->arena, where);
    return err;
}

/* ---- the store and its connections ---- */

Err db_store_open(Arena *scratch, const DbOpen *how, DbStore **ret) {
    Arena *arena = arena_new(0);
    DbStore *store = arena_alloc(arena, sizeof *store);

    store->arena = arena;
    store->kind = how->url.len ? DB_POSTGRES : DB_SQLITE;
    store->driver = how->url.len ? &db_postgres_driver : &db_sqlite_driver;
    store->how = *how;
    store->how.folder = str_dup(arena, how->folder);
    store->how.url = str_dup(arena, how->url);
    chance_fill(chance_system(), &store->node, sizeof store->node);
    if (!store->how.batch_members)
        store->how.batch_members = 128;
    if (!store->how.batch_us)
        store->how.batch_us = 2000;
    if (!store->how.busy_ms)
        store->how.busy_ms = 5000; /* a recovery, or an operator's sqlite3 */
    if (!store->how.cache_kib)
        store->how.cache_kib = 256;

    Err err = store->driver->store_open(scratch, &store->how, store);
    if (err.code != ERR_OK) {
        arena_free(arena);
        return err;
    }
    *ret = store;
    return OK;
}

void db_store_close(DbStore *store) {
    if (!store)
        return;
    store->driver->store_close(store);
    arena_free(store->arena);
}

DbDriver db_store_driver(const DbStore *store) {
    return store->kind;
}

Err db_open(DbStore *store, Db **ret) {
    Arena *arena = arena_new(0);
    Db *db = arena_alloc(arena, sizeof *db);

    db->arena = arena;
    db->store = store;
    db->fail_in = -1;
    db->busy_in = -1;
    Err err = store->driver->open(db);
    if (err.code != ERR_OK) {
        arena_free(arena);
        return err;
    }
    *ret = db;
    return OK;
}

void db_close(Db *db) {
    if (!db)
        return;
    db_reset(db);
    db->store->driver->close(db);
    arena_free(db->arena);
}

DbDriver db_driver(const Db *db) {
    return db->store->kind;
}

/* ---- statements ---- */

const char *db_sql_for(Arena *arena, DbDriver kind, const char *sql) {
    Str text = str_from_c(sql);
    Str mark = str_from_c(skip_locked);

    if (!str_contains(text, mark))
        return sql;
    Str with = kind == DB_POSTGRES ? S("FOR UPDATE SKIP LOCKED") : STR_EMPTY;
    return str_to_c(arena, str_replace(arena, text, mark, with));
}

static Err check_args(const DbArg *args, size_t count) {
    if (count > DB_ARGS_MAX)
        return FAIL(ERR_BUG, NULL, N_("The program gave its storage too many values."));
    for (size_t i = 0; i < count; i++)
        if (args[i].type == DB_TEXT && args[i].bytes.len &&
            memchr(args[i].bytes.ptr, 0, args[i].bytes.len))
            return FAIL(ERR_INVALID, NULL, N_("A text holds a character that cannot be stored."));
    return OK;
}

/* Runs the call where it belongs; a failure inside a transaction leaves only rolling back. */
static Err run_call(Ctx *ctx, DbCall *call) {
    Db *db = ctx->db;
    bool is_one_database = db->store->kind == DB_POSTGRES;

    call->is_in_tx = db->depth > 0 && (db->file == call->file || is_one_database);
    if (call->is_in_tx)
        TRY(tx_check_usable(db));
    Err err = tx_inject(db);
    if (err.code == ERR_OK)
        err = check_args(call->args, call->count);
    if (err.code == ERR_OK) {
        db->cost.statements++;
        err = db->store->driver->run(ctx, call);
    }
    if (err.code != ERR_OK && call->is_in_tx)
        db->is_failed[db->depth] = true;
    return err;
}

static Err exec(Ctx *ctx, DbCall *call, int64_t *ret_changed) {
    Db *db = ctx->db;

    if (db->depth > 0 && db->file != call->file)
        return FAIL(ERR_BUG, NULL, N_("The program mixed two files in one transaction."));
    if (db->depth > (db->hold.ctx ? 1 : 0)) {
        TRY(run_call(ctx, call));
    } else { /* a transaction of its own; under db_hold, a part of the runner's */
        DB_TX(tx);
        TRY(call->file == DB_RECORD ? db_begin(ctx, &tx) : db_begin_derived(ctx, &tx));
        TRY(run_call(ctx, call));
        TRY(db_commit(&tx));
    }
    if (ret_changed)
        *ret_changed = call->changed;
    return OK;
}

Err db_exec_(Ctx *ctx, const char *sql, const DbArg *args, size_t count, int64_t *ret_changed) {
    DbCall call = { .sql = sql, .args = args, .count = count, .file = DB_RECORD };
    return exec(ctx, &call, ret_changed);
}

Err db_exec_derived_(Ctx *ctx, const char *sql, const DbArg *args, size_t count,
                     int64_t *ret_changed) {
    DbCall call = { .sql = sql, .args = args, .count = count, .file = DB_DERIVED };
    return exec(ctx, &call, ret_changed);
}

Err db_script(Ctx *ctx, const char *sql) {
    Db *db = ctx->db;

    assert(db->depth > 0);
    TRY(tx_check_usable(db));
    Err err = tx_inject(db);
    if (err.code == ERR_OK) {
        db->cost.statements++;
        err = db->store->driver->script(ctx, sql);
    }
    if (err.code != ERR_OK)
        db->is_failed[db->depth] = true;
    return err;
}

/* ---- rows ---- */

DbRow *db_set_push(Arena *arena, DbSet *set) {
    DbRow *row = arena_alloc(arena, sizeof *row + sizeof(DbValue) * (size_t)set->columns);

    if (set->last)
        set->last->next = row;
    else
        set->first = row;
    set->last = row;
    return row;
}

static Err query(Ctx *ctx, DbRows *rows, DbCall *call) {
    db_rows_close(rows);
    call->rows = arena_alloc(ctx->arena, sizeof(DbSet));
    TRY(run_call(ctx, call));
    *rows = (DbRows){ .impl = call->rows, .ctx = ctx };
    return OK;
}

Err db_query_(Ctx *ctx, DbRows *rows, const char *sql, const DbArg *args, size_t count) {
    DbCall call = { .sql = sql, .args = args, .count = count, .file = DB_RECORD };
    return query(ctx, rows, &call);
}

Err db_query_derived_(Ctx *ctx, DbRows *rows, const char *sql, const DbArg *args, size_t count) {
    DbCall call = { .sql = sql, .args = args, .count = count, .file = DB_DERIVED };
    return query(ctx, rows, &call);
}

bool db_next(DbRows *rows) {
    DbSet *set = rows->impl;

    if (!set)
        return false;
    set->at = set->is_started ? (set->at ? set->at->next : NULL) : set->first;
    set->is_started = true;
    return set->at != NULL;
}

Err db_end(DbRows *rows) {
    Err err = rows->failure;

    db_rows_close(rows);
    return err;
}

void db_rows_close(DbRows *rows) {
    *rows = (DbRows){ 0 }; /* the rows themselves are the arena's */
}

static const DbValue *column_at(DbRows *row, int column) {
    DbSet *set = row->impl;

    assert(set && set->at && column >= 0 && column < set->columns);
    return &set->at->values[column];
}

int64_t db_int(DbRows *row, int column) {
    const DbValue *value = column_at(row, column);
    return value->type == DB_INT ? value->integer : 0;
}

Str db_text(DbRows *row, int column) {
    const DbValue *value = column_at(row, column);
    return value->type == DB_TEXT ? value->bytes : STR_EMPTY;
}

Str db_blob(DbRows *row, int column) {
    const DbValue *value = column_at(row, column);
    return value->type == DB_BLOB ? value->bytes : STR_EMPTY;
}

bool db_is_null(DbRows *row, int column) {
    return column_at(row, column)->type == DB_NULL;
}

/* ---- cost ---- */

DbCost db_cost(const Db *db) {
    return db->cost;
}

void db_cost_reset(Db *db) {
    db->cost = (DbCost){ 0 };
}
