/* text/feed_entity.c - character references, and entities that a doctype declares; none is fetched. */
#include "text/feed_entity.h"

#include "base/utf8.h"
#include "text/entity.h"

enum { NESTED_MAX = 16, DECLARED_MAX = 1000, NAME_BYTES = 100 };

typedef struct FeedEntity {
    Str value;        /* as written between its quotes */
    bool is_external; /* in another file, which is never read */
} FeedEntity;

FeedEntities feed_entities(Arena *arena) {
    return (FeedEntities){ .declared = map_new(arena) };
}

bool feed_entity_is_xml(uint32_t rune) {
    return rune == '\t' || rune == '\n' || rune == '\r' || (rune >= 0x20 && rune <= 0xD7FF) ||
           (rune >= 0xE000 && rune <= 0xFFFD) || (rune >= 0x10000 && rune <= 0x10FFFF);
}

/* ---- declarations ---- */

static char byte_at(Str text, size_t at) {
    return at < text.len ? text.ptr[at] : '\0';
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == ':' || c == '-' || c == '.' || (unsigned char)c >= 0x80;
}

static size_t skip_blanks(Str text, size_t at) {
    while (is_blank(byte_at(text, at)))
        at++;
    return at;
}

static Str read_name(Str text, size_t *at) {
    size_t from = *at;

    while (*at < text.len && is_name_char(text.ptr[*at]))
        (*at)++;
    return str_slice(text, from, *at);
}

/* Past the quoted literal at `at`; false when there is none. */
static bool read_literal(Str text, size_t *at, Str *ret) {
    char quote = byte_at(text, *at);

    if (quote != '"' && quote != '\'')
        return false;
    size_t end = str_find_char(text, quote, *at + 1);
    if (end == SIZE_MAX)
        return false;
    *ret = str_slice(text, *at + 1, end);
    *at = end + 1;
    return true;
}

/* Past the ">" of a declaration, quotes heeded. */
static size_t skip_declaration(Str text, size_t at) {
    Str literal;

    while (at < text.len && text.ptr[at] != '>') {
        if (!read_literal(text, &at, &literal))
            at++;
    }
    return at < text.len ? at + 1 : at;
}

/* Behind "<!ENTITY". */
static void declare(FeedEntities *entities, Str text, size_t at) {
    FeedEntity *entity;
    Str name, value = STR_EMPTY, word;

    at = skip_blanks(text, at);
    name = read_name(text, &at);
    if (name.len == 0 || entities->declared.len >= DECLARED_MAX ||
        map_get(&entities->declared, name)) /* the first one counts; "%" has no name here */
        return;
    at = skip_blanks(text, at);
    bool is_internal = read_literal(text, &at, &value);
    word = read_name(text, &at);
    if (!is_internal && !str_eq(word, S("SYSTEM")) && !str_eq(word, S("PUBLIC")))
        return;
    entity = arena_alloc(entities->declared.arena, sizeof *entity);
    *entity = (FeedEntity){ .value = value, .is_external = !is_internal };
    map_set(&entities->declared, name, entity);
}

/* Past "needle", or the length of the text. */
static size_t skip_past(Str text, size_t at, Str needle) {
    size_t found = str_find(text, needle, at);

    return found == SIZE_MAX ? text.len : found + needle.len;
}

/* Past the "]" of the internal part that begins behind "[". */
static size_t read_internal(FeedEntities *entities, Str text, size_t at) {
    while (at < text.len && text.ptr[at] != ']') {
        Str rest = str_slice(text, at, at + 9);

        if (str_starts(rest, S("<!--"))) {
            at = skip_past(text, at + 4, S("-->"));
        } else if (str_starts(rest, S("<?"))) {
            at = skip_past(text, at, S("?>"));
        } else if (rest.ptr[0] == '<') {
            if (str_starts(rest, S("<!ENTITY")))
                declare(entities, text, at + 8);
            at = skip_declaration(text, at + 1);
        } else {
            at++;
        }
    }
    return at < text.len ? at + 1 : at;
}

size_t feed_entity_doctype(FeedEntities *entities, Str text, size_t at, unsigned *faults) {
    Str literal;

    entities->has_doctype = true;
    at += S("<!DOCTYPE").len;
    while (at < text.len && text.ptr[at] != '>' && text.ptr[at] != '[' && text.ptr[at] != '<') {
        if (!read_literal(text, &at, &literal))
            at++;
    }
    if (byte_at(text, at) == '[')
        at = skip_blanks(text, read_internal(entities, text, at + 1));
    if (byte_at(text, at) != '>')
        *faults |= FAULT_TAG;
    return byte_at(text, at) == '>' ? at + 1 : at;
}

/* ---- references ---- */

static void put_rune(Buf *out, uint32_t rune) {
    if (rune < 0x80 && (rune < ' ' || strchr("&<>\"'", (int)rune)))
        buf_add_format(out, "&#%u;", rune); /* also blanks, which attributes would lose */
    else
        buf_add_rune(out, rune);
}

static void put_text(Buf *out, Str text) {
    for (size_t at = 0; at < text.len;) {
        uint32_t rune = utf8_next(text, &at);

        if (feed_entity_is_xml(rune))
            put_rune(out, rune);
    }
}

/* The number of "&#…;" at `at`; past it, or `at` when it is none. */
static size_t read_number(Str text, size_t at, uint32_t *ret) {
    bool is_hex = (byte_at(text, at + 2) | 0x20) == 'x';
    size_t to = at + (is_hex ? 3 : 2), from = to;
    uint32_t number = 0;

    for (;; to++) {
        char c = byte_at(text, to), low = (char)(c | 0x20);
        uint32_t digit;

        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if (is_hex && low >= 'a' && low <= 'f')
            digit = (uint32_t)(low - 'a' + 10);
        else
            break;
        number = number > 0x110000 ? number : number * (is_hex ? 16 : 10) + digit;
    }
    if (to == from || byte_at(text, to) != ';')
        return at;
    *ret = number;
    return to + 1;
}

static size_t put_number(Buf *out, Str text, size_t at, unsigned *faults) {
    uint32_t number = 0;
    size_t end = read_number(text, at, &number);

    if (end == at) {
        *faults |= FAULT_AMPERSAND;
        buf_add(out, S("&amp;"));
        return at + 1;
    }
    if (!feed_entity_is_xml(number))
        *faults |= FAULT_CONTROL;
    else
        put_rune(out, entity_number(number)); /* 128..159 are meant as windows-1252 */
    return end;
}

static void put_entity(FeedEntities *entities, Buf *out, const FeedEntity *entity, int depth,
                       unsigned *faults);

/* A reference inside an entity's value, whose text is put in as text. */
static size_t put_nested(FeedEntities *entities, Buf *out, Str value, size_t at, int depth,
                         unsigned *faults) {
    size_t end = at + 1;
    Str name, text;

    entities->used_bytes++; /* empty ones cost time, too */
    if (byte_at(value, end) == '#')
        return put_number(out, value, at, faults);
    name = read_name(value, &end);
    const FeedEntity *entity =
        byte_at(value, end) == ';' ? map_get(&entities->declared, name) : NULL;
    if (entity) {
        put_entity(entities, out, entity, depth + 1, faults);
        return end + 1;
    }
    if (byte_at(value, end) == ';' && entity_find(name, &text)) {
        put_text(out, text);
        return end + 1;
    }
    *faults |= FAULT_ENTITY;
    buf_add(out, S("&amp;"));
    return at + 1;
}

static void put_entity(FeedEntities *entities, Buf *out, const FeedEntity *entity, int depth,
                       unsigned *faults) {
    Str value = entity->value;

    if (entity->is_external)
        *faults |= FAULT_EXTERNAL;
    if (depth > NESTED_MAX)
        entities->is_over = true;
    for (size_t at = 0; at < value.len && !entities->is_over;) {
        size_t before = out->len, from = at;

        if (value.ptr[at] == '&') {
            at = put_nested(entities, out, value, at, depth, faults);
        } else {
            while (at < value.len && value.ptr[at] != '&')
                at++;
            put_text(out, str_slice(value, from, at));
            entities->used_bytes += out->len - before;
        }
        entities->is_over = entities->is_over || entities->used_bytes > FEED_ENTITY_BYTES;
    }
}

size_t feed_entity_put(FeedEntities *entities, Buf *out, Str text, size_t at, unsigned *faults) {
    size_t end = at + 1;
    Str name, meaning;

    if (byte_at(text, end) == '#')
        return put_number(out, text, at, faults);
    name = read_name(str_slice(text, 0, at + NAME_BYTES), &end);
    if (name.len == 0 || byte_at(text, end) != ';') {
        *faults |= FAULT_AMPERSAND;
        buf_add(out, S("&amp;"));
        return at + 1;
    }
    const FeedEntity *entity =
        entities->declared.len > 0 ? map_get(&entities->declared, name) : NULL;
    if (entity) {
        put_entity(entities, out, entity, 0, faults);
        return end + 1;
    }
    static const Str own[] = { S_INIT("amp"), S_INIT("lt"), S_INIT("gt"), S_INIT("quot"),
                               S_INIT("apos") };
    for (size_t i = 0; i < COUNT_OF(own); i++) {
        if (str_eq(name, own[i])) {
            buf_add(out, str_slice(text, at, end + 1));
            return end + 1;
        }
    }
    bool is_known = entity_find(name, &meaning);
    if (!is_known || !entities->has_doctype)
        *faults |= FAULT_ENTITY;
    if (is_known)
        put_text(out, meaning);
    else
        buf_add_format(out, "&amp;%.*s;", STR_ARG(name));
    return end + 1;
}
