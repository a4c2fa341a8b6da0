/* feed_test.c - what feeds say: the same ids everywhere, changes, languages, notices, and always valid XML. */
#include "features/feed/feed_model.h"
#include "features/manuscript/test_newsroom.h"

#include <libxml/parser.h>

#include "text/json_read.h"

extern const Migration correction_migrations[];
extern const size_t correction_migrations_count;

#define ORIGIN S("https://news.example")

static Newsroom start(void) {
    Newsroom n = newsroom_new();

    world_migrate(&n.w, correction_migrations, correction_migrations_count);
    return n;
}

static Feed read_feed(Newsroom *n, const Outlet *outlet) {
    Feed feed;

    n->ctx->actor = ACTOR_NOBODY;
    OK_(feed_read(n->ctx, outlet, ORIGIN, S("/feed.atom"), &feed));
    return feed;
}

static Str atom_of(Newsroom *n, const Feed *feed) {
    Buf out = buf_new(n->ctx->arena, 0);

    OK_(feed_write_atom(n->ctx, feed, &out));
    return buf_str(&out);
}

static Str rss_of(Newsroom *n, const Feed *feed) {
    Buf out = buf_new(n->ctx->arena, 0);

    OK_(feed_write_rss(n->ctx, feed, &out));
    return buf_str(&out);
}

static Json *json_of(Newsroom *n, const Feed *feed) {
    Buf out = buf_new(n->ctx->arena, 0);
    Json *json;

    OK_(feed_write_json(n->ctx, feed, &out));
    OK_(json_read(n->ctx->arena, buf_str(&out), 16, &json));
    return json;
}

static void must_be_xml(Str text) {
    xmlDoc *doc = xmlReadMemory(text.ptr, (int)text.len, NULL, NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);

    if (!doc)
        fail_msg("no well-formed XML: %.*s", STR_ARG(text));
    xmlFreeDoc(doc);
}

static Err import(Newsroom *n, Str line) {
    StoryImportReport report;

    as_operator(n->ctx);
    TRY(manuscript_import(n->ctx, n->paper.id, line, false, &report));
    assert_true(report.is_written);
    return OK;
}

static void a_story_has_one_id_in_every_feed_and_format(void **state) {
    Newsroom n = start();
    Manuscript m = news_published(&n, "一处首发");
    Feed all = read_feed(&n, NULL), own = read_feed(&n, &n.paper);
    Str id =
        str_format(n.ctx->arena, "tag:news.example,2026:liandong/article/%lld", (long long)m.id);

    (void)state;
    assert_true(str_eq(all.items[0].id, id) && str_eq(own.items[0].id, id));
    assert_true(str_eq(all.id, S("tag:news.example,2026:liandong/feed")));
    assert_true(str_eq(own.id, S("tag:news.example,2026:liandong/feed/CC001")));
    assert_true(str_contains(atom_of(&n, &all), id) && str_contains(rss_of(&n, &own), id));
    const Json *item = json_get(json_of(&n, &own), "items")->array.items[0];
    assert_true(str_eq(json_get_text(item, "id"), id));
    newsroom_free(&n);
}

static void an_item_names_person_outlet_language_and_times(void **state) {
    Newsroom n = start();
    Manuscript m = news_draft(&n, "x");
    Filing f = news_filing("English & <so>", "Words.");

    (void)state;
    f.lang = S("en");
    OK_(manuscript_change(n.ctx, m.id, m.version, &f, &m));
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_release(n.ctx, m.id, m.version, &m));
    Feed feed = read_feed(&n, NULL);
    Str atom = atom_of(&n, &feed), rss = rss_of(&n, &feed);
    must_be_xml(atom);
    must_be_xml(rss);
    assert_true(str_contains(atom, S("<entry xml:lang=\"en\">")));
    assert_true(str_contains(atom, S("<title>English &amp; &lt;so&gt;</title>")));
    assert_true(str_contains(atom, S("<name>安宁（校报）</name>")));
    assert_true(str_contains(atom, S("<published>2026-11-23T14:02:00+08:00</published>")));
    assert_true(str_contains(atom, S("<updated>2026-11-23T14:02:00+08:00</updated>")));
    assert_true(str_contains(rss, S("<pubDate>Mon, 23 Nov 2026 14:02:00 +0800</pubDate>")));
    assert_true(str_contains(rss, S("<dc:language>en</dc:language>")));
    assert_true(str_contains(rss, S("<language>zh-cn</language>")));
    const Json *json = json_of(&n, &feed), *item = json_get(json, "items")->array.items[0];
    assert_true(str_eq(json_get_text(json, "version"), S("https://jsonfeed.org/version/1.1")));
    assert_true(str_eq(json_get_text(item, "language"), S("en")));
    assert_true(str_eq(json_get_text(json_get(item, "_liandong"), "released_by"), n.ben.name));
    assert_true(str_eq(json_get_text(json_get(item, "authors")->array.items[0], "name"),
                       S("安宁（校报）")));
    newsroom_free(&n);
}

static void a_correction_updates_the_item_and_stands_above_its_text(void **state) {
    Newsroom n = start();
    Manuscript m = news_published(&n, "有误");
    Feed before = read_feed(&n, NULL), after;
    Correction c;

    (void)state;
    world_advance(&n.w, 3600000);
    as(n.ctx, &n.ben, &n.paper);
    OK_(correction_issue(n.ctx, m.id, m.version, S("应为 <3> 月。"), &c));
    after = read_feed(&n, NULL);
    assert_true(after.items[0].changed_ms == before.items[0].changed_ms + 3600000);
    assert_true(after.changed_ms == after.items[0].changed_ms);
    assert_true(str_eq(after.items[0].id, before.items[0].id));
    assert_true(str_contains(after.items[0].html, S("应为 &lt;3&gt; 月。")));
    assert_true(str_find(after.items[0].html, S("更正"), 0) <
                str_find(after.items[0].html, S("第一段"), 0));
    assert_true(str_contains(atom_of(&n, &after), S("【有更正】有误")));
    const Json *item = json_get(json_of(&n, &after), "items")->array.items[0];
    assert_int_equal(json_get(json_get(item, "_liandong"), "corrections")->array.len, 1);
    newsroom_free(&n);
}

static void a_new_version_updates_the_item_and_a_draft_of_one_does_not(void **state) {
    Newsroom n = start();
    Manuscript m = news_published(&n, "第一版");
    Filing f = news_filing("第二版", "新词。");
    int64_t first_ms = m.published_ms;
    Feed feed;

    (void)state;
    world_advance(&n.w, 60000);
    OK_(manuscript_change(n.ctx, m.id, m.version, &f, &m));
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    feed = read_feed(&n, NULL);
    assert_true(feed.items[0].changed_ms == first_ms && feed.changed_ms == first_ms);
    assert_false(str_contains(atom_of(&n, &feed), S("第二版")) ||
                 str_contains(atom_of(&n, &feed), S("新词")));
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_release(n.ctx, m.id, m.version, &m));
    feed = read_feed(&n, NULL);
    assert_true(feed.items[0].changed_ms == first_ms + 60000);
    assert_true(str_contains(atom_of(&n, &feed), S("第二版")));
    newsroom_free(&n);
}

/* sec_47 */
static void sec_47_drafts_and_withdrawn_and_other_outlets_stories_are_not_in_it(void **state) {
    Newsroom n = start();
    Manuscript m = news_published(&n, "要撤的");

    (void)state;
    (void)news_draft(&n, "秘密草稿");
    assert_int_equal(read_feed(&n, NULL).len, 1);
    assert_int_equal(read_feed(&n, &n.radio).len, 0);
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_withdraw(n.ctx, m.id, m.version, S("不实"), &m));
    Feed feed = read_feed(&n, NULL);
    assert_int_equal(feed.len, 0);
    must_be_xml(atom_of(&n, &feed)); /* an empty feed is one too */
    must_be_xml(rss_of(&n, &feed));
    assert_false(str_contains(atom_of(&n, &feed), S("不实")));
    newsroom_free(&n);
}

static void an_old_story_says_when_it_came_and_who_wrote_it(void **state) {
    Newsroom n = start();

    (void)state;
    OK_(import(
        &n, S("{\"title\":\"旧\",\"text\":\"词\",\"date\":\"2018-03-05\",\"authors\":[\"老记者\"],"
              "\"url\":\"https://old.example/1?a=1&b=2\"}\n"
              "{\"title\":\"更旧\",\"text\":\"词\",\"date\":\"2017-03-05\"}")));
    Feed feed = read_feed(&n, NULL);
    Str atom = atom_of(&n, &feed);
    must_be_xml(atom);
    assert_true(str_contains(atom, S("【补录】旧")));
    assert_true(str_contains(atom, S("<name>老记者（校报）</name>")));
    assert_true(str_contains(atom, S("<name>校报</name>"))); /* names nobody */
    assert_true(str_contains(atom, S("<published>2018-03-05T00:00:00+08:00</published>")));
    assert_true(str_contains(feed.items[0].html, S("2026年11月23日")) &&
                str_contains(feed.items[0].html, S("未经本联盟审核")));
    const Json *item = json_get(json_of(&n, &feed), "items")->array.items[0];
    assert_true(str_eq(json_get_text(item, "external_url"), S("https://old.example/1?a=1&b=2")));
    const Json *ours = json_get(item, "_liandong");
    assert_true(str_eq(json_get_text(ours, "imported"), S("2026-11-23T14:02:00+08:00")));
    assert_true(json_get(ours, "released_by")->type == JSON_NULL);
    newsroom_free(&n);
}

static void pictures_and_links_are_absolute(void **state) {
    Newsroom n = start();
    Media media = news_picture(&n, &n.paper, "cover");
    Picture picture = { media.id, S("一棵 \"树\""), S("安宁 摄") };
    Filing f = news_filing("图", "[首页](/articles/7)");
    Manuscript m;

    (void)state;
    as(n.ctx, &n.ann, &n.paper);
    f.pictures = &picture;
    f.picture_count = 1;
    OK_(manuscript_file(n.ctx, &f, &m));
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_release(n.ctx, m.id, m.version, &m));
    Feed feed = read_feed(&n, NULL);
    Str url = str_format(n.ctx->arena, "https://news.example/media/%.*s", STR_ARG(media.hash));
    assert_true(str_eq(feed.items[0].image, url));
    assert_true(str_contains(feed.items[0].html, url));
    assert_true(str_contains(feed.items[0].html, S("href=\"https://news.example/articles/7\"")));
    assert_true(str_contains(feed.items[0].html, S("alt=\"一棵 &quot;树&quot;\"")));
    newsroom_free(&n);
}

/* A noncharacter is valid UTF-8 and forbidden in XML: one title must not silence a whole feed. */
static void characters_that_xml_forbids_do_not_break_the_feed(void **state) {
    Newsroom n = start();

    (void)state;
    (void)news_published(&n, "前\xEF\xBF\xBF后\xEF\xBF\xBE完 ]]> \xF0\x9F\x8C\xB3");
    Feed feed = read_feed(&n, NULL);
    must_be_xml(atom_of(&n, &feed));
    must_be_xml(rss_of(&n, &feed));
    assert_true(str_contains(atom_of(&n, &feed), S("前后完 ]]&gt; \xF0\x9F\x8C\xB3")));
    newsroom_free(&n);
}

static void the_watermark_of_a_demo_is_in_every_item(void **state) {
    Newsroom n = start();
    Manuscript m = news_published(&n, "假的");
    Feed feed = read_feed(&n, NULL);

    (void)state;
    (void)m;
    assert_false(str_contains(atom_of(&n, &feed), S("演示")));
    OK_(db_exec(n.ctx, "UPDATE site_setting SET value = '1' WHERE name = 'demo'", NO_ARGS));
    feed = read_feed(&n, NULL);
    Str atom = atom_of(&n, &feed);
    assert_true(str_contains(atom, S("<title>演示 · 澄川大学媒体联盟</title>")));
    assert_true(str_contains(atom, S("<title>【演示】假的</title>")));
    assert_true(str_contains(feed.items[0].html, S("演示")));
    newsroom_free(&n);
}

static void a_feed_holds_thirty_and_costs_the_same_for_one(void **state) {
    enum { STORIES = 32 };
    Newsroom n = start();
    int64_t cost;
    Feed feed;

    (void)state;
    (void)news_published(&n, "头一篇");
    db_cost_reset(n.ctx->db);
    feed = read_feed(&n, NULL);
    cost = db_cost(n.ctx->db).statements;
    for (int i = 1; i < STORIES; i++)
        (void)news_published(&n, "又一篇");
    db_cost_reset(n.ctx->db);
    feed = read_feed(&n, NULL);
    assert_int_equal(feed.len, 30);
    printf("  a feed of 1: %lld statements, of 30: %lld\n", (long long)cost,
           (long long)db_cost(n.ctx->db).statements);
    assert_true(db_cost(n.ctx->db).statements <= cost + 1); /* 60 names are two statements */
    newsroom_free(&n);
}

/* Reading fails cleanly wherever storage does. */
static void a_failing_read_gives_no_half_feed(void **state) {
    Newsroom n = start();

    (void)state;
    (void)news_published(&n, "一篇");
    for (int step = 0;; step++) {
        Feed feed = { .len = 77 };

        db_fail_at(n.ctx->db, step);
        Err err = feed_read(n.ctx, &n.paper, ORIGIN, S("/x"), &feed);
        db_fail_at(n.ctx->db, -1);
        db_reset(n.ctx->db);
        if (err.code == ERR_OK) {
            printf("feed: %d cases passed, 0 failed\n", step);
            assert_true(step >= 5 && feed.len == 1);
            break;
        }
        assert_true(err.code == ERR_IO && feed.len == 77);
    }
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_story_has_one_id_in_every_feed_and_format),
        cmocka_unit_test(an_item_names_person_outlet_language_and_times),
        cmocka_unit_test(a_correction_updates_the_item_and_stands_above_its_text),
        cmocka_unit_test(a_new_version_updates_the_item_and_a_draft_of_one_does_not),
        cmocka_unit_test(sec_47_drafts_and_withdrawn_and_other_outlets_stories_are_not_in_it),
        cmocka_unit_test(an_old_story_says_when_it_came_and_who_wrote_it),
        cmocka_unit_test(pictures_and_links_are_absolute),
        cmocka_unit_test(characters_that_xml_forbids_do_not_break_the_feed),
        cmocka_unit_test(the_watermark_of_a_demo_is_in_every_item),
        cmocka_unit_test(a_feed_holds_thirty_and_costs_the_same_for_one),
        cmocka_unit_test(a_failing_read_gives_no_half_feed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
