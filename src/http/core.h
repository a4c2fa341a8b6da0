/* http/core.h - what all requests of one server share; read-only after start but for atomics and locked parts. */
#ifndef HTTP_CORE_H
#define HTTP_CORE_H

#include "http/guard.h"
#include "http/metrics.h"
#include "http/rate.h"
#include "http/request.h"
#include "http/response.h"
#include "http/server.h"

typedef struct HttpCore HttpCore;
struct HttpCore {
    const HttpApp *app;
    Arena *arena; /* of the core itself */
    Router *router;
    GuardRules guard;
    Metrics *metrics;
    PageCache *cache; /* NULL for http_call */
    SignInRate *rate;
    const Json *assets;     /* of "page": {site_css: "/assets/site.HASH.css"} */
    uint64_t first_request; /* random, so that request ids of two runs differ */
    _Atomic(uint64_t) requests;
    _Atomic(bool) is_ready;
    bool shows_cost;   /* http.show_cost */
    bool is_insecure;  /* site.insecure */
    bool is_run_twice; /* LIANDONG_RUN_TWICE=1: each act is run again once, as after a lost batch */
    int64_t session_s; /* how long the cookie of a session is kept */
};

/*
 * Compiles and checks the tables. Owned by the caller, core_free. app outlives it. ERR_BUG with the row in args
 * (their text lives in scratch).
 */
CHECKED Err core_new(Arena *scratch, const HttpApp *app, HttpCore **ret);
void core_free(HttpCore *core);
uint64_t core_next_request(HttpCore *core);

/* The rows of the room itself: /healthz /readyz /metrics /openapi.json. */
extern const Route own_routes[];

/* The OpenAPI 3.1 document (http_openapi). */
CHECKED Err openapi_write(Arena *arena, const Router *router, const HttpHooks *hooks, Buf *out);

/* core_new's second half: models against templates (ERR_BUG with the row in args). */
CHECKED Err core_check_models(Arena *arena, const HttpCore *core);

/* Asset addresses: "/assets/charts/echarts.HASH.js" for the path "charts/echarts.js". */
Str asset_address(Arena *arena, const HttpAsset *asset);

#endif
