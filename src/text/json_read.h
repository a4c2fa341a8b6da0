/* text/json_read.h - JSON from outside into base/json.h: RFC 8259 within I-JSON (RFC 7493). */
#ifndef TEXT_JSON_READ_H
#define TEXT_JSON_READ_H

#include "base/json.h"

enum {
    JSON_READ_DEPTH = 64,      /* levels of arrays and objects that requests and commands accept */
    JSON_READ_DEPTH_MAX = 1000 /* the highest depth_max a caller may ask for */
};

/*
 * Reads one JSON value (of any type) that fills the whole of text; white space may surround it.
 *
 * Whole numbers within int64_t become JSON_INT, exactly; all others (1.0, 1e3, whole numbers beyond
 * int64_t) become JSON_REAL. \u0000 is allowed in texts and names.
 *
 * text is borrowed for the call; *ret, set on success only, lives in arena and counts on its
 * budget. depth_max is 1..JSON_READ_DEPTH_MAX levels. The stack stays flat whatever the input is.
 * Fails with ERR_INVALID ({0}: byte offset, from 0, at or shortly after the mistake): bad syntax, a
 * name twice in one object, a lone surrogate, a number beyond a double, ill-formed UTF-8, trailing
 * data; ERR_LIMIT: deeper than depth_max, or more memory than the arena's budget. Repeating is
 * safe.
 */
CHECKED Err json_read(Arena *arena, Str text, int depth_max, Json **ret);

#endif
