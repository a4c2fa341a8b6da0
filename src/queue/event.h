/* queue/event.h - what happened, told upwards: one row, and one job for every subscriber. */
#ifndef QUEUE_EVENT_H
#define QUEUE_EVENT_H

#include "base/json.h"
#include "db/db.h"

enum { EVENT_TAGS_MAX = 8 };

/*
 * Writes the event and a job per subscription, in the caller's transaction (ERR_BUG outside one). tags are
 * the cached pages that change ("article:7"); after the commit they are dropped before the author's answer
 * leaves. name, payload fields and units stand in the publisher's header.
 */
CHECKED Err event_emit(Ctx *ctx, const char *name, int64_t subject_id, Json *facts, StrList tags);

/* Builds a StrList of tags in the arena: event_tags(arena, "article:%lld", id) appends. */
typedef struct EventTags {
    Str items[EVENT_TAGS_MAX];
    size_t len;
} EventTags;
void event_tag(Arena *arena, EventTags *tags, const char *kind, int64_t id); /* id 0: kind alone */
StrList event_tag_list(EventTags *tags);

#endif
