/* identity_factor_test.c - the second step: what is taken, how often, and what is told. */
#include "features/identity/identity_test_world.h"

#define RIGHT S("三月里放的那只风筝")

static Person with_password(World *w, const char *login) {
    Person person;

    act_as_operator(w->ctx);
    person = add(w, login);
    OK_(password_set(w->ctx, person.id, RIGHT));
    return person;
}

static SignIn password_of(World *w, const char *login) {
    SignIn got;

    OK_(identity_sign_in(w->ctx, str_from_c(login), RIGHT, &got));
    return got;
}

static int64_t who(World *w, Str token) {
    Str csrf;

    w->ctx->actor = ACTOR_NOBODY;
    w->ctx->person_id = 0;
    OK_(identity_hooks.session(w->ctx, token, &csrf));
    return w->ctx->person_id;
}

static void it_is_on_once_a_code_of_it_was_confirmed(void **state) {
    World w = start();
    Person person = with_password(&w, "one");
    Str secret, uri, again;
    StrList codes = { 0 };
    Factor factor;

    (void)state;
    act_as(w.ctx, &person);
    FAILS(factor_secret(w.ctx, &secret, &uri), ERR_CONFLICT, NULL);
    FAILS(factor_confirm(w.ctx, S("123456"), &codes), ERR_CONFLICT, NULL);
    FAILS(factor_codes_renew(w.ctx, &codes), ERR_CONFLICT, NULL);
    FAILS(factor_end(w.ctx), ERR_CONFLICT, NULL);
    OK_(factor_begin(w.ctx));
    OK_(factor_secret(w.ctx, &secret, &uri));
    assert_int_equal(secret.len, 32);
    assert_true(str_starts(uri, S("otpauth://totp/Liandong:one?secret=")) &&
                str_contains(uri, secret) && str_ends(uri, S("&issuer=Liandong")));
    FAILS(factor_confirm(w.ctx, S("12345"), &codes), ERR_INVALID, "code");
    OK_(factor_get(w.ctx, person.id, &factor));
    assert_true(!factor.is_on && factor.is_begun && codes.len == 0);
    assert_true(password_of(&w, "one").ticket.len == 0); /* not yet asked for */
    OK_(factor_begin(w.ctx));
    OK_(factor_secret(w.ctx, &again, &uri));
    assert_false(str_eq(secret, again));
    OK_(factor_confirm(w.ctx, code_now(&w, person.id, 1), &codes)); /* a clock that is early */
    assert_int_equal(codes.len, RECOVERY_CODES);
    OK_(factor_get(w.ctx, person.id, &factor));
    assert_true(factor.is_on && factor.codes_left == RECOVERY_CODES);
    FAILS(factor_begin(w.ctx), ERR_CONFLICT, NULL);
    FAILS(factor_secret(w.ctx, &secret, &uri), ERR_CONFLICT, NULL);
    world_free(&w);
}

/* sec_56: neither seed nor recovery codes stand readable in the database. */
static void sec_56_the_seed_is_wrapped_and_codes_are_hashed(void **state) {
    World w = start();
    Person person = with_password(&w, "one");
    StrList codes;
    FactorRow row;
    Str seed;
    bool is_found;
    BoxKey other = test_box;

    (void)state;
    turn_on(&w, &person, &codes);
    OK_(identity_store_factor_get(w.ctx, person.id, &row, &is_found));
    OK_(box_open(w.ctx->arena, &test_box, S("factor"), person.id, row.sealed, &seed));
    assert_int_equal(seed.len, TOTP_SEED_BYTES);
    assert_false(str_contains(row.sealed, seed));
    DB_ROWS(rows);
    OK_(db_query(w.ctx, &rows, "SELECT id FROM recovery_code WHERE hash = $1 LIMIT 1",
                 ARGS(TXT(codes.items[0]))));
    assert_false(db_next(&rows));
    OK_(db_end(&rows));
    world_advance(&w, TOTP_STEP_MS);
    SignIn got = password_of(&w, "one");
    Str code = code_now(&w, person.id, 0), session;
    other.bytes[31] = 1;
    identity_use_box(&other); /* a lost key: a sentence, and the recovery codes still let in */
    FAILS(identity_sign_in_code(w.ctx, got.ticket, got.login, code, &session), ERR_IO, NULL);
    OK_(identity_sign_in_code(w.ctx, got.ticket, got.login, codes.items[0], &session));
    identity_use_box(&test_box);
    world_free(&w);
}

static void the_password_alone_gives_a_ticket_and_the_code_the_session(void **state) {
    World w = start();
    Person person = with_password(&w, "one");
    StrList codes;
    Str session = STR_EMPTY;

    (void)state;
    turn_on(&w, &person, &codes);
    world_advance(&w, TOTP_STEP_MS);
    int64_t sessions = world_count(&w, "session");
    SignIn got = password_of(&w, " ONE ");
    assert_true(got.session_token.len == 0 && got.ticket.len > 0 && str_eq(got.login, S("one")));
    assert_int_equal(world_count(&w, "session"), sessions);
    assert_true(who(&w, got.ticket) == 0); /* a ticket is no session */
    FAILS(identity_sign_in_code(w.ctx, got.ticket, got.login, S("000000x"), &session),
          ERR_UNAUTHENTICATED, "code");
    OK_(identity_sign_in_code(w.ctx, got.ticket, got.login, code_now(&w, person.id, 0), &session));
    assert_true(who(&w, session) == person.id && w.ctx->is_stepped_up);
    FAILS(identity_sign_in_code(w.ctx, got.ticket, got.login, codes.items[0], &session),
          ERR_UNAUTHENTICATED, "code"); /* the ticket is used up */
    world_free(&w);
}

/* RFC 6238, 5.2: one that was looked at over the shoulder opens nothing. */
static void a_code_is_taken_once_also_for_another_ticket_and_for_step_up(void **state) {
    World w = start();
    Person person = with_password(&w, "one");
    StrList codes;
    Str session, fresh;

    (void)state;
    turn_on(&w, &person, &codes);
    SignIn first = password_of(&w, "one"), second = password_of(&w, "one");
    Str used = code_now(&w, person.id, 0), next = code_now(&w, person.id, 1);
    FAILS(identity_sign_in_code(w.ctx, first.ticket, first.login, used, &session),
          ERR_UNAUTHENTICATED, "code"); /* it turned the second step on */
    OK_(identity_sign_in_code(w.ctx, first.ticket, first.login, next, &session));
    FAILS(identity_sign_in_code(w.ctx, second.ticket, second.login, next, &session),
          ERR_UNAUTHENTICATED, "code");
    assert_true(who(&w, session) == person.id);
    FAILS(identity_step_up(w.ctx, session, STR_EMPTY, next, &fresh), ERR_INVALID, "code");
    world_advance(&w, 2 * TOTP_STEP_MS);
    OK_(identity_step_up(w.ctx, session, STR_EMPTY, code_now(&w, person.id, 0), &fresh));
    assert_true(who(&w, session) == 0 && who(&w, fresh) == person.id);
    OK_(identity_step_up(w.ctx, fresh, RIGHT, STR_EMPTY, &fresh)); /* or the password */
    FAILS(identity_step_up(w.ctx, fresh, STR_EMPTY, codes.items[0], &fresh), ERR_INVALID, "code");
    world_free(&w);
}

static void a_recovery_code_works_once_and_not_for_another_person(void **state) {
    World w = start();
    Person person = with_password(&w, "one"), other = with_password(&w, "other");
    StrList codes, others, fresh;
    Factor factor;
    Str session;

    (void)state;
    turn_on(&w, &person, &codes);
    turn_on(&w, &other, &others);
    SignIn got = password_of(&w, "one");
    FAILS(identity_sign_in_code(w.ctx, got.ticket, got.login, others.items[0], &session),
          ERR_UNAUTHENTICATED, "code");
    Str typed = str_replace(w.ctx->arena, codes.items[0], S("-"), S(" "));
    OK_(identity_sign_in_code(w.ctx, got.ticket, got.login, typed, &session));
    OK_(factor_get(w.ctx, person.id, &factor));
    assert_int_equal(factor.codes_left, RECOVERY_CODES - 1);
    got = password_of(&w, "one");
    FAILS(identity_sign_in_code(w.ctx, got.ticket, got.login, codes.items[0], &session),
          ERR_UNAUTHENTICATED, "code");
    act_as(w.ctx, &person);
    OK_(factor_codes_renew(w.ctx, &fresh));
    FAILS(identity_sign_in_code(w.ctx, got.ticket, got.login, codes.items[1], &session),
          ERR_UNAUTHENTICATED, "code"); /* the old ones are worth nothing */
    OK_(identity_sign_in_code(w.ctx, got.ticket, got.login, fresh.items[1], &session));
    world_free(&w);
}

static void a_ticket_takes_five_tries_in_five_minutes_for_its_login(void **state) {
    World w = start();
    Person person = with_password(&w, "one");
    StrList codes;
    Str session = STR_EMPTY;

    (void)state;
    turn_on(&w, &person, &codes);
    (void)with_password(&w, "other");
    SignIn got = password_of(&w, "one");
    for (int i = 0; i < 9; i++) /* no try of hers: attempts are counted by the name */
        FAILS(identity_sign_in_code(w.ctx, got.ticket, S("other"), codes.items[0], &session),
              ERR_UNAUTHENTICATED, "code");
    for (int i = 0; i < TICKET_TRIES; i++)
        FAILS(identity_sign_in_code(w.ctx, got.ticket, got.login, S("0000000"), &session),
              ERR_UNAUTHENTICATED, "code");
    FAILS(identity_sign_in_code(w.ctx, got.ticket, got.login, codes.items[0], &session),
          ERR_UNAUTHENTICATED, "code");
    got = password_of(&w, "one");
    world_advance(&w, TICKET_VALID_MS);
    FAILS(identity_sign_in_code(w.ctx, got.ticket, got.login, codes.items[0], &session),
          ERR_UNAUTHENTICATED, "code");
    got = password_of(&w, "one");
    act_as_operator(w.ctx);
    OK_(password_set(w.ctx, person.id, S("another good one")));
    FAILS(identity_sign_in_code(w.ctx, got.ticket, got.login, codes.items[0], &session),
          ERR_UNAUTHENTICATED, "code"); /* it was given for the password before */
    assert_true(session.len == 0);
    world_free(&w);
}

/* Before the password is right nobody learns whether there is a second step: as much work, the same words. */
static void sec_41_a_wrong_password_tells_nothing_of_the_second_step(void **state) {
    World w = start();
    Person with = with_password(&w, "with");
    StrList codes;
    SignIn got;

    (void)state;
    turn_on(&w, &with, &codes);
    (void)with_password(&w, "without");
    db_cost_reset(w.ctx->db);
    Err a = identity_sign_in(w.ctx, S("with"), S("wrong password"), &got);
    int64_t cost = db_cost(w.ctx->db).statements;
    db_cost_reset(w.ctx->db);
    Err b = identity_sign_in(w.ctx, S("without"), S("wrong password"), &got);
    assert_true(a.code == ERR_UNAUTHENTICATED && b.code == a.code);
    assert_string_equal(a.msgid, b.msgid);
    assert_string_equal(a.field, b.field);
    assert_int_equal(db_cost(w.ctx->db).statements, cost);
    world_free(&w);
}

static void an_administrator_takes_it_away_and_the_person_sees_it(void **state) {
    World w = start();
    Person boss = with_password(&w, "boss"), person = with_password(&w, "one");
    StrList codes;
    Factor factor;

    (void)state;
    give(&w, &boss, S("管理员"), 0);
    Str session = password_of(&w, "one").session_token;
    turn_on(&w, &person, &codes);
    int64_t logged = world_count(&w, "ledger_pending"), told = world_count(&w, "event");
    act_as(w.ctx, &boss);
    OK_(factor_reset(w.ctx, person.id));
    assert_int_equal(world_count(&w, "ledger_pending"), logged + 1);
    assert_int_equal(world_count(&w, "event"), told + 1);
    FAILS(factor_reset(w.ctx, person.id), ERR_CONFLICT, NULL);
    FAILS(factor_reset(w.ctx, 99), ERR_NOT_FOUND, NULL);
    assert_true(who(&w, session) == 0); /* all sessions end */
    OK_(factor_get(w.ctx, person.id, &factor));
    assert_true(!factor.is_on && factor.reset_ms == w.ctx->now_ms && factor.codes_left == 0);
    assert_true(password_of(&w, "one").session_token.len > 0);
    turn_on(&w, &person, &codes);
    OK_(factor_get(w.ctx, person.id, &factor));
    assert_true(factor.is_on && factor.reset_ms == 0);
    OK_(factor_end(w.ctx));
    OK_(factor_get(w.ctx, person.id, &factor));
    assert_true(!factor.is_on && factor.reset_ms == 0);
    assert_true(password_of(&w, "one").session_token.len > 0);
    world_free(&w);
}

static void without_the_box_key_nothing_begins(void **state) {
    static const BoxKey none = { 0 };
    World w = start();
    Person person = with_password(&w, "one");
    bool has_wrapped;
    StrList codes;

    (void)state;
    OK_(identity_has_wrapped(w.ctx, &has_wrapped));
    assert_false(has_wrapped);
    identity_use_box(&none);
    act_as(w.ctx, &person);
    FAILS(factor_begin(w.ctx), ERR_IO, NULL);
    identity_use_box(&test_box);
    turn_on(&w, &person, &codes);
    OK_(identity_has_wrapped(w.ctx, &has_wrapped));
    assert_true(has_wrapped);
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_on_once_a_code_of_it_was_confirmed),
        cmocka_unit_test(sec_56_the_seed_is_wrapped_and_codes_are_hashed),
        cmocka_unit_test(the_password_alone_gives_a_ticket_and_the_code_the_session),
        cmocka_unit_test(a_code_is_taken_once_also_for_another_ticket_and_for_step_up),
        cmocka_unit_test(a_recovery_code_works_once_and_not_for_another_person),
        cmocka_unit_test(a_ticket_takes_five_tries_in_five_minutes_for_its_login),
        cmocka_unit_test(sec_41_a_wrong_password_tells_nothing_of_the_second_step),
        cmocka_unit_test(an_administrator_takes_it_away_and_the_person_sees_it),
        cmocka_unit_test(without_the_box_key_nothing_begins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
