/* http/own.c - the routes of the room itself: is it alive, is it ready, its counters, its description. */
#include "base/log.h"
#include "http/core.h"

/* From this machine and not through a proxy: counters are nobody else's business. */
static bool is_from_here(const Request *req) {
    const HttpHeaders *headers = &req->in->headers;

    if (req->in->way != WAY_NET)
        return true;
    return req->in->is_loopback && !req->in->is_from_proxy &&
           headers_count(headers, S("forwarded")) == 0 &&
           headers_count(headers, S("x-forwarded-for")) == 0 &&
           headers_count(headers, S("x-forwarded-proto")) == 0;
}

static Err get_health(Ctx *ctx, const Request *req, Response *res) {
    (void)ctx;
    (void)req;
    return res_bytes(res, 200, "text/plain; charset=utf-8", S("ok\n"));
}

static Err get_ready(Ctx *ctx, const Request *req, Response *res) {
    (void)ctx;
    if (!atomic_load(&req->core->is_ready))
        return res_bytes(res, 503, "text/plain; charset=utf-8", S("not ready\n"));
    return res_bytes(res, 200, "text/plain; charset=utf-8", S("ready\n"));
}

enum { GAUGES_MAX = 16 };

/* What is owed and overdue is told even with nobody signed in; storage that does not answer leaves the rest. */
static void put_gauges(Ctx *ctx, const Request *req, Buf *out) {
    HttpGauge gauges[GAUGES_MAX];
    size_t len = 0;

    if (!req->core->app->hooks.gauges)
        return;
    Err err = req->core->app->hooks.gauges(ctx, gauges, GAUGES_MAX, &len);
    if (err.code != ERR_OK) {
        log_err(ctx, "metrics.gauges", err);
        return;
    }
    for (size_t i = 0; i < len; i++)
        metrics_gauge(out, gauges[i].name, gauges[i].value);
}

static Err get_metrics(Ctx *ctx, const Request *req, Response *res) {
    Buf out = buf_new(ctx->arena, 0);

    if (!is_from_here(req))
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such page."));
    metrics_write(req->core->metrics, req->core->cache, &out);
    put_gauges(ctx, req, &out);
    TRY(buf_check(&out));
    return res_bytes(res, 200, "text/plain; version=0.0.4; charset=utf-8", buf_str(&out));
}

static Err get_openapi(Ctx *ctx, const Request *req, Response *res) {
    Buf out = buf_new(ctx->arena, 0);

    TRY(openapi_write(ctx->arena, req->core->router, &req->core->app->hooks, &out));
    return res_bytes(res, 200, "application/json", buf_str(&out));
}

const Route own_routes[] = {
    { "GET", "/healthz", CAP_READ, NULL, get_health, NULL, ROUTE_RAW, NULL,
      "Says that the process answers.", NULL },
    { "GET", "/readyz", CAP_READ, NULL, get_ready, NULL, ROUTE_RAW, NULL,
      "Says whether the server takes requests; 503 while it starts or stops.", NULL },
    { "GET", "/metrics", CAP_READ, NULL, get_metrics, NULL, ROUTE_RAW, NULL,
      "Counters as Prometheus text, from this machine only.", NULL },
    { "GET", "/openapi.json", CAP_READ, NULL, get_openapi, NULL, ROUTE_RAW, NULL,
      "This description.", NULL },
    { 0 },
};
