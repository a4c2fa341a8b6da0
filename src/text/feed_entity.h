/* text/feed_entity.h - private to reading feeds: character references, and entities that a doctype declares. */
#ifndef TEXT_FEED_ENTITY_H
#define TEXT_FEED_ENTITY_H

#include "base/map.h"
#include "text/feed_mend.h"

typedef struct FeedEntities {
    Map declared;      /* name to FeedEntity */
    bool has_doctype;  /* names may be declared elsewhere: an unknown one is no mistake */
    size_t used_bytes; /* of what was put in */
    bool is_over;      /* FEED_ENTITY_BYTES passed, or one that contains itself */
} FeedEntities;

FeedEntities feed_entities(Arena *arena);
/* Reads the doctype that begins at `at` ("<!DOCTYPE"); past its end, or the length of a text without one. */
size_t feed_entity_doctype(FeedEntities *entities, Str text, size_t at, unsigned *faults);
/* Writes what the reference or lone "&" at `at` stands for, as XML; past it. */
size_t feed_entity_put(FeedEntities *entities, Buf *out, Str text, size_t at, unsigned *faults);
/* True for characters of XML 1.0, 2.2. */
bool feed_entity_is_xml(uint32_t rune);

#endif
