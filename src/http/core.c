/* http/core.c - what all requests of one server share: made and checked at start. */
#include "http/core.h"

Str asset_address(Arena *arena, const HttpAsset *asset) {
    Str path = str_from_c(asset->path);
    size_t dot = SIZE_MAX;

    for (size_t i = 0; i < path.len; i++)
        if (path.ptr[i] == '.')
            dot = i;
    return str_format(arena, "/assets/%.*s.%s%.*s", STR_ARG(str_slice(path, 0, dot)), asset->hash,
                      STR_ARG(str_slice(path, dot, path.len)));
}

/* "charts/echarts.js" as "charts_echarts_js", a name that templates can say. */
static Str asset_name(Arena *arena, Str path) {
    char *name = arena_alloc(arena, path.len);

    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        name[i] = is_plain ? c : '_';
    }
    return (Str){ name, path.len };
}

static const Json *asset_model(Arena *arena, const HttpApp *app) {
    Json *model = json_obj(arena);

    for (size_t i = 0; i < app->asset_count; i++) {
        const HttpAsset *asset = &app->assets[i];
        Json *address =
            asset->bytes.len ? json_str(arena, asset_address(arena, asset)) : json_null(arena);
        json_set_str(model, asset_name(arena, str_from_c(asset->path)), address);
    }
    return model;
}

/* The app's tables and, last, the room's own. */
static const Route *const *all_tables(Arena *arena, const HttpApp *app) {
    size_t count = 0;

    while (app->tables && app->tables[count])
        count++;
    const Route **tables = arena_array(arena, count + 2, sizeof *tables);
    for (size_t i = 0; i < count; i++)
        tables[i] = app->tables[i];
    tables[count] = own_routes;
    return (const Route *const *)tables;
}

static void close_core(HttpCore **core) {
    core_free(*core);
}

Err core_new(Arena *scratch, const HttpApp *app, HttpCore **ret) {
    Arena *arena = arena_new(0);
    CLEANUP(close_core) HttpCore *core = arena_alloc(arena, sizeof *core);
    const char *twice = getenv("LIANDONG_RUN_TWICE");
    const Config *config = app->config;

    core->app = app;
    core->arena = arena;
    core->guard = guard_rules(config);
    core->metrics = arena_alloc(arena, sizeof *core->metrics);
    core->rate = rate_new(
        arena, (SignInLimits){ .free_failures = config_int(config, CONFIG_SIGNIN_FREE_FAILURES),
                               .delay_ms = config_int(config, CONFIG_SIGNIN_DELAY_MS),
                               .delay_max_ms = config_int(config, CONFIG_SIGNIN_DELAY_MAX_MS) });
    core->shows_cost = config_bool(config, CONFIG_HTTP_SHOW_COST);
    core->is_insecure = config_bool(config, CONFIG_SITE_INSECURE);
    core->session_s = config_int(config, CONFIG_SESSION_ABSOLUTE_MS) / 1000;
    core->is_run_twice = twice && strcmp(twice, "1") == 0;
    core->assets = asset_model(arena, app);
    chance_fill(chance_system(), &core->first_request, sizeof core->first_request);

    Err err = router_new(arena, all_tables(arena, app), &core->router);
    if (err.code == ERR_OK)
        err = core_check_models(scratch, core);
    if (err.code != ERR_OK) { /* its args must outlive the core */
        err.args[0] = str_dup(scratch, err.args[0]);
        err.args[1] = str_dup(scratch, err.args[1]);
        return err;
    }
    *ret = core;
    core = NULL;
    return OK;
}

void core_free(HttpCore *core) {
    if (!core)
        return;
    if (core->cache)
        cache_free(core->cache);
    arena_free(core->arena);
}

uint64_t core_next_request(HttpCore *core) {
    return core->first_request + atomic_fetch_add(&core->requests, 1);
}

/* ---- models against templates ---- */

/* The names of all fields that forms shown by this GET row may hold. */
static Str form_fields(Arena *arena, const HttpCore *core, const Row *get) {
    Str names = STR_EMPTY;

    for (size_t i = 0; i < router_count(core->router); i++) {
        const Row *row = router_row(core->router, i);
        if (row->form != get)
            continue;
        for (const Field *field = row->route->fields; field && field->name; field++)
            if (field->place == IN_BODY)
                names = str_format(arena, "%.*s %s", STR_ARG(names), field->name);
    }
    return names;
}

static Str asset_keys(Arena *arena, const HttpCore *core) {
    Str names = STR_EMPTY;

    for (size_t i = 0; i < core->assets->object.len; i++)
        names = str_format(arena, "%.*s %.*s", STR_ARG(names),
                           STR_ARG(core->assets->object.items[i].name));
    return names;
}

static Str page_keys(Arena *arena, const HttpCore *core) {
    const char *own = core->app->page_keys;

    return str_format(arena,
                      " page{lang html_lang other_lang_url csrf path request title insecure"
                      " assets{%.*s} %s}",
                      STR_ARG(asset_keys(arena, core)), own ? own : "");
}

static Err check_row(Arena *arena, const HttpCore *core, const Row *row) {
    const Route *route = row->route;
    Str fields = form_fields(arena, core, row), page = page_keys(arena, core);

    if (!route->model)
        return OK;
    if (row->form && row->form->route->model == route->model)
        return OK; /* the template was checked with the GET row, whose page holds the form */
    Str name = str_from_c(route->model->name);
    if (!view_set_has(core->app->views, name)) {
        if (row->method != METHOD_GET || (route->flags & ROUTE_RAW))
            return OK; /* browsers get a redirect or bytes from this row */
        return FAIL_ARGS(ERR_BUG, NULL, N_("{0}: there is no template {1}."),
                         str_from_c(route->pattern), name);
    }
    Str keys =
        str_format(arena, "%s form{values{%.*s} errors{%.*s} error{field label message rule}} %.*s",
                   route->model->keys, STR_ARG(fields), STR_ARG(fields), STR_ARG(page));
    Err err = view_check(arena, core->app->views, name, keys);
    if (err.code != ERR_OK)
        err.code = ERR_BUG;
    return err;
}

Err core_check_models(Arena *arena, const HttpCore *core) {
    const ViewSet *views = core->app->views;

    if (!views)
        return OK;
    for (size_t i = 0; i < router_count(core->router); i++)
        TRY(check_row(arena, core, router_row(core->router, i)));
    if (view_set_has(views, S("frame/page")))
        TRY(view_check(arena, views, S("frame/page"),
                       str_concat(arena, S("body"), page_keys(arena, core))));
    if (view_set_has(views, S("error/page")))
        TRY(view_check(arena, views, S("error/page"),
                       str_concat(arena, S("status title detail field rule request refusal_url"),
                                  page_keys(arena, core))));
    return OK;
}
