/* features/manuscript/manuscript_review_model.c - what pages say of the check of a story: steps, persons, times, remarks. */
#include "features/identity/identity.h"
#include "features/manuscript/manuscript_pages.h"
#include "view/catalogue.h"

enum { MINUTE_MS = 60000 };

static Json *text(Ctx *ctx, Str value) {
    return json_str(ctx->arena, value);
}

static Json *format(Ctx *ctx, const char *msgid, int64_t a, int64_t b) {
    Str args[2] = { str_from_int(ctx->arena, a), str_from_int(ctx->arena, b) };

    return text(ctx, catalogue_format(ctx->arena, catalogue_of(ctx->lang), msgid, args));
}

/* A length of time for people, its two largest units. */
static Json *length(Ctx *ctx, int64_t ms) {
    int64_t seconds = ms / 1000, minutes = seconds / 60, hours = minutes / 60;

    if (minutes == 0)
        return format(ctx, N_("{0} s"), seconds, 0);
    if (hours == 0)
        return format(ctx, N_("{0} min {1} s"), minutes, seconds % 60);
    if (hours < 48)
        return format(ctx, N_("{0} h {1} min"), hours, minutes % 60);
    return format(ctx, N_("{0} d {1} h"), hours / 24, hours % 24);
}

const char *manuscript_flow_text(const Flow *flow) {
    if (str_eq(flow->name, S("two-person")))
        return N_("Two persons");
    if (str_eq(flow->name, S("flash")))
        return flow->proofs == 1 ? N_("Flash: three reviews, one proof")
                                 : N_("Flash: three reviews, three proofs");
    return flow->proofs == 1 ? N_("Three reviews, one proof") : N_("Three reviews, three proofs");
}

static const char *outcome_text(const Decision *d) {
    if (str_eq(d->outcome, S("pass")))
        return N_("passed");
    if (str_eq(d->outcome, S("return")))
        return N_("sent back for changes");
    return str_eq(d->outcome, S("reserve")) ? N_("kept for another day") : N_("rejected");
}

/* Who, in which order of the decisions: one statement. */
static Err names_of(Ctx *ctx, const Review *review, Str **ret) {
    int64_t *ids = arena_array(ctx->arena, review->len + 1, sizeof(int64_t));
    Str *names = arena_array(ctx->arena, review->len + 1, sizeof(Str));

    for (size_t i = 0; i < review->len; i++)
        ids[i] = review->decisions[i].person_id;
    if (review->len)
        TRY(person_names(ctx, ids, review->len, names));
    *ret = names;
    return OK;
}

static Err step_model(Ctx *ctx, const Site *site, const ReviewText *at, const Decision *d, Str name,
                      Json *out) {
    Json *opened, *decided;

    TRY(manuscript_time(ctx, site, d ? d->opened_ms : 0, &opened));
    TRY(manuscript_time(ctx, site, d ? d->decided_ms : 0, &decided));
    json_set(out, "is_done", json_bool(ctx->arena, d != NULL));
    json_set(out, "person", text(ctx, name));
    json_set(out, "role", text(ctx, d ? d->role : STR_EMPTY));
    json_set(out, "opened", opened);
    json_set(out, "decided", decided);
    json_set(out, "spent", d ? length(ctx, d->decided_ms - d->opened_ms) : text(ctx, STR_EMPTY));
    json_set(out, "comments", json_int(ctx->arena, d ? d->comments : 0));
    json_set(out, "is_by_link", json_bool(ctx->arena, d && d->link_by));
    json_set(out, "is_earlier", json_bool(ctx->arena, d && !str_eq(d->hash, at->hash)));
    return OK;
}

/* What all the steps that count come to. */
typedef struct Total {
    int64_t counted, people, first_ms, last_ms;
    int64_t seen[STEP_COUNT];
} Total;

static void add_to_total(Total *total, const Decision *d) {
    bool is_new = true;

    for (int64_t i = 0; i < total->people; i++)
        is_new = is_new && total->seen[i] != d->person_id;
    if (is_new)
        total->seen[total->people++] = d->person_id;
    if (!total->counted || d->opened_ms < total->first_ms)
        total->first_ms = d->opened_ms;
    if (d->decided_ms > total->last_ms)
        total->last_ms = d->decided_ms;
    total->counted++;
}

static Err put_steps(Ctx *ctx, const Site *site, const Review *review, const ReviewText *at,
                     const Str *names, Total *total, Json *out) {
    ReviewStep now = review_at_hand(review, at);
    Json *steps = json_arr(ctx->arena);

    for (int step = 0; step < STEP_COUNT; step++) {
        const Decision *d = review_pass(review, at, (ReviewStep)step);
        Json *item = json_obj(ctx->arena);
        if (!review_has_step(&review->flow, (ReviewStep)step))
            continue;
        if (d)
            add_to_total(total, d);
        json_set(item, "step", text(ctx, review_step_name((ReviewStep)step)));
        json_set(item, "title", manuscript_words(ctx, review_step_title((ReviewStep)step)));
        json_set(item, "is_now", json_bool(ctx->arena, step == (int)now));
        TRY(step_model(ctx, site, at, d, d ? names[d - review->decisions] : STR_EMPTY, item));
        json_push(steps, item);
    }
    json_set(out, "steps", steps);
    json_set(out, "step", text(ctx, review_step_name(now)));
    json_set(out, "step_title", manuscript_words(ctx, review_step_title(now)));
    json_set(out, "is_complete", json_bool(ctx->arena, now == STEP_COUNT));
    return OK;
}

static Err put_history(Ctx *ctx, const Site *site, const Review *review, const ReviewText *at,
                       const Str *names, Json *out) {
    Json *history = json_arr(ctx->arena), *decided;

    for (size_t i = 0; i < review->len; i++) {
        const Decision *d = &review->decisions[i];
        ReviewStep step = review_step_of(d->step);
        Json *item = json_obj(ctx->arena);
        TRY(manuscript_time(ctx, site, d->decided_ms, &decided));
        json_set(item, "title", manuscript_words(ctx, review_step_title(step)));
        json_set(item, "person", text(ctx, names[i]));
        json_set(item, "role", text(ctx, d->role));
        json_set(item, "outcome_text", manuscript_words(ctx, outcome_text(d)));
        json_set(item, "reason", text(ctx, d->reason));
        json_set(item, "decided", decided);
        json_set(item, "counts", json_bool(ctx->arena, review_pass(review, at, step) == d));
        json_push(history, item);
    }
    json_set(out, "history", history);
    return OK;
}

static Err review_model(Ctx *ctx, const Site *site, const Review *review, const ReviewText *at,
                        Json **ret) {
    Json *out = json_obj(ctx->arena), *due;
    Total total = { 0 };
    Str *names;

    TRY(names_of(ctx, review, &names));
    TRY(put_steps(ctx, site, review, at, names, &total, out));
    TRY(put_history(ctx, site, review, at, names, out));
    TRY(manuscript_time(ctx, site, review->due_ms, &due));
    bool is_owed = review->due_ms && !review->done_ms;
    json_set(out, "flow", text(ctx, review->flow.name));
    json_set(out, "flow_text", manuscript_words(ctx, manuscript_flow_text(&review->flow)));
    json_set(out, "is_owed", json_bool(ctx->arena, is_owed));
    json_set(out, "is_overdue", json_bool(ctx->arena, is_owed && review->due_ms < ctx->now_ms));
    json_set(out, "due", due);
    json_set(out, "counted", json_int(ctx->arena, total.counted));
    json_set(out, "people", json_int(ctx->arena, total.people));
    json_set(out, "spent", length(ctx, total.last_ms - total.first_ms));
    json_set(
        out, "is_hasty",
        json_bool(ctx->arena, total.counted > 1 && total.last_ms - total.first_ms < MINUTE_MS));
    *ret = out;
    return OK;
}

static Err put_review(Ctx *ctx, const Site *site, const Manuscript *m, const ManuscriptVersion *v,
                      Review *review, bool *ret_found, Json *model) {
    ReviewText at = manuscript_review_text(m, v);
    Json *out = json_null(ctx->arena);

    TRY(manuscript_review_get(ctx, m->id, v->n, review, ret_found));
    if (*ret_found)
        TRY(review_model(ctx, site, review, &at, &out));
    json_set(model, "review", out);
    return OK;
}

Err manuscript_put_review(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v, Json *model) {
    bool is_found;
    Review review;
    Site site;

    TRY(site_get(ctx, &site));
    return put_review(ctx, &site, m, v, &review, &is_found, model);
}

/* ---- the desk ---- */

static Err put_comments(Ctx *ctx, const Site *site, int64_t id, Json *model) {
    Json *out = json_arr(ctx->arena), *at, *closed;
    int64_t open = 0;
    CommentList list;

    TRY(manuscript_comments(ctx, id, &list));
    int64_t *ids = arena_array(ctx->arena, 2 * list.len + 1, sizeof(int64_t));
    Str *names = arena_array(ctx->arena, 2 * list.len + 1, sizeof(Str));
    for (size_t i = 0; i < list.len; i++) {
        ids[2 * i] = list.items[i].person_id;
        ids[2 * i + 1] = list.items[i].closed_by;
    }
    if (list.len)
        TRY(person_names(ctx, ids, 2 * list.len, names));
    for (size_t i = 0; i < list.len; i++) {
        const Comment *c = &list.items[i];
        Json *item = json_obj(ctx->arena);
        TRY(manuscript_time(ctx, site, c->made_ms, &at));
        TRY(manuscript_time(ctx, site, c->closed_ms, &closed));
        json_set(item, "id", json_id(ctx->arena, c->id));
        json_set(item, "quote", text(ctx, c->quote));
        json_set(item, "body", text(ctx, c->body));
        json_set(item, "person", text(ctx, names[2 * i]));
        json_set(item, "at", at);
        json_set(item, "is_open", json_bool(ctx->arena, c->closed_ms == 0));
        json_set(item, "closed_by", text(ctx, names[2 * i + 1]));
        json_set(item, "closed", closed);
        json_set(item, "url",
                 text(ctx, str_format(ctx->arena, "/articles/%lld/comments/%lld/close",
                                      (long long)id, (long long)c->id)));
        json_push(out, item);
        open += c->closed_ms == 0;
    }
    json_set(model, "comments", out);
    json_set(model, "comment_count", json_int(ctx->arena, open));
    return OK;
}

Json *manuscript_checks(Ctx *ctx, ReviewStep step) {
    const char *const *checks = review_checks(step);
    Json *out = json_arr(ctx->arena);

    for (size_t i = 0; step < STEP_COUNT && i < CHECKS; i++) {
        Json *item = json_obj(ctx->arena);
        json_set(item, "name", text(ctx, str_format(ctx->arena, "check%zu", i + 1)));
        json_set(item, "text", manuscript_words(ctx, checks[i]));
        json_push(out, item);
    }
    return out;
}

static Json *decide_model(Ctx *ctx, const Manuscript *m, ReviewStep step) {
    Json *out = json_obj(ctx->arena);
    bool is_shown = m->published_n > 0, is_review = step <= STEP_REVIEW3;

    json_set(out, "step", text(ctx, review_step_name(step)));
    json_set(out, "title", manuscript_words(ctx, review_step_title(step)));
    json_set(out, "is_proof", json_bool(ctx->arena, !is_review));
    json_set(out, "may_reserve",
             json_bool(ctx->arena,
                       step == STEP_REVIEW3 && !is_shown && str_eq(m->state, S("submitted"))));
    json_set(out, "may_reject", json_bool(ctx->arena, is_review && !is_shown));
    json_set(out, "checks", manuscript_checks(ctx, step));
    return out;
}

/* A review that is at hand, or the release when nothing is. */
static Str link_step(const Manuscript *m, const Review *review, const ReviewText *at) {
    bool may_go = review_may_go_out(review, at);

    if (str_ends(m->state, S("submitted")) && may_go)
        return S("release");
    return review_step_of(m->step) <= STEP_REVIEW3 ? m->step : STR_EMPTY;
}

Err manuscript_put_decide(Ctx *ctx, const Site *site, const Manuscript *m,
                          const ManuscriptVersion *v, Json *model) {
    ReviewText at = manuscript_review_text(m, v);
    Json *decide = json_null(ctx->arena), *refusal = text(ctx, STR_EMPTY);
    bool is_found, may;
    Review review;
    Str role;

    TRY(put_review(ctx, site, m, v, &review, &is_found, model));
    TRY(put_comments(ctx, site, m->id, model));
    if (is_found && m->step.len) {
        ReviewStep step = review_at_hand(&review, &at);
        const char *objection = review_objection(&review, &at, step, ctx->person_id);
        TRY(manuscript_has_step_role(ctx, m->outlet_id, step, &may, &role));
        TRY(manuscript_open(ctx, m, &review, &at));
        if (may && objection)
            refusal = manuscript_words(ctx, objection);
        else if (may)
            decide = decide_model(ctx, m, step);
    }
    json_set(model, "decide", decide);
    json_set(model, "link_step", text(ctx, is_found ? link_step(m, &review, &at) : STR_EMPTY));
    json_set(model, "step_refusal", refusal);
    return OK;
}
