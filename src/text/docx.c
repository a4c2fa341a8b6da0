/* text/docx.c - a Word file: its parts found, its text read and cleaned, its notes at the end. */
#include "text/docx.h"

#include "base/utf8.h"
#include "text/docx_body.h"
#include "text/html_clean.h"
#include "text/html_text.h"

static Err not_word(void) {
    return FAIL(ERR_INVALID, "file", N_("This is not a Word file (.docx)."));
}

static const char *const lost_names[DOCX_LOST_KINDS] = {
    [LOST_TRACKED] = "tracked-changes", [LOST_COMMENTS] = "comments",
    [LOST_TEXT_BOXES] = "text-boxes",   [LOST_EQUATIONS] = "equations",
    [LOST_CHARTS] = "charts",           [LOST_DIAGRAMS] = "diagrams",
    [LOST_SHAPES] = "shapes",           [LOST_HEADERS] = "headers-footers",
    [LOST_EMBEDDED] = "embedded-files", [LOST_PICTURES] = "pictures",
    [LOST_LINKED] = "linked-pictures",  [LOST_CONTENTS] = "contents",
    [LOST_HIDDEN] = "hidden-text",      [LOST_ANCHORS] = "inner-links",
    [LOST_NUMBERS] = "heading-numbers", [LOST_READINGS] = "readings",
    [LOST_SYMBOLS] = "symbols",
};

const char *docx_lost_name(DocxLost what) {
    return lost_names[what];
}

Err docx_check_kind(Str file) {
    /* UTF-16 in the directory of a compound file (MS-CFB) */
    static const Str encrypted = S_INIT("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0");
    bool is_compound = str_starts(file, S("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"));

    if (is_compound && str_contains(file, encrypted))
        return FAIL(ERR_INVALID, "file",
                    N_("The file is protected by a password. Save it without one and try again."));
    if (is_compound || str_starts(file, S("{\\rtf")))
        return FAIL(ERR_INVALID, "file",
                    N_("This is a file of an old Word (.doc). Save it as .docx and try again."));
    return str_starts(file, S("PK")) ? OK : not_word();
}

static Err get(DocxReader *reader, Str name, bool *ret_found, Str *ret) {
    return reader->part(reader->part_user, reader->arena, name, DOCX_PART_BYTES, ret_found, ret);
}

/* "word/document.xml": folder "word/", relationships "word/_rels/document.xml.rels". */
static Err relations_of(DocxReader *reader, Str part, Str *ret_folder, Map *ret) {
    size_t at = part.len;
    bool is_found;
    Str xml;

    while (at > 0 && part.ptr[at - 1] != '/')
        at--;
    *ret_folder = str_slice(part, 0, at);
    *ret = map_new(reader->arena);
    Str name = str_format(reader->arena, "%.*s_rels/%.*s.rels", STR_ARG(*ret_folder),
                          STR_ARG(str_slice(part, at, part.len)));
    TRY(get(reader, name, &is_found, &xml));
    return is_found ? docx_relations(reader->arena, xml, *ret_folder, ret) : OK;
}

/* The first relationship of that type within the file; NULL when there is none. */
static const DocxRelation *find(const Map *relations, const char *type) {
    for (size_t i = 0; i < relations->len; i++) {
        const DocxRelation *relation = relations->items[i].value;
        if (relation && !relation->is_external && str_eq(relation->type, str_from_c(type)))
            return relation;
    }
    return NULL;
}

static Err read_notes(DocxReader *reader, const Map *relations, const char *type) {
    const DocxRelation *relation = find(relations, type);
    bool is_found = false;
    Str xml, folder;
    Map own;

    if (relation)
        TRY(get(reader, relation->target, &is_found, &xml));
    if (!is_found)
        return OK;
    TRY(relations_of(reader, relation->target, &folder, &own));
    return docx_body(reader, xml, &own);
}

static Err read_book(DocxReader *reader, const Map *relations) {
    const DocxRelation *styles = find(relations, "styles"),
                       *numbering = find(relations, "numbering");
    bool is_found = false;
    Str xml;

    reader->book = docx_book(reader->arena);
    if (styles)
        TRY(get(reader, styles->target, &is_found, &xml));
    if (is_found)
        TRY(docx_styles(&reader->book, xml));
    is_found = false;
    if (numbering)
        TRY(get(reader, numbering->target, &is_found, &xml));
    return is_found ? docx_numbering(&reader->book, xml) : OK;
}

/* ---- headers and footers: only whether they hold text ---- */

typedef struct Margin {
    bool is_in_text, has_text;
} Margin;

static Err margin_start(void *user, const DocxTag *tag) {
    if (docx_is(tag, DNS_W, "t"))
        ((Margin *)user)->is_in_text = true;
    return OK;
}

static Err margin_end(void *user, const DocxTag *tag) {
    if (docx_is(tag, DNS_W, "t"))
        ((Margin *)user)->is_in_text = false;
    return OK;
}

static Err margin_text(void *user, Str text) {
    Margin *margin = user;

    margin->has_text = margin->has_text || (margin->is_in_text && str_trim(text).len > 0);
    return OK;
}

static Err count_margins(DocxReader *reader, const Map *relations) {
    static const DocxSax sax = { margin_start, margin_end, margin_text };

    for (size_t i = 0; i < relations->len; i++) {
        const DocxRelation *relation = relations->items[i].value;
        Margin margin = { 0 };
        bool is_found;
        Str xml;

        if (!relation || relation->is_external ||
            (!str_eq(relation->type, S("header")) && !str_eq(relation->type, S("footer"))))
            continue;
        TRY(get(reader, relation->target, &is_found, &xml));
        if (is_found)
            TRY(docx_xml(reader->arena, xml, &sax, &margin));
        reader->docx->lost[LOST_HEADERS] += margin.has_text ? 1 : 0;
    }
    return OK;
}

/* ---- all of it ---- */

static void add_notes(DocxReader *reader, Buf *out) {
    if (reader->refs.len == 0)
        return;
    buf_add(out, S("<hr><ol>"));
    for (size_t i = 0; i < reader->refs.len; i++) {
        const Str *html = map_get(&reader->notes, reader->refs.items[i].key);

        buf_add_format(out, "<li id=\"note-%zu\">", i + 1);
        buf_add(out, docx_flow_bare(*html));
        buf_add_format(out, " <a href=\"#ref-%zu\">↩</a></li>", i + 1);
    }
    buf_add(out, S("</ol>"));
}

/* Plain, on one line, not longer than a title may be. */
static Str title_of(Arena *arena, Str html) {
    Str text = str_replace(arena, str_trim(html_text(arena, html)), S("\n"), S(" "));
    size_t chars = 0, at = 0;

    for (; at < text.len; at++) {
        chars += ((unsigned char)text.ptr[at] & 0xC0) != 0x80 ? 1 : 0;
        if (chars > DOCX_TITLE_CHARS)
            break;
    }
    return str_trim(str_slice(text, 0, at));
}

/* Without a paragraph in the style Title, a heading that opens the text is its title. */
static void take_title(DocxReader *reader, Str *html) {
    size_t end = str_find(*html, S("</h2>"), 0);

    if (reader->docx->title.len == 0 && str_starts(*html, S("<h2>")) && end != SIZE_MAX) {
        reader->docx->title = str_slice(*html, 4, end);
        *html = str_slice(*html, end + 5, html->len);
    }
    reader->docx->title = title_of(reader->arena, reader->docx->title);
}

/* The highest headings that are left become h2, the others follow; text holds no "<". */
static Str raise_headings(Arena *arena, Str html) {
    int first = 2;

    while (first < 6 && !str_contains(html, str_format(arena, "<h%d>", first)))
        first++;
    if (first == 2 || !str_contains(html, str_format(arena, "<h%d>", first)))
        return html;
    for (int from = first; from <= 6; from++) {
        int to = from - first + 2;
        html = str_replace(arena, html, str_format(arena, "<h%d>", from),
                           str_format(arena, "<h%d>", to));
        html = str_replace(arena, html, str_format(arena, "</h%d>", from),
                           str_format(arena, "</h%d>", to));
    }
    return html;
}

static Err read_document(DocxReader *reader, Str name) {
    Buf out = buf_new(reader->arena, HTML_CLEAN_BYTES);
    bool is_found;
    Str xml, folder;
    Map relations;

    TRY(get(reader, name, &is_found, &xml));
    if (!is_found)
        return not_word();
    TRY(relations_of(reader, name, &folder, &relations));
    TRY(read_book(reader, &relations));
    TRY(read_notes(reader, &relations, "footnotes"));
    TRY(read_notes(reader, &relations, "endnotes"));
    reader->is_document = reader->is_title_wanted = true;
    reader->flow = NULL;
    TRY(docx_body(reader, xml, &relations));
    if (!reader->flow)
        return not_word();
    while (reader->flow->outer)
        reader->flow = reader->flow->outer;
    Str html = docx_flow_end(reader->flow);
    take_title(reader, &html);
    buf_add(&out, raise_headings(reader->arena, html));
    add_notes(reader, &out);
    TRY(count_margins(reader, &relations));
    if (out.is_full || arena_is_over(reader->arena))
        return FAIL(ERR_LIMIT, "file",
                    N_("The Word file holds more than is read here. Divide it."));
    Err err =
        html_clean(reader->arena, buf_str(&out), HTML_ARTICLE, STR_EMPTY, &reader->docx->html);
    if (err.code == ERR_LIMIT)
        err.field = "file";
    return err;
}

Err docx_read(Arena *arena, DocxPart part, void *user, Docx *ret) {
    Docx docx = { 0 };
    DocxReader *reader = arena_alloc(arena, sizeof *reader);
    bool is_found;
    Str xml;
    Map relations;

    *reader = (DocxReader){ .arena = arena, .docx = &docx, .part = part, .part_user = user };
    reader->notes = map_new(arena);
    TRY(get(reader, S("_rels/.rels"), &is_found, &xml));
    if (!is_found)
        return not_word();
    TRY(docx_relations(arena, xml, STR_EMPTY, &relations));
    const DocxRelation *main = find(&relations, "officeDocument");
    if (!main)
        return not_word();
    TRY(read_document(reader, main->target));
    docx.pictures = reader->pictures.items;
    docx.picture_count = reader->pictures.len;
    *ret = docx;
    return OK;
}

Json *docx_json(Arena *arena, const Docx *docx) {
    Json *out = json_obj(arena), *pictures = json_arr(arena), *lost = json_arr(arena);

    for (size_t i = 0; i < docx->picture_count; i++) {
        Json *picture = json_obj(arena);
        json_set(picture, "name", json_str(arena, docx->pictures[i].name));
        json_set(picture, "bytes", json_int(arena, (int64_t)docx->pictures[i].bytes.len));
        json_set(picture, "alt", json_str(arena, docx->pictures[i].alt));
        json_push(pictures, picture);
    }
    for (int i = 0; i < DOCX_LOST_KINDS; i++) {
        Json *one = json_obj(arena);
        if (docx->lost[i] == 0)
            continue;
        json_set(one, "what", json_str(arena, str_from_c(lost_names[i])));
        json_set(one, "count", json_int(arena, docx->lost[i]));
        json_push(lost, one);
    }
    json_set(out, "title", json_str(arena, docx->title));
    json_set(out, "html", json_str(arena, docx->html));
    json_set(out, "pictures", pictures);
    json_set(out, "lost", lost);
    return out;
}
