/* http/server.c - starting, listening, stopping (stack.md, trap 15). Locks: http/exchange.h. */
#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "http/exchange.h"

enum {
    BACKLOG = 1024,
    OTHER_DESCRIPTORS = 512, /* beside connections: storage, files, threads */
    LOCAL_CONNECTIONS = 64,
    IO_STACK_BYTES = 512 << 10
};

/* ---- pool of exchanges ---- */

Exchange *exchange_take(HttpServer *server) {
    pthread_mutex_lock(&server->pool_lock);
    Exchange *exchange = server->pool;
    if (exchange)
        server->pool = exchange->next;
    else
        exchange = arena_alloc(server->pool_arena, sizeof *exchange);
    if (exchange->in_arena)
        server->pool_count--;
    pthread_mutex_unlock(&server->pool_lock);

    Arena *in = exchange->in_arena, *work = exchange->work_arena;
    *exchange =
        (Exchange){ .server = server, .in_arena = in ? in : arena_new(0), .work_arena = work };
    return exchange;
}

void exchange_release(Exchange *exchange) {
    HttpServer *server = exchange->server;

    if (exchange->response) /* the client went while it was parked */
        MHD_destroy_response(exchange->response);
    exchange->response = NULL;
    body_close(&exchange->body);
    arena_reset(exchange->in_arena, KEEP_IN_BYTES);
    if (exchange->work_arena)
        arena_reset(exchange->work_arena, KEEP_WORK_BYTES);
    pthread_mutex_lock(&server->pool_lock);
    server->owed -= exchange->is_owed;
    if (exchange->is_owed && server->owed == 0)
        pthread_cond_broadcast(&server->told);
    bool is_kept = server->pool_count < EXCHANGES_KEPT;
    if (!is_kept) {
        arena_free(exchange->in_arena);
        arena_free(exchange->work_arena);
        exchange->in_arena = NULL;
        exchange->work_arena = NULL;
    }
    server->pool_count += is_kept;
    exchange->next = server->pool;
    server->pool = exchange;
    pthread_mutex_unlock(&server->pool_lock);
}

static void free_pool(HttpServer *server) {
    for (Exchange *exchange = server->pool; exchange; exchange = exchange->next) {
        arena_free(exchange->in_arena);
        arena_free(exchange->work_arena);
    }
    arena_free(server->pool_arena);
    connections_free(server->connections);
}

/* ---- listening ---- */

static Err cannot_listen(Arena *arena, Str address) {
    return FAIL_ARGS(ERR_IO, NULL, N_("Cannot listen on {0}: {1}."), address,
                     str_dup(arena, str_from_c(strerror(errno))));
}

/* "ADDR:PORT" or "[ADDR]:PORT". */
static Err parse_listen(Arena *arena, Str address, struct sockaddr_storage *ret,
                        socklen_t *ret_len) {
    size_t colon = SIZE_MAX;
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                              .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;

    for (size_t i = 0; i < address.len; i++)
        if (address.ptr[i] == ':')
            colon = i;
    Str host = str_slice(address, 0, colon), port = str_slice(address, colon + 1, address.len);
    if (str_starts(host, S("[")) && str_ends(host, S("]")))
        host = str_slice(host, 1, host.len - 1);
    if (colon == SIZE_MAX ||
        getaddrinfo(str_to_c(arena, host), str_to_c(arena, port), &hints, &found) != 0)
        return FAIL_ARGS(ERR_INVALID, "http.listen", N_("{0} is no address to listen on."),
                         address);
    memcpy(ret, found->ai_addr, found->ai_addrlen);
    *ret_len = found->ai_addrlen;
    freeaddrinfo(found);
    return OK;
}

static void close_fd(int *fd) {
    if (*fd >= 0)
        (void)close(*fd);
}

static Err listen_net(Arena *arena, Str address, int *ret_fd, int *ret_port) {
    struct sockaddr_storage name = { 0 };
    socklen_t len;
    int on = 1;

    TRY(parse_listen(arena, address, &name, &len));
    CLEANUP(close_fd)
    int fd = socket(name.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return cannot_listen(arena, address);
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* inherited by connections */
    if (bind(fd, (struct sockaddr *)&name, len) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&name, &len) != 0)
        return cannot_listen(arena, address);
    *ret_port = name.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)&name)->sin6_port)
                                           : ntohs(((struct sockaddr_in *)&name)->sin_port);
    *ret_fd = fd;
    fd = -1;
    return OK;
}

static Err listen_local(Arena *arena, Str path, int *ret_fd) {
    struct sockaddr_un name = { .sun_family = AF_UNIX };

    if (path.len == 0 || path.len >= sizeof name.sun_path)
        return FAIL_ARGS(
            ERR_IO, NULL,
            N_("The path of the local socket is too long: {0}. Choose a shorter data folder."),
            path);
    memcpy(name.sun_path, path.ptr, path.len);
    CLEANUP(close_fd) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return cannot_listen(arena, path);
    (void)unlink(
        name.sun_path); /* of a server that was killed: the folder's lock says it is gone */
    mode_t before = umask(0177);
    int failed = bind(fd, (struct sockaddr *)&name, sizeof name);
    (void)umask(before);
    if (failed || listen(fd, BACKLOG) != 0)
        return cannot_listen(arena, path);
    *ret_fd = fd;
    fd = -1;
    return OK;
}

/* ---- the library ---- */

static void log_library(void *user, const char *format, va_list args) {
    char text[256];

    (void)user;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    int len = vsnprintf(text, sizeof text, format, args);
#pragma GCC diagnostic pop
    if (len > 0)
        log_line(
            NULL, LOG_DEBUG, "http.library",
            LOG_FIELDS(
                { "text", { text, (size_t)len < sizeof text ? (size_t)len : sizeof text - 1 } }));
}

static struct MHD_Daemon *start_daemon(HttpServer *server, int fd, unsigned threads,
                                       unsigned connections) {
    const Config *config = server->app->config;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    struct MHD_OptionItem options[] = {
        { MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)log_library, NULL },
        { MHD_OPTION_LISTEN_SOCKET, fd, NULL },
        { MHD_OPTION_CONNECTION_LIMIT, (intptr_t)connections, NULL },
        { MHD_OPTION_CONNECTION_MEMORY_LIMIT,
          (intptr_t)config_int(config, CONFIG_HTTP_HEADER_BYTES), NULL },
        { MHD_OPTION_CONNECTION_TIMEOUT,
          (intptr_t)(config_int(config, CONFIG_HTTP_IDLE_MS) / 1000 + 1), NULL },
        { MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL },
        { MHD_OPTION_THREAD_STACK_SIZE, IO_STACK_BYTES, NULL },
        { MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)intake_connection, server },
        { MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)intake_completed, server },
        { MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)intake_target, server },
        { MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)intake_unescape, server },
#if MHD_VERSION >= 0x00097701
        { MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1, NULL },
#endif
        { threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)threads, NULL },
        { MHD_OPTION_END, 0, NULL },
    };

    return MHD_start_daemon(flags, 0, NULL, NULL, intake_request, server, MHD_OPTION_ARRAY, options,
                            MHD_OPTION_END);
}

/* As many descriptors as connections may need, as far as the system lets us. */
static void raise_descriptors(int64_t connections) {
    struct rlimit limit;
    rlim_t wanted = (rlim_t)(connections + OTHER_DESCRIPTORS);

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static void *sweep(void *user) {
    HttpServer *server = user;
    struct timespec until;

    pthread_mutex_lock(&server->lock);
    while (!server->is_stopping) {
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += SWEEP_MS / 1000;
        (void)pthread_cond_timedwait(&server->tick, &server->lock, &until);
        pthread_mutex_unlock(&server->lock);
        int cut = connections_sweep(server->connections);
        atomic_fetch_add(&server->core->metrics->cut, (uint64_t)cut);
        pthread_mutex_lock(&server->lock);
    }
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

/* ---- start and stop ---- */

static void release_page(void *page) {
    MHD_destroy_response(page);
}

static void free_server(HttpServer *server) {
    assets_close(server);
    free_pool(server);
    core_free(server->core);
    pthread_cond_destroy(&server->work);
    pthread_cond_destroy(&server->rest);
    pthread_cond_destroy(&server->tick);
    pthread_cond_destroy(&server->told);
    pthread_mutex_destroy(&server->lock);
    pthread_mutex_destroy(&server->pool_lock);
    arena_free(server->arena);
}

static void close_server(HttpServer **server) {
    if (*server)
        http_stop(*server);
}

static HttpServer *new_server(const HttpApp *app) {
    Arena *arena = arena_new(0);
    HttpServer *server = arena_alloc(arena, sizeof *server);
    pthread_condattr_t attributes;

    server->arena = arena;
    server->pool_arena = arena_new(0);
    server->app = app;
    server->workers_max = (int)config_int(app->config, CONFIG_HTTP_WORKERS);
    server->connections = connections_new(
        app->clock, (ConnectionLimits){ .header_ms = config_int(app->config, CONFIG_HTTP_HEADER_MS),
                                        .idle_ms = config_int(app->config, CONFIG_HTTP_IDLE_MS),
                                        .body_rate_bytes =
                                            config_int(app->config, CONFIG_HTTP_BODY_RATE_BYTES) });
    pthread_mutex_init(&server->lock, NULL);
    pthread_mutex_init(&server->pool_lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&server->work, &attributes);
    pthread_cond_init(&server->rest, &attributes);
    pthread_cond_init(&server->tick, &attributes);
    pthread_cond_init(&server->told, &attributes);
    pthread_condattr_destroy(&attributes);
    return server;
}

/* Texts of a failed start: the process is about to end with them, so they are kept until it does. */
static Arena *failure_arena(void) {
    static Arena *kept;

    if (!kept)
        kept = arena_new(0);
    return kept;
}

Err http_start(const HttpApp *app, Str address, HttpServer **ret) {
    Arena *scratch = failure_arena();
    CLEANUP(close_server) HttpServer *server = new_server(app);
    int64_t connections = config_int(app->config, CONFIG_HTTP_CONNECTIONS);
    int fd = -1;

    TRY(core_new(scratch, app, &server->core));
    server->core->cache =
        cache_new(server->core->arena, (size_t)config_int(app->config, CONFIG_HTTP_CACHE_BYTES),
                  release_page);
    TRY(assets_prepare(server));
    raise_descriptors(connections);
    (void)signal(SIGPIPE, SIG_IGN);
    TRY(listen_net(scratch, address, &fd, &server->port));
    server->net =
        start_daemon(server, fd, (unsigned)config_int(app->config, CONFIG_HTTP_IO_THREADS),
                     (unsigned)connections);
    if (!server->net) {
        (void)close(fd);
        return FAIL_ARGS(ERR_IO, NULL, N_("The server on {0} cannot start its threads."), address);
    }
    server->has_sweeper = pthread_create(&server->sweeper, NULL, sweep, server) == 0;
    if (!server->has_sweeper)
        return FAIL_ARGS(ERR_IO, NULL, N_("The server on {0} cannot start its threads."), address);
    *ret = server;
    server = NULL;
    return OK;
}

int http_port(const HttpServer *server) {
    return server->port;
}

Err http_listen_local(HttpServer *server, Str socket_path) {
    int fd = -1;

    TRY(listen_local(server->arena, socket_path, &fd));
    server->local_path = str_dup(server->arena, socket_path);
    server->local = start_daemon(server, fd, 1, LOCAL_CONNECTIONS);
    if (server->local)
        return OK;
    (void)close(fd);
    return FAIL_ARGS(ERR_IO, NULL, N_("The server on {0} cannot start its threads."), socket_path);
}

/* A resumed request is not yet an answer sent: stopped at once the library would throw it away. */
static void wait_for_answers(HttpServer *server) {
    struct timespec until;
    int failed = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += LAST_ANSWERS_S;
    pthread_mutex_lock(&server->pool_lock);
    while (server->owed > 0 && failed == 0)
        failed = pthread_cond_timedwait(&server->told, &server->pool_lock, &until);
    pthread_mutex_unlock(&server->pool_lock);
}

void http_stop(HttpServer *server) {
    if (server->core)
        atomic_store(&server->core->is_ready, false);
    workers_stop(server); /* from here no connection is suspended and none will be */
    wait_for_answers(server);
    if (server->has_sweeper)
        (void)pthread_join(server->sweeper, NULL);
    if (server->net)
        MHD_stop_daemon(server->net);
    if (server->local)
        MHD_stop_daemon(server->local);
    if (server->local_path.len > 0)
        (void)unlink(str_to_c(server->arena, server->local_path));
    free_server(server);
}

void http_set_ready(HttpServer *server, bool is_ready) {
    atomic_store(&server->core->is_ready, is_ready);
}

void http_cache_drop(HttpServer *server, const Str *tags, size_t count) {
    cache_drop(server->core->cache, tags, count);
    run_note_tags(tags, count);
}

void http_cache_drop_all(HttpServer *server) {
    cache_drop_all(server->core->cache);
}
