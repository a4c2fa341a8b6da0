/* text/feed_mend.h - private to reading feeds: ill-formed XML made well-formed. */
#ifndef TEXT_FEED_MEND_H
#define TEXT_FEED_MEND_H

#include "text/feed.h"

/* What was found; each has a name in Feed.problems. */
typedef enum FeedFault {
    FAULT_JUNK_BEFORE = 1 << 0, /* text before the first tag */
    FAULT_JUNK_AFTER = 1 << 1,  /* something after the root's end */
    FAULT_CONTROL = 1 << 2,     /* characters that XML does not have */
    FAULT_AMPERSAND = 1 << 3,   /* & that begins no reference */
    FAULT_ENTITY = 1 << 4,      /* a name that nobody declared */
    FAULT_ANGLE = 1 << 5,       /* < or ]]> in text */
    FAULT_TAG = 1 << 6,         /* a tag that is not written as tags are */
    FAULT_END_TAG = 1 << 7,     /* an end tag missing or too many */
    FAULT_TRUNCATED = 1 << 8,   /* the end is missing */
    FAULT_BYTES = 1 << 9,       /* bytes that the encoding does not have */
    FAULT_XML = 1 << 10,        /* what only libxml2 saw */
    FAULT_REPAIRED = (1 << 11) - 1,
    FAULT_EXTERNAL = 1 << 11, /* an entity of another file, which is never read */
    FAULT_LABEL = 1 << 12,    /* the encoding is not the one that was told */
    FAULT_DATE = 1 << 13,     /* a date that nobody can read */
    FAULT_HTML = 1 << 14,     /* a text whose markup passed a limit: it is given plain */
    FAULT_LIST = 1 << 15,     /* more authors, links, ... than FEED_LIST */
    FAULT_JSON = 1 << 16      /* a member of another type than it must have */
} FeedFault;

/*
 * Valid UTF-8 in, XML for libxml2 out: no declaration, doctype, comment or processing instruction,
 * entities of the doctype's internal part put in, everything closed; well-formed but for namespaces.
 * What stands before the first element that may be a feed's root is left out.
 * *faults collects what had to be mended. text is borrowed; *ret is set on success only and lives in
 * arena; empty: there is no element at all. Linear in time. Fails with ERR_LIMIT: FEED_DEPTH,
 * FEED_ATTRIBUTES, FEED_ENTITY_BYTES.
 */
/* "This is no feed", in one wording. */
Err feed_mend_refusal(void);

CHECKED Err feed_mend(Arena *arena, Str text, unsigned *faults, Str *ret);

#endif
