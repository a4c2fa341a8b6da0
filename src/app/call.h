/* app/call.h - a porcelain command's request: through the server's local socket, or in this process. */
#ifndef APP_CALL_H
#define APP_CALL_H

#include "app/cli.h"
#include "base/json.h"

typedef struct Call {
    Str method, path; /* with its query */
    Str content_type; /* of body; empty: no body */
    Str body;
} Call;

typedef struct Answer {
    int status;
    Json *body; /* NULL when it is no JSON */
} Answer;

/*
 * Options of every porcelain command: --data, --token-file, --json, --lang. A bearer token (--token-file or
 * LIANDONG_TOKEN) makes the caller that person; without one it is `operator`.
 * A running server answers on its socket; else the folder is locked and the same routes run here.
 */
CHECKED Err call_route(Cli *cli, const Call *call, Answer *ret);

/* Several requests of one command. */
typedef struct Caller {
    Cli *cli;
    Str path, token, socket;
    struct App *app; /* NULL: a server answers */
} Caller;
/* Opens the folder where no server runs. For CLEANUP(call_close). */
CHECKED Err call_open(Cli *cli, Caller *ret);
CHECKED Err call_ask(Caller *caller, const Call *call, Answer *ret);
/* One batch of what is owed, done here; or a moment, in which a server or another process does it. */
CHECKED Err call_work(Caller *caller);
/* Without a server: all that is owed, and what waits for the log. */
CHECKED Err call_end(Caller *caller);
void call_close(Caller *caller);

/* OK for 2xx; else the problem document's own words as an Err, so that the exit status fits. */
CHECKED Err call_check(Cli *cli, const Answer *answer);
/* multipart/form-data of text fields and one file. */
Str call_form(Cli *cli, const char *const *names, const Str *values, size_t count,
              const char *file_field, Str file_name, Str file_bytes, Str *ret_content_type);

#endif
