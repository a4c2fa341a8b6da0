/* testing/world.c - worlds: made fresh, and taken away without a trace. */
#include "testing/world.h"

#include <ftw.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/driver.h"

enum { COUNTED_MAX = 200 };

/* "SELECT COUNT(*) ..." of a table: kept, since statements are known by their address. */
typedef struct Counted {
    const char *table;
    const char *sql;
    bool is_derived;
} Counted;

typedef struct WorldParts {
    Arena *arena; /* of all parts */
    Ctx ctx;
    FixedClock clock;
    SeededChance chance;
    char *schema; /* PostgreSQL only */
    Counted counted[COUNTED_MAX];
    size_t counted_len;
} WorldParts;

static void must(Err err, const char *what) {
    if (err.code == ERR_OK)
        return;
    fprintf(stderr, "world: %s: %s (%s)\n", what, err.msgid, err.where ? err.where : "");
    abort();
}

/* ---- folders ---- */

char *world_folder_new(Arena *arena) {
    const char *base = getenv("TMPDIR");

    if (!base || !*base)
        base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    char *folder = str_to_c(arena, str_format(arena, "%s/liandong-test-XXXXXX", base));
    if (!mkdtemp(folder)) {
        perror("world: mkdtemp");
        abort();
    }
    return folder;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk) {
    return remove(path);
}

void world_folder_remove(const char *folder) {
    enum { OPEN_FOLDERS = 16 };

    if (nftw(folder, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) != 0)
        perror("world: cannot remove the folder");
}

/* ---- PostgreSQL: a schema per world ---- */

/* Runs one statement on the server, in a store of its own. */
static void run_on_server(const char *url, const char *sql) {
    Arena *arena = arena_new(0);
    DbOpen how = { .url = str_from_c(url) };
    DbStore *store;
    Ctx ctx = { .arena = arena };
    DB_TX(tx);

    must(db_store_open(arena, &how, &store), "opening LIANDONG_TEST_PG");
    must(db_open(store, &ctx.db), "connecting to LIANDONG_TEST_PG");
    must(db_begin(&ctx, &tx), "beginning");
    must(db_script(&ctx, sql), sql);
    must(db_commit(&tx), sql);
    db_close(ctx.db);
    db_store_close(store);
    arena_free(arena);
}

static const char *server_url(void) {
    const char *url = getenv("LIANDONG_TEST_PG");

    if (!url || !*url) {
        fprintf(stderr, "world: LIANDONG_TEST_DB=postgres needs LIANDONG_TEST_PG\n");
        abort();
    }
    return url;
}

static void make_schema(WorldParts *parts, DbOpen *how) {
    static atomic_int made;
    const char *url = server_url();

    parts->schema = str_to_c(parts->arena, str_format(parts->arena, "world_%d_%d", (int)getpid(),
                                                      atomic_fetch_add(&made, 1)));
    Str sql = str_format(parts->arena, "CREATE SCHEMA %s", parts->schema);
    run_on_server(url, str_to_c(parts->arena, sql));
    how->url = str_format(parts->arena, "%s options='-csearch_path=%s'", url, parts->schema);
}

static void drop_schema(WorldParts *parts) {
    Str sql = str_format(parts->arena, "DROP SCHEMA %s CASCADE", parts->schema);
    run_on_server(server_url(), str_to_c(parts->arena, sql));
}

/* ---- worlds ---- */

static bool is_on_postgres(void) {
    const char *kind = getenv("LIANDONG_TEST_DB");
    return kind && str_eq(str_from_c(kind), S("postgres"));
}

World world_new(void) {
    return world_new_with((DbOpen){ .is_fsync_off = true });
}

World world_new_with(DbOpen how) {
    enum { SEED = 20261123 };
    Arena *arena = arena_new(0);
    WorldParts *parts = arena_alloc(arena, sizeof *parts);
    World world = {
        .ctx = &parts->ctx, .clock = &parts->clock, .chance = &parts->chance, .parts = parts
    };

    parts->arena = arena;
    world.folder = world_folder_new(arena);
    how.folder = str_from_c(world.folder);
    if (is_on_postgres())
        make_schema(parts, &how);
    clock_fixed(&parts->clock, WORLD_NOW_MS);
    chance_seeded(&parts->chance, SEED);
    parts->ctx = (Ctx){ .arena = arena_new(ARENA_JOB_BYTES),
                        .clock = &parts->clock.clock,
                        .chance = &parts->chance.chance,
                        .now_ms = WORLD_NOW_MS,
                        .lang = S("en"),
                        .request_id = 1 };
    parts->ctx.ids = ids_new(&parts->clock.clock, 0);
    must(db_store_open(arena, &how, &world.store), "opening the store");
    must(db_open(world.store, &parts->ctx.db), "opening a connection");
    world_migrate(&world, db_migrations, db_migrations_count);
    return world;
}

void world_migrate(World *world, const Migration *migrations, size_t count) {
    must(migrate_apply_more(world->ctx, migrations, count), "migrating");
    db_cost_reset(world->ctx->db);
}

void world_free(World *world) {
    WorldParts *parts = world->parts;

    db_close(parts->ctx.db);
    db_store_close(world->store);
    if (parts->schema)
        drop_schema(parts);
    world_folder_remove(world->folder);
    ids_free(parts->ctx.ids);
    arena_free(parts->ctx.arena);
    arena_free(parts->arena);
    *world = (World){ 0 };
}

void world_advance(World *world, int64_t ms) {
    world->clock->at_ms += ms;
    world->ctx->now_ms = world->clock->at_ms;
}

void world_run_again(World *world) {
    db_reset(world->ctx->db);
    memset(&world->ctx->changed, 0, sizeof world->ctx->changed); /* lay in the arena */
    arena_reset(world->ctx->arena, 0);
}

/* ---- counting ---- */

/* The table's place in `counted`, made at its first use: in the record file, else in the derived one. */
static const Counted *counted_for(World *world, const char *table) {
    WorldParts *parts = world->parts;
    Ctx *ctx = world->ctx;
    DB_ROWS(rows);

    for (size_t i = 0; i < parts->counted_len; i++)
        if (str_eq(str_from_c(parts->counted[i].table), str_from_c(table)))
            return &parts->counted[i];
    if (parts->counted_len == COUNTED_MAX)
        must(FAIL(ERR_LIMIT, NULL, "too many tables"), table);
    Counted *counted = &parts->counted[parts->counted_len++];
    Str sql = str_format(parts->arena, "SELECT COUNT(*) FROM %s", table);
    counted->table = str_to_c(parts->arena, str_from_c(table));
    counted->sql = str_to_c(parts->arena, sql);
    if (db_driver(ctx->db) == DB_SQLITE) {
        must(db_query(ctx, &rows, "SELECT 1 FROM sqlite_schema WHERE name = $1",
                      ARGS(TXT(str_from_c(table)))),
             table);
        counted->is_derived = !db_next(&rows);
    }
    return counted;
}

int64_t world_count(World *world, const char *table) {
    const Counted *counted = counted_for(world, table);
    Ctx *ctx = world->ctx;
    DB_ROWS(rows);

    if (counted->is_derived)
        must(db_query_derived_(ctx, &rows, counted->sql, NO_ARGS), table);
    else
        must(db_query_(ctx, &rows, counted->sql, NO_ARGS), table);
    return db_next(&rows) ? db_int(&rows, 0) : -1;
}

/* ---- other threads ---- */

typedef struct Worker {
    Ctx ctx; /* first: its address is the worker's */
    SeededChance chance;
    Arena *arena; /* this struct lives in it */
} Worker;

Ctx *world_worker(World *world) {
    static atomic_uint made;
    Arena *arena = arena_new(0);
    Worker *worker = arena_alloc(arena, sizeof *worker);

    worker->arena = arena;
    worker->ctx = *world->ctx;
    worker->ctx.arena = arena_new(ARENA_JOB_BYTES);
    chance_seeded(&worker->chance, 1000 + atomic_fetch_add(&made, 1));
    worker->ctx.chance = &worker->chance.chance;
    must(db_open(world->store, &worker->ctx.db), "opening a worker's connection");
    return &worker->ctx;
}

void world_worker_free(Ctx *ctx) {
    Worker *worker = (Worker *)ctx;

    db_close(ctx->db);
    arena_free(ctx->arena);
    arena_free(worker->arena);
}
