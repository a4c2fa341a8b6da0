/* identity_test.c - units, persons and dated grants: the promise, with storage failing at every step. */
#include "features/identity/identity_test_world.h"

/* ---- units ---- */

static void a_unit_is_filed_once_and_found_afterwards(void **state) {
    World w = start();
    int64_t first, again, child;
    Unit unit;

    (void)state;
    OK_(unit_ensure(w.ctx, S(" 新闻中心 "), S("部门"), 0, &first));
    OK_(unit_ensure(w.ctx, S("新闻中心"), S("学院"), 0, &again));
    assert_true(first == again);
    assert_int_equal(world_count(&w, "unit"), 1);
    assert_int_equal(world_count(&w, "ledger_pending"), 1);
    OK_(unit_ensure(w.ctx, S("摄影组"), S("社团"), first, &child));
    OK_(unit_get(w.ctx, child, &unit));
    assert_true(str_eq(unit.name, S("摄影组")) && unit.parent_id == first);
    world_free(&w);
}

static void a_unit_needs_a_name_a_kind_and_a_parent_that_is_there(void **state) {
    World w = start();
    int64_t id = -1;
    Unit unit;

    (void)state;
    FAILS(unit_ensure(w.ctx, S("  "), S("部门"), 0, &id), ERR_INVALID, "name");
    FAILS(unit_ensure(w.ctx, S("a\nb"), S("部门"), 0, &id), ERR_INVALID, "name");
    FAILS(unit_ensure(w.ctx, S("\xff"), S("部门"), 0, &id), ERR_INVALID, "name");
    FAILS(unit_ensure(w.ctx, S("工会"), S("公司"), 0, &id), ERR_INVALID, "kind");
    FAILS(unit_ensure(w.ctx, S("工会"), S("部门"), 99, &id), ERR_NOT_FOUND, "parent");
    FAILS(unit_file(w.ctx, S("工会"), S("部门"), S("不存在"), &id), ERR_INVALID, "parent");
    FAILS(unit_get(w.ctx, 99, &unit), ERR_NOT_FOUND, NULL);
    assert_true(id == -1);
    assert_int_equal(world_count(&w, "unit"), 0);
    world_free(&w);
}

/* ---- persons ---- */

static void a_login_is_stored_folded_and_found_in_any_writing(void **state) {
    World w = start();
    Person person, found;

    (void)state;
    OK_(person_add(w.ctx, S(" Ｗu.Jian "), S("吴渐"), 0, &person));
    assert_true(str_eq(person.login, S("wu.jian")));
    OK_(person_by_login(w.ctx, S("WU.JIAN"), &found));
    assert_true(found.id == person.id && found.version == 1 && found.ended_ms == 0);
    FAILS(person_by_login(w.ctx, S("wu jian"), &found), ERR_NOT_FOUND, NULL);
    FAILS(person_get(w.ctx, 1, &found), ERR_NOT_FOUND, NULL);
    world_free(&w);
}

/* R2: one person, one account. */
static void sec_03_a_login_that_looks_like_another_is_refused(void **state) {
    static const char *const likes[] = { "wu.jian",        "WU.JIAN",
                                         "ｗｕ．ｊｉａｎ", "wu.j\xd1\x96\x61n",
                                         "wu.ji\xd0\xb0n", "wu.jian\xe2\x80\x8b" };
    World w = start();
    Person person = { .id = -1 };

    (void)state;
    (void)add(&w, "wu.jian");
    for (size_t i = 0; i < COUNT_OF(likes); i++)
        FAILS(person_add(w.ctx, str_from_c(likes[i]), S("吴渐"), 0, &person), ERR_CONFLICT,
              "login");
    assert_true(person.id == -1);
    assert_int_equal(world_count(&w, "person"), 1);
    assert_int_equal(world_count(&w, "ledger_pending"), 1);
    world_free(&w);
}

static void logins_and_names_have_bounds(void **state) {
    World w = start();
    Person person;
    Str forty = S("aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd");
    Str name =
        S("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十");

    (void)state;
    OK_(person_add(w.ctx, forty, name, 0, &person));
    FAILS(person_add(w.ctx, str_concat(w.ctx->arena, forty, S("e")), name, 0, &person), ERR_LIMIT,
          "login");
    FAILS(person_add(w.ctx, S("x"), str_concat(w.ctx->arena, name, S("一")), 0, &person), ERR_LIMIT,
          "name");
    FAILS(person_add(w.ctx, S(""), name, 0, &person), ERR_INVALID, "login");
    FAILS(person_add(w.ctx, S("a b"), name, 0, &person), ERR_INVALID, "login");
    FAILS(person_add(w.ctx, S("a\xe3\x80\x80\x62"), name, 0, &person), ERR_INVALID, "login");
    FAILS(person_add(w.ctx, S("a@b"), name, 0, &person), ERR_INVALID, "login");
    FAILS(person_add(w.ctx, S("\xc0\x80"), name, 0, &person), ERR_INVALID, "login");
    FAILS(person_add(w.ctx, S("x"), S(""), 0, &person), ERR_INVALID, "name");
    FAILS(person_add(w.ctx, S("x"), S("a\x07"), 0, &person), ERR_INVALID, "name");
    FAILS(person_add(w.ctx, S("x"), S("某人"), 99, &person), ERR_NOT_FOUND, "unit");
    assert_int_equal(world_count(&w, "person"), 1);
    world_free(&w);
}

static void persons_are_listed_in_reading_order_without_overlap(void **state) {
    static const char *const names[] = { "周牧", "陈既白", "方晴", "陈既白" };
    World w = start();
    PersonList page;
    Person person;
    int64_t after = 0;
    Str seen = STR_EMPTY;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        OK_(person_add(w.ctx, str_format(w.ctx->arena, "p%zu", i), str_from_c(names[i]), 0,
                       &person));
    for (;;) {
        OK_(person_list(w.ctx, after, 3, &page));
        for (size_t i = 0; i < page.len; i++)
            seen =
                str_format(w.ctx->arena, "%.*s%.*s ", STR_ARG(seen), STR_ARG(page.items[i].login));
        if (page.len < 3)
            break;
        after = page.items[page.len - 1].id;
    }
    assert_true(str_eq(seen, S("p1 p3 p2 p0 "))); /* Chen, Chen, Fang, Zhou */
    world_free(&w);
}

static void names_come_in_the_order_of_ids_also_beyond_one_statement(void **state) {
    World w = start();
    int64_t ids[70] = { 0 };
    Str names[70];
    Person person = add(&w, "one");

    (void)state;
    ids[3] = ids[33] = ids[69] = person.id;
    ids[4] = 12345;
    OK_(person_names(w.ctx, ids, COUNT_OF(ids), names));
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        assert_true(ids[i] == person.id ? str_eq(names[i], S("某人")) : names[i].len == 0);
    world_free(&w);
}

static void who_leaves_loses_every_right_and_stays_named(void **state) {
    World w = start();
    Person person = add(&w, "one");
    bool has_role;

    (void)state;
    give(&w, &person, S("指导教师"), OUTLET);
    OK_(grant_has_role(w.ctx, OUTLET, S("指导教师"), &has_role));
    assert_true(has_role);
    OK_(person_end(w.ctx, person.id));
    OK_(grant_has_role(w.ctx, OUTLET, S("指导教师"), &has_role));
    assert_false(has_role);
    FAILS(person_end(w.ctx, person.id), ERR_CONFLICT, NULL);
    FAILS(person_end(w.ctx, 99), ERR_NOT_FOUND, NULL);
    FAILS(grant_give(w.ctx, person.id, S("记者"), OUTLET, 0, 0, NULL), ERR_CONFLICT, NULL);
    OK_(person_get(w.ctx, person.id, &person));
    assert_true(person.ended_ms == w.ctx->now_ms && person.version == 2);
    world_free(&w);
}

/* ---- grants ---- */

static void a_grant_counts_from_its_first_moment_to_before_its_last(void **state) {
    World w = start();
    Person person = add(&w, "one");
    int64_t id, from_ms = w.ctx->now_ms + DAY_MS, until_ms = from_ms + DAY_MS;

    (void)state;
    OK_(grant_give(w.ctx, person.id, S("记者"), OUTLET, from_ms, until_ms, &id));
    act_as(w.ctx, &person);
    assert_false(may(&w, CAP_FILE, OUTLET));
    world_advance(&w, DAY_MS - 1);
    assert_false(may(&w, CAP_FILE, OUTLET));
    world_advance(&w, 1);
    assert_true(may(&w, CAP_FILE, OUTLET));
    assert_false(may(&w, CAP_FILE, OTHER_OUTLET));
    assert_false(may(&w, CAP_RELEASE, OUTLET));
    world_advance(&w, DAY_MS - 1);
    assert_true(may(&w, CAP_FILE, OUTLET));
    world_advance(&w, 1);
    assert_false(may(&w, CAP_FILE, OUTLET));
    world_free(&w);
}

static void an_ended_grant_gives_nothing_and_one_to_come_never_begins(void **state) {
    World w = start();
    Person person = add(&w, "one");
    int64_t now_id = give(&w, &person, S("记者"), OUTLET), later_id;

    (void)state;
    OK_(grant_give(w.ctx, person.id, S("责任编辑"), OUTLET, w.ctx->now_ms + DAY_MS, 0, &later_id));
    OK_(grant_end(w.ctx, now_id));
    OK_(grant_end(w.ctx, later_id));
    FAILS(grant_end(w.ctx, now_id), ERR_CONFLICT, NULL);
    FAILS(grant_end(w.ctx, 99), ERR_NOT_FOUND, NULL);
    act_as(w.ctx, &person);
    assert_false(may(&w, CAP_FILE, OUTLET));
    world_advance(&w, 2 * DAY_MS);
    assert_false(may(&w, CAP_FILE, OUTLET));
    world_free(&w);
}

static void roles_of_an_outlet_and_of_the_alliance_are_not_mixed(void **state) {
    World w = start();
    Person person = add(&w, "one");
    int64_t now_ms = w.ctx->now_ms;

    (void)state;
    FAILS(grant_give(w.ctx, person.id, S("记者"), 0, 0, 0, NULL), ERR_INVALID, "outlet");
    FAILS(grant_give(w.ctx, person.id, S("管理员"), OUTLET, 0, 0, NULL), ERR_INVALID, "outlet");
    FAILS(grant_give(w.ctx, person.id, S("皇帝"), OUTLET, 0, 0, NULL), ERR_INVALID, "role");
    FAILS(grant_give(w.ctx, 99, S("记者"), OUTLET, 0, 0, NULL), ERR_NOT_FOUND, NULL);
    FAILS(grant_give(w.ctx, person.id, S("记者"), OUTLET, now_ms, now_ms, NULL), ERR_INVALID,
          "until");
    OK_(grant_give(w.ctx, person.id, S("总编"), OUTLET, 0, 0, NULL));
    OK_(grant_give(w.ctx, person.id, S("总编"), 0, 0, 0, NULL));
    FAILS(grant_give(w.ctx, person.id, S("总编"), 0, 0, 0, NULL), ERR_CONFLICT, "role");
    assert_int_equal(world_count(&w, "role_grant"), 2);
    act_as(w.ctx, &person);
    assert_true(may(&w, CAP_RELEASE, OTHER_OUTLET)); /* a 总编 of the alliance */
    world_free(&w);
}

static void a_person_begins_no_grant_in_the_past(void **state) {
    World w = start();
    Person boss = add(&w, "boss"), person = add(&w, "one");

    (void)state;
    give(&w, &boss, S("登记员"), 0);
    act_as(w.ctx, &boss);
    Err err = grant_give(w.ctx, person.id, S("记者"), OUTLET, w.ctx->now_ms - 1, 0, NULL);
    assert_true(err.code == ERR_REFUSED && err.rule == 13);
    OK_(grant_give(w.ctx, person.id, S("记者"), OUTLET, w.ctx->now_ms, 0, NULL));
    world_free(&w);
}

static void the_operator_runs_the_house_and_has_no_content_rights(void **state) {
    static const Cap yes[] = { CAP_REGISTER, CAP_PEOPLE,         CAP_SETTINGS,
                               CAP_JOBS,     CAP_IMPORT_STORIES, CAP_FEEDS };
    static const Cap no[] = { CAP_FILE,     CAP_DRAFTS, CAP_RELEASE, CAP_CORRECT,
                              CAP_WITHDRAW, CAP_MEDIA,  CAP_ANSWER,  CAP_HANDOVER };
    World w = start();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(yes); i++)
        assert_true(may(&w, yes[i], OUTLET) && may(&w, yes[i], 0));
    for (size_t i = 0; i < COUNT_OF(no); i++)
        assert_false(may(&w, no[i], OUTLET) || may(&w, no[i], 0));
    w.ctx->actor = ACTOR_NOBODY;
    assert_false(may(&w, CAP_PEOPLE, 0));
    w.ctx->actor = ACTOR_JOB;
    assert_false(may(&w, CAP_PEOPLE, 0));
    world_free(&w);
}

static void an_administrator_has_no_content_rights_either(void **state) {
    World w = start();
    Person person = add(&w, "one");

    (void)state;
    give(&w, &person, S("管理员"), 0);
    act_as(w.ctx, &person);
    assert_true(may(&w, CAP_PEOPLE, 0) && may(&w, CAP_SETTINGS, 0) && may(&w, CAP_JOBS, 0));
    assert_true(may(&w, CAP_IMPORT_STORIES, OUTLET));
    assert_false(may(&w, CAP_FILE, OUTLET) || may(&w, CAP_RELEASE, OUTLET) ||
                 may(&w, CAP_DRAFTS, OUTLET));
    world_free(&w);
}

static void rights_cost_one_statement_and_name_the_role_of_least_rights(void **state) {
    World w = start();
    Person person = add(&w, "one");
    int64_t *ids;
    size_t count;
    bool is_allowed;
    Str role;

    (void)state;
    give(&w, &person, S("总编"), 0);
    give(&w, &person, S("责任编辑"), OUTLET);
    give(&w, &person, S("记者"), OUTLET);
    act_as(w.ctx, &person);
    db_cost_reset(w.ctx->db);
    OK_(identity_may(w.ctx, CAP_FILE, OUTLET, &is_allowed, &role));
    assert_true(is_allowed && str_eq(role, S("记者")));
    assert_int_equal(db_cost(w.ctx->db).statements, 1);
    OK_(identity_may(w.ctx, CAP_RELEASE, OUTLET, &is_allowed, &role));
    assert_true(str_eq(role, S("责任编辑")));
    OK_(identity_may(w.ctx, CAP_RELEASE, OTHER_OUTLET, &is_allowed, &role));
    assert_true(str_eq(role, S("总编")));
    db_cost_reset(w.ctx->db);
    OK_(identity_outlets_with(w.ctx, CAP_FILE, &ids, &count));
    assert_int_equal(db_cost(w.ctx->db).statements, 1);
    assert_true(count == 2 && ids[0] == 0 && ids[1] == OUTLET);
    world_free(&w);
}

/* Else a 登记员 could take an administrator's account over. */
static void a_registrar_has_no_power_over_administrators(void **state) {
    World w = start();
    Person admin = add(&w, "admin"), registrar = add(&w, "registrar"), person = add(&w, "one");
    int64_t admin_grant = give(&w, &admin, S("管理员"), 0), grant_id;
    Str token = STR_EMPTY;

    (void)state;
    give(&w, &registrar, S("登记员"), 0);
    act_as(w.ctx, &registrar);
    FAILS(grant_give(w.ctx, registrar.id, S("管理员"), 0, 0, 0, NULL), ERR_FORBIDDEN, NULL);
    FAILS(grant_end(w.ctx, admin_grant), ERR_FORBIDDEN, NULL);
    FAILS(person_end(w.ctx, admin.id), ERR_FORBIDDEN, NULL);
    FAILS(invitation_make(w.ctx, admin.id, &token), ERR_FORBIDDEN, NULL);
    FAILS(factor_reset(w.ctx, admin.id), ERR_FORBIDDEN, NULL);
    FAILS(password_set_encoded(w.ctx, admin.id, PASSWORD_NOBODY), ERR_FORBIDDEN, NULL);
    assert_true(token.len == 0);
    OK_(grant_give(w.ctx, person.id, S("记者"), OUTLET, 0, 0, &grant_id));
    OK_(grant_end(w.ctx, grant_id));
    OK_(invitation_make(w.ctx, person.id, &token));
    act_as(w.ctx, &admin);
    OK_(person_end(w.ctx, registrar.id));
    assert_true(str_eq(w.ctx->role, S("管理员")));
    world_free(&w);
}

static void the_first_administrator_ends_the_empty_state(void **state) {
    World w = start();
    Person person = add(&w, "one");
    bool is_empty;

    (void)state;
    give(&w, &person, S("登记员"), 0);
    OK_(identity_is_empty(w.ctx, &is_empty));
    assert_true(is_empty);
    int64_t id = give(&w, &person, S("管理员"), 0);
    OK_(grant_end(w.ctx, id)); /* "exists" means: was ever there */
    OK_(identity_is_empty(w.ctx, &is_empty));
    assert_false(is_empty);
    world_free(&w);
}

static void grants_of_an_outlet_are_listed_by_role_with_names(void **state) {
    World w = start();
    Person a = add(&w, "a"), b = add(&w, "b");
    GrantList list;

    (void)state;
    give(&w, &a, S("记者"), OUTLET);
    give(&w, &b, S("指导教师"), OUTLET);
    give(&w, &b, S("记者"), OTHER_OUTLET);
    OK_(grant_of_outlet(w.ctx, OUTLET, &list));
    assert_int_equal(list.len, 2);
    assert_true(str_eq(list.items[0].role, S("指导教师")) && list.items[0].person_id == b.id);
    assert_true(str_eq(list.items[1].person_name, S("某人")));
    OK_(grant_of_person(w.ctx, b.id, &list));
    assert_int_equal(list.len, 2);
    world_free(&w);
}

/* By what a role may, not by its name: one of the whole alliance counts too, and who has left does not. */
static void colleagues_are_found_by_capability(void **state) {
    World w = start();
    Person a = add(&w, "a"), b = add(&w, "b"), c = add(&w, "c"), d = add(&w, "d");
    ColleagueList list;

    (void)state;
    OK_(db_exec(w.ctx, "INSERT INTO role (name, scope, place) VALUES ('值班主编', 'outlet', 90)",
                NO_ARGS));
    OK_(db_exec(w.ctx,
                "INSERT INTO role_capability (role, capability) VALUES ('值班主编', 'release')",
                NO_ARGS));
    give(&w, &a, S("记者"), OUTLET);
    give(&w, &b, S("值班主编"), OUTLET);
    give(&w, &c, S("总编"), 0);
    give(&w, &c, S("责任编辑"), OUTLET);
    give(&w, &d, S("责任编辑"), OTHER_OUTLET);
    OK_(identity_colleagues(w.ctx, CAP_RELEASE, OUTLET, &list));
    assert_int_equal(list.len, 2);
    assert_true((list.items[0].id == b.id && list.items[1].id == c.id) ||
                (list.items[0].id == c.id && list.items[1].id == b.id));
    OK_(identity_colleagues(w.ctx, CAP_FILE, OUTLET, &list));
    assert_int_equal(list.len, 2); /* a and c */
    OK_(person_end(w.ctx, c.id));
    OK_(identity_colleagues(w.ctx, CAP_RELEASE, OUTLET, &list));
    assert_true(list.len == 1 && list.items[0].id == b.id);
    world_free(&w);
}

/* The word, or its plural: a feed is no fee. */
static bool has_word(Str text, Str word) {
    for (size_t at = str_find(text, word, 0); at != SIZE_MAX; at = str_find(text, word, at + 1)) {
        size_t end = at + word.len;
        end += end < text.len && text.ptr[end] == 's';
        if (end == text.len || text.ptr[end] < 'a' || text.ptr[end] > 'z')
            return true;
    }
    return false;
}

/* R4, R5, R7, R11, R12: what must not be known has no place to stand. */
static void no_column_holds_what_is_refused(void **state) {
    static const char *const refused[] = { "quota",     "fee",    "score",   "alias",
                                           "address",   "agent",  "device",  "phone",
                                           "sentiment", "points", "nickname" };
    Str sql = str_from_c(identity_migrations[0].sql);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_false(has_word(sql, str_from_c(refused[i])));
    assert_true(has_word(S("the fees, owed"), S("fee")) && has_word(S("a fee"), S("fee")));
    assert_false(has_word(S("a feed"), S("fee")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_unit_is_filed_once_and_found_afterwards),
        cmocka_unit_test(a_unit_needs_a_name_a_kind_and_a_parent_that_is_there),
        cmocka_unit_test(a_login_is_stored_folded_and_found_in_any_writing),
        cmocka_unit_test(sec_03_a_login_that_looks_like_another_is_refused),
        cmocka_unit_test(logins_and_names_have_bounds),
        cmocka_unit_test(persons_are_listed_in_reading_order_without_overlap),
        cmocka_unit_test(names_come_in_the_order_of_ids_also_beyond_one_statement),
        cmocka_unit_test(who_leaves_loses_every_right_and_stays_named),
        cmocka_unit_test(a_grant_counts_from_its_first_moment_to_before_its_last),
        cmocka_unit_test(an_ended_grant_gives_nothing_and_one_to_come_never_begins),
        cmocka_unit_test(roles_of_an_outlet_and_of_the_alliance_are_not_mixed),
        cmocka_unit_test(a_person_begins_no_grant_in_the_past),
        cmocka_unit_test(the_operator_runs_the_house_and_has_no_content_rights),
        cmocka_unit_test(an_administrator_has_no_content_rights_either),
        cmocka_unit_test(rights_cost_one_statement_and_name_the_role_of_least_rights),
        cmocka_unit_test(a_registrar_has_no_power_over_administrators),
        cmocka_unit_test(the_first_administrator_ends_the_empty_state),
        cmocka_unit_test(grants_of_an_outlet_are_listed_by_role_with_names),
        cmocka_unit_test(colleagues_are_found_by_capability),
        cmocka_unit_test(no_column_holds_what_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
