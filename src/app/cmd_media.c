/* app/cmd_media.c - media prepare: the demo's drawings in all sizes, made when the program is built. */
#include "app/commands.h"
#include "features/media/media_prepare.h"

static Err run_prepare(Cli *cli, int *ret_status) {
    int64_t count;

    (void)ret_status;
    TRY(media_prepare_folder(cli->arena, cli->words[0], cli->words[1], &count));
    cli_say(cli_text(cli, N_("{0} pictures are ready in {1}."), str_from_int(cli->arena, count),
                     cli->words[1]));
    return OK;
}

static const CliOption no_options[] = { { 0 } };

const Command media_commands[] = {
    { "media prepare", "IN_DIR OUT_DIR",
      N_("Pictures (PNG) in all sizes, re-encoded without metadata."), no_options, run_prepare, 2,
      2 },
    { 0 },
};
