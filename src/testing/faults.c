/* testing/faults.c - injects the failures and looks, over a connection of its own, at what they left. */
#include "testing/faults.h"

#include "db/driver.h"

enum { TABLES_MAX = 200, UNTOUCHED = 0xA5 };

/* What a table holds, whatever the order of its rows. */
typedef struct Table {
    const char *name, *sql;
    bool is_derived;
    bool is_index;      /* behind a full-text index, which stores the same in more than one way */
    uint64_t rows, sum; /* as before the call */
} Table;

typedef struct FaultsEye {
    Arena *arena; /* of this struct and the texts of statements, which are known by their address */
    Ctx *ctx;
    Table tables[TABLES_MAX];
    size_t len;
} FaultsEye;

static int injected, calls; /* in this process; tests of one program run one after the other */

static void end_with(const Faults *f, const char *what, const char *detail) {
    fprintf(stderr, "faults: %s\n  step %d: %s %s\n  answer: %s (%s)\n", f->call, f->step, what,
            detail, f->err.msgid ? f->err.msgid : "done", f->err.where ? f->err.where : "");
    abort();
}

static void must(Err err, const char *what) {
    if (err.code == ERR_OK)
        return;
    fprintf(stderr, "faults: %s: %s (%s)\n", what, err.msgid, err.where ? err.where : "");
    abort();
}

/* ---- what is stored ---- */

static uint64_t mix(uint64_t hash, const void *bytes, size_t len) { /* FNV-1a */
    const unsigned char *at = bytes;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t row_sum(const DbRow *row, int columns) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (int i = 0; i < columns; i++) {
        const DbValue *value = &row->values[i];
        hash = mix(hash, &value->type, sizeof value->type);
        if (value->type == DB_INT)
            hash = mix(hash, &value->integer, sizeof value->integer);
        else if (value->type != DB_NULL)
            hash = mix(hash, value->bytes.ptr, value->bytes.len);
    }
    return hash;
}

/* Is the table as it was? Notes what it holds now. */
static bool look_at(FaultsEye *eye, Table *table) {
    Table was = *table;
    DB_ROWS(rows);

    must(table->is_derived ? db_query_derived_(eye->ctx, &rows, table->sql, NO_ARGS)
                           : db_query_(eye->ctx, &rows, table->sql, NO_ARGS),
         table->name);
    const DbSet *set = rows.impl;
    table->rows = table->sum = 0;
    for (const DbRow *row = set->first; row; row = row->next) {
        table->rows++;
        table->sum += row_sum(row, set->columns);
    }
    must(db_end(&rows), table->name);
    return was.rows == table->rows && was.sum == table->sum;
}

/* The name of a table that changed since the last look; NULL when none did. */
static const char *look(FaultsEye *eye, bool has_index) {
    const char *changed = NULL;

    for (size_t i = 0; i < eye->len; i++) {
        arena_reset(eye->ctx->arena, 0);
        if (!look_at(eye, &eye->tables[i]) && (has_index || !eye->tables[i].is_index))
            changed = eye->tables[i].name;
    }
    db_reset(eye->ctx->db);
    return changed;
}

static void add_tables(FaultsEye *eye, DbRows *rows, bool is_derived) {
    const char *what = db_driver(eye->ctx->db) == DB_SQLITE ? "*" : "CAST(t AS TEXT)";

    while (db_next(rows)) {
        Table *table = &eye->tables[eye->len++];
        table->name = str_to_c(eye->arena, db_text(rows, 0));
        table->sql =
            str_to_c(eye->arena, str_format(eye->arena, "SELECT %s FROM %s t", what, table->name));
        table->is_derived = is_derived;
        table->is_index = db_int(rows, 1) != 0;
        if (eye->len == TABLES_MAX)
            must(FAIL(ERR_LIMIT, NULL, "too many tables"), table->name);
    }
    must(db_end(rows), "listing tables");
}

#define SQLITE_TABLES                                                                              \
    "SELECT name, EXISTS (SELECT 1 FROM sqlite_schema AS v WHERE v.sql LIKE 'CREATE VIRTUAL%' AND" \
    " t.name LIKE v.name || '_%') FROM sqlite_schema AS t WHERE type = 'table' AND name NOT LIKE"  \
    " 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"

static FaultsEye *eye_new(World *world) {
    Arena *arena = arena_new(0);
    FaultsEye *eye = arena_alloc(arena, sizeof *eye);
    DB_ROWS(rows);
    DB_ROWS(derived);

    eye->arena = arena;
    eye->ctx = world_worker(world);
    if (db_driver(eye->ctx->db) == DB_SQLITE) {
        must(db_query(eye->ctx, &rows, SQLITE_TABLES, NO_ARGS), "listing tables");
        must(db_query_derived(eye->ctx, &derived, SQLITE_TABLES, NO_ARGS), "listing tables");
        add_tables(eye, &derived, true);
    } else {
        must(db_query(eye->ctx, &rows,
                      "SELECT CAST(tablename AS TEXT), 0 FROM pg_tables WHERE schemaname ="
                      " current_schema() ORDER BY 1",
                      NO_ARGS),
             "listing tables");
    }
    add_tables(eye, &rows, false);
    (void)look(eye, true);
    return eye;
}

static void eye_free(FaultsEye *eye) {
    world_worker_free(eye->ctx);
    arena_free(eye->arena);
}

/* ---- the runs ---- */

Faults faults_of(World *world, const char *call, FaultsKind kind, void *ret, size_t ret_bytes) {
    Faults f = { .world = world,
                 .call = call,
                 .kind = kind,
                 .ret = ret,
                 .ret_bytes = ret_bytes,
                 .step = -1,
                 .has_lost = kind == FAULTS_RUN,
                 .before = *world->ctx,
                 .eye = eye_new(world) };

    memset(&f.before.changed, 0, sizeof f.before.changed);
    *world->ctx = f.before;
    return f;
}

bool faults_begin(Faults *f) {
    f->err = db_begin(f->world->ctx, &f->tx);
    return f->err.code == ERR_OK;
}

static bool is_untouched(const Faults *f) {
    const unsigned char *bytes = f->ret;

    if (f->has_answered)
        return true;
    for (size_t i = 0; i < f->ret_bytes; i++)
        if (bytes[i] != UNTOUCHED)
            return false;
    return true;
}

static void judge_failure(Faults *f, ErrCode expected) {
    const char *changed = look(f->eye, true);

    if (f->err.code == ERR_OK)
        end_with(f, "storage failed and the call did not say so", "");
    if (f->err.code != expected || f->err.retry != (expected == ERR_BUSY))
        end_with(f, "the failure came out as another error:", err_name(f->err.code));
    if (!is_untouched(f))
        end_with(f, "the call failed and set its result", "");
    if (changed && f->kind != FAULTS_REPEAT)
        end_with(f, "the call failed and changed the table", changed);
    injected++;
}

static void judge_success(Faults *f) {
    const char *changed = look(f->eye, !f->is_done);

    if (f->err.code != ERR_OK)
        end_with(f, "the call fails with storage that works:", err_name(f->err.code));
    bool is_reader = f->kind == FAULTS_READ || f->kind == FAULTS_MAY_READ;
    if (f->step == 0 && f->kind != FAULTS_MAY_READ)
        end_with(f, "the call has no storage step that could fail", "");
    if (is_reader && changed)
        end_with(f, "the call only reads and changed the table", changed);
    if ((f->kind == FAULTS_WRITE || f->kind == FAULTS_RUN) && !changed)
        end_with(f, "the act was done and no table changed", "");
    if (f->is_done && changed)
        end_with(f, "what was done already changed the table", changed);
    calls += !f->is_done;
}

static void start_run(Faults *f) {
    Db *db = f->world->ctx->db;

    f->err = OK;
    memset(f->ret, UNTOUCHED, f->ret_bytes);
    db_fail_at(db, f->step);
    db_busy_at(db, f->has_lost ? -1 : 0); /* met only where no step fails before it */
}

/*
 * Ends the run; which failure was met in it, ERR_OK for none. A call that goes on by itself after a lost commit may
 * meet both: it tells the second.
 */
static ErrCode end_run(Faults *f, bool *ret_has_lost) {
    Db *db = f->world->ctx->db;

    f->has_answered = f->tx.ctx && f->err.code == ERR_OK;
    if (f->has_answered)
        f->err = db_commit(&f->tx);
    db_tx_close(&f->tx);
    bool has_failed = db->fail_in < 0, has_lost = !f->has_lost && db->busy_in < 0;
    db_fail_at(db, -1);
    db_busy_at(db, -1);
    if (db->depth > 0)
        end_with(f, "the call left a transaction open", "");
    db_reset(db);
    *f->world->ctx = f->before;
    f->has_lost = f->has_lost || has_lost;
    *ret_has_lost = has_lost;
    return has_failed ? ERR_IO : has_lost ? ERR_BUSY : ERR_OK;
}

bool faults_next(Faults *f) {
    if (f->step >= 0) {
        bool has_lost;
        ErrCode met = end_run(f, &has_lost);
        if (met == ERR_OK) {
            judge_success(f);
            if (f->kind != FAULTS_REPEAT || f->is_done) {
                eye_free(f->eye);
                return false;
            }
            f->is_done = true;
        } else {
            judge_failure(f, met);
        }
        if (met == ERR_OK || has_lost)
            f->step--; /* this step was not reached yet, or there is none */
    }
    f->step++;
    start_run(f);
    return true;
}

void faults_report(const char *name) {
    printf("%s faults: %d faults passed in %d calls, 0 failed\n", name, injected, calls);
}
