/* features/planning/planning_assign_routes.c - who writes a pitch until when: its page, and what its forms send. */
#include "features/identity/identity.h"
#include "features/planning/planning_pages.h"
#include "features/site/site.h"
#include "text/zone.h"
#include "view/catalogue.h"

enum { TIME_CHARS_MAX = 30, ZONE_CHARS_MAX = 60 };

#define DUE_FIELDS                                                                                 \
    { "due_at",                                                                                    \
      FIELD_LINE,                                                                                  \
      IN_BODY,                                                                                     \
      .is_required = true,                                                                         \
      .max_chars = TIME_CHARS_MAX,                                                                 \
      .label = N_("Due: day and time") },                                                          \
    {                                                                                              \
        "due_zone", FIELD_LINE, IN_BODY, .max_chars = ZONE_CHARS_MAX, .label = N_("Time zone")     \
    }
#define ASSIGNMENT_FIELD                                                                           \
    { "assignment", FIELD_ID, IN_PATH, .label = N_("Assignment") }

static const Field assign_fields[] = {
    { "pitch", FIELD_ID, IN_PATH, .label = N_("Pitch") },
    { "person", FIELD_LIST, IN_BODY, .max = ASSIGNMENT_PEOPLE_MAX, .max_chars = 20,
      .label = N_("Who writes it") },
    { "outlet", FIELD_WORD, IN_BODY, .label = N_("For another outlet: its number") },
    { "kind", FIELD_ENUM, IN_BODY, .is_required = true,
      .words = "消息 通讯 评论 图片 视频 解释 快讯", .label = N_("Kind") },
    DUE_FIELDS,
    { 0 },
};
static const Field one_fields[] = { ASSIGNMENT_FIELD, { 0 } };
static const Field move_fields[] = { ASSIGNMENT_FIELD, DUE_FIELDS, { 0 } };
static const Field drop_fields[] = {
    ASSIGNMENT_FIELD,
    { "reason", FIELD_TEXT, IN_BODY, .is_required = true, .max_chars = PITCH_REASON_CHARS_MAX,
      .label = N_("Reason") },
    { 0 },
};

static const Model one_model = {
    "planning/assignment",
    "title why outlet{no name} pitch_url assignment{" ASSIGNMENT_KEYS "} story?{number state url}"
    " is_mine may_begin may_move may_drop",
};
static const Model done_model = { NULL, KEYS(id url pitch state version story_id story_url) };

static const PlanningWord assignment_states[] = {
    { S_INIT("assigned"), N_("Not begun"), "warn" },
    { S_INIT("begun"), N_("Story begun"), "ok" },
    { S_INIT("dropped"), N_("Taken back"), "off" },
};

/* ---- models ---- */

static Str story_url(Ctx *ctx, int64_t id) {
    return id ? str_format(ctx->arena, "/desk/articles/%lld", (long long)id) : STR_EMPTY;
}

/* What clocks that are put forward or back make of it; empty for a time that they show once. */
static Err note_of(Ctx *ctx, const WallTime *when, Str *ret) {
    const char *said = str_eq(when->fit, S("gap"))
                           ? N_("The clocks of {0} skip this time: what counts is the first moment "
                                "after it, {1}.")
                           : N_("The clocks of {0} show this time twice: what counts is the first, "
                                "{1}.");
    Str args[2] = { when->zone, STR_EMPTY };

    *ret = STR_EMPTY;
    if (str_eq(when->fit, S("exact")))
        return OK;
    TRY(zone_format(ctx->arena, when->zone, ctx->lang, ZONE_FULL, when->at_ms, &args[1]));
    *ret = catalogue_format(ctx->arena, catalogue_of(ctx->lang), said, args);
    return OK;
}

static Err due_of(Ctx *ctx, const WallTime *when, Json **ret) {
    Json *out = json_obj(ctx->arena);
    Str at, note;

    TRY(zone_rfc3339(ctx->arena, S("UTC"), when->at_ms, &at));
    TRY(note_of(ctx, when, &note));
    json_set(out, "at", json_str(ctx->arena, at));
    json_set(out, "local", json_str(ctx->arena, when->local));
    json_set(out, "zone", json_str(ctx->arena, when->zone));
    json_set(out, "text", json_str(ctx->arena, manuscript_wall_text(ctx, when)));
    json_set(out, "fit", json_str(ctx->arena, when->fit));
    json_set(out, "note", json_str(ctx->arena, note));
    *ret = out;
    return OK;
}

/* names[i] is of people->items[i]; by: who assigned it. */
static Err assignment_model(Ctx *ctx, Str zone, const Assignment *a, const AssignmentPeople *people,
                            const Str *names, Str by, Json **ret) {
    Json *out = json_obj(ctx->arena), *list = json_arr(ctx->arena), *made, *due;
    PlanningWord state = planning_word(assignment_states, COUNT_OF(assignment_states), a->state);

    for (size_t i = 0; i < people->len; i++)
        if (people->items[i].assignment_id == a->id) {
            Json *person = json_obj(ctx->arena);
            json_set(person, "id", json_id(ctx->arena, people->items[i].person_id));
            json_set(person, "name", json_str(ctx->arena, names[i]));
            json_push(list, person);
        }
    TRY(planning_time(ctx, zone, a->assigned_ms, &made));
    TRY(due_of(ctx, &a->due, &due));
    json_set(out, "id", json_id(ctx->arena, a->id));
    json_set(out, "url", json_str(ctx->arena, planning_assignment_url(ctx, a->id)));
    json_set(out, "state", json_str(ctx->arena, a->state));
    json_set(out, "state_text", planning_words(ctx, state.text));
    json_set(out, "look", json_str(ctx->arena, str_from_c(state.look)));
    json_set(out, "kind", json_str(ctx->arena, a->kind));
    json_set(out, "kind_text", planning_words(ctx, planning_kind_title(a->kind)));
    json_set(out, "due", due);
    json_set(out, "is_overdue", json_bool(ctx->arena, assignment_is_overdue(ctx, a)));
    json_set(out, "people", list);
    json_set(out, "by", json_str(ctx->arena, by));
    json_set(out, "made", made);
    json_set(out, "reason", json_str(ctx->arena, a->reason));
    json_set(out, "story_id", json_id(ctx->arena, a->story_id));
    json_set(out, "story_url", json_str(ctx->arena, story_url(ctx, a->story_id)));
    json_set(out, "version", json_int(ctx->arena, a->version));
    *ret = out;
    return OK;
}

/* The people of all and who assigned each: names[i] of people, then one of each assignment. */
static Err names_of(Ctx *ctx, const AssignmentList *list, const AssignmentPeople *people,
                    Str **ret) {
    size_t count = people->len + list->len;
    int64_t *ids = arena_array(ctx->arena, count + 1, sizeof *ids);
    Str *names = arena_array(ctx->arena, count + 1, sizeof *names);

    for (size_t i = 0; i < people->len; i++)
        ids[i] = people->items[i].person_id;
    for (size_t i = 0; i < list->len; i++)
        ids[people->len + i] = list->items[i].assigned_by;
    TRY(person_names(ctx, ids, count, names));
    *ret = names;
    return OK;
}

static Err put_colleagues(Ctx *ctx, int64_t outlet_id, bool may_assign, Json *model) {
    Json *out = json_arr(ctx->arena);
    ColleagueList list = { 0 };

    if (may_assign)
        TRY(identity_colleagues(ctx, CAP_FILE, outlet_id, &list));
    for (size_t i = 0; i < list.len; i++) {
        Json *person = json_obj(ctx->arena);
        json_set(person, "id", json_id(ctx->arena, list.items[i].id));
        json_set(person, "name", json_str(ctx->arena, list.items[i].name));
        json_push(out, person);
    }
    json_set(model, "colleagues", out);
    return OK;
}

Err planning_put_assignments(Ctx *ctx, Str zone, const Pitch *p, bool may_decide, Json *model) {
    bool is_open = str_eq(p->state, S("accepted")) || str_eq(p->state, S("assigned"));
    Json *out = json_arr(ctx->arena), *row;
    AssignmentList list;
    AssignmentPeople people;
    Str *names;

    TRY(assignment_list_of_pitch(ctx, p->id, &list));
    TRY(assignment_people_of_pitch(ctx, p->id, &people));
    TRY(names_of(ctx, &list, &people, &names));
    for (size_t i = 0; i < list.len; i++) {
        TRY(assignment_model(ctx, zone, &list.items[i], &people, names, names[people.len + i],
                             &row));
        json_push(out, row);
    }
    json_set(model, "assignments", out);
    json_set(model, "may_assign", json_bool(ctx->arena, is_open && may_decide));
    json_set(model, "kinds", planning_kinds(ctx, p->kind));
    return put_colleagues(ctx, p->outlet_id, is_open && may_decide, model);
}

/* ---- its page ---- */

static Err outlet_of_assignment(Ctx *ctx, const Request *req, int64_t *ret) {
    Assignment a;

    TRY(assignment_get(ctx, req_id(req, "assignment"), &a));
    *ret = a.outlet_id;
    return OK;
}

static Err put_story(Ctx *ctx, const Assignment *a, Json *model) {
    Json *out = json_null(ctx->arena);
    Manuscript m;

    if (a->story_id) {
        TRY(manuscript_get(ctx, a->story_id, &m));
        out = json_obj(ctx->arena);
        json_set(out, "number", json_str(ctx->arena, m.number));
        json_set(out, "state", json_str(ctx->arena, m.state));
        json_set(out, "url", json_str(ctx->arena, story_url(ctx, m.id)));
    }
    json_set(model, "story", out);
    return OK;
}

static Err put_acts(Ctx *ctx, const Assignment *a, const AssignmentPeople *people, Json *model) {
    bool is_mine = false, may_file, may_decide, is_open = str_eq(a->state, S("assigned"));
    Str role;

    for (size_t i = 0; i < people->len; i++)
        is_mine = is_mine || (people->items[i].assignment_id == a->id &&
                              people->items[i].person_id == ctx->person_id);
    TRY(identity_may(ctx, CAP_FILE, a->outlet_id, &may_file, &role));
    TRY(identity_may(ctx, CAP_RELEASE, a->outlet_id, &may_decide, &role));
    json_set(model, "is_mine", json_bool(ctx->arena, is_mine));
    json_set(model, "may_begin", json_bool(ctx->arena, is_open && is_mine && may_file));
    json_set(model, "may_move",
             json_bool(ctx->arena, may_decide && !str_eq(a->state, S("dropped"))));
    json_set(model, "may_drop", json_bool(ctx->arena, is_open && may_decide));
    return OK;
}

/* The form begins with what is due now. */
static void put_form(Ctx *ctx, const Assignment *a, Json *model) {
    Json *form = json_obj(ctx->arena), *values = json_obj(ctx->arena);

    json_set(values, "due_at", json_str(ctx->arena, a->due.local));
    json_set(values, "due_zone", json_str(ctx->arena, a->due.zone));
    json_set(form, "values", values);
    json_set(model, "form", form);
}

static Err show_one(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *one;
    AssignmentPeople people;
    Assignment a;
    Outlet outlet;
    Pitch p;
    Str zone, *names;

    TRY(assignment_get(ctx, req_id(req, "assignment"), &a));
    TRY(pitch_get(ctx, a.pitch_id, &p));
    TRY(outlet_get(ctx, a.outlet_id, &outlet));
    TRY(assignment_people_of_pitch(ctx, a.pitch_id, &people));
    TRY(site_zone(ctx, &zone));
    TRY(names_of(ctx, &(AssignmentList){ &a, 1 }, &people, &names));
    TRY(assignment_model(ctx, zone, &a, &people, names, names[people.len], &one));
    json_set(model, "title", json_str(ctx->arena, p.title));
    json_set(model, "why", json_str(ctx->arena, p.why));
    json_set(model, "outlet", planning_outlet(ctx, &outlet));
    json_set(model, "pitch_url", json_str(ctx->arena, planning_pitch_url(ctx, p.id)));
    json_set(model, "assignment", one);
    TRY(put_story(ctx, &a, model));
    TRY(put_acts(ctx, &a, &people, model));
    put_form(ctx, &a, model);
    res_version(res, a.version);
    return res_view(ctx, req, res, model);
}

/* ---- acts ---- */

static Json *done_part(Ctx *ctx, const Assignment *a) {
    Json *model = json_obj(ctx->arena);

    json_set(model, "id", json_id(ctx->arena, a->id));
    json_set(model, "url", json_str(ctx->arena, planning_assignment_url(ctx, a->id)));
    json_set(model, "pitch", json_id(ctx->arena, a->pitch_id));
    json_set(model, "state", json_str(ctx->arena, a->state));
    json_set(model, "version", json_int(ctx->arena, a->version));
    json_set(model, "story_id", json_id(ctx->arena, a->story_id));
    json_set(model, "story_url", json_str(ctx->arena, story_url(ctx, a->story_id)));
    return model;
}

static Err read_people(Ctx *ctx, const Request *req, int64_t *ids, size_t *ret) {
    StrList people = req_list(req, "person");

    if (people.len > ASSIGNMENT_PEOPLE_MAX)
        return FAIL_ARGS(ERR_LIMIT, "person", N_("Give at most {0} of them."),
                         str_from_int(ctx->arena, ASSIGNMENT_PEOPLE_MAX));
    for (size_t i = 0; i < people.len; i++)
        if (!str_parse_int(people.items[i], &ids[i]))
            return FAIL(ERR_INVALID, "person", N_("There is no such person."));
    *ret = people.len;
    return OK;
}

static Err assign(Ctx *ctx, const Request *req, Response *res) {
    int64_t people[ASSIGNMENT_PEOPLE_MAX];
    AssignWords words = { .people = people,
                          .kind = req_text(req, "kind"),
                          .due_at = req_text(req, "due_at"),
                          .due_zone = req_text(req, "due_zone") };
    Str no = req_text(req, "outlet");
    Assignment a;
    Outlet other;

    TRY(read_people(ctx, req, people, &words.people_count));
    if (no.len > 0) {
        Err err = outlet_by_no(ctx, no, &other);
        if (err.code == ERR_NOT_FOUND)
            return FAIL(ERR_INVALID, "outlet", N_("There is no such outlet."));
        TRY(err);
        words.outlet_id = other.id;
    }
    TRY(pitch_assign(ctx, req_id(req, "pitch"), req_version(req), &words, &a));
    return res_created(ctx, req, res, planning_pitch_url(ctx, a.pitch_id), done_part(ctx, &a));
}

static Err begin(Ctx *ctx, const Request *req, Response *res) {
    Assignment a;

    TRY(assignment_begin(ctx, req_id(req, "assignment"), req_version(req), &a));
    return res_done(ctx, req, res,
                    str_format(ctx->arena, "/desk/articles/%lld/edit", (long long)a.story_id),
                    done_part(ctx, &a));
}

static Err move(Ctx *ctx, const Request *req, Response *res) {
    Assignment a;

    TRY(assignment_move(ctx, req_id(req, "assignment"), req_version(req), req_text(req, "due_at"),
                        req_text(req, "due_zone"), &a));
    return res_done(ctx, req, res, planning_assignment_url(ctx, a.id), done_part(ctx, &a));
}

static Err drop(Ctx *ctx, const Request *req, Response *res) {
    Assignment a;

    TRY(assignment_drop(ctx, req_id(req, "assignment"), req_version(req), req_text(req, "reason"),
                        &a));
    return res_done(ctx, req, res, planning_assignment_url(ctx, a.id), done_part(ctx, &a));
}

#define ACT(path, cap, fields, handler, summary_)                                                  \
    {                                                                                              \
        "POST", path, OUTLET(cap), fields, handler, &done_model, ROUTE_IF_MATCH,                   \
            .outlet_of = outlet_of_assignment, .form_handler = show_one, .summary = summary_       \
    }

const Route assignment_routes[] = {
    { "POST", "/pitches/{pitch}/assign", OUTLET(CAP_RELEASE), assign_fields, assign, &done_model,
      ROUTE_IF_MATCH, .outlet_of = planning_outlet_of_pitch, .form_handler = planning_show_pitch,
      .summary = N_("Assigns an accepted pitch to people, with a due time.") },
    { "GET", "/desk/assignments/{assignment}", OUTLET(CAP_DRAFTS), one_fields, show_one, &one_model,
      .outlet_of = outlet_of_assignment,
      .summary = N_("An assignment: what is to be told, by whom, until when.") },
    ACT("/assignments/{assignment}/begin", CAP_FILE, one_fields, begin,
        N_("Begins the story that is assigned to you: a draft.")),
    ACT("/assignments/{assignment}/move", CAP_RELEASE, move_fields, move,
        N_("Moves the due time of an assignment.")),
    ACT("/assignments/{assignment}/drop", CAP_RELEASE, drop_fields, drop,
        N_("Takes an assignment back, with the reason.")),
    { 0 },
};
