/*
 * http/run.c - one request from its route to its answer. The tags dropped during a handler are noted per thread
 * (noting), since the queue that drops them knows no request.
 */
#include "http/run.h"

#include <assert.h>
#include <time.h>

#include "base/log.h"
#include "base/percent.h"
#include "http/access.h"
#include "http/lang.h"
#include "http/page.h"
#include "http/path.h"
#include "http/pending.h"
#include "http/reply.h"
#include "http/run_key.h"

enum {
    AGAIN_SQLITE = 1,
    AGAIN_POSTGRES = 6, /* many who file at one outlet want its next number */
    PAUSE_MS = 20,      /* the first; doubles, with as much jitter */
    KEEP_BYTES = 256 << 10,
    NOTED_MAX = 64
};

typedef struct Noted {
    Arena *arena;
    Str tags[NOTED_MAX];
    size_t len;
} Noted;

static _Thread_local Noted *noting; /* of the request this thread runs; NULL outside */

void run_note_tags(const Str *tags, size_t count) {
    for (size_t i = 0; noting && i < count && noting->len < NOTED_MAX; i++)
        noting->tags[noting->len++] = str_dup(noting->arena, tags[i]);
}

Wishes run_wishes(const Incoming *in) {
    Str type = headers_get(&in->headers, S("content-type"));
    bool is_program = in->way != WAY_NET || str_starts(type, S("application/json")) ||
                      headers_get(&in->headers, S("authorization")).len > 0;
    Wishes wishes = {
        .form = negotiate_form(headers_get(&in->headers, S("accept")),
                               is_program ? FORM_JSON : FORM_PAGE),
        .lang = catalogue_choose(query_lang(in->query),
                                 headers_get(&in->headers, S("accept-language"))),
    };

    /* A restored history entry must be a whole page (htmx asks for it with both headers). */
    if (wishes.form == FORM_PAGE && str_eq(headers_get(&in->headers, S("hx-request")), S("true")) &&
        !str_eq(headers_get(&in->headers, S("hx-history-restore-request")), S("true")))
        wishes.form = FORM_FRAGMENT;
    return wishes;
}

/* ---- one round ---- */

typedef struct Run {
    HttpCore *core;
    Ctx *ctx;
    const Incoming *in;
    Outgoing *out;
    Request req;
    RouteMatch match;
    int status;       /* of an error, where it is not reply_status; 0 otherwise */
    bool is_answered; /* out is complete without a handler */
    bool is_allowed;  /* who asks may do what the row does */
} Run;

static Err not_found(void) {
    return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such page."));
}

static Err no_method(Run *run) {
    Str list = method_list(run->ctx->arena, run->match.methods);

    TRY(headers_put(run->ctx->arena, &run->out->headers, S("Allow"), list, true));
    if (str_eq(run->in->method, S("OPTIONS"))) {
        run->out->status = 204;
        run->is_answered = true;
        reply_security(run->ctx->arena, false, &run->out->headers);
        return OK;
    }
    run->status = 405;
    return FAIL_ARGS(ERR_INVALID, NULL, N_("This address answers only to {0}."), list);
}

/* "/outlets/" is "/outlets". */
static Err without_slash(Run *run) {
    RouteMatch match;
    Str path = run->in->path, query = run->in->query;

    if (path.len < 2 || path.ptr[path.len - 1] != '/')
        return not_found();
    path = str_slice(path, 0, path.len - 1);
    if (!path_is_safe(path) ||
        router_find(run->core->router, run->ctx->arena, METHOD_GET, path, &match) != ROUTE_FOUND)
        return not_found();
    if (query.len > 0)
        path = str_format(run->ctx->arena, "%.*s?%.*s", STR_ARG(path), STR_ARG(query));
    run->is_answered = true;
    return reply_redirect(run->ctx->arena, 308, path, run->out);
}

static Err find_row(Run *run) {
    Method method = method_of(run->in->method);

    if (!method) {
        run->status = 501;
        return FAIL(ERR_INVALID, NULL, N_("This server does not know that method."));
    }
    switch (router_find(run->core->router, run->ctx->arena, method, run->in->path, &run->match)) {
    case ROUTE_FOUND:
        break;
    case ROUTE_NONE:
        return without_slash(run);
    case ROUTE_BAD_METHOD:
        return no_method(run);
    case ROUTE_BAD_PATH:
        return FAIL(ERR_INVALID, NULL, N_("The address of the request is malformed."));
    }
    const Route *route = run->match.row->route;
    run->req.row = run->match.row;
    run->out->pattern = route->pattern;
    run->out->is_unlogged = (route->flags & ROUTE_NO_KEY) != 0;
    if (route->flags & ROUTE_LONG)
        arena_set_budget(run->ctx->arena,
                         (size_t)config_int(run->ctx->config, CONFIG_ARENA_IMPORT_BYTES));
    return OK;
}

/*
 * The handler, its answer and the row of the key, if there is one, in one transaction: an act whose answer cannot be
 * made is not stored, so that a failure never speaks of something done.
 */
static Err act(Run *run) {
    Ctx *ctx = run->ctx;
    const Row *row = run->req.row;
    bool is_act = row->method != METHOD_GET && !(row->route->flags & ROUTE_NO_KEY);
    RunKey key;
    Response res = response_new(ctx->arena);

    TRY(run_key_find(ctx, &run->req, &key, run->out, &run->is_answered));
    if (run->is_answered)
        return OK;
    if (is_act)
        db_hold(ctx);
    Err err = row->route->handler(ctx, &run->req, &res);
    if (err.code == ERR_OK)
        err = reply_response(ctx, &run->req, &res, 0, run->out);
    if (is_act) {
        if (err.code == ERR_OK && key.is_used && db_is_open(ctx))
            err = run_key_store(ctx, &run->req, &key, run->out);
        Err end = db_hold_end(ctx, err.code == ERR_OK);
        err = err.code == ERR_OK ? end : err;
    }
    return err;
}

static Err run_once(Run *run) {
    Ctx *ctx = run->ctx;
    Err at_fault;

    Err found = find_row(run);
    TRY(access_who(ctx, &run->req)); /* also for the page that says there is none */
    TRY(found);
    if (run->is_answered)
        return OK;
    Err unread = request_read(ctx->arena, &run->req, &run->match, &at_fault);
    if (unread.code == ERR_REFUSED) /* no form of ours has such a field: none is shown again */
        run->status = err_http_status(unread);
    TRY(unread);
    TRY(access_origin(&run->req));
    Err denied = access_may(ctx, &run->req, at_fault, &run->status);
    if (denied.code != ERR_OK && run->status == ACCESS_STEP_UP && pending_is_kept(ctx, &run->req)) {
        run->is_answered = true;
        return pending_show(ctx, &run->req, run->out);
    }
    if (denied.code != ERR_OK) {
        run->is_answered = access_send_elsewhere(ctx, &run->req, run->status, run->out);
        return run->is_answered ? OK : denied;
    }
    run->is_allowed = true;
    TRY(at_fault);
    TRY(access_precondition(&run->req, &run->status));
    TRY(access_rate(ctx, &run->req));
    Err err = act(run);
    access_rate_end(ctx, &run->req, err, run->out->keeps_rate);
    return err;
}

/* ---- the form shown again ---- */

static bool is_for_form(const Run *run, Err err) {
    const Request *req = &run->req;

    return req->row && req->row->form && req->form == FORM_PAGE &&
           (err.code == ERR_INVALID || err.code == ERR_LIMIT || err.code == ERR_CONFLICT ||
            err.code == ERR_REFUSED) &&
           req->values && run->status == 0;
}

/* The address of a row's page. */
static Str row_path(Arena *arena, const Row *row, const FieldValue *values) {
    Str path = str_from_c(row->route->pattern);

    for (const Field *field = row->route->fields; field && field->name; field++) {
        size_t index = (size_t)(field - row->route->fields);
        if (field->place != IN_PATH)
            continue;
        path = str_replace(arena, path, str_format(arena, "{%s}", field->name),
                           percent_encode(arena, values[index].text));
    }
    return path;
}

/* The page of the form with what was typed, under the error's status. */
static Err show_form(Run *run, Err failed, Outgoing *out) {
    Ctx *ctx = run->ctx;
    Request again = run->req;
    Response res = response_new(ctx->arena);
    int status = 0;

    again.row = run->req.row->form;
    TRY(request_from_form(ctx->arena, &again, &run->req));
    if (!run->is_allowed) /* what could not be read came before the question who may */
        TRY(access_may(ctx, &again, OK, &status));
    again.path = row_path(ctx->arena, again.row, again.values);
    TRY(again.row->route->handler(ctx, &again, &res));
    if (res.kind != RESPONSE_MODEL)
        return FAIL(ERR_BUG, NULL, N_("The page of a form answered without a model."));
    page_form(ctx, &again, &run->req, failed, res.value);
    res.tag_count = 0; /* never kept: it holds one reader's words */
    return reply_response(ctx, &again, &res, reply_status(&run->req, failed), out);
}

static void answer_error(Run *run, Err err) {
    int status = run->status ? run->status : reply_status(&run->req, err);
    HttpHeaders allow = run->out->headers;
    Outgoing out = { .pattern = run->out->pattern, .is_unlogged = run->out->is_unlogged };

    if (err.code == ERR_BUG || err.code == ERR_IO || (err.code == ERR_BUSY && err.retry))
        log_err(run->ctx, "http.failed", err);
    Err shown = FAIL(ERR_NOT_FOUND, NULL, N_("There is no form to show."));
    if (is_for_form(run, err))
        shown = show_form(run, err, &out);
    if (shown.code != ERR_OK) {
        if (is_for_form(run, err) && run->is_allowed)
            log_err(run->ctx, "http.form", shown);
        out = (Outgoing){ .pattern = run->out->pattern, .is_unlogged = run->out->is_unlogged };
        if (status == 405)
            out.headers = allow;
        reply_error(run->ctx, &run->req, status, err, &out);
    }
    *run->out = out;
}

/* ---- rounds ---- */

static void start_request(Run *run, Wishes wishes) {
    const Incoming *in = run->in;
    Request *req = &run->req;
    bool is_local;

    req->in = in;
    req->core = run->core;
    req->form = wishes.form;
    req->path = in->path;
    req->origin = guard_origin(run->ctx->arena, &run->core->guard, in, &req->is_https, &is_local);
    req->is_secure = req->is_https || is_local;
    if (in->way == WAY_NET && req->is_secure)
        req->cookie_name = S("__Host-liandong");
    else if (in->way == WAY_NET && run->core->is_insecure)
        req->cookie_name = S("liandong_plain");
}

static void pause_before(Ctx *ctx, int round) {
    uint32_t jitter;

    chance_fill(ctx->chance, &jitter, sizeof jitter);
    int64_t ms = (int64_t)PAUSE_MS << round;
    int64_t ns = (ms + (int64_t)(jitter % (uint32_t)ms)) * 1000000;
    struct timespec pause = { ns / 1000000000, ns % 1000000000 };
    nanosleep(&pause, NULL);
}

static int rounds_of(const HttpCore *core, const Ctx *ctx) {
    if (!ctx->db || db_driver(ctx->db) == DB_SQLITE)
        return AGAIN_SQLITE + core->is_run_twice;
    return AGAIN_POSTGRES + core->is_run_twice;
}

/* One round with the connection brought back to rest. */
static Err settled_round(Run *run, bool is_to_fail) {
    Db *db = run->ctx->db;

    if (is_to_fail && db)
        db_busy_at(db, 0);
    Err err = run_once(run);
    if (!db)
        return err;
    if (is_to_fail)
        db_busy_at(db, -1);
    return db_settle(run->ctx, err);
}

static void put_cost(Ctx *ctx, const HttpCore *core, Outgoing *out) {
    if (ctx->db)
        out->sql_statements = db_cost(ctx->db).statements;
    if (!core->shows_cost)
        return;
    headers_add(ctx->arena, &out->headers, S("Server-Timing"),
                str_format(ctx->arena, "sql;desc=\"%lld\", arena;desc=\"%zu\"",
                           (long long)out->sql_statements, arena_used(ctx->arena)));
}

void run_request(HttpCore *core, Ctx *ctx, const Incoming *in, Wishes wishes, Outgoing *out) {
    const Ctx fresh = *ctx;
    Noted noted = { .arena = arena_new(0) };
    Run run;
    Err err;

    assert(!noting);
    noting = &noted;
    if (ctx->db)
        db_cost_reset(ctx->db);
    for (int round = 0;; round++) {
        *ctx = fresh;
        *out = (Outgoing){ 0 };
        run = (Run){ .core = core, .ctx = ctx, .in = in, .out = out };
        start_request(&run, wishes);
        err = settled_round(&run, core->is_run_twice && round == 0);
        if (ctx->db)
            db_reset(ctx->db);
        if (err.code != ERR_BUSY || !err.retry || round == rounds_of(core, ctx))
            break;
        atomic_fetch_add(&core->metrics->run_again, 1);
        arena_reset(ctx->arena, KEEP_BYTES);
        if (!core->is_run_twice)
            pause_before(ctx, round);
    }
    if (err.code != ERR_OK)
        answer_error(&run, err);
    if (ctx->db)
        db_reset(ctx->db);
    noting = NULL;
    /* The act's own, by its events: also after a failure, whose commit may have happened all the same. */
    if (core->cache && ctx->changed.len > 0)
        cache_drop(core->cache, ctx->changed.items, ctx->changed.len);
    if (core->cache && noted.len > 0)
        cache_drop(core->cache, noted.tags, noted.len);
    arena_free(noted.arena);
    put_cost(ctx, core, out);
}
