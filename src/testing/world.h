/* testing/world.h - a fresh database, a fixed clock and seeded chance for one test. */
#ifndef TESTING_WORLD_H
#define TESTING_WORLD_H

#include "base/id.h"
#include "db/db.h"
#include "db/migrate.h"

/* 2026-11-23T06:02:00Z, a Monday, 14:02 in Shanghai: where the clock of every world stands at first. */
#define WORLD_NOW_MS INT64_C(1795413720000)

/*
 * The database is SQLite in a folder of its own, or, when the environment says LIANDONG_TEST_DB=postgres, a
 * schema of its own in the database of LIANDONG_TEST_PG (tools/with_pg.sh sets both). Whatever fails
 * in these functions ends the test program with a line that says why.
 */
typedef struct World {
    Ctx *ctx;          /* of the test's own thread; nobody's, language "en" */
    FixedClock *clock; /* moved by world_advance */
    SeededChance *chance;
    DbStore *store;
    const char *folder; /* an empty folder for files of the test, removed with the world */
    struct WorldParts *parts;
} World;

/* The tables of db/ itself are there. Not for tests of durability: nothing is synced. */
World world_new(void);
/* The same with these settings of the store (group commit, fsync); folder and url are set here. */
World world_new_with(DbOpen how);
/* Applies migrations, also several lists one after the other. */
void world_migrate(World *world, const Migration *migrations, size_t count);
void world_free(World *world);

/* Moves the clock and ctx->now_ms. */
void world_advance(World *world, int64_t ms);
/* As the runner does between two runs of a handler: open transactions end, the arena is reset. */
void world_run_again(World *world);

/* Rows of a table of either file. */
int64_t world_count(World *world, const char *table);

/* A context with a connection, an arena and chance of its own, for another thread. */
Ctx *world_worker(World *world);
void world_worker_free(Ctx *ctx);

/* A folder as world.folder alone, without a database; world_folder_remove. */
char *world_folder_new(Arena *arena);
void world_folder_remove(const char *folder);

#endif
