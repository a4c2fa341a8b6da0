/* desk_fault_test.c - what the to-do page is made of, with storage failing at every step. */
#include "features/desk/desk_pages.h"
#include "features/manuscript/test_newsroom.h"
#include "testing/faults.h"

extern const Migration annual_migrations[], handover_migrations[];
extern const size_t annual_migrations_count, handover_migrations_count;

static void the_registers_part_is_read_whole_or_not_at_all(void **state) {
    Newsroom n = newsroom_new();
    Ctx *ctx = n.ctx;
    size_t count;
    Site site;

    (void)state;
    world_migrate(&n.w, annual_migrations, annual_migrations_count);
    world_migrate(&n.w, handover_migrations, handover_migrations_count);
    OK_(site_get(ctx, &site));
    READS(&n.w, count, desk_todo_register(ctx, &site, json_obj(ctx->arena), &count));
    assert_int_equal(count, 0);
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(
        the_registers_part_is_read_whole_or_not_at_all) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("desk");
    return failed;
}
