/* text/feed_json_read.h - private to reading feeds: JSON Feed 1.0 and 1.1. */
#ifndef TEXT_FEED_JSON_READ_H
#define TEXT_FEED_JSON_READ_H

#include "text/feed_mend.h"

/*
 * Reads JSON Feed into *feed, whose arena it is. What is cut off is read up to the last whole item
 * (FAULT_TRUNCATED). ERR_INVALID when it is no JSON or no feed.
 */
CHECKED Err feed_json_read(Arena *arena, Str text, Str url, unsigned *faults, Feed *feed);

#endif
