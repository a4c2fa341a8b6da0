/* view/html_place.c - follows template text through HTML, to know how a value must be escaped there. */
#include "view/template.h"

/*
 * Attributes that hold one address (WHATWG HTML, Attributes; htmx); srcset is a list and never runs
 * anything.
 */
static bool is_url_attribute(const char *name) {
    static const char *const names[] = {
        "href",    "src",    "action", "formaction", "poster",   "cite",      "data",    "hx-get",
        "hx-post", "hx-put", "ping",   "xlink:href", "hx-patch", "hx-delete", "manifest"
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static void put_char(char *word, size_t size, char c) {
    size_t len = strlen(word);

    if (len + 1 < size) {
        word[len] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        word[len + 1] = '\0';
    }
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* The end of <...>: what kind of content follows. */
static const char *end_tag(HtmlPlace *place) {
    bool is_script = strcmp(place->tag, "script") == 0, is_style = strcmp(place->tag, "style") == 0;

    place->attribute[0] = '\0';
    if (place->is_closing) {
        place->state = HTML_TEXT;
        return NULL;
    }
    if (is_style)
        return "a style element";
    place->state = is_script ? HTML_RAW_TEXT : HTML_TEXT;
    return NULL;
}

/* Attributes whose value is a program or a document: nothing may stand there. */
static const char *refused_attribute(const char *name) {
    Str text = str_from_c(name);

    if (str_starts(text, S("on")) || str_starts(text, S("hx-on")))
        return "an event attribute";
    if (str_eq(text, S("srcdoc")) || str_eq(text, S("http-equiv")) || str_eq(text, S("hx-vals")) ||
        str_eq(text, S("hx-headers")) || str_eq(text, S("hx-vars")))
        return "an attribute that may run a script";
    return NULL;
}

static const char *start_value(HtmlPlace *place, char quote) {
    const char *fault = refused_attribute(place->attribute);

    if (fault)
        return fault;
    if (strcmp(place->attribute, "style") == 0)
        return "a style attribute";
    place->state = HTML_VALUE;
    place->quote = quote;
    place->is_url = is_url_attribute(place->attribute);
    place->is_value_started = false;
    return NULL;
}

static const char *advance_tag(HtmlPlace *place, Str text, size_t *at) {
    char c = text.ptr[*at];
    bool is_between = is_space(c) || c == '/' || c == '>';

    if (place->is_name_cut && !is_between)
        return "a name in pieces";
    if (is_between)
        place->is_name_open = place->is_name_cut = false;
    if (c == '>') {
        (*at)++;
        return end_tag(place);
    }
    if (c == '=') {
        (*at)++;
        if (*at >= text.len || (text.ptr[*at] != '"' && text.ptr[*at] != '\''))
            return "an attribute without quotes";
        char quote = text.ptr[(*at)++];
        place->is_name_open = false;
        if (strcmp(place->tag, "script") == 0 && strcmp(place->attribute, "type") == 0)
            place->is_json = str_starts(str_slice(text, *at, text.len), S("application/json"));
        return start_value(place, quote);
    }
    if (is_between) {
        place->attribute[0] = '\0';
    } else {
        put_char(place->attribute, sizeof place->attribute, c);
        place->is_name_open = true;
    }
    (*at)++;
    return NULL;
}

static const char *advance_raw(HtmlPlace *place, Str text, size_t *at) {
    size_t end = str_find(text, S("</script"), *at);
    Str inside = str_slice(text, *at, end == SIZE_MAX ? text.len : end);

    if (!place->is_json && str_trim(inside).len > 0)
        return "an inline script";
    *at = end == SIZE_MAX ? text.len : end;
    if (end != SIZE_MAX)
        place->state = HTML_TEXT;
    return NULL;
}

static void open_tag(HtmlPlace *place, Str text, size_t *at) {
    size_t next = *at + 1;

    if (str_starts(str_slice(text, *at, text.len), S("<!--"))) {
        place->state = HTML_COMMENT;
        *at += 4;
        return;
    }
    place->is_closing = next < text.len && text.ptr[next] == '/';
    if (place->is_closing)
        next++;
    place->tag[0] = place->attribute[0] = '\0';
    while (next < text.len && !is_space(text.ptr[next]) && text.ptr[next] != '>' &&
           text.ptr[next] != '/')
        put_char(place->tag, sizeof place->tag, text.ptr[next++]);
    if (!place->is_closing)
        place->is_json = false;
    place->state = HTML_TAG;
    place->is_name_open = true;
    place->is_name_cut = false;
    *at = next;
}

const char *html_place_advance(HtmlPlace *place, Str text) {
    const char *fault = NULL;

    for (size_t at = 0; at < text.len && !fault;) {
        char c = text.ptr[at];

        if (place->state == HTML_TAG) {
            fault = advance_tag(place, text, &at);
        } else if (place->state == HTML_VALUE) {
            if (c == place->quote) {
                place->state = HTML_TAG;
                place->attribute[0] = '\0';
            } else {
                place->is_value_started = true;
            }
            at++;
        } else if (place->state == HTML_COMMENT) {
            if (str_starts(str_slice(text, at, text.len), S("-->"))) {
                place->state = HTML_TEXT;
                at += 2;
            }
            at++;
        } else if (place->state == HTML_RAW_TEXT) {
            fault = advance_raw(place, text, &at);
        } else if (c == '<') {
            open_tag(place, text, &at);
        } else {
            at++;
        }
    }
    return fault;
}

Place html_place_of(const HtmlPlace *place) {
    switch (place->state) {
    case HTML_VALUE:
        if (!place->is_url)
            return PLACE_ATTR;
        return place->is_value_started ? PLACE_URL_PART : PLACE_URL;
    case HTML_TAG:
    case HTML_TAG_OPEN:
    case HTML_COMMENT:
        return PLACE_TAG;
    case HTML_RAW_TEXT:
        return PLACE_DATA;
    case HTML_TEXT:
        break;
    }
    return PLACE_TEXT;
}

void html_place_cut(HtmlPlace *place) {
    if (place->state == HTML_TAG && place->is_name_open)
        place->is_name_cut = true;
}

void html_place_value(HtmlPlace *place) {
    place->is_value_started = true;
}

bool html_place_equal(const HtmlPlace *a, const HtmlPlace *b) {
    if (a->state != b->state)
        return false;
    if (a->state == HTML_VALUE)
        return a->quote == b->quote && a->is_url == b->is_url;
    return a->state != HTML_RAW_TEXT || a->is_json == b->is_json;
}
