/* text/docx_xml.h - private to reading Word files: one part of XML, element by element. */
#ifndef TEXT_DOCX_XML_H
#define TEXT_DOCX_XML_H

#include "base/err.h"
#include "base/str.h"

/* Namespaces, in their transitional and strict spelling. */
typedef enum DocxNs {
    DNS_OTHER,
    DNS_W,      /* WordprocessingML */
    DNS_MATH,   /* m: */
    DNS_A,      /* DrawingML main */
    DNS_PLACED, /* wp: a drawing's place on the page */
    DNS_PIC,
    DNS_CHART,
    DNS_DIAGRAM,
    DNS_SHAPE,  /* wps: */
    DNS_CHOICE, /* mc: */
    DNS_VML,
    DNS_RELS
} DocxNs;

typedef struct DocxTag {
    DocxNs ns;
    const char *name; /* local */
    Arena *arena;
    const unsigned char **attributes; /* libxml2's, five words each */
    int count;
} DocxTag;

typedef struct DocxSax {
    Err (*start)(void *user, const DocxTag *tag);
    Err (*end)(void *user, const DocxTag *tag); /* without attributes */
    Err (*text)(void *user, Str text);          /* may be NULL */
} DocxSax;

/* The value of the attribute with that local name; empty when there is none. In the arena. */
Str docx_attribute(const DocxTag *tag, const char *name);
bool docx_is(const DocxTag *tag, DocxNs ns, const char *name);

/* ERR_INVALID: ill-formed, or with a document type; ERR_LIMIT; ERR_BUSY; what a handler returns. Field "file". */
CHECKED Err docx_xml(Arena *arena, Str xml, const DocxSax *sax, void *user);

#endif
