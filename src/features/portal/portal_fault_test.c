/* portal_fault_test.c - what pages of readers are made of, with storage failing at every step. */
#include "features/manuscript/test_newsroom.h"
#include "features/portal/portal_cards.h"
#include "testing/faults.h"

static void cards_are_read_whole_or_not_at_all(void **state) {
    Newsroom n = newsroom_new();
    Ctx *ctx = n.ctx;
    ManuscriptList list;
    Json *cards;
    Site site;

    (void)state;
    (void)news_published(&n, "一篇");
    OK_(site_get(ctx, &site));
    OK_(manuscript_list_public(ctx, 0, STR_EMPTY, 0, 0, 10, &list));
    READS(&n.w, cards, cards_of(ctx, &site, &list, &cards));
    assert_int_equal(cards->array.len, 1);
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(cards_are_read_whole_or_not_at_all) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("portal");
    return failed;
}
