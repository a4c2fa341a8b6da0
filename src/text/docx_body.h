/* text/docx_body.h - private to reading Word files: the parts that hold text. */
#ifndef TEXT_DOCX_BODY_H
#define TEXT_DOCX_BODY_H

#include "text/docx_flow.h"
#include "text/docx_xml.h"

enum { DOCX_FIELDS = 8, DOCX_CHOICES = 16 };

typedef struct DocxNoteRef {
    Str key; /* "footnote 2" */
} DocxNoteRef;

typedef struct DocxField {
    Buf instruction;
    bool is_shown; /* past "separate" */
    bool is_contents;
    Str link;
} DocxField;

typedef struct DocxReader {
    Arena *arena;
    Docx *docx;
    DocxBook book;
    DocxPart part;
    void *part_user;
    const Map *relations;  /* of the part at hand */
    Map notes;             /* "footnote 2": Str of its blocks */
    VEC(DocxNoteRef) refs; /* in the order of the text; a note's number is its place */
    VEC(DocxPicture) pictures;
    DocxFlow *flow;       /* the innermost */
    size_t skipped;       /* open elements that are passed over with all they hold */
    size_t in_properties; /* inside of w:pPr or w:rPr */
    bool is_in_paragraph_properties, is_in_run, is_in_text, is_in_instruction;
    DocxField fields[DOCX_FIELDS];
    size_t field_depth;
    bool choices[DOCX_CHOICES]; /* of mc:AlternateContent: one was taken */
    size_t choice_depth;
    Str link; /* of the open w:hyperlink */
    Str alt;  /* of the open drawing */
    size_t shapes_with_text, shapes;
    Str note_key; /* of the open note */
    bool is_document, is_title_wanted;
} DocxReader;

/* document.xml, footnotes.xml or endnotes.xml; relations are the part's own. */
CHECKED Err docx_body(DocxReader *reader, Str xml, const Map *relations);

/* docx_picture.c: the picture that relation names becomes one of the story's, or is counted as lost. */
CHECKED Err docx_picture(DocxReader *reader, Str relation_id, Str linked_id);

#endif
