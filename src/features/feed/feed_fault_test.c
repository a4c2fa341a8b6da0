/* feed_fault_test.c - reading for a feed with storage failing at every step: whole, or an error. */
#include "features/feed/feed_model.h"
#include "features/manuscript/test_newsroom.h"
#include "testing/faults.h"

extern const Migration correction_migrations[];
extern const size_t correction_migrations_count;

static void a_feed_is_read_whole_or_not_at_all(void **state) {
    Newsroom n = newsroom_new();
    Ctx *ctx = n.ctx;
    Correction notice;
    Feed feed;

    (void)state;
    world_migrate(&n.w, correction_migrations, correction_migrations_count);
    (void)news_picture(&n, &n.paper, "cover");
    Manuscript m = news_published(&n, "一篇");
    OK_(correction_issue(ctx, m.id, m.version, S("更正。"), &notice));
    ctx->actor = ACTOR_NOBODY;
    READS(&n.w, feed, feed_read(ctx, NULL, S("https://news.example"), S("/feed.atom"), &feed));
    READS(&n.w, feed, feed_read(ctx, &n.paper, S("https://news.example"), S("/x"), &feed));
    assert_int_equal(feed.len, 1);
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_feed_is_read_whole_or_not_at_all) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("feed");
    return failed;
}
