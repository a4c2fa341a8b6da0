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
    size_t changed = n.ctx->changed.len;
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
    assert_int_equal(n.ctx->changed.len, changed);
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

/* ---- more than one transaction holds ---- */

enum { MANY = 401 };

static Str many(Newsroom *n) {
    Buf file = buf_new(n->ctx->arena, 0);

    for (int i = 0; i < MANY; i++)
        buf_add_format(&file, "{\"title\":\"t%d\",\"text\":\"x\",\"date\":\"2019-05-04\"}\n", i);
    return buf_str(&file);
}

/* So many jobs, or all that are due. */
static void run_jobs(Newsroom *n, int count) {
    Ctx before = *n->ctx;
    int64_t done = 0;

    for (int i = 0; i < count; i++) {
        OK_(queue_run_one(n->ctx, 15, &done));
        if (done == 0)
            break;
    }
    *n->ctx = before;
    memset(&n->ctx->changed, 0, sizeof n->ctx->changed);
}

static Work work_now(Newsroom *n, int64_t id) {
    Work work;

    OK_(work_get(n->ctx, id, &work));
    return work;
}

/* One event for each 200 stories, each naming its own, all of them together. */
static void events_carry_every_story_once(void **state) {
    Newsroom n = newsroom_new();
    int64_t told = world_count(&n.w, "event");
    DB_ROWS(rows);
    int64_t ids = 0;

    (void)state;
    StoryImportReport report = import(&n, many(&n));
    assert_true(report.new_count == MANY && !report.is_written && report.work_id != 0);
    assert_true(str_eq(report.rows[MANY - 1].title, S("t400"))); /* outlived its row's memory */
    run_jobs(&n, 100);
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
    assert_int_equal(ids, MANY);
    newsroom_free(&n);
}

static void a_large_file_is_taken_in_step_by_step(void **state) {
    Newsroom n = newsroom_new();
    StoryImportReport report = import(&n, many(&n));
    Work work = work_now(&n, report.work_id);

    (void)state;
    assert_int_equal(world_count(&n.w, "manuscript"), 0);
    assert_true(work.done == 0 && work.total == MANY && work.outlet_id == n.paper.id);
    run_jobs(&n, 1);
    work = work_now(&n, work.id);
    assert_int_equal(work.done, 200);
    assert_int_equal(world_count(&n.w, "manuscript"), 200);
    run_jobs(&n, 100);
    work = work_now(&n, work.id);
    assert_true(str_eq(work.state, S("done")) && work.done == MANY);
    assert_int_equal(world_count(&n.w, "manuscript"), MANY);
    assert_int_equal(world_count(&n.w, "work_part"), 0);
    report = import(&n, many(&n)); /* again: all is here */
    assert_true(report.same_count == MANY && report.is_written && report.work_id == 0);
    newsroom_free(&n);
}

static void a_stopped_import_goes_on_with_the_same_file(void **state) {
    Newsroom n = newsroom_new();
    StoryImportReport report = import(&n, many(&n)), again;

    (void)state;
    run_jobs(&n, 1);
    OK_(work_stop(n.ctx, report.work_id));
    run_jobs(&n, 100);
    assert_int_equal(world_count(&n.w, "manuscript"), 200);
    again = import(&n, many(&n));
    assert_true(again.work_id == report.work_id && again.same_count == 200);
    run_jobs(&n, 1);
    OK_(work_stop(n.ctx, report.work_id));
    again = import(&n, many(&n)); /* one row is left, which alone would need no work */
    assert_true(again.work_id == report.work_id && again.new_count == 1);
    run_jobs(&n, 100);
    Work work = work_now(&n, report.work_id);
    assert_true(str_eq(work.state, S("done")) && work.done == MANY);
    assert_int_equal(world_count(&n.w, "manuscript"), MANY);
    newsroom_free(&n);
}

/* What is here already needs no part, and counts as done from the start. */
static void rows_that_are_here_count_as_done(void **state) {
    Newsroom n = newsroom_new();
    Str file = many(&n);
    size_t first = 0;

    (void)state;
    for (int i = 0; i < 200; i++)
        first = str_find_char(file, '\n', first) + 1;
    assert_true(import(&n, str_slice(file, 0, first)).is_written);
    StoryImportReport report = import(&n, file);
    Work work = work_now(&n, report.work_id);
    assert_true(work.done == 200 && work.total == MANY);
    assert_int_equal(world_count(&n.w, "work_part"), 2);
    run_jobs(&n, 100);
    assert_int_equal(work_now(&n, work.id).done, MANY);
    assert_int_equal(world_count(&n.w, "manuscript"), MANY);
    newsroom_free(&n);
}

static void a_large_json_feed_keeps_its_names_and_its_authors(void **state) {
    Newsroom n = newsroom_new();
    Buf file = buf_new(n.ctx->arena, 0);
    ManuscriptList list;

    (void)state;
    buf_add(&file, S("{\"authors\":[{\"name\":\"编辑部\"}],\"items\":["));
    for (int i = 0; i < MANY; i++)
        buf_add_format(&file,
                       "%s{\"id\":\"%d\",\"title\":\"甲%d\",\"content_text\":\"一\\n二\","
                       "\"date_published\":\"2019-05-04T00:00:00Z\"}",
                       i ? "," : "", i, i);
    buf_add(&file, S("]}"));
    StoryImportReport report = import(&n, buf_str(&file));
    run_jobs(&n, 100);
    Work work = work_now(&n, report.work_id);
    assert_true(str_eq(work.state, S("done")) && work.done == MANY);
    OK_(manuscript_list_public(n.ctx, 0, STR_EMPTY, 0, 0, 10, &list));
    assert_true(list.len == 10 && str_eq(list.items[0].byline, S("编辑部")));
    newsroom_free(&n);
}

/* Between the look and its step another file brought the same story with other words. */
static void what_came_in_between_ends_it_with_the_line_and_writes_nothing_more(void **state) {
    Newsroom n = newsroom_new();
    Buf file = buf_new(n.ctx->arena, 0);

    (void)state;
    for (int i = 0; i < MANY; i++)
        buf_add_format(&file,
                       "{\"title\":\"t%d\",\"text\":\"x\",\"date\":\"2019-05-04\","
                       "\"url\":\"https://o/%d\"}\n",
                       i, i);
    StoryImportReport report = import(&n, buf_str(&file));
    import(&n, S("{\"title\":\"other\",\"text\":\"x\",\"date\":\"2019-05-04\","
                 "\"url\":\"https://o/250\"}\n"));
    run_jobs(&n, 100);
    Work work = work_now(&n, report.work_id);
    assert_true(str_eq(work.state, S("failed")) && work.done == 200);
    assert_true(str_eq(work.last_args[0], S("251")));
    assert_int_equal(world_count(&n.w, "manuscript"), 201);
    newsroom_free(&n);
}

static void it_is_done_in_the_name_of_who_began_it_while_that_person_may(void **state) {
    Newsroom n = newsroom_new();
    StoryImportReport report;
    DB_ROWS(rows);

    (void)state;
    news_grant(n.ctx, &n.ben, S("总编"), &n.paper);
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_import(n.ctx, n.paper.id, many(&n), false, &report));
    run_jobs(&n, 1);
    OK_(db_query(n.ctx, &rows,
                 "SELECT changed_by FROM manuscript GROUP BY changed_by ORDER BY changed_by",
                 NO_ARGS));
    assert_true(db_next(&rows) && db_int(&rows, 0) == n.ben.id);
    assert_false(db_next(&rows));
    OK_(db_end(&rows));
    OK_(db_exec(n.ctx, "UPDATE role_grant SET until_ms = 1 WHERE person_id = $1",
                ARGS(INT(n.ben.id))));
    run_jobs(&n, 100);
    Work work = work_now(&n, report.work_id);
    assert_true(str_eq(work.state, S("failed")) && work.done == 200);
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
        cmocka_unit_test(a_large_file_is_taken_in_step_by_step),
        cmocka_unit_test(a_stopped_import_goes_on_with_the_same_file),
        cmocka_unit_test(rows_that_are_here_count_as_done),
        cmocka_unit_test(a_large_json_feed_keeps_its_names_and_its_authors),
        cmocka_unit_test(what_came_in_between_ends_it_with_the_line_and_writes_nothing_more),
        cmocka_unit_test(it_is_done_in_the_name_of_who_began_it_while_that_person_may),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
