/* features/manuscript/manuscript_store_list.c - lists of stories, each one statement. */
#include "features/manuscript/manuscript_rows.h"
#include "features/manuscript/manuscript_store.h"

#include <assert.h>
#include <stdlib.h>

enum { LIST_MAX = 100 };

/* MANUSCRIPT_COLUMNS_OF_M and of the version that readers see. */
#define FEED_COLUMNS MANUSCRIPT_COLUMNS_OF_M ", v.html, v.cleaner, v.pictures, v.tags"

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

Err manuscript_list_rising(Ctx *ctx, int64_t after_id, int limit, ManuscriptList *ret) {
    DB_ROWS(rows);

    assert(limit >= 1 && limit <= LIST_MAX);
    TRY(db_query(ctx, &rows,
                 "SELECT " MANUSCRIPT_COLUMNS " FROM manuscript WHERE is_public + 0 = 1 AND id > $1"
                 " ORDER BY id LIMIT $2",
                 ARGS(INT(after_id), INT(limit))));
    return read_all(ctx, &rows, (size_t)limit, ret);
}

/* A JSON list of ids would be one database's word: up to 100 ids are bound as they are, the rest as 0. */
static const DbArg *bind_ids(Ctx *ctx, const int64_t *ids, size_t count) {
    DbArg *args = arena_array(ctx->arena, LIST_MAX, sizeof(DbArg));

    for (size_t i = 0; i < LIST_MAX; i++)
        args[i] = INT(i < count ? ids[i] : 0);
    return args;
}

enum { AT_ONCE = 30 };

/* is_any: also what readers do not see. */
static Err get_some(Ctx *ctx, const int64_t *ids, size_t count, bool is_any, ManuscriptList *list) {
    DbArg args[AT_ONCE + 1];
    DB_ROWS(rows);

    for (size_t i = 0; i < AT_ONCE; i++)
        args[i] = INT(i < count ? ids[i] : 0); /* no story has id 0 */
    args[AT_ONCE] = INT(is_any);
    TRY(db_query(
        ctx, &rows,
        "SELECT " MANUSCRIPT_COLUMNS " FROM manuscript WHERE is_public + $31 >= 1 AND id IN ($1,"
        " $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,"
        " $21, $22, $23, $24, $25, $26, $27, $28, $29, $30) ORDER BY id LIMIT 30",
        args, COUNT_OF(args)));
    while (db_next(&rows))
        list->items[list->len++] = manuscript_read_row(&rows);
    return db_end(&rows);
}

static Err texts_of_some(Ctx *ctx, const int64_t *ids, size_t count, Str *texts) {
    const DbArg *args = bind_ids(ctx, ids, count);
    DB_ROWS(rows);

    TRY(db_query(
        ctx, &rows,
        "SELECT v.manuscript_id, v.body_text FROM manuscript m JOIN manuscript_version v ON"
        " v.manuscript_id = m.id AND v.n = m.published_n WHERE m.is_public = 1 AND m.id IN ($1, $2,"
        " $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,"
        " $21, $22, $23, $24, $25, $26, $27, $28, $29, $30) ORDER BY v.manuscript_id LIMIT 30",
        args, 30));
    while (db_next(&rows))
        for (size_t i = 0; i < count; i++)
            if (ids[i] == db_int(&rows, 0))
                texts[i] = db_text(&rows, 1);
    return db_end(&rows);
}

Err manuscript_texts_public(Ctx *ctx, const int64_t *ids, size_t count, Str *ret_texts) {
    Str *texts = arena_array(ctx->arena, count, sizeof(Str));

    for (size_t from = 0; from < count; from += 30)
        TRY(texts_of_some(ctx, ids + from, count - from < 30 ? count - from : 30, texts + from));
    for (size_t i = 0; i < count; i++)
        ret_texts[i] = texts[i];
    return OK;
}

static Err get_all(Ctx *ctx, const int64_t *ids, size_t count, bool is_any, ManuscriptList *list) {
    for (size_t from = 0; from < count; from += AT_ONCE)
        TRY(get_some(ctx, ids + from, count - from < AT_ONCE ? count - from : AT_ONCE, is_any,
                     list));
    return OK;
}

static const Manuscript *find(const ManuscriptList *list, int64_t id) {
    for (size_t i = 0; i < list->len; i++)
        if (list->items[i].id == id)
            return &list->items[i];
    return NULL;
}

Err manuscript_get_many_public(Ctx *ctx, const int64_t *ids, size_t count, ManuscriptList *ret) {
    ManuscriptList found = { .items = arena_array(ctx->arena, count + 1, sizeof(Manuscript)) };
    ManuscriptList list = { .items = arena_array(ctx->arena, count + 1, sizeof(Manuscript)) };

    TRY(get_all(ctx, ids, count, false, &found));
    for (size_t i = 0; i < count; i++) {
        const Manuscript *m = find(&found, ids[i]);
        if (m)
            list.items[list.len++] = *m;
    }
    *ret = list;
    return OK;
}

Err manuscript_get_many(Ctx *ctx, const int64_t *ids, size_t count, Manuscript *ret) {
    ManuscriptList found = { .items = arena_array(ctx->arena, count + 1, sizeof(Manuscript)) };

    TRY(get_all(ctx, ids, count, true, &found));
    for (size_t i = 0; i < count; i++) {
        const Manuscript *m = find(&found, ids[i]);
        ret[i] = m ? *m : (Manuscript){ 0 };
    }
    return OK;
}

/* What I began, and newer versions of other people's stories that I am writing. */
Err manuscript_list_mine(Ctx *ctx, int limit, ManuscriptList *ret) {
    DB_ROWS(rows);

    assert(limit >= 1 && limit <= LIST_MAX);
    TRY(db_query(ctx, &rows,
                 "SELECT " MANUSCRIPT_COLUMNS_OF_M " FROM manuscript m WHERE"
                 " m.state IN ('draft', 'returned', 'revising') AND m.id IN"
                 " (SELECT a.id FROM manuscript a WHERE a.author_id = $1"
                 " AND a.state IN ('draft', 'returned', 'revising')"
                 " UNION SELECT v.manuscript_id FROM manuscript_version v WHERE v.made_by = $1"
                 " AND v.released_ms = 0)"
                 " ORDER BY m.changed_ms DESC, m.id DESC LIMIT $2",
                 ARGS(INT(ctx->person_id), INT(limit))));
    return read_all(ctx, &rows, (size_t)limit, ret);
}

static bool has_id(const int64_t *ids, size_t count, int64_t id) {
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* What I wrote, the version at hand or the story, is not mine to decide. */
#define WAITING                                                                                    \
    " FROM manuscript m WHERE m.state IN ('submitted', 'revision_submitted', 'held', "             \
    "'revision_held') AND m.step = ''"                                                             \
    " AND m.author_id <> $1 AND NOT EXISTS (SELECT 1 FROM manuscript_version v"                    \
    " WHERE v.manuscript_id = m.id AND v.n = m.working_n AND v.made_by = $1)"
#define LONGEST_WAITING_FIRST " ORDER BY m.changed_ms, m.id LIMIT $2"

static Err waiting_anywhere(Ctx *ctx, int limit, ManuscriptList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " MANUSCRIPT_COLUMNS_OF_M WAITING LONGEST_WAITING_FIRST,
                 ARGS(INT(ctx->person_id), INT(limit))));
    return read_all(ctx, &rows, (size_t)limit, ret);
}

enum { OUTLETS_AT_ONCE = 30 };

static Err waiting_at(Ctx *ctx, const int64_t *outlet_ids, size_t count, int limit,
                      ManuscriptList *ret) {
    DbArg args[2 + OUTLETS_AT_ONCE] = { INT(ctx->person_id), INT(limit) };
    DB_ROWS(rows);

    for (size_t i = 0; i < OUTLETS_AT_ONCE; i++)
        args[2 + i] = INT(i < count ? outlet_ids[i] : 0); /* no outlet has id 0 */
    TRY(db_query(ctx, &rows,
                 "SELECT " MANUSCRIPT_COLUMNS_OF_M WAITING
                 " AND m.outlet_id IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
                 " $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31,"
                 " $32)" LONGEST_WAITING_FIRST,
                 args, COUNT_OF(args)));
    return read_all(ctx, &rows, (size_t)limit, ret);
}

static int by_waiting(const void *a, const void *b) {
    const Manuscript *x = a, *y = b;

    if (x->changed_ms != y->changed_ms)
        return x->changed_ms < y->changed_ms ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* outlet id 0 stands for all of them. One statement for each OUTLETS_AT_ONCE outlets. */
Err manuscript_list_waiting(Ctx *ctx, const int64_t *outlet_ids, size_t count, int limit,
                            ManuscriptList *ret) {
    size_t groups = count / OUTLETS_AT_ONCE + 1;
    ManuscriptList part,
        list = { .items = arena_array(ctx->arena, groups * (size_t)limit + 1, sizeof(Manuscript)) };

    assert(limit >= 1 && limit <= LIST_MAX);
    if (has_id(outlet_ids, count, 0))
        return waiting_anywhere(ctx, limit, ret);
    for (size_t from = 0; from < count; from += OUTLETS_AT_ONCE) {
        size_t some = count - from < OUTLETS_AT_ONCE ? count - from : OUTLETS_AT_ONCE;
        TRY(waiting_at(ctx, outlet_ids + from, some, limit, &part));
        for (size_t i = 0; i < part.len; i++)
            list.items[list.len++] = part.items[i];
    }
    qsort(list.items, list.len, sizeof(Manuscript), by_waiting);
    if (list.len > (size_t)limit)
        list.len = (size_t)limit;
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

Err manuscript_feed(Ctx *ctx, int64_t outlet_id, int limit, ManuscriptList *ret,
                    ManuscriptVersion **ret_versions) {
    ManuscriptList list = { .items =
                                arena_array(ctx->arena, (size_t)limit + 1, sizeof(Manuscript)) };
    ManuscriptVersion *versions = arena_array(ctx->arena, (size_t)limit + 1, sizeof *versions);
    DB_ROWS(rows);

    if (outlet_id)
        TRY(db_query(ctx, &rows,
                     "SELECT " FEED_COLUMNS " FROM manuscript m JOIN manuscript_version v"
                     " ON v.manuscript_id = m.id AND v.n = m.published_n WHERE m.outlet_id = $1"
                     " AND m.is_public = 1 ORDER BY m.published_ms DESC, m.id DESC LIMIT $2",
                     ARGS(INT(outlet_id), INT(limit))));
    else
        TRY(db_query(ctx, &rows,
                     "SELECT " FEED_COLUMNS " FROM manuscript m JOIN manuscript_version v"
                     " ON v.manuscript_id = m.id AND v.n = m.published_n WHERE m.is_public = 1"
                     " ORDER BY m.published_ms DESC, m.id DESC LIMIT $1",
                     ARGS(INT(limit))));
    while (db_next(&rows)) {
        ManuscriptVersion *v = &versions[list.len];
        list.items[list.len++] = manuscript_read_row(&rows);
        TRY(manuscript_store_html(ctx, db_text(&rows, MANUSCRIPT_COLUMN_COUNT),
                                  db_int(&rows, MANUSCRIPT_COLUMN_COUNT + 1), &v->html));
        TRY(manuscript_read_pictures(ctx, db_text(&rows, MANUSCRIPT_COLUMN_COUNT + 2), v));
        TRY(manuscript_read_list(ctx, db_text(&rows, MANUSCRIPT_COLUMN_COUNT + 3), &v->tags));
    }
    TRY(db_end(&rows));
    *ret = list;
    *ret_versions = versions;
    return OK;
}

/* $1: since when the week counts. */
#define COUNT_COLUMNS                                                                              \
    "COUNT(CASE WHEN is_public = 1 THEN 1 END), COUNT(CASE WHEN withdrawn_ms > 0 THEN 1 END),"     \
    " CAST(SUM(corrections) AS BIGINT),"                                                           \
    " COUNT(CASE WHEN is_public = 1 AND published_ms > $1 THEN 1 END)"

Err manuscript_counts(Ctx *ctx, int64_t outlet_id, ManuscriptCounts *ret) {
    ManuscriptCounts counts = { 0 };
    int64_t week = ctx->now_ms - INT64_C(7) * 24 * 3600 * 1000;
    DB_ROWS(rows);

    /* Both read the index manuscript_counts alone. */
    if (outlet_id)
        TRY(db_query(ctx, &rows, "SELECT " COUNT_COLUMNS " FROM manuscript WHERE outlet_id = $2",
                     ARGS(INT(week), INT(outlet_id))));
    else
        TRY(db_query(ctx, &rows, "SELECT " COUNT_COLUMNS " FROM manuscript", ARGS(INT(week))));
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
