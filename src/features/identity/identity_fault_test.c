/* identity_fault_test.c - each act with storage failing at every step: all of it is stored, or nothing. */
#include "features/identity/identity_test_world.h"

#define RIGHT S("三月里放的那只风筝")

enum { TICKETS = 40 };

/* What stands there before the act under test. */
typedef struct Scene {
    World w;
    Person boss, person, guarded; /* the last with a second step and a token */
    int64_t grant_id, token_id;
    Str link, session, guarded_session;
    StrList codes;
    Str code, begun_code; /* by time, of the guarded one and of who is about to turn it on */
    Str tickets[TICKETS]; /* each takes only a few tries, failed ones too */
    size_t ticket;
} Scene;

typedef Err (*Act)(Scene *scene);

static Err file_unit(Scene *s) {
    int64_t id;
    return unit_ensure(s->w.ctx, S("新闻中心"), S("部门"), 0, &id);
}

static Err add_person(Scene *s) {
    Person person;
    return person_add(s->w.ctx, S("another"), S("另一人"), 0, &person);
}

static Err end_person(Scene *s) {
    return person_end(s->w.ctx, s->person.id);
}

static Err give_grant(Scene *s) {
    return grant_give(s->w.ctx, s->person.id, S("总编"), 0, 0, 0, NULL);
}

static Err end_grant(Scene *s) {
    return grant_end(s->w.ctx, s->grant_id);
}

static Err set_password(Scene *s) {
    return password_set_encoded(s->w.ctx, s->person.id, PASSWORD_NOBODY);
}

static Err make_link(Scene *s) {
    Str token;
    return invitation_make(s->w.ctx, s->person.id, &token);
}

static Err accept_link(Scene *s) {
    int64_t id;
    return invitation_accept(s->w.ctx, s->link, S("another good one"), &id);
}

static Err change_password(Scene *s) {
    Str token;
    act_as(s->w.ctx, &s->person);
    return identity_password_change(s->w.ctx, RIGHT, S("another good one"), &token);
}

static Err make_token(Scene *s) {
    static const Right rights[] = { { S_INIT("file"), OUTLET }, { S_INIT("drafts"), OUTLET } };
    Str token;
    act_as(s->w.ctx, &s->person);
    return token_make(s->w.ctx, S("cron"), rights, COUNT_OF(rights), s->w.ctx->now_ms + DAY_MS,
                      &token);
}

static Err end_token(Scene *s) {
    act_as(s->w.ctx, &s->guarded);
    return token_end(s->w.ctx, s->token_id);
}

static Err set_factor(Scene *s) {
    StrList codes;
    act_as(s->w.ctx, &s->person);
    return factor_confirm(s->w.ctx, s->begun_code, &codes);
}

static Err renew_codes(Scene *s) {
    StrList codes;
    act_as(s->w.ctx, &s->guarded);
    return factor_codes_renew(s->w.ctx, &codes);
}

static Err end_factor(Scene *s) {
    act_as(s->w.ctx, &s->guarded);
    return factor_end(s->w.ctx);
}

static Err reset_factor(Scene *s) {
    act_as(s->w.ctx, &s->boss);
    return factor_reset(s->w.ctx, s->guarded.id);
}

static Err sign_in_to_ticket(Scene *s) {
    SignIn got;
    return identity_sign_in(s->w.ctx, S("two"), RIGHT, &got);
}

static Str next_ticket(Scene *s) {
    assert_true(s->ticket < TICKETS);
    return s->tickets[s->ticket++];
}

static Err sign_in_by_code(Scene *s) {
    Str token;
    return identity_sign_in_code(s->w.ctx, next_ticket(s), S("two"), s->code, &token);
}

static Err sign_in_by_recovery(Scene *s) {
    Str token;
    return identity_sign_in_code(s->w.ctx, next_ticket(s), S("two"), s->codes.items[3], &token);
}

static Err step_up_by_code(Scene *s) {
    Str token;
    act_as(s->w.ctx, &s->guarded);
    return identity_step_up(s->w.ctx, s->guarded_session, STR_EMPTY, s->code, &token);
}

static Err sign_in(Scene *s) {
    Str token;
    return enter(s->w.ctx, S("one"), RIGHT, &token);
}

static Err step_up(Scene *s) {
    Str token;
    act_as(s->w.ctx, &s->person);
    return identity_step_up(s->w.ctx, s->session, RIGHT, STR_EMPTY, &token);
}

/* RIGHT hashed once for the whole run: Argon2id is slow on purpose. */
static Str encoded_right(Ctx *ctx) {
    static Arena *arena;
    static Str encoded;

    if (!arena) {
        Str made;
        arena = arena_new(0);
        OK_(identity_gate_hash(ctx, RIGHT, &made));
        encoded = str_dup(arena, made);
    }
    return encoded;
}

/* A person with a second step, a token, a session and tickets for more. */
static void make_guarded(Scene *s) {
    static const Right right = { S_INIT("file"), OUTLET };
    Ctx *ctx = s->w.ctx;
    CredentialRow row;
    ApiTokenList list;
    bool is_found;
    Str token;

    s->guarded = add(&s->w, "two");
    give(&s->w, &s->guarded, S("记者"), OUTLET);
    OK_(password_set_encoded(ctx, s->guarded.id, encoded_right(ctx)));
    OK_(enter(ctx, S("two"), RIGHT, &s->guarded_session));
    turn_on(&s->w, &s->guarded, &s->codes);
    OK_(token_make(ctx, S("cron"), &right, 1, ctx->now_ms + DAY_MS, &token));
    OK_(token_list(ctx, &list));
    s->token_id = list.items[0].id;
    OK_(identity_store_credential_get(ctx, s->guarded.id, &row, &is_found));
    for (size_t i = 0; i < TICKETS; i++)
        OK_(identity_ticket_make(ctx, &row, row.encoded, &s->tickets[i]));
}

static Scene scene_new(void) {
    Scene s = { .w = start() };

    s.boss = add(&s.w, "boss");
    s.person = add(&s.w, "one");
    give(&s.w, &s.boss, S("管理员"), 0);
    s.grant_id = give(&s.w, &s.person, S("记者"), OUTLET);
    OK_(password_set_encoded(s.w.ctx, s.person.id, encoded_right(s.w.ctx)));
    OK_(enter(s.w.ctx, S("one"), RIGHT, &s.session));
    OK_(invitation_make(s.w.ctx, s.person.id, &s.link));
    make_guarded(&s);
    act_as(s.w.ctx, &s.person);
    OK_(factor_begin(s.w.ctx));
    world_advance(&s.w, 31 * 1000); /* another step than the one that turned it on */
    s.code = code_now(&s.w, s.guarded.id, 0);
    s.begun_code = code_now(&s.w, s.person.id, 0);
    act_as(s.w.ctx, &s.boss);
    return s;
}

/* Everything an act can change, as one text. */
static Str everything(Ctx *ctx) {
    Str out = STR_EMPTY;
    DB_ROWS(rows);

    OK_(db_query(
        ctx, &rows,
        "SELECT (SELECT COUNT(*) FROM unit), (SELECT COUNT(*) FROM person),"
        " (SELECT COUNT(*) FROM person WHERE ended_ms > 0), (SELECT COUNT(*) FROM role_grant),"
        " (SELECT COUNT(*) FROM role_grant WHERE until_ms > 0), (SELECT COUNT(*) FROM session),"
        " (SELECT COUNT(*) FROM session WHERE ended_ms > 0),"
        " (SELECT COUNT(*) FROM session WHERE stepped_up_ms = 0),"
        " (SELECT COUNT(*) FROM invitation), (SELECT COUNT(*) FROM invitation WHERE ended_ms > 0),"
        " (SELECT COUNT(*) FROM api_token), (SELECT COUNT(*) FROM ledger_pending),"
        " (SELECT COUNT(*) FROM api_token WHERE ended_ms > 0), (SELECT COUNT(*) FROM token_right),"
        " (SELECT COUNT(*) FROM factor WHERE confirmed_ms > 0),"
        " (SELECT COALESCE(MAX(last_step), 0) FROM factor),"
        " (SELECT COALESCE(MAX(stepped_up_ms), 0) FROM session),"
        " (SELECT COUNT(*) FROM recovery_code),"
        " (SELECT COUNT(*) FROM recovery_code WHERE used_ms > 0),"
        " (SELECT COUNT(*) FROM signin_ticket),"
        " (SELECT COALESCE(MAX(hash), '') FROM recovery_code),"
        " (SELECT COALESCE(MAX(hash), '') FROM session),"
        " (SELECT COALESCE(MAX(encoded), '') FROM credential)",
        NO_ARGS));
    assert_true(db_next(&rows));
    for (int i = 0; i < 20; i++)
        out = str_format(ctx->arena, "%.*s%lld ", STR_ARG(out), (long long)db_int(&rows, i));
    for (int i = 20; i < 23; i++)
        out = str_format(ctx->arena, "%.*s%.*s ", STR_ARG(out), STR_ARG(db_text(&rows, i)));
    OK_(db_end(&rows));
    return out;
}

/* Fails the 1st, 2nd, 3rd ... storage call until none is left; returns how many failures there were. */
static int all_or_nothing(Act act, int entries) {
    Scene s = scene_new(); /* a failed act leaves it as it was, so one serves all steps */
    Ctx *ctx = s.w.ctx;

    for (int step = 0;; step++) {
        Str before = everything(ctx);
        int64_t logged = world_count(&s.w, "ledger_pending");

        db_fail_at(ctx->db, step);
        Err err = act(&s);
        db_fail_at(ctx->db, -1);
        db_reset(ctx->db);

        bool is_done = err.code == ERR_OK;
        if (str_eq(before, everything(ctx)) == is_done)
            fail_msg("step %d: %s, before \"%.*s\", after \"%.*s\"", step,
                     is_done ? "done" : "failed", STR_ARG(before), STR_ARG(everything(ctx)));
        assert_int_equal(world_count(&s.w, "ledger_pending") - logged, is_done ? entries : 0);
        if (!is_done)
            assert_int_equal(err.code, ERR_IO);
        if (is_done) {
            world_free(&s.w);
            return step;
        }
    }
}

static void each_act_is_stored_with_its_log_entry_or_not_at_all(void **state) {
    static const struct {
        const char *name;
        Act act;
        int least; /* storage calls that really failed */
    } acts[] = {
        { "unit.filed", file_unit, 4 },
        { "person.added", add_person, 4 },
        { "person.ended", end_person, 8 },
        { "grant.given", give_grant, 7 },
        { "grant.ended", end_grant, 5 },
        { "password.set", set_password, 6 },
        { "invitation.made", make_link, 5 },
        { "password.set by link", accept_link, 6 },
        { "password.changed", change_password, 7 },
        { "token.made", make_token, 5 },
        { "token.ended", end_token, 3 },
        { "factor.set", set_factor, 14 },
        { "factor.codes", renew_codes, 13 },
        { "factor.ended", end_factor, 5 },
        { "factor.reset", reset_factor, 8 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        int failures = all_or_nothing(acts[i].act, 1);
        printf("%s: %d storage calls failed one by one\n", acts[i].name, failures);
        assert_true(failures >= acts[i].least);
    }
}

/* Signing in and stepping up are no acts of the log; their row is there or not. */
static void a_session_begins_whole_or_not_at_all(void **state) {
    (void)state;
    assert_true(all_or_nothing(sign_in, 0) >= 3);
    assert_true(all_or_nothing(step_up, 0) >= 2);
    assert_true(all_or_nothing(sign_in_to_ticket, 0) >= 3);
    assert_true(all_or_nothing(sign_in_by_code, 0) >= 7);
    assert_true(all_or_nothing(sign_in_by_recovery, 0) >= 6);
    assert_true(all_or_nothing(step_up_by_code, 0) >= 4);
}

/* A lost batch: nothing is stored, and running the act again is right. */
static void a_lost_commit_leaves_nothing_and_the_second_run_does_it(void **state) {
    static const Act acts[] = { file_unit,   add_person, end_person, give_grant,  end_grant,
                                accept_link, make_token, set_factor, reset_factor };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        Scene s = scene_new();
        Str before = everything(s.w.ctx);

        db_busy_at(s.w.ctx->db, 0);
        Err err = acts[i](&s);
        db_busy_at(s.w.ctx->db, -1);
        db_reset(s.w.ctx->db);
        assert_true(err.code == ERR_BUSY && err.retry);
        assert_true(str_eq(before, everything(s.w.ctx)));
        act_as(s.w.ctx, &s.boss);
        OK_(acts[i](&s));
        world_free(&s.w);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_act_is_stored_with_its_log_entry_or_not_at_all),
        cmocka_unit_test(a_session_begins_whole_or_not_at_all),
        cmocka_unit_test(a_lost_commit_leaves_nothing_and_the_second_run_does_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
