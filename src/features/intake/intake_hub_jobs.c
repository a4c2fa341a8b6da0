/* features/intake/intake_hub_jobs.c - asks hubs to bring what is new, or to stop, many at once. */
#include "conf/conf.h"
#include "db/db.h"
#include "features/intake/intake_feed_service.h"
#include "features/intake/intake_hub_service.h"
#include "features/intake/intake_jobs.h"
#include "features/site/site.h"
#include "net/net.h"
#include "text/html_url.h"

enum { BATCH = 16, ASK_MS = 20000, ANSWER_BYTES = 16 << 10 };

typedef struct Task {
    IntakeHub hub; /* id 0: nobody is asked */
} Task;

static Err read_job(const Job *job, int64_t *ret_id, int64_t *ret_run) {
    const Json *run = json_get(job->payload, "run");

    if (!str_parse_int(json_get_text(job->payload, "hub"), ret_id) || !run || run->type != JSON_INT)
        return FAIL(ERR_BUG, NULL, N_("This program does not know how to do this job."));
    *ret_run = run->integer;
    return OK;
}

static Err submit(Ctx *ctx, Net *gate, NetQueue *queue, Task *task) {
    static const NetHeader headers[] = { { S_INIT("Content-Type"),
                                           S_INIT("application/x-www-form-urlencoded") } };
    NetRequest request = { .method = NET_POST,
                           .url = task->hub.target,
                           .headers = headers,
                           .header_count = COUNT_OF(headers),
                           .follow = NET_FOLLOW_NEVER,
                           .limits = { .total_ms = ASK_MS, .body_bytes = ANSWER_BYTES },
                           .may_cut = true };

    Err err = intake_hub_form(ctx, &task->hub, &request.body);
    if (err.code != ERR_OK) {
        bool is_leaving = str_eq(task->hub.wish, S("unsubscribe"));
        int64_t id = task->hub.id;
        task->hub.id = 0;
        return is_leaving ? OK : intake_hub_renew_secret(ctx, id);
    }
    net_submit(gate, &request, queue, task);
    return OK;
}

static Err take_answer(Ctx *ctx, const NetResponse *response) {
    const Task *task = response->user;
    Str location = net_header(response, S("location"));
    HubAnswer answer = { .status = response->outcome == NET_ANSWERED ? response->status : 0,
                         .body = response->body,
                         .retry_after_ms = response->retry_after_ms };

    if (location.len > 0)
        answer.location = html_url_resolve(ctx->arena, location, response->url);
    return intake_hub_answered(ctx, task->hub.id, task->hub.run, &answer);
}

static void close_queue(NetQueue **queue) {
    if (*queue)
        net_queue_free(*queue);
}

static void keep_first(Err *first, Err err) {
    if (first->code == ERR_OK)
        *first = err;
}

/* What does not come in time is no loss: the next step is planned. */
static Err ask_all(Ctx *ctx, Net *gate, Task *tasks, size_t count) {
    int64_t lease_ms = config_int(ctx->config, CONFIG_QUEUE_LEASE_MS);
    int64_t until_ms = clock_monotonic_ms(ctx->clock) + lease_ms * 2 / 3;
    CLEANUP(close_queue) NetQueue *queue = net_queue_new(gate);
    Err first = OK;

    for (size_t i = 0; i < count; i++)
        if (tasks[i].hub.id)
            keep_first(&first, submit(ctx, gate, queue, &tasks[i]));
    while (net_queue_count(queue) > 0) {
        int64_t left = until_ms - clock_monotonic_ms(ctx->clock);
        CLEANUP(net_response_close) NetResponse *response = net_take(queue, left > 0 ? left : 0);
        if (!response)
            break;
        ctx->now_ms = clock_now_ms(ctx->clock);
        keep_first(&first, take_answer(ctx, response));
    }
    return first;
}

static Err ask(Ctx *ctx, const Job *jobs, size_t count) {
    Task *tasks = arena_array(ctx->arena, count, sizeof *tasks);
    Net *gate = intake_gate();
    int64_t id, run;
    Site site;

    if (!gate)
        return FAIL(ERR_BUSY, NULL, N_("This program fetches nothing. A running server does."));
    TRY(site_get(ctx, &site));
    for (size_t i = 0; i < count; i++) {
        TRY(read_job(&jobs[i], &id, &run));
        TRY(intake_hub_step(ctx, id, run, &tasks[i].hub));
        if (site.is_demo && !intake_feed_is_own_machine(ctx->arena, tasks[i].hub.target))
            tasks[i].hub.id = 0;
    }
    return ask_all(ctx, gate, tasks, count);
}

const JobKind intake_hub_kind = {
    .kind = "feed.hub", .lane = LANE_DELIVER, .batch = ask, .batch_max = BATCH
};
