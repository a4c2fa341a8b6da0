/* app/wire.c - names all features: tables of routes, migrations, jobs, subscriptions, templates. */
#include "app/wire.h"

#include <assert.h>

#include "app/build_info.h"
#include "app/look.h"
#include "base/log.h"
#include "base/vec.h"
#include "db/migrate.h"
#include "features/admin/admin.h"
#include "features/adoption/adoption.h"
#include "features/annual/annual.h"
#include "features/correction/correction.h"
#include "features/desk/desk.h"
#include "features/feed/feed.h"
#include "features/handover/handover.h"
#include "features/identity/identity.h"
#include "features/intake/intake_hub.h"
#include "features/manuscript/manuscript.h"
#include "features/media/media.h"
#include "features/planning/planning.h"
#include "features/portal/portal.h"
#include "features/proof/proof.h"
#include "features/register/register.h"
#include "features/search/search.h"
#include "features/site/site.h"

extern const size_t app_templates_count;

#define MIGRATIONS(X)                                                                              \
    X(db)                                                                                          \
    X(queue)                                                                                       \
    X(ledger)                                                                                      \
    X(site)                                                                                        \
    X(identity)                                                                                    \
    X(register)                                                                                    \
    X(annual)                                                                                      \
    X(handover)                                                                                    \
    X(media)                                                                                       \
    X(intake)                                                                                      \
    X(manuscript)                                                                                  \
    X(correction)                                                                                  \
    X(planning)                                                                                    \
    X(proof)                                                                                       \
    X(adoption)

#define DECLARE(room)                                                                              \
    extern const Migration room##_migrations[];                                                    \
    extern const size_t room##_migrations_count;
MIGRATIONS(DECLARE)

const Route *const app_tables[] = {
    identity_routes,
    identity_factor_routes,
    register_routes,
    annual_routes,
    handover_routes,
    media_routes,
    intake_routes,
    intake_desk_routes,
    intake_feed_routes,
    intake_hub_routes,
    manuscript_routes,
    manuscript_desk_routes,
    manuscript_plan_routes,
    manuscript_review_routes,
    manuscript_link_routes,
    manuscript_write_routes,
    manuscript_import_routes,
    manuscript_word_routes,
    correction_routes,
    pitch_routes,
    assignment_routes,
    calendar_routes,
    proof_routes,
    adoption_routes,
    proof_list_routes,
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

enum { KINDS_MAX = 16, SWEEP_AFTER_START_MS = 3600000 };

void app_use_tables(void) {
    static JobKind kinds[KINDS_MAX]; /* filled once, before any thread starts */
    static WorkKind works[2];
    size_t count = 0;

    for (size_t i = 0; i < search_job_kind_count; i++)
        kinds[count++] = search_job_kinds[i];
    for (size_t i = 0; i < manuscript_job_kind_count; i++)
        kinds[count++] = manuscript_job_kinds[i];
    kinds[count++] = media_sweep_kind;
    kinds[count++] = intake_poll_kind;
    kinds[count++] = work_job_kind;
    works[0] = manuscript_import_work;
    works[1] = search_rebuild_work;
    work_use(works, COUNT_OF(works));
    kinds[count++] = intake_hub_kind;
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

/* What a watchman outside asks for: is anything owed and not done? */
static Err gauges(Ctx *ctx, HttpGauge *ret, size_t max, size_t *ret_len) {
    JobCounts jobs;
    int64_t plans, reviews;

    assert(max >= 4);
    TRY(job_counts(ctx, &jobs));
    TRY(manuscript_plans_overdue(ctx, &plans));
    TRY(manuscript_reviews_overdue(ctx, &reviews));
    ret[0] = (HttpGauge){ "jobs_overdue", jobs.overdue };
    ret[1] = (HttpGauge){ "jobs_dead", jobs.dead };
    ret[2] = (HttpGauge){ "plans_overdue", plans };
    ret[3] = (HttpGauge){ "reviews_overdue", reviews };
    *ret_len = 4;
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

/* Ids never start below one that is stored, so that a clock set back repeats none. */
static Err raise_ids(App *app) {
    DB_ROWS(rows);

    TRY(db_query(&app->ctx, &rows,
                 "SELECT (SELECT MAX(id) FROM event), (SELECT MAX(id) FROM job),"
                 " (SELECT MAX(id) FROM ledger_pending), (SELECT MAX(entry_id) FROM ledger_entry),"
                 " (SELECT MAX(id) FROM session), (SELECT MAX(id) FROM media),"
                 " (SELECT MAX(id) FROM work)",
                 NO_ARGS));
    if (db_next(&rows))
        for (int i = 0; i < 7; i++)
            ids_raise(app->ids, db_int(&rows, i));
    return db_end(&rows);
}

Err app_make_http(App *app) {
    app->http =
        (HttpApp){ .config = app->folder.config,
                   .store = app->store,
                   .ids = app->ids,
                   .clock = clock_system(),
                   .chance = chance_system(),
                   .tables = (const Route **)(uintptr_t)app_tables,
                   .hooks = identity_hooks,
                   .page_keys = portal_page_keys,
                   .temp_folder = str_from_c(folder_file(app->arena, &app->folder, "tmp")) };
    app->http.hooks.frame = portal_frame;
    app->http.hooks.may = may;
    app->http.hooks.gauges = gauges;
    app->http.hooks.refused_name = site_refused_name;
    return look_built_in(app);
}

static Err check_look(App *app, Str folder, size_t *ret_used) {
    LookState look;

    TRY(look_apply(app, folder, &look));
    *ret_used = look.used;
    if (look.fault_count == 0)
        return look.used > 0
                   ? OK
                   : FAIL_ARGS(ERR_INVALID, NULL,
                               N_("{0} holds no file of a look: ROOM/NAME.mustache, look.css "
                                  "or icon.svg."),
                               folder);
    return look.faults[0].err;
}

Err app_check_templates(Cli *cli, Str look, size_t *ret_count, size_t *ret_used) {
    App *app = arena_alloc(cli->arena, sizeof *app);
    Buf document = buf_new(cli->arena, 0);
    Config *config;

    app->arena = cli->arena;
    app->folder.path = S(".");
    TRY(config_load(cli->arena, STR_EMPTY, STR_EMPTY, NULL, NULL, 0, &config));
    app->folder.config = config;
    TRY(app_make_http(app));
    Err err = http_openapi(cli->arena, &app->http, &document); /* which checks all tables first */
    if (err.code == ERR_OK && look.len > 0)
        err = check_look(app, look, ret_used);
    view_set_free(app->views);
    TRY(err);
    *ret_count = app_templates_count;
    return OK;
}

/* The first name that it is served under; empty where it has none: nobody outside knows a way to it. */
static Str site_url(const App *app) {
    StrList hosts = config_list(app->folder.config, CONFIG_HTTP_HOSTS);

    return hosts.len > 0 ? str_concat(app->arena, S("https://"), hosts.items[0]) : STR_EMPTY;
}

/* Whose server asks. */
static Net *open_gate(App *app) {
    NetHow how = { .config = app->folder.config,
                   .clock = clock_system(),
                   .version = S(BUILD_VERSION),
                   .site_url = site_url(app) };

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

static void log_look(const LookState *look) {
    for (size_t i = 0; i < look->fault_count; i++)
        log_line(NULL, LOG_WARN, "look.refused",
                 LOG_FIELDS({ "file", look->faults[i].file },
                            { "why", str_from_c(look->faults[i].err.msgid) },
                            { "what", look->faults[i].err.args[0] },
                            { "line", look->faults[i].err.args[1] }));
}

/*
 * The key of the wrapped secrets is made where it is missing, but not in place of a lost one: what it wrapped opens
 * under no other.
 */
static Err use_box(App *app) {
    bool has_wrapped;

    TRY(identity_has_wrapped(&app->ctx, &has_wrapped));
    TRY(folder_box_key(app->arena, &app->folder, !has_wrapped, &app->box));
    if (app->box.number == 0)
        log_line(&app->ctx, LOG_WARN, "app.no_box_key",
                 LOG_FIELDS({ "remedy", S("put back keys/box.key") }));
    identity_use_box(&app->box);
    intake_hub_use(&app->box, site_url(app));
    return OK;
}

static Err open_app(Cli *cli, Str path, const ConfigFlag *flags, size_t flag_count, bool is_writer,
                    SchemaRule rule, App **ret) {
    CLEANUP(app_close_at) App *app = arena_alloc(cli->arena, sizeof *app);
    LookState *look = arena_alloc(cli->arena, sizeof *look);

    app->arena = cli->arena;
    app->folder.lock = -1;
    app_use_tables();
    TRY(folder_open(cli->arena, path, flags, flag_count, &app->folder));
    if (is_writer && config_str(app->folder.config, CONFIG_DB_URL).len == 0)
        TRY(folder_lock(cli->arena, &app->folder));
    TRY(open_storage(cli, app));
    TRY(check_schema(app, rule));
    TRY(raise_ids(app));
    TRY(use_box(app));
    TRY(ledger_key_load(&app->ctx, str_from_c(folder_file(app->arena, &app->folder, "keys")),
                        &app->key));
    TRY(app_make_http(app));
    TRY(look_apply(app, str_from_c(folder_file(app->arena, &app->folder, "look")), look));
    log_look(look);
    admin_look_use(look);
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

/* An hour after the start: a server that has just come up has other things to do. */
static Err plan_sweep(Ctx *ctx) {
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(media_sweep_plan(ctx, ctx->now_ms + SWEEP_AFTER_START_MS));
    return db_commit(&tx);
}

Err app_begin_jobs(App *app) {
    int64_t planned;

    app->ctx.now_ms = clock_now_ms(app->ctx.clock);
    TRY(manuscript_plans_begin(&app->ctx));
    TRY(plan_sweep(&app->ctx));
    return intake_feed_plan(&app->ctx, false, &planned);
}

void app_close(App *app) {
    intake_use(NULL);
    intake_hub_use(NULL, STR_EMPTY);
    net_free(app->net);
    db_close(app->db);
    if (app->store)
        db_store_close(app->store);
    ids_free(app->ids);
    view_set_free(app->views);
    sign_forget(&app->key.key);
    box_forget(&app->box);
    folder_unlock(&app->folder);
}

void app_close_at(App **app) {
    if (*app)
        app_close(*app);
}

void app_tag_placed(Ctx *ctx, const int64_t *subject_ids, size_t count) {
    for (size_t i = 0; i < count; i++)
        *(Str *)VEC_PUSH(ctx->arena, &ctx->changed) =
            str_format(ctx->arena, "article:%lld", (long long)subject_ids[i]);
    *(Str *)VEC_PUSH(ctx->arena, &ctx->changed) = S("log");
}

Err app_sequence(App *app) {
    int64_t placed = 0;

    do {
        Err err = ledger_sequence(&app->ctx, &app->key, S("command"),
                                  (int)config_int(app->folder.config, CONFIG_LEDGER_BATCH),
                                  app_tag_placed, &placed);
        if (err.code == ERR_BUSY)
            return OK; /* another process is at it and places these too */
        TRY(err);
    } while (placed > 0);
    return OK;
}
