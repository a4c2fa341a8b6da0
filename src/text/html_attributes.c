/* text/html_attributes.c - which attributes HTML cleaning lets through, with which values. */
#include "text/html_tags.h"

#include <assert.h>

#include "base/utf8.h"
#include "text/html_url.h"

enum {
    TEXT_BYTES_MAX = 2000, /* a title or an alternative text is longer only by mistake */
    ID_BYTES_MAX = 100,
    CLASS_BYTES_MAX = 60
};

#define ID_PREFIX S("content-")

/* The form a value must have; what does not have it is left out. */
typedef enum Form {
    FORM_LINK,
    FORM_IMAGE,
    FORM_SOURCE,
    FORM_TEXT,
    FORM_ID,
    FORM_LANG,
    FORM_DIRECTION,
    FORM_FLAG,      /* present or not */
    FORM_PIXELS,    /* 1..9999 */
    FORM_SPAN,      /* 2..100 */
    FORM_WHOLE,     /* -999999..999999 */
    FORM_ALIGN,     /* left, center, right */
    FORM_SCOPE,     /* of a heading cell */
    FORM_LIST_TYPE, /* 1 a A i I */
    FORM_TIME,      /* a date, time or duration */
    FORM_CODE_CLASS /* language-* */
} Form;

typedef struct Rule {
    const char *element; /* as printed; NULL: every one */
    const char *name;
    Form form;
} Rule;

/* In the order in which they are printed. */
static const Rule rules[] = {
    { "a", "href", FORM_LINK },           { "img", "src", FORM_IMAGE },
    { "img", "alt", FORM_TEXT },          { "img", "width", FORM_PIXELS },
    { "img", "height", FORM_PIXELS },     { "blockquote", "cite", FORM_SOURCE },
    { "q", "cite", FORM_SOURCE },         { "del", "cite", FORM_SOURCE },
    { "ins", "cite", FORM_SOURCE },       { "del", "datetime", FORM_TIME },
    { "ins", "datetime", FORM_TIME },     { "time", "datetime", FORM_TIME },
    { "code", "class", FORM_CODE_CLASS }, { "details", "open", FORM_FLAG },
    { "ol", "start", FORM_WHOLE },        { "ol", "type", FORM_LIST_TYPE },
    { "ol", "reversed", FORM_FLAG },      { "li", "value", FORM_WHOLE },
    { "td", "colspan", FORM_SPAN },       { "td", "rowspan", FORM_SPAN },
    { "td", "align", FORM_ALIGN },        { "th", "colspan", FORM_SPAN },
    { "th", "rowspan", FORM_SPAN },       { "th", "align", FORM_ALIGN },
    { "th", "scope", FORM_SCOPE },        { NULL, "id", FORM_ID },
    { NULL, "lang", FORM_LANG },          { NULL, "dir", FORM_DIRECTION },
    { NULL, "title", FORM_TEXT },
};

void html_tag_escape(Buf *buf, Str text, bool is_attribute) {
    static const bool is_special[256] = { ['&'] = true, ['<'] = true, ['>'] = true, ['"'] = true };
    size_t from = 0;

    for (size_t at = 0; at < text.len; at++) {
        char c = text.ptr[at];
        if (!is_special[(unsigned char)c])
            continue;
        Str entity = c == '&'                   ? S("&amp;")
                     : c == '<'                 ? S("&lt;")
                     : c == '>'                 ? S("&gt;")
                     : c == '"' && is_attribute ? S("&quot;")
                                                : STR_EMPTY;

        if (entity.len == 0)
            continue;
        buf_add(buf, str_slice(text, from, at));
        buf_add(buf, entity);
        from = at + 1;
    }
    buf_add(buf, str_slice(text, from, text.len));
}

static void add_attribute(Buf *buf, const char *name, Str value) {
    buf_add_char(buf, ' ');
    buf_add(buf, str_from_c(name));
    buf_add(buf, S("=\""));
    html_tag_escape(buf, value, true);
    buf_add_char(buf, '"');
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* All bytes are ASCII letters, digits or one of `others`; not empty, at most max bytes. */
static bool is_made_of(Str value, const char *others, size_t max) {
    if (value.len == 0 || value.len > max)
        return false;
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];

        if (!is_letter(c) && !is_digit(c) && !strchr(others, c))
            return false;
    }
    return true;
}

static bool is_one_of(Str value, const char *const *words) {
    for (; *words; words++) {
        if (str_eq_nocase(value, str_from_c(*words)))
            return true;
    }
    return false;
}

static bool is_whole(Str value, int64_t min, int64_t max, int64_t *ret) {
    return str_parse_int(value, ret) && *ret >= min && *ret <= max;
}

static bool add_number(Buf *buf, const char *name, Str value, int64_t min, int64_t max) {
    int64_t number;

    if (!is_whole(str_trim(value), min, max, &number))
        return false;
    buf_add_format(buf, " %s=\"%lld\"", name, (long long)number);
    return true;
}

static bool add_word(Buf *buf, Arena *scratch, const char *name, Str value,
                     const char *const *words) {
    if (!is_one_of(value, words))
        return false;
    add_attribute(buf, name, str_lower_ascii(scratch, value));
    return true;
}

/* The prefix keeps names out of the page's own space: no id of ours, no property of document. */
static bool add_id(Buf *buf, Arena *scratch, Str value) {
    Str name = str_starts(value, ID_PREFIX) ? str_slice(value, ID_PREFIX.len, value.len) : value;

    if (!is_made_of(name, "-_.:", ID_BYTES_MAX))
        return false;
    add_attribute(buf, "id", str_concat(scratch, ID_PREFIX, name));
    return true;
}

static bool add_code_class(Buf *buf, Str value) {
    Str word;

    while (str_cut(&value, ' ', &word)) {
        if (str_starts(word, S("language-")) && word.len > 9 &&
            is_made_of(word, "-_+#.", CLASS_BYTES_MAX)) {
            add_attribute(buf, "class", word);
            return true;
        }
    }
    return false;
}

/* "#x" leads to where add_id put x. */
static Str follow_prefix(Arena *scratch, Str href) {
    Str name = str_slice(href, 1, href.len);

    if (!str_starts(href, S("#")) || str_starts(name, ID_PREFIX) || str_eq(name, S("top")) ||
        !is_made_of(name, "-_.:", ID_BYTES_MAX))
        return href;
    return str_format(scratch, "#%.*s%.*s", STR_ARG(ID_PREFIX), STR_ARG(name));
}

static bool add_address(Buf *buf, Arena *scratch, const Rule *rule, Str value,
                        const HtmlProfile *profile, Str base_url) {
    HtmlUrlUse use = rule->form == FORM_LINK    ? HTML_URL_LINK
                     : rule->form == FORM_IMAGE ? HTML_URL_IMAGE
                                                : HTML_URL_SOURCE;
    HtmlUrl url;

    /* A place on the same page stays one, whatever page the base was. */
    if (use == HTML_URL_LINK && str_starts(str_trim(value), S("#")))
        base_url = STR_EMPTY;
    if (!html_url_read(scratch, value, use, base_url, &url))
        return false;
    add_attribute(buf, rule->name,
                  use == HTML_URL_LINK ? follow_prefix(scratch, url.text) : url.text);
    if (use == HTML_URL_LINK && url.is_elsewhere)
        add_attribute(buf, "rel",
                      profile->is_ugc ? S("nofollow noopener ugc") : S("nofollow noopener"));
    return true;
}

/* Forms with a fixed choice of words. */
static bool add_choice(Buf *buf, Arena *scratch, const Rule *rule, Str value) {
    static const char *const directions[] = { "ltr", "rtl", "auto", NULL };
    static const char *const aligns[] = { "left", "center", "right", NULL };
    static const char *const scopes[] = { "row", "col", "rowgroup", "colgroup", NULL };

    return add_word(buf, scratch, rule->name, str_trim(value),
                    rule->form == FORM_DIRECTION ? directions
                    : rule->form == FORM_ALIGN   ? aligns
                                                 : scopes);
}

static bool add_if(Buf *buf, const Rule *rule, Str value, bool is_fit) {
    if (is_fit)
        add_attribute(buf, rule->name, value);
    return is_fit;
}

/* True when the attribute was added. */
static bool add_by_rule(Buf *buf, Arena *scratch, const Rule *rule, Str value,
                        const HtmlProfile *profile, Str base_url) {
    switch (rule->form) {
    case FORM_LINK:
    case FORM_IMAGE:
    case FORM_SOURCE:
        return add_address(buf, scratch, rule, value, profile, base_url);
    case FORM_TEXT:
        return add_if(buf, rule, value, value.len <= TEXT_BYTES_MAX);
    case FORM_ID:
        return add_id(buf, scratch, value);
    case FORM_LANG:
        return add_if(buf, rule, value, is_made_of(value, "-", 35));
    case FORM_DIRECTION:
    case FORM_ALIGN:
    case FORM_SCOPE:
        return add_choice(buf, scratch, rule, value);
    case FORM_FLAG:
        buf_add_char(buf, ' ');
        buf_add(buf, str_from_c(rule->name));
        return true;
    case FORM_PIXELS:
        return add_number(buf, rule->name, value, 1, 9999);
    case FORM_SPAN:
        return add_number(buf, rule->name, value, 2, 100);
    case FORM_WHOLE:
        return add_number(buf, rule->name, value, -999999, 999999);
    case FORM_LIST_TYPE:
        return add_if(buf, rule, value, value.len == 1 && strchr("1aAiI", value.ptr[0]));
    case FORM_TIME:
        return add_if(buf, rule, value, is_made_of(value, "-:+. ", 40));
    case FORM_CODE_CLASS:
        return add_code_class(buf, value);
    }
    assert(false);
    return false;
}

/* The value of an attribute as read; false when it is absent. One without value is empty. */
static bool find(const unsigned char **attributes, const char *name, Str *ret) {
    for (; attributes && attributes[0]; attributes += 2) {
        if (strcmp((const char *)attributes[0], name) == 0) {
            *ret = str_from_c((const char *)attributes[1]);
            return true;
        }
    }
    return false;
}

/* A task's box as Markdown makes it: dead, and never a part of a form. */
static bool add_checkbox(Buf *buf, const unsigned char **attributes) {
    Str type, checked;

    if (!find(attributes, "type", &type) || !str_eq_nocase(str_trim(type), S("checkbox")))
        return false;
    buf_add(buf, S(" type=\"checkbox\""));
    if (find(attributes, "checked", &checked))
        buf_add(buf, S(" checked"));
    buf_add(buf, S(" disabled"));
    return true;
}

bool html_tag_attributes(Buf *buf, Arena *scratch, const HtmlTag *tag,
                         const unsigned char **attributes, const HtmlProfile *profile,
                         Str base_url) {
    const char *element = html_tag_name(tag);
    bool is_anchored = false;

    if (tag->role == HTML_CHECKBOX)
        return add_checkbox(buf, attributes);
    if (!attributes)
        return tag->role != HTML_LINK && tag->role != HTML_IMAGE;
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        const Rule *rule = &rules[i];
        Str value;

        if (rule->element && strcmp(rule->element, element) != 0)
            continue;
        if (find(attributes, rule->name, &value) &&
            add_by_rule(buf, scratch, rule, value, profile, base_url))
            is_anchored = is_anchored || rule->form <= FORM_IMAGE || rule->form == FORM_ID;
        else if (rule->form == FORM_IMAGE)
            return false;
    }
    return is_anchored || (tag->role != HTML_LINK && tag->role != HTML_IMAGE);
}
