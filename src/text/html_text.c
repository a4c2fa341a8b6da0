/* text/html_text.c - the plain text of cleaned HTML. */
#include "text/html_text.h"

#include "base/buf.h"

typedef struct Writer {
    Buf out;
    size_t pre_depth;  /* open pre elements: white space counts */
    size_t skip_depth; /* open rt and rp elements */
    bool is_blank_due; /* before the next letter, unless a line begins there */
} Writer;

/* Names after which the text goes on in the same line; all others are blocks. Sorted. */
static const char *const inline_names[] = {
    "a",     "abbr",  "b",      "bdi", "bdo",  "cite", "code", "del", "dfn",  "em", "i",
    "img",   "input", "ins",    "kbd", "mark", "q",    "rp",   "rt",  "ruby", "s",  "samp",
    "small", "span",  "strong", "sub", "sup",  "time", "u",    "var", "wbr"
};

static bool is_inline(Str name) {
    for (size_t i = 0; i < COUNT_OF(inline_names); i++) {
        if (str_eq(name, str_from_c(inline_names[i])))
            return true;
    }
    return false;
}

static void end_line(Writer *writer) {
    Buf *out = &writer->out;

    writer->is_blank_due = false;
    while (out->len > 0 && (out->ptr[out->len - 1] == ' ' || out->ptr[out->len - 1] == '\n'))
        buf_truncate(out, out->len - 1);
    if (out->len > 0)
        buf_add_char(out, '\n');
}

static void add_char(Writer *writer, char c) {
    Buf *out = &writer->out;

    if (writer->skip_depth > 0)
        return;
    if (c == '\n' && writer->pre_depth > 0) {
        end_line(writer);
        return;
    }
    if (c == ' ' || c == '\n' || c == '\t') {
        if (writer->pre_depth > 0)
            buf_add_char(out, ' ');
        else
            writer->is_blank_due = true;
        return;
    }
    if (writer->is_blank_due && out->len > 0 && out->ptr[out->len - 1] != '\n')
        buf_add_char(out, ' ');
    writer->is_blank_due = false;
    buf_add_char(out, c);
}

/* Past the reference or character at `at`; cleaned HTML has four names only. */
static size_t add_text(Writer *writer, Str html, size_t at) {
    static const struct {
        Str name;
        char c;
    } names[] = { { S_INIT("&amp;"), '&' },
                  { S_INIT("&lt;"), '<' },
                  { S_INIT("&gt;"), '>' },
                  { S_INIT("&quot;"), '"' } };

    for (size_t i = 0; html.ptr[at] == '&' && i < COUNT_OF(names); i++) {
        if (str_eq(str_slice(html, at, at + names[i].name.len), names[i].name)) {
            add_char(writer, names[i].c);
            return at + names[i].name.len;
        }
    }
    add_char(writer, html.ptr[at]);
    return at + 1;
}

/* Past the tag at `at`; values hold no ">" in cleaned HTML. */
static size_t read_tag(Writer *writer, Str html, size_t at) {
    size_t end = str_find_char(html, '>', at);
    bool is_end = at + 1 < html.len && html.ptr[at + 1] == '/';
    Str name = str_slice(html, at + (is_end ? 2 : 1), end);

    (void)str_cut(&(Str){ name.ptr, name.len }, ' ', &name);
    if (str_eq(name, S("rt")) || str_eq(name, S("rp"))) {
        writer->skip_depth += is_end ? -(size_t)(writer->skip_depth > 0) : 1;
    } else if (str_eq(name, S("td")) || str_eq(name, S("th"))) {
        writer->is_blank_due = true;
    } else if (!is_inline(name)) {
        end_line(writer);
        if (str_eq(name, S("pre")))
            writer->pre_depth += is_end ? -(size_t)(writer->pre_depth > 0) : 1;
    }
    return end == SIZE_MAX ? html.len : end + 1;
}

Str html_text(Arena *arena, Str clean_html) {
    Writer writer = { .out = buf_new(arena, SIZE_MAX) };
    size_t at = 0;

    while (at < clean_html.len)
        at = clean_html.ptr[at] == '<' ? read_tag(&writer, clean_html, at)
                                       : add_text(&writer, clean_html, at);
    end_line(&writer);
    return str_trim(buf_str(&writer.out));
}
