/* http/server.h - the server seam: what app/ hands to http/, and how it runs. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "conf/conf.h"
#include "db/db.h"
#include "http/route.h"
#include "view/view.h"

/* A line of /metrics: liandong_{name} {value}. */
typedef struct HttpGauge {
    const char *name;
    int64_t value;
} HttpGauge;

/* What http/ needs to know of people and of pages, given by app/ (architecture.md 2). */
typedef struct HttpHooks {
    /* Fills actor, person_id, person_name, is_stepped_up of ctx from a session token, and the token
     * that forms of this session must carry. An unknown or ended session leaves ACTOR_NOBODY. */
    Err (*session)(Ctx *ctx, Str session_token, Str *ret_csrf);
    /* The same from a bearer token of a program. ERR_UNAUTHENTICATED when unknown. */
    Err (*bearer)(Ctx *ctx, Str bearer_token);
    /* True in *ret when the actor of ctx holds cap (for ctx->outlet_id where per outlet); sets ctx->role,
     * ctx->outlet_no. */
    Err (*may)(Ctx *ctx, int cap, bool is_per_outlet, bool *ret);
    /* What a repeated Idempotency-Key answered: found, or stored in the act's own transaction. */
    Err (*key_find)(Ctx *ctx, Str key, Str route, Str body_hash, bool *ret_found, int *ret_status,
                    Str *ret_type, Str *ret_location, Str *ret_body);
    Err (*key_store)(Ctx *ctx, Str key, Str route, Str body_hash, int status, Str type,
                     Str location, Str body);
    /* The product's own capabilities by name, for the description of the routes; empty when unknown. */
    Str (*cap_name)(int cap);
    /* The frame of every page: site name, who is signed in, navigation, demo mark; merged under "page". */
    Err (*frame)(Ctx *ctx, const Request *req, Json *page);
    /* The refusal, 1..99, that a field of this name would break, whatever its route; 0: none. May be NULL. */
    int (*refused_name)(Str name);
    /* More lines of /metrics, each a gauge's name and value; NULL: none. When it fails they are left out. */
    Err (*gauges)(Ctx *ctx, HttpGauge *ret, size_t max, size_t *ret_len);
} HttpHooks;

/*
 * A file served under /assets/{name}.{hash}.{extension} for ever; path is "name.extension". One without bytes has
 * no address: pages find null in its place.
 */
typedef struct HttpAsset {
    const char *path;         /* "site.css", "charts/echarts.js" */
    const char *content_type; /* "text/css; charset=utf-8" */
    Str bytes;                /* lives as long as the server */
    const char *hash;         /* 8..64 letters and digits that change with the bytes */
} HttpAsset;

typedef struct HttpApp {
    const Config *config;
    DbStore *store;
    struct Ids *ids;
    Clock *clock;
    Chance *chance;
    const ViewSet *views;
    const Route **tables; /* each ends with { 0 }; the list ends with NULL */
    HttpHooks hooks;
    const HttpAsset *assets; /* asset_count of them; NULL for none */
    size_t asset_count;
    /*
     * What hooks.frame puts under "page", as in KEYS, beside http's own: lang html_lang other_lang_url csrf path
     * request title insecure assets{site_css ...: an asset's address under its path with _ for other signs}.
     */
    const char *page_keys; /* NULL for none */
    Str temp_folder;       /* where large uploads wait; empty keeps them in memory */
} HttpApp;

typedef struct HttpServer HttpServer;

/*
 * Checks the whole table (capability set, patterns unique, fields named, models' templates exist and use
 * only their keys): ERR_BUG with the row in args. Then listens. address is "ADDR:PORT"; port 0 picks a
 * free one. ERR_IO when the address is taken.
 */
CHECKED Err http_start(const HttpApp *app, Str address, HttpServer **ret);
int http_port(const HttpServer *server);
/* Also answers on a UNIX socket for the command line: the peer (SO_PEERCRED) is the owner or root. */
CHECKED Err http_listen_local(HttpServer *server, Str socket_path);
/*
 * Refuses new requests, finishes parked ones, lets their answers leave (up to 5 s), stops. Not before all of them
 * are resumed: the library would wait for them for ever.
 */
void http_stop(HttpServer *server);
/* False while stopping or before the first sequencing; shown by /readyz. */
void http_set_ready(HttpServer *server, bool is_ready);

/*
 * Drops every cached page that carries one of the tags; returns when none can be served any more. To be called
 * after the commit that changed them. Called inside a handler, before its commit, it drops at once and again
 * before the handler's answer leaves.
 */
void http_cache_drop(HttpServer *server, const Str *tags, size_t count);
/* The same for every page: when what changed is not known. Not inside a handler. */
void http_cache_drop_all(HttpServer *server);

/*
 * One request without a socket: the command line in its own process, and tests. The caller's ctx names the
 * actor (operator). The same checks, without CSRF and cookies.
 */
typedef struct HttpCall {
    Str method, path; /* with its query */
    Str body;         /* JSON, or empty */
    Str content_type;
} HttpCall;
CHECKED Err http_call(const HttpApp *app, Ctx *ctx, const HttpCall *call, int *ret_status,
                      Str *ret_body);

/* The OpenAPI 3.1 document of the tables. */
CHECKED Err http_openapi(Arena *arena, const HttpApp *app, Buf *out);

#endif
