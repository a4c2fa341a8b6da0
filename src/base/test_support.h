/* base/test_support.h - for unit tests: shared files, and the output of code that writes or ends. */
#ifndef BASE_TEST_SUPPORT_H
#define BASE_TEST_SUPPORT_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#define assert_str(actual, expected)                                                               \
    do {                                                                                           \
        Str got_ = (actual), want_ = (expected);                                                   \
        if (!str_eq(got_, want_))                                                                  \
            fail_msg("\"%.*s\" is not \"%.*s\"", STR_ARG(got_), STR_ARG(want_));                   \
    } while (0)

/* It went well; else it is told why it did not. */
#define OK_(call)                                                                                  \
    do {                                                                                           \
        Err ok_ = (call);                                                                          \
        if (ok_.code != ERR_OK)                                                                    \
            fail_msg("%s: %s (%s, %s)", #call, ok_.msgid, ok_.field ? ok_.field : "no field",      \
                     ok_.where ? ok_.where : "");                                                  \
    } while (0)
/* It failed with this code, at this field (NULL: none). */
#define FAILS(call, code_, field_)                                                                 \
    do {                                                                                           \
        Err failed_ = (call);                                                                      \
        const char *wanted_ = (field_);                                                            \
        if (failed_.code != (code_))                                                               \
            fail_msg("%s: code %d, %s", #call, (int)failed_.code,                                  \
                     failed_.msgid ? failed_.msgid : "done");                                      \
        assert_true(wanted_ ? failed_.field &&strcmp(failed_.field, wanted_) == 0                  \
                            : !failed_.field);                                                     \
    } while (0)

/* The folder of shared test data exists? Prints what is skipped when it does not. */
static inline bool test_has_shared(const char *cases) {
    const char *shared = getenv("LIANDONG_SHARED");
    struct stat info;

    if (shared && stat(shared, &info) == 0)
        return true;
    print_message("skipped %s: there is no folder of shared test data\n", cases);
    return false;
}

/* A file below that folder, whole; a missing one fails the test. */
static inline Str test_shared_file(Arena *arena, const char *path) {
    Str name = str_format(arena, "%s/%s", getenv("LIANDONG_SHARED"), path);
    FILE *file = fopen(str_to_c(arena, name), "rb");
    Str text = STR_EMPTY;

    if (!file)
        fail_msg("%s is missing", path);
    if (file && fseek(file, 0, SEEK_END) == 0) {
        size_t len = (size_t)ftell(file);
        char *bytes = arena_alloc(arena, len);

        rewind(file);
        assert_int_equal(fread(bytes, 1, len, file), len);
        text = (Str){ bytes, len };
    }
    fclose(file);
    return text;
}

/* Runs act(data) in a child process: its standard error in *ret_text, and its exit status. */
static inline int test_in_child(Arena *arena, void (*act)(const void *data), const void *data,
                                Str *ret_text) {
    int ends[2], status;
    size_t len = 0, cap = 1 << 20;
    char *text = arena_alloc(arena, cap);

    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        act(data);
        _exit(0);
    }
    close(ends[1]);
    for (ssize_t got = 1; got > 0 && len<cap; len += got> 0 ? (size_t)got : 0)
        got = read(ends[0], text + len, cap - len);
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    *ret_text = (Str){ text, len };
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What act(data), which does not end the process, writes to standard error. */
static inline Str test_stderr_of(Arena *arena, void (*act)(const void *data), const void *data) {
    int kept = dup(STDERR_FILENO), file = memfd_create("stderr", MFD_CLOEXEC);

    assert_true(kept >= 0 && file >= 0);
    dup2(file, STDERR_FILENO);
    act(data);
    dup2(kept, STDERR_FILENO);
    close(kept);
    off_t len = lseek(file, 0, SEEK_END);
    char *text = arena_alloc(arena, (size_t)len + 1);
    assert_int_equal(pread(file, text, (size_t)len, 0), len);
    close(file);
    return (Str){ text, (size_t)len };
}

/* setup and teardown: *state is a fresh arena. */
static inline int test_arena_new(void **state) {
    *state = arena_new(0);
    return 0;
}

static inline int test_arena_free(void **state) {
    arena_free(*state);
    return 0;
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, test_arena_new, test_arena_free)

#endif
