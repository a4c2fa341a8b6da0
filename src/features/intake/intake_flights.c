/*
 * features/intake/intake_flights.c - the requests for feeds that are under way, whoever asked.
 * Shared: the list, under flights->lock; no other lock is taken under it.
 */
#include "features/intake/intake_flights.h"

#include <pthread.h>

typedef struct Flight Flight;
struct Flight {
    int64_t feed_id, run;
    Flight *next; /* in the list, or among the spare ones */
};

struct Flights {
    Arena *arena;
    Net *net;
    NetQueue *queue;
    pthread_mutex_t lock; /* of what follows */
    Flight *first, *spare;
};

Flights *intake_flights_new(Net *net) {
    Arena *arena = arena_new(0);
    Flights *flights = arena_alloc(arena, sizeof *flights);

    *flights = (Flights){ .arena = arena, .net = net, .queue = net_queue_new(net) };
    pthread_mutex_init(&flights->lock, NULL);
    return flights;
}

void intake_flights_free(Flights *flights) {
    if (!flights)
        return;
    net_queue_free(flights->queue);
    pthread_mutex_destroy(&flights->lock);
    arena_free(flights->arena);
}

/* With the lock held. */
static Flight *find(Flights *flights, int64_t feed_id) {
    Flight *flight = flights->first;

    while (flight && flight->feed_id != feed_id)
        flight = flight->next;
    return flight;
}

void intake_flights_begin(Flights *flights, int64_t feed_id, int64_t run,
                          const NetRequest *request) {
    pthread_mutex_lock(&flights->lock);
    bool is_new = !find(flights, feed_id);
    Flight *flight = flights->spare;
    if (is_new && flight)
        flights->spare = flight->next;
    else if (is_new)
        flight = arena_alloc(flights->arena, sizeof *flight);
    if (is_new) {
        *flight = (Flight){ .feed_id = feed_id, .run = run, .next = flights->first };
        flights->first = flight;
    }
    pthread_mutex_unlock(&flights->lock);
    if (is_new)
        net_submit(flights->net, request, flights->queue, flight);
}

NetResponse *intake_flights_take(Flights *flights, int64_t wait_ms, int64_t *ret_feed_id,
                                 int64_t *ret_run) {
    NetResponse *response = net_take(flights->queue, wait_ms);

    if (!response)
        return NULL;
    Flight *flight = response->user;
    pthread_mutex_lock(&flights->lock);
    Flight **link = &flights->first;
    while (*link != flight)
        link = &(*link)->next;
    *link = flight->next;
    *ret_feed_id = flight->feed_id;
    *ret_run = flight->run;
    flight->next = flights->spare;
    flights->spare = flight;
    pthread_mutex_unlock(&flights->lock);
    return response;
}

bool intake_flights_leave(Flights *flights, int64_t feed_id, int64_t run) {
    pthread_mutex_lock(&flights->lock);
    Flight *flight = find(flights, feed_id);
    if (flight)
        flight->run = run + 1;
    pthread_mutex_unlock(&flights->lock);
    return flight != NULL;
}

size_t intake_flights_count(Flights *flights) {
    return net_queue_count(flights->queue);
}
