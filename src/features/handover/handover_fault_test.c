/* handover_fault_test.c - each function of handing over with storage failing at every step: whole, or nothing. */
#include "features/handover/handover_test_world.h"
#include "testing/faults.h"

static void acting_and_reading(void **state) {
    Hands h = hands_new();
    World *w = &h.w;
    Ctx *ctx = h.ctx;
    HandoverNames names = new_names();
    HandoverList list;
    int64_t id, anywhere = 0;

    (void)state;
    sit(&h, &h.editor, "责任编辑");
    WRITES(w, id, handover_propose(ctx, &names, S("换届"), &id));
    WRITES(w, NO_RET, handover_close(ctx, id));
    WRITES(w, id, handover_propose(ctx, &names, S("换届"), &id));
    READS(w, list, handover_list(ctx, h.outlet, 10, &list));
    sit(&h, &h.teacher, "指导教师");
    READS(w, list, handover_waits(ctx, &h.outlet, 1, 10, &list));
    READS(w, list, handover_waits(ctx, &anywhere, 1, 10, &list));
    WRITES(w, NO_RET, handover_sign(ctx, id));
    world_free(w);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(acting_and_reading) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("handover");
    return failed;
}
