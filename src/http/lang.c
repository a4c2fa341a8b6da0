/* http/lang.c - a language that the address asks for (?lang=) stays in the links and forms of its page. */
#include "http/lang.h"

#include "base/buf.h"

Str query_lang(Str query) {
    Str pair;

    while (str_cut(&query, '&', &pair))
        if (str_starts(pair, S("lang=")))
            return str_slice(pair, 5, pair.len);
    return STR_EMPTY;
}

/* Does the address lead to a page of this site that comes in languages, and name none yet? */
static bool takes_lang(Str url) {
    static const Str starts[] = { S_INIT("/media/"), S_INIT("/log/"), S_INIT("/assets/") };
    static const Str ends[] = { S_INIT(".atom"), S_INIT(".rss"), S_INIT(".json"), S_INIT(".csv") };
    Str path = str_slice(url, 0, str_find_char(url, '#', 0));

    if (!str_starts(path, S("/")) || str_starts(path, S("//")) || str_contains(path, S("?lang=")) ||
        str_contains(path, S("&lang=")) || str_contains(path, S("&amp;lang=")))
        return false;
    path = str_slice(path, 0, str_find_char(path, '?', 0));
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        if (str_starts(path, starts[i]))
            return false;
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (str_ends(path, ends[i]))
            return false;
    return true;
}

static void add_url(Buf *out, Str url, Str lang, Str and_sign) {
    size_t hash = str_find_char(url, '#', 0);
    Str path = str_slice(url, 0, hash);

    buf_add(out, path);
    buf_add(out, str_find_char(path, '?', 0) == SIZE_MAX ? S("?") : and_sign);
    buf_add(out, S("lang="));
    buf_add(out, lang);
    buf_add(out, str_slice(url, path.len, url.len));
}

Str lang_keep_in_path(Arena *arena, Str path, Str lang) {
    Buf out = buf_new(arena, 0);

    if (!takes_lang(path))
        return path;
    add_url(&out, path, lang, S("&"));
    return buf_str(&out);
}

/* Behind the '>' that ends the tag which begins at `from`. */
static size_t end_of_tag(Str page, size_t from) {
    bool is_quoted = false;

    for (size_t at = from; at < page.len; at++) {
        if (page.ptr[at] == '"')
            is_quoted = !is_quoted;
        else if (page.ptr[at] == '>' && !is_quoted)
            return at + 1;
    }
    return page.len;
}

/* The tag with its address changed; true when it has one that takes a language. */
static bool add_tag(Buf *out, Str tag, Str attribute, Str lang) {
    size_t from = str_find(tag, attribute, 0);

    if (from != SIZE_MAX) {
        from += attribute.len;
        Str url = str_slice(tag, from, str_find_char(tag, '"', from));
        if (takes_lang(url)) {
            buf_add(out, str_slice(tag, 0, from));
            add_url(out, url, lang, S("&amp;"));
            buf_add(out, str_slice(tag, from + url.len, tag.len));
            return true;
        }
    }
    buf_add(out, tag);
    return false;
}

static void add_form(Buf *out, Str tag, Str lang) {
    bool is_post = str_contains(tag, S(" method=\"post\""));

    if (add_tag(out, tag, S(" action=\""), lang) && !is_post)
        buf_add_format(out, "<input type=\"hidden\" name=\"lang\" value=\"%.*s\">", STR_ARG(lang));
}

Str lang_keep_in_page(Arena *arena, Str page, Str lang) {
    Buf out = buf_new(arena, 0);
    size_t from = 0;

    while (from < page.len) {
        size_t at = str_find_char(page, '<', from);
        if (at == SIZE_MAX)
            break;
        size_t end = end_of_tag(page, at);
        Str tag = str_slice(page, at, end);
        buf_add(&out, str_slice(page, from, at));
        if (str_starts(tag, S("<a ")))
            (void)add_tag(&out, tag, S(" href=\""), lang);
        else if (str_starts(tag, S("<form ")))
            add_form(&out, tag, lang);
        else
            buf_add(&out, tag);
        from = end;
    }
    buf_add(&out, str_slice(page, from, page.len));
    return buf_str(&out);
}
