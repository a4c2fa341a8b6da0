/* app/main.c - main(): the image child, or one command. */
#include <sys/prctl.h>

#include "app/commands.h"
#include "image/image.h"

static const Command *const tables[] = {
    server_commands,     demo_commands,         porcelain_commands,  about_commands,
    plumb_text_commands, plumb_ledger_commands, plumb_feed_commands, plumb_proof_commands,
    media_commands,      cmd_feed_commands,     cmd_check_commands,  NULL,
};

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "--child") == 0 && strcmp(argv[2], "image") == 0)
        return image_child_main();
    /* keys and drafts never reach a core file (security-checklist 55) */
    (void)prctl(PR_SET_DUMPABLE, 0);
    return cli_main(tables, argc, argv);
}
