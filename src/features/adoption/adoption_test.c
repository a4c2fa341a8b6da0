/* adoption_test.c - a story offered, taken, adapted and declined, and what becomes of the copies when it changes. */
#include "features/adoption/test_adoption.h"

static Adoption of(Rooms *r, int64_t story_id, const Outlet *outlet) {
    AdoptionList list;

    OK_(adoption_of_story(r->ctx, story_id, &list));
    for (size_t i = 0; i < list.len; i++)
        if (list.items[i].to_outlet == outlet->id)
            return list.items[i];
    fail_msg("the story was not offered to %.*s", STR_ARG(outlet->name));
    return (Adoption){ 0 };
}

static StrList words_of(Ctx *ctx, const char *text) {
    return str_split(ctx->arena, str_from_c(text), ' ');
}

static void offered_once_to_each_and_never_to_oneself(void **state) {
    Rooms r = rooms_new();
    Ctx *ctx = r.ctx;
    Manuscript m = news_published(&r.n, "首发"), draft = news_draft(&r.n, "草稿");
    int64_t count;

    (void)state;
    as(ctx, &r.n.ben, &r.n.paper);
    FAILS(adoption_offer(ctx, m.id, words_of(ctx, ""), STR_EMPTY, &count), ERR_INVALID, "to");
    FAILS(adoption_offer(ctx, m.id, words_of(ctx, "CC001"), STR_EMPTY, &count), ERR_INVALID, "to");
    FAILS(adoption_offer(ctx, m.id, words_of(ctx, "CC999"), STR_EMPTY, &count), ERR_INVALID, "to");
    FAILS(adoption_offer(ctx, draft.id, words_of(ctx, "CC002"), STR_EMPTY, &count), ERR_NOT_FOUND,
          NULL);
    OK_(adoption_offer(ctx, m.id, words_of(ctx, "CC002 CC002"), STR_EMPTY, &count));
    assert_int_equal(count, 1);
    OK_(adoption_offer(ctx, m.id, words_of(ctx, ""), S("all"), &count));
    assert_int_equal(count, 1); /* the third outlet; the second has it already */
    OK_(adoption_offer(ctx, m.id, words_of(ctx, ""), S("all"), &count));
    assert_int_equal(count, 0);
    as(ctx, &r.n.eve, &r.n.radio);
    FAILS(adoption_offer(ctx, m.id, words_of(ctx, "CC003"), STR_EMPTY, &count), ERR_NOT_FOUND,
          NULL); /* not its own */
    as_operator(ctx);
    FAILS(adoption_offer(ctx, m.id, words_of(ctx, "CC002"), STR_EMPTY, &count), ERR_FORBIDDEN,
          NULL);
    newsroom_free(&r.n);
}

static void taken_as_it_is_there_is_one_story(void **state) {
    Rooms r = rooms_new();
    Ctx *ctx = r.ctx;
    Manuscript m = news_published(&r.n, "首发");
    AdoptionList list;
    Adoption a;

    (void)state;
    as(ctx, &r.n.ben, &r.n.paper);
    FAILS(adoption_take(ctx, m.id, &a), ERR_CONFLICT, "story"); /* its own */
    as(ctx, &r.n.eve, &r.n.radio);
    FAILS(adoption_take(ctx, m.id, &a), ERR_FORBIDDEN, NULL); /* no teacher: it may not publish */
    rooms_teacher(&r, &r.n.radio);
    OK_(adoption_take(ctx, m.id, &a));
    FAILS(adoption_take(ctx, m.id, &a), ERR_CONFLICT, "story");
    FAILS(adoption_adapt(ctx, m.id, &a), ERR_CONFLICT, "story");
    assert_true(a.copy_id == 0 && a.n == 1);
    OK_(adoption_of_outlet(ctx, r.n.radio.id, S("taken"), &list));
    assert_int_equal(list.len, 1);
    FAILS(adoption_take(ctx, 12345, &a), ERR_NOT_FOUND, NULL);
    newsroom_free(&r.n);
}

static void declined_with_a_reason_and_taken_later(void **state) {
    Rooms r = rooms_new();
    Ctx *ctx = r.ctx;
    Manuscript m = news_published(&r.n, "首发");
    int64_t count;
    Adoption a;

    (void)state;
    rooms_teacher(&r, &r.n.radio);
    as(ctx, &r.n.eve, &r.n.radio);
    FAILS(adoption_decline(ctx, m.id, STR_EMPTY), ERR_CONFLICT, "story");
    as(ctx, &r.n.ben, &r.n.paper);
    OK_(adoption_offer(ctx, m.id, words_of(ctx, "CC002"), STR_EMPTY, &count));
    as(ctx, &r.n.eve, &r.n.radio);
    FAILS(adoption_decline(ctx, m.id, S("a\x01")), ERR_INVALID, "reason");
    OK_(adoption_decline(ctx, m.id, S("与本台无关。")));
    FAILS(adoption_decline(ctx, m.id, STR_EMPTY), ERR_CONFLICT, "story");
    a = of(&r, m.id, &r.n.radio);
    assert_true(str_eq(a.state, S("declined")) && a.n == 0 && a.decided_by == r.n.eve.id);
    OK_(adoption_take(ctx, m.id, &a));
    assert_str(of(&r, m.id, &r.n.radio).state, S("taken"));
    newsroom_free(&r.n);
}

/* The copy is a draft of the other outlet; its origin stays with it whatever is written there. */
static void adapted_it_is_a_draft_that_names_its_origin(void **state) {
    Rooms r = rooms_new();
    Ctx *ctx = r.ctx;
    Manuscript m = news_published(&r.n, "首发"), copy;
    ManuscriptVersion v;
    Adoption a, found;
    bool is_found;

    (void)state;
    rooms_teacher(&r, &r.n.radio);
    as(ctx, &r.n.eve, &r.n.radio);
    OK_(adoption_adapt(ctx, m.id, &a));
    OK_(manuscript_get(ctx, a.copy_id, &copy));
    OK_(manuscript_version(ctx, a.copy_id, 1, &v));
    assert_true(str_eq(copy.state, S("draft")) && copy.outlet_id == r.n.radio.id &&
                copy.author_id == r.n.eve.id);
    assert_true(str_contains(v.sources.items[0], m.number));
    assert_true(str_contains(v.text, S("第二段")));
    OK_(adoption_of_copy(ctx, a.copy_id, &found, &is_found));
    assert_true(is_found && found.story_id == m.id);
    OK_(adoption_of_copy(ctx, m.id, &found, &is_found));
    assert_false(is_found);
    newsroom_free(&r.n);
}

static void a_withdrawn_story_is_carried_by_nobody_new(void **state) {
    Rooms r = rooms_new();
    Ctx *ctx = r.ctx;
    Manuscript m = news_published(&r.n, "首发");
    Adoption a;

    (void)state;
    rooms_teacher(&r, &r.n.radio);
    as(ctx, &r.n.ben, &r.n.paper);
    OK_(manuscript_withdraw(ctx, m.id, m.version, S("有误。"), &m));
    as(ctx, &r.n.eve, &r.n.radio);
    FAILS(adoption_take(ctx, m.id, &a), ERR_NOT_FOUND, NULL);
    FAILS(adoption_adapt(ctx, m.id, &a), ERR_NOT_FOUND, NULL);
    newsroom_free(&r.n);
}

/* Pictures are of the first outlet's library: they stay there, and the draft says how many. */
static void pictures_stay_behind_and_are_counted(void **state) {
    Rooms r = rooms_new();
    Ctx *ctx = r.ctx;
    Media media = news_picture(&r.n, &r.n.paper, "cover");
    Picture picture = { media.id, S("一棵树"), S("安宁") };
    Filing filing = news_filing("有图", "甲。");
    ManuscriptVersion v;
    Manuscript m;
    Adoption a;

    (void)state;
    rooms_teacher(&r, &r.n.radio);
    filing.source =
        str_format(ctx->arena, "甲。\n\n![一棵树](/media/%.*s)\n\n乙。", STR_ARG(media.hash));
    filing.pictures = &picture;
    filing.picture_count = 1;
    as(ctx, &r.n.ann, &r.n.paper);
    OK_(manuscript_file(ctx, &filing, &m));
    OK_(manuscript_submit(ctx, m.id, m.version, &m));
    as(ctx, &r.n.ben, &r.n.paper);
    OK_(manuscript_release(ctx, m.id, m.version, &m));
    as(ctx, &r.n.eve, &r.n.radio);
    OK_(adoption_adapt(ctx, m.id, &a));
    OK_(manuscript_version(ctx, a.copy_id, 1, &v));
    assert_true(v.picture_count == 0 && !str_contains(v.html, S("<img")));
    assert_true(str_contains(v.note, S("2")) && str_contains(v.text, S("乙。")));
    newsroom_free(&r.n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offered_once_to_each_and_never_to_oneself),
        cmocka_unit_test(taken_as_it_is_there_is_one_story),
        cmocka_unit_test(declined_with_a_reason_and_taken_later),
        cmocka_unit_test(adapted_it_is_a_draft_that_names_its_origin),
        cmocka_unit_test(a_withdrawn_story_is_carried_by_nobody_new),
        cmocka_unit_test(pictures_stay_behind_and_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
