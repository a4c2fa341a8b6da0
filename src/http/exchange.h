/* http/exchange.h - one request of a server on its way between I/O thread and worker. Private to the server. */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include <microhttpd.h>
#include <pthread.h>

#include "http/body.h"
#include "http/connection.h"
#include "http/run.h"

enum {
    EXCHANGES_KEPT = 64, /* arenas of that many are kept for the next requests */
    KEEP_IN_BYTES = 64 << 10,
    KEEP_WORK_BYTES = 256 << 10,
    SWEEP_MS = 1000,
    LAST_ANSWERS_S = 5,     /* so long the end waits for answers to leave */
    WAITING_PER_WORKER = 64 /* parked requests beyond which new ones get 503 */
};

typedef struct Exchange Exchange;
struct Exchange {
    Exchange *next; /* in the pool, or in the queue of parked ones */
    HttpServer *server;
    struct MHD_Connection *library; /* libmicrohttpd's */
    Connection *connection;
    Arena *in_arena;   /* what arrived; lives until the answer has left */
    Arena *work_arena; /* of the act, and the answer's bytes; NULL until parked once */
    Incoming in;
    Str target;
    Body body;
    Wishes wishes;
    Coding coding;
    CacheKey key;
    uint64_t moment; /* of the cache, when it was looked at */
    int64_t started_ms;
    uint64_t request_id;
    bool is_checked;               /* the guard let it pass */
    bool may_cache;                /* nobody is signed in */
    bool has_failed;               /* its body could not be kept */
    bool is_owed;                  /* it was parked: counted until its answer has left */
    int status;                    /* of response */
    struct MHD_Response *response; /* ready, not yet queued */
};

typedef struct Asset {
    Str path;                      /* "/assets/site.HASH.css" */
    struct MHD_Response *coded[3]; /* by Coding; NULL where coding gains nothing */
} Asset;

struct HttpServer {
    HttpCore *core;
    Arena *arena; /* of the thread that starts and stops; no other allocates here */
    const HttpApp *app;
    Connections *connections;
    struct MHD_Daemon *net, *local;
    int port;
    Str local_path; /* removed at the end; empty without one */
    Asset *assets;
    size_t asset_count;

    pthread_mutex_t pool_lock; /* guards pool_arena to owed; innermost */
    Arena *pool_arena;         /* the exchanges themselves */
    Exchange *pool;
    size_t pool_count;
    size_t owed; /* parked requests whose answers have not left, or whose clients have not gone */
    pthread_cond_t told; /* none is owed any more */

    pthread_mutex_t lock;      /* guards all below; taken before libmicrohttpd's own */
    pthread_cond_t work, rest; /* a request is parked; no request is parked or a worker ended */
    pthread_cond_t tick;       /* the sweeper's, signalled at the end */
    Exchange *first, *last;
    size_t waiting; /* in the queue */
    size_t parked;  /* in the queue or with a worker */
    int workers, idle_workers, workers_max;
    bool is_stopping;

    pthread_t sweeper;
    bool has_sweeper;
};

Exchange *exchange_take(HttpServer *server);
void exchange_release(Exchange *exchange);

/* A library response of out's bytes: borrowed (they live until the request is completed) or copied. */
struct MHD_Response *response_of(const Outgoing *out, bool is_copied);

/*
 * Suspends the request and gives it to a worker. False when too many wait or the server stops: then the caller
 * answers 503.
 */
bool workers_park(Exchange *exchange);
/* Refuses new requests, waits until no request is parked and every worker has ended. */
void workers_stop(HttpServer *server);

/* The library's callbacks (intake.c). */
void *intake_target(void *user, const char *target, struct MHD_Connection *library);
enum MHD_Result intake_request(void *user, struct MHD_Connection *library, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *data_len, void **state);
void intake_completed(void *user, struct MHD_Connection *library, void **state,
                      enum MHD_RequestTerminationCode why);
void intake_connection(void *user, struct MHD_Connection *library, void **state,
                       enum MHD_ConnectionNotificationCode what);
size_t intake_unescape(void *user, struct MHD_Connection *library, char *text);

/* assets.c: prepares all of them; finds one by its path. */
CHECKED Err assets_prepare(HttpServer *server);
void assets_close(HttpServer *server);
const Asset *assets_find(const HttpServer *server, Str path);

#endif
