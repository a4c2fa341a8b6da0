/*
 * net/hosts.c - who may go next: a line per host, and one per address, for several hosts may be one machine; lines
 * take turns.
 */
#include "base/chance.h"
#include "base/map.h"
#include "net/task.h"

Hosts hosts_new(Arena *arena) {
    Hosts hosts = { .arena = arena };

    hosts.slots = arena_array(arena, HOST_SLOTS, sizeof *hosts.slots);
    chance_fill(chance_system(), &hosts.seed, sizeof hosts.seed);
    return hosts;
}

static uint64_t key_of(const Hosts *hosts, const NetAddress *address) {
    Str bytes = { (const char *)address->bytes, sizeof address->bytes };

    return map_hash(bytes, hosts->seed + 1); /* a name of the same bytes has another key */
}

static Host *host_of(Hosts *hosts, uint64_t key) {
    Host **slot = &hosts->slots[key % HOST_SLOTS];

    for (Host *host = *slot; host; host = host->chain) {
        if (host->key == key)
            return host;
    }
    Host *host = hosts->spare;
    if (host)
        hosts->spare = host->chain;
    else
        host = arena_alloc(hosts->arena, sizeof *host);
    *host = (Host){ .key = key, .chain = *slot };
    *slot = host;
    return host;
}

/* Nobody waits and nobody runs: its place serves another. */
static void give_back(Hosts *hosts, Host *host) {
    Host **link = &hosts->slots[host->key % HOST_SLOTS];

    if (host->first || host->running > 0 || host->is_in_ring)
        return;
    while (*link != host)
        link = &(*link)->chain;
    *link = host->chain;
    host->chain = hosts->spare;
    hosts->spare = host;
}

/* Into the ring, when its first one may run. */
static void consider(Hosts *hosts, Host *host) {
    if (host->is_in_ring || !host->first || host->running >= host->first->limits.host_connections)
        return;
    host->is_in_ring = true;
    host->ring_next = NULL;
    *(hosts->ring_last ? &hosts->ring_last->ring_next : &hosts->ring_first) = host;
    hosts->ring_last = host;
}

static void wait_in(Hosts *hosts, Task *task, Host *host, bool is_first) {
    task->line = host;
    task->line_prev = is_first ? NULL : host->last;
    task->line_next = is_first ? host->first : NULL;
    *(task->line_prev ? &task->line_prev->line_next : &host->first) = task;
    *(task->line_next ? &task->line_next->line_prev : &host->last) = task;
    consider(hosts, host);
}

void hosts_wait(Hosts *hosts, Task *task, bool is_first) {
    task->host = host_of(hosts, map_hash(task->url.host, hosts->seed));
    task->state = TASK_WAITING;
    wait_in(hosts, task, task->host, is_first);
}

void hosts_wait_at(Hosts *hosts, Task *task, const NetAddress *address) {
    task->state = TASK_READY;
    wait_in(hosts, task, host_of(hosts, key_of(hosts, address)), false);
}

static void unlink_task(Task *task) {
    Host *host = task->line;

    *(task->line_prev ? &task->line_prev->line_next : &host->first) = task->line_next;
    *(task->line_next ? &task->line_next->line_prev : &host->last) = task->line_prev;
    task->line_next = task->line_prev = NULL;
    task->line = NULL;
}

void hosts_leave(Hosts *hosts, Task *task) {
    Host *host = task->line;

    unlink_task(task);
    if (host == task->host) /* it has no place yet */
        task->host = NULL;
    consider(hosts, host); /* the next one may have a wider bound */
    give_back(hosts, host);
}

Task *hosts_next(Hosts *hosts) {
    while (hosts->ring_first) {
        Host *host = hosts->ring_first;
        Task *task = host->first;

        hosts->ring_first = host->ring_next;
        if (!hosts->ring_first)
            hosts->ring_last = NULL;
        host->is_in_ring = false;
        if (!task || host->running >= task->limits.host_connections) {
            give_back(hosts, host);
            continue;
        }
        unlink_task(task);
        host->running++;
        if (host != task->host)
            task->sites[task->site_count++] = host;
        consider(hosts, host); /* behind all the others */
        return task;
    }
    return NULL;
}

bool hosts_try_at(Hosts *hosts, Task *task, const NetAddress *address) {
    Host *site = host_of(hosts, key_of(hosts, address));

    for (size_t i = 0; i < task->site_count; i++)
        if (task->sites[i] == site)
            return true;
    if (site->first || site->running >= task->limits.host_connections ||
        task->site_count == NET_ADDRESSES_MAX) {
        give_back(hosts, site);
        return false;
    }
    site->running++;
    task->sites[task->site_count++] = site;
    return true;
}

bool hosts_is_alone_at(Hosts *hosts, const NetAddress *address) {
    Host *site = host_of(hosts, key_of(hosts, address));
    bool is_alone = site->running <= 1;

    give_back(hosts, site);
    return is_alone;
}

static void give_place(Hosts *hosts, Host *host) {
    host->running--;
    consider(hosts, host);
    give_back(hosts, host);
}

void hosts_done(Hosts *hosts, Task *task) {
    for (size_t i = 0; i < task->site_count; i++)
        give_place(hosts, task->sites[i]);
    give_place(hosts, task->host);
    task->site_count = 0;
    task->host = NULL;
}
