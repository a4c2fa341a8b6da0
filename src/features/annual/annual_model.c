/* features/annual/annual_model.c - where reviews stand, in words, and decisions as pages see them. */
#include "features/annual/annual_store.h"
#include "features/identity/identity.h"
#include "text/zone.h"
#include "view/catalogue.h"

static const AnnualStand stands[] = {
    { "open", N_("waits for the self-check"), "info", false },
    { "overdue", N_("self-check overdue"), "bad", true },
    { "answered", N_("waits for the decision"), "warn", false },
    { "passed", N_("review passed"), "ok", false },
    { "rectify", N_("to rectify"), "warn", false },
    { "rectify_overdue", N_("not rectified in time"), "bad", true },
    { "suspended", N_("suspended"), "off", false },
};

AnnualStand annual_stand(const AnnualReview *review, Str today) {
    const char *code = "open";

    if (str_eq(review->decision, S("passed")))
        code = "passed";
    else if (str_eq(review->decision, S("suspended")))
        code = "suspended";
    else if (review->decision.len)
        code = str_compare(review->due_on, today) < 0 ? "rectify_overdue" : "rectify";
    else if (review->checks)
        code = "answered";
    else if (str_compare(review->answer_by, today) < 0)
        code = "overdue";
    for (size_t i = 0; i < COUNT_OF(stands); i++)
        if (str_eq(str_from_c(stands[i].code), str_from_c(code)))
            return stands[i];
    return stands[0];
}

static Json *words(Ctx *ctx, const char *msgid) {
    return json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid)));
}

static Err decision_model(Ctx *ctx, Str zone, const AnnualDecision *d, Str name, bool is_replaced,
                          Json **ret) {
    AnnualStand stand = annual_stand(&(AnnualReview){ .decision = d->decision }, STR_EMPTY);
    Json *out = json_obj(ctx->arena);
    Str day;

    TRY(zone_format(ctx->arena, zone, ctx->lang, ZONE_LONG_DATE, d->at_ms, &day));
    json_set(out, "year", json_int(ctx->arena, d->year));
    json_set(out, "decision", json_str(ctx->arena, d->decision));
    json_set(out, "decision_text", words(ctx, stand.text));
    json_set(out, "look", json_str(ctx->arena, str_from_c(is_replaced ? "off" : stand.css)));
    json_set(out, "reason", json_str(ctx->arena, d->reason));
    json_set(out, "measure", json_str(ctx->arena, d->measure));
    json_set(out, "due_on", json_str(ctx->arena, d->due_on));
    json_set(out, "decided_on", json_str(ctx->arena, day));
    json_set(out, "person", json_str(ctx->arena, name));
    json_set(out, "role", json_str(ctx->arena, d->role));
    json_set(out, "is_replaced", json_bool(ctx->arena, is_replaced));
    *ret = out;
    return OK;
}

/* Newest first, so that the first of its review is the one that holds. */
static bool is_replaced(const AnnualDecisionList *list, size_t at) {
    for (size_t i = 0; i < at; i++)
        if (list->items[i].review_id == list->items[at].review_id)
            return true;
    return false;
}

enum { PUBLIC_DECISIONS = 30 };

Err annual_public(Ctx *ctx, Str zone, int64_t outlet_id, Json **ret) {
    AnnualDecisionList list;
    Json *out = json_arr(ctx->arena), *one;

    TRY(annual_decisions(ctx, outlet_id, PUBLIC_DECISIONS, &list));
    int64_t *ids = arena_array(ctx->arena, list.len + 1, sizeof *ids);
    Str *names = arena_array(ctx->arena, list.len + 1, sizeof *names);
    for (size_t i = 0; i < list.len; i++)
        ids[i] = list.items[i].by_id;
    TRY(person_names(ctx, ids, list.len, names));
    for (size_t i = 0; i < list.len; i++) {
        TRY(decision_model(ctx, zone, &list.items[i], names[i], is_replaced(&list, i), &one));
        json_push(out, one);
    }
    *ret = out;
    return OK;
}
