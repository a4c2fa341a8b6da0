/* http/connection.h - the open connections and their deadlines (security-checklist 19; stack.md traps 5, 19). */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"

typedef enum Phase {
    PHASE_FIRST,  /* nothing arrived yet, or a request whose headers are not complete: header_ms */
    PHASE_BODY,   /* body_rate_bytes a second over 10 s */
    PHASE_WORK,   /* parked: ours */
    PHASE_ANSWER, /* the answer leaves: 30 s and the bytes at body_rate_bytes a second */
    PHASE_IDLE    /* between requests: idle_ms */
} Phase;

typedef struct Connection Connection;
struct Connection {
    Connection *older, *newer; /* the table's lock guards these and fd */
    int fd;
    _Atomic(int) phase;
    _Atomic(int64_t) since_ms; /* monotonic; start of the phase */
    _Atomic(int64_t) bytes;    /* of the body so far, or of the answer */
    char peer[16];             /* address; in memory only */
    size_t peer_len;           /* 4, 16, or 0 on the local socket */
    bool is_refused;           /* local socket: the peer is somebody else */
    void *exchange;            /* the request under way; only its I/O thread looks */
};

typedef struct ConnectionLimits {
    int64_t header_ms, idle_ms, body_rate_bytes;
} ConnectionLimits;

/* A lock inside, which opening, closing and the sweep take: a descriptor is never shut down after its close. */
typedef struct Connections Connections;

/* Owns its memory; freed when no connection is open any more. */
Connections *connections_new(Clock *clock, ConnectionLimits limits);
void connections_free(Connections *all);
Connection *connection_open(Connections *all, int fd);
void connection_close(Connections *all, Connection *connection);
/* Enters a phase now. */
void connection_phase(Connections *all, Connection *connection, Phase phase, int64_t bytes);
/* Shuts down every connection beyond its deadline; how many. Called each second. */
int connections_sweep(Connections *all);

#endif
