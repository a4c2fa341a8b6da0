/* net/many_test.c - many requests at once: turns, bounds, ends, and threads that ask. */
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "net/test_peer.h"

#define GATE_OPEN_ALL "net.allow = 127.0.0.0/8\n"

enum { PARALLEL = 2000, CLIENTS = 4, ASKS = 50 };

static int64_t now_ms(void) {
    return clock_monotonic_ms(clock_system());
}

/* "h0.example" is 127.1.0.1, "h1.example" 127.1.0.2, ...: an address each. */
static NetLookup apart(void *user, const char *host, NetAddresses *ret) {
    Arena *arena = arena_new(0);
    Str digits = str_from_c(host + 1);
    int64_t n = 0;

    (void)user;
    (void)str_parse_int(str_slice(digits, 0, str_find_char(digits, '.', 0)), &n);
    Str text = str_format(arena, "127.1.%d.%d", (int)n / 250, (int)n % 250 + 1);
    ret->len = (size_t)net_address_parse(text, &ret->items[0]);
    arena_free(arena);
    return NET_LOOKUP_FOUND;
}

/* Every name is this machine; names that begin with "none" or "fail" are not found. */
static NetLookup loopback(void *user, const char *host, NetAddresses *ret) {
    if (user)
        atomic_fetch_add((_Atomic(int) *)user, 1);
    if (host[0] == 'n')
        return NET_LOOKUP_NONE;
    if (host[0] == 'f')
        return NET_LOOKUP_FAILED;
    ret->len = (size_t)net_address_parse(S("127.0.0.1"), &ret->items[0]);
    return NET_LOOKUP_FOUND;
}

static bool answer(PeerTurn *turn) {
    return peer_answer(turn, 200, "", turn->path);
}

static bool be_silent(PeerTurn *turn) {
    return peer_pause(turn, 60000);
}

/* ---- a server for thousands, in one thread ---- */

typedef struct Crowd {
    int listener, port, epoll, wanted, answered;
    bool is_patient; /* answers nobody before all are there; else each at once */
    pthread_t thread;
} Crowd;

/* Sends the answer and ends the connection. */
static void answer_one(Crowd *crowd, int fd) {
    static const char text[] =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";

    crowd->answered += send(fd, text, sizeof text - 1, MSG_NOSIGNAL) > 0;
    close(fd);
}

static void *serve_crowd(void *user) {
    Crowd *crowd = user;
    Arena *arena = arena_new(0);
    int *asked = arena_array(arena, (size_t)crowd->wanted, sizeof *asked), count = 0;
    struct epoll_event event = { .events = EPOLLIN, .data.fd = crowd->listener };
    char room[4096];

    (void)epoll_ctl(crowd->epoll, EPOLL_CTL_ADD, crowd->listener, &event);
    while (count < crowd->wanted && epoll_wait(crowd->epoll, &event, 1, 20000) == 1) {
        int fd = event.data.fd;

        if (fd == crowd->listener) {
            fd = accept(crowd->listener, NULL, NULL);
            if (fd < 0)
                abort();
            event = (struct epoll_event){ .events = EPOLLIN, .data.fd = fd };
            (void)epoll_ctl(crowd->epoll, EPOLL_CTL_ADD, fd, &event);
        } else if (recv(fd, room, sizeof room, 0) <= 0) {
            close(fd);
        } else { /* a head is one segment here */
            asked[count++] = fd;
            if (!crowd->is_patient)
                answer_one(crowd, fd);
        }
    }
    for (int i = 0; crowd->is_patient && i < count; i++)
        answer_one(crowd, asked[i]);
    arena_free(arena);
    return NULL;
}

static void crowd_start(Crowd *crowd, int wanted, bool is_patient) {
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY) };
    socklen_t len = sizeof at;

    *crowd = (Crowd){ .listener = socket(AF_INET, SOCK_STREAM, 0),
                      .epoll = epoll_create1(0),
                      .wanted = wanted,
                      .is_patient = is_patient };
    assert_int_equal(bind(crowd->listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(crowd->listener, 4096), 0);
    assert_int_equal(getsockname(crowd->listener, (struct sockaddr *)&at, &len), 0);
    crowd->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&crowd->thread, NULL, serve_crowd, crowd), 0);
}

static void crowd_end(Crowd *crowd) {
    pthread_join(crowd->thread, NULL);
    close(crowd->listener);
    close(crowd->epoll);
}

/* As many as there may be files, both ends being in this process. */
static int parallel_most(void) {
    struct rlimit files;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
    int most = files.rlim_cur > 1 << 20 ? 1 << 20 : (int)files.rlim_cur;
    return most / 2 - 100 < PARALLEL ? most / 2 - 100 : PARALLEL;
}

static int64_t resident_kib(void) {
    FILE *file = fopen("/proc/self/statm", "r");
    char room[128] = { 0 };
    int64_t pages = 0;

    if (!file || !fgets(room, sizeof room, file))
        fail_msg("no /proc");
    fclose(file);
    Str text = str_from_c(room), part = STR_EMPTY;
    (void)str_cut(&text, ' ', &part);
    (void)str_cut(&text, ' ', &part);
    assert_true(str_parse_int(part, &pages));
    return pages * 4;
}

static void fetch_from_crowd(Arena *arena, const char *settings, int count, bool is_patient) {
    Crowd crowd;
    Net *net = gate_new(arena, settings, apart, NULL);
    NetQueue *queue = net_queue_new(net);
    int64_t kib = resident_kib(), most_kib = kib, from_ms = now_ms();

    crowd_start(&crowd, count, is_patient);
    for (int i = 0; i < count; i++) /* an address each, for one gets one connection */
        net_submit(
            net, &(NetRequest){ .url = str_format(arena, "http://h%d.example:%d/", i, crowd.port) },
            queue, NULL);
    for (int i = 0; i < count; i++) {
        NetResponse *response = net_take(queue, -1);

        assert_outcome(response, NET_ANSWERED);
        assert_str(response->body, S("hello"));
        net_response_free(response);
        if (i == 0)
            most_kib = resident_kib();
    }
    print_message("%d hosts%s in %d ms, %d MiB more\n", count, is_patient ? " at once" : "",
                  (int)(now_ms() - from_ms), (int)((most_kib - kib) >> 10));
    assert_int_equal(net_queue_count(queue), 0);
    net_queue_free(queue);
    net_free(net);
    crowd_end(&crowd);
    assert_int_equal(crowd.answered, count);
}

static void thousands_are_fetched_at_once_by_one_thread(void **state) {
    fetch_from_crowd(*state, GATE_OPEN_ALL "net.connections = 5000\n", parallel_most(), true);
}

static void ten_thousand_hosts_pass_through_few_connections(void **state) {
    fetch_from_crowd(*state, GATE_OPEN_ALL "net.connections = 64\n", 10000, false);
}

/* ---- turns ---- */

static void hosts_take_turns(void **state) {
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer, NULL);
    Net *net = gate_new(arena, GATE_OPEN "net.connections = 1\n", loopback, NULL);
    NetQueue *queue = net_queue_new(net);
    int place = -1;

    for (int i = 0; i < 40; i++)
        net_submit(net,
                   &(NetRequest){
                       .url = str_format(arena, "http://busy.example:%d/%d", peer_port(peer), i) },
                   queue, NULL);
    net_submit(
        net,
        &(NetRequest){ .url = str_format(arena, "http://small.example:%d/x", peer_port(peer)) },
        queue, &place);
    for (int i = 0, next = 0; i < 41; i++) {
        NetResponse *response = net_take(queue, -1);

        assert_outcome(response, NET_ANSWERED);
        if (response->user == &place)
            place = i;
        else /* in the order in which they came */
            assert_str(response->body, str_format(arena, "/%d", next++));
        net_response_free(response);
    }
    assert_in_range(place, 0, 38); /* not behind the forty, whenever the loop saw it */
    net_queue_free(queue);
    net_free(net);
    peer_free(peer);
}

static void a_host_gets_as_many_connections_as_it_may_and_no_more(void **state) {
    Arena *arena = *state;

    for (int most = 1; most <= 3; most += 2) {
        Peer *peer = peer_new(1, answer, NULL);
        Net *net = gate_new(arena, GATE_OPEN "net.host_connections = 3\n", loopback, NULL);
        NetQueue *queue = net_queue_new(net);

        for (int i = 0; i < 60; i++)
            net_submit(net,
                       &(NetRequest){ .url = peer_url(arena, peer, "/"),
                                      .limits = { .host_connections = most == 3 ? 9 : most } },
                       queue, NULL);
        for (int i = 0; i < 60; i++) {
            NetResponse *response = net_take(queue, -1);
            assert_outcome(response, NET_ANSWERED);
            net_response_free(response);
        }
        assert_in_range(peer_open_most(peer), 1, most);
        net_queue_free(queue);
        net_free(net);
        peer_free(peer);
    }
}

/* Two servers on one address. */
typedef struct Machine {
    Peer *peers[2];
    _Atomic(int) inside, most, kept;
} Machine;

static bool answer_alone(PeerTurn *turn) {
    Machine *machine = turn->user;
    int inside = atomic_fetch_add(&machine->inside, 1) + 1;

    if (inside > atomic_load(&machine->most))
        atomic_store(&machine->most, inside);
    /* What was open before is being closed: the end of it was sent first. */
    for (int i = 0; i < 200 && peer_open(machine->peers[0]) + peer_open(machine->peers[1]) > 1; i++)
        (void)peer_pause(turn, 10);
    if (peer_open(machine->peers[0]) + peer_open(machine->peers[1]) > 1)
        atomic_fetch_add(&machine->kept, 1);
    atomic_fetch_sub(&machine->inside, 1);
    return answer(turn);
}

static void an_address_gets_one_connection_whatever_its_names_and_ports(void **state) {
    Arena *arena = *state;
    Machine machine = { 0 };
    Net *net = gate_new(arena, GATE_OPEN, loopback, NULL);
    NetQueue *queue = net_queue_new(net);

    for (int i = 0; i < 2; i++)
        machine.peers[i] = peer_new(1, answer_alone, &machine);
    for (int i = 0; i < 24; i++)
        net_submit(net,
                   &(NetRequest){ .url = str_format(arena, "http://h%d.example:%d/", i % 5,
                                                    peer_port(machine.peers[i % 2])) },
                   queue, NULL);
    for (int i = 0; i < 24; i++) {
        NetResponse *response = net_take(queue, -1);
        assert_outcome(response, NET_ANSWERED);
        net_response_free(response);
    }
    assert_int_equal(atomic_load(&machine.most), 1);
    assert_int_equal(atomic_load(&machine.kept), 0);
    net_queue_free(queue);
    net_free(net);
    for (int i = 0; i < 2; i++)
        peer_free(machine.peers[i]);
}

static void a_busy_address_takes_no_place_from_others(void **state) {
    Arena *arena = *state;
    Peer *silent = peer_new_at(1, 0, be_silent, NULL), *peer = peer_new(2, answer, NULL);
    Net *net = gate_new(arena, GATE_OPEN_ALL "net.connections = 2\n", loopback, NULL);
    NetQueue *mine = net_queue_new(net), *other = net_queue_new(net);

    for (int i = 0; i < 40; i++)
        net_submit(net,
                   &(NetRequest){
                       .url = str_format(arena, "http://h%d.example:%d/", i, peer_port(silent)) },
                   mine, NULL);
    while (peer_requests(silent) == 0)
        sched_yield();
    for (int i = 0; i < 5; i++) {
        net_submit(net, &(NetRequest){ .url = peer_url(arena, peer, "/") }, other, NULL);
        NetResponse *response = net_take(other, -1);
        assert_outcome(response, NET_ANSWERED);
        net_response_free(response);
    }
    assert_int_equal(peer_connections(silent), 1);
    assert_int_equal(net_queue_count(mine), 40);
    net_queue_free(mine);
    net_queue_free(other);
    net_free(net);
    peer_free(silent);
    peer_free(peer);
}

static bool answer_large(PeerTurn *turn) {
    Arena *arena = arena_new(0);
    size_t len = str_eq(turn->path, S("/small")) ? 1000 : 5000000;
    bool is_sent = peer_answer(turn, 200, "", (Str){ arena_alloc(arena, len), len });

    arena_free(arena);
    return is_sent;
}

static void bodies_that_nobody_takes_have_a_bound_which_small_ones_do_not_feel(void **state) {
    enum { MANY = 30 };
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer_large, NULL);
    Net *net = gate_new(arena, GATE_OPEN, NULL, NULL);
    NetQueue *queue = net_queue_new(net);
    size_t bytes = 0, busy = 0;

    for (int i = 0; i < MANY; i++) /* one after the other: it is one host */
        net_submit(net,
                   &(NetRequest){ .url = peer_url(arena, peer, i < MANY - 1 ? "/" : "/small") },
                   queue, NULL);
    while (peer_requests(peer) < MANY)
        sched_yield();
    for (int i = 0; i < MANY; i++) {
        NetResponse *response = net_take(queue, -1);
        bytes += response->body.len;
        busy += response->outcome == NET_BUSY;
        if (i == MANY - 1)
            assert_int_equal(response->body.len, 1000);
        net_response_free(response);
    }
    assert_in_range(bytes, 60000000, 70000000);
    assert_true(busy > 10);
    NetResponse *response = gate_get(net, peer_url(arena, peer, "/"));
    assert_outcome(response, NET_ANSWERED); /* there is room again */
    net_response_free(response);
    net_queue_free(queue);
    net_free(net);
    peer_free(peer);
}

static void a_name_is_looked_up_once_and_its_absence_is_remembered(void **state) {
    static const struct {
        const char *host;
        NetOutcome outcome;
        bool is_passing;
    } cases[] = { { "host.example", NET_ANSWERED, false },
                  { "none.example", NET_NAME_NOT_FOUND, true },
                  { "fail.example", NET_NAME_FAILED, true } };
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer, NULL);
    _Atomic(int) lookups = 0;
    Net *net = gate_new(arena, GATE_OPEN "net.host_connections = 8\n", loopback, &lookups);
    NetQueue *queue = net_queue_new(net);

    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        Str url = str_format(arena, "http://%s:%d/", cases[c].host, peer_port(peer));

        for (int i = 0; i < 20; i++)
            net_submit(net, &(NetRequest){ .url = url }, queue, NULL);
        for (int i = 0; i < 20; i++) {
            NetResponse *response = net_take(queue, -1);
            assert_outcome(response, cases[c].outcome);
            assert_int_equal(net_outcome_is_passing(response->outcome), cases[c].is_passing);
            net_response_free(response);
        }
        assert_int_equal(atomic_load(&lookups), (int)c + 1);
    }
    net_queue_free(queue);
    net_free(net);
    peer_free(peer);
}

static void what_is_too_much_to_wait_is_told_so(void **state) {
    Arena *arena = *state;
    Peer *peer = peer_new(1, be_silent, NULL);
    Net *net = gate_new(arena, GATE_OPEN "net.waiting = 3\n", NULL, NULL);
    NetQueue *queue = net_queue_new(net);
    Str url = peer_url(arena, peer, "/");

    assert_null(net_take(queue, 0));
    assert_null(net_take(queue, 1));
    for (int i = 0; i < 3; i++)
        net_submit(net, &(NetRequest){ .url = url }, queue, NULL);
    NetResponse *response = net_fetch(net, &(NetRequest){ .url = url });
    assert_outcome(response, NET_BUSY);
    assert_int_equal(response->err.code, ERR_BUSY);
    net_response_free(response);
    assert_int_equal(net_queue_count(queue), 3);
    net_queue_free(queue);
    net_free(net);
    peer_free(peer);
}

/* ---- ends ---- */

static void closing_the_gate_ends_everything_and_tells_each(void **state) {
    Arena *arena = *state;
    Peer *peer = peer_new(1, be_silent, NULL);
    Net *net = gate_new(arena, GATE_OPEN "net.connections = 5\nnet.host_connections = 5\n",
                        loopback, NULL);
    NetQueue *queue = net_queue_new(net);

    for (int i = 0; i < 30; i++)
        net_submit(
            net,
            &(NetRequest){ .url = str_format(arena, "http://h%d.example:%d/", i, peer_port(peer)) },
            queue, NULL);
    while (peer_requests(peer) < 5)
        sched_yield();
    int64_t from_ms = now_ms();
    net_free(net);
    print_message("closed in %d ms\n", (int)(now_ms() - from_ms));
    for (int i = 0; i < 30; i++) {
        NetResponse *response = net_take(queue, 0);
        assert_outcome(response, NET_CANCELLED);
        net_response_free(response);
    }
    assert_null(net_take(queue, 0));
    net_queue_free(queue);
    assert_int_equal(peer_requests(peer), 5);
    peer_free(peer);
}

typedef struct Gate {
    _Atomic(int) inside, may_leave, left;
} Gate;

static NetLookup wait_long(void *user, const char *host, NetAddresses *ret) {
    Gate *gate = user;

    (void)host;
    (void)ret;
    atomic_fetch_add(&gate->inside, 1);
    while (!atomic_load(&gate->may_leave))
        sched_yield();
    atomic_fetch_add(&gate->left, 1);
    return NET_LOOKUP_FAILED;
}

static void a_look_up_that_hangs_holds_neither_the_gate_nor_a_request_beyond_its_time(
    void **state) {
    Arena *arena = *state;
    Gate gate = { 0 };
    Net *net = gate_new(arena, GATE_OPEN "net.resolve_threads = 2\n", wait_long, &gate);
    NetQueue *queue = net_queue_new(net);

    NetResponse *response = net_fetch(
        net, &(NetRequest){ .url = S("http://a.example/"), .limits = { .head_ms = 200 } });
    assert_outcome(response, NET_TIMED_OUT);
    net_response_free(response);
    net_submit(net, &(NetRequest){ .url = S("http://b.example/") }, queue, NULL);
    net_submit(net, &(NetRequest){ .url = S("http://c.example/") }, queue, NULL);
    while (atomic_load(&gate.inside) < 2)
        sched_yield();
    net_free(net); /* while two threads are inside */
    for (int i = 0; i < 2; i++) {
        response = net_take(queue, 0);
        assert_outcome(response, NET_CANCELLED);
        net_response_free(response);
    }
    net_queue_free(queue);
    assert_int_equal(atomic_load(&gate.inside), 2); /* never more than the setting */
    atomic_store(&gate.may_leave, 1);
    while (atomic_load(&gate.left) < 2)
        sched_yield();
}

static void freeing_a_queue_ends_its_own_requests_only(void **state) {
    Arena *arena = *state;
    Peer *silent = peer_new(1, be_silent, NULL), *peer = peer_new(1, answer, NULL);
    Net *net = gate_new(arena, GATE_OPEN, loopback, NULL);
    NetQueue *mine = net_queue_new(net), *other = net_queue_new(net);

    for (int i = 0; i < 5; i++) { /* one runs, the others wait for their turn */
        net_submit(net, &(NetRequest){ .url = peer_url(arena, silent, "/") }, mine, NULL);
        net_submit(
            net, &(NetRequest){ .url = str_format(arena, "http://b.example:%d/", peer_port(peer)) },
            other, NULL);
    }
    net_queue_free(mine);
    for (int i = 0; i < 5; i++) {
        NetResponse *response = net_take(other, -1);
        assert_outcome(response, NET_ANSWERED);
        net_response_free(response);
    }
    net_queue_free(other);
    net_free(net);
    peer_free(silent);
    peer_free(peer);
}

static void an_idle_gate_closes_its_connections_and_opens_again(void **state) {
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer, NULL);
    Net *net = gate_new(arena, GATE_OPEN "net.idle_ms = 100\n", NULL, NULL);

    for (int i = 0; i < 2; i++) {
        NetResponse *response = gate_get(net, peer_url(arena, peer, "/"));
        assert_outcome(response, NET_ANSWERED);
        net_response_free(response);
        while (peer_open(peer) > 0)
            sched_yield();
    }
    assert_int_equal(peer_connections(peer), 2);
    net_free(net);
    peer_free(peer);
}

static void a_gate_that_was_never_used_starts_nothing(void **state) {
    Net *net = gate_new(*state, "", NULL, NULL);
    NetQueue *queue = net_queue_new(net);

    net_queue_free(queue);
    net_free(net);
    net_free(NULL);
}

/* ---- threads that ask ---- */

typedef struct Client {
    pthread_t thread;
    Net *net;
    NetQueue *shared;
    Str url;
    int answered;
} Client;

static void *ask(void *user) {
    Client *client = user;

    for (int i = 0; i < ASKS; i++) {
        NetResponse *own = net_fetch(client->net, &(NetRequest){ .url = client->url });
        client->answered += own->outcome == NET_ANSWERED;
        net_response_free(own);
        net_submit(client->net, &(NetRequest){ .url = client->url }, client->shared, client);
        NetResponse *any = net_take(client->shared, -1); /* perhaps another's */
        client->answered += any->outcome == NET_ANSWERED;
        net_response_free(any);
    }
    return NULL;
}

static void many_threads_ask_and_share_a_queue(void **state) {
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer, NULL);
    Net *net = gate_new(arena, GATE_OPEN "net.host_connections = 4\n", loopback, NULL);
    NetQueue *shared = net_queue_new(net);
    Client clients[CLIENTS];
    int answered = 0;

    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (Client){ .net = net, .shared = shared };
        clients[i].url = str_format(arena, "http://h%d.example:%d/", i % 2, peer_port(peer));
        assert_int_equal(pthread_create(&clients[i].thread, NULL, ask, &clients[i]), 0);
    }
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(clients[i].thread, NULL);
        answered += clients[i].answered;
    }
    assert_int_equal(answered, 2 * CLIENTS * ASKS);
    assert_int_equal(peer_requests(peer), 2 * CLIENTS * ASKS);
    net_queue_free(shared);
    net_free(net);
    peer_free(peer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(thousands_are_fetched_at_once_by_one_thread),
        WITH_ARENA(ten_thousand_hosts_pass_through_few_connections),
        WITH_ARENA(hosts_take_turns),
        WITH_ARENA(a_host_gets_as_many_connections_as_it_may_and_no_more),
        WITH_ARENA(an_address_gets_one_connection_whatever_its_names_and_ports),
        WITH_ARENA(a_busy_address_takes_no_place_from_others),
        WITH_ARENA(bodies_that_nobody_takes_have_a_bound_which_small_ones_do_not_feel),
        WITH_ARENA(a_name_is_looked_up_once_and_its_absence_is_remembered),
        WITH_ARENA(what_is_too_much_to_wait_is_told_so),
        WITH_ARENA(closing_the_gate_ends_everything_and_tells_each),
        WITH_ARENA(a_look_up_that_hangs_holds_neither_the_gate_nor_a_request_beyond_its_time),
        WITH_ARENA(freeing_a_queue_ends_its_own_requests_only),
        WITH_ARENA(an_idle_gate_closes_its_connections_and_opens_again),
        WITH_ARENA(a_gate_that_was_never_used_starts_nothing),
        WITH_ARENA(many_threads_ask_and_share_a_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
