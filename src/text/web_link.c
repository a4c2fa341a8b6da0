/* text/web_link.c - reads Link headers: targets in angle brackets, parameters as tokens or quoted. */
#include "text/web_link.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "text/html_url.h"

typedef struct Reader {
    Arena *arena;
    Str text;
    size_t at;
} Reader;

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static void skip_blanks(Reader *r) {
    while (r->at < r->text.len && is_blank(r->text.ptr[r->at]))
        r->at++;
}

static bool is_next(const Reader *r, char c) {
    return r->at < r->text.len && r->text.ptr[r->at] == c;
}

/* Up to one of the signs that end a token here. */
static Str read_token(Reader *r) {
    size_t from = r->at;

    while (r->at < r->text.len && !strchr(" \t=;,<>\"", r->text.ptr[r->at]))
        r->at++;
    return str_slice(r->text, from, r->at);
}

/* RFC 9110, 5.6.4; one that does not end takes the rest. */
static Str read_quoted(Reader *r) {
    Buf out = buf_new(r->arena, 0);

    for (r->at++; r->at < r->text.len && r->text.ptr[r->at] != '"'; r->at++) {
        if (r->text.ptr[r->at] == '\\' && r->at + 1 < r->text.len)
            r->at++;
        buf_add_char(&out, r->text.ptr[r->at]);
    }
    r->at += r->at < r->text.len;
    return buf_str(&out);
}

/* To the comma that ends this link, past quoted ones. */
static void skip_link(Reader *r) {
    while (r->at < r->text.len && r->text.ptr[r->at] != ',') {
        if (r->text.ptr[r->at] == '"')
            (void)read_quoted(r);
        else
            r->at++;
    }
}

static Str media_type(Str value) {
    size_t end = str_find_char(value, ';', 0);

    return str_trim(end == SIZE_MAX ? value : str_slice(value, 0, end));
}

/* One parameter behind its ';'. The first of a name counts (RFC 8288, 3.3, 3.4.1). */
static void read_parameter(Reader *r, WebLink *link, bool *is_elsewhere) {
    Str name = read_token(r), value = STR_EMPTY;

    skip_blanks(r);
    if (is_next(r, '=')) {
        r->at++;
        skip_blanks(r);
        value = is_next(r, '"') ? read_quoted(r) : read_token(r);
    }
    if (str_eq_nocase(name, S("rel")) && link->rel.len == 0)
        link->rel = str_trim(value);
    else if (str_eq_nocase(name, S("type")) && link->type.len == 0)
        link->type = media_type(value);
    else if (str_eq_nocase(name, S("anchor")))
        *is_elsewhere = true;
}

/* From its '<' on; false where it is none that counts. */
static bool read_link(Reader *r, WebLink *ret) {
    size_t from = r->at + 1, end = str_find_char(r->text, '>', from);
    WebLink link = { 0 };
    bool is_elsewhere = false;

    if (end == SIZE_MAX) {
        r->at = r->text.len;
        return false;
    }
    link.target = str_trim(str_slice(r->text, from, end));
    r->at = end + 1;
    for (int i = 0; i < WEB_LINK_PARAMETERS_MAX; i++) {
        skip_blanks(r);
        if (!is_next(r, ';'))
            break;
        r->at++;
        skip_blanks(r);
        read_parameter(r, &link, &is_elsewhere);
    }
    skip_link(r);
    *ret = link;
    return !is_elsewhere && link.rel.len > 0 && link.target.len <= WEB_LINK_TARGET_BYTES &&
           utf8_is_valid(link.target) && !utf8_has_control(link.target);
}

void web_links_read(Arena *arena, Str header, Str base, WebLinks *ret) {
    Reader r = { .arena = arena, .text = str_slice(header, 0, WEB_LINKS_BYTES) };
    WebLink link;

    ret->len = 0;
    while (r.at < r.text.len && ret->len < WEB_LINKS_MAX) {
        skip_blanks(&r);
        if (is_next(&r, ',')) {
            r.at++;
        } else if (!is_next(&r, '<')) {
            skip_link(&r);
        } else if (read_link(&r, &link)) {
            link.target = html_url_resolve(arena, link.target, base);
            if (link.target.len > 0)
                ret->items[ret->len++] = link;
        }
    }
}

bool web_link_is(const WebLink *link, Str rel) {
    Str rest = link->rel, word;

    while (str_cut(&rest, ' ', &word))
        if (str_eq_nocase(str_trim(word), rel))
            return true;
    return false;
}
