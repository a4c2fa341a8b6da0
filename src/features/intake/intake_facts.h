/* intake_facts.h - what a deposit is recognised by: addresses and hashes of texts; private to intake/. */
#ifndef FEATURES_INTAKE_INTAKE_FACTS_H
#define FEATURES_INTAKE_INTAKE_FACTS_H

#include "features/intake/intake.h"

/*
 * The form of a web address that is compared: without scheme, credentials, fragment, default port and parameters that
 * only say how a reader came (utm_*, ...), host in lower case, percent signs in one spelling. Empty for an address that tells no story from another (a
 * home page). ERR_INVALID, ERR_LIMIT with field "url": not http or https, with a name and password, too long.
 */
CHECKED Err intake_address(Arena *arena, Str url, Str *ret);

/* SHA-256, in hexadecimal, of text in NFC without white space; *ret_chars counts what was hashed; empty for none. */
CHECKED Err intake_text_hash(Arena *arena, Str text, Str *ret, int64_t *ret_chars);

/*
 * A deposit of what is known: checked, with address, guid, hash and keys; id, card, outlet and times are the caller's.
 * Everything lives in ctx->arena. ERR_INVALID, ERR_LIMIT with the field.
 */
CHECKED Err intake_read_facts(Ctx *ctx, const DepositFacts *facts, Deposit *ret);

#endif
