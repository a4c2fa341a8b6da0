/* base/log.h - one structured line per event on standard error. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/ctx.h"

typedef enum LogLevel { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR } LogLevel;

enum { LOG_LINE_BYTES = 4096 }; /* PIPE_BUF: larger writes of several processes may mix */

typedef struct LogField {
    const char *name;
    Str value;
} LogField;

void log_set_level(LogLevel lowest);

/*
 * Writes `time level event name=value ...` in one write(2). Values with blanks, quotes or controls
 * are quoted with \n \r \e \xNN escapes, so no value can forge a line. Never give it tokens,
 * passwords, client addresses or draft texts (security-checklist 60, 61). ctx may be NULL. A line
 * has at most LOG_LINE_BYTES with its end, so that a pipe keeps it whole; a longer one is cut and
 * ends with "...".
 */
void log_line(const Ctx *ctx, LogLevel level, const char *event, const LogField *fields,
              size_t count);
#define LOG_FIELDS(...)                                                                            \
    (const LogField[]){ __VA_ARGS__ }, sizeof((const LogField[]){ __VA_ARGS__ }) / sizeof(LogField)
/* The error with its code, place, field and request; what a person sees is not repeated. */
void log_err(const Ctx *ctx, const char *event, Err err);
/* For mistakes of ours and lost memory: one line, then exit status 70. */
NORETURN void log_fatal(const char *what, const char *detail);

#endif
