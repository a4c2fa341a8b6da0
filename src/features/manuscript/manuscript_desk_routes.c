/* features/manuscript/manuscript_desk_routes.c - reading and deciding, for people at work. */
#include "features/identity/identity.h"
#include "features/manuscript/manuscript_pages.h"
#include "features/manuscript/manuscript_states.h"
#include "features/register/register.h"
#include "ledger/ledger.h"
#include "view/catalogue.h"

enum { PER_PAGE = 50, ENTRIES = 100 };

static const Field id_fields[] = { { "id", FIELD_ID, IN_PATH, .label = N_("Story") }, { 0 } };
static const Field reason_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Story") },
    { "reason", FIELD_TEXT, IN_BODY, .is_required = true, .max_chars = REASON_CHARS_MAX,
      .label = N_("Reason") },
    { 0 },
};
static const Field list_fields[] = {
    { "outlet", FIELD_WORD, IN_QUERY, .label = N_("Outlet") },
    { "after", FIELD_CURSOR, IN_QUERY },
    { 0 },
};
static const Model desk_model = {
    "manuscript/desk_story",
    "title id number state state_text look version lang kind summary html note author outlet_no"
    " outlet_name word_url public_url n published_n is_own may_change may_submit may_return "
    "may_release"
    " may_correct may_withdraw may_plan may_unplan may_link returned?{ reason person at }"
    " entries[kind kind_text at position is_placed]"
    " pictures[src srcset width height hash alt credit] sources[] late?{ planned published }"
    " embargo?{ at local zone text note } " PLAN_KEYS " " REVIEW_KEYS " " DECIDE_KEYS,
};
static const Model list_model = {
    "manuscript/desk_list",
    KEYS(title outlets[no name selected] outlet_no may_import
             stories[id url number title state state_text look changed planned is_overdue] next),
};

/* ---- what the route files of the desk share ---- */

const Model manuscript_act_model = { NULL, KEYS(id number state version url) };

Err manuscript_outlet_of_id(Ctx *ctx, const Request *req, int64_t *ret) {
    Manuscript m;

    TRY(manuscript_get(ctx, req_id(req, "id"), &m));
    *ret = m.outlet_id;
    return OK;
}

/* R1: a story without an outlet has no form and no address. */
Err manuscript_outlet_of_no(Ctx *ctx, const Request *req, int64_t *ret) {
    Outlet outlet;

    if (!req_text(req, "outlet").len)
        return REFUSE(
            1, N_("A story is filed for an outlet and signed by a person: name the outlet."));
    TRY(outlet_by_no(ctx, req_text(req, "outlet"), &outlet));
    *ret = outlet.id;
    return OK;
}

Err manuscript_answer(Ctx *ctx, const Request *req, Response *res, const Manuscript *m,
                      bool is_created) {
    Json *model = json_obj(ctx->arena);
    Str desk = str_format(ctx->arena, "/desk/articles/%lld", (long long)m->id);

    json_set(model, "id", json_id(ctx->arena, m->id));
    json_set(model, "number", json_str(ctx->arena, m->number));
    json_set(model, "state", json_str(ctx->arena, m->state));
    json_set(model, "version", json_int(ctx->arena, m->version));
    json_set(model, "url",
             json_str(ctx->arena, str_format(ctx->arena, "/articles/%lld", (long long)m->id)));
    return is_created ? res_created(ctx, req, res, desk, model)
                      : res_done(ctx, req, res, desk, model);
}

/* ---- acts ---- */

static Err submit(Ctx *ctx, const Request *req, Response *res) {
    Manuscript m;

    TRY(manuscript_submit(ctx, req_id(req, "id"), req_version(req), &m));
    return manuscript_answer(ctx, req, res, &m, false);
}

static Err release(Ctx *ctx, const Request *req, Response *res) {
    Manuscript m;

    TRY(manuscript_release(ctx, req_id(req, "id"), req_version(req), &m));
    return manuscript_answer(ctx, req, res, &m, false);
}

static Err send_back(Ctx *ctx, const Request *req, Response *res) {
    Manuscript m;

    TRY(manuscript_return(ctx, req_id(req, "id"), req_version(req), req_text(req, "reason"), &m));
    return manuscript_answer(ctx, req, res, &m, false);
}

static Err withdraw(Ctx *ctx, const Request *req, Response *res) {
    Manuscript m;

    TRY(manuscript_withdraw(ctx, req_id(req, "id"), req_version(req), req_text(req, "reason"), &m));
    return manuscript_answer(ctx, req, res, &m, false);
}

/* ---- the page where a story is read and decided ---- */

static const char *state_sentence(Str state) {
    static const struct {
        Str state;
        const char *text;
    } rows[] = {
        { S_INIT("draft"), N_("Draft") },
        { S_INIT("submitted"), N_("Waits for a second person") },
        { S_INIT("returned"), N_("Returned") },
        { S_INIT("reserved"), N_("Kept for another day") },
        { S_INIT("rejected"), N_("Rejected") },
        { S_INIT("planned"), N_("Planned") },
        { S_INIT("held"), N_("Held: a person must decide") },
        { S_INIT("revision_planned"), N_("Published; a new version is planned") },
        { S_INIT("revision_held"), N_("Published; a new version is held") },
        { S_INIT("published"), N_("Published") },
        { S_INIT("revising"), N_("Published; a new version is being written") },
        { S_INIT("revision_submitted"), N_("Published; a new version waits for a second person") },
        { S_INIT("withdrawn"), N_("Withdrawn") },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_eq(state, rows[i].state))
            return rows[i].text;
    return "";
}

/* Where a step of its check is at hand, which; else the state. */
static Json *state_text(Ctx *ctx, const Manuscript *m) {
    Str args[2] = { STR_EMPTY, STR_EMPTY };
    bool is_shown = str_eq(m->state, S("published"));

    if (!m->step.len || str_eq(m->state, S("reserved")))
        return manuscript_words(ctx, state_sentence(m->state));
    args[0] = manuscript_words(ctx, review_step_title(review_step_of(m->step)))->string;
    return json_str(
        ctx->arena,
        catalogue_format(ctx->arena, catalogue_of(ctx->lang),
                         is_shown ? N_("Published; waits for: {0}") : N_("Waits for: {0}"), args));
}

Err manuscript_returned(Ctx *ctx, const Site *site, const Manuscript *m, Json **ret) {
    Json *out = json_obj(ctx->arena), *at;
    Str name;

    if (!m->returned_ms) {
        *ret = json_null(ctx->arena);
        return OK;
    }
    TRY(person_names(ctx, &m->returned_by, 1, &name));
    TRY(manuscript_time(ctx, site, m->returned_ms, &at));
    json_set(out, "reason", json_str(ctx->arena, m->returned_reason));
    json_set(out, "person", json_str(ctx->arena, name));
    json_set(out, "at", at);
    *ret = out;
    return OK;
}

/* The mark before the words: done, waiting, sent back, gone, or nothing yet. */
static const char *state_look(Str state) {
    if (str_eq(state, S("published")))
        return "ok";
    if (str_eq(state, S("submitted")) || str_eq(state, S("revision_submitted")))
        return "warn";
    if (str_eq(state, S("returned")) || str_eq(state, S("rejected")) || str_ends(state, S("held")))
        return "bad";
    return str_eq(state, S("revising")) || str_ends(state, S("planned")) ? "info" : "off";
}

static Err put_entries(Ctx *ctx, const Site *site, int64_t id, Json *model) {
    LedgerPlaces places;
    Json *entries = json_arr(ctx->arena), *at;

    TRY(ledger_of_subject(ctx, id, ENTRIES, &places));
    for (size_t i = 0; i < places.len; i++) {
        Json *entry = json_obj(ctx->arena);
        TRY(manuscript_time(ctx, site, places.items[i].at_ms, &at));
        json_set(entry, "kind", json_str(ctx->arena, places.items[i].kind));
        json_set(entry, "kind_text",
                 json_str(ctx->arena, site_entry_words(ctx, places.items[i].kind)));
        json_set(entry, "at", at);
        json_set(entry, "position", json_int(ctx->arena, places.items[i].index));
        json_set(entry, "is_placed", json_bool(ctx->arena, places.items[i].index >= 0));
        json_push(entries, entry);
    }
    json_set(model, "entries", entries);
    return OK;
}

/* What is released needs its steps first, but for a flash, whose page asks no more when the first two are done. */
static bool waits_for(const Manuscript *m, const Json *review, Act act) {
    bool is_flash = str_eq(json_get_text(review, "flow"), S("flash"));
    bool is_open = m->step.len && (!is_flash || review_step_of(m->step) < STEP_REVIEW3);

    return is_open && (act == ACT_RELEASE || act == ACT_PLAN);
}

static Err put_acts(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v, Json *model) {
    bool is_own = m->author_id == ctx->person_id || v->made_by == ctx->person_id, may_release,
         may_file;
    Str role;

    TRY(identity_may(ctx, CAP_RELEASE, m->outlet_id, &may_release, &role));
    TRY(identity_may(ctx, CAP_FILE, m->outlet_id, &may_file, &role));
    const struct {
        const char *name;
        Act act;
        bool may;
    } acts[] = { { "may_change", ACT_CHANGE, may_file },
                 { "may_submit", ACT_SUBMIT, may_file },
                 { "may_return", ACT_RETURN, may_release && !is_own },
                 { "may_release", ACT_RELEASE, may_release && !is_own },
                 { "may_correct", ACT_CORRECT, may_release },
                 { "may_withdraw", ACT_WITHDRAW, may_release },
                 { "may_plan", ACT_PLAN, may_release && !is_own },
                 { "may_unplan", ACT_UNPLAN, may_release } };

    json_set(model, "is_own", json_bool(ctx->arena, is_own));
    json_set(
        model, "may_link",
        json_bool(ctx->arena, may_release && !is_own && json_get_text(model, "link_step").len > 0));
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        json_set(model, acts[i].name,
                 json_bool(ctx->arena, acts[i].may &&
                                           !waits_for(m, json_get(model, "review"), acts[i].act) &&
                                           manuscript_transition(m->state, acts[i].act)));
    return OK;
}

/* Of a version that was planned and went out too late: when it should have, and when it did. */
static Err put_late(Ctx *ctx, const Site *site, const Manuscript *m, Json *model) {
    Json *late = json_obj(ctx->arena), *planned, *published;

    json_set(model, "late", json_null(ctx->arena));
    if (!manuscript_is_late(m))
        return OK;
    TRY(manuscript_time(ctx, site, m->planned_ms, &planned));
    TRY(manuscript_time(ctx, site, m->republished_ms ? m->republished_ms : m->published_ms,
                        &published));
    json_set(late, "planned", planned);
    json_set(late, "published", published);
    json_set(model, "late", late);
    return OK;
}

/* Where it says what a Word file lost; null for what came otherwise. */
static Err put_word(Ctx *ctx, int64_t id, Json *model) {
    Json *word;

    TRY(manuscript_word(ctx, id, &word));
    json_set(model, "word_url",
             word->type == JSON_NULL
                 ? json_null(ctx->arena)
                 : json_str(ctx->arena,
                            str_format(ctx->arena, "/desk/articles/%lld/word", (long long)id)));
    return OK;
}

Err manuscript_show_desk(Ctx *ctx, const Request *req, Response *res) {
    Site site;
    Manuscript m;
    ManuscriptVersion v;
    Outlet outlet;
    Str author;
    Json *model = json_obj(ctx->arena), *returned;

    TRY(site_get(ctx, &site));
    TRY(manuscript_get(ctx, req_id(req, "id"), &m));
    TRY(manuscript_version(ctx, m.id, m.working_n, &v));
    TRY(outlet_get(ctx, m.outlet_id, &outlet));
    TRY(person_names(ctx, &m.author_id, 1, &author));
    json_set(model, "title", json_str(ctx->arena, v.title));
    json_set(model, "id", json_id(ctx->arena, m.id));
    json_set(model, "number", json_str(ctx->arena, m.number));
    json_set(model, "state", json_str(ctx->arena, m.state));
    json_set(model, "state_text", state_text(ctx, &m));
    json_set(model, "look", json_str(ctx->arena, str_from_c(state_look(m.state))));
    json_set(model, "version", json_int(ctx->arena, m.version));
    json_set(model, "lang", json_str(ctx->arena, str_eq(m.lang, S("en")) ? S("en") : S("zh-CN")));
    json_set(model, "kind", json_str(ctx->arena, m.kind));
    json_set(model, "summary", json_str(ctx->arena, v.summary));
    json_set(model, "html", json_clean(ctx->arena, v.html));
    json_set(model, "note", json_str(ctx->arena, v.note));
    json_set(model, "author", json_str(ctx->arena, m.byline.len ? m.byline : author));
    json_set(model, "outlet_no", json_str(ctx->arena, outlet.no));
    json_set(model, "outlet_name", json_str(ctx->arena, outlet.name));
    json_set(model, "n", json_int(ctx->arena, v.n));
    json_set(model, "published_n", json_int(ctx->arena, m.published_n));
    json_set(model, "public_url",
             m.published_n
                 ? json_str(ctx->arena, str_format(ctx->arena, "/articles/%lld", (long long)m.id))
                 : json_null(ctx->arena));
    Json *sources = json_arr(ctx->arena);
    for (size_t i = 0; i < v.sources.len; i++)
        json_push(sources, json_str(ctx->arena, v.sources.items[i]));
    json_set(model, "sources", sources);
    TRY(put_word(ctx, m.id, model));
    TRY(manuscript_returned(ctx, &site, &m, &returned));
    json_set(model, "returned", returned);
    TRY(manuscript_put_plan(ctx, &site, m.id, model));
    TRY(manuscript_put_embargo_model(ctx, m.id, model));
    TRY(put_late(ctx, &site, &m, model));
    TRY(manuscript_put_decide(ctx, &site, &m, &v, model));
    TRY(put_acts(ctx, &m, &v, model));
    TRY(put_entries(ctx, &site, m.id, model));
    TRY(manuscript_put_pictures(ctx, &v, model));
    res_version(res, m.version);
    return res_view(ctx, req, res, model);
}

/* ---- my outlets' stories ---- */

static Err put_outlets(Ctx *ctx, Str chosen, Outlet *ret_chosen, Json *model) {
    int64_t *ids;
    size_t count;
    Json *list = json_arr(ctx->arena);

    TRY(identity_outlets_with(ctx, CAP_DRAFTS, &ids, &count));
    Outlet *outlets = arena_array(ctx->arena, count + 1, sizeof(Outlet));
    TRY(outlet_get_many(ctx, ids, count, outlets));
    *ret_chosen = (Outlet){ 0 };
    for (size_t i = 0; i < count; i++) {
        Json *item = json_obj(ctx->arena);
        if (!outlets[i].id)
            continue;
        bool is_chosen = chosen.len ? str_eq(chosen, outlets[i].no) : !ret_chosen->id;
        if (is_chosen)
            *ret_chosen = outlets[i];
        json_set(item, "no", json_str(ctx->arena, outlets[i].no));
        json_set(item, "name", json_str(ctx->arena, outlets[i].name));
        json_set(item, "selected", json_bool(ctx->arena, is_chosen));
        json_push(list, item);
    }
    json_set(model, "outlets", list);
    return OK;
}

/* Alliance-wide roles read any outlet's list by its number. */
static Err choose_outlet(Ctx *ctx, Str no, Outlet *chosen) {
    bool may;
    Str role;

    if (chosen->id || !no.len)
        return OK;
    TRY(outlet_by_no(ctx, no, chosen));
    TRY(identity_may(ctx, CAP_DRAFTS, chosen->id, &may, &role));
    return may ? OK : FAIL(ERR_NOT_FOUND, NULL, N_("There is no such outlet."));
}

static const Plan *plan_in(const PlanList *plans, int64_t id) {
    for (size_t i = 0; i < plans->len; i++)
        if (plans->items[i].manuscript_id == id)
            return &plans->items[i];
    return NULL;
}

static Err row_of(Ctx *ctx, const Site *site, const Manuscript *m, const Plan *plan, Json **ret) {
    Json *row = json_obj(ctx->arena), *at;

    TRY(manuscript_time(ctx, site, m->changed_ms, &at));
    json_set(row, "id", json_id(ctx->arena, m->id));
    json_set(row, "url",
             json_str(ctx->arena, str_format(ctx->arena, "/desk/articles/%lld", (long long)m->id)));
    json_set(row, "number", json_str(ctx->arena, m->number));
    json_set(row, "title", json_str(ctx->arena, m->title));
    json_set(row, "state", json_str(ctx->arena, m->state));
    json_set(row, "state_text", state_text(ctx, m));
    json_set(row, "look", json_str(ctx->arena, str_from_c(state_look(m->state))));
    json_set(row, "changed", at);
    manuscript_put_planned(ctx, plan, row);
    *ret = row;
    return OK;
}

static Err show_list(Ctx *ctx, const Request *req, Response *res) {
    Site site;
    Outlet chosen;
    ManuscriptList list = { 0 };
    PlanList plans = { 0 };
    int64_t after_ms, after_id;
    bool may_import = false;
    Str role;
    Json *model = json_obj(ctx->arena), *stories = json_arr(ctx->arena),
         *next = json_null(ctx->arena), *row;

    req_cursor(req, "after", &after_ms, &after_id);
    TRY(site_get(ctx, &site));
    TRY(put_outlets(ctx, req_text(req, "outlet"), &chosen, model));
    TRY(choose_outlet(ctx, req_text(req, "outlet"), &chosen));
    if (chosen.id) {
        TRY(manuscript_list_desk(ctx, chosen.id, STR_EMPTY, after_ms, after_id, PER_PAGE, &list));
        TRY(manuscript_plans_of_outlet(ctx, chosen.id, PLANS_MAX, &plans));
    }
    for (size_t i = 0; i < list.len; i++) {
        TRY(row_of(ctx, &site, &list.items[i], plan_in(&plans, list.items[i].id), &row));
        json_push(stories, row);
    }
    if (list.len == PER_PAGE) {
        Str cursor = list_cursor(ctx->arena, list.items[PER_PAGE - 1].changed_ms,
                                 list.items[PER_PAGE - 1].id);
        res_next(ctx, req, res, cursor);
        next = json_str(ctx->arena, cursor);
    }
    json_set(model, "title", manuscript_words(ctx, N_("Stories")));
    json_set(model, "outlet_no", json_str(ctx->arena, chosen.no));
    if (chosen.id)
        TRY(identity_may(ctx, CAP_IMPORT_STORIES, chosen.id, &may_import, &role));
    json_set(model, "may_import", json_bool(ctx->arena, may_import));
    json_set(model, "stories", stories);
    json_set(model, "next", next);
    return res_view(ctx, req, res, model);
}

#define BY_ID(method, pattern, cap, fields, handler, model, flags, text)                           \
    {                                                                                              \
        method, pattern, OUTLET(cap), fields, handler, model, flags,                               \
            .outlet_of = manuscript_outlet_of_id, .summary = text                                  \
    }

const Route manuscript_desk_routes[] = {
    { "GET", "/desk/articles", CAP_SIGNED_IN, list_fields, show_list, &list_model,
      .summary = N_("The stories of my outlets.") },
    BY_ID("GET", "/desk/articles/{id}", CAP_DRAFTS, id_fields, manuscript_show_desk, &desk_model, 0,
          N_("A story with its state, history and what may be done.")),
    BY_ID("POST", "/articles/{id}/submit", CAP_FILE, id_fields, submit, &manuscript_act_model,
          ROUTE_IF_MATCH, N_("Puts a story before a second person.")),
    BY_ID("POST", "/articles/{id}/release", CAP_RELEASE, id_fields, release, &manuscript_act_model,
          ROUTE_IF_MATCH | ROUTE_STEP_UP, N_("Publishes another person's story.")),
    BY_ID("POST", "/articles/{id}/return", CAP_RELEASE, reason_fields, send_back,
          &manuscript_act_model, ROUTE_IF_MATCH,
          N_("Returns a story to its author with a reason.")),
    BY_ID("POST", "/articles/{id}/withdraw", CAP_WITHDRAW, reason_fields, withdraw,
          &manuscript_act_model, ROUTE_IF_MATCH | ROUTE_STEP_UP,
          N_("Withdraws a published story; a tombstone stays.")),
    { 0 },
};
