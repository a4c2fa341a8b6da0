/* queue/work_test.c - long work: what counts is stored, a stop is exact, it goes on where it was, nothing is twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/id.h"
#include "base/test_support.h"
#include "queue/work.h"
#include "testing/world.h"

#define STATE(work, text) assert_string_equal(str_to_c(w.ctx->arena, (work).state), text)

extern const Migration queue_migrations[];
extern const size_t queue_migrations_count;

enum { PARTS = 5, PER_PART = 10, LEASE_MS = 60000 };

static Err outcome;
static bool stops_itself;

/* A part is one text; doing it writes an event for it, as a step of the product writes its rows. */
static Err take_part(Ctx *ctx, const Work *work) {
    bool is_mine;
    Str part;
    DB_TX(tx);

    TRY(db_begin_alone(ctx, &tx));
    TRY(work_turn(ctx, work, &is_mine));
    if (!is_mine)
        return OK;
    TRY(work_part(ctx, work->id, work->cursor, &part));
    TRY(db_exec(
        ctx,
        "INSERT INTO event (id, name, subject_id, outlet_id, actor_id, payload, tags, at_ms)"
        " VALUES ($1, 'part', $2, 0, 0, $3, '', 0)",
        ARGS(INT(id_next(ctx)), INT(work->cursor), TXT(part))));
    TRY(outcome);
    TRY(work_advance(ctx, work, PER_PART, work->cursor + 1, work->cursor + 1 == PARTS));
    TRY(db_commit(&tx));
    return stops_itself ? work_stop(ctx, work->id) : OK;
}

static const WorkKind kinds[] = { { "parts.take", N_("Taking parts"), N_("{0} of {1} parts"), 7,
                                    true, take_part } };

static World start(void) {
    World w = world_new();
    static Config *config;

    world_migrate(&w, queue_migrations, queue_migrations_count);
    OK_(config_load(w.ctx->arena, STR_EMPTY, S("none"), NULL, NULL, 0, &config));
    w.ctx->config = config;
    queue_use(&work_job_kind, 1, NULL, 0);
    work_use(kinds, COUNT_OF(kinds));
    outcome = OK;
    stops_itself = false;
    return w;
}

static Err begin(Ctx *ctx, Work *ret, bool *ret_is_new) {
    Work how = { .kind = S("parts.take"),
                 .subject = S("3:abc"),
                 .outlet_id = 3,
                 .total = PARTS * PER_PART,
                 .facts = json_obj(ctx->arena) };
    DB_TX(tx);

    json_set(how.facts, "name", json_str(ctx->arena, S("旧稿.jsonl")));
    TRY(db_begin(ctx, &tx));
    TRY(work_begin(ctx, &how, ret, ret_is_new));
    for (int i = 0; *ret_is_new && i < PARTS; i++)
        TRY(work_part_put(ctx, ret->id, i, S("part\n\x01")));
    return db_commit(&tx);
}

static Work begun(World *w) {
    bool is_new;
    Work work;

    OK_(begin(w->ctx, &work, &is_new));
    assert_true(is_new);
    return work;
}

static int64_t run_jobs(World *w) {
    Ctx before = *w->ctx;
    int64_t done;

    OK_(queue_run_due(w->ctx, 15, &done));
    before.now_ms = w->ctx->now_ms;
    *w->ctx = before;
    return done;
}

static Work now(World *w, int64_t id) {
    Work work;

    OK_(work_get(w->ctx, id, &work));
    return work;
}

static void it_goes_step_by_step_to_its_end(void **state) {
    World w = start();
    Work work = begun(&w);

    (void)state;
    STATE(work, "running");
    assert_true(work.done == 0 && work.total == 50 && work.outlet_id == 3 && !work.is_stalled);
    assert_int_equal(world_count(&w, "work_part"), PARTS);
    assert_int_equal(run_jobs(&w), PARTS);
    work = now(&w, work.id);
    STATE(work, "done");
    assert_true(work.done == 50 && work.cursor == PARTS);
    assert_true(str_eq(json_get_text(work.facts, "name"), S("旧稿.jsonl")));
    assert_int_equal(world_count(&w, "work_part"), 0); /* nothing is kept of what is done */
    assert_int_equal(world_count(&w, "event"), PARTS);
    assert_int_equal(world_count(&w, "job"), 0);
    assert_int_equal(work_stop(w.ctx, work.id).code, ERR_CONFLICT);
    assert_int_equal(work_resume(w.ctx, work.id).code, ERR_CONFLICT);
    assert_int_equal(work_drop(w.ctx, work.id).code, ERR_CONFLICT);
    world_free(&w);
}

static void the_same_again_is_the_same_piece_until_it_ends(void **state) {
    World w = start();
    Work work = begun(&w), again;
    bool is_new = true;

    (void)state;
    OK_(begin(w.ctx, &again, &is_new));
    assert_true(!is_new && again.id == work.id && again.run == 0);
    assert_int_equal(world_count(&w, "job"), 1);
    OK_(work_stop(w.ctx, work.id));
    OK_(begin(w.ctx, &again, &is_new)); /* goes on */
    STATE(again, "running");
    assert_true(!is_new && again.id == work.id && again.run == 1);
    run_jobs(&w);
    OK_(begin(w.ctx, &again, &is_new));
    assert_true(is_new && again.id != work.id);
    world_free(&w);
}

static void a_stop_is_exact_and_it_goes_on_where_it_was(void **state) {
    World w = start();
    Work work = begun(&w);

    (void)state;
    stops_itself = true;
    assert_int_equal(run_jobs(&w), 1);
    work = now(&w, work.id);
    STATE(work, "stopped");
    assert_true(work.done == PER_PART && work.cursor == 1 && !work.is_stalled);
    assert_int_equal(world_count(&w, "job"), 0);
    OK_(work_stop(w.ctx, work.id)); /* twice is once */
    OK_(work_resume(w.ctx, work.id));
    OK_(work_resume(w.ctx, work.id));
    assert_int_equal(world_count(&w, "job"), 1);
    stops_itself = false;
    assert_int_equal(run_jobs(&w), PARTS - 1);
    assert_int_equal(now(&w, work.id).done, PARTS * PER_PART);
    assert_int_equal(world_count(&w, "event"), PARTS);
    world_free(&w);
}

/* Its job was claimed before the stop and begins after it was gone on with: the new run's job does the part. */
static void a_job_of_an_earlier_run_does_nothing(void **state) {
    World w = start();
    Work work = begun(&w);

    (void)state;
    OK_(db_exec(w.ctx, "UPDATE job SET state = 'leased', lease_until_ms = $1",
                ARGS(INT(w.ctx->now_ms + LEASE_MS))));
    OK_(work_stop(w.ctx, work.id));
    OK_(work_resume(w.ctx, work.id));
    assert_int_equal(world_count(&w, "job"), 2);
    OK_(take_part(w.ctx, &work)); /* as the earlier one would */
    assert_int_equal(world_count(&w, "event"), 0);
    world_advance(&w, LEASE_MS);
    run_jobs(&w);
    assert_int_equal(world_count(&w, "event"), PARTS);
    STATE(now(&w, work.id), "done");
    world_free(&w);
}

static void the_same_step_twice_is_one_step(void **state) {
    World w = start();
    Work work = begun(&w);

    (void)state;
    OK_(take_part(w.ctx, &work));
    OK_(take_part(w.ctx, &work));
    assert_int_equal(now(&w, work.id).done, PER_PART);
    assert_int_equal(world_count(&w, "event"), 1);
    world_free(&w);
}

static void what_cannot_go_on_says_why_and_may_be_tried_again(void **state) {
    World w = start();
    Work work = begun(&w);

    (void)state;
    outcome = FAIL_ARGS(ERR_INVALID, NULL, N_("Line {0}: {1}"), S("7"), S("no"));
    run_jobs(&w);
    work = now(&w, work.id);
    STATE(work, "failed");
    assert_true(str_eq(work.last_error, S("Line {0}: {1}")) && str_eq(work.last_args[0], S("7")));
    assert_true(work.done == 0 && world_count(&w, "event") == 0 && world_count(&w, "job") == 0);
    outcome = OK;
    OK_(work_resume(w.ctx, work.id));
    run_jobs(&w);
    work = now(&w, work.id);
    STATE(work, "done");
    assert_int_equal(work.last_error.len, 0);
    world_free(&w);
}

/* Storage that fails comes again, and after queue.max_attempts the page says so instead of waiting for ever. */
static void storage_that_fails_for_ever_is_told(void **state) {
    World w = start();
    Work work = begun(&w);

    (void)state;
    outcome = FAIL(ERR_IO, NULL, N_("The disk is full."));
    for (int i = 0; i < 11; i++) {
        run_jobs(&w);
        STATE(now(&w, work.id), "running");
        assert_false(now(&w, work.id).is_stalled);
        world_advance(&w, 2 * 3600000);
    }
    run_jobs(&w);
    work = now(&w, work.id);
    STATE(work, "failed");
    assert_true(str_eq(work.last_error, S("The disk is full.")));
    world_free(&w);
}

/* Its program ended with every attempt: the queue gave the job up. */
static void work_without_a_job_is_seen_and_goes_on_by_hand(void **state) {
    World w = start();
    Work work = begun(&w);

    (void)state;
    OK_(db_exec(w.ctx, "UPDATE job SET state = 'dead'", NO_ARGS));
    work = now(&w, work.id);
    assert_true(work.is_stalled);
    OK_(work_resume(w.ctx, work.id));
    assert_false(now(&w, work.id).is_stalled);
    assert_int_equal(run_jobs(&w), PARTS);
    world_free(&w);
}

static void what_is_given_up_keeps_what_is_done_and_nothing_else(void **state) {
    World w = start();
    Work work = begun(&w);

    (void)state;
    stops_itself = true;
    run_jobs(&w);
    OK_(work_drop(w.ctx, work.id));
    OK_(work_drop(w.ctx, work.id));
    work = now(&w, work.id);
    STATE(work, "dropped");
    assert_true(work.done == PER_PART && world_count(&w, "work_part") == 0);
    assert_int_equal(work_resume(w.ctx, work.id).code, ERR_CONFLICT);
    world_free(&w);
}

static void lists_are_newest_first_and_by_who_began(void **state) {
    World w = start();
    Work mine, all[2];
    bool is_new;
    WorkList list;

    (void)state;
    w.ctx->actor = ACTOR_PERSON;
    w.ctx->person_id = 5;
    OK_(begin(w.ctx, &mine, &is_new));
    run_jobs(&w);
    w.ctx->person_id = 6;
    world_advance(&w, 1000);
    OK_(begin(w.ctx, &all[0], &is_new));
    OK_(work_list(w.ctx, -1, 0, 100, &list));
    assert_true(list.len == 2 && list.items[0].id == all[0].id && list.items[1].id == mine.id);
    OK_(work_list(w.ctx, 5, 0, 100, &list));
    assert_true(list.len == 1 && list.items[0].id == mine.id);
    OK_(work_list(w.ctx, -1, all[0].id, 1, &list));
    assert_true(list.len == 1 && list.items[0].id == mine.id);
    world_free(&w);
}

static void what_is_not_there_is_not_found(void **state) {
    World w = start();
    Work work = { .id = 77 };
    bool is_new;
    Str part = S("before");
    DB_TX(tx);

    (void)state;
    assert_int_equal(work_get(w.ctx, 1, &work).code, ERR_NOT_FOUND);
    assert_int_equal(work_stop(w.ctx, 1).code, ERR_NOT_FOUND);
    assert_int_equal(work_resume(w.ctx, 1).code, ERR_NOT_FOUND);
    assert_int_equal(work_drop(w.ctx, 1).code, ERR_NOT_FOUND);
    assert_int_equal(work_part(w.ctx, 1, 0, &part).code, ERR_BUG);
    assert_int_equal(work_begin(w.ctx, &work, &work, &is_new).code, ERR_BUG); /* no transaction */
    OK_(db_begin(w.ctx, &tx));
    assert_int_equal(work_begin(w.ctx, &work, &work, &is_new).code, ERR_BUG); /* no such kind */
    assert_true(work.id == 77 && str_eq(part, S("before")));
    db_tx_close(&tx);
    world_free(&w);
}

/* Storage fails once at each step of the queue: all is done in the end, and each part once. */
static void storage_failing_at_every_step_loses_and_repeats_nothing(void **state) {
    int step = 0;

    (void)state;
    for (bool is_done = false; !is_done; step++) {
        World w = start();
        Work work = begun(&w);
        Ctx before = *w.ctx;
        int64_t done;
        db_fail_at(w.ctx->db, step);
        Err err = queue_run_due(w.ctx, 15, &done);
        db_fail_at(w.ctx->db, -1);
        db_reset(w.ctx->db);
        *w.ctx = before;
        is_done = err.code == ERR_OK && world_count(&w, "job") == 0;
        Work half = now(&w, work.id);
        assert_int_equal(half.done, world_count(&w, "event") * PER_PART);
        world_advance(&w, 2 * 3600000);
        run_jobs(&w);
        work = now(&w, work.id);
        STATE(work, "done");
        assert_true(work.done == work.total && world_count(&w, "event") == PARTS);
        world_free(&w);
    }
    printf("work faults: %d faults passed, 0 failed, 0 skipped\n", step - 1);
    assert_true(step > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_goes_step_by_step_to_its_end),
        cmocka_unit_test(the_same_again_is_the_same_piece_until_it_ends),
        cmocka_unit_test(a_stop_is_exact_and_it_goes_on_where_it_was),
        cmocka_unit_test(a_job_of_an_earlier_run_does_nothing),
        cmocka_unit_test(the_same_step_twice_is_one_step),
        cmocka_unit_test(what_cannot_go_on_says_why_and_may_be_tried_again),
        cmocka_unit_test(storage_that_fails_for_ever_is_told),
        cmocka_unit_test(work_without_a_job_is_seen_and_goes_on_by_hand),
        cmocka_unit_test(what_is_given_up_keeps_what_is_done_and_nothing_else),
        cmocka_unit_test(lists_are_newest_first_and_by_who_began),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(storage_failing_at_every_step_loses_and_repeats_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
