/* http/metrics.h - counters of the server, as Prometheus text. All are atomic; no lock. */
#ifndef HTTP_METRICS_H
#define HTTP_METRICS_H

#include <stdatomic.h>

#include "base/buf.h"
#include "http/cache.h"

typedef struct Metrics {
    _Atomic(uint64_t) answers[6];     /* by class of status: [2] is 2xx; [0] others */
    _Atomic(uint64_t) refused;        /* by the guard */
    _Atomic(uint64_t) cut;            /* connections that the deadlines closed */
    _Atomic(uint64_t) parked;         /* requests handed to workers */
    _Atomic(uint64_t) run_again;      /* acts repeated after ERR_BUSY with retry */
    _Atomic(int64_t) connections;     /* open now */
    _Atomic(int64_t) waiting;         /* parked now, no worker yet */
    _Atomic(int64_t) workers;         /* threads now */
    _Atomic(uint64_t) sql_statements; /* of all requests */
} Metrics;

void metrics_answer(Metrics *metrics, int status);
void metrics_gauge(Buf *out, const char *name, int64_t value);
/* cache may be NULL. */
void metrics_write(Metrics *metrics, PageCache *cache, Buf *out);

#endif
