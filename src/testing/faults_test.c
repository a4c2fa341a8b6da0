/* faults_test.c - does the sweep see what is wrong? Each wrong call ends a child of this program with its reason. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "testing/faults.h"

static Err insert(Ctx *ctx) {
    return db_exec(ctx, "INSERT INTO lease (name, owner, fence, until_ms) VALUES ($1, 'a', 1, 1)",
                   ARGS(TXT(str_from_int(ctx->arena, id_next(ctx)))));
}

static Err count(Ctx *ctx, int64_t *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT COUNT(*) FROM lease", NO_ARGS));
    int64_t found = db_next(&rows) ? db_int(&rows, 0) : 0;
    TRY(db_end(&rows));
    *ret = found;
    return OK;
}

static Err insert_two(Ctx *ctx) {
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(insert(ctx));
    TRY(insert(ctx));
    return db_commit(&tx);
}

static void what_is_right_passes(void **state) {
    World w = world_new();
    int64_t found;

    (void)state;
    READS(&w, found, count(w.ctx, &found));
    assert_int_equal(found, 0);
    WRITES(&w, NO_RET, insert(w.ctx));
    WRITES(&w, NO_RET, insert_two(w.ctx));
    WRITES_INSIDE(&w, NO_RET, insert(w.ctx));
    assert_int_equal(world_count(&w, "lease"), 4);
    world_free(&w);
}

/* ---- what is wrong ---- */

static Err swallow(Ctx *ctx, int64_t *ret) {
    if (count(ctx, ret).code != ERR_OK)
        *ret = 0;
    return OK;
}

static Err rename_failure(Ctx *ctx, int64_t *ret) {
    return count(ctx, ret).code == ERR_OK ? OK : FAIL(ERR_NOT_FOUND, NULL, N_("No."));
}

static Err set_early(Ctx *ctx, int64_t *ret) {
    *ret = 0;
    return count(ctx, ret);
}

static Err insert_half(Ctx *ctx) {
    TRY(insert(ctx));
    return insert(ctx);
}

static Err leave_open(Ctx *ctx) {
    DbTx tx = { 0 };

    TRY(db_begin(ctx, &tx));
    TRY(insert(ctx));
    return db_commit(&tx);
}

static Err store_nothing(Ctx *ctx) {
    int64_t found;
    return count(ctx, &found);
}

static Err touch_nothing(Ctx *ctx) {
    return OK;
}

typedef enum Wrong {
    SWALLOW,
    RENAME,
    EARLY,
    HALF,
    OPEN,
    WRITES_NOTHING,
    NO_STEP,
    READER,
    AGAIN
} Wrong;

static void do_wrong(Wrong wrong) {
    World w = world_new();
    int64_t found;

    if (wrong == SWALLOW)
        READS(&w, found, swallow(w.ctx, &found));
    if (wrong == RENAME)
        READS(&w, found, rename_failure(w.ctx, &found));
    if (wrong == EARLY)
        READS(&w, found, set_early(w.ctx, &found));
    if (wrong == HALF)
        WRITES(&w, NO_RET, insert_half(w.ctx));
    if (wrong == OPEN)
        WRITES(&w, NO_RET, leave_open(w.ctx));
    if (wrong == WRITES_NOTHING)
        WRITES(&w, NO_RET, store_nothing(w.ctx));
    if (wrong == NO_STEP)
        READS(&w, NO_RET, touch_nothing(w.ctx));
    if (wrong == READER)
        READS(&w, NO_RET, insert(w.ctx));
    if (wrong == AGAIN)
        REPEATS(&w, NO_RET, insert_two(w.ctx));
}

/* What the child said before it ended; it must have aborted. */
static Str last_words(Arena *arena, const char *folder, Wrong wrong) {
    enum { BYTES_MAX = 4096 };
    char *bytes = arena_alloc(arena, BYTES_MAX);
    int ends[2], status;

    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)signal(SIGABRT, SIG_DFL);
        (void)dup2(ends[1], STDERR_FILENO);
        (void)setenv("TMPDIR", folder, 1); /* its world stays behind */
        do_wrong(wrong);
        _exit(0);
    }
    (void)close(ends[1]);
    size_t len = 0;
    for (ssize_t got = 1; got > 0 && len<BYTES_MAX; len += got> 0 ? (size_t)got : 0)
        got = read(ends[0], bytes + len, BYTES_MAX - len);
    (void)close(ends[0]);
    assert_true(waitpid(child, &status, 0) == child);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
        fail_msg("case %d was not seen: %.*s", (int)wrong, (int)len, bytes);
    return (Str){ bytes, len };
}

static void what_is_wrong_is_named(void **state) {
    static const char *const reasons[] = {
        [SWALLOW] = "did not say so",
        [RENAME] = "as another error: not-found",
        [EARLY] = "set its result",
        [HALF] = "changed the table lease",
        [OPEN] = "left a transaction open",
        [WRITES_NOTHING] = "no table changed",
        [NO_STEP] = "no storage step",
        [READER] = "only reads and changed the table lease",
        [AGAIN] = "what was done already changed the table lease",
    };
    Arena *arena = arena_new(0);
    const char *folder = world_folder_new(arena);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        Str said = last_words(arena, folder, (Wrong)i);
        if (!str_contains(said, str_from_c(reasons[i])))
            fail_msg("case %zu: %.*s", i, STR_ARG(said));
    }
    world_folder_remove(folder);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_right_passes),
        cmocka_unit_test(what_is_wrong_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
