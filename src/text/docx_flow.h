/* text/docx_flow.h - private to reading Word files: paragraphs become HTML blocks: lists, quotes, figures, tables. */
#ifndef TEXT_DOCX_FLOW_H
#define TEXT_DOCX_FLOW_H

#include "text/docx_book.h"

typedef struct DocxCell {
    Str html;
    int64_t column, span; /* grid columns, from 0 */
    bool is_continued;    /* belongs to the cell above */
    bool starts_merge;
} DocxCell;
typedef struct DocxRow {
    VEC(DocxCell) cells;
    int64_t columns;
    bool is_header, is_deleted;
} DocxRow;
typedef struct DocxTable {
    struct DocxTable *outer;
    VEC(DocxRow) rows;
} DocxTable;

/* What a paragraph's properties say; the rest is its style's. */
typedef struct DocxParagraph {
    Str style_id;
    Str num_id; /* empty: says nothing; "0": no list */
    int level;
    int outline;
    bool is_mark_deleted; /* the change to be accepted joins it to the next paragraph */
} DocxParagraph;

/* A run of blocks: the text, a table's cell, a note, a text box. */
typedef struct DocxFlow {
    struct DocxFlow *outer;
    Arena *arena;
    Buf out;   /* blocks */
    Buf words; /* of the open paragraph */
    Buf after; /* blocks that follow it: its text boxes */
    struct {
        bool is_ordered;
        const DocxAbstract *abstract;
    } lists[DOCX_LEVELS]; /* open ones */
    size_t depth;
    bool is_in_quote, is_in_figure;
    DocxParagraph paragraph;
    unsigned open; /* format whose tags are open in words */
    Str open_link;
    size_t pictures, text_bytes; /* in words */
    unsigned format;             /* of the run at hand */
    DocxTable *table;
} DocxFlow;

DocxFlow *docx_flow(Arena *arena, DocxFlow *outer);
/* Text of the paragraph in that format; link is an address or empty. */
void docx_flow_text(DocxFlow *flow, Str text, unsigned format, Str link);
/* Inline HTML of our own making. */
void docx_flow_html(DocxFlow *flow, Str html, bool is_picture);
/*
 * The paragraph ends: its block is written. *title, where it is given and empty, becomes the text of a paragraph in the
 * style Title, which is then not written. lost counts.
 */
void docx_flow_paragraph(DocxFlow *flow, const DocxBook *book, Str *title, int64_t *lost);
/* All blocks; closes what is open. */
Str docx_flow_end(DocxFlow *flow);
/* One paragraph loses its <p>, for the inside of a cell or an item. */
Str docx_flow_bare(Str html);

/* The flow's innermost table is written and closed. */
void docx_flow_table(DocxFlow *flow);
/* Whether paragraphs of that style are a table of contents. */
bool docx_style_is_contents(const DocxStyle *style);

#endif
