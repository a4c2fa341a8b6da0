/*
 * tests/fuzz/fuzz_fields.c - whatever a JSON body holds, a field that was read keeps its type's promise.
 */
#include "base/utf8.h"
#include "fuzz.h"
#include "http/field.h"
#include "text/json_read.h"

static const Field fields[] = {
    { "id", FIELD_ID, IN_BODY },
    { "int", FIELD_INT, IN_BODY, .min = -5, .max = 500 },
    { "text", FIELD_TEXT, IN_BODY, .max_chars = 30 },
    { "line", FIELD_LINE, IN_BODY, .max_chars = 10 },
    { "word", FIELD_WORD, IN_BODY },
    { "enum", FIELD_ENUM, IN_BODY, .words = "one two three" },
    { "bool", FIELD_BOOL, IN_BODY },
    { "date", FIELD_DATE, IN_BODY },
    { "secret", FIELD_SECRET, IN_BODY },
    { "cursor", FIELD_CURSOR, IN_BODY },
    { "list", FIELD_LIST, IN_BODY, .max = 3 },
    { "file", FIELD_FILE, IN_BODY, .max = 100 },
};

static void must_be_text(Str text, size_t most) {
    size_t chars;

    MUST(utf8_count(text, &chars) && chars <= most && !utf8_has_control(text));
    MUST(str_find_char(text, '\r', 0) == SIZE_MAX);
}

static void must_keep(const Field *field, const FieldValue *value) {
    switch (field->type) {
    case FIELD_ID:
        MUST(value->integer > 0);
        break;
    case FIELD_INT:
        MUST(value->integer >= field->min && value->integer <= field->max);
        break;
    case FIELD_TEXT:
        must_be_text(value->text, field->max_chars);
        break;
    case FIELD_LINE:
        must_be_text(value->text, field->max_chars);
        MUST(str_find_char(value->text, '\n', 0) == SIZE_MAX);
        break;
    case FIELD_WORD:
    case FIELD_SECRET:
        must_be_text(value->text, FIELD_LINE_CHARS);
        break;
    case FIELD_ENUM:
        MUST(str_contains(str_from_c(field->words), value->text) && value->text.len >= 3);
        break;
    case FIELD_BOOL:
        MUST(value->integer == 0 || value->integer == 1);
        break;
    case FIELD_DATE:
        MUST(value->text.len == 10);
        break;
    case FIELD_LIST:
        MUST(value->list.len <= 3);
        for (size_t i = 0; i < value->list.len; i++)
            must_be_text(value->list.items[i], FIELD_LINE_CHARS);
        break;
    case FIELD_CURSOR:
    case FIELD_FILE:
    case FIELD_END:
        break;
    }
}

static void must_read(Arena *arena, const ParamList *list) {
    FieldValue values[COUNT_OF(fields)] = { 0 };

    for (size_t i = 0; i < list->len; i++) {
        for (size_t k = 0; k < COUNT_OF(fields); k++) {
            Err err = field_add(arena, &fields[k], &list->items[i], &values[k]);
            bool is_named = str_eq(list->items[i].name, str_from_c(fields[k].name));
            MUST(err.code == ERR_OK || err.field == fields[k].name);
            if (err.code == ERR_OK && values[k].is_present)
                must_keep(&fields[k], &values[k]);
            if (!is_named && fields[k].type != FIELD_LIST)
                values[k] = (FieldValue){ 0 }; /* so that every value meets every type */
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(ARENA_REQUEST_BYTES);
    Json *value;
    ParamList list = { 0 };

    if (json_read(arena, fuzz_input(data, size), JSON_READ_DEPTH, &value).code == ERR_OK &&
        form_read_json(arena, value, &list).code == ERR_OK) {
        MUST(value->type == JSON_OBJECT && list.len <= FORM_PARAMS_MAX);
        must_read(arena, &list);
    }
    list.len = 0;
    if (form_read_urlencoded(arena, fuzz_input(data, size), &list).code == ERR_OK)
        must_read(arena, &list);
    return 0;
}
