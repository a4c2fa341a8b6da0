/* app/folder.c - makes, opens and locks the data folder. */
#include "app/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_VERSION = 1 };

extern char **environ;

Err folder_path(Cli *cli, Str *ret) {
    const char *from_environment = getenv("LIANDONG_DATA");
    Str path = cli_value(cli, "--data");

    if (path.len == 0 && from_environment)
        path = str_from_c(from_environment);
    if (path.len == 0)
        return FAIL(
            ERR_INVALID, "--data",
            N_("Name the data folder with --data DIR or LIANDONG_DATA; liandong init makes one."));
    while (path.len > 1 && str_ends(path, S("/")))
        path = str_slice(path, 0, path.len - 1);
    *ret = path;
    return OK;
}

const char *folder_file(Arena *arena, const Folder *folder, const char *name) {
    return str_format(arena, "%.*s/%s", STR_ARG(folder->path), name).ptr;
}

static Err not_made(Str path) {
    return FAIL_ARGS(ERR_IO, NULL, N_("{0} cannot be made: check the rights and the free space."),
                     path);
}

Err folder_make_part(const char *path) {
    return mkdir(path, 0700) == 0 || errno == EEXIST ? OK : not_made(str_from_c(path));
}

static Err write_file(const char *path, Str text) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool is_done =
        file >= 0 && write(file, text.ptr, text.len) == (ssize_t)text.len && fsync(file) == 0;

    if (file >= 0)
        (void)close(file);
    return is_done ? OK : not_made(str_from_c(path));
}

static const char conf_text[] =
    "# Process settings of this alliance: name = value. liandong config list shows all of them.\n";

Err folder_make(Arena *arena, Str path) {
    static const char *const parts[] = { "media", "keys", "run", "backup", "tmp", "look" };
    Folder folder = { .path = path };

    if (mkdir(str_to_c(arena, path), 0700) != 0 && errno != EEXIST)
        return not_made(path);
    if (access(folder_file(arena, &folder, "VERSION"), F_OK) == 0)
        return FAIL_ARGS(ERR_CONFLICT, "--data", N_("There is an alliance in {0} already."), path);
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        TRY(folder_make_part(folder_file(arena, &folder, parts[i])));
    if (access(folder_file(arena, &folder, "liandong.conf"), F_OK) != 0)
        TRY(write_file(folder_file(arena, &folder, "liandong.conf"), str_from_c(conf_text)));
    return write_file(folder_file(arena, &folder, "VERSION"),
                      str_format(arena, "%d\n", (int)FOLDER_VERSION));
}

static Err check_version(Arena *arena, const Folder *folder) {
    Str text;
    int64_t version;
    Err err = cli_read_file(arena, str_from_c(folder_file(arena, folder, "VERSION")), 64, &text);

    if (err.code != ERR_OK || !str_parse_int(str_trim(text), &version))
        return FAIL_ARGS(ERR_NOT_FOUND, "--data",
                         N_("There is no alliance in {0}; liandong init --data {0} makes one."),
                         folder->path);
    if (version > FOLDER_VERSION)
        return FAIL_ARGS(
            ERR_IO, NULL,
            N_("{0} was written by a newer program: install that version or a later one."),
            folder->path);
    return OK;
}

Err folder_open(Arena *arena, Str path, const ConfigFlag *flags, size_t flag_count, Folder *ret) {
    Folder folder = { .path = str_dup(arena, path), .lock = -1 };
    Str text = STR_EMPTY;
    const char *conf;

    TRY(check_version(arena, &folder));
    conf = folder_file(arena, &folder, "liandong.conf");
    if (access(conf, F_OK) == 0)
        TRY(cli_read_file(arena, str_from_c(conf), (size_t)CONFIG_FILE_BYTES_MAX + 1, &text));
    TRY(config_load(arena, text, S("liandong.conf"), environ, flags, flag_count, &folder.config));
    folder.socket = str_from_c(folder_file(arena, &folder, "run/liandong.sock"));
    *ret = folder;
    return OK;
}

Err folder_lock(Arena *arena, Folder *folder) {
    int lock = open(folder_file(arena, folder, "run/lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (lock < 0)
        return not_made(folder->path);
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        (void)close(lock);
        return FAIL(ERR_BUSY, NULL,
                    N_("Another liandong works in this folder: stop it, or let it finish."));
    }
    folder->lock = lock;
    return OK;
}

void folder_unlock(Folder *folder) {
    if (folder->lock >= 0)
        (void)close(folder->lock);
    folder->lock = -1;
}

Err folder_store(Arena *arena, const Folder *folder, DbStore **ret) {
    const Config *config = folder->config;
    DbOpen how = { .folder = folder->path,
                   .url = config_str(config, CONFIG_DB_URL),
                   .batch_members = (int)config_int(config, CONFIG_DB_BATCH_MEMBERS),
                   .batch_us = config_int(config, CONFIG_DB_BATCH_US),
                   .cache_kib = (int)config_int(config, CONFIG_DB_CACHE_KIB),
                   .busy_ms = (int)config_int(config, CONFIG_DB_BUSY_MS) };

    return db_store_open(arena, &how, ret);
}

/* ---- keys/box.key ---- */

static Err bad_box_key(void) {
    return FAIL(
        ERR_IO, NULL,
        N_("keys/box.key is damaged or open to others: put back your copy of it, mode 0600."));
}

/* Whole or not at all: two that make it at once end with the first one's. */
static Err make_box_key(Arena *arena, const char *path) {
    const char *part = str_format(arena, "%s.%ld", path, (long)getpid()).ptr;
    BoxKey key = box_key_new(chance_system(), 1);
    Err err = write_file(part, box_key_print(arena, &key));

    box_forget(&key);
    if (err.code == ERR_OK && link(part, path) != 0 && errno != EEXIST)
        err = not_made(str_from_c(path));
    (void)unlink(part);
    return err;
}

Err folder_box_key(Arena *arena, const Folder *folder, bool may_make, BoxKey *ret) {
    const char *path = folder_file(arena, folder, "keys/box.key");
    struct stat about;
    Str text;

    *ret = (BoxKey){ 0 };
    if (stat(path, &about) != 0) {
        if (!may_make)
            return OK;
        TRY(make_box_key(arena, path));
    }
    if (stat(path, &about) != 0 || (about.st_mode & 077) != 0 ||
        cli_read_file(arena, str_from_c(path), 1024, &text).code != ERR_OK ||
        box_key_parse(arena, text, ret).code != ERR_OK)
        return bad_box_key();
    return OK;
}

Err folder_write_setting(Arena *arena, const Folder *folder, const char *name, Str value) {
    const char *path = folder_file(arena, folder, "liandong.conf");
    Str line = str_format(arena, "%s = %.*s\n", name, STR_ARG(value));
    int file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    bool is_done =
        file >= 0 && write(file, line.ptr, line.len) == (ssize_t)line.len && fsync(file) == 0;

    if (file >= 0)
        (void)close(file);
    return is_done ? OK : not_made(str_from_c(path));
}

Err folder_empty_tmp(Arena *arena, const Folder *folder) {
    const char *path = folder_file(arena, folder, "tmp");
    DIR *dir = opendir(path);
    struct dirent *item;

    if (!dir)
        return not_made(folder->path);
    while ((item = readdir(dir)))
        if (item->d_name[0] != '.')
            (void)unlinkat(dirfd(dir), item->d_name, 0);
    (void)closedir(dir);
    return OK;
}
