/* net/net.h - the one outgoing gate: every request that leaves this server goes through here. */
#ifndef NET_NET_H
#define NET_NET_H

#include "base/clock.h"
#include "base/err.h"
#include "net/resolve.h"

struct Config; /* conf/conf.h */

/*
 * One thread drives all transfers (libcurl multi, epoll), a few more look names up. Nothing starts
 * before the first request, and after net.idle_ms without one the connections and libcurl's memory
 * are given back. What the gate refuses:
 *
 * - addresses that are no http or https ones, or hold a name and password, or name a port of
 *   another service (net/url.h, net/address.h);
 * - machines that are not on the public network, judged by the address of the socket at each
 *   connection, so that a name which changes its mind gains nothing; only the operator opens ranges
 *   (net.allow);
 * - redirects beyond net.redirects, in a circle, and from https to http with credentials; each
 *   target goes through all of the above; headers that speak for us (all but Accept..., If-...) do
 *   not follow to another origin;
 * - answers beyond the limits below: in time, in size, in how far they unfold.
 *
 * Proxies of the environment, cookies, .netrc and alternative services are not used; certificates
 * are always verified. Requests wait per host and, as several hosts may be one machine, per
 * address; hosts take turns, connections are kept and used again.
 */
typedef struct Net Net;

typedef struct NetHow {
    const struct Config *config; /* net.* */
    Clock *clock;                /* of what is remembered; time-outs are by the machine's own */
    Str version;        /* "0.1.0", for the User-Agent "Liandong/0.1.0 (+https://example.edu)" */
    Str site_url;       /* whose server this is; empty: the parenthesis is left out */
    NetLookupFn lookup; /* NULL: net_lookup_system */
    void *lookup_user;
    const char *ca_file; /* of trusted authorities, for tests; NULL: the system's */
} NetHow;

/*
 * Starts nothing yet. What `how` points to is borrowed until net_free, its texts for the call.
 * Owned by the caller, net_free.
 */
Net *net_new(const NetHow *how);
/*
 * Ends within a moment: all that waits or runs comes back as NET_CANCELLED first. Nobody may be in
 * a function of this net any more; queues live on. NULL is allowed.
 */
void net_free(Net *net);

/* How a request ended: stable, stored by callers (net_outcome_word). */
typedef enum NetOutcome {
    NET_ANSWERED,         /* an answer is there, whatever its status says */
    NET_REFUSED_URL,      /* not an address to go to, or a request that cannot be sent */
    NET_REFUSED_ADDRESS,  /* all addresses of the host are inside */
    NET_REFUSED_REDIRECT, /* to such an address, or down to http with credentials */
    NET_REDIRECT_LOOP,    /* in a circle, or beyond net.redirects */
    NET_NAME_NOT_FOUND,   /* there is no such host */
    NET_NAME_FAILED,      /* nobody could be asked for the name */
    NET_CONNECT_FAILED,   /* refused, or no way there */
    NET_TIMED_OUT,        /* no connection, no head or no end of the answer in time */
    NET_TOO_SLOW,         /* fewer bytes than net.rate_bytes a second */
    NET_TOO_LARGE,        /* head or body beyond its limit */
    NET_BOMB,             /* unfolds to more than net.ratio times its size */
    NET_TLS_FAILED,       /* no trusted connection */
    NET_CUT_OFF,          /* less came than was announced */
    NET_BROKEN,           /* the connection ended or was reset in the middle */
    NET_PROTOCOL,         /* what came is not HTTP, or coded in a way that we do not read */
    NET_BUSY,      /* too much waits, no thread or libcurl to be had, or no room for the body */
    NET_CANCELLED, /* net_free or net_queue_free came first */
    NET_OUTCOMES
} NetOutcome;

/* "answered", "refused-address", ...: stable words for storing and logs. */
const char *net_outcome_word(NetOutcome outcome);
/*
 * May the same request succeed at another time, without anybody changing anything? False for
 * NET_ANSWERED.
 */
bool net_outcome_is_passing(NetOutcome outcome);

typedef enum NetMethod { NET_GET, NET_HEAD, NET_POST } NetMethod;
typedef enum NetFollow {
    NET_FOLLOW,      /* 301, 302, 303, 307, 308 of GET and HEAD; a POST never follows */
    NET_FOLLOW_NEVER /* a redirect is an answer */
} NetFollow;

typedef struct NetHeader {
    Str name; /* a token; in answers in lower case */
    Str value;
} NetHeader;

/*
 * 0 means the setting of that name; a caller's own bounds may be stricter, never looser. Times do
 * not count the wait for a turn. A POST's body has to flow at the same rate, and the time for the
 * head begins when it is sent.
 */
typedef struct NetLimits {
    int64_t total_ms;       /* of all hops together */
    int64_t connect_ms;     /* of each hop, TLS included */
    int64_t head_ms;        /* of each hop, from the name to the last byte of the head */
    int64_t rate_bytes;     /* a second, averaged over rate_window_ms */
    int64_t rate_window_ms; /* 0: 10 s */
    int64_t header_bytes;   /* of each hop */
    int64_t wire_bytes;     /* of the body as it arrives */
    int64_t body_bytes;     /* of the body as it is read */
    int64_t redirects;      /* -1: none, each redirect fails */
    int host_connections; /* at once to this host, and to its address; 1: and none kept beside it */
} NetLimits;

typedef struct NetRequest {
    NetMethod method;
    Str url;
    const NetHeader *headers; /* but Host, User-Agent, Content-Length, ...: those are the gate's */
    size_t header_count;
    Str body; /* of a POST */
    NetFollow follow;
    NetLimits limits;
    bool may_cut; /* a body beyond body_bytes is no failure: its beginning is kept (is_cut) */
} NetRequest;

typedef struct NetHop {
    int status; /* 301, 302, 303, 307, 308 */
    Str url;    /* where it led */
} NetHop;

typedef struct NetResponse {
    NetOutcome outcome;
    Err err;    /* for people; OK exactly for NET_ANSWERED; field "url" where that is at fault */
    Str detail; /* more of it in English, for logs and operators; may be empty */
    void *user; /* as given to net_submit */

    int status;   /* 100..599; 0 without an answer */
    Str url;      /* in the form of net/url.h, of the last hop; empty with NET_REFUSED_URL */
    NetHop *hops; /* the redirects followed, in order */
    size_t hop_count;
    Str moved_url; /* where the leading hops of 301 and 308 led: the address to keep; empty: none */

    NetHeader *headers; /* of the last hop, in their order; bytes, not always UTF-8 */
    size_t header_count;
    int64_t retry_after_ms; /* from now; -1: not said */
    Str body;               /* decoded; empty unless NET_ANSWERED */
    bool is_cut;

    int64_t wire_bytes;                   /* of all bodies, as they arrived */
    int64_t wait_ms;                      /* for its turn */
    int64_t total_ms;                     /* of all hops */
    int64_t name_ms, connect_ms, head_ms; /* of the last hop */
    bool is_reused;                       /* a kept connection carried the last hop */
    Arena *arena;                         /* all of it lives here; net_response_free */
} NetResponse;

void net_response_free(NetResponse *response);
/* For CLEANUP. */
void net_response_close(NetResponse **response);
/*
 * The value of the first header of that name (compared without case); the empty slice when absent.
 */
Str net_header(const NetResponse *response, Str name);

/*
 * Where answers wait for whoever asked. For any number of threads. Beyond 64 MiB of bodies that are coming or not yet taken only
 * those below 256 KiB go on; the others end as NET_BUSY.
 */
typedef struct NetQueue NetQueue;

/* Owned by the caller, net_queue_free: before or after net_free. */
NetQueue *net_queue_new(Net *net);
/* Ends what was submitted with this queue and throws away its answers; waits for that, a moment. */
void net_queue_free(NetQueue *queue);

/*
 * Asks and returns at once. Each call puts exactly one response into the queue, also when the
 * request is refused or never sent. The request is borrowed for the call. From any thread.
 */
void net_submit(Net *net, const NetRequest *request, NetQueue *queue, void *user);
/*
 * The next answer, waiting for it `wait_ms` at most (0: not at all, -1: for ever); NULL when none
 * came. Owned by the caller.
 */
NetResponse *net_take(NetQueue *queue, int64_t wait_ms);
/* Submitted and not yet taken. */
size_t net_queue_count(NetQueue *queue);

/*
 * The same, waiting for the answer: never NULL, owned by the caller. Not for threads that serve
 * sockets.
 */
NetResponse *net_fetch(Net *net, const NetRequest *request);

/*
 * May a page (not a feed, and not what its owner asked us to fetch) be read, by robots.txt of its
 * site (net/robots.h)? That file is asked for when it is not remembered (net.robots_ms): any 4xx
 * allows all, 5xx and no answer forbid all and are asked again after ten minutes. Waits as
 * net_fetch does. *ret is set on success only. Fails with what net_url_read fails with.
 */
CHECKED Err net_may_fetch(Net *net, Str url, bool *ret);

#endif
