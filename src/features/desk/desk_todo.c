/* features/desk/desk_todo.c - one page: all that waits for the person who is signed in, and nothing else. */
#include "features/desk/desk_pages.h"

#include "features/annual/annual.h"
#include "features/handover/handover.h"
#include "features/identity/identity.h"
#include "features/manuscript/manuscript.h"
#include "features/register/register.h"
#include "features/site/site.h"
#include "text/zone.h"
#include "view/catalogue.h"

enum { TODO_ROWS = 50 };

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

/* ---- annual reviews ---- */

static Err review_rows(Ctx *ctx, const AnnualReviewList *list, Str today, bool is_office,
                       Json *rows) {
    int64_t *ids = arena_array(ctx->arena, list->len + 1, sizeof *ids);
    Outlet *outlets = arena_array(ctx->arena, list->len + 1, sizeof *outlets);

    for (size_t i = 0; i < list->len; i++)
        ids[i] = list->items[i].outlet_id;
    TRY(outlet_get_many(ctx, ids, list->len, outlets));
    for (size_t i = 0; i < list->len; i++) {
        const AnnualReview *review = &list->items[i];
        AnnualStand stand = annual_stand(review, today);
        Json *row = json_obj(ctx->arena);
        json_set(row, "no", json_str(ctx->arena, outlets[i].no));
        json_set(row, "outlet", json_str(ctx->arena, outlets[i].name));
        json_set(
            row, "url",
            json_str(ctx->arena, str_format(ctx->arena, "/%s/outlets/%.*s/review",
                                            is_office ? "admin" : "desk", STR_ARG(outlets[i].no))));
        json_set(row, "year", json_int(ctx->arena, review->year));
        json_set(row, "due",
                 json_str(ctx->arena, review->due_on.len ? review->due_on : review->answer_by));
        json_set(row, "stand", json_str(ctx->arena, str_from_c(stand.code)));
        json_set(
            row, "stand_text",
            json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(stand.text))));
        json_set(row, "look", json_str(ctx->arena, str_from_c(stand.css)));
        json_set(row, "is_overdue", json_bool(ctx->arena, stand.is_overdue));
        json_push(rows, row);
    }
    return OK;
}

static Err reviews_of(Ctx *ctx, int limit, Json **ret) {
    Json *rows = json_arr(ctx->arena);
    AnnualReviewList list;
    int64_t *ids;
    size_t count;
    bool is_office;
    Str role, today;

    TRY(annual_today(ctx, &today));
    TRY(identity_outlets_with(ctx, CAP_ANSWER, &ids, &count));
    if (count > 0) {
        TRY(annual_waits_for_outlets(ctx, ids, count, limit, &list));
        TRY(review_rows(ctx, &list, today, false, rows));
    }
    TRY(identity_may(ctx, CAP_REGISTER, 0, &is_office, &role));
    if (is_office) {
        TRY(annual_waits_for_office(ctx, limit, &list));
        TRY(review_rows(ctx, &list, today, true, rows));
    }
    *ret = rows;
    return OK;
}

/* ---- handovers ---- */

static Err handovers_of(Ctx *ctx, const Site *site, Json **ret) {
    Json *rows = json_arr(ctx->arena);
    HandoverList list = { 0 };
    int64_t *ids;
    size_t count;
    Str until;

    TRY(identity_outlets_with(ctx, CAP_HANDOVER, &ids, &count));
    if (count > 0)
        TRY(handover_waits(ctx, ids, count, TODO_ROWS, &list));
    int64_t *outlet_ids = arena_array(ctx->arena, list.len + 1, sizeof *outlet_ids);
    Outlet *outlets = arena_array(ctx->arena, list.len + 1, sizeof *outlets);
    for (size_t i = 0; i < list.len; i++)
        outlet_ids[i] = list.items[i].outlet_id;
    TRY(outlet_get_many(ctx, outlet_ids, list.len, outlets));
    for (size_t i = 0; i < list.len; i++) {
        Json *row = json_obj(ctx->arena);
        TRY(zone_format(ctx->arena, site->zone, ctx->lang, ZONE_SHORT_DATE,
                        list.items[i].made_ms + HANDOVER_DAYS * INT64_C(86400000), &until));
        json_set(row, "no", json_str(ctx->arena, outlets[i].no));
        json_set(row, "outlet", json_str(ctx->arena, outlets[i].name));
        json_set(row, "url",
                 json_str(ctx->arena, str_format(ctx->arena, "/desk/outlets/%.*s/handover",
                                                 STR_ARG(outlets[i].no))));
        json_set(row, "until", json_str(ctx->arena, until));
        json_push(rows, row);
    }
    *ret = rows;
    return OK;
}

Err desk_todo(Ctx *ctx, const Request *req, Response *res) {
    Site site;
    ManuscriptList mine, waiting;
    int64_t *outlet_ids;
    size_t outlet_count, planned_count;
    Json *model = json_obj(ctx->arena), *mine_rows, *waiting_rows, *planned_rows, *desks,
         *reviews = NULL, *handovers, *units;

    TRY(site_get(ctx, &site));
    TRY(identity_outlets_with(ctx, CAP_RELEASE, &outlet_ids, &outlet_count));
    TRY(manuscript_list_waiting(ctx, outlet_ids, outlet_count, TODO_ROWS, &waiting));
    TRY(manuscript_list_mine(ctx, TODO_ROWS, &mine));
    TRY(rows_of(ctx, &site, &waiting, &waiting_rows));
    TRY(rows_of(ctx, &site, &mine, &mine_rows));
    TRY(planned_of(ctx, &site, &planned_rows, &planned_count));
    TRY(desks_of(ctx, &desks, &units));
    json_set(model, "units", units);
    TRY(reviews_of(ctx, TODO_ROWS, &reviews));
    TRY(handovers_of(ctx, &site, &handovers));
    json_set(model, "handover_count", json_int(ctx->arena, (int64_t)handovers->array.len));
    json_set(model, "handovers", handovers);
    json_set(model, "review_count", json_int(ctx->arena, (int64_t)reviews->array.len));
    json_set(model, "reviews", reviews);
    json_set(model, "planned_count", json_int(ctx->arena, (int64_t)planned_count));
    json_set(model, "planned", planned_rows);
    json_set(
        model, "title",
        json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(N_("To do")))));
    json_set(model, "person", json_str(ctx->arena, ctx->person_name));
    json_set(model, "count",
             json_int(ctx->arena, (int64_t)(mine.len + waiting.len + reviews->array.len +
                                            handovers->array.len)));
    json_set(model, "waiting_count", json_int(ctx->arena, (int64_t)waiting.len));
    json_set(model, "mine_count", json_int(ctx->arena, (int64_t)mine.len));
    json_set(model, "waiting", waiting_rows);
    json_set(model, "mine", mine_rows);
    json_set(model, "desks", desks);
    return res_view(ctx, req, res, model);
}
