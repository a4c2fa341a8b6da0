/* app/cli.h - what every command shares: options, input, output, one line for a failure, exit status. */
#ifndef APP_CLI_H
#define APP_CLI_H

#include "base/buf.h"
#include "base/ctx.h"
#include "view/catalogue.h"

enum { CLI_INPUT_BYTES_MAX = 64 << 20, CLI_OPTIONS_MAX = 16, CLI_WORDS_MAX = 1024 };

/* An option of a command: "--data" takes a value, "--json" does not. */
typedef struct CliOption {
    const char *name;
    bool has_value;
    const char *help; /* N_() */
} CliOption;

typedef struct Cli {
    Arena *arena;
    const Catalogue *catalogue;
    const CliOption *options; /* of the command, ends with { 0 } */
    Str values[CLI_OPTIONS_MAX];
    bool is_set[CLI_OPTIONS_MAX];
    Str words[CLI_WORDS_MAX]; /* what is no option */
    size_t word_count;
} Cli;

/* A command of one or two words ("feed parse"). run returns an Err for what went wrong and sets *ret_status
 * to 1 when the answer is no. */
typedef struct Command {
    const char *name;
    const char *usage; /* "[--data DIR]", not translated */
    const char *help;  /* N_(), one sentence */
    const CliOption *options;
    Err (*run)(Cli *cli, int *ret_status);
    size_t words_min, words_max;
} Command;

/* Finds the command, reads its options, runs it; the exit status of cli.md. */
int cli_main(const Command *const *tables, int argc, char **argv);

bool cli_has(const Cli *cli, const char *option);
/* Empty when absent. */
Str cli_value(const Cli *cli, const char *option);
/* FILE of the call: the word at `index`, or standard input where it is "-" or absent. At most
 * CLI_INPUT_BYTES_MAX bytes: ERR_LIMIT; a file that cannot be read is ERR_INVALID and named. */
CHECKED Err cli_input(Cli *cli, size_t index, Str *ret);
CHECKED Err cli_read_file(Arena *arena, Str path, size_t max_bytes, Str *ret);
/* Writes the whole of text to standard output; ERR_IO when it does not fit or the pipe is closed. */
CHECKED Err cli_write(Str text);
/* A line for people on standard error. */
void cli_say(Str text);
/* A translated sentence with up to two arguments, in the arena. */
Str cli_text(Cli *cli, const char *msgid, Str a, Str b);

#endif
