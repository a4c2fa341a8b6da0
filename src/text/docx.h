/* text/docx.h - a Word file (.docx, ECMA-376) to clean HTML, its pictures, and the list of what was lost. */
#ifndef TEXT_DOCX_H
#define TEXT_DOCX_H

#include "base/json.h"

enum {
    DOCX_PART_BYTES = 16 << 20,    /* of one XML part, unpacked */
    DOCX_PICTURE_BYTES = 32 << 20, /* of one picture */
    DOCX_TOTAL_BYTES = 96 << 20,   /* of all that is unpacked */
    DOCX_PICTURES = 20,            /* kept; the rest is named as lost */
    DOCX_DEPTH = 200,              /* elements inside one another, in one part */
    DOCX_ELEMENTS = 1000000,       /* in one part */
    DOCX_TITLE_CHARS = 120,
    DOCX_ALT_CHARS = 300
};

/* What a story cannot keep of a Word file, or keeps in another form. */
typedef enum DocxLost {
    LOST_TRACKED,    /* changes that nobody had accepted yet: insertions are in, deletions out */
    LOST_COMMENTS,   /* dropped */
    LOST_TEXT_BOXES, /* their text stands behind the paragraph they belonged to */
    LOST_EQUATIONS, /* dropped; "[…]" stands in their place, as it does for charts and diagrams */
    LOST_CHARTS,    /* the same */
    LOST_DIAGRAMS,  /* the same */
    LOST_SHAPES,    /* drawn lines and forms without text: dropped */
    LOST_HEADERS,   /* headers and footers with text: dropped */
    LOST_EMBEDDED,  /* files inside the file: dropped, but for the picture that stands for them */
    LOST_PICTURES,  /* of a format no page shows, damaged, or beyond DOCX_PICTURES: dropped */
    LOST_LINKED,    /* pictures that lie elsewhere: never fetched */
    LOST_CONTENTS,  /* tables of contents: dropped */
    LOST_HIDDEN,    /* pieces of hidden text: dropped */
    LOST_ANCHORS,   /* links within the file: their text stays */
    LOST_NUMBERS,   /* automatic numbers of headings: dropped */
    LOST_READINGS,  /* readings above characters: dropped, the characters stay */
    LOST_SYMBOLS,   /* characters of symbol fonts: "□" stands for each */
    DOCX_LOST_KINDS
} DocxLost;

typedef struct DocxPicture {
    Str name;  /* within the file, without folders: image1.png */
    Str bytes; /* PNG, JPEG, GIF or WebP by their first bytes; not decoded */
    Str alt;   /* what the author said it shows; empty: nothing. Plain text */
    Str src;   /* its address in html: "/docx/1" */
} DocxPicture;

typedef struct Docx {
    Str title; /* plain text, one line; from the style Title or a first heading; empty: neither */
    Str html; /* cleaned as HTML_ARTICLE; headings from h2; each picture as <img src="{src}" alt="{alt}"> */
    DocxPicture *pictures;
    size_t picture_count;
    int64_t lost[DOCX_LOST_KINDS]; /* how many of each */
} Docx;

/*
 * How the parts are got at. Sets *ret_found to false when there is no such part, ERR_LIMIT beyond bytes_max; names
 * are like "word/document.xml". What it gives lives as long as the arena.
 */
typedef Err (*DocxPart)(void *user, Arena *arena, Str name, size_t bytes_max, bool *ret_found,
                        Str *ret);

/*
 * By the first bytes: OK for what may be a .docx; else ERR_INVALID, field "file", that says whether it is protected by
 * a password, from a Word before 2007, or no Word file at all.
 */
CHECKED Err docx_check_kind(Str file);

/*
 * Reads the document: paragraphs, headings, lists, tables, quotes, links, bold, italic, underlined, struck, raised and
 * lowered text, pictures, footnotes and endnotes (as one list at the end). Tracked changes are read as accepted.
 * Nothing outside of the file is read; a document type (and so any entity) is refused.
 *
 * *ret, set on success only, lives in arena, on whose budget all of this counts. Fails, field "file", with ERR_INVALID
 * (not a Word file, XML that is ill-formed) and ERR_LIMIT (the bounds above, the arena's budget, HTML beyond
 * HTML_CLEAN_BYTES), and as part fails; ERR_BUSY (no memory in libxml2). Repeating is safe.
 */
CHECKED Err docx_read(Arena *arena, DocxPart part, void *user, Docx *ret);

/* The English word of plumbing and JSON: "tracked-changes". */
const char *docx_lost_name(DocxLost what);
/* {title, html, pictures[{name, bytes, alt}], lost[{what, count}]}; bytes is how many. */
Json *docx_json(Arena *arena, const Docx *docx);

#endif
