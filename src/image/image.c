/*
 * image/image.c - the parent's side: one child per picture, its time, its bytes and its end.
 *
 * Shared by all threads: the number of children at work, under `places_lock` (the only lock here).
 */
#include "image/image.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "image/image_webp.h"
#include "image/image_wire.h"

const int image_widths[IMAGE_SIZES_MAX] = { 320, 640, IMAGE_WIDTH_MAX };

ImageLimits image_limits_default(void) {
    return (ImageLimits){ .input_bytes = 32 << 20,
                          .pixels = 50000000,
                          .frames = 300,
                          .memory_bytes = INT64_C(1) << 30,
                          .cpu_seconds = 10,
                          .timeout_ms = 20000 };
}

/* ---- places: at most IMAGE_CHILDREN_MAX children, so that a wave of uploads cannot eat the memory ---- */

static pthread_mutex_t places_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t place_freed = PTHREAD_COND_INITIALIZER;
static int places_taken;

static void place_leave(bool *is_taken) {
    if (!*is_taken)
        return;
    (void)pthread_mutex_lock(&places_lock);
    places_taken--;
    (void)pthread_cond_signal(&place_freed);
    (void)pthread_mutex_unlock(&places_lock);
}

static Err busy(void) {
    return FAIL(ERR_BUSY, NULL,
                N_("Too many pictures are being worked on. Try again in a minute."));
}

static Err place_take(int64_t wait_ms, bool *ret_is_taken) {
    struct timespec until;
    int failed = 0;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += wait_ms / 1000;
    (void)pthread_mutex_lock(&places_lock);
    while (places_taken >= IMAGE_CHILDREN_MAX && !failed)
        failed = pthread_cond_timedwait(&place_freed, &places_lock, &until);
    if (places_taken < IMAGE_CHILDREN_MAX) {
        places_taken++;
        *ret_is_taken = true;
    }
    (void)pthread_mutex_unlock(&places_lock);
    return *ret_is_taken ? OK : busy();
}

/* ---- the child as a process ---- */

typedef struct Child {
    pid_t pid;  /* 0: none */
    int socket; /* ours; -1: none */
} Child;

/* Whatever happened: after this there is no such process. */
static void child_close(Child *child) {
    int status;

    if (child->socket >= 0)
        (void)close(child->socket);
    if (child->pid <= 0)
        return;
    (void)kill(child->pid, SIGKILL);
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        continue;
}

static void close_fd(int *fd) {
    if (*fd >= 0)
        (void)close(*fd);
}

/*
 * The environment of the child, and nothing of ours: no plug-ins (VIPSHOME names a place without any),
 * no scratch files, no code made at run time, one heap.
 */
static char *const child_environment[] = {
    (char[]){ "LC_ALL=C" },           (char[]){ "VIPS_BLOCK_UNTRUSTED=1" },
    (char[]){ "VIPS_CONCURRENCY=1" }, (char[]){ "VIPS_DISC_THRESHOLD=64g" },
    (char[]){ "VIPS_NOVECTOR=1" },    (char[]){ "VIPSHOME=/nonexistent" },
    (char[]){ "MALLOC_ARENA_MAX=1" }, NULL,
};

/* posix_spawn(3) with these parts prepared; 0 or an errno. */
static int spawn(const char *program, int child_socket, posix_spawn_file_actions_t *actions,
                 posix_spawnattr_t *how, pid_t *ret) {
    char *const arguments[] = { (char[]){ "liandong" }, (char[]){ "--child" }, (char[]){ "image" },
                                NULL };
    sigset_t none, all;
    int failed = 0;

    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    failed |= posix_spawn_file_actions_adddup2(actions, child_socket, STDIN_FILENO);
    failed |= posix_spawn_file_actions_adddup2(actions, child_socket, STDOUT_FILENO);
    failed |= posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    failed |= posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
    failed |= posix_spawnattr_setsigmask(how, &none);
    failed |= posix_spawnattr_setsigdefault(how, &all);
    failed |= posix_spawnattr_setflags(how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (failed)
        return ENOMEM;
    return posix_spawn(ret, program ? program : "/proc/self/exe", actions, how, arguments,
                       child_environment);
}

static Err child_start(const char *program, Child *ret) {
    CLEANUP(close_fd) int theirs = -1;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t how;
    int ends[2], failed;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return busy();
    ret->socket = ends[0];
    theirs = ends[1];
    if (fcntl(ret->socket, F_SETFL, O_NONBLOCK) != 0)
        return busy();
    (void)posix_spawn_file_actions_init(&actions); /* both: on Linux these cannot fail */
    (void)posix_spawnattr_init(&how);
    failed = spawn(program, theirs, &actions, &how, &ret->pid);
    (void)posix_spawnattr_destroy(&how);
    (void)posix_spawn_file_actions_destroy(&actions);
    if (failed) {
        ret->pid = 0;
        return busy();
    }
    return OK;
}

/* ---- talking with it ---- */

static Err no_sense(void) {
    return FAIL(ERR_INVALID, "file",
                N_("The picture is damaged or too complex. Save it anew in a picture program and "
                   "send that."));
}

/* Two pieces go out, bytes come in until `want` of them are there; both at once, for either may be long. */
typedef struct Talk {
    int socket;
    int64_t deadline_ms; /* of the monotonic clock */
    Str out[2];
} Talk;

static void send_some(Talk *talk) {
    for (int i = 0; i < 2; i++) {
        Str *piece = &talk->out[i];

        if (piece->len == 0)
            continue;
        ssize_t sent = send(talk->socket, piece->ptr, piece->len, MSG_NOSIGNAL);
        if (sent > 0)
            *piece = str_slice(*piece, (size_t)sent, piece->len);
        else if (sent < 0 && errno != EAGAIN && errno != EINTR)
            *piece = STR_EMPTY; /* it reads no more; what it said counts */
        if (piece->len > 0)
            return;
    }
}

static Err receive(Talk *talk, void *into, size_t want) {
    unsigned char *at = into;

    while (want > 0) {
        bool has_more = talk->out[0].len + talk->out[1].len > 0;
        struct pollfd ready = { .fd = talk->socket,
                                .events = (short)(POLLIN | (has_more ? POLLOUT : 0)) };
        int64_t left_ms = talk->deadline_ms - clock_monotonic_ms(clock_system());

        if (left_ms <= 0)
            return busy();
        if (poll(&ready, 1, left_ms > 1000 ? 1000 : (int)left_ms) <= 0)
            continue;
        if (ready.revents & POLLOUT)
            send_some(talk);
        if (!(ready.revents & (POLLIN | POLLHUP | POLLERR)))
            continue;
        ssize_t got = recv(talk->socket, at, want, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            return no_sense(); /* it ended before it had answered */
        if (got > 0) {
            at += got;
            want -= (size_t)got;
        }
    }
    return OK;
}

static Err check_status(WireStatus status) {
    switch (status) {
    case WIRE_OK:
        return OK;
    case WIRE_NO_PICTURE:
        return FAIL(ERR_INVALID, "file", N_("Only pictures are taken: JPEG, PNG, WebP or GIF."));
    case WIRE_PIXELS:
        return FAIL(ERR_LIMIT, "file",
                    N_("The picture has too many pixels. Make it smaller and try again."));
    case WIRE_FRAMES:
        return FAIL(ERR_LIMIT, "file",
                    N_("The animation has too many frames. Shorten it and try again."));
    case WIRE_LARGE:
        return FAIL(ERR_LIMIT, "file",
                    N_("The picture stays too large. Cut it into parts and try again."));
    case WIRE_NO_LIBRARY:
        return FAIL(ERR_IO, NULL,
                    N_("The server cannot read pictures: libvips 8.14 is missing. Ask its operator "
                       "to install it."));
    case WIRE_DAMAGED:
    case WIRE_STATUS_END:
        break;
    }
    return no_sense();
}

/* A file comes back as the WebP that was promised, free of metadata, or the child was not ours any more. */
static Err check_file(const ImageFile *file) {
    ImageProbe probe;

    if (image_probe(file->bytes, &probe) != IMAGE_FOUND || !image_webp_is_clean(file->bytes) ||
        probe.width != file->width || probe.height != file->height || probe.frames != 1)
        return no_sense();
    return OK;
}

static Err read_answer(Arena *arena, Talk *talk, ImageSet *ret) {
    unsigned char head[WIRE_ANSWER_BYTES];
    ImageSet set = { 0 };
    WireAnswer answer;

    TRY(receive(talk, head, sizeof head));
    if (!image_wire_get_answer(head, &answer))
        return no_sense();
    TRY(check_status(answer.status));
    set.source = answer.type;
    for (; set.len < answer.file_count; set.len++) {
        const WireFile *promised = &answer.files[set.len];
        ImageFile *file = &set.files[set.len];
        char *bytes = arena_alloc(arena, (size_t)promised->bytes);

        TRY(receive(talk, bytes, (size_t)promised->bytes));
        *file = (ImageFile){ .width = (int)promised->width,
                             .height = (int)promised->height,
                             .bytes = { bytes, (size_t)promised->bytes } };
        TRY(check_file(file));
    }
    *ret = set;
    return OK;
}

Err image_prepare(Arena *arena, const ImageLimits *limits, Str bytes, ImageSet *ret) {
    CLEANUP(place_leave) bool has_place = false;
    CLEANUP(child_close) Child child = { .socket = -1 };
    unsigned char head[WIRE_QUESTION_BYTES];
    WireQuestion question = { .picture_bytes = (int64_t)bytes.len,
                              .pixels = limits->pixels,
                              .memory_bytes = limits->memory_bytes,
                              .frames = limits->frames,
                              .cpu_seconds = limits->cpu_seconds };

    if (bytes.len == 0)
        return FAIL(ERR_INVALID, "file", N_("Choose a picture to upload."));
    if ((int64_t)bytes.len > limits->input_bytes)
        return FAIL_ARGS(ERR_LIMIT, "file", N_("A picture has at most {0} MiB."),
                         str_from_int(arena, limits->input_bytes >> 20));
    TRY(place_take(limits->timeout_ms, &has_place));
    TRY(child_start(limits->program, &child));
    image_wire_put_question(&question, head);
    Talk talk = { .socket = child.socket,
                  .deadline_ms = clock_monotonic_ms(clock_system()) + limits->timeout_ms,
                  .out = { { (const char *)head, sizeof head }, bytes } };
    return read_answer(arena, &talk, ret);
}
