/* app/cmd_server.c - init, serve, work, upgrade: the life of one alliance. */
#include "app/commands.h"
#include "app/server.h"
#include "features/identity/identity.h"
#include "features/intake/intake_feed.h"
#include "features/site/site.h"

static const unsigned ALL_LANES = (1u << LANE_COUNT) - 1;

/* ---- init ---- */

/* The origin becomes the name of the log's key: no blanks, no plus sign. */
static Err check_origin(Str origin) {
    for (size_t i = 0; i < origin.len; i++)
        if ((unsigned char)origin.ptr[i] <= ' ' || origin.ptr[i] == '+')
            return FAIL(
                ERR_INVALID, "--origin",
                N_("The origin of the log is a name like example.edu/liandong, without blanks."));
    return OK;
}

Err init_alliance(Cli *cli, Str path, const InitAs *as, App **ret) {
    CLEANUP(app_close_at) App *app = NULL;
    Folder folder = { .path = path };
    const char *keys;
    Ctx scratch = { .arena = cli->arena, .chance = chance_system(), .clock = clock_system() };

    TRY(check_origin(as->origin));
    TRY(folder_make(cli->arena, path));
    keys = folder_file(cli->arena, &folder, "keys");
    TRY(ledger_key_make(&scratch, str_from_c(keys), as->origin));
    TRY(app_open_any(cli, path, as->flags, as->flag_count, &app));
    Site site = { .name = as->name,
                  .tagline = as->tagline,
                  .zone = as->zone,
                  .origin = as->origin,
                  .is_demo = as->is_demo };
    TRY(ledger_vkey(cli->arena, &app->key, &site.vkey));
    TRY(site_create(&app->ctx, &site));
    *ret = app;
    app = NULL;
    return OK;
}

/* The first administrator sets a password by a link that is shown once. */
static Err invite_first(Cli *cli, App *app, Str *ret_link) {
    Person person;
    int64_t unit, grant;
    Str token, login = cli_value(cli, "--admin");

    if (login.len == 0)
        login = S("admin");
    TRY(unit_ensure(&app->ctx, S("联盟办公室"), S("部门"), 0, &unit));
    TRY(person_add(&app->ctx, login, login, unit, &person));
    TRY(grant_give(&app->ctx, person.id, S("管理员"), 0, app->ctx.now_ms, 0, &grant));
    TRY(grant_give(&app->ctx, person.id, S("登记员"), 0, app->ctx.now_ms, 0, &grant));
    TRY(invitation_make(&app->ctx, person.id, &token));
    *ret_link = str_format(cli->arena, "/invitations/%.*s", STR_ARG(token));
    return OK;
}

static Str value_or(Cli *cli, const char *option, Str otherwise) {
    Str value = cli_value(cli, option);

    return value.len ? value : otherwise;
}

static Err run_init(Cli *cli, int *ret_status) {
    CLEANUP(app_close_at) App *app = NULL;
    Str path, link;
    ConfigFlag url = { S("db.url"), cli_value(cli, "--db"), S("--db") };
    InitAs as = { .name = value_or(cli, "--name", S("媒体联盟")),
                  .tagline = S("一处首发，公开更正"),
                  .zone = value_or(cli, "--zone", S(SITE_ZONE_DEFAULT)),
                  .origin = value_or(cli, "--origin", S("localhost/liandong")),
                  .flags = &url,
                  .flag_count = url.value.len ? 1 : 0 };

    (void)ret_status;
    TRY(folder_path(cli, &path));
    TRY(init_alliance(cli, path, &as, &app));
    if (url.value.len)
        TRY(folder_write_setting(cli->arena, &app->folder, "db.url", url.value));
    TRY(invite_first(cli, app, &link));
    TRY(app_sequence(app));
    cli_say(cli_text(cli, N_("A new alliance is in {0}. Start it with: liandong serve --data {0}"),
                     path, STR_EMPTY));
    cli_say(cli_text(cli,
                     N_("The first administrator sets a password here, once, within 72 hours:"),
                     STR_EMPTY, STR_EMPTY));
    Str listen = config_str(app->folder.config, CONFIG_HTTP_LISTEN); /* where serve will answer */
    return cli_write(str_format(cli->arena, "http://%.*s%.*s\n", STR_ARG(listen), STR_ARG(link)));
}

/* ---- serve, work, upgrade ---- */

static size_t listen_flag(Cli *cli, ConfigFlag *flag) {
    *flag = (ConfigFlag){ S("http.listen"), cli_value(cli, "--listen"), S("--listen") };
    return flag->value.len ? 1 : 0;
}

static Err run_serve(Cli *cli, int *ret_status) {
    CLEANUP(app_close_at) App *app = NULL;
    Server *server;
    Str path;
    ConfigFlag flag;
    size_t flag_count = listen_flag(cli, &flag);

    (void)ret_status;
    server_block_signals();
    TRY(folder_path(cli, &path));
    TRY(app_open(cli, path, &flag, flag_count, true, &app));
    TRY(folder_empty_tmp(cli->arena, &app->folder));
    TRY(server_start(app, STR_EMPTY, cli_has(cli, "--no-jobs") ? 0 : ALL_LANES, &server));
    cli_say(cli_text(cli, N_("Liandong listens on port {0}. Stop it with Ctrl-C."),
                     str_from_int(cli->arena, server_port(server)), STR_EMPTY));
    server_wait_for_signal();
    server_stop(server);
    return OK;
}

static Err read_lanes(Cli *cli, unsigned *ret) {
    static const char *const names[LANE_COUNT] = { "deliver", "compute", "mail", "upkeep",
                                                   "release" };
    Str rest = cli_value(cli, "--lanes"), word;

    *ret = rest.len ? 0 : ALL_LANES;
    while (str_cut(&rest, ',', &word)) {
        unsigned lane = 0;
        for (int i = 0; i < LANE_COUNT; i++)
            if (str_eq(str_trim(word), str_from_c(names[i])))
                lane = 1u << i;
        if (!lane)
            return FAIL_ARGS(
                ERR_INVALID, "--lanes",
                N_("There is no lane {0}; there are deliver, compute, mail, upkeep and release."),
                word);
        *ret |= lane;
    }
    return OK;
}

static Err run_work(Cli *cli, int *ret_status) {
    CLEANUP(app_close_at) App *app = NULL;
    Str path;
    unsigned lanes;
    QueueRunner *queue;
    int64_t planned;

    (void)ret_status;
    server_block_signals();
    TRY(read_lanes(cli, &lanes));
    TRY(folder_path(cli, &path));
    TRY(app_open(cli, path, NULL, 0, true, &app));
    TRY(app_begin_jobs(app));
    QueueApp with = { app->folder.config, app->store, app->ids, clock_system(), chance_system() };
    if (lanes & 1u << LANE_DELIVER)
        TRY(intake_feed_plan(&app->ctx, false, &planned));
    TRY(queue_start(&with, lanes, &queue));
    server_wait_for_signal();
    queue_stop(queue);
    return OK;
}

static Err run_upgrade(Cli *cli, int *ret_status) {
    CLEANUP(app_close_at) App *app = NULL;
    Str path;

    (void)ret_status;
    TRY(folder_path(cli, &path));
    TRY(app_open_any(cli, path, NULL, 0, &app));
    cli_say(cli_text(cli, N_("The database fits this program."), STR_EMPTY, STR_EMPTY));
    return OK;
}

static const CliOption init_options[] = {
    { "--data", true, N_("the data folder, made if it is not there") },
    { "--name", true, N_("name of the alliance") },
    { "--zone", true, N_("IANA time zone, Asia/Shanghai by default") },
    { "--origin", true, N_("name of the log, like example.edu/liandong; cannot be changed") },
    { "--admin", true, N_("sign-in name of the first administrator") },
    { "--db", true, N_("postgres://USER@HOST/DATABASE instead of SQLite") },
    { 0 },
};
static const CliOption serve_options[] = {
    { "--data", true, N_("the data folder") },
    { "--listen", true, N_("address and port, 127.0.0.1:8080 by default") },
    { "--no-jobs", false, N_("requests only; liandong work runs the jobs") },
    { 0 },
};
static const CliOption work_options[] = {
    { "--data", true, N_("the data folder") },
    { "--lanes", true, N_("deliver,compute,mail,upkeep,release; all by default") },
    { 0 },
};
static const CliOption upgrade_options[] = {
    { "--data", true, N_("the data folder") },
    { 0 },
};

const Command server_commands[] = {
    { "init", "[--data DIR] [--name NAME] [--zone ZONE] [--origin NAME] [--admin LOGIN] [--db URL]",
      N_("Makes a new alliance: folder, database, keys, first administrator."), init_options,
      run_init, 0, 0 },
    { "serve", "[--data DIR] [--listen ADDR:PORT] [--no-jobs]", N_("Runs the server."),
      serve_options, run_serve, 0, 0 },
    { "work", "[--data DIR] [--lanes LANES]", N_("Runs jobs without answering requests."),
      work_options, run_work, 0, 0 },
    { "upgrade", "[--data DIR]", N_("Brings the database to this program's schema."),
      upgrade_options, run_upgrade, 0, 0 },
    { 0 },
};
