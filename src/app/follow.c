/* app/follow.c - long work followed from the terminal. Shared: `is_interrupted`, set by the signal handler alone. */
#include "app/follow.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t is_interrupted;

static void interrupt(int signal_number) {
    (void)signal_number;
    is_interrupted = 1;
}

/* The first Ctrl-C asks for the end of the step, a second one ends the program. */
static void listen_for_interrupt(void) {
    struct sigaction action = { .sa_handler = interrupt,
                                .sa_flags = (int)(SA_RESTART | SA_RESETHAND) };

    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
}

static void show(Str progress) {
    if (isatty(STDERR_FILENO))
        (void)fprintf(stderr, "\r\033[K%.*s", STR_ARG(progress));
}

static void show_end(void) {
    if (isatty(STDERR_FILENO))
        (void)fputc('\n', stderr);
}

static Err ask(Caller *caller, Str path, Answer *ret) {
    Call call = { .method = S("GET"), .path = path };

    TRY(call_ask(caller, &call, ret));
    return call_check(caller->cli, ret);
}

static Err stop(Caller *caller, Str path) {
    Call call = { .method = S("POST"),
                  .path = str_concat(caller->cli->arena, path, S("/stop")),
                  .content_type = S("application/json"),
                  .body = S("{}") };
    Answer answer;

    /* It may have come to its end just now: then there is nothing to stop. */
    TRY(call_ask(caller, &call, &answer));
    return answer.status == 409 ? OK : call_check(caller->cli, &answer);
}

static Err look(Caller *caller, Str path, Answer *ret, Str *ret_state) {
    TRY(ask(caller, path, ret));
    const Json *work = json_get(ret->body, "work");
    *ret_state = json_get_text(work, "state");
    show(json_get_text(work, "progress"));
    return OK;
}

Err follow_work(Caller *caller, Str path, Answer *ret, int *ret_status) {
    bool was_interrupted = false;
    Str state;

    listen_for_interrupt();
    TRY(look(caller, path, ret, &state));
    while (str_eq(state, S("running"))) {
        if (is_interrupted && !was_interrupted) {
            TRY(stop(caller, path));
            was_interrupted = true;
        } else {
            TRY(call_work(caller));
        }
        TRY(look(caller, path, ret, &state));
    }
    (void)signal(SIGINT, SIG_DFL); /* what follows may end anywhere */
    show_end();
    const Json *work = json_get(ret->body, "work");
    if (str_eq(state, S("failed")))
        return FAIL_ARGS(ERR_CONFLICT, NULL, N_("{0}"), json_get_text(work, "why"));
    if (str_eq(state, S("done")))
        return OK;
    *ret_status = was_interrupted ? FOLLOW_STOPPED : 1;
    cli_say(cli_text(caller->cli,
                     N_("Stopped: {0} are stored. The same command again goes on from there."),
                     json_get_text(work, "progress"), STR_EMPTY));
    return OK;
}
