/* text/suite.h - for tests only: the published test data beside the source tree. */
#ifndef TEXT_SUITE_H
#define TEXT_SUITE_H

#include <dirent.h>
#include <stdarg.h>
#include <time.h>

#include "base/buf.h"

/* Processor time of this process in milliseconds: a bound on it holds beside other work, too. */
static inline int64_t suite_cpu_ms(void) {
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * Whether the shared data is at hand (the folder in LIANDONG_SHARED); where it is not, says how
 * many cases of the suite are skipped. Where it is, a missing file is a failure.
 */
static inline bool suite_is_here(const char *suite, size_t cases) {
    const char *shared = getenv("LIANDONG_SHARED");
    DIR *dir = shared ? opendir(shared) : NULL;

    if (dir)
        (void)closedir(dir);
    else
        printf("%s: %zu cases skipped, the shared test data is not here\n", suite, cases);
    return dir != NULL;
}

static inline Str suite_read_path(Arena *arena, const char *path) {
    FILE *file = fopen(path, "rb");
    Buf buf = buf_new(arena, (size_t)1 << 30);
    char *part = arena_alloc(arena, 1 << 16);

    if (!file)
        fail_msg("the test data lacks %s", path);
    for (size_t len; (len = fread(part, 1, 1 << 16, file)) > 0;)
        buf_add(&buf, (Str){ part, len });
    (void)fclose(file);
    return buf_str(&buf);
}

/* A path below the corpora folder, NUL-terminated in the arena. */
static inline const char *suite_path(Arena *arena, const char *format, const char *name) {
    Str tail = str_replace(arena, str_from_c(format), S("%s"), str_from_c(name));

    return str_format(arena, "%s/corpora/%.*s", getenv("LIANDONG_SHARED"), STR_ARG(tail)).ptr;
}

/* A whole file below the corpora folder; %s in the path stands for name. */
static inline Str suite_read(Arena *arena, const char *format, const char *name) {
    return suite_read_path(arena, suite_path(arena, format, name));
}

/* Calls judge with each file of a folder below the corpora folder, and of the folders in it. */
static inline void suite_each(Arena *arena, const char *folder,
                              void (*judge)(void *user, const char *name, Str text), void *user) {
    const char *path = suite_path(arena, folder, "");
    DIR *dir = opendir(path);

    if (!dir)
        fail_msg("the test data lacks %s", path);
    for (struct dirent *item; (item = readdir(dir));) {
        const char *inner = str_format(arena, "%s/%s", folder, item->d_name).ptr;

        if (item->d_name[0] == '.')
            continue;
        if (item->d_type == DT_DIR)
            suite_each(arena, inner, judge, user);
        else
            judge(user, item->d_name, suite_read(arena, inner, ""));
    }
    (void)closedir(dir);
}

#endif
