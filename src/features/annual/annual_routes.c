/* features/annual/annual_routes.c - the annual review for the office and for an outlet's people. */
#include "features/annual/annual_pages.h"
#include "features/annual/annual_questions.h"
#include "features/identity/cap.h"
#include "features/site/site.h"
#include "text/zone.h"

enum { PER_PAGE = 60, DAYS_TO_ANSWER = 30 };

static const Field list_fields[] = {
    { "year", FIELD_INT, IN_QUERY, .min = 2000, .max = 9999, .label = N_("Year") },
    { "after", FIELD_CURSOR, IN_QUERY },
    { 0 },
};
static const Field open_fields[] = {
    { "year", FIELD_INT, IN_BODY, .is_required = true, .min = 2000, .max = 9999,
      .label = N_("Year") },
    { "answer_by", FIELD_DATE, IN_BODY, .is_required = true, .label = N_("Self-check until") },
    { "outlet", FIELD_WORD, IN_BODY, .label = N_("Outlet") },
    { 0 },
};
static const Field page_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Outlet") },
    { "year", FIELD_INT, IN_QUERY, .min = 2000, .max = 9999, .label = N_("Year") },
    { 0 },
};
#define ANSWER(n)                                                                                  \
    { "y" #n, FIELD_BOOL, IN_BODY, .label = N_("Answer") }, {                                      \
        "r" #n, FIELD_TEXT, IN_BODY, .max_chars = ANNUAL_REMARK_CHARS_MAX, .label = N_("Remark")   \
    }
static const Field answer_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Outlet") },
    ANSWER(1),
    ANSWER(2),
    ANSWER(3),
    ANSWER(4),
    ANSWER(5),
    ANSWER(6),
    ANSWER(7),
    ANSWER(8),
    { 0 },
};
static const Field decide_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Outlet") },
    { "decision", FIELD_ENUM, IN_BODY, .is_required = true, .words = "passed rectify suspended",
      .label = N_("Decision") },
    { "findings", FIELD_TEXT, IN_BODY, .is_required = true, .max_chars = ANNUAL_FINDINGS_CHARS_MAX,
      .label = N_("What the office found") },
    { "measure", FIELD_TEXT, IN_BODY, .max_chars = ANNUAL_MEASURE_CHARS_MAX,
      .label = N_("What is to be mended") },
    { "due_on", FIELD_DATE, IN_BODY, .label = N_("By when") },
    { "reason", FIELD_TEXT, IN_BODY, .is_required = true, .max_chars = OUTLET_REASON_CHARS_MAX,
      .label = N_("Reason") },
    { 0 },
};

static const Model list_model = {
    "annual/list",
    "title year today years[year url is_current] due_total counts{open overdue answered passed "
    "rectify suspended} reviews[no name url stand stand_text look is_overdue answer_by due_on] "
    "next next_url",
};
static const Model answer_model = {
    "annual/answer",
    ANNUAL_PAGE_KEYS " may_answer q1{" ANNUAL_QUESTION_KEYS "} q2{" ANNUAL_QUESTION_KEYS
                     "} q3{" ANNUAL_QUESTION_KEYS "} q4{" ANNUAL_QUESTION_KEYS
                     "} q5{" ANNUAL_QUESTION_KEYS "} q6{" ANNUAL_QUESTION_KEYS
                     "} q7{" ANNUAL_QUESTION_KEYS "} q8{" ANNUAL_QUESTION_KEYS "}",
};
static const Model decide_model = {
    "annual/decide",
    ANNUAL_PAGE_KEYS " may_decide may_correct may_open open_year open_until",
};
static const Model opened_model = { NULL, KEYS(year opened left) };
static const Model done_model = { NULL, KEYS(id no year version stand) };

static Str text_of_int(Ctx *ctx, int64_t n) {
    return str_from_int(ctx->arena, n);
}

/* ---- the office's list ---- */

static int64_t year_of(Str day) {
    int64_t year = 0;

    (void)str_parse_int(str_slice(day, 0, 4), &year);
    return year;
}

/* The day so many days from now. */
static Err day_ahead(Ctx *ctx, Str zone, int days, Str *ret) {
    ZoneTime local;

    TRY(zone_local(zone, ctx->now_ms + days * INT64_C(86400000), &local));
    *ret = str_format(ctx->arena, "%04d-%02d-%02d", local.year, local.month, local.day);
    return OK;
}

static Err put_open_form(Ctx *ctx, Str zone, int64_t year, Json *model) {
    Json *form = json_obj(ctx->arena), *values = json_obj(ctx->arena);
    Str until;

    TRY(day_ahead(ctx, zone, DAYS_TO_ANSWER, &until));
    json_set(values, "year", json_str(ctx->arena, text_of_int(ctx, year)));
    json_set(values, "answer_by", json_str(ctx->arena, until));
    json_set(form, "values", values);
    json_set(model, "form", form);
    return OK;
}

static Json *years_model(Ctx *ctx, int64_t this_year, int64_t year) {
    Json *out = json_arr(ctx->arena);

    for (int64_t y = this_year; y > this_year - 4; y--) {
        Json *one = json_obj(ctx->arena);
        json_set(one, "year", json_int(ctx->arena, y));
        json_set(
            one, "url",
            json_str(ctx->arena, str_format(ctx->arena, "/admin/reviews?year=%lld", (long long)y)));
        json_set(one, "is_current", json_bool(ctx->arena, y == year));
        json_push(out, one);
    }
    return out;
}

static Json *counts_model(Ctx *ctx, const AnnualCounts *counts) {
    Json *out = json_obj(ctx->arena);

    json_set(out, "open", json_int(ctx->arena, counts->open));
    json_set(out, "overdue", json_int(ctx->arena, counts->overdue));
    json_set(out, "answered", json_int(ctx->arena, counts->answered));
    json_set(out, "passed", json_int(ctx->arena, counts->passed));
    json_set(out, "rectify", json_int(ctx->arena, counts->rectify));
    json_set(out, "suspended", json_int(ctx->arena, counts->suspended));
    return out;
}

static Json *row_model(Ctx *ctx, const AnnualReview *review, const Outlet *outlet, Str today) {
    AnnualStand stand = annual_stand(review, today);
    Json *row = json_obj(ctx->arena);

    json_set(row, "no", json_str(ctx->arena, outlet->no));
    json_set(row, "name", json_str(ctx->arena, outlet->name));
    json_set(row, "url",
             json_str(ctx->arena, str_format(ctx->arena, "/admin/outlets/%.*s/review?year=%lld",
                                             STR_ARG(outlet->no), (long long)review->year)));
    json_set(row, "stand", json_str(ctx->arena, str_from_c(stand.code)));
    json_set(row, "stand_text", annual_words(ctx, stand.text));
    json_set(row, "look", json_str(ctx->arena, str_from_c(stand.css)));
    json_set(row, "is_overdue", json_bool(ctx->arena, stand.is_overdue));
    json_set(row, "answer_by", json_str(ctx->arena, review->answer_by));
    json_set(row, "due_on", json_str(ctx->arena, review->due_on));
    return row;
}

static Err rows_model(Ctx *ctx, const AnnualReviewList *list, Str today, Json **ret) {
    int64_t *ids = arena_array(ctx->arena, list->len + 1, sizeof *ids);
    Outlet *outlets = arena_array(ctx->arena, list->len + 1, sizeof *outlets);
    Json *rows = json_arr(ctx->arena);

    for (size_t i = 0; i < list->len; i++)
        ids[i] = list->items[i].outlet_id;
    TRY(outlet_get_many(ctx, ids, list->len, outlets));
    for (size_t i = 0; i < list->len; i++)
        json_push(rows, row_model(ctx, &list->items[i], &outlets[i], today));
    *ret = rows;
    return OK;
}

static void put_next(Ctx *ctx, const Request *req, Response *res, int64_t year,
                     const AnnualReviewList *list, Json *model) {
    json_set(model, "next", json_null(ctx->arena));
    json_set(model, "next_url", json_null(ctx->arena));
    if (list->len < PER_PAGE)
        return;
    Str cursor = list_cursor(ctx->arena, list->items[list->len - 1].id, 1);
    res_next(ctx, req, res, cursor);
    json_set(model, "next", json_str(ctx->arena, cursor));
    json_set(model, "next_url",
             json_str(ctx->arena, str_format(ctx->arena, "/admin/reviews?year=%lld&after=%.*s",
                                             (long long)year, STR_ARG(cursor))));
}

static Err show_list(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *rows;
    int64_t year = req_int(req, "year"), after, unused, total;
    AnnualReviewList list;
    AnnualCounts counts;
    OutletList due;
    Str today, zone;

    req_cursor(req, "after", &after, &unused);
    TRY(site_zone(ctx, &zone));
    TRY(annual_today(ctx, &today));
    if (!req_has(req, "year") || !year)
        year = year_of(today);
    TRY(annual_list(ctx, year, after, PER_PAGE, &list));
    TRY(annual_counts(ctx, year, &counts));
    TRY(outlet_due(ctx, year, 1, &due, &total));
    TRY(rows_model(ctx, &list, today, &rows));
    json_set(model, "title", annual_words(ctx, N_("Annual review")));
    json_set(model, "year", json_int(ctx->arena, year));
    json_set(model, "today", json_str(ctx->arena, today));
    json_set(model, "years", years_model(ctx, year_of(today), year));
    json_set(
        model, "due_total",
        json_int(ctx->arena, year >= year_of(today) - 1 && year <= year_of(today) ? total : 0));
    json_set(model, "counts", counts_model(ctx, &counts));
    json_set(model, "reviews", rows);
    put_next(ctx, req, res, year, &list, model);
    TRY(put_open_form(ctx, zone, year, model));
    return res_view(ctx, req, res, model);
}

static Err open_reviews(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);
    int64_t year = req_int(req, "year");
    AnnualOpened opened;
    Outlet outlet = { 0 };

    if (req_text(req, "outlet").len)
        TRY(outlet_by_no(ctx, req_text(req, "outlet"), &outlet));
    TRY(annual_open(ctx, year, req_text(req, "answer_by"), outlet.id, &opened));
    json_set(model, "year", json_int(ctx->arena, year));
    json_set(model, "opened", json_int(ctx->arena, opened.opened));
    json_set(model, "left", json_int(ctx->arena, opened.left));
    return res_done(ctx, req, res,
                    outlet.id
                        ? str_format(ctx->arena, "/admin/outlets/%.*s/review", STR_ARG(outlet.no))
                        : str_format(ctx->arena, "/admin/reviews?year=%lld", (long long)year),
                    model);
}

/* ---- the review of one outlet ---- */

typedef struct Opened {
    Outlet outlet;
    AnnualReview review; /* id 0: none yet */
    AnnualCheck check;
} Opened;

/* The newest, or the year's that is asked for, which must be there. */
static Err read_page(Ctx *ctx, const Request *req, Opened *ret) {
    AnnualReviewList list;
    int64_t year = req_has(req, "year") ? req_int(req, "year") : 0;

    *ret = (Opened){ .review = { .year = year } };
    TRY(outlet_by_no(ctx, req_text(req, "no"), &ret->outlet));
    if (year)
        TRY(annual_of_outlet(ctx, ret->outlet.id, year, &ret->review));
    else {
        TRY(annual_list_of_outlet(ctx, ret->outlet.id, &list));
        if (list.len)
            ret->review = list.items[0];
    }
    return ret->review.id ? annual_check(ctx, ret->review.id, &ret->check) : OK;
}

/* The self-check that was sent stands in the form until the decision. */
static void put_answers(Ctx *ctx, const Opened *o, Json *model) {
    const AnnualForm *questions = annual_form_of(o->review.form);
    Json *form = json_obj(ctx->arena), *values = json_obj(ctx->arena);
    Json *list = json_get(model, "questions");

    for (size_t i = 0; i < ANNUAL_QUESTIONS_MAX; i++) {
        static const char *const names[ANNUAL_QUESTIONS_MAX] = { "q1", "q2", "q3", "q4",
                                                                 "q5", "q6", "q7", "q8" };
        bool is_asked = questions && i < questions->len;
        json_set(model, names[i], is_asked ? list->array.items[i] : json_null(ctx->arena));
        if (!is_asked || i >= o->check.len)
            continue;
        json_set(values, questions->questions[i].yes_field,
                 json_str(ctx->arena, o->check.answers[i].is_yes ? S("1") : STR_EMPTY));
        json_set(values, questions->questions[i].remark_field,
                 json_str(ctx->arena, o->check.answers[i].remark));
    }
    json_set(form, "values", values);
    json_set(model, "form", form);
}

static Err show_answer(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);
    Opened o;

    TRY(read_page(ctx, req, &o));
    Str base = str_format(ctx->arena, "/desk/outlets/%.*s/review", STR_ARG(o.outlet.no));
    TRY(annual_page(ctx, base, &o.outlet, &o.review, &o.check, model));
    json_set(model, "may_answer",
             json_bool(ctx->arena, o.review.id && !o.review.decisions &&
                                       str_eq(o.outlet.state, S("in_review"))));
    put_answers(ctx, &o, model);
    if (o.review.id)
        res_version(res, o.review.version);
    return res_view(ctx, req, res, model);
}

static Err answer_done(Ctx *ctx, const Request *req, Response *res, const Outlet *outlet,
                       const char *place) {
    Json *model = json_obj(ctx->arena);
    AnnualReview review;
    Str today;

    TRY(annual_today(ctx, &today));
    TRY(annual_of_outlet(ctx, outlet->id, 0, &review));
    json_set(model, "id", json_id(ctx->arena, review.id));
    json_set(model, "no", json_str(ctx->arena, outlet->no));
    json_set(model, "year", json_int(ctx->arena, review.year));
    json_set(model, "version", json_int(ctx->arena, review.version));
    json_set(model, "stand", json_str(ctx->arena, str_from_c(annual_stand(&review, today).code)));
    return res_done(ctx, req, res,
                    str_format(ctx->arena, "/%s/outlets/%.*s/review", place, STR_ARG(outlet->no)),
                    model);
}

/* The newest review of the address's outlet. */
static Err read_newest(Ctx *ctx, const Request *req, Outlet *outlet, AnnualReview *review) {
    TRY(outlet_by_no(ctx, req_text(req, "no"), outlet));
    return annual_of_outlet(ctx, outlet->id, 0, review);
}

static Err answer(Ctx *ctx, const Request *req, Response *res) {
    AnnualAnswer answers[ANNUAL_QUESTIONS_MAX];
    AnnualReview review;
    Outlet outlet;

    TRY(read_newest(ctx, req, &outlet, &review));
    const AnnualForm *form = annual_form_of(review.form);
    size_t count = form ? form->len : 0;
    for (size_t i = 0; i < count; i++)
        answers[i] = (AnnualAnswer){ .no = (int64_t)i + 1,
                                     .is_yes = req_bool(req, form->questions[i].yes_field),
                                     .remark = req_text(req, form->questions[i].remark_field) };
    TRY(annual_answer(ctx, review.id, req_version(req), answers, count));
    return answer_done(ctx, req, res, &outlet, "desk");
}

static Err show_decide(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);
    Str zone, today, until;
    Opened o;

    TRY(read_page(ctx, req, &o));
    TRY(site_zone(ctx, &zone));
    TRY(annual_today(ctx, &today));
    TRY(day_ahead(ctx, zone, DAYS_TO_ANSWER, &until));
    Str base = str_format(ctx->arena, "/admin/outlets/%.*s/review", STR_ARG(o.outlet.no));
    TRY(annual_page(ctx, base, &o.outlet, &o.review, &o.check, model));
    bool is_here = o.review.id && o.review.year == o.outlet.review_year &&
                   str_eq(o.outlet.state, o.review.decisions ? o.review.decision : S("in_review"));
    bool is_ready = o.review.checks || str_compare(o.review.answer_by, today) < 0;
    json_set(model, "may_decide", json_bool(ctx->arena, is_here && is_ready));
    json_set(model, "may_correct",
             json_bool(ctx->arena, is_here && is_ready && o.review.decisions > 0));
    json_set(model, "may_open", json_bool(ctx->arena, outlet_is_due(&o.outlet, year_of(today))));
    json_set(model, "open_year", json_int(ctx->arena, year_of(today)));
    json_set(model, "open_until", json_str(ctx->arena, until));
    if (o.review.id)
        res_version(res, o.review.version);
    return res_view(ctx, req, res, model);
}

static Err decide(Ctx *ctx, const Request *req, Response *res) {
    AnnualDecision decision = { .decision = req_text(req, "decision"),
                                .findings = req_text(req, "findings"),
                                .measure = req_text(req, "measure"),
                                .due_on = req_text(req, "due_on"),
                                .reason = req_text(req, "reason") };
    AnnualReview review;
    Outlet outlet;

    TRY(read_newest(ctx, req, &outlet, &review));
    TRY(annual_decide(ctx, review.id, req_version(req), &decision));
    return answer_done(ctx, req, res, &outlet, "admin");
}

const Route annual_routes[] = {
    { "GET", "/admin/reviews", CAP_REGISTER, list_fields, show_list, &list_model,
      .summary = N_("The annual review of a year: where each outlet stands.") },
    { "POST", "/admin/reviews", CAP_REGISTER, open_fields, open_reviews, &opened_model, ROUTE_LONG,
      .form_handler = show_list,
      .summary = N_("Opens the annual review for one outlet or for all that are due.") },
    { "GET", "/admin/outlets/{no}/review", CAP_REGISTER, page_fields, show_decide, &decide_model,
      .summary = N_("An outlet's annual review: self-check, what is known, decisions.") },
    { "POST", "/admin/outlets/{no}/review", CAP_REGISTER, decide_fields, decide, &done_model,
      ROUTE_IF_MATCH | ROUTE_STEP_UP, .form_handler = show_decide,
      .summary = N_("Decides an outlet's annual review, or corrects that by a new decision.") },
    { "GET", "/desk/outlets/{no}/review", OUTLET(CAP_ANSWER), page_fields, show_answer,
      &answer_model, .outlet_of = register_outlet_of_no,
      .summary = N_("One's own outlet's annual review with the form of its self-check.") },
    { "POST", "/outlets/{no}/review", OUTLET(CAP_ANSWER), answer_fields, answer, &done_model,
      ROUTE_IF_MATCH, .outlet_of = register_outlet_of_no, .form_handler = show_answer,
      .summary = N_("Sends an outlet's self-check.") },
    { 0 },
};
