/* net/outcome.c - how requests end: words, sentences, and what libcurl's codes mean. */
#include "net/task.h"

static const struct {
    const char *word;
    ErrCode code;
    const char *field, *sentence; /* {0} is the host */
    bool is_passing;
} outcomes[NET_OUTCOMES] = {
    [NET_ANSWERED] = { "answered", ERR_OK, NULL, NULL, false },
    [NET_REFUSED_URL] = { "refused-url", ERR_INVALID, "url",
                          N_("This address is not one that the server goes to."), false },
    [NET_REFUSED_ADDRESS] = { "refused-address", ERR_INVALID, "url",
                              N_("{0} is not on the public network, so the server does not go "
                                 "there. Only its operator can allow it."),
                              false },
    [NET_REFUSED_REDIRECT] = { "refused-redirect", ERR_INVALID, "url",
                               N_("{0} sends on to an address that the server does not go to."),
                               false },
    [NET_REDIRECT_LOOP] = { "redirect-loop", ERR_IO, "url",
                            N_("{0} sends on too often. Give the address where it ends."), false },
    [NET_NAME_NOT_FOUND] = { "name-not-found", ERR_IO, "url",
                             N_("There is no host with the name {0}. Check the address."), true },
    [NET_NAME_FAILED] = { "name-failed", ERR_IO, NULL,
                          N_("The name {0} could not be looked up. Try again later."), true },
    [NET_CONNECT_FAILED] = { "connect-failed", ERR_IO, NULL,
                             N_("{0} takes no connection. Try again later."), true },
    [NET_TIMED_OUT] = { "timed-out", ERR_IO, NULL,
                        N_("{0} did not answer in time. Try again later."), true },
    [NET_TOO_SLOW] = { "too-slow", ERR_IO, NULL, N_("{0} answers too slowly. Try again later."),
                       true },
    [NET_TOO_LARGE] = { "too-large", ERR_LIMIT, NULL,
                        N_("What {0} sends is larger than this server reads."), false },
    [NET_BOMB] = { "bomb", ERR_LIMIT, NULL,
                   N_("What {0} sends unfolds to far more than its size, so it was not read."),
                   false },
    [NET_TLS_FAILED] = { "tls-failed", ERR_IO, NULL,
                         N_("The connection to {0} is not secure: its certificate could not be "
                            "verified, or it speaks no TLS that we do."),
                         true },
    [NET_CUT_OFF] = { "cut-off", ERR_IO, NULL,
                      N_("{0} sent less than it announced. Try again later."), true },
    [NET_BROKEN] = { "broken", ERR_IO, NULL,
                     N_("The connection to {0} broke off. Try again later."), true },
    [NET_PROTOCOL] = { "protocol", ERR_IO, NULL,
                       N_("What {0} sends is not an answer that this server can read."), true },
    [NET_BUSY] = { "busy", ERR_BUSY, NULL,
                   N_("The server has too much to fetch at the moment. Try again later."), true },
    [NET_CANCELLED] = { "cancelled", ERR_BUSY, NULL,
                        N_("The server was stopped before the answer came. Try again."), true },
};

const char *net_outcome_word(NetOutcome outcome) {
    return outcomes[outcome].word;
}

bool net_outcome_is_passing(NetOutcome outcome) {
    return outcomes[outcome].is_passing;
}

Err outcome_err(NetOutcome outcome, Str host) {
    if (outcome == NET_ANSWERED)
        return OK;
    return FAIL_ARGS(outcomes[outcome].code, outcomes[outcome].field, outcomes[outcome].sentence,
                     host);
}

NetOutcome outcome_of(const Task *task, CURLcode code) {
    if (task->verdict != NET_ANSWERED)
        return task->verdict;
    switch ((int)code) {
    case CURLE_OK:
        return NET_ANSWERED;
    case CURLE_WRITE_ERROR: /* a body that was cut, or one whose coding is broken */
        return task->response.is_cut ? NET_ANSWERED : NET_PROTOCOL;
    case CURLE_COULDNT_RESOLVE_HOST:
        return task->is_refused ? NET_REFUSED_ADDRESS : NET_NAME_NOT_FOUND;
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED:
        return task->is_refused ? NET_REFUSED_ADDRESS : NET_CONNECT_FAILED;
    case CURLE_OPERATION_TIMEDOUT:
        return NET_TIMED_OUT;
    case CURLE_PARTIAL_FILE:
        return NET_CUT_OFF;
    case CURLE_FILESIZE_EXCEEDED:
        return NET_TOO_LARGE;
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
        return NET_BROKEN;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        return NET_TLS_FAILED;
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
        return NET_BUSY;
    case CURLE_URL_MALFORMAT:
        return NET_REFUSED_URL;
    default:
        return NET_PROTOCOL;
    }
}
