/*
 * tests/fuzz/fuzz_template.c - a rendering is the same twice; a value never becomes a tag, whatever a
 * template of ours says.
 */
#include "base/utf8.h"
#include "fuzz.h"
#include "text/json_read.h"
#include "view/view.h"

#define VALUE "<zq7 x=\"'>&"

static Err one_partial(void *user, Arena *arena, Str name, Str *ret) {
    const Str *text = user;

    (void)arena;
    if (name.len > 1)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such partial."));
    *ret = *text;
    return OK;
}

static bool render(Arena *arena, Str text, Str partial, const Json *model, bool is_lenient,
                   Str *ret) {
    Buf out = buf_new(arena, 1 << 20);
    bool is_done =
        view_render_once(arena, text, model, is_lenient, one_partial, &partial, &out).code ==
            ERR_OK &&
        buf_check(&out).code == ERR_OK;

    *ret = buf_str(&out);
    return is_done;
}

static Json *fixed_model(Arena *arena) {
    static const char *const names[] = { "a", "b", "url" };
    Json *model = json_obj(arena), *list = json_arr(arena);

    for (size_t i = 0; i < COUNT_OF(names); i++)
        json_set(model, names[i], json_str(arena, S(VALUE)));
    json_push(list, json_str(arena, S(VALUE)));
    json_push(list, json_str(arena, S(VALUE)));
    json_set(model, "l", list);
    return model;
}

/* A page of ours: raw values are refused unless they are marked as clean. */
static void must_escape(Str text, Str partial) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    ViewSource sources[] = { { S("page"), text }, { S("p"), partial } };
    Buf out = buf_new(arena, 1 << 20);
    ViewSet *set;

    if (view_set_new(arena, sources, COUNT_OF(sources), &set).code != ERR_OK)
        return;
    if (view_render(arena, set, S("page"), fixed_model(arena), catalogue_of(S("en")), &out).code ==
        ERR_OK)
        MUST(!str_contains(buf_str(&out), S("<zq7")));
    view_set_free(set);
}

/* The template, its partial and a model, separated by 0xFF. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str rest = fuzz_input(data, size), text = fuzz_part(&rest), partial = fuzz_part(&rest);
    Str one, two;
    Json *model;

    if (size > 20000)
        return 0;
    if (json_read(arena, rest, JSON_READ_DEPTH, &model).code == ERR_OK) {
        for (int is_lenient = 0; is_lenient < 2; is_lenient++) {
            bool is_done = render(arena, text, partial, model, is_lenient, &one);
            MUST(render(arena, text, partial, model, is_lenient, &two) == is_done);
            MUST(!is_done || str_eq(one, two));
        }
    }
    if (str_contains(text, S("zq7")) || str_contains(partial, S("zq7")))
        return 0; /* the template itself says it */
    must_escape(text, partial);
    bool is_raw = str_contains(text, S("{{{")) || str_find_char(text, '&', 0) != SIZE_MAX ||
                  str_contains(partial, S("{{{")) || str_find_char(partial, '&', 0) != SIZE_MAX;
    if (!is_raw && render(arena, text, partial, fixed_model(arena), true, &one))
        MUST(!str_contains(one, S("<zq7")));
    return 0;
}
