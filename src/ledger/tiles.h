/* ledger/tiles.h - stored hashes in tiles of 256 (C2SP tlog-tiles): private to ledger/. */
#ifndef LEDGER_TILES_H
#define LEDGER_TILES_H

#include "db/db.h"
#include "sec/merkle.h"

enum { TILE_HASHES = 256, TILE_BITS = 8 };

typedef struct Tile {
    int level; /* of tiles: 0 holds leaf hashes, 1 their roots by 256, ... */
    int64_t n;
    size_t count;
    bool is_dirty;
    Hash hashes[TILE_HASHES];
} Tile;

/* The tiles one act touches, each read once. */
typedef struct TileSet {
    Ctx *ctx;
    Tile **items;
    size_t len, cap;
} TileSet;

TileSet tiles_open(Ctx *ctx);
/* For sec/merkle.h. */
MerkleReader tiles_reader(TileSet *tiles);
CHECKED Err tiles_store(void *tiles, int level, uint64_t index, const Hash *hash);
/* Writes what was stored since tiles_open, in the caller's transaction. */
CHECKED Err tiles_write(TileSet *tiles);
/* A tile as stored; count is 0 when there is none. */
CHECKED Err tiles_get(TileSet *tiles, int level, int64_t n, Tile **ret);

#endif
