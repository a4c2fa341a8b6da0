/* http/cookie.c - reading the session cookie and writing it (RFC 6265bis). */
#include "http/cookie.h"

#include "http/message.h"

bool cookie_find(Str header, Str name, Str *ret) {
    Str part, found = STR_EMPTY;
    size_t count = 0;

    while (str_cut(&header, ';', &part)) {
        size_t equals = str_find_char(part, '=', 0);
        if (equals == SIZE_MAX || !str_eq(str_trim(str_slice(part, 0, equals)), name))
            continue;
        found = str_trim(str_slice(part, equals + 1, part.len));
        count++;
    }
    if (count != 1 || !http_is_token(found))
        return false;
    *ret = found;
    return true;
}

Str cookie_format(Arena *arena, Str name, Str value, bool is_secure, int64_t max_age_s) {
    return str_format(arena, "%.*s=%.*s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s",
                      STR_ARG(name), STR_ARG(value), (long long)max_age_s,
                      is_secure ? "; Secure" : "");
}
