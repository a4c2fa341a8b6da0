/* copy_test.c - copies while others write, and a full disk: whole or not at all, and room again is enough. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>

#include "testing/world.h"

static const Migration tables[] = {
    { "test", 0, 1,
      "-- store: system  file: record\n"
      "CREATE TABLE act (id {{PK}}, data {{BLOB}});\n"
      "CREATE TABLE entry (id {{PK}});\n" },
    { "test", 0, 2, "-- store: system  file: derived\nCREATE TABLE seen (id {{PK}});\n" },
};

static char kilobytes[64 << 10];

static World start(void) {
    World w = world_new();

    world_migrate(&w, tables, COUNT_OF(tables));
    return w;
}

static bool is_sqlite(World *w) {
    if (db_store_driver(w->store) == DB_SQLITE)
        return true;
    world_free(w);
    return false;
}

static Err act(Ctx *ctx, int64_t id, size_t bytes) {
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(db_exec(ctx, "INSERT INTO act (id, data) VALUES ($1, $2)",
                ARGS(INT(id), BLOB(((Str){ kilobytes, bytes })))));
    TRY(db_exec(ctx, "INSERT INTO entry (id) VALUES ($1)", ARGS(INT(id))));
    return db_commit(&tx);
}

static Str new_folder(World *w, const char *name) {
    Str path = str_format(w->ctx->arena, "%s/%s", w->folder, name);

    assert_int_equal(mkdir(str_to_c(w->ctx->arena, path), 0700), 0);
    return path;
}

static bool is_there(World *w, Str folder, const char *name) {
    Str path = str_format(w->ctx->arena, "%.*s/%s", STR_ARG(folder), name);
    return access(str_to_c(w->ctx->arena, path), F_OK) == 0;
}

/* Acts and entries of a copy, opened as a store of its own. */
static void count_in(Str folder, int64_t *ret_acts, int64_t *ret_entries) {
    Arena *arena = arena_new(0);
    DbOpen how = { .folder = folder };
    DbStore *store;
    Ctx ctx = { .arena = arena };

    assert_int_equal(db_store_open(arena, &how, &store).code, ERR_OK);
    assert_int_equal(db_open(store, &ctx.db).code, ERR_OK);
    {
        DB_ROWS(rows);
        assert_int_equal(db_query(&ctx, &rows,
                                  "SELECT (SELECT COUNT(*) FROM act), (SELECT COUNT(*) FROM entry)",
                                  NO_ARGS)
                             .code,
                         ERR_OK);
        assert_true(db_next(&rows));
        *ret_acts = db_int(&rows, 0);
        *ret_entries = db_int(&rows, 1);
        assert_int_equal(db_query_derived(&ctx, &rows, "SELECT COUNT(*) FROM seen", NO_ARGS).code,
                         ERR_OK);
    }
    db_close(ctx.db);
    db_store_close(store);
    arena_free(arena);
}

/* ---- copies ---- */

typedef struct Author {
    Ctx *ctx;
    atomic_bool is_over;
    int64_t stored;
} Author;

static void *write_on(void *user) {
    Author *writer = user;

    for (int64_t id = 1000; !atomic_load(&writer->is_over); id++) {
        if (act(writer->ctx, id, 512).code != ERR_OK)
            abort();
        writer->stored++;
    }
    return NULL;
}

static void a_copy_is_one_moment_while_others_write(void **state) {
    enum { COPIES = 12 };
    World w = start();
    Author writer = { 0 };
    pthread_t thread;
    int64_t acts, entries, before = 0;

    (void)state;
    if (!is_sqlite(&w))
        skip();
    writer.ctx = world_worker(&w);
    assert_int_equal(pthread_create(&thread, NULL, write_on, &writer), 0);
    for (int i = 0; i < COPIES; i++) {
        char name[20];
        (void)snprintf(name, sizeof name, "copy%d", i);
        Str folder = new_folder(&w, name);
        assert_int_equal(db_store_copy(w.store, w.ctx->arena, folder).code, ERR_OK);
        count_in(folder, &acts, &entries);
        assert_int_equal(acts, entries);
        assert_true(acts >= before);
        before = acts;
    }
    atomic_store(&writer.is_over, true);
    pthread_join(thread, NULL);
    assert_true(writer.stored >= before);
    world_worker_free(writer.ctx);
    printf("db copy: %d copies passed, 0 failed, 0 skipped; up to %lld acts in them\n", COPIES,
           (long long)before);
    world_free(&w);
}

static void a_copy_never_replaces_another_and_needs_its_folder(void **state) {
    World w = start();

    (void)state;
    if (!is_sqlite(&w))
        skip();
    Str folder = new_folder(&w, "copy");
    assert_int_equal(act(w.ctx, 1, 1).code, ERR_OK);
    assert_int_equal(db_store_copy(w.store, w.ctx->arena, folder).code, ERR_OK);
    assert_int_equal(act(w.ctx, 2, 1).code, ERR_OK);
    assert_int_equal(db_store_copy(w.store, w.ctx->arena, folder).code, ERR_CONFLICT);
    int64_t acts, entries;
    count_in(folder, &acts, &entries);
    assert_int_equal(acts, 1);
    Str nowhere = str_format(w.ctx->arena, "%s/nowhere", w.folder);
    assert_int_equal(db_store_copy(w.store, w.ctx->arena, nowhere).code, ERR_IO);
    world_free(&w);
}

static void a_copy_is_readable_for_its_owner_only(void **state) {
    World w = start();
    struct stat status;

    (void)state;
    if (!is_sqlite(&w))
        skip();
    Str folder = new_folder(&w, "copy");
    assert_int_equal(db_store_copy(w.store, w.ctx->arena, folder).code, ERR_OK);
    Str path = str_format(w.ctx->arena, "%.*s/record.db", STR_ARG(folder));
    assert_int_equal(stat(str_to_c(w.ctx->arena, path), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    world_free(&w);
}

static void postgresql_is_not_copied_as_files(void **state) {
    World w = start();

    (void)state;
    if (db_store_driver(w.store) != DB_POSTGRES) {
        world_free(&w);
        skip();
    }
    assert_int_equal(db_store_copy(w.store, w.ctx->arena, str_from_c(w.folder)).code, ERR_BUG);
    world_free(&w);
}

/* ---- no room: a limit on the size of files, as a disk with too little on it ---- */

static void limit_files(rlim_t bytes) {
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    (void)signal(SIGXFSZ, SIG_IGN); /* the write fails instead */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_copy_without_room_leaves_no_file_of_its_name(void **state) {
    World w = start();

    (void)state;
    if (!is_sqlite(&w))
        skip();
    Str folder = new_folder(&w, "copy");
    for (int i = 1; i <= 8; i++)
        assert_int_equal(act(w.ctx, i, sizeof kilobytes).code, ERR_OK);
    limit_files(128 << 10);
    Err err = db_store_copy(w.store, w.ctx->arena, folder);
    limit_files(RLIM_INFINITY);
    assert_int_equal(err.code, ERR_IO);
    assert_true(str_ends(str_from_c(err.msgid), S(".")));
    assert_false(is_there(&w, folder, "record.db"));
    assert_false(is_there(&w, folder, "record.db.part"));
    assert_int_equal(db_store_copy(w.store, w.ctx->arena, folder).code, ERR_OK);
    world_free(&w);
}

/* Writes until the storage says no; what was acknowledged is there, the failed act is not, and room helps. */
static void fill_up(World *w, int64_t most, void (*make_room)(void *data), void *data) {
    int64_t stored = 0;
    Err err = OK;

    while (err.code == ERR_OK && stored < most) {
        err = act(w->ctx, stored + 1, sizeof kilobytes);
        stored += err.code == ERR_OK;
    }
    assert_true(err.code == ERR_IO || err.code == ERR_BUSY);
    assert_true(err.msgid && str_ends(str_from_c(err.msgid), S(".")));
    db_reset(w->ctx->db);
    assert_true(stored > 0);
    assert_int_equal(world_count(w, "act"), stored); /* readers go on meanwhile */
    assert_int_equal(world_count(w, "entry"), stored);
    err = act(w->ctx, stored + 1, sizeof kilobytes);
    assert_true(err.code == ERR_IO || err.code == ERR_BUSY); /* still full, still whole */
    db_reset(w->ctx->db);
    assert_int_equal(world_count(w, "act"), stored);

    make_room(data);
    assert_int_equal(act(w->ctx, stored + 1, sizeof kilobytes).code, ERR_OK);
    assert_int_equal(world_count(w, "act"), stored + 1);
    assert_int_equal(world_count(w, "entry"), stored + 1);
}

static void lift_limit(void *data) {
    (void)data;
    limit_files(RLIM_INFINITY);
}

static void files_that_may_not_grow_refuse_the_act_and_lose_nothing(void **state) {
    World w = start();

    (void)state;
    if (!is_sqlite(&w))
        skip();
    limit_files(1 << 20);
    fill_up(&w, 200, lift_limit, NULL);
    world_free(&w);
}

static void grow(void *data) {
    assert_int_equal(mount("tmpfs", data, "tmpfs", MS_REMOUNT, "size=32m"), 0);
}

/* A disk that is really full: a small one in memory, where the system lets us make one. */
static void a_full_disk_refuses_the_act_and_works_again_with_room(void **state) {
    Arena *arena = arena_new(0);
    char *disk = world_folder_new(arena);
    const char *before = getenv("TMPDIR");

    (void)state;
    if (mount("tmpfs", disk, "tmpfs", 0, "size=2m") != 0) {
        print_message("skipped 1: no small disk can be mounted here\n");
        world_folder_remove(disk);
        arena_free(arena);
        skip();
    }
    assert_int_equal(setenv("TMPDIR", disk, 1), 0);
    World w = start();
    bool is_file = db_store_driver(w.store) == DB_SQLITE;
    if (is_file)
        fill_up(&w, 200, grow, disk);
    world_free(&w);
    if (before)
        assert_int_equal(setenv("TMPDIR", before, 1), 0);
    else
        assert_int_equal(unsetenv("TMPDIR"), 0);
    assert_int_equal(umount(disk), 0);
    world_folder_remove(disk);
    arena_free(arena);
    if (!is_file)
        skip();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_one_moment_while_others_write),
        cmocka_unit_test(a_copy_never_replaces_another_and_needs_its_folder),
        cmocka_unit_test(a_copy_is_readable_for_its_owner_only),
        cmocka_unit_test(postgresql_is_not_copied_as_files),
        cmocka_unit_test(a_copy_without_room_leaves_no_file_of_its_name),
        cmocka_unit_test(files_that_may_not_grow_refuse_the_act_and_lose_nothing),
        cmocka_unit_test(a_full_disk_refuses_the_act_and_works_again_with_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
