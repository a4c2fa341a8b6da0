/* text/json_read.c - JSON from outside, read in one pass without recursion. */
#include "text/json_read.h"

#include <assert.h>
#include <math.h>

#include "base/utf8.h"
#include "base/vec.h"

/* An array or object that is still open; a value of an object goes under `name`. */
typedef struct Level {
    Json *container;
    Str name;
} Level;

typedef struct Reader {
    Arena *arena;
    Str text;
    size_t at; /* the next byte */
    size_t depth_max;
    VEC(Level) levels;
} Reader;

static Err fail_at(const Reader *r, size_t at, const char *msgid) {
    return FAIL_ARGS(ERR_INVALID, NULL, msgid, str_from_int(r->arena, (int64_t)at));
}

static Err fail_syntax(const Reader *r, size_t at) {
    return fail_at(r, at, N_("This is not valid JSON. The mistake is at byte {0}."));
}

/* The next byte, or NUL at the end: a NUL is not allowed anywhere either. */
static char peek(const Reader *r) {
    return r->at < r->text.len ? r->text.ptr[r->at] : '\0';
}

static void skip_blank(Reader *r) {
    for (char c = peek(r); c == ' ' || c == '\n' || c == '\r' || c == '\t'; c = peek(r))
        r->at++;
}

/* ---- numbers ---- */

static bool skip_digits(Reader *r) {
    size_t from = r->at;

    while (peek(r) >= '0' && peek(r) <= '9')
        r->at++;
    return r->at > from;
}

/* RFC 8259, 6; tells whether there is a fraction or an exponent. */
static bool skip_number(Reader *r, bool *ret_is_whole) {
    if (peek(r) == '-')
        r->at++;
    if (peek(r) == '0')
        r->at++;
    else if (!skip_digits(r))
        return false;
    *ret_is_whole = peek(r) != '.' && peek(r) != 'e' && peek(r) != 'E';
    if (peek(r) == '.') {
        r->at++;
        if (!skip_digits(r))
            return false;
    }
    if (peek(r) == 'e' || peek(r) == 'E') {
        r->at++;
        if (peek(r) == '+' || peek(r) == '-')
            r->at++;
        if (!skip_digits(r))
            return false;
    }
    return true;
}

static Err read_number(Reader *r, Json **ret) {
    size_t from = r->at;
    bool is_whole;
    int64_t whole;

    if (!skip_number(r, &is_whole))
        return fail_syntax(r, r->at);
    Str digits = str_slice(r->text, from, r->at);
    if (is_whole && str_parse_int(digits, &whole)) {
        *ret = json_int(r->arena, whole);
        return OK;
    }
    double real = strtod(str_to_c(r->arena, digits), NULL);
    if (!isfinite(real))
        return fail_at(r, from, N_("The number at byte {0} of the JSON text is too large."));
    *ret = json_real(r->arena, real);
    return OK;
}

/* ---- texts ---- */

/* Four hexadecimal digits at the reader's place. */
static bool read_unit(Reader *r, uint32_t *ret) {
    uint32_t unit = 0;

    for (int i = 0; i < 4; i++, r->at++) {
        char c = peek(r);

        if (c >= '0' && c <= '9')
            unit = unit << 4 | (uint32_t)(c - '0');
        else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
            unit = unit << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
        else
            return false;
    }
    *ret = unit;
    return true;
}

/* The digits after \u, with those of the second half of a pair. */
static Err read_rune(Reader *r, uint32_t *ret) {
    size_t from = r->at;
    uint32_t high, low;

    if (!read_unit(r, &high))
        return fail_syntax(r, r->at);
    if (high < 0xD800 || high > 0xDFFF) {
        *ret = high;
        return OK;
    }
    if (high <= 0xDBFF && str_starts(str_slice(r->text, r->at, r->text.len), S("\\u"))) {
        r->at += 2;
        if (!read_unit(r, &low))
            return fail_syntax(r, r->at);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *ret = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            return OK;
        }
    }
    return fail_at(r, from,
                   N_("Half a character (a lone surrogate) is at byte {0} of the JSON text."));
}

/* What stands after a backslash, appended to out, which has room for it. */
static Err read_escape(Reader *r, char *out, size_t *len) {
    static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char c = peek(r);

    if (c == 'u') {
        uint32_t rune;

        r->at++;
        TRY(read_rune(r, &rune));
        *len += utf8_put(rune, out + *len);
        return OK;
    }
    const char *letter = c == '\0' ? NULL : strchr(letters, c);
    if (!letter)
        return fail_syntax(r, r->at);
    r->at++;
    out[(*len)++] = values[letter - letters];
    return OK;
}

/* Bytes up to the closing quote, an escape, or what may not stand in a string. */
static size_t plain_bytes(const Reader *r) {
    size_t at = r->at;

    while (at < r->text.len && (unsigned char)r->text.ptr[at] >= 0x20 && r->text.ptr[at] != '"' &&
           r->text.ptr[at] != '\\')
        at++;
    return at - r->at;
}

/* A string, whose opening quote is at the reader's place. */
static Err read_string(Reader *r, Str *ret) {
    size_t from = ++r->at, plain = plain_bytes(r);

    r->at += plain;
    if (peek(r) == '"') {
        r->at++;
        *ret = str_dup(r->arena, str_slice(r->text, from, from + plain));
        return OK;
    }
    /*
     * No escape is shorter than what it stands for, so the text up to the end of the string is room
     * enough.
     */
    size_t end = r->at;
    while (end < r->text.len && r->text.ptr[end] != '"')
        end += r->text.ptr[end] == '\\' ? 2 : 1;
    char *out = arena_alloc(r->arena, end - from);
    size_t len = plain;
    memcpy(out, r->text.ptr + from, plain);
    while (peek(r) == '\\') {
        r->at++;
        TRY(read_escape(r, out, &len));
        plain = plain_bytes(r);
        memcpy(out + len, r->text.ptr + r->at, plain);
        len += plain;
        r->at += plain;
    }
    if (peek(r) != '"')
        return fail_syntax(r, r->at);
    r->at++;
    *ret = (Str){ out, len };
    return OK;
}

/* ---- values ---- */

static Err read_word(Reader *r, Str word, Json *value, Json **ret) {
    if (!str_starts(str_slice(r->text, r->at, r->text.len), word))
        return fail_syntax(r, r->at);
    r->at += word.len;
    *ret = value;
    return OK;
}

/* Opens an array or object: its members follow. */
static Err open_level(Reader *r, Json *container, Json **ret) {
    if (r->levels.len == r->depth_max)
        return FAIL_ARGS(ERR_LIMIT, NULL, N_("The JSON text is nested deeper than {0} levels."),
                         str_from_int(r->arena, (int64_t)r->depth_max));
    r->at++;
    *VEC_PUSH(r->arena, &r->levels) = (Level){ .container = container };
    *ret = container;
    return OK;
}

/* A scalar in whole, or the opening bracket of an array or object. */
static Err read_value(Reader *r, Json **ret) {
    switch (peek(r)) {
    case '{':
        return open_level(r, json_obj(r->arena), ret);
    case '[':
        return open_level(r, json_arr(r->arena), ret);
    case '"': {
        Str text;

        TRY(read_string(r, &text));
        *ret = json_str(r->arena, text);
        return OK;
    }
    case 't':
        return read_word(r, S("true"), json_bool(r->arena, true), ret);
    case 'f':
        return read_word(r, S("false"), json_bool(r->arena, false), ret);
    case 'n':
        return read_word(r, S("null"), json_null(r->arena), ret);
    default:
        return read_number(r, ret);
    }
}

/* The name of an object's next member, with its colon. */
static Err read_name(Reader *r, Level *level) {
    size_t from = r->at;
    Str name;

    if (peek(r) != '"')
        return fail_syntax(r, r->at);
    TRY(read_string(r, &name));
    if (json_get_str(level->container, name))
        return fail_at(r, from,
                       N_("The name at byte {0} of the JSON text stands twice in its object."));
    skip_blank(r);
    if (peek(r) != ':')
        return fail_syntax(r, r->at);
    r->at++;
    level->name = name;
    return OK;
}

/* Puts a value into the array or object that holds it. */
static void attach(const Level *level, Json *value) {
    if (level->container->type == JSON_ARRAY)
        json_push(level->container, value);
    else
        json_set_str(level->container, level->name, value);
}

static char closing(const Level *level) {
    return level->container->type == JSON_ARRAY ? ']' : '}';
}

/*
 * After a value or an opening bracket: takes closing brackets and a comma, then the name where one
 * is due. Stops before the next value, or behind the outermost one.
 */
static Err read_between(Reader *r, bool is_opened) {
    while (r->levels.len > 0) {
        Level *level = &r->levels.items[r->levels.len - 1];

        skip_blank(r);
        if (peek(r) == closing(level)) {
            r->at++;
            r->levels.len--;
            is_opened = false;
            continue;
        }
        if (!is_opened && peek(r) != ',')
            return fail_syntax(r, r->at);
        if (!is_opened)
            r->at++;
        skip_blank(r);
        return level->container->type == JSON_OBJECT ? read_name(r, level) : OK;
    }
    return OK;
}

static Err check_utf8(const Reader *r) {
    size_t at = 0;

    if (utf8_is_valid(r->text))
        return OK;
    for (size_t next = 0; utf8_next(r->text, &next) != UTF8_BAD;)
        at = next;
    return fail_at(r, at, N_("The JSON text is not valid UTF-8 at byte {0}."));
}

Err json_read(Arena *arena, Str text, int depth_max, Json **ret) {
    Reader r = { .arena = arena, .text = text, .depth_max = (size_t)depth_max };
    Json *root = NULL;

    assert(depth_max >= 1 && depth_max <= JSON_READ_DEPTH_MAX);
    TRY(check_utf8(&r));
    do {
        size_t parents = r.levels.len;
        Json *value;

        skip_blank(&r);
        TRY(read_value(&r, &value));
        bool is_opened = r.levels.len > parents;
        if (parents > 0)
            attach(&r.levels.items[parents - 1], value);
        else
            root = value;
        TRY(read_between(&r, is_opened));
        if (arena_is_over(arena))
            return FAIL(ERR_LIMIT, NULL,
                        N_("The JSON text needs too much memory. Send less at once."));
    } while (r.levels.len > 0);

    skip_blank(&r);
    if (r.at < text.len)
        return fail_syntax(&r, r.at);
    *ret = root;
    return OK;
}
