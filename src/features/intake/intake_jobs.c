/* features/intake/intake_jobs.c - fetches the feeds that are due, many at once, one request at a time per host. */
#include "base/vec.h"
#include "conf/conf.h"
#include "db/db.h"
#include "features/intake/intake_feed_service.h"
#include "features/intake/intake_feed_store.h"
#include "features/intake/intake_flights.h"
#include "features/intake/intake_jobs.h"
#include "features/site/site.h"
#include "net/net.h"
#include "text/feed.h"

enum {
    BATCH = 128,
    FETCH_MS = 25000,  /* of one fetch, its redirects included */
    GATHER_MS = 20,    /* without an answer; then those that came are stored */
    PATIENCE_MS = 500, /* without an answer; then others that are due get their turn */
    HEADERS_MAX = 3
};

static Net *gate; /* both set once before any thread starts */
static Flights *flights;

void intake_use(Net *net) {
    gate = net;
    intake_flights_free(flights);
    flights = net ? intake_flights_new(net) : NULL;
}

Net *intake_gate(void) {
    return gate;
}

typedef struct Task {
    IntakeFeed feed;
    IntakeState state;
    int64_t run;
    bool is_asked;
    bool is_barred; /* a demonstration asks only itself */
} Task;

static Err read_job(const Job *job, int64_t *ret_feed_id, int64_t *ret_run) {
    const Json *run = json_get(job->payload, "run");

    if (!str_parse_int(json_get_text(job->payload, "feed"), ret_feed_id) || !run ||
        run->type != JSON_INT)
        return FAIL(ERR_BUG, NULL, N_("This program does not know how to do this job."));
    *ret_run = run->integer;
    return OK;
}

static void submit(const Task *task) {
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
    intake_flights_begin(flights, task->feed.id, task->run, &request);
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

/* Does the work in memory of its own: a large feed is more than a batch may hold at a time. */
static Err apart(Ctx *ctx, const IntakeCame *came, size_t count) {
    CLEANUP(arena_close)
    Arena *work = arena_new((size_t)config_int(ctx->config, CONFIG_ARENA_JOB_BYTES));
    Ctx part = *ctx;

    part.arena = work;
    part.changed.items = NULL;
    part.changed.len = part.changed.cap = 0;
    part.now_ms = clock_now_ms(ctx->clock);
    Err err = count == 1 ? intake_answer(&part, came->feed_id, came->run, came->answer)
                         : intake_answer_many(&part, came, count);
    db_reset(ctx->db);
    for (size_t i = 0; i < part.changed.len; i++)
        *(Str *)VEC_PUSH(ctx->arena, &ctx->changed) = str_dup(ctx->arena, part.changed.items[i]);
    for (size_t i = 0; i < COUNT_OF(err.args); i++)
        err.args[i] = str_dup(ctx->arena, err.args[i]);
    return err;
}

static Err take_in(Ctx *ctx, int64_t feed_id, int64_t run, const IntakeAnswer *answer) {
    return apart(ctx, &(IntakeCame){ feed_id, run, answer }, 1);
}

/* The first failure is told, after all others had their turn: who has been served does nothing when run again. */
static void keep_first(Err *first, Err err) {
    if (first->code == ERR_OK)
        *first = err;
}

/* Somebody answers slowly while others wait for their turn, and there is room for them. */
static Err may_leave(Ctx *ctx, bool *ret) {
    *ret = false;
    if (intake_flights_count(flights) >= FLIGHTS_LEFT_MAX)
        return OK;
    ctx->now_ms = clock_now_ms(ctx->clock);
    return job_is_due(ctx, LANE_DELIVER, ret);
}

/* Light answers that wait for one another, to be stored together. */
typedef struct Group {
    NetResponse *responses[FEED_CAME_MAX];
    IntakeAnswer answers[FEED_CAME_MAX];
    IntakeCame came[FEED_CAME_MAX];
    size_t len;
} Group;

/* Together, or where that fails one by one. */
static void store_group(Ctx *ctx, Group *group, Err *first) {
    bool is_stored = group->len > 1 && apart(ctx, group->came, group->len).code == ERR_OK;

    for (size_t i = 0; i < group->len; i++) {
        if (!is_stored)
            keep_first(first, apart(ctx, &group->came[i], 1));
        net_response_free(group->responses[i]);
    }
    group->len = 0;
}

static void take_one(Ctx *ctx, Group *group, NetResponse *response, int64_t feed_id, int64_t run,
                     Err *first) {
    IntakeAnswer *answer = &group->answers[group->len];

    *answer = answer_of(response);
    if (!intake_answer_is_light(answer)) {
        keep_first(first, take_in(ctx, feed_id, run, answer));
        net_response_free(response);
        return;
    }
    group->came[group->len] = (IntakeCame){ feed_id, run, answer };
    group->responses[group->len++] = response;
    if (group->len == FEED_CAME_MAX)
        store_group(ctx, group, first);
}

/* Takes in whatever comes, of this batch or left by an earlier one, until nothing is under way or others are due. */
static Err take_answers(Ctx *ctx, int64_t until_ms) {
    Group *group = arena_alloc(ctx->arena, sizeof *group);
    Err first = OK;

    while (group->len > 0 || intake_flights_count(flights) > 0) {
        int64_t left = until_ms - clock_monotonic_ms(ctx->clock), feed_id, run;
        int64_t most_ms = group->len > 0 ? GATHER_MS : PATIENCE_MS;
        bool is_time = left <= most_ms;
        NetResponse *response = intake_flights_take(flights,
                                                    !is_time   ? most_ms
                                                    : left > 0 ? left
                                                               : 0,
                                                    &feed_id, &run);
        if (response) {
            take_one(ctx, group, response, feed_id, run, &first);
        } else if (group->len > 0) {
            store_group(ctx, group, &first);
        } else {
            if (!is_time)
                keep_first(&first, may_leave(ctx, &is_time));
            if (is_time || first.code != ERR_OK)
                break;
        }
    }
    return first;
}

static Err read_tasks(Ctx *ctx, const Job *jobs, size_t count, Task *tasks) {
    IntakeFeed *feeds = arena_array(ctx->arena, count, sizeof *feeds);
    IntakeState *states = arena_array(ctx->arena, count, sizeof *states);
    int64_t *ids = arena_array(ctx->arena, count, sizeof *ids);
    Site site;

    for (size_t i = 0; i < count; i++)
        TRY(read_job(&jobs[i], &ids[i], &tasks[i].run));
    TRY(site_get(ctx, &site));
    TRY(intake_feed_store_get_many(ctx, ids, count, feeds));
    TRY(intake_feed_store_states(ctx, ids, count, states));
    for (size_t i = 0; i < count; i++) {
        bool is_planned = feeds[i].id && feeds[i].run == tasks[i].run;
        tasks[i].feed = feeds[i];
        tasks[i].state = states[i];
        /* Else it was planned anew, paused or ended meanwhile. */
        tasks[i].is_asked = is_planned && str_eq(feeds[i].state, S("active"));
        tasks[i].is_barred = site.is_demo && !intake_feed_is_own_machine(ctx->arena, feeds[i].url);
    }
    return OK;
}

/*
 * What is still under way stays so: whoever takes answers next takes that too. A job of its own comes for it later, for the
 * program may end meanwhile.
 */
static Err take_rest(Ctx *ctx, const Task *tasks, size_t count, Err first) {
    const IntakeAnswer later = { .is_cancelled = true, .retry_after_ms = -1 };
    const IntakeAnswer barred = { .outcome = S("demo"), .retry_after_ms = -1 };

    for (size_t i = 0; i < count; i++)
        if (tasks[i].is_asked && tasks[i].is_barred)
            keep_first(&first, take_in(ctx, tasks[i].feed.id, tasks[i].run, &barred));
        else if (tasks[i].is_asked && intake_flights_leave(flights, tasks[i].feed.id, tasks[i].run))
            keep_first(&first, take_in(ctx, tasks[i].feed.id, tasks[i].run, &later));
    return first;
}

static Err poll(Ctx *ctx, const Job *jobs, size_t count) {
    int64_t lease_ms = config_int(ctx->config, CONFIG_QUEUE_LEASE_MS);
    int64_t until_ms = clock_monotonic_ms(ctx->clock) + lease_ms * 2 / 3;
    Task *tasks = arena_array(ctx->arena, count, sizeof *tasks);

    if (!flights)
        return FAIL(ERR_BUSY, NULL, N_("This program fetches nothing. A running server does."));
    TRY(read_tasks(ctx, jobs, count, tasks));
    for (size_t i = 0; i < count; i++)
        if (tasks[i].is_asked && !tasks[i].is_barred)
            submit(&tasks[i]);
    return take_rest(ctx, tasks, count, take_answers(ctx, until_ms));
}

const JobKind intake_poll_kind = {
    .kind = "feed.poll", .lane = LANE_DELIVER, .batch = poll, .batch_max = BATCH
};
