/* intake_fault_test.c - each act of intake with storage failing at every step: all of it in the record, or nothing. */
#include "features/intake/intake_test_world.h"
#include "features/intake/intake_opml.h"

typedef struct Scene {
    Newsroom n;
    IntakeFeed feed, paused;
} Scene;

typedef Err (*Act)(Scene *scene);

static Err make(Scene *s, const char *title, const char *url, const char *text) {
    DepositFacts facts = facts_of(title, url, text);
    DepositOutcome outcome;
    Deposit d;

    return intake_deposit(s->n.ctx, &facts, &d, &outcome);
}

static Err deposit_new(Scene *s) {
    return make(s, "新", "https://new.example/1", "");
}

static Err deposit_changed(Scene *s) {
    return make(s, "改", "https://mp.example/1", "");
}

/* Two cards become one. */
static Err deposit_joined(Scene *s) {
    return make(s, "乙", "https://mp.example/2", LONG_TEXT);
}

static Err feed_add(Scene *s) {
    IntakeFeed feed;

    return intake_feed_add(s->n.ctx, S("https://feeds.example/new"), &feed);
}

static Err feed_pause(Scene *s) {
    return intake_feed_move(s->n.ctx, s->feed.id, S("paused"));
}

static Err feed_resume(Scene *s) {
    return intake_feed_move(s->n.ctx, s->paused.id, S("active"));
}

static Err feed_end(Scene *s) {
    return intake_feed_move(s->n.ctx, s->feed.id, S("ended"));
}

static Err feed_fetch(Scene *s) {
    return intake_feed_fetch(s->n.ctx, s->feed.id);
}

static Err feed_plan(Scene *s) {
    int64_t planned;

    return intake_feed_plan(s->n.ctx, true, &planned);
}

static Err feed_import(Scene *s) {
    FeedImportReport report;

    return intake_opml_import(s->n.ctx,
                              S("<opml version='2.0'><body><outline xmlUrl='https://a.example/1'/>"
                                "<outline xmlUrl='https://a.example/2'/></body></opml>"),
                              false, &report);
}

static const struct {
    const char *name;
    Act act;
    int64_t deposits, versions, feeds, jobs, events, entries; /* rows that the whole act adds */
    int least;                                                /* storage calls that really failed */
} acts[] = {
    { "deposit new", deposit_new, 1, 1, 0, 0, 1, 1, 6 },
    { "deposit changed", deposit_changed, 0, 1, 0, 0, 1, 1, 6 },
    { "deposit joined", deposit_joined, 0, 1, 0, 0, 1, 1, 7 },
    { "feed added", feed_add, 0, 0, 1, 1, 0, 1, 5 },
    { "feed paused", feed_pause, 0, 0, 0, 0, 0, 1, 4 },
    { "feed resumed", feed_resume, 0, 0, 0, 1, 0, 1, 5 },
    { "feed ended", feed_end, 0, 0, 0, 0, 0, 1, 4 },
    { "feed fetched now", feed_fetch, 0, 0, 0, 1, 0, 0, 4 },
    { "feeds planned", feed_plan, 0, 0, 0, 1, 0, 0, 4 },
    { "list taken in", feed_import, 0, 0, 2, 2, 0, 2, 8 },
};

static Scene scene_new(void) {
    Scene s = { .n = intake_start() };

    OK_(make(&s, "甲", "https://mp.example/1", LONG_TEXT));
    OK_(make(&s, "乙", "https://mp.example/2", ""));
    OK_(intake_feed_add(s.n.ctx, S("https://feeds.example/a"), &s.feed));
    OK_(intake_feed_add(s.n.ctx, S("https://feeds.example/b"), &s.paused));
    OK_(intake_feed_move(s.n.ctx, s.paused.id, S("paused")));
    world_advance(&s.n.w, 1000);
    return s;
}

/* Everything an act can change in the record, as one text. */
static Str everything(Scene *s) {
    static const char *const tables[] = { "deposit", "deposit_version", "intake_feed",
                                          "job",     "event",           "ledger_pending" };
    Arena *arena = s->n.ctx->arena;
    Str out = STR_EMPTY;
    DB_ROWS(rows);
    DB_ROWS(feeds);

    for (size_t i = 0; i < COUNT_OF(tables); i++)
        out = str_format(arena, "%.*s%lld ", STR_ARG(out),
                         (long long)world_count(&s->n.w, tables[i]));
    OK_(db_query(s->n.ctx, &rows, "SELECT id, card_id, n, title FROM deposit ORDER BY id",
                 NO_ARGS));
    while (db_next(&rows))
        out = str_format(arena, "%.*s|%lld %lld %lld %.*s", STR_ARG(out),
                         (long long)db_int(&rows, 0), (long long)db_int(&rows, 1),
                         (long long)db_int(&rows, 2), STR_ARG(db_text(&rows, 3)));
    OK_(db_end(&rows));
    OK_(db_query(s->n.ctx, &feeds, "SELECT id, run, state, url FROM intake_feed ORDER BY id",
                 NO_ARGS));
    while (db_next(&feeds))
        out = str_format(arena, "%.*s|%lld %lld %.*s %.*s", STR_ARG(out),
                         (long long)db_int(&feeds, 0), (long long)db_int(&feeds, 1),
                         STR_ARG(db_text(&feeds, 2)), STR_ARG(db_text(&feeds, 3)));
    OK_(db_end(&feeds));
    return out;
}

static Str counts_text(Scene *s, size_t i, bool is_after) {
    World *w = &s->n.w;
    int64_t more = is_after ? 1 : 0;

    return str_format(s->n.ctx->arena, "%lld %lld %lld %lld %lld %lld",
                      (long long)(world_count(w, "deposit") - more * acts[i].deposits),
                      (long long)(world_count(w, "deposit_version") - more * acts[i].versions),
                      (long long)(world_count(w, "intake_feed") - more * acts[i].feeds),
                      (long long)(world_count(w, "job") - more * acts[i].jobs),
                      (long long)(world_count(w, "event") - more * acts[i].events),
                      (long long)(world_count(w, "ledger_pending") - more * acts[i].entries));
}

static void each_act_is_stored_whole_or_not_at_all(void **state) {
    int faults = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        Scene s = scene_new(); /* a failed act leaves it as it was, so one serves all steps */
        int step = 0;
        for (bool is_done = false; !is_done; step++) {
            Str text = everything(&s), counts = counts_text(&s, i, false);

            db_fail_at(s.n.ctx->db, step);
            Err err = acts[i].act(&s);
            db_fail_at(s.n.ctx->db, -1);
            db_reset(s.n.ctx->db);
            is_done = err.code == ERR_OK;
            if (!is_done)
                assert_int_equal(err.code, ERR_IO);
            if (!str_eq(counts, counts_text(&s, i, is_done)))
                fail_msg("%s, step %d: %.*s, then %.*s", acts[i].name, step, STR_ARG(counts),
                         STR_ARG(counts_text(&s, i, is_done)));
            assert_true(str_eq(text, everything(&s)) != is_done);
        }
        newsroom_free(&s.n);
        faults += step - 1;
        if (step - 1 < acts[i].least)
            fail_msg("%s: only %d storage calls failed", acts[i].name, step - 1);
    }
    printf("intake faults: %d faults passed, 0 failed, 0 skipped\n", faults);
}

static void a_lost_commit_leaves_nothing_and_the_second_run_does_it(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        Scene s = scene_new();
        Str text = everything(&s), counts = counts_text(&s, i, false);

        db_busy_at(s.n.ctx->db, 0);
        Err err = acts[i].act(&s);
        db_busy_at(s.n.ctx->db, -1);
        db_reset(s.n.ctx->db);
        assert_true(err.code == ERR_BUSY && err.retry);
        assert_true(str_eq(text, everything(&s)));
        OK_(acts[i].act(&s));
        assert_true(str_eq(counts, counts_text(&s, i, true)));
        newsroom_free(&s.n);
    }
}

/* ---- an answer: the record whole or not at all; only what is derived may lag, and the job that comes again does no harm ---- */

static const char BODY[] =
    "<rss version='2.0'><channel><title>f</title>"
    "<item><guid "
    "isPermaLink='false'>1</guid><title>一</title><link>https://x.example/1</link></item>"
    "<item><guid "
    "isPermaLink='false'>2</guid><title>二</title><link>https://x.example/2</link></item>"
    "</channel></rss>";

static void an_answer_is_taken_whole_however_often_storage_fails(void **state) {
    static const int statuses[] = { 200, 410, 500 };
    int faults = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        int64_t wanted = statuses[i] == 200 ? 2 : 0;
        Scene s = scene_new();
        int64_t deposits = world_count(&s.n.w, "deposit"), jobs = world_count(&s.n.w, "job");
        IntakeAnswer answer = { .outcome = S("answered"),
                                .status = statuses[i],
                                .retry_after_ms = -1,
                                .body = str_from_c(BODY) };
        for (int step = 0;; step++) {
            db_fail_at(s.n.ctx->db, step);
            Err err = intake_answer(s.n.ctx, s.feed.id, s.feed.run, &answer);
            db_fail_at(s.n.ctx->db, -1);
            db_reset(s.n.ctx->db);
            IntakeFeed now;
            OK_(intake_feed_get(s.n.ctx, s.feed.id, &now));
            bool is_stored = now.run != s.feed.run || !str_eq(now.state, S("active"));
            assert_int_equal(world_count(&s.n.w, "deposit") - deposits, is_stored ? wanted : 0);
            assert_int_equal(world_count(&s.n.w, "job") - jobs,
                             is_stored && statuses[i] != 410 ? 1 : 0);
            if (err.code == ERR_OK) {
                faults += step;
                break;
            }
            assert_int_equal(err.code, ERR_IO);
        }
        newsroom_free(&s.n);
    }
    printf("intake answers: %d faults passed, 0 failed, 0 skipped\n", faults);
    assert_true(faults > 30);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_act_is_stored_whole_or_not_at_all),
        cmocka_unit_test(a_lost_commit_leaves_nothing_and_the_second_run_does_it),
        cmocka_unit_test(an_answer_is_taken_whole_however_often_storage_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
