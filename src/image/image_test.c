/* image/image_test.c - what goes in, what comes out, and what a child that misbehaves can do. */
#include "base/test_support.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "image/image.h"
#include "image/image_test_pictures.h"
#include "image/image_webp.h"
#include "image/image_wire.h"

/* The child without sanitizers, which can limit its memory (meson.build hands it over). */
static const char *plain_child;

static ImageLimits limits_with(const char *program) {
    ImageLimits limits = image_limits_default();

    limits.program = program;
    return limits;
}

static Err prepare(Arena *arena, Str bytes, ImageSet *ret) {
    ImageLimits limits = limits_with(NULL);

    return image_prepare(arena, &limits, bytes, ret);
}

static void must_be(Err err, ErrCode code, const char *field) {
    if (err.code != code)
        fail_msg("%s instead of %s: %s", err_name(err.code), err_name(code),
                 err.msgid ? err.msgid : "");
    assert_str(str_from_c(err.field), str_from_c(field));
}

static void must_refuse(Arena *arena, Str bytes, ErrCode code) {
    ImageSet set = { .len = 77 };

    must_be(prepare(arena, bytes, &set), code, "file");
    assert_int_equal(set.len, 77);
}

static void has_sizes(const ImageSet *set, const int (*sizes)[2], size_t count) {
    assert_int_equal(set->len, count);
    for (size_t i = 0; i < count; i++) {
        ImageProbe probe;

        assert_int_equal(set->files[i].width, sizes[i][0]);
        assert_int_equal(set->files[i].height, sizes[i][1]);
        assert_int_equal(image_probe(set->files[i].bytes, &probe), IMAGE_FOUND);
        assert_int_equal(probe.type, IMAGE_WEBP);
        assert_true(image_webp_is_clean(set->files[i].bytes));
        assert_int_equal(probe.width, sizes[i][0]);
    }
}
#define HAS_SIZES(set, ...)                                                                        \
    has_sizes((set), (const int[][2]){ __VA_ARGS__ }, COUNT_OF(((const int[][2]){ __VA_ARGS__ })))

/* ---- what goes in ---- */

static void makes_three_sizes_of_a_large_picture(void **state) {
    ImageSet set;

    must_be(prepare(*state, picture_png(*state, 3000, 1500, false), &set), ERR_OK, NULL);
    assert_int_equal(set.source, IMAGE_PNG);
    HAS_SIZES(&set, { 320, 160 }, { 640, 320 }, { 1280, 640 });
}

static void never_enlarges(void **state) {
    ImageSet set;

    must_be(prepare(*state, picture_png(*state, 500, 50, false), &set), ERR_OK, NULL);
    HAS_SIZES(&set, { 320, 32 }, { 500, 50 });
    must_be(prepare(*state, picture_png(*state, 320, 10, false), &set), ERR_OK, NULL);
    HAS_SIZES(&set, { 320, 10 });
    must_be(prepare(*state, picture_png(*state, 1, 1, false), &set), ERR_OK, NULL);
    HAS_SIZES(&set, { 1, 1 });
}

static void a_picture_higher_than_webp_goes_becomes_narrower(void **state) {
    ImageSet set;

    must_be(prepare(*state, picture_png(*state, 100, 32766, false), &set), ERR_OK, NULL);
    HAS_SIZES(&set, { 50, 16383 });
}

static void takes_jpeg_webp_and_gif(void **state) {
    ImageSet set, again;

    must_be(prepare(*state, picture_jpeg(*state, 800, 400, STR_EMPTY), &set), ERR_OK, NULL);
    assert_int_equal(set.source, IMAGE_JPEG);
    HAS_SIZES(&set, { 320, 160 }, { 640, 320 }, { 800, 400 });
    must_be(prepare(*state, set.files[1].bytes, &again), ERR_OK, NULL);
    assert_int_equal(again.source, IMAGE_WEBP);
    HAS_SIZES(&again, { 320, 160 }, { 640, 320 });
    must_be(prepare(*state, picture_gif(*state, 3), &set), ERR_OK, NULL);
    assert_int_equal(set.source, IMAGE_GIF);
    HAS_SIZES(&set, { 2, 2 });
}

static void keeps_what_is_clear_clear(void **state) {
    ImageSet set;

    must_be(prepare(*state, picture_png_clear(*state, 64, 64), &set), ERR_OK, NULL);
    assert_true(
        str_contains(set.files[0].bytes, S("ALPH")) || /* VP8X, or VP8L with its alpha bit */
        (str_contains(set.files[0].bytes, S("VP8L")) && (set.files[0].bytes.ptr[24] & 0x10)));
}

static bool holds_metadata(Str file) {
    return str_contains(file, S("EXIF")) || str_contains(file, S("Exif")) ||
           str_contains(file, S("ICCP")) || str_contains(file, S("XMP")) ||
           str_contains(file, S("SecretCamer"));
}

static void turns_upright_and_forgets_camera_and_place(void **state) {
    Str exif = picture_exif(*state, 6);
    ImageSet set;

    must_be(prepare(*state, picture_jpeg(*state, 400, 200, exif), &set), ERR_OK, NULL);
    HAS_SIZES(&set, { 200, 400 });
    assert_false(holds_metadata(set.files[0].bytes));
    Str png = picture_png_with(*state, picture_png(*state, 40, 40, false), S("eXIf"),
                               str_slice(exif, 6, exif.len));
    must_be(prepare(*state, png, &set), ERR_OK, NULL);
    assert_false(holds_metadata(set.files[0].bytes));
}

/* ---- what is refused ---- */

static void refuses_what_is_no_picture(void **state) {
    static const char *const texts[] = {
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>",
        "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        "<!DOCTYPE html><script>alert(1)</script>",
        "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
        "P6 1 1 255\n\1\2\3",         /* PPM */
        "II*\0\10\0\0\0",             /* TIFF */
        "\0\0\0\034ftypavif\0\0\0\0", /* AVIF */
        "BM\x3e\0\0\0\0\0\0\0",       /* BMP */
        "8BPS\0\1",                   /* PSD */
        "#?RADIANCE\n",
        "SIMPLE  =                    T",
        "push graphic-context\nviewbox 0 0 640 480\n", /* MVG, of ImageMagick */
        "\x1f\x8b\x08\0\0\0\0\0",
        "x",
        " \x89PNG\r\n\x1a\n",
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        must_refuse(*state, (Str){ texts[i], strnlen(texts[i], 200) + 1 }, ERR_INVALID);
    must_refuse(*state, STR_EMPTY, ERR_INVALID);
}

static void refuses_pictures_that_are_cut_off(void **state) {
    Str png = picture_png(*state, 300, 300, false),
        jpeg = picture_jpeg(*state, 900, 900, STR_EMPTY);
    Str gif = picture_gif(*state, 1), webp;
    ImageSet set;

    must_be(prepare(*state, png, &set), ERR_OK, NULL);
    webp = set.files[0].bytes;
    const Str whole[] = { png, jpeg, gif, webp };
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        must_refuse(*state, str_slice(whole[i], 0, whole[i].len / 2), ERR_INVALID);
        must_refuse(*state, str_slice(whole[i], 0, 20), ERR_INVALID);
    }
}

static void refuses_more_pixels_than_allowed_by_the_header(void **state) {
    ImageLimits limits = limits_with(NULL);
    ImageSet set;

    must_refuse(*state, picture_png_bomb(*state, 50000001, 1), ERR_LIMIT);
    must_refuse(*state, picture_png_bomb(*state, INT32_MAX, INT32_MAX), ERR_LIMIT);
    must_refuse(*state, picture_png_bomb(*state, 50000, 1000),
                ERR_INVALID); /* in bounds, but damaged */
    limits.pixels = 100;
    must_be(image_prepare(*state, &limits, picture_png(*state, 10, 10, false), &set), ERR_OK, NULL);
    must_be(image_prepare(*state, &limits, picture_png(*state, 11, 10, false), &set), ERR_LIMIT,
            "file");
}

static void refuses_more_frames_and_bytes_than_allowed(void **state) {
    ImageLimits limits = limits_with(NULL);
    Str gif = picture_gif(*state, 300);
    ImageSet set;

    must_be(image_prepare(*state, &limits, gif, &set), ERR_OK, NULL);
    must_refuse(*state, picture_gif(*state, 301), ERR_LIMIT);
    must_refuse(*state, picture_webp_animated(*state, 301), ERR_LIMIT);
    must_refuse(*state,
                picture_png_with(*state, picture_png(*state, 9, 9, false), S("acTL"),
                                 S("\0\0\x10\0\0\0\0\0")),
                ERR_LIMIT);
    limits.input_bytes = (int64_t)gif.len;
    must_be(image_prepare(*state, &limits, gif, &set), ERR_OK, NULL);
    limits.input_bytes--;
    must_be(image_prepare(*state, &limits, gif, &set), ERR_LIMIT, "file");
}

static void a_picture_that_needs_more_memory_than_allowed_is_refused(void **state) {
    Str hungry = picture_png(*state, 5000, 4000, true); /* 160 MB once it is unfolded */
    ImageLimits limits = limits_with(plain_child);
    ImageSet set;

    must_be(image_prepare(*state, &limits, hungry, &set), ERR_OK, NULL);
    limits.memory_bytes = 192 << 20;
    must_be(image_prepare(*state, &limits, picture_png(*state, 500, 400, true), &set), ERR_OK,
            NULL);
    must_be(image_prepare(*state, &limits, hungry, &set), ERR_INVALID, "file");
}

/* A picture that is something else too stays a picture only: what came along is gone. */
static void nothing_rides_along_in_a_picture(void **state) {
    static const char payload[] = "<script>alert(1)</script>PK\3\4%PDF-1.7 secret-rider";
    Str rider = str_from_c(payload);
    Str gif = picture_gif(*state, 1), png = picture_png(*state, 40, 40, false);
    Str jpeg = picture_jpeg(*state, 40, 40, STR_EMPTY);
    ImageSet set;

    const Str pictures[] = {
        str_concat(*state, gif, rider),
        str_concat(*state, png, rider),
        str_concat(*state, jpeg, rider),
        picture_png_with(*state, png, S("tEXt"), str_concat(*state, S("Comment\0"), rider)),
        picture_png_with(*state, png, S("iTXt"),
                         str_concat(*state, S("XML:com.adobe.xmp\0\0\0\0\0"), rider)),
        picture_jpeg(*state, 40, 40, rider),
    };
    for (size_t i = 0; i < COUNT_OF(pictures); i++) {
        must_be(prepare(*state, pictures[i], &set), ERR_OK, NULL);
        for (size_t k = 0; k < set.len; k++) {
            assert_false(str_contains(set.files[k].bytes, S("secret-rider")));
            assert_true(image_webp_is_clean(set.files[k].bytes));
        }
    }
}

/* The rider first: then it is no picture, whatever follows. */
static void a_picture_behind_something_else_is_no_picture(void **state) {
    Str png = picture_png(*state, 40, 40, false);

    must_refuse(*state, str_concat(*state, S("<!--"), png), ERR_INVALID);
    must_refuse(*state, str_concat(*state, S("\n"), png), ERR_INVALID);
    must_refuse(*state, str_concat(*state, S("GIF89a"), png), ERR_INVALID);
    must_refuse(*state, str_concat(*state, S("\xFF\xD8\xFF"), png), ERR_INVALID);
}

/* A screen of 65535 x 65535 in a file of a few bytes; one frame that lies beyond its screen. */
static void a_gif_is_measured_by_screen_and_frames(void **state) {
    char *bytes = arena_copy(*state, picture_gif(*state, 1).ptr, picture_gif(*state, 1).len);
    Str gif = { bytes, picture_gif(*state, 1).len };

    memset(bytes + 6, 0xFF, 4);
    must_refuse(*state, gif, ERR_LIMIT);
    bytes[6] = bytes[8] = 2;
    bytes[7] = bytes[9] = 0;
    size_t frame = str_find(gif, S("\x2C\0\0\0\0"), 0);
    memset(bytes + frame + 1, 0xFF, 4); /* left, top */
    must_refuse(*state, gif, ERR_LIMIT);
}

/* Every byte changed, every length cut: never a crash, always one of the answers. */
static void hurt_pictures_give_an_answer(void **state) {
    enum { STEP = 7 };
    const Str whole[] = { picture_gif(*state, 2), picture_png(*state, 8, 8, false),
                          picture_jpeg(*state, 16, 16, picture_exif(*state, 3)) };
    int taken = 0, refused = 0;
    ImageProbe probe;

    for (size_t i = 0; i < COUNT_OF(whole); i++) /* the parent's part: all of them */
        for (size_t at = 0; at < whole[i].len; at++)
            for (int bit = 0; bit < 8; bit++) {
                char *hurt = arena_copy(*state, whole[i].ptr, whole[i].len);
                hurt[at] ^= (char)(1 << bit);
                (void)image_probe((Str){ hurt, whole[i].len }, &probe);
                (void)image_probe((Str){ hurt, at }, &probe);
            }
    for (size_t i = 0; i < COUNT_OF(whole); i++) /* the child's: some */
        for (size_t at = i; at < whole[i].len; at += whole[i].len / STEP) {
            char *hurt = arena_copy(*state, whole[i].ptr, whole[i].len);
            ImageSet set;
            hurt[at] ^= 0x5A;
            Err err = prepare(*state, (Str){ hurt, whole[i].len }, &set);
            if (err.code != ERR_OK && err.code != ERR_INVALID && err.code != ERR_LIMIT)
                fail_msg("picture %zu, byte %zu: %s", i, at, err_name(err.code));
            err.code == ERR_OK ? taken++ : refused++;
        }
    print_message("  of %d hurt pictures %d were mended, %d refused\n", taken + refused, taken,
                  refused);
    assert_true(refused > 0);
}

/* One bad picture harms nothing: the good ones beside it, from other threads, come out as always. */
typedef struct Beside {
    Str picture;
    ErrCode code;
    size_t len;
} Beside;

static void *prepare_beside(void *data) {
    Beside *b = data;
    Arena *arena = arena_new(0);
    ImageLimits limits = limits_with(plain_child);
    ImageSet set = { 0 };

    b->code = image_prepare(arena, &limits, b->picture, &set).code;
    b->len = set.len;
    arena_free(arena);
    return NULL;
}

static void a_bad_picture_harms_none_beside_it(void **state) {
    enum { THREADS = 6 };
    Str good = picture_png(*state, 700, 20, false);
    pthread_t threads[THREADS];
    Beside all[THREADS];

    for (int i = 0; i < THREADS; i++) {
        all[i].picture = i % 2 ? good : str_slice(good, 0, good.len / 2);
        assert_int_equal(pthread_create(&threads[i], NULL, prepare_beside, &all[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(all[i].code, i % 2 ? ERR_OK : ERR_INVALID);
        assert_int_equal(all[i].len, i % 2 ? 3 : 0);
    }
}

/* ---- children that misbehave ---- */

/* A program that is this shell script. */
static const char *script(Arena *arena, const char *text) {
    char *path = str_to_c(arena, S("/tmp/liandong-child-XXXXXX"));
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_true(dprintf(fd, "#!/bin/sh\n%s\n", text) > 0);
    assert_int_equal(fchmod(fd, 0700), 0);
    assert_int_equal(close(fd), 0);
    return path;
}

static Err prepare_by(Arena *arena, const char *text, int64_t timeout_ms, size_t picture_bytes) {
    const char *program = script(arena, text);
    ImageLimits limits = limits_with(program);
    ImageSet set = { .len = 77 };
    Str picture = { arena_alloc(arena, picture_bytes), picture_bytes };

    limits.timeout_ms = timeout_ms;
    Err err = image_prepare(arena, &limits, picture, &set);
    assert_int_equal(set.len, 77);
    (void)unlink(program);
    return err;
}

static void a_child_that_dies_is_no_picture(void **state) {
    enum { LONG = 5 << 20 }; /* more than a socket holds: the child goes while we write */

    must_be(prepare_by(*state, "exit 1", 9000, 10), ERR_INVALID, "file");
    must_be(prepare_by(*state, "exit 0", 9000, LONG), ERR_INVALID, "file");
    must_be(prepare_by(*state, "kill -SEGV $$", 9000, 10), ERR_INVALID, "file");
    must_be(prepare_by(*state, "head -c 40 >/dev/null; kill -9 $$", 9000, LONG), ERR_INVALID,
            "file");
}

static void an_answer_that_makes_no_sense_is_no_picture(void **state) {
    must_be(prepare_by(*state, "head -c 100 /dev/urandom", 9000, 10), ERR_INVALID, "file");
    must_be(prepare_by(*state, "cat /dev/zero", 9000, 10), ERR_INVALID, "file");
    must_be(prepare_by(*state, "printf 'LDPICA1\\n\\0'", 9000, 10), ERR_INVALID, "file");
    /* One file of 5 bytes, 16 x 16, that is no WebP. */
    must_be(prepare_by(*state,
                       "printf 'LDPICA1\\n\\0\\1\\1\\0\\0\\0\\0\\020\\0\\0\\0\\020\\0\\0\\0\\5'"
                       "; head -c 24 /dev/zero; printf hello",
                       9000, 10),
            ERR_INVALID, "file");
}

static void a_child_that_stays_silent_is_ended_in_time(void **state) {
    int64_t before = clock_monotonic_ms(clock_system());

    must_be(prepare_by(*state, "exec sleep 60", 300, 10), ERR_BUSY, NULL);
    must_be(prepare_by(*state, "while :; do :; done", 300, 5 << 20), ERR_BUSY, NULL);
    assert_true(clock_monotonic_ms(clock_system()) - before < 5000);
}

static void a_program_that_is_not_there_is_busy(void **state) {
    ImageLimits limits = limits_with("/nonexistent/liandong");
    ImageSet set;

    must_be(image_prepare(*state, &limits, S("x"), &set), ERR_BUSY, NULL);
}

static int open_files(void) {
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;

    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static void leaves_no_file_and_no_process_behind(void **state) {
    int before = open_files(), status;
    ImageSet set;

    must_be(prepare(*state, picture_gif(*state, 1), &set), ERR_OK, NULL);
    must_be(prepare_by(*state, "exit 1", 9000, 10), ERR_INVALID, "file");
    assert_int_equal(open_files(), before);
    assert_int_equal(waitpid(-1, &status, WNOHANG), -1);
}

/* The child sees neither our files nor our environment, and may not write. */
static void the_child_is_shut_in(void **state) {
    int secret =
        open("/dev/null", O_RDONLY); /* without O_CLOEXEC, as a library of ours might do it */
    const char *told = "/tmp/liandong-child-told";

    assert_int_equal(setenv("LIANDONG_SECRET", "x", 1), 0);
    must_be(prepare_by(*state, "exec >/tmp/liandong-child-told; ls /proc/$$/fd; env", 9000, 10),
            ERR_INVALID, "file");
    FILE *file = fopen(told, "r");
    char line[200];
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        int64_t number;

        assert_false(str_contains(str_from_c(line), S("SECRET")));
        if (str_parse_int(str_trim(str_from_c(line)), &number))
            assert_true(number <= 2 || number == 10); /* 10: the shell's own, its script */
    }
    fclose(file);
    (void)unlink(told);
    (void)unsetenv("LIANDONG_SECRET");
    close(secret);
}

static Str proc_file(Arena *arena, pid_t pid, const char *name) {
    char *text = arena_alloc(arena, 1 << 16);
    FILE *file = fopen(str_to_c(arena, str_format(arena, "/proc/%d/%s", (int)pid, name)), "r");

    if (!file)
        return STR_EMPTY;
    size_t len = fread(text, 1, 1 << 16, file);
    fclose(file);
    return (Str){ text, len };
}

/* The line of /proc/PID/limits, its soft and its hard limit. */
static void limit_is(Str limits, const char *name, long long value) {
    size_t at = str_find(limits, str_from_c(name), 0);
    long long soft, hard;

    assert_true(at != SIZE_MAX);
    assert_int_equal(sscanf(limits.ptr + at + strlen(name), "%lld %lld", &soft, &hard), 2);
    if (soft != value || hard != value)
        fail_msg("%s: %lld %lld instead of %lld", name, soft, hard, value);
}

/*
 * The real child, asked about a picture that never comes: it has shut itself in before it reads the first byte,
 * and while it waits the kernel tells what it may still do.
 */
static void the_child_has_limits_before_it_sees_a_byte(void **state) {
    WireQuestion question = { .picture_bytes = 1000,
                              .pixels = 1000000,
                              .memory_bytes = 300 << 20,
                              .frames = 300,
                              .cpu_seconds = 7 };
    unsigned char head[WIRE_QUESTION_BYTES];
    posix_spawn_file_actions_t actions;
    int ends[2], status;
    pid_t child;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&actions, ends[1], 0), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&actions, ends[1], 1), 0);
    char *words[] = { (char[]){ "liandong" }, (char[]){ "--child" }, (char[]){ "image" }, NULL };
    assert_int_equal(posix_spawn(&child, plain_child, &actions, NULL, words, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    image_wire_put_question(&question, head);
    assert_int_equal(write(ends[0], head, sizeof head), sizeof head);

    Str limits = STR_EMPTY; /* the last limit that it sets is the sign */
    int64_t until = clock_monotonic_ms(clock_system()) + 20000;
    while (clock_monotonic_ms(clock_system()) < until) {
        limits = proc_file(*state, child, "limits");
        if (str_contains(limits, S("314572800")))
            break;
        (void)poll(NULL, 0, 1);
    }
    limit_is(limits, "Max cpu time", 7);
    limit_is(limits, "Max file size", 0);
    limit_is(limits, "Max core file size", 0);
    limit_is(limits, "Max open files", 32);
    limit_is(limits, "Max address space", 300 << 20);
    Str told = proc_file(*state, child, "status");
    assert_true(str_contains(told, S("NoNewPrivs:\t1")));
    for (int fd = 3; fd < 64; fd++) { /* only the socket, twice, and standard error */
        struct stat info;
        char *path = str_to_c(*state, str_format(*state, "/proc/%d/fd/%d", (int)child, fd));
        assert_int_not_equal(lstat(path, &info), 0);
    }
    char own[200] = "", theirs[200] = "";
    (void)!readlink("/proc/self/ns/net", own, sizeof own - 1);
    char *net = str_to_c(*state, str_format(*state, "/proc/%d/ns/net", (int)child));
    if (readlink(net, theirs, sizeof theirs - 1) > 0 && strcmp(own, theirs) != 0)
        print_message("  the child has a network of its own, without any address\n");
    else
        print_message("  skipped 1: this kernel grants no network namespace\n");
    close(ends[0]); /* the parent is gone: so is the child */
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 2);
}

/* ---- the wire ---- */

static void the_wire_carries_what_was_put_in(void **state) {
    WireQuestion question = { 1, 2, INT64_C(3) << 40, 4, 5 }, got;
    WireAnswer answer = { .status = WIRE_OK,
                          .type = IMAGE_GIF,
                          .file_count = 2,
                          .files = { { 320, 1, 9 }, { 1280, 16383, IMAGE_FILE_BYTES_MAX } } };
    WireAnswer back;
    unsigned char bytes[WIRE_ANSWER_BYTES];

    image_wire_put_question(&question, bytes);
    assert_true(image_wire_get_question(bytes, &got));
    assert_memory_equal(&got, &question, sizeof got);
    image_wire_put_answer(&answer, bytes);
    assert_true(image_wire_get_answer(bytes, &back));
    assert_memory_equal(&back, &answer, sizeof back);
}

/* ---- the container of WebP ---- */

static void cleaning_takes_away_all_but_pixels(void **state) {
    Str plain = S("RIFF\x10\0\0\0WEBPVP8L\x04\0\0\0abcd"), clean;
    Str noisy = S("RIFF\x36\0\0\0WEBPVP8X\x0A\0\0\0\x2C\0\0\0\1\0\0\1\0\0ICCP\1\0\0\0x\0"
                  "VP8L\4\0\0\0abcdEXIF\2\0\0\0xx");

    assert_true(image_webp_is_clean(plain));
    assert_false(image_webp_is_clean(noisy));
    assert_true(image_webp_clean(*state, noisy, &clean));
    assert_str(clean, plain);
    for (size_t len = 0; len < noisy.len; len++)
        assert_false(image_webp_clean(*state, str_slice(noisy, 0, len), &clean));
    Str alpha = S("RIFF\x2C\0\0\0WEBPVP8X\x0A\0\0\0\x18\0\0\0\1\0\0\1\0\0ALPH\1\0\0\0a\0"
                  "VP8 \4\0\0\0abcd");
    assert_false(image_webp_is_clean(alpha));
    assert_true(image_webp_clean(*state, alpha, &clean));
    assert_true(image_webp_is_clean(clean));
    assert_int_equal(clean.len, alpha.len);
}

static bool is_taken(WireAnswer answer) {
    unsigned char bytes[WIRE_ANSWER_BYTES];
    WireAnswer back;

    image_wire_put_answer(&answer, bytes);
    return image_wire_get_answer(bytes, &back);
}

static void an_answer_beyond_its_bounds_is_not_taken(void **state) {
    const WireAnswer good = { .status = WIRE_OK,
                              .type = IMAGE_PNG,
                              .file_count = 2,
                              .files = { { 320, 1, 9 }, { 640, 1, 9 } } };
    WireAnswer bad;

    assert_true(is_taken(good));
#define IS_BAD(change)                                                                             \
    bad = good;                                                                                    \
    bad.change;                                                                                    \
    assert_false(is_taken(bad))
    IS_BAD(status = WIRE_STATUS_END);
    IS_BAD(status = WIRE_DAMAGED);
    IS_BAD(type = 0);
    IS_BAD(type = 5);
    IS_BAD(file_count = 0);
    IS_BAD(files[1].width = 320);
    IS_BAD(files[1].width = IMAGE_WIDTH_MAX + 1);
    IS_BAD(files[0].width = 0);
    IS_BAD(files[0].height = 0);
    IS_BAD(files[0].height = IMAGE_HEIGHT_MAX + 1);
    IS_BAD(files[0].bytes = 0);
    IS_BAD(files[0].bytes = IMAGE_FILE_BYTES_MAX + 1);
    IS_BAD(files[0].bytes = UINT32_MAX);
#undef IS_BAD
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(makes_three_sizes_of_a_large_picture),
        WITH_ARENA(never_enlarges),
        WITH_ARENA(a_picture_higher_than_webp_goes_becomes_narrower),
        WITH_ARENA(takes_jpeg_webp_and_gif),
        WITH_ARENA(keeps_what_is_clear_clear),
        WITH_ARENA(turns_upright_and_forgets_camera_and_place),
        WITH_ARENA(refuses_what_is_no_picture),
        WITH_ARENA(refuses_pictures_that_are_cut_off),
        WITH_ARENA(refuses_more_pixels_than_allowed_by_the_header),
        WITH_ARENA(refuses_more_frames_and_bytes_than_allowed),
        WITH_ARENA(nothing_rides_along_in_a_picture),
        WITH_ARENA(a_picture_behind_something_else_is_no_picture),
        WITH_ARENA(a_gif_is_measured_by_screen_and_frames),
        WITH_ARENA(hurt_pictures_give_an_answer),
        WITH_ARENA(a_bad_picture_harms_none_beside_it),
        WITH_ARENA(the_child_has_limits_before_it_sees_a_byte),
        WITH_ARENA(a_picture_that_needs_more_memory_than_allowed_is_refused),
        WITH_ARENA(a_child_that_dies_is_no_picture),
        WITH_ARENA(an_answer_that_makes_no_sense_is_no_picture),
        WITH_ARENA(a_child_that_stays_silent_is_ended_in_time),
        WITH_ARENA(a_program_that_is_not_there_is_busy),
        WITH_ARENA(leaves_no_file_and_no_process_behind),
        WITH_ARENA(the_child_is_shut_in),
        WITH_ARENA(cleaning_takes_away_all_but_pixels),
        WITH_ARENA(the_wire_carries_what_was_put_in),
        WITH_ARENA(an_answer_beyond_its_bounds_is_not_taken),
    };

    if (argc == 3 && str_eq(str_from_c(argv[1]), S("--child")))
        return image_child_main();
    if (argc < 2) {
        fputs("usage: image_test PLAIN_CHILD\n", stderr);
        return 2;
    }
    plain_child = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
