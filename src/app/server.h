/* app/server.h - a running alliance: requests, jobs and the sequencer of one process. */
#ifndef APP_SERVER_H
#define APP_SERVER_H

#include "app/wire.h"

typedef struct Server Server;

/*
 * Starts HTTP on address (empty: http.listen) and on the local socket, the sequencer, and the lanes of
 * `lanes` (bits of queue/job.h; 0: none). Owned by the caller, server_stop. ERR_IO when the address is taken.
 */
CHECKED Err server_start(App *app, Str address, unsigned lanes, Server **ret);
int server_port(const Server *server);
/* SIGTERM and SIGINT are blocked for every thread before any is started; this waits for one of them. */
void server_block_signals(void);
void server_wait_for_signal(void);
/* Stops taking requests, finishes what runs, sequences what was acknowledged. */
void server_stop(Server *server);

#endif
