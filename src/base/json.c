/* base/json.c - JSON values: built, looked up, written. */
#include "base/json.h"

#include <assert.h>
#include <math.h>

#include "base/map.h"
#include "base/utf8.h"
#include "base/vec.h"

enum { INDEX_FROM = 16 }; /* members from which a look-up by table beats a walk */

#define INT_EXACT_MAX ((INT64_C(1) << 53) - 1) /* RFC 8785, 3.2.2.3; RFC 7493, 2.2 */

static Json *make(Arena *arena, Json value) {
    value.arena = arena;
    return arena_copy(arena, &value, sizeof value);
}

Json *json_null(Arena *arena) {
    return make(arena, (Json){ .type = JSON_NULL });
}

Json *json_bool(Arena *arena, bool value) {
    return make(arena, (Json){ .type = JSON_BOOL, .boolean = value });
}

Json *json_int(Arena *arena, int64_t value) {
    return make(arena, (Json){ .type = JSON_INT, .integer = value });
}

Json *json_real(Arena *arena, double value) {
    return make(arena, (Json){ .type = JSON_REAL, .real = value });
}

Json *json_str(Arena *arena, Str value) {
    return make(arena, (Json){ .type = JSON_STRING, .string = value });
}

Json *json_clean(Arena *arena, Str html) {
    return make(arena, (Json){ .type = JSON_CLEAN, .string = html });
}

Json *json_id(Arena *arena, int64_t id) {
    return id == 0 ? json_null(arena) : json_str(arena, str_from_int(arena, id));
}

Json *json_arr(Arena *arena) {
    return make(arena, (Json){ .type = JSON_ARRAY });
}

Json *json_obj(Arena *arena) {
    return make(arena, (Json){ .type = JSON_OBJECT });
}

/* The member of that name, NULL when absent. */
static JsonMember *find(const Json *object, Str name) {
    if (object->object.index) {
        uintptr_t at = (uintptr_t)map_get(object->object.index, name);

        return at > 0 ? &object->object.items[at - 1] : NULL;
    }
    for (size_t i = 0; i < object->object.len; i++) {
        if (str_eq(object->object.items[i].name, name))
            return &object->object.items[i];
    }
    return NULL;
}

/* Brings the table of names up to date with the members, the newest of which is not in it. */
static void index_newest(Json *object) {
    size_t len = object->object.len, from = len - 1;

    if (len < INDEX_FROM)
        return;
    if (!object->object.index) {
        Map map = map_new(object->arena);

        object->object.index = arena_copy(object->arena, &map, sizeof map);
        from = 0;
    }
    for (size_t i = from; i < len; i++)
        map_set(object->object.index, object->object.items[i].name, (void *)(uintptr_t)(i + 1));
}

void json_set(Json *object, const char *name, Json *value) {
    json_set_str(object, str_from_c(name), value);
}

void json_set_str(Json *object, Str name, Json *value) {
    assert(object->type == JSON_OBJECT && value);
    JsonMember *member = find(object, name);
    if (member) {
        member->value = value;
        return;
    }
    *VEC_PUSH(object->arena, &object->object) = (JsonMember){ name, value };
    index_newest(object);
}

void json_push(Json *array, Json *value) {
    assert(array->type == JSON_ARRAY && value);
    *VEC_PUSH(array->arena, &array->array) = value;
}

Json *json_get(const Json *object, const char *name) {
    return json_get_str(object, str_from_c(name));
}

Json *json_get_str(const Json *object, Str name) {
    if (!object || object->type != JSON_OBJECT)
        return NULL;
    JsonMember *member = find(object, name);
    return member ? member->value : NULL;
}

Str json_get_text(const Json *object, const char *name) {
    const Json *value = json_get(object, name);

    return value && (value->type == JSON_STRING || value->type == JSON_CLEAN) ? value->string
                                                                              : STR_EMPTY;
}

/* ---- texts ---- */

/*
 * The escape of a character that JSON wants escaped (RFC 8785, 3.2.2.2), in out; its length or 0.
 */
static size_t escape(unsigned char c, char out[6]) {
    static const char digits[] = "0123456789abcdef";
    static const char from[] = "\b\t\n\f\r\"\\", to[] = "btnfr\"\\";
    const char *short_form = c != 0 ? strchr(from, c) : NULL;

    out[0] = '\\';
    if (short_form) {
        out[1] = to[short_form - from];
        return 2;
    }
    if (c >= 0x20)
        return 0;
    memcpy(out + 1, "u00", 3);
    out[4] = digits[c >> 4];
    out[5] = digits[c & 15];
    return 6;
}

/* s is well-formed UTF-8. */
static void write_text(Buf *buf, Str s) {
    static const bool is_special[256] = { [0 ... 0x1F] = true, ['"'] = true, ['\\'] = true };
    size_t from = 0, len;
    char escaped[6];

    buf_add_char(buf, '"');
    for (size_t at = 0; at < s.len; at++) {
        if (!is_special[(unsigned char)s.ptr[at]])
            continue;
        len = escape((unsigned char)s.ptr[at], escaped);
        buf_add(buf, str_slice(s, from, at));
        buf_add(buf, (Str){ escaped, len });
        from = at + 1;
    }
    buf_add(buf, str_slice(s, from, s.len));
    buf_add_char(buf, '"');
}

/* s with U+FFFD for every byte that is no part of a character; s itself when there is none. */
static Str mended(Arena *arena, Str s) {
    if (utf8_is_valid(s))
        return s;
    Buf buf = buf_new(arena, SIZE_MAX);
    for (size_t at = 0; at < s.len;)
        buf_add_rune(&buf, utf8_next(s, &at));
    return buf_str(&buf);
}

/* ---- numbers ---- */

enum { DIGITS_MAX = 17 }; /* decimal digits that tell any two doubles apart */

/* digits[0].digits[1]... times ten to the exponent, read back. */
static double value_of(const char *digits, int exponent) {
    char text[32];

    (void)snprintf(text, sizeof text, "%c.%se%d", digits[0], digits + 1, exponent);
    return strtod(text, NULL);
}

/* Adds one to the last digit; false when that would need a further digit. */
static bool count_up(char *digits, int count) {
    for (int i = count - 1; i >= 0; i--) {
        if (digits[i] < '9') {
            digits[i]++;
            return true;
        }
        digits[i] = '0';
    }
    return false;
}

/* The digits of value (> 0) rounded to `count`; true when they are read back as the same value. */
static bool try_digits(double value, int count, char digits[DIGITS_MAX + 1], int *ret_exponent) {
    char text[32];
    int exponent, unused;

    (void)snprintf(text, sizeof text, "%.*e", count - 1, value);
    exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
    digits[0] = text[0];
    memcpy(digits + 1, text + 2, (size_t)count - 1);
    digits[count] = 0;
    *ret_exponent = exponent;
    if (value_of(digits, exponent) == value)
        return true;
    /*
     * Above a power of two doubles lie twice as far apart as below it: the nearest decimal, being
     * below, may belong to another double while the next one up belongs to this.
     */
    return frexp(value, &unused) == 0.5 && count_up(digits, count) &&
           value_of(digits, exponent) == value;
}

/*
 * The fewest digits that are read back as value (> 0), their number and the exponent of the first.
 */
static int shortest_digits(double value, char digits[DIGITS_MAX + 1], int *ret_exponent) {
    /* Sums and measured figures mostly need 16 or 17: those skip 15 useless tries. */
    int count = try_digits(value, 15, digits, ret_exponent) ? 1 : 16;

    while (count < DIGITS_MAX && !try_digits(value, count, digits, ret_exponent))
        count++;
    if (count == DIGITS_MAX)
        (void)try_digits(value, count, digits, ret_exponent);
    return count;
}

/* ECMA-262, Number::toString: k digits, and a point that stands after the n-th of them. */
size_t json_format_real(double value, char out[32]) {
    char digits[DIGITS_MAX + 1];
    int exponent, len;
    const char *sign = value < 0 ? "-" : "";

    if (!isfinite(value) || value == 0) /* -0 prints as 0 */
        return (size_t)snprintf(out, 32, "%s",
                                isnan(value) ? "NaN"
                                : value == 0 ? "0"
                                : value < 0  ? "-Infinity"
                                             : "Infinity");
    int k = shortest_digits(fabs(value), digits, &exponent), n = exponent + 1;
    if (k <= n && n <= 21)
        len = snprintf(out, 32, "%s%s%.*s", sign, digits, n - k, "00000000000000000000");
    else if (0 < n && n <= 21)
        len = snprintf(out, 32, "%s%.*s.%s", sign, n, digits, digits + n);
    else if (-6 < n && n <= 0)
        len = snprintf(out, 32, "%s0.%.*s%s", sign, -n, "00000", digits);
    else
        len = snprintf(out, 32, "%s%c%s%se%+d", sign, digits[0], k > 1 ? "." : "", digits + 1,
                       exponent);
    return (size_t)len;
}

/* ---- values ---- */

static void write_array(Buf *buf, const Json *value) {
    buf_add_char(buf, '[');
    for (size_t i = 0; i < value->array.len; i++) {
        if (i > 0)
            buf_add_char(buf, ',');
        json_write(buf, value->array.items[i]);
    }
    buf_add_char(buf, ']');
}

static void write_object(Buf *buf, const Json *value) {
    buf_add_char(buf, '{');
    for (size_t i = 0; i < value->object.len; i++) {
        if (i > 0)
            buf_add_char(buf, ',');
        write_text(buf, mended(buf->arena, value->object.items[i].name));
        buf_add_char(buf, ':');
        json_write(buf, value->object.items[i].value);
    }
    buf_add_char(buf, '}');
}

static void write_real(Buf *buf, double value) {
    char text[32];

    buf_add(buf, isfinite(value) ? (Str){ text, json_format_real(value, text) } : S("null"));
}

void json_write(Buf *buf, const Json *value) {
    switch (value->type) {
    case JSON_NULL:
        buf_add(buf, S("null"));
        break;
    case JSON_BOOL:
        buf_add(buf, value->boolean ? S("true") : S("false"));
        break;
    case JSON_INT:
        buf_add_int(buf, value->integer);
        break;
    case JSON_REAL:
        write_real(buf, value->real);
        break;
    case JSON_STRING:
    case JSON_CLEAN:
        write_text(buf, mended(buf->arena, value->string));
        break;
    case JSON_ARRAY:
        write_array(buf, value);
        break;
    case JSON_OBJECT:
        write_object(buf, value);
        break;
    }
}

/* ---- the canonical form ---- */

/* The first UTF-16 unit of a character. */
static uint32_t first_unit(uint32_t rune) {
    return rune < 0x10000 ? rune : 0xD800 + ((rune - 0x10000) >> 10);
}

/* RFC 8785, 3.2.3: by UTF-16 units, which differs from code point order beyond U+FFFF. */
static int compare_members(const void *left, const void *right) {
    Str a = ((const JsonMember *)left)->name, b = ((const JsonMember *)right)->name;
    size_t at_a = 0, at_b = 0;

    while (at_a < a.len && at_b < b.len) {
        uint32_t rune_a = utf8_next(a, &at_a), rune_b = utf8_next(b, &at_b);
        uint32_t unit_a = first_unit(rune_a), unit_b = first_unit(rune_b);

        if (unit_a != unit_b)
            return unit_a < unit_b ? -1 : 1;
        if (rune_a != rune_b)
            return rune_a < rune_b ? -1 : 1;
    }
    return (at_a < a.len) - (at_b < b.len);
}

static Err canonical_text(Buf *buf, Str s) {
    if (!utf8_is_valid(s))
        return FAIL(ERR_INVALID, NULL, N_("A text in the JSON value is not valid UTF-8."));
    write_text(buf, s);
    return OK;
}

static Err canonical_object(Buf *buf, const Json *value) {
    size_t len = value->object.len;
    JsonMember *members = arena_array(buf->arena, len, sizeof *members);

    if (len > 0)
        memcpy(members, value->object.items, len * sizeof *members);
    qsort(members, len, sizeof *members, compare_members);
    buf_add_char(buf, '{');
    for (size_t i = 0; i < len; i++) {
        if (i > 0)
            buf_add_char(buf, ',');
        TRY(canonical_text(buf, members[i].name));
        buf_add_char(buf, ':');
        TRY(json_canonical(buf, members[i].value));
    }
    buf_add_char(buf, '}');
    return OK;
}

static Err canonical_array(Buf *buf, const Json *value) {
    buf_add_char(buf, '[');
    for (size_t i = 0; i < value->array.len; i++) {
        if (i > 0)
            buf_add_char(buf, ',');
        TRY(json_canonical(buf, value->array.items[i]));
    }
    buf_add_char(buf, ']');
    return OK;
}

static Err check_number(const Json *value) {
    if (value->type == JSON_REAL && !isfinite(value->real))
        return FAIL(ERR_INVALID, NULL, N_("JSON has no numbers beyond the range of a double."));
    if (value->type == JSON_INT &&
        (value->integer > INT_EXACT_MAX || value->integer < -INT_EXACT_MAX))
        return FAIL(ERR_INVALID, NULL,
                    N_("A whole number in JSON is at most 9007199254740991 in size. Write a larger "
                       "one as a string."));
    return OK;
}

Err json_canonical(Buf *buf, const Json *value) {
    switch (value->type) {
    case JSON_INT:
    case JSON_REAL:
        TRY(check_number(value));
        json_write(buf, value);
        break;
    case JSON_STRING:
    case JSON_CLEAN:
        TRY(canonical_text(buf, value->string));
        break;
    case JSON_ARRAY:
        TRY(canonical_array(buf, value));
        break;
    case JSON_OBJECT:
        TRY(canonical_object(buf, value));
        break;
    case JSON_NULL:
    case JSON_BOOL:
        json_write(buf, value);
        break;
    }
    return buf_check(buf);
}
