/* db/sqlite_store.h - the two files of a SQLite store; private to this folder. */
#ifndef DB_SQLITE_STORE_H
#define DB_SQLITE_STORE_H

#include "db/sqlite_writer.h"

typedef struct SqliteStore {
    char *paths[2];    /* by DbFile */
    Writer writers[2]; /* by DbFile */
} SqliteStore;

/* The store's, which must be on SQLite. */
SqliteStore *sqlite_store(DbStore *store);

#endif
