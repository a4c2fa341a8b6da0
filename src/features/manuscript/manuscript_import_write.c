/* features/manuscript/manuscript_import_write.c - stories from before become stories here: rows, log, events. */
#include "base/id.h"
#include "features/identity/identity.h"
#include "features/manuscript/manuscript_import.h"
#include "features/manuscript/manuscript_store.h"
#include "ledger/ledger.h"
#include "queue/event.h"
#include "text/zone.h"

enum { IDS_PER_EVENT = 200 };

Err manuscript_import_announce(StoryImport *im) {
    Ctx *ctx = im->ctx;
    CLEANUP(give_back) Lent lent = { ctx, ctx->arena };
    EventTags tags = { 0 };

    if (im->ids.len == 0)
        return OK;
    ctx->arena = im->keep; /* the tags are read after the commit */
    Json *facts = json_obj(ctx->arena), *ids = json_arr(ctx->arena);
    for (size_t i = 0; i < im->ids.len; i++)
        json_push(ids, json_id(ctx->arena, im->ids.items[i]));
    json_set(facts, "ids", ids);
    json_set(facts, "outlet_id", json_id(ctx->arena, im->outlet.id));
    event_tag(ctx->arena, &tags, "outlet", im->outlet.id);
    event_tag(ctx->arena, &tags, "home", 0);
    event_tag(ctx->arena, &tags, "feed", 0);
    TRY(event_emit(ctx, "manuscript.imported", im->ids.items[0], facts, event_tag_list(&tags)));
    im->ids.len = 0;
    return OK;
}

static Err number_of(StoryImport *im, int64_t date_ms, Str *ret) {
    ZoneTime local;
    int64_t next = 0;

    TRY(zone_local(im->site.zone, date_ms, &local));
    TRY(manuscript_store_next_number(im->ctx, im->outlet.id, local.year, &next));
    *ret = str_format(im->ctx->arena, "%.*s-%d-%04lld", STR_ARG(im->outlet.no), local.year,
                      (long long)next);
    return OK;
}

Err manuscript_import_write(StoryImport *im, const OldStory *story, ManuscriptVersion *v) {
    Ctx *ctx = im->ctx;
    Json *sealed = json_obj(ctx->arena);
    Manuscript m = { .id = id_next(ctx),
                     .outlet_id = im->outlet.id,
                     .kind = S("消息"),
                     .state = S("published"),
                     .profile = S("imported"),
                     .lang = story->lang,
                     .byline = story->byline,
                     .published_n = 1,
                     .working_n = 1,
                     .created_ms = ctx->now_ms,
                     .changed_ms = ctx->now_ms,
                     .published_ms = story->date_ms,
                     .imported_ms = ctx->now_ms,
                     .original_url = story->url,
                     .version = 1,
                     .changed_by = ctx->person_id,
                     .title = v->title,
                     .summary = v->summary };

    TRY(number_of(im, story->date_ms, &m.number));
    TRY(manuscript_store_insert(ctx, &m, story->key, story->hash));
    v->manuscript_id = m.id;
    v->n = 1;
    v->released_ms = ctx->now_ms;
    TRY(manuscript_store_version_put(ctx, v));
    json_set(sealed, "number", json_str(ctx->arena, m.number));
    json_set(sealed, "title", json_str(ctx->arena, m.title));
    json_set(sealed, "hash", json_str(ctx->arena, v->hash));
    json_set(sealed, "date", json_int(ctx->arena, story->date_ms));
    TRY(ledger_append(ctx, "manuscript.imported", m.id, sealed));
    *VEC_PUSH(im->book, &im->ids) = m.id;
    return im->ids.len == IDS_PER_EVENT ? manuscript_import_announce(im) : OK;
}

/* ---- a part ---- */

static Err refused(Ctx *ctx, int64_t line) {
    return FAIL_ARGS(ERR_CONFLICT, "file",
                     N_("The story of line {0} can be taken in no more: another import or a change "
                        "of the rules came in between. Check the file again."),
                     str_from_int(ctx->arena, line));
}

Err manuscript_import_take(Ctx *ctx, const Outlet *outlet, bool is_feed, Str byline,
                           int64_t first_line, Str lines, int64_t *ret_rows) {
    CLEANUP(arena_close) Arena *book = arena_new(0);
    StoryImport im = { .ctx = ctx,
                       .keep = ctx->arena,
                       .book = book,
                       .words = catalogue_of(ctx->lang),
                       .outlet = *outlet,
                       .is_writing = true,
                       .is_feed = is_feed,
                       .feed_byline = byline,
                       .seen = map_new(book) };

    TRY(site_get(ctx, &im.site));
    TRY(manuscript_import_all(&im, lines, first_line));
    for (size_t i = 0; i < im.rows.len; i++)
        if (str_eq(im.rows.items[i].outcome, S("refused")))
            return refused(ctx, im.rows.items[i].line);
    if (ret_rows)
        *ret_rows = (int64_t)im.rows.len;
    return OK;
}

/* In the name of who began it, as long as that person may. */
static Err act_as(Ctx *ctx, const Work *work, const Outlet *outlet) {
    Person person;
    bool may;

    ctx->outlet_id = outlet->id; /* as the router does for a person */
    ctx->outlet_no = outlet->no;
    ctx->actor = ACTOR_OPERATOR;
    ctx->person_name = S("operator");
    if (!work->actor_id)
        return OK;
    TRY(person_get(ctx, work->actor_id, &person));
    ctx->actor = ACTOR_PERSON;
    ctx->person_id = person.id;
    ctx->person_name = person.name;
    TRY(identity_may(ctx, CAP_IMPORT_STORIES, outlet->id, &may, &ctx->role));
    return may ? OK
               : FAIL(ERR_FORBIDDEN, NULL,
                      N_("Who began this import may no longer take stories in here."));
}

static Err read_part(Ctx *ctx, const Work *work, int64_t *ret_line, Str *ret_lines) {
    Str first;

    TRY(work_part(ctx, work->id, work->cursor, ret_lines));
    if (!str_cut(ret_lines, '\n', &first) || !str_parse_int(first, ret_line))
        return FAIL(ERR_BUG, NULL, N_("A part of what this work reads is missing."));
    return OK;
}

static int64_t parts_of(const Work *work) {
    const Json *parts = json_get(work->facts, "parts");

    return parts && parts->type == JSON_INT ? parts->integer : 0;
}

Err manuscript_import_step(Ctx *ctx, const Work *work) {
    const Json *is_feed = json_get(work->facts, "is_feed");
    int64_t line, rows, next = work->cursor + 1;
    Outlet outlet;
    Str lines;
    bool is_mine;
    DB_TX(tx);

    TRY(outlet_get(ctx, work->outlet_id, &outlet));
    TRY(act_as(ctx, work, &outlet));
    TRY(db_begin_alone(ctx, &tx));
    TRY(work_turn(ctx, work, &is_mine));
    if (!is_mine)
        return OK;
    TRY(read_part(ctx, work, &line, &lines));
    TRY(manuscript_import_take(ctx, &outlet, is_feed && is_feed->boolean,
                               json_get_text(work->facts, "byline"), line, lines, &rows));
    TRY(work_advance(ctx, work, rows, next, next >= parts_of(work)));
    return db_commit(&tx);
}

const WorkKind manuscript_import_work = { .kind = "stories.import",
                                          .title = N_("Taking old stories in"),
                                          .unit = N_("{0} of {1} stories"),
                                          .cap = CAP_IMPORT_STORIES,
                                          .is_per_outlet = true,
                                          .step = manuscript_import_step };
