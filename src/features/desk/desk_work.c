/* features/desk/desk_work.c - long work: how far it is, stopped and gone on with by those who may begin it. */
#include "features/desk/desk_pages.h"
#include "features/identity/identity.h"
#include "features/register/register.h"
#include "features/search/search.h"
#include "features/site/site.h"
#include "queue/work.h"
#include "text/zone.h"
#include "view/catalogue.h"

enum { WORKS_PER_PAGE = 50 };

static const char LOOK_AGAIN_S[] =
    "3"; /* while something runs the browser asks again after so many seconds */

typedef struct StateWords {
    Str state;
    const char *text, *look;
} StateWords;

static const StateWords state_words[] = {
    { S_INIT("running"), N_("is going on"), "info" },   { S_INIT("stopped"), N_("stopped"), "off" },
    { S_INIT("failed"), N_("could not go on"), "bad" }, { S_INIT("done"), N_("done"), "good" },
    { S_INIT("dropped"), N_("given up"), "off" },
};

/* The operator's and administrator's pages stand below /admin. */
static Str base_of(const Request *req) {
    return str_starts(req_path(req), S("/admin/")) ? S("/admin/long-work") : S("/long-work");
}

static bool is_all(const Request *req) {
    return str_eq(base_of(req), S("/admin/long-work"));
}

static Str words(Ctx *ctx, const char *msgid) {
    return catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid));
}

/* ---- one piece ---- */

static Err put_times(Ctx *ctx, const Site *site, const Work *work, Json *out) {
    Str started, changed, started_iso;

    TRY(zone_format(ctx->arena, site->zone, ctx->lang, ZONE_SHORT, work->started_ms, &started));
    TRY(zone_format(ctx->arena, site->zone, ctx->lang, ZONE_SHORT, work->changed_ms, &changed));
    TRY(zone_rfc3339(ctx->arena, site->zone, work->started_ms, &started_iso));
    json_set(out, "started", json_str(ctx->arena, started));
    json_set(out, "started_iso", json_str(ctx->arena, started_iso));
    json_set(out, "changed", json_str(ctx->arena, changed));
    return OK;
}

static void put_state(Ctx *ctx, const Work *work, Json *out) {
    const StateWords *found = &state_words[0];

    for (size_t i = 0; i < COUNT_OF(state_words); i++)
        if (str_eq(work->state, state_words[i].state))
            found = &state_words[i];
    json_set(out, "state", json_str(ctx->arena, work->state));
    json_set(out, "state_text",
             json_str(ctx->arena, words(ctx, work->is_stalled ? N_("stands still") : found->text)));
    json_set(out, "look", json_str(ctx->arena, str_from_c(work->is_stalled ? "bad" : found->look)));
}

static void put_acts(Ctx *ctx, const Work *work, Json *out) {
    bool is_running = str_eq(work->state, S("running")),
         is_halted = str_eq(work->state, S("stopped")) || str_eq(work->state, S("failed"));

    json_set(out, "is_running", json_bool(ctx->arena, is_running && !work->is_stalled));
    json_set(out, "may_stop", json_bool(ctx->arena, is_running));
    json_set(out, "may_resume", json_bool(ctx->arena, is_halted || work->is_stalled));
    json_set(out, "may_drop", json_bool(ctx->arena, is_halted));
}

/* "400 of 1000 stories", a share in whole hundredths, and why it could not go on. */
static void put_progress(Ctx *ctx, const Work *work, const WorkKind *kind, Json *out) {
    Arena *arena = ctx->arena;
    const Catalogue *catalogue = catalogue_of(ctx->lang);
    const Str counts[2] = { str_from_int(arena, work->done), str_from_int(arena, work->total) };
    int64_t share = work->total > 0                  ? work->done * 100 / work->total
                    : str_eq(work->state, S("done")) ? 100
                                                     : 0;
    Str why = STR_EMPTY;

    if (work->last_error.len)
        why =
            catalogue_format(arena, catalogue, str_to_c(arena, work->last_error), work->last_args);
    json_set(out, "kind", json_str(arena, work->kind));
    json_set(out, "name", json_str(arena, kind ? words(ctx, kind->title) : work->kind));
    json_set(out, "done", json_int(arena, work->done));
    json_set(out, "total", json_int(arena, work->total));
    json_set(out, "share", json_int(arena, share));
    json_set(out, "progress",
             json_str(arena, catalogue_format(arena, catalogue,
                                              kind ? kind->unit : N_("{0} of {1}"), counts)));
    json_set(out, "why", json_str(arena, why));
}

static Err work_model(Ctx *ctx, const Request *req, const Site *site, const Work *work,
                      const Outlet *outlet, Str person, Json **ret) {
    Json *out = json_obj(ctx->arena);
    Str base = base_of(req);

    json_set(out, "id", json_id(ctx->arena, work->id));
    json_set(out, "url",
             json_str(ctx->arena,
                      str_format(ctx->arena, "%.*s/%lld", STR_ARG(base), (long long)work->id)));
    put_progress(ctx, work, work_kind(work->kind), out);
    put_state(ctx, work, out);
    put_acts(ctx, work, out);
    TRY(put_times(ctx, site, work, out));
    json_set(out, "outlet", json_str(ctx->arena, outlet->name));
    json_set(out, "person",
             json_str(ctx->arena, work->actor_id ? person : words(ctx, N_("the operator"))));
    *ret = out;
    return OK;
}

static Err works_model(Ctx *ctx, const Request *req, const WorkList *list, Json **ret,
                       bool *ret_is_any_running) {
    Json *works = json_arr(ctx->arena), *item;
    int64_t *outlet_ids = arena_array(ctx->arena, list->len + 1, sizeof(int64_t)),
            *person_ids = arena_array(ctx->arena, list->len + 1, sizeof(int64_t));
    Outlet *outlets = arena_array(ctx->arena, list->len + 1, sizeof(Outlet));
    Str *names = arena_array(ctx->arena, list->len + 1, sizeof(Str));
    Site site;

    for (size_t i = 0; i < list->len; i++) {
        outlet_ids[i] = list->items[i].outlet_id;
        person_ids[i] = list->items[i].actor_id;
    }
    TRY(site_get(ctx, &site));
    TRY(outlet_get_many(ctx, outlet_ids, list->len, outlets));
    TRY(person_names(ctx, person_ids, list->len, names));
    *ret_is_any_running = false;
    for (size_t i = 0; i < list->len; i++) {
        TRY(work_model(ctx, req, &site, &list->items[i], &outlets[i], names[i], &item));
        json_push(works, item);
        *ret_is_any_running |= json_get(item, "is_running")->boolean;
    }
    *ret = works;
    return OK;
}

/* Without scripts, too: the browser comes again by itself until nothing runs any more. */
static Err look_again(Response *res, bool is_running) {
    return is_running ? res_header(res, "Refresh", str_from_c(LOOK_AGAIN_S)) : OK;
}

/* ---- pages ---- */

Err desk_work_list(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *works, *next = json_null(ctx->arena);
    int64_t before, unused;
    bool is_any_running;
    WorkList list;

    req_cursor(req, "after", &before, &unused);
    TRY(work_list(ctx, is_all(req) ? -1 : ctx->person_id, before, WORKS_PER_PAGE, &list));
    TRY(works_model(ctx, req, &list, &works, &is_any_running));
    if (list.len == WORKS_PER_PAGE) {
        Str cursor = list_cursor(ctx->arena, list.items[list.len - 1].id, 1);
        res_next(ctx, req, res, cursor);
        next = json_str(ctx->arena, cursor);
    }
    json_set(model, "title", json_str(ctx->arena, words(ctx, N_("Long work"))));
    json_set(model, "base", json_str(ctx->arena, base_of(req)));
    json_set(model, "is_all", json_bool(ctx->arena, is_all(req)));
    json_set(model, "works", works);
    json_set(model, "next", next);
    TRY(look_again(res, is_any_running));
    return res_view(ctx, req, res, model);
}

/* Who may begin it may see it and move it; to others it is not there. */
static Err find(Ctx *ctx, const Request *req, Work *ret) {
    const WorkKind *kind;
    bool may = false;
    Work work;
    Str role;

    TRY(work_get(ctx, req_id(req, "id"), &work));
    kind = work_kind(work.kind);
    if (!is_all(req) && kind)
        TRY(identity_may(ctx, (Cap)kind->cap, kind->is_per_outlet ? work.outlet_id : 0, &may,
                         &role));
    if (!is_all(req) && !may)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such page."));
    *ret = work;
    return OK;
}

Err desk_work_one(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *works;
    bool is_running;
    Work work;

    TRY(find(ctx, req, &work));
    const WorkList one = { &work, 1 };
    TRY(works_model(ctx, req, &one, &works, &is_running));
    json_set(model, "title", json_str(ctx->arena, json_get_text(works->array.items[0], "name")));
    json_set(model, "base", json_str(ctx->arena, base_of(req)));
    json_set(model, "work", works->array.items[0]);
    TRY(look_again(res, is_running));
    return res_view(ctx, req, res, model);
}

static Err answer(Ctx *ctx, const Request *req, Response *res, int64_t id) {
    Json *model = json_obj(ctx->arena);
    Work work;

    TRY(work_get(ctx, id, &work));
    Str url = str_format(ctx->arena, "%.*s/%lld", STR_ARG(base_of(req)), (long long)id);
    json_set(model, "id", json_id(ctx->arena, id));
    json_set(model, "url", json_str(ctx->arena, url));
    json_set(model, "state", json_str(ctx->arena, work.state));
    return res_done(ctx, req, res, url, model);
}

Err desk_work_act(Ctx *ctx, const Request *req, Response *res) {
    Str act = req_text(req, "act");
    Work work;

    TRY(find(ctx, req, &work));
    if (str_eq(act, S("stop")))
        TRY(work_stop(ctx, work.id));
    else if (str_eq(act, S("resume")))
        TRY(work_resume(ctx, work.id));
    else
        TRY(work_drop(ctx, work.id));
    return answer(ctx, req, res, work.id);
}

/* What the administrator may begin here. */
Err desk_work_begin(Ctx *ctx, const Request *req, Response *res) {
    Work work;

    TRY(search_rebuild(ctx, &work));
    return answer(ctx, req, res, work.id);
}
