/* app/plumb_feed.c - plumbing: feeds of any kind as JSON. No data folder. */
#include "app/commands.h"
#include "text/feed.h"

/* Enough for the largest feed that FEED_BYTES allows, cleaned and printed. */
enum { PARSE_BYTES = 256 << 20 };

/* One feed, with a line feed behind it. out is in the arena of feed. */
static Err parse_one(Arena *arena, Str bytes, FeedSource source, Str *ret) {
    Feed feed;
    Buf out = buf_new(arena, SIZE_MAX);

    TRY(feed_parse(arena, bytes, source, &feed));
    json_write(&out, feed_json(arena, &feed));
    buf_add_char(&out, '\n');
    TRY(buf_check(&out));
    *ret = buf_str(&out);
    return OK;
}

/* What stands for a feed of several that was refused. */
static Str refusal(Cli *cli, Arena *arena, Str file, Err err) {
    Json *object = json_obj(arena), *report = json_obj(arena);
    Buf out = buf_new(arena, SIZE_MAX);

    json_set(report, "file", json_str(arena, file));
    json_set(report, "refused", json_str(arena, catalogue_err(arena, cli->catalogue, err)));
    json_set(report, "status", json_int(arena, err_exit_status(err)));
    json_set(object, "_liandong", report);
    json_write(&out, object);
    buf_add_char(&out, '\n');
    return buf_str(&out);
}

/* A line for each file; 1 when one was refused. */
static Err parse_files(Cli *cli, FeedSource source, int *ret_status) {
    CLEANUP(arena_close) Arena *arena = arena_new(PARSE_BYTES);

    for (size_t i = 0; i < cli->word_count; i++) {
        Str bytes, line;

        Err err = cli_read_file(arena, cli->words[i], FEED_BYTES, &bytes);
        if (err.code == ERR_OK)
            err = parse_one(arena, bytes, source, &line);
        if (err.code == ERR_BUG || err.code == ERR_BUSY || err.code == ERR_IO)
            return err;
        if (err.code != ERR_OK) {
            line = refusal(cli, arena, cli->words[i], err);
            *ret_status = 1;
        }
        TRY(cli_write(line));
        arena_reset(arena, 4 << 20);
    }
    return OK;
}

static Err run_feed_parse(Cli *cli, int *ret_status) {
    FeedSource source = { cli_value(cli, "--url"), cli_value(cli, "--content-type") };
    Str bytes, out;

    if (cli->word_count > 1)
        return parse_files(cli, source, ret_status);
    TRY(cli_input(cli, 0, &bytes));
    arena_set_budget(cli->arena, arena_used(cli->arena) + PARSE_BYTES);
    TRY(parse_one(cli->arena, bytes, source, &out));
    return cli_write(out);
}

static const CliOption feed_options[] = {
    { "--url", true, N_("where the feed is from: the base of relative addresses") },
    { "--content-type", true, N_("Content-Type of the answer, with its charset") },
    { 0 },
};

const Command plumb_feed_commands[] = {
    { "feed parse", "[--url URL] [--content-type TYPE] [FILE...]",
      N_("RSS, Atom, RDF, CDF or JSON Feed as JSON Feed 1.1; of several files a line each."),
      feed_options, run_feed_parse, 0, CLI_WORDS_MAX },
    { 0 },
};
