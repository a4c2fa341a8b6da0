/* net/task.h - private: one request on its way, and the gate that drives all of them. */
#ifndef NET_TASK_H
#define NET_TASK_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "base/vec.h"
#include "net/aged.h"
#include "net/libcurl.h"
#include "net/names.h"
#include "net/net.h"
#include "net/url.h"

enum {
    HELD_BYTES = 64 << 20,       /* of bodies that one queue holds, coming and not yet taken, ... */
    HELD_SHARE_BYTES = 256 << 10 /* ... beyond which only those up to so much go on */
};

typedef struct Task Task;
typedef struct Host Host;

typedef enum TaskState {
    TASK_WAITING, /* in its host's line */
    TASK_NAMING,  /* has its place, its host's name is looked up */
    TASK_READY,   /* has its host's place, in the line of an address */
    TASK_RUNNING  /* libcurl has it */
} TaskState;

struct Task {
    NetResponse
        response; /* first, for it is what the caller gets and frees; its arena holds all of this */
    NetQueue *queue;
    Task *next;                  /* in the inbox, or among a queue's answers */
    Task *all_next, *all_prev;   /* every task the loop knows */
    Task *line_next, *line_prev; /* the line it stands in, or net->naming */
    Host *line;                  /* NULL: in none */
    Host *host;                  /* where it waits for a place, or has one */
    Host *sites
        [NET_ADDRESSES_MAX]; /* the same for addresses: the first one's, and those tried after it */
    size_t site_count;
    NetAddresses addresses; /* of this hop */
    TaskState state;

    NetMethod method;
    NetFollow follow;
    const NetHeader *headers; /* what still may be sent */
    size_t header_count;
    Str body;
    bool may_cut;
    NetLimits limits;                         /* every one a number */
    NetUrl url;                               /* of this hop */
    Str asked;                                /* the first hop's, whole */
    int64_t submitted_ms, started_ms, hop_ms; /* monotonic; started_ms 0: not yet */
    int64_t ready_ms;                         /* since when it stands in the line of an address */

    /* This hop's transfer. */
    CURL *easy;
    struct curl_slist *sent, *pinned; /* header lines; name and addresses */
    char *error_text;                 /* CURL_ERROR_SIZE, in the arena */
    bool is_refused;                  /* a socket was */
    bool has_head;
    NetOutcome verdict; /* why a callback of ours stopped it; NET_ANSWERED: it did not */
    int64_t head_bytes;
    int64_t body_bytes;   /* decoded */
    int64_t held_bytes;   /* of all hops, counted in its queue */
    int64_t head_from_ms; /* since when the head is waited for */
    int64_t rate_from_ms, rate_from_bytes;
    Buf received;
    VEC(NetHeader) got;
    VEC(NetHop) hops;
};

/* A name of a host, or an address. */
struct Host {
    uint64_t key;       /* keyed hash of it: two with one share a line, which harms nobody */
    int running;        /* tasks that have a place */
    Task *first, *last; /* its line */
    Host *chain;
    Host *ring_next;
    bool is_in_ring;
};

enum { HOST_SLOTS = 4096 };

/* An open connection, in use or kept. */
typedef struct Socket Socket;
struct Socket {
    int fd;
    NetAddress address;
    Socket *next;
};

/* Hosts with somebody in their line take turns. The loop's own. */
typedef struct Hosts {
    Arena *arena;
    uint64_t seed;
    Host **slots;
    Host *spare;
    Host *ring_first, *ring_last; /* those whose first task may run */
} Hosts;

struct NetQueue {
    Arena *arena;
    Net *net;
    pthread_mutex_t lock; /* of what follows; no other lock is taken under it */
    pthread_cond_t came;
    Task *first, *last; /* answers */
    size_t open;        /* submitted, not answered */
    size_t ready;       /* answered, not taken */
    _Atomic(bool) is_dropped;
    _Atomic(int64_t) held_bytes;
};

struct Net {
    Arena *arena;
    NetHow how;
    const char *agent;
    NetRanges opened;
    int64_t connections, waiting_max, ratio, idle_ms;
    NetLimits limits; /* of the settings */

    pthread_mutex_t lock; /* of what follows; no other lock is taken under it */
    Task *inbox_first, *inbox_last;
    size_t waiting; /* tasks from net_submit to their answer */
    bool is_started, is_over, has_dropped;
    pthread_t thread;

    pthread_mutex_t robots_lock; /* of robots */
    Aged *robots;

    int wake_fd; /* an eventfd; -1 before the start */
    /* The loop's own. */
    int epoll_fd;
    const Libcurl *lib;
    CURLM *multi; /* NULL while nothing is to do */
    Names *names;
    Hosts hosts;
    Task *all;
    Task *naming; /* those in TASK_NAMING that wait for an answer */
    Socket *sockets, *spare_sockets;
    int64_t running;  /* tasks in TASK_NAMING and TASK_RUNNING */
    int64_t timer_ms; /* when libcurl wants to be called; -1: not */
};

/* ---- hosts.c ---- */
Hosts hosts_new(Arena *arena);
/* Last in the line of its host, or first (a further hop of what has begun). */
void hosts_wait(Hosts *hosts, Task *task, bool is_first);
/* Last in the line of an address, with its host's place. */
void hosts_wait_at(Hosts *hosts, Task *task, const NetAddress *address);
/*
 * The next whose turn it is, which has a place at its host, or at its address, from now on; NULL when none may run.
 */
Task *hosts_next(Hosts *hosts);
/* A place at a further address; false when there is none free, or others wait for it. */
bool hosts_try_at(Hosts *hosts, Task *task, const NetAddress *address);
/* Nobody else has a place there. */
bool hosts_is_alone_at(Hosts *hosts, const NetAddress *address);
/* Out of the line without having had a turn. */
void hosts_leave(Hosts *hosts, Task *task);
/* Gives back all places. */
void hosts_done(Hosts *hosts, Task *task);

/* ---- outcome.c ---- */
/* The sentence of an outcome that is no answer; host is borrowed as the task is. */
Err outcome_err(NetOutcome outcome, Str host);
NetOutcome outcome_of(const Task *task, CURLcode code);

/* ---- transfer.c ---- */
/* Hands a hop with its task->addresses to libcurl. False when there is no memory. */
bool transfer_start(Net *net, Task *task);
/* Takes a finished hop from libcurl: how it ended, and everything of it in task->response. */
NetOutcome transfer_end(Net *net, Task *task, CURLcode code);
/* Takes it back, finished or not. */
void transfer_drop(Net *net, Task *task);
int64_t transfer_wire_bytes(const Task *task);
int64_t transfer_sent_bytes(const Task *task);

/* ---- redirect.c ---- */
typedef enum RedirectStep { REDIRECT_NONE, REDIRECT_GO, REDIRECT_FAIL } RedirectStep;
/*
 * After an answer: is there another hop? task->url and its headers are those of that hop with
 * REDIRECT_GO; *ret_outcome is set with REDIRECT_FAIL.
 */
RedirectStep redirect_next(Task *task, NetOutcome *ret_outcome);
bool redirect_is_followed(const Task *task, int64_t status);

/* ---- loop.c ---- */
/* Starts the thread; false when there is none to be had. With net->lock held. */
bool loop_start(Net *net);
void loop_wake(const Net *net);

/* ---- net.c ---- */
/* The answer goes to its queue; the task is the caller's from then on. */
void net_answer(Task *task, NetOutcome outcome);
int64_t net_now_ms(void); /* monotonic */

#endif
