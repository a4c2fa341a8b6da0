/* app/call.c - one request to the alliance, through the socket of a running server or without one. */
#include "app/call.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "app/wire.h"
#include "sec/hash.h"
#include "text/json_read.h"

static void close_file(int *file) {
    if (*file >= 0)
        (void)close(*file);
}

static Err read_token(Cli *cli, Str *ret) {
    const char *from_environment = getenv("LIANDONG_TOKEN");

    *ret = STR_EMPTY;
    if (cli_has(cli, "--token-file")) {
        TRY(cli_read_file(cli->arena, cli_value(cli, "--token-file"), 4096, ret));
        *ret = str_trim(*ret);
    } else if (from_environment) {
        *ret = str_trim(str_from_c(from_environment));
    }
    return OK;
}

static Str request_text(Cli *cli, const Call *call, Str token) {
    Buf out = buf_new(cli->arena, 0);

    buf_add_format(&out, "%.*s %.*s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n",
                   STR_ARG(call->method), STR_ARG(call->path));
    buf_add_format(&out, "Accept: application/json\r\nAccept-Language: %.*s\r\n",
                   STR_ARG(catalogue_lang(cli->catalogue)));
    if (token.len)
        buf_add_format(&out, "Authorization: Bearer %.*s\r\n", STR_ARG(token));
    if (!str_eq(call->method, S("GET")))
        buf_add_format(&out, "Content-Length: %zu\r\n", call->body.len);
    if (call->content_type.len)
        buf_add_format(&out, "Content-Type: %.*s\r\n", STR_ARG(call->content_type));
    buf_add(&out, S("\r\n"));
    buf_add(&out, call->body);
    return buf_str(&out);
}

static Err lost(void) {
    return FAIL(
        ERR_IO, NULL,
        N_("The server did not answer; it is not known whether this was stored. Look, then try "
           "again."));
}

static Err send_all(int file, Str text) {
    while (text.len > 0) {
        ssize_t sent = send(file, text.ptr, text.len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return lost();
        text = str_slice(text, (size_t)sent, text.len);
    }
    return OK;
}

static Err receive_all(Cli *cli, int file, Str *ret) {
    enum { PART = 1 << 16 };
    Buf out = buf_new(cli->arena, CLI_INPUT_BYTES_MAX);
    char *part = arena_alloc(cli->arena, PART);

    for (;;) {
        ssize_t got = recv(file, part, PART, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return lost();
        if (got == 0)
            break;
        buf_add(&out, (Str){ part, (size_t)got });
    }
    TRY(buf_check(&out));
    *ret = buf_str(&out);
    return OK;
}

/* "HTTP/1.1 200 OK", headers, body: our own server's answer, which names its length and then closes. */
static Err read_answer(Cli *cli, Str text, Answer *ret) {
    size_t end = str_find(text, S("\r\n\r\n"), 0);
    int64_t status;

    if (end == SIZE_MAX || !str_starts(text, S("HTTP/1.1 ")) ||
        !str_parse_int(str_slice(text, 9, 12), &status))
        return lost();
    *ret = (Answer){ .status = (int)status };
    Str body = str_slice(text, end + 4, text.len);
    if (body.len && json_read(cli->arena, body, JSON_READ_DEPTH, &ret->body).code != ERR_OK)
        ret->body = NULL;
    return OK;
}

static Err connect_local(Str path, int *ret) {
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (file < 0 || path.len >= sizeof address.sun_path) {
        close_file(&file);
        return FAIL(ERR_NOT_FOUND, NULL, N_("No server runs here."));
    }
    memcpy(address.sun_path, path.ptr, path.len);
    if (connect(file, (struct sockaddr *)&address, sizeof address) != 0) {
        close_file(&file);
        return FAIL(ERR_NOT_FOUND, NULL, N_("No server runs here."));
    }
    *ret = file;
    return OK;
}

static Err call_server(Cli *cli, int file, const Call *call, Str token, Answer *ret) {
    Str text;

    TRY(send_all(file, request_text(cli, call, token)));
    TRY(receive_all(cli, file, &text));
    return read_answer(cli, text, ret);
}

Err call_open(Cli *cli, Caller *ret) {
    CLEANUP(close_file) int file = -1;
    Folder folder;

    *ret = (Caller){ .cli = cli };
    TRY(read_token(cli, &ret->token));
    TRY(folder_path(cli, &ret->path));
    TRY(folder_open(cli->arena, ret->path, NULL, 0, &folder));
    ret->socket = folder.socket;
    if (connect_local(ret->socket, &file).code == ERR_OK)
        return OK;
    TRY(app_open(cli, ret->path, NULL, 0, true, &ret->app));
    return ret->token.len ? ret->app->http.hooks.bearer(&ret->app->ctx, ret->token) : OK;
}

void call_close(Caller *caller) {
    app_close_at(&caller->app);
    caller->app = NULL;
}

static Err ask_here(Caller *caller, const Call *call, Answer *ret) {
    HttpCall with = { call->method, call->path, call->body, call->content_type };
    Ctx ctx = caller->app->ctx; /* who asks stays the same whatever the request makes of it */
    Str body;

    ctx.now_ms = clock_now_ms(ctx.clock);
    TRY(http_call(&caller->app->http, &ctx, &with, &ret->status, &body));
    if (!body.len ||
        json_read(caller->cli->arena, body, JSON_READ_DEPTH, &ret->body).code != ERR_OK)
        ret->body = NULL;
    return OK;
}

Err call_ask(Caller *caller, const Call *call, Answer *ret) {
    CLEANUP(close_file) int file = -1;

    *ret = (Answer){ 0 };
    if (caller->app)
        return ask_here(caller, call, ret);
    if (connect_local(caller->socket, &file).code != ERR_OK)
        return lost();
    return call_server(caller->cli, file, call, caller->token, ret);
}

static unsigned lanes_here(void) {
    return ((1u << LANE_COUNT) - 1) & ~(1u << LANE_DELIVER);
}

static void pause_a_moment(void) {
    enum { MOMENT_NS = 200000000 };
    const struct timespec moment = { .tv_nsec = MOMENT_NS };

    (void)nanosleep(&moment, NULL); /* a signal ends it early, and may */
}

Err call_work(Caller *caller) {
    int64_t done = 0;

    if (caller->app) {
        Ctx ctx = caller->app->ctx;
        ctx.now_ms = clock_now_ms(ctx.clock);
        TRY(queue_run_one(&ctx, lanes_here(), &done));
    }
    if (done == 0)
        pause_a_moment();
    return OK;
}

Err call_end(Caller *caller) {
    int64_t done;

    if (!caller->app)
        return OK;
    TRY(queue_run_due(&caller->app->ctx, lanes_here(), &done));
    return app_sequence(caller->app);
}

Err call_route(Cli *cli, const Call *call, Answer *ret) {
    CLEANUP(call_close) Caller caller = { 0 };
    int64_t done;

    TRY(call_open(cli, &caller));
    TRY(call_ask(&caller, call, ret));
    /* Nobody waits for partners who does not ask them. */
    if (caller.app && str_starts(call->path, S("/admin/feeds")))
        TRY(queue_run_due(&caller.app->ctx, 1u << LANE_DELIVER, &done));
    return call_end(&caller);
}

Err call_check(Cli *cli, const Answer *answer) {
    static const struct {
        int status;
        ErrCode code;
    } codes[] = { { 400, ERR_INVALID },   { 401, ERR_UNAUTHENTICATED }, { 403, ERR_FORBIDDEN },
                  { 404, ERR_NOT_FOUND }, { 409, ERR_CONFLICT },        { 410, ERR_GONE },
                  { 412, ERR_CONFLICT },  { 413, ERR_LIMIT },           { 422, ERR_INVALID },
                  { 428, ERR_INVALID },   { 429, ERR_LIMIT },           { 503, ERR_BUSY } };
    ErrCode code = ERR_BUG;

    if (answer->status >= 200 && answer->status < 300)
        return OK;
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (codes[i].status == answer->status)
            code = codes[i].code;
    const Json *rule = json_get(answer->body, "rule");
    if (rule && rule->type == JSON_INT && rule->integer > 0)
        code = ERR_REFUSED;
    Str detail = json_get_text(answer->body, "detail"),
        field = json_get_text(answer->body, "field");
    Err err = FAIL_ARGS(code, NULL, N_("{0}"),
                        detail.len ? detail : str_from_int(cli->arena, answer->status));
    if (field.len)
        err.field = str_to_c(cli->arena, field);
    if (code == ERR_REFUSED)
        err.rule = (int)rule->integer;
    return err;
}

Str call_form(Cli *cli, const char *const *names, const Str *values, size_t count,
              const char *file_field, Str file_name, Str file_bytes, Str *ret_content_type) {
    unsigned char random[16];
    Buf out = buf_new(cli->arena, 0);

    chance_fill(chance_system(), random, sizeof random);
    Str mark = hex_encode(cli->arena, (Str){ (const char *)random, sizeof random });
    for (size_t i = 0; i < count; i++)
        buf_add_format(&out,
                       "--%.*s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%.*s\r\n",
                       STR_ARG(mark), names[i], STR_ARG(values[i]));
    Str plain = str_replace(cli->arena, file_name, S("\""), S("'"));
    buf_add_format(&out,
                   "--%.*s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%.*s\"\r\n"
                   "Content-Type: application/octet-stream\r\n\r\n",
                   STR_ARG(mark), file_field, STR_ARG(plain));
    buf_add(&out, file_bytes);
    buf_add_format(&out, "\r\n--%.*s--\r\n", STR_ARG(mark));
    *ret_content_type = str_format(cli->arena, "multipart/form-data; boundary=%.*s", STR_ARG(mark));
    return buf_str(&out);
}
