/* db/search_driver.h - what FTS5 and tsvector each do for search_index.c; private to this folder. */
#ifndef DB_SEARCH_DRIVER_H
#define DB_SEARCH_DRIVER_H

#include "db/search_index.h"

/* One word of a query: its terms, to be found in a row. */
typedef struct SearchPhrase {
    Str *terms; /* at least one, at most SEARCH_PHRASE_MAX */
    size_t len;
} SearchPhrase;

typedef struct SearchQuery {
    SearchPhrase words[SEARCH_WORDS_MAX];
    size_t len; /* at least one when a driver sees it */
    int64_t outlet_id, after_at_ms, after_id;
    int limit;
} SearchQuery;

/* Each runs inside a derived transaction, but for find and count. */
typedef struct SearchDriver {
    /* The row of search_row was written; `old` is what it held before, NULL when it is new. */
    CHECKED Err (*put)(Ctx *ctx, const SearchRow *row, const SearchRow *old);
    CHECKED Err (*remove)(Ctx *ctx, const SearchRow *old);
    CHECKED Err (*clear)(Ctx *ctx);
    CHECKED Err (*rebuild)(Ctx *ctx);
    CHECKED Err (*purge)(Ctx *ctx);
    CHECKED Err (*find)(Ctx *ctx, const SearchQuery *query, DbRows *rows);
    CHECKED Err (*count)(Ctx *ctx, const SearchQuery *query, DbRows *rows);
} SearchDriver;

extern const SearchDriver search_sqlite_driver;
extern const SearchDriver search_postgres_driver;

#endif
