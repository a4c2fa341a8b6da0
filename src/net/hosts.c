/* net/hosts.c - who may go next: a line per host, and hosts in turns. */
#include "base/chance.h"
#include "base/map.h"
#include "net/task.h"

Hosts hosts_new(Arena *arena) {
    Hosts hosts = { .arena = arena };

    hosts.slots = arena_array(arena, HOST_SLOTS, sizeof *hosts.slots);
    chance_fill(chance_system(), &hosts.seed, sizeof hosts.seed);
    return hosts;
}

static Host *host_of(Hosts *hosts, Str name) {
    uint64_t key = map_hash(name, hosts->seed);
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

void hosts_wait(Hosts *hosts, Task *task, bool is_first) {
    Host *host = host_of(hosts, task->url.host);

    task->host = host;
    task->state = TASK_WAITING;
    task->line_prev = is_first ? NULL : host->last;
    task->line_next = is_first ? host->first : NULL;
    *(task->line_prev ? &task->line_prev->line_next : &host->first) = task;
    *(task->line_next ? &task->line_next->line_prev : &host->last) = task;
    consider(hosts, host);
}

static void unlink_task(Task *task) {
    Host *host = task->host;

    *(task->line_prev ? &task->line_prev->line_next : &host->first) = task->line_next;
    *(task->line_next ? &task->line_next->line_prev : &host->last) = task->line_prev;
    task->line_next = task->line_prev = NULL;
}

void hosts_leave(Hosts *hosts, Task *task) {
    Host *host = task->host;

    unlink_task(task);
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
        consider(hosts, host); /* behind all the others */
        return task;
    }
    return NULL;
}

void hosts_done(Hosts *hosts, Task *task) {
    Host *host = task->host;

    task->host = NULL;
    host->running--;
    consider(hosts, host);
    give_back(hosts, host);
}
