/*
 * tests/fuzz/fuzz_ledger.c - the log's plumbing over any JSON: what `ledger prove` answers is an input that
 * `ledger check-inclusion` or `check-consistency` accepts, and with a bit changed refuses.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app/commands.h"
#include "fuzz.h"

static int in_fd = -1, out_fd = -1;

static void open_files(void) {
    if (in_fd >= 0)
        return;
    in_fd = memfd_create("in", 0);
    out_fd = memfd_create("out", 0);
    MUST(in_fd >= 0 && out_fd >= 0 && dup2(out_fd, STDOUT_FILENO) == STDOUT_FILENO);
}

static bool is_named(const Command *command, const char *name) {
    return strcmp(command->name, name) == 0;
}

/* Runs one command over input; what it wrote in *ret. */
static Err run(Arena *arena, const Command *command, Str input, int *ret_status, Str *ret) {
    Cli cli = { .arena = arena, .catalogue = catalogue_of(S("en")), .options = command->options };

    cli.words[0] = str_format(arena, "/proc/self/fd/%d", in_fd);
    cli.word_count = 1;
    MUST(ftruncate(in_fd, 0) == 0 && ftruncate(out_fd, 0) == 0);
    MUST(pwrite(in_fd, input.len ? input.ptr : "", input.len, 0) == (ssize_t)input.len);
    MUST(lseek(STDOUT_FILENO, 0, SEEK_SET) == 0);
    *ret_status = 0;
    Err err = command->run(&cli, ret_status);
    off_t len = lseek(out_fd, 0, SEEK_END);
    MUST(len >= 0);
    char *text = arena_alloc(arena, (size_t)len);
    MUST(pread(out_fd, text, (size_t)len, 0) == len);
    *ret = (Str){ text, (size_t)len };
    return err;
}

static const Command *command_of(const char *name) {
    for (const Command *at = plumb_ledger_commands; at->name; at++)
        if (is_named(at, name))
            return at;
    abort();
}

static void must_verify(Arena *arena, Str proof) {
    bool is_leaf = str_contains(proof, S("\"leafIdx\""));
    const Command *check =
        command_of(is_leaf ? "ledger check-inclusion" : "ledger check-consistency");
    int status;
    Str out;

    if (str_contains(proof, S("\"size1\":0")))
        return; /* a proof from the empty log says nothing */
    MUST(run(arena, check, proof, &status, &out).code == ERR_OK && status == 0);
    Str name = is_leaf ? S("\"root\":\"") : S("\"root2\":\"");
    size_t at = str_find(proof, name, 0);
    MUST(at != SIZE_MAX);
    char *wrong = arena_copy(arena, proof.ptr, proof.len);
    char *letter = wrong + at + name.len;
    *letter = *letter == 'A' ? 'B' : 'A';
    MUST(run(arena, check, (Str){ wrong, proof.len }, &status, &out).code == ERR_OK && status == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str input = fuzz_input(data, size), out;
    int status;

    open_files();
    for (const Command *at = plumb_ledger_commands; at->name; at++) {
        Err err = run(arena, at, input, &status, &out);
        MUST(err.code == ERR_OK || (err.code < ERR_BUSY && err.msgid));
        MUST(status == 0 || status == 1);
        if (is_named(at, "ledger prove") && err.code == ERR_OK)
            must_verify(arena, out);
    }
    return 0;
}
