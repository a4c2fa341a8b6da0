/* identity_access_test.c - what lets people in: passwords, sessions, links, repeated keys. */
#include "features/identity/identity_test_world.h"

#define RIGHT S("三月里放的那只风筝")

static Person with_password(World *w, const char *login) {
    Person person = add(w, login);

    OK_(password_set(w->ctx, person.id, RIGHT));
    return person;
}

static Str signed_in(World *w, const char *login) {
    Str token;

    OK_(enter(w->ctx, str_from_c(login), RIGHT, &token));
    return token;
}

/* Who the hook says asks with this token, as a request would: nobody at first. */
static int64_t who(World *w, Str token, Str *ret_csrf) {
    Str csrf = STR_EMPTY;

    w->ctx->actor = ACTOR_NOBODY;
    w->ctx->person_id = 0;
    w->ctx->is_stepped_up = false;
    OK_(identity_hooks.session(w->ctx, token, &csrf));
    assert_true((w->ctx->actor == ACTOR_PERSON) == (csrf.len > 0));
    if (ret_csrf)
        *ret_csrf = csrf;
    return w->ctx->person_id;
}

/* ---- signing in ---- */

static void sign_in_gives_a_session_of_which_only_the_hash_is_stored(void **state) {
    World w = start();
    Person person = with_password(&w, "one");
    Str first = signed_in(&w, " ONE "), second = signed_in(&w, "one");
    DB_ROWS(rows);

    (void)state;
    assert_false(str_eq(first, second));
    assert_true(who(&w, first, NULL) == person.id && who(&w, second, NULL) == person.id);
    assert_true(w.ctx->is_stepped_up && str_eq(w.ctx->person_name, S("某人")));
    OK_(db_query(w.ctx, &rows, "SELECT id FROM session WHERE hash = $1 OR hash = $2",
                 ARGS(TXT(first), TXT(second))));
    assert_false(db_next(&rows));
    OK_(db_end(&rows));
    world_free(&w);
}

/* The same work and the same words, whether the name, the password or the account is missing. */
static void sec_41_a_failed_sign_in_tells_nothing_and_always_hashes_once(void **state) {
    World w = start();
    Person left = with_password(&w, "left");
    Str token = STR_EMPTY;
    const char *first = NULL;

    (void)state;
    (void)with_password(&w, "one");
    (void)add(&w, "invited");
    OK_(person_end(w.ctx, left.id));
    const struct {
        Str login, password;
    } cases[] = {
        { S("one"), S("wrong password") },
        { S("nobody"), RIGHT },
        { S("left"), RIGHT },
        { S("invited"), RIGHT },
        { S("not a login"), RIGHT },
        { S(""), RIGHT },
        { S("\xff"), RIGHT },
        { S("one"), S("") },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t before = identity_gate_count();
        db_cost_reset(w.ctx->db);
        Err err = enter(w.ctx, cases[i].login, cases[i].password, &token);
        assert_int_equal(err.code, ERR_UNAUTHENTICATED);
        assert_int_equal(identity_gate_count() - before, 1);
        assert_int_equal(db_cost(w.ctx->db).statements, 1);
        first = first ? first : err.msgid;
        assert_string_equal(err.msgid, first);
    }
    assert_true(token.len == 0);
    assert_int_equal(world_count(&w, "session"), 0);
    world_free(&w);
}

static void passwords_have_bounds(void **state) {
    World w = start();
    Person person = add(&w, "long.login");
    Str many = S("一二三四五六七八一二三四五六七八一二三四五六七八一二三四五六七八");
    Str most = str_concat(w.ctx->arena, str_concat(w.ctx->arena, many, many),
                          str_concat(w.ctx->arena, many, many)); /* 128 characters */
    Str token;

    (void)state;
    FAILS(password_set(w.ctx, person.id, S("七个字的口令呀")), ERR_INVALID, "password");
    FAILS(password_set(w.ctx, person.id, str_concat(w.ctx->arena, most, S("a"))), ERR_LIMIT,
          "password");
    FAILS(password_set(w.ctx, person.id, S("Long.Login")), ERR_INVALID, "password");
    FAILS(password_set(w.ctx, person.id, S("abcdefg\xff")), ERR_INVALID, "password");
    FAILS(password_set(w.ctx, 99, RIGHT), ERR_NOT_FOUND, NULL);
    FAILS(password_set_encoded(w.ctx, person.id, S("plain text")), ERR_INVALID, "password");
    assert_int_equal(world_count(&w, "credential"), 0);
    OK_(password_set(w.ctx, person.id, S("八个字的口令好了")));
    OK_(password_set(w.ctx, person.id, most));
    OK_(enter(w.ctx, S("long.login"), most, &token));
    /* é typed as one letter or as e with an accent is the same word */
    OK_(password_set(w.ctx, person.id, S("caf\xc3\xa9 noir")));
    OK_(enter(w.ctx, S("long.login"), S("cafe\xcc\x81 noir"), &token));
    world_free(&w);
}

static void a_password_hashed_at_another_cost_is_hashed_anew_when_it_is_given(void **state) {
    World w = start();
    Person person = add(&w, "one");
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    PasswordGate *gate = password_gate_new(arena, 1, 1);
    CredentialRow row;
    Str old;
    bool is_found;

    (void)state;
    OK_(password_hash(gate, w.ctx->arena, w.ctx->chance, (PasswordCost){ 8 << 20, 1 }, RIGHT,
                      &old));
    OK_(password_set_encoded(w.ctx, person.id, old));
    (void)signed_in(&w, "one");
    OK_(identity_store_credential_get(w.ctx, person.id, &row, &is_found));
    assert_true(identity_gate_is_current(w.ctx, row.encoded));
    (void)signed_in(&w, "one");
    world_free(&w);
}

/* ---- sessions ---- */

static void reading_a_session_costs_one_statement_and_notes_its_use_every_ten_minutes(
    void **state) {
    World w = start();
    Person person = with_password(&w, "one");
    Str token = signed_in(&w, "one");

    (void)state;
    assert_true(who(&w, token, NULL) == person.id);
    assert_int_equal(world_count(&w, "session_seen"), 1);
    for (int minute = 1; minute < 10; minute++) {
        world_advance(&w, 60 * 1000);
        db_cost_reset(w.ctx->db);
        assert_true(who(&w, token, NULL) == person.id);
        assert_int_equal(db_cost(w.ctx->db).statements, 1);
    }
    world_advance(&w, 60 * 1000);
    db_cost_reset(w.ctx->db);
    assert_true(who(&w, token, NULL) == person.id);
    assert_int_equal(db_cost(w.ctx->db).statements, 2);
    world_free(&w);
}

/* Many people at once: one's use does not make another's be written again. */
static void the_notes_of_several_sessions_do_not_displace_one_another(void **state) {
    World w = start();
    Str tokens[8];

    (void)state;
    (void)with_password(&w, "one");
    for (size_t i = 0; i < COUNT_OF(tokens); i++) {
        world_advance(&w, 137);
        tokens[i] = signed_in(&w, "one");
        (void)who(&w, tokens[i], NULL);
    }
    db_cost_reset(w.ctx->db);
    for (size_t i = 0; i < COUNT_OF(tokens); i++)
        assert_true(who(&w, tokens[i], NULL) != 0);
    assert_true(db_cost(w.ctx->db).statements <= (int64_t)COUNT_OF(tokens) + 1);
    world_free(&w);
}

static void sec_37_a_session_ends_when_idle_and_in_any_case_after_seven_days(void **state) {
    World w = start();
    Person person = with_password(&w, "one");
    Str idle = signed_in(&w, "one"), busy = signed_in(&w, "one");
    int64_t from_ms = w.ctx->now_ms;

    (void)state;
    assert_true(who(&w, idle, NULL) == person.id && who(&w, busy, NULL) == person.id);
    world_advance(&w, 6 * HOUR_MS);
    assert_true(who(&w, busy, NULL) == person.id);
    world_advance(&w, 6 * HOUR_MS - 1);
    assert_true(who(&w, busy, NULL) == person.id);
    world_advance(&w, 1);
    assert_true(who(&w, idle, NULL) == 0); /* twelve hours without a request */
    assert_true(who(&w, busy, NULL) == person.id);
    while (w.ctx->now_ms + 6 * HOUR_MS < from_ms + 7 * DAY_MS) {
        world_advance(&w, 6 * HOUR_MS);
        assert_true(who(&w, busy, NULL) == person.id);
    }
    world_advance(&w, from_ms + 7 * DAY_MS - 1 - w.ctx->now_ms);
    assert_true(who(&w, busy, NULL) == person.id);
    world_advance(&w, 1);
    assert_true(who(&w, busy, NULL) == 0);
    world_free(&w);
}

static void a_session_ends_with_its_sign_out_its_password_and_its_person(void **state) {
    World w = start();
    Person person = with_password(&w, "one");
    Str token = signed_in(&w, "one");

    (void)state;
    OK_(identity_sign_out(w.ctx, token));
    assert_true(who(&w, token, NULL) == 0);
    token = signed_in(&w, "one");
    OK_(password_set(w.ctx, person.id, RIGHT));
    assert_true(who(&w, token, NULL) == 0);
    token = signed_in(&w, "one");
    OK_(person_end(w.ctx, person.id));
    assert_true(who(&w, token, NULL) == 0);
    assert_true(who(&w, S("no such token"), NULL) == 0 && who(&w, STR_EMPTY, NULL) == 0);
    world_free(&w);
}

static void the_csrf_token_belongs_to_the_session(void **state) {
    World w = start();
    Str first, again, other;

    (void)state;
    (void)with_password(&w, "one");
    Str a = signed_in(&w, "one"), b = signed_in(&w, "one");
    (void)who(&w, a, &first);
    (void)who(&w, a, &again);
    (void)who(&w, b, &other);
    assert_true(str_eq(first, again) && !str_eq(first, other) && !str_contains(first, a));
    world_free(&w);
}

static void sec_37_step_up_renews_the_token_and_lasts_fifteen_minutes(void **state) {
    World w = start();
    Person person = with_password(&w, "one");
    Str old = signed_in(&w, "one"), fresh = STR_EMPTY;

    (void)state;
    world_advance(&w, 15 * 60 * 1000 - 1);
    assert_true(who(&w, old, NULL) == person.id && w.ctx->is_stepped_up);
    world_advance(&w, 1);
    assert_true(who(&w, old, NULL) == person.id && !w.ctx->is_stepped_up);
    FAILS(identity_step_up(w.ctx, old, S("wrong password"), STR_EMPTY, &fresh), ERR_INVALID,
          "password");
    assert_true(fresh.len == 0);
    OK_(identity_step_up(w.ctx, old, RIGHT, STR_EMPTY, &fresh));
    assert_true(who(&w, old, NULL) == 0);
    assert_true(who(&w, fresh, NULL) == person.id && w.ctx->is_stepped_up);
    world_free(&w);
}

static void another_role_asks_for_the_password_again(void **state) {
    World w = start();
    Person person = with_password(&w, "one");
    Str token = signed_in(&w, "one");
    int64_t id = give(&w, &person, S("记者"), OUTLET);

    (void)state;
    assert_true(who(&w, token, NULL) == person.id && !w.ctx->is_stepped_up);
    OK_(identity_step_up(w.ctx, token, RIGHT, STR_EMPTY, &token));
    act_as_operator(w.ctx);
    OK_(grant_end(w.ctx, id));
    assert_true(who(&w, token, NULL) == person.id && !w.ctx->is_stepped_up);
    world_free(&w);
}

static void ones_own_sessions_are_listed_and_the_others_ended(void **state) {
    World w = start();
    Person person = with_password(&w, "one");
    Str here = signed_in(&w, "one"), there = signed_in(&w, "one");
    SessionList list;

    (void)state;
    assert_true(who(&w, here, NULL) == person.id);
    OK_(identity_sessions(w.ctx, here, &list));
    assert_int_equal(list.len, 2);
    assert_true(list.items[0].is_current != list.items[1].is_current);
    Str third = signed_in(&w, "one");
    OK_(identity_sessions(w.ctx, third, &list));
    for (size_t i = 0; i < list.len; i++)
        if (list.items[i].is_current)
            OK_(identity_end_session(w.ctx, list.items[i].id));
    assert_true(who(&w, third, NULL) == 0 && who(&w, there, NULL) == person.id);
    FAILS(identity_end_session(w.ctx, 99), ERR_NOT_FOUND, NULL);
    Person other = add(&w, "other");
    OK_(identity_sessions(w.ctx, here, &list));
    act_as(w.ctx, &other);
    FAILS(identity_end_session(w.ctx, list.items[0].id), ERR_NOT_FOUND, NULL); /* not one's own */
    act_as(w.ctx, &person);
    OK_(identity_end_other_sessions(w.ctx, here));
    assert_true(who(&w, there, NULL) == 0);
    assert_true(who(&w, here, NULL) == person.id);
    world_free(&w);
}

static void changing_ones_password_needs_the_old_one_and_goes_on_in_a_new_session(void **state) {
    World w = start();
    Person person = with_password(&w, "one");
    Str here = signed_in(&w, "one"), there = signed_in(&w, "one"), fresh = STR_EMPTY, token;

    (void)state;
    assert_true(who(&w, here, NULL) == person.id);
    FAILS(identity_password_change(w.ctx, S("wrong password"), S("another good one"), &fresh),
          ERR_INVALID, "old");
    FAILS(identity_password_change(w.ctx, RIGHT, S("short"), &fresh), ERR_INVALID, "password");
    assert_true(fresh.len == 0);
    OK_(identity_password_change(w.ctx, RIGHT, S("another good one"), &fresh));
    assert_true(who(&w, here, NULL) == 0 && who(&w, there, NULL) == 0);
    assert_true(who(&w, fresh, NULL) == person.id);
    FAILS(enter(w.ctx, S("one"), RIGHT, &token), ERR_UNAUTHENTICATED, "password");
    OK_(enter(w.ctx, S("one"), S("another good one"), &token));
    world_free(&w);
}

/* ---- links ---- */

static void a_link_sets_a_password_once(void **state) {
    World w = start();
    Person person = add(&w, "one"), found;
    Str token, session;
    int64_t id = -1;

    (void)state;
    OK_(invitation_make(w.ctx, person.id, &token));
    w.ctx->actor = ACTOR_NOBODY;
    OK_(invitation_get(w.ctx, token, &found));
    assert_true(found.id == person.id);
    FAILS(invitation_accept(w.ctx, token, S("short"), &id), ERR_INVALID, "password");
    assert_true(id == -1);
    OK_(invitation_accept(w.ctx, token, RIGHT, &id));
    assert_true(id == person.id);
    OK_(enter(w.ctx, S("one"), RIGHT, &session));
    FAILS(invitation_accept(w.ctx, token, RIGHT, &id), ERR_GONE, NULL);
    FAILS(invitation_get(w.ctx, token, &found), ERR_GONE, NULL);
    FAILS(invitation_get(w.ctx, S("AAAAAAAAAAAAAAAAAAAAAA"), &found), ERR_NOT_FOUND, NULL);
    FAILS(invitation_get(w.ctx, STR_EMPTY, &found), ERR_NOT_FOUND, NULL);
    world_free(&w);
}

static void a_link_dies_after_72_hours_with_the_next_one_and_with_its_person(void **state) {
    World w = start();
    Person person = add(&w, "one"), found;
    Str first, second, third;

    (void)state;
    OK_(invitation_make(w.ctx, person.id, &first));
    world_advance(&w, 72 * HOUR_MS - 1);
    OK_(invitation_get(w.ctx, first, &found));
    world_advance(&w, 1);
    FAILS(invitation_get(w.ctx, first, &found), ERR_GONE, NULL);
    OK_(invitation_make(w.ctx, person.id, &first));
    OK_(invitation_make(w.ctx, person.id, &second));
    FAILS(invitation_get(w.ctx, first, &found), ERR_GONE, NULL);
    OK_(invitation_get(w.ctx, second, &found));
    OK_(person_end(w.ctx, person.id));
    FAILS(invitation_get(w.ctx, second, &found), ERR_GONE, NULL);
    FAILS(invitation_make(w.ctx, person.id, &third), ERR_CONFLICT, NULL);
    FAILS(invitation_make(w.ctx, 99, &third), ERR_NOT_FOUND, NULL);
    world_free(&w);
}

/* ---- repeated keys ---- */

static Err find_key(World *w, Str key, Str hash, bool *ret_found, Str *ret_body) {
    Str type, location;
    int status;

    return identity_hooks.key_find(w->ctx, key, S("POST /x"), hash, ret_found, &status, &type,
                                   &location, ret_body);
}

static void a_repeated_key_answers_the_same_to_the_same_person_for_a_day(void **state) {
    World w = start();
    Person one = add(&w, "one"), two = add(&w, "two");
    bool is_found;
    Str body;

    (void)state;
    act_as(w.ctx, &one);
    OK_(find_key(&w, S("k"), S("aa"), &is_found, &body));
    assert_false(is_found);
    OK_(identity_hooks.key_store(w.ctx, S("k"), S("POST /x"), S("aa"), 201, S("text/plain"),
                                 S("/y"), STR_EMPTY));
    OK_(identity_hooks.key_store(w.ctx, S("k2"), S("POST /x"), S("aa"), 201, S("text/plain"),
                                 S("/y"), S("made")));
    FAILS(identity_hooks.key_store(w.ctx, S("k"), S("POST /x"), S("aa"), 201, S(""), S(""), S("")),
          ERR_CONFLICT, "idempotency_key");
    OK_(find_key(&w, S("k2"), S("aa"), &is_found, &body));
    assert_true(is_found && str_eq(body, S("made")));
    FAILS(find_key(&w, S("k"), S("bb"), &is_found, &body), ERR_INVALID, "idempotency_key");
    act_as(w.ctx, &two);
    OK_(find_key(&w, S("k"), S("aa"), &is_found, &body));
    assert_false(is_found);
    act_as(w.ctx, &one);
    world_advance(&w, DAY_MS);
    OK_(find_key(&w, S("k"), S("aa"), &is_found, &body));
    assert_false(is_found);
    OK_(identity_hooks.key_store(w.ctx, S("k"), S("POST /x"), S("aa"), 201, S(""), S(""), S("")));
    assert_int_equal(world_count(&w, "idempotency"), 1); /* old ones went */
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sign_in_gives_a_session_of_which_only_the_hash_is_stored),
        cmocka_unit_test(sec_41_a_failed_sign_in_tells_nothing_and_always_hashes_once),
        cmocka_unit_test(passwords_have_bounds),
        cmocka_unit_test(a_password_hashed_at_another_cost_is_hashed_anew_when_it_is_given),
        cmocka_unit_test(reading_a_session_costs_one_statement_and_notes_its_use_every_ten_minutes),
        cmocka_unit_test(the_notes_of_several_sessions_do_not_displace_one_another),
        cmocka_unit_test(sec_37_a_session_ends_when_idle_and_in_any_case_after_seven_days),
        cmocka_unit_test(a_session_ends_with_its_sign_out_its_password_and_its_person),
        cmocka_unit_test(the_csrf_token_belongs_to_the_session),
        cmocka_unit_test(sec_37_step_up_renews_the_token_and_lasts_fifteen_minutes),
        cmocka_unit_test(another_role_asks_for_the_password_again),
        cmocka_unit_test(ones_own_sessions_are_listed_and_the_others_ended),
        cmocka_unit_test(changing_ones_password_needs_the_old_one_and_goes_on_in_a_new_session),
        cmocka_unit_test(a_link_sets_a_password_once),
        cmocka_unit_test(a_link_dies_after_72_hours_with_the_next_one_and_with_its_person),
        cmocka_unit_test(a_repeated_key_answers_the_same_to_the_same_person_for_a_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
