/* base/json.h - JSON values in an arena: built, written, written canonically (RFC 8785). */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"

typedef enum JsonType {
    JSON_NULL,
    JSON_BOOL,
    JSON_INT,  /* |n| <= 2^53 - 1 when written canonically */
    JSON_REAL, /* finite */
    JSON_STRING,
    JSON_CLEAN, /* HTML of the sanitizer, catalogue text: a string to JSON, raw to {{{x}}} */
    JSON_ARRAY,
    JSON_OBJECT
} JsonType;

typedef struct Json Json;
typedef struct JsonMember {
    Str name;
    Json *value;
} JsonMember;

struct Json {
    JsonType type;
    union {
        bool boolean;
        int64_t integer;
        double real;
        Str string; /* JSON_STRING and JSON_CLEAN */
        struct {
            Json **items;
            size_t len, cap;
        } array;
        struct {
            JsonMember *items; /* in insertion order, names unique */
            size_t len, cap;
            struct Map *index; /* name to position + 1 once there are many members, else NULL */
        } object;
    };
    Arena *arena; /* where arrays and objects grow */
};

/* Constructors: values live in the arena; texts are borrowed and must live as long. */
Json *json_null(Arena *arena);
Json *json_bool(Arena *arena, bool value);
Json *json_int(Arena *arena, int64_t value);
Json *json_real(Arena *arena, double value);
Json *json_str(Arena *arena, Str value);
/* Only for the sanitizer's output (text/html_clean.h) and our own catalogues. */
Json *json_clean(Arena *arena, Str html);
/* An id as a string: 63 bits do not fit a JavaScript number. 0 gives null. */
Json *json_id(Arena *arena, int64_t id);
Json *json_arr(Arena *arena);
Json *json_obj(Arena *arena);

/* Sets or replaces a member; name is borrowed. */
void json_set(Json *object, const char *name, Json *value);
void json_set_str(Json *object, Str name, Json *value);
void json_push(Json *array, Json *value);

/* NULL when absent or when the value is no object. */
Json *json_get(const Json *object, const char *name);
Json *json_get_str(const Json *object, Str name);
/* The text of a string member; empty when absent or of another type. */
Str json_get_text(const Json *object, const char *name);

/*
 * Compact JSON, UTF-8, in insertion order. Ill-formed text becomes U+FFFD, a number that is not
 * finite null; what does not fit is for buf_check.
 */
void json_write(Buf *buf, const Json *value);
/*
 * RFC 8785: members sorted by UTF-16 units, shortest round-trip numbers as ECMAScript prints them,
 * minimal escapes. ERR_INVALID for a number that is not finite, an integer beyond 2^53 - 1 in size,
 * or text that is not UTF-8; ERR_LIMIT when buf is full. On failure buf holds a part, to be thrown
 * away.
 */
CHECKED Err json_canonical(Buf *buf, const Json *value);
/* A double as ECMAScript's Number::toString prints it; out holds at most 32 bytes with the NUL. */
size_t json_format_real(double value, char out[32]);

#endif
