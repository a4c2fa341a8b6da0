/* text/docx_book.h - private to reading Word files: what the text refers to: relationships, styles, numbering. */
#ifndef TEXT_DOCX_BOOK_H
#define TEXT_DOCX_BOOK_H

#include "base/map.h"
#include "base/vec.h"
#include "text/docx.h"

enum { DOCX_LEVELS = 9, DOCX_NO_LEVEL = -1, DOCX_BASES = 12 };

/* Of characters; a set of bits. */
enum {
    FORMAT_BOLD = 1,
    FORMAT_ITALIC = 2,
    FORMAT_UNDERLINE = 4,
    FORMAT_STRUCK = 8,
    FORMAT_RAISED = 16,
    FORMAT_LOWERED = 32,
    FORMAT_HIDDEN = 64
};

typedef struct DocxRelation {
    Str type;   /* the last word of its URI: "hyperlink", "image" */
    Str target; /* a part's name, or an address where is_external */
    bool is_external;
} DocxRelation;

typedef struct DocxStyle {
    Str id, name; /* name in lower case */
    Str base;     /* id of the style it is based on */
    int outline;  /* 0..8, or DOCX_NO_LEVEL */
    Str num_id;   /* empty: says nothing */
    int level;
    unsigned format, format_said; /* bits, and which of them it speaks of */
} DocxStyle;

typedef struct DocxLevel {
    bool is_said, is_ordered;
    Str type;      /* of <ol>: "a" "A" "i" "I", or empty */
    int64_t start; /* 0 and above */
} DocxLevel;
typedef struct DocxAbstract {
    DocxLevel levels[DOCX_LEVELS];
    int64_t counters[DOCX_LEVELS]; /* items so far */
} DocxAbstract;

typedef struct DocxBook {
    Arena *arena;
    Map styles;    /* id: DocxStyle */
    Map abstracts; /* abstractNumId: DocxAbstract */
    Map numbers;   /* numId: DocxAbstract */
} DocxBook;

DocxBook docx_book(Arena *arena);
/* Each reads one part. base is the folder of the part whose relationships they are: "word/". */
CHECKED Err docx_relations(Arena *arena, Str xml, Str base, Map *ret);
CHECKED Err docx_styles(DocxBook *book, Str xml);
CHECKED Err docx_numbering(DocxBook *book, Str xml);

/* What a paragraph of that style is, with what its bases say. An unknown id: a style that says nothing. */
DocxStyle docx_style(const DocxBook *book, Str id);
/* Sets or clears the bits of one property of a run: <w:b w:val="0"/>. */
void docx_format(const char *name, Str value, unsigned *format, unsigned *said);
/* Whole numbers in attributes; otherwise where it is none. */
int64_t docx_number(Str text, int64_t otherwise);

#endif
