/* text/feed_xml.c - drives libxml2 over a feed: open elements, their text, base and language. */
#include "text/feed_xml.h"

#include <libxml/parserInternals.h>

#include "text/feed_reader.h"
#include "text/html_tags.h"
#include "text/html_url.h"
#include "text/xml_parser.h"

enum { NAME_MAX_BYTES = 64, ATTRIBUTE_PARTS = 5 };

static FeedFrame *top(FeedReader *reader) {
    return &reader->frames.items[reader->frames.len - 1];
}

static void stop(FeedReader *reader, Err err) {
    if (reader->err.code == ERR_OK)
        reader->err = err;
    xmlStopParser(reader->parser);
}

/* ---- names ---- */

static FeedNs namespace_of(FeedReader *reader, const xmlChar *prefix, const xmlChar *uri) {
    size_t slot = ((uintptr_t)uri >> 4) % COUNT_OF(reader->namespaces);

    if (!uri)
        return feed_rule_namespace((const char *)prefix, NULL);
    if (reader->namespaces[slot].uri != uri) {
        reader->namespaces[slot].uri = uri;
        reader->namespaces[slot].ns = feed_rule_namespace((const char *)prefix, (const char *)uri);
    }
    FeedNs ns = reader->namespaces[slot].ns;
    /* the default namespace of an unknown dialect is its core */
    return ns == NS_OTHER && !prefix ? NS_CORE : ns;
}

/* The name in lower case in out; empty when it is longer than any that is listed. */
static Str lower_name(const xmlChar *name, char out[NAME_MAX_BYTES]) {
    size_t len = 0;

    for (; name[len]; len++) {
        if (len + 1 == NAME_MAX_BYTES)
            return STR_EMPTY;
        char c = (char)name[len];
        out[len] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    return (Str){ out, len };
}

/* ---- attributes ---- */

/* The value; libxml2 leaves "&" as "&#38;" in values as long as it puts in no entities. */
static Str value_of(FeedReader *reader, const xmlChar **attribute) {
    Str value = { (const char *)attribute[3], (size_t)(attribute[4] - attribute[3]) };

    if (str_find_char(value, '&', 0) == SIZE_MAX)
        return str_dup(reader->arena, value);
    return str_dup(reader->arena, str_replace(reader->arena, value, S("&#38;"), S("&")));
}

static void keep_attributes(FeedReader *reader, FeedFrame *frame, int count,
                            const xmlChar **attributes) {
    char name[NAME_MAX_BYTES];

    if (count == 0)
        return;
    frame->attributes = arena_array(reader->arena, (size_t)count, sizeof *frame->attributes);
    frame->attribute_count = (size_t)count;
    for (int i = 0; i < count; i++) {
        const xmlChar **attribute = attributes + (ptrdiff_t)i * ATTRIBUTE_PARTS;

        frame->attributes[i] = (FeedAttribute){
            .ns = attribute[1] ? namespace_of(reader, attribute[1], attribute[2]) : NS_CORE,
            .name = str_dup(reader->arena, lower_name(attribute[0], name)),
            .value = value_of(reader, attribute),
        };
    }
}

/* "http:///host/" means http://host/. */
static Str mend_base(FeedReader *reader, Str base) {
    size_t mark = str_find(base, S(":///"), 0);

    if (mark == SIZE_MAX)
        return base;
    size_t to = mark + 3;
    while (to < base.len && base.ptr[to] == '/')
        to++;
    return str_concat(reader->arena, str_slice(base, 0, mark + 3), str_slice(base, to, base.len));
}

/* "en_US" is written en-US; "" takes the language away. */
static Str language_of(FeedReader *reader, Str value) {
    return str_replace(reader->arena, str_trim(value), S("_"), S("-")); /* value is in the arena */
}

/* xml:base and xml:lang; CDF has a plain base. */
static void inherit(FeedReader *reader, FeedFrame *frame, int count, const xmlChar **attributes) {
    for (int i = 0; i < count; i++) {
        const xmlChar **attribute = attributes + (ptrdiff_t)i * ATTRIBUTE_PARTS;
        const char *name = (const char *)attribute[0];
        bool is_xml = attribute[1] && strcmp((const char *)attribute[1], "xml") == 0;

        if ((is_xml && strcmp(name, "base") == 0) || (!attribute[1] && strcmp(name, "BASE") == 0))
            frame->base = html_url_resolve(reader->arena,
                                           mend_base(reader, str_trim(value_of(reader, attribute))),
                                           frame->base);
        else if (is_xml && strcmp(name, "lang") == 0)
            frame->lang = language_of(reader, value_of(reader, attribute));
    }
}

/* ---- markup inside of texts ---- */

static bool is_void(Str name) {
    return str_eq(name, S("br")) || str_eq(name, S("hr")) || str_eq(name, S("img")) ||
           str_eq(name, S("input")) || str_eq(name, S("wbr"));
}

static bool is_address(Str name) {
    return str_eq(name, S("href")) || str_eq(name, S("src")) || str_eq(name, S("cite"));
}

/* Prints a start tag for the cleaner, addresses resolved where the base changed inside the text. */
static void print_start(FeedReader *reader, FeedFrame *frame, Str name, bool is_rebased, int count,
                        const xmlChar **attributes) {
    char lower[NAME_MAX_BYTES];

    buf_add_char(&reader->text, '<');
    buf_add(&reader->text, name);
    for (int i = 0; i < count; i++) {
        const xmlChar **attribute = attributes + (ptrdiff_t)i * ATTRIBUTE_PARTS;
        Str key = lower_name(attribute[0], lower), value = value_of(reader, attribute);

        if (attribute[1] || key.len == 0)
            continue;
        if (is_rebased && is_address(key))
            value = html_url_resolve(reader->arena, value, frame->base);
        buf_add_char(&reader->text, ' ');
        buf_add(&reader->text, key);
        buf_add(&reader->text, S("=\""));
        html_tag_escape(&reader->text, value, true);
        buf_add_char(&reader->text, '"');
    }
    buf_add_char(&reader->text, '>');
    frame->tag = is_void(name) ? STR_EMPTY : str_dup(reader->arena, name);
}

static void start_markup(FeedReader *reader, FeedFrame *parent, FeedFrame *frame, Str name,
                         int count, const xmlChar **attributes) {
    bool is_first =
        !parent->is_markup && parent->children == 0 &&
        str_trim(str_slice(buf_str(&reader->text), parent->text_from, reader->text.len)).len == 0;

    frame->is_markup = true;
    frame->is_collecting = true;
    frame->is_escaping = true;
    frame->children = 0;
    parent->children++;
    print_start(reader, frame, name, frame->base.ptr != parent->base.ptr || parent->is_markup,
                count, attributes);
    if (is_first && str_eq(name, S("div")))
        parent->div_from = reader->text.len;
}

static void end_markup(FeedReader *reader, const FeedFrame *frame) {
    FeedFrame *parent = top(reader);

    if (frame->tag.len == 0)
        return;
    if (!parent->is_markup && parent->children == 1 && parent->div_from > 0)
        parent->div_to = reader->text.len;
    buf_add(&reader->text, S("</"));
    buf_add(&reader->text, frame->tag);
    buf_add_char(&reader->text, '>');
}

/* ---- what libxml2 calls ---- */

static bool is_xhtml_text(const FeedFrame *frame) {
    Str type = feed_field_attribute(frame, "type"), mode = feed_field_attribute(frame, "mode");

    return str_eq_nocase(type, S("xhtml")) || (str_eq_nocase(type, S("application/xhtml+xml")) &&
                                               (mode.len == 0 || str_eq_nocase(mode, S("xml"))));
}

/* Elements that only hold others of the same object together. */
static bool is_transparent(FeedNs ns, Str name) {
    return (ns == NS_MEDIA && str_eq(name, S("group"))) ||
           (ns == NS_CORE && (str_eq(name, S("items")) || str_eq(name, S("entries"))));
}

static void on_start(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int count, int default_count,
                     const xmlChar **attributes) {
    FeedReader *reader = user;
    char lower[NAME_MAX_BYTES];
    Str name = lower_name(local, lower);
    FeedNs ns = namespace_of(reader, prefix, uri);

    if (reader->err.code != ERR_OK)
        return;
    if (arena_is_over(reader->arena)) {
        stop(reader, FAIL(ERR_LIMIT, NULL, N_("The feed needs too much memory.")));
        return;
    }
    FeedFrame *frame = VEC_PUSH(reader->arena, &reader->frames);
    FeedFrame *parent = frame - 1;
    *frame = (FeedFrame){ .place = parent->place,
                          .node = parent->node,
                          .marks = parent->marks,
                          .item = parent->item,
                          .person = parent->person,
                          .image = parent->image,
                          .base = parent->base,
                          .lang = parent->lang,
                          .text_from = reader->text.len };
    inherit(reader, frame, count, attributes);
    for (int i = 0; i < namespace_count && reader->frames.len == 2 && !reader->dialect; i++)
        reader->dialect = feed_rule_dialect((const char *)namespaces[i * 2 + 1]);
    if (parent->is_markup || (parent->rule && parent->rule->has_markup)) {
        start_markup(reader, parent, frame, name, count, attributes);
        return;
    }
    frame->rule = feed_rule(ns, name, parent->place);
    if (!frame->rule) {
        if (!is_transparent(ns, name))
            frame->place = IN_NOTHING;
        return;
    }
    keep_attributes(reader, frame, count, attributes);
    frame->is_collecting = frame->rule->end != NULL;
    frame->is_escaping = frame->rule->has_markup && is_xhtml_text(frame);
    if (frame->rule->start)
        frame->rule->start(reader, frame);
    if (reader->err.code != ERR_OK)
        stop(reader, reader->err);
}

static void on_end(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri) {
    FeedReader *reader = user;

    if (reader->err.code != ERR_OK || reader->frames.len < 2)
        return;
    FeedFrame frame = reader->frames.items[--reader->frames.len];
    if (frame.is_markup) {
        end_markup(reader, &frame);
        return;
    }
    if (frame.rule && frame.rule->end)
        frame.rule->end(
            reader, &frame,
            str_trim(str_slice(buf_str(&reader->text), frame.text_from, reader->text.len)));
    buf_truncate(&reader->text, frame.text_from);
    if (reader->err.code != ERR_OK)
        stop(reader, reader->err);
}

static void on_text(void *user, const xmlChar *bytes, int len) {
    FeedReader *reader = user;
    const FeedFrame *frame = top(reader);
    Str text = { (const char *)bytes, (size_t)len };

    if (!frame->is_collecting || reader->err.code != ERR_OK)
        return;
    if (frame->is_escaping)
        html_tag_escape(&reader->text, text, false);
    else
        buf_add(&reader->text, text);
}

/* One reading with nothing but our own handlers: no doctype comes here, so that no entity can. */
static Err run(FeedReader *reader, Str xml) {
    static const xmlSAXHandler handlers = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
    };
    CLEANUP(xml_parser_close)
    xmlParserCtxtPtr parser = xmlCreateMemoryParserCtxt(xml.ptr, (int)xml.len);

    if (!parser)
        return FAIL(ERR_BUSY, NULL,
                    N_("The server has no memory left for this text. Try again later."));
    (void)xmlCtxtUseOptions(parser, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR |
                                        XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC);
    *parser->sax = handlers;
    parser->userData = reader;
    reader->parser = parser;
    if (xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8) != 0)
        return FAIL(ERR_BUSY, NULL,
                    N_("The server has no memory left for this text. Try again later."));
    (void)xmlParseDocument(parser);
    if (parser->errNo == XML_ERR_NO_MEMORY)
        return FAIL(ERR_BUSY, NULL,
                    N_("The server has no memory left for this text. Try again later."));
    if (!parser->wellFormed)
        *reader->faults |= FAULT_XML;
    return reader->err;
}

Err feed_xml(Arena *arena, Str xml, FeedSource source, unsigned *faults, Feed *feed) {
    FeedReader *reader = arena_alloc(arena, sizeof *reader);

    *reader = (FeedReader){ .arena = arena,
                            .feed = feed,
                            .faults = faults,
                            .url = source.url,
                            .zone_s = source.zone_s,
                            .text = buf_new(arena, SIZE_MAX) };
    *VEC_PUSH(arena, &reader->frames) = (FeedFrame){ .place = IN_DOCUMENT,
                                                     .node = &feed->common,
                                                     .marks = &reader->feed_marks,
                                                     .base = source.url };
    if (xml.len > 0)
        TRY(run(reader, xml));
    if (!feed->format)
        return feed_mend_refusal();
    for (size_t i = 0; i < feed->items.len; i++) { /* what libxml2 gave up has no ends */
        if (feed->items.items[i].common.id.len == 0)
            feed_field_finish_item(reader, &feed->items.items[i]);
    }
    return OK;
}
