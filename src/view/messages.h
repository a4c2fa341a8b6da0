/* view/messages.h - the catalogues as tables, made by the build from po/. */
#ifndef VIEW_MESSAGES_H
#define VIEW_MESSAGES_H

#include <stddef.h>

typedef struct MessagePair {
    const char *msgid, *text;
} MessagePair;

extern const MessagePair messages_zh[], messages_en[];
extern const size_t messages_zh_count, messages_en_count;

#endif
