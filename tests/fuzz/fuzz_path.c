/*
 * tests/fuzz/fuzz_path.c - encoding and decoding undo one another; a value that the router found in a path
 * is found again in the path made of it; what is safe to redirect to climbs nowhere.
 */
#include "base/percent.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "http/path.h"
#include "http/router.h"

static Err no_handler(Ctx *ctx, const Request *req, Response *res) {
    (void)ctx;
    (void)req;
    (void)res;
    return OK;
}

#define ROW(method_, pattern_, fields_)                                                            \
    {                                                                                              \
        .method = method_, .pattern = pattern_, .cap = CAP_READ, .fields = fields_,                \
        .handler = no_handler, .summary = "A row."                                                 \
    }

static const Field id_fields[] = { { "id", FIELD_LINE, IN_PATH }, { 0 } };
static const Field two_fields[] = { { "a", FIELD_LINE, IN_PATH },
                                    { "b", FIELD_LINE, IN_PATH },
                                    { 0 } };
static const Field rest_fields[] = { { "name", FIELD_LINE, IN_PATH }, { 0 } };
static const Route routes[] = {
    ROW("GET", "/", NULL),
    ROW("GET", "/articles", NULL),
    ROW("POST", "/articles", NULL),
    ROW("GET", "/articles/{id}", id_fields),
    ROW("GET", "/articles/new", NULL),
    ROW("GET", "/articles/{a}/diff/{b}", two_fields),
    ROW("GET", "/d/{a}..{b}", two_fields),
    ROW("GET", "/x/{id}.json", id_fields),
    ROW("GET", "/files/{name*}", rest_fields),
    { 0 },
};
static const Route *const tables[] = { routes, NULL };

static void must_be_found_again(Arena *arena, const Router *router, const RouteMatch *match) {
    Str pattern = str_from_c(match->row->route->pattern), path = pattern, value;
    RouteMatch again;

    for (size_t i = 0; i < match->row->name_count; i++) {
        Str name = str_format(arena, "{%.*s}", STR_ARG(match->row->names[i]));
        value = percent_encode(arena, match->values[i]);
        if (str_contains(pattern, S("*"))) {
            name = str_format(arena, "{%.*s*}", STR_ARG(match->row->names[i]));
            value = str_replace(arena, value, S("%2F"), S("/"));
        }
        path = str_replace(arena, path, name, value);
    }
    MUST(router_find(router, arena, METHOD_GET, path, &again) == ROUTE_FOUND);
    MUST(again.row == match->row);
    for (size_t i = 0; i < match->row->name_count; i++)
        MUST(str_eq(again.values[i], match->values[i]));
}

static void must_route(Arena *arena, Str path) {
    static Router *router;
    static Arena *kept;
    RouteMatch match;

    if (!kept) {
        kept = arena_new(0);
        MUST(router_new(kept, tables, &router).code == ERR_OK);
    }
    if (router_find(router, arena, METHOD_GET, path, &match) != ROUTE_FOUND)
        return;
    for (size_t i = 0; i < match.row->name_count; i++) {
        Str value = match.values[i];
        MUST(value.len > 0 && utf8_is_valid(value));
        MUST(str_find_char(value, '\0', 0) == SIZE_MAX &&
             str_find_char(value, '\\', 0) == SIZE_MAX);
        MUST(!str_eq(value, S("..")) && !str_starts(value, S("../")) && !str_starts(value, S("/")));
        MUST(!str_contains(value, S("/../")) && !str_ends(value, S("/..")));
    }
    must_be_found_again(arena, router, &match);
}

static void must_be_safe(Arena *arena, Str path) {
    Str decoded = str_slice(path, 0, str_find_char(path, '?', 0));

    if (!path_is_safe(path))
        return;
    decoded = str_slice(decoded, 0, str_find_char(decoded, '#', 0));
    for (int round = 0; round < 3; round++) {
        MUST(str_starts(decoded, S("/")) && !str_contains(decoded, S("//")));
        MUST(!str_contains(decoded, S("/../")) && !str_ends(decoded, S("/..")));
        MUST(str_find_char(decoded, '\\', 0) == SIZE_MAX);
        MUST(str_find_char(decoded, '\n', 0) == SIZE_MAX);
        if (!percent_decode(arena, decoded, false, &decoded))
            break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str text = fuzz_input(data, size), back;

    MUST(percent_decode(arena, percent_encode(arena, text), false, &back) && str_eq(back, text));
    MUST(percent_decode(arena, percent_encode(arena, text), true, &back) && str_eq(back, text));
    if (percent_decode(arena, text, false, &back))
        MUST(back.len <= text.len);
    must_be_safe(arena, text);
    must_route(arena, text);
    must_route(arena, str_concat(arena, S("/articles/"), text));
    must_route(arena, str_concat(arena, S("/d/"), text));
    must_route(arena, str_concat(arena, S("/files/"), text));
    return 0;
}
