/* site_fault_test.c - each function of the settings with storage failing at every step: whole, or nothing. */
#include "features/site/site_test_world.h"
#include "testing/faults.h"

static void every_function_is_whole_or_nothing(void **state) {
    World w = site_start();
    Site site;
    Str zone;

    (void)state;
    WRITES(&w, NO_RET,
           site_create(w.ctx, &(Site){ .name = S("澄川大学媒体联盟"),
                                       .tagline = S("一处首发"),
                                       .zone = S("Asia/Shanghai"),
                                       .origin = S("news.example/liandong"),
                                       .vkey = S("vkey") }));
    READS(&w, site, site_get(w.ctx, &site));
    READS(&w, zone, site_zone(w.ctx, &zone));
    WRITES(&w, NO_RET, site_change(w.ctx, S("新名字"), STR_EMPTY, S("Europe/Berlin")));
    WRITES(&w, NO_RET, site_hold_missed(w.ctx, true));
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_function_is_whole_or_nothing) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("site");
    return failed;
}
