/*
 * app/server.c - starts and stops the parts of a running alliance in the right order.
 * Shared: Server.cached, under its lock, by the threads of queue/, ledger/ and hear(); no other lock of ours is taken
 * before.
 */
#include "app/server.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/log.h"
#include "db/listen.h"

enum { HEAR_MS = 500, HEAR_KEEP_BYTES = 1 << 16 };

struct Server {
    App *app;
    HttpServer *http;
    QueueRunner *queue;
    LedgerRunner *ledger;
    pthread_mutex_t lock;
    HttpServer *cached;   /* whose pages are dropped; NULL once it stops */
    DbListener *listener; /* of the thread `hearing` alone; NULL: there is none */
    pthread_t hearing;
    atomic_bool is_stopping; /* for that thread */
};

static void drop(Server *server, const Str *tags, size_t count) {
    pthread_mutex_lock(&server->lock);
    if (server->cached)
        http_cache_drop(server->cached, tags, count);
    pthread_mutex_unlock(&server->lock);
}

static void drop_all(Server *server) {
    pthread_mutex_lock(&server->lock);
    if (server->cached)
        http_cache_drop_all(server->cached);
    pthread_mutex_unlock(&server->lock);
}

static void set_cached(Server *server, HttpServer *http) {
    pthread_mutex_lock(&server->lock);
    server->cached = http;
    pthread_mutex_unlock(&server->lock);
}

/* What jobs and the log changed leaves the cache as what requests changed does. */
static void on_changed(void *user, const Str *tags, size_t count) {
    drop(user, tags, count);
}

/* ---- what other processes on the same database changed ---- */

static void *hear(void *user) {
    Server *server = user;
    CLEANUP(arena_close) Arena *arena = arena_new(0);

    while (!atomic_load(&server->is_stopping)) {
        StrList tags;
        DbHeard heard = db_listen_next(server->listener, arena, HEAR_MS, &tags);

        if (heard == HEARD_TAGS)
            drop(server, tags.items, tags.len);
        else if (heard == HEARD_GAP)
            drop_all(server);
        arena_reset(arena, HEAR_KEEP_BYTES);
    }
    return NULL;
}

static Err start_hearing(Server *server) {
    TRY(db_listen(server->app->store, &server->listener));
    if (!server->listener) /* SQLite */
        return OK;
    if (pthread_create(&server->hearing, NULL, hear, server) == 0)
        return OK;
    db_listen_end(server->listener);
    server->listener = NULL;
    return FAIL(ERR_IO, NULL, N_("The system gives no more threads."));
}

static void stop_hearing(Server *server) {
    if (!server->listener)
        return;
    atomic_store(&server->is_stopping, true);
    (void)pthread_join(server->hearing, NULL);
    db_listen_end(server->listener);
}

static void close_server(Server **server) {
    if (*server)
        server_stop(*server);
}

static Err start_parts(Server *server, Str address, unsigned lanes) {
    App *app = server->app;
    QueueApp queue = { app->folder.config, app->store, app->ids, clock_system(),
                       chance_system(),    on_changed, server };
    LedgerApp ledger = { .config = app->folder.config,
                         .store = app->store,
                         .ids = app->ids,
                         .clock = clock_system(),
                         .chance = chance_system(),
                         .key = &app->key,
                         .tag = app_tag_placed,
                         .changed = on_changed,
                         .user = server };

    TRY(start_hearing(server)); /* before anything is cached */
    TRY(http_start(&app->http, address, &server->http));
    set_cached(server, server->http);
    if (app->folder.lock >= 0) {
        (void)unlink(app->folder.socket.ptr); /* of a server that was killed: the lock is ours */
        TRY(http_listen_local(server->http, app->folder.socket));
    }
    TRY(ledger_start(&ledger, &server->ledger));
    if (lanes) {
        TRY(app_begin_jobs(app));
        TRY(queue_start(&queue, lanes, &server->queue));
    }
    http_set_ready(server->http, true);
    return OK;
}

Err server_start(App *app, Str address, unsigned lanes, Server **ret) {
    CLEANUP(close_server) Server *server = arena_alloc(app->arena, sizeof *server);

    server->app = app;
    (void)pthread_mutex_init(&server->lock, NULL);
    if (address.len == 0)
        address = config_str(app->folder.config, CONFIG_HTTP_LISTEN);
    TRY(start_parts(server, address, lanes));
    *ret = server;
    server = NULL;
    return OK;
}

int server_port(const Server *server) {
    return http_port(server->http);
}

void server_stop(Server *server) {
    set_cached(server, NULL);
    if (server->http)
        http_stop(server->http);
    if (server->queue)
        queue_stop(server->queue);
    if (server->ledger)
        ledger_stop(server->ledger);
    stop_hearing(server);
    if (server->app->folder.lock >= 0)
        (void)unlink(server->app->folder.socket.ptr);
}

static sigset_t stop_signals(void) {
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

void server_block_signals(void) {
    sigset_t set = stop_signals();

    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

void server_wait_for_signal(void) {
    sigset_t set = stop_signals();
    int got;

    (void)sigwait(&set, &got);
}
