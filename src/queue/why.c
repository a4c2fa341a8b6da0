/* queue/why.c - why something failed, as one text of a row. */
#include "queue/why.h"

#include "base/buf.h"
#include "base/utf8.h"

enum { WHY_CHARS_MAX = 200 };

Str why_write(Ctx *ctx, Err outcome) {
    Buf out = buf_new(ctx->arena, 0);

    buf_add(&out, str_from_c(outcome.msgid ? outcome.msgid : ""));
    for (size_t i = 0; i < COUNT_OF(outcome.args); i++) {
        Str arg = outcome.args[i];
        size_t end = str_find_char(arg, '\n', 0);
        arg = str_slice(arg, 0, end < arg.len ? end : arg.len);
        buf_add_char(&out, '\n');
        buf_add(&out, str_slice(arg, 0, utf8_offset(arg, WHY_CHARS_MAX)));
    }
    return buf_str(&out);
}

static Str take_line(Str *rest) {
    size_t end = str_find_char(*rest, '\n', 0);
    Str line = str_slice(*rest, 0, end < rest->len ? end : rest->len);

    *rest = str_slice(*rest, end < rest->len ? end + 1 : rest->len, rest->len);
    return line;
}

Str why_read(Str text, Str ret_args[2]) {
    Str sentence = take_line(&text);

    ret_args[0] = take_line(&text);
    ret_args[1] = take_line(&text);
    return sentence;
}
