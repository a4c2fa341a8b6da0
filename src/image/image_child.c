/* image/image_child.c - the child: shuts itself in, reads one picture, answers, ends. */
#include "image/image.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "image/image_vips.h"

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

enum { EXIT_TALK = 2 }; /* the parent said nothing that makes sense, or has gone */

static void read_all(void *into, size_t want) {
    for (char *at = into; want > 0;) {
        ssize_t got = read(STDIN_FILENO, at, want);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            _exit(EXIT_TALK);
        at += got;
        want -= (size_t)got;
    }
}

static void write_all(const void *bytes, size_t len) {
    for (const char *at = bytes; len > 0;) {
        ssize_t sent = write(STDOUT_FILENO, at, len);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            _exit(EXIT_TALK);
        at += sent;
        len -= (size_t)sent;
    }
}

/* A limit that the kernel refuses (it is above one already there) leaves that stricter one. */
static void limit(int what, int64_t most) {
    struct rlimit bound = { (rlim_t)most, (rlim_t)most };

    (void)setrlimit((__rlimit_resource_t)what, &bound);
}

/* No network, where the kernel lets us have one of our own: alone, or as owner of a user namespace. */
static void leave_network(void) {
    if (unshare(CLONE_NEWNET) != 0)
        (void)unshare(CLONE_NEWUSER | CLONE_NEWNET);
}

static void shut_in(const WireQuestion *question) {
    enum { FILES_MAX = 32 }; /* the libraries are opened one after the other */

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)prctl(PR_SET_DUMPABLE, 0);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (close_range(STDERR_FILENO + 1, ~0U, 0) != 0)
        _exit(EXIT_TALK);
    leave_network();
    (void)signal(SIGXFSZ, SIG_IGN); /* a write to a file then fails as on a full disk */
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, FILES_MAX);
    limit(RLIMIT_CPU, question->cpu_seconds);
    if (!IS_SANITIZED) /* its shadow memory alone is terabytes of addresses */
        limit(RLIMIT_AS, question->memory_bytes);
}

static WireStatus judge(const WireQuestion *question, Str picture, ImageType *ret_type) {
    ImageProbe probe;

    switch (image_probe(picture, &probe)) {
    case IMAGE_FOUND:
        break;
    case IMAGE_FOUND_NONE:
        return WIRE_NO_PICTURE;
    case IMAGE_FOUND_DAMAGED:
        return WIRE_DAMAGED;
    }
    if (probe.height > question->pixels / probe.width)
        return WIRE_PIXELS;
    if (probe.frames > question->frames)
        return WIRE_FRAMES;
    *ret_type = probe.type;
    return WIRE_OK;
}

static void serve(const WireQuestion *question) {
    Arena *arena = arena_new(0);
    char *bytes = arena_alloc(arena, (size_t)question->picture_bytes);
    Str picture = { bytes, (size_t)question->picture_bytes }, files[IMAGE_SIZES_MAX];
    unsigned char head[WIRE_ANSWER_BYTES];
    WireAnswer answer = { 0 };

    read_all(bytes, picture.len);
    answer.status = judge(question, picture, &answer.type);
    if (answer.status == WIRE_OK)
        answer.status =
            image_vips_open() ? image_vips_make(arena, picture, &answer, files) : WIRE_NO_LIBRARY;
    if (answer.status != WIRE_OK)
        answer = (WireAnswer){ .status = answer.status };
    image_wire_put_answer(&answer, head);
    write_all(head, sizeof head);
    for (size_t i = 0; i < answer.file_count; i++)
        write_all(files[i].ptr, files[i].len);
}

int image_child_main(void) {
    unsigned char head[WIRE_QUESTION_BYTES];
    WireQuestion question;

    if (isatty(STDIN_FILENO)) {
        fputs("liandong --child image is started by liandong itself.\n", stderr);
        _exit(EXIT_TALK);
    }
    read_all(head, sizeof head);
    if (!image_wire_get_question(head, &question))
        _exit(EXIT_TALK);
    shut_in(&question);
    serve(&question);
    _exit(0); /* at once: nothing here needs an end, and handlers of libraries are not trusted */
}
