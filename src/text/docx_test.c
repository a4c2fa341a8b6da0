/* text/docx_test.c - what the header promises of Word files; tests/docx holds whole ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "text/docx.h"

#define W "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
#define RELS                                                                                       \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"

/* A file of two parts, and how reading goes wrong. */
typedef struct File {
    Str document;
    const char *failing; /* a part that cannot be read */
} File;

static Err part(void *user, Arena *arena, Str name, size_t bytes_max, bool *ret_found, Str *ret) {
    const File *file = user;

    (void)arena;
    if (file->failing && str_eq(name, str_from_c(file->failing)))
        return FAIL(ERR_LIMIT, "file", "Too large.");
    *ret_found = true;
    if (str_eq(name, S("_rels/.rels")))
        *ret =
            S(RELS "<Relationship Id=\"a\" Type=\"/officeDocument\" Target=\"/word/document.xml\"/>"
                   "</Relationships>");
    else if (str_eq(name, S("word/document.xml")) && file->document.len <= bytes_max)
        *ret = file->document;
    else
        *ret_found = false;
    return OK;
}

static Err read_body(Arena *arena, Str body, Docx *ret) {
    File file = { str_format(arena, "<w:document " W "><w:body>%.*s</w:body></w:document>",
                             STR_ARG(body)),
                  NULL };
    return docx_read(arena, part, &file, ret);
}

static void gives(const char *body, const char *html) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Docx docx;

    assert_int_equal(read_body(arena, str_from_c(body), &docx).code, ERR_OK);
    assert_string_equal(str_to_c(arena, docx.html), html);
}

static void refuses(Str document, const char *failing, ErrCode code) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    File file = { document, failing };
    Docx docx = { .picture_count = 7 };
    Err err = docx_read(arena, part, &file, &docx);

    assert_int_equal(err.code, code);
    assert_string_equal(err.field, "file");
    assert_int_equal(docx.picture_count, 7);
}

static void paragraphs_and_formats_are_kept(void **state) {
    (void)state;
    gives("", "");
    gives("<w:p><w:r><w:t>a &lt;b&gt; &amp;</w:t></w:r></w:p>", "<p>a &lt;b&gt; &amp;</p>");
    gives("<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r><w:r><w:rPr><w:b/><w:i/></w:rPr>"
          "<w:t>b</w:t></w:r></w:p>",
          "<p><strong>a</strong><strong><em>b</em></strong></p>");
    gives("<w:p><w:pPr><w:outlineLvl w:val=\"1\"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>"
          "<w:p><w:r><w:t>y</w:t></w:r></w:p>",
          "<h2>x</h2><p>y</p>");
}

static void an_opening_heading_is_the_title(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Docx docx;

    (void)state;
    assert_int_equal(
        read_body(arena,
                  S("<w:p><w:pPr><w:outlineLvl w:val=\"0\"/></w:pPr><w:r><w:t>A &amp; B"
                    "</w:t></w:r></w:p><w:p><w:r><w:t>y</w:t></w:r></w:p>"),
                  &docx)
            .code,
        ERR_OK);
    assert_true(str_eq(docx.title, S("A & B")));
    assert_true(str_eq(docx.html, S("<p>y</p>")));
}

static void insertions_are_in_and_deletions_out(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Docx docx;

    (void)state;
    assert_int_equal(read_body(arena,
                               S("<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins>"
                                 "<w:r><w:t>new</w:t></w:r></w:ins></w:p>"),
                               &docx)
                         .code,
                     ERR_OK);
    assert_true(str_eq(docx.html, S("<p>new</p>")));
    assert_int_equal(docx.lost[LOST_TRACKED], 2);
}

static void what_is_no_document_is_refused(void **state) {
    (void)state;
    refuses(S("<a/>"), NULL, ERR_INVALID);
    refuses(S(""), NULL, ERR_INVALID);
    refuses(S("<w:document " W "><w:body>"), NULL, ERR_INVALID);
    refuses(S("<!DOCTYPE a><w:document " W "><w:body/></w:document>"), NULL, ERR_INVALID);
    refuses(S("<w:document " W "><w:body/></w:document>"), "word/document.xml", ERR_LIMIT);
    refuses(S("<w:document " W "><w:body/></w:document>"), "_rels/.rels", ERR_LIMIT);
}

static void kinds_are_told_by_their_first_bytes(void **state) {
    (void)state;
    assert_int_equal(docx_check_kind(S("PK\x03\x04")).code, ERR_OK);
    assert_string_equal(docx_check_kind(S("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")).field, "file");
    assert_int_equal(docx_check_kind(S("{\\rtf1")).code, ERR_INVALID);
    assert_int_equal(docx_check_kind(S("")).code, ERR_INVALID);
}

/* Around one piece of XML, so many of another. */
static Str repeated(Arena *arena, Str before, Str inside, Str after, size_t count) {
    Buf out = buf_new(arena, SIZE_MAX);

    for (size_t i = 0; i < count; i++)
        buf_add(&out, before);
    buf_add(&out, inside);
    for (size_t i = 0; i < count && after.len; i++)
        buf_add(&out, after);
    return buf_str(&out);
}

static void depth_length_and_memory_have_bounds(void **state) {
    enum { MANY = 60000, TOO_MANY = 400000 };
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    CLEANUP(arena_close) Arena *small = arena_new(1 << 20);
    Str word = S("<w:p><w:r><w:t>12345678</w:t></w:r></w:p>");
    Docx docx;

    (void)state;
    Str deep = repeated(arena, S("<w:sdt>"), STR_EMPTY, S("</w:sdt>"), DOCX_DEPTH);
    assert_int_equal(read_body(arena, deep, &docx).code, ERR_LIMIT);
    assert_int_equal(
        read_body(arena, repeated(arena, word, STR_EMPTY, STR_EMPTY, MANY), &docx).code, ERR_OK);
    assert_int_equal(
        read_body(arena, repeated(arena, word, STR_EMPTY, STR_EMPTY, TOO_MANY), &docx).code,
        ERR_LIMIT);
    assert_int_equal(
        read_body(small, repeated(arena, word, STR_EMPTY, STR_EMPTY, MANY), &docx).code, ERR_LIMIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paragraphs_and_formats_are_kept),
        cmocka_unit_test(an_opening_heading_is_the_title),
        cmocka_unit_test(insertions_are_in_and_deletions_out),
        cmocka_unit_test(what_is_no_document_is_refused),
        cmocka_unit_test(kinds_are_told_by_their_first_bytes),
        cmocka_unit_test(depth_length_and_memory_have_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
