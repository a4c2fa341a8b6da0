/* db/listen.h - which cached pages the acts of other processes changed: NOTIFY on PostgreSQL. */
#ifndef DB_LISTEN_H
#define DB_LISTEN_H

#include "db/db.h"

/*
 * Every act on the record file tells the tags of ctx->changed to the other processes on the same database once it
 * has committed, in the same message to the server as its COMMIT. A listener has a connection of its own and is
 * used by one thread.
 */
typedef struct DbListener DbListener;

typedef enum DbHeard {
    HEARD_NOTHING,
    HEARD_TAGS, /* of another process's act */
    HEARD_GAP /* there was no connection for a while, or too much to tell: any page may have changed */
} DbHeard;

/* Owned by the caller, db_listen_end. On SQLite, whose folder has one server, *ret is NULL. ERR_IO. */
CHECKED Err db_listen(DbStore *store, DbListener **ret);
/*
 * The next one, after at most wait_ms (about that, too, while the server is gone). The tags lie in arena.
 * Acts of this store are never heard.
 */
DbHeard db_listen_next(DbListener *listener, Arena *arena, int wait_ms, StrList *ret);
void db_listen_end(DbListener *listener);

#endif
