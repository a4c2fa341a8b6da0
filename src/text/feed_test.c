/* text/feed_test.c - feeds of every kind, what is mended, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "text/feed.h"
#include "text/suite.h"

#define BASE "https://paper.example/feed/"

static Arena *arena;

static int begin(void **state) {
    arena = arena_new(0);
    return 0;
}

static int end(void **state) {
    arena_close(&arena);
    return 0;
}

static Feed parsed_from(Str bytes, Str content_type) {
    Feed feed = { 0 };
    Err err =
        feed_parse(arena, bytes,
                   (FeedSource){ .url = S(BASE "main.xml"), .content_type = content_type }, &feed);

    if (err.code != ERR_OK)
        fail_msg("%s", err.msgid);
    return feed;
}

static Feed parsed(Str bytes) {
    return parsed_from(bytes, STR_EMPTY);
}

static void assert_str(Str text, const char *expected) {
    assert_string_equal(str_to_c(arena, text), expected);
}

static void assert_refused(Str bytes, ErrCode code) {
    Feed feed = { .format = "untouched" };

    assert_int_equal(feed_parse(arena, bytes, (FeedSource){ 0 }, &feed).code, code);
    assert_string_equal(feed.format, "untouched");
}

static const FeedItem *only_item(const Feed *feed) {
    assert_int_equal(feed->items.len, 1);
    return &feed->items.items[0];
}

/* The problems with a blank between. */
static const char *problems(const Feed *feed) {
    return str_to_c(arena,
                    str_join(arena, (StrList){ feed->problems.items, feed->problems.len }, S(" ")));
}

/* A feed with one item that holds this. */
static Feed rss_item(const char *inside) {
    return parsed(
        str_format(arena, "<rss version=\"2.0\"><channel><item>%s</item></channel></rss>", inside));
}

/* 2026-11-23T06:02:07Z */
static const int64_t noon_ms = 1795413727000;

/* ---- kinds ---- */

static void rss_2_gives_its_channel_and_items(void **state) {
    Feed feed = parsed(S(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
        "<channel><title>晨报</title><link>../</link><description>一份报</description>"
        "<language>zh_CN</language><ttl>60</ttl><webMaster>web@paper.example (网管)</webMaster>"
        "<lastBuildDate>Mon, 23 Nov 2026 14:02:07 +0800</lastBuildDate>"
        "<image><url>/logo.png</url><title>徽</title><link>/</link></image>"
        "<item><title>头条 &amp;amp; 二条</title><link>/1</link><guid "
        "isPermaLink=\"false\">k1</guid>"
        "<pubDate>Mon, 23 Nov 2026 06:02:07 GMT</pubDate><dc:creator>王芳</dc:creator>"
        "<category domain=\"s\">本地</category><comments>/1/c</comments>"
        "<description>&lt;p onclick='x'&gt;文&lt;/p&gt;</description>"
        "<enclosure url=\"a.mp3\" length=\"12\" type=\"audio/mpeg\"/>"
        "<source url=\"https://other.example/rss\">他报</source></item></channel></rss>"));
    const FeedItem *item = only_item(&feed);

    assert_string_equal(feed.version, "rss20");
    assert_string_equal(feed.encoding, "utf-8");
    assert_false(feed.is_repaired);
    assert_int_equal(feed.problems.len, 0);
    assert_str(feed.common.title.text, "晨报");
    assert_str(feed.common.url, "https://paper.example/");
    assert_str(feed.common.language, "zh-CN");
    assert_str(feed.common.publisher.email, "web@paper.example");
    assert_str(feed.common.publisher.name, "网管");
    assert_true(feed.common.updated_ms == noon_ms);
    assert_str(feed.common.image.url, "https://paper.example/logo.png");
    assert_str(item->common.title.text, "头条 & 二条");
    assert_str(item->common.url, "https://paper.example/1");
    assert_str(item->common.id, "k1");
    assert_true(item->has_own_id);
    assert_int_equal(item->guid_is_permalink, 0);
    assert_true(item->common.published_ms == noon_ms);
    assert_str(item->common.authors.items[0].name, "王芳");
    assert_str(item->common.categories.items[0].scheme, "s");
    assert_str(item->content_html, "<p>文</p>");
    assert_str(item->attachments.items[0].url, BASE "a.mp3");
    assert_int_equal(item->attachments.items[0].size_bytes, 12);
    assert_str(item->source->feed_url, "https://other.example/rss");
    assert_str(item->source->title.text, "他报");
}

static void a_feed_tells_its_own_pace(void **state) {
    Feed feed =
        parsed(S("<rss version=\"2.0\" xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">"
                 "<channel><title>t</title><sy:updatePeriod> daily </sy:updatePeriod>"
                 "<sy:updateFrequency>2</sy:updateFrequency><ttl>90</ttl>"
                 "<skipHours><hour>0</hour><hour> 23 </hour><hour>24</hour><hour>25</hour><hour/>"
                 "<hour>x</hour></skipHours><skipDays><day>sunday</day>\n<day>Saturday</day>"
                 "<day>Someday</day></skipDays></channel></rss>"));

    (void)state;
    assert_str(feed.update_period, "daily");
    assert_str(feed.update_frequency, "2");
    assert_str(feed.ttl, "90");
    assert_int_equal(feed.skip_hours, 1u | 1u << 23);
    assert_int_equal(feed.skip_days, 1u | 1u << 6);
}

static void atom_gives_markup_only_where_its_type_says_so(void **state) {
    Feed feed = parsed(
        S("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"/b/\" xml:lang=\"zh\">"
          "<title type=\"html\">a &lt;b&gt;c&lt;/b&gt;</title><link rel=\"self\" href=\"f\"/>"
          "<link rel=\"hub\" href=\"https://hub.example/\"/><link rel=\"next\" href=\"?2\"/>"
          "<entry><title>a &lt;b&gt;</title><id>tag:x</id><link href=\"e\"/>"
          "<author><name>李</name><email>l@paper.example</email><uri>/li</uri></author>"
          "<content type=\"xhtml\" xml:lang=\"en\"><div xmlns=\"http://www.w3.org/1999/xhtml\">"
          "<p>x <a href=\"y\">1 &lt; 2</a><br/></p></div></content><summary>短</summary>"
          "<published>2026-11-23T14:02:07+08:00</published></entry></feed>"));
    const FeedItem *item = only_item(&feed);

    assert_string_equal(feed.version, "atom10");
    assert_str(feed.common.title.text, "a c");
    assert_str(feed.common.title.html, "a <b>c</b>");
    assert_str(feed.common.feed_url, "https://paper.example/b/f");
    assert_str(feed.hubs.items[0], "https://hub.example/");
    assert_str(feed.next_url, "https://paper.example/b/?2");
    assert_str(item->common.title.text, "a <b>");
    assert_int_equal(item->common.title.html.len, 0);
    assert_str(item->common.url, "https://paper.example/b/e");
    assert_str(item->common.authors.items[0].url, "https://paper.example/li");
    assert_str(item->content_html, "<p>x <a href=\"https://paper.example/b/y\" rel=\"nofollow "
                                   "noopener\">1 &lt; 2</a><br></p>");
    assert_str(item->common.language, "en");
    assert_str(item->common.summary.text, "短");
    assert_true(item->common.published_ms == noon_ms);
}

static void rdf_and_cdf_tell_in_attributes(void **state) {
    Feed rdf =
        parsed(S("<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
                 "xmlns=\"http://purl.org/rss/1.0/\" "
                 "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel rdf:about=\"x\">"
                 "<title>t</title></channel><item rdf:about=\"https://a.example/1\">"
                 "<title>b</title><dc:date>2026-11-23T06:02:07Z</dc:date></item></rdf:RDF>"));
    Feed cdf =
        parsed(S("<CHANNEL HREF=\"/a\"><TITLE>t</TITLE><ITEM HREF=\"/b\" "
                 "LASTMOD=\"2026-11-23T06:02:07Z\"><ABSTRACT>c</ABSTRACT></ITEM></CHANNEL>"));

    assert_string_equal(rdf.version, "rss10");
    assert_str(rdf.common.title.text, "t");
    assert_str(only_item(&rdf)->common.id, "https://a.example/1");
    assert_str(only_item(&rdf)->common.url, "https://a.example/1");
    assert_true(only_item(&rdf)->common.published_ms == noon_ms);
    assert_string_equal(cdf.version, "cdf");
    assert_str(cdf.common.url, "https://paper.example/a");
    assert_str(only_item(&cdf)->common.url, "https://paper.example/b");
    assert_str(only_item(&cdf)->content_html, "c");
    assert_true(only_item(&cdf)->common.updated_ms == noon_ms);
}

static void json_feed_is_cleaned_too(void **state) {
    Feed feed = parsed(
        S("{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\",\"items\":[{\"id\":7,"
          "\"content_html\":\"<b>x</b><script>y</"
          "script>\",\"date_published\":\"2026-11-23T06:02:07Z\","
          "\"tags\":[\"a\"],\"author\":{\"name\":\"n\"},\"summary\":\"a < b\"},"
          "{\"content_text\":\"1 < "
          "2\",\"attachments\":[{\"url\":\"u\",\"duration_in_seconds\":2.5}]}]}"));
    const FeedItem *items = feed.items.items;

    assert_string_equal(feed.version, "json11");
    assert_int_equal(feed.items.len, 2);
    assert_str(items[0].common.id, "7");
    assert_str(items[0].content_html, "<b>x</b>");
    assert_str(items[0].common.authors.items[0].name, "n");
    assert_str(items[0].common.summary.text, "a < b");
    assert_true(items[0].common.published_ms == noon_ms);
    assert_true(str_starts(items[1].common.id, S("hash:")));
    assert_false(items[1].has_own_id);
    assert_str(items[1].content_html, "1 &lt; 2");
    assert_true(items[1].attachments.items[0].duration_s == 2.5);
}

static void versions_are_named_as_feedparser_names_them(void **state) {
    static const struct {
        const char *root, *version;
    } cases[] = {
        { "<rss version=\"0.91\"/>", "rss091u" },
        { "<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" "
          "\"http://my.netscape.com/publish/formats/rss-0.91.dtd\"><rss version=\"0.91\"/>",
          "rss091n" },
        { "<rss version=\"0.92\"/>", "rss092" },
        { "<rss version=\"0.93\"/>", "rss093" },
        { "<rss version=\"0.94\"/>", "rss094" },
        { "<rss version=\"2.1\"/>", "rss20" },
        { "<rss/>", "rss" },
        { "<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\"/>", "atom03" },
        { "<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\"/>", "atom10" },
        { "<r:RDF xmlns:r=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
          "xmlns=\"http://my.netscape.com/rdf/simple/0.9/\"/>",
          "rss090" },
        { "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[]}", "json1" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Feed feed = parsed(str_from_c(cases[i].root));
        assert_string_equal(feed.version, cases[i].version);
        assert_false(feed.is_repaired);
    }
}

/* ---- which element counts ---- */

static void richer_content_makes_the_description_a_summary(void **state) {
    const char *encoded = "<encoded xmlns=\"http://purl.org/rss/1.0/modules/content/\">"
                          "&lt;p&gt;long&lt;/p&gt;</encoded>";
    Feed before = rss_item(
        str_format(arena, "%s<description>&lt;i&gt;lead&lt;/i&gt;</description>", encoded).ptr);
    Feed after = rss_item(
        str_format(arena, "<description>&lt;i&gt;lead&lt;/i&gt;</description>%s", encoded).ptr);

    for (int i = 0; i < 2; i++) {
        const FeedItem *item = only_item(i == 0 ? &before : &after);
        assert_str(item->content_html, "<p>long</p>");
        assert_str(item->common.summary.text, "lead");
        assert_str(item->common.summary.html, "<i>lead</i>");
    }
}

static void names_of_other_vocabularies_do_not_win(void **state) {
    Feed feed =
        rss_item("<title xmlns=\"http://search.yahoo.com/mrss/\">m</title><title>own</title>"
                 "<title xmlns=\"http://purl.org/dc/elements/1.1/\">d</title>"
                 "<x:title xmlns:x=\"urn:x\">x</x:title><box><title>b</title></box>");

    assert_str(only_item(&feed)->common.title.text, "own");
}

static void a_permalink_is_the_page_until_a_link_says_otherwise(void **state) {
    Feed guid = rss_item("<guid>https://a.example/1</guid>");
    Feed both = rss_item("<guid>https://a.example/1</guid><link>https://a.example/2</link>");
    Feed none = rss_item("<guid isPermaLink=\"false\">https://a.example/1</guid>");

    assert_str(only_item(&guid)->common.url, "https://a.example/1");
    assert_str(only_item(&both)->common.url, "https://a.example/2");
    assert_int_equal(only_item(&none)->common.url.len, 0);
}

static void addresses_that_no_page_may_lead_to_are_left_out(void **state) {
    Feed feed = rss_item("<link>java\tscript:alert(1)</link><guid>javascript:x</guid>"
                         "<comments>data:text/html,x</comments>"
                         "<enclosure url=\"file:///etc/passwd\"/><link>/a b</link>");
    const FeedItem *item = only_item(&feed);

    assert_str(item->common.url, "https://paper.example/a%20b");
    assert_str(item->common.id, "javascript:x"); /* compared, never visited */
    assert_int_equal(item->comments.len, 0);
    assert_int_equal(item->attachments.len, 0);
    assert_int_equal(item->common.links.len, 1);
    assert_string_equal(problems(&feed), "address");
}

static void an_item_always_has_an_id(void **state) {
    Feed link = rss_item("<link>/a</link>"), text = rss_item("<title>a</title>"),
         again = rss_item("<title>a</title>"), other = rss_item("<title>b</title>");

    assert_str(only_item(&link)->common.id, "https://paper.example/a");
    assert_false(only_item(&link)->has_own_id);
    assert_true(str_eq(only_item(&text)->common.id, only_item(&again)->common.id));
    assert_false(str_eq(only_item(&text)->common.id, only_item(&other)->common.id));
}

static void people_are_told_in_many_ways(void **state) {
    static const char *const lines[] = { "w@a.example (王)", "王 (w@a.example)",
                                         "王 &lt;w@a.example&gt;", "王 w@a.example",
                                         "<name>王</name><email>w@a.example</email>" };

    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        Feed feed = rss_item(str_format(arena, "<author>%s</author>", lines[i]).ptr);
        assert_str(only_item(&feed)->common.authors.items[0].name, "王");
        assert_str(only_item(&feed)->common.authors.items[0].email, "w@a.example");
    }
}

static void dates_are_read_in_many_forms(void **state) {
    static const char *const forms[] = {
        "Mon, 23 Nov 2026 06:02:07 GMT",
        "23 Nov 26 06:02:07 Z",
        "Monday, 23 November 2026 01:02:07 EST",
        "Mon, Nov 23 2026 06:02:07 +0000",
        "Mon Nov 23 06:02:07 2026",
        "Mon Nov 23 06:02:07 UTC 2026",
        "2026-11-23T06:02:07Z",
        "2026-11-23T14:02:07+08:00",
        "2026-11-23 06:02:07",
        "2026-11-23 06:02:07.0",
        "20261123T060207Z",
        "2026-327T06:02:07Z",
        "2026-W48-1T06:02:07Z",
        "2026/11/23 06:02:07",
        "Mon, 2026/11/23 06:02:07 UTC",
        "23-Nov-2026 06:02:07 GMT",
        "2026年11月23日 14:02:07",
        "2026년 11월 23일 15:02:07",
        "2026-11-23 오후 03:02:07",
        "Mon, 23 Nov 2026 14:02:07 GMT+8",
    };

    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        Feed feed = rss_item(str_format(arena, "<pubDate> %s </pubDate>", forms[i]).ptr);
        if (only_item(&feed)->common.published_ms != noon_ms)
            fail_msg("%s is %lld", forms[i], (long long)only_item(&feed)->common.published_ms);
    }
}

static void a_date_without_a_zone_is_read_in_the_zone_of_the_source(void **state) {
    static const char *const forms[] = { "2026-11-23 14:02:07", "23 Nov 2026 14:02:07",
                                         "2026-11-23T06:02:07Z" };

    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        Feed feed;
        Str bytes = str_format(arena, "<rss><item><pubDate>%s</pubDate></item></rss>", forms[i]);

        assert_int_equal(feed_parse(arena, bytes, (FeedSource){ .zone_s = 8 * 3600 }, &feed).code,
                         ERR_OK);
        assert_true(only_item(&feed)->common.published_ms == noon_ms);
    }
}

static void what_is_no_date_is_a_problem_and_no_date(void **state) {
    static const char *const forms[] = { "yesterday",
                                         "2026-13-01",
                                         "2026-02-30T00:00:00Z",
                                         "Mon, 99 Nov 2026 06:02:07 GMT",
                                         "2026-11-23T25:00:00Z",
                                         "0000-01-01",
                                         "9999-12-31T23:59:59-01:00" };

    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        Feed feed = rss_item(str_format(arena, "<pubDate>%s</pubDate>", forms[i]).ptr);
        if (only_item(&feed)->common.published_ms != FEED_NO_TIME)
            fail_msg("%s", forms[i]);
        assert_string_equal(problems(&feed), "date");
        assert_false(feed.is_repaired);
    }
}

/* ---- what is mended ---- */

static void ill_formed_input_is_mended_and_said_so(void **state) {
    static const struct {
        const char *feed, *title, *problems;
    } cases[] = {
        { "<rss><channel><title>a&nbsp;b</title></channel></rss>", "a\u00a0b",
          "undeclared-entity" },
        { "<rss><channel><title>a & b &c; &</title></channel></rss>", "a & b &c; &",
          "bare-ampersand undeclared-entity" },
        { "<rss><channel><title>a\x01\x02"
          "b</title></channel></rss>",
          "ab", "control-character" },
        { "<rss><channel><title>a&#1;b</title></channel></rss>", "ab", "control-character" },
        { "<rss><channel><title>1 < 2 ]]></title></channel></rss>", "1 < 2 ]]>",
          "bare-angle-bracket" },
        { "Warning: x\n<br />\n<rss><channel><title>a</title></channel></rss>", "a",
          "junk-before-root" },
        { " <?xml version=\"1.0\"?><rss><channel><title>a</title></channel></rss>", "a",
          "junk-before-root" },
        { "<rss><channel><title>a</title></channel></rss><!-- x --> y", "a", "junk-after-root" },
        { "<rss version=2.0 x><channel a='1' a='2'><title>a</title></channel></rss>", "a",
          "malformed-tag" },
        { "<rss a×=''><channel><title>a <b×></title></channel></rss>", "a <b×>",
          "bare-angle-bracket malformed-tag" },
        { "<rss><channel><title>a</channel></rss>", "a", "end-tag-mismatch" },
        { "<rss><channel><title>a</title></b></channel></rss>", "a", "end-tag-mismatch" },
        { "<rss><channel><title>a</title>", "a", "truncated" },
        { "<rss><channel><title>a</title><item><title>b</tit", "a", "end-tag-mismatch truncated" },
        { "<rss><channel><title><![CDATA[a", "a", "truncated" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Feed feed = parsed(str_from_c(cases[i].feed));
        assert_str(feed.common.title.text, cases[i].title);
        assert_string_equal(problems(&feed), cases[i].problems);
        assert_true(feed.is_repaired);
    }
}

static void a_cut_feed_gives_the_items_before_the_cut(void **state) {
    Feed xml = parsed(S("<rss><channel><item><title>a</title></item><item><title>b</title></item>"
                        "<item><title>c</title><link>/c"));
    Feed json = parsed(S("{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\","
                         "\"items\":[{\"id\":\"a\"},{\"id\":\"b]}\"},{\"id\":\"c"));

    assert_int_equal(xml.items.len, 3);
    assert_str(xml.items.items[1].common.title.text, "b");
    assert_true(xml.is_repaired);
    assert_int_equal(json.items.len, 2);
    assert_str(json.items.items[1].common.id, "b]}");
    assert_string_equal(problems(&json), "truncated");
}

static void an_item_without_end_does_not_swallow_the_next(void **state) {
    Feed feed =
        parsed(S("<rss><channel><item><title>a<item><title>b</title></item></channel></rss>"));

    assert_int_equal(feed.items.len, 2);
    assert_str(feed.items.items[0].common.title.text, "a");
    assert_str(feed.items.items[1].common.title.text, "b");
}

static void markup_that_nobody_escaped_is_text(void **state) {
    Feed feed =
        rss_item("<title>a <b>c</b></title><description><p>x<br>y &lt; z</p></description>");

    assert_str(only_item(&feed)->common.title.html, "a <b>c</b>");
    assert_str(only_item(&feed)->content_html, "<p>x<br>y &lt; z</p>");
}

/* ---- entities ---- */

static void declared_entities_are_put_in_and_outer_ones_never_read(void **state) {
    Feed inner =
        parsed(S("<!DOCTYPE rss [<!ENTITY a \"1 &b; &#60;\"><!ENTITY b '2'>"
                 "<!-- <!ENTITY b '3'> -->]><rss><channel><title>&a;</title></channel></rss>"));
    Feed outer = parsed(S("<!DOCTYPE rss [<!ENTITY a SYSTEM \"file:///etc/passwd\">"
                          "<!ENTITY % p SYSTEM \"https://a.example/\"> %p;]>"
                          "<rss><channel><title>[&a;]</title></channel></rss>"));

    assert_str(inner.common.title.text, "1 2 <");
    assert_false(inner.is_repaired);
    assert_str(outer.common.title.text, "[]");
    assert_string_equal(problems(&outer), "external-entity");
}

static void entity_bombs_are_refused(void **state) {
    Buf bomb = buf_new(arena, 0), self = buf_new(arena, 0);

    buf_add(&bomb, S("<!DOCTYPE rss [<!ENTITY e0 \"0123456789\">"));
    for (int i = 1; i < 10; i++) {
        buf_add_format(&bomb, "<!ENTITY e%d \"", i);
        for (int k = 0; k < 10; k++)
            buf_add_format(&bomb, "&e%d;", i - 1);
        buf_add(&bomb, S("\">"));
    }
    buf_add(&bomb, S("]><rss><channel><title>&e9;</title></channel></rss>"));
    buf_add(&self, S("<!DOCTYPE rss [<!ENTITY a \"&a;\">]><rss><channel a=\"&a;\"/></rss>"));
    assert_refused(buf_str(&bomb), ERR_LIMIT);
    assert_refused(buf_str(&self), ERR_LIMIT);
}

/* ---- encodings ---- */

static void labels_count_until_the_bytes_say_otherwise(void **state) {
    static const struct {
        Str bytes;
        const char *type, *encoding, *problems;
    } cases[] = {
        { S_INIT("<rss><channel><title>\xC1\xAA\xB6\xAF</title></channel></rss>"),
          "text/xml; charset=gbk", "gb18030", "" },
        { S_INIT("<?xml version='1.0' encoding='gb2312'?>"
                 "<rss><channel><title>\xC1\xAA\xB6\xAF</title></channel></rss>"),
          "text/xml; charset=ISO-8859-1", "gb18030", "" },
        { S_INIT("<?xml version='1.0' encoding='utf-8'?>"
                 "<rss><channel><title>\xC1\xAA\xB6\xAF</title></channel></rss>"),
          "", "gb18030", "encoding-label" },
        { S_INIT("<?xml version='1.0' encoding='gbk'?>"
                 "<rss><channel><title>联动</title></channel></rss>"),
          "", "utf-8", "encoding-label" },
        { S_INIT("\xEF\xBB\xBF<rss><channel><title>联动</title></channel></rss>"), "", "utf-8",
          "" },
        { S_INIT("<?xml version='1.0' encoding='Big5'?>"
                 "<rss><channel><title>\xC1\x70\xB0\xCA</title></channel></rss>"),
          "", "big5", "" },
        { S_INIT("<?xml version='1.0' encoding='utf-8'?>"
                 "<rss><channel><title>\xE9t\xE9 \x93"
                 "1\x94</title></channel></rss>"),
          "", "windows-1252", "encoding-label" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Feed feed = parsed_from(cases[i].bytes, str_from_c(cases[i].type));
        assert_string_equal(feed.encoding, cases[i].encoding);
        assert_string_equal(problems(&feed), cases[i].problems);
        assert_str(feed.common.title.text, i == 5 ? "聯動" : i == 6 ? "été “1”" : "联动");
    }
    assert_refused(S("<?xml version='1.0' encoding='ISO-2022-JP'?><rss><a>\x1B$B\x1B(B</a></rss>"),
                   ERR_INVALID);
}

static void a_bad_byte_costs_one_character(void **state) {
    Feed feed = parsed(S("<rss><channel><title>\xE8\x81\x94\xFF\xE5\x8A\xA8, and more than twenty "
                         "letters</title></channel></rss>"));

    assert_str(feed.common.title.text, "联\uFFFD动, and more than twenty letters");
    assert_string_equal(problems(&feed), "invalid-bytes");
    assert_true(feed.is_repaired);
}

/* ---- what is refused ---- */

static void what_is_no_feed_is_refused(void **state) {
    static const char *const texts[] = { "",
                                         " ",
                                         "hello",
                                         "<html><body><p>x<p>y</body></html>",
                                         "<!DOCTYPE html><html>",
                                         "<a/>",
                                         "{}",
                                         "{\"items\":[]}",
                                         "[1]",
                                         "{\"version\":1",
                                         "<!--",
                                         "<?xml?>",
                                         "<" };

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_refused(str_from_c(texts[i]), ERR_INVALID);
}

/* The text `count` times between two others. */
static Str repeated(const char *before, const char *text, size_t count, const char *after) {
    Buf buf = buf_new(arena, SIZE_MAX);

    buf_add(&buf, str_from_c(before));
    for (size_t i = 0; i < count; i++)
        buf_add(&buf, str_from_c(text));
    buf_add(&buf, str_from_c(after));
    return buf_str(&buf);
}

static void limits_hold_at_the_bound_and_beyond(void **state) {
    Buf tag = buf_new(arena, 0);
    Feed feed = parsed(repeated("<rss><channel>", "<item/>", FEED_ITEMS, "</channel></rss>"));

    assert_int_equal(feed.items.len, FEED_ITEMS);
    assert_refused(repeated("<rss><channel>", "<item/>", FEED_ITEMS + 1, "</channel></rss>"),
                   ERR_LIMIT);
    assert_refused(repeated("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{}", ",{}",
                            FEED_ITEMS, "]}"),
                   ERR_LIMIT);
    feed = parsed(repeated("<rss>", "<a>", FEED_DEPTH - 1, ""));
    assert_string_equal(problems(&feed), "truncated");
    assert_refused(repeated("<rss>", "<a>", FEED_DEPTH, ""), ERR_LIMIT);
    for (int i = 0; i < FEED_ATTRIBUTES; i++)
        buf_add_format(&tag, " a%d=\"\"", i);
    (void)parsed(str_format(arena, "<rss%.*s/>", STR_ARG(buf_str(&tag))));
    assert_refused(str_format(arena, "<rss%.*s b=''/>", STR_ARG(buf_str(&tag))), ERR_LIMIT);
    (void)parsed(repeated("<rss/>", " ", FEED_BYTES - 6, ""));
    assert_refused(repeated("<rss/>", " ", FEED_BYTES - 5, ""), ERR_LIMIT);
    feed = parsed(repeated("<feed>", "<link href=\"a\"/>", FEED_LIST + 1, "</feed>"));
    assert_int_equal(feed.common.links.len, FEED_LIST);
    assert_string_equal(problems(&feed), "list-limit");
}

static void a_small_budget_is_kept(void **state) {
    CLEANUP(arena_close) Arena *small = arena_new(64 << 10);
    Feed feed;

    assert_int_equal(feed_parse(small,
                                repeated("<rss><channel>", "<item><title>a</title></item>", 4000,
                                         "</channel></rss>"),
                                (FeedSource){ 0 }, &feed)
                         .code,
                     ERR_LIMIT);
}

/* ---- as JSON ---- */

static void the_object_has_the_names_of_json_feed(void **state) {
    Feed feed =
        rss_item("<title>a</title><guid>https://a.example/1</guid><pubDate>Mon, 23 Nov 2026 "
                 "06:02:07 GMT</pubDate><author>w@a.example (王)</author>");
    Buf out = buf_new(arena, 0);

    json_write(&out, feed_json(arena, &feed));
    assert_str(
        buf_str(&out),
        "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"\",\"items\":[{\"id\":"
        "\"https://a.example/1\",\"url\":\"https://a.example/1\",\"title\":\"a\","
        "\"date_published\":\"2026-11-23T06:02:07Z\",\"authors\":[{\"name\":\"王\",\"_feed\":{"
        "\"email\":\"w@a.example\"}}],\"_feed\":{\"guid_is_permalink\":true}}],\"_liandong\":{"
        "\"format\":\"rss\",\"version\":\"rss20\",\"encoding\":\"utf-8\",\"repaired\":false,"
        "\"problems\":[]}}");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rss_2_gives_its_channel_and_items),
        cmocka_unit_test(a_feed_tells_its_own_pace),
        cmocka_unit_test(atom_gives_markup_only_where_its_type_says_so),
        cmocka_unit_test(rdf_and_cdf_tell_in_attributes),
        cmocka_unit_test(json_feed_is_cleaned_too),
        cmocka_unit_test(versions_are_named_as_feedparser_names_them),
        cmocka_unit_test(richer_content_makes_the_description_a_summary),
        cmocka_unit_test(names_of_other_vocabularies_do_not_win),
        cmocka_unit_test(a_permalink_is_the_page_until_a_link_says_otherwise),
        cmocka_unit_test(addresses_that_no_page_may_lead_to_are_left_out),
        cmocka_unit_test(an_item_always_has_an_id),
        cmocka_unit_test(people_are_told_in_many_ways),
        cmocka_unit_test(dates_are_read_in_many_forms),
        cmocka_unit_test(a_date_without_a_zone_is_read_in_the_zone_of_the_source),
        cmocka_unit_test(what_is_no_date_is_a_problem_and_no_date),
        cmocka_unit_test(ill_formed_input_is_mended_and_said_so),
        cmocka_unit_test(a_cut_feed_gives_the_items_before_the_cut),
        cmocka_unit_test(an_item_without_end_does_not_swallow_the_next),
        cmocka_unit_test(markup_that_nobody_escaped_is_text),
        cmocka_unit_test(declared_entities_are_put_in_and_outer_ones_never_read),
        cmocka_unit_test(entity_bombs_are_refused),
        cmocka_unit_test(labels_count_until_the_bytes_say_otherwise),
        cmocka_unit_test(a_bad_byte_costs_one_character),
        cmocka_unit_test(what_is_no_feed_is_refused),
        cmocka_unit_test(limits_hold_at_the_bound_and_beyond),
        cmocka_unit_test(a_small_budget_is_kept),
        cmocka_unit_test(the_object_has_the_names_of_json_feed),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
