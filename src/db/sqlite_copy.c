/* db/sqlite_copy.c - a consistent copy of both files while others work. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/sqlite_store.h"

static Err copy_failed(void) {
    return FAIL(ERR_IO, NULL,
                N_("The copy of the database could not be written. Check the rights of the backup "
                   "folder and the free space."));
}

/* All pages in one step, so that the copy is one snapshot. */
static int copy_pages(sqlite3 *from, sqlite3 *to) {
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");

    if (!backup)
        return sqlite3_errcode(to);
    (void)sqlite3_backup_step(backup, -1); /* its failure is repeated by finish */
    return sqlite3_backup_finish(backup);
}

static bool sync_path(const char *path, int flags) {
    int fd = open(path, flags | O_CLOEXEC);

    if (fd < 0)
        return false;
    bool is_synced = fsync(fd) == 0;
    close(fd);
    return is_synced;
}

/* Writes `to` from the source; a half-written file never bears the final name. */
static Err copy_file(Arena *scratch, Conn *source, const char *to) {
    char *part = str_to_c(scratch, str_format(scratch, "%s.part", to));
    sqlite3 *target = NULL;

    if (access(to, F_OK) == 0)
        return FAIL(ERR_CONFLICT, NULL, N_("There is a copy of this name already."));
    (void)unlink(part); /* left by an attempt that was cut off */
    int fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return copy_failed();
    close(fd);

    int code = sqlite3_open_v2(part, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK)
        code = copy_pages(source->handle, target);
    if (sqlite3_close(target) != SQLITE_OK && code == SQLITE_OK)
        code = SQLITE_IOERR;
    if (code != SQLITE_OK || !sync_path(part, O_RDWR) || rename(part, to) != 0) {
        (void)unlink(part);
        return copy_failed();
    }
    return OK;
}

Err db_store_copy(DbStore *store, Arena *scratch, Str to_folder) {
    if (store->kind != DB_SQLITE)
        return FAIL(ERR_BUG, NULL, N_("Only an SQLite database is copied as files."));
    char *folder = str_to_c(scratch, to_folder);

    for (int file = DB_RECORD; file <= DB_DERIVED; file++) {
        Conn *source;
        const char *path = sqlite_store(store)->paths[file];
        const char *name = file == DB_RECORD ? "record.db" : "derived.db";
        char *to = str_to_c(scratch, str_format(scratch, "%s/%s", folder, name));

        TRY(conn_open(scratch, path, CONN_READER, (DbFile)file, &store->how, &source));
        Err err = copy_file(scratch, source, to);
        conn_close(source);
        TRY(err);
    }
    return sync_path(folder, O_RDONLY | O_DIRECTORY) ? OK : copy_failed();
}
