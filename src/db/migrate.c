/* db/migrate.c - forward-only migrations: which are owed, and applying them one transaction each. */
#include "db/migrate.h"

#include <assert.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "db/driver.h"
#include "db/migrate_text.h"
#include "sec/hash.h"

enum { PG_LOCK = 0x4C69616E }; /* "Lian": the advisory lock all our programs agree on */

/* One migration with what its text says. */
typedef struct Step {
    const Migration *migration;
    DbFile file;
    Str hash;         /* SHA-256 of the text, hexadecimal */
    Str applied_hash; /* empty: not applied */
} Step;

typedef struct Applied {
    Str key; /* room/number */
    Str hash;
} Applied;

typedef struct Plan {
    Step *steps; /* in the order they apply */
    size_t count;
    VEC(Applied) unknown; /* applied, not in steps */
} Plan;

/* ---- reading what was applied ---- */

static Err has_table(Ctx *ctx, DbFile file, bool *ret) {
    DB_ROWS(rows);

    if (db_driver(ctx->db) == DB_POSTGRES)
        TRY(db_query(ctx, &rows,
                     "SELECT 1 FROM pg_catalog.pg_class WHERE oid = to_regclass('migration')",
                     NO_ARGS));
    else if (file == DB_RECORD)
        TRY(db_query(ctx, &rows, "SELECT 1 FROM sqlite_schema WHERE name = 'migration'", NO_ARGS));
    else
        TRY(db_query_derived(ctx, &rows, "SELECT 1 FROM sqlite_schema WHERE name = 'migration'",
                             NO_ARGS));
    *ret = db_next(&rows);
    return db_end(&rows);
}

static Str key_of(Arena *arena, Str room, int64_t number) {
    return str_format(arena, "%.*s/%04lld", STR_ARG(room), (long long)number);
}

static Err read_applied(Ctx *ctx, DbFile file, Plan *plan, Map *by_key) {
    bool is_there = false;
    DB_ROWS(rows);

    TRY(has_table(ctx, file, &is_there));
    if (!is_there)
        return OK;
    if (file == DB_RECORD)
        TRY(db_query(ctx, &rows, "SELECT room, number, sha256 FROM migration ORDER BY room, number",
                     NO_ARGS));
    else
        TRY(db_query_derived(ctx, &rows,
                             "SELECT room, number, sha256 FROM migration ORDER BY room, number",
                             NO_ARGS));
    while (db_next(&rows)) {
        Str key = key_of(ctx->arena, db_text(&rows, 0), db_int(&rows, 1));
        Step *step = map_get(by_key, key);

        if (step)
            step->applied_hash = db_text(&rows, 2);
        else
            *VEC_PUSH(ctx->arena, &plan->unknown) = (Applied){ key, db_text(&rows, 2) };
    }
    return db_end(&rows);
}

/* ---- the plan ---- */

static int compare_steps(const void *a, const void *b) {
    const Migration *one = ((const Step *)a)->migration;
    const Migration *other = ((const Step *)b)->migration;

    if (one->rank != other->rank)
        return one->rank < other->rank ? -1 : 1;
    if (one->number != other->number)
        return one->number < other->number ? -1 : 1;
    return strcmp(one->room, other->room);
}

static Err make_plan(Ctx *ctx, const Migration *all, size_t count, Plan *ret) {
    Plan plan = { .steps = arena_array(ctx->arena, count + 1, sizeof(Step)), .count = count };
    Map by_key = map_new(ctx->arena);

    for (size_t i = 0; i < count; i++) {
        Str text = str_from_c(all[i].sql);
        Hash hash = hash_sha256(text);

        plan.steps[i] =
            (Step){ .migration = &all[i], .hash = hex_encode(ctx->arena, hash_str(&hash)) };
        TRY(migrate_text_file(text, &plan.steps[i].file));
    }
    qsort(plan.steps, count, sizeof(Step), compare_steps);
    for (size_t i = 0; i < count; i++) {
        const Migration *migration = plan.steps[i].migration;
        Str key = key_of(ctx->arena, str_from_c(migration->room), migration->number);

        if (map_get(&by_key, key))
            return FAIL_ARGS(ERR_BUG, NULL, N_("The program has the migration {0} twice."), key);
        map_set(&by_key, key, &plan.steps[i]);
    }
    TRY(read_applied(ctx, DB_RECORD, &plan, &by_key));
    if (db_driver(ctx->db) == DB_SQLITE) /* elsewhere it is the same table */
        TRY(read_applied(ctx, DB_DERIVED, &plan, &by_key));
    *ret = plan;
    return OK;
}

static MigrateState state_of(Ctx *ctx, const Plan *plan) {
    MigrateState state = { .newer = (int)plan->unknown.len };
    Str pending = STR_EMPTY, changed = STR_EMPTY;

    for (size_t i = plan->count; i-- > 0;) {
        const Step *step = &plan->steps[i];
        Str key = key_of(ctx->arena, str_from_c(step->migration->room), step->migration->number);

        if (!step->applied_hash.len) {
            state.pending++;
            pending = key;
        } else if (!str_eq(step->applied_hash, step->hash)) {
            state.changed++;
            changed = key;
        }
    }
    state.first = changed.len ? changed : state.newer ? plan->unknown.items[0].key : pending;
    return state;
}

Err migrate_state(Ctx *ctx, const Migration *all, size_t count, MigrateState *ret) {
    Plan plan;

    TRY(make_plan(ctx, all, count, &plan));
    *ret = state_of(ctx, &plan);
    return OK;
}

/* ---- applying ---- */

static Err begin_on(Ctx *ctx, DbFile file, DbTx *tx) {
    return file == DB_RECORD ? db_begin_alone(ctx, tx) : db_begin_derived_alone(ctx, tx);
}

static Err make_table(Ctx *ctx, DbFile file) {
    bool is_there = false;
    DB_TX(tx);

    TRY(has_table(ctx, file, &is_there));
    if (is_there)
        return OK;
    TRY(begin_on(ctx, file, &tx));
    TRY(db_script(ctx, "CREATE TABLE IF NOT EXISTS migration (room TEXT NOT NULL,"
                       " number BIGINT NOT NULL, sha256 TEXT NOT NULL, applied_ms BIGINT NOT NULL,"
                       " PRIMARY KEY (room, number))"));
    return db_commit(&tx);
}

static Err add_row(Ctx *ctx, const Step *step) {
    const Migration *migration = step->migration;

    if (step->file == DB_RECORD)
        return db_exec(ctx,
                       "INSERT INTO migration (room, number, sha256, applied_ms)"
                       " VALUES ($1, $2, $3, $4)",
                       ARGS(TXT(str_from_c(migration->room)), INT(migration->number),
                            TXT(step->hash), INT(ctx->now_ms)));
    return db_exec_derived(ctx,
                           "INSERT INTO migration (room, number, sha256, applied_ms)"
                           " VALUES ($1, $2, $3, $4)",
                           ARGS(TXT(str_from_c(migration->room)), INT(migration->number),
                                TXT(step->hash), INT(ctx->now_ms)));
}

static Err apply_one(Ctx *ctx, const Step *step) {
    StrList statements;
    DB_TX(tx);

    TRY(migrate_text_statements(ctx->arena, str_from_c(step->migration->sql), db_driver(ctx->db),
                                &statements));
    TRY(begin_on(ctx, step->file, &tx));
    for (size_t i = 0; i < statements.len; i++)
        TRY(db_script(ctx, str_to_c(ctx->arena, statements.items[i])));
    TRY(add_row(ctx, step));
    return db_commit(&tx);
}

static Err refuse_unknown(Ctx *ctx, const Plan *plan) {
    MigrateState state = state_of(ctx, plan);

    if (state.changed)
        return FAIL_ARGS(
            ERR_IO, NULL,
            N_("The migration {0} was applied with another text than this program has. "
               "Run “liandong version” and install the release that made this "
               "database, or restore a backup with “liandong restore”."),
            state.first);
    if (state.newer)
        return FAIL_ARGS(ERR_IO, NULL,
                         N_("The database is newer than this program: it has the migration {0}. "
                            "Install the newer release and run “liandong upgrade”."),
                         state.first);
    return OK;
}

static Err apply_plan(Ctx *ctx, const Migration *all, size_t count, bool is_newer_allowed) {
    Plan plan;

    TRY(make_plan(ctx, all, count, &plan));
    if (is_newer_allowed)
        plan.unknown.len = 0;
    TRY(refuse_unknown(ctx, &plan));
    TRY(make_table(ctx, DB_RECORD));
    if (db_driver(ctx->db) == DB_SQLITE)
        TRY(make_table(ctx, DB_DERIVED));
    for (size_t i = 0; i < plan.count; i++)
        if (!plan.steps[i].applied_hash.len)
            TRY(apply_one(ctx, &plan.steps[i]));
    return OK;
}

/*
 * A lock of the session, taken outside any transaction: one inside would come after the transaction's
 * snapshot, which then does not show what the other program has just applied.
 */
static Err set_lock(Ctx *ctx, bool is_on) {
    DB_ROWS(rows);

    if (db_driver(ctx->db) != DB_POSTGRES)
        return OK;
    if (is_on)
        TRY(db_query(ctx, &rows, "SELECT 1 FROM pg_advisory_lock($1)", ARGS(INT(PG_LOCK))));
    else
        TRY(db_query(ctx, &rows, "SELECT 1 FROM pg_advisory_unlock($1)", ARGS(INT(PG_LOCK))));
    return db_end(&rows);
}

static Err apply_locked(Ctx *ctx, const Migration *all, size_t count, bool is_newer_allowed) {
    assert(!db_is_open(ctx));
    TRY(set_lock(ctx, true));
    Err err = apply_plan(ctx, all, count, is_newer_allowed);
    Err unlocked = set_lock(ctx, false);
    return err.code != ERR_OK ? err : unlocked;
}

Err migrate_apply(Ctx *ctx, const Migration *all, size_t count) {
    return apply_locked(ctx, all, count, false);
}

Err migrate_apply_more(Ctx *ctx, const Migration *some, size_t count) {
    return apply_locked(ctx, some, count, true);
}
