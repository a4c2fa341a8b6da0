/* features/planning/planning_pitch_routes.c - pitches of an outlet, for its own people. */
#include "features/identity/identity.h"
#include "features/planning/planning_pages.h"
#include "features/planning/planning_states.h"
#include "features/site/site.h"

enum { PER_PAGE = PITCH_LIST_MAX };

#define NO_FIELD                                                                                   \
    { "no", FIELD_WORD, IN_PATH, .label = N_("Number of the outlet") }
#define PITCH_FIELD                                                                                \
    { "pitch", FIELD_ID, IN_PATH, .label = N_("Pitch") }

static const Field list_fields[] = {
    NO_FIELD,
    { "state", FIELD_ENUM, IN_QUERY, .words = "proposed accepted assigned declined withdrawn",
      .label = N_("State") },
    { "after", FIELD_CURSOR, IN_QUERY },
    { 0 },
};
static const Field propose_fields[] = {
    NO_FIELD,
    { "title", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = PITCH_TITLE_CHARS_MAX,
      .label = N_("Title") },
    { "why", FIELD_TEXT, IN_BODY, .is_required = true, .max_chars = PITCH_WHY_CHARS_MAX,
      .label = N_("Why it should be told") },
    { "kind", FIELD_ENUM, IN_BODY, .words = "消息 通讯 评论 图片 视频 解释 快讯",
      .label = N_("Kind") },
    { "wished_on", FIELD_DATE, IN_BODY, .label = N_("Wished day") },
    { 0 },
};
static const Field one_fields[] = { PITCH_FIELD, { 0 } };
static const Field accept_fields[] = {
    PITCH_FIELD,
    { "reason", FIELD_TEXT, IN_BODY, .max_chars = PITCH_REASON_CHARS_MAX, .label = N_("Reason") },
    { 0 },
};
static const Field move_fields[] = {
    PITCH_FIELD,
    { "wished_on", FIELD_DATE, IN_BODY, .label = N_("Wished day") },
    { 0 },
};
static const Field decline_fields[] = {
    PITCH_FIELD,
    { "reason", FIELD_TEXT, IN_BODY, .is_required = true, .max_chars = PITCH_REASON_CHARS_MAX,
      .label = N_("Reason") },
    { 0 },
};
static const Field note_fields[] = {
    PITCH_FIELD,
    { "text", FIELD_TEXT, IN_BODY, .is_required = true, .max_chars = PITCH_NOTE_CHARS_MAX,
      .label = N_("Note") },
    { 0 },
};

#define PITCH_KEYS                                                                                 \
    "id url title why kind kind_text wished_on state state_text look person proposed{text iso} "   \
    "version"
static const Model list_model = {
    "planning/pitches",
    "title outlet{no name} may_propose is_filtered tabs[url label selected] pitches[" PITCH_KEYS
    "] kinds[value label selected] next next_url",
};
static const Model one_model = {
    "planning/pitch",
    "title outlet{no name} pitch{" PITCH_KEYS "} steps[act act_text look person at{text iso} text]"
    " is_own may_accept may_decline may_withdraw may_note may_move " ASSIGN_KEYS,
};
static const Model done_model = { NULL, KEYS(id url state version) };
static const Model note_model = { NULL, KEYS(id pitch url text) };

static const PlanningWord acts[] = {
    { S_INIT("propose"), N_("Proposed"), "" },
    { S_INIT("note"), N_("Note"), "" },
    { S_INIT("accept"), N_("Accepted"), "ok" },
    { S_INIT("decline"), N_("Declined"), "bad" },
    { S_INIT("withdraw"), N_("Taken back"), "off" },
    { S_INIT("assign"), N_("Assigned"), "info" },
    { S_INIT("begin"), N_("Story begun"), "info" },
    { S_INIT("drop"), N_("Assignment taken back"), "off" },
    { S_INIT("move"), N_("Moved"), "" },
};
/* ---- models ---- */

static Err pitch_model(Ctx *ctx, Str zone, const Pitch *p, Str person, Json **ret) {
    Json *out = json_obj(ctx->arena), *proposed;
    PlanningWord state = planning_word(pitch_states, PITCH_STATES, p->state);
    const char *kind = planning_kind_title(p->kind);

    TRY(planning_time(ctx, zone, p->proposed_ms, &proposed));
    json_set(out, "id", json_id(ctx->arena, p->id));
    json_set(out, "url", json_str(ctx->arena, planning_pitch_url(ctx, p->id)));
    json_set(out, "title", json_str(ctx->arena, p->title));
    json_set(out, "why", json_str(ctx->arena, p->why));
    json_set(out, "kind", json_str(ctx->arena, p->kind));
    json_set(out, "kind_text", *kind ? planning_words(ctx, kind) : json_str(ctx->arena, p->kind));
    json_set(out, "wished_on", json_str(ctx->arena, p->wished_on));
    json_set(out, "state", json_str(ctx->arena, p->state));
    json_set(out, "state_text", planning_words(ctx, state.text));
    json_set(out, "look", json_str(ctx->arena, str_from_c(state.look)));
    json_set(out, "person", json_str(ctx->arena, person));
    json_set(out, "proposed", proposed);
    json_set(out, "version", json_int(ctx->arena, p->version));
    *ret = out;
    return OK;
}

/* ---- the list ---- */

static Str list_url(Ctx *ctx, const Outlet *outlet, Str state) {
    return state.len > 0
               ? str_format(ctx->arena, "/desk/outlets/%.*s/pitches?state=%.*s",
                            STR_ARG(outlet->no), STR_ARG(state))
               : str_format(ctx->arena, "/desk/outlets/%.*s/pitches", STR_ARG(outlet->no));
}

static void put_tabs(Ctx *ctx, const Outlet *outlet, Str chosen, Json *model) {
    Json *tabs = json_arr(ctx->arena);

    for (size_t i = 0; i <= PITCH_STATES; i++) {
        Str state = i == 0 ? STR_EMPTY : pitch_states[i - 1].value;
        Json *tab = json_obj(ctx->arena);
        json_set(tab, "url", json_str(ctx->arena, list_url(ctx, outlet, state)));
        json_set(tab, "label", planning_words(ctx, i == 0 ? N_("All") : pitch_states[i - 1].text));
        json_set(tab, "selected", json_bool(ctx->arena, str_eq(state, chosen)));
        json_push(tabs, tab);
    }
    json_set(model, "tabs", tabs);
}

static Err put_pitches(Ctx *ctx, const PitchList *list, size_t shown, Json *model) {
    int64_t *ids = arena_array(ctx->arena, shown + 1, sizeof *ids);
    Str *names = arena_array(ctx->arena, shown + 1, sizeof *names), zone;
    Json *out = json_arr(ctx->arena), *row;

    for (size_t i = 0; i < shown; i++)
        ids[i] = list->items[i].proposed_by;
    TRY(site_zone(ctx, &zone));
    TRY(person_names(ctx, ids, shown, names));
    for (size_t i = 0; i < shown; i++) {
        TRY(pitch_model(ctx, zone, &list->items[i], names[i], &row));
        json_push(out, row);
    }
    json_set(model, "pitches", out);
    return OK;
}

static Err show_list(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);
    Str state = req_text(req, "state"), role, cursor = STR_EMPTY, url = STR_EMPTY;
    int64_t after, unused;
    bool may_propose;
    PitchList list;
    Outlet outlet;

    req_cursor(req, "after", &after, &unused);
    TRY(outlet_by_no(ctx, req_text(req, "no"), &outlet));
    TRY(identity_may(ctx, CAP_FILE, outlet.id, &may_propose, &role));
    TRY(pitch_list(ctx, outlet.id, state, after, PER_PAGE + 1, &list));
    size_t shown = list.len > PER_PAGE ? PER_PAGE : list.len;
    if (list.len > shown) {
        cursor = list_cursor(ctx->arena, list.items[shown - 1].id, 1);
        url = list_url(ctx, &outlet, state);
        url = str_format(ctx->arena, "%.*s%safter=%.*s", STR_ARG(url), state.len ? "&" : "?",
                         STR_ARG(cursor));
        res_next(ctx, req, res, cursor);
    }
    TRY(put_pitches(ctx, &list, shown, model));
    put_tabs(ctx, &outlet, state, model);
    json_set(model, "kinds", planning_kinds(ctx, STR_EMPTY));
    json_set(model, "title", planning_words(ctx, N_("Pitches")));
    json_set(model, "outlet", planning_outlet(ctx, &outlet));
    json_set(model, "may_propose", json_bool(ctx->arena, may_propose));
    json_set(model, "is_filtered", json_bool(ctx->arena, state.len > 0));
    json_set(model, "next", cursor.len > 0 ? json_str(ctx->arena, cursor) : json_null(ctx->arena));
    json_set(model, "next_url", cursor.len > 0 ? json_str(ctx->arena, url) : json_null(ctx->arena));
    return res_view(ctx, req, res, model);
}

/* ---- one ---- */

static Err put_steps(Ctx *ctx, Str zone, int64_t id, Json *model) {
    Json *out = json_arr(ctx->arena), *at;
    PitchSteps steps;

    TRY(pitch_steps(ctx, id, &steps));
    int64_t *ids = arena_array(ctx->arena, steps.len + 1, sizeof *ids);
    Str *names = arena_array(ctx->arena, steps.len + 1, sizeof *names);
    for (size_t i = 0; i < steps.len; i++)
        ids[i] = steps.items[i].person_id;
    TRY(person_names(ctx, ids, steps.len, names));
    for (size_t i = 0; i < steps.len; i++) {
        const PitchStep *step = &steps.items[i];
        PlanningWord act = planning_word(acts, COUNT_OF(acts), step->act);
        Json *row = json_obj(ctx->arena);
        TRY(planning_time(ctx, zone, step->made_ms, &at));
        json_set(row, "act", json_str(ctx->arena, step->act));
        json_set(row, "act_text", planning_words(ctx, act.text));
        json_set(row, "look", json_str(ctx->arena, str_from_c(act.look)));
        json_set(row, "person", json_str(ctx->arena, names[i]));
        json_set(row, "at", at);
        json_set(row, "text", json_str(ctx->arena, step->text));
        json_push(out, row);
    }
    json_set(model, "steps", out);
    return OK;
}

static Err put_acts(Ctx *ctx, Str zone, const Pitch *p, Json *model) {
    bool is_own = p->proposed_by == ctx->person_id, may_decide, may_file, may_accept;
    bool is_open = pitch_transition(p->state, PITCH_ACCEPT) != NULL;
    Str role;

    TRY(identity_may(ctx, CAP_RELEASE, p->outlet_id, &may_decide, &role));
    TRY(identity_may(ctx, CAP_FILE, p->outlet_id, &may_file, &role));
    TRY(pitch_may_accept(ctx, p, &may_accept));
    json_set(model, "is_own", json_bool(ctx->arena, is_own && is_open));
    json_set(model, "may_accept", json_bool(ctx->arena, is_open && may_decide && may_accept));
    json_set(model, "may_decline", json_bool(ctx->arena, is_open && may_decide && !is_own));
    json_set(model, "may_withdraw", json_bool(ctx->arena, is_open && may_file && is_own));
    json_set(model, "may_move",
             json_bool(ctx->arena, may_decide && pitch_transition(p->state, PITCH_MOVE)));
    json_set(model, "may_note", json_bool(ctx->arena, true));
    return planning_put_assignments(ctx, zone, p, may_decide, model);
}

/* The forms begin with what is wished now, and with the clock of the alliance. */
static void put_form(Ctx *ctx, Str zone, const Pitch *p, Json *model) {
    Json *form = json_obj(ctx->arena), *values = json_obj(ctx->arena);

    json_set(values, "wished_on", json_str(ctx->arena, p->wished_on));
    json_set(values, "due_zone", json_str(ctx->arena, zone));
    json_set(form, "values", values);
    json_set(model, "form", form);
}

Err planning_show_pitch(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *pitch;
    Str zone, name;
    Outlet outlet;
    Pitch p;

    TRY(pitch_get(ctx, req_id(req, "pitch"), &p));
    TRY(outlet_get(ctx, p.outlet_id, &outlet));
    TRY(site_zone(ctx, &zone));
    TRY(person_names(ctx, &p.proposed_by, 1, &name));
    TRY(pitch_model(ctx, zone, &p, name, &pitch));
    json_set(model, "title", json_str(ctx->arena, p.title));
    json_set(model, "outlet", planning_outlet(ctx, &outlet));
    json_set(model, "pitch", pitch);
    TRY(put_steps(ctx, zone, p.id, model));
    TRY(put_acts(ctx, zone, &p, model));
    put_form(ctx, zone, &p, model);
    res_version(res, p.version);
    return res_view(ctx, req, res, model);
}

/* ---- acts ---- */

static Json *done_part(Ctx *ctx, const Pitch *p) {
    Json *model = json_obj(ctx->arena);

    json_set(model, "id", json_id(ctx->arena, p->id));
    json_set(model, "url", json_str(ctx->arena, planning_pitch_url(ctx, p->id)));
    json_set(model, "state", json_str(ctx->arena, p->state));
    json_set(model, "version", json_int(ctx->arena, p->version));
    return model;
}

static Err propose(Ctx *ctx, const Request *req, Response *res) {
    PitchWords said = { .title = req_text(req, "title"),
                        .why = req_text(req, "why"),
                        .kind = req_text(req, "kind"),
                        .wished_on = req_text(req, "wished_on") };
    Pitch p;

    TRY(pitch_propose(ctx, &said, &p));
    return res_created(ctx, req, res, planning_pitch_url(ctx, p.id), done_part(ctx, &p));
}

static Err accept_one(Ctx *ctx, const Request *req, Response *res) {
    Pitch p;

    TRY(pitch_accept(ctx, req_id(req, "pitch"), req_version(req), req_text(req, "reason"), &p));
    return res_done(ctx, req, res, planning_pitch_url(ctx, p.id), done_part(ctx, &p));
}

static Err decline_one(Ctx *ctx, const Request *req, Response *res) {
    Pitch p;

    TRY(pitch_decline(ctx, req_id(req, "pitch"), req_version(req), req_text(req, "reason"), &p));
    return res_done(ctx, req, res, planning_pitch_url(ctx, p.id), done_part(ctx, &p));
}

static Err withdraw_one(Ctx *ctx, const Request *req, Response *res) {
    Pitch p;

    TRY(pitch_withdraw(ctx, req_id(req, "pitch"), req_version(req), &p));
    return res_done(ctx, req, res, planning_pitch_url(ctx, p.id), done_part(ctx, &p));
}

static Err move_one(Ctx *ctx, const Request *req, Response *res) {
    Pitch p;

    TRY(pitch_move(ctx, req_id(req, "pitch"), req_version(req), req_text(req, "wished_on"), &p));
    return res_done(ctx, req, res, planning_pitch_url(ctx, p.id), done_part(ctx, &p));
}

static Err note_one(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);
    PitchStep step;

    TRY(pitch_note(ctx, req_id(req, "pitch"), req_text(req, "text"), &step));
    Str url = planning_pitch_url(ctx, step.pitch_id);
    json_set(model, "id", json_id(ctx->arena, step.id));
    json_set(model, "pitch", json_id(ctx->arena, step.pitch_id));
    json_set(model, "url", json_str(ctx->arena, url));
    json_set(model, "text", json_str(ctx->arena, step.text));
    return res_created(ctx, req, res, url, model);
}

#define ACT(path, cap, fields, handler, flags, summary_)                                           \
    {                                                                                              \
        "POST", path, OUTLET(cap), fields, handler, &done_model, flags,                            \
            .outlet_of = planning_outlet_of_pitch, .form_handler = planning_show_pitch,            \
            .summary = summary_                                                                    \
    }

const Route pitch_routes[] = {
    { "GET", "/desk/outlets/{no}/pitches", OUTLET(CAP_DRAFTS), list_fields, show_list, &list_model,
      .outlet_of = register_outlet_of_no,
      .summary = N_("The outlet's pitches by state, and the form that proposes one.") },
    { "POST", "/outlets/{no}/pitches", OUTLET(CAP_FILE), propose_fields, propose, &done_model,
      .outlet_of = register_outlet_of_no, .form_handler = show_list,
      .summary = N_("Proposes a story to the outlet.") },
    { "GET", "/desk/pitches/{pitch}", OUTLET(CAP_DRAFTS), one_fields, planning_show_pitch,
      &one_model, .outlet_of = planning_outlet_of_pitch,
      .summary = N_("A pitch with its history.") },
    ACT("/pitches/{pitch}/accept", CAP_RELEASE, accept_fields, accept_one, ROUTE_IF_MATCH,
        N_("Accepts a pitch of another person.")),
    ACT("/pitches/{pitch}/decline", CAP_RELEASE, decline_fields, decline_one, ROUTE_IF_MATCH,
        N_("Declines a pitch of another person, with the reason.")),
    ACT("/pitches/{pitch}/move", CAP_RELEASE, move_fields, move_one, ROUTE_IF_MATCH,
        N_("Moves the wished day of a pitch.")),
    ACT("/pitches/{pitch}/withdraw", CAP_FILE, one_fields, withdraw_one, ROUTE_IF_MATCH,
        N_("Takes back the own pitch.")),
    { "POST", "/pitches/{pitch}/notes", OUTLET(CAP_DRAFTS), note_fields, note_one, &note_model,
      .outlet_of = planning_outlet_of_pitch, .form_handler = planning_show_pitch,
      .summary = N_("Adds a note to a pitch.") },
    { 0 },
};
