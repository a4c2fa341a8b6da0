/* text/html_tags.c - which elements HTML cleaning lets through, and as what. */
#include "text/html_tags.h"

#define ARTICLE HTML_IN_ARTICLE
#define BOTH (HTML_IN_ARTICLE | HTML_IN_VOICE)

const HtmlProfile html_profile_article = { .elements = HTML_IN_ARTICLE, .is_ugc = false };
const HtmlProfile html_profile_voice = { .elements = HTML_IN_VOICE, .is_ugc = true };

static const HtmlTag division = { "div", NULL, HTML_BLOCK, BOTH };
static const HtmlTag unwrapped = { "", NULL, HTML_UNWRAP, 0 };

/*
 * Sorted by name. An element that is not here is unwrapped. All whose content a browser reads in another
 * way than this parser (raw text, foreign markup, fallbacks) are dropped whole: their text would be a
 * guess, and guesses are what mutation attacks are made of.
 */
static const HtmlTag tags[] = {
    { "a", NULL, HTML_LINK, BOTH },
    { "abbr", NULL, HTML_INLINE, ARTICLE },
    { "acronym", "abbr", HTML_INLINE, ARTICLE },
    { "address", NULL, HTML_BLOCK, 0 },
    { "applet", NULL, HTML_DROP, 0 },
    { "article", NULL, HTML_BLOCK, 0 },
    { "aside", NULL, HTML_BLOCK, 0 },
    { "audio", NULL, HTML_DROP, 0 },
    { "b", NULL, HTML_INLINE, BOTH },
    { "bdi", NULL, HTML_INLINE, ARTICLE },
    { "bdo", NULL, HTML_INLINE, ARTICLE },
    { "blockquote", NULL, HTML_BLOCK, BOTH },
    { "br", NULL, HTML_BREAK, BOTH },
    { "canvas", NULL, HTML_DROP, 0 },
    { "caption", NULL, HTML_CAPTION, ARTICLE },
    { "center", NULL, HTML_BLOCK, 0 },
    { "cite", NULL, HTML_INLINE, ARTICLE },
    { "code", NULL, HTML_INLINE, BOTH },
    { "datalist", NULL, HTML_DROP, 0 },
    { "dd", NULL, HTML_TERM, ARTICLE },
    { "del", NULL, HTML_INLINE, BOTH },
    { "details", NULL, HTML_BLOCK, ARTICLE },
    { "dfn", NULL, HTML_INLINE, ARTICLE },
    { "dialog", NULL, HTML_BLOCK, 0 },
    { "dir", "ul", HTML_LIST, BOTH },
    { "div", NULL, HTML_BLOCK, BOTH },
    { "dl", NULL, HTML_TERMS, ARTICLE },
    { "dt", NULL, HTML_TERM, ARTICLE },
    { "em", NULL, HTML_INLINE, BOTH },
    { "fencedframe", NULL, HTML_DROP, 0 },
    { "fieldset", NULL, HTML_BLOCK, 0 },
    { "figcaption", NULL, HTML_BLOCK, ARTICLE },
    { "figure", NULL, HTML_BLOCK, ARTICLE },
    { "footer", NULL, HTML_BLOCK, ARTICLE },
    { "form", NULL, HTML_BLOCK, 0 },
    { "frame", NULL, HTML_DROP, 0 },
    { "frameset", NULL, HTML_DROP, 0 },
    { "h1", NULL, HTML_HEADING, ARTICLE },
    { "h2", NULL, HTML_HEADING, ARTICLE },
    { "h3", NULL, HTML_HEADING, ARTICLE },
    { "h4", NULL, HTML_HEADING, ARTICLE },
    { "h5", NULL, HTML_HEADING, ARTICLE },
    { "h6", NULL, HTML_HEADING, ARTICLE },
    { "header", NULL, HTML_BLOCK, 0 },
    { "hgroup", NULL, HTML_BLOCK, 0 },
    { "hr", NULL, HTML_RULE, ARTICLE },
    { "i", NULL, HTML_INLINE, BOTH },
    { "iframe", NULL, HTML_DROP, 0 },
    { "img", NULL, HTML_IMAGE, ARTICLE },
    { "input", NULL, HTML_CHECKBOX, ARTICLE },
    { "ins", NULL, HTML_INLINE, ARTICLE },
    { "kbd", NULL, HTML_INLINE, ARTICLE },
    { "legend", NULL, HTML_BLOCK, 0 },
    { "li", NULL, HTML_ITEM, BOTH },
    { "listing", "pre", HTML_PRE, BOTH },
    { "main", NULL, HTML_BLOCK, 0 },
    { "mark", NULL, HTML_INLINE, ARTICLE },
    { "math", NULL, HTML_DROP, 0 },
    { "menu", "ul", HTML_LIST, BOTH },
    { "nav", NULL, HTML_BLOCK, 0 },
    { "noembed", NULL, HTML_DROP, 0 },
    { "noframes", NULL, HTML_DROP, 0 },
    { "noscript", NULL, HTML_DROP, 0 },
    { "object", NULL, HTML_DROP, 0 },
    { "ol", NULL, HTML_LIST, BOTH },
    { "optgroup", NULL, HTML_DROP, 0 },
    { "option", NULL, HTML_DROP, 0 },
    { "p", NULL, HTML_PARAGRAPH, BOTH },
    { "plaintext", NULL, HTML_DROP, 0 },
    { "portal", NULL, HTML_DROP, 0 },
    { "pre", NULL, HTML_PRE, BOTH },
    { "q", NULL, HTML_INLINE, ARTICLE },
    { "rp", NULL, HTML_RUBY_PART, ARTICLE },
    { "rt", NULL, HTML_RUBY_PART, ARTICLE },
    { "ruby", NULL, HTML_RUBY, ARTICLE },
    { "s", NULL, HTML_INLINE, BOTH },
    { "samp", NULL, HTML_INLINE, ARTICLE },
    { "script", NULL, HTML_DROP, 0 },
    { "search", NULL, HTML_BLOCK, 0 },
    { "section", NULL, HTML_BLOCK, 0 },
    { "select", NULL, HTML_DROP, 0 },
    { "selectedcontent", NULL, HTML_DROP, 0 },
    { "small", NULL, HTML_INLINE, ARTICLE },
    { "span", NULL, HTML_INLINE, ARTICLE },
    { "strike", "s", HTML_INLINE, BOTH },
    { "strong", NULL, HTML_INLINE, BOTH },
    { "style", NULL, HTML_DROP, 0 },
    { "sub", NULL, HTML_INLINE, ARTICLE },
    { "summary", NULL, HTML_BLOCK, ARTICLE },
    { "sup", NULL, HTML_INLINE, ARTICLE },
    { "svg", NULL, HTML_DROP, 0 },
    { "table", NULL, HTML_TABLE, ARTICLE },
    { "tbody", NULL, HTML_SECTION, ARTICLE },
    { "td", NULL, HTML_CELL, ARTICLE },
    { "template", NULL, HTML_DROP, 0 },
    { "textarea", NULL, HTML_DROP, 0 },
    { "tfoot", NULL, HTML_SECTION, ARTICLE },
    { "th", NULL, HTML_CELL, ARTICLE },
    { "thead", NULL, HTML_SECTION, ARTICLE },
    { "time", NULL, HTML_INLINE, ARTICLE },
    { "title", NULL, HTML_DROP, 0 },
    { "tr", NULL, HTML_ROW, ARTICLE },
    { "tt", "code", HTML_INLINE, BOTH },
    { "u", NULL, HTML_INLINE, ARTICLE },
    { "ul", NULL, HTML_LIST, BOTH },
    { "var", NULL, HTML_INLINE, ARTICLE },
    { "video", NULL, HTML_DROP, 0 },
    { "wbr", NULL, HTML_BREAK, ARTICLE },
    { "xmp", NULL, HTML_DROP, 0 },
};

static int compare_name(const void *name, const void *tag) {
    return strcmp(name, ((const HtmlTag *)tag)->name);
}

const HtmlTag *html_tag_find(const char *name, const HtmlProfile *profile) {
    const HtmlTag *tag = bsearch(name, tags, COUNT_OF(tags), sizeof *tags, compare_name);

    if (!tag)
        return &unwrapped;
    if (tag->role == HTML_DROP || (tag->elements & profile->elements) != 0)
        return tag;
    if (html_tag_is_block(tag) && tag->role != HTML_RULE)
        return &division;
    return &unwrapped;
}

const HtmlTag *html_tag_div(void) {
    return &division;
}

const HtmlTag *html_tag_for(HtmlRole role) {
    static const HtmlTag section = { "tbody", NULL, HTML_SECTION, ARTICLE };
    static const HtmlTag row = { "tr", NULL, HTML_ROW, ARTICLE };
    static const HtmlTag cell = { "td", NULL, HTML_CELL, ARTICLE };

    return role == HTML_SECTION ? &section : role == HTML_ROW ? &row : &cell;
}
