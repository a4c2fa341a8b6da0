/* text/feed_text.c - texts of feeds: plain, HTML, or in base64; all markup goes through the cleaner. */
#include "text/feed_reader.h"

#include "base/utf8.h"
#include "text/entity.h"
#include "text/html_clean.h"
#include "text/html_tags.h"
#include "text/html_text.h"

/* ---- what looks like HTML ---- */

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A name of the cleaner's list, or one that it drops. */
static bool is_html_name(Str name) {
    char lower[12];

    if (name.len == 0 || name.len >= sizeof lower)
        return false;
    for (size_t i = 0; i < name.len; i++)
        lower[i] = (char)(name.ptr[i] | 0x20);
    lower[name.len] = '\0';
    return html_tag_find(lower, HTML_ARTICLE)->role != HTML_UNWRAP || strcmp(lower, "font") == 0 ||
           strcmp(lower, "center") == 0 || strcmp(lower, "big") == 0;
}

/* The name of the tag at `at`, "<" or "</"; empty when it is none. */
static Str tag_name(Str text, size_t at) {
    size_t from = at + 1 + (at + 1 < text.len && text.ptr[at + 1] == '/'), to = from;

    while (to < text.len &&
           (is_letter(text.ptr[to]) || (to > from && text.ptr[to] >= '0' && text.ptr[to] <= '9')))
        to++;
    return str_slice(text, from, to);
}

/* A reference that HTML knows, with its semicolon. */
static bool is_reference(Str text, size_t at) {
    size_t end = str_find_char(str_slice(text, 0, at + ENTITY_NAME_MAX + 2), ';', at);
    Str name = end == SIZE_MAX ? STR_EMPTY : str_slice(text, at + 1, end), meaning;

    return name.len > 1 && (name.ptr[0] == '#' || entity_find(name, &meaning));
}

/* An end tag or a reference shows it, unless there is a tag that HTML does not have. */
static bool looks_like_html(Str text) {
    bool is_shown = false;

    for (size_t at = 0; at < text.len; at++) {
        if (text.ptr[at] == '&')
            is_shown = is_shown || is_reference(text, at);
        if (text.ptr[at] != '<')
            continue;
        Str name = tag_name(text, at);
        if (name.len > 0 && !is_html_name(name))
            return false;
        is_shown = is_shown || (name.len > 0 && text.ptr[at + 1] == '/');
    }
    return is_shown;
}

static bool has_tag(Str text) {
    for (size_t at = 0; at < text.len; at++) {
        if (text.ptr[at] == '<' && tag_name(text, at).len > 0)
            return true;
    }
    return false;
}

/* ---- texts ---- */

static bool has_markup(Str text) {
    return str_find_char(text, '<', 0) != SIZE_MAX || str_find_char(text, '&', 0) != SIZE_MAX;
}

static Str escaped(Arena *arena, Str text) {
    Buf out = buf_new(arena, SIZE_MAX);

    html_tag_escape(&out, text, false);
    return buf_str(&out);
}

/* Clean HTML, or false where it passes a limit. */
static bool clean(FeedReader *reader, Str raw, Str base, Str *ret) {
    Err err = html_clean(reader->arena, raw, HTML_ARTICLE, base, ret);

    if (err.code == ERR_OK)
        return true;
    *reader->faults |= FAULT_HTML;
    if (err.code != ERR_LIMIT && reader->err.code == ERR_OK)
        reader->err = err;
    return false;
}

FeedText feed_text(FeedReader *reader, Str raw, FeedForm form, Str base) {
    FeedText made = { 0 };
    Str html;

    if (form == FORM_GUESS)
        form = has_markup(raw) && looks_like_html(raw) ? FORM_HTML : FORM_PLAIN;
    if (form == FORM_PLAIN || !has_markup(raw) || !clean(reader, raw, base, &html)) {
        made.text = str_dup(reader->arena, raw);
        return made;
    }
    made.text = html_text(reader->arena, html);
    if (made.text.len == 0 && !has_tag(raw))
        made.text = str_dup(reader->arena, raw); /* "<!" that began nothing */
    if (str_find_char(html, '<', 0) != SIZE_MAX)
        made.html = str_trim(html);
    return made;
}

Str feed_text_html(FeedReader *reader, Str raw, FeedForm form, Str base) {
    Str html;

    if (form == FORM_GUESS)
        form = has_markup(raw) && looks_like_html(raw) ? FORM_HTML : FORM_PLAIN;
    if (form == FORM_HTML && !has_markup(raw))
        form = FORM_PLAIN;
    if (form == FORM_HTML && clean(reader, raw, base, &html))
        return str_trim(html);
    return escaped(reader->arena, raw);
}

/* ---- type and mode ---- */

static int base64_value(char c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* White space is skipped; false when it is no base64 of text. */
static bool decode_base64(Arena *arena, Str text, Str *ret) {
    Buf out = buf_new(arena, SIZE_MAX);
    uint32_t bits = 0;
    int count = 0;

    for (size_t i = 0; i < text.len; i++) {
        int value = base64_value(text.ptr[i]);

        if (strchr(" \t\r\n=", text.ptr[i]) && text.ptr[i] != '\0')
            continue;
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            buf_add_char(&out, (char)(bits >> count & 0xFF));
        }
    }
    if (!utf8_is_valid(buf_str(&out)))
        return false;
    *ret = str_trim(buf_str(&out));
    return true;
}

static bool is_text_type(Str type) {
    return str_starts(type, S("text/")) || str_ends(type, S("+xml")) || str_ends(type, S("/xml"));
}

FeedForm feed_text_form(FeedReader *reader, const FeedFrame *frame, FeedForm without, Str *text) {
    Str type = str_lower_ascii(reader->arena, str_trim(feed_field_attribute(frame, "type")));
    Str mode = feed_field_attribute(frame, "mode");
    bool is_short = str_eq(type, S("text")) || str_eq(type, S("html")) || str_eq(type, S("xhtml"));
    Str decoded;

    if (str_eq_nocase(mode, S("base64")) ||
        (reader->is_atom && type.len > 0 && !is_short && !is_text_type(type) &&
         frame->children == 0 && str_find_char(type, '/', 0) != SIZE_MAX)) {
        if (decode_base64(reader->arena, *text, &decoded)) {
            *text = decoded;
            return str_eq(type, S("text/plain")) ? FORM_PLAIN : FORM_HTML;
        }
    }
    if (frame->children > 0 || str_eq(type, S("html")) || str_eq(type, S("xhtml")) ||
        str_eq(type, S("text/html")) || str_eq(type, S("application/xhtml+xml")))
        return FORM_HTML;
    if (str_eq(type, S("text")) || (type.len > 0 && reader->is_atom))
        return FORM_PLAIN;
    return without;
}
