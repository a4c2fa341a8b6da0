/* http/field.c - the fields of a row: from raw names and values to typed, checked ones. */
#include "http/field.h"

#include "base/clock.h"
#include "base/utf8.h"

static Err bad_value(const Field *field) {
    return FAIL(ERR_INVALID, field->name, N_("This value is not of the form that is asked for."));
}

static Err read_int(Arena *arena, const Field *field, Str raw, FieldValue *ret) {
    bool has_bounds = field->min != 0 || field->max != 0;
    int64_t value;

    if (raw.len > 20 || !str_parse_int(raw, &value))
        return FAIL(ERR_INVALID, field->name, N_("Write a whole number."));
    if (has_bounds && (value < field->min || value > field->max))
        return FAIL_ARGS(ERR_INVALID, field->name, N_("Write a number from {0} to {1}."),
                         str_from_int(arena, field->min), str_from_int(arena, field->max));
    ret->integer = value;
    ret->text = raw;
    return OK;
}

static Err read_id(const Field *field, Str raw, FieldValue *ret) {
    int64_t value;

    for (size_t i = 0; i < raw.len; i++)
        if (raw.ptr[i] < '0' || raw.ptr[i] > '9')
            return bad_value(field);
    if (raw.len > 19 || !str_parse_int(raw, &value) || value <= 0)
        return bad_value(field);
    ret->integer = value;
    ret->text = raw;
    return OK;
}

/* CR LF and lone CR become LF, as browsers send CR LF for each line break of a form. */
static Str line_breaks(Arena *arena, Str s) {
    if (str_find_char(s, '\r', 0) == SIZE_MAX)
        return s;
    return str_replace(arena, str_replace(arena, s, S("\r\n"), S("\n")), S("\r"), S("\n"));
}

static bool has_break(Str s) {
    return str_find_char(s, '\n', 0) != SIZE_MAX || str_find_char(s, '\r', 0) != SIZE_MAX ||
           str_find_char(s, '\t', 0) != SIZE_MAX;
}

static Err read_text(Arena *arena, const Field *field, Str raw, FieldValue *ret) {
    bool is_lines = field->type == FIELD_TEXT, is_secret = field->type == FIELD_SECRET;
    size_t chars, most = field->max_chars;

    if (most == 0)
        most = is_lines ? FIELD_TEXT_CHARS : FIELD_LINE_CHARS;
    if (!utf8_is_valid(raw))
        return FAIL(ERR_INVALID, field->name, N_("The text is not valid UTF-8."));
    if (utf8_has_control(raw))
        return FAIL(ERR_INVALID, field->name, N_("The text holds control characters."));
    if (!is_lines && has_break(raw))
        return FAIL(ERR_INVALID, field->name, N_("Write this on one line."));
    Str text = is_lines ? line_breaks(arena, raw) : raw;
    text = is_secret ? text : str_trim(text); /* blanks around a password are part of it */
    (void)utf8_count(text, &chars);
    if (chars > most)
        return FAIL_ARGS(ERR_LIMIT, field->name, N_("Write at most {0} characters."),
                         str_from_int(arena, (int64_t)most));
    ret->text = text;
    return OK;
}

static Err read_word(Arena *arena, const Field *field, Str raw, FieldValue *ret) {
    TRY(read_text(arena, field, raw, ret));
    for (size_t i = 0; i < ret->text.len; i++) {
        char c = ret->text.ptr[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_plain && c != '-' && c != '_' && c != '.' && c != '@')
            return FAIL(ERR_INVALID, field->name,
                        N_("Use letters, digits and the signs - _ . @ only."));
    }
    return OK;
}

static Err read_enum(const Field *field, Str raw, FieldValue *ret) {
    Str words = str_from_c(field->words), word;

    while (str_cut(&words, ' ', &word)) {
        if (word.len > 0 && str_eq(word, raw)) {
            ret->text = word;
            return OK;
        }
    }
    return FAIL_ARGS(ERR_INVALID, field->name, N_("Choose one of: {0}."), str_from_c(field->words));
}

static Err read_bool(const Field *field, Str raw, FieldValue *ret) {
    if (str_eq(raw, S("1")) || str_eq(raw, S("true")) || str_eq(raw, S("on")))
        ret->integer = 1;
    else if (!str_eq(raw, S("0")) && !str_eq(raw, S("false")))
        return bad_value(field);
    ret->text = raw;
    return OK;
}

static Err read_date(const Field *field, Str raw, FieldValue *ret) {
    int64_t year = 0, month = 0, day = 0;
    int back_year, back_month, back_day;

    for (size_t i = 0; i < raw.len; i++)
        if ((i == 4 || i == 7) ? raw.ptr[i] != '-' : (raw.ptr[i] < '0' || raw.ptr[i] > '9'))
            return FAIL(ERR_INVALID, field->name,
                        N_("Write the date as year-month-day: 2026-03-05."));
    bool is_read = raw.len == 10 && str_parse_int(str_slice(raw, 0, 4), &year) &&
                   str_parse_int(str_slice(raw, 5, 7), &month) &&
                   str_parse_int(str_slice(raw, 8, 10), &day);
    if (!is_read || month < 1 || month > 12 || day < 1 || day > 31)
        return FAIL(ERR_INVALID, field->name, N_("Write the date as year-month-day: 2026-03-05."));
    clock_date_from_days(clock_days_from_date((int)year, (int)month, (int)day), &back_year,
                         &back_month, &back_day);
    if (back_month != month || back_day != day)
        return FAIL(ERR_INVALID, field->name, N_("There is no such day."));
    ret->text = raw;
    return OK;
}

static bool read_hex(Str s, int64_t *ret) {
    uint64_t value = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
        value = value << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    *ret = (int64_t)value;
    return s.len > 0 && s.len <= 16;
}

static Err read_cursor(const Field *field, Str raw, FieldValue *ret) {
    size_t dash = str_find_char(raw, '-', 0);

    if (dash == SIZE_MAX || !read_hex(str_slice(raw, 0, dash), &ret->integer) ||
        !read_hex(str_slice(raw, dash + 1, raw.len), &ret->second))
        return FAIL(ERR_INVALID, field->name, N_("This place in the list is not known."));
    ret->text = raw;
    return OK;
}

static Err read_file(Arena *arena, const Field *field, const Param *raw, FieldValue *ret) {
    if (!raw->is_file)
        return FAIL(ERR_INVALID, field->name, N_("Choose a file."));
    if (field->max > 0 && raw->value.len > (uint64_t)field->max)
        return FAIL_ARGS(ERR_LIMIT, field->name, N_("The file has more than {0} bytes."),
                         str_from_int(arena, field->max));
    /* A name is data only: ill-formed bytes and controls are replaced, not a reason to refuse. */
    ret->upload =
        (Upload){ utf8_clean(arena, raw->file_name), utf8_clean(arena, raw->type), raw->value };
    return OK;
}

static Err read_typed(Arena *arena, const Field *field, const Param *raw, FieldValue *ret) {
    switch (field->type) {
    case FIELD_ID:
        return read_id(field, raw->value, ret);
    case FIELD_INT:
        return read_int(arena, field, raw->value, ret);
    case FIELD_TEXT:
    case FIELD_LINE:
    case FIELD_SECRET:
    case FIELD_LIST:
        return read_text(arena, field, raw->value, ret);
    case FIELD_WORD:
        return read_word(arena, field, raw->value, ret);
    case FIELD_ENUM:
        return read_enum(field, raw->value, ret);
    case FIELD_BOOL:
        return read_bool(field, raw->value, ret);
    case FIELD_DATE:
        return read_date(field, raw->value, ret);
    case FIELD_CURSOR:
        return read_cursor(field, raw->value, ret);
    case FIELD_FILE:
        return read_file(arena, field, raw, ret);
    case FIELD_END:
        break;
    }
    return FAIL(ERR_BUG, field->name, N_("The server's table of fields is broken."));
}

Err field_read(Arena *arena, const Field *field, const Param *raw, FieldValue *ret) {
    FieldValue value = { .is_present = true };
    bool is_text = field->type == FIELD_TEXT || field->type == FIELD_LINE;

    if (raw->is_wrong || (raw->is_file && field->type != FIELD_FILE))
        return bad_value(field);
    /* An untouched input of a form: browsers send it empty; an untouched file also without a name. */
    if (raw->value.len == 0 && !is_text && (field->type != FIELD_FILE || raw->file_name.len == 0)) {
        *ret = (FieldValue){ 0 };
        return OK;
    }
    TRY(read_typed(arena, field, raw, &value));
    *ret = value;
    return OK;
}

static Err add_item(Arena *arena, const Field *field, Str text, FieldValue *value) {
    size_t most = field->max > 0 ? (size_t)field->max : FIELD_LIST_ITEMS;
    size_t bytes = sizeof(Str) * value->list.len;

    if (value->list.len == most)
        return FAIL_ARGS(ERR_LIMIT, field->name, N_("Give at most {0} of them."),
                         str_from_int(arena, (int64_t)most));
    value->list.items = arena_grow(arena, value->list.items, bytes, bytes + sizeof(Str));
    value->list.items[value->list.len++] = text;
    return OK;
}

Err field_add(Arena *arena, const Field *field, const Param *raw, FieldValue *value) {
    FieldValue read;

    if (field->type != FIELD_LIST && value->is_given)
        return FAIL(ERR_INVALID, field->name, N_("This field was given twice."));
    value->is_given = true;
    TRY(field_read(arena, field, raw, &read));
    read.is_given = true;
    if (field->type != FIELD_LIST) {
        *value = read;
        return OK;
    }
    if (read.is_present && read.text.len > 0)
        TRY(add_item(arena, field, read.text, value));
    value->is_present = true;
    return OK;
}

Err field_require(const Field *field, const FieldValue *value) {
    bool is_text = field->type == FIELD_TEXT || field->type == FIELD_LINE;

    if (!field->is_required)
        return OK;
    if (!value->is_present || (is_text && value->text.len == 0) ||
        (field->type == FIELD_LIST && value->list.len == 0))
        return FAIL(ERR_INVALID, field->name, N_("Fill in this field."));
    return OK;
}
