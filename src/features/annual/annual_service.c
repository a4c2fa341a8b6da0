/* features/annual/annual_service.c - the rules of the annual review; knows neither HTTP nor SQL. */
#include <assert.h>

#include "base/id.h"
#include "base/utf8.h"
#include "db/db.h"
#include "features/annual/annual_questions.h"
#include "features/annual/annual_store.h"
#include "features/identity/identity.h"
#include "features/site/site.h"
#include "ledger/ledger.h"
#include "queue/event.h"
#include "text/zone.h"
#include "view/catalogue.h"

/* ---- what is checked ---- */

Err annual_today(Ctx *ctx, Str *ret) {
    ZoneTime local;
    Str zone;

    TRY(site_zone(ctx, &zone));
    TRY(zone_local(zone, ctx->now_ms, &local));
    *ret = str_format(ctx->arena, "%04d-%02d-%02d", local.year, local.month, local.day);
    return OK;
}

static int64_t year_of(Str day) {
    int64_t year = 0;

    (void)str_parse_int(str_slice(day, 0, 4), &year);
    return year;
}

static bool is_before(Str a, Str b) {
    return str_compare(a, b) < 0; /* YYYY-MM-DD */
}

/* From today to the same day of next year. */
static Err check_day(Ctx *ctx, const char *field, Str day, Str today) {
    ZoneTime parsed;
    Str last = str_format(ctx->arena, "%04d%.*s", (int)year_of(today) + 1,
                          STR_ARG(str_slice(today, 4, today.len)));

    if (zone_parse_date(day, &parsed).code != ERR_OK)
        return FAIL(ERR_INVALID, field, N_("Write the date as year-month-day: 2026-03-05."));
    if (is_before(day, today) || is_before(last, day))
        return FAIL(ERR_INVALID, field, N_("Choose a day from today to a year ahead."));
    return OK;
}

static Err check_text(Ctx *ctx, const char *field, Str text, size_t max_chars, bool is_needed) {
    size_t chars;

    if (!utf8_count(text, &chars) || utf8_has_control(text))
        return FAIL(ERR_INVALID, field,
                    N_("The text is not valid UTF-8, or holds control characters."));
    if (is_needed && !str_trim(text).len)
        return FAIL(ERR_INVALID, field, N_("This may not be empty."));
    if (chars > max_chars)
        return FAIL_ARGS(ERR_LIMIT, field, N_("At most {0} characters."),
                         str_from_int(ctx->arena, (int64_t)max_chars));
    return OK;
}

static Err check_person(const Ctx *ctx) {
    return ctx->actor == ACTOR_PERSON && ctx->person_id
               ? OK
               : FAIL(ERR_FORBIDDEN, NULL, N_("Only a person can do this: use a person's token."));
}

static bool is_in_review(const Outlet *outlet) {
    return str_eq(outlet->state, S("in_review"));
}

/* ---- the log ---- */

/* The entry's header names the outlet it is about, whoever acts. */
static Err seal(Ctx *ctx, const char *kind, const Outlet *outlet, Json *sealed) {
    Str before = ctx->outlet_no;

    ctx->outlet_no = outlet->no;
    Err err = ledger_append(ctx, kind, outlet->id, sealed);
    ctx->outlet_no = before;
    return err;
}

static Err tell(Ctx *ctx, const char *kind, const Outlet *outlet, int64_t year, Json *sealed) {
    EventTags tags = { 0 };
    Json *facts = json_obj(ctx->arena);

    TRY(seal(ctx, kind, outlet, sealed));
    json_set(facts, "outlet_id", json_id(ctx->arena, outlet->id));
    json_set(facts, "year", json_int(ctx->arena, year));
    event_tag(ctx->arena, &tags, "outlet", outlet->id);
    event_tag(ctx->arena, &tags, "outlets", 0);
    event_tag(ctx->arena, &tags, "home", 0);
    return event_emit(ctx, kind, outlet->id, facts, event_tag_list(&tags));
}

/* ---- opening ---- */

static Err open_one(Ctx *ctx, const Outlet *outlet, int64_t year, Str answer_by, int64_t *opened) {
    AnnualReview review = { .id = id_next(ctx),
                            .outlet_id = outlet->id,
                            .year = year,
                            .form = annual_form_now()->version,
                            .opened_ms = ctx->now_ms,
                            .opened_by = ctx->person_id,
                            .answer_by = answer_by,
                            .version = 1 };
    Json *sealed = json_obj(ctx->arena);
    bool is_made;

    TRY(annual_store_insert(ctx, &review, &is_made));
    if (!is_made) /* somebody else opened it just now */
        return OK;
    TRY(outlet_review(ctx, outlet->id, S("in_review"), STR_EMPTY, year));
    json_set(sealed, "review", json_id(ctx->arena, review.id));
    json_set(sealed, "year", json_int(ctx->arena, year));
    json_set(sealed, "form", json_int(ctx->arena, review.form));
    json_set(sealed, "answer_by", json_str(ctx->arena, answer_by));
    TRY(seal(ctx, "review.opened", outlet, sealed));
    *opened += 1;
    return OK;
}

static Err check_year(int64_t year, Str today) {
    if (year != year_of(today) && year != year_of(today) - 1)
        return FAIL(ERR_INVALID, "year", N_("Choose this year or the one before."));
    return OK;
}

static Err not_due(const Outlet *outlet) {
    return FAIL_ARGS(
        ERR_CONFLICT, "outlet",
        N_("The review of this year cannot be opened for {0}: it was opened already, or "
           "the outlet is not in service."),
        outlet->name);
}

Err annual_open(Ctx *ctx, int64_t year, Str answer_by, int64_t outlet_id, AnnualOpened *ret) {
    AnnualOpened opened = { 0 };
    OutletList due;
    Outlet one;
    Str today;
    int64_t total;
    DB_TX(tx);

    TRY(annual_today(ctx, &today));
    TRY(check_year(year, today));
    TRY(check_day(ctx, "answer_by", answer_by, today));
    TRY(db_begin_alone(ctx, &tx));
    if (outlet_id) {
        TRY(outlet_get(ctx, outlet_id, &one));
        if (!outlet_is_due(&one, year))
            return not_due(&one);
        TRY(open_one(ctx, &one, year, answer_by, &opened.opened));
        if (!opened.opened)
            return not_due(&one);
    } else {
        TRY(outlet_due(ctx, year, ANNUAL_OPEN_MAX, &due, &total));
        for (size_t i = 0; i < due.len; i++)
            TRY(open_one(ctx, &due.items[i], year, answer_by, &opened.opened));
        opened.left = total - (int64_t)due.len;
    }
    TRY(db_commit(&tx));
    *ret = opened;
    return OK;
}

/* ---- what both sides read first ---- */

static Str decision_words(const Ctx *ctx, Str decision) {
    AnnualStand stand = annual_stand(&(AnnualReview){ .decision = decision }, STR_EMPTY);

    return catalogue_text(catalogue_of(ctx->lang), str_from_c(stand.text));
}

/* Who was first, and what they did. */
static Err meanwhile(Ctx *ctx, int64_t review_id) {
    AnnualReview now;
    AnnualCheck check;
    Str name;

    TRY(annual_store_get(ctx, review_id, &now));
    if (now.decisions) {
        TRY(person_names(ctx, &now.decided_by, 1, &name));
        return FAIL_ARGS(ERR_CONFLICT, "version",
                         N_("{0} has decided meanwhile: {1}. Look again before you go on."), name,
                         decision_words(ctx, now.decision));
    }
    TRY(annual_store_check(ctx, review_id, &check));
    TRY(person_names(ctx, &check.by_id, 1, &name));
    return FAIL_ARGS(ERR_CONFLICT, "version",
                     N_("{0} has sent a self-check meanwhile. Look again before you go on."), name);
}

/* The review with its outlet, as they stand in this transaction. */
static Err read_both(Ctx *ctx, int64_t review_id, int64_t version, AnnualReview *review,
                     Outlet *outlet) {
    TRY(annual_store_get(ctx, review_id, review));
    if (!review->id)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such review."));
    if (review->version != version)
        return meanwhile(ctx, review_id);
    return outlet_get(ctx, review->outlet_id, outlet);
}

static Err update(Ctx *ctx, AnnualReview *review) {
    int64_t changed;

    TRY(annual_store_update(ctx, review, &changed));
    return changed ? OK : meanwhile(ctx, review->id);
}

/* ---- the self-check ---- */

static Err check_answers(Ctx *ctx, const AnnualForm *form, const AnnualAnswer *answers,
                         size_t count) {
    if (!form || count != form->len)
        return FAIL(ERR_INVALID, form ? form->questions[0].yes_field : NULL,
                    N_("Answer each question of the self-check."));
    for (size_t i = 0; i < count; i++) {
        const AnnualQuestion *question = &form->questions[i];
        if (answers[i].no != (int64_t)i + 1)
            return FAIL(ERR_INVALID, question->yes_field,
                        N_("Answer each question of the self-check."));
        TRY(check_text(ctx, question->remark_field, answers[i].remark, ANNUAL_REMARK_CHARS_MAX,
                       false));
        if (!answers[i].is_yes && !str_trim(answers[i].remark).len)
            return FAIL_ARGS(ERR_INVALID, question->remark_field,
                             N_("Tick question {0}, or say what is not so and why."),
                             str_from_int(ctx->arena, answers[i].no));
    }
    return OK;
}

static Json *sealed_check(Ctx *ctx, const AnnualReview *review, const AnnualCheck *check) {
    Json *sealed = json_obj(ctx->arena), *list = json_arr(ctx->arena);

    json_set(sealed, "review", json_id(ctx->arena, review->id));
    json_set(sealed, "year", json_int(ctx->arena, review->year));
    json_set(sealed, "form", json_int(ctx->arena, review->form));
    json_set(sealed, "n", json_int(ctx->arena, check->n));
    for (size_t i = 0; i < check->len; i++) {
        Json *answer = json_obj(ctx->arena);
        json_set(answer, "no", json_int(ctx->arena, check->answers[i].no));
        json_set(answer, "yes", json_bool(ctx->arena, check->answers[i].is_yes));
        json_set(answer, "remark", json_str(ctx->arena, check->answers[i].remark));
        json_push(list, answer);
    }
    json_set(sealed, "answers", list);
    return sealed;
}

static Err too_often(Ctx *ctx) {
    return FAIL_ARGS(ERR_CONFLICT, NULL, N_("This was done {0} times already: ask the office."),
                     str_from_int(ctx->arena, ANNUAL_ROUNDS_MAX));
}

Err annual_answer(Ctx *ctx, int64_t review_id, int64_t version, const AnnualAnswer *answers,
                  size_t count) {
    AnnualReview review;
    AnnualCheck check = { .by_id = ctx->person_id, .at_ms = ctx->now_ms };
    Outlet outlet;
    DB_TX(tx);

    TRY(check_person(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(read_both(ctx, review_id, version, &review, &outlet));
    if (review.decisions || !is_in_review(&outlet))
        return FAIL(ERR_CONFLICT, NULL, N_("This review is decided: it takes no self-check more."));
    if (review.checks >= ANNUAL_ROUNDS_MAX)
        return too_often(ctx);
    TRY(check_answers(ctx, annual_form_of(review.form), answers, count));
    check.id = id_next(ctx);
    check.n = review.checks += 1;
    review.answered_ms = ctx->now_ms;
    for (; check.len < count; check.len++) {
        check.answers[check.len] = answers[check.len];
        check.answers[check.len].remark = str_trim(answers[check.len].remark);
    }
    TRY(update(
        ctx,
        &review)); /* before the insert: of two at once one ends here, and sees who was first */
    TRY(annual_store_insert_check(ctx, review.id, &check));
    TRY(tell(ctx, "review.answered", &outlet, review.year, sealed_check(ctx, &review, &check)));
    return db_commit(&tx);
}

/* ---- the decision ---- */

static Err check_decision(Ctx *ctx, const AnnualDecision *d) {
    bool is_rectify = str_eq(d->decision, S("rectify"));
    Str today;

    if (!is_rectify && !str_eq(d->decision, S("passed")) && !str_eq(d->decision, S("suspended")))
        return FAIL(ERR_INVALID, "decision", N_("Choose what you decide."));
    TRY(check_text(ctx, "findings", d->findings, ANNUAL_FINDINGS_CHARS_MAX, true));
    TRY(check_text(ctx, "reason", d->reason, OUTLET_REASON_CHARS_MAX, true));
    TRY(check_text(ctx, "measure", d->measure, ANNUAL_MEASURE_CHARS_MAX, is_rectify));
    if (!is_rectify && (str_trim(d->measure).len || d->due_on.len))
        return FAIL(ERR_INVALID, d->due_on.len ? "due_on" : "measure",
                    N_("Only an order to rectify says what is to be mended and by when."));
    if (!is_rectify)
        return OK;
    TRY(annual_today(ctx, &today));
    return check_day(ctx, "due_on", d->due_on, today);
}

/* May this person decide it now? */
static Err check_may_decide(Ctx *ctx, const AnnualReview *review, const Outlet *outlet) {
    bool has_answered;
    Str today;

    TRY(annual_store_has_answered(ctx, review->id, ctx->person_id, &has_answered));
    if (has_answered)
        return FAIL(ERR_FORBIDDEN, NULL,
                    N_("You answered the self-check: another person of the office decides."));
    TRY(annual_today(ctx, &today));
    if (!review->checks && !is_before(review->answer_by, today))
        return FAIL_ARGS(ERR_CONFLICT, NULL,
                         N_("The outlet may answer the self-check until {0}: decide after that day "
                            "or when it is there."),
                         review->answer_by);
    if (!str_eq(outlet->state, review->decisions ? review->decision : S("in_review")))
        return FAIL(ERR_CONFLICT, NULL,
                    N_("The outlet has moved on in the register since: this review is closed."));
    return review->decisions < ANNUAL_ROUNDS_MAX ? OK : too_often(ctx);
}

static Json *sealed_decision(Ctx *ctx, const AnnualDecision *d) {
    Json *sealed = json_obj(ctx->arena);

    json_set(sealed, "review", json_id(ctx->arena, d->review_id));
    json_set(sealed, "year", json_int(ctx->arena, d->year));
    json_set(sealed, "n", json_int(ctx->arena, d->n));
    json_set(sealed, "decision", json_str(ctx->arena, d->decision));
    json_set(sealed, "findings", json_str(ctx->arena, d->findings));
    json_set(sealed, "measure", json_str(ctx->arena, d->measure));
    json_set(sealed, "due_on", json_str(ctx->arena, d->due_on));
    json_set(sealed, "reason", json_str(ctx->arena, d->reason));
    return sealed;
}

/* The decision as it is kept, of the review as it stands. */
static AnnualDecision made_of(Ctx *ctx, const AnnualReview *review, const AnnualDecision *said) {
    return (AnnualDecision){ .id = id_next(ctx),
                             .review_id = review->id,
                             .outlet_id = review->outlet_id,
                             .year = review->year,
                             .n = review->decisions + 1,
                             .decision = said->decision,
                             .findings = str_trim(said->findings),
                             .measure = str_trim(said->measure),
                             .due_on = said->due_on,
                             .reason = str_trim(said->reason),
                             .by_id = ctx->person_id,
                             .role = ctx->role,
                             .at_ms = ctx->now_ms };
}

Err annual_decide(Ctx *ctx, int64_t review_id, int64_t version, const AnnualDecision *decision) {
    AnnualReview review;
    Outlet outlet;
    DB_TX(tx);

    TRY(check_person(ctx));
    TRY(check_decision(ctx, decision));
    TRY(db_begin(ctx, &tx));
    TRY(read_both(ctx, review_id, version, &review, &outlet));
    TRY(check_may_decide(ctx, &review, &outlet));
    AnnualDecision made = made_of(ctx, &review, decision);
    review.decision = made.decision;
    review.due_on = made.due_on;
    review.decisions = made.n;
    review.decided_ms = made.at_ms;
    review.decided_by = made.by_id;
    TRY(update(ctx, &review)); /* as above */
    TRY(annual_store_insert_decision(ctx, &made));
    if (!str_eq(outlet.state, made.decision)) /* else the wording alone is corrected */
        TRY(outlet_review(ctx, outlet.id, made.decision, made.reason, made.year));
    TRY(tell(ctx, "review.decided", &outlet, made.year, sealed_decision(ctx, &made)));
    return db_commit(&tx);
}

/* ---- reading ---- */

Err annual_of_outlet(Ctx *ctx, int64_t outlet_id, int64_t year, AnnualReview *ret) {
    AnnualReview review;

    TRY(annual_store_of_outlet(ctx, outlet_id, year, &review));
    if (!review.id)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such review."));
    *ret = review;
    return OK;
}

Err annual_list_of_outlet(Ctx *ctx, int64_t outlet_id, AnnualReviewList *ret) {
    return annual_store_list_of_outlet(ctx, outlet_id, ret);
}

Err annual_check(Ctx *ctx, int64_t review_id, AnnualCheck *ret) {
    return annual_store_check(ctx, review_id, ret);
}

Err annual_decisions(Ctx *ctx, int64_t outlet_id, int limit, AnnualDecisionList *ret) {
    assert(limit >= 1 && limit <= ANNUAL_LIST_MAX);
    return annual_store_decisions(ctx, outlet_id, limit, ret);
}

Err annual_list(Ctx *ctx, int64_t year, int64_t after_id, int limit, AnnualReviewList *ret) {
    assert(limit >= 1 && limit <= ANNUAL_LIST_MAX);
    return annual_store_list(ctx, year, after_id, limit, ret);
}

Err annual_counts(Ctx *ctx, int64_t year, AnnualCounts *ret) {
    Str today;

    TRY(annual_today(ctx, &today));
    return annual_store_counts(ctx, year, today, ret);
}

/* A struck outlet's review waits for nobody. */
static Err without_struck(Ctx *ctx, AnnualReviewList *list) {
    int64_t *ids = arena_array(ctx->arena, list->len + 1, sizeof *ids);
    Outlet *outlets = arena_array(ctx->arena, list->len + 1, sizeof *outlets);
    size_t kept = 0;

    for (size_t i = 0; i < list->len; i++)
        ids[i] = list->items[i].outlet_id;
    TRY(outlet_get_many(ctx, ids, list->len, outlets));
    for (size_t i = 0; i < list->len; i++)
        if (!str_eq(outlets[i].state, S("struck")))
            list->items[kept++] = list->items[i];
    list->len = kept;
    return OK;
}

Err annual_waits_for_office(Ctx *ctx, int limit, AnnualReviewList *ret) {
    AnnualReviewList list;
    Str today;

    assert(limit >= 1 && limit <= ANNUAL_LIST_MAX);
    TRY(annual_today(ctx, &today));
    TRY(annual_store_office(ctx, today, limit, &list));
    TRY(without_struck(ctx, &list));
    *ret = list;
    return OK;
}

Err annual_waits_for_outlets(Ctx *ctx, const int64_t *outlet_ids, size_t count, int limit,
                             AnnualReviewList *ret) {
    AnnualReviewList list;

    assert(limit >= 1 && limit <= ANNUAL_LIST_MAX);
    TRY(annual_store_outlets(ctx, outlet_ids, count, limit, &list));
    TRY(without_struck(ctx, &list));
    *ret = list;
    return OK;
}
