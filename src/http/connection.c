/*
 * http/connection.c - the open connections and their deadlines. The lock guards the arena, the list, the free list
 * and each fd; phases are atomics, written by the connection's I/O thread.
 */
#include "http/connection.h"

#include <pthread.h>
#include <sys/socket.h>

enum { CHUNK = 64, BODY_WINDOW_MS = 10000, ANSWER_MS = 30000 };

struct Connections {
    pthread_mutex_t lock;
    Arena *arena;
    Clock *clock;
    ConnectionLimits limits;
    Connection *newest, *free;
};

Connections *connections_new(Clock *clock, ConnectionLimits limits) {
    Arena *arena = arena_new(0);
    Connections *all = arena_alloc(arena, sizeof *all);

    *all = (Connections){ .arena = arena, .clock = clock, .limits = limits };
    pthread_mutex_init(&all->lock, NULL);
    return all;
}

void connections_free(Connections *all) {
    pthread_mutex_destroy(&all->lock);
    arena_free(all->arena);
}

/* The lock is held. */
static Connection *take_free(Connections *all) {
    if (!all->free) {
        Connection *chunk = arena_array(all->arena, CHUNK, sizeof *chunk);
        for (size_t i = 0; i < CHUNK; i++) {
            chunk[i].older = all->free;
            all->free = &chunk[i];
        }
    }
    Connection *connection = all->free;
    all->free = connection->older;
    return connection;
}

Connection *connection_open(Connections *all, int fd) {
    pthread_mutex_lock(&all->lock);
    Connection *connection = take_free(all);
    connection->fd = fd;
    connection->peer_len = 0;
    connection->is_refused = false;
    connection->exchange = NULL;
    connection->newer = NULL;
    connection->older = all->newest;
    if (all->newest)
        all->newest->newer = connection;
    all->newest = connection;
    connection_phase(all, connection, PHASE_FIRST, 0);
    pthread_mutex_unlock(&all->lock);
    return connection;
}

void connection_close(Connections *all, Connection *connection) {
    pthread_mutex_lock(&all->lock);
    if (connection->newer)
        connection->newer->older = connection->older;
    else
        all->newest = connection->older;
    if (connection->older)
        connection->older->newer = connection->newer;
    connection->fd = -1;
    connection->older = all->free;
    all->free = connection;
    pthread_mutex_unlock(&all->lock);
}

void connection_phase(Connections *all, Connection *connection, Phase phase, int64_t bytes) {
    atomic_store(&connection->phase, (int)PHASE_WORK); /* no deadline while the three do not fit */
    atomic_store(&connection->since_ms, clock_monotonic_ms(all->clock));
    atomic_store(&connection->bytes, bytes);
    atomic_store(&connection->phase, (int)phase);
}

static bool is_overdue(const Connections *all, const Connection *connection, int64_t now_ms) {
    int64_t rate = all->limits.body_rate_bytes, bytes = atomic_load(&connection->bytes);
    int64_t ms = now_ms - atomic_load(&connection->since_ms);

    switch ((Phase)atomic_load(&connection->phase)) {
    case PHASE_FIRST:
        return ms > all->limits.header_ms;
    case PHASE_BODY:
        return ms > BODY_WINDOW_MS && bytes < rate * (ms / 1000);
    case PHASE_ANSWER:
        return ms > ANSWER_MS + bytes / rate * 1000;
    case PHASE_IDLE:
        return ms > all->limits.idle_ms;
    case PHASE_WORK:
        break;
    }
    return false;
}

int connections_sweep(Connections *all) {
    int count = 0;
    int64_t now_ms = clock_monotonic_ms(all->clock);

    pthread_mutex_lock(&all->lock);
    for (Connection *at = all->newest; at; at = at->older) {
        if (!is_overdue(all, at, now_ms))
            continue;
        (void)shutdown(at->fd, SHUT_RDWR); /* the library sees the end and closes */
        atomic_store(&at->phase, (int)PHASE_WORK);
        count++;
    }
    pthread_mutex_unlock(&all->lock);
    return count;
}
