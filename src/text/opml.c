/* text/opml.c - OPML by libxml2's tree: no network, no entities, bounded. */
#include "text/opml.h"

#include "base/utf8.h"
#include "base/vec.h"
#include "text/charset.h"
#include "text/xml_parser.h"

typedef struct Walk {
    Arena *arena;
    VEC(OpmlOutline) items;
    size_t outlines;
} Walk;

static void free_doc(xmlDocPtr *doc) {
    if (*doc)
        xmlFreeDoc(*doc);
}

static bool is_named(const xmlNode *node, const char *name) {
    return node->type == XML_ELEMENT_NODE &&
           str_eq_nocase(str_from_c((const char *)node->name), str_from_c(name));
}

/* Names of attributes are compared without case, as others write them. */
static Str attribute(Arena *arena, xmlNodePtr node, const char *name) {
    for (xmlAttrPtr at = node->properties; at; at = at->next) {
        if (!str_eq_nocase(str_from_c((const char *)at->name), str_from_c(name)))
            continue;
        xmlChar *value = xmlNodeListGetString(node->doc, at->children, 1);
        Str text = str_trim(utf8_clean(arena, str_from_c((const char *)value)));
        xmlFree(value);
        return text;
    }
    return STR_EMPTY;
}

static Err add_outline(Walk *walk, xmlNodePtr node) {
    OpmlOutline item = { .text = attribute(walk->arena, node, "text"),
                         .xml_url = attribute(walk->arena, node, "xmlUrl"),
                         .html_url = attribute(walk->arena, node, "htmlUrl"),
                         .line = (int64_t)xmlGetLineNo(node) };

    if (++walk->outlines > OPML_OUTLINES)
        return FAIL_ARGS(ERR_LIMIT, NULL, N_("A list of feeds has at most {0} entries."),
                         str_from_int(walk->arena, OPML_OUTLINES));
    if (item.text.len == 0)
        item.text = attribute(walk->arena, node, "title");
    if (item.xml_url.len > 0)
        *VEC_PUSH(walk->arena, &walk->items) = item;
    return OK;
}

static Err walk_outlines(Walk *walk, xmlNodePtr parent, int depth) {
    for (xmlNodePtr node = parent->children; node; node = node->next) {
        if (!is_named(node, "outline"))
            continue;
        if (depth > OPML_DEPTH)
            return FAIL_ARGS(ERR_LIMIT, NULL,
                             N_("A list of feeds has at most {0} folders inside one another."),
                             str_from_int(walk->arena, OPML_DEPTH));
        TRY(add_outline(walk, node));
        TRY(walk_outlines(walk, node, depth + 1));
    }
    return OK;
}

static Str text_of(Arena *arena, xmlNodePtr node) {
    xmlChar *value = xmlNodeGetContent(node);
    Str text = str_trim(utf8_clean(arena, str_from_c((const char *)value)));

    xmlFree(value);
    return text;
}

static Err read_root(Arena *arena, xmlNodePtr root, Opml *ret) {
    Walk walk = { .arena = arena };

    if (!root || !is_named(root, "opml"))
        return FAIL(ERR_INVALID, NULL, N_("This is no list of feeds (OPML)."));
    for (xmlNodePtr part = root->children; part; part = part->next) {
        for (xmlNodePtr node = part->children; is_named(part, "head") && node; node = node->next)
            if (is_named(node, "title"))
                ret->title = text_of(arena, node);
        if (is_named(part, "body"))
            TRY(walk_outlines(&walk, part, 1));
    }
    ret->items = walk.items.items;
    ret->len = walk.items.len;
    return OK;
}

/* A doctype could only declare entities, and there is nothing in OPML to use them for. */
static bool has_doctype(Str xml) {
    return str_contains(xml, S("<!DOCTYPE")) || str_contains(xml, S("<!ENTITY"));
}

/* What the XML declaration says; a hint, for charset_to_utf8 looks at the bytes first. */
static Str declared(Str bytes) {
    Str head = str_slice(bytes, 0, 200);
    size_t at = str_find(head, S("encoding="), 0);

    if (at == SIZE_MAX || at + 10 >= head.len)
        return STR_EMPTY;
    size_t end = str_find_char(head, head.ptr[at + 9], at + 10);
    return end == SIZE_MAX ? STR_EMPTY : str_slice(head, at + 10, end);
}

Err opml_parse(Arena *arena, Str bytes, Opml *ret) {
    Opml out = { 0 };
    Str xml;

    if (bytes.len > OPML_BYTES)
        return FAIL(ERR_LIMIT, NULL, N_("This list of feeds is too large."));
    TRY(charset_to_utf8(arena, bytes, declared(bytes), &xml, NULL));
    if (has_doctype(xml))
        return FAIL(ERR_INVALID, NULL,
                    N_("This list of feeds declares a document type. Take that line out."));
    CLEANUP(xml_parser_close) xmlParserCtxtPtr parser = xmlNewParserCtxt();
    if (!parser)
        return FAIL(ERR_BUSY, NULL,
                    N_("The server has no memory left for this text. Try again later."));
    CLEANUP(free_doc)
    xmlDocPtr doc =
        xmlCtxtReadMemory(parser, xml.len > 0 ? xml.ptr : "", (int)xml.len, NULL, "utf-8",
                          XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR |
                              XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC | XML_PARSE_NOCDATA);
    if (parser->errNo == XML_ERR_NO_MEMORY)
        return FAIL(ERR_BUSY, NULL,
                    N_("The server has no memory left for this text. Try again later."));
    TRY(read_root(arena, doc ? xmlDocGetRootElement(doc) : NULL, &out));
    out.is_repaired = !parser->wellFormed;
    *ret = out;
    return OK;
}

/* ---- writing ---- */

static void add_attribute(Buf *out, const char *name, Str value) {
    buf_add_format(out, " %s=\"", name);
    for (size_t at = 0; at < value.len;) {
        size_t from = at;
        uint32_t rune = utf8_next(value, &at);
        bool is_xml = rune != UTF8_BAD && rune >= ' ' && rune != 0xfffe && rune != 0xffff;
        if (is_xml)
            buf_add_html(out, str_slice(value, from, at));
    }
    buf_add_char(out, '"');
}

Err opml_write(Buf *out, Str title, const OpmlOutline *items, size_t count) {
    buf_add(out,
            S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n<head><title>"));
    buf_add_html(out, title);
    buf_add(out, S("</title></head>\n<body>\n"));
    for (size_t i = 0; i < count; i++) {
        buf_add(out, S("<outline type=\"rss\""));
        add_attribute(out, "text", items[i].text);
        add_attribute(out, "xmlUrl", items[i].xml_url);
        if (items[i].html_url.len > 0)
            add_attribute(out, "htmlUrl", items[i].html_url);
        buf_add(out, S("/>\n"));
    }
    buf_add(out, S("</body>\n</opml>\n"));
    return buf_check(out);
}
