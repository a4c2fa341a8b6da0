/*
 * http/worker.c - threads that run parked requests from start to end, each with its own connection to the storage.
 * server->lock guards the queue and the counts; it is taken before libmicrohttpd's own locks, never inside them
 * but by its I/O threads in workers_park, which hold none of the library's then.
 */
#include <errno.h>
#include <time.h>

#include "base/log.h"
#include "http/exchange.h"
#include "http/reply.h"
#include "http/request.h"
#include "pack/coding.h"

enum { IDLE_SECONDS = 30, IDLE_KEPT = 2, CODED_FROM_BYTES = 860 };

/* ---- the answer as the library wants it ---- */

struct MHD_Response *response_of(const Outgoing *out, bool is_copied) {
    CLEANUP(arena_close) Arena *scratch = arena_new(0);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(out->body.len, (void *)(uintptr_t)out->body.ptr,
                                        is_copied ? MHD_RESPMEM_MUST_COPY : MHD_RESPMEM_PERSISTENT);

    if (!response)
        return NULL;
    for (size_t i = 0; i < out->headers.len; i++)
        (void)MHD_add_response_header(response, str_to_c(scratch, out->headers.items[i].name),
                                      str_to_c(scratch, out->headers.items[i].value));
    if (out->is_closing)
        (void)MHD_add_response_header(response, "Connection", "close");
    return response;
}

static bool is_text(Str type) {
    return str_starts(type, S("text/")) || str_starts(type, S("application/json")) ||
           str_contains(type, S("+json")) || str_contains(type, S("xml"));
}

/* The body in the coding that the client asked for, once for all who come after it. */
static Err put_coding(Exchange *exchange, Outgoing *out) {
    Arena *arena = exchange->work_arena;
    Str coded, etag = headers_get(&out->headers, S("etag"));

    if (exchange->coding == CODING_NONE || out->body.len < CODED_FROM_BYTES ||
        !is_text(headers_get(&out->headers, S("content-type"))) ||
        headers_count(&out->headers, S("content-encoding")) > 0)
        return OK;
    if (exchange->coding == CODING_BR)
        TRY(pack_brotli(arena, out->body, PACK_QUICK, &coded));
    else
        TRY(pack_gzip(arena, out->body, PACK_QUICK, &coded));
    out->body = coded;
    TRY(headers_put(arena, &out->headers, S("Content-Encoding"), coding_name(exchange->coding),
                    true));
    if (etag.len < 2)
        return OK;
    etag = str_format(arena, "%.*s-%.*s\"", STR_ARG(str_slice(etag, 0, etag.len - 1)),
                      STR_ARG(coding_name(exchange->coding)));
    return headers_put(arena, &out->headers, S("ETag"), etag, true);
}

static void keep_page(Exchange *exchange, const Outgoing *out) {
    struct MHD_Response *page = response_of(out, true);

    if (page && !cache_put(exchange->server->core->cache, exchange->key, exchange->moment,
                           out->tags, out->tag_count, page, out->body.len))
        MHD_destroy_response(page);
}

static void make_unchanged(Exchange *exchange, Outgoing *out) {
    Str asked = headers_get(&exchange->in.headers, S("if-none-match"));

    if (out->status != 200 || !request_none_match(asked, headers_get(&out->headers, S("etag"))))
        return;
    out->status = 304;
    out->body = STR_EMPTY;
}

static void finish(Exchange *exchange, Outgoing *out) {
    if (out->is_cacheable && exchange->may_cache) {
        Err err = put_coding(exchange, out);
        if (err.code != ERR_OK)
            log_err(NULL, "http.coding", err);
        keep_page(exchange, out);
    }
    if (str_eq(exchange->in.method, S("GET")) || str_eq(exchange->in.method, S("HEAD")))
        make_unchanged(exchange, out);
    exchange->status = out->status;
    exchange->response = response_of(out, false);
}

/* ---- one request ---- */

static void log_answer(const Ctx *ctx, const Exchange *exchange, const Outgoing *out) {
    int64_t ms = clock_monotonic_ms(ctx->clock) - exchange->started_ms;

    if (out->is_unlogged)
        return;
    log_line(ctx, LOG_INFO, "http.answer",
             LOG_FIELDS({ "method", exchange->in.method },
                        { "route", out->pattern ? str_from_c(out->pattern) : S("-") },
                        { "status", str_from_int(ctx->arena, out->status) },
                        { "ms", str_from_int(ctx->arena, ms) },
                        { "sql", str_from_int(ctx->arena, out->sql_statements) }));
}

static void run_exchange(Exchange *exchange, Db *db, Err without_db) {
    HttpServer *server = exchange->server;
    const HttpApp *app = server->app;
    Outgoing out = { 0 };
    Ctx ctx = { .db = db,
                .config = app->config,
                .clock = app->clock,
                .chance = app->chance,
                .ids = app->ids,
                .lang = exchange->wishes.lang,
                .request_id = exchange->request_id };

    if (!exchange->work_arena)
        exchange->work_arena = arena_new(0);
    arena_set_budget(exchange->work_arena,
                     (size_t)config_int(app->config, CONFIG_ARENA_REQUEST_BYTES));
    ctx.arena = exchange->work_arena;
    ctx.now_ms = clock_now_ms(app->clock);
    exchange->moment = cache_moment(server->core->cache); /* before anything is read */
    if (without_db.code == ERR_OK) {
        run_request(server->core, &ctx, &exchange->in, exchange->wishes, &out);
    } else {
        log_err(&ctx, "http.no_storage", without_db);
        reply_problem(ctx.arena, ctx.lang, ctx.request_id, 503, without_db, &out);
    }
    atomic_fetch_add(&server->core->metrics->sql_statements, (uint64_t)out.sql_statements);
    finish(exchange, &out);
    log_answer(&ctx, exchange, &out);
}

/* ---- threads ---- */

/* The lock is held. False when the thread should end. */
static bool wait_for_work(HttpServer *server) {
    struct timespec until;

    while (!server->first && !server->is_stopping) {
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += IDLE_SECONDS;
        server->idle_workers++;
        int late = pthread_cond_timedwait(&server->work, &server->lock, &until);
        server->idle_workers--;
        if (late == ETIMEDOUT && !server->first && server->workers > IDLE_KEPT)
            return false;
    }
    return server->first != NULL; /* while stopping the queue is still worked off */
}

static Exchange *take_parked(HttpServer *server) {
    Exchange *exchange = server->first;

    server->first = exchange->next;
    if (!server->first)
        server->last = NULL;
    exchange->next = NULL;
    server->waiting--;
    atomic_fetch_sub(&server->core->metrics->waiting, 1);
    return exchange;
}

/* Opened with the first request and again after a failure. */
static Err open_storage(const HttpServer *server, Db **db) {
    if (*db || !server->app->store)
        return OK;
    return db_open(server->app->store, db);
}

static void *work(void *user) {
    HttpServer *server = user;
    Db *db = NULL;

    pthread_mutex_lock(&server->lock);
    while (wait_for_work(server)) {
        Exchange *exchange = take_parked(server);
        pthread_mutex_unlock(&server->lock);
        Err err = open_storage(server, &db);
        run_exchange(exchange, db, err);
        /* From here the exchange is its I/O thread's again. */
        MHD_resume_connection(exchange->library);
        pthread_mutex_lock(&server->lock);
        server->parked--;
        if (server->parked == 0)
            pthread_cond_broadcast(&server->rest);
    }
    server->workers--;
    atomic_store(&server->core->metrics->workers, server->workers);
    /* Closed under the lock, so that whoever waits for the last worker finds all connections closed. */
    if (db)
        db_close(db);
    pthread_cond_broadcast(&server->rest);
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

/* The lock is held. */
static void start_worker(HttpServer *server) {
    pthread_t thread;
    pthread_attr_t attributes;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, work, server) == 0)
        server->workers++;
    pthread_attr_destroy(&attributes);
    atomic_store(&server->core->metrics->workers, server->workers);
}

bool workers_park(Exchange *exchange) {
    HttpServer *server = exchange->server;
    size_t most = (size_t)server->workers_max * WAITING_PER_WORKER;

    pthread_mutex_lock(&server->lock);
    if ((size_t)server->idle_workers <= server->waiting && server->workers < server->workers_max)
        start_worker(server);
    bool is_taken = !server->is_stopping && server->waiting < most && server->workers > 0;
    if (is_taken) {
        connection_phase(server->connections, exchange->connection, PHASE_WORK, 0);
        MHD_suspend_connection(exchange->library);
        pthread_mutex_lock(&server->pool_lock);
        server->owed++;
        pthread_mutex_unlock(&server->pool_lock);
        exchange->is_owed = true;
        if (server->last)
            server->last->next = exchange;
        else
            server->first = exchange;
        server->last = exchange;
        server->waiting++;
        server->parked++;
        atomic_fetch_add(&server->core->metrics->waiting, 1);
        atomic_fetch_add(&server->core->metrics->parked, 1);
        pthread_cond_signal(&server->work);
    }
    pthread_mutex_unlock(&server->lock);
    return is_taken;
}

void workers_stop(HttpServer *server) {
    pthread_mutex_lock(&server->lock);
    server->is_stopping = true;
    pthread_cond_broadcast(&server->work);
    pthread_cond_broadcast(&server->tick);
    while (server->parked > 0 || server->workers > 0)
        pthread_cond_wait(&server->rest, &server->lock);
    pthread_mutex_unlock(&server->lock);
}
