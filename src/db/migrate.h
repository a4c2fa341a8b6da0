/* db/migrate.h - forward-only migrations per room or feature, each with its hash. */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "db/db.h"

/*
 * One file migrations/NNNN_name.sql, put into the binary by the build. Its first line is
 *   -- store: named|voice|self|system  file: record|derived
 * {{PK}} and {{BLOB}} are replaced per driver; statements end with ";" at the end of a line (a comment may
 * follow it; a ";" within quotes or a comment ends nothing); what follows a line "-- only sqlite" or
 * "-- only postgres" is for that driver, up to the next such line or "-- both". tools/embed.py makes the
 * array and checks the first line.
 */
typedef struct Migration {
    const char *room; /* "queue", "identity", ... */
    int rank;         /* rooms 0, features their rank (docs/developers.md) */
    int number;
    const char *sql;
} Migration;

typedef struct MigrateState {
    int pending; /* known to this program, not applied */
    int newer;   /* applied, unknown to this program */
    int changed; /* applied under another hash */
    Str first;   /* room/number of the first of them */
} MigrateState;

/* Those of db/ itself (the lease, the search index). */
extern const Migration db_migrations[];
extern const size_t db_migrations_count;

CHECKED Err migrate_state(Ctx *ctx, const Migration *all, size_t count, MigrateState *ret);
/*
 * Applies what is pending, by rank, then number, then room, each in one transaction with its row in
 * `migration` (derived.db has a table of its own for its own). On PostgreSQL an advisory lock keeps other
 * programs waiting meanwhile. ERR_IO naming the command to run when the schema is newer or was changed.
 * Repeating is safe. `all` is what this program knows: give it everything at once, as what it lacks counts
 * as newer; in tests migrate_apply_more does not look for newer ones.
 */
CHECKED Err migrate_apply(Ctx *ctx, const Migration *all, size_t count);
CHECKED Err migrate_apply_more(Ctx *ctx, const Migration *some, size_t count);

#endif
