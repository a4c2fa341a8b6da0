/* text/html_clean.c - reads HTML with libxml2 and hands what is listed to the printer. */
#include "text/html_clean.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "text/html_print.h"
#include "text/html_scan.h"
#include "text/html_text.h"

enum {
    ROUNDS_MAX = 6, /* readings until the result no longer changes; nearly always 2 */
    FRAME_DEPTH = 2 /* our own html and body around the input */
};

/* With a body open libxml2 invents neither p nor head, and keeps white space. */
#define FRAME S("<html><body>")

/* One element of the input that has not ended yet. */
typedef struct Source {
    const char *name; /* of libxml2's dictionary */
    HtmlPrinted printed;
} Source;

/* One reading of a text. */
typedef struct Reading {
    htmlParserCtxtPtr parser;
    HtmlPrinter printer;
    Arena *work;
    VEC(Source) open;  /* outermost first */
    size_t nodes;      /* elements so far */
    size_t drop_depth; /* in open, of the element that goes with its content; 0: none does */
    bool is_pre_open;  /* the start of a pre was the last thing read */
    bool is_over;      /* a limit was passed and the parser told to stop */
} Reading;

static void stop(Reading *reading) {
    reading->is_over = true;
    xmlStopParser(reading->parser);
}

static void on_start(void *user, const xmlChar *name, const xmlChar **attributes) {
    Reading *reading = user;
    Source *source;

    reading->is_pre_open = false;
    if (reading->is_over)
        return;
    if (reading->open.len >= HTML_CLEAN_DEPTH + FRAME_DEPTH || reading->nodes >= HTML_CLEAN_NODES) {
        stop(reading);
        return;
    }
    reading->nodes++;
    source = VEC_PUSH(reading->work, &reading->open);
    source->name = (const char *)name;
    if (reading->drop_depth > 0)
        return;

    const HtmlTag *tag = html_tag_find(source->name, reading->printer.profile);
    if (tag->role == HTML_DROP) {
        reading->drop_depth = reading->open.len;
    } else if (tag->role != HTML_UNWRAP) {
        source->printed = html_print_start(&reading->printer, tag, attributes);
        reading->is_pre_open = tag->role == HTML_PRE;
    }
    if (reading->printer.is_too_deep || reading->printer.out.is_full ||
        reading->printer.attributes.is_full)
        stop(reading);
}

/* At the end of a broken input libxml2 forgets some ends, so that more than one may be due. */
static void on_end(void *user, const xmlChar *name) {
    Reading *reading = user;
    size_t at = reading->open.len;

    reading->is_pre_open = false;
    while (at > 0 && strcmp(reading->open.items[at - 1].name, (const char *)name) != 0)
        at--;
    if (at == 0 || reading->is_over)
        return;
    while (reading->open.len >= at) {
        html_print_end(&reading->printer, reading->open.items[--reading->open.len].printed);
        if (reading->drop_depth > reading->open.len)
            reading->drop_depth = 0;
    }
}

static void on_text(void *user, const xmlChar *bytes, int len) {
    Reading *reading = user;
    Str text = { (const char *)bytes, (size_t)len };

    if (len <= 0 || reading->is_over || reading->drop_depth > 0)
        return;
    /* &#13; is the only way a CR comes here; HTML5 would read it back as a line feed. */
    if (text.len == 1 && text.ptr[0] == '\r')
        text = S("\n");
    if (reading->is_pre_open && text.ptr[0] == '\n')
        text = str_slice(text, 1, text.len); /* HTML5, 13.2.6.4.7: the first one is for authors */
    reading->is_pre_open = false;
    html_print_text(&reading->printer, text);
    if (reading->printer.out.is_full || reading->printer.is_too_deep)
        stop(reading);
}

static void on_other(Reading *reading) {
    reading->is_pre_open = false;
}
static void on_comment(void *user, const xmlChar *text) {
    on_other(user);
}
static void on_instruction(void *user, const xmlChar *target, const xmlChar *data) {
    on_other(user);
}

static void free_parser(htmlParserCtxtPtr *parser) {
    if (*parser) {
        if ((*parser)->myDoc)
            xmlFreeDoc((*parser)->myDoc);
        (*parser)->myDoc = NULL;
        htmlFreeParserCtxt(*parser);
    }
}

static void set_handlers(htmlParserCtxtPtr parser, Reading *reading) {
    static const htmlSAXHandler handlers = {
        .startElement = on_start,
        .endElement = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .comment = on_comment,
        .processingInstruction = on_instruction,
    };

    *parser->sax =
        handlers; /* no cdataBlock: it is the text of scripts; no error: it would be printed */
    parser->userData = reading;
}

static Err out_of_memory(void) {
    return FAIL(ERR_BUSY, NULL,
                N_("The server has no memory left for this text. Try again later."));
}

static Err too_large(void) {
    return FAIL(ERR_LIMIT, NULL,
                N_("This HTML is too long or too deeply nested. Shorten or simplify it."));
}

/* One reading: valid UTF-8 without controls in, HTML in work out. */
static Err read_once(Arena *work, Str html, const HtmlProfile *profile, Str base_url, Str *ret) {
    CLEANUP(free_parser) htmlParserCtxtPtr parser = NULL;
    CLEANUP(arena_close) Arena *scratch = arena_new(0);
    Reading *reading = arena_alloc(work, sizeof *reading);
    Str text;

    if (html.len > HTML_CLEAN_BYTES)
        return too_large();
    TRY(html_scan(work, html, FRAME, &text));
    parser = htmlCreateMemoryParserCtxt(text.ptr, (int)text.len);
    if (!parser)
        return out_of_memory();
    (void)htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR |
                                         HTML_PARSE_NOWARNING | HTML_PARSE_IGNORE_ENC);
    if (xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8) != 0)
        return out_of_memory();

    reading->parser = parser;
    reading->work = work;
    reading->printer = html_printer(work, scratch, profile, base_url, HTML_CLEAN_BYTES);
    set_handlers(parser, reading);
    (void)htmlParseDocument(parser); /* its verdict is on well-formedness, which nobody expects */
    if (parser->errNo == XML_ERR_NO_MEMORY)
        return out_of_memory();
    html_print_finish(&reading->printer);
    if (reading->is_over || reading->printer.out.is_full)
        return too_large();
    *ret = buf_str(&reading->printer.out);
    return OK;
}

/*
 * libxml2 closes some elements before others by rules of HTML 4 (b before p), and what it closes depends
 * on what stands around: cleaned HTML may come back once more changed. So the result is read again
 * until it stays as it is; what does not settle keeps its text only.
 */
Err html_clean(Arena *arena, Str html, const HtmlProfile *profile, Str base_url, Str *ret) {
    CLEANUP(arena_close) Arena *work = arena_new(0);
    Str now, next;

    if (html.len > HTML_CLEAN_BYTES)
        return too_large();
    TRY(read_once(work, utf8_clean(work, html), profile, base_url, &now));
    for (int round = 1; round < ROUNDS_MAX; round++) {
        TRY(read_once(work, now, profile, base_url, &next));
        if (str_eq(now, next)) {
            *ret = str_dup(arena, now);
            return OK;
        }
        now = next;
    }
    Buf plain = buf_new(work, HTML_CLEAN_BYTES);
    html_tag_escape(&plain, html_text(work, now), false);
    TRY(buf_check(&plain));
    *ret = str_dup(arena, buf_str(&plain));
    return OK;
}
