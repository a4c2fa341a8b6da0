/* http/cookie.h - reading the session cookie and writing it (RFC 6265bis). */
#ifndef HTTP_COOKIE_H
#define HTTP_COOKIE_H

#include "base/str.h"

/*
 * The value of the cookie `name` in a Cookie header. False when it is absent, given more than once (then
 * someone may have planted one: neither counts), empty, or holds other than token characters. *ret borrows.
 */
bool cookie_find(Str header, Str name, Str *ret);

/*
 * A Set-Cookie value: Path=/, HttpOnly, SameSite=Lax, and Secure where is_secure. max_age_s 0 removes the
 * cookie. value is one of our tokens.
 */
Str cookie_format(Arena *arena, Str name, Str value, bool is_secure, int64_t max_age_s);

#endif
