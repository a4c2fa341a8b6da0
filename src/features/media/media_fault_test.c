/* media_fault_test.c - each function of the picture store with storage failing at every step: whole, or nothing. */
#include "features/media/media_files.h"
#include "features/media/test_alliance.h"
#include "image/image.h"
#include "testing/faults.h"

enum { MANY = 70 }; /* more than one statement reads */

/* The name of a file that no row names. */
#define NO_ROWS "0000000000000000000000000000000000000000000000000000000000000000"

/* One white pixel. */
#define GIF S("GIF89a\1\0\1\0\x80\0\0\0\0\0\xFF\xFF\xFF,\0\0\0\0\1\0\1\0\0\2\2D\1\0;")

/* What the reader of a picture's file is told. */
typedef struct File {
    bool is_public;
    Str type, bytes;
} File;

static void taking_in(void **state) {
    Newsroom n = newsroom_begin();
    Ctx *ctx = n.ctx;
    Str folder = str_from_c(n.w.folder);
    MediaReady ready;
    Media media;

    (void)state;
    (void)news_picture(&n, &n.radio, "a"); /* the file is there; the paper has no row of it */
    WRITES(&n.w, media, media_add_prepared(ctx, n.paper.id, folder, S("a"), &media));
    READS(&n.w, ready, media_make_ready(ctx, ctx->arena, n.paper.id, GIF, S("a.gif"), &ready));
    WRITES(&n.w, media, media_keep(ctx, n.radio.id, &ready, &media));
    WRITES(&n.w, media, media_add(ctx, n.paper.id, GIF, S("a.gif"), &media));
    newsroom_free(&n);
}

static void reading_and_showing(void **state) {
    Newsroom n = newsroom_begin();
    Ctx *ctx = n.ctx;
    Media picture = news_picture(&n, &n.paper, "a"), media, many[MANY];
    int64_t ids[MANY] = { [MANY - 1] = picture.id };
    File file;
    struct {
        Media *items;
        size_t len;
    } list;

    (void)state;
    READS(&n.w, media, media_get(ctx, picture.id, &media));
    READS(&n.w, many, media_get_many(ctx, ids, MANY, many));
    READS(&n.w, list, media_list(ctx, n.paper.id, 0, 10, &list.items, &list.len));
    READS(&n.w, media, media_by_hash(ctx, n.paper.id, picture.hash, &media));
    READS(&n.w, file, media_file(ctx, picture.hash, &file.is_public, &file.type, &file.bytes));
    WRITES_INSIDE(&n.w, NO_RET, media_publish(ctx, "article", 7, &picture.id, 1));
    READS(&n.w, file, media_file(ctx, picture.hash, &file.is_public, &file.type, &file.bytes));
    WRITES_INSIDE(&n.w, NO_RET, media_conceal(ctx, "article", 7));
    newsroom_free(&n);
}

/* Reads rows; what it removes are files. */
static void sweeping(void **state) {
    Newsroom n = newsroom_begin();
    Ctx *ctx = n.ctx;
    const Job job = { .kind = S("media.sweep") };
    int64_t count;

    (void)state;
    (void)news_picture(&n, &n.paper, "a");
    OK_(media_files_put(ctx, S(NO_ROWS), S("x")));
    world_advance(&n.w, MEDIA_SWEEP_AGE_MS + 1);
    READS(&n.w, count, media_sweep(ctx, &count));
    queue_use(&media_sweep_kind, 1, NULL, 0);
    WRITES_INSIDE(&n.w, NO_RET, media_sweep_plan(ctx, ctx->now_ms));
    REPEATS(&n.w, NO_RET, media_sweep_kind.handler(ctx, &job));
    newsroom_free(&n);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(taking_in),
        cmocka_unit_test(reading_and_showing),
        cmocka_unit_test(sweeping),
    };

    if (argc == 3 && str_eq(str_from_c(argv[1]), S("--child")))
        return image_child_main();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("media");
    return failed;
}
