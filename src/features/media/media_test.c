/* media_test.c - pictures of an outlet: what is taken in, what is refused, who may see it, what a failure leaves. */
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "features/media/test_alliance.h"
#include "image/image.h"

/*
 * A one-coloured GIF of this size, written without compression: a clear code before the table of codes could grow,
 * so that every code has 8 bits.
 */
static Str gif(Arena *arena, int width, int height, unsigned char red) {
    enum { BLOCK = 255, CLEAR = 128, END = 129, RUN = 100 };
    Buf out = buf_new(arena, SIZE_MAX), codes = buf_new(arena, SIZE_MAX);

    buf_add(&out, S("GIF89a"));
    for (int i = 0; i < 2; i++) {
        buf_add_char(&out, (char)((i ? height : width) & 0xFF));
        buf_add_char(&out, (char)((i ? height : width) >> 8));
    }
    buf_add(&out, S("\xF6\0\0")); /* a table of 128 colours */
    for (int i = 0; i < 128; i++) {
        buf_add_char(&out, (char)red);
        buf_add_char(&out, (char)i);
        buf_add_char(&out, 0);
    }
    buf_add(&out, S("\x2C\0\0\0\0"));
    buf_add(&out, str_slice(buf_str(&out), 6, 10));
    buf_add(&out, S("\0\x07"));
    for (int64_t i = 0; i < (int64_t)width * height; i++) {
        if (i % RUN == 0)
            buf_add_char(&codes, (char)CLEAR);
        buf_add_char(&codes, (char)(i * 5 / width % 128));
    }
    buf_add_char(&codes, (char)END);
    for (size_t at = 0; at < codes.len; at += BLOCK) {
        Str block = str_slice(buf_str(&codes), at, at + BLOCK < codes.len ? at + BLOCK : codes.len);
        buf_add_char(&out, (char)block.len);
        buf_add(&out, block);
    }
    buf_add(&out, S("\0;"));
    return buf_str(&out);
}

static int64_t counted; /* by count_one */

static Newsroom start(void) {
    Newsroom n = newsroom_begin();

    media_use(str_from_c(n.w.folder));
    assert_int_equal(
        mkdir(str_to_c(n.ctx->arena, str_format(n.ctx->arena, "%s/tmp", n.w.folder)), 0700), 0);
    return n;
}

static Media must_add(Newsroom *n, const Outlet *outlet, Str bytes) {
    Media media;

    OK_(media_add(n->ctx, outlet->id, bytes, S("a.gif"), &media));
    return media;
}

static int count_one(const char *path, const struct stat *info, int kind, struct FTW *walk) {
    (void)path;
    (void)info;
    (void)walk;
    counted += kind == FTW_F;
    return 0;
}

/* Files anywhere below a folder of the data folder. */
static int64_t files_in(Newsroom *n, const char *folder) {
    Str path = str_format(n->ctx->arena, "%s/%s", n->w.folder, folder);

    counted = 0;
    (void)nftw(str_to_c(n->ctx->arena, path), count_one, 8, FTW_PHYS);
    return counted;
}

static bool is_on_postgres(Newsroom *n) {
    return db_driver(n->ctx->db) == DB_POSTGRES;
}

/* Bytes of files, wherever this driver keeps them. */
static int64_t kept(Newsroom *n) {
    return is_on_postgres(n) ? world_count(&n->w, "media_blob") : files_in(n, "media");
}

/* ---- taking in ---- */

static void a_picture_is_kept_in_its_sizes_under_hashes_of_its_own(void **state) {
    Newsroom n = start();
    Str bytes = gif(n.ctx->arena, 700, 350, 1), type, got;
    Media media = must_add(&n, &n.paper, bytes), again;
    bool is_public;

    (void)state;
    assert_int_equal(media.size_count, 3); /* 320, 640, 700 */
    assert_true(media.sizes[0].width == 320 && media.sizes[0].height == 160 &&
                media.sizes[2].width == 700 && media.width == 700);
    assert_true(str_eq(media.type, S("image/webp")) && str_eq(media.hash, media.sizes[2].hash));
    assert_int_equal(kept(&n), 3);
    assert_int_equal(files_in(&n, "tmp"), 0);
    for (size_t i = 0; i < 3; i++) {
        OK_(media_file(n.ctx, media.sizes[i].hash, &is_public, &type, &got));
        assert_true(str_starts(got, S("RIFF")) && !is_public && str_eq(type, S("image/webp")));
        assert_false(str_contains(got, S("GIF89a"))); /* nothing of the upload itself */
    }
    OK_(media_get(n.ctx, media.id, &again));
    assert_true(again.person_id == n.ann.id && again.outlet_id == n.paper.id &&
                again.bytes == media.bytes && again.size_count == 3);
    Json *model = media_model(n.ctx->arena, &media);
    assert_true(str_contains(json_get_text(model, "srcset"), S(" 320w, /media/")));
    newsroom_free(&n);
}

static void the_same_picture_again_is_the_same_row_and_no_second_entry(void **state) {
    Newsroom n = start();
    Str bytes = gif(n.ctx->arena, 20, 10, 1);
    Media first = must_add(&n, &n.paper, bytes), again = must_add(&n, &n.paper, bytes), other;
    int64_t logged = world_count(&n.w, "ledger_pending");

    (void)state;
    assert_true(first.id == again.id);
    assert_int_equal(world_count(&n.w, "media"), 1);
    other = must_add(&n, &n.radio, bytes); /* another outlet has a row, not a file, of its own */
    assert_true(other.id != first.id && str_eq(other.hash, first.hash));
    assert_int_equal(kept(&n), 1);
    assert_int_equal(world_count(&n.w, "ledger_pending") - logged, 1);
    newsroom_free(&n);
}

/* sec_32: by content, and the name agrees with it. */
static void sec_32_what_is_no_picture_or_says_it_is_another_is_refused(void **state) {
    static const char *const texts[] = { "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
                                         "<!DOCTYPE html><script>alert(1)</script>",
                                         "%PDF-1.7\n1 0 obj", "GIF89a/*<script>*/=1;", "" };
    Newsroom n = start();
    Str good = gif(n.ctx->arena, 4, 4, 1);
    Media media = { .id = -1 };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        FAILS(media_add(n.ctx, n.paper.id, str_from_c(texts[i]), S("a.png"), &media), ERR_INVALID,
              "file");
    FAILS(media_add(n.ctx, n.paper.id, good, S("a.png"), &media), ERR_INVALID, "file");
    FAILS(media_add(n.ctx, n.paper.id, good, S("a.html"), &media), ERR_INVALID, "file");
    FAILS(media_add(n.ctx, n.paper.id, good, S("a.php.jpg"), &media), ERR_INVALID, "file");
    FAILS(media_add(n.ctx, n.paper.id, str_slice(good, 0, good.len / 2), S("a.gif"), &media),
          ERR_INVALID, "file");
    assert_true(media.id == -1);
    assert_int_equal(world_count(&n.w, "media"), 0);
    assert_int_equal(kept(&n), 0);
    OK_(media_add(n.ctx, n.paper.id, good, S("A.GIF"), &media));
    newsroom_free(&n);
}

/* sec_34: the name is data only. */
static void sec_34_the_name_of_the_upload_names_no_file(void **state) {
    static const char *const names[] = {
        "../../../etc/passwd", "/etc/cron.d/x", "..", "a/b", "picture", "2026.11.23", "图.片"
    };
    Newsroom n = start();
    Media media;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        OK_(media_add(n.ctx, n.paper.id, gif(n.ctx->arena, 4, 4, (unsigned char)(i * 30)),
                      str_from_c(names[i]), &media));
    assert_int_equal(kept(&n), COUNT_OF(names));
    newsroom_free(&n);
}

/* ---- limits ---- */

static void with_settings(Newsroom *n, const char *settings) {
    Config *config;

    OK_(config_load(n->ctx->arena, str_from_c(settings), S("test"), NULL, NULL, 0, &config));
    n->ctx->config = config;
}

/* sec_35 */
static void sec_35_a_full_quota_stops_its_outlet_and_no_other(void **state) {
    Newsroom n = start();
    Media first = must_add(&n, &n.paper, gif(n.ctx->arena, 64, 64, 1)), media;

    (void)state;
    with_settings(
        &n, str_to_c(n.ctx->arena, str_format(n.ctx->arena, "media.outlet_quota_bytes = %lld\n",
                                              (long long)first.bytes)));
    FAILS(media_add(n.ctx, n.paper.id, gif(n.ctx->arena, 64, 64, 90), S("a.gif"), &media),
          ERR_LIMIT, "file");
    assert_int_equal(world_count(&n.w, "media"), 1);
    as(n.ctx, &n.eve, &n.radio);
    OK_(media_add(n.ctx, n.radio.id, gif(n.ctx->arena, 64, 64, 1), S("a.gif"), &media));
    newsroom_free(&n);
}

static void a_person_uploads_so_many_in_a_day_and_others_go_on(void **state) {
    Newsroom n = start();
    Media media;

    (void)state;
    with_settings(&n, "media.person_day_files = 2\n");
    (void)must_add(&n, &n.paper, gif(n.ctx->arena, 4, 4, 10));
    (void)must_add(&n, &n.paper, gif(n.ctx->arena, 4, 4, 60));
    FAILS(media_add(n.ctx, n.paper.id, gif(n.ctx->arena, 4, 4, 110), S("a.gif"), &media), ERR_LIMIT,
          "file");
    as(n.ctx, &n.ben, &n.paper);
    (void)must_add(&n, &n.paper, gif(n.ctx->arena, 4, 4, 110));
    as(n.ctx, &n.ann, &n.paper);
    world_advance(&n.w, NEWS_DAY_MS - 1);
    FAILS(media_add(n.ctx, n.paper.id, gif(n.ctx->arena, 4, 4, 160), S("a.gif"), &media), ERR_LIMIT,
          "file");
    world_advance(&n.w, 1);
    (void)must_add(&n, &n.paper, gif(n.ctx->arena, 4, 4, 160));
    newsroom_free(&n);
}

static void bytes_pixels_and_frames_are_bounded_by_the_settings(void **state) {
    Newsroom n = start();
    Str bytes = gif(n.ctx->arena, 1100, 1000, 1);
    Media media;

    (void)state;
    with_settings(&n, "media.pixels = 1000000\n");
    FAILS(media_add(n.ctx, n.paper.id, bytes, S("a.gif"), &media), ERR_LIMIT, "file");
    with_settings(&n, "media.upload_bytes = 1024\n");
    FAILS(media_add(n.ctx, n.paper.id, bytes, S("a.gif"), &media), ERR_LIMIT, "file");
    with_settings(&n, "");
    (void)must_add(&n, &n.paper, bytes);
    newsroom_free(&n);
}

/* ---- who may see ---- */

static ErrCode seen_by(Newsroom *n, Str hash) {
    bool is_public;
    Str type, bytes;
    return media_file(n->ctx, hash, &is_public, &type, &bytes).code;
}

static void a_picture_is_its_outlets_own_until_something_shows_it(void **state) {
    Newsroom n = start();
    Media media = must_add(&n, &n.paper, gif(n.ctx->arena, 4, 4, 1));
    DB_TX(tx);

    (void)state;
    assert_int_equal(seen_by(&n, media.hash), ERR_OK);
    as(n.ctx, &n.eve, &n.radio);
    assert_int_equal(seen_by(&n, media.hash), ERR_NOT_FOUND);
    as_operator(n.ctx); /* no content rights */
    assert_int_equal(seen_by(&n, media.hash), ERR_NOT_FOUND);
    n.ctx->actor = ACTOR_NOBODY;
    assert_int_equal(seen_by(&n, media.hash), ERR_NOT_FOUND);
    OK_(db_begin(n.ctx, &tx));
    OK_(media_publish(n.ctx, "article", 7, &media.id, 1));
    OK_(media_publish(n.ctx, "article", 7, &media.id, 1)); /* safe to repeat */
    OK_(media_publish(n.ctx, "article", 8, &media.id, 1));
    OK_(db_commit(&tx));
    db_cost_reset(n.ctx->db);
    assert_int_equal(seen_by(&n, media.hash), ERR_OK);
    assert_true(db_cost(n.ctx->db).statements <= 2); /* the second only where files are rows */
    OK_(db_begin(n.ctx, &tx));
    OK_(media_conceal(n.ctx, "article", 7));
    OK_(db_commit(&tx));
    assert_int_equal(seen_by(&n, media.hash), ERR_OK); /* 8 shows it still */
    OK_(db_begin(n.ctx, &tx));
    OK_(media_conceal(n.ctx, "article", 8));
    OK_(db_commit(&tx));
    assert_int_equal(seen_by(&n, media.hash), ERR_NOT_FOUND);
    newsroom_free(&n);
}

static void a_hash_that_is_none_finds_nothing(void **state) {
    static const char *const hashes[] = {
        "", "..", "../../etc/passwd",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "ABCDEF0000000000000000000000000000000000000000000000000000000000"
    };
    Newsroom n = start();
    Media media;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(hashes); i++) {
        assert_int_equal(seen_by(&n, str_from_c(hashes[i])), ERR_NOT_FOUND);
        FAILS(media_by_hash(n.ctx, n.paper.id, str_from_c(hashes[i]), &media), ERR_NOT_FOUND, NULL);
    }
    FAILS(media_get(n.ctx, 99, &media), ERR_NOT_FOUND, NULL);
    newsroom_free(&n);
}

static void pictures_are_found_by_any_of_their_files_and_only_at_their_outlet(void **state) {
    Newsroom n = start();
    Media media = must_add(&n, &n.paper, gif(n.ctx->arena, 700, 10, 1)), found;

    (void)state;
    for (size_t i = 0; i < media.size_count; i++) {
        OK_(media_by_hash(n.ctx, n.paper.id, media.sizes[i].hash, &found));
        assert_true(found.id == media.id && found.size_count == media.size_count);
        FAILS(media_by_hash(n.ctx, n.radio.id, media.sizes[i].hash, &found), ERR_NOT_FOUND, NULL);
    }
    newsroom_free(&n);
}

static void lists_page_newest_first_within_one_outlet(void **state) {
    Newsroom n = start();
    int64_t ids[5], after = 0, many[70] = { 0 };
    Media *page, all[70];
    size_t count, seen = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        ids[i] = news_picture(&n, &n.paper, (char[]){ (char)('a' + i), 0 }).id;
    (void)news_picture(&n, &n.radio, "other");
    do {
        OK_(media_list(n.ctx, n.paper.id, after, 2, &page, &count));
        for (size_t i = 0; i < count; i++)
            assert_true(page[i].id == ids[4 - seen++]);
        after = count ? page[count - 1].id : 0;
    } while (count == 2);
    assert_int_equal(seen, 5);
    many[1] = ids[2];
    many[69] = ids[0];
    OK_(media_get_many(n.ctx, many, COUNT_OF(many), all));
    assert_true(all[1].id == ids[2] && all[69].id == ids[0] && all[0].id == 0);
    newsroom_free(&n);
}

/* ---- failures ---- */

static void a_row_its_entry_and_its_files_come_together_or_not_at_all(void **state) {
    Newsroom n = start();
    Media other = news_picture(&n, &n.radio, "picture"); /* its file, under the paper's name too */
    int64_t logged = world_count(&n.w, "ledger_pending");
    int64_t use = world_count(&n.w, "media_size");

    (void)state;
    if (is_on_postgres(&n))
        OK_(db_exec(n.ctx, "DELETE FROM media_blob", NO_ARGS));
    for (int step = 0;; step++) {
        Media media = { .id = -1 };

        db_fail_at(n.ctx->db, step);
        Err err =
            media_add_prepared(n.ctx, n.paper.id, str_from_c(n.w.folder), S("picture"), &media);
        db_fail_at(n.ctx->db, -1);
        db_reset(n.ctx->db);
        int64_t done = err.code == ERR_OK;
        assert_int_equal(world_count(&n.w, "media") - 1, done);
        assert_int_equal(world_count(&n.w, "media_size") - use, done);
        assert_int_equal(world_count(&n.w, "ledger_pending") - logged, done);
        if (is_on_postgres(&n))
            assert_int_equal(world_count(&n.w, "media_blob"), done);
        if (done) {
            assert_int_equal(kept(&n), 1);
            assert_true(str_eq(media.hash, other.hash));
            printf("media: %d cases passed, 0 failed\n", step);
            assert_true(step >= 5 && media.id > 0);
            break;
        }
        assert_true(err.code == ERR_IO && media.id == -1);
    }
    newsroom_free(&n);
}

static void a_lost_commit_leaves_no_row_and_the_second_run_does_it(void **state) {
    Newsroom n = start();
    Str bytes = gif(n.ctx->arena, 4, 4, 1);
    Media media;

    (void)state;
    db_busy_at(n.ctx->db, 0);
    Err err = media_add(n.ctx, n.paper.id, bytes, S("a.gif"), &media);
    db_busy_at(n.ctx->db, -1);
    db_reset(n.ctx->db);
    assert_true(err.code == ERR_BUSY && err.retry);
    assert_int_equal(world_count(&n.w, "media"), 0);
    OK_(media_add(n.ctx, n.paper.id, bytes, S("a.gif"), &media));
    assert_int_equal(kept(&n), 1);
    newsroom_free(&n);
}

static void no_room_on_the_disk_is_told_and_leaves_no_row(void **state) {
    Newsroom n = start();
    Str tmp = str_format(n.ctx->arena, "%s/tmp", n.w.folder);
    Media media = { .id = -1 };

    (void)state;
    if (is_on_postgres(&n)) {
        newsroom_free(&n);
        return; /* nothing is written to the folder there */
    }
    assert_int_equal(rmdir(str_to_c(n.ctx->arena, tmp)), 0);
    Err err = media_add(n.ctx, n.paper.id, gif(n.ctx->arena, 4, 4, 1), S("a.gif"), &media);
    assert_true(err.code == ERR_IO && media.id == -1);
    assert_int_equal(world_count(&n.w, "media"), 0);
    newsroom_free(&n);
}

static void a_missing_file_is_said_to_be_missing(void **state) {
    Newsroom n = start();
    Media media = must_add(&n, &n.paper, gif(n.ctx->arena, 4, 4, 1));

    (void)state;
    if (is_on_postgres(&n))
        OK_(db_exec(n.ctx, "DELETE FROM media_blob", NO_ARGS));
    else
        assert_int_equal(
            unlink(str_to_c(n.ctx->arena,
                            str_format(n.ctx->arena, "%s/media/%.2s/%.2s/%.*s", n.w.folder,
                                       media.hash.ptr, media.hash.ptr + 2, STR_ARG(media.hash)))),
            0);
    assert_int_equal(seen_by(&n, media.hash), ERR_IO);
    newsroom_free(&n);
}

/* ---- the sweep ---- */

static void the_sweep_takes_old_files_without_a_row_and_nothing_else(void **state) {
    Newsroom n = start();
    Media media;
    int64_t swept = -1;

    (void)state;
    if (is_on_postgres(&n)) {
        newsroom_free(&n);
        return;
    }
    media = must_add(&n, &n.paper, gif(n.ctx->arena, 4, 4, 1));
    db_fail_at(n.ctx->db, 1); /* the file is written, its row is not */
    FAILS(media_add(n.ctx, n.paper.id, gif(n.ctx->arena, 4, 4, 90), S("a.gif"), &media), ERR_IO,
          NULL);
    db_fail_at(n.ctx->db, -1);
    db_reset(n.ctx->db);
    assert_int_equal(kept(&n), 2);
    world_advance(&n.w, MEDIA_SWEEP_AGE_MS);
    OK_(media_sweep(n.ctx, &swept));
    assert_true(swept == 0 && kept(&n) == 2); /* not older than a day */
    world_advance(&n.w, 1);
    OK_(media_sweep(n.ctx, &swept));
    assert_true(swept == 1 && kept(&n) == 1);
    OK_(media_sweep(n.ctx, &swept));
    assert_int_equal(swept, 0);
    assert_int_equal(seen_by(&n, media.hash), ERR_OK);
    newsroom_free(&n);
}

static void the_next_sweep_is_planned_once_a_day(void **state) {
    Newsroom n = start();
    DB_TX(tx);

    (void)state;
    queue_use(&media_sweep_kind, 1, NULL, 0);
    OK_(db_begin(n.ctx, &tx));
    OK_(media_sweep_plan(n.ctx, n.ctx->now_ms));
    OK_(media_sweep_plan(n.ctx, n.ctx->now_ms + 1000));
    OK_(media_sweep_plan(n.ctx, n.ctx->now_ms + NEWS_DAY_MS));
    OK_(db_commit(&tx));
    assert_int_equal(world_count(&n.w, "job"), 2);
    newsroom_free(&n);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_is_kept_in_its_sizes_under_hashes_of_its_own),
        cmocka_unit_test(the_same_picture_again_is_the_same_row_and_no_second_entry),
        cmocka_unit_test(sec_32_what_is_no_picture_or_says_it_is_another_is_refused),
        cmocka_unit_test(sec_34_the_name_of_the_upload_names_no_file),
        cmocka_unit_test(sec_35_a_full_quota_stops_its_outlet_and_no_other),
        cmocka_unit_test(a_person_uploads_so_many_in_a_day_and_others_go_on),
        cmocka_unit_test(bytes_pixels_and_frames_are_bounded_by_the_settings),
        cmocka_unit_test(a_picture_is_its_outlets_own_until_something_shows_it),
        cmocka_unit_test(a_hash_that_is_none_finds_nothing),
        cmocka_unit_test(pictures_are_found_by_any_of_their_files_and_only_at_their_outlet),
        cmocka_unit_test(lists_page_newest_first_within_one_outlet),
        cmocka_unit_test(a_row_its_entry_and_its_files_come_together_or_not_at_all),
        cmocka_unit_test(a_lost_commit_leaves_no_row_and_the_second_run_does_it),
        cmocka_unit_test(no_room_on_the_disk_is_told_and_leaves_no_row),
        cmocka_unit_test(a_missing_file_is_said_to_be_missing),
        cmocka_unit_test(the_sweep_takes_old_files_without_a_row_and_nothing_else),
        cmocka_unit_test(the_next_sweep_is_planned_once_a_day),
    };

    if (argc == 3 && str_eq(str_from_c(argv[1]), S("--child")))
        return image_child_main();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
