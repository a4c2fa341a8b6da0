/* app/cmd_feed.c - feed add, list, poll: the outlets' feeds from the command line, through the same routes. */
#include "app/call.h"
#include "app/commands.h"

static Err post(Cli *cli, Str path, const Json *body, Answer *ret) {
    Buf out = buf_new(cli->arena, 0);
    Call call = { .method = S("POST"), .path = path, .content_type = S("application/json") };

    json_write(&out, body);
    call.body = buf_str(&out);
    TRY(call_route(cli, &call, ret));
    return call_check(cli, ret);
}

static Err run_add(Cli *cli, int *ret_status) {
    Json *body = json_obj(cli->arena);
    Buf out = buf_new(cli->arena, 0);
    Answer answer;

    (void)ret_status;
    if (!cli_value(cli, "--outlet").len)
        return FAIL(ERR_INVALID, "--outlet", N_("Name the outlet by its number: --outlet NO."));
    json_set(body, "url", json_str(cli->arena, cli->words[0]));
    json_set(body, "outlet", json_str(cli->arena, cli_value(cli, "--outlet")));
    TRY(post(cli, S("/admin/feeds"), body, &answer));
    if (!cli_has(cli, "--json"))
        return cli_write(str_concat(cli->arena,
                                    cli_text(cli, N_("{0} is read for {1} now."), cli->words[0],
                                             cli_value(cli, "--outlet")),
                                    S("\n")));
    json_write(&out, answer.body);
    buf_add_char(&out, '\n');
    return cli_write(buf_str(&out));
}

static void add_feed(Cli *cli, const Json *feed, Buf *out) {
    if (cli_has(cli, "--json"))
        json_write(out, feed);
    else
        buf_add_format(out, "%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s",
                       STR_ARG(json_get_text(feed, "id")),
                       STR_ARG(json_get_text(json_get(feed, "outlet"), "no")),
                       STR_ARG(json_get_text(feed, "state_text")),
                       STR_ARG(json_get_text(json_get(feed, "due"), "iso")),
                       STR_ARG(json_get_text(feed, "url")), STR_ARG(json_get_text(feed, "said")));
    buf_add_char(out, '\n');
}

/* All pages, one after the other. */
static Err run_list(Cli *cli, int *ret_status) {
    Buf out = buf_new(cli->arena, 0);
    Str next = STR_EMPTY;
    Answer answer;

    (void)ret_status;
    do {
        Call call = { .method = S("GET"),
                      .path = str_format(cli->arena, "/admin/feeds%s%.*s",
                                         next.len ? "?after=" : "", STR_ARG(next)) };
        TRY(call_route(cli, &call, &answer));
        TRY(call_check(cli, &answer));
        const Json *feeds = json_get(answer.body, "feeds");
        for (size_t i = 0; feeds && feeds->type == JSON_ARRAY && i < feeds->array.len; i++)
            add_feed(cli, feeds->array.items[i], &out);
        next = json_get_text(answer.body, "next");
    } while (next.len);
    TRY(buf_check(&out));
    return cli_write(buf_str(&out));
}

static Err run_poll(Cli *cli, int *ret_status) {
    Json *body = json_obj(cli->arena);
    Answer answer;

    (void)ret_status;
    json_set(body, "now", json_bool(cli->arena, cli_has(cli, "--now")));
    TRY(post(cli, S("/admin/feeds/poll"), body, &answer));
    const Json *planned = json_get(answer.body, "planned");
    int64_t count = planned && planned->type == JSON_INT ? planned->integer : 0;
    return cli_write(str_concat(cli->arena,
                                cli_text(cli, N_("{0} feeds were planned to be fetched now."),
                                         str_from_int(cli->arena, count), STR_EMPTY),
                                S("\n")));
}

static const CliOption feed_options[] = {
    { "--data", true, N_("the data folder") },
    { "--token-file", true, N_("file with a person's token; LIANDONG_TOKEN serves as well") },
    { "--json", false, N_("JSON lines") },
    { "--outlet", true, N_("number of the outlet") },
    { "--now", false, N_("all feeds, also those that are not due") },
    { 0 },
};

const Command cmd_feed_commands[] = {
    { "feed add", "URL --outlet NO [--json] [--data DIR]",
      N_("Reads a feed for an outlet from now on."), feed_options, run_add, 1, 1 },
    { "feed list", "[--json] [--data DIR]", N_("The feeds that are read, and what became of them."),
      feed_options, run_list, 0, 0 },
    { "feed poll", "[--now] [--data DIR]",
      N_("Plans feeds that are late, or all of them, to be fetched now."), feed_options, run_poll,
      0, 0 },
    { 0 },
};
