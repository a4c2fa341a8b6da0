/* text/docx_xml.c - drives libxml2 over a part of a Word file: no document type, no entities, bounds. */
#include "text/docx_xml.h"

#include <limits.h>
#include <string.h>

#include <libxml/parserInternals.h>

#include "text/docx.h"
#include "text/xml_parser.h"

enum { ATTRIBUTE_PARTS = 5, NAMESPACES = 64 };

typedef struct Run {
    Arena *arena;
    xmlParserCtxtPtr parser;
    const DocxSax *sax;
    void *user;
    Err err;
    size_t depth, elements;
    struct {
        const xmlChar *uri; /* libxml2 keeps one copy of each */
        DocxNs ns;
    } known[NAMESPACES];
} Run;

static Err ill_formed(void) {
    return FAIL(ERR_INVALID, "file",
                N_("The Word file is damaged. Open it in Word, save it again and try once more."));
}

static Err too_much(void) {
    return FAIL(ERR_LIMIT, "file", N_("The Word file holds more than is read here. Divide it."));
}

static void stop(Run *run, Err err) {
    if (run->err.code == ERR_OK && err.code != ERR_OK) {
        run->err = err;
        xmlStopParser(run->parser);
    }
}

static DocxNs namespace_by_name(Str uri) {
    static const struct {
        Str end;
        DocxNs ns;
    } list[] = {
        { S_INIT("/wordprocessingml/2006/main"), DNS_W },
        { S_INIT("/ooxml/wordprocessingml/main"), DNS_W },
        { S_INIT("/officeDocument/2006/math"), DNS_MATH },
        { S_INIT("/ooxml/officeDocument/math"), DNS_MATH },
        { S_INIT("/drawingml/2006/main"), DNS_A },
        { S_INIT("/ooxml/drawingml/main"), DNS_A },
        { S_INIT("/drawingml/2006/wordprocessingDrawing"), DNS_PLACED },
        { S_INIT("/ooxml/drawingml/wordprocessingDrawing"), DNS_PLACED },
        { S_INIT("/drawingml/2006/picture"), DNS_PIC },
        { S_INIT("/ooxml/drawingml/picture"), DNS_PIC },
        { S_INIT("/drawingml/2006/chart"), DNS_CHART },
        { S_INIT("/ooxml/drawingml/chart"), DNS_CHART },
        { S_INIT("/drawing/2014/chartex"), DNS_CHART },
        { S_INIT("/drawingml/2006/diagram"), DNS_DIAGRAM },
        { S_INIT("/ooxml/drawingml/diagram"), DNS_DIAGRAM },
        { S_INIT("/word/2010/wordprocessingShape"), DNS_SHAPE },
        { S_INIT("/markup-compatibility/2006"), DNS_CHOICE },
        { S_INIT("urn:schemas-microsoft-com:vml"), DNS_VML },
        { S_INIT("/package/2006/relationships"), DNS_RELS },
    };

    for (size_t i = 0; i < COUNT_OF(list); i++)
        if (str_ends(uri, list[i].end))
            return list[i].ns;
    return DNS_OTHER;
}

static DocxNs namespace_of(Run *run, const xmlChar *uri) {
    size_t slot = ((uintptr_t)uri >> 4) % NAMESPACES;

    if (!uri)
        return DNS_OTHER;
    if (run->known[slot].uri != uri) {
        run->known[slot].uri = uri;
        run->known[slot].ns = namespace_by_name(str_from_c((const char *)uri));
    }
    return run->known[slot].ns;
}

Str docx_attribute(const DocxTag *tag, const char *name) {
    for (int i = 0; i < tag->count; i++) {
        const unsigned char **attribute = tag->attributes + (ptrdiff_t)i * ATTRIBUTE_PARTS;

        if (strcmp((const char *)attribute[0], name) != 0)
            continue;
        Str value = { (const char *)attribute[3], (size_t)(attribute[4] - attribute[3]) };
        /* libxml2 leaves "&" as "&#38;" in values as long as it puts in no entities */
        return str_dup(tag->arena, str_replace(tag->arena, value, S("&#38;"), S("&")));
    }
    return STR_EMPTY;
}

bool docx_is(const DocxTag *tag, DocxNs ns, const char *name) {
    return tag->ns == ns && strcmp(tag->name, name) == 0;
}

static void on_start(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int count, int default_count,
                     const xmlChar **attributes) {
    Run *run = user;
    DocxTag tag = { namespace_of(run, uri), (const char *)local, run->arena, attributes, count };

    (void)prefix;
    (void)namespace_count;
    (void)namespaces;
    (void)default_count;
    if (run->err.code != ERR_OK)
        return;
    if (++run->depth > DOCX_DEPTH || ++run->elements > DOCX_ELEMENTS || arena_is_over(run->arena))
        stop(run, too_much());
    else
        stop(run, run->sax->start(run->user, &tag));
}

static void on_end(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri) {
    Run *run = user;
    DocxTag tag = { namespace_of(run, uri), (const char *)local, run->arena, NULL, 0 };

    (void)prefix;
    if (run->err.code != ERR_OK)
        return;
    run->depth--;
    stop(run, run->sax->end(run->user, &tag));
}

static void on_text(void *user, const xmlChar *bytes, int len) {
    Run *run = user;

    if (run->err.code == ERR_OK && run->sax->text)
        stop(run, run->sax->text(run->user, (Str){ (const char *)bytes, (size_t)len }));
}

/* No Word file has a document type; what has one wants to declare entities. */
static void on_doctype(void *user, const xmlChar *name, const xmlChar *external,
                       const xmlChar *place) {
    (void)name;
    (void)external;
    (void)place;
    stop(user, ill_formed());
}

Err docx_xml(Arena *arena, Str xml, const DocxSax *sax, void *user) {
    static const xmlSAXHandler handlers = {
        .initialized = XML_SAX2_MAGIC,
        .internalSubset = on_doctype,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
    };
    Run run = { .arena = arena, .sax = sax, .user = user };

    if (xml.len == 0)
        return ill_formed();
    if (xml.len > INT_MAX)
        return too_much();
    CLEANUP(xml_parser_close)
    xmlParserCtxtPtr parser = xmlCreateMemoryParserCtxt(xml.ptr, (int)xml.len);
    if (!parser)
        return FAIL(ERR_BUSY, NULL,
                    N_("The server has no memory left for this text. Try again later."));
    (void)xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    *parser->sax = handlers;
    parser->userData = &run;
    run.parser = parser;
    (void)xmlParseDocument(parser);
    if (run.err.code != ERR_OK)
        return run.err;
    if (parser->errNo == XML_ERR_NO_MEMORY)
        return FAIL(ERR_BUSY, NULL,
                    N_("The server has no memory left for this text. Try again later."));
    return parser->wellFormed ? OK : ill_formed();
}
