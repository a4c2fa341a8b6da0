/*
 * features/media/media_files.c - the one effect outside a transaction (ground-rules.md, Storage).
 *
 * Process-wide: the data folder, set once at start by media_use and then only read; and `files_lock`, the
 * only lock here, under which a file gets its name and its time, or goes: a sweep must not take a file
 * away that an upload has just found to be there.
 */
#include "features/media/media_files.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/vec.h"
#include "features/media/media.h"
#include "sec/hash.h"

static Str data_folder;
static pthread_mutex_t files_lock = PTHREAD_MUTEX_INITIALIZER;

void media_use(Str folder) {
    data_folder = folder;
}

static Err no_room(void) {
    return FAIL(ERR_IO, NULL,
                N_("The picture could not be stored. Try again later, or ask the operator."));
}

static Err unreadable(void) {
    return FAIL(ERR_IO, NULL, N_("The picture cannot be read at the moment. Try again later."));
}

static void close_fd(int *fd) {
    if (*fd >= 0)
        (void)close(*fd);
}

static void close_folder(DIR **folder) {
    if (*folder)
        (void)closedir(*folder);
}

static void unlock(pthread_mutex_t **lock) {
    (void)pthread_mutex_unlock(*lock);
}

/* Holds files_lock to the end of the block. */
#define LOCK_FILES()                                                                               \
    CLEANUP(unlock) pthread_mutex_t *locked = &files_lock;                                         \
    (void)pthread_mutex_lock(locked)

static const char *path_of(Ctx *ctx, Str hash) {
    assert(data_folder.len > 0); /* media_use was called */
    return str_to_c(ctx->arena,
                    str_format(ctx->arena, "%.*s/media/%.2s/%.2s/%.*s", STR_ARG(data_folder),
                               hash.ptr, hash.ptr + 2, STR_ARG(hash)));
}

bool media_files_is_hash(Str hash) {
    if (hash.len != 2 * HASH_BYTES)
        return false;
    for (size_t i = 0; i < hash.len; i++)
        if (!(hash.ptr[i] >= '0' && hash.ptr[i] <= '9') &&
            !(hash.ptr[i] >= 'a' && hash.ptr[i] <= 'f'))
            return false;
    return true;
}

/* ---- putting ---- */

/* What was renamed or made in this folder is on the disk afterwards. */
static Err sync_folder(const char *path) {
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    return fd >= 0 && fsync(fd) == 0 ? OK : no_room();
}

/* Makes the folders down to media/ab/cd, each synced into the one above; *ret is the last. */
static Err make_folders(Ctx *ctx, Str hash, const char **ret) {
    Str media = str_concat(ctx->arena, data_folder, S("/media"));
    Str first = str_format(ctx->arena, "%.*s/%.2s", STR_ARG(media), hash.ptr);
    Str second = str_format(ctx->arena, "%.*s/%.2s", STR_ARG(first), hash.ptr + 2);
    const Str chain[] = { data_folder, media, first, second };

    for (size_t i = 1; i < COUNT_OF(chain); i++) {
        if (mkdir(str_to_c(ctx->arena, chain[i]), 0700) == 0)
            TRY(sync_folder(str_to_c(ctx->arena, chain[i - 1])));
        else if (errno != EEXIST)
            return no_room();
    }
    *ret = str_to_c(ctx->arena, second);
    return OK;
}

static Err write_all(int fd, Str bytes) {
    while (bytes.len > 0) {
        ssize_t written = write(fd, bytes.ptr, bytes.len);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return no_room();
        bytes = str_slice(bytes, (size_t)written, bytes.len);
    }
    return OK;
}

static void times_at(int64_t at_ms, struct timespec times[2]) {
    times[0] = times[1] = (struct timespec){ at_ms / 1000, at_ms % 1000 * 1000000 };
}

/* A new file in tmp/, which is emptied at start: what a crash leaves there costs nothing. */
static Err write_temp(Ctx *ctx, Str bytes, const char **ret_path) {
    enum { NAME_BYTES = 12 };
    struct timespec times[2];
    char name[NAME_BYTES];

    chance_fill(ctx->chance, name, sizeof name);
    Str path = str_format(ctx->arena, "%.*s/tmp/media-%.*s", STR_ARG(data_folder),
                          STR_ARG(hex_encode(ctx->arena, (Str){ name, sizeof name })));
    *ret_path = str_to_c(ctx->arena, path);
    CLEANUP(close_fd) int fd = open(*ret_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return no_room();
    TRY(write_all(fd, bytes));
    times_at(ctx->now_ms, times);
    return futimens(fd, times) == 0 && fsync(fd) == 0 ? OK : no_room();
}

/* True when the file is there in full; it is then as young as a new one. */
static bool touch(Ctx *ctx, const char *path, size_t len) {
    struct timespec times[2];
    struct stat info;
    LOCK_FILES();

    times_at(ctx->now_ms, times);
    return stat(path, &info) == 0 && (uint64_t)info.st_size == len &&
           utimensat(AT_FDCWD, path, times, 0) == 0;
}

static Err place(const char *temp, const char *path) {
    LOCK_FILES();

    return rename(temp, path) == 0 ? OK : no_room();
}

Err media_files_put(Ctx *ctx, Str hash, Str bytes) {
    const char *path = path_of(ctx, hash), *temp, *folder;

    TRY(make_folders(ctx, hash, &folder));
    if (!touch(ctx, path, bytes.len)) {
        Err err = write_temp(ctx, bytes, &temp);

        if (err.code == ERR_OK)
            err = place(temp, path);
        if (err.code != ERR_OK)
            (void)unlink(temp);
        TRY(err);
    }
    return sync_folder(
        folder); /* also for a file that was there: who put it may not have come so far */
}

/* ---- reading ---- */

Err media_files_get(Ctx *ctx, Str hash, bool *ret_found, Str *ret) {
    CLEANUP(close_fd) int fd = open(path_of(ctx, hash), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat info;

    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        *ret_found = false;
        return OK;
    }
    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        return unreadable();
    size_t len = (size_t)info.st_size;
    char *bytes = arena_alloc(ctx->arena, len);
    for (size_t at = 0; at < len;) {
        ssize_t got = read(fd, bytes + at, len - at);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return unreadable();
        at += (size_t)got;
    }
    *ret_found = true;
    *ret = (Str){ bytes, len };
    return OK;
}

/* ---- sweeping ---- */

typedef VEC(Str) Names;

/* Names of so many bytes that a folder holds; a folder that is not there holds none. */
static Err list_folder(Ctx *ctx, Str path, size_t name_bytes, Names *ret) {
    CLEANUP(close_folder) DIR *folder = opendir(str_to_c(ctx->arena, path));
    Names names = { 0 };

    if (!folder && errno != ENOENT)
        return unreadable();
    while (folder) {
        errno = 0;
        struct dirent *entry = readdir(folder);
        if (!entry && errno != 0)
            return unreadable();
        if (!entry)
            break;
        Str name = str_from_c(entry->d_name);
        if (name.len == name_bytes && name.ptr[0] != '.')
            *VEC_PUSH(ctx->arena, &names) = str_dup(ctx->arena, name);
    }
    *ret = names;
    return OK;
}

Err media_files_folders(Ctx *ctx, StrList *ret) {
    Str media = str_concat(ctx->arena, data_folder, S("/media"));
    Names first, second, found = { 0 };

    assert(data_folder.len > 0);
    TRY(list_folder(ctx, media, 2, &first));
    for (size_t i = 0; i < first.len; i++) {
        Str path = str_format(ctx->arena, "%.*s/%.*s", STR_ARG(media), STR_ARG(first.items[i]));

        TRY(list_folder(ctx, path, 2, &second));
        for (size_t k = 0; k < second.len; k++)
            *VEC_PUSH(ctx->arena, &found) = str_concat(ctx->arena, first.items[i], second.items[k]);
    }
    *ret = (StrList){ found.items, found.len };
    return OK;
}

Err media_files_in(Ctx *ctx, Str folder, StrList *ret) {
    Str path = str_format(ctx->arena, "%.*s/media/%.2s/%.2s", STR_ARG(data_folder), folder.ptr,
                          folder.ptr + 2);
    Names names, hashes = { 0 };

    TRY(list_folder(ctx, path, 2 * HASH_BYTES, &names));
    for (size_t i = 0; i < names.len; i++)
        if (media_files_is_hash(names.items[i]) && str_starts(names.items[i], folder))
            *VEC_PUSH(ctx->arena, &hashes) = names.items[i];
    *ret = (StrList){ hashes.items, hashes.len };
    return OK;
}

Err media_files_remove_old(Ctx *ctx, Str hash, int64_t before_ms, bool *ret) {
    const char *path = path_of(ctx, hash);
    struct stat info;
    LOCK_FILES();

    *ret = false;
    if (stat(path, &info) != 0)
        return OK;
    if (info.st_mtim.tv_sec * INT64_C(1000) + info.st_mtim.tv_nsec / 1000000 >= before_ms)
        return OK;
    if (unlink(path) != 0 && errno != ENOENT)
        return no_room();
    *ret = true;
    return OK;
}
