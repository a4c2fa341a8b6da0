/* identity_fault_test.c - each act with storage failing at every step: all of it is stored, or nothing. */
#include "features/identity/identity_test_world.h"

#define RIGHT S("三月里放的那只风筝")

/* What stands there before the act under test. */
typedef struct Scene {
    World w;
    Person boss, person;
    int64_t grant_id;
    Str link, session;
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
    Str token;
    return token_make(s->w.ctx, s->person.id, S("cron"), s->w.ctx->now_ms + DAY_MS, &token);
}

static Err sign_in(Scene *s) {
    Str token;
    return identity_sign_in(s->w.ctx, S("one"), RIGHT, &token);
}

static Err step_up(Scene *s) {
    Str token;
    act_as(s->w.ctx, &s->person);
    return identity_step_up(s->w.ctx, s->session, RIGHT, &token);
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

static Scene scene_new(void) {
    Scene s = { .w = start() };

    s.boss = add(&s.w, "boss");
    s.person = add(&s.w, "one");
    give(&s.w, &s.boss, S("管理员"), 0);
    s.grant_id = give(&s.w, &s.person, S("记者"), OUTLET);
    OK_(password_set_encoded(s.w.ctx, s.person.id, encoded_right(s.w.ctx)));
    OK_(identity_sign_in(s.w.ctx, S("one"), RIGHT, &s.session));
    OK_(invitation_make(s.w.ctx, s.person.id, &s.link));
    world_advance(&s.w, 1000);
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
        " (SELECT COALESCE(MAX(hash), '') FROM session),"
        " (SELECT COALESCE(MAX(encoded), '') FROM credential)",
        NO_ARGS));
    assert_true(db_next(&rows));
    for (int i = 0; i < 12; i++)
        out = str_format(ctx->arena, "%.*s%lld ", STR_ARG(out), (long long)db_int(&rows, i));
    out = str_format(ctx->arena, "%.*s%.*s %.*s", STR_ARG(out), STR_ARG(db_text(&rows, 12)),
                     STR_ARG(db_text(&rows, 13)));
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
        { "token.made", make_token, 3 },
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
}

/* A lost batch: nothing is stored, and running the act again is right. */
static void a_lost_commit_leaves_nothing_and_the_second_run_does_it(void **state) {
    static const Act acts[] = { file_unit,  add_person, end_person,
                                give_grant, end_grant,  accept_link };

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
