/* manuscript_link_fault_test.c - a leader without a password signs by a one-time link: once, that text, in time; or not at all. */
#include "features/manuscript/manuscript_service.h"
#include "features/manuscript/test_review.h"

#include "ledger/ledger.h"
#include "testing/faults.h"

/* ann's story before the final review; jin 分管领导 without a password; ben makes links. */
typedef struct Scene {
    Desk d;
    Ctx *ctx;
    Manuscript m;
    Person jin;
} Scene;

static Scene scene_new(int passed) {
    Scene s = { .d = desk_new() };

    s.ctx = s.d.n.ctx;
    as_operator(s.ctx);
    s.jin = news_person(s.ctx, "jin", "晋阳");
    news_grant(s.ctx, &s.jin, S("分管领导"), &s.d.n.paper);
    s.m = desk_submitted(&s.d, "消息", "由链接签");
    desk_pass(&s.d, &s.m, 0, passed);
    as(s.ctx, &s.d.n.cai, &s.d.n.paper);
    return s;
}

/* As whoever follows the link: nobody. */
static void as_nobody(Ctx *ctx) {
    as_operator(ctx);
    ctx->actor = ACTOR_NOBODY;
    ctx->person_name = STR_EMPTY;
}

static Str link_for(Scene *s, const char *step) {
    Str token;

    as(s->ctx, &s->d.n.cai, &s->d.n.paper);
    OK_(manuscript_link_make(s->ctx, s->m.id, str_from_c(step), S("jin"), &token));
    as_nobody(s->ctx);
    return token;
}

static Err use(Scene *s, Str token, const char *outcome) {
    Deciding how = deciding("", outcome);
    SignPage page;

    as_nobody(s->ctx);
    TRY(manuscript_link_open(s->ctx, token, &page));
    return manuscript_link_decide(s->ctx, token, &how, &s->m);
}

static void it_signs_once_and_the_log_says_how(void **state) {
    Scene s = scene_new(2);
    Str token = link_for(&s, "review3");
    Deciding how = deciding("", "pass");
    LedgerPlaces places;
    SignPage page;
    Json *entry;

    (void)state;
    FAILS(manuscript_link_decide(s.ctx, token, &how, &s.m), ERR_CONFLICT, "opened");
    as_nobody(s.ctx);
    OK_(manuscript_link_open(s.ctx, token, &page));
    assert_str(page.person_name, s.jin.name);
    assert_str(page.v.title, S("由链接签"));
    OK_(use(&s, token, "pass"));
    assert_str(s.m.step, S("proof1"));
    FAILS(use(&s, token, "pass"), ERR_GONE, NULL);
    OK_(ledger_of_subject(s.ctx, s.m.id, 50, &places));
    OK_(ledger_payload(s.ctx, places.items[places.len - 1].entry_id, &entry));
    assert_str(json_get_text(json_get(entry, "actor"), "name"), s.jin.name);
    assert_str(json_get_text(json_get(entry, "actor"), "role"), S("分管领导"));
    assert_str(json_get_text(entry, "link_by"), str_from_int(s.ctx->arena, s.d.n.cai.id));
    desk_pass(&s.d, &s.m, 3, 6);
    token = link_for(&s, "release");
    OK_(use(&s, token, "pass"));
    assert_str(s.m.state, S("published"));
    assert_int_equal(s.m.released_by, s.jin.id);
    FAILS(use(&s, token, "pass"), ERR_GONE, NULL);
    newsroom_free(&s.d.n);
}

static void it_dies_with_time_and_with_any_edit(void **state) {
    Scene s = scene_new(2);
    Filing filing = news_filing("由链接签", "另一稿。");
    Str late = link_for(&s, "review3"), changed;
    SignPage page;

    (void)state;
    FAILS(manuscript_link_open(s.ctx, S("0123456789abcdef"), &page), ERR_NOT_FOUND, NULL);
    FAILS(manuscript_link_open(s.ctx, STR_EMPTY, &page), ERR_NOT_FOUND, NULL);
    world_advance(&s.d.n.w, LINK_VALID_MS);
    FAILS(use(&s, late, "pass"), ERR_GONE, NULL);
    changed = link_for(&s, "review3");
    as(s.ctx, &s.d.n.ann, &s.d.n.paper);
    OK_(manuscript_change(s.ctx, s.m.id, s.m.version, &filing, &s.m));
    FAILS(use(&s, changed, "pass"), ERR_GONE, NULL);
    newsroom_free(&s.d.n);
}

/* Another step than the link's is at hand, or the person has lost the role: refused, and the link is not used up. */
static void it_signs_nothing_else_and_for_nobody_who_may_not(void **state) {
    Scene s = scene_new(2);
    Str token = link_for(&s, "review3");
    GrantList grants;

    (void)state;
    OK_(desk_decide(&s.d, &s.d.gus, &s.m, "review3", "return"));
    FAILS(use(&s, token, "pass"), ERR_CONFLICT, "state");
    as(s.ctx, &s.d.n.ann, &s.d.n.paper);
    OK_(manuscript_submit(s.ctx, s.m.id, s.m.version, &s.m));
    as_operator(s.ctx);
    OK_(grant_of_person(s.ctx, s.jin.id, &grants));
    OK_(grant_end(s.ctx, grants.items[0].id));
    FAILS(use(&s, token, "pass"), ERR_FORBIDDEN, NULL);
    as_operator(s.ctx);
    news_grant(s.ctx, &s.jin, S("分管领导"), &s.d.n.paper);
    FAILS(use(&s, token, "burn"), ERR_INVALID, "outcome");
    OK_(use(&s, token, "reserve"));
    assert_str(s.m.state, S("reserved"));
    newsroom_free(&s.d.n);
}

static void not_everybody_makes_one_for_everybody(void **state) {
    Scene s = scene_new(2);
    Str token;

    (void)state;
    as(s.ctx, &s.d.n.ann, &s.d.n.paper); /* the author */
    FAILS(manuscript_link_make(s.ctx, s.m.id, S("review3"), S("jin"), &token), ERR_FORBIDDEN, NULL);
    as(s.ctx, &s.d.n.eve, &s.d.n.radio);
    FAILS(manuscript_link_make(s.ctx, s.m.id, S("review3"), S("jin"), &token), ERR_NOT_FOUND, NULL);
    as(s.ctx, &s.d.n.cai, &s.d.n.paper);
    FAILS(manuscript_link_make(s.ctx, s.m.id, S("review3"), S("nobody"), &token), ERR_INVALID,
          "login");
    FAILS(manuscript_link_make(s.ctx, s.m.id, S("review3"), S("hal"), &token), ERR_INVALID,
          "login"); /* no role that does it */
    FAILS(manuscript_link_make(s.ctx, s.m.id, S("review3"), S("dan"), &token), ERR_INVALID,
          "login"); /* reviewed it already, and has no role for this */
    FAILS(manuscript_link_make(s.ctx, s.m.id, S("review2"), S("jin"), &token), ERR_CONFLICT,
          "step");
    FAILS(manuscript_link_make(s.ctx, s.m.id, S("release"), S("jin"), &token), ERR_CONFLICT,
          "state");
    as_operator(s.ctx);
    OK_(password_set_encoded(s.ctx, s.jin.id, S("$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA")));
    as(s.ctx, &s.d.n.cai, &s.d.n.paper);
    FAILS(manuscript_link_make(s.ctx, s.m.id, S("review3"), S("jin"), &token), ERR_INVALID,
          "login"); /* can sign in */
    newsroom_free(&s.d.n);
}

static void storage_fails_at_every_step(void **state) {
    Scene s = scene_new(2);
    World *w = &s.d.n.w;
    Ctx *ctx = s.ctx;
    Deciding how = deciding("", "pass");
    Manuscript m, last;
    SignPage page;
    Str token;

    (void)state;
    WRITES(w, token, manuscript_link_make(ctx, s.m.id, S("review3"), S("jin"), &token));
    as_nobody(ctx);
    WRITES(w, page, manuscript_link_open(ctx, token, &page));
    WRITES(w, m, manuscript_link_decide(ctx, token, &how, &m));
    desk_pass(&s.d, &m, 3, 6);
    as(ctx, &s.d.fay, &s.d.n.paper);
    WRITES(w, last, manuscript_release_by_link(ctx, m.id, m.version, s.d.n.cai.id, &last));
    newsroom_free(&s.d.n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_signs_once_and_the_log_says_how),
        cmocka_unit_test(it_dies_with_time_and_with_any_edit),
        cmocka_unit_test(it_signs_nothing_else_and_for_nobody_who_may_not),
        cmocka_unit_test(not_everybody_makes_one_for_everybody),
        cmocka_unit_test(storage_fails_at_every_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
