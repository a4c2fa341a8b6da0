/* features/desk/desk_unit.c - one page a unit, to be printed: all that is due for its outlets. */
#include "features/annual/annual.h"
#include "features/desk/desk_pages.h"
#include "features/identity/identity.h"
#include "features/manuscript/manuscript.h"
#include "features/register/register.h"
#include "features/site/site.h"
#include "text/zone.h"
#include "view/catalogue.h"

enum {
    UNIT_OUTLETS = 40, /* of one unit; each costs a statement for its plans */
    UNIT_ROWS = 100,
    UNIT_PLANS = 50
};

/* What the page is about, of the outlets that the reader may see. */
typedef struct UnitPage {
    Site site;
    Unit unit;
    OutletList outlets; /* those of the reader, or all of them for the office */
    int64_t *draft_ids; /* where the reader may see drafts */
    size_t draft_count;
} UnitPage;

static bool holds(const int64_t *ids, size_t count, int64_t id) {
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id || ids[i] == 0) /* 0: at every outlet */
            return true;
    return false;
}

static Json *words(Ctx *ctx, const char *msgid) {
    return json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid)));
}

/* ERR_NOT_FOUND also where the reader has nothing to do with any of the unit's outlets. */
static Err read_unit(Ctx *ctx, int64_t id, UnitPage *page) {
    int64_t *ids;
    size_t count, kept = 0;
    bool is_office;
    Str role;

    TRY(site_get(ctx, &page->site));
    TRY(unit_get(ctx, id, &page->unit));
    TRY(outlet_of_unit(ctx, id, UNIT_OUTLETS, &page->outlets));
    TRY(identity_may(ctx, CAP_REGISTER, 0, &is_office, &role));
    TRY(identity_outlets_with(ctx, CAP_DRAFTS, &ids, &count));
    page->draft_ids = arena_array(ctx->arena, page->outlets.len + 1, sizeof(int64_t));
    page->draft_count = 0;
    for (size_t i = 0; i < page->outlets.len; i++) {
        bool may_drafts = holds(ids, count, page->outlets.items[i].id);
        if (may_drafts)
            page->draft_ids[page->draft_count++] = page->outlets.items[i].id;
        if (may_drafts || is_office)
            page->outlets.items[kept++] = page->outlets.items[i];
    }
    page->outlets.len = kept;
    return kept || is_office ? OK : FAIL(ERR_NOT_FOUND, NULL, N_("There is no such unit."));
}

static const Outlet *outlet_in(const UnitPage *page, int64_t id) {
    for (size_t i = 0; i < page->outlets.len; i++)
        if (page->outlets.items[i].id == id)
            return &page->outlets.items[i];
    return NULL;
}

static Json *row_of(Ctx *ctx, const Outlet *outlet, Str what, Str when, const char *text,
                    const char *look) {
    Json *row = json_obj(ctx->arena);

    json_set(row, "no", json_str(ctx->arena, outlet ? outlet->no : STR_EMPTY));
    json_set(row, "outlet", json_str(ctx->arena, outlet ? outlet->name : STR_EMPTY));
    json_set(row, "what", json_str(ctx->arena, what));
    json_set(row, "when", json_str(ctx->arena, when));
    json_set(row, "text", words(ctx, text));
    json_set(row, "look", json_str(ctx->arena, str_from_c(look)));
    return row;
}

static Err put_reviews(Ctx *ctx, const UnitPage *page, Json *model) {
    int64_t *ids = arena_array(ctx->arena, page->outlets.len + 1, sizeof *ids);
    AnnualReviewList list;
    Json *rows = json_arr(ctx->arena);
    Str today;

    for (size_t i = 0; i < page->outlets.len; i++)
        ids[i] = page->outlets.items[i].id;
    TRY(annual_today(ctx, &today));
    TRY(annual_waits_for_outlets(ctx, ids, page->outlets.len, UNIT_ROWS, &list));
    for (size_t i = 0; i < list.len; i++) {
        const AnnualReview *review = &list.items[i];
        AnnualStand stand = annual_stand(review, today);
        json_push(rows, row_of(ctx, outlet_in(page, review->outlet_id),
                               str_from_int(ctx->arena, review->year),
                               review->due_on.len ? review->due_on : review->answer_by, stand.text,
                               stand.css));
    }
    json_set(model, "reviews", rows);
    return OK;
}

static Err put_drafts(Ctx *ctx, const UnitPage *page, Json *model) {
    ManuscriptList list = { 0 };
    Json *rows = json_arr(ctx->arena);
    Str when;

    if (page->draft_count > 0)
        TRY(manuscript_list_waiting(ctx, page->draft_ids, page->draft_count, UNIT_ROWS, &list));
    for (size_t i = 0; i < list.len; i++) {
        const Manuscript *m = &list.items[i];
        TRY(zone_format(ctx->arena, page->site.zone, ctx->lang, ZONE_SHORT, m->changed_ms, &when));
        json_push(rows, row_of(ctx, outlet_in(page, m->outlet_id), m->title, when,
                               N_("waits for release"), "warn"));
    }
    json_set(model, "drafts", rows);
    return OK;
}

static Err put_plans(Ctx *ctx, const UnitPage *page, Json *model) {
    Json *rows = json_arr(ctx->arena);
    PlanList plans;
    Manuscript m;

    for (size_t i = 0; i < page->draft_count; i++) {
        TRY(manuscript_plans_of_outlet(ctx, page->draft_ids[i], UNIT_PLANS, &plans));
        for (size_t k = 0; k < plans.len; k++) {
            if (!manuscript_plan_is_overdue(ctx, &plans.items[k]))
                continue;
            TRY(manuscript_get(ctx, plans.items[k].manuscript_id, &m));
            json_push(rows, row_of(ctx, outlet_in(page, m.outlet_id), m.title,
                                   manuscript_wall_text(ctx, &plans.items[k].when),
                                   N_("overdue: its time is past"), "bad"));
        }
    }
    json_set(model, "plans", rows);
    return OK;
}

static Err put_outlets(Ctx *ctx, const UnitPage *page, Json *model) {
    OutletFlags *flags = arena_array(ctx->arena, page->outlets.len + 1, sizeof *flags);
    Json *links = json_arr(ctx->arena), *marks = json_arr(ctx->arena);

    TRY(outlet_flags(ctx, page->outlets.items, page->outlets.len, flags));
    for (size_t i = 0; i < page->outlets.len; i++) {
        const Outlet *o = &page->outlets.items[i];
        if (o->url.len && !o->feed_url.len)
            json_push(links, row_of(ctx, o, o->url, STR_EMPTY, N_("no feed"), "warn"));
        if (flags[i].has_no_teacher)
            json_push(marks, row_of(ctx, o, STR_EMPTY, STR_EMPTY, N_("no teacher"), "bad"));
        if (flags[i].is_silent)
            json_push(marks, row_of(ctx, o, STR_EMPTY, STR_EMPTY, N_("silent"), "warn"));
        if (flags[i].has_left)
            json_push(marks, row_of(ctx, o, STR_EMPTY, STR_EMPTY, N_("someone left"), "warn"));
    }
    json_set(model, "links", links);
    json_set(model, "marks", marks);
    return OK;
}

Err desk_unit(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);
    UnitPage page;
    Str today;

    TRY(read_unit(ctx, req_id(req, "id"), &page));
    TRY(zone_format(ctx->arena, page.site.zone, ctx->lang, ZONE_LONG, ctx->now_ms, &today));
    json_set(model, "title", json_str(ctx->arena, page.unit.name));
    json_set(model, "alliance", json_str(ctx->arena, page.site.name));
    json_set(model, "printed", json_str(ctx->arena, today));
    json_set(model, "person", json_str(ctx->arena, ctx->person_name));
    json_set(model, "outlet_count", json_int(ctx->arena, (int64_t)page.outlets.len));
    json_set(model, "has_drafts", json_bool(ctx->arena, page.draft_count > 0));
    TRY(put_reviews(ctx, &page, model));
    TRY(put_drafts(ctx, &page, model));
    TRY(put_plans(ctx, &page, model));
    TRY(put_outlets(ctx, &page, model));
    return res_view(ctx, req, res, model);
}
