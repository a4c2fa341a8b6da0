/* db/search_tokens.c - FTS5 asks for tokens, text/bigrams.h tells terms: this joins the two. */
#include "db/search_tokens.h"

#include "text/bigrams.h"

/* What FTS5 calls back for each token. */
typedef int (*TokenSink)(void *context, int flags, const char *token, int len, int from, int to);

typedef struct Passing {
    TokenSink sink;
    void *context;
    int code;
} Passing;

static bool pass_on(void *user, Str term, size_t byte_from, size_t byte_to, size_t position,
                    bool is_colocated) {
    Passing *passing = user;
    int flags = is_colocated ? FTS5_TOKEN_COLOCATED : 0;

    passing->code = passing->sink(passing->context, flags, term.ptr, (int)term.len, (int)byte_from,
                                  (int)byte_to);
    return passing->code == SQLITE_OK;
}

static int tokenizer_new(void *user, const char **args, int count, Fts5Tokenizer **ret) {
    *ret = (Fts5Tokenizer *)ret; /* no state: any address that is not NULL */
    return SQLITE_OK;
}

static void tokenizer_free(Fts5Tokenizer *tokenizer) {}

static int tokenize(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int len,
                    TokenSink sink) {
    Passing passing = { sink, context, SQLITE_OK };
    BigramsMode mode = flags & FTS5_TOKENIZE_QUERY ? BIGRAMS_QUERY : BIGRAMS_INDEX;

    (void)bigrams_walk((Str){ text, (size_t)len }, mode, pass_on, &passing);
    return passing.code;
}

/* SQLite hands out its FTS5 functions through a pointer bound to a statement. */
static int find_fts5(sqlite3 *handle, fts5_api **ret) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(handle, "SELECT fts5(?1)", -1, &statement, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_bind_pointer(statement, 1, ret, "fts5_api_ptr", NULL);
    if (code == SQLITE_OK)
        (void)sqlite3_step(statement); /* its failure is repeated by finalize */
    int end = sqlite3_finalize(statement);
    return code == SQLITE_OK ? end : code;
}

int search_tokens_register(sqlite3 *handle) {
    fts5_tokenizer tokenizer = { tokenizer_new, tokenizer_free, tokenize };
    fts5_api *fts5 = NULL;
    int code = find_fts5(handle, &fts5);

    if (code != SQLITE_OK)
        return code;
    if (!fts5)
        return SQLITE_ERROR; /* SQLite without FTS5 */
    return fts5->xCreateTokenizer(fts5, "bigrams", NULL, &tokenizer, NULL);
}
