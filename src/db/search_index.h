/* db/search_index.h - the one place with SQL per driver: full-text over the terms of text/bigrams.h. */
#ifndef DB_SEARCH_INDEX_H
#define DB_SEARCH_INDEX_H

#include "db/db.h"

typedef struct SearchRow {
    int64_t subject_id; /* the article */
    int64_t outlet_id;
    int64_t at_ms;      /* published; newest first */
    Str     title;      /* plain text */
    Str     body;       /* plain text */
} SearchRow;

typedef struct SearchHits {
    int64_t *subject_ids; /* newest first, then by id */
    int64_t *at_ms;
    size_t   len;
    int64_t  total;       /* all matching articles */
} SearchHits;

/* Puts or replaces rows in one derived transaction (FTS5 flushes per savepoint: give many at once). */
CHECKED Err search_index_put(Ctx *ctx, const SearchRow *rows, size_t count);
CHECKED Err search_index_remove(Ctx *ctx, int64_t subject_id);
/*
 * Articles that hold every word of the query (each a phrase of terms); outlet_id 0 means all outlets.
 * after_at_ms/after_id is the last hit of the page before (0, 0 at first); limit 1..100.
 * A query without any term gives no hit. ERR_LIMIT field "q".
 */
CHECKED Err search_index_find(Ctx *ctx, Str query, int64_t outlet_id, int64_t after_at_ms,
                              int64_t after_id, int limit, SearchHits *ret);
/* The tokenizer's version the stored index was made with; 0 when none. */
CHECKED Err search_index_version(Ctx *ctx, int64_t *ret);
CHECKED Err search_index_clear(Ctx *ctx);

#endif
