/* planning_fault_test.c - each function of planning with storage failing at every step: whole, or nothing. */
#include "features/planning/planning_store.h"
#include "features/planning/planning_test_world.h"
#include "testing/faults.h"

static void pitches_are_whole_or_nothing(void **state) {
    Newsroom n = planning_start();
    Ctx *ctx = n.ctx;
    PitchWords words = pitch_words("一");
    Pitch p, other, own;
    PitchStep step;
    PitchSteps steps;
    PitchList list;
    bool may;

    (void)state;
    words.wished_on = S("2099-01-01");
    WRITES(&n.w, p, pitch_propose(ctx, &words, &p));
    other = pitch_new(&n, "二");
    own = pitch_new(&n, "三");
    int64_t id = p.id, declined = other.id, taken = own.id;
    WRITES(&n.w, step, pitch_note(ctx, id, S("好。"), &step));
    READS(&n.w, may, pitch_may_accept(ctx, &p, &may));
    WRITES(&n.w, own, pitch_withdraw(ctx, taken, 1, &own));
    as(ctx, &n.ben, &n.paper);
    WRITES(&n.w, p, pitch_accept(ctx, id, 1, STR_EMPTY, &p));
    WRITES(&n.w, other, pitch_decline(ctx, declined, 1, S("写过了。"), &other));
    READS(&n.w, p, pitch_get(ctx, id, &p));
    READS(&n.w, steps, pitch_steps(ctx, id, &steps));
    READS(&n.w, list, pitch_list(ctx, n.paper.id, STR_EMPTY, 0, 10, &list));
    READS(&n.w, list, pitch_list(ctx, n.paper.id, S("declined"), 0, 10, &list));
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pitches_are_whole_or_nothing),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("planning");
    return failed;
}
