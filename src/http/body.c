/* http/body.c - a request's body as it arrives: in memory, or in an unnamed file when it is long. */
#include "http/body.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

void body_start(Body *body, Arena *arena, Str temp_folder, size_t limit_bytes, int64_t announced) {
    *body =
        (Body){ .arena = arena, .temp_folder = temp_folder, .limit_bytes = limit_bytes, .fd = -1 };
    if (announced > 0 && announced <= BODY_MEMORY_BYTES && (size_t)announced <= limit_bytes) {
        body->cap = (size_t)announced;
        body->ptr = arena_alloc(arena, body->cap);
    }
}

static Err no_room(void) {
    return FAIL(ERR_IO, NULL, N_("The server has no room for an upload. Try again later."));
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

static Err move_to_file(Body *body) {
    body->fd = open(str_to_c(body->arena, body->temp_folder), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (body->fd < 0)
        return no_room();
    TRY(write_all(body->fd, (Str){ body->ptr, body->len }));
    body->ptr = NULL;
    return OK;
}

static void keep(Body *body, Str bytes) {
    size_t need = body->len + bytes.len, cap = body->cap ? body->cap : 4096;

    while (cap < need)
        cap *= 2;
    if (cap > body->cap) {
        body->ptr = arena_grow(body->arena, body->ptr, body->cap, cap);
        body->cap = cap;
    }
    memcpy(body->ptr + body->len, bytes.ptr, bytes.len);
}

Err body_add(Body *body, Str bytes) {
    if (bytes.len > body->limit_bytes - body->len)
        body->is_too_long = true;
    if (body->is_too_long || bytes.len == 0)
        return OK;
    if (body->fd < 0 && body->temp_folder.len > 0 && body->len + bytes.len > BODY_MEMORY_BYTES)
        TRY(move_to_file(body));
    if (body->fd >= 0)
        TRY(write_all(body->fd, bytes));
    else
        keep(body, bytes);
    body->len += bytes.len;
    return OK;
}

Err body_end(Body *body, Str *ret) {
    if (body->fd < 0) {
        *ret = (Str){ body->ptr, body->len };
        return OK;
    }
    void *map = mmap(NULL, body->len, PROT_READ, MAP_PRIVATE, body->fd, 0);
    if (map == MAP_FAILED)
        return no_room();
    body->map = map;
    *ret = (Str){ map, body->len };
    return OK;
}

void body_close(Body *body) {
    if (body->map)
        (void)munmap(body->map, body->len);
    if (body->arena && body->fd >= 0)
        (void)close(body->fd);
    *body = (Body){ 0 };
}
