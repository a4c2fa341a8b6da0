/* net/names.h - private: the threads that look names up for the loop, and its memory of answers. */
#ifndef NET_NAMES_H
#define NET_NAMES_H

#include "base/clock.h"
#include "net/resolve.h"

typedef struct Names Names;

typedef struct NamesHow {
    NetLookupFn lookup;
    void *lookup_user;
    int threads;        /* at most; started on demand (net.resolve_threads) */
    int64_t found_ms;   /* how long an answer is remembered */
    int64_t missing_ms; /* the same for the answer that there is none */
    Clock *clock;       /* of what is remembered */
    int wake_fd;        /* an eventfd, written whenever an answer came; names_free ends that */
} NamesHow;

typedef enum NamesState { NAMES_KNOWN, NAMES_ASKED } NamesState;

/*
 * Starts no thread yet. Owned by the caller, names_free. All functions are for one thread, the
 * loop's.
 */
Names *names_new(const NamesHow *how);
/* Returns at once: threads that wait for an answer end by themselves when it comes. */
void names_free(Names *names);

/*
 * NAMES_KNOWN with *ret_lookup and *ret set, or NAMES_ASKED: somebody asks now, and the name will
 * be among those of names_next.
 */
NamesState names_ask(Names *names, Str host, NetLookup *ret_lookup, NetAddresses *ret);

typedef struct NamesAnswer {
    Str host; /* borrowed until the next call */
    NetLookup lookup;
    NetAddresses addresses;
} NamesAnswer;

/* The next answer that came; false when there is none. */
bool names_next(Names *names, NamesAnswer *ret);

#endif
