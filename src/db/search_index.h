/* db/search_index.h - the one place with SQL per driver: full-text over the terms of text/bigrams.h. */
#ifndef DB_SEARCH_INDEX_H
#define DB_SEARCH_INDEX_H

#include "db/db.h"

/*
 * A word of a query is what stands between blanks; it is found where its terms stand in a row (a phrase), in
 * the title or in the body. So a word of Chinese characters is found in exactly the articles whose folded
 * title or body holds it as a substring, however long they are, with one character as with many.
 */
enum {
    SEARCH_QUERY_CHARS_MAX = 200, /* of the whole query */
    SEARCH_WORDS_MAX = 8,
    SEARCH_PHRASE_MAX = 64 /* terms of one word */
};

typedef struct SearchRow {
    int64_t subject_id; /* the article */
    int64_t outlet_id;
    int64_t at_ms; /* published; newest first */
    Str title;     /* plain text */
    Str body;      /* plain text */
} SearchRow;

typedef struct SearchHits {
    int64_t *subject_ids; /* newest first, then the highest id first */
    int64_t *at_ms;
    size_t len;
    int64_t total; /* all matching articles */
} SearchHits;

/*
 * Puts or replaces rows in one derived transaction of its own (FTS5 flushes per savepoint: give many at once).
 * An index made with another version of the terms is made anew first. Repeating is safe.
 */
CHECKED Err search_index_put(Ctx *ctx, const SearchRow *rows, size_t count);
/*
 * The same, and what else stands in the index with a subject_id above after_id up to upto_id is taken out: with
 * ranges that follow one another the index is made anew while it answers. *ret_gone counts what was taken out.
 */
CHECKED Err search_index_replace(Ctx *ctx, int64_t after_id, int64_t upto_id, const SearchRow *rows,
                                 size_t count, int64_t *ret_gone);
/* OK also when it is not there. */
CHECKED Err search_index_remove(Ctx *ctx, int64_t subject_id);
/*
 * Articles that hold every word of the query (each a phrase of terms); outlet_id 0 means all outlets.
 * after_at_ms/after_id is the last hit of the page before (0, 0 at first); limit 1..100.
 * A query without any term gives no hit. ERR_LIMIT field "q". The hits live in ctx->arena.
 */
CHECKED Err search_index_find(Ctx *ctx, Str query, int64_t outlet_id, int64_t after_at_ms,
                              int64_t after_id, int limit, SearchHits *ret);
/* The tokenizer's version the stored index was made with; 0 when none. */
CHECKED Err search_index_version(Ctx *ctx, int64_t *ret);
CHECKED Err search_index_clear(Ctx *ctx);
/*
 * Makes the index anew from the texts it keeps, for a new version of the terms; the old one answers until
 * then. Takes seconds per ten thousand articles: only in a job. Repeating is safe.
 */
CHECKED Err search_index_rebuild(Ctx *ctx);
/*
 * Removes what removed articles left in the file: FTS5 only marks their terms as gone until it merges. After
 * an erasure; as long as a rebuild. On PostgreSQL its vacuum does it, and this does nothing.
 */
CHECKED Err search_index_purge(Ctx *ctx);

#endif
