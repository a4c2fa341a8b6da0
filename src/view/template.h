/* view/template.h - a parsed template: private to view/. */
#ifndef VIEW_TEMPLATE_H
#define VIEW_TEMPLATE_H

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

enum { TEMPLATE_DEPTH_MAX = 64, TEMPLATE_PARTIAL_MAX = 64 };

typedef enum Place {
    PLACE_TEXT,     /* between tags, and in title and textarea */
    PLACE_ATTR,     /* a quoted attribute value */
    PLACE_URL,      /* the start of an attribute that holds an address */
    PLACE_URL_PART, /* further on in such an attribute */
    PLACE_TAG,      /* inside <...>, outside values: no variable may stand here */
    PLACE_DATA,     /* a script element with type="application/json": raw values only */
    PLACE_ANY       /* lenient: no place, HTML escaping everywhere */
} Place;

typedef enum NodeType {
    NODE_TEXT,
    NODE_VARIABLE,
    NODE_RAW, /* {{{x}}} {{&x}} */
    NODE_SECTION,
    NODE_INVERTED,
    NODE_PARTIAL,
    NODE_MESSAGE, /* {{#t}}literal{{/t}} */
    NODE_PLURAL   /* {{#tn count}}one|many{{/tn}} */
} NodeType;

typedef struct Node {
    NodeType type;
    Place place;
    Str text;   /* literal text; the msgid; the indentation of a partial */
    Str many;   /* of a plural */
    Str name;   /* dotted name, or "." */
    size_t end; /* sections: index after the last node inside */
    int line;   /* of the source, from 1 */
} Node;

typedef struct Template {
    Str name;
    VEC(Node) nodes;
} Template;

/*
 * Parses one template. Strict (ours): places are tracked, t and tn are known, unsafe HTML is refused.
 * Lenient: the published specification. indent is put before each line (partials). ERR_INVALID with
 * template name and line in args, ERR_LIMIT when sections nest too deeply.
 */
CHECKED Err template_parse(Arena *arena, Str name, Str text, bool is_lenient, Str indent,
                           Template *ret);

/* Where in an HTML document a piece of template text leaves the reader. */
typedef struct HtmlPlace {
    enum { HTML_TEXT, HTML_TAG_OPEN, HTML_TAG, HTML_VALUE, HTML_COMMENT, HTML_RAW_TEXT } state;
    char quote;  /* of the value */
    bool is_url; /* the attribute holds an address */
    bool is_value_started;
    bool is_closing;   /* inside </...> */
    bool is_json;      /* script with type="application/json" */
    bool is_name_open; /* the last letter belongs to a tag's or attribute's name */
    bool is_name_cut;  /* a Mustache tag stood there: the name may not go on */
    char tag[12];      /* lower case, cut off; enough for the names that matter */
    char attribute[16];
} HtmlPlace;

/* Moves on over literal text. A static sentence says what is forbidden, NULL when all is well. */
const char *html_place_advance(HtmlPlace *place, Str text);
Place html_place_of(const HtmlPlace *place);
bool html_place_equal(const HtmlPlace *a, const HtmlPlace *b);
/* A tag of Mustache that prints nothing stands here: no name in HTML may be put together around it. */
void html_place_cut(HtmlPlace *place);
/* A value stands here: what follows in an address is a part of it. */
void html_place_value(HtmlPlace *place);

#endif
