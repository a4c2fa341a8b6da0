/* ledger/tiles.c - hashes of the tree's levels 0, 8, 16 ... in rows of 256; levels between are computed. */
#include "ledger/tiles.h"

#include "base/vec.h"

TileSet tiles_open(Ctx *ctx) {
    return (TileSet){ .ctx = ctx };
}

static Err load(Ctx *ctx, int level, int64_t n, Tile *ret) {
    DB_ROWS(rows);

    *ret = (Tile){ .level = level, .n = n };
    TRY(db_query(ctx, &rows, "SELECT hashes FROM ledger_hash WHERE level = $1 AND tile = $2",
                 ARGS(INT(level), INT(n))));
    if (db_next(&rows)) {
        Str bytes = db_blob(&rows, 0);
        if (bytes.len % HASH_BYTES || bytes.len > sizeof ret->hashes)
            return FAIL(ERR_IO, NULL, N_("The log's stored hashes are damaged; restore a backup."));
        memcpy(ret->hashes, bytes.ptr, bytes.len);
        ret->count = bytes.len / HASH_BYTES;
    }
    return db_end(&rows);
}

Err tiles_get(TileSet *tiles, int level, int64_t n, Tile **ret) {
    for (size_t i = 0; i < tiles->len; i++)
        if (tiles->items[i]->level == level && tiles->items[i]->n == n) {
            *ret = tiles->items[i];
            return OK;
        }
    Tile *tile = arena_alloc(tiles->ctx->arena, sizeof *tile);
    TRY(load(tiles->ctx, level, n, tile));
    *(Tile **)VEC_PUSH(tiles->ctx->arena, tiles) = tile;
    *ret = tile;
    return OK;
}

/* Root of 2^bits hashes side by side. */
static Hash fold(const Hash *hashes, int bits) {
    Hash left, right;

    if (bits == 0)
        return hashes[0];
    left = fold(hashes, bits - 1);
    right = fold(hashes + ((size_t)1 << (bits - 1)), bits - 1);
    return merkle_node(&left, &right);
}

static Err read_hash(void *user, int level, uint64_t index, Hash *ret) {
    int tile_level = level / TILE_BITS, bits = level % TILE_BITS;
    uint64_t first = index << bits;
    Tile *tile;

    TRY(tiles_get(user, tile_level, (int64_t)(first / TILE_HASHES), &tile));
    size_t offset = first % TILE_HASHES;
    if (offset + ((size_t)1 << bits) > tile->count)
        return FAIL(ERR_IO, NULL, N_("The log's stored hashes are damaged; restore a backup."));
    *ret = fold(&tile->hashes[offset], bits);
    return OK;
}

MerkleReader tiles_reader(TileSet *tiles) {
    return (MerkleReader){ read_hash, tiles };
}

Err tiles_store(void *user, int level, uint64_t index, const Hash *hash) {
    Tile *tile;

    if (level % TILE_BITS)
        return OK;
    TRY(tiles_get(user, level / TILE_BITS, (int64_t)(index / TILE_HASHES), &tile));
    if (tile->count != index % TILE_HASHES)
        return FAIL(ERR_IO, NULL, N_("The log's stored hashes are damaged; restore a backup."));
    tile->hashes[tile->count++] = *hash;
    tile->is_dirty = true;
    return OK;
}

Err tiles_write(TileSet *tiles) {
    for (size_t i = 0; i < tiles->len; i++) {
        Tile *tile = tiles->items[i];
        Str bytes = { (const char *)tile->hashes, tile->count * HASH_BYTES };
        if (!tile->is_dirty)
            continue;
        TRY(db_exec(tiles->ctx,
                    "INSERT INTO ledger_hash (level, tile, hashes) VALUES ($1, $2, $3)"
                    " ON CONFLICT (level, tile) DO UPDATE SET hashes = excluded.hashes",
                    ARGS(INT(tile->level), INT(tile->n), BLOB(bytes))));
        tile->is_dirty = false;
    }
    return OK;
}
