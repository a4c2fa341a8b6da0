/* text/xml_parser.h - what the readers of XML share: the end of one of libxml2's parsers. */
#ifndef TEXT_XML_PARSER_H
#define TEXT_XML_PARSER_H

#include <libxml/parser.h>

/* For CLEANUP: the parser and what it may have begun to build. */
static inline void xml_parser_close(xmlParserCtxtPtr *parser) {
    if (*parser) {
        if ((*parser)->myDoc)
            xmlFreeDoc((*parser)->myDoc);
        (*parser)->myDoc = NULL;
        xmlFreeParserCtxt(*parser);
    }
}

#endif
