/* http/router.c - from method and path to a row of the route tables. */
#include "http/router.h"

#include "base/percent.h"
#include "base/utf8.h"
#include "base/vec.h"

/* What a segment holds, best first. */
typedef enum SegmentType { SEGMENT_TEXT, SEGMENT_MIXED, SEGMENT_NAME, SEGMENT_REST } SegmentType;

enum { PIECES_MAX = 5, PATH_SEGMENTS_MAX = 64 };

/* "{a}..{b}" is the pieces "", a, "..", b, "": text and names in turn, beginning and ending with text. */
typedef struct Segment {
    SegmentType type;
    Str texts[PIECES_MAX / 2 + 1];
    size_t name_count;
} Segment;

typedef struct Pattern {
    Row row;
    Segment segments[ROUTER_SEGMENTS_MAX];
    size_t count;
} Pattern;

struct Router {
    Pattern *items;
    size_t len, cap;
};

typedef struct Path {
    Str segments[PATH_SEGMENTS_MAX];
    size_t count;
} Path;

Method method_of(Str name) {
    static const struct {
        Str name;
        Method method;
    } known[] = {
        { S_INIT("GET"), METHOD_GET },         { S_INIT("POST"), METHOD_POST },
        { S_INIT("HEAD"), METHOD_HEAD },       { S_INIT("PUT"), METHOD_PUT },
        { S_INIT("DELETE"), METHOD_DELETE },   { S_INIT("PATCH"), METHOD_PATCH },
        { S_INIT("OPTIONS"), METHOD_OPTIONS }, { S_INIT("TRACE"), METHOD_OTHER },
        { S_INIT("CONNECT"), METHOD_OTHER },
    };

    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_eq(known[i].name, name))
            return known[i].method;
    return 0;
}

Str method_list(Arena *arena, unsigned methods) {
    static const struct {
        Method method;
        Str text;
    } words[] = {
        { METHOD_GET, S_INIT("GET, HEAD, ") }, { METHOD_POST, S_INIT("POST, ") },
        { METHOD_PUT, S_INIT("PUT, ") },       { METHOD_PATCH, S_INIT("PATCH, ") },
        { METHOD_DELETE, S_INIT("DELETE, ") },
    };
    Str list = STR_EMPTY;

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (methods & words[i].method)
            list = str_concat(arena, list, words[i].text);
    return str_concat(arena, list, S("OPTIONS"));
}

/* ---- compiling ---- */

static Err bad_row(const Route *route, const char *msgid) {
    return FAIL_ARGS(ERR_BUG, NULL, msgid, str_from_c(route->method), str_from_c(route->pattern));
}

/* One segment of a pattern; names are added to the row. */
static Err compile_segment(Pattern *pattern, Str text) {
    Segment *segment = &pattern->segments[pattern->count];
    Row *row = &pattern->row;

    *segment = (Segment){ 0 };
    for (;;) {
        size_t open = str_find_char(text, '{', 0), close = str_find_char(text, '}', 0);
        segment->texts[segment->name_count] = str_slice(text, 0, open);
        if (open == SIZE_MAX && close == SIZE_MAX)
            break;
        if (open == SIZE_MAX || close == SIZE_MAX || close < open + 2 ||
            segment->name_count == PIECES_MAX / 2 || row->name_count == ROUTER_VALUES_MAX)
            return bad_row(row->route, N_("{0} {1}: the pattern cannot be read."));
        if (segment->name_count > 0 && open == 0)
            return bad_row(row->route, N_("{0} {1}: two names stand side by side."));
        Str name = str_slice(text, open + 1, close);
        if (str_ends(name, S("*"))) {
            segment->type = SEGMENT_REST;
            name = str_slice(name, 0, name.len - 1);
        }
        row->names[row->name_count++] = name;
        segment->name_count++;
        text = str_slice(text, close + 1, text.len);
    }
    bool is_bare = segment->name_count == 1 && segment->texts[0].len == 0 && text.len == 0;
    if (segment->type == SEGMENT_REST && !is_bare)
        return bad_row(row->route, N_("{0} {1}: a name with * stands alone."));
    if (segment->type != SEGMENT_REST && segment->name_count > 0)
        segment->type = is_bare ? SEGMENT_NAME : SEGMENT_MIXED;
    pattern->count++;
    return OK;
}

static Err compile_pattern(Pattern *pattern, const Route *route) {
    Str rest = str_from_c(route->pattern), segment;

    pattern->row = (Row){ .route = route, .method = method_of(str_from_c(route->method)) };
    unsigned served = METHOD_GET | METHOD_POST | METHOD_PUT | METHOD_DELETE | METHOD_PATCH;
    if (!(pattern->row.method & served))
        return bad_row(route, N_("{0} {1}: rows are GET, POST, PUT, PATCH or DELETE."));
    if (!str_starts(rest, S("/")) || (rest.len > 1 && str_ends(rest, S("/"))))
        return bad_row(route, N_("{0} {1}: a pattern begins with / and does not end with it."));
    rest = str_slice(rest, 1, rest.len);
    while (str_cut(&rest, '/', &segment)) {
        bool is_after_rest =
            pattern->count > 0 && pattern->segments[pattern->count - 1].type == SEGMENT_REST;
        if (segment.len == 0 || is_after_rest || pattern->count == ROUTER_SEGMENTS_MAX)
            return bad_row(route, N_("{0} {1}: the pattern cannot be read."));
        TRY(compile_segment(pattern, segment));
    }
    return OK;
}

static bool has_name(const Row *row, Str name) {
    for (size_t i = 0; i < row->name_count; i++)
        if (str_eq(row->names[i], name))
            return true;
    return false;
}

static Err check_row(const Row *row) {
    const Route *route = row->route;
    size_t path_fields = 0;

    if (route->cap == CAP_UNSET)
        return bad_row(route, N_("{0} {1}: the row names no capability."));
    if (!route->handler)
        return bad_row(route, N_("{0} {1}: the row has no handler."));
    if ((route->cap & CAP_PER_OUTLET) && !route->outlet_of)
        return bad_row(route, N_("{0} {1}: a row per outlet names no outlet_of."));
    for (const Field *field = route->fields; field && field->name; field++) {
        if (field->type == FIELD_END || field->place < IN_PATH || field->place > IN_BODY)
            return bad_row(route, N_("{0} {1}: a field has no type or place."));
        if (field->place == IN_BODY && row->method == METHOD_GET)
            return bad_row(route, N_("{0} {1}: a GET row has no body."));
        for (const Field *other = route->fields; other != field; other++)
            if (strcmp(other->name, field->name) == 0)
                return bad_row(route, N_("{0} {1}: two fields have one name."));
        path_fields += field->place == IN_PATH;
        if (field->place == IN_PATH && !has_name(row, str_from_c(field->name)))
            return bad_row(route, N_("{0} {1}: the pattern does not name a path field."));
    }
    if (path_fields != row->name_count)
        return bad_row(route, N_("{0} {1}: a name of the pattern is no field."));
    return OK;
}

static bool is_same_shape(const Pattern *a, const Pattern *b) {
    if (a->count != b->count || a->row.method != b->row.method)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const Segment *x = &a->segments[i], *y = &b->segments[i];
        if (x->type != y->type || x->name_count != y->name_count)
            return false;
        for (size_t k = 0; k <= x->name_count; k++)
            if (!str_eq(x->texts[k], y->texts[k]))
                return false;
    }
    return true;
}

static Err check_pairs(Router *router) {
    for (size_t i = 0; i < router->len; i++) {
        Row *row = &router->items[i].row;
        for (size_t k = 0; k < i; k++)
            if (is_same_shape(&router->items[i], &router->items[k]))
                return bad_row(row->route, N_("{0} {1}: two rows have the same method and path."));
        for (size_t k = 0; k < router->len && row->route->form_handler && !row->form; k++)
            if (router->items[k].row.method == METHOD_GET &&
                router->items[k].row.route->handler == row->route->form_handler)
                row->form = &router->items[k].row;
        if (row->route->form_handler && !row->form)
            return bad_row(row->route, N_("{0} {1}: no GET row has the form_handler."));
    }
    return OK;
}

Err router_new(Arena *arena, const Route *const *tables, Router **ret) {
    Router *router = arena_alloc(arena, sizeof *router);

    for (; *tables; tables++) {
        for (const Route *route = *tables; route->method; route++) {
            Pattern *pattern = VEC_PUSH(arena, router);
            TRY(compile_pattern(pattern, route));
            TRY(check_row(&pattern->row));
        }
    }
    TRY(check_pairs(router));
    *ret = router;
    return OK;
}

size_t router_count(const Router *router) {
    return router->len;
}

const Row *router_row(const Router *router, size_t index) {
    return &router->items[index].row;
}

/* ---- finding ---- */

static bool is_dots(Str s) {
    return str_eq(s, S(".")) || str_eq(s, S(".."));
}

static bool is_good_segment(Str s) {
    if (is_dots(s) || !utf8_is_valid(s))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c < 0x20 || c == 0x7F || c == '/' || c == '\\')
            return false;
    }
    return true;
}

/* False for a path that no honest client sends. */
static bool read_path(Arena *arena, Str path, Path *ret) {
    Str segment, decoded;

    if (path.len == 0 || path.ptr[0] != '/')
        return false;
    bool ends_open = path.len > 1 && path.ptr[path.len - 1] == '/';
    path = str_slice(path, 1, path.len);
    for (ret->count = 0; str_cut(&path, '/', &segment);) {
        if (ret->count == PATH_SEGMENTS_MAX || !percent_decode(arena, segment, false, &decoded) ||
            !is_good_segment(decoded))
            return false;
        ret->segments[ret->count++] = decoded;
    }
    if (ends_open && ret->count < PATH_SEGMENTS_MAX)
        ret->segments[ret->count++] = STR_EMPTY; /* fits no pattern */
    return true;
}

/*
 * Text, name, text, name, text: each name takes up to the next text's first occurrence, at least a byte, and
 * never what would climb as a file's name.
 */
static bool match_mixed(const Segment *segment, Str s, Str *values) {
    if (!str_starts(s, segment->texts[0]))
        return false;
    s = str_slice(s, segment->texts[0].len, s.len);
    for (size_t i = 0; i < segment->name_count; i++) {
        Str text = segment->texts[i + 1];
        bool is_last = i + 1 == segment->name_count;
        size_t end = s.len;
        if (is_last && (s.len < text.len || !str_ends(s, text)))
            return false;
        if (text.len > 0)
            end = is_last ? s.len - text.len : str_find(s, text, 1);
        if (end == SIZE_MAX || end == 0)
            return false;
        values[i] = str_slice(s, 0, end);
        if (is_dots(values[i]))
            return false;
        s = str_slice(s, end + text.len, s.len);
    }
    return true;
}

static bool match(const Pattern *pattern, Arena *arena, const Path *path, Str *values) {
    size_t at = 0;

    if (pattern->count > path->count)
        return false;
    for (size_t i = 0; i < pattern->count; i++) {
        const Segment *segment = &pattern->segments[i];
        if (path->segments[i].len == 0)
            return false;
        if (segment->type == SEGMENT_TEXT && !str_eq(segment->texts[0], path->segments[i]))
            return false;
        if (segment->type == SEGMENT_NAME)
            values[at] = path->segments[i];
        if (segment->type == SEGMENT_MIXED && !match_mixed(segment, path->segments[i], values + at))
            return false;
        if (segment->type == SEGMENT_REST) {
            StrList rest = { (Str *)&path->segments[i], path->count - i };
            for (size_t k = 0; k < rest.len; k++)
                if (rest.items[k].len == 0)
                    return false;
            values[at] = str_join(arena, rest, S("/"));
            return true;
        }
        at += segment->name_count;
    }
    return pattern->count == path->count;
}

/* True when a fits more exactly than b; both fit the same path. */
static bool is_better(const Pattern *a, const Pattern *b) {
    for (size_t i = 0; i < a->count && i < b->count; i++)
        if (a->segments[i].type != b->segments[i].type)
            return a->segments[i].type < b->segments[i].type;
    return a->count > b->count;
}

RouteResult router_find(const Router *router, Arena *arena, Method method, Str path,
                        RouteMatch *ret) {
    const Pattern *best = NULL;
    Path parts;
    Method wanted = method == METHOD_HEAD ? METHOD_GET : method;

    *ret = (RouteMatch){ 0 };
    if (!read_path(arena, path, &parts))
        return ROUTE_BAD_PATH;
    for (size_t i = 0; i < router->len; i++) {
        const Pattern *pattern = &router->items[i];
        Str values[ROUTER_VALUES_MAX];
        if (!match(pattern, arena, &parts, values))
            continue;
        ret->methods |= pattern->row.method;
        if (pattern->row.method != wanted || (best && !is_better(pattern, best)))
            continue;
        best = pattern;
        memcpy(ret->values, values, sizeof(Str) * pattern->row.name_count);
    }
    if (best) {
        ret->row = &best->row;
        return ROUTE_FOUND;
    }
    return ret->methods ? ROUTE_BAD_METHOD : ROUTE_NONE;
}
