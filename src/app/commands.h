/* app/commands.h - the tables of commands, by file. */
#ifndef APP_COMMANDS_H
#define APP_COMMANDS_H

#include "app/cli.h"

extern const Command plumb_text_commands[];
extern const Command plumb_proof_commands[];
extern const Command plumb_ledger_commands[];
extern const Command plumb_feed_commands[];
extern const Command about_commands[];  /* version, config */
extern const Command server_commands[]; /* init, serve, work, upgrade */
extern const Command demo_commands[];
extern const Command cmd_feed_commands[];  /* feed add, list, poll */
extern const Command media_commands[];     /* pictures made ready by the build */
extern const Command cmd_check_commands[]; /* check --rebuild */
extern const Command porcelain_commands[]; /* import, user, job: routes of the table */

#endif
