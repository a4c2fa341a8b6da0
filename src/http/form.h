/* http/form.h - names and values of a query, a form body (urlencoded, multipart) or a JSON object. */
#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include "base/json.h"
#include "base/vec.h"

enum {
    FORM_PARAMS_MAX = 1000,    /* names in one request */
    FORM_PARTS_MAX = 200,      /* parts of a multipart body */
    FORM_PART_HEAD_MAX = 4096, /* bytes of a part's own headers */
    FORM_BOUNDARY_MAX = 70     /* RFC 2046, 5.1.1 */
};

typedef struct Param {
    Str name;
    Str value;
    bool is_file;  /* a part with a file name; value is its bytes */
    bool is_wrong; /* JSON of a type no field takes: an object, a number with a fraction */
    Str file_name; /* as sent */
    Str type;      /* as sent */
} Param;

typedef struct ParamList {
    Param *items;
    size_t len, cap;
} ParamList;

/*
 * Appends the pairs of a query or an application/x-www-form-urlencoded body; an empty pair is passed over. Values
 * may hold any byte: the fields check them. Borrows from text. ERR_INVALID without a field: a % without two
 * digits; ERR_LIMIT without a field: too many names.
 */
CHECKED Err form_read_urlencoded(Arena *arena, Str text, ParamList *ret);

/*
 * Appends the parts of a multipart/form-data body (RFC 7578), bytes borrowed from it. content_type is the
 * whole header value with its boundary. ERR_INVALID without a field: no or a bad boundary, a part without a
 * name, a body that does not end with its last boundary; ERR_LIMIT: parts, or one part's headers.
 */
CHECKED Err form_read_multipart(Arena *arena, Str content_type, Str body, ParamList *ret);

/*
 * Appends the members of a JSON object: numbers and true/false as text ("1", "0"), null as absent, an array of
 * texts as the same name several times. ERR_INVALID without a field when the value is no object.
 */
CHECKED Err form_read_json(Arena *arena, const Json *value, ParamList *ret);

/* The media type before ';', lower case, in the arena. */
Str media_type(Arena *arena, Str content_type);
/* A parameter of a header value: media_parameter("a/b; boundary=x", "boundary"). False when absent or twice. */
bool media_parameter(Arena *arena, Str value, Str name, Str *ret);

#endif
