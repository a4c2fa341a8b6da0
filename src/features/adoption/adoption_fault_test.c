/* adoption_fault_test.c - each function of carried stories with storage failing at every step: whole, or nothing. */
#include "features/adoption/adoption_model.h"
#include "features/adoption/test_adoption.h"
#include "testing/faults.h"

static void every_function_is_whole_or_nothing(void **state) {
    Rooms r = rooms_new();
    World *w = &r.n.w;
    Ctx *ctx = r.ctx;
    Manuscript m = news_published(&r.n, "首发"), other = news_published(&r.n, "再发");
    StrList to = str_split(ctx->arena, S("CC002"), ' ');
    AdoptionList list;
    Adoption a;
    int64_t count;
    Site site;
    Json *rows;
    struct {
        Adoption a;
        bool is_found;
    } got;

    (void)state;
    rooms_teacher(&r, &r.n.radio);
    OK_(site_get(ctx, &site));
    as(ctx, &r.n.ben, &r.n.paper);
    WRITES(w, count, adoption_offer(ctx, m.id, to, STR_EMPTY, &count));
    as(ctx, &r.n.eve, &r.n.radio);
    WRITES(w, NO_RET, adoption_decline(ctx, m.id, S("不合适。")));
    WRITES(w, a, adoption_take(ctx, m.id, &a));
    WRITES(w, a, adoption_adapt(ctx, other.id, &a));
    READS(w, list, adoption_of_story(ctx, m.id, &list));
    READS(w, got, adoption_of_copy(ctx, a.copy_id, &got.a, &got.is_found));
    assert_true(got.is_found);
    READS(w, list, adoption_of_outlet(ctx, r.n.radio.id, S("taken"), &list));
    assert_int_equal(list.len, 2);
    READS(w, rows, adoption_rows(ctx, &site, &list, &rows));
    READS(w, count, adoption_put_origin(ctx, a.copy_id, json_obj(ctx->arena), &count));
    assert_int_equal(count, other.id);
    newsroom_free(&r.n);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_function_is_whole_or_nothing) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("adoption");
    return failed;
}
