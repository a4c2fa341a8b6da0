/* db/tx.c - transactions: nesting, holding, what a lost group means, injected failures. */
#include "db/tx.h"

#include <assert.h>

/* ---- injected failures ---- */

void db_fail_at(Db *db, int64_t n) {
    db->fail_in = n;
}

void db_busy_at(Db *db, int64_t n) {
    db->busy_in = n;
}

Err tx_inject(Db *db) {
    if (db->fail_in < 0)
        return OK;
    if (db->fail_in-- > 0)
        return OK;
    return FAIL(ERR_IO, NULL, N_("The storage failed because a test asked it to."));
}

/* True when this commit is the one that shall lose its group. */
static bool is_commit_to_lose(Db *db) {
    return db->busy_in >= 0 && db->busy_in-- == 0;
}

/* ---- begin ---- */

Err tx_check_usable(const Db *db) {
    if (db->is_lost)
        return db_err_lost();
    if (db->is_failed[db->depth])
        return FAIL(ERR_BUG, NULL, N_("The program went on after its storage had failed."));
    return OK;
}

static Err open_level(Ctx *ctx, DbFile file, bool is_alone, DbTx *ret) {
    Db *db = ctx->db;
    const Driver *driver = db->store->driver;

    if (db->depth == 0) {
        db->is_lost = false;
        TRY(driver->begin(ctx, file, is_alone));
        db->file = file;
        db->act++;
    } else {
        TRY(tx_check_usable(db));
        if (db->depth == DB_DEPTH_MAX)
            return FAIL(ERR_BUG, NULL, N_("The program nested its transactions too deeply."));
        Err err = driver->savepoint(ctx);
        if (err.code != ERR_OK) {
            db->is_failed[db->depth] = true;
            return err;
        }
    }
    db->is_failed[++db->depth] = false;
    *ret = (DbTx){
        .ctx = ctx, .batch = db->act, .depth = db->depth, .is_derived = file == DB_DERIVED
    };
    return OK;
}

static Err begin(Ctx *ctx, DbFile file, bool is_alone, DbTx *ret) {
    Db *db = ctx->db;

    assert(!ret->ctx); /* one DbTx, one transaction */
    if (db->depth > 0 && db->file != file)
        return FAIL(ERR_BUG, NULL, N_("The program mixed two files in one transaction."));
    TRY(tx_inject(db));
    if (db->depth == 0 && db->is_holding && file == DB_RECORD)
        TRY(open_level(ctx, file, is_alone, &db->hold));
    return open_level(ctx, file, is_alone, ret);
}

Err db_begin(Ctx *ctx, DbTx *ret) {
    return begin(ctx, DB_RECORD, false, ret);
}

Err db_begin_alone(Ctx *ctx, DbTx *ret) {
    return begin(ctx, DB_RECORD, true, ret);
}

Err db_begin_derived(Ctx *ctx, DbTx *ret) {
    return begin(ctx, DB_DERIVED, false, ret);
}

Err db_begin_derived_alone(Ctx *ctx, DbTx *ret) {
    return begin(ctx, DB_DERIVED, true, ret);
}

bool db_is_open(const Ctx *ctx) {
    return ctx->db->depth > 0 && ctx->db->file == DB_RECORD;
}

/* ---- end ---- */

static void close_level(Db *db) {
    const Driver *driver = db->store->driver;

    if (db->is_lost) {
        /* nothing is left to roll back */
    } else if (db->depth > 1) {
        driver->rollback_to(db);
    } else if (!driver->rollback(db)) {
        db->was_lost = true;
    }
    db->depth--;
}

/* Is this the innermost transaction that is open now? */
static bool is_newest(const DbTx *tx) {
    const Db *db = tx->ctx->db;
    return tx->batch == db->act && tx->depth == db->depth;
}

void db_tx_close(DbTx *tx) {
    if (!tx->ctx)
        return;
    Db *db = tx->ctx->db;
    bool is_old = tx->batch != db->act; /* db_reset ended it already */

    while (!is_old && db->depth >= tx->depth)
        close_level(db);
    *tx = (DbTx){ 0 };
}

static Err commit_level(DbTx *tx) {
    Ctx *ctx = tx->ctx;
    Db *db = ctx->db;
    const Driver *driver = db->store->driver;

    if (!is_newest(tx))
        return FAIL(ERR_BUG, NULL, N_("The program ended its transactions out of order."));
    TRY(tx_check_usable(db));
    TRY(tx_inject(db));
    if (db->depth > 1) {
        TRY(driver->release(ctx));
    } else if (is_commit_to_lose(db)) {
        driver->lose(db);
        db->is_lost = true;
        return db_err_lost();
    } else {
        Err err = driver->commit(ctx);
        if (err.code != ERR_OK) {
            db->is_lost = true; /* over, whatever the reason */
            return err;
        }
    }
    if (--db->depth == 0)
        db->has_committed = true;
    return OK;
}

Err db_commit(DbTx *tx) {
    if (!tx->ctx)
        return FAIL(ERR_BUG, NULL, N_("The program ended a transaction that it had not begun."));
    Err err = commit_level(tx);

    if (err.code != ERR_OK)
        db_tx_close(tx);
    *tx = (DbTx){ 0 };
    return err;
}

void db_reset(Db *db) {
    db->is_holding = false;
    db->hold = (DbTx){ 0 };
    while (db->depth > 0)
        close_level(db);
    db->act++; /* any DbTx still around is old now */
    db->was_lost = false;
    db->has_committed = false;
}

/* ---- for the runners ---- */

void db_hold(Ctx *ctx) {
    assert(ctx->db->depth == 0 && !ctx->db->is_holding);
    ctx->db->is_holding = true;
}

Err db_hold_end(Ctx *ctx, bool is_commit) {
    Db *db = ctx->db;

    db->is_holding = false;
    if (!db->hold.ctx)
        return OK;
    DbTx held = db->hold;
    db->hold = (DbTx){ 0 };
    if (is_commit)
        return db_commit(&held);
    db_tx_close(&held);
    return OK;
}

Err db_settle(Ctx *ctx, Err answer) {
    /* After a commit "nothing was stored" would be untrue, and the run must not be repeated. */
    if (ctx->db->was_lost && !ctx->db->has_committed)
        return db_err_lost();
    return answer;
}
