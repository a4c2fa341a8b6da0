/* search_fault_test.c - asking and keeping the index with storage failing at every step. */
#include "features/manuscript/test_newsroom.h"
#include "features/search/search.h"
#include "testing/faults.h"

static void a_search_fails_whole_and_a_job_comes_again(void **state) {
    Newsroom n = newsroom_new();
    Ctx *ctx = n.ctx;
    Manuscript shown = news_published(&n, "图书馆夜间开放"),
               gone = news_published(&n, "食堂新菜上桌");
    Json *payload = json_obj(ctx->arena), *ids = json_arr(ctx->arena);
    const Job job = { .kind = S("search.index"), .payload = payload };
    SearchPage page;

    (void)state;
    json_push(ids, json_id(ctx->arena, shown.id));
    json_push(ids, json_id(ctx->arena, gone.id));
    json_set(payload, "ids", ids);
    REPEATS(&n.w, NO_RET, search_job_kinds[0].batch(ctx, &job, 1));
    READS(&n.w, page, search_find(ctx, S("图书馆"), 0, 0, 0, 10, &page));
    assert_int_equal(page.total, 1);
    as(ctx, &n.ben, &n.paper);
    OK_(manuscript_withdraw(ctx, gone.id, gone.version, S("不实"), &gone));
    REPEATS(&n.w, NO_RET, search_job_kinds[0].batch(ctx, &job, 1));
    READS(&n.w, page, search_find(ctx, S("食堂"), n.paper.id, 0, 0, 10, &page));
    assert_int_equal(page.total, 0);
    newsroom_free(&n);
}

static void making_it_anew(void **state) {
    Newsroom n = newsroom_new();
    Ctx *ctx = n.ctx;
    ManuscriptList list;
    Work work;

    (void)state;
    work_use(&search_rebuild_work, 1);
    news_published(&n, "图书馆夜间开放");
    as_operator(ctx);
    READS(&n.w, list, manuscript_list_rising(ctx, 0, 100, &list));
    WRITES(&n.w, work, search_rebuild(ctx, &work));
    REPEATS(&n.w, NO_RET, search_rebuild_step(ctx, &work));
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_search_fails_whole_and_a_job_comes_again),
        cmocka_unit_test(making_it_anew),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("search");
    return failed;
}
