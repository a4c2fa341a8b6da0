/* text/html_scan.c - prepares text for libxml2's HTML parser. */
#include "text/html_scan.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "text/entity.h"

enum {
    WORK_PER_BYTE = 64, /* how often one byte may be looked at; ordinary HTML needs 2 */
    NAME_BYTES = 100,   /* libxml2 cuts longer names in two */
    ENDS_SPARE =
        1000 /* end tags more than start tags, for each of which libxml2 looks through all that is open */
};

typedef struct Scan {
    Str html;
    Buf out;
    size_t work_left; /* bytes that may still be looked at */
    size_t ends_left; /* end tags that may still come; each start tag adds one */
} Scan;

static char byte_at(const Scan *scan, size_t at) {
    return at < scan->html.len ? scan->html.ptr[at] : '\0';
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_name_char(char c) {
    return is_letter(c) || is_digit(c) || c == '_' || c == ':' || c == '.' || c == '-';
}

static bool is_tag_end(const Scan *scan, size_t at) {
    char c = byte_at(scan, at);

    return c == '\0' || c == '>' || (c == '/' && byte_at(scan, at + 1) == '>');
}

static size_t skip_blanks(const Scan *scan, size_t at) {
    while (is_blank(byte_at(scan, at)))
        at++;
    return at;
}

static size_t skip_name(const Scan *scan, size_t at) {
    size_t end = at + NAME_BYTES;

    while (at < end && is_name_char(byte_at(scan, at)))
        at++;
    return at;
}

/* Past the value that follows "=". */
static size_t skip_value(const Scan *scan, size_t at) {
    char quote;

    at = skip_blanks(scan, at);
    quote = byte_at(scan, at);
    if (quote == '"' || quote == '\'') {
        size_t end = str_find_char(scan->html, quote, at + 1);

        return end == SIZE_MAX ? scan->html.len : end + 1;
    }
    while (byte_at(scan, at) != '\0' && byte_at(scan, at) != '>' && !is_blank(byte_at(scan, at)))
        at++;
    return at;
}

/* Past one attribute, read exactly as libxml2 2.9 reads it, mistakes included. */
static size_t skip_attribute(const Scan *scan, size_t at) {
    char c = byte_at(scan, at);

    if (!is_letter(c) && c != '_' && c != ':' && c != '.') {
        while (!is_tag_end(scan, at) && !is_blank(byte_at(scan, at)))
            at++;
        return at;
    }
    at = skip_blanks(scan, skip_name(scan, at));
    return byte_at(scan, at) == '=' ? skip_value(scan, at + 1) : at;
}

/* Whether the tag at `at` has too many attributes. Takes what it looks at from work_left. */
static bool is_overloaded(Scan *scan, size_t at) {
    size_t from = at, count = 0;

    at = skip_blanks(scan, skip_name(scan, at + 1));
    while (!is_tag_end(scan, at) && count <= HTML_SCAN_ATTRIBUTES && at - from < scan->work_left) {
        at = skip_blanks(scan, skip_attribute(scan, at));
        count++;
    }
    scan->work_left -= at - from < scan->work_left ? at - from : scan->work_left;
    return count > HTML_SCAN_ATTRIBUTES;
}

static int digit_value(char c, unsigned base) {
    if (is_digit(c))
        return c - '0';
    if (base == 16 && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
        return (c | 0x20) - 'a' + 10;
    return -1;
}

/* Takes account of what begins with the "<" at `at`; true when that must become text. */
static bool is_refused_tag(Scan *scan, size_t at) {
    if (byte_at(scan, at + 1) == '/' && scan->ends_left > 0)
        scan->ends_left--;
    if (!is_letter(byte_at(scan, at + 1)))
        return false;
    scan->ends_left++;
    return is_overloaded(scan, at);
}

/* A numeric reference at `at` that libxml2 would read otherwise than HTML5; past it, or `at`. */
static size_t mend_number(Scan *scan, size_t at) {
    unsigned base = (byte_at(scan, at + 2) | 0x20) == 'x' ? 16 : 10;
    size_t from = at + (base == 16 ? 3 : 2), to = from;
    uint32_t number = 0;

    for (int digit; (digit = digit_value(byte_at(scan, to), base)) >= 0; to++)
        number = number > 0x110000 ? number : number * base + (uint32_t)digit;
    if (to == from) { /* text, which libxml2 would drop */
        buf_add(&scan->out, S("&#38;"));
        return at + 1;
    }
    if (entity_number(number) == number)
        return at;
    buf_add_format(&scan->out, "&#%u;", entity_number(number));
    return byte_at(scan, to) == ';' ? to + 1 : to;
}

/* A named reference at `at`, as numbers, which are never taken for markup; past it, or `at`. */
static size_t mend_name(Scan *scan, size_t at) {
    size_t end = at + 1, next = 0;
    Str text;

    while (end - at <= ENTITY_NAME_MAX &&
           (is_letter(byte_at(scan, end)) || is_digit(byte_at(scan, end))))
        end++;
    if (byte_at(scan, end) != ';' || !entity_find(str_slice(scan->html, at + 1, end), &text))
        return at;
    while (next < text.len)
        buf_add_format(&scan->out, "&#%u;", utf8_next(text, &next));
    return end + 1;
}

Err html_scan(Arena *arena, Str html, Str prefix, Str *ret) {
    Scan scan = { .html = html,
                  .out = buf_new(arena, SIZE_MAX),
                  .work_left = html.len * WORK_PER_BYTE,
                  .ends_left = ENDS_SPARE };
    size_t from = 0, at = 0;

    buf_add(&scan.out, prefix);
    while (at < html.len) {
        size_t next = at;

        if (html.ptr[at] == '&') {
            buf_add(&scan.out, str_slice(html, from, at));
            next = byte_at(&scan, at + 1) == '#' ? mend_number(&scan, at) : mend_name(&scan, at);
            from = next;
        } else if (html.ptr[at] == '<' && is_refused_tag(&scan, at)) {
            buf_add(&scan.out, str_slice(html, from, at));
            buf_add(&scan.out, S("&lt;"));
            from = next = at + 1;
        }
        if (scan.work_left == 0 || scan.ends_left == 0)
            return FAIL(ERR_LIMIT, NULL, N_("This HTML is too tangled to be read. Simplify it."));
        at = next > at ? next : at + 1;
    }
    buf_add(&scan.out, str_slice(html, from, html.len));
    *ret = buf_str(&scan.out);
    return OK;
}
