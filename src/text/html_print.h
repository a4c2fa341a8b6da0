/* text/html_print.h - private to HTML cleaning: prints elements so that HTML5 parsers keep them as they are. */
#ifndef TEXT_HTML_PRINT_H
#define TEXT_HTML_PRINT_H

#include "base/buf.h"
#include "text/html_tags.h"

/* One element whose start tag is printed and whose end tag is owed. */
typedef struct HtmlOpen {
    const HtmlTag *tag;
    uint32_t serial; /* tells it from a later one at the same depth */
} HtmlOpen;

typedef struct HtmlPrinter {
    Buf out;
    Buf attributes; /* of the tag at hand */
    Arena *scratch; /* emptied after each tag */
    const HtmlProfile *profile;
    Str base_url;
    HtmlOpen *open;    /* room for HTML_CLEAN_DEPTH */
    size_t depth;      /* elements in open */
    uint32_t serial;   /* of the element printed last */
    bool is_after_pre; /* nothing was printed since <pre> */
    bool is_too_deep;  /* something had to be left out: the result is no good */
} HtmlPrinter;

/* What html_print_start gave: hand it to html_print_end. */
typedef struct HtmlPrinted {
    size_t depth; /* of its place in open, from 1; 0: it owes no end tag */
    uint32_t serial;
} HtmlPrinted;

/* What is printed lives in work; scratch is the printer's own. Both and base_url are borrowed. */
HtmlPrinter html_printer(Arena *work, Arena *scratch, const HtmlProfile *profile, Str base_url,
                         size_t limit_bytes);

/*
 * An element starts. What may not contain it is closed first (as HTML5's tree construction would), what
 * it lacks around it (a row, a cell) is added, and where it can have no place its tags are left out.
 */
HtmlPrinted html_print_start(HtmlPrinter *printer, const HtmlTag *tag,
                             const unsigned char **attributes);
/* The element ends, if it has not been closed already. */
void html_print_end(HtmlPrinter *printer, HtmlPrinted printed);
void html_print_text(HtmlPrinter *printer, Str text);
/* Closes all that is open. */
void html_print_finish(HtmlPrinter *printer);

#endif
