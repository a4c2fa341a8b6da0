/* app/plumb_text.c - plumbing over the pure rooms: html, markdown, template, json. No data folder. */
#include "app/commands.h"
#include "pack/zip.h"
#include "text/docx.h"
#include "text/html_clean.h"
#include "text/json_read.h"
#include "text/markdown.h"
#include "view/view.h"

static Err run_html_clean(Cli *cli, int *ret_status) {
    Str html, out, name = cli_value(cli, "--profile");
    const HtmlProfile *profile = str_eq(name, S("voice")) ? HTML_VOICE : HTML_ARTICLE;

    (void)ret_status;
    if (name.len && !str_eq(name, S("voice")) && !str_eq(name, S("article")))
        return FAIL(ERR_INVALID, "--profile", N_("The profile is article or voice."));
    TRY(cli_input(cli, 0, &html));
    TRY(html_clean(cli->arena, html, profile, cli_value(cli, "--base"), &out));
    return cli_write(out);
}

static Err run_markdown_render(Cli *cli, int *ret_status) {
    Str text, out;

    (void)ret_status;
    TRY(cli_input(cli, 0, &text));
    TRY(markdown_render(cli->arena, text,
                        cli_has(cli, "--unsafe") ? MARKDOWN_UNSAFE : MARKDOWN_ARTICLE, &out));
    return cli_write(out);
}

/*
 * To RFC 8785 every number is a double; whole numbers beyond 2^53 - 1 are exact to json_read and refused
 * by json_canonical, which guards what the log seals. The depth is bounded by json_read.
 */
static void round_numbers(Json *value) {
    const int64_t exact_max = (INT64_C(1) << 53) - 1;

    if (value->type == JSON_INT && (value->integer > exact_max || value->integer < -exact_max)) {
        double rounded = (double)value->integer;
        value->type = JSON_REAL;
        value->real = rounded;
    }
    for (size_t i = 0; value->type == JSON_ARRAY && i < value->array.len; i++)
        round_numbers(value->array.items[i]);
    for (size_t i = 0; value->type == JSON_OBJECT && i < value->object.len; i++)
        round_numbers(value->object.items[i].value);
}

static Err run_json_canonical(Cli *cli, int *ret_status) {
    Str text;
    Json *value;
    Buf out = buf_new(cli->arena, 0);

    (void)ret_status;
    TRY(cli_input(cli, 0, &text));
    TRY(json_read(cli->arena, text, JSON_READ_DEPTH, &value));
    round_numbers(value);
    TRY(json_canonical(&out, value));
    TRY(buf_check(&out));
    return cli_write(buf_str(&out));
}

/* {{>name}} reads DIR/name.mustache; a name that climbs out of DIR is no partial. */
static Err read_partial(void *user, Arena *arena, Str name, Str *ret) {
    const Str *folder = user;

    if (folder->len == 0 || name.len == 0 || str_contains(name, S("..")) || name.ptr[0] == '/' ||
        str_find_char(name, '\0', 0) != SIZE_MAX)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such partial."));
    Str path = str_format(arena, "%.*s/%.*s.mustache", STR_ARG(*folder), STR_ARG(name));
    Err err = cli_read_file(arena, path, CLI_INPUT_BYTES_MAX, ret);
    if (err.code == ERR_INVALID)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such partial."));
    return err;
}

static Err run_template_render(Cli *cli, int *ret_status) {
    Str text, data = S("{}"), folder = cli_value(cli, "--partials");
    Json *model;
    Buf out = buf_new(cli->arena, CLI_INPUT_BYTES_MAX);

    (void)ret_status;
    TRY(cli_read_file(cli->arena, cli->words[0], CLI_INPUT_BYTES_MAX, &text));
    if (cli_has(cli, "--data") && !str_eq(cli_value(cli, "--data"), S("-")))
        TRY(cli_read_file(cli->arena, cli_value(cli, "--data"), CLI_INPUT_BYTES_MAX, &data));
    else if (cli_has(cli, "--data"))
        TRY(cli_input(cli, 1, &data));
    TRY(json_read(cli->arena, data, JSON_READ_DEPTH, &model));
    TRY(view_render_once(cli->arena, text, model, cli_has(cli, "--lenient"), read_partial, &folder,
                         &out));
    TRY(buf_check(&out));
    return cli_write(buf_str(&out));
}

/* ---- Word files ---- */

static Err read_part(void *user, Arena *arena, Str name, size_t bytes_max, bool *ret_found,
                     Str *ret) {
    const ZipEntry *entry = zip_find(user, name);

    *ret_found = entry != NULL;
    return entry ? zip_read(arena, user, entry, bytes_max, ret) : OK;
}

static Err run_text_docx(Cli *cli, int *ret_status) {
    Buf out = buf_new(cli->arena, SIZE_MAX);
    Docx docx;
    Str file;
    Zip zip;

    (void)ret_status;
    TRY(cli_input(cli, 0, &file));
    TRY(docx_check_kind(file));
    TRY(zip_open(cli->arena, file, DOCX_TOTAL_BYTES, &zip));
    TRY(docx_read(cli->arena, read_part, &zip, &docx));
    json_write(&out, docx_json(cli->arena, &docx));
    buf_add_char(&out, '\n');
    TRY(buf_check(&out));
    return cli_write(buf_str(&out));
}

static const CliOption html_options[] = {
    { "--profile", true, N_("article (default) or voice") },
    { "--base", true, N_("address against which relative ones are resolved") },
    { 0 },
};
static const CliOption markdown_options[] = {
    { "--unsafe", false, N_("not cleaned: for conformance tests only") },
    { 0 },
};
static const CliOption template_options[] = {
    { "--data", true, N_("a JSON file, or - for standard input") },
    { "--partials", true, N_("folder of {{>name}}: name.mustache") },
    { "--lenient", false, N_("the published specification exactly") },
    { 0 },
};
static const CliOption no_options[] = { { 0 } };

const Command plumb_text_commands[] = {
    { "html clean", "[--profile article|voice] [--base URL] [FILE]",
      N_("Any HTML to a fragment that holds only what is allowed."), html_options, run_html_clean,
      0, 1 },
    { "markdown render", "[--unsafe] [FILE]", N_("CommonMark to HTML."), markdown_options,
      run_markdown_render, 0, 1 },
    { "template render", "TEMPLATE [--data FILE] [--partials DIR] [--lenient]",
      N_("A Mustache template over a JSON object."), template_options, run_template_render, 1, 1 },
    { "json canonical", "[FILE]", N_("JSON in its canonical form (RFC 8785)."), no_options,
      run_json_canonical, 0, 1 },
    { "text docx", "[FILE]",
      N_("A Word file: its text as clean HTML, its pictures, and what was lost."), no_options,
      run_text_docx, 0, 1 },
    { 0 },
};
