/* features/desk/desk_todo_register.c - what the register asks of the person who is signed in: reviews and handovers. */
#include "features/annual/annual.h"
#include "features/desk/desk_pages.h"
#include "features/handover/handover.h"
#include "features/identity/identity.h"
#include "features/register/register.h"
#include "text/zone.h"
#include "view/catalogue.h"

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

Err desk_todo_register(Ctx *ctx, const Site *site, Json *model, size_t *ret_len) {
    Json *reviews = NULL, *handovers = NULL;

    TRY(reviews_of(ctx, TODO_ROWS, &reviews));
    TRY(handovers_of(ctx, site, &handovers));
    json_set(model, "handover_count", json_int(ctx->arena, (int64_t)handovers->array.len));
    json_set(model, "handovers", handovers);
    json_set(model, "review_count", json_int(ctx->arena, (int64_t)reviews->array.len));
    json_set(model, "reviews", reviews);
    *ret_len = reviews->array.len + handovers->array.len;
    return OK;
}
