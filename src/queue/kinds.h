/* queue/kinds.h - the process's job kinds and subscriptions: private to queue/. */
#ifndef QUEUE_KINDS_H
#define QUEUE_KINDS_H

#include "queue/job.h"

const JobKind *kind_find(Str kind);
/* The i-th subscription of an event, from 0; NULL when there are no more. */
const Subscription *subscription_of(const char *event, size_t i);
const char *lane_name(Lane lane);

#endif
