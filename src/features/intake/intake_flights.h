/* intake_flights.h - feeds that were asked and have not answered yet; private to intake/. */
#ifndef FEATURES_INTAKE_INTAKE_FLIGHTS_H
#define FEATURES_INTAKE_INTAKE_FLIGHTS_H

#include "features/intake/intake_feed.h"
#include "net/net.h"

enum {
    FLIGHTS_LEFT_MAX = 256
}; /* more than so many are not left under way by a batch that goes on */

/* Requests under way, a feed at most once, for any number of threads. */
typedef struct Flights Flights;

/* Owned by the caller, intake_flights_free (NULL is allowed): before net_free, nobody being in a function of it. */
Flights *intake_flights_new(Net *net);
void intake_flights_free(Flights *flights);

/* Asks for the feed, unless that is under way already. The request is borrowed for the call. */
void intake_flights_begin(Flights *flights, int64_t feed_id, int64_t run,
                          const NetRequest *request);
/* The next answer, as net_take gives it, and whose it is. */
NetResponse *intake_flights_take(Flights *flights, int64_t wait_ms, int64_t *ret_feed_id,
                                 int64_t *ret_run);
/*
 * Is the feed still under way? Then the caller plans its next run, under which the answer will be taken in: run + 1.
 */
bool intake_flights_leave(Flights *flights, int64_t feed_id, int64_t run);
/* Under way, or answered and not taken. */
size_t intake_flights_count(Flights *flights);

#endif
