/* app/cli.c - reading a call, running its command, saying what went wrong in one line. */
#include "app/cli.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static Str language(void) {
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return str_starts(str_from_c(value), S("zh")) ? S("zh") : S("en");
    }
    return S("en");
}

static size_t option_index(const Cli *cli, Str name) {
    size_t i = 0;

    while (cli->options && cli->options[i].name) {
        if (str_eq(str_from_c(cli->options[i].name), name))
            return i;
        i++;
    }
    return SIZE_MAX;
}

bool cli_has(const Cli *cli, const char *option) {
    size_t i = option_index(cli, str_from_c(option));

    assert(i < CLI_OPTIONS_MAX);
    return cli->is_set[i];
}

Str cli_value(const Cli *cli, const char *option) {
    size_t i = option_index(cli, str_from_c(option));

    assert(i < CLI_OPTIONS_MAX);
    return cli->values[i];
}

Str cli_text(Cli *cli, const char *msgid, Str a, Str b) {
    const Str args[2] = { a, b };

    return catalogue_format(cli->arena, cli->catalogue, msgid, args);
}

void cli_say(Str text) {
    Str rest[2] = { text, S("\n") };

    for (size_t i = 0; i < 2; i++)
        while (rest[i].len > 0) {
            ssize_t written = write(STDERR_FILENO, rest[i].ptr, rest[i].len);
            if (written <= 0)
                return;
            rest[i] = str_slice(rest[i], (size_t)written, rest[i].len);
        }
}

Err cli_write(Str text) {
    while (text.len > 0) {
        ssize_t written = write(STDOUT_FILENO, text.ptr, text.len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return FAIL(ERR_IO, NULL, N_("Standard output could not be written."));
        text = str_slice(text, (size_t)written, text.len);
    }
    return OK;
}

static void close_file(int *file) {
    if (*file > STDERR_FILENO)
        (void)close(*file);
}

static Err read_all(Arena *arena, int file, Str name, size_t max_bytes, Str *ret) {
    enum { PART = 1 << 16 };
    char *bytes = NULL;
    size_t len = 0, cap = 0;

    for (;;) {
        if (cap - len < PART) {
            size_t more = cap ? cap * 2 : PART * 2;
            bytes = arena_grow(arena, bytes, cap, more);
            cap = more;
        }
        ssize_t got = read(file, bytes + len, PART);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return FAIL_ARGS(ERR_INVALID, NULL, N_("{0} cannot be read."), name);
        if (got == 0)
            break;
        len += (size_t)got;
        if (len > max_bytes)
            return FAIL_ARGS(ERR_LIMIT, NULL, N_("{0} is longer than {1} bytes."), name,
                             str_from_int(arena, (int64_t)max_bytes));
    }
    *ret = (Str){ bytes, len };
    return OK;
}

Err cli_read_file(Arena *arena, Str path, size_t max_bytes, Str *ret) {
    CLEANUP(close_file) int file = open(str_to_c(arena, path), O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return FAIL_ARGS(ERR_INVALID, NULL, N_("{0} cannot be read."), path);
    return read_all(arena, file, path, max_bytes, ret);
}

Err cli_input(Cli *cli, size_t index, Str *ret) {
    if (index < cli->word_count && !str_eq(cli->words[index], S("-")))
        return cli_read_file(cli->arena, cli->words[index], CLI_INPUT_BYTES_MAX, ret);
    return read_all(cli->arena, STDIN_FILENO, S("-"), CLI_INPUT_BYTES_MAX, ret);
}

/* ---- calls ---- */

static size_t words_of(const char *name) {
    size_t words = 1;

    for (; *name; name++)
        words += *name == ' ';
    return words;
}

static bool is_call_of(const Command *command, int argc, char **argv) {
    Str name = str_from_c(command->name), word;

    for (int i = 1; str_cut(&name, ' ', &word); i++)
        if (i >= argc || !str_eq(word, str_from_c(argv[i])))
            return false;
    return true;
}

/* The command with the most words that match: "job list" before "job". */
static const Command *find_command(const Command *const *tables, int argc, char **argv) {
    const Command *best = NULL;

    for (size_t t = 0; tables[t]; t++)
        for (const Command *c = tables[t]; c->name; c++)
            if (is_call_of(c, argc, argv) && (!best || words_of(c->name) > words_of(best->name)))
                best = c;
    return best;
}

static Err read_option(Cli *cli, int argc, char **argv, int *at) {
    Str word = str_from_c(argv[*at]), value = STR_EMPTY;
    size_t equals = str_find_char(word, '=', 0);
    Str name = equals == SIZE_MAX ? word : str_slice(word, 0, equals);
    size_t index = option_index(cli, name);

    if (index == SIZE_MAX)
        return FAIL_ARGS(ERR_INVALID, NULL,
                         N_("There is no option {0}; --help shows those there are."), name);
    if (cli->is_set[index])
        return FAIL_ARGS(ERR_INVALID, NULL, N_("The option {0} is given twice."), name);
    bool has_value = cli->options[index].has_value;
    if (equals != SIZE_MAX)
        value = str_slice(word, equals + 1, word.len);
    else if (has_value && *at + 1 < argc)
        value = str_from_c(argv[++*at]);
    if (has_value != (value.len > 0) || (!has_value && equals != SIZE_MAX))
        return FAIL_ARGS(ERR_INVALID, NULL,
                         has_value ? N_("The option {0} needs a value.")
                                   : N_("The option {0} takes no value."),
                         name);
    cli->is_set[index] = true;
    cli->values[index] = value;
    return OK;
}

static Err read_call(Cli *cli, const Command *command, int argc, char **argv) {
    bool is_options_end = false;

    cli->options = command->options;
    for (int i = 1 + (int)words_of(command->name); i < argc; i++) {
        Str word = str_from_c(argv[i]);
        if (!is_options_end && str_eq(word, S("--"))) {
            is_options_end = true;
        } else if (!is_options_end && word.len > 1 && word.ptr[0] == '-') {
            TRY(read_option(cli, argc, argv, &i));
        } else if (cli->word_count == command->words_max) {
            return FAIL_ARGS(ERR_INVALID, NULL, N_("Too many words: \"{0}\" was not expected."),
                             word);
        } else {
            cli->words[cli->word_count++] = word;
        }
    }
    if (cli->word_count < command->words_min)
        return FAIL_ARGS(ERR_INVALID, NULL, N_("A word is missing; the call is: liandong {0} {1}"),
                         str_from_c(command->name), str_from_c(command->usage));
    return OK;
}

static void show_help(Cli *cli, const Command *command, Buf *out) {
    buf_add_format(out, "liandong %s %s\n\n", command->name, command->usage);
    buf_add(out, catalogue_text(cli->catalogue, str_from_c(command->help)));
    buf_add_char(out, '\n');
    for (const CliOption *o = command->options; o && o->name; o++) {
        buf_add_format(out, "  %-22s ", o->name);
        buf_add(out, catalogue_text(cli->catalogue, str_from_c(o->help)));
        buf_add_char(out, '\n');
    }
}

static void show_commands(Cli *cli, const Command *const *tables, Buf *out) {
    buf_add(out, S("liandong COMMAND ...\n\n"));
    for (size_t t = 0; tables[t]; t++)
        for (const Command *c = tables[t]; c->name; c++) {
            buf_add_format(out, "  %-26s ", c->name);
            buf_add(out, catalogue_text(cli->catalogue, str_from_c(c->help)));
            buf_add_char(out, '\n');
        }
}

static bool wants_help(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0)
            return true;
        if (strcmp(argv[i], "--") == 0)
            return false;
    }
    return false;
}

static Err run_call(Cli *cli, const Command *const *tables, int argc, char **argv,
                    int *ret_status) {
    const Command *command = find_command(tables, argc, argv);
    Buf out = buf_new(cli->arena, 0);

    if (wants_help(argc, argv)) {
        if (command)
            show_help(cli, command, &out);
        else
            show_commands(cli, tables, &out);
        return cli_write(buf_str(&out));
    }
    if (!command)
        return FAIL_ARGS(ERR_INVALID, NULL,
                         N_("There is no command \"{0}\"; liandong --help shows those there are."),
                         str_from_c(argc > 1 ? argv[1] : ""));
    TRY(read_call(cli, command, argc, argv));
    return command->run(cli, ret_status);
}

int cli_main(const Command *const *tables, int argc, char **argv) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Cli cli = { .arena = arena, .catalogue = catalogue_of(language()) };
    int status = 0;

    Err err = run_call(&cli, tables, argc, argv, &status);
    if (err.code == ERR_OK)
        return status;
    Str text = catalogue_err(arena, cli.catalogue, err);
    if (err.rule > 0 && err.rule < 100)
        text = str_format(arena, "R%d: %.*s", err.rule, STR_ARG(text));
    else if (err.field && err.field[0] != '@')
        text = str_format(arena, "%s: %.*s", err.field, STR_ARG(text));
    /* one line, whatever a file name or an argument holds */
    cli_say(str_replace(arena, str_replace(arena, text, S("\n"), S(" ")), S("\r"), S(" ")));
    return err_exit_status(err);
}
