/* features/manuscript/manuscript_review.c - the check of a story in steps, each signed by another person. */
#include <assert.h>

#include "base/id.h"
#include "base/utf8.h"
#include "db/db.h"
#include "features/identity/identity.h"
#include "features/manuscript/manuscript_review.h"
#include "features/manuscript/manuscript_service.h"
#include "features/manuscript/manuscript_store.h"
#include "features/manuscript/manuscript_text.h"
#include "features/register/register.h"
#include "ledger/ledger.h"
#include "view/catalogue.h"

/* ---- how an outlet checks ---- */

static bool is_one_of(Str word, const Str *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (str_eq(word, words[i]))
            return true;
    return false;
}

static Err check_flow(const Flow *flow) {
    static const Str names[] = { S_INIT("two-person"), S_INIT("three-review"), S_INIT("flash") };

    if (flow->kind.len && !manuscript_is_kind(flow->kind))
        return FAIL(ERR_INVALID, "kind", N_("Choose the kind of story."));
    if (flow->name.len ? !is_one_of(flow->name, names, COUNT_OF(names)) : !flow->kind.len)
        return FAIL(ERR_INVALID, "flow", N_("Choose how stories are checked."));
    if (str_eq(flow->name, S("flash")) && !str_eq(flow->kind, S("快讯")))
        return FAIL(ERR_INVALID, "flow", N_("Only flashes may go out before all steps are done."));
    if (flow->proofs != 1 && flow->proofs != 3)
        return FAIL(ERR_INVALID, "proofs", N_("There are three proofs, or one."));
    return OK;
}

static const Flow *flow_of_kind(const FlowList *list, Str kind) {
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->items[i].kind, kind))
            return &list->items[i];
    return NULL;
}

static Json *flow_model(Ctx *ctx, const Flow *flow) {
    Json *out = json_obj(ctx->arena);

    json_set(out, "flow", json_str(ctx->arena, flow->name));
    json_set(out, "proofs", json_int(ctx->arena, flow->proofs));
    json_set(out, "keeps_early", json_bool(ctx->arena, flow->keeps_early));
    return out;
}

static bool is_same(const Flow *a, const Flow *b) {
    return str_eq(a->name, b->name) && a->proofs == b->proofs && a->keeps_early == b->keeps_early;
}

Err manuscript_flow_set(Ctx *ctx, int64_t outlet_id, const Flow *flow) {
    Json *sealed = json_obj(ctx->arena);
    FlowList list;
    Outlet outlet;
    DB_TX(tx);

    TRY(check_flow(flow));
    TRY(db_begin(ctx, &tx));
    TRY(outlet_get(ctx, outlet_id, &outlet));
    TRY(manuscript_store_flows(ctx, outlet_id, &list));
    const Flow *before = flow_of_kind(&list, flow->kind);
    if (before ? is_same(before, flow) : !flow->name.len)
        return OK;
    if (flow->name.len)
        TRY(manuscript_store_flow_put(ctx, outlet_id, flow));
    else
        TRY(manuscript_store_flow_delete(ctx, outlet_id, flow->kind));
    json_set(sealed, "outlet", json_str(ctx->arena, outlet.no));
    json_set(sealed, "kind", json_str(ctx->arena, flow->kind));
    json_set(sealed, "now", flow->name.len ? flow_model(ctx, flow) : json_null(ctx->arena));
    json_set(sealed, "before", before ? flow_model(ctx, before) : json_null(ctx->arena));
    TRY(ledger_append(ctx, "manuscript.flow_set", outlet_id, sealed));
    return db_commit(&tx);
}

Err manuscript_flows(Ctx *ctx, int64_t outlet_id, FlowList *ret) {
    return manuscript_store_flows(ctx, outlet_id, ret);
}

/* What has no way of its own goes the outlet's; where that is 三审三校, a flash that was never shown may go out first. */
static Flow flow_for(const FlowList *list, const Manuscript *m, Str kind) {
    const Flow *own = flow_of_kind(list, kind), *all = flow_of_kind(list, STR_EMPTY);
    Flow flow = own ? *own : all ? *all : (Flow){ .name = S("two-person"), .proofs = 3 };

    if (!own && str_eq(flow.name, S("three-review")) && str_eq(kind, S("快讯")))
        flow.name = S("flash");
    if (m->published_n && str_eq(flow.name, S("flash")))
        flow.name = S("three-review");
    return flow;
}

/* ---- what submitting and releasing ask ---- */

ReviewText manuscript_review_text(const Manuscript *m, const ManuscriptVersion *v) {
    return (
        ReviewText){ .n = v->n, .hash = v->hash, .author_id = m->author_id, .made_by = v->made_by };
}

Err manuscript_review_get(Ctx *ctx, int64_t id, int64_t n, Review *ret, bool *ret_found) {
    Review review;
    bool is_found;

    TRY(manuscript_store_review_get(ctx, id, n, &review, &is_found));
    if (is_found)
        TRY(manuscript_store_decisions(ctx, &review));
    *ret = review;
    *ret_found = is_found;
    return OK;
}

Err manuscript_begin_review(Ctx *ctx, Manuscript *m, const ManuscriptVersion *v) {
    ReviewText text = manuscript_review_text(m, v);
    Review review = {
        .manuscript_id = m->id, .n = v->n, .outlet_id = m->outlet_id, .submitted_ms = ctx->now_ms
    };
    FlowList flows;

    assert(db_is_open(ctx));
    TRY(manuscript_store_flows(ctx, m->outlet_id, &flows));
    review.flow = flow_for(&flows, m, v->kind);
    m->step = STR_EMPTY;
    if (!m->published_n)
        m->profile = review.flow.name;
    if (str_eq(review.flow.name, S("two-person")))
        return manuscript_store_review_delete(ctx, m->id, v->n);
    TRY(manuscript_store_decisions(ctx, &review));
    if (review.len + STEP_COUNT > DECISIONS_MAX)
        return FAIL_ARGS(ERR_LIMIT, NULL,
                         N_("This version was decided {0} times: file a new story."),
                         str_from_int(ctx->arena, (int64_t)review.len));
    m->step = review_step_name(review_at_hand(&review, &text));
    return manuscript_store_review_put(ctx, &review);
}

/* The name of a step in the reader's language. */
static Str title_of(const Ctx *ctx, ReviewStep step) {
    return catalogue_text(catalogue_of(ctx->lang), str_from_c(review_step_title(step)));
}

/* Whoever signs may do the last step that must come before: 终审, or 复审 for a flash. */
static Err check_signer(Ctx *ctx, const Review *review) {
    bool is_flash = str_eq(review->flow.name, S("flash")), may;
    Str role;

    TRY(manuscript_has_step_role(ctx, review->outlet_id, is_flash ? STEP_REVIEW2 : STEP_REVIEW3,
                                 &may, &role));
    if (!may)
        return FAIL(ERR_FORBIDDEN, NULL,
                    N_("A checked story is signed by who may do its last review."));
    ctx->role = role;
    return OK;
}

Err manuscript_check_reviewed(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v,
                              Review *ret, bool *ret_found) {
    ReviewText text = manuscript_review_text(m, v);
    Review review;
    bool is_found;

    TRY(manuscript_review_get(ctx, m->id, v->n, &review, &is_found));
    if (is_found && !review_may_go_out(&review, &text))
        return FAIL_ARGS(ERR_CONFLICT, "state", N_("This text lacks a step of its check: {0}."),
                         title_of(ctx, review_at_hand(&review, &text)));
    if (is_found && ctx->actor == ACTOR_PERSON)
        TRY(check_signer(ctx, &review));
    *ret = review;
    *ret_found = is_found;
    return OK;
}

Err manuscript_note_release(Ctx *ctx, Manuscript *m, const ManuscriptVersion *v,
                            const Review *review) {
    ReviewText text = manuscript_review_text(m, v);
    ReviewStep step = review_at_hand(review, &text);

    m->profile = review->flow.name;
    m->step = review_step_name(step);
    if (step == STEP_COUNT)
        return manuscript_store_review_done(ctx, m->id);
    return manuscript_store_review_due(ctx, m->id, v->n, ctx->now_ms + FLASH_VALID_MS);
}

Err manuscript_review_model(Ctx *ctx, const Review *review, const ReviewText *text, Json **ret) {
    Json *out = flow_model(ctx, &review->flow), *steps = json_arr(ctx->arena);
    int64_t ids[STEP_COUNT];
    Str names[STEP_COUNT];
    size_t len = 0;

    for (int step = 0; step < STEP_COUNT; step++) {
        const Decision *d = review_pass(review, text, (ReviewStep)step);
        Json *item = json_obj(ctx->arena);
        if (!d)
            continue;
        ids[len++] = d->person_id;
        json_set(item, "step", json_str(ctx->arena, d->step));
        json_set(item, "id", json_id(ctx->arena, d->person_id));
        json_set(item, "role", json_str(ctx->arena, d->role));
        json_set(item, "hash", json_str(ctx->arena, d->hash));
        json_set(item, "decided", json_int(ctx->arena, d->decided_ms));
        json_push(steps, item);
    }
    TRY(person_names(ctx, ids, len, names));
    for (size_t i = 0; i < len; i++)
        json_set(steps->array.items[i], "name", json_str(ctx->arena, names[i]));
    json_set(out, "steps", steps);
    *ret = out;
    return OK;
}

/* ---- deciding ---- */

static Cap cap_of(ReviewStep step) {
    static const Cap caps[STEP_COUNT] = { CAP_REVIEW_FIRST, CAP_REVIEW_SECOND, CAP_REVIEW_FINAL,
                                          CAP_PROOFREAD,    CAP_PROOFREAD,     CAP_PROOFREAD };
    return caps[step];
}

Err manuscript_has_step_role(Ctx *ctx, int64_t outlet_id, ReviewStep step, bool *ret,
                             Str *ret_role) {
    return identity_may(ctx, cap_of(step), outlet_id, ret, ret_role);
}

/* A story whose step is at hand, with the text against which it is decided. */
typedef struct Case {
    Manuscript m;
    ManuscriptVersion v;
    ReviewText text;
    Review review;
    ReviewStep step;
} Case;

static Err read_case(Ctx *ctx, int64_t id, int64_t version, Case *c) {
    bool is_found;

    TRY(manuscript_read_own(ctx, id, version, &c->m));
    TRY(manuscript_store_version_get(ctx, id, c->m.working_n, &c->v, &is_found));
    if (!is_found)
        return FAIL(ERR_IO, NULL, N_("The stored version is damaged; restore a backup."));
    TRY(manuscript_review_get(ctx, id, c->v.n, &c->review, &is_found));
    if (!is_found)
        return FAIL(ERR_CONFLICT, "state",
                    N_("This story is checked by two persons: it has no steps."));
    c->text = manuscript_review_text(&c->m, &c->v);
    c->step = review_at_hand(&c->review, &c->text);
    if (c->step == STEP_COUNT)
        return FAIL(ERR_CONFLICT, "state", N_("Every step of this story's check is done."));
    return OK;
}

static Err check_mine(Ctx *ctx, const Case *c) {
    const char *objection = review_objection(&c->review, &c->text, c->step, ctx->person_id);
    bool may;
    Str role;

    TRY(manuscript_has_step_role(ctx, c->m.outlet_id, c->step, &may, &role));
    if (!may)
        return FAIL_ARGS(ERR_FORBIDDEN, NULL, N_("Your roles here do not include this step: {0}."),
                         title_of(ctx, c->step));
    if (objection)
        return FAIL(ERR_FORBIDDEN, NULL, objection);
    ctx->role = role;
    return OK;
}

static Err check_outcome(Ctx *ctx, const Case *c, const Deciding *how) {
    bool is_pass = str_eq(how->outcome, S("pass")), has_all = true,
         is_shown = str_eq(c->m.state, S("published"));

    if (!is_pass && !str_eq(how->outcome, S("return")) &&
        !(str_eq(how->outcome, S("reserve")) && c->step == STEP_REVIEW3) &&
        !(str_eq(how->outcome, S("reject")) && c->step <= STEP_REVIEW3))
        return FAIL(ERR_INVALID, "outcome", N_("This step does not end like that."));
    if (is_shown && !is_pass && !str_eq(how->outcome, S("return")))
        return FAIL(ERR_INVALID, "outcome",
                    N_("The story is published: pass this step, or say what must be changed."));
    for (size_t i = 0; i < CHECKS; i++)
        has_all = has_all && how->checks[i];
    if (is_pass && !has_all)
        return FAIL(ERR_INVALID, "check1", N_("Tick each point, for you sign that you looked."));
    return is_pass ? OK : manuscript_check_reason(ctx, how->reason);
}

static Act act_of(const Case *c, Str outcome) {
    if (str_eq(outcome, S("reject")))
        return ACT_REJECT;
    if (str_eq(outcome, S("reserve")))
        return ACT_RESERVE;
    return str_eq(outcome, S("return")) && !str_eq(c->m.state, S("published")) ? ACT_RETURN
                                                                               : ACT_DECIDE;
}

static Err seal_decision(Ctx *ctx, const Case *c, Decision *d) {
    Json *sealed = manuscript_sealed(ctx, &c->m, &c->v), *remarks = json_arr(ctx->arena);
    CommentList list;

    TRY(manuscript_store_comments(ctx, c->m.id, &list));
    for (size_t i = list.len; i-- > 0;) {
        const Comment *one = &list.items[i];
        Json *remark = json_obj(ctx->arena);
        if (one->person_id != d->person_id || !str_eq(one->hash, d->hash))
            continue;
        json_set(remark, "quote", json_str(ctx->arena, one->quote));
        json_set(remark, "body", json_str(ctx->arena, one->body));
        json_push(remarks, remark);
        d->comments++;
    }
    json_set(sealed, "step", json_str(ctx->arena, d->step));
    json_set(sealed, "outcome", json_str(ctx->arena, d->outcome));
    json_set(sealed, "opened", json_int(ctx->arena, d->opened_ms));
    json_set(sealed, "decided", json_int(ctx->arena, d->decided_ms));
    json_set(sealed, "reason", json_str(ctx->arena, d->reason));
    json_set(sealed, "comments", remarks);
    if (d->link_by)
        json_set(sealed, "link_by", json_id(ctx->arena, d->link_by));
    return ledger_append(ctx, "manuscript.reviewed", c->m.id, sealed);
}

/* The story as this decision leaves it. */
static void apply(Ctx *ctx, Case *c, const Decision *d) {
    Decision *list = arena_array(ctx->arena, c->review.len + 1, sizeof(Decision));

    for (size_t i = 0; i < c->review.len; i++)
        list[i] = c->review.decisions[i];
    list[c->review.len++] = *d;
    c->review.decisions = list;
    bool is_open = !str_eq(d->outcome, S("reject")) &&
                   (!str_eq(d->outcome, S("return")) || str_eq(c->m.state, S("published")));
    c->m.step = is_open ? review_step_name(review_at_hand(&c->review, &c->text)) : STR_EMPTY;
    if (str_eq(d->outcome, S("return")) && !is_open) {
        c->m.returned_reason = d->reason;
        c->m.returned_by = d->person_id;
        c->m.returned_ms = ctx->now_ms;
    }
}

Err manuscript_decide_case(Ctx *ctx, int64_t id, int64_t version, const Deciding *how,
                           int64_t link_by, Manuscript *ret) {
    Decision d = { .id = id_next(ctx),
                   .step = how->step,
                   .outcome = how->outcome,
                   .person_id = ctx->person_id,
                   .decided_ms = ctx->now_ms,
                   .reason = str_trim(how->reason),
                   .link_by = link_by };
    Case c;

    assert(db_is_open(ctx));
    TRY(read_case(ctx, id, version, &c));
    if (!str_eq(how->step, review_step_name(c.step)))
        return FAIL_ARGS(ERR_CONFLICT, "step",
                         N_("Another step is at hand now: {0}. Look at the story again."),
                         title_of(ctx, c.step));
    TRY(check_mine(ctx, &c));
    TRY(check_outcome(ctx, &c, how));
    TRY(manuscript_check_act(ctx, &c.m, act_of(&c, how->outcome), &c.m.state));
    TRY(manuscript_store_opened_get(ctx, id, c.v.hash, &d.opened_ms));
    if (!d.opened_ms)
        return FAIL(ERR_CONFLICT, "opened",
                    N_("This text was not before you: open the story, read it, then decide."));
    d.n = c.v.n;
    d.hash = c.v.hash;
    d.role = ctx->role;
    apply(ctx, &c, &d);
    TRY(manuscript_save(ctx, &c.m));
    TRY(seal_decision(ctx, &c, &d));
    TRY(manuscript_store_decision_put(ctx, &c.review, &d));
    if (str_eq(c.m.state, S("published"))) {
        if (!c.m.step.len)
            TRY(manuscript_store_review_done(ctx, id));
        TRY(manuscript_emit(ctx, &c.m, "manuscript.reviewed", false));
    }
    *ret = c.m;
    return OK;
}

Err manuscript_decide(Ctx *ctx, int64_t id, int64_t version, const Deciding *how, Manuscript *ret) {
    Manuscript m;
    DB_TX(tx);

    TRY(manuscript_require_person(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(manuscript_decide_case(ctx, id, version, how, 0, &m));
    TRY(db_commit(&tx));
    *ret = m;
    return OK;
}

Err manuscript_open(Ctx *ctx, const Manuscript *m, const Review *review, const ReviewText *text) {
    ReviewStep step = review_at_hand(review, text);
    bool may;
    Str role;
    DB_TX(tx);

    if (ctx->actor != ACTOR_PERSON || !m->step.len || step == STEP_COUNT ||
        review_objection(review, text, step, ctx->person_id))
        return OK;
    TRY(manuscript_has_step_role(ctx, m->outlet_id, step, &may, &role));
    if (!may)
        return OK;
    int64_t opened_ms;
    TRY(manuscript_store_opened_get(ctx, m->id, text->hash, &opened_ms));
    if (opened_ms)
        return OK;
    TRY(db_begin(ctx, &tx));
    TRY(manuscript_store_opened_put(ctx, m->id, text->hash));
    return db_commit(&tx);
}

/* ---- remarks ---- */

static Err check_remark(Ctx *ctx, const ManuscriptVersion *v, Str quote, Str body) {
    size_t chars;

    if (!utf8_count(body, &chars) || utf8_has_control(body) || !str_trim(body).len)
        return FAIL(ERR_INVALID, "body", N_("Say what you remark."));
    if (chars > COMMENT_CHARS_MAX)
        return FAIL_ARGS(ERR_LIMIT, "body", N_("At most {0} characters."),
                         str_from_int(ctx->arena, COMMENT_CHARS_MAX));
    if (!utf8_count(quote, &chars) || utf8_has_control(quote))
        return FAIL(ERR_INVALID, "quote",
                    N_("The text is not valid UTF-8, or holds control characters."));
    if (chars > QUOTE_CHARS_MAX)
        return FAIL_ARGS(ERR_LIMIT, "quote", N_("At most {0} characters."),
                         str_from_int(ctx->arena, QUOTE_CHARS_MAX));
    if (quote.len && !str_contains(v->title, quote) && !str_contains(v->summary, quote) &&
        !str_contains(v->text, quote))
        return FAIL(ERR_INVALID, "quote",
                    N_("The text does not hold these words: copy them from it."));
    return OK;
}

Err manuscript_comment(Ctx *ctx, int64_t id, Str quote, Str body, int64_t *ret_id) {
    Comment c = { .id = id_next(ctx),
                  .manuscript_id = id,
                  .person_id = ctx->person_id,
                  .quote = str_trim(quote),
                  .body = str_trim(body),
                  .made_ms = ctx->now_ms };
    ManuscriptVersion v;
    CommentList list;
    Manuscript m;
    size_t open = 0;
    DB_TX(tx);

    TRY(manuscript_require_person(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(manuscript_get(ctx, id, &m));
    if (m.outlet_id != ctx->outlet_id)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such story."));
    TRY(manuscript_version(ctx, id, m.working_n, &v));
    TRY(check_remark(ctx, &v, c.quote, body));
    TRY(manuscript_store_comments(ctx, id, &list));
    for (size_t i = 0; i < list.len; i++)
        open += list.items[i].closed_ms == 0;
    if (open >= COMMENTS_MAX || list.len >= 2 * COMMENTS_MAX)
        return FAIL(ERR_LIMIT, NULL, N_("This story has too many remarks: settle some first."));
    c.n = v.n;
    c.hash = v.hash;
    TRY(manuscript_store_comment_put(ctx, m.outlet_id, &c));
    TRY(db_commit(&tx));
    *ret_id = c.id;
    return OK;
}

Err manuscript_comment_close(Ctx *ctx, int64_t id, int64_t comment_id) {
    int64_t changed = 0;
    Manuscript m;
    DB_TX(tx);

    TRY(manuscript_require_person(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(manuscript_get(ctx, id, &m));
    if (m.outlet_id == ctx->outlet_id)
        TRY(manuscript_store_comment_close(ctx, id, comment_id, &changed));
    if (!changed)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such remark."));
    return db_commit(&tx);
}

/* ---- reading ---- */

Err manuscript_comments(Ctx *ctx, int64_t id, CommentList *ret) {
    return manuscript_store_comments(ctx, id, ret);
}

static bool holds(const RightList *rights, Str capability, int64_t outlet_id) {
    for (size_t i = 0; i < rights->len; i++)
        if (str_eq(rights->items[i].capability, capability) &&
            (rights->items[i].outlet_id == 0 || rights->items[i].outlet_id == outlet_id))
            return true;
    return false;
}

Err manuscript_list_my_steps(Ctx *ctx, int limit, ManuscriptList *ret) {
    static const Str capabilities[STEP_COUNT] = {
        S_INIT("review_first"), S_INIT("review_second"), S_INIT("review_final"),
        S_INIT("proofread"),    S_INIT("proofread"),     S_INIT("proofread"),
    };
    ManuscriptList all,
        mine = { .items = arena_array(ctx->arena, (size_t)limit, sizeof(Manuscript)) };
    RightList rights;

    assert(limit >= 1 && limit <= 100);
    TRY(identity_rights(ctx, &rights));
    TRY(manuscript_store_waiting_steps(ctx, &all));
    for (size_t i = 0; i < all.len && mine.len < (size_t)limit; i++) {
        const Manuscript *m = &all.items[i];
        ReviewStep step = review_step_of(m->step);
        if (step < STEP_COUNT && holds(&rights, capabilities[step], m->outlet_id))
            mine.items[mine.len++] = *m;
    }
    *ret = mine;
    return OK;
}

Err manuscript_reviews_overdue(Ctx *ctx, int64_t *ret) {
    return manuscript_store_reviews_overdue(ctx, ret);
}
