/* text/html_tags.h - private to HTML cleaning: the list of elements and of their attributes. */
#ifndef TEXT_HTML_TAGS_H
#define TEXT_HTML_TAGS_H

#include "base/buf.h"
#include "text/html_clean.h"

enum { /* sets of elements, for HtmlProfile.elements */
       HTML_IN_ARTICLE = 1,
       HTML_IN_VOICE = 2
};

/* How an element may stand among others; what HTML5's tree construction does to it depends on this. */
typedef enum HtmlRole {
    HTML_DROP,      /* goes with all that it contains */
    HTML_UNWRAP,    /* loses its tags, keeps its content */
    HTML_INLINE,    /* stands where text may stand */
    HTML_LINK,      /* a: never inside another one */
    HTML_RUBY,      /* ruby */
    HTML_RUBY_PART, /* rt, rp: only directly in ruby */
    HTML_BREAK,     /* br, wbr: no content */
    HTML_IMAGE,     /* img: no content, needs an address */
    HTML_CHECKBOX,  /* input: no content, only as a dead check box */
    HTML_BLOCK,     /* ends an open paragraph; so do all that follow here */
    HTML_PARAGRAPH, /* p */
    HTML_HEADING,   /* h1 .. h6: never directly in one another */
    HTML_PRE,       /* pre: a first line feed does not count */
    HTML_RULE,      /* hr: no content */
    HTML_LIST,      /* ul, ol */
    HTML_ITEM,      /* li: only directly in a list */
    HTML_TERMS,     /* dl */
    HTML_TERM,      /* dt, dd: only directly in dl */
    HTML_TABLE,     /* table */
    HTML_CAPTION,   /* caption: only directly in table */
    HTML_SECTION,   /* thead, tbody, tfoot: only directly in table */
    HTML_ROW,       /* tr: only directly in a section */
    HTML_CELL       /* th, td: only directly in tr */
} HtmlRole;

typedef struct HtmlTag {
    const char *name; /* lower case */
    const char *as;   /* the name under which it is printed when another one, or NULL */
    HtmlRole role;
    unsigned elements; /* sets it belongs to */
} HtmlTag;

/*
 * The tag for a name as read, made to fit the profile: what the profile leaves out becomes a div where
 * it was a block, else it is unwrapped. Never NULL; static.
 */
const HtmlTag *html_tag_find(const char *name, const HtmlProfile *profile);
/* Tags that the printer adds by itself. */
const HtmlTag *html_tag_div(void);
const HtmlTag *html_tag_for(HtmlRole role); /* HTML_SECTION: tbody, HTML_ROW: tr, HTML_CELL: td */

/* The name to print. */
static inline const char *html_tag_name(const HtmlTag *tag) {
    return tag->as ? tag->as : tag->name;
}
static inline bool html_tag_is_block(const HtmlTag *tag) {
    return tag->role >= HTML_BLOCK;
}

/*
 * Adds the allowed attributes of a tag to buf, each with a blank in front, in an order of our own.
 * attributes is libxml2's list: name, value or NULL, …, NULL; or NULL. False when the element makes no
 * sense without one it lacks (img without a picture, a without address and id): it is then not printed
 * and buf may hold a part. `scratch` is for what is needed meanwhile.
 */
bool html_tag_attributes(Buf *buf, Arena *scratch, const HtmlTag *tag,
                         const unsigned char **attributes, const HtmlProfile *profile,
                         Str base_url);

/* Text with & < > as entities, and " in attributes. */
void html_tag_escape(Buf *buf, Str text, bool is_attribute);

#endif
