/* net/test_peer.c - for tests: servers on loopback that answer by a script. */
#include "net/test_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

enum { CONNECTIONS_MAX = 4096, HEAD_BYTES_MAX = 65536 };

typedef struct Connection {
    Peer *peer;
    pthread_t thread;
    int socket, number;
} Connection;

struct Peer {
    Arena *arena;
    PeerScript script;
    void *user;
    int listener, port, host;
    pthread_t thread;
    _Atomic(bool) is_over;
    pthread_mutex_t lock; /* of what follows */
    Connection connections[CONNECTIONS_MAX];
    int count, requests, open, open_most;
    Str last_head;
};

/* Readable, or the peer is being freed. */
static bool wait_readable(Peer *peer, int socket) {
    struct pollfd wanted = { .fd = socket, .events = POLLIN };

    while (!atomic_load(&peer->is_over)) {
        if (poll(&wanted, 1, 10) > 0)
            return true;
    }
    return false;
}

static bool read_head(Connection *connection, char *room, size_t *ret_len) {
    size_t len = 0;

    while (len < HEAD_BYTES_MAX && wait_readable(connection->peer, connection->socket)) {
        ssize_t got = recv(connection->socket, room + len, 1, 0);

        if (got <= 0)
            return false;
        len++;
        if (len >= 4 && memcmp(room + len - 4, "\r\n\r\n", 4) == 0) {
            *ret_len = len;
            return true;
        }
    }
    return false;
}

static void *serve(void *user) {
    Connection *connection = user;
    Peer *peer = connection->peer;
    Arena *arena = arena_new(0);
    char *room = arena_alloc(arena, HEAD_BYTES_MAX);
    bool is_on = true;
    size_t len;

    while (is_on && read_head(connection, room, &len)) {
        Str head = { room, len };
        size_t from = str_find_char(head, ' ', 0) + 1, to = str_find_char(head, ' ', from);
        PeerTurn turn = {
            peer,      connection->socket, head, str_slice(head, from, to), connection->number,
            peer->user
        };

        pthread_mutex_lock(&peer->lock);
        peer->requests++;
        peer->last_head = str_dup(peer->arena, head);
        pthread_mutex_unlock(&peer->lock);
        is_on = peer->script(&turn);
    }
    pthread_mutex_lock(&peer->lock);
    peer->open--;
    pthread_mutex_unlock(&peer->lock);
    close(connection->socket);
    arena_free(arena);
    return NULL;
}

static void *accept_all(void *user) {
    Peer *peer = user;

    while (wait_readable(peer, peer->listener)) {
        int socket = accept(peer->listener, NULL, NULL), yes = 1;

        if (socket < 0)
            continue;
        /* Else a body waits until its head was acknowledged. */
        (void)setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        pthread_mutex_lock(&peer->lock);
        if (peer->count == CONNECTIONS_MAX)
            abort();
        Connection *connection = &peer->connections[peer->count];
        *connection = (Connection){ .peer = peer, .socket = socket, .number = peer->count++ };
        if (++peer->open > peer->open_most)
            peer->open_most = peer->open;
        if (pthread_create(&connection->thread, NULL, serve, connection) != 0)
            abort();
        pthread_mutex_unlock(&peer->lock);
    }
    return NULL;
}

Peer *peer_new(int host, PeerScript script, void *user) {
    return peer_new_at(host, 0, script, user);
}

Peer *peer_new_at(int host, int port, PeerScript script, void *user) {
    Arena *arena = arena_new(0);
    Peer *peer = arena_alloc(arena, sizeof *peer);
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(0x7f000000u | (unsigned)host) };
    socklen_t len = sizeof at;

    peer->arena = arena;
    peer->script = script;
    peer->user = user;
    peer->host = host;
    pthread_mutex_init(&peer->lock, NULL);
    peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(peer->listener, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(peer->listener, 256) != 0 ||
        getsockname(peer->listener, (struct sockaddr *)&at, &len) != 0)
        fail_msg("no socket to listen on");
    peer->port = ntohs(at.sin_port);
    if (pthread_create(&peer->thread, NULL, accept_all, peer) != 0)
        fail_msg("no thread");
    return peer;
}

void peer_free(Peer *peer) {
    atomic_store(&peer->is_over, true);
    pthread_join(peer->thread, NULL);
    for (int i = 0; i < peer->count; i++)
        pthread_join(peer->connections[i].thread, NULL);
    close(peer->listener);
    pthread_mutex_destroy(&peer->lock);
    arena_free(peer->arena);
}

int peer_port(const Peer *peer) {
    return peer->port;
}

static int locked(Peer *peer, const int *number) {
    pthread_mutex_lock(&peer->lock);
    int ret = *number;
    pthread_mutex_unlock(&peer->lock);
    return ret;
}

int peer_connections(Peer *peer) {
    return locked(peer, &peer->count);
}

int peer_requests(Peer *peer) {
    return locked(peer, &peer->requests);
}

int peer_open(Peer *peer) {
    return locked(peer, &peer->open);
}

int peer_open_most(Peer *peer) {
    return locked(peer, &peer->open_most);
}

Str peer_last_head(Peer *peer, Arena *arena) {
    pthread_mutex_lock(&peer->lock);
    Str head = str_dup(arena, peer->last_head);
    pthread_mutex_unlock(&peer->lock);
    return head;
}

Str peer_url(Arena *arena, const Peer *peer, const char *path) {
    return str_format(arena, "http://127.0.0.%d:%d%s", peer->host, peer->port, path);
}

bool peer_send(PeerTurn *turn, Str bytes) {
    while (bytes.len > 0) {
        ssize_t sent = send(turn->socket, bytes.ptr, bytes.len, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        bytes = str_slice(bytes, (size_t)sent, bytes.len);
    }
    return true;
}

bool peer_answer(PeerTurn *turn, int status, const char *headers, Str body) {
    Arena *arena = arena_new(0);
    Str head = str_format(arena, "HTTP/1.1 %d Word\r\n%sContent-Length: %zu\r\n\r\n", status,
                          headers, body.len);
    bool is_sent = peer_send(turn, head) && peer_send(turn, body);

    arena_free(arena);
    return is_sent;
}

bool peer_pause(PeerTurn *turn, int ms) {
    struct pollfd gone = { .fd = turn->socket, .events = POLLRDHUP };

    for (; ms > 0; ms -= 10) {
        if (atomic_load(&turn->peer->is_over) || poll(&gone, 1, 10) > 0)
            return false;
    }
    return true;
}

void peer_reset(PeerTurn *turn) {
    struct linger at_once = { 1, 0 };

    setsockopt(turn->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

Net *gate_new_with(Arena *arena, const char *settings, NetHow how) {
    Config *config;

    Err err = config_load(arena, str_from_c(settings), S("test"), NULL, NULL, 0, &config);
    if (err.code != ERR_OK)
        fail_msg("%s (%.*s)", err.msgid, STR_ARG(err.args[0]));
    how.config = config;
    how.version = S("0.1.0");
    how.site_url = S("https://example.edu");
    return net_new(&how);
}

Net *gate_new(Arena *arena, const char *settings, NetLookupFn lookup, void *lookup_user) {
    FixedClock *fixed = arena_alloc(arena, sizeof *fixed);

    clock_fixed(fixed, GATE_NOW_MS);
    return gate_new_with(
        arena, settings,
        (NetHow){ .clock = &fixed->clock, .lookup = lookup, .lookup_user = lookup_user });
}

NetResponse *gate_get(Net *net, Str url) {
    return net_fetch(net, &(NetRequest){ .url = url });
}
