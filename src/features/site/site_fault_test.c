/* site_fault_test.c - each function of the settings with storage failing at every step: whole, or nothing. */
#include "features/identity/identity_test_world.h"
#include "features/site/site.h"
#include "testing/faults.h"

extern const Migration site_migrations[];
extern const size_t site_migrations_count;

static void every_function_is_whole_or_nothing(void **state) {
    World w = start();
    Site site;

    (void)state;
    world_migrate(&w, site_migrations, site_migrations_count);
    WRITES(&w, NO_RET,
           site_create(w.ctx, &(Site){ .name = S("澄川大学媒体联盟"),
                                       .tagline = S("一处首发"),
                                       .zone = S("Asia/Shanghai"),
                                       .origin = S("news.example/liandong"),
                                       .vkey = S("vkey") }));
    READS(&w, site, site_get(w.ctx, &site));
    WRITES(&w, NO_RET, site_change(w.ctx, S("新名字"), STR_EMPTY, S("Europe/Berlin")));
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_function_is_whole_or_nothing) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("site");
    return failed;
}
