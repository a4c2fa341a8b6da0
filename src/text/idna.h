/*
 * text/idna.h - names of hosts in any letters, in the ASCII form that the domain name system knows.
 */
#ifndef TEXT_IDNA_H
#define TEXT_IDNA_H

#include "base/str.h"

/*
 * The name in lower-case ASCII by UTS 46 without transitional forms ("例子.测试" becomes "xn--
 * fsqu00a.xn--0zwm56d"). Letters that mean the same (full-width ones, circled digits) become plain
 * ones, so whoever judges a name or address judges what comes back. Which characters an ASCII name
 * may hold is not asked. *ret lives in arena; false (and *ret unchanged) when the name cannot be.
 * Pure.
 */
bool idna_to_ascii(Arena *arena, Str name, Str *ret);

#endif
