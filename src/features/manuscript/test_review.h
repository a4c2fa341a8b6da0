/* test_review.h - what tests of the check in steps share: a newsroom of eight under 三审三校. */
#ifndef FEATURES_MANUSCRIPT_TEST_REVIEW_H
#define FEATURES_MANUSCRIPT_TEST_REVIEW_H

#include "features/manuscript/manuscript_review.h"
#include "features/manuscript/test_newsroom.h"

/* ann writes; ben is 责任编辑; dan 部门主任, fay 分管领导, gus 总编; hal and ivy 校对员. */
typedef struct Desk {
    Newsroom n;
    Person dan, fay, gus, hal, ivy;
} Desk;

static inline void desk_flow(Desk *d, const char *kind, const char *name, int64_t proofs,
                             bool keeps_early) {
    Flow flow = { .kind = str_from_c(kind),
                  .name = str_from_c(name),
                  .proofs = proofs,
                  .keeps_early = keeps_early };

    as_operator(d->n.ctx);
    OK_(manuscript_flow_set(d->n.ctx, d->n.paper.id, &flow));
    as(d->n.ctx, &d->n.ann, &d->n.paper);
}

static inline Desk desk_new(void) {
    Desk d = { .n = newsroom_new() };
    Ctx *ctx = d.n.ctx;

    as_operator(ctx);
    d.dan = news_person(ctx, "dan", "丹青");
    d.fay = news_person(ctx, "fay", "费源");
    d.gus = news_person(ctx, "gus", "顾思");
    d.hal = news_person(ctx, "hal", "何岚");
    d.ivy = news_person(ctx, "ivy", "尹薇");
    news_grant(ctx, &d.dan, S("部门主任"), &d.n.paper);
    news_grant(ctx, &d.fay, S("分管领导"), &d.n.paper);
    news_grant(ctx, &d.gus, S("总编"), &d.n.paper);
    news_grant(ctx, &d.hal, S("校对员"), &d.n.paper);
    news_grant(ctx, &d.ivy, S("校对员"), &d.n.paper);
    desk_flow(&d, "", "three-review", 3, false);
    return d;
}

static inline Deciding deciding(const char *step, const char *outcome) {
    return (Deciding){ .step = str_from_c(step),
                       .outcome = str_from_c(outcome),
                       .reason = strcmp(outcome, "pass") ? S("第二段缺来源。") : STR_EMPTY,
                       .checks = { true, true, true, true } };
}

/* As a person does: opens the story's page, then decides. */
static inline Err desk_decide(Desk *d, const Person *person, Manuscript *m, const char *step,
                              const char *outcome) {
    Ctx *ctx = d->n.ctx;
    Deciding how = deciding(step, outcome);
    ManuscriptVersion v;
    Review review;
    bool is_found;

    as(ctx, person, &d->n.paper);
    TRY(manuscript_version(ctx, m->id, m->working_n, &v));
    TRY(manuscript_review_get(ctx, m->id, v.n, &review, &is_found));
    if (is_found) {
        ReviewText text = manuscript_review_text(m, &v);
        TRY(manuscript_open(ctx, m, &review, &text));
    }
    return manuscript_decide(ctx, m->id, m->version, &how, m);
}

/* ann's story before its first reader. */
static inline Manuscript desk_submitted(Desk *d, const char *kind, const char *title) {
    Filing filing = news_filing(title, "第一段。\n\n第二段。");
    Manuscript m;

    filing.kind = str_from_c(kind);
    as(d->n.ctx, &d->n.ann, &d->n.paper);
    OK_(manuscript_file(d->n.ctx, &filing, &m));
    OK_(manuscript_submit(d->n.ctx, m.id, m.version, &m));
    return m;
}

/* Passed by as many steps as are named, each by the person who does it in this newsroom. */
static inline void desk_pass(Desk *d, Manuscript *m, int from, int to) {
    const Person *people[STEP_COUNT] = { &d->n.ben, &d->dan, &d->gus, &d->n.ann, &d->hal, &d->ivy };

    for (int step = from; step < to; step++)
        OK_(desk_decide(d, people[step], m,
                        str_to_c(d->n.ctx->arena, review_step_name((ReviewStep)step)), "pass"));
}

#endif
