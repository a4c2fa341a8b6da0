/* http/field.h - the fields of a row: from raw names and values to typed, checked ones. */
#ifndef HTTP_FIELD_H
#define HTTP_FIELD_H

#include "http/form.h"
#include "http/route.h"

enum {
    FIELD_LINE_CHARS = 200,   /* default bound of LINE, WORD, SECRET and items of a LIST */
    FIELD_TEXT_CHARS = 20000, /* default bound of TEXT */
    FIELD_LIST_ITEMS = 1000   /* default bound of a LIST's items; .max sets another */
};

typedef struct FieldValue {
    bool is_given; /* the name stood in the request, perhaps with nothing in it */
    bool is_present;
    int64_t integer; /* ID, INT, BOOL; the first number of a CURSOR */
    int64_t second;  /* of a CURSOR */
    Str text;        /* of all types but LIST and FILE: checked, trimmed */
    StrList list;
    Upload upload;
} FieldValue;

/*
 * Reads one raw value as the field demands. *ret is set on success only and lives in arena or where raw
 * does. An empty value of a type other than TEXT and LINE counts as absent. ERR_INVALID or ERR_LIMIT with
 * the field's name.
 */
CHECKED Err field_read(Arena *arena, const Field *field, const Param *raw, FieldValue *ret);

/*
 * Adds one value given for a field: ERR_INVALID when it was given before and is no LIST. Then once per request
 * field_require for what must be there.
 */
CHECKED Err field_add(Arena *arena, const Field *field, const Param *raw, FieldValue *value);
CHECKED Err field_require(const Field *field, const FieldValue *value);

#endif
