/* features/manuscript/manuscript_store_list.c - lists of stories, each one statement. */
#include "features/manuscript/manuscript_rows.h"

#include <assert.h>

enum { LIST_MAX = 100 };

static Err read_all(Ctx *ctx, DbRows *rows, size_t max, ManuscriptList *ret) {
    ManuscriptList list = { .items = arena_array(ctx->arena, max + 1, sizeof(Manuscript)) };

    while (list.len < max && db_next(rows))
        list.items[list.len++] = manuscript_read_row(rows);
    TRY(db_end(rows));
    *ret = list;
    return OK;
}

/* Before the first page: later than everything. */
static int64_t or_newest(int64_t value) {
    return value ? value : INT64_MAX;
}

Err manuscript_list_public(Ctx *ctx, int64_t outlet_id, Str kind, int64_t after_ms,
                           int64_t after_id, int limit, ManuscriptList *ret) {
    DB_ROWS(rows);

    assert(limit >= 1 && limit <= LIST_MAX);
    after_ms = or_newest(after_ms);
    after_id = or_newest(after_id);
    if (outlet_id)
        TRY(db_query(ctx, &rows,
                     "SELECT " MANUSCRIPT_COLUMNS " FROM manuscript WHERE outlet_id = $1"
                     " AND is_public = 1 AND (published_ms < $2 OR (published_ms = $2 AND id < $3))"
                     " ORDER BY published_ms DESC, id DESC LIMIT $4",
                     ARGS(INT(outlet_id), INT(after_ms), INT(after_id), INT(limit))));
    else if (kind.len)
        TRY(db_query(ctx, &rows,
                     "SELECT " MANUSCRIPT_COLUMNS " FROM manuscript WHERE kind = $1"
                     " AND is_public = 1 AND (published_ms < $2 OR (published_ms = $2 AND id < $3))"
                     " ORDER BY published_ms DESC, id DESC LIMIT $4",
                     ARGS(TXT(kind), INT(after_ms), INT(after_id), INT(limit))));
    else
        TRY(db_query(ctx, &rows,
                     "SELECT " MANUSCRIPT_COLUMNS " FROM manuscript WHERE is_public = 1"
                     " AND (published_ms < $1 OR (published_ms = $1 AND id < $2))"
                     " ORDER BY published_ms DESC, id DESC LIMIT $3",
                     ARGS(INT(after_ms), INT(after_id), INT(limit))));
    return read_all(ctx, &rows, (size_t)limit, ret);
}

/* A JSON list of ids would be one database's word: up to 100 ids are bound as they are, the rest as 0. */
static const DbArg *bind_ids(Ctx *ctx, const int64_t *ids, size_t count) {
    DbArg *args = arena_array(ctx->arena, LIST_MAX, sizeof(DbArg));

    for (size_t i = 0; i < LIST_MAX; i++)
        args[i] = INT(i < count ? ids[i] : 0);
    return args;
}

static Err get_some(Ctx *ctx, const int64_t *ids, size_t count, ManuscriptList *list) {
    const DbArg *args = bind_ids(ctx, ids, count);
    DB_ROWS(rows);

    TRY(db_query(
        ctx, &rows,
        "SELECT " MANUSCRIPT_COLUMNS " FROM manuscript WHERE is_public = 1 AND id IN ($1, $2,"
        " $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,"
        " $21, $22, $23, $24, $25, $26, $27, $28, $29, $30) ORDER BY id LIMIT 30",
        args, 30));
    while (db_next(&rows))
        list->items[list->len++] = manuscript_read_row(&rows);
    return db_end(&rows);
}

Err manuscript_get_many_public(Ctx *ctx, const int64_t *ids, size_t count, ManuscriptList *ret) {
    ManuscriptList found = { .items = arena_array(ctx->arena, count + 1, sizeof(Manuscript)) };
    ManuscriptList list = { .items = arena_array(ctx->arena, count + 1, sizeof(Manuscript)) };

    for (size_t from = 0; from < count; from += 30)
        TRY(get_some(ctx, ids + from, count - from < 30 ? count - from : 30, &found));
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < found.len; j++)
            if (found.items[j].id == ids[i]) {
                list.items[list.len++] = found.items[j];
                break;
            }
    *ret = list;
    return OK;
}

Err manuscript_list_mine(Ctx *ctx, int limit, ManuscriptList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " MANUSCRIPT_COLUMNS " FROM manuscript WHERE author_id = $1"
                 " AND state IN ('draft', 'returned', 'revising') ORDER BY changed_ms DESC, id "
                 "DESC LIMIT $2",
                 ARGS(INT(ctx->person_id), INT(limit))));
    return read_all(ctx, &rows, (size_t)limit, ret);
}

static bool has_id(const int64_t *ids, size_t count, int64_t id) {
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* All that waits for somebody is short; who may release it is known here. outlet id 0 stands for all. */
Err manuscript_list_waiting(Ctx *ctx, const int64_t *outlet_ids, size_t count, int limit,
                            ManuscriptList *ret) {
    enum { WAITING_MAX = 500 };
    ManuscriptList all,
        list = { .items = arena_array(ctx->arena, (size_t)limit + 1, sizeof(Manuscript)) };
    bool is_all = has_id(outlet_ids, count, 0);
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " MANUSCRIPT_COLUMNS " FROM manuscript WHERE state IN ('submitted',"
                 " 'revision_submitted') AND author_id <> $1 ORDER BY changed_ms, id LIMIT $2",
                 ARGS(INT(ctx->person_id), INT(WAITING_MAX))));
    TRY(read_all(ctx, &rows, WAITING_MAX, &all));
    for (size_t i = 0; i < all.len && list.len < (size_t)limit; i++)
        if (is_all || has_id(outlet_ids, count, all.items[i].outlet_id))
            list.items[list.len++] = all.items[i];
    *ret = list;
    return OK;
}

Err manuscript_list_desk(Ctx *ctx, int64_t outlet_id, Str state, int64_t after_ms, int64_t after_id,
                         int limit, ManuscriptList *ret) {
    DB_ROWS(rows);

    TRY(db_query(
        ctx, &rows,
        "SELECT " MANUSCRIPT_COLUMNS " FROM manuscript WHERE outlet_id = $1"
        " AND ($2 = '' OR state = $2) AND (changed_ms < $3 OR (changed_ms = $3 AND id < $4))"
        " ORDER BY changed_ms DESC, id DESC LIMIT $5",
        ARGS(INT(outlet_id), TXT(state), INT(or_newest(after_ms)), INT(or_newest(after_id)),
             INT(limit))));
    return read_all(ctx, &rows, (size_t)limit, ret);
}

Err manuscript_versions(Ctx *ctx, int64_t id, ManuscriptVersion **ret, size_t *ret_len) {
    enum { VERSIONS_MAX = 200 };
    ManuscriptVersion *list = arena_array(ctx->arena, VERSIONS_MAX, sizeof *list);
    size_t len = 0;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " VERSION_COLUMNS " FROM manuscript_version WHERE manuscript_id = $1"
                 " AND released_ms > 0 ORDER BY n LIMIT $2",
                 ARGS(INT(id), INT(VERSIONS_MAX))));
    while (db_next(&rows))
        TRY(manuscript_read_version(ctx, &rows, &list[len++]));
    TRY(db_end(&rows));
    *ret = list;
    *ret_len = len;
    return OK;
}

/* Stories and the HTML of their shown versions, joined. */
#define PREFIXED                                                                                   \
    "m.id, m.number, m.outlet_id, m.kind, m.state, m.profile, m.lang, m.author_id, m.byline,"      \
    " m.published_n, m.working_n, m.created_ms, m.changed_ms, m.published_ms, m.republished_ms,"   \
    " m.released_by, m.imported_ms, m.original_url, m.withdrawn_ms, m.withdrawn_reason,"           \
    " m.corrections, m.cover_id, m.version, m.title, m.summary, v.html"

Err manuscript_feed(Ctx *ctx, int64_t outlet_id, int limit, ManuscriptList *ret,
                    ManuscriptVersion **ret_versions) {
    ManuscriptList list = { .items =
                                arena_array(ctx->arena, (size_t)limit + 1, sizeof(Manuscript)) };
    ManuscriptVersion *versions = arena_array(ctx->arena, (size_t)limit + 1, sizeof *versions);
    DB_ROWS(rows);

    if (outlet_id)
        TRY(db_query(ctx, &rows,
                     "SELECT " PREFIXED " FROM manuscript m JOIN manuscript_version v"
                     " ON v.manuscript_id = m.id AND v.n = m.published_n WHERE m.outlet_id = $1"
                     " AND m.is_public = 1 ORDER BY m.published_ms DESC, m.id DESC LIMIT $2",
                     ARGS(INT(outlet_id), INT(limit))));
    else
        TRY(db_query(ctx, &rows,
                     "SELECT " PREFIXED " FROM manuscript m JOIN manuscript_version v"
                     " ON v.manuscript_id = m.id AND v.n = m.published_n WHERE m.is_public = 1"
                     " ORDER BY m.published_ms DESC, m.id DESC LIMIT $1",
                     ARGS(INT(limit))));
    while (db_next(&rows)) {
        versions[list.len].html = db_text(&rows, 25);
        list.items[list.len] = manuscript_read_row(&rows);
        list.len++;
    }
    TRY(db_end(&rows));
    *ret = list;
    *ret_versions = versions;
    return OK;
}

Err manuscript_counts(Ctx *ctx, int64_t outlet_id, ManuscriptCounts *ret) {
    ManuscriptCounts counts = { 0 };
    int64_t week = ctx->now_ms - INT64_C(7) * 24 * 3600 * 1000;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT COUNT(CASE WHEN is_public = 1 THEN 1 END),"
                 " COUNT(CASE WHEN withdrawn_ms > 0 THEN 1 END),"
                 " CAST(SUM(corrections) AS BIGINT),"
                 " COUNT(CASE WHEN is_public = 1 AND published_ms > $1 THEN 1 END)"
                 " FROM manuscript WHERE ($2 = 0 OR outlet_id = $2)",
                 ARGS(INT(week), INT(outlet_id))));
    if (db_next(&rows)) {
        counts.published = db_int(&rows, 0);
        counts.withdrawn = db_int(&rows, 1);
        counts.corrections = db_int(&rows, 2);
        counts.since_week = db_int(&rows, 3);
    }
    TRY(db_end(&rows));
    *ret = counts;
    return OK;
}
