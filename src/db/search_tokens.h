/* db/search_tokens.h - the terms of text/bigrams.h as a tokenizer of FTS5; private to this folder. */
#ifndef DB_SEARCH_TOKENS_H
#define DB_SEARCH_TOKENS_H

#include <sqlite3.h>

#include "base/attr.h"

/* Makes the tokenizer `bigrams` known to this connection. SQLite's code. */
CHECKED int search_tokens_register(sqlite3 *handle);

#endif
