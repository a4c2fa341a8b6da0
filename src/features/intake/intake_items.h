/* intake_items.h - from a feed's bytes to deposits that may be put; private to intake/. */
#ifndef FEATURES_INTAKE_INTAKE_ITEMS_H
#define FEATURES_INTAKE_INTAKE_ITEMS_H

#include "features/intake/intake_feed.h"

typedef struct IntakeItems {
    Deposit *items; /* oldest first; outlet and feed are the caller's */
    size_t len;
    int64_t *dates_ms; /* of all items of the feed; 0: none */
    size_t date_count;
    int64_t total;                          /* items of the feed */
    Str title;                              /* of the feed, in one line */
    int64_t told_ms, skip_hours, skip_days; /* what it says of its pace: IntakeState */
    Str hub, topic; /* W3C WebSub, 4: of headers, else of the feed; empty: none */
} IntakeItems;

/*
 * Reads the body of an answer: the newest FEED_ITEMS_TAKEN items that have a title, a text or an address. A guid, address or text
 * that several of them share tells none from another and is passed over. ERR_INVALID: no feed; ERR_LIMIT: too much.
 */
CHECKED Err intake_items_read(Ctx *ctx, const IntakeAnswer *answer, IntakeItems *ret);

#endif
