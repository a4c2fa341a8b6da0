/* manuscript_review_fault_test.c - what the check in steps calls, with storage failing at every step. */
#include "features/manuscript/manuscript_pages.h"
#include "features/manuscript/manuscript_service.h"
#include "features/manuscript/test_review.h"
#include "testing/faults.h"

static void acts(void **state) {
    Desk d = desk_new();
    World *w = &d.n.w;
    Ctx *ctx = d.n.ctx;
    Manuscript m = desk_submitted(&d, "消息", "三审"), next;
    Flow flow = { .kind = S("图片"), .name = S("three-review"), .proofs = 1 };
    Deciding how = deciding("review1", "pass");
    ManuscriptVersion v;
    Review review;
    bool is_found;
    int64_t id;

    (void)state;
    as_operator(ctx);
    WRITES(w, NO_RET, manuscript_flow_set(ctx, d.n.paper.id, &flow));
    as(ctx, &d.n.ben, &d.n.paper);
    OK_(manuscript_version(ctx, m.id, 1, &v));
    OK_(manuscript_review_get(ctx, m.id, 1, &review, &is_found));
    ReviewText text = manuscript_review_text(&m, &v);
    WRITES(w, NO_RET, manuscript_open(ctx, &m, &review, &text));
    WRITES(w, id, manuscript_comment(ctx, m.id, S("第二段"), S("来源？"), &id));
    WRITES(w, NO_RET, manuscript_comment_close(ctx, m.id, id));
    WRITES(w, next, manuscript_decide(ctx, m.id, m.version, &how, &next));
    m = next;
    desk_pass(&d, &m, 1, 6);
    as(ctx, &d.gus, &d.n.paper);
    WRITES(w, next, manuscript_release(ctx, m.id, m.version, &next));
    newsroom_free(&d.n);
}

static void reading(void **state) {
    Desk d = desk_new();
    World *w = &d.n.w;
    Ctx *ctx = d.n.ctx;
    Manuscript m = desk_submitted(&d, "消息", "三审");
    ManuscriptVersion v;
    ManuscriptList list;
    CommentList comments;
    FlowList flows;
    int64_t count;
    Site site;
    struct {
        Review review;
        bool is_found;
    } got;
    struct {
        bool may;
        Str role;
    } may;

    (void)state;
    desk_pass(&d, &m, 0, 1);
    OK_(site_get(ctx, &site));
    OK_(manuscript_version(ctx, m.id, 1, &v));
    READS(w, got, manuscript_review_get(ctx, m.id, 1, &got.review, &got.is_found));
    assert_true(got.is_found && got.review.len == 1);
    READS(w, flows, manuscript_flows(ctx, d.n.paper.id, &flows));
    READS(w, comments, manuscript_comments(ctx, m.id, &comments));
    as(ctx, &d.dan, &d.n.paper);
    READS(w, list, manuscript_list_my_steps(ctx, 10, &list));
    assert_int_equal(list.len, 1);
    READS(w, may, manuscript_has_step_role(ctx, d.n.paper.id, STEP_REVIEW2, &may.may, &may.role));
    READS(w, count, manuscript_reviews_overdue(ctx, &count));
    READS(w, NO_RET, manuscript_put_review(ctx, &m, &v, json_obj(ctx->arena)));
    WRITES(w, NO_RET, manuscript_put_decide(ctx, &site, &m, &v, json_obj(ctx->arena)));
    newsroom_free(&d.n);
}

static Manuscript *fresh(Manuscript *copy, const Manuscript *m) {
    *copy = *m;
    return copy;
}

static void what_the_acts_share(void **state) {
    Desk d = desk_new();
    World *w = &d.n.w;
    Ctx *ctx = d.n.ctx;
    Manuscript m = desk_submitted(&d, "快讯", "快审"), copy, next;
    Deciding how = deciding("review3", "pass");
    ManuscriptVersion v;
    Json *model;
    bool is_found;
    struct {
        Review review;
        bool is_found;
    } got;
    Review review;

    (void)state;
    OK_(manuscript_version(ctx, m.id, 1, &v));
    ReviewText text = manuscript_review_text(&m, &v);
    world_advance(w, 1000); /* submitted again, later */
    WRITES_INSIDE(w, NO_RET, manuscript_begin_review(ctx, fresh(&copy, &m), &v));
    desk_pass(&d, &m, 0, 2);
    as(ctx, &d.dan, &d.n.paper);
    READS(w, got, manuscript_check_reviewed(ctx, &m, &v, &got.review, &got.is_found));
    OK_(manuscript_review_get(ctx, m.id, 1, &review, &is_found));
    READS(w, model, manuscript_review_model(ctx, &review, &text, &model));
    WRITES_INSIDE(w, NO_RET, manuscript_note_release(ctx, fresh(&copy, &m), &v, &review));
    OK_(manuscript_release(ctx, m.id, m.version, &m));
    as(ctx, &d.gus, &d.n.paper);
    OK_(manuscript_review_get(ctx, m.id, 1, &review, &is_found));
    OK_(manuscript_open(ctx, &m, &review, &text));
    WRITES_INSIDE(w, next, manuscript_decide_case(ctx, m.id, m.version, &how, 0, &next));
    WRITES_INSIDE(w, NO_RET, manuscript_emit(ctx, &next, "manuscript.reviewed", false));
    newsroom_free(&d.n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acts),
        cmocka_unit_test(reading),
        cmocka_unit_test(what_the_acts_share),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
