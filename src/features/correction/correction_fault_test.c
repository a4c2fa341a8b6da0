/* correction_fault_test.c - each function of notices with storage failing at every step: whole, or nothing. */
#include "features/correction/correction.h"
#include "features/manuscript/test_newsroom.h"
#include "testing/faults.h"

extern const Migration correction_migrations[];
extern const size_t correction_migrations_count;

static void every_function_is_whole_or_nothing(void **state) {
    Newsroom n = newsroom_new();
    Ctx *ctx = n.ctx;
    CorrectionList list;
    Correction c;

    (void)state;
    world_migrate(&n.w, correction_migrations, correction_migrations_count);
    Manuscript m = news_published(&n, "有误");
    as(ctx, &n.ben, &n.paper);
    WRITES(&n.w, c, correction_issue(ctx, m.id, m.version, S("应为 3 月 5 日。"), &c));
    READS(&n.w, list, correction_list(ctx, n.paper.id, m.id, 10, &list));
    READS(&n.w, list, correction_of_many(ctx, &m.id, 1, &list));
    READS(&n.w, list, correction_newest(ctx, 0, 10, &list));
    READS(&n.w, list, correction_newest(ctx, n.paper.id, 10, &list));
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_function_is_whole_or_nothing) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("correction");
    return failed;
}
