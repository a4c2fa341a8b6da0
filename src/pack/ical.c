/* pack/ical.c - content lines: escaped, folded by octets, never within a character. */
#include "pack/ical.h"

#include "base/clock.h"

/* A content line while it is written. */
typedef struct Line {
    Buf *buf;
    size_t octets; /* of the line that is open */
} Line;

/* One character, its octets kept together; a line that is full goes on after CRLF and a blank. */
static void add(Line *line, Str character) {
    if (line->octets + character.len > ICAL_LINE_OCTETS) {
        buf_add(line->buf, S("\r\n "));
        line->octets = 1;
    }
    buf_add(line->buf, character);
    line->octets += character.len;
}

/* Octets of the character that begins there: what follows it has the form 10xxxxxx. */
static size_t length_at(Str text, size_t at) {
    size_t end = at + 1;

    while (end < text.len && ((unsigned char)text.ptr[end] & 0xC0) == 0x80)
        end++;
    return end - at;
}

static void add_all(Line *line, Str text) {
    for (size_t at = 0, len; at < text.len; at += len) {
        len = length_at(text, at);
        add(line, str_slice(text, at, at + len));
    }
}

static bool is_control(char c) {
    return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7F;
}

static Line open_line(Buf *buf, const char *name) {
    Line line = { buf, 0 };

    add_all(&line, str_from_c(name));
    add(&line, S(":"));
    return line;
}

static void close_line(Line *line) {
    buf_add(line->buf, S("\r\n"));
}

void ical_value(Buf *buf, const char *name, Str value) {
    Line line = open_line(buf, name);

    for (size_t at = 0, len; at < value.len; at += len) {
        len = length_at(value, at);
        if (!is_control(value.ptr[at]))
            add(&line, str_slice(value, at, at + len));
    }
    close_line(&line);
}

void ical_begin(Buf *buf, const char *component) {
    ical_value(buf, "BEGIN", str_from_c(component));
}

void ical_end(Buf *buf, const char *component) {
    ical_value(buf, "END", str_from_c(component));
}

/* How a character of a text is written; empty: left out. */
static Str escaped(Str text, size_t at, size_t len) {
    switch (text.ptr[at]) {
    case '\\':
        return S("\\\\");
    case ';':
        return S("\\;");
    case ',':
        return S("\\,");
    case '\n':
        return S("\\n");
    case '\r':
        return at + 1 < text.len && text.ptr[at + 1] == '\n' ? STR_EMPTY : S("\\n");
    default:
        return is_control(text.ptr[at]) ? STR_EMPTY : str_slice(text, at, at + len);
    }
}

void ical_text(Buf *buf, const char *name, Str text) {
    Line line = open_line(buf, name);

    for (size_t at = 0, len; at < text.len; at += len) {
        len = length_at(text, at);
        Str one = escaped(text, at, len);
        if (one.len > 0)
            add(&line, one);
    }
    close_line(&line);
}

/* "2030-12-31T23:59:59" without its marks. */
static void add_digits(Buf *out, Str time) {
    for (size_t i = 0; i < time.len; i++)
        if (time.ptr[i] != '-' && time.ptr[i] != ':')
            buf_add_char(out, time.ptr[i]);
}

void ical_utc(Buf *buf, const char *name, int64_t at_ms) {
    char time[CLOCK_TEXT_MAX];
    Buf out = buf_new(buf->arena, 0);

    clock_rfc3339(at_ms, time);
    add_digits(&out, str_slice(str_from_c(time), 0, 19));
    buf_add_char(&out, 'Z');
    ical_value(buf, name, buf_str(&out));
}

void ical_date(Buf *buf, const char *name, Str day) {
    Buf out = buf_new(buf->arena, 0);

    add_digits(&out, day);
    ical_value(buf, str_to_c(buf->arena, str_format(buf->arena, "%s;VALUE=DATE", name)),
               buf_str(&out));
}
