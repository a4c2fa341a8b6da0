/*
 * net/names.c - looks names up in a few threads of its own, since libcurl starts one for each name.
 *
 * The pool is shared with its threads under pool->lock (no other lock is taken under it). A thread
 * may wait in a look-up for half a minute and nothing can end that wait, so the threads are
 * detached and whoever leaves the pool last gives its memory back.
 */
#include "net/names.h"

#include <netdb.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/map.h"
#include "net/aged.h"

enum { REMEMBERED_BYTES = 1 << 20, STACK_BYTES = 256 << 10 };

typedef struct Question Question;
struct Question {
    Question *next;
    Arena *arena; /* its own, this struct in it: a thread may hold it longer than the loop lives */
    Str host;
    const char *host_c;
    NetLookup lookup;
    NetAddresses addresses;
};

typedef struct Pool {
    pthread_mutex_t lock;
    pthread_cond_t asked;
    NetLookupFn lookup;
    void *lookup_user;
    Arena *arena;           /* of this struct */
    Question *first, *last; /* to be asked, in order */
    Question *answers;
    int wake_fd; /* -1: the loop has gone */
    int holders; /* threads, and the loop */
    int idle;    /* threads that wait for a question */
    bool is_over;
} Pool;

struct Names {
    Arena *arena;
    NamesHow how;
    Pool *pool;
    Aged *known;
    Arena *asking_arena; /* of the keys of asking */
    Map asking;          /* names that were asked and not yet answered */
    size_t asking_count;
    int threads;
    Question *taken; /* whose host the caller of names_next borrows */
};

/* ---- the system's resolver ---- */

NetLookup net_lookup_system(void *user, const char *host, NetAddresses *ret) {
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG }, *list = NULL;
    NetAddresses found = { 0 };

    (void)user;
    int code = getaddrinfo(host, NULL, &hints, &list);
    if (code != 0)
        return code == EAI_NONAME || code == EAI_NODATA ? NET_LOOKUP_NONE : NET_LOOKUP_FAILED;
    for (struct addrinfo *item = list; item && found.len < NET_ADDRESSES_MAX; item = item->ai_next)
        found.len += net_address_of_socket(item->ai_addr, &found.items[found.len]);
    freeaddrinfo(list);
    if (found.len == 0)
        return NET_LOOKUP_NONE;
    *ret = found;
    return NET_LOOKUP_FOUND;
}

/* ---- the pool ---- */

static void question_free(Question *question) {
    if (question)
        arena_free(question->arena);
}

static void free_list(Question *list) {
    while (list) {
        Question *next = list->next;

        question_free(list);
        list = next;
    }
}

/* With the lock held, which ends with this. */
static void leave(Pool *pool) {
    bool is_last = --pool->holders == 0;

    pthread_mutex_unlock(&pool->lock);
    if (!is_last)
        return;
    free_list(pool->first);
    free_list(pool->answers);
    pthread_cond_destroy(&pool->asked);
    pthread_mutex_destroy(&pool->lock);
    arena_free(pool->arena);
}

static void wake(int fd) {
    uint64_t one = 1;

    if (fd >= 0 && write(fd, &one, sizeof one) < 0)
        return; /* the counter is full: the loop is awake anyway */
}

static Question *take_question(Pool *pool) {
    while (!pool->first && !pool->is_over) {
        pool->idle++;
        pthread_cond_wait(&pool->asked, &pool->lock);
        pool->idle--;
    }
    Question *question = pool->is_over ? NULL : pool->first;
    if (question)
        pool->first = question->next;
    if (!pool->first)
        pool->last = NULL;
    return question;
}

static void *work(void *user) {
    Pool *pool = user;
    Question *question;

    pthread_mutex_lock(&pool->lock);
    while ((question = take_question(pool))) {
        pthread_mutex_unlock(&pool->lock);
        question->lookup = pool->lookup(pool->lookup_user, question->host_c, &question->addresses);
        pthread_mutex_lock(&pool->lock);
        question->next = pool->answers;
        pool->answers = question;
        wake(pool->wake_fd);
    }
    leave(pool);
    return NULL;
}

/* With the lock held. A thread that cannot be had is no failure while there is another. */
static bool start_thread(Pool *pool) {
    pthread_attr_t attributes;
    pthread_t thread;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    bool is_started = pthread_create(&thread, &attributes, work, pool) == 0;
    pthread_attr_destroy(&attributes);
    pool->holders += is_started;
    return is_started;
}

/* ---- the loop's side ---- */

Names *names_new(const NamesHow *how) {
    Arena *arena = arena_new(0), *pool_arena = arena_new(0);
    Names *names = arena_alloc(arena, sizeof *names);
    Pool *pool = arena_alloc(pool_arena, sizeof *pool);

    *pool = (Pool){ .arena = pool_arena,
                    .lookup = how->lookup,
                    .lookup_user = how->lookup_user,
                    .wake_fd = how->wake_fd,
                    .holders = 1 };
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->asked, NULL);
    *names = (Names){ .arena = arena,
                      .how = *how,
                      .pool = pool,
                      .known = aged_new(REMEMBERED_BYTES),
                      .asking_arena = arena_new(0) };
    names->asking = map_new(names->asking_arena);
    return names;
}

void names_free(Names *names) {
    pthread_mutex_lock(&names->pool->lock);
    names->pool->is_over = true;
    names->pool->wake_fd = -1;
    pthread_cond_broadcast(&names->pool->asked);
    leave(names->pool);
    question_free(names->taken);
    aged_free(names->known);
    arena_free(names->asking_arena);
    arena_free(names->arena);
}

static Question *question_new(Str host) {
    Arena *arena = arena_new(0);
    Question *question = arena_alloc(arena, sizeof *question);

    *question =
        (Question){ .arena = arena, .host = str_dup(arena, host), .lookup = NET_LOOKUP_FAILED };
    question->host_c = str_to_c(arena, host);
    return question;
}

static bool ask(Names *names, Str host) {
    Pool *pool = names->pool;
    Question *question = question_new(host);

    pthread_mutex_lock(&pool->lock);
    if (pool->idle == 0 && names->threads < names->how.threads)
        names->threads += start_thread(pool);
    if (names->threads > 0) {
        *(pool->last ? &pool->last->next : &pool->first) = question;
        pool->last = question;
        pthread_cond_signal(&pool->asked);
    }
    pthread_mutex_unlock(&pool->lock);
    if (names->threads == 0)
        question_free(question);
    return names->threads > 0;
}

/* A remembered answer begins with its NetLookup. */
typedef struct Remembered {
    NetLookup lookup;
    NetAddresses addresses;
} Remembered;

NamesState names_ask(Names *names, Str host, NetLookup *ret_lookup, NetAddresses *ret) {
    Remembered known;
    Str bytes;

    if (aged_get(names->known, host, clock_now_ms(names->how.clock), &bytes)) {
        memcpy(&known, bytes.ptr, sizeof known);
        *ret_lookup = known.lookup;
        *ret = known.addresses;
        return NAMES_KNOWN;
    }
    if (map_get(&names->asking, host))
        return NAMES_ASKED;
    if (!ask(names, host)) {
        *ret_lookup = NET_LOOKUP_FAILED;
        return NAMES_KNOWN;
    }
    map_set(&names->asking, str_dup(names->asking_arena, host), names);
    names->asking_count++;
    return NAMES_ASKED;
}

static void remember(Names *names, const Question *question) {
    Remembered known = { question->lookup, question->addresses };
    int64_t keep_ms =
        question->lookup == NET_LOOKUP_FOUND ? names->how.found_ms : names->how.missing_ms;

    if (keep_ms > 0)
        aged_put(names->known, question->host, (Str){ (const char *)&known, sizeof known },
                 clock_now_ms(names->how.clock) + keep_ms);
}

bool names_next(Names *names, NamesAnswer *ret) {
    pthread_mutex_lock(&names->pool->lock);
    Question *question = names->pool->answers;
    if (question)
        names->pool->answers = question->next;
    pthread_mutex_unlock(&names->pool->lock);
    question_free(names->taken);
    names->taken = question;
    if (!question)
        return false;
    remember(names, question);
    map_remove(&names->asking, question->host);
    if (--names->asking_count == 0) { /* the keys' memory comes back */
        arena_reset(names->asking_arena, 0);
        names->asking = map_new(names->asking_arena);
    }
    *ret = (NamesAnswer){ question->host, question->lookup, question->addresses };
    return true;
}
