/* features/intake/intake_store.c - the only file that knows the tables of deposits. */
#include "features/intake/intake_store.h"

#include <assert.h>

#include "base/vec.h"
#include "db/db.h"

#define COLUMNS                                                                                    \
    "id, card_id, outlet_id, feed_id, person_id, title, url, address, guid, text_hash, text_key,"  \
    " text_chars, published_ms, deposited_ms, changed_ms, n" /* the order read_row() expects */

static Deposit read_row(DbRows *row) {
    return (Deposit){ .id = db_int(row, 0),
                      .card_id = db_int(row, 1),
                      .outlet_id = db_int(row, 2),
                      .feed_id = db_int(row, 3),
                      .person_id = db_int(row, 4),
                      .title = db_text(row, 5),
                      .url = db_text(row, 6),
                      .address = db_text(row, 7),
                      .guid = db_text(row, 8),
                      .text_hash = db_text(row, 9),
                      .text_key = db_text(row, 10),
                      .text_chars = db_int(row, 11),
                      .published_ms = db_int(row, 12),
                      .deposited_ms = db_int(row, 13),
                      .changed_ms = db_int(row, 14),
                      .n = db_int(row, 15) };
}

static Err read_one(DbRows *rows, Deposit *ret) {
    Deposit d = { 0 };

    if (db_next(rows))
        d = read_row(rows);
    TRY(db_end(rows));
    *ret = d;
    return OK;
}

Err intake_store_get(Ctx *ctx, int64_t id, Deposit *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " COLUMNS " FROM deposit WHERE id = $1", ARGS(INT(id))));
    return read_one(&rows, ret);
}

static Err find_guid(Ctx *ctx, int64_t outlet_id, Str guid, Deposit *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " COLUMNS " FROM deposit WHERE outlet_id = $1 AND guid = $2",
                 ARGS(INT(outlet_id), TXT(guid))));
    return read_one(&rows, ret);
}

static Err find_address(Ctx *ctx, int64_t outlet_id, Str address, Deposit *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM deposit WHERE outlet_id = $1 AND address = $2"
                 " AND address <> '' ORDER BY id LIMIT 1",
                 ARGS(INT(outlet_id), TXT(address))));
    return read_one(&rows, ret);
}

static Err find_text(Ctx *ctx, int64_t outlet_id, Str text_key, Deposit *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM deposit WHERE outlet_id = $1 AND text_key = $2"
                 " AND text_key <> '' ORDER BY id LIMIT 1",
                 ARGS(INT(outlet_id), TXT(text_key))));
    return read_one(&rows, ret);
}

Err intake_store_find(Ctx *ctx, int64_t outlet_id, const Deposit *like, Deposit *ret) {
    Deposit d;

    TRY(find_guid(ctx, outlet_id, like->guid, &d));
    if (!d.id && like->address.len > 0)
        TRY(find_address(ctx, outlet_id, like->address, &d));
    if (!d.id && like->text_key.len > 0)
        TRY(find_text(ctx, outlet_id, like->text_key, &d));
    *ret = d;
    return OK;
}

Err intake_store_meet(Ctx *ctx, Str likeness) {
    return db_exec(ctx,
                   "INSERT INTO deposit_key (likeness, times) VALUES ($1, 1)"
                   " ON CONFLICT (likeness) DO UPDATE SET times = deposit_key.times + 1",
                   ARGS(TXT(likeness)));
}

Err intake_store_cards_like(Ctx *ctx, Str address, Str text_key, int64_t *ret, size_t *ret_len) {
    size_t len = 0;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT card_id FROM deposit WHERE address = $1 AND address <> ''"
                 " UNION SELECT card_id FROM deposit WHERE text_key = $2 AND text_key <> ''"
                 " ORDER BY card_id LIMIT $3",
                 ARGS(TXT(address), TXT(text_key), INT(CARDS_LIKE_MAX))));
    while (db_next(&rows))
        ret[len++] = db_int(&rows, 0);
    TRY(db_end(&rows));
    *ret_len = len;
    return OK;
}

Err intake_store_insert(Ctx *ctx, const Deposit *d, bool *ret_is_new) {
    int64_t changed = 0;

    TRY(db_exec_count(
        ctx,
        "INSERT INTO deposit (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
        " $12, $13, $14, $15, $16) ON CONFLICT (outlet_id, guid) DO NOTHING",
        ARGS(INT(d->id), INT(d->card_id), INT(d->outlet_id), INT(d->feed_id), INT(d->person_id),
             TXT(d->title), TXT(d->url), TXT(d->address), TXT(d->guid), TXT(d->text_hash),
             TXT(d->text_key), INT(d->text_chars), INT(d->published_ms), INT(d->deposited_ms),
             INT(d->changed_ms), INT(d->n)),
        &changed));
    *ret_is_new = changed > 0;
    return OK;
}

Err intake_store_update(Ctx *ctx, const Deposit *d) {
    return db_exec(ctx,
                   "UPDATE deposit SET card_id = $2, title = $3, url = $4, address = $5,"
                   " text_hash = $6, text_key = $7, text_chars = $8, published_ms = $9,"
                   " changed_ms = $10, n = $11 WHERE id = $1",
                   ARGS(INT(d->id), INT(d->card_id), TXT(d->title), TXT(d->url), TXT(d->address),
                        TXT(d->text_hash), TXT(d->text_key), INT(d->text_chars),
                        INT(d->published_ms), INT(d->changed_ms), INT(d->n)));
}

Err intake_store_join(Ctx *ctx, int64_t card_id, int64_t into_card_id) {
    return db_exec(ctx, "UPDATE deposit SET card_id = $2 WHERE card_id = $1",
                   ARGS(INT(card_id), INT(into_card_id)));
}

#define VERSION_COLUMNS                                                                            \
    "deposit_id, n, title, url, text_hash, text_chars, published_ms, made_ms, feed_id, person_id"

static DepositVersion read_version(DbRows *row) {
    return (DepositVersion){ .deposit_id = db_int(row, 0),
                             .n = db_int(row, 1),
                             .title = db_text(row, 2),
                             .url = db_text(row, 3),
                             .text_hash = db_text(row, 4),
                             .text_chars = db_int(row, 5),
                             .published_ms = db_int(row, 6),
                             .made_ms = db_int(row, 7),
                             .feed_id = db_int(row, 8),
                             .person_id = db_int(row, 9) };
}

Err intake_store_add_version(Ctx *ctx, const Deposit *d) {
    return db_exec(ctx,
                   "INSERT INTO deposit_version (" VERSION_COLUMNS
                   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                   ARGS(INT(d->id), INT(d->n), TXT(d->title), TXT(d->url), TXT(d->text_hash),
                        INT(d->text_chars), INT(d->published_ms), INT(d->changed_ms),
                        INT(d->feed_id), INT(d->person_id)));
}

Err intake_store_cards(Ctx *ctx, int64_t outlet_id, int64_t below_id, int limit, int64_t *ret,
                       size_t *ret_len) {
    size_t len = 0;
    DB_ROWS(rows);

    if (outlet_id)
        TRY(db_query(ctx, &rows,
                     "SELECT DISTINCT card_id FROM deposit WHERE outlet_id = $1 AND card_id < $2"
                     " ORDER BY card_id DESC LIMIT $3",
                     ARGS(INT(outlet_id), INT(below_id), INT(limit))));
    else
        TRY(db_query(ctx, &rows,
                     "SELECT DISTINCT card_id FROM deposit WHERE card_id < $1"
                     " ORDER BY card_id DESC LIMIT $2",
                     ARGS(INT(below_id), INT(limit))));
    while (db_next(&rows))
        ret[len++] = db_int(&rows, 0);
    TRY(db_end(&rows));
    *ret_len = len;
    return OK;
}

Err intake_store_of_cards(Ctx *ctx, const int64_t *card_ids, size_t count, DepositList *ret) {
    VEC(Deposit) list = { 0 };
    DbArg args[DEPOSIT_CARDS_MAX + 1];
    DB_ROWS(rows);

    assert(count <= DEPOSIT_CARDS_MAX);
    for (size_t i = 0; i < DEPOSIT_CARDS_MAX; i++)
        args[i] = INT(i < count ? card_ids[i] : 0); /* no card has id 0 */
    args[DEPOSIT_CARDS_MAX] = INT(DEPOSITS_MAX);
    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM deposit WHERE card_id IN ($1, $2, $3, $4, $5, $6, $7, $8,"
                 " $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"
                 " ORDER BY card_id DESC, id LIMIT $21",
                 args, COUNT_OF(args)));
    while (db_next(&rows))
        *VEC_PUSH(ctx->arena, &list) = read_row(&rows);
    TRY(db_end(&rows));
    *ret = (DepositList){ list.items, list.len };
    return OK;
}

Err intake_store_newest(Ctx *ctx, int64_t outlet_id, int limit, DepositList *ret) {
    VEC(Deposit) list = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM deposit WHERE outlet_id = $1"
                 " ORDER BY card_id DESC, id DESC LIMIT $2",
                 ARGS(INT(outlet_id), INT(limit))));
    while (db_next(&rows))
        *VEC_PUSH(ctx->arena, &list) = read_row(&rows);
    TRY(db_end(&rows));
    *ret = (DepositList){ list.items, list.len };
    return OK;
}

Err intake_store_versions(Ctx *ctx, int64_t card_id, int limit, DepositVersions *ret) {
    VEC(DepositVersion) list = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT v.deposit_id, v.n, v.title, v.url, v.text_hash, v.text_chars,"
                 " v.published_ms, v.made_ms, v.feed_id, v.person_id FROM deposit_version AS v"
                 " JOIN deposit AS d ON d.id = v.deposit_id WHERE d.card_id = $1"
                 " ORDER BY v.deposit_id, v.n DESC LIMIT $2",
                 ARGS(INT(card_id), INT(limit))));
    while (db_next(&rows))
        *VEC_PUSH(ctx->arena, &list) = read_version(&rows);
    TRY(db_end(&rows));
    *ret = (DepositVersions){ list.items, list.len };
    return OK;
}

Err intake_store_version(Ctx *ctx, int64_t deposit_id, int64_t n, DepositVersion *ret) {
    DepositVersion v = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " VERSION_COLUMNS " FROM deposit_version WHERE deposit_id = $1 AND n = $2",
                 ARGS(INT(deposit_id), INT(n))));
    if (db_next(&rows))
        v = read_version(&rows);
    TRY(db_end(&rows));
    *ret = v;
    return OK;
}
