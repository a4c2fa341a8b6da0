/*
 * net/loop.c - the thread that drives all transfers: epoll for libcurl's sockets, an eventfd for
 * the rest. What it shares with others stands under net->lock (task.h); everything else is its own.
 */
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "conf/conf.h"
#include "net/task.h"

enum { TICK_MS = 100, EVENTS_AT_ONCE = 256, STACK_BYTES = 512 << 10 };

void loop_wake(const Net *net) {
    uint64_t one = 1;

    if (net->wake_fd >= 0 && write(net->wake_fd, &one, sizeof one) < 0)
        return; /* the counter is full: it is awake anyway */
}

/* ---- libcurl's wishes ---- */

static int watch_socket(CURL *easy, curl_socket_t socket, int what, void *user, void *mark) {
    Net *net = user;
    struct epoll_event event = { .data.fd = socket };

    (void)easy;
    (void)mark;
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(net->epoll_fd, EPOLL_CTL_DEL, socket, NULL);
        return 0;
    }
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
    if (epoll_ctl(net->epoll_fd, EPOLL_CTL_MOD, socket, &event) != 0)
        (void)epoll_ctl(net->epoll_fd, EPOLL_CTL_ADD, socket, &event);
    return 0;
}

static int set_timer(CURLM *multi, long timeout_ms, void *user) {
    Net *net = user;

    (void)multi;
    net->timer_ms = timeout_ms < 0 ? -1 : net_now_ms() + timeout_ms;
    return 0;
}

static bool open_multi(Net *net) {
    if (net->multi)
        return true;
    net->multi = net->lib->curl_multi_init();
    if (!net->multi)
        return false;
    net->timer_ms = -1;
    net->lib->curl_multi_setopt(net->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    net->lib->curl_multi_setopt(net->multi, CURLMOPT_SOCKETDATA, net);
    net->lib->curl_multi_setopt(net->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    net->lib->curl_multi_setopt(net->multi, CURLMOPT_TIMERDATA, net);
    net->lib->curl_multi_setopt(net->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    net->lib->curl_multi_setopt(net->multi, CURLMOPT_MAXCONNECTS, (long)net->connections);
    return true;
}

/* ---- the way of a task ---- */

static void know(Net *net, Task *task) {
    task->all_prev = NULL;
    task->all_next = net->all;
    if (net->all)
        net->all->all_prev = task;
    net->all = task;
}

static void finish(Net *net, Task *task, NetOutcome outcome) {
    *(task->all_prev ? &task->all_prev->all_next : &net->all) = task->all_next;
    if (task->all_next)
        task->all_next->all_prev = task->all_prev;
    pthread_mutex_lock(&net->lock);
    net->waiting--;
    pthread_mutex_unlock(&net->lock);
    if (task->hops.len > 0 && (outcome == NET_REFUSED_ADDRESS || outcome == NET_REFUSED_URL))
        outcome = NET_REFUSED_REDIRECT;
    if (task->started_ms > 0)
        task->response.total_ms = net_now_ms() - task->started_ms;
    net_answer(task, outcome);
}

static void wait_for_name(Net *net, Task *task) {
    task->line_prev = NULL;
    task->line_next = net->naming;
    if (net->naming)
        net->naming->line_prev = task;
    net->naming = task;
}

static void leave_naming(Net *net, Task *task) {
    if (net->naming != task && !task->line_prev)
        return; /* its name was known */
    *(task->line_prev ? &task->line_prev->line_next : &net->naming) = task->line_next;
    if (task->line_next)
        task->line_next->line_prev = task->line_prev;
    task->line_next = task->line_prev = NULL;
}

/* Wherever it stands, it leaves. */
static void end(Net *net, Task *task, NetOutcome outcome) {
    if (task->state == TASK_WAITING || task->state == TASK_READY) {
        hosts_leave(&net->hosts, task);
        if (task->state == TASK_READY)
            hosts_done(&net->hosts, task);
    } else {
        if (task->easy)
            transfer_drop(net, task);
        else
            leave_naming(net, task);
        hosts_done(&net->hosts, task);
        net->running--;
    }
    finish(net, task, outcome);
}

/* The first that we may go to; where there is none, the first connection will tell. */
static const NetAddress *first_address(const Net *net, const Task *task) {
    for (size_t i = 0; i < task->addresses.len; i++)
        if (net_address_is_allowed(&task->addresses.items[i], net->opened))
            return &task->addresses.items[i];
    return &task->addresses.items[0];
}

/* To the line of its address, which leaves the place among all for others. */
static void go_on(Net *net, Task *task, NetLookup lookup, const NetAddresses *addresses) {
    task->response.name_ms = net_now_ms() - task->hop_ms;
    if (lookup != NET_LOOKUP_FOUND) {
        end(net, task, lookup == NET_LOOKUP_NONE ? NET_NAME_NOT_FOUND : NET_NAME_FAILED);
        return;
    }
    task->addresses = *addresses;
    task->ready_ms = net_now_ms();
    net->running--;
    hosts_wait_at(&net->hosts, task, first_address(net, task));
}

/* Its address has a place for it. No time counts the wait. */
static void start_hop(Net *net, Task *task) {
    int64_t waited_ms = net_now_ms() - task->ready_ms;

    net->running++;
    task->response.wait_ms += waited_ms;
    task->started_ms += waited_ms;
    task->hop_ms += waited_ms;
    task->head_from_ms += waited_ms;
    task->rate_from_ms += waited_ms;
    task->state = TASK_NAMING; /* it has a place and no transfer yet */
    if (!open_multi(net) || !transfer_start(net, task)) {
        end(net, task, NET_BUSY);
        return;
    }
    task->state = TASK_RUNNING;
}

static void begin_hop(Net *net, Task *task) {
    NetAddresses addresses = { 0 };
    NetLookup lookup = NET_LOOKUP_FOUND;

    net->running++;
    task->state = TASK_NAMING;
    task->response.status = 0; /* of the hop before */
    task->got.len = 0;
    task->hop_ms = task->head_from_ms = task->rate_from_ms = net_now_ms();
    task->rate_from_bytes = 0;
    if (task->started_ms == 0) {
        task->started_ms = task->hop_ms;
        task->response.wait_ms = task->hop_ms - task->submitted_ms;
    }
    if (task->url.is_address)
        addresses.len = (size_t)net_address_parse(task->url.host, &addresses.items[0]);
    if (addresses.len > 0 ||
        names_ask(net->names, task->url.host, &lookup, &addresses) == NAMES_KNOWN)
        go_on(net, task, lookup, &addresses);
    else
        wait_for_name(net, task);
}

static void end_hop(Net *net, Task *task, CURLcode code) {
    NetOutcome outcome = transfer_end(net, task, code);
    RedirectStep step = outcome == NET_ANSWERED ? redirect_next(task, &outcome) : REDIRECT_NONE;

    hosts_done(&net->hosts, task);
    net->running--;
    if (step == REDIRECT_GO)
        hosts_wait(&net->hosts, task, true);
    else
        finish(net, task, outcome);
}

/* ---- what a round of the loop does ---- */

/* False when the gate is closed. */
static bool take_inbox(Net *net) {
    pthread_mutex_lock(&net->lock);
    Task *list = net->inbox_first;
    bool has_dropped = net->has_dropped, is_over = net->is_over;
    net->inbox_first = net->inbox_last = NULL;
    net->has_dropped = false;
    pthread_mutex_unlock(&net->lock);
    while (list) {
        Task *task = list;

        list = task->next;
        task->next = NULL;
        know(net, task);
        hosts_wait(&net->hosts, task, false);
    }
    for (Task *task = has_dropped ? net->all : NULL, *next; task; task = next) {
        next = task->all_next;
        if (atomic_load(&task->queue->is_dropped))
            end(net, task, NET_CANCELLED);
    }
    return !is_over;
}

static void take_names(Net *net) {
    NamesAnswer answer;

    while (names_next(net->names, &answer)) {
        for (Task *task = net->naming, *next; task; task = next) {
            next = task->line_next;
            if (!str_eq(task->url.host, answer.host))
                continue;
            leave_naming(net, task);
            go_on(net, task, answer.lookup, &answer.addresses);
        }
    }
}

static void start_waiting(Net *net) {
    Task *task;

    while (net->running < net->connections && (task = hosts_next(&net->hosts))) {
        if (task->state == TASK_READY)
            start_hop(net, task);
        else
            begin_hop(net, task);
    }
}

static void take_finished(Net *net) {
    int left;

    for (CURLMsg *message;
         net->multi && (message = net->lib->curl_multi_info_read(net->multi, &left));) {
        Task *task = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode code = message->data.result; /* the message dies with the handle */
        net->lib->curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &task);
        end_hop(net, task, code);
    }
}

/* Bytes of the body that flows: ours until it is sent, then theirs. */
static bool is_slow(Task *task, int64_t bytes, int64_t now_ms) {
    int64_t past_ms = now_ms - task->rate_from_ms;

    if (past_ms < task->limits.rate_window_ms)
        return false;
    if ((bytes - task->rate_from_bytes) * 1000 < task->limits.rate_bytes * past_ms)
        return true;
    task->rate_from_ms = now_ms;
    task->rate_from_bytes = bytes;
    return false;
}

/* NET_ANSWERED: nothing is late. */
static NetOutcome lateness(Task *task, int64_t now_ms) {
    const NetLimits *limits = &task->limits;

    if (task->started_ms == 0 || task->state == TASK_READY)
        return NET_ANSWERED;
    if (now_ms - task->started_ms >= limits->total_ms)
        return NET_TIMED_OUT;
    if (task->state == TASK_WAITING)
        return NET_ANSWERED;
    if (task->state == TASK_RUNNING && task->has_head)
        return is_slow(task, transfer_wire_bytes(task), now_ms) ? NET_TOO_SLOW : NET_ANSWERED;
    int64_t sent = task->state == TASK_RUNNING ? transfer_sent_bytes(task) : 0;
    if (sent > 0 && sent < (int64_t)task->body.len) { /* their time begins when all is there */
        task->head_from_ms = now_ms;
        return is_slow(task, sent, now_ms) ? NET_TOO_SLOW : NET_ANSWERED;
    }
    return now_ms - task->head_from_ms >= limits->head_ms ? NET_TIMED_OUT : NET_ANSWERED;
}

static void end_late(Net *net) {
    int64_t now_ms = net_now_ms();

    for (Task *task = net->all, *next; task; task = next) {
        NetOutcome outcome = lateness(task, now_ms);

        next = task->all_next;
        if (outcome != NET_ANSWERED)
            end(net, task, outcome);
    }
}

/* How long nothing may happen; -1: for ever. */
static int pause_ms(const Net *net, int64_t now_ms, int64_t tick_ms, int64_t idle_from_ms) {
    int64_t until_ms = -1;

    if (net->all)
        until_ms = tick_ms;
    else if (net->multi)
        until_ms = idle_from_ms + net->idle_ms;
    if (net->multi && net->timer_ms >= 0 && (until_ms < 0 || net->timer_ms < until_ms))
        until_ms = net->timer_ms;
    if (until_ms < 0)
        return -1;
    return until_ms > now_ms ? (int)(until_ms - now_ms) : 0;
}

static void wait_and_drive(Net *net, int timeout_ms) {
    struct epoll_event events[EVENTS_AT_ONCE];
    int count = epoll_wait(net->epoll_fd, events, EVENTS_AT_ONCE, timeout_ms), running;
    uint64_t number;

    for (int i = 0; i < count; i++) {
        int fd = events[i].data.fd;
        uint32_t what = events[i].events;

        if (fd == net->wake_fd) {
            if (read(fd, &number, sizeof number) < 0)
                continue; /* somebody else's write is still under way */
        } else if (net->multi) {
            (void)net->lib->curl_multi_socket_action(
                net->multi, fd,
                (what & EPOLLIN ? CURL_CSELECT_IN : 0) | (what & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                    (what & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0),
                &running);
        }
    }
    if (net->multi && net->timer_ms >= 0 && net->timer_ms <= net_now_ms()) {
        net->timer_ms = -1;
        (void)net->lib->curl_multi_socket_action(net->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
}

static void close_multi(Net *net) {
    if (net->multi)
        (void)net->lib->curl_multi_cleanup(net->multi);
    net->multi = NULL;
    net->timer_ms = -1;
}

static void *run(void *user) {
    Net *net = user;
    int64_t tick_ms = 0, idle_from_ms = net_now_ms();

    while (take_inbox(net)) {
        take_names(net);
        start_waiting(net);
        int64_t now_ms = net_now_ms();
        if (net->all)
            idle_from_ms = now_ms;
        else if (now_ms - idle_from_ms >= net->idle_ms)
            close_multi(net);
        wait_and_drive(net, pause_ms(net, now_ms, tick_ms, idle_from_ms));
        take_finished(net);
        now_ms = net_now_ms();
        if (now_ms >= tick_ms) {
            end_late(net);
            tick_ms = now_ms + TICK_MS;
        }
    }
    while (net->all)
        end(net, net->all, NET_CANCELLED);
    close_multi(net);
    names_free(net->names);
    return NULL;
}

/* ---- start ---- */

static bool start_thread(Net *net) {
    pthread_attr_t attributes;
    sigset_t all, before;

    /* Signals are for the main thread; SIGPIPE of a lost connection is for nobody. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    bool is_started = pthread_create(&net->thread, &attributes, run, net) == 0;
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return is_started;
}

bool loop_start(Net *net) {
    struct epoll_event event = { .events = EPOLLIN };

    net->lib = libcurl_get();
    if (!net->lib)
        return false;
    if (net->wake_fd < 0)
        net->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (net->epoll_fd < 0)
        net->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    event.data.fd = net->wake_fd;
    if (net->wake_fd < 0 || net->epoll_fd < 0)
        return false;
    (void)epoll_ctl(net->epoll_fd, EPOLL_CTL_ADD, net->wake_fd, &event);
    const struct Config *config = net->how.config;
    NamesHow how = { .lookup = net->how.lookup,
                     .lookup_user = net->how.lookup_user,
                     .threads = (int)config_int(config, CONFIG_NET_RESOLVE_THREADS),
                     .found_ms = config_int(config, CONFIG_NET_RESOLVE_MS),
                     .missing_ms = config_int(config, CONFIG_NET_RESOLVE_MISSING_MS),
                     .clock = net->how.clock,
                     .wake_fd = net->wake_fd };
    net->hosts = hosts_new(net->arena);
    net->names = names_new(&how);
    net->timer_ms = -1;
    net->is_started = start_thread(net);
    if (!net->is_started)
        names_free(net->names);
    return net->is_started;
}
