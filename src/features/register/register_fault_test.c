/* register_fault_test.c - each act of the register with storage failing at every step: all of it, or nothing. */
#include <stdio.h>

#include "features/register/register_test_world.h"

typedef struct Scene {
    World w;
    int64_t outlet, application, pending;
} Scene;

typedef Err (*Act)(Scene *scene);

static Err file(Scene *s) {
    Outlet card = a_card("电流", "current");
    int64_t id;

    card.unit_name = S("电气学院"); /* a new unit: filed in the same act */
    return outlet_file(s->w.ctx, &card, &id);
}

static Err apply(Scene *s) {
    Outlet card = a_card("电流", "current");
    int64_t id;

    return outlet_apply(s->w.ctx, &card, &id);
}

static Err change(Scene *s) {
    Outlet o;

    TRY(outlet_get(s->w.ctx, s->outlet, &o));
    o.teacher = S("江可望");
    o.unit_name = S("新的单位");
    return outlet_change(s->w.ctx, &o);
}

static Err move(Scene *s, int64_t id, Str to) {
    Outlet o;

    TRY(outlet_get(s->w.ctx, id, &o));
    return outlet_move(s->w.ctx, id, to, S("理由"), o.version);
}

static Err strike(Scene *s) {
    return move(s, s->outlet, S("struck"));
}

static Err review(Scene *s) {
    return outlet_review(s->w.ctx, s->outlet, S("in_review"), STR_EMPTY, 2026);
}

static Err approve(Scene *s) {
    return move(s, s->pending, S("filed"));
}

static Err turn_down(Scene *s) {
    return move(s, s->application, S("struck"));
}

static Err import(Scene *s) {
    ImportReport report;

    return outlet_import(s->w.ctx,
                         S("名称,平台,平台账号,级别,所属单位\n"
                           "河床报,微信,riverbed,二级,水利学院\n"
                           "甲,微信,one,二级,甲院\n"
                           "乙,微信,two,二级,乙院\n"),
                         false, &report);
}

static Scene scene_new(void) {
    Scene s = { .w = register_start() };

    s.outlet = filed(&s.w, "河床", "riverbed");
    s.application = applied(&s.w, "申请", "asked");
    s.pending = applied(&s.w, "待审", "waiting");
    OK_(move_to(&s.w, s.pending, "pending", ""));
    world_advance(&s.w, 1000);
    s.w.ctx->changed.len = 0;
    return s;
}

/* Everything an act can change, as one text. */
static Str everything(Ctx *ctx) {
    Str out = STR_EMPTY;
    DB_ROWS(rows);

    OK_(db_query(ctx, &rows,
                 "SELECT id, version, name, state, no, teacher, unit_name, review_year FROM outlet"
                 " ORDER BY id",
                 NO_ARGS));
    while (db_next(&rows))
        out = str_format(ctx->arena, "%.*s%lld %lld %.*s %.*s %.*s %.*s %.*s %lld\n", STR_ARG(out),
                         (long long)db_int(&rows, 0), (long long)db_int(&rows, 1),
                         STR_ARG(db_text(&rows, 2)), STR_ARG(db_text(&rows, 3)),
                         STR_ARG(db_text(&rows, 4)), STR_ARG(db_text(&rows, 5)),
                         STR_ARG(db_text(&rows, 6)), (long long)db_int(&rows, 7));
    OK_(db_end(&rows));
    return out;
}

typedef struct Counts {
    int64_t outlets, units, events, entries;
} Counts;

static Counts count(World *w) {
    return (Counts){ world_count(w, "outlet"), world_count(w, "unit"), world_count(w, "event"),
                     world_count(w, "ledger_pending") };
}

static const struct {
    const char *name;
    Act act;
    Counts more; /* rows that the whole act adds */
    int least;   /* storage calls that really failed */
} acts[] = {
    { "outlet.filed", file, { 1, 1, 1, 2 }, 8 },
    { "outlet.applied", apply, { 1, 0, 1, 1 }, 5 },
    { "outlet.changed", change, { 0, 1, 1, 2 }, 8 },
    { "outlet.state struck", strike, { 0, 0, 1, 1 }, 6 },
    { "outlet.state in_review", review, { 0, 0, 1, 1 }, 6 },
    { "outlet.state filed", approve, { 0, 0, 1, 1 }, 6 },
    { "outlet.state turned down", turn_down, { 0, 0, 1, 1 }, 6 },
    { "import", import, { 2, 2, 3, 5 }, 20 },
};

static void assert_added(const char *name, int step, Counts before, Counts after, Counts more,
                         bool is_done) {
    if (after.outlets - before.outlets != (is_done ? more.outlets : 0) ||
        after.units - before.units != (is_done ? more.units : 0) ||
        after.events - before.events != (is_done ? more.events : 0) ||
        after.entries - before.entries != (is_done ? more.entries : 0))
        fail_msg("%s, step %d: %s, and +%lld outlets, +%lld units, +%lld events, +%lld entries",
                 name, step, is_done ? "done" : "failed",
                 (long long)(after.outlets - before.outlets),
                 (long long)(after.units - before.units), (long long)(after.events - before.events),
                 (long long)(after.entries - before.entries));
}

static void each_act_is_stored_with_event_and_log_entry_or_not_at_all(void **state) {
    int faults = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        Scene s = scene_new(); /* a failed act leaves it as it was, so one serves all steps */
        int step = 0;
        for (bool is_done = false; !is_done; step++) {
            Str text = everything(s.w.ctx);
            Counts before = count(&s.w);

            db_fail_at(s.w.ctx->db, step);
            Err err = acts[i].act(&s);
            db_fail_at(s.w.ctx->db, -1);
            db_reset(s.w.ctx->db);
            is_done = err.code == ERR_OK;
            if (!is_done)
                assert_int_equal(err.code, ERR_IO);
            assert_added(acts[i].name, step, before, count(&s.w), acts[i].more, is_done);
            assert_true(str_eq(text, everything(s.w.ctx)) != is_done);
        }
        world_free(&s.w);
        faults += step - 1;
        if (step - 1 < acts[i].least)
            fail_msg("%s: only %d storage calls failed", acts[i].name, step - 1);
    }
    printf("register faults: %d faults passed, 0 failed, 0 skipped\n", faults);
}

static void a_lost_commit_leaves_nothing_and_the_second_run_does_it(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        Scene s = scene_new();
        Str text = everything(s.w.ctx);
        Counts before = count(&s.w);

        db_busy_at(s.w.ctx->db, 0);
        Err err = acts[i].act(&s);
        db_busy_at(s.w.ctx->db, -1);
        db_reset(s.w.ctx->db);
        assert_true(err.code == ERR_BUSY && err.retry);
        assert_added(acts[i].name, -1, before, count(&s.w), acts[i].more, false);
        assert_true(str_eq(text, everything(s.w.ctx)));
        OK_(acts[i].act(&s));
        assert_added(acts[i].name, -2, before, count(&s.w), acts[i].more, true);
        world_free(&s.w);
    }
}

/* Reading functions fail whole as well: nothing half a list. */
static Err read_list(Scene *s) {
    OutletList list;
    int64_t total;
    OutletFilter any = { 0 };

    return outlet_list(s->w.ctx, &any, 0, 10, &list, &total);
}

static Err read_counts(Scene *s) {
    int64_t all, in_service;
    return outlet_counts(s->w.ctx, &all, &in_service);
}

static Err read_flags(Scene *s) {
    Outlet o;
    OutletFlags flags;

    TRY(outlet_get(s->w.ctx, s->outlet, &o));
    return outlet_flags(s->w.ctx, &o, 1, &flags);
}

static Err read_export(Scene *s) {
    OutletFilter any = { 0 };
    Str csv;

    return outlet_export(s->w.ctx, &any, &csv);
}

static Err read_one(Scene *s) {
    Outlet o;

    TRY(outlet_by_no(s->w.ctx, must_get(&s->w, s->outlet).no, &o));
    return outlet_by_ref(s->w.ctx, o.no, &o);
}

static void reading_fails_as_a_whole(void **state) {
    static const Act reads[] = { read_list, read_counts, read_flags, read_export };

    (void)state;
    Scene s = scene_new();
    OK_(read_one(&s));
    for (size_t i = 0; i < COUNT_OF(reads); i++) {
        int step = 0;
        for (bool is_done = false; !is_done; step++) {
            db_fail_at(s.w.ctx->db, step);
            Err err = reads[i](&s);
            db_fail_at(s.w.ctx->db, -1);
            db_reset(s.w.ctx->db);
            is_done = err.code == ERR_OK;
            if (!is_done)
                assert_int_equal(err.code, ERR_IO);
        }
        assert_true(step > 1);
    }
    world_free(&s.w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_act_is_stored_with_event_and_log_entry_or_not_at_all),
        cmocka_unit_test(a_lost_commit_leaves_nothing_and_the_second_run_does_it),
        cmocka_unit_test(reading_fails_as_a_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
