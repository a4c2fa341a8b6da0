/* app/server.c - starts and stops the parts of a running alliance in the right order. */
#include "app/server.h"

#include <signal.h>
#include <unistd.h>

#include "base/log.h"
#include "features/intake/intake_feed.h"

struct Server {
    App *app;
    HttpServer *http;
    QueueRunner *queue;
    LedgerRunner *ledger;
};

/* Entries that were placed change the pages of their subjects: "being entered" becomes a position. */
static void on_placed(void *user, const int64_t *subject_ids, size_t count) {
    Server *server = user;
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str *tags = arena_array(arena, count + 1, sizeof(Str));

    for (size_t i = 0; i < count; i++)
        tags[i] = str_format(arena, "article:%lld", (long long)subject_ids[i]);
    tags[count] = S("log");
    http_cache_drop(server->http, tags, count + 1);
}

static void close_server(Server **server) {
    if (*server)
        server_stop(*server);
}

static Err start_parts(Server *server, Str address, unsigned lanes) {
    App *app = server->app;
    QueueApp queue = { app->folder.config, app->store, app->ids, clock_system(), chance_system() };
    LedgerApp ledger = { .config = app->folder.config,
                         .store = app->store,
                         .ids = app->ids,
                         .clock = clock_system(),
                         .chance = chance_system(),
                         .key = &app->key,
                         .hooks = { on_placed, server } };

    TRY(http_start(&app->http, address, &server->http));
    if (app->folder.lock >= 0) {
        (void)unlink(app->folder.socket.ptr); /* of a server that was killed: the lock is ours */
        TRY(http_listen_local(server->http, app->folder.socket));
    }
    TRY(ledger_start(&ledger, &server->ledger));
    if (lanes) {
        int64_t planned;
        app->ctx.now_ms = clock_now_ms(clock_system());
        TRY(intake_feed_plan(&app->ctx, false, &planned));
        TRY(queue_start(&queue, lanes, &server->queue));
    }
    http_set_ready(server->http, true);
    return OK;
}

Err server_start(App *app, Str address, unsigned lanes, Server **ret) {
    CLEANUP(close_server) Server *server = arena_alloc(app->arena, sizeof *server);

    server->app = app;
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
    if (server->http)
        http_stop(server->http);
    if (server->queue)
        queue_stop(server->queue);
    if (server->ledger)
        ledger_stop(server->ledger);
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
