/* features/planning/planning_assign.c - the rules of assignments; knows neither HTTP nor SQL. */
#include <assert.h>

#include "base/id.h"
#include "db/db.h"
#include "features/identity/identity.h"
#include "features/planning/planning_service.h"
#include "features/planning/planning_store.h"

static Err announce(Ctx *ctx, const Assignment *a, const char *kind, Json *sealed) {
    Json *facts = json_obj(ctx->arena);

    json_set(sealed, "assignment", json_id(ctx->arena, a->id));
    json_set(facts, "assignment_id", json_id(ctx->arena, a->id));
    json_set(facts, "pitch_id", json_id(ctx->arena, a->pitch_id));
    json_set(facts, "outlet_id", json_id(ctx->arena, a->outlet_id));
    if (a->story_id)
        json_set(facts, "story_id", json_id(ctx->arena, a->story_id));
    return planning_announce(ctx, kind, a->pitch_id, sealed, facts);
}

/* ---- assigning ---- */

/* Whoever assigns work to another outlet must be heard there too. */
static Err check_outlet(Ctx *ctx, int64_t outlet_id) {
    bool may;
    Str role;

    if (outlet_id == ctx->outlet_id)
        return OK;
    TRY(identity_may(ctx, CAP_RELEASE, outlet_id, &may, &role));
    return may ? OK
               : FAIL(ERR_INVALID, "outlet",
                      N_("You can assign stories only at outlets where you decide."));
}

static bool is_among(const int64_t *ids, size_t count, int64_t id) {
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* Each may file there now. *ret_names: who, for the history; *ret: the same for the log. */
static Err check_people(Ctx *ctx, int64_t outlet_id, const AssignWords *words, Str *ret_names,
                        Json **ret) {
    Json *people = json_arr(ctx->arena);
    StrList names = { .items = arena_array(ctx->arena, ASSIGNMENT_PEOPLE_MAX, sizeof(Str)) };
    ColleagueList writers;

    if (words->people_count == 0)
        return FAIL(ERR_INVALID, "person", N_("Say who writes it."));
    if (words->people_count > ASSIGNMENT_PEOPLE_MAX)
        return FAIL_ARGS(ERR_LIMIT, "person", N_("Give at most {0} of them."),
                         str_from_int(ctx->arena, ASSIGNMENT_PEOPLE_MAX));
    for (size_t i = 0; i < words->people_count; i++)
        if (is_among(words->people, i, words->people[i]))
            return FAIL(ERR_INVALID, "person", N_("Somebody is named twice."));
    TRY(identity_colleagues(ctx, CAP_FILE, outlet_id, &writers));
    for (size_t i = 0; i < writers.len; i++)
        if (is_among(words->people, words->people_count, writers.items[i].id)) {
            Json *person = json_obj(ctx->arena);
            json_set(person, "id", json_id(ctx->arena, writers.items[i].id));
            json_set(person, "name", json_str(ctx->arena, writers.items[i].name));
            json_push(people, person);
            names.items[names.len++] = writers.items[i].name;
        }
    if (names.len < words->people_count)
        return FAIL(ERR_INVALID, "person", N_("Somebody of these may not write for this outlet."));
    *ret_names = str_join(ctx->arena, names, S("、"));
    *ret = people;
    return OK;
}

static Err check_room(Ctx *ctx, int64_t pitch_id) {
    AssignmentList list;

    TRY(assignment_store_of_pitch(ctx, pitch_id, &list));
    if (list.len >= ASSIGNMENTS_OF_PITCH_MAX)
        return FAIL_ARGS(ERR_LIMIT, NULL, N_("A pitch is assigned at most {0} times."),
                         str_from_int(ctx->arena, ASSIGNMENTS_OF_PITCH_MAX));
    return OK;
}

static Err put_assignment(Ctx *ctx, const Assignment *a, const AssignWords *words) {
    TRY(assignment_store_insert(ctx, a));
    for (size_t i = 0; i < words->people_count; i++)
        TRY(assignment_store_add_person(ctx, a->id, words->people[i]));
    return OK;
}

Err pitch_assign(Ctx *ctx, int64_t pitch_id, int64_t version, const AssignWords *words,
                 Assignment *ret) {
    Assignment a = { .id = id_next(ctx),
                     .pitch_id = pitch_id,
                     .outlet_id = words->outlet_id ? words->outlet_id : ctx->outlet_id,
                     .kind = str_dup(ctx->arena, words->kind),
                     .state = S("assigned"),
                     .assigned_by = ctx->person_id,
                     .assigned_ms = ctx->now_ms,
                     .changed_ms = ctx->now_ms,
                     .version = 1 };
    Json *sealed, *people;
    PitchStep step;
    Str names;
    Pitch p;
    DB_TX(tx);

    TRY(planning_require_person(ctx));
    TRY(planning_check_kind(a.kind, false));
    TRY(planning_read_due(ctx, words->due_at, words->due_zone, &a.due));
    TRY(db_begin(ctx, &tx));
    TRY(planning_read_pitch(ctx, pitch_id, version, &p));
    TRY(check_outlet(ctx, a.outlet_id));
    TRY(check_people(ctx, a.outlet_id, words, &names, &people));
    TRY(planning_turn_pitch(ctx, &p, PITCH_ASSIGN));
    TRY(check_room(ctx, pitch_id));
    TRY(put_assignment(ctx, &a, words));
    Str said = str_format(ctx->arena, "%.*s · %.*s", STR_ARG(names),
                          STR_ARG(manuscript_wall_text(ctx, &a.due)));
    TRY(planning_put_step(ctx, pitch_id, "assign", said, &step));
    a.title = p.title;
    sealed = planning_sealed(ctx, pitch_id, p.title);
    json_set(sealed, "for_outlet", json_id(ctx->arena, a.outlet_id));
    json_set(sealed, "people", people);
    json_set(sealed, "kind", json_str(ctx->arena, a.kind));
    json_set(sealed, "due", planning_wall(ctx, &a.due));
    TRY(announce(ctx, &a, "assignment.made", sealed));
    TRY(db_commit(&tx));

    *ret = a;
    return OK;
}

/* ---- what becomes of it ---- */

static Err read_own(Ctx *ctx, int64_t id, int64_t version, Assignment *ret) {
    Assignment a;

    TRY(assignment_store_get(ctx, id, &a));
    if (!a.id || a.outlet_id != ctx->outlet_id)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such assignment."));
    if (a.version != version)
        return FAIL(ERR_CONFLICT, "version",
                    N_("Somebody changed this assignment meanwhile: look at it again."));
    *ret = a;
    return OK;
}

static Err save(Ctx *ctx, Assignment *a, const char *act, Str said) {
    int64_t changed = 0;
    PitchStep step;

    a->changed_ms = ctx->now_ms;
    TRY(assignment_store_update(ctx, a, &changed));
    if (changed == 0)
        return FAIL(ERR_CONFLICT, "version",
                    N_("Somebody changed this assignment meanwhile: look at it again."));
    a->version++;
    return planning_put_step(ctx, a->pitch_id, act, said, &step);
}

static Err require_assigned(const Assignment *a) {
    if (str_eq(a->state, S("begun")))
        return FAIL(ERR_CONFLICT, "state", N_("The story is begun already."));
    if (!str_eq(a->state, S("assigned")))
        return FAIL(ERR_CONFLICT, "state", N_("This assignment was taken back."));
    return OK;
}

/* Why it is to be told stands where the story will, so that whoever writes begins with it. */
static Err file_draft(Ctx *ctx, const Assignment *a, Manuscript *ret) {
    Pitch p;

    TRY(pitch_store_get(ctx, a->pitch_id, &p));
    Filing filing = {
        .kind = a->kind, .lang = S("zh"), .title = p.title, .source = p.why, .format = S("markdown")
    };
    return manuscript_file(ctx, &filing, ret);
}

Err assignment_begin(Ctx *ctx, int64_t id, int64_t version, Assignment *ret) {
    Assignment a;
    Manuscript story;
    Json *sealed;
    bool is_assigned;
    DB_TX(tx);

    TRY(planning_require_person(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(read_own(ctx, id, version, &a));
    TRY(assignment_store_is_of(ctx, id, ctx->person_id, &is_assigned));
    if (!is_assigned)
        return FAIL(ERR_FORBIDDEN, NULL, N_("This story is assigned to other people."));
    TRY(require_assigned(&a));
    TRY(file_draft(ctx, &a, &story));
    a.state = S("begun");
    a.story_id = story.id;
    a.begun_by = ctx->person_id;
    TRY(save(ctx, &a, "begin", story.number));
    sealed = planning_sealed(ctx, a.pitch_id, a.title);
    json_set(sealed, "story", json_id(ctx->arena, story.id));
    json_set(sealed, "number", json_str(ctx->arena, story.number));
    TRY(announce(ctx, &a, "assignment.begun", sealed));
    TRY(db_commit(&tx));

    *ret = a;
    return OK;
}

Err assignment_drop(Ctx *ctx, int64_t id, int64_t version, Str reason, Assignment *ret) {
    Str said = str_dup(ctx->arena, str_trim(reason));
    Assignment a;
    Json *sealed;
    DB_TX(tx);

    TRY(planning_require_person(ctx));
    TRY(planning_check_text(ctx, "reason", said, PITCH_REASON_CHARS_MAX,
                            N_("Say why it is taken back.")));
    TRY(db_begin(ctx, &tx));
    TRY(read_own(ctx, id, version, &a));
    TRY(require_assigned(&a));
    a.state = S("dropped");
    a.reason = said;
    TRY(save(ctx, &a, "drop", said));
    sealed = planning_sealed(ctx, a.pitch_id, a.title);
    json_set(sealed, "reason", json_str(ctx->arena, said));
    TRY(announce(ctx, &a, "assignment.dropped", sealed));
    TRY(db_commit(&tx));

    *ret = a;
    return OK;
}

Err assignment_move(Ctx *ctx, int64_t id, int64_t version, Str due_at, Str due_zone,
                    Assignment *ret) {
    WallTime due;
    Assignment a;
    Json *sealed;
    DB_TX(tx);

    TRY(planning_require_person(ctx));
    TRY(planning_read_due(ctx, due_at, due_zone, &due));
    TRY(db_begin(ctx, &tx));
    TRY(read_own(ctx, id, version, &a));
    if (str_eq(a.state, S("dropped")))
        TRY(require_assigned(&a));
    sealed = planning_sealed(ctx, a.pitch_id, a.title);
    json_set(sealed, "before", planning_wall(ctx, &a.due));
    a.due = due;
    json_set(sealed, "due", planning_wall(ctx, &a.due));
    TRY(save(ctx, &a, "move", manuscript_wall_text(ctx, &a.due)));
    TRY(announce(ctx, &a, "assignment.moved", sealed));
    TRY(db_commit(&tx));

    *ret = a;
    return OK;
}

/* ---- reading ---- */

Err assignment_get(Ctx *ctx, int64_t id, Assignment *ret) {
    Assignment a;

    TRY(assignment_store_get(ctx, id, &a));
    if (!a.id)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such assignment."));
    *ret = a;
    return OK;
}

Err assignment_list_of_pitch(Ctx *ctx, int64_t pitch_id, AssignmentList *ret) {
    return assignment_store_of_pitch(ctx, pitch_id, ret);
}

Err assignment_people_of_pitch(Ctx *ctx, int64_t pitch_id, AssignmentPeople *ret) {
    return assignment_store_people(ctx, pitch_id, ret);
}

Err assignment_list_mine(Ctx *ctx, int limit, AssignmentList *ret) {
    assert(limit >= 1 && limit <= ASSIGNMENT_LIST_MAX);
    return assignment_store_of_person(ctx, ctx->person_id, limit, ret);
}

Err assignment_list_overdue(Ctx *ctx, int limit, AssignmentList *ret) {
    assert(limit >= 1 && limit <= ASSIGNMENT_LIST_MAX);
    return assignment_store_overdue_by(ctx, ctx->person_id, ctx->now_ms, limit, ret);
}

Err assignment_list_of_stories(Ctx *ctx, const int64_t *ids, size_t count, AssignmentList *ret) {
    assert(count <= ASSIGNMENT_STORIES_MAX);
    return assignment_store_of_stories(ctx, ids, count, ret);
}

Err assignment_list_between(Ctx *ctx, int64_t outlet_id, int64_t from_ms, int64_t until_ms,
                            int limit, AssignmentList *ret) {
    return assignment_store_between(ctx, outlet_id, from_ms, until_ms, limit, ret);
}

Err assignment_list_of_person(Ctx *ctx, int64_t from_ms, int64_t until_ms, int limit,
                              AssignmentList *ret) {
    assert(limit >= 1 && limit <= ASSIGNMENT_LIST_MAX);
    return assignment_store_of_person_between(ctx, ctx->person_id, from_ms, until_ms, limit, ret);
}

bool assignment_is_overdue(const Ctx *ctx, const Assignment *a) {
    return str_eq(a->state, S("assigned")) && a->due.at_ms < ctx->now_ms;
}
