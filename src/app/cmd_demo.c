/* app/cmd_demo.c - demo: init, fill and serve in one command; a sign-in for each role. */
#include <assert.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/demo.h"
#include "app/server.h"
#include "sec/token.h"

static const char ORIGIN[] = "demo.invalid/liandong";

enum { DEMO_PORT = 8080, DEMO_PORTS = 20 };

/* Where the drawings were put by the build: beside the program, or where install put them. */
static Str find_pictures(Arena *arena) {
    static const char *const places[] = { "demo/pictures", "../share/liandong/demo/pictures" };
    char *path = arena_alloc(arena, 4096);
    ssize_t len;

    assert(path); /* gcc 12 loses sight of it under the sanitizers */
    len = readlink("/proc/self/exe", path, 4095);
    if (len <= 0)
        return STR_EMPTY;
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = '\0';
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        Str folder = str_format(arena, "%s/%s", path, places[i]);
        if (access(folder.ptr, R_OK) == 0)
            return folder;
    }
    return STR_EMPTY;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where) {
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

static Err temporary_folder(Arena *arena, Str *ret) {
    const char *base = getenv("TMPDIR");
    Str path = str_format(arena, "%s/liandong-demo-XXXXXX", base && *base ? base : "/tmp");

    if (!mkdtemp((char *)(uintptr_t)path.ptr))
        return FAIL_ARGS(ERR_IO, NULL,
                         N_("{0} cannot be made: check the rights and the free space."), path);
    *ret = path;
    return OK;
}

static Err save_password(Cli *cli, const App *app, Str password) {
    const char *path = folder_file(cli->arena, &app->folder, "demo-password");
    FILE *file = fopen(path, "wx");

    if (!file)
        return FAIL_ARGS(ERR_IO, NULL,
                         N_("{0} cannot be made: check the rights and the free space."),
                         str_from_c(path));
    bool is_done = fwrite(password.ptr, 1, password.len, file) == password.len;
    is_done = fclose(file) == 0 && is_done;
    return is_done ? OK
                   : FAIL_ARGS(ERR_IO, NULL,
                               N_("{0} cannot be made: check the rights and the free space."),
                               str_from_c(path));
}

/* A folder that holds a demo already is served as it is; anything else there is refused. */
static Err open_demo(Cli *cli, Str path, const ConfigFlag *flags, size_t flag_count,
                     Str *ret_password, App **ret) {
    CLEANUP(app_close_at) App *app = NULL;
    Folder folder = { .path = path };
    InitAs as = { .name = S("澄川大学媒体联盟"),
                  .tagline = S("54家媒体，一处首发，公开更正"),
                  .zone = S("Asia/Shanghai"),
                  .origin = str_from_c(ORIGIN),
                  .is_demo = true,
                  .flags = flags,
                  .flag_count = flag_count };

    if (access(folder_file(cli->arena, &folder, "VERSION"), F_OK) == 0) {
        const char *file = folder_file(cli->arena, &folder, "demo-password");
        TRY(cli_read_file(cli->arena, str_from_c(file), 100, ret_password));
        return app_open(cli, path, flags, flag_count, true, ret);
    }
    *ret_password = token_new_base32(cli->arena, chance_system(), TOKEN_LINK_BYTES);
    *ret_password = str_slice(*ret_password, 0, 10);
    TRY(init_alliance(cli, path, &as, &app));
    TRY(demo_fill(app, find_pictures(cli->arena), *ret_password));
    TRY(app_sequence(app));
    TRY(save_password(cli, app, *ret_password));
    *ret = app;
    app = NULL;
    return OK;
}

/* The address asked for, else 127.0.0.1:8080 or the next free port. */
static Err start_demo(Cli *cli, App *app, Server **ret) {
    unsigned lanes = (1u << LANE_COUNT) - 1;
    Err err = OK;

    if (cli_has(cli, "--listen"))
        return server_start(app, cli_value(cli, "--listen"), lanes, ret);
    for (int port = DEMO_PORT; port < DEMO_PORT + DEMO_PORTS; port++) {
        err = server_start(app, str_format(cli->arena, "127.0.0.1:%d", port), lanes, ret);
        if (err.code != ERR_IO)
            return err;
    }
    return err;
}

static void add_sign_in(Buf *out, const char *login, const char *role, Str password) {
    buf_add_format(out, "  %-18s %.*s   %s\n", login, STR_ARG(password), role);
}

static Err print_welcome(Cli *cli, const Server *server, Str password) {
    Buf out = buf_new(cli->arena, 0);

    buf_add_format(&out, "http://127.0.0.1:%d/\n\n", server_port(server));
    buf_add(&out, cli_text(cli, N_("Sign in as:"), STR_EMPTY, STR_EMPTY));
    buf_add_char(&out, '\n');
    for (size_t i = 0; demo_sign_ins[i].login; i++)
        add_sign_in(&out, demo_sign_ins[i].login, demo_sign_ins[i].role, password);
    buf_add_char(&out, '\n');
    buf_add(&out, cli_text(cli,
                           N_("Also try: /outlets, /search?q=图书馆, /feed.atom, /log, /desk, and "
                              "?lang=en on any page. Ctrl-C stops it."),
                           STR_EMPTY, STR_EMPTY));
    buf_add_char(&out, '\n');
    return cli_write(buf_str(&out));
}

static Err run_at(Cli *cli, Str path) {
    CLEANUP(app_close_at) App *app = NULL;
    Server *server;
    Str password;
    const ConfigFlag flags[] = { { S("site.insecure"), S("true"), STR_EMPTY } };

    TRY(open_demo(cli, path, flags, COUNT_OF(flags), &password, &app));
    TRY(start_demo(cli, app, &server));
    Err err = print_welcome(cli, server, password);
    if (err.code == ERR_OK)
        server_wait_for_signal();
    server_stop(server);
    return err;
}

static Err run_demo(Cli *cli, int *ret_status) {
    Str path = cli_value(cli, "--data");

    (void)ret_status;
    server_block_signals();
    if (path.len)
        return run_at(cli, path);
    TRY(temporary_folder(cli->arena, &path));
    Err err = run_at(cli, path);
    (void)nftw(str_to_c(cli->arena, path), remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return err;
}

static const CliOption demo_options[] = {
    { "--listen", true, N_("address and port, 127.0.0.1:8080 or the next free one by default") },
    { "--data", true, N_("a folder that stays; without it one that goes at the end") },
    { 0 },
};

const Command demo_commands[] = {
    { "demo", "[--listen ADDR:PORT] [--data DIR]",
      N_("An invented alliance of 54 outlets and three years, to try everything."), demo_options,
      run_demo, 0, 0 },
    { 0 },
};
