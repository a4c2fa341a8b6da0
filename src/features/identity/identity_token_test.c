/* identity_token_test.c - tokens of programs: no more than their person may, no more than was ticked, no longer. */
#include "features/identity/identity_test_world.h"
#include "sec/token.h"

static const Right file_here = { S_INIT("file"), OUTLET };

static Person with_roles(World *w) {
    Person person = add(w, "one");

    give(w, &person, S("责任编辑"), OUTLET);
    give(w, &person, S("记者"), OTHER_OUTLET);
    act_as(w->ctx, &person);
    return person;
}

static Str made(World *w, const Right *rights, size_t count) {
    Str token;

    OK_(token_make(w->ctx, S("cron"), rights, count, w->ctx->now_ms + DAY_MS, &token));
    return token;
}

static void ask_with(World *w, Str token) {
    act_as_operator(w->ctx);
    w->ctx->actor = ACTOR_NOBODY;
    OK_(identity_hooks.bearer(w->ctx, token));
}

static void a_token_speaks_for_its_person_until_its_day(void **state) {
    World w = start();
    Person person = with_roles(&w);
    Str token = made(&w, &file_here, 1), csrf;

    (void)state;
    assert_true(str_starts(token, S("ld_")));
    ask_with(&w, token);
    assert_true(w.ctx->actor == ACTOR_PERSON && w.ctx->person_id == person.id);
    assert_true(w.ctx->token_id != 0 && !w.ctx->is_stepped_up);
    w.ctx->actor = ACTOR_NOBODY;
    OK_(identity_hooks.session(w.ctx, token, &csrf));
    assert_true(w.ctx->actor == ACTOR_NOBODY); /* a token is not accepted from a cookie */
    FAILS(identity_hooks.bearer(w.ctx, S("unknown")), ERR_UNAUTHENTICATED, NULL);
    FAILS(identity_hooks.bearer(w.ctx, token_new_program(w.ctx->arena, w.ctx->chance)),
          ERR_UNAUTHENTICATED, NULL);
    world_advance(&w, DAY_MS - 1);
    ask_with(&w, token);
    world_advance(&w, 1);
    FAILS(identity_hooks.bearer(w.ctx, token), ERR_UNAUTHENTICATED, NULL);
    world_free(&w);
}

static void a_token_is_revoked_by_its_person_only_and_at_once(void **state) {
    World w = start();
    Person person = with_roles(&w);
    Str token = made(&w, &file_here, 1);
    Person other;
    ApiTokenList list;

    (void)state;
    OK_(token_list(w.ctx, &list));
    assert_true(list.len == 1 && list.items[0].rights.len == 1 && list.items[0].seen_ms == 0);
    act_as_operator(w.ctx);
    other = add(&w, "other");
    act_as(w.ctx, &other);
    FAILS(token_end(w.ctx, list.items[0].id), ERR_NOT_FOUND, NULL);
    act_as(w.ctx, &person);
    OK_(token_end(w.ctx, list.items[0].id));
    FAILS(token_end(w.ctx, list.items[0].id), ERR_NOT_FOUND, NULL);
    FAILS(identity_hooks.bearer(w.ctx, token), ERR_UNAUTHENTICATED, NULL);
    OK_(token_list(w.ctx, &list));
    assert_true(list.len == 1 && list.items[0].ended_ms == w.ctx->now_ms); /* still told of */
    token = made(&w, &file_here, 1);
    act_as_operator(w.ctx);
    OK_(person_end(w.ctx, person.id));
    FAILS(identity_hooks.bearer(w.ctx, token), ERR_UNAUTHENTICATED, NULL);
    world_free(&w);
}

static void a_token_has_bounds(void **state) {
    World w = start();
    Person person = with_roles(&w);
    static const Right wrong[] = { { S_INIT("release"), OTHER_OUTLET },
                                   { S_INIT("file"), 0 },
                                   { S_INIT("people"), 0 },
                                   { S_INIT("withdraw"), OUTLET },
                                   { S_INIT("nonsense"), OUTLET } };
    int64_t day = w.ctx->now_ms + DAY_MS;
    Str token = STR_EMPTY;

    (void)state;
    FAILS(token_make(w.ctx, S("cron"), &file_here, 1, w.ctx->now_ms, &token), ERR_INVALID, "until");
    FAILS(
        token_make(w.ctx, S("cron"), &file_here, 1, w.ctx->now_ms + TOKEN_VALID_MS_MAX + 1, &token),
        ERR_INVALID, "until");
    FAILS(token_make(w.ctx, S(" "), &file_here, 1, day, &token), ERR_INVALID, "label");
    FAILS(token_make(w.ctx, S("cron"), NULL, 0, day, &token), ERR_INVALID, "right");
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        FAILS(token_make(w.ctx, S("cron"), &wrong[i], 1, day, &token), ERR_INVALID, "right");
    assert_true(token.len == 0);
    assert_int_equal(world_count(&w, "api_token"), 0);
    OK_(token_make(w.ctx, S("cron"), &file_here, 1, w.ctx->now_ms + TOKEN_VALID_MS_MAX, &token));
    act_as_operator(w.ctx);
    FAILS(token_make(w.ctx, S("cron"), &file_here, 1, day, &token), ERR_FORBIDDEN, NULL);
    (void)person;
    world_free(&w);
}

/* What was ticked and what the person may: the narrower of the two, at each moment. */
static void a_token_may_what_was_ticked_while_its_person_may_it(void **state) {
    World w = start();
    Person person = with_roles(&w);
    static const Right rights[] = { { S_INIT("file"), OUTLET },
                                    { S_INIT("drafts"), OTHER_OUTLET } };
    Str token = made(&w, rights, COUNT_OF(rights));
    GrantList grants;
    int64_t *ids;
    size_t count;

    (void)state;
    ask_with(&w, token);
    assert_true(may(&w, CAP_FILE, OUTLET) && !may(&w, CAP_FILE, OTHER_OUTLET));
    assert_true(may(&w, CAP_DRAFTS, OTHER_OUTLET) && !may(&w, CAP_DRAFTS, OUTLET));
    assert_false(may(&w, CAP_RELEASE, OUTLET) || may(&w, CAP_PEOPLE, 0));
    OK_(identity_outlets_with(w.ctx, CAP_FILE, &ids, &count));
    assert_true(count == 1 && ids[0] == OUTLET);
    db_cost_reset(w.ctx->db);
    (void)may(&w, CAP_FILE, OUTLET);
    assert_int_equal(db_cost(w.ctx->db).statements, 1);
    OK_(grant_of_person(w.ctx, person.id, &grants));
    act_as_operator(w.ctx);
    for (size_t i = 0; i < grants.len; i++)
        if (grants.items[i].outlet_id == OUTLET)
            OK_(grant_end(w.ctx, grants.items[i].id));
    ask_with(&w, token);
    assert_false(may(&w, CAP_FILE, OUTLET));
    assert_true(may(&w, CAP_DRAFTS, OTHER_OUTLET));
    world_free(&w);
}

static void a_right_of_the_alliance_can_be_narrowed_to_an_outlet(void **state) {
    World w = start();
    Person person = add(&w, "chief");
    static const Right narrow = { S_INIT("file"), OUTLET }, wide = { S_INIT("file"), 0 };
    int64_t *ids;
    size_t count;
    RightList own;

    (void)state;
    give(&w, &person, S("总编"), 0);
    act_as(w.ctx, &person);
    OK_(identity_rights(w.ctx, &own));
    assert_true(own.len > 0 && own.items[0].outlet_id == 0);
    for (size_t i = 0; i < own.len; i++)
        assert_false(str_eq(own.items[i].capability, S("withdraw")));
    Str here = made(&w, &narrow, 1), everywhere = made(&w, &wide, 1);
    ask_with(&w, here);
    assert_true(may(&w, CAP_FILE, OUTLET) && !may(&w, CAP_FILE, OTHER_OUTLET));
    OK_(identity_outlets_with(w.ctx, CAP_FILE, &ids, &count));
    assert_true(count == 1 && ids[0] == OUTLET);
    ask_with(&w, everywhere);
    assert_true(may(&w, CAP_FILE, OUTLET) && may(&w, CAP_FILE, OTHER_OUTLET));
    OK_(identity_outlets_with(w.ctx, CAP_FILE, &ids, &count));
    assert_true(count == 1 && ids[0] == 0);
    world_free(&w);
}

/* The password was fresh when "release" was ticked: that stands for this act and for no other. */
static void only_a_ticked_release_counts_as_stepped_up(void **state) {
    World w = start();
    static const Right rights[] = { { S_INIT("release"), OUTLET }, { S_INIT("file"), OUTLET } };
    bool is_allowed;

    (void)state;
    (void)with_roles(&w);
    Str with = made(&w, rights, 2), without = made(&w, &rights[1], 1);
    ask_with(&w, with);
    w.ctx->outlet_id = OUTLET;
    OK_(identity_hooks.may(w.ctx, CAP_FILE, true, &is_allowed));
    assert_true(is_allowed && !w.ctx->is_stepped_up);
    OK_(identity_hooks.may(w.ctx, CAP_RELEASE, true, &is_allowed));
    assert_true(is_allowed && w.ctx->is_stepped_up);
    ask_with(&w, without);
    w.ctx->outlet_id = OUTLET;
    OK_(identity_hooks.may(w.ctx, CAP_RELEASE, true, &is_allowed));
    assert_false(is_allowed || w.ctx->is_stepped_up);
    world_free(&w);
}

static void a_token_changes_nothing_in_how_its_person_signs_in(void **state) {
    World w = start();
    StrList codes;
    Str token, session;

    (void)state;
    (void)with_roles(&w);
    Str mine = made(&w, &file_here, 1);
    ask_with(&w, mine);
    FAILS(token_make(w.ctx, S("more"), &file_here, 1, w.ctx->now_ms + DAY_MS, &token),
          ERR_FORBIDDEN, NULL);
    FAILS(token_end(w.ctx, w.ctx->token_id), ERR_FORBIDDEN, NULL);
    FAILS(factor_begin(w.ctx), ERR_FORBIDDEN, NULL);
    FAILS(factor_confirm(w.ctx, S("123456"), &codes), ERR_FORBIDDEN, NULL);
    FAILS(factor_codes_renew(w.ctx, &codes), ERR_FORBIDDEN, NULL);
    FAILS(factor_end(w.ctx), ERR_FORBIDDEN, NULL);
    FAILS(identity_end_other_sessions(w.ctx, STR_EMPTY), ERR_FORBIDDEN, NULL);
    FAILS(identity_end_session(w.ctx, 1), ERR_FORBIDDEN, NULL);
    FAILS(identity_password_change(w.ctx, S("x"), S("another good one"), &session), ERR_FORBIDDEN,
          NULL);
    world_free(&w);
}

static void its_use_costs_one_statement_and_is_noted_every_ten_minutes(void **state) {
    World w = start();
    Person person = with_roles(&w);
    Str token = made(&w, &file_here, 1);
    ApiTokenList list;

    (void)state;
    ask_with(&w, token);
    int64_t first_ms = w.ctx->now_ms;
    world_advance(&w, 10 * 60 * 1000 - 1);
    db_cost_reset(w.ctx->db);
    ask_with(&w, token);
    assert_int_equal(db_cost(w.ctx->db).statements, 1);
    act_as(w.ctx, &person);
    OK_(token_list(w.ctx, &list));
    assert_true(list.items[0].seen_ms == first_ms);
    world_advance(&w, 1);
    ask_with(&w, token);
    act_as(w.ctx, &person);
    OK_(token_list(w.ctx, &list));
    assert_true(list.items[0].seen_ms == w.ctx->now_ms);
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_speaks_for_its_person_until_its_day),
        cmocka_unit_test(a_token_is_revoked_by_its_person_only_and_at_once),
        cmocka_unit_test(a_token_has_bounds),
        cmocka_unit_test(a_token_may_what_was_ticked_while_its_person_may_it),
        cmocka_unit_test(a_right_of_the_alliance_can_be_narrowed_to_an_outlet),
        cmocka_unit_test(only_a_ticked_release_counts_as_stepped_up),
        cmocka_unit_test(a_token_changes_nothing_in_how_its_person_signs_in),
        cmocka_unit_test(its_use_costs_one_statement_and_is_noted_every_ten_minutes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
