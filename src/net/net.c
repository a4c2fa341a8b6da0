/*
 * net/net.c - the door of the gate: requests are taken in, judged and numbered; answers wait for
 * their caller.
 */
#include "net/net.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

#include "conf/conf.h"
#include "net/retry.h"
#include "net/task.h"

enum { RATE_WINDOW_MS = 10000, HEADER_LINE_BYTES = 8192 };

int64_t net_now_ms(void) {
    return clock_monotonic_ms(clock_system());
}

static bool is_value_allowed(Str value) {
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];

        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

/* ---- the gate ---- */

Net *net_new(const NetHow *how) {
    Arena *arena = arena_new(0);
    Net *net = arena_alloc(arena, sizeof *net);
    const struct Config *config = how->config;

    *net = (Net){ .arena = arena, .how = *how, .wake_fd = -1, .epoll_fd = -1, .timer_ms = -1 };
    Str agent = str_concat(arena, S("Liandong/"), how->version);
    if (how->site_url.len > 0)
        agent = str_format(arena, "%.*s (+%.*s)", STR_ARG(agent), STR_ARG(how->site_url));
    assert(is_value_allowed(agent));
    net->agent = str_to_c(arena, agent);
    if (!how->lookup)
        net->how.lookup = net_lookup_system;
    net->opened = net_ranges(arena, config_list(config, CONFIG_NET_ALLOW));
    net->connections = config_int(config, CONFIG_NET_CONNECTIONS);
    net->waiting_max = config_int(config, CONFIG_NET_WAITING);
    net->ratio = config_int(config, CONFIG_NET_RATIO);
    net->idle_ms = config_int(config, CONFIG_NET_IDLE_MS);
    net->limits = (NetLimits){
        .total_ms = config_int(config, CONFIG_NET_TOTAL_MS),
        .connect_ms = config_int(config, CONFIG_NET_CONNECT_MS),
        .head_ms = config_int(config, CONFIG_NET_HEAD_MS),
        .rate_bytes = config_int(config, CONFIG_NET_RATE_BYTES),
        .rate_window_ms = RATE_WINDOW_MS,
        .header_bytes = config_int(config, CONFIG_NET_HEADER_BYTES),
        .wire_bytes = config_int(config, CONFIG_NET_WIRE_BYTES),
        .body_bytes = config_int(config, CONFIG_NET_BODY_BYTES),
        .redirects = config_int(config, CONFIG_NET_REDIRECTS),
        .host_connections = (int)config_int(config, CONFIG_NET_HOST_CONNECTIONS),
    };
    pthread_mutex_init(&net->lock, NULL);
    pthread_mutex_init(&net->robots_lock, NULL);
    return net;
}

void net_free(Net *net) {
    if (!net)
        return;
    pthread_mutex_lock(&net->lock);
    net->is_over = true;
    pthread_mutex_unlock(&net->lock);
    if (net->is_started) {
        loop_wake(net);
        pthread_join(net->thread, NULL);
    }
    if (net->wake_fd >= 0)
        close(net->wake_fd);
    if (net->epoll_fd >= 0)
        close(net->epoll_fd);
    aged_free(net->robots);
    pthread_mutex_destroy(&net->robots_lock);
    pthread_mutex_destroy(&net->lock);
    arena_free(net->arena);
}

/* ---- queues ---- */

NetQueue *net_queue_new(Net *net) {
    Arena *arena = arena_new(0);
    NetQueue *queue = arena_alloc(arena, sizeof *queue);
    pthread_condattr_t attributes;

    queue->arena = arena;
    queue->net = net;
    pthread_mutex_init(&queue->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&queue->came, &attributes);
    pthread_condattr_destroy(&attributes);
    return queue;
}

void net_queue_free(NetQueue *queue) {
    if (!queue)
        return;
    pthread_mutex_lock(&queue->lock);
    bool is_open = queue->open > 0; /* then the net is still there */
    pthread_mutex_unlock(&queue->lock);
    if (is_open) {
        atomic_store(&queue->is_dropped, true);
        pthread_mutex_lock(&queue->net->lock);
        queue->net->has_dropped = true;
        loop_wake(queue->net);
        pthread_mutex_unlock(&queue->net->lock);
    }
    pthread_mutex_lock(&queue->lock);
    while (queue->open > 0)
        pthread_cond_wait(&queue->came, &queue->lock);
    pthread_mutex_unlock(&queue->lock);
    for (NetResponse *response; (response = net_take(queue, 0));)
        net_response_free(response);
    pthread_cond_destroy(&queue->came);
    pthread_mutex_destroy(&queue->lock);
    arena_free(queue->arena);
}

void net_answer(Task *task, NetOutcome outcome) {
    NetResponse *response = &task->response;
    NetQueue *queue = task->queue;
    Clock *clock = queue->net->how.clock;

    response->outcome = outcome;
    if (response->err.code == ERR_OK)
        response->err = outcome_err(outcome, task->url.host);
    response->url = task->url.text;
    response->hops = task->hops.items;
    response->hop_count = task->hops.len;
    response->headers = task->got.items;
    response->header_count = task->got.len;
    response->retry_after_ms =
        net_retry_after(net_header(response, S("retry-after")), clock_now_ms(clock));
    pthread_mutex_lock(&queue->lock);
    task->next = NULL;
    *(queue->last ? &queue->last->next : &queue->first) = task;
    queue->last = task;
    queue->open--;
    queue->ready++;
    pthread_cond_broadcast(&queue->came);
    pthread_mutex_unlock(&queue->lock);
}

static struct timespec time_after(int64_t wait_ms) {
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += wait_ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return until;
}

NetResponse *net_take(NetQueue *queue, int64_t wait_ms) {
    struct timespec until = time_after(wait_ms > 0 ? wait_ms : 0);
    int code = wait_ms == 0 ? ETIMEDOUT : 0;

    pthread_mutex_lock(&queue->lock);
    while (!queue->first && code != ETIMEDOUT)
        code = wait_ms < 0 ? pthread_cond_wait(&queue->came, &queue->lock)
                           : pthread_cond_timedwait(&queue->came, &queue->lock, &until);
    Task *task = queue->first;
    if (task) {
        queue->first = task->next;
        if (!queue->first)
            queue->last = NULL;
        queue->ready--;
    }
    pthread_mutex_unlock(&queue->lock);
    if (!task)
        return NULL;
    atomic_fetch_sub(&queue->held_bytes, task->held_bytes);
    return &task->response;
}

size_t net_queue_count(NetQueue *queue) {
    pthread_mutex_lock(&queue->lock);
    size_t count = queue->open + queue->ready;
    pthread_mutex_unlock(&queue->lock);
    return count;
}

/* ---- answers ---- */

void net_response_free(NetResponse *response) {
    if (response)
        arena_free(response->arena);
}

void net_response_close(NetResponse **response) {
    net_response_free(*response);
    *response = NULL;
}

Str net_header(const NetResponse *response, Str name) {
    for (size_t i = 0; i < response->header_count; i++) {
        if (str_eq_nocase(response->headers[i].name, name))
            return response->headers[i].value;
    }
    return STR_EMPTY;
}

/* ---- requests ---- */

/* A token (RFC 9110, 5.6.2), and none of those that the gate or libcurl write. */
static bool is_name_allowed(Str name) {
    static const Str ours[] = {
        S_INIT("host"),       S_INIT("user-agent"), S_INIT("content-length"),
        S_INIT("connection"), S_INIT("expect"),     S_INIT("transfer-encoding"),
        S_INIT("te"),         S_INIT("trailer"),    S_INIT("accept-encoding"),
        S_INIT("upgrade"),    S_INIT("referer"),    S_INIT("from"),
        S_INIT("cookie"),     S_INIT("keep-alive"), S_INIT("proxy-authorization"),
    };

    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            (c == '\0' || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    for (size_t i = 0; i < COUNT_OF(ours); i++) {
        if (str_eq_nocase(name, ours[i]))
            return false;
    }
    return name.len > 0;
}

static Err copy_headers(Task *task, const NetRequest *request) {
    Arena *arena = task->response.arena;
    NetHeader *copies = arena_array(arena, request->header_count, sizeof *copies);

    for (size_t i = 0; i < request->header_count; i++) {
        NetHeader header = request->headers[i];

        if (!is_name_allowed(header.name) || !is_value_allowed(header.value) ||
            header.name.len + header.value.len > HEADER_LINE_BYTES)
            return FAIL(ERR_INVALID, "headers",
                        N_("This request has a header that cannot be sent."));
        copies[i] =
            (NetHeader){ str_dup(arena, header.name), str_dup(arena, str_trim(header.value)) };
    }
    task->headers = copies;
    task->header_count = request->header_count;
    return OK;
}

static int64_t lower_of(int64_t wanted, int64_t most) {
    return wanted > 0 && wanted < most ? wanted : most;
}

static NetLimits limits_of(const Net *net, const NetLimits *wanted) {
    const NetLimits *most = &net->limits;

    return (NetLimits){
        .total_ms = lower_of(wanted->total_ms, most->total_ms),
        .connect_ms = lower_of(wanted->connect_ms, most->connect_ms),
        .head_ms = lower_of(wanted->head_ms, most->head_ms),
        /* Of these two the stricter one is the higher, and the shorter. */
        .rate_bytes = wanted->rate_bytes > most->rate_bytes ? wanted->rate_bytes : most->rate_bytes,
        .rate_window_ms = lower_of(wanted->rate_window_ms, most->rate_window_ms),
        .header_bytes = lower_of(wanted->header_bytes, most->header_bytes),
        .wire_bytes = lower_of(wanted->wire_bytes, most->wire_bytes),
        .body_bytes = lower_of(wanted->body_bytes, most->body_bytes),
        .redirects = wanted->redirects < 0 ? 0 : lower_of(wanted->redirects, most->redirects),
        .host_connections = (int)lower_of(wanted->host_connections, most->host_connections),
    };
}

static Task *task_new(const Net *net, const NetRequest *request, NetQueue *queue, void *user) {
    Arena *arena = arena_new(0);
    Task *task = arena_alloc(arena, sizeof *task);

    task->response.arena = arena;
    task->response.user = user;
    task->queue = queue;
    task->method = request->method;
    task->follow = request->follow;
    task->may_cut = request->may_cut;
    task->body = str_dup(arena, request->body);
    task->limits = limits_of(net, &request->limits);
    task->submitted_ms = net_now_ms();
    return task;
}

/* False when there is no place for another. */
static bool hand_over(Net *net, Task *task) {
    pthread_mutex_lock(&net->lock);
    bool may = !net->is_over && (int64_t)net->waiting < net->waiting_max &&
               (net->is_started || loop_start(net));
    if (may) {
        *(net->inbox_last ? &net->inbox_last->next : &net->inbox_first) = task;
        net->inbox_last = task;
        net->waiting++;
        loop_wake(net);
    }
    pthread_mutex_unlock(&net->lock);
    return may;
}

void net_submit(Net *net, const NetRequest *request, NetQueue *queue, void *user) {
    Task *task = task_new(net, request, queue, user);

    assert(queue->net == net);
    assert(request->method == NET_POST || request->body.len == 0);
    pthread_mutex_lock(&queue->lock);
    queue->open++;
    pthread_mutex_unlock(&queue->lock);
    Err err = copy_headers(task, request);
    if (err.code == ERR_OK)
        err = net_url_read(task->response.arena, request->url, &task->url);
    task->asked = task->url.text;
    if (err.code != ERR_OK) {
        task->response.err = err;
        net_answer(task, err.code == ERR_IO ? NET_BUSY : NET_REFUSED_URL);
    } else if (!hand_over(net, task)) {
        net_answer(task, NET_BUSY);
    }
}

NetResponse *net_fetch(Net *net, const NetRequest *request) {
    NetQueue *queue = net_queue_new(net);

    net_submit(net, request, queue, NULL);
    NetResponse *response = net_take(queue, -1);
    net_queue_free(queue);
    return response;
}
