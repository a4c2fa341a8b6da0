/* sec/compare.h - the one comparison of secrets: its time does not depend on what they hold. */
#ifndef SEC_COMPARE_H
#define SEC_COMPARE_H

#include "base/str.h"

/*
 * True when both hold the same bytes. Time depends on the lengths only, which are no secret.
 * Tokens, MACs, CSRF values and webhook signatures are compared by nothing else (security-checklist
 * 43).
 */
bool compare_secret(Str a, Str b);

#endif
