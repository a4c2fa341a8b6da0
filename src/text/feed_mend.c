/* text/feed_mend.c - ill-formed XML made well-formed: one pass over the tags. */
#include "text/feed_mend.h"

#include "base/vec.h"
#include "text/entity.h"
#include "text/feed_entity.h"

typedef struct Mender {
    Str text;
    size_t at;
    Buf out;
    unsigned *faults;
    Arena *arena;
    FeedEntities entities;
    VEC(Str) open;              /* names of open elements, outermost first */
    bool is_root_ended;         /* nothing may follow */
    Str names[FEED_ATTRIBUTES]; /* of the tag at hand */
    size_t name_count;
} Mender;

static char byte_at(const Mender *m, size_t at) {
    return at < m->text.len ? m->text.ptr[at] : '\0';
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
           (unsigned char)c >= 0x80;
}

static bool is_name_char(char c) {
    return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static bool is_here(const Mender *m, Str what) {
    return str_starts(str_slice(m->text, m->at, m->at + what.len), what);
}

static void fault(Mender *m, FeedFault what) {
    *m->faults |= what;
}

static void skip_blanks(Mender *m) {
    while (is_blank(byte_at(m, m->at)))
        m->at++;
}

static Str read_name(Mender *m) {
    size_t from = m->at;

    while (m->at < m->text.len && is_name_char(m->text.ptr[m->at]))
        m->at++;
    return str_slice(m->text, from, m->at);
}

/* ---- characters ---- */

/* True for a byte that begins no character of XML: a control, or U+FFFE and U+FFFF. */
static bool is_no_xml(const Mender *m, size_t at) {
    unsigned char c = (unsigned char)byte_at(m, at);

    if (c == 0xEF)
        return (unsigned char)byte_at(m, at + 1) == 0xBF &&
               (unsigned char)byte_at(m, at + 2) >= 0xBE;
    return c < 0x20 && !is_blank((char)c);
}

/* What stands at `at` when it is a C1 control that was meant as a letter of windows-1252, or 0. */
static uint32_t meant_letter(const Mender *m, size_t at) {
    unsigned char next = (unsigned char)byte_at(m, at + 1);

    return next >= 0x80 && next < 0xA0 && entity_number(next) != next ? entity_number(next) : 0;
}

/*
 * Copies up to `end` (SIZE_MAX: as far as it goes), without what is no character. Stops before a byte of
 * `stops`.
 */
static void copy(Mender *m, size_t end, const bool stops[256]) {
    size_t from = m->at;

    if (end > m->text.len)
        end = m->text.len;
    while (m->at < end && !stops[(unsigned char)m->text.ptr[m->at]]) {
        unsigned char c = (unsigned char)m->text.ptr[m->at];

        if (c == 0xC2 && meant_letter(m, m->at)) {
            buf_add(&m->out, str_slice(m->text, from, m->at));
            buf_add_rune(&m->out, meant_letter(m, m->at));
            m->at += 2;
            from = m->at;
            continue;
        }
        if ((c < 0x20 || c == 0xEF) && is_no_xml(m, m->at)) {
            buf_add(&m->out, str_slice(m->text, from, m->at));
            fault(m, FAULT_CONTROL);
            m->at += c == 0xEF ? 3 : 1;
            from = m->at;
            continue;
        }
        m->at++;
    }
    buf_add(&m->out, str_slice(m->text, from, m->at));
}

static void put_reference(Mender *m) {
    m->at = feed_entity_put(&m->entities, &m->out, m->text, m->at, m->faults);
}

/* ---- tags ---- */

static void close_to(Mender *m, size_t depth) {
    while (m->open.len > depth) {
        buf_add(&m->out, S("</"));
        buf_add(&m->out, m->open.items[--m->open.len]);
        buf_add_char(&m->out, '>');
    }
    if (m->open.len == 0)
        m->is_root_ended = true;
}

/* HTML elements without an end, as they stand in descriptions that nobody escaped. */
static bool is_void(Str name) {
    return str_eq_nocase(name, S("br")) || str_eq_nocase(name, S("hr")) ||
           str_eq_nocase(name, S("img"));
}

/* Items do not hold items: where one begins in another, the end of that one is missing. */
static void end_item_before(Mender *m, Str name) {
    if (!str_eq(name, S("item")) && !str_eq(name, S("entry")))
        return;
    for (size_t i = m->open.len; i > 0; i--) {
        if (str_eq(m->open.items[i - 1], S("content")))
            return; /* an entry as the content of an entry */
        if (str_eq(m->open.items[i - 1], name)) {
            fault(m, FAULT_END_TAG);
            close_to(m, i - 1);
            return;
        }
    }
}

/* The end tag, past its "</". */
static void read_end(Mender *m) {
    Str name = read_name(m);
    size_t depth = m->open.len;

    skip_blanks(m);
    if (byte_at(m, m->at) == '>') {
        m->at++;
    } else {
        fault(m, m->at >= m->text.len ? FAULT_TRUNCATED : FAULT_TAG);
        while (m->at < m->text.len && m->text.ptr[m->at] != '<' && m->text.ptr[m->at] != '>')
            m->at++;
        m->at += byte_at(m, m->at) == '>';
    }
    while (depth > 0 && !str_eq(m->open.items[depth - 1], name))
        depth--;
    if (depth == m->open.len && depth > 0) {
        close_to(m, depth - 1);
        return;
    }
    if (depth == 0 && is_void(name))
        return; /* its element has ended where it began */
    fault(m, FAULT_END_TAG);
    if (depth > 0)
        close_to(m, depth - 1);
}

static const bool value_stops[2][256] = {
    { ['"'] = true, ['&'] = true, ['<'] = true },
    { ['\''] = true, ['&'] = true, ['<'] = true },
};
static const bool bare_stops[256] = { [' '] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true,
                                      ['>'] = true, ['&'] = true,  ['<'] = true,  ['"'] = true };

/* A value in quotes, whose first is at hand. */
static void put_quoted(Mender *m) {
    char quote = m->text.ptr[m->at++];

    buf_add_char(&m->out, quote);
    for (;;) {
        copy(m, SIZE_MAX, value_stops[quote == '\'']);
        char c = byte_at(m, m->at);
        if (c == '&') {
            put_reference(m);
        } else if (c == '<' && m->at < m->text.len) {
            fault(m, FAULT_ANGLE);
            buf_add(&m->out, S("&lt;"));
            m->at++;
        } else {
            break;
        }
    }
    if (m->at < m->text.len)
        m->at++;
    buf_add_char(&m->out, quote);
}

static void put_bare(Mender *m) {
    fault(m, FAULT_TAG);
    buf_add_char(&m->out, '"');
    for (copy(m, SIZE_MAX, bare_stops); byte_at(m, m->at) == '&'; copy(m, SIZE_MAX, bare_stops))
        put_reference(m);
    buf_add_char(&m->out, '"');
}

/* One attribute; false when there is none at hand, *ret_is_over when it is one too many. */
static bool read_attribute(Mender *m, bool *ret_is_over) {
    size_t before = m->out.len;
    Str name;

    bool has_gap = is_blank(byte_at(m, m->at));
    skip_blanks(m);
    if (!is_name_start(byte_at(m, m->at)))
        return false;
    if (!has_gap)
        fault(m, FAULT_TAG);
    name = read_name(m);
    *ret_is_over = m->name_count == FEED_ATTRIBUTES;
    if (*ret_is_over)
        return false;
    buf_add_char(&m->out, ' ');
    buf_add(&m->out, name);
    buf_add_char(&m->out, '=');
    skip_blanks(m);
    if (byte_at(m, m->at) == '=') {
        m->at++;
        skip_blanks(m);
        if (byte_at(m, m->at) == '"' || byte_at(m, m->at) == '\'')
            put_quoted(m);
        else
            put_bare(m);
    } else {
        fault(m, FAULT_TAG);
        buf_add(&m->out, S("\"\""));
    }
    for (size_t i = 0; i < m->name_count; i++) {
        if (str_eq(m->names[i], name)) { /* the first one counts */
            fault(m, FAULT_TAG);
            buf_truncate(&m->out, before);
            return true;
        }
    }
    m->names[m->name_count++] = name;
    return true;
}

static Err too_deep(const Mender *m) {
    return FAIL_ARGS(ERR_LIMIT, NULL, N_("The feed has elements nested deeper than {0} levels."),
                     str_from_int(m->arena, FEED_DEPTH));
}

/* The start tag at hand. */
static Err read_start(Mender *m) {
    size_t before;
    bool is_over = false;

    m->at++;
    Str name = read_name(m);
    end_item_before(m, name);
    before = m->out.len;
    buf_add_char(&m->out, '<');
    buf_add(&m->out, name);
    m->name_count = 0;
    for (;;) {
        while (read_attribute(m, &is_over))
            ;
        if (is_over)
            return FAIL_ARGS(ERR_LIMIT, NULL,
                             N_("An element of the feed has more than {0} attributes."),
                             str_from_int(m->arena, FEED_ATTRIBUTES));
        char c = byte_at(m, m->at);
        if (m->at >= m->text.len) { /* cut off inside: what it said is not whole */
            fault(m, FAULT_TRUNCATED);
            buf_truncate(&m->out, before);
            return OK;
        }
        if (c == '>' || c == '<' || (c == '/' && byte_at(m, m->at + 1) == '>'))
            break;
        fault(m, FAULT_TAG);
        m->at++;
    }
    bool is_empty = byte_at(m, m->at) == '/';
    if (byte_at(m, m->at) == '<')
        fault(m, FAULT_TAG);
    else
        m->at += is_empty ? 2 : 1;
    if (!is_empty && is_void(name)) {
        size_t end = m->at;
        is_empty = true;
        /* <br></br> is right as it is */
        Str rest = str_slice(m->text, end, end + name.len + 3);
        if (!str_starts(rest, S("</")) || !str_eq(str_slice(rest, 2, 2 + name.len), name))
            fault(m, FAULT_END_TAG);
    }
    if (is_empty) {
        buf_add(&m->out, S("/>"));
        m->is_root_ended = m->open.len == 0;
        return OK;
    }
    buf_add_char(&m->out, '>');
    if (m->open.len == FEED_DEPTH)
        return too_deep(m);
    *VEC_PUSH(m->arena, &m->open) = name;
    return OK;
}

/* Whether the tag at hand may begin a feed; all before is what a server said in front of it. */
static bool is_root(const Mender *m) {
    static const Str roots[] = { S_INIT("rss"), S_INIT("rdf"), S_INIT("feed"), S_INIT("channel"),
                                 S_INIT("entry") };
    size_t from = m->at + 1, to = from;

    for (; to < m->text.len && is_name_char(m->text.ptr[to]); to++) {
        if (m->text.ptr[to] == ':')
            from = to + 1;
    }
    for (size_t i = 0; i < COUNT_OF(roots); i++) {
        if (str_eq_nocase(str_slice(m->text, from, to), roots[i]))
            return true;
    }
    return false;
}

/* ---- what is no element ---- */

/* Past `end`; where it is missing, past all. */
static void skip_past(Mender *m, Str end) {
    size_t found = str_find(m->text, end, m->at);

    if (found == SIZE_MAX)
        fault(m, FAULT_TRUNCATED);
    m->at = found == SIZE_MAX ? m->text.len : found + end.len;
}

static void put_cdata(Mender *m) {
    static const bool none[256] = { 0 };
    size_t end = str_find(m->text, S("]]>"), m->at);

    buf_add(&m->out, S("<![CDATA["));
    m->at += S("<![CDATA[").len;
    copy(m, end, none);
    if (end == SIZE_MAX)
        fault(m, FAULT_TRUNCATED);
    else
        m->at = end + 3;
    buf_add(&m->out, S("]]>"));
}

/* What begins with "<" and is no element. */
static void read_other(Mender *m) {
    if (is_here(m, S("<!--"))) {
        m->at += 4;
        skip_past(m, S("-->"));
    } else if (is_here(m, S("<?"))) {
        skip_past(m, S("?>"));
    } else if (is_here(m, S("<![CDATA[")) && m->open.len > 0) {
        put_cdata(m);
    } else if (str_eq_nocase(str_slice(m->text, m->at, m->at + 9), S("<!DOCTYPE")) &&
               m->open.len == 0) {
        m->at = feed_entity_doctype(&m->entities, m->text, m->at, m->faults);
    } else if (is_here(m, S("<!")) && is_name_start(byte_at(m, m->at + 2))) {
        fault(m, FAULT_TAG);
        skip_past(m, S(">"));
    } else {
        fault(m, FAULT_ANGLE);
        if (m->open.len > 0)
            buf_add(&m->out, S("&lt;"));
        m->at++;
    }
}

static const bool text_stops[256] = { ['<'] = true, ['&'] = true, [']'] = true };

static void put_text(Mender *m) {
    copy(m, SIZE_MAX, text_stops);
    char c = byte_at(m, m->at);
    if (m->at >= m->text.len || c == '<')
        return;
    if (c == '&') {
        put_reference(m);
    } else if (is_here(m, S("]]>"))) {
        fault(m, FAULT_ANGLE);
        buf_add(&m->out, S("]]&gt;"));
        m->at += 3;
    } else {
        buf_add_char(&m->out, ']');
        m->at++;
    }
}

/* Text before the first or behind the last tag, which XML does not have. */
static void skip_outside(Mender *m, FeedFault what) {
    while (m->at < m->text.len && m->text.ptr[m->at] != '<') {
        if (!is_blank(m->text.ptr[m->at]))
            fault(m, what);
        m->at++;
    }
}

static Err mend(Mender *m) {
    skip_blanks(m);
    if (m->at > 0 && is_here(m, S("<?xml")))
        fault(m, FAULT_JUNK_BEFORE);
    while (m->at < m->text.len) {
        bool is_tag = byte_at(m, m->at) == '<', is_outside = m->open.len == 0;

        if (is_outside && !is_tag) {
            skip_outside(m, m->is_root_ended ? FAULT_JUNK_AFTER : FAULT_JUNK_BEFORE);
        } else if (!is_tag) {
            put_text(m);
        } else if (is_outside && m->is_root_ended && !is_here(m, S("<!--")) &&
                   !is_here(m, S("<?"))) {
            fault(m, FAULT_JUNK_AFTER);
            break;
        } else if (is_name_start(byte_at(m, m->at + 1))) {
            if (is_outside && !is_root(m)) {
                fault(m, FAULT_JUNK_BEFORE);
                m->at++;
            } else {
                TRY(read_start(m));
            }
        } else if (is_here(m, S("</")) && m->open.len > 0) {
            m->at += 2;
            read_end(m);
        } else {
            read_other(m);
        }
        if (m->entities.is_over)
            return FAIL_ARGS(ERR_LIMIT, NULL,
                             N_("The entities that the feed declares grow beyond {0} bytes."),
                             str_from_int(m->arena, FEED_ENTITY_BYTES));
    }
    if (m->open.len > 0) {
        fault(m, FAULT_TRUNCATED);
        close_to(m, 0);
    }
    return OK;
}

Err feed_mend_refusal(void) {
    return FAIL(ERR_INVALID, NULL,
                N_("This is no feed: it is neither RSS, Atom, RDF, CDF nor JSON Feed."));
}

Err feed_mend(Arena *arena, Str text, unsigned *faults, Str *ret) {
    Mender *m = arena_alloc(arena, sizeof *m);

    *m = (Mender){ .text = text,
                   .out = buf_new(arena, SIZE_MAX),
                   .faults = faults,
                   .arena = arena,
                   .entities = feed_entities(arena) };
    TRY(mend(m));
    if (m->out.is_full || arena_is_over(arena))
        return FAIL(ERR_LIMIT, NULL, N_("The feed needs too much memory."));
    *ret = buf_str(&m->out);
    return OK;
}
