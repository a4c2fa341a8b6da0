/* identity_every_fault_test.c - each function of identity with storage failing at every step: whole, or nothing. */
#include "features/identity/identity_test_world.h"
#include "testing/faults.h"

#define RIGHT S("三月里放的那只风筝")
#define OTHER S("another good one")

enum { MANY = 70 }; /* more than one statement reads */

typedef struct Scene {
    World w;
    Person boss, chief, one; /* boss and chief hold roles of the alliance */
    int64_t unit_id;
} Scene;

static Scene scene_new(void) {
    Scene s = { .w = start() };

    OK_(unit_ensure(s.w.ctx, S("新闻中心"), S("部门"), 0, &s.unit_id));
    s.boss = add(&s.w, "boss");
    s.one = add(&s.w, "one");
    s.chief = add(&s.w, "chief");
    give(&s.w, &s.boss, S("管理员"), 0);
    give(&s.w, &s.chief, S("登记员"), 0);
    give(&s.w, &s.one, S("记者"), OUTLET);
    world_advance(&s.w, 1000);
    act_as(s.w.ctx, &s.boss);
    return s;
}

static void units_and_people(void **state) {
    Scene s = scene_new();
    Ctx *ctx = s.w.ctx;
    int64_t ids[MANY] = { [MANY - 1] = s.one.id }, id;
    Str names[MANY];
    Unit unit;
    UnitList units;
    Person person;
    PersonList people;
    bool is_empty;

    (void)state;
    WRITES(&s.w, id, unit_ensure(ctx, S("学生会"), S("社团"), 0, &id));
    WRITES(&s.w, id, unit_file(ctx, S("摄影组"), S("社团"), S("学生会"), &id));
    READS(&s.w, unit, unit_get(ctx, s.unit_id, &unit));
    READS(&s.w, units, unit_list(ctx, 0, 10, &units));
    WRITES(&s.w, person, person_add(ctx, S("two"), S("另一人"), s.unit_id, &person));
    READS(&s.w, person, person_get(ctx, s.one.id, &person));
    READS(&s.w, person, person_by_login(ctx, S("one"), &person));
    READS(&s.w, names, person_names(ctx, ids, MANY, names));
    READS(&s.w, people, person_list(ctx, 0, 10, &people));
    READS(&s.w, is_empty, identity_is_empty(ctx, &is_empty));
    WRITES(&s.w, NO_RET, person_end(ctx, s.one.id));
    world_free(&s.w);
}

static void grants_and_rights(void **state) {
    Scene s = scene_new();
    Ctx *ctx = s.w.ctx;
    int64_t outlets[] = { OUTLET }, id;
    GrantList grants;
    ColleagueList colleagues;
    OutletPersonList people;
    RoleList roles;
    bool is;
    struct {
        bool is;
        Str role;
    } may;
    struct {
        int64_t *ids;
        size_t count;
    } with;

    (void)state;
    WRITES(&s.w, id, grant_give(ctx, s.one.id, S("责任编辑"), OUTLET, 0, 0, &id));
    READS(&s.w, grants, grant_of_person(ctx, s.one.id, &grants));
    READS(&s.w, grants, grant_list_of_person(ctx, s.one.id, &grants));
    READS(&s.w, grants, grant_of_outlet(ctx, OUTLET, &grants));
    READS(&s.w, colleagues, identity_colleagues(ctx, CAP_FILE, OUTLET, &colleagues));
    READS(&s.w, is, grant_has_role(ctx, OUTLET, S("记者"), &is));
    READS(&s.w, people, grant_people_of_outlets(ctx, outlets, 1, &people));
    READS(&s.w, roles, role_list(ctx, &roles));
    READS(&s.w, may, identity_may(ctx, CAP_PEOPLE, 0, &may.is, &may.role));
    READS(&s.w, may, identity_may_anywhere(ctx, CAP_PEOPLE, &may.is, &may.role));
    READS(&s.w, is, person_has_password(ctx, s.one.id, &is));
    READS(&s.w, with, identity_outlets_with(ctx, CAP_FILE, &with.ids, &with.count));
    READS(&s.w, is, identity_hooks.may(ctx, CAP_PEOPLE, false, &is));
    READS(&s.w, is, identity_hooks.may(ctx, CAP_FILE, true, &is));
    READS(&s.w, NO_RET, identity_require_over(ctx, s.chief.id));
    READS(&s.w, NO_RET, identity_require_administrator(ctx));
    WRITES_INSIDE(&s.w, NO_RET, identity_tell(ctx, "grant.given", s.one.id, OUTLET));
    WRITES(&s.w, NO_RET, grant_end(ctx, id));
    world_free(&s.w);
}

static void passwords_and_links(void **state) {
    Scene s = scene_new();
    Ctx *ctx = s.w.ctx;
    Str token, encoded;
    Person person;
    int64_t id;

    (void)state;
    WRITES(&s.w, NO_RET, password_set(ctx, s.one.id, OTHER));
    WRITES(&s.w, token, invitation_make(ctx, s.one.id, &token));
    READS(&s.w, person, invitation_get(ctx, token, &person));
    WRITES(&s.w, id, invitation_accept(ctx, token, RIGHT, &id));
    act_as(ctx, &s.one);
    READS(&s.w, encoded, identity_password_confirm(ctx, "password", RIGHT, &encoded));
    WRITES(&s.w, token, identity_password_change(ctx, RIGHT, OTHER, &token));
    act_as(ctx, &s.boss);
    WRITES_INSIDE(&s.w, NO_RET, identity_password_put(ctx, s.one.id, encoded, S("set")));
    world_advance(&s.w, 1000);
    WRITES(&s.w, NO_RET, password_set_encoded(ctx, s.one.id, PASSWORD_NOBODY));
    world_free(&s.w);
}

static void sessions(void **state) {
    Scene s = scene_new();
    Ctx *ctx = s.w.ctx;
    Str next, other, csrf;
    SignIn got;
    SessionList list;

    (void)state;
    OK_(password_set(ctx, s.one.id, RIGHT));
    OK_(enter(ctx, S("one"), RIGHT, &other));
    OK_(enter(ctx, S("one"), RIGHT, &other));
    WRITES(&s.w, got, identity_sign_in(ctx, S("one"), RIGHT, &got));
    WRITES(&s.w, csrf, identity_hooks.session(ctx, got.session_token, &csrf)); /* its first use */
    READS(&s.w, csrf, identity_hooks.session(ctx, got.session_token, &csrf));
    act_as(ctx, &s.one);
    READS(&s.w, list, identity_sessions(ctx, got.session_token, &list));
    assert_int_equal(list.len, 3);
    WRITES(&s.w, next, identity_step_up(ctx, got.session_token, RIGHT, STR_EMPTY, &next));
    WRITES(&s.w, NO_RET, identity_end_session(ctx, list.items[list.items[0].is_current].id));
    WRITES(&s.w, NO_RET, identity_end_other_sessions(ctx, next));
    WRITES(&s.w, NO_RET, identity_sign_out(ctx, next));
    world_free(&s.w);
}

static void tokens(void **state) {
    Scene s = scene_new();
    Ctx *ctx = s.w.ctx;
    const Right right = { S("file"), OUTLET };
    RightList rights;
    ApiTokenList list;
    Str token;

    (void)state;
    act_as(ctx, &s.one);
    READS(&s.w, rights, identity_rights(ctx, &rights));
    WRITES(&s.w, token, token_make(ctx, S("cron"), &right, 1, ctx->now_ms + DAY_MS, &token));
    WRITES(&s.w, NO_RET, identity_hooks.bearer(ctx, token)); /* notes its first use */
    READS(&s.w, NO_RET, identity_bearer(ctx, token));
    READS(&s.w, list, token_list(ctx, &list));
    assert_true(list.len == 1 && list.items[0].seen_ms > 0);
    WRITES(&s.w, NO_RET, token_end(ctx, list.items[0].id));
    world_free(&s.w);
}

static Str next_code(World *w, const Person *person) {
    world_advance(w, TOTP_STEP_MS); /* each is taken once */
    return code_now(w, person->id, 0);
}

static void second_step(void **state) {
    Scene s = scene_new();
    Ctx *ctx = s.w.ctx;
    StrList codes;
    Factor factor;
    bool is;
    struct {
        Str secret, uri;
    } shown;

    (void)state;
    act_as(ctx, &s.one);
    WRITES(&s.w, NO_RET, factor_begin(ctx));
    READS(&s.w, shown, factor_secret(ctx, &shown.secret, &shown.uri));
    Str code = next_code(&s.w, &s.one);
    WRITES(&s.w, codes, factor_confirm(ctx, code, &codes));
    READS(&s.w, factor, factor_get(ctx, s.one.id, &factor));
    assert_true(factor.is_on && factor.codes_left == RECOVERY_CODES);
    READS(&s.w, is, identity_has_wrapped(ctx, &is));
    code = next_code(&s.w, &s.one);
    WRITES_INSIDE(&s.w, is, identity_factor_code(ctx, s.one.id, code, &is));
    READS(&s.w, is, identity_factor_code(ctx, s.one.id, code, &is)); /* used */
    assert_false(is);
    WRITES(&s.w, codes, factor_codes_renew(ctx, &codes));
    WRITES(&s.w, NO_RET, factor_end(ctx));
    turn_on(&s.w, &s.one, &codes);
    act_as(ctx, &s.boss);
    WRITES(&s.w, NO_RET, factor_reset(ctx, s.one.id));
    world_free(&s.w);
}

static void signing_in_by_code(void **state) {
    Scene s = scene_new();
    Ctx *ctx = s.w.ctx;
    SignIn got, again;
    Str token, next;
    StrList codes;

    (void)state;
    OK_(password_set(ctx, s.one.id, RIGHT));
    turn_on(&s.w, &s.one, &codes);
    act_as_operator(ctx);
    OK_(identity_sign_in(ctx, S("one"), RIGHT, &again));
    WRITES(&s.w, got, identity_sign_in(ctx, S("one"), RIGHT, &got));
    assert_true(got.ticket.len && !got.session_token.len);
    Str code = next_code(&s.w, &s.one);
    /* The try is counted in a commit of its own; within one transaction it is seen that nothing else stays. */
    WRITES_INSIDE(&s.w, token, identity_sign_in_code(ctx, got.ticket, got.login, code, &token));
    WRITES_INSIDE(&s.w, token,
                  identity_sign_in_code(ctx, again.ticket, again.login, codes.items[0], &token));
    act_as(ctx, &s.one);
    code = next_code(&s.w, &s.one);
    WRITES(&s.w, next, identity_step_up(ctx, token, STR_EMPTY, code, &next));
    world_free(&s.w);
}

static void kept_answers(void **state) {
    Scene s = scene_new();
    Ctx *ctx = s.w.ctx;
    struct {
        bool is_found;
        int status;
        Str type, location, body;
    } kept;

    (void)state;
    WRITES_INSIDE(&s.w, NO_RET,
                  identity_hooks.key_store(ctx, S("key"), S("POST /x"), S("hash"), 201,
                                           S("text/plain"), S("/x/1"), S("made")));
    READS(&s.w, kept,
          identity_hooks.key_find(ctx, S("key"), S("POST /x"), S("hash"), &kept.is_found,
                                  &kept.status, &kept.type, &kept.location, &kept.body));
    assert_true(kept.is_found && kept.status == 201);
    world_free(&s.w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_and_people),
        cmocka_unit_test(grants_and_rights),
        cmocka_unit_test(passwords_and_links),
        cmocka_unit_test(sessions),
        cmocka_unit_test(tokens),
        cmocka_unit_test(second_step),
        cmocka_unit_test(signing_in_by_code),
        cmocka_unit_test(kept_answers),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("identity");
    return failed;
}
