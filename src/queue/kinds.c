/* queue/kinds.c - the tables that app/ hands over once, before any thread starts; read-only afterwards. */
#include "queue/kinds.h"

static const JobKind *kinds;
static size_t kind_count;
static const Subscription *subscriptions;
static size_t subscription_count;

void queue_use(const JobKind *all_kinds, size_t kind_total, const Subscription *all, size_t count) {
    kinds = all_kinds;
    kind_count = kind_total;
    subscriptions = all;
    subscription_count = count;
}

const JobKind *kind_find(Str kind) {
    for (size_t i = 0; i < kind_count; i++)
        if (str_eq(kind, str_from_c(kinds[i].kind)))
            return &kinds[i];
    return NULL;
}

const Subscription *subscription_of(const char *event, size_t i) {
    for (size_t at = 0; at < subscription_count; at++)
        if (strcmp(subscriptions[at].event, event) == 0 && i-- == 0)
            return &subscriptions[at];
    return NULL;
}

const char *lane_name(Lane lane) {
    static const char *const names[] = { "deliver", "compute", "mail", "upkeep", "release" };

    return lane < LANE_COUNT ? names[lane] : "unknown";
}
