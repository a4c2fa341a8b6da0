/* features/intake/intake_feed_routes.c - the outlets' feeds, for their staff and the register's. */
#include "features/identity/identity.h"
#include "features/intake/intake_feed_store.h"
#include "features/intake/intake_feed_words.h"
#include "features/intake/intake_opml.h"
#include "features/intake/intake_pages.h"
#include "features/register/register.h"
#include "view/catalogue.h"

enum { PER_PAGE = 50 };

static const Field list_fields[] = { { "after", FIELD_CURSOR, IN_QUERY }, { 0 } };
static const Field no_fields[] = { { 0 } };
static const Field add_fields[] = {
    { "outlet", FIELD_WORD, IN_BODY, .is_required = true, .label = N_("Number of the outlet") },
    { "url", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = DEPOSIT_URL_BYTES_MAX,
      .label = N_("Feed address") },
    { 0 },
};
static const Field feed_fields[] = { { "feed", FIELD_ID, IN_PATH, .label = N_("Feed") }, { 0 } };
static const Field plan_fields[] = {
    { "now", FIELD_BOOL, IN_BODY, .label = N_("All of them, also those that are not due") },
    { 0 },
};
static const Field first_fields[] = {
    { "outlet", FIELD_WORD, IN_BODY, .is_required = true, .label = N_("Number of the outlet") },
    { "act", FIELD_ENUM, IN_BODY, .is_required = true, .words = "stop resume", .label = N_("Act") },
    { 0 },
};
static const Field import_fields[] = {
    { "outlet", FIELD_WORD, IN_BODY, .is_required = true, .label = N_("Number of the outlet") },
    { "file", FIELD_FILE, IN_BODY, .is_required = true, .max = 2 << 20, .label = N_("OPML file") },
    { "dry_run", FIELD_BOOL, IN_BODY, .label = N_("Only check, write nothing") },
    { 0 },
};

#define FEED_KEYS                                                                                  \
    "id title url admin_url outlet{no name url} state state_text look said due?{text iso} "        \
    "failures"
static const Model list_model = {
    "intake/feeds", "title first[outlet{no name url} total asked share progress is_running"
                    " may_stop may_resume] feeds[" FEED_KEYS "] next"
};
static const Model one_model = {
    "intake/feed",
    "title feed{" FEED_KEYS "} advice waits last?{text iso} last_ok?{text iso} interval_minutes"
    " moved_url moved_times moved?{text iso} hub?{" HUB_KEYS
    "} may_fetch may_pause may_resume may_end added?{text iso} person"
    " fetches[at?{text iso} said status bytes items fresh changed took_ms]",
};
static const Model done_model = { NULL, KEYS(id url state outlet) };
static const Model first_model = { NULL, KEYS(moved) };
static const Model plan_model = { NULL, KEYS(planned) };
static const Model report_model = {
    "intake/report",
    KEYS(title outlet{ no name } rows[line title url outcome outcome_text look reason] new_count
             same_count refused_count is_written is_dry_run),
};

/* ---- whose feeds ---- */

/* NULL and 0 where the actor may see all. */
static Err outlets_seen(Ctx *ctx, int64_t **ret, size_t *ret_count) {
    *ret = NULL;
    *ret_count = 0;
    if (ctx->actor != ACTOR_PERSON)
        return OK;
    TRY(identity_outlets_with(ctx, CAP_FEEDS, ret, ret_count));
    if (*ret_count > 0 && (*ret)[0] == 0)
        *ret = NULL;
    else if (!*ret)
        *ret = arena_array(ctx->arena, 1, sizeof **ret);
    return OK;
}

static Err outlet_of_no(Ctx *ctx, const Request *req, int64_t *ret) {
    Outlet outlet;

    TRY(outlet_by_no(ctx, req_text(req, "outlet"), &outlet));
    *ret = outlet.id;
    return OK;
}

static Err outlet_of_feed(Ctx *ctx, const Request *req, int64_t *ret) {
    IntakeFeed feed;

    TRY(intake_feed_get(ctx, req_id(req, "feed"), &feed));
    *ret = feed.outlet_id;
    return OK;
}

/* ---- models ---- */

static const char *look_of(const IntakeFeed *feed, const IntakeState *state) {
    if (!str_eq(feed->state, S("active")))
        return "off";
    return state->failures > 0 ? "bad" : "ok";
}

static Str page_of(Ctx *ctx, int64_t id) {
    return str_format(ctx->arena, "/admin/feeds/%lld", (long long)id);
}

static Err feed_model(Ctx *ctx, const Site *site, const IntakeFeed *feed, const IntakeState *state,
                      const Outlet *outlet, Json **ret) {
    Json *model = json_obj(ctx->arena), *due = json_null(ctx->arena);
    bool is_active = str_eq(feed->state, S("active"));
    Str said = state->feed_id ? intake_feed_said(ctx, state->outcome, state->status)
                              : intake_words(ctx, N_("It was not fetched yet."))->string;

    if (is_active && state->feed_id)
        TRY(intake_time(ctx, site, state->next_ms, &due));
    json_set(model, "id", json_id(ctx->arena, feed->id));
    json_set(model, "title", json_str(ctx->arena, feed->title.len > 0 ? feed->title : feed->url));
    json_set(model, "url", json_str(ctx->arena, feed->url));
    json_set(model, "admin_url", json_str(ctx->arena, page_of(ctx, feed->id)));
    json_set(model, "outlet", intake_outlet_part(ctx, outlet));
    json_set(model, "state", json_str(ctx->arena, feed->state));
    json_set(model, "state_text", json_str(ctx->arena, intake_feed_state_text(ctx, feed)));
    json_set(model, "look", json_str(ctx->arena, str_from_c(look_of(feed, state))));
    json_set(model, "said", json_str(ctx->arena, said));
    json_set(model, "due", due);
    json_set(model, "failures", json_int(ctx->arena, state->failures));
    *ret = model;
    return OK;
}

static Err feeds_model(Ctx *ctx, const IntakeFeeds *list, Json **ret) {
    IntakeState *states = arena_array(ctx->arena, list->len + 1, sizeof *states);
    Outlet *outlets = arena_array(ctx->arena, list->len + 1, sizeof *outlets);
    int64_t *ids = arena_array(ctx->arena, list->len + 1, sizeof *ids);
    Json *out = json_arr(ctx->arena), *one;
    Site site;

    for (size_t i = 0; i < list->len; i++)
        ids[i] = list->items[i].outlet_id;
    TRY(site_get(ctx, &site));
    TRY(outlet_get_many(ctx, ids, list->len, outlets));
    TRY(intake_feed_states(ctx, list->items, list->len, states));
    for (size_t i = 0; i < list->len; i++) {
        TRY(feed_model(ctx, &site, &list->items[i], &states[i], &outlets[i], &one));
        json_push(out, one);
    }
    *ret = out;
    return OK;
}

static Err fetches_model(Ctx *ctx, const Site *site, const IntakeFetches *list, Json **ret) {
    Json *out = json_arr(ctx->arena), *at;

    for (size_t i = 0; i < list->len; i++) {
        const IntakeFetch *f = &list->items[i];
        Json *item = json_obj(ctx->arena);
        TRY(intake_time(ctx, site, f->at_ms, &at));
        json_set(item, "at", at);
        json_set(item, "said", json_str(ctx->arena, intake_feed_said(ctx, f->outcome, f->status)));
        json_set(item, "status", json_int(ctx->arena, f->status));
        json_set(item, "bytes", json_int(ctx->arena, f->bytes));
        json_set(item, "items", json_int(ctx->arena, f->items));
        json_set(item, "fresh", json_int(ctx->arena, f->fresh));
        json_set(item, "changed", json_int(ctx->arena, f->changed));
        json_set(item, "took_ms", json_int(ctx->arena, f->took_ms));
        json_push(out, item);
    }
    *ret = out;
    return OK;
}

/* "12 of 54 feeds": whatever waits for its first turn, outlet by outlet. */
static Json *first_item(Ctx *ctx, const FeedFirst *first, const Outlet *outlet) {
    const Str counts[2] = { str_from_int(ctx->arena, first->asked),
                            str_from_int(ctx->arena, first->total) };
    int64_t waiting = first->total - first->asked;
    Json *item = json_obj(ctx->arena);

    json_set(item, "outlet", intake_outlet_part(ctx, outlet));
    json_set(item, "total", json_int(ctx->arena, first->total));
    json_set(item, "asked", json_int(ctx->arena, first->asked));
    json_set(item, "share", json_int(ctx->arena, first->asked * 100 / first->total));
    json_set(item, "progress",
             json_str(ctx->arena, catalogue_format(ctx->arena, catalogue_of(ctx->lang),
                                                   N_("{0} of {1} feeds"), counts)));
    json_set(item, "is_running", json_bool(ctx->arena, waiting > first->paused));
    json_set(item, "may_stop", json_bool(ctx->arena, waiting > first->paused));
    json_set(item, "may_resume", json_bool(ctx->arena, first->paused > 0));
    return item;
}

static Err put_first(Ctx *ctx, const int64_t *outlet_ids, size_t count, Json *model) {
    FeedFirst *first = arena_array(ctx->arena, FEED_LIST_MAX, sizeof *first);
    Outlet *outlets = arena_array(ctx->arena, FEED_LIST_MAX, sizeof *outlets);
    int64_t *ids = arena_array(ctx->arena, FEED_LIST_MAX, sizeof *ids);
    Json *list = json_arr(ctx->arena);
    size_t len;

    TRY(intake_feed_first(ctx, outlet_ids, count, first, &len));
    for (size_t i = 0; i < len; i++)
        ids[i] = first[i].outlet_id;
    TRY(outlet_get_many(ctx, ids, len, outlets));
    for (size_t i = 0; i < len; i++)
        json_push(list, first_item(ctx, &first[i], &outlets[i]));
    json_set(model, "first", list);
    return OK;
}

/* ---- pages ---- */

static Err show_feeds(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *feeds;
    int64_t *outlets, after, unused;
    IntakeFeeds list;
    size_t count;

    req_cursor(req, "after", &after, &unused);
    TRY(outlets_seen(ctx, &outlets, &count));
    TRY(intake_feed_list(ctx, outlets, count, after, PER_PAGE, &list));
    TRY(feeds_model(ctx, &list, &feeds));
    TRY(put_first(ctx, outlets, count, model));
    Str next =
        list.len == PER_PAGE ? list_cursor(ctx->arena, list.items[list.len - 1].id, 1) : STR_EMPTY;
    if (next.len > 0)
        res_next(ctx, req, res, next);
    json_set(model, "title", intake_words(ctx, N_("Feeds that are read")));
    json_set(model, "feeds", feeds);
    json_set(model, "next", next.len > 0 ? json_str(ctx->arena, next) : json_null(ctx->arena));
    return res_view(ctx, req, res, model);
}

static Err put_times(Ctx *ctx, const Site *site, const IntakeFeed *feed, const IntakeState *state,
                     Json *model) {
    Json *last, *last_ok, *added, *moved;

    TRY(intake_time(ctx, site, state->last_ms, &last));
    TRY(intake_time(ctx, site, state->last_ok_ms, &last_ok));
    TRY(intake_time(ctx, site, feed->added_ms, &added));
    json_set(model, "last", last);
    json_set(model, "last_ok", last_ok);
    json_set(model, "added", added);
    TRY(intake_time(ctx, site, state->moved_ms, &moved));
    json_set(model, "moved", moved);
    json_set(model, "moved_times", json_int(ctx->arena, state->moved_times));
    json_set(model, "interval_minutes", json_int(ctx->arena, state->interval_ms / 60000));
    return OK;
}

static Err show_feed(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *about, *list, *hub;
    Str person = STR_EMPTY;
    IntakeFetches fetches;
    IntakeState state;
    IntakeFeed feed;
    Outlet outlet;
    Site site;

    TRY(intake_feed_get(ctx, req_id(req, "feed"), &feed));
    TRY(site_get(ctx, &site));
    TRY(outlet_get(ctx, feed.outlet_id, &outlet));
    TRY(intake_feed_state(ctx, feed.id, &state, &fetches));
    if (feed.person_id)
        TRY(person_names(ctx, &feed.person_id, 1, &person));
    TRY(feed_model(ctx, &site, &feed, &state, &outlet, &about));
    TRY(fetches_model(ctx, &site, &fetches, &list));
    TRY(put_times(ctx, &site, &feed, &state, model));
    TRY(intake_hub_model(ctx, &site, feed.id, &hub));
    json_set(model, "hub", hub);
    bool is_active = str_eq(feed.state, S("active")), is_paused = str_eq(feed.state, S("paused"));
    json_set(model, "title", json_str(ctx->arena, feed.title.len > 0 ? feed.title : feed.url));
    json_set(model, "feed", about);
    json_set(model, "advice", json_str(ctx->arena, intake_feed_advice(ctx, &feed, &state)));
    json_set(model, "waits", json_str(ctx->arena, intake_feed_waits(ctx, &feed, &state)));
    json_set(model, "moved_url", json_str(ctx->arena, state.moved_url));
    json_set(model, "may_fetch", json_bool(ctx->arena, is_active));
    json_set(model, "may_pause", json_bool(ctx->arena, is_active));
    json_set(model, "may_resume", json_bool(ctx->arena, is_paused));
    json_set(model, "may_end", json_bool(ctx->arena, is_active || is_paused));
    json_set(model, "person", json_str(ctx->arena, person));
    json_set(model, "fetches", list);
    return res_view(ctx, req, res, model);
}

/* ---- acts ---- */

static Err answer(Ctx *ctx, const Request *req, Response *res, int64_t id, bool is_created) {
    Json *model = json_obj(ctx->arena);
    IntakeFeed feed;
    Outlet outlet;

    TRY(intake_feed_get(ctx, id, &feed));
    TRY(outlet_get(ctx, feed.outlet_id, &outlet));
    json_set(model, "id", json_id(ctx->arena, feed.id));
    json_set(model, "url", json_str(ctx->arena, feed.url));
    json_set(model, "state", json_str(ctx->arena, feed.state));
    json_set(model, "outlet", json_str(ctx->arena, outlet.no));
    return is_created ? res_created(ctx, req, res, page_of(ctx, id), model)
                      : res_done(ctx, req, res, page_of(ctx, id), model);
}

static Err add(Ctx *ctx, const Request *req, Response *res) {
    IntakeFeed feed;

    TRY(intake_feed_add(ctx, req_text(req, "url"), &feed));
    return answer(ctx, req, res, feed.id, true);
}

static Err fetch(Ctx *ctx, const Request *req, Response *res) {
    TRY(intake_feed_fetch(ctx, req_id(req, "feed")));
    return answer(ctx, req, res, req_id(req, "feed"), false);
}

static Err pause_feed(Ctx *ctx, const Request *req, Response *res) {
    TRY(intake_feed_move(ctx, req_id(req, "feed"), S("paused")));
    return answer(ctx, req, res, req_id(req, "feed"), false);
}

static Err resume_feed(Ctx *ctx, const Request *req, Response *res) {
    TRY(intake_feed_move(ctx, req_id(req, "feed"), S("active")));
    return answer(ctx, req, res, req_id(req, "feed"), false);
}

static Err end_feed(Ctx *ctx, const Request *req, Response *res) {
    TRY(intake_feed_move(ctx, req_id(req, "feed"), S("ended")));
    return answer(ctx, req, res, req_id(req, "feed"), false);
}

static Err plan(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);
    int64_t planned;

    TRY(intake_feed_plan(ctx, req_bool(req, "now"), &planned));
    json_set(model, "planned", json_int(ctx->arena, planned));
    return res_done(ctx, req, res, S("/admin/feeds"), model);
}

static Err move_first(Ctx *ctx, const Request *req, Response *res) {
    Str to = str_eq(req_text(req, "act"), S("stop")) ? S("paused") : S("active");
    Json *model = json_obj(ctx->arena);
    int64_t moved;

    TRY(intake_feed_first_move(ctx, to, &moved));
    json_set(model, "moved", json_int(ctx->arena, moved));
    return res_done(ctx, req, res, S("/admin/feeds"), model);
}

/* ---- lists ---- */

static Json *row_model(Ctx *ctx, const FeedImportRow *row) {
    Json *item = json_obj(ctx->arena);
    bool is_new = str_eq(row->outcome, S("new")), is_same = str_eq(row->outcome, S("same"));

    json_set(item, "line", json_int(ctx->arena, row->line));
    json_set(item, "title", json_str(ctx->arena, row->title));
    json_set(item, "url", json_str(ctx->arena, row->url));
    json_set(item, "outcome", json_str(ctx->arena, row->outcome));
    json_set(item, "outcome_text",
             intake_words(ctx, is_new    ? N_("new")
                               : is_same ? N_("same")
                                         : N_("refused")));
    json_set(item, "look", json_str(ctx->arena, is_new ? S("ok") : is_same ? S("off") : S("bad")));
    json_set(item, "reason", json_str(ctx->arena, row->reason));
    return item;
}

static Err import(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *rows = json_arr(ctx->arena);
    FeedImportReport report;
    Upload file;
    Outlet outlet;

    if (!req_file(req, "file", &file))
        return FAIL(ERR_INVALID, "file", N_("Choose a file."));
    TRY(intake_opml_import(ctx, file.bytes, req_bool(req, "dry_run"), &report));
    TRY(outlet_get(ctx, ctx->outlet_id, &outlet));
    for (size_t i = 0; i < report.len; i++)
        json_push(rows, row_model(ctx, &report.rows[i]));
    json_set(model, "title", intake_words(ctx, N_("A list of feeds taken in")));
    json_set(model, "outlet", intake_outlet_part(ctx, &outlet));
    json_set(model, "rows", rows);
    json_set(model, "new_count", json_int(ctx->arena, report.new_count));
    json_set(model, "same_count", json_int(ctx->arena, report.same_count));
    json_set(model, "refused_count", json_int(ctx->arena, report.refused_count));
    json_set(model, "is_written", json_bool(ctx->arena, report.is_written));
    json_set(model, "is_dry_run", json_bool(ctx->arena, req_bool(req, "dry_run")));
    return res_view_as(ctx, req, res, report.refused_count ? 422 : 200, &report_model, model);
}

static Err export(Ctx *ctx, const Request *req, Response *res) {
    int64_t *outlets;
    size_t count;
    Site site;
    Str opml;

    (void)req;
    TRY(site_get(ctx, &site));
    TRY(outlets_seen(ctx, &outlets, &count));
    TRY(intake_opml_export(ctx, site.name, outlets, count, &opml));
    TRY(res_header(res, "Content-Disposition", S("attachment; filename=\"feeds.opml\"")));
    return res_bytes(res, 200, "text/x-opml; charset=utf-8", opml);
}

#define ACT(word, handler_, text)                                                                  \
    {                                                                                              \
        "POST", "/admin/feeds/{feed}/" word, OUTLET(CAP_FEEDS), feed_fields, handler_,             \
            &done_model, .outlet_of = outlet_of_feed, .form_handler = show_feed, .summary = text   \
    }

const Route intake_feed_routes[] = {
    { "GET", "/admin/feeds", CAP_FEEDS, list_fields, show_feeds, &list_model,
      .summary = N_("The feeds that are read, and what became of them.") },
    { "POST", "/admin/feeds", OUTLET(CAP_FEEDS), add_fields, add, &done_model,
      .outlet_of = outlet_of_no, .form_handler = show_feeds,
      .summary = N_("Adds a feed of an outlet.") },
    { "GET", "/admin/feeds.opml", CAP_FEEDS, no_fields, export, NULL, ROUTE_RAW,
      .summary = N_("The feeds as a list for other programs (OPML).") },
    { "POST", "/admin/feeds/import", OUTLET(CAP_FEEDS), import_fields, import, &report_model,
      ROUTE_UPLOAD | ROUTE_LONG, .outlet_of = outlet_of_no, .form_handler = show_feeds,
      .summary = N_("Adds an outlet's feeds from a list (OPML): all or none.") },
    { "POST", "/admin/feeds/first", OUTLET(CAP_FEEDS), first_fields, move_first, &first_model,
      .outlet_of = outlet_of_no,
      .summary = N_("Stops an outlet's feeds that were never asked yet, or goes on with them.") },
    { "POST", "/admin/feeds/poll", CAP_JOBS, plan_fields, plan, &plan_model,
      .summary = N_("Plans feeds that lost their job, or all of them now.") },
    { "GET", "/admin/feeds/{feed}", OUTLET(CAP_FEEDS), feed_fields, show_feed, &one_model,
      .outlet_of = outlet_of_feed,
      .summary = N_("One feed: what happened last, why it waits, when it is fetched next.") },
    ACT("fetch", fetch, N_("Fetches a feed as soon as possible.")),
    ACT("pause", pause_feed, N_("Stops fetching a feed for a while.")),
    ACT("resume", resume_feed, N_("Fetches a paused feed again.")),
    ACT("end", end_feed, N_("Ends a feed; its deposits stay.")),
    { 0 },
};
