/* app/plumb_feed.c - plumbing: feeds of any kind as JSON. No data folder. */
#include "app/commands.h"
#include "text/feed.h"

/* Enough for the largest feed that FEED_BYTES allows, cleaned and printed. */
enum { PARSE_BYTES = 256 << 20, OUT_BYTES = 1 << 16 };

/* Hands over what was written once it is worth a call; all of it at the end. */
static Err flush(Buf *out, bool is_end) {
    if (out->len < OUT_BYTES && !is_end)
        return OK;
    TRY(buf_check(out));
    TRY(cli_write(buf_str(out)));
    buf_truncate(out, 0);
    return OK;
}

/* As json_write with a line feed behind it, item by item, so that the text never lies in memory whole. */
static Err write_object(Arena *arena, const Json *object) {
    Buf out = buf_new(arena, SIZE_MAX);

    for (size_t i = 0; i < object->object.len; i++) {
        const JsonMember *member = &object->object.items[i];

        buf_add_char(&out, i == 0 ? '{' : ',');
        buf_add_format(&out, "\"%.*s\":", STR_ARG(member->name));
        if (!str_eq(member->name, S("items"))) {
            json_write(&out, member->value);
            continue;
        }
        buf_add_char(&out, '[');
        for (size_t k = 0; k < member->value->array.len; k++) {
            if (k > 0)
                buf_add_char(&out, ',');
            json_write(&out, member->value->array.items[k]);
            TRY(flush(&out, false));
        }
        buf_add_char(&out, ']');
    }
    buf_add(&out, S("}\n"));
    return flush(&out, true);
}

static Err parse_one(Arena *arena, Str bytes, FeedSource source) {
    Feed feed;

    TRY(feed_parse(arena, bytes, source, &feed));
    return write_object(arena, feed_json(arena, &feed));
}

/* What stands for a feed of several that was refused. */
static Err write_refusal(Cli *cli, Arena *arena, Str file, Err err) {
    Json *object = json_obj(arena), *report = json_obj(arena);

    json_set(report, "file", json_str(arena, file));
    json_set(report, "refused", json_str(arena, catalogue_err(arena, cli->catalogue, err)));
    json_set(report, "status", json_int(arena, err_exit_status(err)));
    json_set(object, "_liandong", report);
    return write_object(arena, object);
}

/* A line for each file; 1 when one was refused. */
static Err parse_files(Cli *cli, FeedSource source, int *ret_status) {
    CLEANUP(arena_close) Arena *arena = arena_new(PARSE_BYTES);

    for (size_t i = 0; i < cli->word_count; i++) {
        Str bytes;

        Err err = str_eq(cli->words[i], S("-"))
                      ? cli_input(cli, i, &bytes)
                      : cli_read_file(arena, cli->words[i], FEED_BYTES, &bytes);
        if (err.code == ERR_OK)
            err = parse_one(arena, bytes, source);
        if (err.code == ERR_BUG || err.code == ERR_BUSY || err.code == ERR_IO)
            return err;
        if (err.code != ERR_OK) {
            TRY(write_refusal(cli, arena, cli->words[i], err));
            *ret_status = 1;
        }
        arena_reset(arena, 4 << 20);
    }
    return OK;
}

static Err run_feed_parse(Cli *cli, int *ret_status) {
    FeedSource source = { .url = cli_value(cli, "--url"),
                          .content_type = cli_value(cli, "--content-type") };
    Str bytes;

    if (cli->word_count > 1)
        return parse_files(cli, source, ret_status);
    TRY(cli_input(cli, 0, &bytes));
    arena_set_budget(cli->arena, arena_used(cli->arena) + PARSE_BYTES);
    return parse_one(cli->arena, bytes, source);
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
