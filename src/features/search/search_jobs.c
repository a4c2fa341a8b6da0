/* features/search/search_jobs.c - keeps the index in step with what is published, and makes it anew. */
#include "base/vec.h"
#include "features/identity/cap.h"
#include "features/search/search.h"

enum { INDEX_BATCH = 100 };

typedef VEC(int64_t) IdList;

static void add_id(Ctx *ctx, IdList *ids, Str text) {
    int64_t id;

    if (!str_parse_int(text, &id))
        return;
    for (size_t i = 0; i < ids->len; i++)
        if (ids->items[i] == id)
            return;
    *VEC_PUSH(ctx->arena, ids) = id;
}

/* The story or stories that a job's event spoke of. */
static void add_ids(Ctx *ctx, IdList *ids, const Json *payload) {
    const Json *list = json_get(payload, "ids");

    add_id(ctx, ids, json_get_text(payload, "manuscript_id"));
    for (size_t i = 0; list && list->type == JSON_ARRAY && i < list->array.len; i++)
        if (list->array.items[i]->type == JSON_STRING)
            add_id(ctx, ids, list->array.items[i]->string);
}

static Err read_row(Ctx *ctx, const Manuscript *m, SearchRow *ret) {
    ManuscriptVersion version;

    TRY(manuscript_version(ctx, m->id, m->published_n, &version));
    *ret = (SearchRow){ .subject_id = m->id,
                        .outlet_id = m->outlet_id,
                        .at_ms = m->published_ms,
                        .title = version.title,
                        .body = str_format(ctx->arena, "%.*s\n%.*s", STR_ARG(version.summary),
                                           STR_ARG(version.text)) };
    return OK;
}

/* What is not public any more goes; what is, is put in one derived transaction. */
static Err index_ids(Ctx *ctx, const int64_t *ids, size_t count) {
    SearchRow *rows = arena_array(ctx->arena, count, sizeof(SearchRow));
    size_t len = 0;

    for (size_t i = 0; i < count; i++) {
        Manuscript m;
        Err err = manuscript_get_public(ctx, ids[i], &m);
        if (err.code == ERR_NOT_FOUND || (err.code == ERR_OK && m.withdrawn_ms)) {
            TRY(search_index_remove(ctx, ids[i]));
            continue;
        }
        TRY(err);
        TRY(read_row(ctx, &m, &rows[len++]));
    }
    return search_index_put(ctx, rows, len);
}

/* In memory of its own: a large import's stories are more than one job may hold at a time. */
static Err index_some(Ctx *ctx, const int64_t *ids, size_t count) {
    Arena *before = ctx->arena;
    CLEANUP(arena_close) Arena *work = arena_new(arena_budget(before));

    ctx->arena = work;
    Err err = index_ids(ctx, ids, count);
    ctx->arena = before;
    for (int i = 0; i < 2; i++)
        err.args[i] = str_dup(before, err.args[i]);
    return err;
}

static Err run_batch(Ctx *ctx, const Job *jobs, size_t count) {
    IdList ids = { 0 };

    for (size_t i = 0; i < count; i++)
        add_ids(ctx, &ids, jobs[i].payload);
    for (size_t from = 0; from < ids.len; from += INDEX_BATCH) {
        size_t some = ids.len - from < INDEX_BATCH ? ids.len - from : INDEX_BATCH;
        TRY(index_some(ctx, ids.items + from, some));
    }
    return OK;
}

/* ---- anew ---- */

Err search_rebuild(Ctx *ctx, Work *ret) {
    Work how = { .kind = S("search.rebuild"), .subject = S("all") }, work;
    ManuscriptCounts counts;
    bool is_new;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(manuscript_counts(ctx, 0, &counts));
    how.total = counts.published;
    TRY(work_begin(ctx, &how, &work, &is_new));
    TRY(db_commit(&tx));
    *ret = work;
    return OK;
}

/* A story that changed while its words were read may be in the index already with its new ones. */
static Err check_unchanged(Ctx *ctx, int64_t after_id, const ManuscriptList *was) {
    ManuscriptList is;

    TRY(manuscript_list_rising(ctx, after_id, INDEX_BATCH, &is));
    bool same = is.len == was->len;
    for (size_t i = 0; same && i < is.len; i++)
        same = is.items[i].id == was->items[i].id && is.items[i].version == was->items[i].version;
    return same ? OK : FAIL(ERR_BUSY, NULL, N_("The stories are being changed."));
}

Err search_rebuild_step(Ctx *ctx, const Work *work) {
    ManuscriptList list;
    bool is_mine, is_end;
    int64_t gone;
    DB_TX(tx);

    TRY(manuscript_list_rising(ctx, work->cursor, INDEX_BATCH, &list));
    is_end = list.len < INDEX_BATCH;
    int64_t upto = is_end ? INT64_MAX : list.items[list.len - 1].id;
    SearchRow *rows = arena_array(ctx->arena, list.len + 1, sizeof(SearchRow));
    for (size_t i = 0; i < list.len; i++)
        TRY(read_row(ctx, &list.items[i], &rows[i]));
    TRY(search_index_replace(ctx, work->cursor, upto, rows, list.len, &gone));
    TRY(db_begin(ctx, &tx));
    TRY(work_turn(ctx, work, &is_mine));
    if (!is_mine)
        return OK;
    TRY(check_unchanged(ctx, work->cursor, &list));
    TRY(work_advance(ctx, work, (int64_t)list.len, upto, is_end));
    return db_commit(&tx);
}

const WorkKind search_rebuild_work = { .kind = "search.rebuild",
                                       .title = N_("Making the search index anew"),
                                       .unit = N_("{0} of {1} stories"),
                                       .cap = CAP_JOBS,
                                       .step = search_rebuild_step };

const JobKind search_job_kinds[] = {
    { "search.index", LANE_COMPUTE, NULL, run_batch, INDEX_BATCH },
};
const size_t search_job_kind_count = COUNT_OF(search_job_kinds);
