/* app/cmd_check.c - liandong check: so far only what can be made anew. */
#include "app/commands.h"
#include "app/follow.h"

static Err begin_rebuild(Caller *caller, Str *ret_path) {
    Call call = { .method = S("POST"),
                  .path = S("/admin/long-work"),
                  .content_type = S("application/json"),
                  .body = S("{\"kind\":\"search.rebuild\"}") };
    Answer answer;

    TRY(call_ask(caller, &call, &answer));
    TRY(call_check(caller->cli, &answer));
    *ret_path = json_get_text(answer.body, "url");
    return OK;
}

static Err tell(Cli *cli, const Json *work) {
    Buf out = buf_new(cli->arena, 0);

    if (cli_has(cli, "--json")) {
        json_write(&out, work);
        buf_add_char(&out, '\n');
        return cli_write(buf_str(&out));
    }
    return cli_write(str_concat(
        cli->arena,
        cli_text(
            cli,
            N_("The search index was made anew: {0}. Database, log and files were not checked; "
               "that is not built yet."),
            json_get_text(work, "progress"), STR_EMPTY),
        S("\n")));
}

static Err run_check(Cli *cli, int *ret_status) {
    CLEANUP(call_close) Caller caller = { 0 };
    Answer answer;
    Str path;

    if (!cli_has(cli, "--rebuild"))
        return FAIL(
            ERR_INVALID, "--rebuild",
            N_("The check itself is not built yet; --rebuild makes the search index anew."));
    TRY(call_open(cli, &caller));
    TRY(begin_rebuild(&caller, &path));
    TRY(follow_work(&caller, path, &answer, ret_status));
    TRY(call_end(&caller));
    return *ret_status ? OK : tell(cli, json_get(answer.body, "work"));
}

static const CliOption check_options[] = {
    { "--data", true, N_("the data folder") },
    { "--token-file", true, N_("file with a person's token; LIANDONG_TOKEN serves as well") },
    { "--json", false, N_("JSON lines") },
    { "--rebuild", false, N_("make the search index anew from the published stories") },
    { 0 },
};

const Command cmd_check_commands[] = {
    { "check", "--rebuild [--json] [--data DIR]",
      N_("Makes anew what can be made anew: the search index."), check_options, run_check, 0, 0 },
    { 0 },
};
