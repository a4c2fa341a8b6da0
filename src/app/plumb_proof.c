/* app/plumb_proof.c - "text proof": what the proofreader finds in a text, as JSON. No data folder. */
#include "app/commands.h"
#include "features/proof/proof.h"
#include "text/html_text.h"
#include "text/markdown.h"

static const char *const part_names[] = { "title", "summary", "text", "picture" };

/* Rules or names of a file that is handed in; its faults go to standard error, a line each. */
static Err say_faults(Cli *cli, Str file, const ProofFaults *faults) {
    for (size_t i = 0; i < faults->len; i++) {
        Str where = str_format(cli->arena, "%.*s:%zu: ", STR_ARG(file), faults->items[i].line);
        Str what = cli_text(cli, faults->items[i].msgid, faults->items[i].arg, STR_EMPTY);
        cli_say(str_concat(cli->arena, where, what));
    }
    return faults->len ? FAIL_ARGS(ERR_INVALID, NULL, N_("{0} has faults."), file) : OK;
}

/* What is handed in is tried on its own examples first. */
static Err make_set(Cli *cli, const ProofSet **ret) {
    ProofRules *rules = arena_alloc(cli->arena, sizeof *rules);
    ProofFaults faults = { 0 };
    Str text, file = cli_value(cli, "--rules");

    if (!cli_has(cli, "--rules"))
        return proof_shipped(ret);
    TRY(cli_read_file(cli->arena, file, PROOF_FILE_BYTES, &text));
    TRY(proof_rules_read(cli->arena, text, rules, &faults));
    if (!faults.len)
        TRY(proof_rules_try(cli->arena, rules, 0, &faults));
    TRY(say_faults(cli, file, &faults));
    return proof_set_new(cli->arena, rules, ret);
}

static Err read_names(Cli *cli, ProofNames *names) {
    ProofFaults faults = { 0 };
    Str text, file = cli_value(cli, "--names");

    TRY(cli_read_file(cli->arena, file, PROOF_FILE_BYTES, &text));
    TRY(proof_names_read(cli->arena, text, names, &faults));
    return say_faults(cli, file, &faults);
}

/* `file` is empty where there is only one. */
static void write_finding(Buf *out, Arena *arena, Str file, const ProofFinding *one) {
    const struct {
        const char *name;
        size_t value;
    } numbers[] = { { "paragraph", one->paragraph },
                    { "from_chars", one->from_chars },
                    { "to_chars", one->to_chars },
                    { "from_bytes", one->from_bytes },
                    { "to_bytes", one->to_bytes } };
    Json *item = json_obj(arena);

    if (file.len)
        json_set(item, "file", json_str(arena, file));
    json_set(item, "rule", json_str(arena, one->rule->number));
    json_set(item, "part", json_str(arena, str_from_c(part_names[one->part])));
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        json_set(item, numbers[i].name, json_int(arena, (int64_t)numbers[i].value));
    json_set(item, "word", json_str(arena, one->word));
    json_set(item, "suggestion", json_str(arena, one->suggestion));
    json_set(item, "reason", json_str(arena, one->reason));
    json_write(out, item);
    buf_add_char(out, '\n');
}

static Err proof_text(Cli *cli, Arena *arena, const ProofSet *set, ProofDraft draft, Str file,
                      size_t *ret_found) {
    Buf out = buf_new(arena, CLI_INPUT_BYTES_MAX);
    ProofFindings found;

    if (cli_has(cli, "--markdown")) {
        TRY(markdown_render(arena, draft.body, MARKDOWN_ARTICLE, &draft.body));
        draft.body = html_text(arena, draft.body);
    }
    TRY(proof_draft(arena, set, &draft, &found));
    for (size_t i = 0; i < found.len; i++)
        write_finding(&out, arena, file, &found.items[i]);
    TRY(buf_check(&out));
    *ret_found += found.len;
    return cli_write(buf_str(&out));
}

/* Several files, each a draft of its own; the first that cannot be read ends it. */
static Err proof_files(Cli *cli, const ProofSet *set, ProofDraft draft, size_t *ret_found) {
    CLEANUP(arena_close) Arena *arena = arena_new(ARENA_JOB_BYTES);

    for (size_t i = 0; i < cli->word_count; i++) {
        TRY(cli_read_file(arena, cli->words[i], PROOF_TEXT_BYTES, &draft.body));
        TRY(proof_text(cli, arena, set, draft, cli->words[i], ret_found));
        arena_reset(arena, 4 << 20);
    }
    return OK;
}

static Err run_text_proof(Cli *cli, int *ret_status) {
    Str lang = cli_value(cli, "--lang");
    ProofDraft draft = { .lang = str_eq(lang, S("en")) ? PROOF_EN : PROOF_ZH,
                         .title = cli_value(cli, "--title"),
                         .has_sources = cli_has(cli, "--sources") };
    ProofNames names = { 0 };
    const ProofSet *set;
    size_t found = 0;

    if (lang.len && !str_eq(lang, S("zh")) && !str_eq(lang, S("en")))
        return FAIL(ERR_INVALID, "--lang", N_("The language is zh or en."));
    TRY(make_set(cli, &set));
    if (cli_has(cli, "--names")) {
        TRY(read_names(cli, &names));
        draft.names = &names;
    }
    if (cli->word_count > 1) {
        TRY(proof_files(cli, set, draft, &found));
    } else {
        TRY(cli_input(cli, 0, &draft.body));
        TRY(proof_text(cli, cli->arena, set, draft, STR_EMPTY, &found));
    }
    *ret_status = found ? 1 : 0;
    return OK;
}

static const CliOption options[] = {
    { "--lang", true, N_("zh (default) or en") },
    { "--rules", true, N_("a rule file to use instead of the program's own") },
    { "--names", true, N_("a list of names and titles in their order") },
    { "--title", true, N_("the title of the text") },
    { "--markdown", false, N_("the text is Markdown") },
    { "--sources", false, N_("the text names its sources elsewhere") },
    { 0 },
};

const Command plumb_proof_commands[] = {
    { "text proof",
      "[--lang zh|en] [--rules FILE] [--names FILE] [--title T] [--markdown] [FILE...]",
      N_("What the proofreader finds in a text of one's own: JSON lines, and 1 when there is "
         "something."),
      options, run_text_proof, 0, CLI_WORDS_MAX },
    { 0 },
};
