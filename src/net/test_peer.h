/*
 * net/test_peer.h - for tests: servers on loopback that answer by a script, and a gate that may go
 * there.
 */
#ifndef NET_TEST_PEER_H
#define NET_TEST_PEER_H

#include "base/test_support.h"
#include "conf/conf.h"
#include "net/net.h"

/*
 * A server with a thread for each connection. The script gets each request's head and answers by
 * peer_send; false ends the connection.
 */
typedef struct Peer Peer;
typedef struct PeerTurn {
    Peer *peer;
    int socket;
    Str head;   /* "GET /path HTTP/1.1\r\n...\r\n\r\n" */
    Str path;   /* of its first line */
    int number; /* of the connection, from 0 */
    void *user;
} PeerTurn;
typedef bool (*PeerScript)(PeerTurn *turn);

/*
 * On 127.0.0.`host`; port 0 takes any free one. Ends with peer_free, which waits for its threads.
 */
Peer *peer_new(int host, PeerScript script, void *user);
Peer *peer_new_at(int host, int port, PeerScript script, void *user);
void peer_free(Peer *peer);
int peer_port(const Peer *peer);
int peer_connections(Peer *peer);
int peer_requests(Peer *peer);
/* Connections that have not ended, now and at most. */
int peer_open(Peer *peer);
int peer_open_most(Peer *peer);
/* The latest request's head, in arena. */
Str peer_last_head(Peer *peer, Arena *arena);
/* "http://127.0.0.1:PORT/path", in arena. */
Str peer_url(Arena *arena, const Peer *peer, const char *path);

/* False once the other side has gone. */
bool peer_send(PeerTurn *turn, Str bytes);
/* A whole answer with its Content-Length; headers end each with CR LF. */
bool peer_answer(PeerTurn *turn, int status, const char *headers, Str body);
/* Waits; false at once when the peer is being freed or the other side has gone. */
bool peer_pause(PeerTurn *turn, int ms);
/* Ends the connection with RST. */
void peer_reset(PeerTurn *turn);

/*
 * A gate with these lines of liandong.conf, whose clock stands at GATE_NOW_MS; what it borrows
 * lives in arena.
 */
Net *gate_new(Arena *arena, const char *settings, NetLookupFn lookup, void *lookup_user);
/* The same with a clock of the test's own and a file of authorities. */
Net *gate_new_with(Arena *arena, const char *settings, NetHow how);
/* A GET of the URL. */
NetResponse *gate_get(Net *net, Str url);

#define GATE_OPEN "net.allow = 127.0.0.1/32\n"
#define GATE_NOW_MS INT64_C(1795413720000) /* 2026-11-23T06:02:00Z */

#define assert_outcome(response, expected)                                                         \
    do {                                                                                           \
        const NetResponse *r_ = (response);                                                        \
        if (r_->outcome != (expected))                                                             \
            fail_msg("%s is not %s: %.*s", net_outcome_word(r_->outcome),                          \
                     net_outcome_word(expected), STR_ARG(r_->detail));                             \
        assert_int_equal(r_->err.code == ERR_OK, (expected) == NET_ANSWERED);                      \
    } while (0)

#endif
