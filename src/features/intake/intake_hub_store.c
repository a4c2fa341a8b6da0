/* features/intake/intake_hub_store.c - the only file that knows the table of subscriptions at hubs. */
#include "features/intake/intake_hub_store.h"

#include "db/db.h"

#define COLUMNS                                                                                    \
    "id, feed_id, hub, target, topic, state, reason, token_hash, sealed, wish, asked_ms, tries,"   \
    " verified_ms, expires_ms, delivered_ms, deliveries, refused_ms, refused, seen, is_behind,"    \
    " run, changed_ms"

static IntakeHub read_row(DbRows *row) {
    return (IntakeHub){ .id = db_int(row, 0),
                        .feed_id = db_int(row, 1),
                        .hub = db_text(row, 2),
                        .target = db_text(row, 3),
                        .topic = db_text(row, 4),
                        .state = db_text(row, 5),
                        .reason = db_text(row, 6),
                        .token_hash = db_text(row, 7),
                        .sealed = db_blob(row, 8),
                        .wish = db_text(row, 9),
                        .asked_ms = db_int(row, 10),
                        .tries = db_int(row, 11),
                        .verified_ms = db_int(row, 12),
                        .expires_ms = db_int(row, 13),
                        .delivered_ms = db_int(row, 14),
                        .deliveries = db_int(row, 15),
                        .refused_ms = db_int(row, 16),
                        .refused = db_text(row, 17),
                        .seen = db_text(row, 18),
                        .is_behind = db_int(row, 19) != 0,
                        .run = db_int(row, 20),
                        .changed_ms = db_int(row, 21) };
}

static Err read_one(DbRows *rows, IntakeHub *ret) {
    IntakeHub hub = { 0 };

    if (db_next(rows))
        hub = read_row(rows);
    TRY(db_end(rows));
    *ret = hub;
    return OK;
}

Err intake_hub_store_insert(Ctx *ctx, const IntakeHub *h) {
    return db_exec(ctx,
                   "INSERT INTO intake_hub (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
                   " $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
                   ARGS(INT(h->id), INT(h->feed_id), TXT(h->hub), TXT(h->target), TXT(h->topic),
                        TXT(h->state), TXT(h->reason), TXT(h->token_hash), BLOB(h->sealed),
                        TXT(h->wish), INT(h->asked_ms), INT(h->tries), INT(h->verified_ms),
                        INT(h->expires_ms), INT(h->delivered_ms), INT(h->deliveries),
                        INT(h->refused_ms), TXT(h->refused), TXT(h->seen), INT(h->is_behind),
                        INT(h->run), INT(h->changed_ms)));
}

Err intake_hub_store_get(Ctx *ctx, int64_t id, IntakeHub *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " COLUMNS " FROM intake_hub WHERE id = $1", ARGS(INT(id))));
    return read_one(&rows, ret);
}

Err intake_hub_store_of_feed(Ctx *ctx, int64_t feed_id, IntakeHub *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM intake_hub WHERE feed_id = $1 AND state <> 'leaving'",
                 ARGS(INT(feed_id))));
    return read_one(&rows, ret);
}

Err intake_hub_store_of_token(Ctx *ctx, Str token_hash, IntakeHub *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " COLUMNS " FROM intake_hub WHERE token_hash = $1",
                 ARGS(TXT(token_hash))));
    return read_one(&rows, ret);
}

Err intake_hub_store_update(Ctx *ctx, const IntakeHub *h) {
    return db_exec(
        ctx,
        "UPDATE intake_hub SET target = $2, state = $3, reason = $4, wish = $5, asked_ms = $6,"
        " tries = $7, verified_ms = $8, expires_ms = $9, delivered_ms = $10, deliveries = $11,"
        " refused_ms = $12, refused = $13, seen = $14, is_behind = $15, run = $16,"
        " changed_ms = $17 WHERE id = $1",
        ARGS(INT(h->id), TXT(h->target), TXT(h->state), TXT(h->reason), TXT(h->wish),
             INT(h->asked_ms), INT(h->tries), INT(h->verified_ms), INT(h->expires_ms),
             INT(h->delivered_ms), INT(h->deliveries), INT(h->refused_ms), TXT(h->refused),
             TXT(h->seen), INT(h->is_behind), INT(h->run), INT(h->changed_ms)));
}

Err intake_hub_store_seal(Ctx *ctx, const IntakeHub *h) {
    return db_exec(ctx, "UPDATE intake_hub SET token_hash = $2, sealed = $3 WHERE id = $1",
                   ARGS(INT(h->id), TXT(h->token_hash), BLOB(h->sealed)));
}

Err intake_hub_store_delete(Ctx *ctx, int64_t id) {
    return db_exec(ctx, "DELETE FROM intake_hub WHERE id = $1", ARGS(INT(id)));
}
