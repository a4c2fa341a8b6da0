/* opml_test.c - lists of feeds as others write them, hostile ones, and ours read back. */
#include "text/opml.h"

#include "base/test_support.h"
#include "text/suite.h"

#define assert_ok(call)                                                                            \
    do {                                                                                           \
        Err ok_ = (call);                                                                          \
        if (ok_.code != ERR_OK)                                                                    \
            fail_msg("%s: %s", #call, ok_.msgid);                                                  \
    } while (0)

static Opml must(Arena *arena, const char *xml) {
    Opml opml;

    assert_ok(opml_parse(arena, str_from_c(xml), &opml));
    return opml;
}

static void feeds_are_read_in_order_from_all_folders(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Opml opml =
        must(arena, "<opml version='2.0'><head><title> 联盟 </title></head><body>"
                    "<outline text='夹'><outline text='甲' xmlUrl=' https://a.example/f '"
                    " htmlUrl='https://a.example/'/></outline>"
                    "<outline title='乙' XMLURL='https://b.example/f?a=1&amp;b=2'/>"
                    "<outline text='链接' type='link' url='https://c.example/'/></body></opml>");

    (void)state;
    assert_true(opml.len == 2 && !opml.is_repaired && str_eq(opml.title, S("联盟")));
    assert_true(str_eq(opml.items[0].text, S("甲")) &&
                str_eq(opml.items[0].xml_url, S("https://a.example/f")) &&
                str_eq(opml.items[0].html_url, S("https://a.example/")));
    assert_true(str_eq(opml.items[1].text, S("乙")) &&
                str_eq(opml.items[1].xml_url, S("https://b.example/f?a=1&b=2")));
}

static void what_is_no_list_is_refused(void **state) {
    static const char *const bad[] = {
        "",
        " ",
        "<html><body/></html>",
        "{}",
        "\xff\xff\xff",
        ("<!DOCTYPE opml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><opml><body><outline text='&x;'"
         " xmlUrl='https://a.example/'/></body></opml>"),
    };
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Opml opml = { .len = 7 };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(opml_parse(arena, str_from_c(bad[i]), &opml).code, ERR_INVALID);
    assert_int_equal(opml.len, 7);
}

static Str nested(Arena *arena, int depth, int outlines) {
    Buf out = buf_new(arena, 0);

    buf_add(&out, S("<opml><body>"));
    for (int i = 0; i < depth; i++)
        buf_add(&out, S("<outline text='x'>"));
    for (int i = 0; i < outlines; i++)
        buf_add(&out, S("<outline xmlUrl='https://a.example/f'/>"));
    for (int i = 0; i < depth; i++)
        buf_add(&out, S("</outline>"));
    buf_add(&out, S("</body></opml>"));
    return buf_str(&out);
}

static void bounds_hold(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Opml opml;

    (void)state;
    assert_ok(opml_parse(arena, nested(arena, 0, OPML_OUTLINES), &opml));
    assert_int_equal(opml.len, OPML_OUTLINES);
    assert_int_equal(opml_parse(arena, nested(arena, 0, OPML_OUTLINES + 1), &opml).code, ERR_LIMIT);
    assert_ok(opml_parse(arena, nested(arena, OPML_DEPTH - 1, 1), &opml));
    assert_int_equal(opml_parse(arena, nested(arena, OPML_DEPTH + 1, 1), &opml).code, ERR_LIMIT);
    char *large = arena_alloc(arena, OPML_BYTES + 1);
    memset(large, ' ', OPML_BYTES + 1);
    assert_int_equal(opml_parse(arena, (Str){ large, OPML_BYTES + 1 }, &opml).code, ERR_LIMIT);
}

static void what_we_write_reads_back(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    OpmlOutline items[] = { { .text = S("<甲> & \"乙\"\x01"),
                              .xml_url = S("https://a.example/?a=1&b=2") },
                            { .text = S("丙"),
                              .xml_url = S("https://c.example/"),
                              .html_url = S("https://c.example/h") } };
    Buf out = buf_new(arena, 0);
    Opml opml;

    (void)state;
    assert_ok(opml_write(&out, S("名 <录>"), items, 2));
    assert_ok(opml_parse(arena, buf_str(&out), &opml));
    assert_true(opml.len == 2 && !opml.is_repaired && str_eq(opml.title, S("名 <录>")));
    assert_true(str_eq(opml.items[0].text, S("<甲> & \"乙\"")) &&
                str_eq(opml.items[0].xml_url, items[0].xml_url) &&
                str_eq(opml.items[1].html_url, items[1].html_url));
}

/* ---- the published cases: what their comments say of the first feed ---- */

typedef struct Tally {
    Arena *arena;
    bool is_malformed, is_other;
    int passed;
} Tally;

/* The text after `prefix` up to the closing quote, of one line; empty where the file says nothing. */
static Str told(Str bytes, const char *what) {
    size_t at = str_find(bytes, str_from_c(what), 0);

    if (at == SIZE_MAX)
        return STR_EMPTY;
    at += strlen(what);
    char quote = bytes.ptr[at];
    size_t end = str_find_char(bytes, quote, at + 1);
    return quote == '\'' || quote == '"' ? str_slice(bytes, at + 1, end) : STR_EMPTY;
}

static void judge(void *user, const char *name, Str bytes) {
    Tally *tally = user;
    Opml opml;
    Err err = opml_parse(tally->arena, bytes, &opml);
    Str title = told(bytes, "result['feeds'][0]['title'] == ");
    Str url = told(bytes, "result['feeds'][0]['url'] == ");

    if (strcmp(name, "SOURCE.md") == 0)
        return;
    tally->passed++;
    if (tally->is_other) { /* RDF and iGoogle are not read */
        assert_int_equal(err.code, ERR_INVALID);
        return;
    }
    if (err.code != ERR_OK)
        fail_msg("%s: %s", name, err.msgid);
    if (title.len > 0 && (opml.len == 0 || !str_eq(opml.items[0].text, title)))
        fail_msg("%s: not %.*s", name, STR_ARG(title));
    if (url.len > 0 && (opml.len == 0 || !str_eq(opml.items[0].xml_url, url)))
        fail_msg("%s: not %.*s", name, STR_ARG(url));
    if (str_contains(bytes, S("len(result['feeds']) == 0")))
        assert_int_equal(opml.len, 0);
    if (tally->is_malformed)
        assert_true(opml.is_repaired);
}

static void the_published_cases_are_read(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Tally tally = { .arena = arena };

    (void)state;
    if (!suite_is_here("opml", 52))
        return;
    suite_each(arena, "conformance/opml/opml", judge, &tally);
    suite_each(arena, "conformance/opml/zh", judge, &tally);
    tally.is_malformed = true;
    suite_each(arena, "conformance/opml/malformed", judge, &tally);
    tally.is_other = true;
    suite_each(arena, "conformance/opml/rdf", judge, &tally);
    assert_int_equal(tally.passed, 52);
    printf("opml: %d cases passed, 0 failed\n", tally.passed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(feeds_are_read_in_order_from_all_folders),
        cmocka_unit_test(what_is_no_list_is_refused),
        cmocka_unit_test(bounds_hold),
        cmocka_unit_test(what_we_write_reads_back),
        cmocka_unit_test(the_published_cases_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
