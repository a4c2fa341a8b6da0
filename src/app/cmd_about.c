/* app/cmd_about.c - what this program and its settings are: version, config, template check. */
#include "app/build_info.h"
#include "app/commands.h"
#include "app/folder.h"
#include "app/wire.h"
#include "base/json.h"

static Err write_json(Cli *cli, const Json *value) {
    Buf out = buf_new(cli->arena, 0);

    json_write(&out, value);
    buf_add_char(&out, '\n');
    return cli_write(buf_str(&out));
}

static Err run_version(Cli *cli, int *ret_status) {
    static const char *const libraries[][2] = { BUILD_LIBRARIES };
    Json *out = json_obj(cli->arena), *used = json_obj(cli->arena);

    (void)ret_status;
    if (!cli_has(cli, "--json"))
        return cli_write(S("liandong " BUILD_VERSION "\n"));
    json_set(out, "version", json_str(cli->arena, S(BUILD_VERSION)));
    json_set(out, "commit", json_str(cli->arena, S(BUILD_COMMIT)));
    json_set(out, "compiler", json_str(cli->arena, S(BUILD_COMPILER)));
    for (size_t i = 0; i < COUNT_OF(libraries); i++)
        json_set(used, libraries[i][0], json_str(cli->arena, str_from_c(libraries[i][1])));
    json_set(out, "libraries", used);
    return write_json(cli, out);
}

/* ---- config ---- */

static const char *source_name(ConfigSource source) {
    static const char *const names[] = { "default", "file", "environment", "flag" };

    return names[source];
}

/* The settings of the folder named, or the defaults and the environment where none is. */
static Err load(Cli *cli, const Config **ret) {
    extern char **environ;
    Folder folder;
    Config *config;
    Str path;

    if (!cli_value(cli, "--data").len && !getenv("LIANDONG_DATA")) {
        TRY(config_load(cli->arena, STR_EMPTY, S("liandong.conf"), environ, NULL, 0, &config));
        *ret = config;
        return OK;
    }
    TRY(folder_path(cli, &path));
    TRY(folder_open(cli->arena, path, NULL, 0, &folder));
    *ret = folder.config;
    return OK;
}

static Json *item_json(Cli *cli, const ConfigItem *item) {
    Json *out = json_obj(cli->arena);

    json_set(out, "name", json_str(cli->arena, item->name));
    json_set(out, "value", json_str(cli->arena, item->value));
    json_set(out, "type", json_str(cli->arena, item->type_name));
    json_set(out, "default", json_str(cli->arena, item->initial));
    json_set(out, "lowest", json_int(cli->arena, item->lowest));
    json_set(out, "highest", json_int(cli->arena, item->highest));
    json_set(out, "source", json_str(cli->arena, str_from_c(source_name(item->source))));
    json_set(out, "place", json_str(cli->arena, item->place));
    json_set(out, "help",
             json_str(cli->arena, catalogue_text(cli->catalogue, str_from_c(item->help))));
    return out;
}

static Err run_config_list(Cli *cli, int *ret_status) {
    const Config *config;
    Buf out = buf_new(cli->arena, 0);

    (void)ret_status;
    TRY(load(cli, &config));
    for (int id = 0; id < CONFIG_COUNT; id++) {
        ConfigItem item = config_item(config, (ConfigId)id);
        if (cli_has(cli, "--json")) {
            json_write(&out, item_json(cli, &item));
            buf_add_char(&out, '\n');
        } else {
            buf_add_format(&out, "%-26.*s %-18.*s %s\n", STR_ARG(item.name), STR_ARG(item.value),
                           source_name(item.source));
        }
    }
    return cli_write(buf_str(&out));
}

static Err run_config_explain(Cli *cli, int *ret_status) {
    const Config *config;
    ConfigId id;
    Buf out = buf_new(cli->arena, 0);

    (void)ret_status;
    TRY(load(cli, &config));
    if (!config_find(cli->words[0], &id))
        return FAIL_ARGS(ERR_NOT_FOUND, NULL,
                         N_("There is no setting {0}; liandong config list shows those there are."),
                         cli->words[0]);
    ConfigItem item = config_item(config, id);
    if (cli_has(cli, "--json"))
        return write_json(cli, item_json(cli, &item));
    buf_add_format(&out, "%.*s = %.*s\n", STR_ARG(item.name), STR_ARG(item.value));
    buf_add(&out, catalogue_text(cli->catalogue, str_from_c(item.help)));
    buf_add_format(&out, "\n%.*s, %.*s (%s%s%.*s)", STR_ARG(item.type_name), STR_ARG(item.initial),
                   source_name(item.source), item.place.len ? ": " : "", STR_ARG(item.place));
    if (item.lowest || item.highest)
        buf_add_format(&out, ", %lld..%lld", (long long)item.lowest, (long long)item.highest);
    buf_add_char(&out, '\n');
    return cli_write(buf_str(&out));
}

static Err run_template_check(Cli *cli, int *ret_status) {
    size_t count, used = 0;
    Str look = cli_value(cli, "--look");

    (void)ret_status;
    TRY(app_check_templates(cli, look, &count, &used));
    if (look.len == 0)
        return cli_write(str_format(cli->arena, "templates: %zu files, 0 faults\n", count));
    return cli_write(str_format(
        cli->arena, "templates: %zu files, 0 faults; look: %zu files, 0 faults\n", count, used));
}

static const CliOption version_options[] = {
    { "--json", false, N_("with commit, compiler and libraries, as JSON") },
    { 0 },
};
static const CliOption template_options[] = {
    { "--look", true, N_("a folder of one's own templates, look.css and icon.svg") },
    { 0 },
};
static const CliOption config_options[] = {
    { "--data", true, N_("the data folder") },
    { "--json", false, N_("JSON lines") },
    { 0 },
};

const Command about_commands[] = {
    { "version", "[--json]", N_("What this program is made of."), version_options, run_version, 0,
      0 },
    { "config list", "[--data DIR] [--json]", N_("Every process setting and where it came from."),
      config_options, run_config_list, 0, 0 },
    { "config explain", "NAME [--data DIR] [--json]", N_("One setting: its bounds and its reason."),
      config_options, run_config_explain, 1, 1 },
    { "template check", "[--look DIR]", N_("Do the templates know only their models' keys?"),
      template_options, run_template_check, 0, 0 },
    { 0 },
};
