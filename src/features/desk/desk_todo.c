/* features/desk/desk_todo.c - one page: all that waits for the person who is signed in, and nothing else. */
#include "features/desk/desk_pages.h"

#include "features/identity/identity.h"
#include "features/manuscript/manuscript.h"
#include "features/planning/planning.h"
#include "features/register/register.h"
#include "features/site/site.h"
#include "text/zone.h"
#include "view/catalogue.h"

/* Who must act, in words, and how the row looks. */
typedef struct StateWords {
    Str state;
    const char *text, *look;
} StateWords;

static const StateWords state_words[] = {
    { S_INIT("draft"), N_("draft: finish and submit it"), "off" },
    { S_INIT("returned"), N_("returned to you: read why"), "bad" },
    { S_INIT("revising"), N_("a new version is begun"), "off" },
    { S_INIT("submitted"), N_("waits for your release"), "warn" },
    { S_INIT("revision_submitted"), N_("a new version waits for your release"), "warn" },
    { S_INIT("held"), N_("was planned and is held: decide"), "bad" },
    { S_INIT("revision_held"), N_("a new version was planned and is held: decide"), "bad" },
};

static Err row_of(Ctx *ctx, const Site *site, const Manuscript *m, const Outlet *outlet,
                  Json **ret) {
    Arena *arena = ctx->arena;
    Json *row = json_obj(arena);
    const Catalogue *words = catalogue_of(ctx->lang);
    Str when, iso;

    TRY(zone_format(arena, site->zone, ctx->lang, ZONE_SHORT, m->changed_ms, &when));
    TRY(zone_rfc3339(arena, site->zone, m->changed_ms, &iso));
    json_set(row, "id", json_id(arena, m->id));
    json_set(row, "url",
             json_str(arena, str_format(arena, "/desk/articles/%lld", (long long)m->id)));
    json_set(row, "number", json_str(arena, m->number));
    json_set(row, "title", json_str(arena, m->title));
    json_set(row, "outlet", json_str(arena, outlet->name));
    json_set(row, "changed", json_str(arena, when));
    json_set(row, "changed_iso", json_str(arena, iso));
    json_set(row, "state", json_str(arena, m->state));
    json_set(row, "state_text", json_str(arena, m->state));
    json_set(row, "look", json_str(arena, S("off")));
    for (size_t i = 0; i < COUNT_OF(state_words); i++)
        if (str_eq(m->state, state_words[i].state)) {
            json_set(row, "state_text",
                     json_str(arena, catalogue_text(words, str_from_c(state_words[i].text))));
            json_set(row, "look", json_str(arena, str_from_c(state_words[i].look)));
        }
    *ret = row;
    return OK;
}

static Err rows_of(Ctx *ctx, const Site *site, const ManuscriptList *list, Json **ret) {
    Json *rows = json_arr(ctx->arena), *row;
    int64_t *ids = arena_array(ctx->arena, list->len + 1, sizeof(int64_t));
    Outlet *outlets = arena_array(ctx->arena, list->len + 1, sizeof(Outlet));

    for (size_t i = 0; i < list->len; i++)
        ids[i] = list->items[i].outlet_id;
    TRY(outlet_get_many(ctx, ids, list->len, outlets));
    for (size_t i = 0; i < list->len; i++) {
        TRY(row_of(ctx, site, &list->items[i], &outlets[i], &row));
        json_push(rows, row);
    }
    *ret = rows;
    return OK;
}

/* Steps of the check that are this person's by role and rule: which one, instead of the state. */
static Err steps_of(Ctx *ctx, const Site *site, Json **ret, size_t *ret_len) {
    const Catalogue *words = catalogue_of(ctx->lang);
    ManuscriptList list;
    Json *rows;

    TRY(manuscript_list_my_steps(ctx, TODO_ROWS, &list));
    TRY(rows_of(ctx, site, &list, &rows));
    for (size_t i = 0; i < list.len; i++) {
        Str title = str_from_c(review_step_title(review_step_of(list.items[i].step)));
        json_set(rows->array.items[i], "state_text",
                 json_str(ctx->arena, catalogue_text(words, title)));
        json_set(rows->array.items[i], "look", json_str(ctx->arena, S("warn")));
    }
    *ret = rows;
    *ret_len = list.len;
    return OK;
}

/* The pages to print, of the units whose outlets these are; each once. */
static Json *units_of(Ctx *ctx, const Outlet *outlets, size_t count) {
    Json *units = json_arr(ctx->arena);

    for (size_t i = 0; i < count; i++) {
        bool is_there = !outlets[i].id;
        for (size_t k = 0; k < i && !is_there; k++)
            is_there = outlets[k].unit_id == outlets[i].unit_id && outlets[k].id;
        if (is_there)
            continue;
        Json *unit = json_obj(ctx->arena);
        json_set(unit, "name", json_str(ctx->arena, outlets[i].unit_name));
        json_set(unit, "url",
                 json_str(ctx->arena, str_format(ctx->arena, "/desk/units/%lld",
                                                 (long long)outlets[i].unit_id)));
        json_push(units, unit);
    }
    return units;
}

/* Outlets for which the person may file: the buttons that begin a story. */
static Err desks_of(Ctx *ctx, Json **ret, Json **ret_units) {
    int64_t *ids;
    size_t count;
    Json *desks = json_arr(ctx->arena);

    TRY(identity_outlets_with(ctx, CAP_FILE, &ids, &count));
    Outlet *outlets = arena_array(ctx->arena, count + 1, sizeof(Outlet));
    TRY(outlet_get_many(ctx, ids, count, outlets));
    for (size_t i = 0; i < count; i++) {
        Json *desk = json_obj(ctx->arena);
        if (!outlets[i].id)
            continue;
        json_set(desk, "no", json_str(ctx->arena, outlets[i].no));
        json_set(desk, "name", json_str(ctx->arena, outlets[i].name));
        json_push(desks, desk);
    }
    *ret_units = units_of(ctx, outlets, count);
    *ret = desks;
    return OK;
}

/* What is planned, or was until somebody changed the text: both who wrote and who released it are told. */
static Err planned_of(Ctx *ctx, const Site *site, Json **ret, size_t *ret_len) {
    const Catalogue *words = catalogue_of(ctx->lang);
    ManuscriptList list;
    PlanList plans;
    Json *rows;

    TRY(manuscript_list_planned(ctx, TODO_ROWS, &list, &plans));
    TRY(rows_of(ctx, site, &list, &rows));
    for (size_t i = 0; i < list.len; i++) {
        const Plan *plan = &plans.items[i];
        Json *row = rows->array.items[i];
        bool is_waiting = str_eq(plan->state, S("waiting"));
        bool is_overdue = manuscript_plan_is_overdue(ctx, plan);
        const char *text = is_overdue   ? N_("overdue: its time is past")
                           : is_waiting ? N_("goes out by itself")
                           : str_eq(plan->state, S("held"))
                               ? N_("held: somebody else must decide")
                               : N_("the text changed: it needs a new release");
        json_set(row, "planned", json_str(ctx->arena, manuscript_wall_text(ctx, &plan->when)));
        json_set(row, "is_overdue", json_bool(ctx->arena, is_overdue));
        json_set(row, "state_text", json_str(ctx->arena, catalogue_text(words, str_from_c(text))));
        json_set(row, "look",
                 json_str(ctx->arena, is_waiting && !is_overdue ? S("info") : S("bad")));
    }
    *ret = rows;
    *ret_len = list.len;
    return OK;
}

/* ---- what was assigned ---- */

static void put_due(Ctx *ctx, const Assignment *a, Json *row) {
    bool is_overdue = a->due.at_ms < ctx->now_ms;

    json_set(row, "due", json_str(ctx->arena, manuscript_wall_text(ctx, &a->due)));
    json_set(row, "is_overdue", json_bool(ctx->arena, is_overdue));
}

static Err assigned_rows(Ctx *ctx, const AssignmentList *list, bool is_mine, Json **ret) {
    const Catalogue *words = catalogue_of(ctx->lang);
    Json *rows = json_arr(ctx->arena);
    int64_t *ids = arena_array(ctx->arena, list->len + 1, sizeof(int64_t));
    Outlet *outlets = arena_array(ctx->arena, list->len + 1, sizeof(Outlet));

    for (size_t i = 0; i < list->len; i++)
        ids[i] = list->items[i].outlet_id;
    TRY(outlet_get_many(ctx, ids, list->len, outlets));
    for (size_t i = 0; i < list->len; i++) {
        const Assignment *a = &list->items[i];
        Json *row = json_obj(ctx->arena);
        bool is_overdue = assignment_is_overdue(ctx, a);
        const char *text = !is_mine     ? N_("overdue: nobody has begun it")
                           : is_overdue ? N_("overdue: begin it now")
                                        : N_("assigned to you: begin it");
        json_set(row, "id", json_id(ctx->arena, a->id));
        json_set(row, "url",
                 json_str(ctx->arena,
                          str_format(ctx->arena, "/desk/assignments/%lld", (long long)a->id)));
        json_set(row, "title", json_str(ctx->arena, a->title));
        json_set(row, "outlet", json_str(ctx->arena, outlets[i].name));
        json_set(row, "state_text", json_str(ctx->arena, catalogue_text(words, str_from_c(text))));
        json_set(row, "look", json_str(ctx->arena, is_overdue ? S("bad") : S("warn")));
        put_due(ctx, a, row);
        json_push(rows, row);
    }
    *ret = rows;
    return OK;
}

/* Assigned to me and not begun; what I assigned and nobody began in time. *ret_len counts both. */
static Err put_assigned(Ctx *ctx, Json *model, size_t *ret_len) {
    AssignmentList mine, overdue;
    Json *rows;

    TRY(assignment_list_mine(ctx, TODO_ROWS, &mine));
    TRY(assigned_rows(ctx, &mine, true, &rows));
    json_set(model, "assigned", rows);
    json_set(model, "assigned_count", json_int(ctx->arena, (int64_t)mine.len));
    TRY(assignment_list_overdue(ctx, TODO_ROWS, &overdue));
    TRY(assigned_rows(ctx, &overdue, false, &rows));
    json_set(model, "overdue", rows);
    json_set(model, "overdue_count", json_int(ctx->arena, (int64_t)overdue.len));
    *ret_len = mine.len + overdue.len;
    return OK;
}

/* When my own stories are due, where they were assigned. */
static Err put_due_of(Ctx *ctx, const ManuscriptList *mine, Json *rows) {
    int64_t ids[TODO_ROWS];
    AssignmentList list;

    for (size_t i = 0; i < mine->len; i++) {
        ids[i] = mine->items[i].id;
        json_set(rows->array.items[i], "due", json_null(ctx->arena));
        json_set(rows->array.items[i], "is_overdue", json_bool(ctx->arena, false));
    }
    TRY(assignment_list_of_stories(ctx, ids, mine->len, &list));
    for (size_t i = 0; i < list.len; i++)
        for (size_t j = 0; j < mine->len; j++)
            if (ids[j] == list.items[i].story_id)
                put_due(ctx, &list.items[i], rows->array.items[j]);
    return OK;
}

Err desk_todo(Ctx *ctx, const Request *req, Response *res) {
    Site site;
    ManuscriptList mine, waiting;
    int64_t *outlet_ids;
    size_t outlet_count, planned_count, assigned_count, step_count, register_count;
    Json *model = json_obj(ctx->arena), *mine_rows, *waiting_rows, *planned_rows, *step_rows,
         *desks, *units;

    TRY(site_get(ctx, &site));
    TRY(identity_outlets_with(ctx, CAP_RELEASE, &outlet_ids, &outlet_count));
    TRY(manuscript_list_waiting(ctx, outlet_ids, outlet_count, TODO_ROWS, &waiting));
    TRY(manuscript_list_mine(ctx, TODO_ROWS, &mine));
    TRY(rows_of(ctx, &site, &waiting, &waiting_rows));
    TRY(rows_of(ctx, &site, &mine, &mine_rows));
    TRY(put_due_of(ctx, &mine, mine_rows));
    TRY(put_assigned(ctx, model, &assigned_count));
    TRY(planned_of(ctx, &site, &planned_rows, &planned_count));
    TRY(steps_of(ctx, &site, &step_rows, &step_count));
    TRY(desk_todo_register(ctx, &site, model, &register_count));
    TRY(desks_of(ctx, &desks, &units));
    json_set(model, "units", units);
    json_set(model, "planned_count", json_int(ctx->arena, (int64_t)planned_count));
    json_set(model, "planned", planned_rows);
    json_set(
        model, "title",
        json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(N_("To do")))));
    json_set(model, "person", json_str(ctx->arena, ctx->person_name));
    json_set(model, "count",
             json_int(ctx->arena, (int64_t)(mine.len + waiting.len + assigned_count + step_count +
                                            register_count)));
    json_set(model, "waiting_count", json_int(ctx->arena, (int64_t)waiting.len));
    json_set(model, "mine_count", json_int(ctx->arena, (int64_t)mine.len));
    json_set(model, "step_count", json_int(ctx->arena, (int64_t)step_count));
    json_set(model, "steps", step_rows);
    json_set(model, "waiting", waiting_rows);
    json_set(model, "mine", mine_rows);
    json_set(model, "desks", desks);
    return res_view(ctx, req, res, model);
}
