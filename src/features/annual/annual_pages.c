/* features/annual/annual_pages.c - a review as its pages show it: questions beside what the register knows. */
#include "features/annual/annual_pages.h"

#include "features/annual/annual_questions.h"
#include "features/identity/identity.h"
#include "features/site/site.h"
#include "text/zone.h"
#include "view/catalogue.h"

Json *annual_words(Ctx *ctx, const char *msgid) {
    return json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid)));
}

Err annual_day(Ctx *ctx, Str zone, int64_t at_ms, Str *ret) {
    if (at_ms)
        return zone_format(ctx->arena, zone, ctx->lang, ZONE_LONG_DATE, at_ms, ret);
    *ret = STR_EMPTY;
    return OK;
}

/* ---- what the register knows ---- */

typedef struct Known {
    const char *label, *otherwise; /* otherwise: said where there is no value */
    Str value;
    bool is_bad;
} Known;

static Err known_of(Ctx *ctx, Str zone, AnnualFact fact, const Outlet *o, const OutletFlags *flags,
                    Known *ret) {
    Known known = { .label = NULL };
    Str published, changed;

    TRY(annual_day(ctx, zone, o->last_published_ms, &published));
    TRY(annual_day(ctx, zone, o->changed_ms, &changed));
    switch (fact) {
    case FACT_TEACHER:
        known = (Known){ N_("Guiding teacher"), N_("nobody in service"),
                         flags->has_no_teacher ? STR_EMPTY : o->teacher, flags->has_no_teacher };
        if (!flags->has_no_teacher && !o->teacher.len)
            known.otherwise = N_("in service, not named on the card");
        break;
    case FACT_PEOPLE:
        known = (Known){ N_("Run by"), N_("nobody is named"), o->operators,
                         flags->has_left || !o->operators.len };
        break;
    case FACT_ADDRESS:
        known = (Known){ N_("Address"), N_("none is filed"), o->url, !o->url.len };
        break;
    case FACT_PUBLISHED:
        known = (Known){ N_("Last published here"), N_("never"), published, flags->is_silent };
        break;
    case FACT_CHANGED:
        known = (Known){ N_("Filing card last changed"), N_("never"), changed, false };
        break;
    case FACT_EMERGENCY:
        known = (Known){ N_("Emergency contact"),
                         o->emergency_contact.len ? N_("on the card") : N_("none is filed"),
                         STR_EMPTY, !o->emergency_contact.len };
        break;
    case FACT_REVIEWERS:
        known =
            (Known){ N_("Reviewed by"), N_("nobody is named"), o->reviewers, !o->reviewers.len };
        break;
    case FACT_NONE:
        break;
    }
    *ret = known;
    return OK;
}

static Json *fact_model(Ctx *ctx, const Known *known) {
    Json *out = json_obj(ctx->arena);

    if (!known->label)
        return json_null(ctx->arena);
    json_set(out, "label", annual_words(ctx, known->label));
    json_set(out, "message",
             known->value.len ? json_str(ctx->arena, known->value)
                              : annual_words(ctx, known->otherwise));
    json_set(out, "look", json_str(ctx->arena, known->is_bad ? S("bad") : S("off")));
    return out;
}

/* ---- the parts of the page ---- */

static Json *question_model(Ctx *ctx, const AnnualQuestion *question, int64_t no,
                            const AnnualAnswer *answer, const Known *known) {
    Json *out = json_obj(ctx->arena);
    bool is_yes = answer && answer->is_yes;

    json_set(out, "no", json_int(ctx->arena, no));
    json_set(out, "text", annual_words(ctx, question->text));
    json_set(out, "fact", fact_model(ctx, known));
    json_set(out, "is_answered", json_bool(ctx->arena, answer != NULL));
    json_set(out, "is_yes", json_bool(ctx->arena, is_yes));
    json_set(out, "answer_text", annual_words(ctx, is_yes ? N_("yes") : N_("no")));
    json_set(out, "look", json_str(ctx->arena, is_yes ? S("ok") : S("bad")));
    json_set(out, "remark", json_str(ctx->arena, answer ? answer->remark : STR_EMPTY));
    return out;
}

static Err put_questions(Ctx *ctx, Str zone, const Outlet *outlet, const OutletFlags *flags,
                         const AnnualForm *form, const AnnualCheck *check, Json *model) {
    Json *list = json_arr(ctx->arena);
    Known known = { .label = NULL };

    for (size_t i = 0; form && i < form->len; i++) {
        const AnnualQuestion *question = &form->questions[i];
        TRY(known_of(ctx, zone, question->fact, outlet, flags, &known));
        json_push(list, question_model(ctx, question, (int64_t)i + 1,
                                       i < check->len ? &check->answers[i] : NULL, &known));
    }
    json_set(model, "questions", list);
    return OK;
}

static Err put_answered(Ctx *ctx, Str zone, const AnnualCheck *check, Json *model) {
    Json *out = json_obj(ctx->arena);
    Str on, name;

    json_set(model, "answered", json_null(ctx->arena));
    if (!check->id)
        return OK;
    TRY(annual_day(ctx, zone, check->at_ms, &on));
    TRY(person_names(ctx, &check->by_id, 1, &name));
    json_set(out, "on", json_str(ctx->arena, on));
    json_set(out, "person", json_str(ctx->arena, name));
    json_set(out, "n", json_int(ctx->arena, check->n));
    json_set(model, "answered", out);
    return OK;
}

/* Newest first; the findings are for the outlet and the office. */
static Err put_decisions(Ctx *ctx, Str zone, int64_t outlet_id, Json *model) {
    AnnualDecisionList list;
    Json *out;

    TRY(annual_public(ctx, zone, outlet_id, &out));
    TRY(annual_decisions(ctx, outlet_id, ANNUAL_LIST_MAX, &list));
    for (size_t i = 0; i < out->array.len; i++)
        json_set(out->array.items[i], "findings", json_str(ctx->arena, list.items[i].findings));
    json_set(model, "decisions", out);
    return OK;
}

static Err put_years(Ctx *ctx, Str base, const AnnualReview *review, int64_t outlet_id,
                     Json *model) {
    AnnualReviewList list;
    Json *years = json_arr(ctx->arena);

    TRY(annual_list_of_outlet(ctx, outlet_id, &list));
    for (size_t i = 0; i < list.len; i++) {
        Json *year = json_obj(ctx->arena);
        json_set(year, "year", json_int(ctx->arena, list.items[i].year));
        json_set(year, "url",
                 json_str(ctx->arena, str_format(ctx->arena, "%.*s?year=%lld", STR_ARG(base),
                                                 (long long)list.items[i].year)));
        json_set(year, "is_current", json_bool(ctx->arena, list.items[i].id == review->id));
        json_push(years, year);
    }
    json_set(model, "years", years);
    return OK;
}

static void put_head(Ctx *ctx, const Outlet *outlet, const AnnualReview *review, Str today,
                     Str opened_on, Json *model) {
    AnnualStand stand = annual_stand(review, today);

    json_set(
        model, "title",
        json_str(ctx->arena, str_format(ctx->arena, "%.*s · %.*s", STR_ARG(outlet->name),
                                        STR_ARG(catalogue_text(catalogue_of(ctx->lang),
                                                               str_from_c(N_("Annual review")))))));
    json_set(model, "name", json_str(ctx->arena, outlet->name));
    json_set(model, "no", json_str(ctx->arena, outlet->no));
    json_set(model, "year", json_int(ctx->arena, review->year));
    json_set(model, "version", json_int(ctx->arena, review->version));
    json_set(model, "answer_by", json_str(ctx->arena, review->answer_by));
    json_set(model, "opened_on", json_str(ctx->arena, opened_on));
    json_set(model, "stand", json_str(ctx->arena, str_from_c(stand.code)));
    json_set(model, "stand_text", annual_words(ctx, stand.text));
    json_set(model, "look", json_str(ctx->arena, str_from_c(stand.css)));
    json_set(model, "has_review", json_bool(ctx->arena, review->id != 0));
    json_set(model, "is_overdue", json_bool(ctx->arena, review->id && stand.is_overdue));
}

Err annual_page(Ctx *ctx, Str base, const Outlet *outlet, const AnnualReview *review,
                const AnnualCheck *check, Json *model) {
    OutletFlags flags;
    Str zone, today, opened_on;

    TRY(site_zone(ctx, &zone));
    TRY(annual_today(ctx, &today));
    TRY(annual_day(ctx, zone, review->opened_ms, &opened_on));
    TRY(outlet_flags(ctx, outlet, 1, &flags));
    put_head(ctx, outlet, review, today, opened_on, model);
    json_set(model, "flags", outlet_flags_model(ctx, &flags));
    TRY(put_questions(ctx, zone, outlet, &flags, annual_form_of(review->form), check, model));
    TRY(put_answered(ctx, zone, check, model));
    TRY(put_decisions(ctx, zone, outlet->id, model));
    return put_years(ctx, base, review, outlet->id, model);
}
