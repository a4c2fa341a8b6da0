/* http/metrics.c - counters of the server, as Prometheus text. */
#include "http/metrics.h"

void metrics_answer(Metrics *metrics, int status) {
    int class = status / 100;

    atomic_fetch_add(&metrics->answers[class >= 1 && class <= 5 ? class : 0], 1);
}

static void line(Buf *out, const char *type, const char *name, int64_t value) {
    buf_add_format(out, "# TYPE liandong_%s %s\nliandong_%s %lld\n", name, type, name,
                   (long long)value);
}

void metrics_gauge(Buf *out, const char *name, int64_t value) {
    line(out, "gauge", name, value);
}

void metrics_write(Metrics *metrics, PageCache *cache, Buf *out) {
    buf_add(out, S("# TYPE liandong_answers_total counter\n"));
    for (int class = 1; class <= 5; class ++)
        buf_add_format(out, "liandong_answers_total{class=\"%dxx\"} %llu\n", class,
                       (unsigned long long)atomic_load(&metrics->answers[class]));
    line(out, "counter", "refused_total", (int64_t)atomic_load(&metrics->refused));
    line(out, "counter", "cut_total", (int64_t)atomic_load(&metrics->cut));
    line(out, "counter", "parked_total", (int64_t)atomic_load(&metrics->parked));
    line(out, "counter", "run_again_total", (int64_t)atomic_load(&metrics->run_again));
    line(out, "counter", "sql_statements_total", (int64_t)atomic_load(&metrics->sql_statements));
    line(out, "gauge", "connections", atomic_load(&metrics->connections));
    line(out, "gauge", "waiting", atomic_load(&metrics->waiting));
    line(out, "gauge", "workers", atomic_load(&metrics->workers));
    if (!cache)
        return;
    CacheState state = cache_state(cache);
    line(out, "counter", "cache_hits_total", (int64_t)state.hits);
    line(out, "counter", "cache_misses_total", (int64_t)state.misses);
    line(out, "counter", "cache_stores_total", (int64_t)state.stores);
    line(out, "counter", "cache_stale_total", (int64_t)state.stale);
    line(out, "gauge", "cache_pages", (int64_t)state.pages);
    line(out, "gauge", "cache_bytes", (int64_t)state.bytes);
}
