/* text/docx_body.c - the text of a Word file, element by element; docx_flow.c makes blocks of it. */
#include "text/docx_body.h"

#include <stdlib.h>
#include <string.h>

#include "text/html_tags.h"

typedef struct Rule {
    const char *name;
    Err (*start)(DocxReader *reader, const DocxTag *tag);
    Err (*end)(DocxReader *reader);
} Rule;

/* Passes over the element at hand with all it holds. */
static Err skip(DocxReader *reader, const DocxTag *tag) {
    (void)tag;
    reader->skipped = 1;
    return OK;
}

static Str link_at_hand(const DocxReader *reader) {
    if (reader->link.len)
        return reader->link;
    for (size_t i = reader->field_depth; i-- > 0;)
        if (i < DOCX_FIELDS && reader->fields[i].link.len)
            return reader->fields[i].link;
    return STR_EMPTY;
}

static bool is_in_contents(const DocxReader *reader) {
    for (size_t i = 0; i < reader->field_depth && i < DOCX_FIELDS; i++)
        if (reader->fields[i].is_contents || !reader->fields[i].is_shown)
            return true;
    return false;
}

static void add_text(DocxReader *reader, Str text) {
    DocxFlow *flow = reader->flow;

    if (!flow || is_in_contents(reader))
        return;
    if (flow->format & FORMAT_HIDDEN) {
        reader->docx->lost[LOST_HIDDEN]++;
        return;
    }
    DocxStyle style = docx_style(&reader->book, flow->paragraph.style_id);
    bool is_heading =
        style.outline >= 0 || flow->paragraph.outline >= 0 || str_eq(style.name, S("title"));
    docx_flow_text(flow, text, is_heading ? flow->format & ~(unsigned)FORMAT_BOLD : flow->format,
                   link_at_hand(reader));
}

/* Something no story can show stood here. */
static Err lose_in_place(DocxReader *reader, DocxLost what) {
    reader->docx->lost[what]++;
    if (reader->flow)
        docx_flow_html(reader->flow, S("[…]"), false);
    reader->skipped = 1;
    return OK;
}

/* ---- paragraphs and their properties ---- */

static Err start_paragraph_properties(DocxReader *reader, const DocxTag *tag) {
    (void)tag;
    reader->in_properties++;
    reader->is_in_paragraph_properties = true;
    return OK;
}

static Err end_paragraph_properties(DocxReader *reader) {
    reader->in_properties -= reader->in_properties > 0 ? 1 : 0;
    reader->is_in_paragraph_properties = false;
    return OK;
}

static Err start_run_properties(DocxReader *reader, const DocxTag *tag) {
    (void)tag;
    reader->in_properties++;
    return OK;
}

static Err end_run_properties(DocxReader *reader) {
    reader->in_properties -= reader->in_properties > 0 ? 1 : 0;
    return OK;
}

static Err end_paragraph(DocxReader *reader) {
    if (reader->flow)
        docx_flow_paragraph(reader->flow, &reader->book,
                            reader->is_title_wanted ? &reader->docx->title : NULL,
                            reader->docx->lost);
    return OK;
}

static Err start_run(DocxReader *reader, const DocxTag *tag) {
    (void)tag;
    if (reader->flow)
        reader->flow->format = 0;
    reader->is_in_run = true;
    return OK;
}

static Err end_run(DocxReader *reader) {
    if (reader->flow)
        reader->flow->format = 0;
    reader->is_in_run = false;
    return OK;
}

/* w:pStyle, w:numId and their like, and the formats of a run. */
static void read_property(DocxReader *reader, const DocxTag *tag) {
    DocxParagraph *paragraph = reader->flow ? &reader->flow->paragraph : NULL;
    Str value = docx_attribute(tag, "val");
    unsigned said = 0;

    if (!paragraph)
        return;
    if (!reader->is_in_paragraph_properties) {
        DocxStyle style = docx_style(&reader->book, value);
        if (strcmp(tag->name, "rStyle") == 0)
            reader->flow->format |= style.format & ~(unsigned)FORMAT_UNDERLINE;
        else
            docx_format(tag->name, value, &reader->flow->format, &said);
    } else if (strcmp(tag->name, "pStyle") == 0) {
        paragraph->style_id = value;
    } else if (strcmp(tag->name, "numId") == 0) {
        paragraph->num_id = value;
    } else if (strcmp(tag->name, "ilvl") == 0) {
        paragraph->level = (int)docx_number(str_slice(value, 0, 2), 0);
    } else if (strcmp(tag->name, "outlineLvl") == 0) {
        int64_t level = docx_number(value, DOCX_NO_LEVEL);
        paragraph->outline = level >= 0 && level < DOCX_LEVELS ? (int)level : DOCX_NO_LEVEL;
    } else if (strcmp(tag->name, "del") == 0 || strcmp(tag->name, "moveFrom") == 0) {
        paragraph->is_mark_deleted = true;
        reader->docx->lost[LOST_TRACKED]++;
    }
}

/* ---- what stands in a run ---- */

static Err start_text(DocxReader *reader, const DocxTag *tag) {
    (void)tag;
    reader->is_in_text = true;
    return OK;
}

static Err end_text(DocxReader *reader) {
    reader->is_in_text = false;
    return OK;
}

static Err start_tab(DocxReader *reader, const DocxTag *tag) {
    (void)tag;
    if (reader->is_in_run)
        add_text(reader, S(" "));
    return OK;
}

static Err start_break(DocxReader *reader, const DocxTag *tag) {
    Str type = docx_attribute(tag, "type");

    if (reader->flow && !is_in_contents(reader) && !str_eq(type, S("page")) &&
        !str_eq(type, S("column")) && reader->flow->text_bytes + reader->flow->pictures > 0)
        buf_add(&reader->flow->words, S("<br>"));
    return OK;
}

static Err start_hyphen(DocxReader *reader, const DocxTag *tag) {
    add_text(reader, strcmp(tag->name, "softHyphen") == 0 ? S("\u00AD") : S("\u2011"));
    return OK;
}

static Err start_symbol(DocxReader *reader, const DocxTag *tag) {
    (void)tag;
    reader->docx->lost[LOST_SYMBOLS]++;
    add_text(reader, S("□"));
    return OK;
}

static Err start_note_reference(DocxReader *reader, const DocxTag *tag) {
    Str kind = str_starts(str_from_c(tag->name), S("foot")) ? S("footnote") : S("endnote");
    Str id = docx_attribute(tag, "id");
    Str key = str_format(reader->arena, "%.*s %.*s", STR_ARG(kind), STR_ARG(id));
    size_t n = 0;

    if (!reader->flow || !reader->is_document || !map_get(&reader->notes, key))
        return OK;
    while (n < reader->refs.len && !str_eq(reader->refs.items[n].key, key))
        n++;
    bool is_first = n == reader->refs.len;
    if (is_first)
        VEC_PUSH(reader->arena, &reader->refs)->key = key;
    n++;
    docx_flow_html(
        reader->flow,
        is_first ? str_format(reader->arena,
                              "<sup><a id=\"ref-%zu\" href=\"#note-%zu\">%zu</a></sup>", n, n, n)
                 : str_format(reader->arena, "<sup><a href=\"#note-%zu\">%zu</a></sup>", n, n),
        false);
    return OK;
}

static Err start_comment(DocxReader *reader, const DocxTag *tag) {
    (void)tag;
    reader->docx->lost[LOST_COMMENTS]++;
    return OK;
}

static Err start_reading(DocxReader *reader, const DocxTag *tag) {
    reader->docx->lost[LOST_READINGS]++;
    return skip(reader, tag);
}

/* ---- links and fields ---- */

static Err start_link(DocxReader *reader, const DocxTag *tag) {
    Str id = docx_attribute(tag, "id"), anchor = docx_attribute(tag, "anchor");
    const DocxRelation *relation = id.len ? map_get(reader->relations, id) : NULL;

    reader->link = relation && relation->is_external ? relation->target : STR_EMPTY;
    if (reader->link.len && anchor.len && str_find_char(reader->link, '#', 0) == SIZE_MAX)
        reader->link =
            str_format(reader->arena, "%.*s#%.*s", STR_ARG(reader->link), STR_ARG(anchor));
    if (!reader->link.len && !is_in_contents(reader))
        reader->docx->lost[LOST_ANCHORS]++;
    return OK;
}

static Err end_link(DocxReader *reader) {
    reader->link = STR_EMPTY;
    return OK;
}

/* HYPERLINK "address" \l "anchor": what stands in the first quotes, or as the next word. */
static void read_instruction(DocxReader *reader, DocxField *field) {
    Str text = str_trim(buf_str(&field->instruction)), word = STR_EMPTY;

    field->is_shown = true;
    (void)str_cut(&text, ' ', &word);
    field->is_contents = str_eq(word, S("TOC"));
    reader->docx->lost[LOST_CONTENTS] += field->is_contents ? 1 : 0;
    if (!str_eq(word, S("HYPERLINK")))
        return;
    text = str_trim(text);
    if (str_starts(text, S("\"")))
        field->link = str_dup(reader->arena, str_slice(text, 1, str_find_char(text, '"', 1)));
    else if (!str_starts(text, S("\\")) && str_cut(&text, ' ', &word))
        field->link = str_dup(reader->arena, word);
    if (!field->link.len)
        reader->docx->lost[LOST_ANCHORS]++;
}

static DocxField *innermost_field(DocxReader *reader) {
    return reader->field_depth > 0 && reader->field_depth <= DOCX_FIELDS
               ? &reader->fields[reader->field_depth - 1]
               : NULL;
}

static void begin_field(DocxReader *reader) {
    reader->field_depth++;
    DocxField *field = innermost_field(reader);
    if (field)
        *field = (DocxField){ .instruction = buf_new(reader->arena, 4096) };
}

static Err start_field_mark(DocxReader *reader, const DocxTag *tag) {
    Str type = docx_attribute(tag, "fldCharType");
    DocxField *field = innermost_field(reader);

    if (str_eq(type, S("begin")))
        begin_field(reader);
    else if (str_eq(type, S("separate")) && field)
        read_instruction(reader, field);
    else if (str_eq(type, S("end")) && reader->field_depth > 0)
        reader->field_depth--;
    return OK;
}

static Err start_simple_field(DocxReader *reader, const DocxTag *tag) {
    begin_field(reader);
    DocxField *field = innermost_field(reader);
    if (field) {
        buf_add(&field->instruction, docx_attribute(tag, "instr"));
        read_instruction(reader, field);
    }
    return OK;
}

static Err end_simple_field(DocxReader *reader) {
    reader->field_depth -= reader->field_depth > 0 ? 1 : 0;
    return OK;
}

static Err start_instruction(DocxReader *reader, const DocxTag *tag) {
    (void)tag;
    reader->is_in_instruction = true;
    return OK;
}

static Err end_instruction(DocxReader *reader) {
    reader->is_in_instruction = false;
    return OK;
}

/* ---- tracked changes, read as accepted ---- */

static Err start_deleted(DocxReader *reader, const DocxTag *tag) {
    reader->docx->lost[LOST_TRACKED]++;
    return skip(reader, tag);
}

static Err start_inserted(DocxReader *reader, const DocxTag *tag) {
    (void)tag;
    reader->docx->lost[LOST_TRACKED]++;
    return OK;
}

/* ---- tables ---- */

static DocxRow *last_row(DocxReader *reader) {
    DocxTable *table = reader->flow ? reader->flow->table : NULL;
    return table && table->rows.len > 0 ? &table->rows.items[table->rows.len - 1] : NULL;
}

/* The cell whose flow is open: its row stands one flow further out. */
static DocxCell *open_cell(DocxReader *reader) {
    DocxFlow *outer = reader->flow ? reader->flow->outer : NULL;
    DocxTable *table = outer ? outer->table : NULL;
    if (!table || table->rows.len == 0)
        return NULL;
    DocxRow *row = &table->rows.items[table->rows.len - 1];
    return row->cells.len > 0 ? &row->cells.items[row->cells.len - 1] : NULL;
}

static Err start_table(DocxReader *reader, const DocxTag *tag) {
    (void)tag;
    if (!reader->flow)
        return OK;
    DocxTable *table = arena_alloc(reader->arena, sizeof *table);
    table->outer = reader->flow->table;
    reader->flow->table = table;
    return OK;
}

static Err end_table(DocxReader *reader) {
    if (reader->flow && reader->flow->table)
        docx_flow_table(reader->flow);
    return OK;
}

static Err start_row(DocxReader *reader, const DocxTag *tag) {
    (void)tag;
    if (reader->flow && reader->flow->table)
        (void)VEC_PUSH(reader->arena, &reader->flow->table->rows);
    return OK;
}

static Err start_cell(DocxReader *reader, const DocxTag *tag) {
    DocxRow *row = last_row(reader);

    if (!row)
        return skip(reader, tag);
    DocxCell *cell = VEC_PUSH(reader->arena, &row->cells);
    *cell = (DocxCell){ .column = row->columns, .span = 1 };
    reader->flow = docx_flow(reader->arena, reader->flow);
    return OK;
}

static Err end_cell(DocxReader *reader) {
    DocxCell *cell = open_cell(reader);

    if (!cell)
        return OK;
    cell->html = docx_flow_end(reader->flow);
    reader->flow = reader->flow->outer;
    last_row(reader)->columns = cell->column + cell->span;
    return OK;
}

static Err start_cell_property(DocxReader *reader, const DocxTag *tag) {
    DocxCell *cell = open_cell(reader);
    Str value = docx_attribute(tag, "val");

    if (!cell)
        return OK;
    if (strcmp(tag->name, "gridSpan") == 0) {
        int64_t span = docx_number(value, 1);
        cell->span = span >= 1 && span <= 100 ? span : 1;
    } else {
        cell->starts_merge = str_eq(value, S("restart"));
        cell->is_continued = !cell->starts_merge;
    }
    return OK;
}

static Err start_row_property(DocxReader *reader, const DocxTag *tag) {
    DocxRow *row = last_row(reader);
    Str value = docx_attribute(tag, "val");

    if (row)
        row->is_header = !str_eq(value, S("0")) && !str_eq(value, S("false"));
    return OK;
}

static Err start_row_change(DocxReader *reader, const DocxTag *tag) {
    (void)tag;
    reader->in_properties++;
    return OK;
}

/* ---- notes and text boxes ---- */

static Err start_note(DocxReader *reader, const DocxTag *tag) {
    Str type = docx_attribute(tag, "type"), id = docx_attribute(tag, "id");

    if (reader->is_document || (type.len && !str_eq(type, S("normal"))))
        return skip(reader, tag); /* the lines between text and notes */
    reader->note_key = str_format(reader->arena, "%s %.*s", tag->name, STR_ARG(id));
    reader->flow = docx_flow(reader->arena, NULL);
    return OK;
}

static Err end_note(DocxReader *reader) {
    Str *html = arena_alloc(reader->arena, sizeof *html);

    if (!reader->flow || reader->flow->outer)
        return OK;
    *html = docx_flow_end(reader->flow);
    map_set(&reader->notes, reader->note_key, html);
    reader->flow = NULL;
    return OK;
}

static Err start_text_box(DocxReader *reader, const DocxTag *tag) {
    if (!reader->flow)
        return skip(reader, tag);
    reader->docx->lost[LOST_TEXT_BOXES]++;
    reader->shapes_with_text++;
    reader->flow = docx_flow(reader->arena, reader->flow);
    return OK;
}

static Err end_text_box(DocxReader *reader) {
    if (!reader->flow || !reader->flow->outer)
        return OK;
    Str html = docx_flow_end(reader->flow);
    reader->flow = reader->flow->outer;
    buf_add(&reader->flow->after, html);
    reader->is_in_run = true; /* the box stands in one */
    return OK;
}

/* ---- drawings ---- */

static Err start_drawing(DocxReader *reader, const DocxTag *tag) {
    (void)tag;
    reader->alt = STR_EMPTY;
    return OK;
}

static Err start_object(DocxReader *reader, const DocxTag *tag) {
    (void)tag;
    reader->alt = STR_EMPTY;
    reader->docx->lost[LOST_EMBEDDED]++;
    return OK;
}

static Err start_inserted_file(DocxReader *reader, const DocxTag *tag) {
    (void)tag;
    reader->docx->lost[LOST_EMBEDDED]++;
    return OK;
}

/* DrawingML, VML, equations: other namespaces than w:. */
static Err start_other(DocxReader *reader, const DocxTag *tag) {
    if (docx_is(tag, DNS_MATH, "oMath"))
        return lose_in_place(reader, LOST_EQUATIONS);
    if (docx_is(tag, DNS_CHART, "chart"))
        return lose_in_place(reader, LOST_CHARTS);
    if (docx_is(tag, DNS_DIAGRAM, "relIds"))
        return lose_in_place(reader, LOST_DIAGRAMS);
    if (docx_is(tag, DNS_PLACED, "docPr") || (docx_is(tag, DNS_PIC, "cNvPr") && !reader->alt.len))
        reader->alt = docx_attribute(tag, "descr");
    if (docx_is(tag, DNS_VML, "shape"))
        reader->alt = docx_attribute(tag, "alt");
    if (docx_is(tag, DNS_SHAPE, "wsp"))
        reader->shapes++;
    if (docx_is(tag, DNS_A, "blip") && reader->flow && !is_in_contents(reader))
        return docx_picture(reader, docx_attribute(tag, "embed"), docx_attribute(tag, "link"));
    if (docx_is(tag, DNS_VML, "imagedata") && reader->flow)
        return docx_picture(reader, docx_attribute(tag, "id"), docx_attribute(tag, "href"));
    return OK;
}

/* ---- alternatives: the first that is understood ---- */

static bool is_understood(Str requires) {
    static const Str known[] = { S_INIT("wps"), S_INIT("wpg"), S_INIT("wpc"),   S_INIT("wp14"),
                                 S_INIT("w14"), S_INIT("w15"), S_INIT("w16se"), S_INIT("a14") };
    Str word;

    while (str_cut(&requires, ' ', &word)) {
        bool is_known = false;
        for (size_t i = 0; i < COUNT_OF(known); i++)
            is_known = is_known || str_eq(word, known[i]);
        if (!is_known)
            return false;
    }
    return true;
}

static Err start_choice(DocxReader *reader, const DocxTag *tag) {
    bool *is_taken = reader->choice_depth > 0 && reader->choice_depth <= DOCX_CHOICES
                         ? &reader->choices[reader->choice_depth - 1]
                         : NULL;

    if (docx_is(tag, DNS_CHOICE, "AlternateContent")) {
        if (reader->choice_depth == DOCX_CHOICES)
            return skip(reader, tag);
        reader->choices[reader->choice_depth++] = false;
    } else if (docx_is(tag, DNS_CHOICE, "Choice") && is_taken) {
        if (*is_taken || !is_understood(docx_attribute(tag, "Requires")))
            return skip(reader, tag);
        *is_taken = true;
    } else if (docx_is(tag, DNS_CHOICE, "Fallback") && is_taken && *is_taken) {
        return skip(reader, tag);
    }
    return OK;
}

/* ---- what libxml2 calls ---- */

/* Sorted by name, for bsearch. */
static const Rule rules[] = {
    { "altChunk", start_inserted_file, NULL },
    { "body", NULL, NULL },
    { "br", start_break, NULL },
    { "commentReference", start_comment, NULL },
    { "cr", start_break, NULL },
    { "del", start_deleted, NULL },
    { "drawing", start_drawing, NULL },
    { "endnote", start_note, end_note },
    { "endnoteReference", start_note_reference, NULL },
    { "fldChar", start_field_mark, NULL },
    { "fldSimple", start_simple_field, end_simple_field },
    { "footnote", start_note, end_note },
    { "footnoteReference", start_note_reference, NULL },
    { "gridSpan", start_cell_property, NULL },
    { "hyperlink", start_link, end_link },
    { "ins", start_inserted, NULL },
    { "instrText", start_instruction, end_instruction },
    { "moveFrom", start_deleted, NULL },
    { "moveTo", start_inserted, NULL },
    { "noBreakHyphen", start_hyphen, NULL },
    { "object", start_object, NULL },
    { "p", NULL, end_paragraph },
    { "pPr", start_paragraph_properties, end_paragraph_properties },
    { "pPrChange", skip, NULL },
    { "pict", start_drawing, NULL },
    { "r", start_run, end_run },
    { "rPr", start_run_properties, end_run_properties },
    { "rPrChange", skip, NULL },
    { "rt", start_reading, NULL },
    { "sdtPr", skip, NULL },
    { "sectPr", skip, NULL },
    { "softHyphen", start_hyphen, NULL },
    { "sym", start_symbol, NULL },
    { "t", start_text, end_text },
    { "tab", start_tab, NULL },
    { "tbl", start_table, end_table },
    { "tblHeader", start_row_property, NULL },
    { "tblPr", skip, NULL },
    { "tc", start_cell, end_cell },
    { "tr", start_row, NULL },
    { "trPr", start_row_change, end_run_properties },
    { "txbxContent", start_text_box, end_text_box },
    { "vMerge", start_cell_property, NULL },
};

static int compare_name(const void *name, const void *rule) {
    return strcmp(name, ((const Rule *)rule)->name);
}

static const Rule *rule_of(const DocxTag *tag) {
    if (tag->ns != DNS_W)
        return NULL;
    return bsearch(tag->name, rules, COUNT_OF(rules), sizeof *rules, compare_name);
}

/* Inside of properties; true when that is all to be done with the element. */
static bool took_property(DocxReader *reader, const DocxTag *tag) {
    DocxRow *row = last_row(reader);

    if (reader->in_properties == 0 || tag->ns != DNS_W)
        return false;
    if (strcmp(tag->name, "rPr") == 0 || strcmp(tag->name, "tblHeader") == 0)
        return false;
    if (str_ends(str_from_c(tag->name), S("Change"))) {
        reader->docx->lost[LOST_TRACKED]++;
        reader->skipped = 1;
    } else if (strcmp(tag->name, "sectPr") == 0) {
        reader->skipped = 1;
    } else if (row && strcmp(tag->name, "del") == 0 && !reader->is_in_paragraph_properties &&
               !reader->is_in_run) {
        row->is_deleted = true;
        reader->docx->lost[LOST_TRACKED]++;
    } else {
        read_property(reader, tag);
    }
    return true;
}

static Err on_start(void *user, const DocxTag *tag) {
    DocxReader *reader = user;
    const Rule *rule = rule_of(tag);

    if (reader->skipped > 0) {
        reader->skipped++;
        return OK;
    }
    if (docx_is(tag, DNS_W, "body") && reader->is_document && !reader->flow)
        reader->flow = docx_flow(reader->arena, NULL);
    if (tag->ns == DNS_CHOICE)
        return start_choice(reader, tag);
    if (took_property(reader, tag))
        return OK;
    if (rule)
        return rule->start ? rule->start(reader, tag) : OK;
    return tag->ns != DNS_W ? start_other(reader, tag) : OK;
}

static Err on_end(void *user, const DocxTag *tag) {
    DocxReader *reader = user;
    const Rule *rule = rule_of(tag);

    if (reader->skipped > 0) {
        reader->skipped--;
        return OK;
    }
    if (docx_is(tag, DNS_CHOICE, "AlternateContent") && reader->choice_depth > 0)
        reader->choice_depth--;
    bool is_properties = rule && rule->end == end_run_properties;
    if (!rule || !rule->end ||
        (reader->in_properties > 0 && !is_properties && rule->end != end_paragraph_properties))
        return OK;
    return rule->end(reader);
}

static Err on_text(void *user, Str text) {
    DocxReader *reader = user;
    DocxField *field = innermost_field(reader);

    if (reader->skipped > 0)
        return OK;
    if (reader->is_in_instruction && field && !field->is_shown)
        buf_add(&field->instruction, text);
    else if (reader->is_in_text)
        add_text(reader, text);
    return OK;
}

Err docx_body(DocxReader *reader, Str xml, const Map *relations) {
    static const DocxSax sax = { on_start, on_end, on_text };

    reader->relations = relations;
    reader->skipped = reader->in_properties = reader->field_depth = reader->choice_depth = 0;
    TRY(docx_xml(reader->arena, xml, &sax, reader));
    if (reader->shapes > reader->shapes_with_text)
        reader->docx->lost[LOST_SHAPES] += (int64_t)(reader->shapes - reader->shapes_with_text);
    reader->shapes = reader->shapes_with_text = 0;
    return OK;
}
