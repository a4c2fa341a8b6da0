/*
 * net/guard_test.c - where the gate does not go, whoever sends it there; security statements 25 to
 * 29.
 */
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>

#include "net/task.h"
#include "net/test_peer.h"
#include "net/url.h"
#include "text/json_read.h"

static bool answer(PeerTurn *turn) {
    (void)peer_answer(turn, 200, "Connection: close\r\n", S("inside"));
    return false;
}

/* Sends on to what follows "/to?". */
static bool send_on(PeerTurn *turn) {
    Arena *arena = arena_new(0);
    Str to =
        str_format(arena, "Location: %.*s\r\n", STR_ARG(str_slice(turn->path, 4, turn->path.len)));
    bool is_sent = peer_answer(turn, 302, to.ptr, S(""));

    arena_free(arena);
    return is_sent;
}

/* ---- a resolver that says what the test wants ---- */

typedef struct Book {
    const char *answers[4]; /* in turn; the last one for ever */
    const char *also;       /* a second address of each answer, or NULL */
    _Atomic(int) asked;
} Book;

static NetLookup look_up(void *user, const char *host, NetAddresses *ret) {
    Book *book = user;
    int turn = atomic_fetch_add(&book->asked, 1);

    (void)host;
    while (turn >= (int)COUNT_OF(book->answers) || (turn > 0 && !book->answers[turn]))
        turn--;
    if (!book->answers[turn])
        return NET_LOOKUP_NONE;
    ret->len = (size_t)net_address_parse(str_from_c(book->answers[turn]), &ret->items[0]);
    if (book->also)
        ret->len += (size_t)net_address_parse(str_from_c(book->also), &ret->items[ret->len]);
    return NET_LOOKUP_FOUND;
}

static void sec_25_nothing_inside_is_connected_to_by_whatever_name(void **state) {
    static const char *const hosts[] = { "127.0.0.1",
                                         "0x7f.1",
                                         "2130706433",
                                         "0177.0.0.1",
                                         "[::ffff:127.0.0.1]",
                                         "[::1]",
                                         "[::]",
                                         "0.0.0.0",
                                         "0",
                                         "localhost",
                                         "localhost.",
                                         "LOCALHOST",
                                         "①②⑦.⓪.⓪.①",
                                         "[64:ff9b::7f00:1]",
                                         "[2002:7f00:1::]",
                                         "[::127.0.0.1]" };
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer, NULL);
    Net *net = gate_new(arena, "", NULL, NULL);

    for (size_t i = 0; i < COUNT_OF(hosts); i++) {
        NetResponse *response =
            gate_get(net, str_format(arena, "http://%s:%d/", hosts[i], peer_port(peer)));
        if (response->outcome != NET_REFUSED_ADDRESS)
            fail_msg("%s: %s", hosts[i], net_outcome_word(response->outcome));
        assert_string_equal(response->err.field, "url");
        net_response_free(response);
    }
    net_free(net);

    Book book = { .answers = { "127.0.0.1" }, .also = "::1" };
    net = gate_new(arena, "", look_up, &book);
    NetResponse *response =
        gate_get(net, str_format(arena, "http://peer.example:%d/", peer_port(peer)));
    assert_outcome(response, NET_REFUSED_ADDRESS);
    assert_str(response->err.args[0], S("peer.example"));
    net_response_free(response);
    net_free(net);
    assert_int_equal(peer_connections(peer), 0);
    peer_free(peer);
}

static void sec_25_a_name_that_changes_its_mind_is_judged_at_the_socket(void **state) {
    Arena *arena = *state;
    Peer *good = peer_new(1, answer, NULL), *inside = peer_new_at(2, peer_port(good), answer, NULL);
    Book book = { .answers = { "127.0.0.1", "127.0.0.2" } };
    Net *net = gate_new(arena, GATE_OPEN "net.resolve_ms = 0\n", look_up, &book);
    Str url = str_format(arena, "http://peer.example:%d/", peer_port(good));

    NetResponse *response = gate_get(net, url);
    assert_outcome(response, NET_ANSWERED);
    net_response_free(response);
    response = gate_get(net, url);
    assert_outcome(response, NET_REFUSED_ADDRESS);
    net_response_free(response);
    assert_int_equal(atomic_load(&book.asked), 2);
    assert_int_equal(peer_connections(inside), 0);
    net_free(net);

    /* Remembered, it is not asked twice, so there is nothing to change. */
    atomic_store(&book.asked, 0);
    net = gate_new(arena, GATE_OPEN, look_up, &book);
    for (int i = 0; i < 3; i++) {
        response = gate_get(net, url);
        assert_outcome(response, NET_ANSWERED);
        net_response_free(response);
    }
    assert_int_equal(atomic_load(&book.asked), 1);
    net_free(net);

    /* Of several addresses only the good ones are tried. */
    Book both = { .answers = { "127.0.0.2" }, .also = "127.0.0.1" };
    net = gate_new(arena, GATE_OPEN, look_up, &both);
    response = gate_get(net, url);
    assert_outcome(response, NET_ANSWERED);
    net_response_free(response);
    assert_int_equal(peer_connections(inside), 0);
    net_free(net);
    peer_free(good);
    peer_free(inside);
}

static void sec_26_redirects_lead_nowhere_that_a_request_may_not_go(void **state) {
    Arena *arena = *state;
    Peer *peer = peer_new(1, send_on, NULL), *inside = peer_new(2, answer, NULL);
    Net *net = gate_new(arena, GATE_OPEN, NULL, NULL);
    const char *targets[] = { peer_url(arena, inside, "/").ptr,
                              "http://localhost2.invalid:22/",
                              "file:///etc/passwd",
                              "gopher://127.0.0.1:70/",
                              "dict://127.0.0.1/",
                              "ftp://127.0.0.1/",
                              "http://user:pass@127.0.0.1/",
                              "http://10.0.0.1/",
                              "http://169.254.169.254/latest/meta-data/",
                              "//[::1]/",
                              "//0/" };

    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        Str path = str_format(arena, "/to?%s", targets[i]);
        NetResponse *response = gate_get(net, peer_url(arena, peer, path.ptr));
        if (response->outcome != NET_REFUSED_REDIRECT)
            fail_msg("%s: %s", targets[i], net_outcome_word(response->outcome));
        assert_int_equal(response->body.len, 0);
        net_response_free(response);
    }
    assert_int_equal(peer_connections(inside), 0);
    net_free(net);
    peer_free(peer);
    peer_free(inside);
}

static void sec_26_credentials_do_not_go_down_to_http(void **state) {
    NetHeader secret = { S_INIT("Authorization"), S_INIT("Bearer abc") };
    NetHeader plain = { S_INIT("Accept"), S_INIT("*/*") };

    for (int i = 0; i < 2; i++) {
        Task task = { .response = { .arena = *state, .status = 302 },
                      .limits = { .redirects = 3 },
                      .headers = i == 0 ? &secret : &plain,
                      .header_count = 1 };
        NetOutcome outcome = NET_ANSWERED;

        assert_int_equal(net_url_read(*state, S("https://example.edu/"), &task.url).code, ERR_OK);
        *VEC_PUSH((Arena *)*state, &task.got) =
            (NetHeader){ S("location"), S("http://example.edu/") };
        assert_int_equal(redirect_next(&task, &outcome), i == 0 ? REDIRECT_FAIL : REDIRECT_GO);
        assert_int_equal(outcome, i == 0 ? NET_REFUSED_REDIRECT : NET_ANSWERED);
    }
}

static void sec_28_only_what_the_operator_opened_is_open(void **state) {
    Arena *arena = *state;
    Peer *one = peer_new(1, answer, NULL), *two = peer_new(2, answer, NULL);
    Net *net = gate_new(arena, "net.allow = 10.0.0.0/8, 127.0.0.2\n", NULL, NULL);

    NetResponse *response = gate_get(net, peer_url(arena, two, "/"));
    assert_outcome(response, NET_ANSWERED);
    net_response_free(response);
    response = gate_get(net, peer_url(arena, one, "/"));
    assert_outcome(response, NET_REFUSED_ADDRESS);
    net_response_free(response);
    net_free(net);
    peer_free(one);
    peer_free(two);
}

static void proxies_of_the_environment_are_not_used(void **state) {
    static const char *const names[] = { "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY" };
    Arena *arena = *state;
    Peer *peer = peer_new(1, answer, NULL), *proxy = peer_new(1, answer, NULL);
    Str proxy_url = peer_url(arena, proxy, "");

    for (size_t i = 0; i < COUNT_OF(names); i++)
        setenv(names[i], proxy_url.ptr, 1);
    Net *net = gate_new(arena, GATE_OPEN, NULL, NULL);
    NetResponse *response = gate_get(net, peer_url(arena, peer, "/"));
    assert_outcome(response, NET_ANSWERED);
    net_response_free(response);
    assert_int_equal(peer_connections(proxy), 0);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        unsetenv(names[i]);
    net_free(net);
    peer_free(peer);
    peer_free(proxy);
}

/* ---- what is published ---- */

/* Addresses on the public network are not asked by a test; names lead inside. */
static bool must_be_refused(Net *net, Arena *arena, Str text) {
    NetAddress address;
    NetUrl url;

    if (net_url_read(arena, text, &url).code == ERR_OK && net_address_parse(url.host, &address) &&
        net_address_is_allowed(&address, (NetRanges){ 0 }))
        return false;
    NetResponse *response = gate_get(net, text);
    if (response->outcome != NET_REFUSED_URL && response->outcome != NET_REFUSED_ADDRESS &&
        response->outcome != NET_NAME_NOT_FOUND)
        fail_msg("%.*s: %s", STR_ARG(text), net_outcome_word(response->outcome));
    net_response_free(response);
    return true;
}

static void sec_25_the_published_addresses_lead_nowhere(void **state) {
    Arena *arena = *state;
    Book book = { .answers = { "127.0.0.1", "169.254.169.254", "::1", "10.0.0.1" } };
    size_t refused = 0, public = 0;
    Json *list;
    Str line;

    if (!test_has_shared("100 addresses of injection-payloads/ssrf and ip"))
        return;
    Net *net = gate_new(arena, "", look_up, &book);
    Str text = test_shared_file(arena, "corpora/conformance/injection-payloads/ssrf/urls.json");
    assert_int_equal(json_read(arena, text, 8, &list).code, ERR_OK);
    for (size_t i = 0; i < list->array.len; i++) {
        bool is_refused = must_be_refused(net, arena, list->array.items[i]->string);
        refused += is_refused;
        public += !is_refused;
    }
    text = test_shared_file(arena, "corpora/conformance/injection-payloads/ip/localhost.txt");
    while (str_cut(&text, '\n', &line)) {
        line = str_trim(line);
        if (line.len == 0)
            continue;
        assert_true(must_be_refused(net, arena, str_format(arena, "http://%.*s/", STR_ARG(line))));
        refused++;
    }
    print_message("ssrf: %zu refused, %zu public addresses not asked\n", refused, public);
    assert_true(refused > 90 && public <= 2);
    net_free(net);
}

/* ---- TLS, spoken by the openssl program ---- */

typedef struct Tls {
    pid_t server;
    int port;
    char *folder, *cert, *key;
} Tls;

static pid_t spawn(const char *const *arguments) {
    posix_spawn_file_actions_t actions;
    pid_t child = -1;
    const char *environment[] = { "PATH=/usr/bin:/bin", NULL };

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&actions, 0, 1);
    posix_spawn_file_actions_adddup2(&actions, 0, 2);
    if (posix_spawnp(&child, arguments[0], &actions, NULL, (char *const *)arguments,
                     (char *const *)environment) != 0)
        child = -1;
    posix_spawn_file_actions_destroy(&actions);
    return child;
}

static bool tls_start(Arena *arena, Tls *tls) {
    int status;

    tls->folder = str_to_c(arena, S("/tmp/liandong-net-XXXXXX"));
    assert_non_null(mkdtemp(tls->folder));
    tls->cert = str_to_c(arena, str_format(arena, "%s/cert.pem", tls->folder));
    tls->key = str_to_c(arena, str_format(arena, "%s/key.pem", tls->folder));
    const char *make[] = { "openssl",  "req",
                           "-x509",    "-newkey",
                           "rsa:2048", "-nodes",
                           "-days",    "2",
                           "-subj",    "/CN=peer.example",
                           "-addext",  "subjectAltName=DNS:peer.example",
                           "-keyout",  tls->key,
                           "-out",     tls->cert,
                           NULL };
    pid_t child = spawn(make);
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        return false;
    /* A free port, most likely still free in a moment. */
    Peer *peer = peer_new(1, answer, NULL);
    tls->port = peer_port(peer);
    peer_free(peer);
    const char *accept = str_to_c(arena, str_format(arena, "127.0.0.1:%d", tls->port));
    const char *serve[] = { "openssl", "s_server", "-accept", accept,   "-cert", tls->cert,
                            "-key",    tls->key,   "-www",    "-quiet", NULL };
    tls->server = spawn(serve);
    return tls->server > 0;
}

static void tls_stop(Tls *tls) {
    if (tls->server > 0) {
        kill(tls->server, SIGKILL);
        waitpid(tls->server, NULL, 0);
    }
    unlink(tls->cert);
    unlink(tls->key);
    rmdir(tls->folder);
}

/* Until the server listens. */
static NetResponse *get_tls(Net *net, Str url) {
    for (int tries = 0;; tries++) {
        NetResponse *response = gate_get(net, url);

        if (response->outcome != NET_CONNECT_FAILED || tries > 1000)
            return response;
        net_response_free(response);
        usleep(10000);
    }
}

static void sec_29_a_certificate_is_always_verified_and_its_failure_shown(void **state) {
    Arena *arena = *state;
    Book book = { .answers = { "127.0.0.1" } };
    NetHow how = { .clock = clock_system(), .lookup = look_up, .lookup_user = &book };
    Tls tls = { 0 };

    if (!tls_start(arena, &tls)) {
        print_message("skipped: there is no openssl program\n");
        tls_stop(&tls);
        return;
    }
    Net *net = gate_new_with(arena, GATE_OPEN, how);
    NetResponse *response = get_tls(net, str_format(arena, "https://peer.example:%d/", tls.port));
    assert_outcome(response, NET_TLS_FAILED);
    assert_true(str_contains(response->detail, S("certificate")));
    net_response_free(response);
    net_free(net);

    how.ca_file = tls.cert;
    net = gate_new_with(arena, GATE_OPEN, how);
    response = get_tls(net, str_format(arena, "https://peer.example:%d/", tls.port));
    assert_outcome(response, NET_ANSWERED);
    assert_int_equal(response->status, 200);
    net_response_free(response);
    response = gate_get(net, str_format(arena, "https://other.example:%d/", tls.port));
    assert_outcome(response, NET_TLS_FAILED); /* the name counts, too */
    net_response_free(response);
    net_free(net);
    tls_stop(&tls);
}

/* ---- robots.txt ---- */

typedef struct Robots {
    _Atomic(int) status;
} Robots;

static bool answer_robots(PeerTurn *turn) {
    Robots *robots = turn->user;
    int status = atomic_load(&robots->status);

    return peer_answer(turn, status, status == 302 ? "Location: /robots.txt\r\n" : "",
                       S("User-agent: *\nDisallow: /private\n"));
}

static bool may(Net *net, Arena *arena, Peer *peer, const char *path) {
    bool is_allowed = false;

    assert_int_equal(net_may_fetch(net, peer_url(arena, peer, path), &is_allowed).code, ERR_OK);
    return is_allowed;
}

static void robots_are_asked_once_a_day_and_obeyed(void **state) {
    Arena *arena = *state;
    Robots robots = { 200 };
    Peer *peer = peer_new(1, answer_robots, &robots);
    FixedClock fixed;
    bool is_allowed = true;

    clock_fixed(&fixed, GATE_NOW_MS);
    Net *net = gate_new_with(arena, GATE_OPEN, (NetHow){ .clock = &fixed.clock });
    assert_true(may(net, arena, peer, "/public"));
    assert_false(may(net, arena, peer, "/private/1"));
    assert_int_equal(peer_requests(peer), 1);
    fixed.at_ms += 86400000 - 1;
    assert_false(may(net, arena, peer, "/private/1"));
    assert_int_equal(peer_requests(peer), 1);
    fixed.at_ms += 1;
    atomic_store(&robots.status, 404); /* there is none: all may be read */
    assert_true(may(net, arena, peer, "/private/1"));
    assert_int_equal(peer_requests(peer), 2);
    fixed.at_ms += 86400000;
    atomic_store(&robots.status, 503); /* not to be had: nothing may be, for a while */
    assert_false(may(net, arena, peer, "/public"));
    fixed.at_ms += 600000 - 1;
    assert_false(may(net, arena, peer, "/public"));
    assert_int_equal(peer_requests(peer), 3);
    fixed.at_ms += 1;
    atomic_store(&robots.status, 302); /* in a circle: as if there were none (2.3.1.2) */
    assert_true(may(net, arena, peer, "/public"));
    assert_int_equal(net_may_fetch(net, S("file:///etc/passwd"), &is_allowed).code, ERR_INVALID);
    assert_true(is_allowed);
    net_free(net);
    peer_free(peer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(sec_25_nothing_inside_is_connected_to_by_whatever_name),
        WITH_ARENA(sec_25_a_name_that_changes_its_mind_is_judged_at_the_socket),
        WITH_ARENA(sec_25_the_published_addresses_lead_nowhere),
        WITH_ARENA(sec_26_redirects_lead_nowhere_that_a_request_may_not_go),
        WITH_ARENA(sec_26_credentials_do_not_go_down_to_http),
        WITH_ARENA(sec_28_only_what_the_operator_opened_is_open),
        WITH_ARENA(sec_29_a_certificate_is_always_verified_and_its_failure_shown),
        WITH_ARENA(proxies_of_the_environment_are_not_used),
        WITH_ARENA(robots_are_asked_once_a_day_and_obeyed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
