/* text/html_url.c - addresses in HTML: which may stay, and what a relative one means. */
#include "text/html_url.h"

#include "base/buf.h"

/* The parts of RFC 3986, appendix B; has_… tells an empty part from none. */
typedef struct Parts {
    Str scheme, authority, path, query, fragment;
    bool has_scheme, has_authority, has_query, has_fragment;
} Parts;

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_scheme_char(char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

/* Length of the scheme in front, without its colon; 0 when there is none. */
static size_t scheme_length(Str text) {
    size_t len = 0;

    if (text.len == 0 || !is_letter(text.ptr[0]))
        return 0;
    while (len < text.len && is_scheme_char(text.ptr[len]))
        len++;
    return len < text.len && text.ptr[len] == ':' ? len : 0;
}

static Parts split(Str text) {
    Parts parts = { 0 };
    size_t len = scheme_length(text), mark;

    if (len > 0) {
        parts.has_scheme = true;
        parts.scheme = str_slice(text, 0, len);
        text = str_slice(text, len + 1, text.len);
    }
    if ((mark = str_find_char(text, '#', 0)) != SIZE_MAX) {
        parts.has_fragment = true;
        parts.fragment = str_slice(text, mark + 1, text.len);
        text = str_slice(text, 0, mark);
    }
    if ((mark = str_find_char(text, '?', 0)) != SIZE_MAX) {
        parts.has_query = true;
        parts.query = str_slice(text, mark + 1, text.len);
        text = str_slice(text, 0, mark);
    }
    if (str_starts(text, S("//"))) {
        text = str_slice(text, 2, text.len);
        mark = str_find_char(text, '/', 0);
        parts.has_authority = true;
        parts.authority = str_slice(text, 0, mark);
        text = mark == SIZE_MAX ? STR_EMPTY : str_slice(text, mark, text.len);
    }
    parts.path = text;
    return parts;
}

/* RFC 3986, 5.2.4, for a path that starts with a slash: one pass, each segment once. */
static Str remove_dots(Arena *arena, Str path) {
    Buf out = buf_new(arena, path.len + 1);
    Str rest = str_slice(path, 1, path.len), segment;
    bool is_more = true;

    while (is_more) {
        size_t slash = str_find_char(rest, '/', 0);

        is_more = slash != SIZE_MAX;
        segment = str_slice(rest, 0, slash);
        rest = is_more ? str_slice(rest, slash + 1, rest.len) : STR_EMPTY;
        if (str_eq(segment, S(".."))) {
            while (out.len > 0 && out.ptr[out.len - 1] != '/')
                buf_truncate(&out, out.len - 1);
            if (out.len > 0)
                buf_truncate(&out, out.len - 1);
        }
        if (str_eq(segment, S("..")) || str_eq(segment, S("."))) {
            if (!is_more)
                buf_add_char(&out, '/');
            continue;
        }
        buf_add_char(&out, '/');
        buf_add(&out, segment);
    }
    return buf_str(&out);
}

/* RFC 3986, 5.2.3. */
static Str merge(Arena *arena, const Parts *base, Str path) {
    size_t end = base->path.len;

    while (end > 0 && base->path.ptr[end - 1] != '/')
        end--;
    return str_concat(arena, end == 0 ? S("/") : str_slice(base->path, 0, end), path);
}

static Str join(Arena *arena, const Parts *parts) {
    return str_format(arena, "%.*s://%.*s%.*s%s%.*s%s%.*s", STR_ARG(parts->scheme),
                      STR_ARG(parts->authority), STR_ARG(parts->path), parts->has_query ? "?" : "",
                      STR_ARG(parts->query), parts->has_fragment ? "#" : "",
                      STR_ARG(parts->fragment));
}

static bool is_web(Str scheme) {
    return str_eq_nocase(scheme, S("http")) || str_eq_nocase(scheme, S("https"));
}

Str html_url_resolve(Arena *arena, Str reference, Str base_text) {
    Parts base = split(str_trim(base_text)), to = split(reference);

    if (to.has_scheme || !base.has_scheme || !is_web(base.scheme) || !base.has_authority ||
        base.authority.len == 0)
        return reference;
    to.scheme = base.scheme;
    if (to.has_authority)
        return join(arena, &to);
    to.authority = base.authority;
    if (to.path.len == 0) {
        to.path = base.path;
        if (!to.has_query) {
            to.has_query = base.has_query;
            to.query = base.query;
        }
    } else {
        to.path = remove_dots(arena,
                              str_starts(to.path, S("/")) ? to.path : merge(arena, &base, to.path));
    }
    return join(arena, &to);
}

/*
 * What a browser makes of an attribute's value before it parses it: C0 controls and blanks at both ends
 * are cut, tabs and line ends vanish, blanks inside become %20. False for other controls inside.
 */
static bool mend(Arena *arena, Str raw, Str *ret) {
    Buf buf = buf_new(arena, SIZE_MAX);

    while (raw.len > 0 && (unsigned char)raw.ptr[0] <= ' ')
        raw = str_slice(raw, 1, raw.len);
    while (raw.len > 0 && (unsigned char)raw.ptr[raw.len - 1] <= ' ')
        raw = str_slice(raw, 0, raw.len - 1);
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.ptr[i];

        if (c == '\t' || c == '\n' || c == '\r')
            continue;
        if ((unsigned char)c < ' ' || c == 0x7F)
            return false;
        if (c == ' ')
            buf_add(&buf, S("%20"));
        else
            buf_add_char(&buf, c);
    }
    *ret = buf_str(&buf);
    return true;
}

/* Browsers read \ as / up to the query of an address of the web; written so, all readers agree. */
static Str turn_slashes(Arena *arena, Str text) {
    char *bytes = arena_copy(arena, text.ptr, text.len);
    size_t i = 0;

    for (; i < text.len && bytes[i] != '?' && bytes[i] != '#'; i++) {
        if (bytes[i] == '\\')
            bytes[i] = '/';
    }
    return (Str){ bytes, text.len };
}

static bool is_base64(Str text) {
    size_t len = text.len;

    while (len > 0 && text.len - len < 2 && text.ptr[len - 1] == '=')
        len--;
    for (size_t i = 0; i < len; i++) {
        char c = text.ptr[i];

        if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '+' && c != '/')
            return false;
    }
    return len > 0;
}

/* A raster picture inside the page; never SVG, which may hold scripts. */
static bool is_raster_data(Str url) {
    static const char *const starts[] = { "data:image/png;base64,", "data:image/jpeg;base64,",
                                          "data:image/gif;base64,", "data:image/webp;base64," };

    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        Str start = str_from_c(starts[i]);

        if (str_eq_nocase(str_slice(url, 0, start.len), start))
            return is_base64(str_slice(url, start.len, url.len));
    }
    return false;
}

bool html_url_read(Arena *arena, Str raw, HtmlUrlUse use, Str base, HtmlUrl *ret) {
    Str text;

    if (!mend(arena, raw, &text) || (text.len == 0 && use != HTML_URL_LINK))
        return false;
    size_t scheme = scheme_length(text);
    if (use == HTML_URL_IMAGE && is_raster_data(text)) {
        *ret = (HtmlUrl){ .text = text };
        return true;
    }
    if (text.len > HTML_URL_BYTES)
        return false;
    if (use == HTML_URL_LINK && str_eq_nocase(str_slice(text, 0, scheme), S("mailto"))) {
        *ret = (HtmlUrl){ .text = text };
        return true;
    }
    if (scheme > 0 && !is_web(str_slice(text, 0, scheme)))
        return false;
    text = turn_slashes(arena, text);
    if (scheme == 0 && base.len > 0)
        text = html_url_resolve(arena, text, base);
    *ret = (HtmlUrl){ .text = text,
                      .is_elsewhere = scheme_length(text) > 0 || str_starts(text, S("//")) };
    return true;
}
