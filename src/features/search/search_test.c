/* search_test.c - what is published is found when its job is done, what is not published is not. */
#include "features/register/register_test_world.h"
#include "features/search/search.h"
#include "features/site/site.h"

extern const Migration media_migrations[], manuscript_migrations[];
extern const size_t media_migrations_count, manuscript_migrations_count;

static const Subscription subscriptions[] = {
    { "manuscript.published", "search.index" },
    { "manuscript.withdrawn", "search.index" },
    { "manuscript.imported", "search.index" },
};

static World search_start(void) {
    World w = register_start();
    Site site = { .name = S("联盟"), .zone = S("Asia/Shanghai"), .origin = S("a.invalid/x") };
    world_migrate(&w, media_migrations, media_migrations_count);
    world_migrate(&w, manuscript_migrations, manuscript_migrations_count);
    static JobKind kinds[2];
    kinds[0] = search_job_kinds[0];
    kinds[1] = work_job_kind;
    queue_use(kinds, COUNT_OF(kinds), subscriptions, COUNT_OF(subscriptions));
    work_use(&search_rebuild_work, 1);
    OK_(site_create(w.ctx, &site));
    return w;
}

/* Stories from before: the shortest way to something public. */
static void take_in(World *w, int64_t outlet, const char *const *titles, size_t count) {
    Buf lines = buf_new(w->ctx->arena, 0);
    StoryImportReport report;

    for (size_t i = 0; i < count; i++)
        buf_add_format(
            &lines,
            "{\"title\":\"%s\",\"text\":\"正文第%zu篇，写的是%s。\",\"date\":\"2020-01-%02zu\"}\n",
            titles[i], i + 1, titles[i], i + 1);
    OK_(manuscript_import(w->ctx, outlet, buf_str(&lines), false, &report));
    assert_int_equal(report.new_count, count);
}

static void run_jobs(World *w) {
    int64_t done;
    Ctx before = *w->ctx;

    OK_(queue_run_due(w->ctx, 15, &done));
    *w->ctx = before;
}

static SearchPage found(World *w, const char *q, int64_t outlet) {
    SearchPage page;

    OK_(search_find(w->ctx, str_from_c(q), outlet, 0, 0, 100, &page));
    assert_int_equal(page.total, page.stories.len);
    return page;
}

static const char *const titles[] = { "图书馆夜间开放", "食堂新菜上桌", "河边的书展", "操场翻修" };

static void a_story_is_found_when_its_job_is_done(void **state) {
    World w = search_start();
    int64_t a = filed(&w, "甲报", "a"), b = filed(&w, "乙报", "b");

    (void)state;
    take_in(&w, a, titles, COUNT_OF(titles));
    assert_int_equal(found(&w, "图书", 0).total, 0);
    run_jobs(&w);
    assert_int_equal(world_count(&w, "job"), 0);
    assert_int_equal(found(&w, "图书", 0).total, 1);
    assert_int_equal(found(&w, "书", 0).total, 2); /* one character */
    assert_int_equal(found(&w, "图书馆夜间开放", 0).total, 1);
    assert_int_equal(found(&w, "书 河", 0).total, 1); /* every word */
    assert_int_equal(found(&w, "书河", 0).total, 0);
    assert_int_equal(found(&w, "书", a).total, 2);
    assert_int_equal(found(&w, "书", b).total, 0);
    assert_int_equal(found(&w, "", 0).total, 0);
    assert_int_equal(found(&w, "\" OR * NEAR( -", 0).total, 0);
    SearchPage page = found(&w, "正文", 0);
    assert_int_equal(page.total, COUNT_OF(titles));
    for (size_t i = 1; i < page.stories.len; i++) /* newest first */
        assert_true(page.stories.items[i - 1].published_ms >= page.stories.items[i].published_ms);
    world_free(&w);
}

static void pages_never_overlap_and_leave_nothing_out(void **state) {
    World w = search_start();
    SearchPage page = { 0 };
    int64_t ids[COUNT_OF(titles)];
    size_t seen = 0;

    (void)state;
    take_in(&w, filed(&w, "甲报", "a"), titles, COUNT_OF(titles));
    run_jobs(&w);
    do {
        OK_(search_find(w.ctx, S("正文"), 0, page.next_ms, page.next_id, 1, &page));
        for (size_t i = 0; i < page.stories.len; i++) {
            assert_true(seen < COUNT_OF(ids));
            for (size_t k = 0; k < seen; k++)
                assert_true(ids[k] != page.stories.items[i].id);
            ids[seen++] = page.stories.items[i].id;
        }
    } while (page.next_id);
    assert_int_equal(seen, COUNT_OF(titles));
    world_free(&w);
}

static void a_query_has_bounds(void **state) {
    World w = search_start();
    SearchPage page = { .total = 77 };
    char *q = arena_alloc(w.ctx->arena, 3 * (SEARCH_QUERY_CHARS_MAX + 1));

    (void)state;
    for (int i = 0; i <= SEARCH_QUERY_CHARS_MAX; i++)
        memcpy(q + 3 * i, "书", 3);
    FAILS(search_find(w.ctx, (Str){ q, 3 * (SEARCH_QUERY_CHARS_MAX + 1) }, 0, 0, 0, 10, &page),
          ERR_LIMIT, "q");
    FAILS(search_find(w.ctx, S("一 二 三 四 五 六 七 八 九"), 0, 0, 0, 10, &page), ERR_LIMIT, "q");
    memset(q, 'a', 101);
    FAILS(search_find(w.ctx, (Str){ q, 101 }, 0, 0, 0, 10, &page), ERR_LIMIT, "q");
    assert_int_equal(page.total, 77);
    OK_(search_find(w.ctx, (Str){ q, 100 }, 0, 0, 0, 10, &page)); /* search.query_chars */
    OK_(search_find(w.ctx, S("一 二 三 四 五 六 七 八"), 0, 0, 0, 10, &page));
    world_free(&w);
}

/* A job that runs twice, or for a story that is not public, or is not there, changes nothing. */
static void the_job_is_safe_to_run_twice_and_for_what_is_gone(void **state) {
    World w = search_start();
    int64_t outlet = filed(&w, "甲报", "a");
    Json *payload = json_obj(w.ctx->arena);

    (void)state;
    take_in(&w, outlet, titles, 1);
    run_jobs(&w);
    int64_t id = found(&w, "图书馆", 0).stories.items[0].id;
    json_set(payload, "manuscript_id", json_id(w.ctx->arena, id));
    for (int i = 0; i < 2; i++) {
        const Job job = { .kind = S("search.index"), .payload = payload };
        OK_(search_job_kinds[0].batch(w.ctx, &job, 1));
        assert_int_equal(found(&w, "图书馆", 0).total, 1);
    }
    Json *gone = json_obj(w.ctx->arena), *odd = json_obj(w.ctx->arena);
    json_set(gone, "manuscript_id", json_id(w.ctx->arena, 123));
    json_set(odd, "ids", json_int(w.ctx->arena, 5));
    const Job jobs[] = { { .kind = S("search.index"), .payload = gone },
                         { .kind = S("search.index"), .payload = odd } };
    OK_(search_job_kinds[0].batch(w.ctx, jobs, COUNT_OF(jobs)));
    assert_int_equal(found(&w, "图书馆", 0).total, 1);
    world_free(&w);
}

static void what_left_the_public_leaves_the_index(void **state) {
    World w = search_start();
    int64_t outlet = filed(&w, "甲报", "a");

    (void)state;
    take_in(&w, outlet, titles, 2);
    run_jobs(&w);
    Manuscript m = found(&w, "图书馆", 0).stories.items[0];
    Person editor = add(&w, "editor");
    give(&w, &editor, S("总编"), outlet);
    act_as(w.ctx, &editor);
    w.ctx->outlet_id = outlet;
    OK_(manuscript_get(w.ctx, m.id, &m));
    OK_(manuscript_withdraw(w.ctx, m.id, m.version, S("事实有误"), &m));
    SearchPage page;
    OK_(search_find(w.ctx, S("图书馆"), 0, 0, 0, 10, &page));
    assert_int_equal(page.stories.len, 0); /* not even before the job is done */
    run_jobs(&w);
    assert_int_equal(found(&w, "图书馆", 0).total, 0);
    assert_int_equal(found(&w, "食堂", 0).total, 1);
    world_free(&w);
}

/* The job fails anywhere: it is owed still, comes again, and the story is found in the end. */
static void storage_failing_at_every_step_delays_but_never_loses(void **state) {
    int step = 0;

    (void)state;
    for (bool is_done = false; !is_done; step++) {
        World w = search_start();
        int64_t done = 0;
        take_in(&w, filed(&w, "甲报", "a"), titles, 2);
        Ctx before = *w.ctx;
        db_fail_at(w.ctx->db, step);
        Err err = queue_run_due(w.ctx, 15, &done);
        db_fail_at(w.ctx->db, -1);
        db_reset(w.ctx->db);
        *w.ctx = before;
        is_done = err.code == ERR_OK && world_count(&w, "job") == 0;
        if (world_count(&w, "job") == 0)
            assert_int_equal(found(&w, "图书馆", 0).total, 1);
        world_advance(&w, 2 * HOUR_MS);
        run_jobs(&w);
        assert_int_equal(world_count(&w, "job"), 0);
        assert_int_equal(found(&w, "图书馆", 0).total, 1);
        assert_int_equal(found(&w, "正文", 0).total, 2);
        world_free(&w);
    }
    printf("search faults: %d faults passed, 0 failed, 0 skipped\n", step - 1);
    assert_true(step > 8);
}

/* The derived file was lost, or an older program left things in it: all is as the stories say. */
static void an_index_made_anew_holds_what_is_published_and_nothing_else(void **state) {
    World w = search_start();
    SearchRow stray = { .subject_id = 5, .outlet_id = 1, .at_ms = 1, .title = S("图书馆旧址") };
    Work work, again;

    (void)state;
    take_in(&w, filed(&w, "甲报", "a"), titles, COUNT_OF(titles));
    run_jobs(&w);
    OK_(search_index_clear(w.ctx));
    OK_(search_index_put(w.ctx, &stray, 1));
    OK_(search_rebuild(w.ctx, &work));
    OK_(search_rebuild(w.ctx, &again));
    assert_true(again.id == work.id && work.total == COUNT_OF(titles) && work.done == 0);
    run_jobs(&w);
    OK_(work_get(w.ctx, work.id, &work));
    assert_true(str_eq(work.state, S("done")) && work.done == COUNT_OF(titles));
    assert_int_equal(found(&w, "图书", 0).total, 1);
    assert_int_equal(found(&w, "正文", 0).total, COUNT_OF(titles));
    world_free(&w);
}

static void it_is_made_anew_in_steps_and_goes_on_where_it_was(void **state) {
    enum { STORIES = 150 };
    World w = search_start();
    Buf lines = buf_new(w.ctx->arena, 0);
    StoryImportReport report;
    int64_t done, outlet = filed(&w, "甲报", "a");
    SearchPage page;
    Work work;

    (void)state;
    for (int i = 0; i < STORIES; i++)
        buf_add_format(&lines, "{\"title\":\"题%d\",\"text\":\"正文\",\"date\":\"2020-01-01\"}\n",
                       i);
    OK_(manuscript_import(w.ctx, outlet, buf_str(&lines), false, &report));
    run_jobs(&w);
    OK_(search_index_clear(w.ctx));
    OK_(search_rebuild(w.ctx, &work));
    Ctx before = *w.ctx;
    OK_(queue_run_one(w.ctx, 15, &done));
    *w.ctx = before;
    OK_(work_stop(w.ctx, work.id));
    run_jobs(&w);
    OK_(work_get(w.ctx, work.id, &work));
    assert_true(work.done == 100 && work.total == STORIES);
    OK_(search_find(w.ctx, S("正文"), 0, 0, 0, 10, &page));
    assert_int_equal(page.total, 100);
    OK_(work_resume(w.ctx, work.id));
    run_jobs(&w);
    OK_(search_find(w.ctx, S("正文"), 0, 0, 0, 10, &page));
    assert_int_equal(page.total, STORIES);
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_story_is_found_when_its_job_is_done),
        cmocka_unit_test(pages_never_overlap_and_leave_nothing_out),
        cmocka_unit_test(a_query_has_bounds),
        cmocka_unit_test(the_job_is_safe_to_run_twice_and_for_what_is_gone),
        cmocka_unit_test(what_left_the_public_leaves_the_index),
        cmocka_unit_test(an_index_made_anew_holds_what_is_published_and_nothing_else),
        cmocka_unit_test(it_is_made_anew_in_steps_and_goes_on_where_it_was),
        cmocka_unit_test(storage_failing_at_every_step_delays_but_never_loses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
