/* http/form.c - names and values of a query, a form body (urlencoded, multipart) or a JSON object. */
#include "http/form.h"

#include "base/percent.h"
#include "http/message.h"

static Err push(Arena *arena, ParamList *list, Param param) {
    if (list->len == FORM_PARAMS_MAX)
        return FAIL_ARGS(ERR_LIMIT, NULL, N_("A request has at most {0} fields."),
                         str_from_int(arena, FORM_PARAMS_MAX));
    *VEC_PUSH(arena, list) = param;
    return OK;
}

Err form_read_urlencoded(Arena *arena, Str text, ParamList *ret) {
    Str pair;

    while (str_cut(&text, '&', &pair)) {
        Param param = { 0 };
        size_t equals = str_find_char(pair, '=', 0);
        Str value = equals == SIZE_MAX ? STR_EMPTY : str_slice(pair, equals + 1, pair.len);

        if (pair.len == 0)
            continue;
        if (!percent_decode(arena, str_slice(pair, 0, equals), true, &param.name) ||
            !percent_decode(arena, value, true, &param.value))
            return FAIL(ERR_INVALID, NULL,
                        N_("The form holds a % without two hexadecimal digits."));
        TRY(push(arena, ret, param));
    }
    return OK;
}

/* ---- header values with parameters ---- */

Str media_type(Arena *arena, Str content_type) {
    return str_lower_ascii(
        arena, str_trim(str_slice(content_type, 0, str_find_char(content_type, ';', 0))));
}

/* A quoted string's end, or SIZE_MAX. Browsers write a quote inside as %22, others as \". */
static size_t quoted_end(Str s, size_t from) {
    for (size_t i = from; i < s.len; i++) {
        if (s.ptr[i] == '\\')
            i++;
        else if (s.ptr[i] == '"')
            return i;
    }
    return SIZE_MAX;
}

static Str unquote(Arena *arena, Str s) {
    char *out = arena_alloc(arena, s.len);
    size_t len = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '\\' && i + 1 < s.len && (s.ptr[i + 1] == '"' || s.ptr[i + 1] == '\\'))
            i++;
        out[len++] = s.ptr[i];
    }
    return (Str){ out, len };
}

/* Cuts off one parameter of "; a=b; c="d""; false at the end. A malformed rest gives an empty name. */
static bool cut_parameter(Arena *arena, Str *rest, Str *ret_name, Str *ret_value) {
    while (rest->len > 0 && (rest->ptr[0] == ';' || rest->ptr[0] == ' ' || rest->ptr[0] == '\t'))
        *rest = str_slice(*rest, 1, rest->len);
    if (rest->len == 0)
        return false;
    size_t equals = str_find_char(*rest, '=', 0), end = str_find_char(*rest, ';', 0);
    *ret_name = STR_EMPTY;
    *ret_value = STR_EMPTY;
    if (equals == SIZE_MAX || end < equals) { /* a word without a value */
        *rest = str_slice(*rest, end, rest->len);
        return true;
    }
    Str name = str_trim(str_slice(*rest, 0, equals));
    if (equals + 1 < rest->len && rest->ptr[equals + 1] == '"') {
        end = quoted_end(*rest, equals + 2);
        if (end == SIZE_MAX) {
            *rest = STR_EMPTY;
            return true;
        }
        *ret_value = unquote(arena, str_slice(*rest, equals + 2, end));
        end++;
    } else {
        *ret_value = str_trim(str_slice(*rest, equals + 1, end));
    }
    *ret_name = name;
    *rest = str_slice(*rest, end, rest->len);
    return true;
}

bool media_parameter(Arena *arena, Str value, Str name, Str *ret) {
    Str rest = str_slice(value, str_find_char(value, ';', 0), value.len), found, text,
        hit = STR_EMPTY;
    size_t count = 0;

    while (cut_parameter(arena, &rest, &found, &text)) {
        if (str_eq_nocase(found, name)) {
            hit = text;
            count++;
        }
    }
    if (count == 1)
        *ret = hit;
    return count == 1;
}

/* ---- multipart/form-data ---- */

static Err bad_multipart(void) {
    return FAIL(ERR_INVALID, NULL, N_("The form's parts (multipart/form-data) cannot be read."));
}

/* Browsers write CR, LF and quotes of a name as %0D %0A %22 (HTML, multipart/form-data encoding). */
static Str part_text(Arena *arena, Str s) {
    s = str_replace(arena, s, S("%22"), S("\""));
    s = str_replace(arena, s, S("%0D"), S("\r"));
    return str_replace(arena, s, S("%0A"), S("\n"));
}

static Err read_part_head(Arena *arena, Str head, Param *param) {
    bool has_disposition = false;

    while (head.len > 0) {
        size_t end = str_find(head, S("\r\n"), 0);
        Str line = str_slice(head, 0, end);
        head = end == SIZE_MAX ? STR_EMPTY : str_slice(head, end + 2, head.len);
        size_t colon = str_find_char(line, ':', 0);
        if (colon == SIZE_MAX || !http_is_token(str_slice(line, 0, colon)))
            return bad_multipart();
        Str name = str_slice(line, 0, colon),
            value = str_trim(str_slice(line, colon + 1, line.len));
        if (str_eq_nocase(name, S("content-type")))
            param->type = value;
        if (!str_eq_nocase(name, S("content-disposition")))
            continue;
        if (has_disposition || !str_eq(media_type(arena, value), S("form-data")) ||
            !media_parameter(arena, value, S("name"), &param->name))
            return bad_multipart();
        has_disposition = true;
        param->name = part_text(arena, param->name);
        param->is_file = media_parameter(arena, value, S("filename"), &param->file_name);
        param->file_name = part_text(arena, param->file_name);
    }
    return has_disposition ? OK : bad_multipart();
}

/* memmem is linear; str_find may be naive on megabytes of hostile bytes. */
static size_t find_bytes(Str s, Str needle, size_t from) {
    if (from > s.len)
        return SIZE_MAX;
    const char *hit = memmem(s.ptr + from, s.len - from, needle.ptr, needle.len);
    return hit ? (size_t)(hit - s.ptr) : SIZE_MAX;
}

/* Where the first boundary line's delimiter ends; a preamble before it is passed over. */
static Err first_boundary(Str body, Str delimiter, size_t *ret) {
    Str bare = str_slice(delimiter, 2, delimiter.len); /* without its CR LF */

    if (str_starts(body, bare)) {
        *ret = bare.len;
        return OK;
    }
    size_t at = find_bytes(body, delimiter, 0);
    if (at == SIZE_MAX)
        return bad_multipart();
    *ret = at + delimiter.len;
    return OK;
}

static Err read_parts(Arena *arena, Str body, Str delimiter, ParamList *ret) {
    size_t at;

    TRY(first_boundary(body, delimiter, &at));
    for (size_t parts = 0;; parts++) {
        Str rest = str_slice(body, at, body.len);
        if (str_starts(rest, S("--")))
            return OK; /* the last one; an epilogue is passed over */
        while (rest.len > 0 && (rest.ptr[0] == ' ' || rest.ptr[0] == '\t'))
            rest = str_slice(rest, 1, rest.len);
        if (!str_starts(rest, S("\r\n")))
            return bad_multipart();
        if (parts == FORM_PARTS_MAX)
            return FAIL_ARGS(ERR_LIMIT, NULL, N_("A form has at most {0} parts."),
                             str_from_int(arena, FORM_PARTS_MAX));
        rest = str_slice(rest, 2, rest.len);
        size_t head = find_bytes(str_slice(rest, 0, FORM_PART_HEAD_MAX), S("\r\n\r\n"), 0);
        if (head == SIZE_MAX && rest.len > FORM_PART_HEAD_MAX)
            return FAIL_ARGS(ERR_LIMIT, NULL,
                             N_("A form's part has at most {0} bytes before its value: shorten the "
                                "file's name."),
                             str_from_int(arena, FORM_PART_HEAD_MAX));
        if (head == SIZE_MAX)
            return bad_multipart();
        size_t end = find_bytes(rest, delimiter, head + 2);
        if (end == SIZE_MAX)
            return bad_multipart();
        /* An empty value: its delimiter begins with the blank line's own CR LF. */
        Param param = { .value = str_slice(rest, head + 4 < end ? head + 4 : end, end) };
        TRY(read_part_head(arena, str_slice(rest, 0, head), &param));
        TRY(push(arena, ret, param));
        at = (size_t)(rest.ptr - body.ptr) + end + delimiter.len;
    }
}

Err form_read_multipart(Arena *arena, Str content_type, Str body, ParamList *ret) {
    Str boundary;

    if (!media_parameter(arena, content_type, S("boundary"), &boundary) || boundary.len == 0 ||
        boundary.len > FORM_BOUNDARY_MAX)
        return bad_multipart();
    for (size_t i = 0; i < boundary.len; i++)
        if (boundary.ptr[i] < 0x20 || boundary.ptr[i] == 0x7F)
            return bad_multipart();
    return read_parts(arena, body, str_concat(arena, S("\r\n--"), boundary), ret);
}

/* ---- JSON ---- */

static Err push_value(Arena *arena, ParamList *list, Str name, const Json *value) {
    Param param = { .name = name };

    switch (value->type) {
    case JSON_NULL:
        return OK;
    case JSON_BOOL:
        param.value = value->boolean ? S("1") : S("0");
        break;
    case JSON_INT:
        param.value = str_from_int(arena, value->integer);
        break;
    case JSON_STRING:
    case JSON_CLEAN:
        param.value = value->string;
        break;
    case JSON_REAL:
    case JSON_ARRAY:
    case JSON_OBJECT:
        param.is_wrong = true;
    }
    return push(arena, list, param);
}

Err form_read_json(Arena *arena, const Json *value, ParamList *ret) {
    if (value->type != JSON_OBJECT)
        return FAIL(ERR_INVALID, NULL, N_("The body must be a JSON object."));
    for (size_t i = 0; i < value->object.len; i++) {
        const JsonMember *member = &value->object.items[i];
        if (member->value->type != JSON_ARRAY) {
            TRY(push_value(arena, ret, member->name, member->value));
            continue;
        }
        for (size_t k = 0; k < member->value->array.len; k++)
            TRY(push_value(arena, ret, member->name, member->value->array.items[k]));
    }
    return OK;
}
