/* identity_test_pages.h - for tests of rows and templates: one request as the command line makes it. */
#ifndef FEATURES_IDENTITY_IDENTITY_TEST_PAGES_H
#define FEATURES_IDENTITY_IDENTITY_TEST_PAGES_H

#include <stdio.h>
#include <stdlib.h>

#include "features/identity/identity_test_world.h"
#include "view/view.h"

static inline Str page_template(Arena *arena, Str name) {
    enum { BYTES_MAX = 1 << 16 };
    const char *source = getenv("LIANDONG_SOURCE");
    char *bytes = arena_alloc(arena, BYTES_MAX);
    size_t middle = str_find(name, S("/"), 0);

    assert_non_null(source);
    Str path =
        str_format(arena, "%s/src/features/%.*s/templates%.*s.mustache", source,
                   STR_ARG(str_slice(name, 0, middle)), STR_ARG(str_slice(name, middle, name.len)));
    FILE *file = fopen(str_to_c(arena, path), "r");
    if (!file)
        fail_msg("%.*s is missing", STR_ARG(path));
    size_t len = fread(bytes, 1, BYTES_MAX, file);
    fclose(file);
    return (Str){ bytes, len };
}

/*
 * Answers one request over these rows with these templates ("register/list"); its status. Starting checks every row
 * and template against its model. Who asks is the actor of the world's context.
 */
static inline int page_ask(World *w, const Route *const *tables, const char *const *templates,
                           size_t template_count, const char *method, Str path, Str body,
                           Str *ret_body) {
    Arena *arena = w->ctx->arena;
    ViewSource *sources = arena_array(arena, template_count, sizeof *sources);
    ViewSet *views = NULL;
    int status = 0;

    for (size_t i = 0; i < template_count; i++) {
        sources[i].name = str_from_c(templates[i]);
        sources[i].text = page_template(arena, sources[i].name);
    }
    OK_(view_set_new(arena, sources, template_count, &views));
    HttpApp app = { .config = w->ctx->config,
                    .store = w->store,
                    .ids = w->ctx->ids,
                    .clock = &w->clock->clock,
                    .chance = &w->chance->chance,
                    .views = views,
                    .tables = (const Route **)(uintptr_t)tables,
                    .hooks = identity_hooks };
    HttpCall call = { .method = str_from_c(method), .path = path, .body = body };
    Ctx before = *w->ctx;
    Err err = http_call(&app, w->ctx, &call, &status, ret_body);
    if (err.code != ERR_OK)
        fail_msg("%s (%.*s; %.*s)", err.msgid, STR_ARG(err.args[0]), STR_ARG(err.args[1]));
    db_reset(w->ctx->db);
    *w->ctx = before; /* the outlet and the role of this request are gone with it */
    view_set_free(views);
    return status;
}

#endif
