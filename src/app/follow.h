/* app/follow.h - long work followed from the terminal: how far it is, and Ctrl-C stops it after the step at hand. */
#ifndef APP_FOLLOW_H
#define APP_FOLLOW_H

#include "app/call.h"

enum { FOLLOW_STOPPED = 130 }; /* exit status: as a shell has it for what Ctrl-C ended */

/*
 * Asks `path` (the page of a piece of work) until it does not run any more; without a server its steps are done here.
 * How far it is stands on standard error, where that is a terminal. *ret is its last model. Ctrl-C stops it, and
 * *ret_status becomes FOLLOW_STOPPED; 1 where somebody else stopped it: a line on standard error says how to go on.
 * ERR_CONFLICT with its own words when it could not go on.
 */
CHECKED Err follow_work(Caller *caller, Str path, Answer *ret, int *ret_status);

#endif
