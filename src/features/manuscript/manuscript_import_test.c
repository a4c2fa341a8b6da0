/* manuscript_import_test.c - stories from before: every fault named, all or nothing, the same again changes nothing. */
#include "features/manuscript/test_newsroom.h"

#define GOOD(n)                                                                                    \
    "{\"title\":\"旧闻" n "\",\"text\":\"第一行\\n第二行\",\"date\":\"2019-05-0" n "\"}\n"

static StoryImportReport import(Newsroom *n, Str bytes) {
    StoryImportReport report;

    as_operator(n->ctx);
    OK_(manuscript_import(n->ctx, n->paper.id, bytes, false, &report));
    return report;
}

/* The one row of a file of one, with its one fault. */
static void refuses(Newsroom *n, const char *line, const char *fault) {
    StoryImportReport report = import(n, str_from_c(line));

    assert_int_equal(report.len, 1);
    assert_false(report.is_written);
    if (report.rows[0].reasons.len != 1 ||
        !str_starts(report.rows[0].reasons.items[0], str_from_c(fault)))
        fail_msg("%s: %zu reasons, \"%.*s\"", line, report.rows[0].reasons.len,
                 STR_ARG(report.rows[0].reasons.len ? report.rows[0].reasons.items[0] : STR_EMPTY));
    assert_int_equal(world_count(&n->w, "manuscript"), 0);
    assert_int_equal(world_count(&n->w, "manuscript_number"), 0);
}

static void an_old_story_keeps_its_date_and_says_when_it_came(void **state) {
    Newsroom n = newsroom_new();
    ManuscriptVersion v;
    ManuscriptList list;
    StoryImportReport report =
        import(&n, S("{\"title\":\"桥通车\",\"content_html\":\"<p onclick=x>通了</p>\",\"date\":"
                     "\"2018-03-05T08:00:00+08:00\",\"url\":\"https://old.example/1\","
                     "\"authors\":[\"老记者\",\"摄影\"],\"tags\":[\"桥\"],\"summary\":\"一句\","
                     "\"language\":\"en-GB\"}\n"));

    (void)state;
    assert_true(report.is_written && report.new_count == 1);
    OK_(manuscript_list_public(n.ctx, n.paper.id, STR_EMPTY, 0, 0, 10, &list));
    assert_int_equal(list.len, 1);
    const Manuscript *m = &list.items[0];
    assert_true(str_eq(m->profile, S("imported")) && str_eq(m->number, S("CC001-2018-0001")));
    assert_true(m->published_ms == INT64_C(1520208000000) && m->imported_ms == n.ctx->now_ms);
    assert_true(m->author_id == 0 && m->released_by == 0); /* never passed off as reviewed here */
    assert_true(str_eq(m->byline, S("老记者、摄影")) && str_eq(m->lang, S("en")) &&
                str_eq(m->summary, S("一句")) &&
                str_eq(m->original_url, S("https://old.example/1")));
    OK_(manuscript_version(n.ctx, m->id, 1, &v));
    assert_true(str_eq(v.html, S("<p>通了</p>")) && v.released_by == 0 && v.tags.len == 1);
    newsroom_free(&n);
}

static void plain_text_is_not_read_as_markdown_paragraphs_glued_together(void **state) {
    Newsroom n = newsroom_new();
    ManuscriptVersion v;
    ManuscriptList list;

    (void)state;
    (void)import(&n, S(GOOD("1")));
    OK_(manuscript_list_public(n.ctx, 0, STR_EMPTY, 0, 0, 1, &list));
    OK_(manuscript_version(n.ctx, list.items[0].id, 1, &v));
    assert_true(str_eq(v.html, S("<p>第一行</p>\n<p>第二行</p>\n")));
    newsroom_free(&n);
}

static void each_fault_is_named(void **state) {
    Newsroom n = newsroom_new();
    Arena *a = n.ctx->arena;
    Buf text = buf_new(a, 0);

    (void)state;
    refuses(&n, "{\"text\":\"x\",\"date\":\"2019-05-04\"}", "title: ");
    refuses(&n, "{\"title\":\"x\",\"date\":\"2019-05-04\"}", "text: ");
    refuses(&n, "{\"title\":\"x\",\"text\":\"x\"}", "date: ");
    refuses(&n, "{\"title\":\"x\",\"text\":\"x\",\"date\":\"gestern\"}", "date: ");
    refuses(&n, "{\"title\":\"x\",\"text\":\"x\",\"date\":\"2019-02-30\"}", "date: ");
    refuses(&n, "{\"title\":\"x\",\"text\":\"x\",\"date\":\"2999-01-01\"}", "date: ");
    refuses(&n, "{\"title\":7,\"text\":\"x\",\"date\":\"2019-05-04\"}", "title: ");
    refuses(&n, "{\"title\":\"x\",\"text\":\"x\",\"date\":\"2019-05-04\",\"titel\":1}", "titel: ");
    refuses(&n, "{\"title\":\"x\",\"text\":\"x\",\"date\":\"2019-05-04\",\"tags\":\"a\"}",
            "tags: ");
    refuses(&n, "{\"title\":\"x\",\"text\":\"x\",\"date\":\"2019-05-04\",\"url\":\"javascript:1\"}",
            "url: ");
    refuses(&n,
            "{\"title\":\"x\",\"text\":\"x\",\"date\":\"2019-05-04\",\"tags\":[\"1\",\"2\",\"3\","
            "\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}",
            "tags: ");
    refuses(&n, "{\"title\":\"x\",\"content_html\":\"<script>1</script>\",\"date\":\"2019-05-04\"}",
            "text: ");
    refuses(&n, "{\"title\":\"x\",\"title\":\"y\"}", "JSON: ");
    refuses(&n, "[1]", "JSON: ");
    refuses(&n, "{\"title\":", "JSON: ");
    for (int i = 0; i <= TITLE_CHARS_MAX; i++)
        buf_add(&text, S("字"));
    refuses(&n,
            str_to_c(a, str_format(a, "{\"title\":\"%.*s\",\"text\":\"x\",\"date\":\"2019-05-04\"}",
                                   STR_ARG(buf_str(&text)))),
            "title: ");
    newsroom_free(&n);
}

static void every_fault_of_a_row_and_every_row_is_in_the_report(void **state) {
    Newsroom n = newsroom_new();
    StoryImportReport report =
        import(&n, S("\n" GOOD("1") "{\"text\":\"x\",\"date\":\"nie\",\"url\":\"ftp://x\"}\n" GOOD(
                       "1") "broken\n"));

    (void)state;
    assert_int_equal(report.len, 4);
    assert_true(report.new_count == 1 && report.refused_count == 3 && !report.is_written);
    assert_true(report.rows[0].line == 2 && str_eq(report.rows[0].outcome, S("new")));
    assert_int_equal(report.rows[1].reasons.len, 3); /* title, date, url */
    assert_true(report.rows[2].line == 4 && report.rows[2].reasons.len == 1);
    assert_true(str_contains(report.rows[2].reasons.items[0], S("2"))); /* stands in line 2 */
    assert_int_equal(world_count(&n.w, "manuscript"), 0);
    assert_int_equal(n.ctx->changed.len, 0);
    newsroom_free(&n);
}

static void a_dry_run_reports_the_same_and_writes_nothing(void **state) {
    Newsroom n = newsroom_new();
    int64_t logged = world_count(&n.w, "ledger_pending");
    StoryImportReport report;

    (void)state;
    as_operator(n.ctx);
    OK_(manuscript_import(n.ctx, n.paper.id, S(GOOD("1") GOOD("2")), true, &report));
    assert_true(report.new_count == 2 && !report.is_written);
    assert_int_equal(world_count(&n.w, "manuscript"), 0);
    assert_int_equal(world_count(&n.w, "ledger_pending"), logged);
    newsroom_free(&n);
}

static void the_same_again_changes_nothing_and_other_words_are_refused(void **state) {
    Newsroom n = newsroom_new();
    Str one =
        S("{\"title\":\"a\",\"text\":\"x\",\"date\":\"2019-05-04\",\"url\":\"https://o/1\"}\n");
    Str two =
        S("{\"title\":\"a\",\"text\":\"y\",\"date\":\"2019-05-04\",\"url\":\"https://o/1\"}\n");
    StoryImportReport report = import(&n, one);
    int64_t logged = world_count(&n.w, "ledger_pending"), told = world_count(&n.w, "event");

    (void)state;
    report = import(&n, one);
    assert_true(report.same_count == 1 && report.new_count == 0 && report.is_written);
    assert_int_equal(world_count(&n.w, "manuscript"), 1);
    assert_int_equal(world_count(&n.w, "ledger_pending"), logged);
    assert_int_equal(world_count(&n.w, "event"), told);
    report = import(&n, str_concat(n.ctx->arena, two, S(GOOD("3"))));
    assert_true(report.refused_count == 1 && report.new_count == 1 && !report.is_written);
    assert_true(str_starts(report.rows[0].reasons.items[0], S("url: ")));
    assert_int_equal(world_count(&n.w, "manuscript"), 1);
    as_operator(n.ctx);
    OK_(manuscript_import(n.ctx, n.radio.id, two, false, &report)); /* another outlet's own */
    assert_true(report.new_count == 1 && report.is_written);
    newsroom_free(&n);
}

static void a_json_feed_is_read_with_the_names_it_has(void **state) {
    Newsroom n = newsroom_new();
    ManuscriptList list;
    StoryImportReport report = import(
        &n,
        S("{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"旧站\",\"authors\":"
          "[{\"name\":\"编辑部\"}],\"items\":["
          "{\"id\":\"1\",\"title\":\"甲\",\"content_text\":\"词\",\"date_published\":"
          "\"2019-05-04T00:00:00Z\",\"attachments\":[],\"external_url\":\"https://x/\",\"_x\":1},"
          "{\"id\":\"2\",\"title\":\"乙\",\"content_html\":\"<p>词</p>\",\"date_published\":"
          "\"2019-05-05T00:00:00Z\",\"author\":{\"name\":\"某甲\"},\"image\":\"https://x/i\"}]}"));

    (void)state;
    assert_true(report.is_written && report.new_count == 2);
    OK_(manuscript_list_public(n.ctx, 0, STR_EMPTY, 0, 0, 10, &list));
    assert_true(list.len == 2 && str_eq(list.items[0].byline, S("某甲")) &&
                str_eq(list.items[1].byline, S("编辑部")));
    newsroom_free(&n);
}

static void a_file_that_is_no_list_of_stories_is_refused_whole(void **state) {
    Newsroom n = newsroom_new();
    StoryImportReport report = { .len = 77 };

    (void)state;
    as_operator(n.ctx);
    FAILS(manuscript_import(n.ctx, n.paper.id, S(""), false, &report), ERR_INVALID, "file");
    FAILS(manuscript_import(n.ctx, n.paper.id, S(" \n\n"), false, &report), ERR_INVALID, "file");
    FAILS(manuscript_import(n.ctx, n.paper.id, S("\xff\xfe"), false, &report), ERR_INVALID, "file");
    FAILS(manuscript_import(n.ctx, n.paper.id, S("{\"items\":7}"), false, &report), ERR_INVALID,
          "file");
    FAILS(manuscript_import(n.ctx, n.paper.id, S("{\"items\":[]}"), false, &report), ERR_INVALID,
          "file");
    FAILS(manuscript_import(n.ctx, 99, S(GOOD("1")), false, &report), ERR_NOT_FOUND, NULL);
    assert_int_equal(report.len, 77);
    newsroom_free(&n);
}

static Err with_settings(Newsroom *n, const char *setting, Str bytes) {
    StoryImportReport report;
    const Config *before = n->ctx->config;
    Config *config;

    OK_(config_load(n->ctx->arena, str_from_c(setting), S("test"), NULL, NULL, 0, &config));
    n->ctx->config = config;
    Err err = manuscript_import(n->ctx, n->paper.id, bytes, false, &report);
    n->ctx->config = before;
    return err;
}

static void rows_and_bytes_have_bounds(void **state) {
    Newsroom n = newsroom_new();
    Str two = S(GOOD("1") GOOD("2"));
    Buf long_one = buf_new(n.ctx->arena, 0);

    (void)state;
    as_operator(n.ctx);
    FAILS(with_settings(&n, "import.rows = 1\n", two), ERR_LIMIT, "file");
    FAILS(with_settings(&n, "import.rows = 1\n", S("broken\nbroken\n")), ERR_LIMIT, "file");
    FAILS(with_settings(&n, "import.rows = 1\n",
                        S("{\"items\":[{\"title\":\"a\"},{\"title\":\"b\"}]}")),
          ERR_LIMIT, "file");
    assert_int_equal(world_count(&n.w, "manuscript"), 0);
    OK_(with_settings(&n, "import.rows = 2\n", two));
    while (long_one.len <= 1024)
        buf_add(&long_one, S(GOOD("3")));
    FAILS(with_settings(&n, "import.bytes = 1024\n", buf_str(&long_one)), ERR_LIMIT, "file");
    newsroom_free(&n);
}

/* One event for each 200 stories, each naming its own, all of them together. */
static void events_carry_every_story_once(void **state) {
    enum { STORIES = 401 };
    Newsroom n = newsroom_new();
    int64_t told = world_count(&n.w, "event");
    Buf file = buf_new(n.ctx->arena, 0);
    DB_ROWS(rows);
    int64_t ids = 0;

    (void)state;
    for (int i = 0; i < STORIES; i++)
        buf_add_format(&file, "{\"title\":\"t%d\",\"text\":\"x\",\"date\":\"2019-05-04\"}\n", i);
    StoryImportReport report = import(&n, buf_str(&file));
    assert_int_equal(report.new_count, STORIES);
    assert_int_equal(world_count(&n.w, "event") - told, 3);
    OK_(db_query(n.ctx, &rows,
                 "SELECT payload FROM event WHERE name = 'manuscript.imported' ORDER BY id",
                 NO_ARGS));
    while (db_next(&rows)) {
        Str payload = db_text(&rows, 0);
        for (size_t at = str_find(payload, S("\"ids\""), 0); at < payload.len; at++)
            ids +=
                payload.ptr[at] == ',' && payload.ptr[at + 1] == '"' && payload.ptr[at + 2] != 'o';
        ids++;
    }
    assert_int_equal(ids, STORIES);
    assert_true(str_eq(report.rows[STORIES - 1].title, S("t400"))); /* outlived its row's memory */
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_old_story_keeps_its_date_and_says_when_it_came),
        cmocka_unit_test(plain_text_is_not_read_as_markdown_paragraphs_glued_together),
        cmocka_unit_test(each_fault_is_named),
        cmocka_unit_test(every_fault_of_a_row_and_every_row_is_in_the_report),
        cmocka_unit_test(a_dry_run_reports_the_same_and_writes_nothing),
        cmocka_unit_test(the_same_again_changes_nothing_and_other_words_are_refused),
        cmocka_unit_test(a_json_feed_is_read_with_the_names_it_has),
        cmocka_unit_test(a_file_that_is_no_list_of_stories_is_refused_whole),
        cmocka_unit_test(rows_and_bytes_have_bounds),
        cmocka_unit_test(events_carry_every_story_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
