/* text/feed_xml.h - private to reading feeds: the XML kinds. */
#ifndef TEXT_FEED_XML_H
#define TEXT_FEED_XML_H

#include "text/feed_mend.h"

/*
 * Reads XML that feed_mend made into *feed, whose arena it is. ERR_INVALID when its root is no feed's,
 * ERR_LIMIT and ERR_BUSY as feed_parse.
 */
CHECKED Err feed_xml(Arena *arena, Str xml, Str url, unsigned *faults, Feed *feed);

#endif
