/* features/intake/intake_jobs.c - fetches the feeds that are due, many at once, one request at a time per host. */
#include "conf/conf.h"
#include "db/db.h"
#include "features/intake/intake_feed_service.h"
#include "features/intake/intake_feed_store.h"
#include "features/intake/intake_jobs.h"
#include "features/site/site.h"
#include "net/net.h"
#include "text/feed.h"

enum {
    BATCH = 32,
    FETCH_MS = 25000, /* of one fetch, its redirects included */
    HEADERS_MAX = 3
};

static Net *gate; /* set once before any thread starts */

void intake_use(Net *net) {
    gate = net;
}

Net *intake_gate(void) {
    return gate;
}

typedef struct Task {
    IntakeFeed feed;
    IntakeState state;
    int64_t run;
    bool is_asked, is_answered;
    bool is_barred; /* a demonstration asks only itself */
} Task;

static Err read_task(Ctx *ctx, const Job *job, Task *ret) {
    const Json *run = json_get(job->payload, "run");
    int64_t id = 0;

    if (!str_parse_int(json_get_text(job->payload, "feed"), &id) || !run || run->type != JSON_INT)
        return FAIL(ERR_BUG, NULL, N_("This program does not know how to do this job."));
    ret->run = run->integer;
    TRY(intake_feed_store_get(ctx, id, &ret->feed));
    if (!ret->feed.id || ret->feed.run != ret->run || !str_eq(ret->feed.state, S("active")))
        return OK; /* planned anew, paused or ended meanwhile */
    ret->is_asked = true;
    return intake_feed_store_states(ctx, &id, 1, &ret->state);
}

static void submit(NetQueue *queue, Task *task) {
    NetHeader headers[HEADERS_MAX] = {
        { S("Accept"), S("application/atom+xml, application/rss+xml, application/feed+json,"
                         " application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8,"
                         " */*;q=0.1") },
    };
    NetRequest request = {
        .method = NET_GET,
        .url = task->feed.url,
        .headers = headers,
        .header_count = 1,
        .limits = { .total_ms = FETCH_MS, .body_bytes = FEED_BYTES, .host_connections = 1 }
    };

    if (task->state.etag.len > 0)
        headers[request.header_count++] = (NetHeader){ S("If-None-Match"), task->state.etag };
    if (task->state.last_modified.len > 0)
        headers[request.header_count++] =
            (NetHeader){ S("If-Modified-Since"), task->state.last_modified };
    net_submit(gate, &request, queue, task);
}

static Str links_of(const NetResponse *response) {
    Str links = STR_EMPTY;

    for (size_t i = 0; i < response->header_count; i++)
        if (str_eq(response->headers[i].name, S("link")))
            links = str_format(response->arena, "%.*s,%.*s", STR_ARG(links),
                               STR_ARG(response->headers[i].value));
    return links;
}

static IntakeAnswer answer_of(const NetResponse *response) {
    return (IntakeAnswer){
        .links = links_of(response),
        .outcome = str_from_c(net_outcome_word(response->outcome)),
        .is_cancelled = response->outcome == NET_CANCELLED || response->outcome == NET_BUSY,
        .status = response->status,
        .url = response->url,
        .moved_url = response->moved_url,
        .content_type = net_header(response, S("content-type")),
        .etag = net_header(response, S("etag")),
        .last_modified = net_header(response, S("last-modified")),
        .cache_control = net_header(response, S("cache-control")),
        .retry_after_ms = response->retry_after_ms,
        .body = response->body,
        .took_ms = response->total_ms,
    };
}

/* In memory of its own: a large feed is more than a batch may hold at a time. */
static Err take_in(Ctx *ctx, Task *task, const IntakeAnswer *answer) {
    CLEANUP(arena_close)
    Arena *work = arena_new((size_t)config_int(ctx->config, CONFIG_ARENA_JOB_BYTES));
    Ctx part = *ctx;

    part.arena = work;
    part.changed.items = NULL;
    part.changed.len = part.changed.cap = 0;
    part.now_ms = clock_now_ms(ctx->clock);
    task->is_answered = true;
    Err err = intake_answer(&part, task->feed.id, task->run, answer);
    db_reset(ctx->db);
    for (size_t i = 0; i < COUNT_OF(err.args); i++)
        err.args[i] = str_dup(ctx->arena, err.args[i]);
    return err;
}

/* The first failure is told, after all others had their turn: who has been served does nothing when run again. */
static void keep_first(Err *first, Err err) {
    if (first->code == ERR_OK)
        *first = err;
}

static Err take_answers(Ctx *ctx, NetQueue *queue, int64_t until_ms) {
    Err first = OK;

    while (net_queue_count(queue) > 0) {
        int64_t left = until_ms - clock_monotonic_ms(ctx->clock);
        CLEANUP(net_response_close) NetResponse *response = net_take(queue, left > 0 ? left : 0);
        if (!response)
            break;
        IntakeAnswer answer = answer_of(response);
        keep_first(&first, take_in(ctx, response->user, &answer));
    }
    return first;
}

static void close_queue(NetQueue **queue) {
    if (*queue)
        net_queue_free(*queue);
}

static Err read_tasks(Ctx *ctx, const Job *jobs, size_t count, Task *tasks) {
    Site site;

    TRY(site_get(ctx, &site));
    for (size_t i = 0; i < count; i++) {
        TRY(read_task(ctx, &jobs[i], &tasks[i]));
        tasks[i].is_barred = site.is_demo && !intake_feed_is_own_machine(tasks[i].feed.url);
    }
    return OK;
}

/* Those that nobody was asked for: barred, or kept waiting by a busy host until the lease runs out. */
static Err take_rest(Ctx *ctx, Task *tasks, size_t count, Err first) {
    const IntakeAnswer later = { .is_cancelled = true, .retry_after_ms = -1 };
    const IntakeAnswer barred = { .outcome = S("demo"), .retry_after_ms = -1 };

    for (size_t i = 0; i < count; i++)
        if (tasks[i].is_asked && !tasks[i].is_answered)
            keep_first(&first, take_in(ctx, &tasks[i], tasks[i].is_barred ? &barred : &later));
    return first;
}

static Err poll(Ctx *ctx, const Job *jobs, size_t count) {
    int64_t lease_ms = config_int(ctx->config, CONFIG_QUEUE_LEASE_MS);
    int64_t until_ms = clock_monotonic_ms(ctx->clock) + lease_ms * 2 / 3;
    Task *tasks = arena_array(ctx->arena, count, sizeof *tasks);

    if (!gate)
        return FAIL(ERR_BUSY, NULL, N_("This program fetches nothing. A running server does."));
    TRY(read_tasks(ctx, jobs, count, tasks));
    CLEANUP(close_queue) NetQueue *queue = net_queue_new(gate);
    for (size_t i = 0; i < count; i++)
        if (tasks[i].is_asked && !tasks[i].is_barred)
            submit(queue, &tasks[i]);
    return take_rest(ctx, tasks, count, take_answers(ctx, queue, until_ms));
}

const JobKind intake_poll_kind = {
    .kind = "feed.poll", .lane = LANE_DELIVER, .batch = poll, .batch_max = BATCH
};
