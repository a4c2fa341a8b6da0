/* manuscript_review_test.c - 三审三校 through the service: who may, what re-opens, what a flash owes, and the log's own account. */
#include "features/manuscript/test_review.h"

#include "ledger/ledger.h"

enum { HOUR_MS = 3600000 };

static void six_steps_and_then_the_release(void **state) {
    Desk d = desk_new();
    Ctx *ctx = d.n.ctx;
    Manuscript m = desk_submitted(&d, "消息", "三审三校");

    (void)state;
    assert_str(m.profile, S("three-review"));
    for (int step = 0; step < STEP_COUNT; step++) {
        assert_str(m.step, review_step_name((ReviewStep)step));
        as(ctx, &d.gus, &d.n.paper);
        FAILS(manuscript_release(ctx, m.id, m.version, &m), ERR_CONFLICT, "state");
        FAILS(manuscript_plan(ctx, m.id, m.version, S("2030-01-01T08:00"), STR_EMPTY, &m),
              ERR_CONFLICT, "state");
        desk_pass(&d, &m, step, step + 1);
    }
    assert_int_equal(m.step.len, 0);
    assert_str(m.state, S("submitted"));
    as(ctx, &d.n.ben, &d.n.paper); /* may release by two persons, but not do the last review */
    FAILS(manuscript_release(ctx, m.id, m.version, &m), ERR_FORBIDDEN, NULL);
    as(ctx, &d.fay, &d.n.paper);
    OK_(manuscript_release(ctx, m.id, m.version, &m));
    assert_str(m.state, S("published"));
    assert_str(m.profile, S("three-review"));
    FAILS(desk_decide(&d, &d.gus, &m, "review3", "pass"), ERR_CONFLICT, "state");
    newsroom_free(&d.n);
}

static void nobody_does_what_is_not_theirs(void **state) {
    Desk d = desk_new();
    Ctx *ctx = d.n.ctx;
    Manuscript m = desk_submitted(&d, "消息", "各司其职");
    Deciding how = deciding("review1", "pass");

    (void)state;
    FAILS(desk_decide(&d, &d.n.ann, &m, "review1", "pass"), ERR_FORBIDDEN, NULL); /* the author */
    FAILS(desk_decide(&d, &d.hal, &m, "review1", "pass"), ERR_FORBIDDEN, NULL);   /* no role */
    FAILS(desk_decide(&d, &d.gus, &m, "review3", "pass"), ERR_CONFLICT, "step");  /* not yet */
    as(ctx, &d.n.cai, &d.n.paper);
    FAILS(manuscript_decide(ctx, m.id, m.version, &how, &m), ERR_CONFLICT, "opened");
    FAILS(manuscript_decide(ctx, m.id, m.version + 1, &how, &m), ERR_CONFLICT, "version");
    as(ctx, &d.n.eve, &d.n.radio);
    FAILS(manuscript_decide(ctx, m.id, m.version, &how, &m), ERR_NOT_FOUND, NULL);
    as_operator(ctx);
    FAILS(manuscript_decide(ctx, m.id, m.version, &how, &m), ERR_FORBIDDEN, NULL);
    FAILS(desk_decide(&d, &d.gus, &m, "review1", "reserve"), ERR_INVALID, "outcome");
    how.checks[2] = false;
    as(ctx, &d.gus, &d.n.paper);
    FAILS(manuscript_decide(ctx, m.id, m.version, &how, &m), ERR_INVALID, "check1");
    how.outcome = S("return");
    FAILS(manuscript_decide(ctx, m.id, m.version, &how, &m), ERR_INVALID, "reason");
    OK_(desk_decide(&d, &d.gus, &m, "review1", "pass")); /* 总编 may, and then no other review */
    FAILS(desk_decide(&d, &d.gus, &m, "review2", "pass"), ERR_FORBIDDEN, NULL);
    OK_(desk_decide(&d, &d.dan, &m, "review2", "pass"));
    FAILS(desk_decide(&d, &d.gus, &m, "review3", "pass"), ERR_FORBIDDEN, NULL);
    FAILS(desk_decide(&d, &d.n.ben, &m, "review3", "pass"), ERR_FORBIDDEN, NULL);
    OK_(desk_decide(&d, &d.fay, &m, "review3", "pass"));
    OK_(desk_decide(&d, &d.n.ann, &m, "proof1", "pass"));
    FAILS(desk_decide(&d, &d.n.ann, &m, "proof2", "pass"), ERR_FORBIDDEN, NULL);
    OK_(desk_decide(&d, &d.hal, &m, "proof2", "pass"));
    FAILS(desk_decide(&d, &d.hal, &m, "proof3", "pass"), ERR_FORBIDDEN, NULL);
    FAILS(desk_decide(&d, &d.ivy, &m, "proof3", "reject"), ERR_INVALID, "outcome");
    OK_(desk_decide(&d, &d.gus, &m, "proof3", "pass")); /* a reviewer may proofread */
    newsroom_free(&d.n);
}

/* Any change, by whomever and after whichever step: all is to be signed again, for another text was. */
static void an_edit_reopens_every_step(void **state) {
    Desk d = desk_new();
    Ctx *ctx = d.n.ctx;
    Filing filing = news_filing("改过", "另外的话。");

    (void)state;
    for (int after = 1; after <= STEP_COUNT; after++) {
        Manuscript m = desk_submitted(&d, "消息", "原题");
        desk_pass(&d, &m, 0, after);
        as(ctx, after % 2 ? &d.n.ann : &d.n.cai, &d.n.paper);
        OK_(manuscript_change(ctx, m.id, m.version, &filing, &m));
        assert_true(str_eq(m.state, S("draft")) && m.step.len == 0);
        as(ctx, &d.gus, &d.n.paper);
        FAILS(manuscript_release(ctx, m.id, m.version, &m), ERR_CONFLICT, "state");
        as(ctx, &d.n.ann, &d.n.paper);
        OK_(manuscript_submit(ctx, m.id, m.version, &m));
        assert_str(m.step, S("review1"));
        as(ctx, &d.gus, &d.n.paper);
        FAILS(manuscript_release(ctx, m.id, m.version, &m), ERR_CONFLICT, "state");
    }
    desk_flow(&d, "", "three-review", 3, true);
    Manuscript m = desk_submitted(&d, "消息", "原题");
    desk_pass(&d, &m, 0, 4);
    as(ctx, &d.n.ann, &d.n.paper);
    OK_(manuscript_change(ctx, m.id, m.version, &filing, &m));
    OK_(manuscript_submit(ctx, m.id, m.version, &m));
    assert_str(m.step, S("review3"));
    newsroom_free(&d.n);
}

static void sent_back_kept_and_rejected(void **state) {
    Desk d = desk_new();
    Ctx *ctx = d.n.ctx;
    Manuscript m = desk_submitted(&d, "消息", "退改");
    Filing filing = news_filing("退改", "补了来源。");

    (void)state;
    desk_pass(&d, &m, 0, 1);
    OK_(desk_decide(&d, &d.dan, &m, "review2", "return"));
    assert_true(str_eq(m.state, S("returned")) && m.returned_by == d.dan.id && !m.step.len);
    as(ctx, &d.n.ann, &d.n.paper);
    OK_(manuscript_submit(ctx, m.id, m.version, &m)); /* nothing changed: the first review stands */
    assert_str(m.step, S("review2"));
    OK_(manuscript_change(ctx, m.id, m.version, &filing, &m));
    OK_(manuscript_submit(ctx, m.id, m.version, &m));
    desk_pass(&d, &m, 0, 2);
    OK_(desk_decide(&d, &d.gus, &m, "review3", "reserve"));
    assert_true(str_eq(m.state, S("reserved")) && str_eq(m.step, S("review3")));
    as(ctx, &d.gus, &d.n.paper);
    FAILS(manuscript_release(ctx, m.id, m.version, &m), ERR_CONFLICT, "state");
    OK_(desk_decide(&d, &d.fay, &m, "review3", "pass"));
    assert_true(str_eq(m.state, S("submitted")) && str_eq(m.step, S("proof1")));
    m = desk_submitted(&d, "消息", "退稿");
    OK_(desk_decide(&d, &d.n.ben, &m, "review1", "reject"));
    assert_str(m.state, S("rejected"));
    as(ctx, &d.n.ann, &d.n.paper);
    FAILS(manuscript_submit(ctx, m.id, m.version, &m), ERR_CONFLICT, "state");
    FAILS(manuscript_change(ctx, m.id, m.version, &filing, &m), ERR_CONFLICT, "state");
    newsroom_free(&d.n);
}

static int64_t overdue(Ctx *ctx) {
    int64_t count;

    OK_(manuscript_reviews_overdue(ctx, &count));
    return count;
}

static void a_flash_goes_out_first_and_owes_the_rest(void **state) {
    Desk d = desk_new();
    Ctx *ctx = d.n.ctx;
    Manuscript m = desk_submitted(&d, "快讯", "停水通知");
    Filing filing = news_filing("停水通知", "第二稿。");
    ManuscriptList list;
    Review review;
    bool is_found;

    (void)state;
    assert_str(m.profile, S("flash"));
    desk_pass(&d, &m, 0, 1);
    as(ctx, &d.dan, &d.n.paper);
    FAILS(manuscript_release(ctx, m.id, m.version, &m), ERR_CONFLICT, "state"); /* two persons */
    desk_pass(&d, &m, 1, 2);
    as(ctx, &d.n.ben, &d.n.paper);
    FAILS(manuscript_release(ctx, m.id, m.version, &m), ERR_FORBIDDEN, NULL);
    as(ctx, &d.dan, &d.n.paper);
    OK_(manuscript_release(ctx, m.id, m.version, &m));
    OK_(manuscript_review_get(ctx, m.id, 1, &review, &is_found));
    assert_true(is_found && review.due_ms == ctx->now_ms + FLASH_VALID_MS && !review.done_ms);
    assert_true(str_eq(m.state, S("published")) && str_eq(m.step, S("review3")));
    as(ctx, &d.gus, &d.n.paper);
    OK_(manuscript_list_my_steps(ctx, 10, &list));
    assert_true(list.len == 1 && list.items[0].id == m.id);
    assert_int_equal(overdue(ctx), 0);
    world_advance(&d.n.w, FLASH_VALID_MS + 1000);
    assert_int_equal(overdue(ctx), 1);
    OK_(desk_decide(&d, &d.gus, &m, "review3",
                    "return")); /* too late to stop it: it is said and stays owed */
    assert_true(str_eq(m.state, S("published")) && str_eq(m.step, S("review3")));
    OK_(desk_decide(&d, &d.fay, &m, "review3", "pass"));
    desk_pass(&d, &m, 3, 6);
    OK_(manuscript_review_get(ctx, m.id, 1, &review, &is_found));
    assert_true(review.done_ms == ctx->now_ms && m.step.len == 0);
    assert_int_equal(overdue(ctx), 0);
    as(ctx, &d.n.ann, &d.n.paper); /* its next version takes all steps first */
    OK_(manuscript_change(ctx, m.id, m.version, &filing, &m));
    OK_(manuscript_submit(ctx, m.id, m.version, &m));
    desk_pass(&d, &m, 0, 2);
    as(ctx, &d.dan, &d.n.paper);
    FAILS(manuscript_release(ctx, m.id, m.version, &m), ERR_CONFLICT, "state");
    newsroom_free(&d.n);
}

/* What a newer, wholly checked version does with what the older one owed; and a withdrawn one owes nothing. */
static void a_newer_version_settles_what_is_owed(void **state) {
    Desk d = desk_new();
    Ctx *ctx = d.n.ctx;
    Manuscript m = desk_submitted(&d, "快讯", "停电"), other = desk_submitted(&d, "快讯", "停气");
    Filing filing = news_filing("停电", "第二稿。");

    (void)state;
    desk_pass(&d, &m, 0, 2);
    desk_pass(&d, &other, 0, 2);
    as(ctx, &d.dan, &d.n.paper);
    OK_(manuscript_release(ctx, m.id, m.version, &m));
    OK_(manuscript_release(ctx, other.id, other.version, &other));
    world_advance(&d.n.w, FLASH_VALID_MS + 1000);
    assert_int_equal(overdue(ctx), 2);
    as(ctx, &d.n.ann, &d.n.paper);
    OK_(manuscript_change(ctx, m.id, m.version, &filing, &m));
    OK_(manuscript_submit(ctx, m.id, m.version, &m));
    desk_pass(&d, &m, 0, 6);
    assert_int_equal(overdue(ctx), 2);
    as(ctx, &d.gus, &d.n.paper);
    OK_(manuscript_release(ctx, m.id, m.version, &m));
    assert_int_equal(overdue(ctx), 1);
    OK_(manuscript_withdraw(ctx, other.id, other.version, S("内容有误。"), &other));
    assert_int_equal(overdue(ctx), 0);
    newsroom_free(&d.n);
}

static void each_kind_may_have_its_own_way(void **state) {
    Desk d = desk_new();
    Ctx *ctx = d.n.ctx;
    Flow flow = { .kind = S("图片"), .name = S("flash"), .proofs = 3 };
    FlowList list;
    Manuscript m;

    (void)state;
    as_operator(ctx);
    FAILS(manuscript_flow_set(ctx, d.n.paper.id, &flow), ERR_INVALID, "flow");
    flow.name = S("four-review");
    FAILS(manuscript_flow_set(ctx, d.n.paper.id, &flow), ERR_INVALID, "flow");
    flow = (Flow){ .kind = S("诗"), .name = S("three-review"), .proofs = 3 };
    FAILS(manuscript_flow_set(ctx, d.n.paper.id, &flow), ERR_INVALID, "kind");
    flow = (Flow){ .name = S("three-review"), .proofs = 2 };
    FAILS(manuscript_flow_set(ctx, d.n.paper.id, &flow), ERR_INVALID, "proofs");
    flow = (Flow){ .proofs = 3 };
    FAILS(manuscript_flow_set(ctx, d.n.paper.id, &flow), ERR_INVALID, "flow");
    flow.name = S("three-review");
    FAILS(manuscript_flow_set(ctx, 12345, &flow), ERR_NOT_FOUND, NULL);
    desk_flow(&d, "图片", "two-person", 3, false);
    desk_flow(&d, "评论", "three-review", 1, false);
    OK_(manuscript_flows(ctx, d.n.paper.id, &list));
    assert_int_equal(list.len, 3);
    m = desk_submitted(&d, "图片", "两人");
    assert_true(str_eq(m.profile, S("two-person")) && m.step.len == 0);
    FAILS(desk_decide(&d, &d.n.ben, &m, "review1", "pass"), ERR_CONFLICT, "state");
    as(ctx, &d.n.ben, &d.n.paper);
    OK_(manuscript_release(ctx, m.id, m.version, &m));
    m = desk_submitted(&d, "评论", "一校");
    desk_pass(&d, &m, 0, 3);
    assert_str(m.step, S("proof2"));
    FAILS(desk_decide(&d, &d.n.ann, &m, "proof2", "pass"), ERR_FORBIDDEN, NULL);
    desk_pass(&d, &m, 4, 5);
    assert_int_equal(m.step.len, 0);
    as(ctx, &d.gus, &d.n.paper);
    OK_(manuscript_release(ctx, m.id, m.version, &m));
    as_operator(ctx); /* no way of its own any more */
    flow = (Flow){ .kind = S("图片"), .proofs = 3 };
    OK_(manuscript_flow_set(ctx, d.n.paper.id, &flow));
    OK_(manuscript_flow_set(ctx, d.n.paper.id, &flow));
    m = desk_submitted(&d, "图片", "三审");
    assert_str(m.profile, S("three-review"));
    newsroom_free(&d.n);
}

static void remarks_are_anchored_and_sealed(void **state) {
    Desk d = desk_new();
    Ctx *ctx = d.n.ctx;
    Manuscript m = desk_submitted(&d, "消息", "批注");
    CommentList list;
    LedgerPlaces places;
    Json *payload;
    int64_t id;

    (void)state;
    as(ctx, &d.n.ben, &d.n.paper);
    FAILS(manuscript_comment(ctx, m.id, S("没有的词"), S("改。"), &id), ERR_INVALID, "quote");
    FAILS(manuscript_comment(ctx, m.id, STR_EMPTY, S("  "), &id), ERR_INVALID, "body");
    OK_(manuscript_comment(ctx, m.id, S("第二段"), S("来源？"), &id));
    as(ctx, &d.n.eve, &d.n.radio);
    FAILS(manuscript_comment(ctx, m.id, STR_EMPTY, S("改。"), &id), ERR_NOT_FOUND, NULL);
    FAILS(manuscript_comment_close(ctx, m.id, id), ERR_NOT_FOUND, NULL);
    OK_(desk_decide(&d, &d.n.ben, &m, "review1", "pass"));
    OK_(ledger_of_subject(ctx, m.id, 50, &places));
    OK_(ledger_payload(ctx, places.items[places.len - 1].entry_id, &payload));
    const Json *remarks = json_get(payload, "comments");
    assert_int_equal(remarks->array.len, 1);
    assert_str(json_get_text(remarks->array.items[0], "quote"), S("第二段"));
    assert_str(json_get_text(json_get(payload, "actor"), "role"), S("责任编辑"));
    as(ctx, &d.n.ann, &d.n.paper);
    OK_(manuscript_comment_close(ctx, m.id, id));
    as(ctx, &d.n.ben, &d.n.paper);
    OK_(manuscript_comment_close(ctx, m.id, id));
    OK_(manuscript_comments(ctx, m.id, &list));
    assert_true(list.len == 1 && list.items[0].closed_by == d.n.ann.id);
    for (int i = 0; i < COMMENTS_MAX; i++)
        OK_(manuscript_comment(ctx, m.id, STR_EMPTY, S("再看。"), &id));
    FAILS(manuscript_comment(ctx, m.id, STR_EMPTY, S("再看。"), &id), ERR_LIMIT, NULL);
    newsroom_free(&d.n);
}

/* ---- whatever people do, the log alone shows that what was published had its persons and steps ---- */

/* Who passed which step of one text: a signature is on a text of a version, also where that comes back. */
typedef struct Account {
    int64_t n;
    Str hash;
    int64_t people[STEP_COUNT];
} Account;

enum { TEXTS_MAX = 200 };

static Account *account_of(Account *all, const Json *entry) {
    int64_t n = json_get(entry, "n")->integer;
    Str hash = json_get_text(entry, "hash");

    for (size_t i = 0; i < TEXTS_MAX; i++) {
        if (!all[i].n)
            all[i] = (Account){ .n = n, .hash = hash };
        if (all[i].n == n && str_eq(all[i].hash, hash))
            return &all[i];
    }
    fail_msg("more than %d texts", TEXTS_MAX);
    return NULL;
}

static int64_t id_of(const Json *value, const char *key) {
    int64_t id = 0;

    assert_true(str_parse_int(json_get_text(value, key), &id));
    return id;
}

static void check_account(const int64_t *p, int64_t author, int64_t maker) {
    for (int k = 0; k < STEP_COUNT; k++)
        assert_true(p[k] && (k == STEP_PROOF1 || (p[k] != author && p[k] != maker)));
    assert_true(p[0] != p[1] && p[0] != p[2] && p[1] != p[2]);
    assert_true(p[3] != p[4] && p[3] != p[5] && p[4] != p[5]);
}

/* Reads the entries of one story in their order, knowing nothing of its rows. */
static int replay(Ctx *ctx, int64_t id) {
    LedgerPlaces places;
    Account all[TEXTS_MAX] = { 0 }, *now = NULL;
    int64_t author = 0, maker = 0;
    int released = 0;

    OK_(ledger_of_subject(ctx, id, 200, &places));
    assert_true(places.len < 200);
    for (size_t i = 0; i < places.len; i++) {
        Str kind = places.items[i].kind;
        Json *entry;
        OK_(ledger_payload(ctx, places.items[i].entry_id, &entry));
        int64_t person = id_of(json_get(entry, "actor"), "person");
        if (str_eq(kind, S("manuscript.filed")) || str_eq(kind, S("manuscript.changed"))) {
            if (!author)
                author = person;
            maker = person;
            now = account_of(all, entry);
        } else if (str_eq(kind, S("manuscript.reviewed"))) {
            ReviewStep step = review_step_of(json_get_text(entry, "step"));
            assert_true(step < STEP_COUNT && now == account_of(all, entry));
            now->people[step] = str_eq(json_get_text(entry, "outcome"), S("pass")) ? person : 0;
        } else if (str_eq(kind, S("manuscript.released"))) {
            released++;
            assert_true(now == account_of(all, entry));
            check_account(now->people, author, maker);
            assert_true(person != author && person != maker);
            assert_int_equal(json_get(json_get(entry, "review"), "steps")->array.len, STEP_COUNT);
        }
    }
    return released;
}

static uint32_t chance_state = 20261128;

static uint32_t roll(uint32_t sides) {
    chance_state = chance_state * 1664525u + 1013904223u;
    return (chance_state >> 8) % sides;
}

static Err act_at_random(Desk *d, Manuscript *m) {
    const Person *people[] = { &d->n.ann, &d->n.ben, &d->n.cai, &d->dan,  &d->fay,
                               &d->gus,   &d->hal,   &d->ivy,   &d->n.eve };
    const char *outcomes[] = { "pass", "pass", "pass",   "pass",   "pass",
                               "pass", "pass", "return", "reserve" };
    const Person *person = people[roll(COUNT_OF(people))];
    Filing filing = news_filing("又一稿", roll(2) ? "甲。" : "乙。");
    Ctx *ctx = d->n.ctx;
    uint32_t what = roll(20);

    as(ctx, person, &d->n.paper);
    if (what == 0)
        return manuscript_change(ctx, m->id, m->version, &filing, m);
    if (what < 4)
        return manuscript_submit(ctx, m->id, m->version, m);
    if (what < 6)
        return manuscript_release(ctx, m->id, m->version, m);
    Str step = roll(8) ? m->step : review_step_name((ReviewStep)roll(STEP_COUNT));
    return desk_decide(d, person, m, step.len ? str_to_c(ctx->arena, step) : "proof3",
                       outcomes[roll(COUNT_OF(outcomes))]);
}

static void the_log_alone_tells_that_nothing_was_skipped(void **state) {
    long tried = 0, done = 0;
    int released = 0;

    (void)state;
    for (int walk = 0; walk < 12; walk++) {
        Desk d = desk_new();
        Manuscript m = desk_submitted(&d, "消息", "起点");
        for (int i = 0; i < 400 && m.version < 150; i++) {
            Manuscript before = m;
            tried++;
            Err err = act_at_random(&d, &m);
            if (err.code == ERR_OK)
                done++;
            else
                m = before;
            assert_true(err.code != ERR_BUG && err.code != ERR_IO);
            assert_true(!str_eq(m.state, S("published")) || m.published_n > 0);
        }
        released += replay(d.n.ctx, m.id);
        newsroom_free(&d.n);
    }
    printf("review walks: %ld acts tried, %ld done, %d releases proven by the log\n", tried, done,
           released);
    assert_true(released > 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(six_steps_and_then_the_release),
        cmocka_unit_test(nobody_does_what_is_not_theirs),
        cmocka_unit_test(an_edit_reopens_every_step),
        cmocka_unit_test(sent_back_kept_and_rejected),
        cmocka_unit_test(a_flash_goes_out_first_and_owes_the_rest),
        cmocka_unit_test(a_newer_version_settles_what_is_owed),
        cmocka_unit_test(each_kind_may_have_its_own_way),
        cmocka_unit_test(remarks_are_anchored_and_sealed),
        cmocka_unit_test(the_log_alone_tells_that_nothing_was_skipped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
