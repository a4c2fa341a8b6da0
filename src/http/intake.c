/*
 * http/intake.c - libmicrohttpd's callbacks, on its I/O threads: guard, body, page cache; all else is parked. A
 * request passes intake_request first with its headers, then with each piece of its body, then without a
 * piece, and once more after it was resumed.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/exchange.h"
#include "http/reply.h"
#include "http/request.h"

enum {
    DRAIN_FACTOR = 4
}; /* so many times the limit of a body without length are read to answer 413 */

static Connection *connection_of(struct MHD_Connection *library) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(library, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info ? info->socket_context : NULL;
}

/* ---- connections ---- */

static bool is_allowed_peer(int fd) {
    struct ucred peer;
    socklen_t len = sizeof peer;

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
           (peer.uid == geteuid() || peer.uid == 0);
}

static void note_peer(Connection *connection, const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *four = (const void *)address;
        connection->peer_len = 4;
        memcpy(connection->peer, &four->sin_addr, 4);
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const void *)address;
        connection->peer_len = 16;
        memcpy(connection->peer, &six->sin6_addr, 16);
    }
}

static void open_connection(HttpServer *server, struct MHD_Connection *library, void **state) {
    const union MHD_ConnectionInfo *socket =
        MHD_get_connection_info(library, MHD_CONNECTION_INFO_CONNECTION_FD);
    int fd = socket->connect_fd, on = 1;
    Connection *connection = connection_open(server->connections, fd);
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(library, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    if (address && address->client_addr)
        note_peer(connection, address->client_addr);
    if (connection->peer_len > 0)
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    else
        connection->is_refused = !is_allowed_peer(fd);
    atomic_fetch_add(&server->core->metrics->connections, 1);
    *state = connection;
}

void intake_connection(void *user, struct MHD_Connection *library, void **state,
                       enum MHD_ConnectionNotificationCode what) {
    HttpServer *server = user;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        open_connection(server, library, state);
        return;
    }
    Connection *connection = *state;
    /* A request whose headers never were complete is not reported as completed. */
    if (connection->exchange)
        exchange_release(connection->exchange);
    connection_close(server->connections, connection);
    atomic_fetch_sub(&server->core->metrics->connections, 1);
}

/* ---- the request line ---- */

/* The router decodes once; the library must leave everything as it came (stack.md, trap 18). */
size_t intake_unescape(void *user, struct MHD_Connection *library, char *text) {
    (void)user;
    (void)library;
    return strlen(text);
}

void *intake_target(void *user, const char *target, struct MHD_Connection *library) {
    HttpServer *server = user;
    Connection *connection = connection_of(library);

    if (connection->exchange)
        exchange_release(connection->exchange);
    Exchange *exchange = exchange_take(server);
    exchange->library = library;
    exchange->connection = connection;
    exchange->target = str_dup(exchange->in_arena, str_from_c(target));
    exchange->started_ms = clock_monotonic_ms(server->app->clock);
    connection->exchange = exchange;
    connection_phase(server->connections, connection, PHASE_FIRST, 0);
    return exchange;
}

void intake_completed(void *user, struct MHD_Connection *library, void **state,
                      enum MHD_RequestTerminationCode why) {
    HttpServer *server = user;
    Exchange *exchange = *state;

    (void)library;
    (void)why;
    if (!exchange)
        return;
    exchange->connection->exchange = NULL;
    connection_phase(server->connections, exchange->connection, PHASE_IDLE, 0);
    exchange_release(exchange);
    *state = NULL;
}

/* ---- answering ---- */

static enum MHD_Result queue(Exchange *exchange, int status, struct MHD_Response *response,
                             int64_t bytes) {
    HttpServer *server = exchange->server;

    connection_phase(server->connections, exchange->connection, PHASE_ANSWER, bytes);
    metrics_answer(server->core->metrics, status);
    return MHD_queue_response(exchange->library, (unsigned)status, response);
}

static enum MHD_Result queue_once(Exchange *exchange, const Outgoing *out) {
    struct MHD_Response *response = response_of(out, false);

    if (!response)
        return MHD_NO;
    enum MHD_Result done = queue(exchange, out->status, response, (int64_t)out->body.len);
    MHD_destroy_response(response);
    return done;
}

/* A problem document at once, without a worker; the connection ends where the rest cannot be trusted. */
static enum MHD_Result refuse(Exchange *exchange, int status, Err err, bool is_closing) {
    Outgoing out = { .is_closing = is_closing };

    atomic_fetch_add(&exchange->server->core->metrics->refused, 1);
    reply_problem(exchange->in_arena, run_wishes(&exchange->in).lang, exchange->request_id, status,
                  err, &out);
    return queue_once(exchange, &out);
}

static enum MHD_Result busy(Exchange *exchange) {
    return refuse(exchange, 503,
                  FAIL(ERR_BUSY, NULL, N_("The server is busy. Try again in a moment.")), true);
}

/* ---- headers ---- */

static enum MHD_Result add_header(void *user, enum MHD_ValueKind kind, const char *name,
                                  size_t name_len, const char *value, size_t value_len) {
    Exchange *exchange = user;

    (void)kind;
    headers_add(exchange->in_arena, &exchange->in.headers, (Str){ name, name_len },
                (Str){ value, value_len });
    return MHD_YES;
}

static void read_head(Exchange *exchange, const char *method, const char *version, bool is_local) {
    const HttpServer *server = exchange->server;
    Connection *connection = exchange->connection;
    Incoming *in = &exchange->in;

    *in = (Incoming){ .way = is_local ? WAY_LOCAL : WAY_NET,
                      .method = str_from_c(method),
                      .version = str_from_c(version),
                      .peer = { connection->peer, connection->peer_len } };
    in->is_loopback = guard_is_loopback(in->peer);
    in->is_from_proxy = guard_is_proxy(&server->core->guard, in->peer);
    (void)MHD_get_connection_values_n(exchange->library, MHD_HEADER_KIND, add_header, exchange);
}

/* The most bytes this request's body may have: its row tells. */
static size_t body_limit(Exchange *exchange) {
    const HttpServer *server = exchange->server;
    RouteMatch match;
    Method method = method_of(exchange->in.method);
    ConfigId limit = CONFIG_HTTP_BODY_BYTES;

    if (method &&
        router_find(server->core->router, exchange->in_arena, method, exchange->in.path, &match) ==
            ROUTE_FOUND &&
        (match.row->route->flags & ROUTE_UPLOAD))
        limit = CONFIG_HTTP_UPLOAD_BYTES;
    return (size_t)config_int(server->app->config, limit);
}

static Err too_long(Exchange *exchange, size_t limit) {
    return FAIL_ARGS(ERR_LIMIT, NULL, N_("The body has more than {0} bytes."),
                     str_from_int(exchange->in_arena, (int64_t)limit));
}

/* With the headers: what is refused is refused before any of the body is read. */
static enum MHD_Result check_head(Exchange *exchange, const char *method, const char *version,
                                  bool is_local) {
    HttpServer *server = exchange->server;
    int64_t announced;

    exchange->request_id = core_next_request(server->core);
    read_head(exchange, method, version, is_local);
    if (exchange->connection->is_refused)
        return refuse(exchange, 403, FAIL(ERR_FORBIDDEN, NULL, N_("This socket is its owner's.")),
                      true);
    Refusal refusal =
        guard_check(&server->core->guard, &exchange->in, exchange->target, &announced);
    if (refusal.status)
        return refuse(exchange, refusal.status, refusal.err, true);
    size_t limit = body_limit(exchange);
    if (announced > 0 && (uint64_t)announced > limit)
        return refuse(exchange, 413, too_long(exchange, limit), true);
    body_start(&exchange->body, exchange->in_arena, server->app->temp_folder, limit, announced);
    exchange->is_checked = true;
    connection_phase(server->connections, exchange->connection, PHASE_BODY, 0);
    return MHD_YES;
}

static enum MHD_Result take_body(Exchange *exchange, const char *data, size_t *data_len) {
    Connection *connection = exchange->connection;
    int64_t bytes = atomic_fetch_add(&connection->bytes, (int64_t)*data_len) + (int64_t)*data_len;

    if (!exchange->has_failed)
        exchange->has_failed = body_add(&exchange->body, (Str){ data, *data_len }).code != ERR_OK;
    *data_len = 0;
    /* Chunks without end: the library takes no answer before the body's end, so the connection goes. */
    return (uint64_t)bytes / DRAIN_FACTOR > exchange->body.limit_bytes ? MHD_NO : MHD_YES;
}

/* ---- cache and assets ---- */

typedef struct Hit {
    Exchange *exchange;
    enum MHD_Result result;
} Hit;

static enum MHD_Result answer_unchanged(Exchange *exchange, struct MHD_Response *page) {
    static const char *const kept[] = { "ETag", "Cache-Control", "Vary" };
    Outgoing out = { .status = 304 };

    for (size_t i = 0; i < COUNT_OF(kept); i++) {
        Str value = str_from_c(MHD_get_response_header(page, kept[i]));
        if (value.len > 0)
            headers_add(exchange->in_arena, &out.headers, str_from_c(kept[i]), value);
    }
    return queue_once(exchange, &out);
}

static void answer_prepared(void *page, void *user) {
    Hit *hit = user;
    Str etag = str_from_c(MHD_get_response_header(page, "ETag"));
    Str asked = headers_get(&hit->exchange->in.headers, S("if-none-match"));

    hit->result = request_none_match(asked, etag) ? answer_unchanged(hit->exchange, page)
                                                  : queue(hit->exchange, 200, page, 0);
}

static enum MHD_Result answer_asset(Exchange *exchange, const Asset *asset) {
    struct MHD_Response *response = asset->coded[exchange->coding];
    Hit hit = { .exchange = exchange };

    answer_prepared(response ? response : asset->coded[CODING_NONE], &hit);
    return hit.result;
}

/* Nobody is known by it: no token, none of our cookies. */
static bool is_anonymous(const Incoming *in) {
    return in->way == WAY_NET && headers_count(&in->headers, S("authorization")) == 0 &&
           !str_contains(headers_get(&in->headers, S("cookie")), S("liandong"));
}

static Str origin_of(Exchange *exchange) {
    bool is_https, is_local;

    return guard_origin(exchange->in_arena, &exchange->server->core->guard, &exchange->in,
                        &is_https, &is_local);
}

/* The whole request is there. */
static enum MHD_Result answer(Exchange *exchange) {
    HttpServer *server = exchange->server;
    Incoming *in = &exchange->in;
    bool is_read = str_eq(in->method, S("GET")) || str_eq(in->method, S("HEAD"));

    if (exchange->body.is_too_long)
        return refuse(exchange, 413, too_long(exchange, exchange->body.limit_bytes), true);
    if (exchange->has_failed || body_end(&exchange->body, &in->body).code != ERR_OK)
        return busy(exchange);
    exchange->wishes = run_wishes(in);
    exchange->coding = negotiate_coding(headers_get(&in->headers, S("accept-encoding")));
    const Asset *asset = is_read ? assets_find(server, in->path) : NULL;
    if (asset)
        return answer_asset(exchange, asset);
    exchange->may_cache = is_read && is_anonymous(in);
    if (exchange->may_cache) {
        Hit hit = { .exchange = exchange };
        exchange->key = cache_key(server->core->cache, clock_now_ms(server->app->clock),
                                  origin_of(exchange), in->path, in->query, exchange->wishes.form,
                                  exchange->wishes.lang, exchange->coding);
        if (cache_use(server->core->cache, exchange->key, answer_prepared, &hit))
            return hit.result;
    }
    return workers_park(exchange) ? MHD_YES : busy(exchange);
}

enum MHD_Result intake_request(void *user, struct MHD_Connection *library, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *data_len, void **state) {
    HttpServer *server = user;
    Exchange *exchange = *state;

    (void)url; /* its query is cut off; exchange->target is whole */
    if (exchange->response) {
        struct MHD_Response *response = exchange->response;
        enum MHD_Result done =
            queue(exchange, exchange->status, response, (int64_t)exchange->in.body.len);
        exchange->response = NULL;
        MHD_destroy_response(response);
        return done;
    }
    if (!exchange->is_checked) {
        bool is_local = connection_of(library)->peer_len == 0;
        (void)server;
        return check_head(exchange, method, version, is_local);
    }
    if (*data_len > 0)
        return take_body(exchange, data, data_len);
    return answer(exchange);
}
