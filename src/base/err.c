/* base/err.c - what an error means outside: exit status, HTTP status, word. */
#include "base/err.h"

int err_exit_status(Err err) {
    switch (err.code) {
    case ERR_OK:
        return 0;
    case ERR_INVALID:
    case ERR_UNAUTHENTICATED:
    case ERR_FORBIDDEN:
    case ERR_REFUSED:
    case ERR_NOT_FOUND:
    case ERR_GONE:
    case ERR_CONFLICT:
        return 2;
    case ERR_LIMIT:
        return 3;
    case ERR_BUSY:
    case ERR_IO:
        return 4;
    case ERR_BUG:
        break;
    }
    return 70;
}

int err_http_status(Err err) {
    switch (err.code) {
    case ERR_OK:
        return 200;
    case ERR_INVALID:
        return err.field ? 422 : 400;
    case ERR_UNAUTHENTICATED:
        return 401;
    case ERR_FORBIDDEN:
    case ERR_REFUSED:
        return 403;
    case ERR_NOT_FOUND:
        return 404;
    case ERR_GONE:
        return 410;
    case ERR_CONFLICT:
        return 409;
    case ERR_LIMIT:
        if (!err.field)
            return 413;
        return str_eq(str_from_c(err.field), S("@rate")) ? 429 : 422;
    case ERR_BUSY:
    case ERR_IO:
        return 503;
    case ERR_BUG:
        break;
    }
    return 500;
}

const char *err_name(ErrCode code) {
    switch (code) {
    case ERR_OK:
        return "ok";
    case ERR_INVALID:
        return "invalid";
    case ERR_UNAUTHENTICATED:
        return "unauthenticated";
    case ERR_FORBIDDEN:
        return "forbidden";
    case ERR_REFUSED:
        return "refused";
    case ERR_NOT_FOUND:
        return "not-found";
    case ERR_GONE:
        return "gone";
    case ERR_CONFLICT:
        return "conflict";
    case ERR_LIMIT:
        return "limit";
    case ERR_BUSY:
        return "busy";
    case ERR_IO:
        return "io";
    case ERR_BUG:
        break;
    }
    return "bug";
}
