/* http/router.h - from method and path to a row of the route tables. */
#ifndef HTTP_ROUTER_H
#define HTTP_ROUTER_H

#include "http/route.h"

enum {
    ROUTER_SEGMENTS_MAX = 16, /* of a pattern; a path may be longer only under a {name*} */
    ROUTER_VALUES_MAX = 8     /* names in one pattern */
};

typedef enum Method {
    METHOD_GET = 1,
    METHOD_POST = 2,
    METHOD_PUT = 4,
    METHOD_DELETE = 8,
    METHOD_PATCH = 16,
    METHOD_HEAD = 32,
    METHOD_OPTIONS = 64,
    METHOD_OTHER = 128 /* known (TRACE, CONNECT) but never served */
} Method;

/* 0 for a word that is no method of HTTP we know. */
Method method_of(Str name);
/* "GET, HEAD, OPTIONS" for the bits of rows; HEAD and OPTIONS are derived. */
Str method_list(Arena *arena, unsigned methods);

/* A row, compiled. */
typedef struct Row Row;
struct Row {
    const Route *route;
    Method method;
    Str names[ROUTER_VALUES_MAX];
    size_t name_count;
    const Row *form; /* of a POST row: the GET row of its form_handler; NULL without */
};

typedef struct Router Router;

/*
 * Compiles the tables (each ends with { 0 }, the list with NULL) into arena. ERR_BUG with the row in args: a bad
 * pattern or method, two rows of the same method and shape, a form_handler that no GET row has, a row
 * without a capability, handler or summary; a path field that the pattern does not name, or the other way.
 */
CHECKED Err router_new(Arena *arena, const Route *const *tables, Router **ret);
/* All rows in the order of the tables. */
size_t router_count(const Router *router);
const Row *router_row(const Router *router, size_t index);

typedef struct RouteMatch {
    const Row *row;                /* NULL unless ROUTE_FOUND */
    Str values[ROUTER_VALUES_MAX]; /* decoded, in the order of row->names */
    unsigned methods;              /* bits of the rows whose pattern fits the path */
} RouteMatch;

typedef enum RouteResult {
    ROUTE_FOUND,
    ROUTE_NONE,       /* 404 */
    ROUTE_BAD_METHOD, /* 405 with Allow from methods; OPTIONS is answered from it too */
    ROUTE_BAD_PATH    /* 400: bad % sequence, %00, an encoded '/' or '\', "." or "..", not UTF-8 */
} RouteResult;

/*
 * path is as sent; it is cut at '/' first and each segment decoded once. HEAD finds the GET row. Where several
 * patterns fit, text wins over a mixed segment, that over a name, that over {name*}, from left to right.
 */
RouteResult router_find(const Router *router, Arena *arena, Method method, Str path,
                        RouteMatch *ret);

#endif
