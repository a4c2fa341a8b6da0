/* app/wire.c - names all features: tables of routes, migrations, jobs, subscriptions, templates. */
#include "app/wire.h"

#include "app/build_info.h"
#include "base/embed.h"
#include "base/log.h"
#include "db/migrate.h"
#include "features/admin/admin.h"
#include "features/correction/correction.h"
#include "features/desk/desk.h"
#include "features/feed/feed.h"
#include "features/identity/identity.h"
#include "features/intake/intake_feed.h"
#include "features/manuscript/manuscript.h"
#include "features/media/media.h"
#include "features/portal/portal.h"
#include "features/register/register.h"
#include "features/search/search.h"
#include "features/site/site.h"
#include "sec/hash.h"

extern const Embedded app_templates[];
extern const size_t app_templates_count;
extern const Embedded app_assets[];
extern const size_t app_assets_count;

#define MIGRATIONS(X)                                                                              \
    X(db)                                                                                          \
    X(queue)                                                                                       \
    X(ledger)                                                                                      \
    X(identity)                                                                                    \
    X(site)                                                                                        \
    X(register)                                                                                    \
    X(media)                                                                                       \
    X(intake)                                                                                      \
    X(manuscript)                                                                                  \
    X(correction)

#define DECLARE(room)                                                                              \
    extern const Migration room##_migrations[];                                                    \
    extern const size_t room##_migrations_count;
MIGRATIONS(DECLARE)

const Route *const app_tables[] = {
    identity_routes,
    register_routes,
    media_routes,
    intake_routes,
    intake_desk_routes,
    intake_feed_routes,
    manuscript_routes,
    manuscript_desk_routes,
    manuscript_write_routes,
    manuscript_import_routes,
    correction_routes,
    feed_routes,
    portal_routes,
    desk_routes,
    admin_routes,
    admin_settings_routes,
    NULL,
};

static const Subscription subscriptions[] = {
    { "manuscript.published", "search.index" },
    { "manuscript.withdrawn", "search.index" },
    { "manuscript.imported", "search.index" },
};

enum { KINDS_MAX = 16 };

void app_use_tables(void) {
    static JobKind kinds[KINDS_MAX]; /* filled once, before any thread starts */
    size_t count = 0;

    for (size_t i = 0; i < search_job_kind_count; i++)
        kinds[count++] = search_job_kinds[i];
    kinds[count++] = media_sweep_kind;
    kinds[count++] = intake_poll_kind;
    queue_use(kinds, count, subscriptions, COUNT_OF(subscriptions));
}

/* identity knows who may; the register knows the number that the log writes down. */
static Err may(Ctx *ctx, int cap, bool is_per_outlet, bool *ret) {
    Outlet outlet;

    TRY(identity_hooks.may(ctx, cap, is_per_outlet, ret));
    if (!*ret || !is_per_outlet)
        return OK;
    TRY(outlet_get(ctx, ctx->outlet_id, &outlet));
    ctx->outlet_no = outlet.no;
    return OK;
}

static void add_migrations(Migration *all, size_t *len, const Migration *some, size_t count) {
    for (size_t i = 0; i < count; i++)
        all[(*len)++] = some[i];
}

#define COUNT(room) +room##_migrations_count
#define ADD(room) add_migrations(all, &len, room##_migrations, room##_migrations_count);

static Migration *all_migrations(Arena *arena, size_t *ret_len) {
    Migration *all = arena_array(arena, 1 MIGRATIONS(COUNT), sizeof(Migration));
    size_t len = 0;

    MIGRATIONS(ADD)
    *ret_len = len;
    return all;
}

/* Who may bring an older schema up to date: nobody, `serve` on SQLite, init and upgrade on any driver. */
typedef enum SchemaRule { SCHEMA_NONE, SCHEMA_SQLITE, SCHEMA_ANY } SchemaRule;

/* Before SQLite's schema changes both files are copied to backup/{time}/. */
static Err copy_before(App *app) {
    char now[CLOCK_TEXT_MAX];
    const char *folder;

    clock_rfc3339(app->ctx.now_ms, now);
    folder =
        str_format(app->arena, "%s/%s", folder_file(app->arena, &app->folder, "backup"), now).ptr;
    TRY(folder_make_part(folder));
    return db_store_copy(app->store, app->arena, str_from_c(folder));
}

static Err check_schema(App *app, SchemaRule rule) {
    MigrateState state;
    size_t count;
    Migration *all = all_migrations(app->arena, &count);

    TRY(migrate_state(&app->ctx, all, count, &state));
    if (state.newer || state.changed)
        return migrate_apply(&app->ctx, all, count); /* its error names the remedy */
    if (!state.pending)
        return OK;
    bool may_migrate =
        rule == SCHEMA_ANY || (rule == SCHEMA_SQLITE && db_store_driver(app->store) == DB_SQLITE);
    if (!may_migrate)
        return FAIL(ERR_IO, NULL,
                    N_("The database is older than this program: stop the servers and run liandong "
                       "upgrade."));
    if (state.pending < (int)count && db_store_driver(app->store) == DB_SQLITE)
        TRY(copy_before(app));
    return migrate_apply(&app->ctx, all, count);
}

/* "features/portal/templates/home.mustache" is "portal/home"; "view/templates/frame/page.mustache" is
 * "frame/page". */
static Str template_name(Arena *arena, Str path) {
    size_t middle = str_find(path, S("/templates/"), 0);
    Str room = str_slice(path, 0, middle), file = str_slice(path, middle + 11, path.len - 9);

    if (!str_starts(room, S("features/")))
        return file;
    return str_format(arena, "%.*s/%.*s", STR_ARG(str_slice(room, 9, room.len)), STR_ARG(file));
}

static Err read_templates(Arena *arena, ViewSet **ret) {
    ViewSource *sources = arena_array(arena, app_templates_count + 1, sizeof(ViewSource));

    for (size_t i = 0; i < app_templates_count; i++)
        sources[i] = (ViewSource){
            .name = template_name(arena, str_from_c(app_templates[i].name)),
            .text = { (const char *)app_templates[i].bytes, app_templates[i].len },
        };
    return view_set_new(arena, sources, app_templates_count, ret);
}

static const char *content_type(Str name) {
    if (str_ends(name, S(".css")))
        return "text/css; charset=utf-8";
    if (str_ends(name, S(".js")))
        return "text/javascript; charset=utf-8";
    if (str_ends(name, S(".svg")))
        return "image/svg+xml";
    return "application/octet-stream";
}

static const HttpAsset *read_assets(Arena *arena) {
    HttpAsset *assets = arena_array(arena, app_assets_count + 1, sizeof(HttpAsset));

    for (size_t i = 0; i < app_assets_count; i++) {
        Str bytes = { (const char *)app_assets[i].bytes, app_assets[i].len };
        Str name = str_from_c(app_assets[i].name);
        Hash hash = hash_sha256(bytes);
        Str hex = hex_encode(arena, hash_str(&hash));
        size_t slash = str_find(name, S("assets/"), 0);
        assets[i] = (HttpAsset){
            .path = str_to_c(arena, str_slice(name, slash + 7, name.len)),
            .content_type = content_type(name),
            .bytes = bytes,
            .hash = str_to_c(arena, str_slice(hex, 0, 16)),
        };
    }
    return assets;
}

/* Ids never start below one that is stored, so that a clock set back repeats none. */
static Err raise_ids(App *app) {
    DB_ROWS(rows);

    TRY(db_query(&app->ctx, &rows,
                 "SELECT (SELECT MAX(id) FROM event), (SELECT MAX(id) FROM job),"
                 " (SELECT MAX(id) FROM ledger_pending), (SELECT MAX(entry_id) FROM ledger_entry),"
                 " (SELECT MAX(id) FROM session), (SELECT MAX(id) FROM media)",
                 NO_ARGS));
    if (db_next(&rows))
        for (int i = 0; i < 6; i++)
            ids_raise(app->ids, db_int(&rows, i));
    return db_end(&rows);
}

static void fill_http(App *app) {
    app->http =
        (HttpApp){ .config = app->folder.config,
                   .store = app->store,
                   .ids = app->ids,
                   .clock = clock_system(),
                   .chance = chance_system(),
                   .views = app->views,
                   .tables = (const Route **)(uintptr_t)app_tables,
                   .hooks = identity_hooks,
                   .assets = read_assets(app->arena),
                   .asset_count = app_assets_count,
                   .page_keys = portal_page_keys,
                   .temp_folder = str_from_c(folder_file(app->arena, &app->folder, "tmp")) };
    app->http.hooks.frame = portal_frame;
    app->http.hooks.may = may;
}

Err app_check_templates(Cli *cli, size_t *ret_count) {
    App *app = arena_alloc(cli->arena, sizeof *app);
    Buf document = buf_new(cli->arena, 0);
    Config *config;

    app->arena = cli->arena;
    app->folder.path = S(".");
    TRY(config_load(cli->arena, STR_EMPTY, STR_EMPTY, NULL, NULL, 0, &config));
    app->folder.config = config;
    TRY(read_templates(app->arena, &app->views));
    fill_http(app);
    Err err = http_openapi(cli->arena, &app->http, &document); /* which checks all tables first */
    view_set_free(app->views);
    TRY(err);
    *ret_count = app_templates_count;
    return OK;
}

/* Whose server asks: the first name that it is served under. */
static Net *open_gate(App *app) {
    StrList hosts = config_list(app->folder.config, CONFIG_HTTP_HOSTS);
    NetHow how = { .config = app->folder.config,
                   .clock = clock_system(),
                   .version = S(BUILD_VERSION) };

    if (hosts.len > 0)
        how.site_url = str_concat(app->arena, S("https://"), hosts.items[0]);
    return net_new(&how);
}

static Err open_storage(Cli *cli, App *app) {
    const Config *config = app->folder.config;

    log_set_level((LogLevel)config_int(config, CONFIG_LOG_LEVEL));
    media_use(app->folder.path);
    TRY(folder_store(app->arena, &app->folder, &app->store));
    TRY(db_open(app->store, &app->db));
    app->net = open_gate(app);
    intake_use(app->net);
    app->ids = ids_new(clock_system(), (int)config_int(config, CONFIG_NODE_ID));
    app->ctx = (Ctx){ .arena = app->arena,
                      .db = app->db,
                      .config = config,
                      .clock = clock_system(),
                      .chance = chance_system(),
                      .ids = app->ids,
                      .now_ms = clock_now_ms(clock_system()),
                      .actor = ACTOR_OPERATOR,
                      .person_name = S("operator"),
                      .lang = catalogue_lang(cli->catalogue) };
    return OK;
}

static Err open_app(Cli *cli, Str path, const ConfigFlag *flags, size_t flag_count, bool is_writer,
                    SchemaRule rule, App **ret) {
    CLEANUP(app_close_at) App *app = arena_alloc(cli->arena, sizeof *app);

    app->arena = cli->arena;
    app->folder.lock = -1;
    app_use_tables();
    TRY(folder_open(cli->arena, path, flags, flag_count, &app->folder));
    if (is_writer && config_str(app->folder.config, CONFIG_DB_URL).len == 0)
        TRY(folder_lock(cli->arena, &app->folder));
    TRY(open_storage(cli, app));
    TRY(check_schema(app, rule));
    TRY(raise_ids(app));
    TRY(read_templates(app->arena, &app->views));
    TRY(ledger_key_load(&app->ctx, str_from_c(folder_file(app->arena, &app->folder, "keys")),
                        &app->key));
    fill_http(app);
    *ret = app;
    app = NULL;
    return OK;
}

Err app_open(Cli *cli, Str path, const ConfigFlag *flags, size_t flag_count, bool is_writer,
             App **ret) {
    return open_app(cli, path, flags, flag_count, is_writer,
                    is_writer ? SCHEMA_SQLITE : SCHEMA_NONE, ret);
}

Err app_open_any(Cli *cli, Str path, const ConfigFlag *flags, size_t flag_count, App **ret) {
    return open_app(cli, path, flags, flag_count, true, SCHEMA_ANY, ret);
}

void app_close(App *app) {
    intake_use(NULL);
    net_free(app->net);
    db_close(app->db);
    if (app->store)
        db_store_close(app->store);
    ids_free(app->ids);
    view_set_free(app->views);
    sign_forget(&app->key.key);
    folder_unlock(&app->folder);
}

void app_close_at(App **app) {
    if (*app)
        app_close(*app);
}

Err app_sequence(App *app) {
    int64_t placed;

    do
        TRY(ledger_sequence(&app->ctx, &app->key, S("command"),
                            (int)config_int(app->folder.config, CONFIG_LEDGER_BATCH), NULL,
                            &placed));
    while (placed > 0);
    return OK;
}
