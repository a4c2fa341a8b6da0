/* db/lease.c - leases: one conditional upsert, so that two processes cannot both believe. */
#include "db/lease.h"

Err lease_take(Ctx *ctx, Str name, Str owner, int64_t duration_ms, Lease *ret) {
    Lease lease = { .name = name, .owner = owner, .until_ms = ctx->now_ms + duration_ms };
    bool is_mine = false;
    DB_TX(tx);
    DB_ROWS(rows);

    TRY(db_begin(ctx, &tx));
    /*
     * Renewing keeps the fence; a new holder, also one after a release, raises it. A lease that ends later than
     * any taken now could was written by a clock that ran ahead: waiting for it might take years, and its
     * holder, if there is one, is kept out by the fence.
     */
    TRY(db_query(
        ctx, &rows,
        "INSERT INTO lease (name, owner, fence, until_ms) VALUES ($1, $2, 1, $3)"
        " ON CONFLICT (name) DO UPDATE SET owner = $2, until_ms = $3,"
        " fence = lease.fence + CASE WHEN lease.owner = $2 AND lease.until_ms > $4"
        " THEN 0 ELSE 1 END"
        " WHERE lease.owner = $2 OR lease.until_ms <= $4 OR lease.until_ms > $5 RETURNING fence",
        ARGS(TXT(name), TXT(owner), INT(lease.until_ms), INT(ctx->now_ms),
             INT(lease.until_ms + duration_ms))));
    if (db_next(&rows)) {
        is_mine = true;
        lease.fence = db_int(&rows, 0);
    }
    TRY(db_end(&rows));
    TRY(db_commit(&tx));

    if (!is_mine)
        return FAIL(ERR_BUSY, NULL, N_("Another process holds this task at the moment."));
    *ret = lease;
    return OK;
}

Err lease_check(Ctx *ctx, const Lease *lease) {
    bool is_mine = false;
    DB_ROWS(rows);

    /* An empty change, so that on PostgreSQL a new holder and this act exclude each other. */
    TRY(db_query(ctx, &rows,
                 "UPDATE lease SET fence = fence WHERE name = $1 AND owner = $2 AND fence = $3"
                 " RETURNING fence",
                 ARGS(TXT(lease->name), TXT(lease->owner), INT(lease->fence))));
    is_mine = db_next(&rows);
    TRY(db_end(&rows));
    return is_mine ? OK : FAIL(ERR_CONFLICT, NULL, N_("Another process has taken over this task."));
}

Err lease_release(Ctx *ctx, const Lease *lease) {
    return db_exec(ctx,
                   "UPDATE lease SET owner = '', until_ms = 0"
                   " WHERE name = $1 AND owner = $2 AND fence = $3",
                   ARGS(TXT(lease->name), TXT(lease->owner), INT(lease->fence)));
}
