/* tests/fuzz/fuzz_docx.c - whatever a Word file's parts are: clean HTML, valid text, bounds held. */
#include "base/utf8.h"
#include "fuzz.h"
#include "text/docx.h"
#include "text/html_clean.h"

static const struct {
    const char *name;
    Str otherwise; /* where the input has no such part */
} names[] = {
    { "word/document.xml", STR_EMPTY },
    { "word/styles.xml", STR_EMPTY },
    { "word/numbering.xml", STR_EMPTY },
    { "word/footnotes.xml", STR_EMPTY },
    { "word/_rels/document.xml.rels",
      S_INIT("<Relationships xmlns=\"/package/2006/relationships\">"
             "<Relationship Id=\"a\" Type=\"/styles\" Target=\"styles.xml\"/>"
             "<Relationship Id=\"b\" Type=\"/numbering\" Target=\"numbering.xml\"/>"
             "<Relationship Id=\"c\" Type=\"/footnotes\" Target=\"footnotes.xml\"/>"
             "<Relationship Id=\"i\" Type=\"/image\" Target=\"a.png\"/></Relationships>") },
    { "_rels/.rels", S_INIT("<Relationships xmlns=\"/package/2006/relationships\">"
                            "<Relationship Id=\"d\" Type=\"/officeDocument\""
                            " Target=\"word/document.xml\"/></Relationships>") },
    { "word/a.png", S_INIT("\x89PNG\r\n\x1a\n") },
};

static Err part(void *user, Arena *arena, Str name, size_t bytes_max, bool *ret_found, Str *ret) {
    const Str *parts = user;

    (void)arena;
    (void)bytes_max;
    *ret_found = false;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(name, str_from_c(names[i].name))) {
            *ret = parts[i].len ? parts[i] : names[i].otherwise;
            *ret_found = ret->len > 0;
        }
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(64 << 20);
    Str rest = fuzz_input(data, size), parts[COUNT_OF(names)] = { 0 }, again;
    Docx docx = { 0 };

    for (size_t i = 0; i < 4; i++)
        parts[i] = fuzz_part(&rest);
    Err err = docx_read(arena, part, parts, &docx);
    if (err.code != ERR_OK) {
        MUST(err.code == ERR_INVALID || err.code == ERR_LIMIT);
        return 0;
    }
    MUST(utf8_is_valid(docx.title) && utf8_is_valid(docx.html));
    MUST(html_clean(arena, docx.html, HTML_ARTICLE, STR_EMPTY, &again).code == ERR_OK);
    MUST(str_eq(again, docx.html));
    MUST(docx.picture_count <= DOCX_PICTURES);
    for (size_t i = 0; i < docx.picture_count; i++)
        MUST(utf8_is_valid(docx.pictures[i].alt));
    return 0;
}
