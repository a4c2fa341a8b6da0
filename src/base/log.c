/* base/log.c - one structured line per event on standard error. The lowest level is atomic. */
#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/utf8.h"

static _Atomic(int) lowest_level = LOG_INFO;

/* A line under construction. Not a Buf: a line is also written when there is no memory left. */
typedef struct Line {
    char text[LOG_LINE_BYTES];
    size_t len;
    bool is_cut;
} Line;

_Static_assert(LOG_LINE_BYTES <= PIPE_BUF, "a pipe must keep a line whole");

enum { TAIL_BYTES = 5 }; /* closing quote, "..." and the line's end always find room */

void log_set_level(LogLevel lowest) {
    atomic_store(&lowest_level, (int)lowest);
}

/* All of s or, once something did not fit, nothing more: never half a character or escape. */
static void put(Line *line, Str s) {
    if (line->is_cut || s.len > LOG_LINE_BYTES - TAIL_BYTES - line->len) {
        line->is_cut = true;
        return;
    }
    if (s.len > 0)
        memcpy(line->text + line->len, s.ptr, s.len);
    line->len += s.len;
}

static void put_hex(Line *line, Str bytes) {
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.ptr[i];
        char text[4] = { '\\', 'x', digits[byte >> 4], digits[byte & 15] };

        put(line, (Str){ text, sizeof text });
    }
}

/*
 * Characters that end a line somewhere, that no one sees, or that change the order of what follows.
 */
static bool is_unsafe(uint32_t rune) {
    return rune == UTF8_BAD || rune < 0x20 || (rune >= 0x7F && rune < 0xA0) ||
           (rune >= 0x200B && rune <= 0x200F) || (rune >= 0x2028 && rune <= 0x202E) ||
           (rune >= 0x2060 && rune <= 0x2069) || rune == 0x061C || rune == 0xFEFF;
}

static bool is_plain(Str value) {
    for (size_t at = 0; at < value.len;) {
        uint32_t rune = utf8_next(value, &at);

        if (is_unsafe(rune) || rune == ' ' || rune == '"' || rune == '\\' || rune == '=')
            return false;
    }
    return value.len > 0;
}

static void put_value(Line *line, Str value) {
    if (is_plain(value)) {
        put(line, value);
        return;
    }
    put(line, S("\""));
    for (size_t at = 0, from = 0; at < value.len && !line->is_cut; from = at) {
        uint32_t rune = utf8_next(value, &at);
        Str bytes = str_slice(value, from, at);

        if (rune == '\n')
            put(line, S("\\n"));
        else if (rune == '\r')
            put(line, S("\\r"));
        else if (rune == 0x1B)
            put(line, S("\\e"));
        else if (is_unsafe(rune))
            put_hex(line, bytes);
        else if (rune == '"' || rune == '\\')
            put(line, rune == '"' ? S("\\\"") : S("\\\\"));
        else
            put(line, bytes);
    }
    if (line->is_cut) /* room was kept for it; the cut itself shows at the line's end */
        line->text[line->len++] = '"';
    else
        put(line, S("\""));
}

static void put_field(Line *line, const char *name, Str value) {
    if (line->is_cut)
        return;
    put(line, S(" "));
    put(line, str_from_c(name));
    put(line, S("="));
    if (!line->is_cut)
        put_value(line, value);
}

/* Closes and writes the line; a log that cannot be written must not stop the work it tells of. */
static void finish(Line *line) {
    if (line->is_cut) {
        memcpy(line->text + line->len, "...", 3);
        line->len += 3;
    }
    line->text[line->len++] = '\n';
    while (write(STDERR_FILENO, line->text, line->len) < 0 && errno == EINTR)
        ;
}

static void start(Line *line, const Ctx *ctx, LogLevel level, const char *event) {
    static const char names[][6] = { "debug", "info", "warn", "error" };
    char at[CLOCK_TEXT_MAX];
    char request[17];

    line->len = 0;
    line->is_cut = false;
    clock_rfc3339(clock_now_ms(ctx && ctx->clock ? ctx->clock : clock_system()), at);
    put(line, str_from_c(at));
    put(line, S(" "));
    put(line, str_from_c(names[level]));
    put(line, S(" "));
    put_value(line, str_from_c(event));
    if (ctx && ctx->request_id != 0) {
        int len = snprintf(request, sizeof request, "%016llx", (unsigned long long)ctx->request_id);

        put_field(line, "request", (Str){ request, (size_t)len });
    }
}

void log_line(const Ctx *ctx, LogLevel level, const char *event, const LogField *fields,
              size_t count) {
    Line line;

    assert(level >= LOG_DEBUG && level <= LOG_ERROR);
    if ((int)level < atomic_load(&lowest_level))
        return;
    start(&line, ctx, level, event);
    for (size_t i = 0; i < count; i++)
        put_field(&line, fields[i].name, fields[i].value);
    finish(&line);
}

void log_err(const Ctx *ctx, const char *event, Err err) {
    char rule[12];
    LogField fields[5] = { { "code", str_from_c(err_name(err.code)) },
                           { "where", str_from_c(err.where) } };
    size_t count = 2;

    if (err.field)
        fields[count++] = (LogField){ "field", str_from_c(err.field) };
    if (err.rule != 0) {
        int len = snprintf(rule, sizeof rule, "%d", err.rule);

        fields[count++] = (LogField){ "rule", { rule, (size_t)len } };
    }
    if (err.retry)
        fields[count++] = (LogField){ "retry", S("1") };
    log_line(ctx, err.code == ERR_BUG || err.code == ERR_IO ? LOG_ERROR : LOG_WARN, event, fields,
             count);
}

void log_fatal(const char *what, const char *detail) {
    Line line;

    start(&line, NULL, LOG_ERROR, "fatal");
    put_field(&line, "what", str_from_c(what));
    put_field(&line, "detail", str_from_c(detail));
    finish(&line);
    _exit(70); /* not exit(): handlers of ours and of libraries must not run on a broken state */
}
