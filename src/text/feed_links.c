/* text/feed_links.c - looks through a page's head for the link that names its feed. */
#include "text/feed_links.h"

#include "base/utf8.h"
#include "text/html_url.h"

typedef struct LinkTag {
    Str rel, type, href;
} LinkTag;

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* The attribute at *at, which moves behind it; false at the end of the tag. */
static bool next_attribute(Str html, size_t *at, Str *name, Str *value) {
    while (*at < html.len && (is_blank(html.ptr[*at]) || html.ptr[*at] == '/'))
        ++*at;
    if (*at >= html.len || html.ptr[*at] == '>')
        return false;
    size_t from = (*at)++; /* a name has one sign at least, so that the walk goes on */
    while (*at < html.len && !is_blank(html.ptr[*at]) && !strchr("=>/", html.ptr[*at]))
        ++*at;
    *name = str_slice(html, from, *at);
    *value = STR_EMPTY;
    while (*at < html.len && is_blank(html.ptr[*at]))
        ++*at;
    if (*at >= html.len || html.ptr[*at] != '=')
        return true;
    ++*at;
    while (*at < html.len && is_blank(html.ptr[*at]))
        ++*at;
    if (*at >= html.len)
        return false;
    char quote = html.ptr[*at];
    bool is_quoted = quote == '"' || quote == '\'';
    from = is_quoted ? ++*at : *at;
    while (*at < html.len &&
           (is_quoted ? html.ptr[*at] != quote : !is_blank(html.ptr[*at]) && html.ptr[*at] != '>'))
        ++*at;
    *value = str_trim(str_slice(html, from, *at));
    if (is_quoted && *at < html.len)
        ++*at;
    return true;
}

static LinkTag read_link(Str html, size_t *at) {
    LinkTag tag = { 0 };
    Str name, value;

    while (next_attribute(html, at, &name, &value)) {
        if (str_eq_nocase(name, S("rel")))
            tag.rel = value;
        else if (str_eq_nocase(name, S("type")))
            tag.type = value;
        else if (str_eq_nocase(name, S("href")))
            tag.href = value;
    }
    return tag;
}

bool feed_links_is_type(Str type) {
    static const Str types[] = { S_INIT("application/rss+xml"), S_INIT("application/atom+xml"),
                                 S_INIT("application/feed+json"), S_INIT("application/rdf+xml") };

    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_eq_nocase(type, types[i]))
            return true;
    return false;
}

static bool is_feed(LinkTag tag) {
    Str rest = tag.rel, word;
    bool is_alternate = false;

    while (str_cut(&rest, ' ', &word))
        is_alternate = is_alternate || str_eq_nocase(word, S("alternate"));
    return is_alternate && feed_links_is_type(tag.type) && tag.href.len > 0 &&
           utf8_is_valid(tag.href);
}

static bool is_at(Str html, size_t at, Str what) {
    return str_eq_nocase(str_slice(html, at, at + what.len), what);
}

bool feed_links_find(Arena *arena, Str html, Str base, Str *ret) {
    html = str_slice(html, 0, FEED_LINKS_BYTES);
    for (size_t at = str_find_char(html, '<', 0); at < html.len;
         at = str_find_char(html, '<', at)) {
        if (is_at(html, at, S("<!--"))) {
            size_t end = str_find(html, S("-->"), at + 4);
            at = end == SIZE_MAX ? html.len : end;
        } else if (is_at(html, at, S("<body"))) {
            return false;
        } else if (is_at(html, at, S("<link")) && at + 5 < html.len && is_blank(html.ptr[at + 5])) {
            at += 5;
            LinkTag tag = read_link(html, &at);
            if (is_feed(tag)) {
                Str href = str_replace(arena, tag.href, S("&amp;"), S("&"));
                *ret = html_url_resolve(arena, href, base);
                return true;
            }
        } else {
            at++;
        }
        if (at >= html.len)
            break;
    }
    return false;
}
