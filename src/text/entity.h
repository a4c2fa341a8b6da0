/* text/entity.h - the names of HTML character references. */
#ifndef TEXT_ENTITY_H
#define TEXT_ENTITY_H

#include "base/str.h"

enum {
    ENTITY_NAME_MAX = 32 /* bytes of the longest name, without & and ; */
};

/* The text that &name; stands for (HTML5, 13.5), static; the name is without & and ;. False when unknown. */
bool entity_find(Str name, Str *ret_text);

/*
 * The code point that &#number; stands for (HTML5, 13.2.5.80): the windows-1252 letters for 128..159,
 * U+FFFD for 0, surrogates and what is beyond Unicode.
 */
uint32_t entity_number(uint32_t number);

#endif
