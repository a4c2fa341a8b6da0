/* ledger/read.c - the log as others read it: places, payloads, head, tiles. */
#include "ledger/ledger.h"
#include "ledger/tiles.h"
#include "text/json_read.h"

static Err add_places(Ctx *ctx, int64_t subject_id, int limit, LedgerPlaces *places) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT entry_id, position, at_ms, kind, outlet_no FROM ledger_entry"
                 " WHERE subject_id = $1 ORDER BY position LIMIT $2",
                 ARGS(INT(subject_id), INT(limit))));
    while (db_next(&rows))
        places->items[places->len++] = (LedgerPlace){ .entry_id = db_int(&rows, 0),
                                                      .index = db_int(&rows, 1),
                                                      .at_ms = db_int(&rows, 2),
                                                      .kind = db_text(&rows, 3),
                                                      .outlet_no = db_text(&rows, 4) };
    return db_end(&rows);
}

static Err add_pending(Ctx *ctx, int64_t subject_id, int limit, LedgerPlaces *places) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT id, at_ms, kind, outlet_no FROM ledger_pending WHERE subject_id = $1"
                 " ORDER BY id LIMIT $2",
                 ARGS(INT(subject_id), INT(limit))));
    while (db_next(&rows))
        places->items[places->len++] = (LedgerPlace){ .entry_id = db_int(&rows, 0),
                                                      .index = -1,
                                                      .at_ms = db_int(&rows, 1),
                                                      .kind = db_text(&rows, 2),
                                                      .outlet_no = db_text(&rows, 3) };
    return db_end(&rows);
}

Err ledger_of_subject(Ctx *ctx, int64_t subject_id, int limit, LedgerPlaces *ret) {
    LedgerPlaces places = { .items = arena_array(ctx->arena, (size_t)limit, sizeof(LedgerPlace)) };

    /* Pending ones first: an entry that is placed between the two reads is then seen twice, never lost. */
    LedgerPlaces pending = { .items = arena_array(ctx->arena, (size_t)limit, sizeof(LedgerPlace)) };
    TRY(add_pending(ctx, subject_id, limit, &pending));
    TRY(add_places(ctx, subject_id, limit, &places));
    for (size_t i = 0; i < pending.len && places.len < (size_t)limit; i++) {
        bool is_placed = false;
        for (size_t j = 0; j < places.len; j++)
            is_placed = is_placed || places.items[j].entry_id == pending.items[i].entry_id;
        if (!is_placed)
            places.items[places.len++] = pending.items[i];
    }
    *ret = places;
    return OK;
}

Err ledger_payload(Ctx *ctx, int64_t entry_id, Json **ret) {
    Str text = STR_EMPTY;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT payload FROM ledger_sealed WHERE entry_id = $1 UNION ALL"
                 " SELECT payload FROM ledger_pending WHERE id = $1 LIMIT 1",
                 ARGS(INT(entry_id))));
    if (db_next(&rows))
        text = db_text(&rows, 0);
    TRY(db_end(&rows));
    if (text.len == 0)
        return FAIL(ERR_NOT_FOUND, NULL, N_("The log holds no words for this entry."));
    return json_read(ctx->arena, text, JSON_READ_DEPTH, ret);
}

Err ledger_head(Ctx *ctx, LedgerHead *ret) {
    LedgerHead head = { 0 };
    DB_ROWS(rows);

    TRY(db_query(
        ctx, &rows,
        "SELECT (SELECT COUNT(*) FROM ledger_pending), (SELECT MIN(at_ms) FROM ledger_pending),"
        " (SELECT MAX(size) FROM ledger_checkpoint)",
        NO_ARGS));
    if (db_next(&rows)) {
        head.pending = db_int(&rows, 0);
        head.oldest_pending_ms = db_int(&rows, 1);
        head.size = db_int(&rows, 2);
    }
    TRY(db_end(&rows));
    DB_ROWS(newest);
    TRY(db_query(ctx, &newest, "SELECT at_ms, note FROM ledger_checkpoint WHERE size = $1",
                 ARGS(INT(head.size))));
    if (db_next(&newest)) {
        head.at_ms = db_int(&newest, 0);
        head.checkpoint = db_text(&newest, 1);
    }
    TRY(db_end(&newest));
    *ret = head;
    return OK;
}

static Err no_tile(void) {
    return FAIL(ERR_NOT_FOUND, NULL, N_("The log has no such tile; ask for one within its size."));
}

Err ledger_tile(Ctx *ctx, int level, int64_t n, int width, Str *ret) {
    TileSet tiles = tiles_open(ctx);
    Tile *tile;

    if (level < 0 || level > 7 || n < 0 || width < 1 || width > TILE_HASHES)
        return no_tile();
    TRY(tiles_get(&tiles, level, n, &tile));
    if (tile->count < (size_t)width)
        return no_tile();
    *ret = (Str){ (const char *)tile->hashes, (size_t)width * HASH_BYTES };
    return OK;
}

Err ledger_entry_tile(Ctx *ctx, int64_t n, int width, Str *ret) {
    Buf out = buf_new(ctx->arena, 0);
    int64_t count = 0;
    DB_ROWS(rows);

    if (n < 0 || n > INT64_MAX / TILE_HASHES - 1 || width < 1 || width > TILE_HASHES)
        return no_tile();
    TRY(db_query(ctx, &rows,
                 "SELECT entry FROM ledger_entry WHERE position >= $1 AND position < $2"
                 " ORDER BY position LIMIT 256",
                 ARGS(INT(n * TILE_HASHES), INT(n * TILE_HASHES + width))));
    for (; db_next(&rows); count++) {
        Str entry = db_blob(&rows, 0);
        buf_add_char(&out, (char)(entry.len >> 8));
        buf_add_char(&out, (char)(entry.len & 0xff));
        buf_add(&out, entry);
    }
    TRY(db_end(&rows));
    TRY(buf_check(&out));
    if (count < width)
        return no_tile();
    *ret = buf_str(&out);
    return OK;
}

Err ledger_newest(Ctx *ctx, int64_t before_index, int limit, LedgerEntries *ret) {
    LedgerEntries list = { .items =
                               arena_array(ctx->arena, (size_t)limit, sizeof(LedgerEntryRow)) };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT position, at_ms, subject_id, kind, outlet_no FROM ledger_entry"
                 " WHERE position < $1 ORDER BY position DESC LIMIT $2",
                 ARGS(INT(before_index), INT(limit))));
    while (db_next(&rows))
        list.items[list.len++] = (LedgerEntryRow){ .index = db_int(&rows, 0),
                                                   .at_ms = db_int(&rows, 1),
                                                   .subject_id = db_int(&rows, 2),
                                                   .kind = db_text(&rows, 3),
                                                   .outlet_no = db_text(&rows, 4) };
    TRY(db_end(&rows));
    *ret = list;
    return OK;
}
