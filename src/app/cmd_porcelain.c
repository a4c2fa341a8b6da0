/* app/cmd_porcelain.c - commands for people that call a route of the table: import, user, job. */
#include "app/call.h"
#include "app/commands.h"
#include "app/follow.h"

static Err write_line(Cli *cli, const Json *value) {
    Buf out = buf_new(cli->arena, 0);

    json_write(&out, value);
    buf_add_char(&out, '\n');
    return cli_write(buf_str(&out));
}

static Err write_text(Cli *cli, const char *msgid, Str a, Str b) {
    return cli_write(str_concat(cli->arena, cli_text(cli, msgid, a, b), S("\n")));
}

static Str form_body(Cli *cli, Json *object, Str *ret_type) {
    Buf out = buf_new(cli->arena, 0);

    json_write(&out, object);
    *ret_type = S("application/json");
    return buf_str(&out);
}

static Err post(Cli *cli, Str path, Json *object, Answer *ret) {
    Call call = { .method = S("POST"), .path = path };

    call.body = form_body(cli, object, &call.content_type);
    TRY(call_route(cli, &call, ret));
    return call_check(cli, ret);
}

static Err get(Cli *cli, Str path, Answer *ret) {
    Call call = { .method = S("GET"), .path = path };

    TRY(call_route(cli, &call, ret));
    return call_check(cli, ret);
}

/* ---- import ---- */

static Str join_texts(Cli *cli, const Json *list) {
    Buf out = buf_new(cli->arena, 0);

    for (size_t i = 0; list && list->type == JSON_ARRAY && i < list->array.len; i++) {
        if (i > 0)
            buf_add_char(&out, ' ');
        if (list->array.items[i]->type == JSON_STRING)
            buf_add(&out, list->array.items[i]->string);
    }
    return buf_str(&out);
}

static void add_row(Cli *cli, const Json *row, Buf *out) {
    const Json *line = json_get(row, "line");
    Str name = json_get_text(row, "name"), key = json_get_text(row, "key");
    Str outcome = catalogue_text(cli->catalogue, json_get_text(row, "outcome"));

    if (!name.len)
        name = json_get_text(row, "title");
    buf_add_format(out, "%lld\t%.*s\t%.*s\t%.*s",
                   line && line->type == JSON_INT ? (long long)line->integer : 0LL,
                   STR_ARG(outcome), STR_ARG(key), STR_ARG(name));
    Str reasons = join_texts(cli, json_get(row, "reasons")),
        notes = join_texts(cli, json_get(row, "notes"));
    if (reasons.len)
        buf_add_format(out, "\t%.*s", STR_ARG(reasons));
    if (notes.len)
        buf_add_format(out, "\t%.*s", STR_ARG(notes));
    buf_add_char(out, '\n');
}

/* The report, row by row; the exit status is 1 when a row is refused. */
static Err show_report(Cli *cli, const Answer *answer, int *ret_status) {
    Buf out = buf_new(cli->arena, 0);
    const Json *rows = json_get(answer->body, "rows"),
               *refused = json_get(answer->body, "refused_count");

    for (size_t i = 0; i < rows->array.len; i++) {
        if (cli_has(cli, "--json")) {
            json_write(&out, rows->array.items[i]);
            buf_add_char(&out, '\n');
        } else {
            add_row(cli, rows->array.items[i], &out);
        }
    }
    if (refused && refused->type == JSON_INT && refused->integer > 0)
        *ret_status = 1;
    return cli_write(buf_str(&out));
}

static Err run_import(Cli *cli, Str path, const char *const *names, const Str *values, size_t count,
                      int *ret_status) {
    CLEANUP(call_close) Caller caller = { 0 };
    Str bytes;
    Answer answer, last;
    Call call = { .method = S("POST"), .path = path };

    TRY(cli_input(cli, 0, &bytes));
    call.body = call_form(cli, names, values, count, "file",
                          cli->word_count ? cli->words[0] : S("-"), bytes, &call.content_type);
    TRY(call_open(cli, &caller));
    TRY(call_ask(&caller, &call, &answer));
    const Json *rows = json_get(answer.body, "rows");
    if (!rows || rows->type != JSON_ARRAY) {
        TRY(call_end(&caller));
        return call_check(cli, &answer);
    }
    Str work = json_get_text(json_get(answer.body, "work"), "url");
    if (work.len)
        TRY(follow_work(&caller, work, &last, ret_status));
    TRY(call_end(&caller));
    return *ret_status ? OK : show_report(cli, &answer, ret_status);
}

static Err run_import_outlets(Cli *cli, int *ret_status) {
    static const char *const names[] = { "dry_run" };
    Str values[] = { cli_has(cli, "--dry-run") ? S("1") : S("0") };

    return run_import(cli, S("/admin/outlets/import"), names, values, 1, ret_status);
}

static Err run_import_stories(Cli *cli, int *ret_status) {
    static const char *const names[] = { "dry_run", "outlet" };
    Str values[] = { cli_has(cli, "--dry-run") ? S("1") : S("0"), cli_value(cli, "--outlet") };

    if (!values[1].len)
        return FAIL(ERR_INVALID, "--outlet", N_("Name the outlet by its number: --outlet NO."));
    return run_import(cli, S("/import/stories"), names, values, 2, ret_status);
}

/* ---- user ---- */

static Err find_person(Cli *cli, Str login, Str *ret_id) {
    Answer answer;
    Str path = str_format(cli->arena, "/admin/people?login=%.*s", STR_ARG(login));

    for (size_t i = 0; i < login.len; i++)
        if ((unsigned char)login.ptr[i] <= ' ' || strchr("&?#%/", login.ptr[i]))
            return FAIL_ARGS(ERR_NOT_FOUND, "login",
                             N_("There is no person with the sign-in name {0}."), login);
    TRY(get(cli, path, &answer));
    const Json *people = json_get(answer.body, "people");
    if (!people || people->type != JSON_ARRAY || people->array.len != 1)
        return FAIL_ARGS(ERR_NOT_FOUND, "login",
                         N_("There is no person with the sign-in name {0}."), login);
    *ret_id = json_get_text(people->array.items[0], "id");
    return OK;
}

static Err show_link(Cli *cli, Str id) {
    Answer answer;

    TRY(post(cli, str_format(cli->arena, "/admin/people/%.*s/invitation", STR_ARG(id)),
             json_obj(cli->arena), &answer));
    if (cli_has(cli, "--json"))
        return write_line(cli, answer.body);
    return write_text(cli, N_("A password is set here, once, within 72 hours: {0}"),
                      json_get_text(answer.body, "link"), STR_EMPTY);
}

static Err run_user_add(Cli *cli, int *ret_status) {
    Json *body = json_obj(cli->arena);
    Answer answer;

    (void)ret_status;
    json_set(body, "login", json_str(cli->arena, cli->words[0]));
    json_set(body, "name", json_str(cli->arena, cli->words[1]));
    json_set(body, "unit", json_str(cli->arena, cli_value(cli, "--unit")));
    TRY(post(cli, S("/admin/people"), body, &answer));
    return show_link(cli, json_get_text(answer.body, "id"));
}

static Err run_user_grant(Cli *cli, int *ret_status) {
    Json *body = json_obj(cli->arena);
    Answer answer;
    Str id;

    (void)ret_status;
    TRY(find_person(cli, cli->words[0], &id));
    json_set(body, "role", json_str(cli->arena, cli->words[1]));
    json_set(body, "outlet", json_str(cli->arena, cli_value(cli, "--outlet")));
    if (cli_has(cli, "--from"))
        json_set(body, "from", json_str(cli->arena, cli_value(cli, "--from")));
    if (cli_has(cli, "--until"))
        json_set(body, "until", json_str(cli->arena, cli_value(cli, "--until")));
    TRY(post(cli, str_format(cli->arena, "/admin/people/%.*s/grants", STR_ARG(id)), body, &answer));
    if (cli_has(cli, "--json"))
        return write_line(cli, answer.body);
    return write_text(cli, N_("{0} is {1} now."), cli->words[0], cli->words[1]);
}

static Err run_user_revoke(Cli *cli, int *ret_status) {
    Answer answer;
    Str id;
    Json *empty = json_obj(cli->arena);

    (void)ret_status;
    TRY(find_person(cli, cli->words[0], &id));
    TRY(get(cli, str_format(cli->arena, "/admin/people/%.*s", STR_ARG(id)), &answer));
    const Json *grants = json_get(answer.body, "grants");
    for (size_t i = 0; grants && grants->type == JSON_ARRAY && i < grants->array.len; i++) {
        const Json *grant = grants->array.items[i];
        if (!str_eq(json_get_text(grant, "role"), cli->words[1]) ||
            !str_eq(json_get_text(grant, "outlet"), cli_value(cli, "--outlet")))
            continue;
        Str path =
            str_format(cli->arena, "/admin/grants/%.*s/end", STR_ARG(json_get_text(grant, "id")));
        TRY(post(cli, path, empty, &answer));
        return write_text(cli, N_("{0} is no longer {1}."), cli->words[0], cli->words[1]);
    }
    return FAIL_ARGS(ERR_NOT_FOUND, "role", N_("{0} does not hold the role {1} there."),
                     cli->words[0], cli->words[1]);
}

static Err run_user_reset(Cli *cli, int *ret_status) {
    Answer answer;
    Str id;

    (void)ret_status;
    TRY(find_person(cli, cli->words[0], &id));
    if (cli_has(cli, "--factor"))
        TRY(post(cli, str_format(cli->arena, "/admin/people/%.*s/factor", STR_ARG(id)),
                 json_obj(cli->arena), &answer));
    return show_link(cli, id);
}

/* ---- job ---- */

static bool is_true(const Json *value) {
    return value && value->type == JSON_BOOL && value->boolean;
}

static void add_job(Cli *cli, const Json *job, Buf *out) {
    Str overdue = is_true(json_get(job, "is_overdue"))
                      ? catalogue_text(cli->catalogue, str_from_c(N_("overdue")))
                      : STR_EMPTY;

    if (cli_has(cli, "--json"))
        json_write(out, job);
    else
        buf_add_format(out, "%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s",
                       STR_ARG(json_get_text(job, "id")), STR_ARG(json_get_text(job, "lane")),
                       STR_ARG(json_get_text(job, "kind")), STR_ARG(json_get_text(job, "state")),
                       STR_ARG(json_get_text(job, "due")), STR_ARG(overdue),
                       STR_ARG(json_get_text(job, "last_error")));
    buf_add_char(out, '\n');
}

/* All pages, one after the other. */
static Err run_job_list(Cli *cli, int *ret_status) {
    Buf out = buf_new(cli->arena, 0);
    Str next = STR_EMPTY;
    Answer answer;

    (void)ret_status;
    do {
        TRY(get(cli,
                str_format(cli->arena, "/admin/jobs?state=%.*s%s%.*s",
                           STR_ARG(cli_value(cli, "--state")), next.len ? "&after=" : "",
                           STR_ARG(next)),
                &answer));
        const Json *jobs = json_get(answer.body, "jobs");
        for (size_t i = 0; jobs && jobs->type == JSON_ARRAY && i < jobs->array.len; i++)
            add_job(cli, jobs->array.items[i], &out);
        next = json_get_text(answer.body, "next");
    } while (next.len);
    TRY(buf_check(&out));
    return cli_write(buf_str(&out));
}

static Err move_job(Cli *cli, const char *act) {
    Answer answer;
    int64_t id;

    if (!str_parse_int(cli->words[0], &id) || id <= 0)
        return FAIL(ERR_INVALID, "id",
                    N_("A job is named by its number; liandong job list shows them."));
    return post(cli, str_format(cli->arena, "/admin/jobs/%lld/%s", (long long)id, act),
                json_obj(cli->arena), &answer);
}

static Err run_job_retry(Cli *cli, int *ret_status) {
    (void)ret_status;
    return move_job(cli, "retry");
}

static Err run_job_hold(Cli *cli, int *ret_status) {
    (void)ret_status;
    return move_job(cli, "hold");
}

#define COMMON_OPTIONS                                                                             \
    { "--data", true, N_("the data folder") },                                                     \
        { "--token-file", true, N_("file with a person's token; LIANDONG_TOKEN serves as well") }, \
    {                                                                                              \
        "--json", false, N_("JSON lines")                                                          \
    }

static const CliOption import_options[] = {
    COMMON_OPTIONS,
    { "--dry-run", false, N_("the report only; nothing is written") },
    { "--outlet", true, N_("number of the outlet (stories)") },
    { 0 },
};
static const CliOption user_options[] = {
    COMMON_OPTIONS,
    { "--unit", true, N_("name of the unit") },
    { "--outlet", true, N_("number of the outlet; without it the whole alliance") },
    { "--from", true, N_("first day of the grant, YYYY-MM-DD; without it from now on") },
    { "--until", true, N_("last day of the grant, YYYY-MM-DD") },
    { 0 },
};
static const CliOption reset_options[] = {
    COMMON_OPTIONS,
    { "--factor", false, N_("the second step goes, too") },
    { 0 },
};
static const CliOption job_options[] = {
    COMMON_OPTIONS,
    { "--state", true, N_("ready, waiting, leased, held, unsure or dead") },
    { 0 },
};

const Command porcelain_commands[] = {
    { "import outlets", "FILE.csv [--dry-run] [--json] [--data DIR]",
      N_("The register in one go: all or nothing, with a report of every row."), import_options,
      run_import_outlets, 1, 1 },
    { "import stories", "FILE --outlet NO [--dry-run] [--json] [--data DIR]",
      N_("An outlet's old stories, from JSON Lines or JSON Feed."), import_options,
      run_import_stories, 1, 1 },
    { "user add", "LOGIN NAME [--unit UNIT] [--data DIR]",
      N_("Adds a person and prints the link that sets a password."), user_options, run_user_add, 2,
      2 },
    { "user grant", "LOGIN ROLE [--outlet NO] [--from DATE] [--until DATE] [--data DIR]",
      N_("Gives a person a role from now on."), user_options, run_user_grant, 2, 2 },
    { "user revoke", "LOGIN ROLE [--outlet NO] [--data DIR]", N_("Ends a person's role."),
      user_options, run_user_revoke, 2, 2 },
    { "user reset", "LOGIN [--factor] [--data DIR]",
      N_("Prints a link that sets a new password; with --factor also takes the second step away."),
      reset_options, run_user_reset, 1, 1 },
    { "job list", "[--state STATE] [--data DIR]", N_("What is owed and why it waits."), job_options,
      run_job_list, 0, 0 },
    { "job retry", "ID [--data DIR]", N_("Makes a waiting, held or dead job ready now."),
      job_options, run_job_retry, 1, 1 },
    { "job hold", "ID [--data DIR]", N_("Keeps a job from running."), job_options, run_job_hold, 1,
      1 },
    { 0 },
};
